// Beside the picture: a few charts that fit what is chosen there.

import { ChartSet } from "../charts/chart-set.js";
import { titleOf } from "../component-panel/measures.js";
import { h } from "../dom.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/engine.js").Simulation} Simulation */
/** @typedef {import("../../run/laboratory.js").Sight} Sight */
/** @typedef {import("../component-panel/measures.js").Measure} Measure */

/** What is seen of the whole system. @type {import("../charts/catalogue.js").ChartId[]} */
const OF_THE_SYSTEM = ["rps", "response-percentiles", "availability"];
/** As many as fit beside a picture. */
const MOST = 5;

export class SideCharts {
  #texts;
  #set;
  #key = "";

  /** @param {Texts} texts @param {import("../charts/chart-set.js").Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#set = new ChartSet(texts, actions);
    this.element = h("section", { class: "side-charts" });
    texts.attribute(this.element, "aria-label", "charts.beside");
  }

  /** @param {Simulation | undefined} simulation */
  show(simulation) {
    this.#set.show(simulation);
  }

  /** The same run at another moment. @param {Simulation} simulation */
  swap(simulation) {
    this.#set.swap(simulation);
  }

  /** What is chosen in the picture: its measures; without it, the whole system. @param {Measure[] | undefined} measures */
  choose(measures) {
    const some = measures?.slice(0, MOST);
    const key = some ? some.map(({ series }) => series).join("\n") : OF_THE_SYSTEM.join();
    if (key === this.#key) return;
    this.#key = key;
    this.#set.clear();
    if (some) for (const measure of some) this.#set.add("custom", [measure.series], { small: true, title: () => titleOf(measure, this.#texts) });
    else for (const id of OF_THE_SYSTEM) this.#set.add(id, [], { small: true });
    this.element.replaceChildren(...this.#set.cards.map((card) => card.element));
    this.#set.changed();
  }

  /** The figures are new. */
  update() {
    this.#set.drawTogether();
  }

  /** @param {Simulation | undefined} baseline */
  compare(baseline) {
    this.#set.compare(baseline);
  }

  /** @param {Sight} sight */
  look(sight) {
    this.#set.look(sight);
  }

  /** The page is about to be printed. */
  drawAll() {
    this.#set.drawAll();
  }

  relabel() {
    this.#set.relabel();
  }
}
