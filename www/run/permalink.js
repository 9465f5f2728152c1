// A configuration, its seed and what is looked at, as the fragment of an address: "1." and JSON, compressed (raw
// deflate) and written with the letters that an address allows (base64url). Nothing in it is trusted.

import { isObject, MAX_CONFIG_BYTES, readAll, ReadError } from "./limits.js";

/** @typedef {import("../web-service-model.js").Config} Config */

/**
 * What is looked at. A link may lack any of it.
 * @typedef {object} LinkView
 * @property {string} [view] the attribute `view`
 * @property {string} [tab] the tab that is open
 * @property {string} [select] the component that is chosen
 * @property {number} [speed] simulated seconds per second; 0 stands for as fast as possible
 * @property {[number, number]} [zoom] part of the time axis, in simulated seconds
 */

/** @typedef {{ config: Config, view: LinkView }} LinkContent */

/** The format that is written. Whoever changes its meaning counts it up, and reads the older ones as well. */
const VERSION = 1;
/** No link that is written is longer; a browser takes two million characters. */
const MAX_LINK = 400_000;
/** A name in the view that is longer is none of ours. */
const MAX_NAME = 200;
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
  const view = isObject(content.view) ? content.view : {};
  return {
    config: /** @type {Config} */ (content.config),
    view: { view: name(view.view), tab: name(view.tab), select: name(view.select), speed: speed(view.speed), zoom: zoom(view.zoom) },
  };
}

/** @param {unknown} value */
function name(value) {
  return typeof value === "string" && value.length <= MAX_NAME ? value : undefined;
}

/** @param {unknown} value */
function speed(value) {
  return typeof value === "number" && value >= 0 ? value : undefined;
}

/** @param {unknown} value @returns {[number, number] | undefined} */
function zoom(value) {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [from, to] = value;
  return typeof from === "number" && typeof to === "number" && from >= 0 && from < to ? [from, to] : undefined;
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
