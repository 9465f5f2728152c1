// The choice of a scenario, and what to look for in it.

import { h, write } from "./dom.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../run/scenarios.js").Entry} Entry */

/** Stands for a configuration that is none of the site's. */
const OWN = "";

export class ScenarioMenu {
  #texts;
  #select = h("select", { id: "scenario" });
  #description = h("p", { class: "description", id: "description" });
  /** On a phone a long description would hide the system: it is cut there until somebody asks. */
  #more = h("button", { type: "button", class: "read-more", "aria-controls": "description", hidden: true });
  #open = false;
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
    const label = texts.label(h("label", { for: "scenario" }), "control.scenario");
    const browse = texts.label(h("button", { type: "button", onclick: actions.browse }), "gallery.open");
    this.element = h(
      "section",
      { class: "scenario card" },
      h("div", { class: "field" }, label, this.#select, browse),
      this.#description,
      this.#more,
    );
    this.#more.addEventListener("click", () => {
      this.#open = !this.#open;
      this.#fold();
    });
    new ResizeObserver(() => this.#fold()).observe(this.#description);
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
    const description = this.#config?.description;
    write(this.#description, description?.[language] || description?.en || "\u00a0");
    this.#fold();
  }

  /** Offers the rest of a description that is cut, and to cut it again. */
  #fold() {
    const text = this.#description;
    text.classList.toggle("open", this.#open);
    this.#more.hidden = !this.#open && text.scrollHeight <= text.clientHeight + 1;
    this.#more.setAttribute("aria-expanded", String(this.#open));
    write(this.#more, this.#texts.text(this.#open ? "scenario.less" : "scenario.more"));
  }
}
