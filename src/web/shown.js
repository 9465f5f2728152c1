const CHARS_MAX = 60;

/**
 * A value of any kind, so that an error can show it: it is not asked for a text of its own, which might throw.
 *
 * @param {unknown} value
 * @returns {string}
 */
export function shown(value) {
  if (typeof value === "string") {
    const text = JSON.stringify(value);
    return text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX)}…` : text;
  }
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return String(value);
  try {
    return Object.prototype.toString.call(value);
  } catch {
    return "an object";
  }
}
