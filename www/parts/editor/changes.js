// Where two configurations differ.

import { isObject } from "../../run/json.js";
import { mergePatch } from "../../run/merge-patch.js";

/** @typedef {import("./path.js").Path} Path */

/** The first part in which they do. @param {unknown} from @param {unknown} to @returns {Path | undefined} */
export function firstChange(from, to) {
  let patch = mergePatch(from, to);
  /** @type {string[]} */
  const path = [];
  while (isObject(patch) && path.length < 2) {
    const [key] = Object.keys(patch);
    if (key === undefined) break;
    path.push(key);
    patch = patch[key];
  }
  return path.length > 0 ? path : undefined;
}
