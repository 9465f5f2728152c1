// The table of what real products did: what was measured, what the simulation says, and whether they agree.

import { h, write } from "../dom.js";
import { icon } from "../icon.js";
import { standing } from "../../run/reality.js";
import { told } from "../../i18n/rules.js";
import { CheckTable } from "./check-table.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/reality.js").Reality} Reality */
/** @typedef {import("../../run/reality.js").Row} Row */
/** @typedef {import("../../run/reality.js").Finding} Finding */
/** @typedef {import("../../run/reality.js").Standing} Standing */
/** @typedef {import("../../web-service-model.js").RealityClaim} Claim */
/** @typedef {{ mean: HTMLElement, spread: HTMLElement, verdict: HTMLElement, shown: string }} ClaimPlace */
/** @typedef {{ row: Row, body: HTMLElement, state: HTMLElement, again: HTMLButtonElement, claims: ClaimPlace[] }} Place */

const COLUMNS = /** @type {const} */ (["figure", "measured", "mean", "spread", "verdict"]);

/** What a verdict looks like. @type {Record<Standing, { kind: string, icon: import("../icon.js").IconName }>} */
const LOOKS = {
  holds: { kind: "good", icon: "up" },
  known: { kind: "known", icon: "absent" },
  off: { kind: "bad", icon: "alert" },
};

/** @extends {CheckTable<Reality, Place>} */
export class RealityTable extends CheckTable {
  /** @param {Texts} texts @param {(id: string) => void} again checks a row once more */
  constructor(texts, again) {
    super(texts, again, { id: "reality-table", title: "reality.table", class: "table validate-table reality-table" });
  }

  columns() {
    return COLUMNS.map((name) => ({ name, text: this.texts.text(`reality.column.${name}`) }));
  }

  /** @param {Reality} reality */
  bodies({ list }) {
    return list.rows.flatMap((row, index) => {
      const isFirst = row.product !== list.rows[index - 1]?.product;
      return isFirst ? [heading(row.product), this.#build(row)] : [this.#build(row)];
    });
  }

  /** @param {Row} row */
  #build(row) {
    const texts = this.texts;
    const name = told(row.title, texts);
    const again = this.againButton(row.id, name.text);
    const state = h("span", { class: "validate-state" });
    const title = h("th", { scope: "rowgroup", colspan: 4 }, h("span", { class: "validate-name", lang: name.lang }, name.text), " ", state);
    /** @type {ClaimPlace[]} */
    const claims = [];
    const lines = row.claims.flatMap((claim, index) => {
      const line = this.#buildClaim(claim, claims);
      // A reason stands once, below the last figure that it is about.
      const again = row.claims.slice(index + 1).some(({ known }) => known?.id === claim.known?.id);
      return claim.known && !again ? [line, this.#reason(claim.known.text)] : [line];
    });
    const body = h("tbody", { "data-row": row.id },
      h("tr", { class: "validate-row" }, title, h("td", { class: "words" }, again)),
      h("tr", { class: "reality-how" }, h("td", { colspan: COLUMNS.length }, this.#how(row))),
      ...lines);
    this.places.set(row.id, { row, body, state, again, claims });
    return body;
  }

  /** @param {Claim} claim @param {ClaimPlace[]} places */
  #buildClaim(claim, places) {
    const [mean, spread] = [h("td", { class: "number" }), h("td", { class: "number" })];
    const verdict = h("td", { class: "words verdict" });
    places.push({ mean, spread, verdict, shown: "" });
    const measured = h("td", { class: "number" }, this.#measured(claim));
    return h("tr", {}, h("th", { scope: "row", class: "inner" }, this.#said(claim.name)), measured, mean, spread, verdict);
  }

  /** Why figures do not hold. @param {string} english */
  #reason(english) {
    const why = h("td", { colspan: COLUMNS.length }, this.texts.text("reality.why"), " ", this.#said(english));
    return h("tr", { class: "reality-why" }, why);
  }

  /** Load, settings and the same system as a configuration, for who asks. @param {Row} row */
  #how(row) {
    const texts = this.texts;
    const details = h("details", {}, h("summary", {}, texts.text("reality.how")), h("p", {}, this.#said(row.how)));
    // Nobody has to wait for forty configurations.
    details.addEventListener("toggle", () => {
      if (!details.open || details.querySelector("pre")) return;
      const json = JSON.stringify(row.config, undefined, 2);
      details.append(
        h("p", { class: "note" }, texts.text("reality.config", { count: row.replications })),
        h("pre", { tabindex: 0, "aria-label": texts.text("reality.config.label") }, h("code", { lang: "en" }, json)));
    });
    return details;
  }

  /** A sentence of the simulator's. @param {string} english */
  #said(english) {
    const { text, lang } = told(english, this.texts);
    return lang ? h("span", { lang }, text) : text;
  }

  /** @param {Claim} claim */
  #measured({ measured, unit, is_mean: isMean }) {
    const texts = this.texts;
    if (!isMean) return measured.map((value) => figure(value, unit, texts)).join("; ");
    const mean = measured.reduce((sum, value) => sum + value, 0) / measured.length;
    return texts.text("reality.mean_of", { mean: figure(mean, unit, texts), count: measured.length });
  }

  /** @param {string} id */
  write(id) {
    const place = this.places.get(id);
    const state = this.checks?.state(id);
    if (!place || !state || !this.checks) return;
    const done = state.stage === "done";
    const standings = state.findings.map((finding, index) => standing(place.row, index, finding));
    place.body.dataset.verdict = !done ? state.stage : standings.includes("off") ? "off" : standings.includes("known") ? "known" : "pass";
    write(place.state, this.#stage(state));
    place.again.disabled = this.checks.isRunning;
    for (const [index, claim] of place.claims.entries()) {
      this.#writeClaim(claim, place.row.claims[index], state.findings[index], done ? standings[index] : undefined);
    }
  }

  /** @param {import("../../run/reality.js").RowState} state */
  #stage({ stage, done }) {
    const texts = this.texts;
    if (stage === "done") return "";
    return stage === "running" ? texts.percent(done) : texts.text(`validate.state.${stage}`);
  }

  /** @param {ClaimPlace} place @param {Claim} claim @param {Finding | undefined} finding @param {Standing | undefined} standing at the end */
  #writeClaim(place, { unit }, finding, standing) {
    const texts = this.texts;
    const { mean, low, high } = finding ?? { mean: null, low: null, high: null };
    write(place.mean, figure(mean, unit, texts));
    const [from, to] = [figure(low, unit, texts), figure(high, unit, texts)];
    write(place.spread, low === null ? "–" : from === to ? from : `${from} – ${to}`);
    const words = finding && standing ? this.#verdict(finding, standing) : "";
    if (words === place.shown) return;
    place.shown = words;
    if (!standing || words === "") return place.verdict.replaceChildren();
    const look = LOOKS[standing];
    place.verdict.replaceChildren(h("span", { class: look.kind }, icon(look.icon), words));
  }

  /** @param {Finding} finding @param {Standing} standing */
  #verdict({ verdict, mean, measured }, standing) {
    const texts = this.texts;
    if (standing === "holds") return texts.text("reality.verdict.holds");
    if (mean === null) return texts.text("validate.verdict.no_value");
    if (verdict === "breaks the rule") return texts.text("reality.verdict.rule");
    if (standing === "known") return texts.text("reality.verdict.known");
    return measured === 0 ? texts.text("reality.verdict.off") : texts.text("validate.verdict.off", { share: share(mean / measured - 1, texts) });
  }
}

/** @param {string} product */
function heading(product) {
  return h("tbody", { class: "reality-product" }, h("tr", {}, h("th", { scope: "rowgroup", colspan: COLUMNS.length, lang: "en" }, product)));
}

/** @param {number} difference @param {Texts} texts */
function share(difference, texts) {
  return `${difference < 0 ? "\u2212" : "+"}${texts.percent(Math.abs(difference))}`;
}

/** @param {number | null} value @param {Claim["unit"]} unit @param {Texts} texts */
function figure(value, unit, texts) {
  if (value === null) return "–";
  if (unit === "seconds") return texts.span(value);
  if (unit === "share") return texts.percent(value);
  return Number.isInteger(value) ? texts.integer(value) : texts.decimal(value, 1);
}
