// The moment that is seen, on the time line: dragged, or moved with the keyboard (the ARIA pattern of a slider).

import { h } from "./dom.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */

/** Seconds by which an arrow key moves it, and parts of the whole for a page. */
const STEP = 1;
const PAGE = 10;

export class Playhead {
  #texts;
  #goTo;
  #seen = 0;
  /** How far the run has come: beyond it there is nothing to see. */
  #end = 0;
  #duration = 0;
  #drags = false;

  /** @param {Texts} texts @param {(time: number) => void} goTo @param {(event: PointerEvent) => number} timeAt a place of the line @param {() => void} grabbed */
  constructor(texts, goTo, timeAt, grabbed) {
    this.#texts = texts;
    this.#goTo = goTo;
    this.element = h("div", { class: "playhead", role: "slider", tabindex: 0, "aria-valuemin": 0, "aria-valuenow": 0 });
    texts.attribute(this.element, "aria-label", "travel.playhead");
    this.element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.stopPropagation();
      this.#drags = true;
      grabbed();
      this.element.setPointerCapture(event.pointerId);
    });
    this.element.addEventListener("pointermove", (event) => {
      if (!this.#drags) return;
      event.stopPropagation();
      goTo(Math.min(timeAt(event), this.#end));
    });
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      this.element.addEventListener(end, (event) => {
        if (this.#drags) event.stopPropagation();
        this.#drags = false;
      });
    }
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** @param {number} seen the moment @param {number} end how far the run has come @param {number} duration */
  show(seen, end, duration) {
    [this.#seen, this.#end, this.#duration] = [seen, end, duration];
    this.element.style.left = `${duration > 0 ? Math.min(seen / duration, 1) * 100 : 0}%`;
    this.element.classList.toggle("past", seen < end);
    this.element.setAttribute("aria-valuemax", end.toFixed(2));
    this.element.setAttribute("aria-valuenow", seen.toFixed(2));
    this.element.setAttribute("aria-valuetext", this.#texts.text("progress.text", { now: this.#texts.moment(seen), duration: this.#texts.moment(duration) }));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const page = this.#duration / PAGE;
    const to = { ArrowLeft: this.#seen - STEP, ArrowDown: this.#seen - STEP, ArrowRight: this.#seen + STEP, ArrowUp: this.#seen + STEP,
      PageDown: this.#seen - page, PageUp: this.#seen + page, Home: 0, End: this.#end }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#goTo(Math.min(Math.max(to, 0), this.#end));
  }
}
