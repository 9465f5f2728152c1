// The present run's report against what is always true.

import { h, write } from "../dom.js";
import { icon } from "../icon.js";
import { invariants } from "../../run/invariants.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/engine.js").Simulation} Simulation */
/** @typedef {import("../../run/invariants.js").Invariant} Invariant */

/** More places than these are counted only. */
const PLACES_MAX = 5;

export class InvariantList {
  #texts;
  #summary = h("p", { role: "status" });
  #list = h("ul", { class: "invariants" });
  /** @type {{ found: Invariant[], time: number } | undefined} */
  #last;

  /** @param {Texts} texts @param {{ simulation: () => Simulation | undefined }} actions */
  constructor(texts, { simulation }) {
    this.#texts = texts;
    const run = texts.label(h("button", { type: "button", onclick: () => this.#check(simulation()) }), "invariants.run");
    this.element = h("div", { class: "card validate-head" },
      texts.label(h("h3"), "invariants.title"),
      texts.label(h("p", { class: "note" }), "invariants.about"),
      h("div", { class: "validate-buttons" }, run),
      this.#summary,
      this.#list);
  }

  relabel() {
    this.#update();
  }

  /** @param {Simulation | undefined} simulation */
  #check(simulation) {
    if (!simulation) return;
    const inFlight = simulation.series("requests.in_flight");
    const found = invariants(simulation.report(), { ...simulation.seriesWindow(), inFlight }, simulation.config());
    this.#last = { found, time: simulation.now };
    this.#update();
  }

  #update() {
    if (!this.#last) return;
    const texts = this.#texts;
    const { found, time } = this.#last;
    const count = found.reduce((sum, { checked }) => sum + checked, 0);
    const wrong = found.reduce((sum, one) => sum + one.wrong.length, 0);
    write(this.#summary, wrong > 0 ? texts.text("invariants.wrong", { count: wrong })
      : texts.text("invariants.holds", { count, time: texts.moment(time) }));
    this.#summary.className = wrong > 0 ? "bad" : "good";
    this.#list.replaceChildren(...found.map((one) => this.#item(one)));
  }

  /** @param {Invariant} invariant */
  #item({ id, checked, wrong }) {
    const holds = wrong.length === 0;
    const line = h("li", {}, h("span", { class: holds ? "good" : "bad" }, icon(holds ? "up" : "alert")),
      h("span", {}, this.#texts.text(`invariant.${id}`), " ",
        h("span", { class: "note" }, this.#texts.text("invariants.checked", { count: checked }))));
    if (!holds) line.append(h("ul", {}, ...wrong.slice(0, PLACES_MAX).map((place) => h("li", {}, h("code", {}, place)))));
    return line;
  }
}
