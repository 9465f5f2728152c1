// Mistakes as marks in the text of the JSON, each at its place.

import { told } from "../../../i18n/rules.js";
import { h } from "../../dom.js";
import { readPath } from "../path.js";
import { prose } from "../words.js";
import { breakOf, markOf } from "./places.js";

/** @typedef {import("@codemirror/lint").Diagnostic} Diagnostic */
/** @typedef {import("../../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../../vendor/codemirror.js").EditorState} EditorState */
/** @typedef {import("../../../web-service-model.js").ConfigError} ConfigError */

/** What the simulator found. @param {EditorState} state @param {ConfigError[]} errors @param {Texts} texts @returns {Diagnostic[]} */
export function mistakeMarks(state, errors, texts) {
  const marks = errors.map(({ path, rule }) => {
    const { text, lang } = told(rule, texts);
    const renderMessage = () => h("span", { lang }, h("code", {}, path || texts.text("error.whole")), " ", ...prose(text));
    return { ...markOf(state, readPath(path)), severity: /** @type {const} */ ("error"), message: `${path} ${text}`.trim(), renderMessage };
  });
  return marks.sort((one, other) => one.from - other.from);
}

/** Where the text is no JSON. @param {EditorState} state @param {string} message @returns {Diagnostic[]} */
export function breakMarks(state, message) {
  const range = breakOf(state) ?? { from: 0, to: state.doc.length };
  return [{ ...range, severity: "error", message }];
}
