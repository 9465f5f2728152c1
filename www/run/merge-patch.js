// JSON Merge Patch (RFC 7396): what turns one configuration into another.

/** @typedef {{ [key: string]: unknown }} Json */

/**
 * The patch that turns `from` into `to`; undefined if there is nothing to change.
 * @param {unknown} from
 * @param {unknown} to
 * @returns {unknown}
 */
export function mergePatch(from, to) {
  if (!isObject(from) || !isObject(to)) return same(from, to) ? undefined : to;
  /** @type {Json} */
  const patch = {};
  for (const key of Object.keys(from)) {
    if (!(key in to)) patch[key] = null;
  }
  for (const [key, value] of Object.entries(to)) {
    const change = key in from ? mergePatch(from[key], value) : value;
    if (change !== undefined) patch[key] = change;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** @param {unknown} value @returns {value is Json} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} one @param {unknown} other */
function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
