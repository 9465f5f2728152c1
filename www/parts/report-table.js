// The report as tables, and as a file.

import { h, icon, write } from "./dom.js";
import { sheets } from "./report-rows.js";
import { Table } from "./table.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/engine.js").Report} Report */
/** @typedef {import("./report-rows.js").Sheet} Sheet */
/** @typedef {{ element: HTMLElement, title: HTMLElement, table: Table, empty: HTMLElement }} Place */

export class ReportTable {
  #texts;
  #narrow = h("div", { class: "sheets narrow" });
  #wide = h("div", { class: "sheets" });
  /** @type {Map<string, Place>} */
  #places = new Map();
  /** @type {Report | undefined} */
  #report;

  /** @param {Texts} texts @param {() => void} download */
  constructor(texts, download) {
    this.#texts = texts;
    const title = texts.label(h("h2", { id: "report-title", class: "visually-hidden" }), "report.title");
    const words = texts.label(h("span"), "report.download");
    const button = h("button", { type: "button", class: "download", onclick: download }, icon("download"), words);
    this.element = h(
      "section",
      { class: "report", "aria-labelledby": "report-title" },
      h("div", { class: "section-head" }, title, button),
      this.#narrow,
      this.#wide,
    );
  }

  /** @param {Report | undefined} report */
  update(report) {
    this.#report = report;
    if (!report) return;
    for (const sheet of sheets(report, this.#texts)) this.#show(sheet);
  }

  relabel() {
    this.update(this.#report);
  }

  /** @param {Sheet} sheet */
  #show(sheet) {
    const place = this.#place(sheet);
    write(place.title, this.#texts.text(sheet.title));
    const blank = sheet.rows.length === 0;
    // A kind of component that the system does not have needs no table.
    place.element.hidden = blank && !sheet.empty;
    place.table.element.hidden = blank;
    place.empty.hidden = !blank;
    if (sheet.empty) write(place.empty, this.#texts.text(sheet.empty));
    place.table.update(sheet.columns, sheet.rows);
  }

  /** @param {Sheet} sheet @returns {Place} */
  #place({ id, columns }) {
    const found = this.#places.get(id);
    if (found) return found;
    const title = h("h3", { id: `sheet-${id}` });
    const table = new Table(`sheet-${id}`);
    const empty = h("p", { class: "note" });
    const element = h("div", { class: "sheet card", "data-sheet": id }, title, table.element, empty);
    (columns.length > 3 ? this.#wide : this.#narrow).append(element);
    const place = { element, title, table, empty };
    this.#places.set(id, place);
    return place;
  }
}
