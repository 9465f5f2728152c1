// A table of figures that is written anew many times without flicker: cells keep their elements.

import { h, write } from "./dom.js";

/** @typedef {{ id: string, text: string, words?: boolean }} Column `words` are set to the left, figures to the right */
/** @typedef {{ trend: "better" | "worse" | "other" | "same", text: string }} Change since another run, in words */
/** @typedef {{ text: string, former?: string, change?: Change }} Compared a figure, what it was, and what has changed */
/** @typedef {string | Compared} Cell */
/** @typedef {{ name: string, cells: Cell[], inner?: boolean }} Row `inner` rows are parts of the row above */
/** @typedef {{ text: HTMLElement, former: HTMLElement, change: HTMLElement }} Place of a cell's texts */

export class Table {
  #head = h("tr");
  #body = h("tbody");
  #shape = "";
  /** @type {Place[][]} */
  #places = [];

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
    rows.forEach((row, index) => row.cells.forEach((cell, column) => show(this.#places[index][column], cell)));
  }

  /** @param {Column[]} columns @param {Row[]} rows */
  #build(columns, rows) {
    const [first, ...others] = columns;
    this.#head.replaceChildren(
      h("th", { scope: "col" }, first.text),
      ...others.map((column) => h("th", { scope: "col", class: column.words ? "words" : "number" }, column.text)),
    );
    this.#places = rows.map(() => others.map(() => ({ text: h("span"), former: h("span"), change: h("span") })));
    const lines = rows.map((row, index) => {
      const name = h("th", { scope: "row", class: row.inner ? "inner" : undefined }, row.name);
      const cells = others.map((column, at) => {
        const { text, former, change } = this.#places[index][at];
        return h("td", { class: column.words ? "words" : "number" }, text, former, change);
      });
      return h("tr", {}, name, ...cells);
    });
    this.#body.replaceChildren(...lines);
  }
}

/** @param {Place} place @param {Cell} cell */
function show(place, cell) {
  const { text, former = "", change } = typeof cell === "string" ? { text: cell } : cell;
  write(place.text, text);
  write(place.former, former);
  write(place.change, change?.text ?? "");
  place.former.className = former ? "former" : "";
  place.change.className = change ? `change ${change.trend}` : "";
}
