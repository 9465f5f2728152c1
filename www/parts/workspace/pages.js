// Where there is little room the parts of the workspace are pages, chosen in a bar at the lower edge.

import { h } from "../dom.js";
import { icon } from "../icon.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {"picture" | "figures" | "views"} Page */

const PAGES = /** @type {const} */ (["picture", "figures", "views"]);

export class Pages {
  #buttons;
  #onChoose;
  /** @type {Page} */
  #chosen = "picture";

  /** @param {Texts} texts @param {(page: Page) => void} onChoose */
  constructor(texts, onChoose) {
    this.#onChoose = onChoose;
    this.#buttons = PAGES.map((page) => {
      const button = h("button", { type: "button", onclick: () => this.choose(page) }, icon(`page_${page}`), texts.label(h("span"), `page.${page}`));
      button.dataset.page = page;
      return button;
    });
    this.element = h("nav", { class: "page-bar" }, ...this.#buttons);
    texts.attribute(this.element, "aria-label", "page.bar");
    this.#mark();
  }

  get chosen() {
    return this.#chosen;
  }

  /** @param {Page} page */
  choose(page) {
    if (page === this.#chosen) return;
    this.#chosen = page;
    this.#mark();
    this.#onChoose(page);
  }

  #mark() {
    for (const button of this.#buttons) {
      if (button.dataset.page === this.#chosen) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
  }
}
