// A table of rows that are checked: what theory says, or what somebody has measured, beside what the simulation says.

import { h } from "../dom.js";
import { giveRoles } from "./table-roles.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */

/**
 * @template {{ list: { rows: { id: string }[] } }} Checks what is checked
 * @template Place where a row stands
 */
export class CheckTable {
  texts;
  /** @type {Map<string, Place>} */
  places = new Map();
  /** @type {Checks | undefined} */
  checks;
  #again;
  #table;

  /**
   * @param {Texts} texts
   * @param {(id: string) => void} again checks a row once more
   * @param {{ id: string, title: "validate.table" | "reality.table", class: string }} named
   */
  constructor(texts, again, named) {
    this.texts = texts;
    this.#again = again;
    this.#table = h("table", { role: "table", "aria-labelledby": named.id });
    const title = texts.label(h("h3", { id: named.id }), named.title);
    this.element = h("div", {}, title,
      h("div", { class: named.class, tabindex: 0, role: "group", "aria-labelledby": named.id }, this.#table));
  }

  /** @param {Checks} checks */
  show(checks) {
    this.checks = checks;
    this.relabel();
  }

  /** Writes it all anew, in the language of the moment. */
  relabel() {
    if (!this.checks) return;
    this.places.clear();
    const head = this.columns().map(({ name, text }) => {
      const kind = name === "figure" ? undefined : name === "verdict" ? "words" : "number";
      return h("th", { scope: "col", class: kind }, text);
    });
    this.#table.replaceChildren(h("thead", {}, h("tr", {}, ...head)), ...this.bodies(this.checks));
    giveRoles(this.#table);
    this.update(undefined);
  }

  /** @param {string | undefined} id of a row; all without it */
  update(id) {
    const ids = id === undefined ? [...this.places.keys()] : [id];
    for (const one of ids) this.write(one);
  }

  /** A button that checks a row once more. @param {string} id @param {string} name of the row */
  againButton(id, name) {
    const again = h("button", { type: "button", class: "small", onclick: () => this.#again(id) }, this.texts.text("validate.again"));
    again.setAttribute("aria-label", this.texts.text("validate.again.label", { row: name }));
    return again;
  }

  /** @returns {{ name: string, text: string }[]} */
  columns() {
    return [];
  }

  /** @param {Checks} checks @returns {HTMLElement[]} */
  bodies(checks) {
    throw new Error(`nothing shows ${checks.list.rows.length} rows`);
  }

  /** Brings a row up to date. @param {string} id */
  write(id) {
    throw new Error(`nothing shows ${id}`);
  }
}
