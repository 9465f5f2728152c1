// Beside the picture: a few charts that fit what is chosen there.

import { ChartSet } from "../charts/chart-set.js";
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
  /** @type {Simulation | undefined} */
  #simulation;
  /** @type {{ measures: Measure[] } | undefined} */
  #chosen;

  /** @param {Texts} texts @param {import("../charts/chart-set.js").Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#set = new ChartSet(texts, actions);
    this.element = h("section", { class: "side-charts" });
    texts.attribute(this.element, "aria-label", "charts.beside");
  }

  /** @param {Simulation | undefined} simulation */
  show(simulation) {
    this.#simulation = simulation;
    this.#set.show(simulation);
    this.#build();
  }

  /** The same run at another moment. @param {Simulation} simulation */
  swap(simulation) {
    this.#simulation = simulation;
    this.#set.swap(simulation);
  }

  /** What is chosen in the picture: its measures; without it, the whole system. @param {Measure[] | undefined} measures */
  choose(measures) {
    this.#chosen = measures && { measures };
    this.#build();
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

  #build() {
    const known = new Set(this.#simulation?.seriesNames());
    const measures = this.#chosen?.measures.filter(({ series }) => known.has(series)).slice(0, MOST);
    const key = measures ? measures.map(({ series }) => series).join("\n") : "";
    if (key === this.#key && this.#set.cards.length > 0) return;
    this.#key = key;
    this.#set.clear();
    if (measures) for (const measure of measures) this.#add("custom", measure);
    else for (const id of OF_THE_SYSTEM) this.#add(id);
    this.element.replaceChildren(...this.#set.cards.map((card) => card.element));
    this.#set.changed();
  }

  /** @param {import("../charts/catalogue.js").ChartId} id @param {Measure} [measure] */
  #add(id, measure) {
    const title = measure && (() => this.#texts.text(measure.title, { queue: measure.queue ?? "", to: measure.to ?? "" }));
    this.#set.add(id, measure ? [measure.series] : [], { small: true, title });
  }
}
