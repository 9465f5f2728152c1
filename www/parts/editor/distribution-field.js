// A distribution: its kind, its parameters, and a picture of its density.

import { isObject } from "../../run/json.js";
import { h } from "../dom.js";
import { createField } from "./fields.js";
import { secondsOf } from "./duration.js";
import { valueAt } from "./path.js";
import { Picture } from "./picture.js";
import { Row } from "./row.js";
import { DurationField, showOption } from "./simple-fields.js";
import { distributionOf } from "./starters.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./context.js").Field} Field */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

export class DistributionField extends Row {
  #select;
  #parameters = h("div", { class: "form-parameters" });
  #picture;
  /** What the parameters on show are for. */
  #built = "";
  /** @type {{ field: Field, at: Path }[]} */
  #fields = [];
  /** @type {unknown} */
  #value;

  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    super(context, shape, path);
    const { words, schema } = context;
    this.#picture = new Picture(context.texts);
    const { type, options } = schema.distributions;
    const unset = shape.optional || shape.fallback !== undefined ? [h("option", { value: "" }, this.#unset())] : [];
    this.#select = h(
      "select",
      { onchange: () => this.#choose() },
      ...unset,
      ...options.map(({ key }) => h("option", { value: key }, words.option(type, key))),
    );
    this.frame(this.#select, [this.#picture.element]);
    const main = h("div", { class: "distribution-main" });
    this.#select.before(main);
    main.append(this.#select, this.#parameters);
    this.element.classList.add("form-distribution");
  }

  /** @param {unknown} value */
  update(value) {
    this.#value = value;
    const kind = kindOf(value);
    const built = isObject(value) || kind === "" ? kind : "plain";
    if (built !== this.#built) this.#build(built, kind);
    showOption(this.#select, kind);
    for (const { field, at } of this.#fields) field.update(valueAt(value, at));
    this.#picture.update(value ?? this.shape.fallback);
    this.#say(kind);
  }

  #choose() {
    const kind = this.#select.value;
    this.choose(kind === "" ? undefined : distributionOf(kind, this.#value ?? this.shape.fallback));
  }

  /** Fields for the parameters. @param {string} built @param {string} kind */
  #build(built, kind) {
    const { schema } = this.context;
    this.#built = built;
    this.#fields = [];
    const shape = kind === "" ? undefined : schema.alternative(schema.distributions, kind);
    if (shape && built === "plain") this.#add(new DurationField(this.context, shape, this.path), []);
    else if (shape) this.#addParameters(shape, [kind]);
    this.#parameters.replaceChildren(...this.#fields.map(({ field }) => field.element));
    this.#parameters.classList.toggle("form-single", shape?.kind === "duration");
  }

  /** @param {Shape} shape @param {Path} at */
  #addParameters(shape, at) {
    const { schema, texts } = this.context;
    if (shape.kind === "object") {
      for (const name of shape.fields) this.#add(createField(this.context, schema.field(shape, name), [...this.path, ...at, name]), [...at, name]);
    } else if (shape.length === 2) {
      const inner = schema.inner(shape);
      [texts.text("editor.from"), texts.text("editor.to")].forEach((label, index) => {
        this.#add(new DurationField(this.context, inner, [...this.path, ...at, index], { label, doc: "" }), [...at, index]);
      });
    } else {
      this.#add(createField(this.context, shape, [...this.path, ...at]), at);
    }
  }

  /** @param {Field} field @param {Path} at */
  #add(field, at) {
    this.#fields.push({ field, at });
  }

  #unset() {
    const { texts } = this.context;
    const seconds = secondsOf(this.shape.fallback);
    return seconds === undefined ? texts.text("editor.optional") : texts.text("editor.default", { value: texts.span(seconds) });
  }

  /** @param {string} kind */
  #say(kind) {
    const { words, schema } = this.context;
    const option = schema.distributions.options.find(({ key }) => key === kind);
    const doc = words.doc(this.shape.id, this.shape.doc);
    const meaning = option && kind !== "constant" ? words.doc(`Shape.${kind}`, option.doc) : "";
    this.explain(`${doc} ${meaning && `${words.option("Shape", kind)}: ${meaning}`}`.trim());
  }
}

/** A plain span of time is a constant. @param {unknown} value */
function kindOf(value) {
  if (value === undefined || value === null) return "";
  if (!isObject(value)) return "constant";
  return Object.keys(value)[0] ?? "constant";
}
