// Mistakes beside what they are about.

import { told } from "../../i18n/rules.js";
import { h } from "../dom.js";
import { prose } from "./words.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("./context.js").ConfigError} ConfigError */

/** A place for the mistakes of one field. @param {string} id */
export function errorSlot(id) {
  return h("div", { class: "field-errors", id, hidden: true });
}

/** A path is one from the field on. @param {HTMLElement} slot @param {ConfigError[]} errors @param {Texts} texts */
export function fillErrors(slot, errors, texts) {
  const shown = JSON.stringify([texts.language, errors]);
  if (slot.dataset.text === shown) return;
  slot.dataset.text = shown;
  slot.hidden = errors.length === 0;
  slot.replaceChildren(...errors.map(({ path, found, rule }) => {
    const { text, lang } = told(rule, texts);
    const line = h("p", { lang });
    if (path !== "") line.append(h("code", {}, path), " ");
    if (found !== null && found.length <= 24) line.append(h("code", {}, found), " ");
    line.append(...prose(text));
    return line;
  }));
}
