// An object within an object: one that is always there, or one that can be added and removed.

import { h } from "../dom.js";
import { Group } from "./group.js";
import { bodyOf } from "./preset-body.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./path.js").Path} Path */
/** @typedef {import("./schema.js").Shape} Shape */

export class SectionField extends Group {
  /** @type {ReturnType<typeof bodyOf> | undefined} */
  #fields;
  #isThere = false;
  #add;
  #remove;

  /** @param {Context} context @param {Shape} shape @param {Path} path */
  constructor(context, shape, path) {
    super(context, shape, path);
    const { texts } = context;
    const what = this.title;
    this.#add = this.button(texts.text("editor.add"), texts.text("editor.add.what", { what }), () => {
      context.add(path, shape);
      this.#remove.focus();
    });
    this.#remove = this.button(texts.text("editor.remove"), texts.text("editor.remove.what", { what }), () => {
      context.change(path, undefined);
      this.#add.focus();
    });
    // With a default it counts whether it is written down or not.
    if (shape.fallback === undefined && shape.optional) this.buttons.append(this.#add, this.#remove);
    this.#show(false);
  }

  /** @param {unknown} value */
  update(value) {
    const isThere = this.shape.fallback !== undefined || (value !== undefined && value !== null);
    if (isThere !== this.#isThere || (isThere && !this.#fields)) this.#show(isThere);
    this.#fields?.update(value);
  }

  /** @param {boolean} isThere */
  #show(isThere) {
    this.#isThere = isThere;
    this.#fields = isThere ? bodyOf(this.context, this.shape, this.path) : undefined;
    this.body.replaceChildren(...(this.#fields ? [this.#fields.element] : []));
    this.body.hidden = !isThere;
    this.#add.hidden = isThere;
    this.#remove.hidden = !isThere;
    this.element.classList.toggle("form-absent", !isThere);
  }
}

/** @returns {HTMLElement} what stands where a list or map has nothing */
export function emptyNote(/** @type {Context} */ context) {
  return h("p", { class: "note" }, context.texts.text("editor.empty"));
}
