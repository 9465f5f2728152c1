// A figure of the report: a number, how it is written, and whether more of it is good.

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("./table.js").Change} Change */
/** @typedef {"integer" | "decimal" | "percent" | "span"} Notation */
/** @typedef {"more" | "less"} Better */

/**
 * @typedef {object} Measured
 * @property {number | null | undefined} value
 * @property {Notation} as
 * @property {Better} [better] nothing where neither is
 * @property {boolean} [atMost] it is not known more exactly than "so many at the most"
 */

/** @param {number | null | undefined} value @param {Better} [better] @returns {Measured} */
export const count = (value, better) => ({ value, as: "integer", better });
/** @param {number | null | undefined} value @param {Better} [better] @returns {Measured} */
export const decimal = (value, better) => ({ value, as: "decimal", better });
/** @param {number | null | undefined} value @param {Better} [better] @returns {Measured} */
export const share = (value, better) => ({ value, as: "percent", better });
/** A span of time. Shorter is better, as a rule. @param {number | null | undefined} value @param {Better} [better] @returns {Measured} */
export const span = (value, better = "less") => ({ value, as: "span", better });

/** @param {Measured} measured @param {Texts} texts */
export function written({ value, as, atMost }, texts) {
  const text = as === "integer" && !isNumber(value) ? texts.decimal(null) : texts[as](/** @type {number} */ (value));
  return atMost && isNumber(value) && value > 0 ? `≤\u00a0${text}` : text;
}

/**
 * What has changed since another run; undefined where there is nothing to compare.
 * @param {Measured} now
 * @param {Measured} former
 * @param {Texts} texts
 * @param {boolean} [brief] as short as can be
 * @returns {Change | undefined}
 */
export function change(now, former, texts, brief = false) {
  if (!isNumber(now.value) || !isNumber(former.value)) return undefined;
  const growth = now.value - former.value;
  // A difference that the figures do not show would only puzzle.
  if (growth === 0 || written(now, texts) === written(former, texts)) {
    return { trend: "same", text: brief ? "=" : texts.text("compare.same") };
  }
  const trend = now.better ? ((growth > 0) === (now.better === "more") ? "better" : "worse") : "other";
  const words = [growth > 0 ? "▲" : "▼", difference(now, growth, former.value, texts, brief)];
  if (trend !== "other") words.push(texts.text(`compare.${trend}`));
  return { trend, text: words.join(" ") };
}

/** @param {Measured} now @param {number} growth @param {number} former @param {Texts} texts @param {boolean} brief */
function difference(now, growth, former, texts, brief) {
  const sign = growth > 0 ? "+" : "\u2212";
  const size = Math.abs(growth);
  // A percentage of percentages would be misread.
  if (now.as === "percent") return `${sign}${texts.text("compare.points", { points: texts.decimal(size * 100, 1) })}`;
  const absolute = `${sign}${written({ value: size, as: now.as }, texts)}`;
  if (former <= 0) return absolute;
  const relative = `${sign}${texts.percent(size / former)}`;
  return brief ? relative : `${absolute} (${relative})`;
}

/** @param {unknown} value @returns {value is number} */
function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}
