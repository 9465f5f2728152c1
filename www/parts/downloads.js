// Files of the run to keep: the report, all time series, the event log.

import { h } from "./dom.js";
import { icon } from "./icon.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */

/** @typedef {import("../run/exports.js").FileKind} FileKind */

/** Kinds of files, in the order of their buttons. @type {FileKind[]} */
const FILES = ["report_json", "report_csv", "series_csv", "log_csv"];

/**
 * A group of buttons, one for each kind of file.
 * @param {Texts} texts
 * @param {(kind: FileKind) => void} save
 */
export function downloads(texts, save) {
  const buttons = FILES.map((kind) => {
    const words = texts.label(h("span"), `download.${kind}`);
    return h("button", { type: "button", class: "download", "data-file": kind, onclick: () => save(kind) }, icon("download"), words);
  });
  const group = h("div", { class: "downloads", role: "group" }, ...buttons);
  return texts.attribute(group, "aria-label", "download.title");
}
