// A configuration, its seed, what is looked at and what is compared with, as the fragment of an address: "1." and JSON, compressed (raw
// deflate) and written with the letters that an address allows (base64url). Nothing in it is trusted.

import { isObject } from "./json.js";
import { linkView } from "./link-view.js";
import { MAX_CONFIG_BYTES, readAll, ReadError } from "./limits.js";

/** @typedef {import("../web-service-model.js").Config} Config */

/** @typedef {import("./link-view.js").LinkView} LinkView */

/**
 * A run that the present one is compared with: what it ran, its seed included, and how far it had come, in simulated
 * seconds. Whoever opens the link runs it once more.
 * @typedef {{ config: Config, until: number }} LinkBaseline
 */

/** @typedef {{ config: Config, view: LinkView, baseline?: LinkBaseline }} LinkContent */

/** The format that is written. Whoever changes its meaning counts it up, and reads the older ones as well. */
const VERSION = 1;
/** No link that is written is longer; a browser takes two million characters. */
const MAX_LINK = 400_000;
const METHOD = "deflate-raw";

/**
 * The fragment, without "#".
 * @param {LinkContent} content
 */
export async function encodeLink(content) {
  const bytes = new TextEncoder().encode(JSON.stringify(content));
  if (bytes.length > MAX_CONFIG_BYTES) throw tooLarge();
  const fragment = `${VERSION}.${base64url(await readAll(through(bytes, new CompressionStream(METHOD)), Infinity, tooLarge))}`;
  if (fragment.length > MAX_LINK) throw tooLarge();
  return fragment;
}

/** Whether a fragment claims to be a link of ours, and is not the name of a place in the page. @param {string} fragment */
export function isLink(fragment) {
  return /^#?\d+\./.test(fragment);
}

/**
 * What a fragment holds. Throws a `ReadError`: "link.version", "link.too_large" or "link.damaged". Whether the
 * configuration is a good one is for the simulator to say.
 * @param {string} fragment with or without "#"
 * @returns {Promise<LinkContent>}
 */
export async function decodeLink(fragment) {
  const [, version, text] = /^#?(\d+)\.(.*)$/s.exec(fragment) ?? [];
  if (version === undefined) throw damaged("it has no version");
  if (version !== String(VERSION)) throw new ReadError("link.version", `format ${version.slice(0, 9)}; this page reads ${VERSION}`);
  if (fragment.length > MAX_LINK) throw tooLarge();
  const bytes = await inflate(fromBase64url(text));
  try {
    return checked(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch (problem) {
    throw problem instanceof ReadError ? problem : damaged(/** @type {Error} */ (problem).message);
  }
}

/** @param {unknown} content @returns {LinkContent} */
function checked(content) {
  if (!isObject(content) || !isObject(content.config)) throw damaged("it holds no configuration");
  /** @type {LinkContent} */
  const checked = { config: /** @type {Config} */ (content.config), view: linkView(content.view) };
  const baseline = baselineOf(content.baseline);
  return baseline ? { ...checked, baseline } : checked;
}

/** @param {unknown} value @returns {LinkBaseline | undefined} */
function baselineOf(value) {
  if (!isObject(value) || !isObject(value.config)) return undefined;
  const { config, until } = value;
  return typeof until === "number" && until > 0 ? { config: /** @type {Config} */ (config), until } : undefined;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function inflate(bytes) {
  try {
    return await readAll(through(bytes, new DecompressionStream(METHOD)), MAX_CONFIG_BYTES, tooLarge);
  } catch (problem) {
    throw problem instanceof ReadError ? problem : damaged(/** @type {Error} */ (problem).message);
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} transform
 * @returns {ReadableStream<Uint8Array>}
 */
function through(bytes, transform) {
  return new Blob([bytes]).stream().pipeThrough(/** @type {ReadableWritablePair<any, any>} */ (transform));
}

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  // In pieces, because a function takes only so many arguments.
  let binary = "";
  for (let at = 0; at < bytes.length; at += 4096) binary += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} text */
function fromBase64url(text) {
  if (!/^[\w-]+$/.test(text)) throw damaged("it has characters that no link has");
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  } catch {
    throw damaged("a part of it is missing");
  }
}

/** @param {string} reason */
function damaged(reason) {
  return new ReadError("link.damaged", `the link cannot be read: ${reason}`);
}

function tooLarge() {
  return new ReadError("link.too_large", `more than ${MAX_CONFIG_BYTES / 1024} KB, or a link of more than ${MAX_LINK} characters`);
}
