// The figures behind a chart, for who cannot or would rather not read them off a picture.

import { h, write } from "../dom.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../web-service-model.js").ChartTable} ChartTable */

/** Rows shown at the most; the file has them all. */
const ROWS = 300;

export class FigureTable {
  #texts;
  #head = h("thead");
  #body = h("tbody");
  #caption = h("caption", { class: "visually-hidden" });
  #note = h("p", { class: "note" });
  #scroller;

  /** @param {Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    const table = h("table", {}, this.#caption, this.#head, this.#body);
    this.#scroller = h("div", { class: "table figure-table", tabindex: 0, role: "region" }, table);
    this.element = h("div", { hidden: true }, this.#scroller, this.#note);
  }

  get open() {
    return !this.element.hidden;
  }

  /** @returns {boolean} whether it is now seen */
  toggle() {
    this.element.hidden = !this.element.hidden;
    return this.open;
  }

  /** @param {string} title */
  label(title) {
    write(this.#caption, title);
    this.#scroller.setAttribute("aria-label", title);
  }

  /** @param {ChartTable} table */
  update({ columns, rows }) {
    const shown = rows.slice(-ROWS);
    this.#head.replaceChildren(h("tr", {}, ...columns.map((name, at) => h("th", { scope: "col", class: at > 0 ? "number" : "" }, name))));
    this.#body.replaceChildren(...shown.map((row) => h("tr", {}, ...row.map((cell, at) => this.#cell(cell, at)))));
    write(this.#note, shown.length < rows.length ? this.#texts.text("charts.table.cut", { count: shown.length, total: rows.length }) : "");
  }

  /** @param {string | number | null} cell @param {number} at */
  #cell(cell, at) {
    const text = typeof cell === "number" ? this.#texts.number(Number(cell.toPrecision(6))) : (cell ?? "–");
    return at === 0 ? h("th", { scope: "row" }, text) : h("td", { class: "number" }, text);
  }
}
