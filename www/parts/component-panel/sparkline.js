// A small chart of one figure over time.

import { h, write } from "../dom.js";
import { sparkPaths, thinned } from "../spark-paths.js";
import { s, set } from "../topology/svg.js";

const WIDTH = 200;
const HEIGHT = 44;

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
    const [line, area] = sparkPaths(values, { width: WIDTH, height: HEIGHT }, most);
    set(this.#line, "d", line);
    set(this.#area, "d", area);
    set(this.#picture, "aria-label", `${this.#title.textContent}: ${this.#texts.text("panel.now", { value, most: this.#format(most) })}`);
  }
}
