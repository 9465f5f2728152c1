/**
 * JSON text of a value. A number that JSON does not know stands in it as a string, so that whoever reads it can say
 * "NaN" instead of complaining of a null that nobody wrote. A getter may throw anything; what comes out of here is an
 * `Error`.
 *
 * @param {unknown} value
 * @returns {string | undefined}
 */
export function toJson(value) {
  try {
    return JSON.stringify(value, (_, part) => (typeof part === "number" && !Number.isFinite(part) ? String(part) : part));
  } catch (error) {
    throw error instanceof Error ? error : new Error(String(error));
  }
}
