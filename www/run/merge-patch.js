// JSON Merge Patch (RFC 7396): what turns one configuration into another.

import { isObject, same } from "./json.js";

/** @typedef {{ [key: string]: unknown }} Json */

/**
 * The patch that turns `from` into `to`; undefined if there is nothing to change.
 * @param {unknown} from
 * @param {unknown} to
 * @returns {unknown}
 */
export function mergePatch(from, to) {
  if (!isObject(from) || !isObject(to)) return same(from, to) ? undefined : to;
  /** @type {[string, unknown][]} */
  const gone = Object.keys(from).filter((key) => !Object.hasOwn(to, key)).map((key) => [key, null]);
  const changed = Object.entries(to)
    .map(([key, value]) => [key, Object.hasOwn(from, key) ? mergePatch(from[key], value) : value])
    .filter(([, change]) => change !== undefined);
  // fromEntries and not assignments: a component may be called __proto__.
  return gone.length + changed.length > 0 ? Object.fromEntries([...gone, ...changed]) : undefined;
}

/**
 * What a patch makes of a value.
 * @param {unknown} value
 * @param {unknown} patch
 * @returns {unknown}
 */
export function applyMergePatch(value, patch) {
  if (!isObject(patch)) return patch;
  const fields = new Map(Object.entries(isObject(value) ? value : {}));
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) fields.delete(key);
    else fields.set(key, applyMergePatch(fields.get(key), change));
  }
  return Object.fromEntries(fields);
}

/** How many values a patch changes. @param {unknown} patch @returns {number} */
export function countChanges(patch) {
  if (patch === undefined) return 0;
  if (!isObject(patch)) return 1;
  return Object.values(patch).reduce((/** @type {number} */ sum, change) => sum + countChanges(change), 0) || 1;
}
