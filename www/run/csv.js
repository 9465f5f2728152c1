// Tables as CSV (RFC 4180).

/**
 * @param {(string | number | null)[][]} rows
 * @returns {string}
 */
export function toCsv(rows) {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** @param {string | number | null} value */
function cell(value) {
  if (value === null || Number.isNaN(value)) return "";
  if (typeof value === "number") return String(value);
  // A spreadsheet would take a name that begins like this for a formula.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
