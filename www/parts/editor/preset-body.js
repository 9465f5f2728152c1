// An object that can be filled in with numbers which are known from elsewhere, and its fields. As long as all of them are
// those of a product, its name says enough, and the fields stand behind a disclosure.

import { h } from "../dom.js";
import { ObjectBody } from "./object-body.js";
import { PresetRow } from "./preset-row.js";
import { presetsOf } from "./presets.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./presets.js").Presets} Presets */
/** @typedef {import("./schema.js").Shape} Shape */

/** The fields of an object, with presets where there are some. @param {Context} context @param {Shape} shape @param {Path} path */
export function bodyOf(context, shape, path) {
  const presets = presetsOf(shape.type);
  return presets ? new PresetBody(context, shape, path, presets) : new ObjectBody(context, shape, path);
}

class PresetBody {
  #preset;
  #fields;
  /** @type {HTMLDetailsElement | undefined} */
  #numbers;
  /** @type {string | undefined} */
  #chosen;

  /** @param {Context} context @param {Shape} shape @param {Path} path @param {Presets} presets */
  constructor(context, shape, path, presets) {
    this.#preset = new PresetRow(context, shape, path, presets);
    this.#fields = new ObjectBody(context, shape, path);
    // What no preset fills in is to be seen in any case.
    if (presets.kept.length === 0) {
      this.#numbers = h("details", { class: "form-more" }, h("summary", {}, context.texts.text("preset.numbers")), this.#fields.element);
    }
    this.element = h("div", { class: "form-fields" }, this.#preset.element, this.#numbers ?? this.#fields.element);
  }

  /** @param {unknown} value */
  update(value) {
    const chosen = this.#preset.update(value);
    this.#fields.update(value);
    // Whoever changes a number goes on to see it.
    if (this.#numbers && chosen !== this.#chosen) this.#numbers.open = chosen === "";
    this.#chosen = chosen;
  }
}
