// Mistakes and warnings as marks in the text of the JSON, each at its place.

import { told } from "../../../i18n/rules.js";
import { h } from "../../dom.js";
import { readPath } from "../path.js";
import { prose } from "../words.js";
import { breakOf, markOf } from "./places.js";

/** @typedef {import("@codemirror/lint").Diagnostic} Diagnostic */
/** @typedef {import("../../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../../vendor/codemirror.js").EditorState} EditorState */
/** @typedef {import("../context.js").Finding} Finding */

/** What the simulator found. @param {EditorState} state @param {Finding[]} findings @param {Texts} texts @returns {Diagnostic[]} */
export function findingMarks(state, findings, texts) {
  const marks = findings.map(({ path, rule, isWarning }) => {
    const { text, lang } = told(rule, texts);
    const sign = isWarning ? `${texts.text("editor.warning")} ` : "";
    const place = path || texts.text("error.whole");
    const renderMessage = () => h("span", {}, h("strong", {}, sign), h("code", {}, place), " ", h("span", { lang }, ...prose(text)));
    /** @type {Diagnostic["severity"]} */
    const severity = isWarning ? "warning" : "error";
    return { ...markOf(state, readPath(path)), severity, message: `${sign}${path} ${text}`.trim(), renderMessage };
  });
  return marks.sort((one, other) => one.from - other.from);
}

/** Where the text is no JSON. @param {EditorState} state @param {string} message @returns {Diagnostic[]} */
export function breakMarks(state, message) {
  const range = breakOf(state) ?? { from: 0, to: state.doc.length };
  return [{ ...range, severity: "error", message }];
}
