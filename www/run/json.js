// JSON that may hold anything: it comes from outside, or from a draft.

/** What a text says. Some programs begin a text with a byte order mark, which nobody sees and which is no JSON. @param {string} text */
export function parseJson(text) {
  return JSON.parse(text.replace(/^\uFEFF/, ""));
}

/** @param {unknown} value @returns {value is { [key: string]: unknown }} */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list; what is none is an empty one. @param {unknown} value @returns {unknown[]} */
export function listIn(value) {
  return Array.isArray(value) ? value : [];
}

/** Whether two values are the same JSON. @param {unknown} one @param {unknown} other */
export function same(one, other) {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
