// A row of the form: a label, a control, what it means, and what is wrong with it.

import { h } from "../dom.js";
import { fieldOf } from "./context.js";
import { fillFindings, findingSlot, markAs } from "./findings.js";
import { writePath } from "./path.js";
import { prose } from "./words.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./context.js").Finding} Finding */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

/**
 * Subclasses make the control and hand it to `frame`; they implement `update`.
 */
export class Row {
  element = h("div", { class: "form-row" });
  /** @type {HTMLElement} */
  control = this.element;
  #findings;
  #notes;

  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    this.context = context;
    this.shape = shape;
    this.path = path;
    const id = context.id();
    this.#findings = findingSlot(`${id}-finding`);
    this.#notes = h("p", { class: "field-doc", id: `${id}-doc` });
    this.element.dataset.path = writePath(path);
    fieldOf.set(this.element, this);
  }

  /**
   * Puts the parts of the row together.
   * @param {HTMLElement} control what is labelled and takes the focus
   * @param {(Node | string)[]} beside what stands beside the control
   * @param {{ label?: string, doc?: string }} [texts] instead of the schema's
   */
  frame(control, beside = [], { label = this.context.words.label(this.shape), doc = this.#doc() } = {}) {
    this.control = control;
    control.id = this.context.id();
    const described = doc === "" ? [] : [this.#notes.id];
    control.setAttribute("aria-describedby", [...described, this.#findings.id].join(" "));
    const labelElement = h("label", { for: control.id }, label);
    this.#notes.replaceChildren(...prose(doc));
    this.element.append(labelElement, h("div", { class: "field-control" }, control, ...beside));
    if (doc !== "") this.element.append(this.#notes);
    this.element.append(this.#findings);
  }

  /** What stands there now. @param {unknown} _value */
  update(_value) {}

  /** @param {Finding[]} findings */
  showFindings(findings) {
    fillFindings(this.#findings, findings, this.context.texts);
    if (markAs(this.element, findings)) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
  }

  focus() {
    this.control.focus();
  }

  /** @param {unknown} value */
  change(value) {
    this.context.change(this.path, value);
  }

  /** Something was chosen, and not typed letter by letter. @param {unknown} value */
  choose(value) {
    this.context.choose(this.path, this.shape, value);
  }

  /** Says more about the present value than the schema does. @param {string} text */
  explain(text) {
    this.#notes.replaceChildren(...prose(text));
  }

  #doc() {
    const { words } = this.context;
    const doc = words.doc(this.shape.id, this.shape.doc);
    // Some fields are called what they mean.
    if (doc.replace(/\.$/, "") === words.label(this.shape)) return "";
    return words.meaning(this.shape);
  }
}
