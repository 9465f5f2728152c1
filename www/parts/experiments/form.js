// What kind of experiment, on what, and how large: the form that becomes a plan.

import { h } from "../dom.js";
import { offer } from "../select.js";
import { axisOf, numericFields, sharesOf } from "../../run/plan.js";
import { metricName } from "./metric-name.js";
import { MetricPicker } from "./metric-picker.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../i18n/texts.js").Key} Key */
/** @typedef {import("../../run/engine.js").Config} Config */
/** @typedef {import("../../web-service-model.js").Plan} Plan */
/** @typedef {import("../../web-service-model.js").HalfWidthTarget} Target */
/** @typedef {"replications" | "comparison" | "sweep" | "ready"} Kind */
/** @typedef {import("../../run/scenarios.js").Entry} Entry */

/** @type {Kind[]} */
const KINDS = ["replications", "comparison", "sweep", "ready"];
/** What one wants to vary most often: the load, then the room for it. */
const LIKELY = [/rate$/, /instances$/, /workers$/, /^services\./];
/** Without a word of the reader on how many. */
const MOST = 10_000;
/** Time series of which a comparison shows the averages. */
const SERIES = ["requests.rps", "requests.success_ratio", "requests.failed", "requests.latency_mean", "requests.latency_p99", "requests.in_flight"];
/** Choice of the other system that is no scenario's name. */
export const BASELINE = "*baseline";

/**
 * What the form says.
 * @typedef {object} Wish
 * @property {Kind} kind
 * @property {string} other the other system of a comparison
 * @property {string} ready name of an experiment of the site
 * @property {{ replications?: number, warm_up?: number, seed?: number }} size
 */

export class Form {
  #texts;
  #onChange;
  /** @type {HTMLInputElement[]} */
  #kinds;
  #replications = number("experiment-replications", 1, 20);
  #seed = number("experiment-seed", 0, 1);
  #warmUp = number("experiment-warm-up", 0, undefined, "any");
  #quantiles = h("input", { id: "experiment-quantiles", spellcheck: "false", placeholder: "0.5, 0.95" });
  #isOverTime = h("input", { type: "checkbox", id: "experiment-over-time", checked: true });
  #isTarget = h("input", { type: "checkbox", id: "experiment-target" });
  #width = number("experiment-width", 0, 1, "any");
  #targetMetric = h("input", { id: "experiment-target-metric", list: "experiment-metrics", value: "requests.latency.mean", spellcheck: "false" });
  #other = h("select", { id: "experiment-other" });
  #ready = h("select", { id: "experiment-ready" });
  #hasBaseline = false;
  #axes;
  #metrics;
  #fields = h("datalist", { id: "experiment-fields" });
  #names = h("datalist", { id: "experiment-metrics" });
  /** @type {Record<string, HTMLElement>} */
  #rows;

  /**
   * @param {Texts} texts
   * @param {() => void} onChange
   * @param {() => void} settle finds a warm-up
   */
  constructor(texts, onChange, settle) {
    this.#texts = texts;
    this.#onChange = onChange;
    this.#metrics = new MetricPicker(texts, onChange);
    this.#axes = [1, 2].map((at) => ({
      path: h("input", { id: `experiment-path-${at}`, list: "experiment-fields", spellcheck: "false", class: "wide" }),
      values: h("input", { id: `experiment-values-${at}`, spellcheck: "false", class: "wide" }),
    }));
    this.#kinds = KINDS.map((kind) => h("input", { type: "radio", name: "experiment-kind", id: `experiment-kind-${kind}`, value: kind, checked: kind === "replications" }));
    const kinds = h("fieldset", { class: "experiment-kinds" }, texts.label(h("legend"), "experiments.kind"),
      ...this.#kinds.map((input, index) => h("span", { class: "choice" }, input, this.#label(input.id, `experiments.kind.${KINDS[index]}`))));
    this.#rows = this.#makeRows(settle);
    this.element = h("form", { class: "experiment-form" }, kinds, ...Object.values(this.#rows), this.#fields, this.#names);
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.element.addEventListener("input", () => this.changed());
    this.#arrange();
  }

  /** @param {() => void} settle */
  #makeRows(settle) {
    const texts = this.#texts;
    const find = texts.label(h("button", { type: "button", class: "small", onclick: settle }), "experiments.warm_up.find");
    const [first, second] = this.#axes;
    const target = h("div", { class: "field" }, this.#isTarget, this.#label("experiment-target", "experiments.target"));
    const overTime = h("div", { class: "field" }, this.#isOverTime, this.#label("experiment-over-time", "experiments.over_time"));
    return {
      ready: h("div", { class: "form-row" }, this.#field(this.#ready, "experiments.ready")),
      other: h("div", { class: "form-row" }, this.#field(this.#other, "experiments.other")),
      first: h("div", { class: "form-row" }, this.#field(first.path, "experiments.path"), this.#field(first.values, "experiments.values")),
      second: h("div", { class: "form-row" }, this.#field(second.path, "experiments.path.second"), this.#field(second.values, "experiments.values.second")),
      hint: texts.label(h("p", { class: "note" }), "experiments.values.hint"),
      metrics: this.#metrics.element,
      size: h("div", { class: "form-row" }, this.#field(this.#replications, "experiments.replications"), this.#field(this.#seed, "experiments.seed")),
      warmUp: h("div", { class: "form-row" }, this.#field(this.#warmUp, "experiments.warm_up"), find),
      overTime: h("div", { class: "form-row" }, overTime),
      quantiles: h("div", { class: "form-row" }, this.#field(this.#quantiles, "experiments.quantiles")),
      target: h("div", { class: "form-row" }, target, this.#field(this.#targetMetric, "experiments.target.metric"), this.#field(this.#width, "experiments.target.width")),
    };
  }

  /** @returns {Kind} */
  get kind() {
    return /** @type {Kind} */ (this.#kinds.find(({ checked }) => checked)?.value ?? "replications");
  }

  /** @returns {Wish} */
  get wish() {
    const size = { replications: valueOf(this.#replications), warm_up: valueOf(this.#warmUp), seed: valueOf(this.#seed) };
    return { kind: this.kind, other: this.#other.value, ready: this.#ready.value, size };
  }

  /** The interval that is wanted, if one is. @returns {Target | undefined} */
  get target() {
    if (this.kind !== "replications" || !this.#isTarget.checked) return undefined;
    return { metric: this.#targetMetric.value.trim(), width: (valueOf(this.#width) ?? 1) / 100, measure: "relative", most: valueOf(this.#replications) ?? MOST };
  }

  /** What is varied. */
  get vary() {
    if (this.kind !== "sweep") return [];
    return this.#axes.filter(({ path }) => path.value.trim() !== "").map(({ path, values }) => axisOf(path.value.trim(), values.value));
  }

  /** Figures of a sweep. */
  get metrics() {
    return this.#metrics.chosen;
  }

  /** Time series whose averages over the replications are wanted. */
  get series() {
    return this.kind === "comparison" && this.#isOverTime.checked ? SERIES : [];
  }

  /** Shares of which quantiles over the replications are wanted. */
  get quantiles() {
    return this.#rows.quantiles.hidden ? [] : sharesOf(this.#quantiles.value);
  }

  /** @param {number} seconds */
  set warmUp(seconds) {
    this.#warmUp.value = String(Number(seconds.toPrecision(4)));
    this.changed();
  }

  /** What can be varied and looked at in a system. @param {Config} config @param {string[]} metrics */
  system(config, metrics) {
    const fields = numericFields(config);
    this.#fields.replaceChildren(...fields.map(({ path, value }) => h("option", { value: path, label: String(value) })));
    this.#names.replaceChildren(...metrics.map((value) => h("option", { value, label: metricName(value, this.#texts) })));
    const [{ path, values }] = this.#axes;
    if (path.value !== "") return;
    const wanted = LIKELY.map((pattern) => fields.find((field) => pattern.test(field.path) && typeof field.value === "number"));
    const likely = wanted.find((field) => field !== undefined);
    if (!likely) return;
    const value = Number(likely.value);
    path.value = likely.path;
    values.value = (Number.isInteger(value) && value < 20 ? [0, 1, 2, 3].map((more) => value + more)
      : [0.5, 0.75, 1, 1.25, 1.5].map((factor) => Number((factor * value).toPrecision(6)))).join(", ");
  }

  /** @param {{ value: string, text: string }[]} systems @param {{ value: string, text: string }[]} ready */
  offer(systems, ready) {
    const isNew = !this.#hasBaseline && systems.some(({ value }) => value === BASELINE);
    this.#hasBaseline = systems.some(({ value }) => value === BASELINE);
    offer(this.#other, systems);
    // Who has just pinned a run wants to compare with it.
    if (isNew) this.#other.value = BASELINE;
    offer(this.#ready, ready);
  }

  changed() {
    this.#arrange();
    this.#onChange();
  }

  relabel() {
    this.#metrics.relabel();
  }

  #arrange() {
    const { kind } = this;
    const { ready, other, first, second, hint, metrics, size, warmUp, overTime, quantiles, target } = this.#rows;
    ready.hidden = kind !== "ready";
    other.hidden = kind !== "comparison";
    for (const row of [first, second, hint, metrics]) row.hidden = kind !== "sweep";
    // An experiment of the site says itself how large it is.
    for (const row of [size, warmUp]) row.hidden = kind === "ready";
    target.hidden = kind !== "replications";
    overTime.hidden = kind !== "comparison";
    quantiles.hidden = kind === "ready" || kind === "comparison";
    for (const input of [this.#width, this.#targetMetric]) input.disabled = !this.#isTarget.checked;
  }

  /** @param {HTMLElement} control @param {Key} key */
  #field(control, key) {
    return h("div", { class: "field" }, this.#label(control.id, key), control);
  }

  /** @param {string} id @param {Key} key */
  #label(id, key) {
    return this.#texts.label(h("label", { for: id }), key);
  }
}

/** @param {string} id @param {number} min @param {number | undefined} value @param {number | "any"} [step] */
function number(id, min, value, step = 1) {
  return h("input", { type: "number", id, min, step, value, inputmode: "decimal" });
}

/** @param {HTMLInputElement} input */
function valueOf(input) {
  return input.value === "" || !Number.isFinite(Number(input.value)) ? undefined : Number(input.value);
}
