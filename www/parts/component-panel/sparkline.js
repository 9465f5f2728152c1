// A small chart of one figure over time.

import { h, write } from "../dom.js";
import { s, set } from "../topology/svg.js";

const WIDTH = 200;
const HEIGHT = 44;
/** More points than this are not seen. */
const POINTS_MAX = 200;

export class Sparkline {
  #texts;
  #format;
  #title = h("span", { class: "spark-title" });
  #value = h("span", { class: "spark-value" });
  #area = s("path", { class: "spark-area" });
  #line = s("path", { class: "spark-line" });
  #picture = s("svg", { class: "spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });

  /**
   * @param {import("../../i18n/texts.js").Texts} texts
   * @param {string} title
   * @param {number} colour number of the series' colour
   * @param {(value: number) => string} format
   */
  constructor(texts, title, colour, format) {
    this.#texts = texts;
    this.#format = format;
    write(this.#title, title);
    this.#picture.append(this.#area, this.#line);
    this.#picture.style.setProperty("--line", `var(--series-${colour})`);
    this.element = h("li", {}, h("div", { class: "spark-head" }, this.#title, this.#value), this.#picture);
  }

  /** @param {Float64Array} values one for each window; NaN where there is none */
  show(values) {
    const points = thinned(values);
    const known = points.filter((value) => !Number.isNaN(value));
    if (known.length === 0) {
      write(this.#value, "–");
      for (const path of [this.#area, this.#line]) set(path, "d", "");
      set(this.#picture, "aria-label", `${this.#title.textContent}: ${this.#texts.text("panel.no_figures")}`);
      return;
    }
    const most = known.reduce((one, other) => Math.max(one, other), 0);
    const value = this.#format(known[known.length - 1]);
    write(this.#value, value);
    const [line, area] = paths(points, most);
    set(this.#line, "d", line);
    set(this.#area, "d", area);
    set(this.#picture, "aria-label", `${this.#title.textContent}: ${this.#texts.text("panel.now", { value, most: this.#format(most) })}`);
  }
}

/** The line and the area under it, broken where there are no values. @param {number[]} points @param {number} most */
function paths(points, most) {
  const step = WIDTH / Math.max(1, points.length - 1);
  const height = most > 0 ? (HEIGHT - 4) / most : 0;
  let line = "";
  let area = "";
  let open = false;
  points.forEach((value, index) => {
    const x = (index * step).toFixed(1);
    if (Number.isNaN(value)) {
      if (open) area += `V${HEIGHT}Z`;
      open = false;
      return;
    }
    const y = (HEIGHT - 2 - value * height).toFixed(1);
    line += `${open ? "L" : "M"}${x} ${y}`;
    area += open ? `L${x} ${y}` : `M${x} ${HEIGHT}L${x} ${y}`;
    open = true;
    // A last value has to reach the floor, a lonely one to be seen at all.
    const last = index === points.length - 1 || Number.isNaN(points[index + 1]);
    if (last) {
      line += "h0.1";
      area += `V${HEIGHT}Z`;
      open = false;
    }
  });
  return [line, area];
}

/** The largest of each so many: what stands out must not be lost. @param {Float64Array} values */
function thinned(values) {
  const of = Math.ceil(values.length / POINTS_MAX);
  if (of <= 1) return Array.from(values);
  return Array.from({ length: Math.ceil(values.length / of) }, (_, index) => {
    const some = values.subarray(index * of, (index + 1) * of).filter((value) => !Number.isNaN(value));
    return some.length > 0 ? Math.max(...some) : NaN;
  });
}
