// What comes from outside (links, files, drafts, messages) is read within limits, and refused in words.

/** The longest configuration that is read, as JSON text: far beyond any that was written by hand. */
export const MAX_CONFIG_BYTES = 1024 * 1024;

/** Something that could not be read. Its code is a key of the texts, below "error.". */
export class ReadError extends Error {
  /**
   * @param {import("./limits.js").ReadProblem} code
   * @param {string} message in English, for scripts
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * @typedef {"link.version" | "link.too_large" | "link.damaged" | "file.count" | "file.type" | "file.too_large"
 *   | "file.unreadable" | "file.not_json"} ReadProblem
 */

/** @param {unknown} value @returns {value is { [key: string]: unknown }} */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
