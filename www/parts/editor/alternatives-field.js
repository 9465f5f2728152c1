// One of several kinds, each with parameters of its own: arrivals, faults.

import { isObject } from "../../run/json.js";
import { h } from "../dom.js";
import { createField } from "./fields.js";
import { Group } from "./group.js";
import { ObjectBody } from "./object-body.js";
import { showOption } from "./simple-fields.js";
import { prose } from "./words.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

export class AlternativesField extends Group {
  #select;
  #meaning;
  #parameters = h("div", { class: "form-fields" });
  /** @type {string | undefined} */
  #built;
  /** @type {{ update: (value: unknown) => void } | undefined} */
  #fields;

  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    super(context, shape, path);
    const { words, texts } = context;
    const id = context.id();
    const unset = shape.optional ? [h("option", { value: "" }, texts.text("editor.choose"))] : [];
    const options = shape.options.map(({ key }) => h("option", { value: key }, words.option(shape.type, key)));
    this.#meaning = h("p", { class: "field-doc", id: `${id}-doc` });
    this.#select = h(
      "select",
      { "aria-labelledby": this.heading.id, "aria-describedby": `${id}-doc`, onchange: () => this.#choose() },
      ...unset,
      ...options,
    );
    this.buttons.append(this.#select);
    this.body.append(this.#meaning, this.#parameters);
  }

  /** @param {unknown} value */
  update(value) {
    const { fallback } = this.shape;
    const object = isObject(value) ? value : isObject(fallback) ? fallback : {};
    const kind = Object.keys(object)[0] ?? "";
    if (kind !== this.#built) this.#build(kind);
    showOption(this.#select, kind);
    this.#fields?.update(object[kind]);
  }

  #choose() {
    const kind = this.#select.value;
    const shape = this.context.schema.alternative(this.shape, kind);
    if (shape) this.context.add(this.path, shape, (value) => ({ [kind]: value }));
    else this.context.choose(this.path, this.shape, undefined);
  }

  /** @param {string} kind */
  #build(kind) {
    const { context, shape } = this;
    this.#built = kind;
    const inner = context.schema.alternative(shape, kind);
    const option = shape.options.find(({ key }) => key === kind);
    this.#meaning.replaceChildren(...(option ? prose(context.words.doc(`${shape.type}.${kind}`, option.doc)) : []));
    this.#meaning.hidden = !option;
    this.body.hidden = !inner;
    const fields = inner && (inner.kind === "object"
      ? new ObjectBody(context, inner, [...this.path, kind])
      : createField(context, inner, [...this.path, kind]));
    this.#fields = fields;
    this.#parameters.replaceChildren(...(fields ? [fields.element] : []));
  }
}
