// What comes from outside (links, files, drafts, messages) is read within limits, and refused in words.

/** The longest configuration that is read, as JSON text: far beyond any that was written by hand. */
export const MAX_CONFIG_BYTES = 1024 * 1024;

/** Something that could not be read. Its code is a key of the texts, below "error.". */
export class ReadError extends Error {
  /**
   * @param {import("./limits.js").ReadProblem} code
   * @param {string} message in English, for scripts
   * @param {import("../web-service-model.js").ConfigError[]} errors of a configuration
   */
  constructor(code, message, errors = []) {
    super(message);
    this.code = code;
    this.errors = errors;
  }
}

/**
 * @typedef {"link.version" | "link.too_large" | "link.damaged" | "file.count" | "file.type" | "file.too_large"
 *   | "file.unreadable" | "file.not_json" | "file.nothing" | "file.config"} ReadProblem
 */

/**
 * Reads a stream and stops at the limit: a few bytes can be inflated to gigabytes, and a server can send without end.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {number} limit in bytes
 * @param {() => Error} refusal
 */
export async function readAll(stream, limit, refusal) {
  const reader = stream.getReader();
  const chunks = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      reader.cancel().catch(() => {});
      throw refusal();
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
