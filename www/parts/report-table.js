// The report as tables, beside that of another run if there is one, and as files.

import { BaselineBar } from "./baseline-bar.js";
import { h, write } from "./dom.js";
import { downloads } from "./downloads.js";
import { alone, compared } from "./report-compare.js";
import { sheets } from "./report-rows.js";
import { Table } from "./table.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../run/engine.js").Report} Report */
/** @typedef {import("../run/laboratory.js").Baseline} Baseline */
/** @typedef {import("./report-rows.js").Sheet} Sheet */
/** @typedef {{ element: HTMLElement, title: HTMLElement, table: Table, empty: HTMLElement }} Place */

/**
 * @typedef {object} Actions
 * @property {(kind: import("./downloads.js").FileKind) => void} save
 * @property {() => void} pin
 * @property {() => void} unpin
 */

export class ReportTable {
  #texts;
  #bar;
  #narrow = h("div", { class: "sheets narrow" });
  #wide = h("div", { class: "sheets" });
  /** @type {Map<string, Place>} */
  #places = new Map();
  /** @type {Report | undefined} */
  #report;
  /** @type {Config} */
  #config = {};
  /** @type {Baseline | undefined} */
  #baseline;

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#bar = new BaselineBar(texts, actions);
    const title = texts.label(h("h2", { id: "report-title", class: "visually-hidden" }), "report.title");
    this.element = h(
      "section",
      { class: "report", "aria-labelledby": "report-title" },
      h("div", { class: "section-head" }, title, this.#bar.element, downloads(texts, actions.save)),
      this.#narrow,
      this.#wide,
    );
  }

  /** What the system is. @param {Config} config */
  configure(config) {
    this.#config = config;
  }

  /** What the run is compared with. @param {Baseline | undefined} baseline @param {boolean} pinned */
  compare(baseline, pinned) {
    this.#baseline = baseline;
    this.#bar.show(baseline, pinned);
    this.element.classList.toggle("comparing", baseline !== undefined);
    this.update(this.#report);
  }

  /** @param {Report | undefined} report */
  update(report) {
    this.#report = report;
    if (!report) return;
    const baseline = this.#baseline;
    const former = new Map(
      baseline && sheets(baseline.report, baseline.config, this.#texts).map((sheet) => [sheet.id, sheet]),
    );
    this.#bar.compare(report);
    for (const sheet of sheets(report, this.#config, this.#texts)) this.#show(sheet, former.get(sheet.id));
  }

  relabel() {
    this.#bar.relabel();
    this.update(this.#report);
  }

  /** @param {Sheet} sheet @param {Sheet | undefined} former */
  #show(sheet, former) {
    const place = this.#place(sheet);
    write(place.title, this.#texts.text(sheet.title));
    const { columns, rows } = this.#written(sheet, former);
    const blank = rows.length === 0;
    // A kind of component that the system does not have needs no table.
    place.element.hidden = blank && !sheet.empty;
    place.table.element.hidden = blank;
    place.empty.hidden = !blank;
    if (sheet.empty) write(place.empty, this.#texts.text(sheet.empty));
    place.table.update(columns, rows);
  }

  /** @param {Sheet} sheet @param {Sheet | undefined} former */
  #written(sheet, former) {
    if (!this.#baseline) return alone(sheet, this.#texts);
    return compared(sheet, former, this.#texts, this.#bar.sameLength);
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
