// The fields of an object: the usual ones, and the others behind headings.

import { isObject } from "../../run/json.js";
import { h } from "../dom.js";
import { createField } from "./fields.js";
import { Fold } from "./fold.js";
import { arrange } from "./layout.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./context.js").Field} Field */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

export class ObjectBody {
  element = h("div", { class: "form-fields" });
  #context;
  #shape;
  #path;
  /** @type {{ name: string, field: Field }[]} */
  #fields = [];
  /** @type {Fold[]} */
  #folds;

  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    this.#context = context;
    this.#shape = shape;
    this.#path = path;
    const { main, groups } = arrange(shape.type, shape.fields);
    this.element.append(...main.map((name) => this.#make(name).element));
    this.#folds = groups.map(({ name, fields }) => {
      const shapes = fields.map((field) => context.schema.field(shape, field));
      return new Fold(context, name, shapes, fields.map((field) => this.#make(field)));
    });
    if (groups.length === 1) this.element.append(this.#folds[0].element);
    if (groups.length > 1) this.element.append(this.#grouped());
  }

  /** Several groups have a heading for them all. */
  #grouped() {
    const { id, texts } = this.#context;
    const title = h("p", { class: "form-folds-title", id: id() }, texts.text("editor.more"));
    return h("div", { class: "form-folds", role: "group", "aria-labelledby": title.id }, title, ...this.#folds.map(({ element }) => element));
  }

  /** @param {string} name @returns {Field} */
  #make(name) {
    const field = createField(this.#context, this.#context.schema.field(this.#shape, name), [...this.#path, name]);
    this.#fields.push({ name, field });
    return field;
  }

  /** @param {unknown} value */
  update(value) {
    const object = isObject(value) ? value : {};
    for (const { name, field } of this.#fields) field.update(Object.hasOwn(object, name) ? object[name] : undefined);
    for (const fold of this.#folds) fold.update(object);
  }
}
