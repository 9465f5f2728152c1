// Files for the reader to keep.

import { h } from "./dom.js";

/** How long the browser has to read the file, in milliseconds. */
const KEPT_MS = 10_000;

/**
 * Offers a file for download.
 * @param {string} name
 * @param {string} type its media type
 * @param {BlobPart} content
 */
export function download(name, type, content) {
  const href = URL.createObjectURL(new Blob([content], { type }));
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}
