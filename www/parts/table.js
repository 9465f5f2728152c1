// A table of figures that is written anew many times without flicker: cells keep their elements.

import { h, write } from "./dom.js";

/** @typedef {{ id: string, text: string, words?: boolean }} Column `words` are set to the left, figures to the right */
/** @typedef {{ name: string, cells: string[], inner?: boolean }} Row `inner` rows are parts of the row above */

export class Table {
  #head = h("tr");
  #body = h("tbody");
  #shape = "";
  /** @type {{ name: Node, cells: Node[] }[]} */
  #rows = [];

  /** @param {string} id of the table's title */
  constructor(id) {
    const table = h("table", { "aria-labelledby": id }, h("thead", {}, this.#head), this.#body);
    // Wider than a phone: it scrolls by itself, also with the keyboard.
    this.element = h("div", { class: "table", tabindex: 0, role: "group", "aria-labelledby": id }, table);
  }

  /** @param {Column[]} columns the first is that of the rows' names @param {Row[]} rows */
  update(columns, rows) {
    const shape = JSON.stringify([columns, rows.map((row) => [row.name, row.inner])]);
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#build(columns, rows);
    }
    rows.forEach((row, index) => row.cells.forEach((text, column) => write(this.#rows[index].cells[column], text)));
  }

  /** @param {Column[]} columns @param {Row[]} rows */
  #build(columns, rows) {
    const [first, ...others] = columns;
    this.#head.replaceChildren(
      h("th", { scope: "col" }, first.text),
      ...others.map((column) => h("th", { scope: "col", class: column.words ? "words" : "number" }, column.text)),
    );
    this.#rows = rows.map((row) => ({
      name: h("th", { scope: "row", class: row.inner ? "inner" : undefined }, row.name),
      cells: others.map((column) => h("td", { class: column.words ? "words" : "number" })),
    }));
    this.#body.replaceChildren(...this.#rows.map((row) => h("tr", {}, row.name, ...row.cells)));
  }
}
