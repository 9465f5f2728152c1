// The views under the picture: a strip of tabs, and below it the one that is open, at any height.

import { h } from "../dom.js";
import { icon } from "../icon.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../tabs.js").Tabs} Tabs */

export class Drawer {
  #texts;
  #tabs;
  #onChange;
  #isOpen = false;
  #fold = h("button", { type: "button", class: "square quiet drawer-fold", "aria-controls": "drawer" });

  /** @param {Texts} texts @param {Tabs} tabs @param {() => void} onChange it was opened or closed */
  constructor(texts, tabs, onChange) {
    this.#texts = texts;
    this.#tabs = tabs;
    this.#onChange = onChange;
    this.#fold.addEventListener("click", () => (this.isOpen = !this.#isOpen));
    this.element = h("div", { class: "drawer closed", id: "drawer" }, texts.label(h("h2", { class: "visually-hidden" }), "tabs.label"), tabs.element, this.#fold);
    tabs.onAgain = () => (this.isOpen = true);
    this.relabel();
  }

  get isOpen() {
    return this.#isOpen;
  }

  set isOpen(isOpen) {
    if (isOpen === this.#isOpen) return;
    this.#isOpen = isOpen;
    this.element.classList.toggle("closed", !isOpen);
    this.relabel();
    this.#onChange();
  }

  relabel() {
    const name = this.#texts.text(this.#isOpen ? "drawer.close" : "drawer.open");
    this.#fold.replaceChildren(icon(this.#isOpen ? "fold" : "unfold"));
    this.#fold.setAttribute("aria-expanded", String(this.#isOpen));
    this.#fold.setAttribute("aria-label", name);
    this.#fold.title = name;
  }

  /** Puts the keyboard at the strip of tabs. */
  focus() {
    this.#tabs.focus();
  }
}
