// Views of which one is seen at a time (the ARIA pattern of tabs: arrow keys move between them).

import { h } from "./dom.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../i18n/texts.js").Key} Key */
/** @typedef {{ id: string, title: Key, content: HTMLElement }} Tab */

export class Tabs {
  #tabs;
  #buttons;
  #panels;
  #chosen = "";
  #onChoose;
  /** Called when the view that is chosen is asked for once more. @type {() => void} */
  onAgain = () => {};

  /**
   * @param {Texts} texts
   * @param {Tab[]} tabs
   * @param {(id: string) => void} onChoose tells of the choice, but for the first one's
   * @param {Key} [label] what they are
   */
  constructor(texts, tabs, onChoose, label = "tabs.label") {
    this.#tabs = tabs;
    this.#onChoose = onChoose;
    this.#buttons = tabs.map(({ id, title }) => {
      const button = h("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}` });
      button.addEventListener("click", () => (id === this.#chosen ? this.onAgain() : this.choose(id)));
      return texts.label(button, title);
    });
    this.#panels = tabs.map(({ id, content }) =>
      h("div", { role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}` }, content));
    const list = h("div", { role: "tablist", class: "tablist" }, ...this.#buttons);
    list.addEventListener("keydown", (event) => this.#onKey(event));
    texts.attribute(list, "aria-label", label);
    this.element = h("div", { class: "tabs" }, list, ...this.#panels);
    this.#show(0);
  }

  get chosen() {
    return this.#chosen;
  }

  /** Puts the keyboard at the list of views. */
  focus() {
    this.#buttons[this.#tabs.findIndex((tab) => tab.id === this.#chosen)]?.focus();
  }

  /** @param {string} id */
  choose(id) {
    const index = this.#tabs.findIndex((tab) => tab.id === id);
    if (index < 0 || id === this.#chosen) return;
    this.#show(index);
    this.#onChoose(id);
  }

  /** @param {number} index */
  #show(index) {
    this.#chosen = this.#tabs[index].id;
    for (const [at, button] of this.#buttons.entries()) {
      button.setAttribute("aria-selected", String(at === index));
      // One stop of the Tab key for the whole list.
      button.tabIndex = at === index ? 0 : -1;
      this.#panels[at].hidden = at !== index;
    }
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const count = this.#tabs.length;
    const at = this.#tabs.findIndex((tab) => tab.id === this.#chosen);
    const to = { ArrowRight: (at + 1) % count, ArrowLeft: (at + count - 1) % count, Home: 0, End: count - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.choose(this.#tabs[to].id);
    this.#buttons[to].focus();
  }
}
