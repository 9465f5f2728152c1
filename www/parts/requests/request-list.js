// A table of requests to choose one from. Each row is a button; arrow keys move between them.

import { h, write } from "../dom.js";
import { Rover } from "../rover.js";
import { kindOf } from "./trace-view.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../web-service-model.js").TraceSummary} TraceSummary */

const COLUMNS = /** @type {const} */ (["number", "sent", "service", "kind", "latency", "outcome", "attempts"]);
/** Columns of words; the others are figures. */
const WORDS = ["service", "kind", "outcome"];

/** @typedef {{ element: HTMLElement, button: HTMLButtonElement, cells: HTMLElement[], number: number }} Row */

export class RequestList {
  #texts;
  #choose;
  #body = h("tbody");
  #rover = new Rover(this.#body);
  /** @type {Row[]} */
  #rows = [];
  /** @type {TraceSummary[]} */
  #requests = [];
  /** @type {number | undefined} */
  #chosen;

  /** @param {Texts} texts @param {(number: number) => void} choose */
  constructor(texts, choose) {
    this.#texts = texts;
    this.#choose = choose;
    const heads = COLUMNS.map((name) =>
      texts.label(h("th", { scope: "col", class: WORDS.includes(name) ? "words" : "number" }), `requests.column.${name}`));
    const table = h("table", { "aria-labelledby": "requests-title" }, h("thead", {}, h("tr", {}, ...heads)), this.#body);
    // Rows are reached by arrow keys; without the index Firefox stops at the list too, as at whatever scrolls.
    this.element = h("div", { class: "request-list", tabindex: "-1" }, table);
  }

  /** Whether a request stands in the list. @param {number} number */
  has(number) {
    return this.#requests.some((request) => request.number === number);
  }

  /** @param {TraceSummary[]} requests */
  show(requests) {
    this.#requests = requests;
    // Rows keep their elements: a table that is built anew five times a second loses the focus and flickers.
    while (this.#rows.length < requests.length) this.#rows.push(this.#newRow());
    requests.forEach((request, at) => this.#write(this.#rows[at], request));
    this.#body.replaceChildren(...this.#rows.slice(0, requests.length).map((row) => row.element));
    this.#rover.settle();
    this.mark(this.#chosen);
  }

  /** Shows which one is chosen. @param {number | undefined} number */
  mark(number) {
    this.#chosen = number;
    for (const row of this.#rows) {
      const isChosen = row.number === number;
      row.element.classList.toggle("chosen", isChosen);
      row.button.setAttribute("aria-pressed", String(isChosen));
    }
  }

  /** Puts the focus on the row of a request, or on the first one. @param {number | undefined} number */
  focus(number) {
    const row = this.#rows.find((one) => one.number === number && one.element.isConnected) ?? this.#rows[0];
    if (row?.element.isConnected) row.button.focus();
  }

  relabel() {
    this.show(this.#requests);
  }

  /** @returns {Row} */
  #newRow() {
    const button = h("button", { type: "button", tabindex: -1 });
    const head = h("th", { scope: "row", class: "number" }, button);
    const cells = COLUMNS.slice(1).map((name) => h("td", { class: WORDS.includes(name) ? "words" : "number" }));
    const row = { element: h("tr", {}, head, ...cells), button, cells, number: -1 };
    // The whole row is the target.
    row.element.addEventListener("click", () => this.#choose(row.number));
    return row;
  }

  /** @param {Row} row @param {TraceSummary} request */
  #write(row, request) {
    const texts = this.#texts;
    row.number = request.number;
    row.element.dataset.request = String(request.number);
    row.element.classList.toggle("failed", request.cause !== "");
    const number = String(request.number);
    write(row.button, number);
    row.button.setAttribute("aria-label", texts.text("requests.choose", { number }));
    const cells = [
      texts.moment(request.sent, 2),
      request.service,
      texts.text(kindOf(request)),
      texts.span(request.latency),
      request.cause ? `✕ ${texts.named("cause", request.cause)}` : texts.text("requests.succeeded"),
      texts.integer(request.attempts),
    ];
    cells.forEach((text, at) => write(row.cells[at], text));
  }
}
