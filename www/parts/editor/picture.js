// A small picture of a distribution's density.

import { densityOf } from "./density.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("./density.js").Density} Density */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 160;
const HEIGHT = 44;

export class Picture {
  #texts;
  #svg = node("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT + 4}`, preserveAspectRatio: "none", role: "img" });
  #caption = document.createElement("div");

  /** @param {Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    this.element = document.createElement("div");
    this.element.className = "density";
    this.#caption.className = "density-caption";
    // The picture's own label says the same.
    this.#caption.setAttribute("aria-hidden", "true");
    this.element.append(this.#svg, this.#caption);
  }

  /** @param {unknown} distribution */
  update(distribution) {
    const density = densityOf(distribution);
    // A value that is always the same needs no picture.
    const isShown = density !== undefined && density.curve.length + density.values.length > 1;
    this.element.hidden = !isShown;
    if (!isShown) return;
    const { from, to, mean } = density;
    const span = (/** @type {number} */ seconds) => this.#span(seconds);
    this.#svg.setAttribute("aria-label", this.#texts.text("editor.density", { mean: span(mean), from: span(from), to: span(to) }));
    this.#svg.replaceChildren(...shapes(density));
    const words = [span(from), span(to), this.#texts.text("editor.mean", { mean: span(mean) })];
    this.#caption.replaceChildren(...words.map((word) => {
      const element = document.createElement("span");
      element.textContent = word;
      return element;
    }));
  }

  /** With three digits: it is a picture. @param {number} seconds */
  #span(seconds) {
    const unit = seconds >= 1 || seconds === 0 ? "s" : seconds >= 1e-3 ? "ms" : "us";
    const value = seconds * { s: 1, ms: 1e3, us: 1e6 }[unit];
    return `${this.#texts.number(Number(value.toPrecision(3)))}\u00a0${this.#texts.text(`unit.${unit}`)}`;
  }
}

/** @param {Density} density */
function shapes({ from, to, mean, curve, values }) {
  const x = (/** @type {number} */ value) => (((value - from) / (to - from)) * WIDTH).toFixed(1);
  const highest = Math.max(...curve.map(([, y]) => y), ...values.map(([, share]) => share), 1e-300);
  const y = (/** @type {number} */ value) => (HEIGHT - (value / highest) * (HEIGHT - 4)).toFixed(1);
  const found = [];
  if (curve.length > 0) {
    const line = curve.map(([at, density]) => `${x(at)} ${y(density)}`).join("L");
    found.push(node("path", { class: "density-area", d: `M${x(curve[0][0])} ${HEIGHT}L${line}L${x(curve[curve.length - 1][0])} ${HEIGHT}Z` }));
    found.push(node("path", { class: "density-line", d: `M${line}` }));
  }
  for (const [at, share] of values) found.push(node("path", { class: "density-value", d: `M${x(at)} ${HEIGHT}V${y(share)}` }));
  found.push(node("path", { class: "density-axis", d: `M0 ${HEIGHT}H${WIDTH}` }));
  if (mean <= to) found.push(node("path", { class: "density-mean", d: `M${x(mean)} ${HEIGHT + 4}V${HEIGHT - 6}` }));
  return found;
}

/** @param {string} tag @param {{ [name: string]: string }} attributes */
function node(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
