// A part of the form with a heading of its own.

import { h } from "../dom.js";
import { fieldOf } from "./context.js";
import { sectionOf } from "./finding-list.js";
import { fillFindings, findingSlot, markAs } from "./findings.js";
import { writePath } from "./path.js";
import { prose } from "./words.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./context.js").Finding} Finding */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

/** What an item of a list is, the list says. @param {Shape} shape */
const isItem = ({ id }) => id.endsWith("[]");

/** Subclasses fill `body`, and `buttons` in the head; they implement `update`. */
export class Group {
  body = h("div", { class: "form-body" });
  buttons = h("div", { class: "form-buttons" });
  #findings;

  /** @param {Context} context @param {Shape} shape @param {Path} path @param {{ title?: string, doc?: string }} [texts] */
  constructor(context, shape, path, texts = {}) {
    this.context = context;
    this.shape = shape;
    this.path = path;
    const id = context.id();
    const { words } = context;
    this.title = texts.title ?? words.label(shape);
    const doc = texts.doc ?? (isItem(shape) ? "" : words.doc(shape.id, shape.doc));
    this.#findings = findingSlot(`${id}-finding`);
    // The chosen part stands beside the kinds of parts at the side, which may be out of view.
    const isPart = writePath(sectionOf(path)) === writePath(path);
    this.heading = h(isPart ? "h3" : "h4", { id, class: "form-title" }, this.title);
    this.element = h(
      "section",
      { class: "form-group", role: "group", "aria-labelledby": id },
      h("div", { class: "form-head" }, this.heading, this.buttons),
      ...(doc === "" ? [] : [h("p", { class: "field-doc" }, ...prose(doc))]),
      this.#findings,
      this.body,
    );
    this.element.dataset.path = writePath(path);
    fieldOf.set(this.element, this);
  }

  /** @param {unknown} _value */
  update(_value) {}

  /** @param {Finding[]} findings */
  showFindings(findings) {
    fillFindings(this.#findings, findings, this.context.texts);
    markAs(this.element, findings);
  }

  focus() {
    const controls = "input, select, textarea, button";
    const target = this.body.querySelector(controls) ?? this.element.querySelector(controls);
    /** @type {HTMLElement | null} */ (target)?.focus();
  }

  /** A small button, whose name says what it is about too. @param {string | Node} text @param {string} label @param {() => void} run */
  button(text, label, run) {
    return h("button", { type: "button", class: "small", "aria-label": label, onclick: run }, text);
  }
}
