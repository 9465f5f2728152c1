// The four figures that a run is judged by, as users see them: each for the last seconds and for the whole run, over time,
// and in a state that is told in a word.

import { h, write } from "./dom.js";
import { help } from "./help.js";
import { amplificationState, goodputState, LIVE_SECONDS, responseState, successState } from "./figure-states.js";
import { sparkPaths } from "./spark-paths.js";
import { s, set } from "./topology/svg.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../i18n/texts.js").Key} Key */
/** @typedef {import("../run/engine.js").Report} Report */
/** @typedef {import("../run/engine.js").Simulation} Simulation */
/** @typedef {import("../web-service-model.js").Recent} Recent */
/** @typedef {import("./figure-states.js").State} State */
/** @typedef {{ value: string, note: string, whole: string, state: State, lines: Float64Array[], most?: number }} Told */

const NAMES = /** @type {const} */ (["goodput", "response", "success", "amplification"]);
const SPARK = { width: 200, height: 30 };

export class Figures {
  #texts;
  /** @type {Record<typeof NAMES[number], Figure>} */
  #figures;
  /** @type {{ report: Report, simulation: Simulation } | undefined} */
  #shown;

  /** @param {Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    this.#figures = { goodput: new Figure(texts, "goodput"), response: new Figure(texts, "response"),
      success: new Figure(texts, "success"), amplification: new Figure(texts, "amplification") };
    this.element = h("section", { class: "figures" }, texts.label(h("h2", { class: "visually-hidden" }), "figures.title"), ...NAMES.map((name) => this.#figures[name].element));
    texts.attribute(this.element, "aria-label", "figures.title");
  }

  /** @param {Report} report @param {Simulation} simulation */
  update(report, simulation) {
    this.#shown = { report, simulation };
    const recent = simulation.recent(LIVE_SECONDS);
    const series = (/** @type {string} */ name) => simulation.series(`requests.${name}`);
    this.#figures.goodput.show(this.#goodput(report, recent, series));
    this.#figures.response.show(this.#response(report, recent, series));
    this.#figures.success.show(this.#success(report, recent, series));
    this.#figures.amplification.show(this.#amplification(report, recent, series));
  }

  relabel() {
    if (this.#shown) this.update(this.#shown.report, this.#shown.simulation);
  }

  /** @param {Report} report @param {Recent} recent @param {(name: string) => Float64Array} series @returns {Told} */
  #goodput({ requests }, recent, series) {
    const texts = this.#texts;
    const rate = (/** @type {number} */ value) => texts.decimal(value, value >= 100 ? 0 : 1);
    return {
      value: texts.text("panel.per_second", { value: rate(recent.goodput) }),
      note: texts.text("figure.goodput.note", { offered: rate(recent.offered), count: requests.in_flight }),
      whole: texts.text("figure.goodput.whole", { goodput: rate(requests.goodput), offered: rate(requests.offered) }),
      state: goodputState(recent),
      lines: [series("succeeded"), series("offered")],
    };
  }

  /** @param {Report} report @param {Recent} recent @param {(name: string) => Float64Array} series @returns {Told} */
  #response({ requests: { response } }, recent, series) {
    const texts = this.#texts;
    return {
      value: texts.span(recent.response_p99),
      note: texts.text("figure.response.note", { p50: texts.span(recent.response_p50), p999: texts.span(recent.response_p999) }),
      whole: texts.text("figure.response.whole", { p99: texts.span(response.p99) }),
      state: responseState(recent),
      lines: [series("response_p99")],
    };
  }

  /** @param {Report} report @param {Recent} recent @param {(name: string) => Float64Array} series @returns {Told} */
  #success({ requests }, recent, series) {
    const texts = this.#texts;
    const failed = series("failed");
    return {
      value: texts.percent(recent.success_ratio),
      note: texts.text("figure.success.note", { failed: texts.decimal(recent.failed, recent.failed >= 100 ? 0 : 1) }),
      whole: texts.text("figure.success.whole", { share: texts.percent(requests.success_ratio) }),
      state: successState(recent),
      lines: [series("succeeded").map((succeeded, at) => succeeded / (succeeded + failed[at]))],
      most: 1,
    };
  }

  /** @param {Report} report @param {Recent} recent @param {(name: string) => Float64Array} series @returns {Told} */
  #amplification({ requests: { amplification, retries } }, recent, series) {
    const texts = this.#texts;
    const times = (/** @type {number | null} */ value) => (value === null ? "–" : `×${texts.decimal(value, 2)}`);
    return {
      value: times(recent.amplification),
      note: texts.text("figure.amplification.note"),
      whole: texts.text("figure.amplification.whole", { times: times(amplification), count: retries }),
      state: amplificationState(recent),
      lines: [series("amplification")],
    };
  }
}

class Figure {
  #texts;
  #value = h("p", { class: "figure-value" }, "–");
  #state = h("span", { class: "figure-state" });
  #note = h("p", { class: "figure-note" }, "\u00a0");
  #whole = h("p", { class: "figure-note figure-whole" }, "\u00a0");
  #area = s("path", { class: "spark-area" });
  #lines = [s("path", { class: "spark-line spark-beside" }), s("path", { class: "spark-line" })];
  #spark = s("svg", { class: "figure-spark", viewBox: `0 0 ${SPARK.width} ${SPARK.height}`, preserveAspectRatio: "none", "aria-hidden": "true" });

  /** @param {Texts} texts @param {typeof NAMES[number]} name */
  constructor(texts, name) {
    this.#texts = texts;
    const title = /** @type {Key} */ (`figure.${name}`);
    const head = h("div", { class: "figure-head" }, texts.label(h("h3", { class: "figure-name" }), title), this.#state);
    this.#spark.append(this.#area, ...this.#lines);
    this.element = h("div", { class: "figure card" }, head, this.#value, this.#note, this.#spark, this.#whole,
      help(texts, title, /** @type {Key} */ (`${title}.help`)));
    this.element.dataset.figure = name;
  }

  /** @param {Told} told */
  show({ value, note, whole, state, lines: [line, beside], most }) {
    write(this.#value, value);
    write(this.#note, note);
    write(this.#whole, whole);
    write(this.#state, this.#texts.text(`figure.state.${state}`));
    this.element.dataset.state = state;
    const scale = most ?? Math.max(...[line, beside ?? []].map(largest));
    const [path, area] = sparkPaths(line, SPARK, scale);
    set(this.#lines[1], "d", path);
    set(this.#area, "d", area);
    set(this.#lines[0], "d", beside ? sparkPaths(beside, SPARK, scale)[0] : "");
  }
}

/** @param {ArrayLike<number>} values */
function largest(values) {
  let most = 0;
  for (let at = 0; at < values.length; at++) if (values[at] > most) most = values[at];
  return most;
}
