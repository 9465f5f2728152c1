// The choice of a scenario.

import { h } from "./dom.js";
import { icon } from "./icon.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../run/scenarios.js").Entry} Entry */

/** Stands for a configuration that is none of the site's. */
const OWN = "";

export class ScenarioMenu {
  #texts;
  #select = h("select", { id: "scenario" });
  /** @type {Entry[]} */
  #entries = [];
  /** @type {string | undefined} */
  #chosen;
  /** @type {Config | undefined} */
  #config;

  /** @param {Texts} texts @param {{ choose: (id: string) => void, browse: () => void }} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#select.addEventListener("change", () => {
      if (this.#select.value !== OWN) actions.choose(this.#select.value);
    });
    const label = texts.label(h("label", { for: "scenario", class: "visually-hidden" }), "control.scenario");
    const browse = h("button", { type: "button", class: "square", onclick: actions.browse }, icon("gallery"));
    for (const name of ["aria-label", "title"]) texts.attribute(browse, name, "gallery.open");
    this.element = h("section", { class: "scenario" }, label, this.#select, browse);
    texts.attribute(this.element, "aria-label", "control.scenario");
  }

  /** @param {Entry[]} entries */
  offer(entries) {
    this.#entries = entries;
    this.relabel();
  }

  /** Shows what runs: a scenario of the site, or another configuration. @param {string | undefined} id @param {Config} config */
  choose(id, config) {
    this.#chosen = id;
    this.#config = config;
    this.relabel();
  }

  relabel() {
    const language = this.#texts.language;
    const options = this.#entries.map(({ id, title }) => h("option", { value: id }, title[language] || title.en || id));
    const listed = this.#entries.some((entry) => entry.id === this.#chosen);
    if (!listed && this.#config) {
      const { title: own, name } = this.#config;
      const title = own?.[language] || own?.en || name || this.#chosen || this.#texts.text("control.scenario.own");
      options.unshift(h("option", { value: OWN }, title));
    }
    this.#select.replaceChildren(...options);
    this.#select.value = listed ? (this.#chosen ?? OWN) : OWN;
  }
}
