// Lists: of calls, consumers, points, branches; and pairs.

import { listIn } from "../../run/json.js";
import { h } from "../dom.js";
import { icon } from "../icon.js";
import { createField } from "./fields.js";
import { Group } from "./group.js";
import { ObjectBody } from "./object-body.js";
import { ReferenceField } from "./reference-fields.js";
import { emptyNote } from "./section-field.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./context.js").Field} Field */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

export class ListField extends Group {
  #inner;
  #empty;
  #list = h("ol", { class: "form-items" });
  #add;
  /** @type {{ element: HTMLElement, update: (value: unknown) => void }[]} */
  #items = [];
  /** @type {unknown[]} */
  #value = [];
  #one;

  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    super(context, shape, path);
    const { texts } = context;
    this.#inner = context.schema.inner(shape);
    this.#one = texts.known("editor.one", shape.id, texts.named("editor.one", shape.name));
    this.#empty = emptyNote(context);
    this.#add = this.button(texts.text("editor.add"), texts.text("editor.add.what", { what: this.#one }), () => {
      context.add([...path, this.#value.length], this.#inner);
      this.#focusItem(this.#items.length - 1);
    });
    this.buttons.append(this.#add);
    this.body.append(this.#empty, this.#list);
    // Steps within steps.
    this.element.classList.toggle("form-nested", this.#inner.kind === "alternatives" || this.#inner.kind === "list");
    // Two values in a line need no box of their own.
    this.element.classList.toggle("form-lines", this.#isLine());
  }

  /** @param {unknown} value */
  update(value) {
    this.#value = Array.isArray(value) ? value : [];
    while (this.#items.length > this.#value.length) this.#items.pop()?.element.remove();
    while (this.#items.length < this.#value.length) {
      const item = this.#item(this.#items.length);
      this.#items.push(item);
      this.#list.append(item.element);
    }
    this.#value.forEach((one, index) => this.#items[index].update(one));
    this.#empty.hidden = this.#value.length > 0;
  }

  #isLine() {
    const { schema } = this.context;
    const kinds = this.#inner.fields.map((name) => schema.field(this.#inner, name).kind);
    return kinds.length > 0 && kinds.every((kind) => kind === "number" || kind === "duration");
  }

  /** @param {number} index */
  #item(index) {
    const { context } = this;
    const { texts } = context;
    const path = [...this.path, index];
    const fields = this.#inner.kind === "object"
      ? new ObjectBody(context, this.#inner, path)
      : createField(context, this.#inner, path);
    const what = `${this.#one} ${index + 1}`;
    const buttons = h("div", { class: "form-buttons" });
    if (index > 0 && !this.#isLine()) buttons.append(this.button(icon("move_up"), texts.text("editor.earlier", { what }), () => this.#swap(index)));
    buttons.append(this.button(this.#isLine() ? icon("close") : texts.text("editor.remove"), texts.text("editor.remove.what", { what }), () => this.#take(index)));
    const head = h("div", { class: "form-item-head" }, h("span", { class: "form-item-number" }, what), buttons);
    const element = h("li", { class: "form-item" }, head, fields.element);
    return { element, update: (/** @type {unknown} */ value) => fields.update(value) };
  }

  /** @param {number} index */
  #swap(index) {
    const value = [...this.#value];
    [value[index - 1], value[index]] = [value[index], value[index - 1]];
    this.context.change(this.path, value);
    this.#focusItem(index - 1);
  }

  /** @param {number} index */
  #take(index) {
    this.context.change(this.path, this.#value.filter((_, other) => other !== index));
    if (this.#items.length > 0) this.#focusItem(Math.min(index, this.#items.length - 1));
    else this.#add.focus();
  }

  /** @param {number} index */
  #focusItem(index) {
    const item = this.#items[index]?.element;
    // What is filled in comes before what takes the item away, wherever that stands.
    const target = item?.querySelector("select, input, textarea") ?? item?.querySelector("button");
    /** @type {HTMLElement | null | undefined} */ (target)?.focus();
  }
}

/** The two sides of something. */
export class PairField extends Group {
  /** @type {Field[]} */
  #sides;

  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    super(context, shape, path);
    const inner = context.schema.inner(shape);
    const labels = [context.texts.text("editor.one_side"), context.texts.text("editor.other_side")];
    this.#sides = labels.map((label, index) => new ReferenceField(context, inner, [...path, index], { label, doc: "" }));
    this.body.append(...this.#sides.map(({ element }) => element));
  }

  /** @param {unknown} value */
  update(value) {
    const list = listIn(value);
    this.#sides.forEach((side, index) => side.update(list[index]));
  }
}
