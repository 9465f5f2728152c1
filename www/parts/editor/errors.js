// Mistakes beside what they are about.

import { h } from "../dom.js";
import { prose } from "./words.js";

/** @typedef {import("./context.js").ConfigError} ConfigError */

/** A place for the mistakes of one field. @param {string} id */
export function errorSlot(id) {
  return h("div", { class: "field-errors", id, hidden: true });
}

/** The simulator says what is wrong in English. A path is one from the field on. @param {HTMLElement} slot @param {ConfigError[]} errors */
export function fillErrors(slot, errors) {
  const text = JSON.stringify(errors);
  if (slot.dataset.text === text) return;
  slot.dataset.text = text;
  slot.hidden = errors.length === 0;
  slot.replaceChildren(...errors.map(({ path, found, rule }) => {
    const line = h("p", { lang: "en" });
    if (path !== "") line.append(h("code", {}, path), " ");
    if (found !== null && found.length <= 24) line.append(h("code", {}, found), " ");
    line.append(...prose(rule));
    return line;
  }));
}
