// Fields of one value: texts, numbers, spans of time, yes or no, one of several.

import { same } from "../../run/json.js";
import { h, write } from "../dom.js";
import { readNumber, secondsOf, writeSpan } from "./duration.js";
import { isLongText, isShare, unitOf } from "./layout.js";
import { Row } from "./row.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

/** Everything that is typed. What is no number is kept as it was typed, and the simulator says what is wrong with it. */
class Typed extends Row {
  /** @type {HTMLInputElement | HTMLTextAreaElement} */
  input = h("input");
  /** What the value means, in other words. */
  reading = h("span", { class: "field-reading" });

  /** @param {string} text @returns {unknown} */
  read(text) {
    return text === "" ? undefined : text;
  }

  /** @param {unknown} value */
  write(value) {
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  /** @param {unknown} _value */
  say(_value) {
    return "";
  }

  /** @param {HTMLInputElement | HTMLTextAreaElement} input @param {{ label?: string, doc?: string }} [texts] @param {Node[]} [beside] */
  typed(input, texts, beside = []) {
    this.input = input;
    input.addEventListener("input", () => {
      const value = this.read(input.value);
      this.change(value);
      write(this.reading, this.say(value));
    });
    this.frame(input, [...beside, this.reading], texts);
  }

  /** @param {unknown} value */
  update(value) {
    const shown = this.read(this.input.value);
    if (!same(shown, value ?? undefined)) this.input.value = value === undefined || value === null ? "" : this.write(value);
    write(this.reading, this.say(value));
  }

  placeholder() {
    const { fallback, optional } = this.shape;
    const texts = this.context.texts;
    if (fallback !== undefined && fallback !== "") return texts.text("editor.default", { value: this.write(fallback) });
    return optional ? texts.text("editor.optional") : "";
  }
}

export class TextField extends Typed {
  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    super(context, shape, path);
    const placeholder = this.placeholder();
    this.typed(isLongText(path) ? h("textarea", { rows: 4, placeholder }) : h("input", { type: "text", placeholder, autocomplete: "off" }));
    this.element.classList.add("form-wide");
  }
}

const NUMERIC = { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", class: "form-number" };

export class NumberField extends Typed {
  /** @param {Context} context @param {Shape} shape @param {Path} path @param {{ label?: string, doc?: string }} [texts] */
  constructor(context, shape, path, texts) {
    super(context, shape, path);
    const unit = unitOf(shape.id);
    const beside = unit ? [h("span", { class: "field-unit" }, context.texts.text(unit))] : [];
    const inputmode = shape.kind === "integer" ? "numeric" : "decimal";
    this.typed(h("input", { ...NUMERIC, inputmode, placeholder: this.placeholder() }), texts, beside);
  }

  /** @param {string} text */
  read(text) {
    return readNumber(text);
  }

  /** @param {unknown} value */
  say(value) {
    const { texts } = this.context;
    const isShown = isShare(this.shape) && typeof value === "number" && value >= 0 && value <= 1;
    return isShown ? texts.text("editor.percent", { share: texts.percent(value) }) : "";
  }
}

export class DurationField extends Typed {
  /** @param {Context} context @param {Shape} shape @param {Path} path @param {{ label?: string, doc?: string }} [texts] */
  constructor(context, shape, path, texts) {
    super(context, shape, path);
    const title = context.texts.text("editor.unit.seconds");
    this.typed(h("input", { ...NUMERIC, inputmode: "text", placeholder: this.placeholder(), title }), texts);
  }

  /** @param {string} text */
  read(text) {
    return readNumber(text);
  }

  /** @param {unknown} value */
  write(value) {
    return typeof value === "number" ? writeSpan(value) : super.write(value);
  }

  /** A bare number is a number of seconds. @param {unknown} value */
  say(value) {
    const seconds = secondsOf(value);
    const isBare = typeof value === "number" && readNumber(this.input.value) === value && value !== 0;
    return isBare && seconds !== undefined ? this.context.texts.text("editor.span", { span: writeSpan(seconds) }) : "";
  }

  /** `50ms` shows 0.05 well enough. @param {unknown} value */
  update(value) {
    const shown = secondsOf(this.read(this.input.value));
    if (shown !== undefined && shown === secondsOf(value)) write(this.reading, this.say(value));
    else super.update(value);
  }
}

/** A short list of numbers, in one line. */
export class NumbersField extends Typed {
  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    super(context, shape, path);
    const doc = `${context.words.doc(shape.id, shape.doc)} ${context.texts.text("editor.numbers.note")}`;
    this.typed(h("input", { ...NUMERIC, class: "", inputmode: "text", placeholder: this.placeholder() }), { doc });
  }

  /** @param {string} text */
  read(text) {
    const parts = text.split(/[,;]\s*|\s+/).filter((part) => part !== "");
    return parts.length === 0 ? undefined : parts.map(readNumber);
  }

  /** @param {unknown} value */
  write(value) {
    return Array.isArray(value) ? value.join(", ") : super.write(value);
  }
}

/** Yes or no. */
export class CheckField extends Row {
  #box;

  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    super(context, shape, path);
    const fallback = shape.fallback === true;
    this.#box = h("input", { type: "checkbox", onchange: () => this.choose(this.#box.checked === fallback ? undefined : this.#box.checked) });
    this.frame(this.#box);
    this.element.classList.add("form-check");
  }

  /** @param {unknown} value */
  update(value) {
    this.#box.checked = typeof value === "boolean" ? value : this.shape.fallback === true;
  }
}

/** One of several. What the chosen one means stands below. */
export class ChoiceField extends Row {
  #select;

  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    super(context, shape, path);
    const { fallback, options, type } = shape;
    const { words, texts } = context;
    const items = options.map(({ key }) => {
      const name = words.option(type, key);
      return h("option", { value: key }, key === fallback ? texts.text("editor.default.choice", { name }) : name);
    });
    this.#select = h("select", { onchange: () => {
      this.choose(this.#select.value === fallback ? undefined : this.#select.value);
      this.#explain();
    } }, ...items);
    this.frame(this.#select);
  }

  /** @param {unknown} value */
  update(value) {
    const chosen = String(value ?? this.shape.fallback ?? "");
    showOption(this.#select, chosen);
    this.#explain();
  }

  #explain() {
    const { words } = this.context;
    const { type, options, id, doc } = this.shape;
    const option = options.find(({ key }) => key === this.#select.value);
    const meaning = option ? words.doc(`${type}.${option.key}`, option.doc) : "";
    const name = option ? words.option(type, option.key) : "";
    // Some options mean what they are called.
    const more = meaning.replace(/\.$/, "") === name ? "" : meaning;
    this.explain(`${words.doc(id, doc)} ${more && `${name}: ${more}`}`.trim());
  }
}

/** Chooses an option, and makes one for a value that has none. @param {HTMLSelectElement} select @param {string} value @param {string} [label] */
export function showOption(select, value, label = value) {
  for (const odd of select.querySelectorAll("option[data-odd]")) {
    if (/** @type {HTMLOptionElement} */ (odd).value !== value) odd.remove();
  }
  const known = [...select.options].some((option) => option.value === value);
  if (!known) select.prepend(h("option", { value, "data-odd": true }, label));
  if (select.value !== value) select.value = value;
}
