// What a word of the page means: a small button that says it on hover, on focus and on click.

import { h } from "./dom.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../i18n/texts.js").Key} Key */

/**
 * @param {Texts} texts
 * @param {Key} title what it is about
 * @param {Key} text what it says
 */
export function help(texts, title, text) {
  const button = h("button", { type: "button", class: "help-button" }, h("span", { "aria-hidden": "true" }, "?"));
  const tip = h("span", { class: "tip help-tip", role: "tooltip", id: `help-${title}`, hidden: true });
  button.setAttribute("aria-describedby", tip.id);
  texts.label(tip, text);
  const name = () => button.setAttribute("aria-label", texts.text("help.label", { title: texts.text(title) }));
  texts.follow(name);
  const place = h("span", { class: "help" }, button, tip);
  const show = () => (tip.hidden = false);
  const hide = () => (tip.hidden = true);
  place.addEventListener("pointerenter", show);
  place.addEventListener("pointerleave", hide);
  button.addEventListener("focus", show);
  button.addEventListener("blur", hide);
  button.addEventListener("click", show);
  button.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") hide();
  });
  return place;
}
