// The table of the rows of theory: what it says, what the simulation says, and whether they agree.

import { h, write } from "../dom.js";
import { icon } from "../icon.js";
import { fails } from "../../run/validation.js";
import { CheckTable } from "./check-table.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/validation.js").Validation} Validation */
/** @typedef {import("../../run/validation.js").Finding} Finding */
/** @typedef {import("../../web-service-model.js").ValidationRow} Row */
/** @typedef {{ mean: HTMLElement, interval: HTMLElement, verdict: HTMLElement, shown: string }} ClaimPlace */
/** @typedef {{ body: HTMLElement, title: HTMLElement, state: HTMLElement, again: HTMLButtonElement, claims: ClaimPlace[] }} Place */

const COLUMNS = /** @type {const} */ (["figure", "theory", "mean", "interval", "verdict"]);

/** @extends {CheckTable<Validation, Place>} */
export class RowTable extends CheckTable {
  /** @param {Texts} texts @param {(id: string) => void} again checks a row once more */
  constructor(texts, again) {
    super(texts, again, { id: "validate-table", title: "validate.table", class: "table validate-table" });
  }

  columns() {
    return COLUMNS.map((name) => ({ name, text: this.texts.text(`validate.column.${name}`) }));
  }

  /** @param {Validation} validation */
  bodies({ list }) {
    return list.rows.map((row) => this.#build(row));
  }

  /** @param {Row} row */
  #build({ id, title, claims }) {
    const texts = this.texts;
    const name = texts.known("theory", id, title);
    const again = this.againButton(id, name);
    const state = h("span", { class: "validate-state" });
    const heading = h("th", { scope: "rowgroup", colspan: 4 }, h("span", { class: "validate-name" }, name), " ", state);
    /** @type {ClaimPlace[]} */
    const places = [];
    const lines = claims.map((claim) => {
      const [mean, interval] = [h("td", { class: "number" }), h("td", { class: "number" })];
      const verdict = h("td", { class: "words verdict" });
      places.push({ mean, interval, verdict, shown: "" });
      const theory = h("td", { class: "number" }, figure(claim.theory, texts));
      return h("tr", {}, h("th", { scope: "row", class: "inner" }, texts.known("claim", claim.name)), theory, mean, interval, verdict);
    });
    const body = h("tbody", { "data-row": id }, h("tr", { class: "validate-row" }, heading, h("td", { class: "words" }, again)), ...lines);
    this.places.set(id, { body, title: heading, state, again, claims: places });
    return body;
  }

  /** @param {string} id */
  write(id) {
    const place = this.places.get(id);
    const state = this.checks?.state(id);
    if (!place || !state || !this.checks) return;
    const done = state.stage === "done";
    place.body.dataset.verdict = done ? (fails(state) ? "off" : "pass") : state.stage;
    write(place.state, this.#stage(state));
    place.again.disabled = this.checks.isRunning;
    for (const [index, claim] of place.claims.entries()) this.#writeClaim(claim, state.findings[index], done);
  }

  /** @param {import("../../run/validation.js").RowState} state */
  #stage({ stage, done, second }) {
    const texts = this.texts;
    if (stage === "done") return "";
    if (stage !== "running") return texts.text(`validate.state.${stage}`);
    return second ? texts.text("validate.state.second", { share: texts.percent(done) }) : texts.percent(done);
  }

  /** @param {ClaimPlace} place @param {Finding | undefined} finding @param {boolean} done */
  #writeClaim(place, finding, done) {
    const texts = this.texts;
    const { mean, half_width: half } = finding ?? { mean: null, half_width: null };
    write(place.mean, figure(mean, texts));
    write(place.interval, mean === null || half === null ? "–" : `±\u00a0${figure(half, texts)}`);
    // Before the end an interval is wide and says nothing.
    const words = finding && done ? this.#verdict(finding) : "";
    if (words === place.shown) return;
    place.shown = words;
    if (!finding || words === "") return place.verdict.replaceChildren();
    const passes = finding.verdict === "pass";
    const verdict = h("span", { class: passes ? "good" : "bad" }, icon(passes ? "up" : "alert"), words);
    place.verdict.replaceChildren(verdict, ...(finding.missed ? [" ", h("span", { class: "note" }, this.#missed(finding.missed))] : []));
  }

  /** What the first replications said. @param {NonNullable<Finding["missed"]>} missed */
  #missed({ mean, half_width: half }) {
    const texts = this.texts;
    return texts.text("validate.missed", { first: `${figure(mean, texts)}\u00a0±\u00a0${figure(half, texts)}` });
  }

  /** @param {Finding} finding */
  #verdict({ verdict, mean, theory }) {
    const texts = this.texts;
    if (verdict === "pass") return texts.text("validate.verdict.pass");
    if (mean === null) return texts.text("validate.verdict.no_value");
    if (verdict === "too wide") return texts.text("validate.verdict.too_wide");
    const off = mean - theory;
    const size = theory === 0 ? figure(Math.abs(off), texts) : percent(Math.abs(off / theory), texts);
    return texts.text("validate.verdict.off", { share: `${off < 0 ? "\u2212" : "+"}${size}` });
  }
}

/** A difference of less than a tenth of a per cent is one, too. @param {number} share @param {Texts} texts */
function percent(share, texts) {
  return share >= 0.001 ? texts.percent(share) : `${texts.decimal(share * 100, 3)}\u00a0%`;
}

/** Five digits, zeros at the start not counted. @param {number | null} value @param {Texts} texts */
function figure(value, texts) {
  if (value === null) return "–";
  const whole = value === 0 ? 1 : Math.floor(Math.log10(Math.abs(value))) + 1;
  return texts.decimal(value, Math.min(Math.max(5 - whole, 0), 8));
}
