// Comma-separated values, as RFC 4180 describes them, safe to open in a spreadsheet.

/** @typedef {string | number | null | undefined} Cell nothing, and what is no number, stays empty */

/** A spreadsheet takes a text that begins with one of these for a formula, and would run it. */
const FORMULA = /^[=+\-@\t\r]/;
/** What a cell with one of these in it must be quoted for. */
const SPECIAL = /[",\r\n]/;

/**
 * A table as a file. The first row holds the names of the columns.
 * @param {Cell[][]} rows
 */
export function toCsv(rows) {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** @param {Cell} value */
function cell(value) {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  if (!value) return "";
  // The apostrophe is what spreadsheets themselves write before a text that only looks like a formula.
  const text = FORMULA.test(value) ? `'${value}` : value;
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
