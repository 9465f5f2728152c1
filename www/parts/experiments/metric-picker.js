// Which figures of a sweep are kept: a list that grows and shrinks.

import { h } from "../dom.js";
import { icon } from "../icon.js";
import { metricName } from "./metric-name.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */

const DEFAULT = ["requests.success_ratio", "requests.latency.mean", "requests.latency.p99"];

export class MetricPicker {
  #texts;
  #onChange;
  #chosen = new Set(DEFAULT);
  #list = h("ul", { class: "chips" });
  #input = h("input", { id: "experiment-add-metric", list: "experiment-metrics", spellcheck: "false", class: "wide" });

  /** @param {Texts} texts @param {() => void} onChange */
  constructor(texts, onChange) {
    this.#texts = texts;
    this.#onChange = onChange;
    const add = texts.label(h("button", { type: "button", class: "small", onclick: () => this.#add() }), "experiments.metrics.add");
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#add();
    });
    this.#input.addEventListener("input", (event) => event.stopPropagation());
    const label = texts.label(h("label", { for: "experiment-add-metric" }), "experiments.metrics");
    this.element = h("div", { class: "form-row" }, h("div", { class: "field" }, label, this.#input), add, this.#list);
    this.relabel();
  }

  get chosen() {
    return [...this.#chosen];
  }

  relabel() {
    const texts = this.#texts;
    this.#list.replaceChildren(...this.chosen.map((metric) => {
      const name = metricName(metric, texts);
      const drop = h("button", { type: "button", class: "chip", onclick: () => this.#drop(metric) }, name, icon("close"));
      drop.setAttribute("aria-label", texts.text("experiments.metrics.drop", { figure: name }));
      return h("li", {}, drop);
    }));
  }

  #add() {
    const name = this.#input.value.trim();
    if (name === "") return;
    this.#chosen.add(name);
    this.#input.value = "";
    this.relabel();
    this.#onChange();
  }

  /** @param {string} metric */
  #drop(metric) {
    this.#chosen.delete(metric);
    this.relabel();
    this.#input.focus();
    this.#onChange();
  }
}
