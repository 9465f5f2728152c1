// What a chart says at one place.

import { h, write } from "../dom.js";

/** @typedef {import("../../web-service-model.js").Reading} Reading */

/** Distance from the pointer, in CSS pixels. */
const GAP = 14;
/** Lines at the most. */
const LINES = 12;

export class Tooltip {
  constructor() {
    this.element = h("div", { class: "tip chart-tip", hidden: true });
  }

  hide() {
    this.element.hidden = true;
  }

  /**
   * @param {Reading[]} readings
   * @param {{ x: number, y: number }} at in CSS pixels
   * @param {HTMLElement} frame it stays inside
   * @param {boolean} spoken whether a screen reader is to say it: the keyboard moves the place
   */
  show(readings, at, frame, spoken) {
    const lines = readings.slice(0, LINES).map(line);
    this.element.hidden = lines.length === 0;
    if (spoken) this.element.setAttribute("role", "status");
    else this.element.removeAttribute("role");
    this.element.replaceChildren(...lines);
    const { clientWidth: width, clientHeight: height } = frame;
    const { offsetWidth, offsetHeight } = this.element;
    const right = at.x + GAP + offsetWidth <= width;
    const x = right ? at.x + GAP : Math.max(at.x - GAP - offsetWidth, 0);
    const y = Math.min(Math.max(at.y - offsetHeight - GAP, 0), Math.max(height - offsetHeight, 0));
    this.element.style.translate = `${x}px ${y}px`;
  }
}

/** @param {Reading} reading */
function line({ name, text, colour_index: colour }) {
  if (!name) return h("strong", {}, text);
  const swatch = h("span", { class: "swatch area", "aria-hidden": "true" });
  if (colour !== null) swatch.style.color = `var(--series-${(colour % 8) + 1})`;
  const label = h("span", { class: "tip-name" });
  write(label, name);
  return h("div", { class: "tip-line" }, swatch, label, h("span", { class: "tip-value" }, text));
}
