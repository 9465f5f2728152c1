// A border between two parts that is dragged, or moved with the arrow keys (the ARIA pattern of a window splitter).

import { h } from "../dom.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../i18n/texts.js").Key} Key */

/**
 * @typedef {object} Measured
 * @property {"width" | "height"} along what of the part grows
 * @property {() => number} size of the part, in CSS pixels
 * @property {() => [number, number]} range that it may have
 * @property {(size: number) => void} resize
 * @property {() => void} reset back to the size that it has by itself
 */

/** Pixels by which an arrow key moves it. */
const STEP = 24;

export class Splitter {
  #measured;
  /** Where a drag began: the pointer, and the size. @type {{ at: number, size: number } | undefined} */
  #from;

  /**
   * The part lies behind the border: to its right, or below it.
   * @param {Texts} texts @param {Key} label @param {string} controls id of the part @param {Measured} measured
   */
  constructor(texts, label, controls, measured) {
    this.#measured = measured;
    const orientation = measured.along === "width" ? "vertical" : "horizontal";
    this.element = h("div", { class: `splitter splitter-${measured.along}`, role: "separator", tabindex: 0,
      "aria-orientation": orientation, "aria-controls": controls, "aria-valuenow": 0 });
    texts.attribute(this.element, "aria-label", label);
    this.element.addEventListener("pointerdown", (event) => this.#begin(event));
    this.element.addEventListener("pointermove", (event) => this.#from && this.#set(this.#from.size + this.#from.at - this.#at(event)));
    for (const end of ["pointerup", "pointercancel"]) this.element.addEventListener(end, () => (this.#from = undefined));
    this.element.addEventListener("dblclick", () => measured.reset());
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** The part, or what is around it, has another size. */
  resized() {
    this.#tell();
  }

  /** Says how large the part is, for who cannot see it. */
  #tell() {
    const [least, most] = this.#measured.range();
    const values = { min: least, max: most, now: this.#measured.size() };
    for (const [name, value] of Object.entries(values)) this.element.setAttribute(`aria-value${name}`, String(Math.round(value)));
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button !== 0) return;
    this.#from = { at: this.#at(event), size: this.#measured.size() };
    this.element.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  #at({ clientX, clientY }) {
    return this.#measured.along === "width" ? clientX : clientY;
  }

  /** @param {number} size */
  #set(size) {
    const [least, most] = this.#measured.range();
    this.#measured.resize(Math.min(Math.max(size, least), Math.max(least, most)));
    this.#tell();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const [grow, shrink] = this.#measured.along === "width" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    const [least, most] = this.#measured.range();
    const size = this.#measured.size();
    const to = { [grow]: size + STEP, [shrink]: size - STEP, Home: least, End: most }[event.key];
    if (to === undefined) return;
    this.#set(to);
    event.preventDefault();
  }
}
