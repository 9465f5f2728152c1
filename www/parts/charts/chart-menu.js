// What can be done with a chart: its figures as a table, as CSV, its picture.

import { h } from "../dom.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {{ table: () => boolean, picture: () => void, csv: () => void, remove?: () => void }} Actions */

export class ChartMenu {
  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    const button = (/** @type {import("../../i18n/texts.js").Key} */ key, /** @type {() => void} */ run) =>
      texts.label(h("button", { type: "button", class: "small quiet", onclick: run }), key);
    const table = button("charts.table", () => table.setAttribute("aria-pressed", String(actions.table())));
    table.setAttribute("aria-pressed", "false");
    this.element = h(
      "div",
      { class: "chart-menu" },
      table,
      button("charts.csv", actions.csv),
      button("charts.png", actions.picture),
      ...(actions.remove ? [button("charts.remove", actions.remove)] : []),
    );
  }
}
