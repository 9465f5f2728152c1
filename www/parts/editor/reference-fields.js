// Fields that name a component: one of those there are.

import { same } from "../../run/json.js";
import { h } from "../dom.js";
import { namesFor, referentOf } from "./references.js";
import { Row } from "./row.js";
import { showOption } from "./simple-fields.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */
/** @typedef {import("./references.js").Names} Names */

/** A name. */
export class ReferenceField extends Row {
  #select;
  /** @type {Names[] | undefined} */
  #offered;

  /** @param {Context} context @param {Shape} shape @param {Path} path @param {{ label?: string, doc?: string }} [texts] */
  constructor(context, shape, path, texts) {
    super(context, shape, path);
    this.#select = h("select", { onchange: () => this.change(this.#select.value === "" ? undefined : this.#select.value) });
    this.frame(this.#select, [], texts);
  }

  /** @param {unknown} value */
  update(value) {
    const { texts, config } = this.context;
    const names = namesFor(config(), referentOf(this.shape.id), this.path);
    if (!same(names, this.#offered)) {
      this.#offered = names;
      const none = texts.text(this.shape.optional ? "editor.none" : "editor.choose");
      this.#select.replaceChildren(h("option", { value: "" }, none), ...names.flatMap((group) => optionGroup(this.context, group)));
    }
    const name = typeof value === "string" ? value : "";
    showOption(this.#select, name, texts.text("editor.missing", { name }));
  }
}

/** @param {Context} context @param {Names} names */
export function optionGroup(context, { group, names }) {
  const options = names.map((name) => {
    const isPlace = group === "" && (name === "users" || name === "balancer");
    return h("option", { value: name }, isPlace ? context.texts.text(`editor.place.${/** @type {"users" | "balancer"} */ (name)}`) : name);
  });
  return group === "" || options.length < 2 ? options : [h("optgroup", { label: group }, ...options)];
}

/** Several names, of components or of causes of failure: a box to tick for each. */
export class ReferencesField extends Row {
  #boxes = h("div", { class: "form-ticks", role: "group" });
  /** As they are written. @type {string[] | undefined} */
  #offered;
  /** @type {string[]} */
  #chosen = [];
  /** What can be named, if the schema says it. @type {string[] | undefined} */
  #words;

  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    super(context, shape, path);
    this.#words = context.schema.inner(shape).node.enum;
    this.#boxes.setAttribute("aria-label", context.words.label(shape));
    this.frame(this.#boxes);
    // A label points at one control; this is a group of them.
    const label = /** @type {HTMLLabelElement} */ (this.element.querySelector("label"));
    label.replaceWith(h("span", { class: "form-label" }, label.textContent ?? ""));
  }

  /** @param {unknown} value */
  update(value) {
    const { config, texts } = this.context;
    this.#chosen = Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
    /** @type {string[]} */
    const known = this.#words ?? namesFor(config(), referentOf(`${this.shape.id}[]`), this.path).flatMap(({ names }) => names);
    const offered = [...new Set([...known, ...this.#chosen])];
    // The same one may be named several times.
    const times = offered.map((name) => this.#chosen.filter((one) => one === name).length);
    const shown = offered.map((name, index) => (times[index] > 1 ? `${name} × ${times[index]}` : name));
    if (!same(shown, this.#offered)) {
      this.#offered = shown;
      this.#boxes.replaceChildren(...offered.map((name, index) => {
        const label = this.#words ? texts.known("cause", name, name) : shown[index];
        const text = known.includes(name) ? label : texts.text("editor.missing", { name });
        const box = h("input", { type: "checkbox", value: name, onchange: () => this.#tick(name, box.checked) });
        return h("label", { class: "form-tick" }, box, h("span", {}, text));
      }));
    }
    for (const box of this.#boxes.querySelectorAll("input")) box.checked = this.#chosen.includes(box.value);
  }

  focus() {
    this.#boxes.querySelector("input")?.focus();
  }

  /** @param {string} name @param {boolean} on */
  #tick(name, on) {
    const chosen = on ? [...this.#chosen, name] : this.#chosen.filter((one) => one !== name);
    this.change(chosen.length === 0 && this.shape.optional ? undefined : chosen);
  }
}
