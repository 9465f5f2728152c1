// What went wrong, said in the page.

import { told } from "../i18n/rules.js";
import { h } from "./dom.js";
import { icon } from "./icon.js";
import { FocusReturn } from "./focus-return.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../i18n/texts.js").Key} Key */
/** @typedef {import("../web-service-model.js").ConfigError} ConfigError */

/** @typedef {{ text: Key, run: () => void }} Action what a button is called and does */

/**
 * @typedef {object} Trouble
 * @property {() => string} title in the language of the moment
 * @property {Key} [hint]
 * @property {string} [detail] the message as it came
 * @property {ConfigError[]} [errors]
 * @property {Action} [action]
 * @property {Action} [instead] something else that can be done
 */

export class Alert {
  #texts;
  /** @type {Trouble | undefined} */
  #trouble;
  #focus;

  /** @param {Texts} texts @param {() => void} goOn puts the focus where one goes on if it came from nowhere */
  constructor(texts, goOn) {
    this.#texts = texts;
    this.element = h("div", { class: "alert-place", role: "alert" });
    this.#focus = new FocusReturn(this.element, goOn);
  }

  /** @param {Trouble} trouble */
  show(trouble) {
    const { within } = this.#focus;
    this.#trouble = trouble;
    this.element.replaceChildren(this.#box(trouble));
    // Who was at the buttons of the last one goes on at those of this one.
    if (within) this.element.querySelector("button")?.focus();
  }

  hide() {
    const { within } = this.#focus;
    this.#trouble = undefined;
    this.element.replaceChildren();
    if (within) this.#focus.give();
  }

  relabel() {
    if (this.#trouble) this.show(this.#trouble);
  }

  /** @param {Trouble} trouble */
  #box({ title, hint, detail, errors = [], action, instead }) {
    const body = h("div", { class: "alert-body" }, h("strong", {}, title()));
    if (hint) body.append(h("p", {}, this.#texts.text(hint)));
    if (detail) {
      const { text, lang } = told(detail, this.#texts);
      body.append(h("p", { class: "alert-detail", lang }, text));
    }
    if (errors.length > 0) body.append(errorList(errors, this.#texts));
    const buttons = h("div", { class: "alert-buttons" });
    for (const one of [action, instead]) if (one) buttons.append(this.#button(one.text, one.run));
    buttons.append(this.#button("error.close", () => {}));
    return h("div", { class: "alert" }, icon("alert"), body, buttons);
  }

  /** @param {Key} text @param {() => void} run */
  #button(text, run) {
    const press = () => {
      this.hide();
      run();
    };
    return h("button", { type: "button", class: "small", onclick: press }, this.#texts.text(text));
  }
}

/** Mistakes in a configuration: where, what was found, and the rule. @param {ConfigError[]} errors @param {Texts} texts */
export function errorList(errors, texts) {
  const items = errors.map((error) => {
    const path = error.path || texts.text("error.whole");
    // The rule reads on from the value: "services.Shop.fail_prob: 2 is too large (a probability, 0 to 1)".
    const place = h("code", {}, error.found === null ? `${path}:` : `${path}: ${error.found}`);
    const { text, lang } = told(error.rule, texts);
    return h("li", {}, place, " ", h("span", { lang }, text));
  });
  return h("ul", { class: "errors" }, ...items);
}
