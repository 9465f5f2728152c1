// The check of the simulator against theory: which rows there are, which are being checked, and what was found.

import { Checks } from "./checks.js";

/** @typedef {import("./engine.js").Engine} Engine */
/** @typedef {import("../web-service-model.js").ValidationRows} ValidationRows */
/** @typedef {import("../web-service-model.js").ValidationFinding} Finding */
/** @typedef {import("./checks.js").RowState<Finding>} RowState */

/** @extends {Checks<ValidationRows, Finding>} */
export class Validation extends Checks {
  /** @param {Engine} engine */
  constructor(engine) {
    super(engine.validationRows(), (row, { seed, broken }) => ({ kind: "check", row, seed, broken }));
  }

  /** How many rows are done, how many of them fail, and how many of their claims missed at first and were looked at again. */
  get tally() {
    const done = this.finished.map(([, state]) => state);
    const missed = done.flatMap(({ findings }) => findings).filter((finding) => finding.missed !== null);
    return { done: done.length, failed: done.filter(fails).length, missed: missed.length, rows: this.list.rows.length };
  }
}

/** @param {RowState} state */
export function fails({ findings }) {
  return findings.some(({ verdict }) => verdict !== "pass");
}
