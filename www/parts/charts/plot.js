// The picture of a chart, and what a pointer or the keyboard reads off it.

import { h } from "../dom.js";
import { Tooltip } from "./tooltip.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/laboratory.js").Sight} Sight */
/** @typedef {import("../../web-service-model.js").Drawing} Drawing */
/** @typedef {import("../../web-service-model.js").Reading} Reading */

/**
 * @typedef {object} Actions
 * @property {(sight: Partial<Sight>) => void} look
 * @property {(x: number, y: number) => Reading[]} read
 * @property {() => void} resized
 */

/** A choice of a part of the axis narrower than this, in CSS pixels, is a click. */
const SHORTEST = 6;
/** Steps of the arrow keys from one end of the axis to the other. */
const STEPS = 100;

export class Plot {
  #texts;
  #actions;
  #canvas = h("canvas", { role: "img", tabindex: 0 });
  #line = h("div", { class: "crosshair", hidden: true });
  #selection = h("div", { class: "plot-selection", hidden: true });
  #tooltip = new Tooltip();
  /** Size of the canvas in device pixels. */
  #width = 0;
  #height = 0;
  /** Height in CSS pixels. */
  height = 0;
  /** @type {Drawing | undefined} */
  #drawing;
  #ratio = 1;
  /** Where the pointer is, in CSS pixels of the plot; none when it is elsewhere. @type {{ x: number, y: number } | undefined} */
  #at;
  /** Where a choice of a part of the axis began, in CSS pixels. @type {number | undefined} */
  #dragFrom;
  /** Whether the keyboard has moved the place, which a screen reader is to say then. */
  #keyed = false;
  #frame = 0;

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    this.element = h("div", { class: "plot" }, this.#canvas, this.#selection, this.#line, this.#tooltip.element);
    this.#listen();
    observeSize(this.element, (width, height) => {
      [this.#width, this.#height] = [width, height];
      actions.resized();
    });
  }

  get hasSize() {
    if (this.#width === 0) this.#measure();
    return this.#width > 0 && this.#height > 0;
  }

  /** It has just been given a place, and is drawn before the browser has told its size: for print. */
  #measure() {
    const { clientWidth, clientHeight } = this.element;
    [this.#width, this.#height] = [clientWidth, clientHeight].map((size) => Math.round(size * devicePixelRatio));
  }

  /** @param {string} title */
  label(title) {
    this.#canvas.setAttribute("aria-label", this.#texts.text("charts.label", { title }));
  }

  /** @param {number} height in CSS pixels @returns {boolean} whether it is another than before */
  setHeight(height) {
    if (height === this.height) return false;
    this.height = height;
    this.element.style.height = `${height}px`;
    return true;
  }

  /** The canvas in its right size. */
  prepare() {
    // Setting a canvas's size wipes it, so only when it changed.
    if (this.#canvas.width !== this.#width) this.#canvas.width = this.#width;
    if (this.#canvas.height !== this.#height) this.#canvas.height = this.#height;
    return { canvas: this.#canvas, ratio: this.#width / this.element.clientWidth };
  }

  /** @param {Drawing} drawing @param {number} ratio */
  drawn(drawing, ratio) {
    this.#drawing = drawing;
    this.#ratio = ratio;
    this.element.classList.toggle("timed", drawing.time_axis);
    if (this.#at) this.#requestReading();
  }

  /** Shows a moment. @param {number | null} time */
  point(time) {
    const plot = this.#drawing?.time_axis ? this.#drawing.plot : undefined;
    const outside = !plot || time === null || time < plot.x_min || time > plot.x_max;
    this.#line.hidden = outside;
    if (!outside) this.#placeLine(this.#pixel(time));
  }

  #listen() {
    const element = this.element;
    element.addEventListener("pointermove", (event) => this.#move(event));
    // A finger leaves when it is lifted: what it has pointed at stays, until it points elsewhere.
    element.addEventListener("pointerleave", (event) => event.pointerType === "touch" || this.#leave());
    element.addEventListener("pointerdown", (event) => this.#press(event));
    element.addEventListener("pointerup", (event) => this.#release(event));
    element.addEventListener("pointercancel", () => {
      this.#endDrag();
      this.#leave();
    });
    // Once more after the focus has come here, and another chart has taken back what it showed.
    element.addEventListener("click", () => this.#at && this.#requestReading());
    element.addEventListener("dblclick", () => this.#actions.look({ zoom: null }));
    this.#canvas.addEventListener("keydown", (event) => this.#onKey(event));
    this.#canvas.addEventListener("blur", () => this.#leave());
  }

  /** @param {PointerEvent} event */
  #place(event) {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    this.#keyed = false;
    this.#at = this.#place(event);
    if (this.#dragFrom !== undefined) this.#showSelection(this.#dragFrom, this.#at.x);
    this.#requestReading();
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.pointerType === "touch") this.#move(event);
    if (event.button !== 0 || !this.#drawing?.time_axis) return;
    this.#dragFrom = this.#place(event).x;
    this.element.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #release(event) {
    const from = this.#dragFrom;
    this.#endDrag();
    const to = this.#place(event).x;
    if (from === undefined || Math.abs(to - from) < SHORTEST) return;
    const [start, end] = [this.#value(Math.min(from, to)), this.#value(Math.max(from, to))];
    if (end > start) this.#actions.look({ zoom: [start, end] });
  }

  #endDrag() {
    this.#dragFrom = undefined;
    this.#selection.hidden = true;
  }

  #leave() {
    this.#at = undefined;
    this.#tooltip.hide();
    if (this.#drawing?.time_axis) this.#actions.look({ cursor: null });
    else this.#line.hidden = true;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const plot = this.#drawing?.plot;
    if (!plot) return;
    const [left, right] = [plot.left / this.#ratio, plot.right / this.#ratio];
    const middle = (plot.top + plot.bottom) / 2 / this.#ratio;
    const x = this.#at?.x ?? left;
    const step = (right - left) / STEPS;
    const to = { ArrowLeft: x - step, ArrowRight: x + step, Home: left, End: right }[event.key];
    if (to !== undefined) this.#at = { x: Math.min(Math.max(to, left), right), y: this.#at?.y ?? middle };
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") this.#at = { x, y: this.#row(event.key) };
    else if (event.key === "+" || event.key === "-") this.#zoomBy(event.key === "+" ? 0.5 : 2);
    else if (event.key === "Escape") this.#actions.look({ zoom: null });
    else return;
    event.preventDefault();
    this.#keyed = true;
    this.#requestReading();
  }

  /** The next row of a chart of rows, in CSS pixels from the top. @param {"ArrowUp" | "ArrowDown"} key */
  #row(key) {
    const { plot, rows } = /** @type {Drawing} */ (this.#drawing);
    const [top, bottom] = [plot.top / this.#ratio, plot.bottom / this.#ratio];
    const height = (bottom - top) / Math.max(rows ?? 1, 1);
    const y = (this.#at?.y ?? top - height / 2) + (key === "ArrowDown" ? height : -height);
    return Math.min(Math.max(y, top + height / 2), bottom - height / 2);
  }

  /** @param {number} factor how much of the axis is seen afterwards, of what is seen now */
  #zoomBy(factor) {
    if (!this.#drawing?.time_axis) return;
    const { x_min, x_max } = this.#drawing.plot;
    const middle = this.#at ? this.#value(this.#at.x) : (x_min + x_max) / 2;
    this.#actions.look({ zoom: [Math.max(middle - (middle - x_min) * factor, 0), middle + (x_max - middle) * factor] });
  }

  #requestReading() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#readOff();
    });
  }

  #readOff() {
    const [at, drawing] = [this.#at, this.#drawing];
    if (!at || !drawing || drawing.empty) return this.#tooltip.hide();
    const { plot } = drawing;
    const [x, y] = [at.x * this.#ratio, at.y * this.#ratio];
    if (x < plot.left - 1 || x > plot.right + 1 || y < plot.top - 1 || y > plot.bottom + 1) return this.#tooltip.hide();
    const value = this.#value(at.x);
    const height = plot.y_min + ((plot.bottom - y) / (plot.bottom - plot.top)) * (plot.y_max - plot.y_min);
    if (drawing.time_axis) {
      this.#actions.look({ cursor: value });
    } else {
      this.#line.hidden = false;
      this.#placeLine(at.x);
    }
    this.#tooltip.show(this.#actions.read(value, height), at, this.element, this.#keyed);
  }

  /** Place on the horizontal axis at a pixel. @param {number} x in CSS pixels */
  #value(x) {
    const plot = /** @type {Drawing} */ (this.#drawing).plot;
    const share = (x * this.#ratio - plot.left) / (plot.right - plot.left);
    return plot.x_min + Math.min(Math.max(share, 0), 1) * (plot.x_max - plot.x_min);
  }

  /** @param {number} value */
  #pixel(value) {
    const { left, right, x_min, x_max } = /** @type {Drawing} */ (this.#drawing).plot;
    return (left + ((value - x_min) / (x_max - x_min)) * (right - left)) / this.#ratio;
  }

  /** @param {number} x in CSS pixels */
  #placeLine(x) {
    const { top, bottom } = /** @type {Drawing} */ (this.#drawing).plot;
    this.#line.style.translate = `${x}px ${top / this.#ratio}px`;
    this.#line.style.height = `${(bottom - top) / this.#ratio}px`;
  }

  /** @param {number} from @param {number} to */
  #showSelection(from, to) {
    const { top, bottom } = /** @type {Drawing} */ (this.#drawing).plot;
    this.#selection.hidden = Math.abs(to - from) < SHORTEST;
    this.#selection.style.translate = `${Math.min(from, to)}px ${top / this.#ratio}px`;
    this.#selection.style.width = `${Math.abs(to - from)}px`;
    this.#selection.style.height = `${(bottom - top) / this.#ratio}px`;
  }
}

/**
 * Tells an element's size in device pixels, exactly where the browser knows it.
 * @param {HTMLElement} element
 * @param {(width: number, height: number) => void} onSize
 */
function observeSize(element, onSize) {
  const observer = new ResizeObserver(([entry]) => {
    const exact = entry.devicePixelContentBoxSize?.[0];
    const { width, height } = entry.contentRect;
    const [inline, block] = [width * devicePixelRatio, height * devicePixelRatio];
    // The exact size differs from the computed one by a rounded pixel. Where it is far off, as with an emulated screen,
    // it is not meant.
    const near = exact && Math.abs(exact.inlineSize - inline) < 2;
    onSize(Math.round(near ? exact.inlineSize : inline), Math.round(near ? exact.blockSize : block));
  });
  try {
    observer.observe(element, { box: "device-pixel-content-box" });
  } catch {
    observer.observe(element);
  }
}
