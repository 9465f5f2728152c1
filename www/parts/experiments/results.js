// What an experiment has found: a table, for a sweep a chart beside it, and files.

import { download } from "../download.js";
import { h, write } from "../dom.js";
import { icon } from "../icon.js";
import { lastOf } from "../../run/plan.js";
import { heatMap } from "./heat-map.js";
import { lineChart } from "./line-chart.js";
import { isShown, metricText, seriesName } from "./metric.js";
import { metricName } from "./metric-name.js";
import { courseLines, differing } from "./course.js";
import { arranged } from "./sweep.js";
import { offer } from "../select.js";
import { Table } from "../table.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/experiment-run.js").ExperimentRun} ExperimentRun */
/** @typedef {import("../../web-service-model.js").Outcome} Outcome */
/** @typedef {import("../../web-service-model.js").MetricSummary} Summary */
/** @typedef {import("../../web-service-model.js").MetricComparison} Comparison */
/** @typedef {import("../../web-service-model.js").ComparedSeries} ComparedSeries */
/** @typedef {import("../../web-service-model.js").QuantileNeed} QuantileNeed */
/** @typedef {import("../table.js").Column} Column */
/** @typedef {import("../table.js").Row} Row */
/** @typedef {import("./sweep.js").SweepOutcome} SweepOutcome */

/** A longer table takes a browser too long to lay out, and nobody reads it. */
const ROWS_MAX = 500;

export class Results {
  #texts;
  #title = h("h3", { id: "experiment-results" });
  #words = h("div", { class: "experiment-words", role: "status" });
  #all = h("input", { type: "checkbox", id: "experiment-all" });
  #allField;
  #metric = h("select", { id: "experiment-metric" });
  #metricField;
  #chart = h("figure", { class: "experiment-figure" });
  #legend = h("figcaption", { class: "experiment-legend" });
  #table = new Table("experiment-results");
  #overlay;
  /** @type {ExperimentRun | undefined} */
  #run;
  /** The one that the choice of a figure was made for. @type {ExperimentRun | undefined} */
  #shownRun;
  /** @type {Outcome | undefined} */
  #outcome;

  /** @param {Texts} texts @param {{ overlay: (run: ExperimentRun) => void }} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#overlay = h("button", { type: "button", class: "download", onclick: () => this.#run && actions.overlay(this.#run) },
      texts.label(h("span"), "experiments.overlay"));
    this.#all.addEventListener("change", () => this.#update());
    this.#metric.addEventListener("change", () => this.#update());
    const label = (/** @type {string} */ id, /** @type {import("../../i18n/texts.js").Key} */ key) => texts.label(h("label", { for: id }), key);
    this.#allField = h("div", { class: "field" }, this.#all, label("experiment-all", "experiments.all_figures"));
    this.#metricField = h("div", { class: "field" }, label("experiment-metric", "experiments.figure"), this.#metric);
    const save = (/** @type {import("../../i18n/texts.js").Key} */ key, /** @type {() => void} */ act) =>
      h("button", { type: "button", class: "download", onclick: act }, icon("download"), texts.label(h("span"), key));
    const csv = save("experiments.csv", () => this.#run && download("experiment.csv", "text/csv;charset=utf-8", this.#run.csv()));
    const json = save("experiments.json", () => this.#run && download("experiment.json", "application/json", this.#run.json()));
    this.element = h("div", { class: "card experiment-results", hidden: true },
      h("div", { class: "section-head" }, this.#title, this.#metricField, this.#allField, h("div", { class: "downloads" }, this.#overlay, csv, json)),
      this.#words, this.#chart, this.#table.element);
  }

  /** @param {ExperimentRun | undefined} run */
  show(run) {
    this.#run = run;
    this.#outcome = run?.outcome();
    this.update();
  }

  relabel() {
    this.update();
  }

  update() {
    this.element.hidden = !this.#outcome;
    const names = this.#outcome ? this.#figures(this.#outcome) : [];
    const title = this.#outcome && "points" in this.#outcome ? metricName : seriesName;
    // What an experiment is about it names first.
    const first = this.#run?.plan.metrics?.find((metric) => names.includes(metric));
    const isNew = first !== undefined && this.#shownRun !== this.#run;
    this.#shownRun = this.#run;
    if (names.length > 0) offer(this.#metric, names.map((value) => ({ value, text: title(value, this.#texts) })));
    if (isNew) this.#metric.value = first;
    this.#update();
  }

  /** What a chart can be drawn of. @param {Outcome} outcome */
  #figures(outcome) {
    if ("points" in outcome) return Object.keys(outcome.points[0]?.metrics ?? {});
    return "series" in outcome ? Object.keys(outcome.series?.means ?? {}) : [];
  }

  #update() {
    const outcome = this.#outcome;
    if (!outcome) return;
    const sweep = "points" in outcome;
    const charted = this.#figures(outcome).length > 0;
    this.#metricField.hidden = !charted;
    this.#allField.hidden = sweep || (this.#run?.plan.metrics?.length ?? 0) > 0;
    this.#chart.hidden = !charted;
    this.#overlay.hidden = !Array.isArray(outcome.scenario);
    if (sweep) this.#sweep(outcome);
    else if (Array.isArray(outcome.scenario)) this.#comparison(/** @type {any} */ (outcome));
    else this.#replications(/** @type {any} */ (outcome));
  }

  /** @param {string} name */
  #wanted(name) {
    return this.#all.checked || this.#allField.hidden || isShown(name);
  }

  /** @param {{ replications: number, warm_up_seconds: number, quantiles?: QuantileNeed[], metrics: Record<string, Summary> }} outcome */
  #replications({ replications, warm_up_seconds, quantiles = [], metrics }) {
    const texts = this.#texts;
    write(this.#title, texts.text("experiments.replications.title", { count: replications }));
    const words = [texts.text("experiments.replications.words", { seconds: texts.number(warm_up_seconds) })];
    this.#say([...words, ...this.#unsupported(quantiles, replications), ...this.#ending()]);
    const columns = [...this.#columns("mean", "half", "sd", "n"), ...this.#quantileColumns(quantiles)];
    const rows = Object.entries(metrics).filter(([name, { n }]) => n > 0 && this.#wanted(name)).map(([name, it]) => ({
      name: metricName(name, texts),
      cells: [metricText(it.mean, texts), half(it.half_width_95, texts), metricText(it.sd, texts), texts.integer(it.n), ...this.#quantileCells(it, quantiles)],
    }));
    this.#table.update(columns, rows);
  }

  /** @param {{ scenario: [string, string], replications: number, metrics: Record<string, Comparison>, series?: ComparedSeries }} outcome */
  #comparison({ scenario, replications, metrics, series }) {
    const texts = this.#texts;
    write(this.#title, texts.text("experiments.comparison.title", { count: replications }));
    const entries = Object.entries(metrics).filter(([name, { verdict }]) => verdict !== "no value" && this.#wanted(name));
    const same = entries.filter(([, { verdict }]) => verdict === "same").length;
    this.#say([
      texts.text("experiments.comparison.words", { a: scenario[0] || "A", b: scenario[1] || "B" }),
      ...this.#times(metrics),
      texts.text("experiments.comparison.same", { count: same }),
      texts.text("experiments.comparison.saved"),
      ...(series ? this.#course(scenario, series) : []),
    ]);
    const columns = this.#columns("a", "b", "difference", "half", "verdict", "saved");
    const rows = entries.filter(([, { verdict }]) => verdict !== "same").map(([name, it]) => ({
      name: metricName(name, texts),
      cells: [metricText(it.a.mean, texts), metricText(it.b.mean, texts), metricText(it.difference.mean, texts),
        half(it.difference.half_width_95, texts), this.#verdict(it),
        it.variance_saved === null ? "–" : `${texts.number(Number(it.variance_saved.toPrecision(3)))}×`],
    }));
    this.#table.update(columns, rows);
  }

  /** A word on systems that are not measured over the same time. @param {Record<string, Comparison>} metrics */
  #times({ simulated_seconds: whole, warm_up_seconds: before }) {
    const [a, b] = /** @type {const} */ (["a", "b"]).map((side) => (whole?.[side].mean ?? 0) - (before?.[side].mean ?? 0));
    const number = (/** @type {number} */ seconds) => this.#texts.number(Number(seconds.toPrecision(9)));
    return a === b ? [] : [this.#texts.text("experiments.comparison.times", { a: number(a), b: number(b) })];
  }

  /** Draws the averages over time; says what they are. @param {[string, string]} scenario @param {ComparedSeries} series */
  #course(scenario, series) {
    const texts = this.#texts;
    const metric = this.#metric.value;
    const figure = seriesName(metric, texts);
    const systems = /** @type {[string, string]} */ (["A", "B"].map((side, index) => (scenario[index] ? `${side}: ${scenario[index]}` : side)));
    const lines = courseLines(series, metric, systems, texts.text("experiments.course.axis"));
    const label = texts.text("experiments.course.label", { figure });
    this.#draw(lineChart(lines, label, texts), systems);
    const { windows, shown, higher } = differing(series, metric);
    const words = [texts.text("experiments.course.words", { figure, count: series.replications })];
    if (windows > 0) words.push(texts.text("experiments.course.differs", { shown, windows, higher, lower: shown - higher }));
    return [words.join(" ")];
  }

  /** @param {SVGElement} picture @param {string[]} names of its lines */
  #draw(picture, names) {
    const entry = (/** @type {string} */ name, /** @type {number} */ index) =>
      h("span", { class: "legend-entry" }, h("span", { class: `swatch-line series-${(index % 8) + 1}` }), name);
    this.#legend.replaceChildren(...(names.length > 1 ? names.map(entry) : []));
    this.#chart.replaceChildren(picture, this.#legend);
  }

  /** @param {Comparison} comparison */
  #verdict({ verdict, a, difference }) {
    const texts = this.#texts;
    if (verdict === "undecided" || verdict === "same" || verdict === "no value") return texts.named("experiments.verdict", verdict.replace(" ", "_"));
    const share = a.mean && difference.mean !== null ? texts.percent(Math.abs(difference.mean / a.mean)) : metricText(difference.mean, texts);
    return texts.text(`experiments.verdict.${verdict}`, { share });
  }

  /** @param {SweepOutcome} outcome */
  #sweep(outcome) {
    const texts = this.#texts;
    const metric = this.#metric.value;
    const replications = Math.max(0, ...outcome.points.map((point) => point.replications));
    write(this.#title, texts.text("experiments.sweep.title", { count: replications }));
    const chart = arranged(outcome, metric);
    const name = metricName(metric, texts);
    const axes = outcome.vary.map(lastOf);
    const label = texts.text("experiments.sweep.label", { figure: name, axes: axes.join(", ") });
    const picture = chart.kind === "map" ? heatMap({ ...chart, axes: [axes[0], axes[1]] }, label, texts)
      : lineChart({ ...chart, axis: axes[axes.length - 1] }, label, texts);
    this.#draw(picture, chart.kind === "lines" ? chart.lines.map((line) => line.name ?? "") : []);
    this.#say([texts.text(chart.kind === "map" ? "experiments.sweep.map" : "experiments.sweep.lines", { figure: name }), ...this.#unsupported(outcome.quantiles, replications), ...this.#ending()]);
    const [first, ...others] = axes.map((text, index) => ({ id: `axis-${index}`, text }));
    const { quantiles = [] } = outcome;
    const columns = [first, ...others, ...this.#columns("mean", "half", "sd", "n").slice(1), ...this.#quantileColumns(quantiles)];
    const all = outcome.points.length;
    if (all > ROWS_MAX) this.#words.append(h("p", { class: "note" }, texts.text("experiments.sweep.rows", { shown: texts.integer(ROWS_MAX), count: texts.integer(all) })));
    const rows = outcome.points.slice(0, ROWS_MAX).map(({ values, metrics }) => {
      const it = metrics[metric];
      const [name, ...more] = values.map((value) => (typeof value === "number" ? texts.number(value) : String(value)));
      const figures = [metricText(it?.mean, texts), half(it?.half_width_95, texts), metricText(it?.sd, texts), texts.integer(it?.n ?? 0), ...this.#quantileCells(it, quantiles)];
      return { name, cells: [...more, ...figures] };
    });
    this.#table.update(columns, rows);
  }

  /** @param {QuantileNeed[]} quantiles @returns {Column[]} */
  #quantileColumns(quantiles) {
    return quantiles.map(({ share }) => ({ id: `quantile-${share}`, text: this.#texts.text("experiments.column.quantile", { share: this.#texts.number(share) }) }));
  }

  /** A quantile with its interval, or that there are too few values for one. @param {Summary | undefined} summary @param {QuantileNeed[]} quantiles */
  #quantileCells(summary, quantiles) {
    const texts = this.#texts;
    return quantiles.map(({ share }) => {
      const found = summary?.quantiles?.[String(share)];
      if (!found) return texts.text("experiments.quantile.too_few");
      return `${metricText(found.value, texts)}\u00a0(${metricText(found.low, texts)}\u00a0…\u00a0${metricText(found.high, texts)})`;
    });
  }

  /** Which quantiles so many replications do not support. @param {QuantileNeed[] | undefined} quantiles @param {number} replications */
  #unsupported(quantiles = [], replications) {
    const texts = this.#texts;
    return quantiles.filter(({ needs }) => needs > replications)
      .map(({ share, needs }) => texts.text("experiments.quantile.needs", { share: texts.number(share), count: needs }));
  }

  /** How the way to a narrow interval ended, and whether somebody stopped it. */
  #ending() {
    const texts = this.#texts;
    const words = [];
    const ending = this.#run?.ending;
    if (ending?.is === "too_wide") {
      const places = { half: metricText(ending.half_width, texts), wanted: metricText(ending.wanted, texts) };
      words.push(texts.text("experiments.target.too_wide", { ...places, count: Math.round(Math.min(ending.needed, 1e12)) }));
    } else if (ending && ending.is !== "run") words.push(texts.text(`experiments.target.${ending.is}`));
    return words;
  }

  /** @param {string[]} words */
  #say(words) {
    const progress = this.#run?.progress;
    const stopped = this.#run?.cancelled && progress
      ? [this.#texts.text("experiments.stopped", { done: progress.done, total: progress.total })] : [];
    this.#words.replaceChildren(...[...stopped, ...words].map((text) => h("p", { class: "note" }, text)));
  }

  /** The first is that of the names. @param {("mean" | "half" | "sd" | "n" | "a" | "b" | "difference" | "verdict" | "saved")[]} ids @returns {Column[]} */
  #columns(...ids) {
    const name = { id: "name", text: this.#texts.text("experiments.figure") };
    return [name, ...ids.map((id) => ({ id, text: this.#texts.text(`experiments.column.${id}`), words: id === "verdict" }))];
  }
}

/** @param {number | null | undefined} width @param {Texts} texts */
function half(width, texts) {
  return width === null || width === undefined ? "–" : `±\u00a0${metricText(width, texts)}`;
}
