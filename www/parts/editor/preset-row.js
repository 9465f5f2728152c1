// Fills in the numbers of a policy, and says which ones they are as long as nobody changes them.

import { same } from "../../run/json.js";
import { h, write } from "../dom.js";
import { canonical } from "./canonical.js";
import { PRESETS } from "./policy-presets.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

export class PresetRow {
  #context;
  #shape;
  #select;
  #note = h("p", { class: "field-doc" });

  /** @param {Context} context @param {Shape} shape of the policy @param {Path} path */
  constructor(context, shape, path) {
    this.#context = context;
    this.#shape = shape;
    const { texts } = context;
    const choices = PRESETS.map(({ id }) => h("option", { value: id }, texts.text(`preset.${id}`)));
    this.#select = h("select", { id: context.id(), onchange: () => this.#fill(path) }, h("option", { value: "" }, texts.text("preset.none")), ...choices);
    this.#note.id = context.id();
    this.#select.setAttribute("aria-describedby", this.#note.id);
    const label = h("label", { for: this.#select.id }, texts.text("preset.title"));
    this.element = h("div", { class: "form-row form-preset" }, label, h("div", { class: "field-control" }, this.#select), this.#note);
  }

  /** Says which preset it is, if it is one. @param {unknown} value */
  update(value) {
    const { schema, texts } = this.#context;
    const plain = (/** @type {unknown} */ policy) => canonical(schema, policy, this.#shape);
    const found = PRESETS.find(({ policy }) => same(plain(policy), plain(value)));
    this.#select.value = found?.id ?? "";
    write(this.#note, texts.text(found ? `preset.${found.id}.note` : "preset.none.note"));
    return this.#select.value;
  }

  /** @param {Path} path */
  #fill(path) {
    const chosen = PRESETS.find(({ id }) => id === this.#select.value);
    if (chosen) this.#context.change(path, chosen.policy);
  }
}
