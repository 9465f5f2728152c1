// Mistakes and warnings beside what they are about.

import { told } from "../../i18n/rules.js";
import { h } from "../dom.js";
import { icon } from "../icon.js";
import { prose } from "./words.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("./context.js").Finding} Finding */

/** A place for what is said of one field. @param {string} id */
export function findingSlot(id) {
  return h("div", { class: "field-findings", id, hidden: true });
}

/** A path is one from the field on. @param {HTMLElement} slot @param {Finding[]} findings @param {Texts} texts */
export function fillFindings(slot, findings, texts) {
  const shown = JSON.stringify([texts.language, findings]);
  if (slot.dataset.text === shown) return;
  slot.dataset.text = shown;
  slot.hidden = findings.length === 0;
  slot.replaceChildren(...findings.map((finding) => lineOf(finding, texts)));
}

/** Makes an element look like what is said in it. @param {HTMLElement} element @param {Finding[]} findings */
export function markAs(element, findings) {
  const isWrong = findings.some(({ isWarning }) => !isWarning);
  element.classList.toggle("has-errors", isWrong);
  element.classList.toggle("has-warnings", findings.length > 0 && !isWrong);
  return isWrong;
}

/** @param {Finding} finding @param {Texts} texts */
function lineOf({ path, found, rule, isWarning }, texts) {
  const { text, lang } = told(rule, texts);
  const line = h("p", { class: isWarning ? "field-warning" : "field-error" });
  if (isWarning) line.append(...warningSign(texts));
  if (path !== "") line.append(h("code", {}, path), " ");
  if (found !== null && found.length <= 24) line.append(h("code", {}, found), " ");
  line.append(h("span", { lang }, ...prose(text)));
  return line;
}

/** What tells a warning from a mistake, but for its colour. @param {Texts} texts */
function warningSign(texts) {
  return [icon("alert"), h("strong", {}, texts.text("editor.warning")), " "];
}
