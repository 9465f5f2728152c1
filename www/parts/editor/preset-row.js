// Fills in the numbers of a preset, and says which ones they are as long as nobody changes them.

import { isObject, same } from "../../run/json.js";
import { h, write } from "../dom.js";
import { canonical } from "./canonical.js";
import { valueAt } from "./path.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./presets.js").Preset} Preset */
/** @typedef {import("./presets.js").Presets} Presets */
/** @typedef {import("./schema.js").Shape} Shape */

export class PresetRow {
  #context;
  #shape;
  #presets;
  #kept;
  #select;
  #note = h("p", { class: "field-doc" });

  /** @param {Context} context @param {Shape} shape of what is filled in @param {Path} path @param {Presets} presets */
  constructor(context, shape, path, { presets, kept }) {
    this.#context = context;
    this.#shape = shape;
    this.#presets = presets;
    this.#kept = kept;
    const { texts } = context;
    const choices = presets.map(({ id }) => h("option", { value: id }, texts.text(`preset.${id}`)));
    this.#select = h("select", { id: context.id(), onchange: () => this.#fill(path) }, h("option", { value: "" }, texts.text("preset.none")), ...choices);
    this.#note.id = context.id();
    this.#select.setAttribute("aria-describedby", this.#note.id);
    const label = h("label", { for: this.#select.id }, texts.text("preset.title"));
    this.element = h("div", { class: "form-row form-preset" }, label, h("div", { class: "field-control" }, this.#select), this.#note);
  }

  /** Says which preset it is, if it is one. @param {unknown} value */
  update(value) {
    const found = this.#presets.find((preset) => this.#is(preset, value));
    this.#select.value = found?.id ?? "";
    write(this.#note, found ? this.#context.texts.text(`preset.${found.id}.note`) : this.#invitation());
    return this.#select.value;
  }

  #invitation() {
    const { schema, texts, words } = this.#context;
    if (this.#kept.length === 0) return texts.text("preset.none.note");
    const names = this.#kept.map((name) => words.label(schema.field(this.#shape, name))).join(", ");
    return texts.text("preset.none.note.kept", { names });
  }

  /** @param {Preset} preset @param {unknown} value */
  #is({ value: numbers, isDefault = false }, value) {
    if (!isObject(value)) return false;
    const given = Object.entries(value).filter(([name, one]) => !this.#kept.includes(name) && one !== null);
    const plain = (/** @type {object} */ some) => canonical(this.#context.schema, some, this.#shape);
    return same(plain(numbers), plain({ ...(isDefault ? numbers : {}), ...Object.fromEntries(given) }));
  }

  /** @param {Path} path */
  #fill(path) {
    const chosen = this.#presets.find(({ id }) => id === this.#select.value);
    if (!chosen) return;
    const now = valueAt(this.#context.config(), path);
    const kept = isObject(now) ? Object.entries(now).filter(([name]) => this.#kept.includes(name)) : [];
    this.#context.change(path, { ...Object.fromEntries(kept), ...chosen.value });
  }
}
