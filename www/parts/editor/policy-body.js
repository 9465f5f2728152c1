// What a policy is made of: numbers that are known from elsewhere to begin with, and its fields. As long as the numbers
// are those of a product, its name says enough, and the fields stand behind a disclosure.

import { h } from "../dom.js";
import { ObjectBody } from "./object-body.js";
import { PresetRow } from "./preset-row.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

export class PolicyBody {
  #preset;
  #fields;
  #numbers;
  /** @type {string | undefined} */
  #chosen;

  /** @param {Context} context @param {Shape} shape of the policy @param {Path} path */
  constructor(context, shape, path) {
    this.#preset = new PresetRow(context, shape, path);
    this.#fields = new ObjectBody(context, shape, path);
    this.#numbers = h("details", { class: "form-more" }, h("summary", {}, context.texts.text("preset.numbers")), this.#fields.element);
    this.element = h("div", { class: "form-fields" }, this.#preset.element, this.#numbers);
  }

  /** @param {unknown} value */
  update(value) {
    const chosen = this.#preset.update(value);
    this.#fields.update(value);
    // Whoever changes a number goes on to see it.
    if (chosen !== this.#chosen) this.#numbers.open = chosen === "";
    this.#chosen = chosen;
  }
}
