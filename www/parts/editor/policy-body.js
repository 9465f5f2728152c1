// What a policy is made of: numbers that are known from elsewhere to begin with, and its fields.

import { h } from "../dom.js";
import { ObjectBody } from "./object-body.js";
import { PresetRow } from "./preset-row.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

export class PolicyBody {
  #preset;
  #fields;

  /** @param {Context} context @param {Shape} shape of the policy @param {Path} path */
  constructor(context, shape, path) {
    this.#preset = new PresetRow(context, shape, path);
    this.#fields = new ObjectBody(context, shape, path);
    this.element = h("div", { class: "form-fields" }, this.#preset.element, this.#fields.element);
  }

  /** @param {unknown} value */
  update(value) {
    this.#preset.update(value);
    this.#fields.update(value);
  }
}
