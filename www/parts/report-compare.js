// A sheet of the report beside the same sheet of another run.

import { change, written } from "./measured.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("./measured.js").Measured} Measured */
/** @typedef {import("./report-rows.js").Figure} Figure */
/** @typedef {import("./report-rows.js").Line} Line */
/** @typedef {import("./report-rows.js").Sheet} Sheet */
/** @typedef {import("./table.js").Cell} Cell */
/** @typedef {import("./table.js").Column} Column */
/** @typedef {import("./table.js").Row} Row */
/** @typedef {{ columns: Column[], rows: Row[] }} Written */

/** A sheet in words, alone. @param {Sheet} sheet @param {Texts} texts @returns {Written} */
export function alone({ columns, rows }, texts) {
  return { columns, rows: rows.map((row) => ({ ...row, cells: row.cells.map((figure) => words(figure, texts)) })) };
}

/**
 * A sheet in words, with what each figure was in another run and what has changed since: in columns of their own where
 * there is one figure a row, else under each figure.
 * @param {Sheet} sheet
 * @param {Sheet | undefined} former
 * @param {Texts} texts
 * @param {boolean} sameLength whether both runs have come equally far; else more of a count is neither good nor bad
 * @returns {Written}
 */
export function compared(sheet, former, texts, sameLength) {
  const before = keyed(former?.rows ?? []);
  const now = keyed(sheet.rows);
  if (sheet.sparse) {
    // Who is left out has nothing: that too can be compared.
    for (const [key, row] of before) if (!now.has(key)) now.set(key, { ...row, cells: row.cells.map(nothing) });
    for (const [key, row] of now) if (!before.has(key)) before.set(key, { ...row, cells: row.cells.map(nothing) });
  }
  const single = sheet.columns.length === 2;
  const rows = [...now].map(([key, row]) => {
    const cells = row.cells.map((figure, at) => {
      const judged = typeof figure === "string" || sameLength || figure.as !== "integer";
      return cell(judged ? figure : { ...figure, better: undefined }, before.get(key)?.cells[at], texts, !single);
    });
    return { ...row, cells: single ? cells.flatMap((one) => [one.text, one.former ?? one.text, { text: "", change: one.change }]) : cells };
  });
  const more = ["baseline", "difference"].map((id) => ({ id, text: texts.named("column", id) }));
  return { columns: single ? [...sheet.columns, ...more] : sheet.columns, rows };
}

/**
 * @param {Figure} figure
 * @param {Figure | undefined} former
 * @param {Texts} texts
 * @param {boolean} brief
 * @returns {import("./table.js").Compared}
 */
function cell(figure, former, texts, brief) {
  if (typeof figure === "string" || typeof former !== "object") return { text: words(figure, texts) };
  const changed = change(figure, former, texts, brief);
  // Nothing beside nothing says nothing.
  const isKnown = changed !== undefined || former.value !== figure.value;
  return { text: words(figure, texts), former: isKnown ? words(former, texts) : undefined, change: changed };
}

/** @param {Figure} figure @param {Texts} texts */
function words(figure, texts) {
  return typeof figure === "string" ? figure : written(figure, texts);
}

/** @param {Figure} figure @returns {Figure} */
function nothing(figure) {
  return typeof figure === "string" ? figure : { ...figure, value: 0 };
}

/** Rows by name: inner ones by the name of the row that they are part of, too. @param {Line[]} rows */
function keyed(rows) {
  let outer = "";
  /** @type {Map<string, Line>} */
  const found = new Map();
  for (const row of rows) {
    if (!row.inner) outer = row.name;
    found.set(JSON.stringify(row.inner ? [outer, row.name] : [row.name]), row);
  }
  return found;
}
