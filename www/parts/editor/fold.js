// Fields that are not needed often, behind a heading that tells what is set of them.

import { same } from "../../run/json.js";
import { h, write } from "../dom.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./context.js").Field} Field */
/** @typedef {import("./schema.js").Shape} Shape */

/** @param {unknown} value @param {Shape} shape */
function isSet(value, { fallback }) {
  return value !== undefined && value !== null && !same(value, fallback);
}

export class Fold {
  #context;
  #name;
  #shapes;
  #title;
  #count = h("span", { class: "fold-count" });
  #set = 0;

  /** @param {Context} context @param {string | undefined} name of a group, if it is one @param {Shape[]} shapes @param {Field[]} fields */
  constructor(context, name, shapes, fields) {
    this.#context = context;
    this.#name = name;
    this.#shapes = shapes;
    this.#title = name === undefined ? h("span") : h("h4", {}, context.texts.named("editor.group", name));
    this.element = h("details", { class: name === undefined ? "form-more" : "form-more form-fold" },
      h("summary", {}, this.#title, " ", this.#count),
      h("div", { class: "form-fields" }, ...fields.map(({ element }) => element)));
  }

  /** What the object holds now. @param {{ [name: string]: unknown }} object */
  update(object) {
    const { texts, words } = this.#context;
    const set = this.#shapes.filter((shape) => isSet(object[shape.name], shape));
    if (this.#name === undefined) {
      const names = set.map((shape) => words.label(shape)).join(", ");
      write(this.#title, set.length === 0 ? texts.text("editor.more") : texts.text("editor.more.set", { names }));
      return;
    }
    write(this.#count, set.length === 0 ? "" : texts.text("editor.group.set", { count: set.length }));
    // Whoever has closed it wants it closed, until there is something new.
    if (set.length > 0 && this.#set === 0) this.element.open = true;
    this.#set = set.length;
  }
}
