// What one can read about what runs, over the picture and on demand: the scenario's text, and what the page around says.

import { h, write } from "../dom.js";
import { icon } from "../icon.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/engine.js").Config} Config */

export class About {
  #texts;
  #title = h("h2");
  #description = h("p", { class: "description", id: "description" });
  #box;
  /** @type {Config | undefined} */
  #config;

  /** @param {Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    this.button = h("button", { type: "button", class: "square", "aria-expanded": "false", "aria-controls": "about" }, icon("about"));
    this.button.addEventListener("click", () => this.show(Boolean(this.#box.hidden)));
    for (const name of ["aria-label", "title"]) texts.attribute(this.button, name, "about.open");
    const close = h("button", { type: "button", class: "square quiet about-close", onclick: () => this.show(false) }, icon("close"));
    texts.attribute(close, "aria-label", "about.close");
    // What stands in the slots belongs to the page around, which may say there what it is.
    this.#box = h("section", { class: "about card", id: "about", hidden: true },
      h("div", { class: "about-head" }, this.#title, close), this.#description, h("slot", { name: "about" }));
    texts.attribute(this.#box, "aria-label", "about.title");
    this.element = this.#box;
  }

  /** Escape closes it, wherever the keyboard is in the laboratory. @param {HTMLElement} place */
  watch(place) {
    place.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.#box.hidden) this.show(false);
    });
  }

  /** @param {boolean} isShown */
  show(isShown) {
    const focused = this.#box.matches(":focus-within");
    this.#box.hidden = !isShown;
    this.button.setAttribute("aria-expanded", String(isShown));
    if (focused && !isShown) this.button.focus();
  }

  /** @param {Config} config what runs */
  tell(config) {
    this.#config = config;
    this.relabel();
  }

  relabel() {
    const { language } = this.#texts;
    const { title, name, description } = this.#config ?? {};
    write(this.#title, title?.[language] || title?.en || name || this.#texts.text("control.scenario.own"));
    write(this.#description, description?.[language] || description?.en || "");
    this.#description.hidden = !this.#description.textContent;
  }
}
