// Tells how a file of another program was read: what was assumed and what was left out, for as long as the reader likes.

import { noteTold } from "../i18n/notes.js";
import { h, write } from "./dom.js";
import { FocusReturn } from "./focus-return.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../web-service-model.js").Imported} Imported */

export class ImportNotice {
  #texts;
  #words = h("p");
  // It may be longer than the screen: the list scrolls, also by keys.
  #notes = h("ul", { class: "import-notes", tabindex: 0 });
  #said = h("p", { class: "visually-hidden", role: "status" });
  #box;
  #focus;
  /** @type {{ name: string, imported: Imported } | undefined} */
  #shown;

  /** @param {Texts} texts @param {() => void} goOn puts the focus where one goes on */
  constructor(texts, goOn) {
    this.#texts = texts;
    const close = h("button", { type: "button", class: "small", onclick: () => this.hide() });
    this.#box = h("section", { class: "import card", hidden: true },
      h("div", { class: "import-head" }, this.#words, texts.label(close, "error.close")), this.#notes);
    this.element = h("div", { class: "import-place" }, this.#box, this.#said);
    texts.attribute(this.#box, "aria-label", "import.title");
    texts.attribute(this.#notes, "aria-label", "import.notes");
    this.#focus = new FocusReturn(this.#box, goOn);
  }

  /** @param {string} name of the file @param {Imported} imported */
  show(name, imported) {
    this.#shown = { name, imported };
    this.#box.hidden = false;
    this.relabel();
    this.#notes.scrollTop = 0;
    // Whoever has dropped a file further down would not see it.
    this.#box.scrollIntoView({ block: "nearest" });
  }

  hide() {
    const { within } = this.#focus;
    this.#shown = undefined;
    this.#box.hidden = true;
    write(this.#said, "");
    if (within) this.#focus.give();
  }

  relabel() {
    if (!this.#shown) return;
    const { name, imported: { product, notes } } = this.#shown;
    const words = this.#texts.text("import.words", { name, product, count: notes.length });
    write(this.#words, words);
    write(this.#said, words);
    this.#notes.replaceChildren(...notes.map((note) => this.#item(note)));
  }

  /** @param {Imported["notes"][number]} note */
  #item({ line, text: english }) {
    const { text, lang } = noteTold(english, this.#texts);
    const where = line === null ? [] : [h("strong", {}, this.#texts.text("import.line", { line: String(line) })), " "];
    return h("li", {}, ...where, h("span", { lang }, ...withCode(text)));
  }
}

/** What stands in backquotes is a word of the file. @param {string} text */
function withCode(text) {
  return text.split("`").map((part, index) => (index % 2 === 0 ? part : h("code", {}, part)));
}
