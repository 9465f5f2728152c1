// The charts, live: drawn by the simulator on canvases, with titles and legends in HTML.

import { h, Visibility, write } from "./dom.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/engine.js").Simulation} Simulation */
/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../web-service-model.js").ChartId} ChartId */
/** @typedef {import("../web-service-model.js").ChartTexts} ChartTexts */
/** @typedef {import("../web-service-model.js").ChartStyle} ChartStyle */
/** @typedef {import("../web-service-model.js").LegendEntry} LegendEntry */

/** What everybody wants to see; the rest stands behind a disclosure. @type {ChartId[]} */
const MAIN = [
  "rps", "latency-histogram", "success-share", "service-latency", "load-share", "failures", "load", "handshakes",
  "broker-queues", "broker-delay", "latency-percentiles", "latency-heat-map", "time-in",
];

/** @type {ChartId[]} */
const MORE = [
  "availability", "queue-length", "logins", "database-latency", "replication-lag", "cache-hit-ratio",
  "broker-delivery",
];

/**
 * What a system must have for a chart to say something; the others always do.
 * @type {{ [id in ChartId]?: (config: Config) => boolean }}
 */
const NEEDS = {
  handshakes: ({ network }) => network?.tcp !== undefined || network?.tls !== undefined,
  // Without a number of workers nobody waits for one.
  "queue-length": ({ services, auth }) => [auth ?? {}, ...Object.values(services ?? {})].some(({ workers }) => workers),
  logins: ({ auth }) => !!auth,
  "database-latency": ({ db_clusters }) => !isEmpty(db_clusters),
  "replication-lag": ({ db_clusters }) => Object.values(db_clusters ?? {}).some(({ replicas = 0 }) => replicas > 0),
  "cache-hit-ratio": ({ caches }) => !isEmpty(caches),
  "broker-delay": ({ brokers }) => !isEmpty(brokers),
  "broker-delivery": ({ brokers }) => !isEmpty(brokers),
  "broker-queues": ({ brokers }) => !isEmpty(brokers),
};

/** @param {object | undefined} components */
function isEmpty(components) {
  return Object.keys(components ?? {}).length === 0;
}

/** A chart is drawn at most eight times a second: faster is nothing that an eye can read. */
const INTERVAL_MS = 125;
const CALM_INTERVAL_MS = 1000;

/** Drawing may take so much of a frame; charts that do not fit wait for the next one. */
const BUDGET_MS = 5;

/** Height of a plot in CSS pixels, and of a row in a chart of rows. */
const HEIGHT = 200;
const ROW_HEIGHT = 17;
const MARGIN = 40;

/** Height of a usual card, with what stands above the plot. */
const CARD_HEIGHT = 320;

export class Charts {
  #texts;
  #style;
  #cards;
  /** @type {Simulation | undefined} */
  #simulation;
  /** @type {ChartTexts | undefined} */
  #words;
  #frame = 0;
  #interval = INTERVAL_MS;

  /** @param {Texts} texts @param {() => Omit<ChartStyle, "pixel_ratio">} style the style of the moment */
  constructor(texts, style) {
    this.#texts = texts;
    this.#style = style;
    this.#cards = [...MAIN, ...MORE].map((id) => new Card(id, texts, () => this.#request()));
    const [main, more] = [this.#cards.slice(0, MAIN.length), this.#cards.slice(MAIN.length)];
    const title = texts.label(h("h2", { id: "charts-title" }), "charts.title");
    this.element = h(
      "section",
      { class: "charts", "aria-labelledby": "charts-title" },
      h("div", { class: "section-head" }, title),
      h("div", { class: "chart-grid" }, ...main.map((card) => card.element)),
      h(
        "details",
        { class: "more" },
        texts.label(h("summary"), "charts.more"),
        h("div", { class: "chart-grid" }, ...more.map((card) => card.element)),
      ),
    );
    // Somebody who wants less motion gets the same charts, redrawn once a second.
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const pace = () => (this.#interval = calm.matches ? CALM_INTERVAL_MS : INTERVAL_MS);
    calm.addEventListener("change", pace);
    pace();
  }

  /** @param {Simulation | undefined} simulation */
  show(simulation) {
    this.#simulation = simulation;
    const config = simulation?.config();
    for (const card of this.#cards) card.clear(config);
    this.changed();
  }

  /** The figures are new; what is in view is drawn soon. */
  changed() {
    for (const card of this.#cards) card.stale = true;
    this.#request();
  }

  /** Words or colours are new; what is in view is drawn at once. */
  relabel() {
    this.#words = undefined;
    for (const card of this.#cards) {
      card.label();
      card.drawnAt = -Infinity;
    }
    this.changed();
  }

  #request() {
    this.#frame ||= requestAnimationFrame((time) => this.#draw(time));
  }

  /** @param {number} time */
  #draw(time) {
    this.#frame = 0;
    const simulation = this.#simulation;
    if (!simulation) return;
    const waiting = this.#cards.filter((card) => card.stale && card.visible);
    const due = waiting.filter((card) => time - card.drawnAt >= this.#interval);
    // The longest wait first, so that none starves.
    due.sort((one, other) => one.drawnAt - other.drawnAt);
    const end = performance.now() + BUDGET_MS;
    const style = due.length > 0 ? this.#style() : undefined;
    for (const card of due) {
      if (!style || !card.draw(simulation, style, this.#chartTexts(), time)) return;
      if (performance.now() >= end) break;
    }
    if (waiting.some((card) => card.stale)) this.#request();
  }

  /** The words that charts need, in the language of the moment. */
  #chartTexts() {
    this.#words ??= chartTexts(this.#texts);
    return this.#words;
  }
}

class Card {
  stale = true;
  drawnAt = -Infinity;

  #id;
  #texts;
  #canvas = h("canvas", { role: "img" });
  #frame;
  #legend = h("ul", { class: "legend" });
  #shownLegend = "";
  #visibility;
  /** Size of the canvas in device pixels. */
  #width = 0;
  #height = 0;

  /** @param {ChartId} id @param {Texts} texts @param {() => void} request */
  constructor(id, texts, request) {
    this.#id = id;
    this.#texts = texts;
    const title = texts.label(h("h3"), `chart.${id}`);
    const note = texts.label(h("p", { class: "note" }), `chart.${id}.note`);
    this.#frame = h("div", { class: "plot" }, this.#canvas);
    this.element = h("figure", { class: "chart card", "data-chart": id }, h("figcaption", {}, title, note), this.#legend, this.#frame);
    this.label();
    this.#visibility = new Visibility(this.element, request);
    observeSize(this.#frame, (width, height) => {
      [this.#width, this.#height] = [width, height];
      this.stale = true;
      this.drawnAt = -Infinity;
      request();
    });
  }

  get visible() {
    return this.#visibility.visible && this.#width > 0 && this.#height > 0;
  }

  label() {
    const title = this.#texts.text(`chart.${this.#id}`);
    this.#canvas.setAttribute("aria-label", this.#texts.text("charts.label", { title }));
  }

  /** Begins anew, for a system of this configuration. @param {Config | undefined} config */
  clear(config) {
    this.drawnAt = -Infinity;
    this.stale = true;
    // A chart of brokers says nothing about a system without one.
    if (config) this.element.hidden = !(NEEDS[this.#id]?.(config) ?? true);
  }

  /**
   * @param {Simulation} simulation
   * @param {Omit<ChartStyle, "pixel_ratio">} style
   * @param {ChartTexts} texts
   * @param {number} time
   * @returns {boolean} whether it could be drawn
   */
  draw(simulation, style, texts, time) {
    // Setting a canvas's size wipes it, so only when it changed.
    if (this.#canvas.width !== this.#width) this.#canvas.width = this.#width;
    if (this.#canvas.height !== this.#height) this.#canvas.height = this.#height;
    const ratio = this.#width / this.#frame.clientWidth;
    let drawing;
    try {
      drawing = simulation.draw(this.#canvas, this.#id, { style: { ...style, pixel_ratio: ratio }, texts });
    } catch {
      // A crash: the runner hears of it at its next slice, and the page says so.
      return false;
    }
    this.stale = false;
    this.drawnAt = time;
    this.#resize(drawing.rows);
    this.#showLegend(drawing.legend, style);
    return true;
  }

  /** A chart of rows is as high as its rows need, and takes the place of several cards if they are many. @param {number | null} rows */
  #resize(rows) {
    const height = rows === null ? HEIGHT : Math.max(HEIGHT, rows * ROW_HEIGHT + MARGIN);
    if (this.#frame.style.height === `${height}px`) return;
    this.#frame.style.height = `${height}px`;
    this.element.style.gridRow = `span ${Math.ceil((height - HEIGHT) / CARD_HEIGHT) || 1}`;
  }

  /** @param {LegendEntry[]} entries @param {Pick<ChartStyle, "series">} style */
  #showLegend(entries, style) {
    const shown = JSON.stringify([entries, style.series]);
    if (shown === this.#shownLegend) return;
    this.#shownLegend = shown;
    const items = entries.map(({ name, figure, kind, colour_index: colour }) => {
      const swatch = h("span", { class: `swatch ${kind}`, "aria-hidden": "true" });
      if (colour !== null) swatch.style.color = style.series[colour % style.series.length];
      const text = h("span");
      write(text, figure === null ? name : `${name} ${figure}`);
      return h("li", {}, ...(kind === "remark" ? [text] : [swatch, text]));
    });
    this.#legend.replaceChildren(...items);
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
    onSize(
      Math.round(exact?.inlineSize ?? width * devicePixelRatio),
      Math.round(exact?.blockSize ?? height * devicePixelRatio),
    );
  });
  try {
    observer.observe(element, { box: "device-pixel-content-box" });
  } catch {
    observer.observe(element);
  }
}

/** @param {Texts} texts @returns {ChartTexts} */
function chartTexts(texts) {
  return {
    titles: Object.fromEntries([...MAIN, ...MORE].map((id) => [id, texts.text(`chart.${id}`)])),
    words: texts.group("word"),
    causes: texts.group("cause"),
    phases: texts.group("part"),
    units: /** @type {ChartTexts["units"]} */ (texts.group("unit")),
  };
}
