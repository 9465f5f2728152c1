// The scenarios of the site with what to look for in each, in a dialog.

import { h } from "./dom.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../run/scenarios.js").Entry} Entry */
/** @typedef {{ choose: (id: string) => void, describe: (id: string) => Promise<Config> }} Actions */

export class Gallery {
  #texts;
  #actions;
  #list = h("ul", { class: "gallery-list" });
  /** @type {Entry[]} */
  #entries = [];
  /** @type {Map<string, Config>} */
  #configs = new Map();
  #chosen = "";

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    const title = texts.label(h("h2", { id: "gallery-title" }), "gallery.title");
    const close = texts.label(h("button", { type: "button", class: "small", onclick: () => this.element.close() }), "error.close");
    this.element = h(
      "dialog",
      { class: "gallery", "aria-labelledby": "gallery-title" },
      h("div", { class: "section-head" }, title, close),
      this.#list,
    );
    // A click on what lies around a dialog closes it.
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
  }

  /** @param {Entry[]} entries */
  offer(entries) {
    this.#entries = entries;
    this.relabel();
  }

  /** @param {string | undefined} chosen the scenario that runs */
  open(chosen) {
    this.#chosen = chosen ?? "";
    this.relabel();
    this.element.showModal();
    for (const { id } of this.#entries) void this.#describe(id);
  }

  relabel() {
    const { language } = this.#texts;
    const cards = this.#entries.map(({ id, title }) => {
      const button = h("button", { type: "button", onclick: () => this.#choose(id) }, title[language] || title.en || id);
      if (id === this.#chosen) button.setAttribute("aria-current", "true");
      const { title: _, description } = this.#configs.get(id) ?? {};
      return h("li", { class: "card" }, button, h("p", {}, description?.[language] || description?.en || "…"));
    });
    this.#list.replaceChildren(...cards);
  }

  /** @param {string} id */
  async #describe(id) {
    if (this.#configs.has(id)) return;
    try {
      this.#configs.set(id, await this.#actions.describe(id));
    } catch {
      // Choosing it says what is wrong.
      return;
    }
    const focused = /** @type {ShadowRoot} */ (this.element.getRootNode()).activeElement;
    const at = [...this.#list.querySelectorAll("button")].findIndex((button) => button === focused);
    this.relabel();
    if (at >= 0) this.#list.querySelectorAll("button")[at]?.focus();
  }

  /** @param {string} id */
  #choose(id) {
    this.element.close();
    this.#actions.choose(id);
  }
}
