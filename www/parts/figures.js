// The four figures that a run is judged by.

import { h, write } from "./dom.js";
import { help } from "./help.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../i18n/texts.js").Key} Key */
/** @typedef {import("../run/engine.js").Report} Report */

export class Figures {
  #texts;
  #throughput;
  #latency;
  #errors;
  #availability;
  /** @type {Report | undefined} */
  #report;

  /** @param {Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    this.#throughput = figure(texts, "figure.throughput");
    this.#latency = figure(texts, "figure.latency");
    this.#errors = figure(texts, "figure.errors");
    this.#availability = figure(texts, "figure.availability");
    const all = [this.#throughput, this.#latency, this.#errors, this.#availability];
    this.element = h("section", { class: "figures" }, ...all.map((one) => one.element));
    texts.attribute(this.element, "aria-label", "figures.title");
  }

  /** @param {Report | undefined} report */
  update(report) {
    this.#report = report;
    if (!report) return;
    const { requests } = report;
    const { latency } = requests;
    const texts = this.#texts;
    const [any, each] = availability(report);
    show(this.#throughput, `${texts.decimal(requests.rps, 1)} RPS`,
      texts.text("figure.throughput.note", { count: requests.total }));
    show(this.#latency, texts.span(latency.p99),
      texts.text("figure.latency.note", { mean: texts.span(latency.mean), p95: texts.span(latency.p95) }));
    show(this.#errors, texts.percent(requests.total > 0 ? requests.failed / requests.total : null),
      texts.text("figure.errors.note", { count: requests.failed }));
    show(this.#availability, texts.percent(any),
      texts.text("figure.availability.note", { instances: texts.percent(each) }));
  }

  relabel() {
    this.update(this.#report);
  }
}

/**
 * Share of time that a service has an instance which is up, and share of time that an instance is up; both on average.
 * @param {Report} report
 */
function availability(report) {
  const services = Object.values(report.services);
  // (Places where nobody is are no instances.)
  const instances = services.flatMap((service) => Object.values(service.instances)).filter(({ state }) => state !== "absent" && state !== "starting");
  return [
    mean(services.map((service) => service.availability_any)),
    mean(instances.map((instance) => instance.availability)),
  ];
}

/** @param {number[]} values */
function mean(values) {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

/** @typedef {{ element: HTMLElement, value: HTMLElement, note: HTMLElement }} Figure */

/** @param {Texts} texts @param {Key} title @returns {Figure} */
function figure(texts, title) {
  const value = h("p", { class: "figure-value" }, "–");
  const note = h("p", { class: "figure-note" }, "\u00a0");
  const name = h("p", { class: "figure-name" }, texts.label(h("span"), title), help(texts, title, /** @type {Key} */ (`${title}.help`)));
  const element = h("div", { class: "figure card" }, name, value, note);
  element.dataset.figure = title.split(".")[1];
  return { element, value, note };
}

/** @param {Figure} figure @param {string} value @param {string} note */
function show(figure, value, note) {
  write(figure.value, value);
  write(figure.note, note);
}
