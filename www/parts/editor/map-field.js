// Things by name: targets with their weights, queues.

import { isObject, same } from "../../run/json.js";
import { h } from "../dom.js";
import { icon } from "../icon.js";
import { Group } from "./group.js";
import { NameInput } from "./name-input.js";
import { freeName } from "./names.js";
import { ObjectBody } from "./object-body.js";
import { withKeyRenamed } from "./path.js";
import { namesFor, referentOf } from "./references.js";
import { emptyNote } from "./section-field.js";
import { NumberField, showOption } from "./simple-fields.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

/** An entry on show. @typedef {{ element: HTMLElement, update: (value: unknown) => void }} Entry */

/** What maps have in common: entries that come and go, and a button that adds one. */
class MapField extends Group {
  #empty;
  list = h("ul", { class: "form-items" });
  add;
  inner;
  one;
  /** @type {{ [name: string]: unknown }} */
  value = {};
  /** @type {Map<string, Entry>} */
  entries = new Map();

  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    super(context, shape, path);
    const { texts } = context;
    this.inner = context.schema.inner(shape);
    this.one = texts.named("editor.one", shape.name);
    this.#empty = emptyNote(context);
    this.add = this.button(texts.text("editor.add"), texts.text("editor.add.what", { what: this.one }), () => this.addEntry());
    this.buttons.append(this.add);
    this.body.append(this.#empty, this.list);
  }

  /** @param {unknown} value */
  update(value) {
    this.value = isObject(value) ? value : {};
    const names = Object.keys(this.value);
    if (!same(names, [...this.entries.keys()])) {
      this.entries = new Map(names.map((name) => [name, this.entries.get(name) ?? this.entry(name)]));
      this.list.replaceChildren(...[...this.entries.values()].map(({ element }) => element));
    }
    for (const [name, entry] of this.entries) entry.update(this.value[name]);
    this.#empty.hidden = names.length > 0;
  }

  addEntry() {}

  /** @param {string} name @returns {Entry} */
  entry(name) {
    throw new Error(`nothing shows ${name}`);
  }

  /** @param {string} name @param {string | Node} text */
  removeButton(name, text) {
    const { texts } = this.context;
    return this.button(text, texts.text("editor.remove.what", { what: `${this.one} ${name}` }), () => {
      this.context.change([...this.path, name], undefined);
      this.add.focus();
    });
  }

  /** @param {string} name */
  focusEntry(name) {
    const target = /** @type {HTMLElement | null | undefined} */ (this.entries.get(name)?.element.querySelector("select, input"));
    target?.focus();
  }
}

/** Services and how much of the load each gets. */
export class TargetsField extends MapField {
  /** @param {unknown} value */
  update(value) {
    super.update(value);
    this.add.disabled = this.#unused().length === 0;
  }

  #names() {
    const referent = referentOf(`${this.shape.id}{}`);
    return namesFor(this.context.config(), referent, this.path).flatMap(({ names }) => names);
  }

  #unused() {
    return this.#names().filter((name) => !Object.hasOwn(this.value, name));
  }

  addEntry() {
    const [name] = this.#unused();
    if (name === undefined) return;
    this.context.change([...this.path, name], 1);
    this.focusEntry(name);
  }

  /** @param {string} name @returns {Entry} */
  entry(name) {
    const { context } = this;
    const { texts, words } = context;
    const rename = () => {
      const to = select.value;
      context.change(this.path, withKeyRenamed(this.value, name, to));
      this.focusEntry(to);
    };
    const select = h("select", { "aria-label": words.label(this.shape), onchange: rename });
    const weight = new NumberField(context, this.inner, [...this.path, name], { label: words.field("weight"), doc: "" });
    const element = h("li", { class: "form-item form-line" }, select, weight.element, this.removeButton(name, icon("close")));
    const update = (/** @type {unknown} */ value) => {
      const names = this.#names();
      const offered = names.filter((one) => one === name || !Object.hasOwn(this.value, one));
      if (!same(offered, [...select.options].map((option) => option.value))) {
        select.replaceChildren(...offered.map((one) => h("option", { value: one }, one)));
      }
      showOption(select, name, texts.text("editor.missing", { name }));
      weight.update(value);
    };
    return { element, update };
  }
}

/** Things with names of their own. */
export class NamedField extends MapField {
  addEntry() {
    const { context } = this;
    const name = freeName(context.texts.named("editor.new", this.shape.name), this.value);
    context.add([...this.path, name], this.inner);
    this.focusEntry(name);
    // The name was made up.
    /** @type {HTMLInputElement | null} */ (this.list.querySelector(".name-input input:focus"))?.select();
  }

  /** @param {string} name @returns {Entry} */
  entry(name) {
    const { context } = this;
    const path = [...this.path, name];
    const rename = new NameInput(context, name, () => this.value, (to, isFinished) => {
      context.rename(path, to);
      if (isFinished) this.focusEntry(to);
    });
    const fields = new ObjectBody(context, this.inner, path);
    const head = h("div", { class: "form-item-head" }, rename.element, h("div", { class: "form-buttons" }, this.removeButton(name, context.texts.text("editor.remove"))));
    return { element: h("li", { class: "form-item" }, head, fields.element), update: (value) => fields.update(value) };
  }
}
