// The check of the simulator against what real products did: which rows there are, which are being checked, and what was found.

import { Checks } from "./checks.js";

/** @typedef {import("./engine.js").Engine} Engine */
/** @typedef {import("../web-service-model.js").RealityRows} RealityRows */
/** @typedef {import("../web-service-model.js").RealityRow} Row */
/** @typedef {import("../web-service-model.js").RealityFinding} Finding */
/** @typedef {import("./checks.js").RowState<Finding>} RowState */

/** @extends {Checks<RealityRows, Finding>} */
export class Reality extends Checks {
  /** @param {Engine} engine */
  constructor(engine) {
    super(engine.realityRows(), (row, { seed }) => ({ kind: "reality", row, seed }));
  }

  /** How many rows and figures are done, how many of the figures do not hold, and of how many of those it is known why. */
  get tally() {
    const rows = new Map(this.list.rows.map((row) => [row.id, row]));
    const done = this.finished.map(([id, { findings }]) => ({ row: /** @type {Row} */ (rows.get(id)), findings }));
    const verdicts = done.flatMap(({ row, findings }) => findings.map((finding, index) => standing(row, index, finding)));
    const count = (/** @type {Standing} */ wanted) => verdicts.filter((verdict) => verdict === wanted).length;
    return { done: done.length, rows: rows.size, figures: verdicts.length, failed: count("off"), known: count("known") };
  }
}

/** @typedef {"holds" | "known" | "off"} Standing */

/** What a verdict means for a figure of a row. @param {Row} row @param {number} index @param {Finding} finding @returns {Standing} */
export function standing({ claims }, index, { verdict }) {
  if (verdict === "holds") return "holds";
  return verdict === "off" && claims[index].known !== null ? "known" : "off";
}
