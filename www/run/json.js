// JSON that comes from outside.

/** What a text says. Some programs begin a text with a byte order mark, which nobody sees and which is no JSON. @param {string} text */
export function parseJson(text) {
  return JSON.parse(text.replace(/^\uFEFF/, ""));
}
