// Adds charts of any figure of any component.

import { h } from "../dom.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {{ add: (series: string, fresh: boolean) => void }} Actions */

/** What is best seen together of who asks whom: offered as one measure. */
const OF_EDGES = ["attempts", "retries", "refused"];
const TOGETHER = "edge";

export class SeriesPicker {
  #texts;
  #component = h("select", { id: "series-component" });
  #measure = h("select", { id: "series-measure" });
  /** Measures by whose they are. @type {Map<string, string[]>} */
  #names = new Map();

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#component.addEventListener("change", () => this.#fillMeasures());
    const add = (/** @type {boolean} */ fresh) => () => {
      const { value } = this.#measure;
      const names = value === TOGETHER ? OF_EDGES : value ? [value] : [];
      names.forEach((name, index) => actions.add(`${this.#component.value}.${name}`, fresh && index === 0));
    };
    this.element = h(
      "div",
      { class: "series-picker card", role: "group", "aria-labelledby": "series-title" },
      texts.label(h("h3", { id: "series-title" }), "charts.picker"),
      h("div", { class: "field" }, texts.label(h("label", { for: "series-component" }), "charts.picker.component"), this.#component),
      h("div", { class: "field" }, texts.label(h("label", { for: "series-measure" }), "charts.picker.measure"), this.#measure),
      texts.label(h("button", { type: "button", onclick: add(true) }), "charts.picker.new"),
      texts.label(h("button", { type: "button", onclick: add(false) }), "charts.picker.add"),
    );
  }

  /** Offers these series. @param {string[]} names such as "services.Shop.rps" */
  offer(names) {
    this.#names = new Map();
    for (const name of names) {
      const dot = name.lastIndexOf(".");
      const [component, measure] = [name.slice(0, dot), name.slice(dot + 1)];
      this.#names.set(component, [...(this.#names.get(component) ?? []), measure]);
    }
    this.relabel();
  }

  relabel() {
    const chosen = this.#component.value;
    this.#component.replaceChildren(...[...this.#names.keys()].map((name) => h("option", { value: name }, this.#title(name))));
    if (this.#names.has(chosen)) this.#component.value = chosen;
    this.#fillMeasures();
  }

  focus() {
    this.#component.focus();
  }

  #fillMeasures() {
    const chosen = this.#measure.value;
    const whose = this.#component.value;
    const single = this.#names.get(whose) ?? [];
    const measures = whose.startsWith("edges.") ? [TOGETHER, ...single] : single;
    this.#measure.replaceChildren(...measures.map((name) => h("option", { value: name }, this.#texts.named("series", name))));
    if (measures.includes(chosen)) this.#measure.value = chosen;
  }

  /** Whose series these are: a component by its own name, the rest by a word. @param {string} component */
  #title(component) {
    const parts = component.split(".");
    if (parts.length === 1) return this.#texts.named("series.of", component);
    const name = parts.at(-1) ?? component;
    return parts.length > 2 ? `${parts[1]} / ${name}` : name;
  }
}
