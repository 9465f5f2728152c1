// The fields of an object: the usual ones, and the others under "more".

import { isObject, same } from "../../run/json.js";
import { h, write } from "../dom.js";
import { createField } from "./fields.js";
import { arrange } from "./layout.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./context.js").Field} Field */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

export class ObjectBody {
  element = h("div", { class: "form-fields" });
  #context;
  /** @type {{ name: string, field: Field }[]} */
  #fields;
  /** @type {Shape[]} */
  #rare = [];
  #moreTitle = h("summary");

  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    this.#context = context;
    const { main, more } = arrange(shape.type, shape.fields);
    const make = (/** @type {string} */ name) => ({ name, field: createField(context, context.schema.field(shape, name), [...path, name]) });
    const first = main.map(make);
    const rest = more.map(make);
    this.#fields = [...first, ...rest];
    this.element.append(...first.map(({ field }) => field.element));
    if (rest.length === 0) return;
    this.#rare = more.map((name) => context.schema.field(shape, name));
    this.element.append(h("details", { class: "form-more" }, this.#moreTitle, h("div", { class: "form-fields" }, ...rest.map(({ field }) => field.element))));
  }

  /** @param {unknown} value */
  update(value) {
    const object = isObject(value) ? value : {};
    for (const { name, field } of this.#fields) field.update(Object.hasOwn(object, name) ? object[name] : undefined);
    const set = this.#rare.filter(({ name, fallback }) => object[name] !== undefined && object[name] !== null && !same(object[name], fallback));
    const { texts, words } = this.#context;
    const names = set.map((shape) => words.label(shape)).join(", ");
    write(this.#moreTitle, set.length === 0 ? texts.text("editor.more") : texts.text("editor.more.set", { names }));
  }
}
