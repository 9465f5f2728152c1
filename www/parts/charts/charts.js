// The charts, live: drawn by the simulator on canvases, with titles and legends in HTML.

import { h } from "../dom.js";
import { Card } from "./card.js";
import { chartTexts, isUseful, MAIN, MORE } from "./catalogue.js";
import { SeriesPicker } from "./series-picker.js";
import { translated } from "./translated.js";
import { languageOf, loadLanguage, Texts } from "../../i18n/texts.js";

/** @typedef {import("../../run/engine.js").Simulation} Simulation */
/** @typedef {import("../../run/laboratory.js").Sight} Sight */
/** @typedef {import("../../web-service-model.js").ChartTexts} ChartTexts */
/** @typedef {import("../../web-service-model.js").ChartStyle} ChartStyle */

/**
 * What all charts share at the moment.
 * @typedef {object} Setting
 * @property {Simulation} simulation
 * @property {Simulation | undefined} baseline
 * @property {Omit<ChartStyle, "pixel_ratio">} style
 * @property {ChartTexts} texts
 * @property {Sight} sight
 */

/** @typedef {{ look: (sight: Partial<Sight>) => void, style: () => Omit<ChartStyle, "pixel_ratio"> }} Actions */

/** A chart is drawn at most eight times a second: faster is nothing that an eye can read. */
const INTERVAL_MS = 125;
const CALM_INTERVAL_MS = 1000;

/** Drawing may take so much of a frame; charts that do not fit wait for the next one. */
const BUDGET_MS = 5;

export class Charts {
  #texts;
  #actions;
  /** @type {Card[]} */
  #cards;
  #more;
  #own = h("div", { class: "chart-grid" });
  #zoom = h("p", { class: "zoom-note", hidden: true });
  #zoomText = h("span");
  #picker;
  /** The one chart that is to be seen; all without it. @type {string | undefined} */
  #only;
  /** @type {Simulation | undefined} */
  #simulation;
  /** @type {Simulation | undefined} */
  #baseline;
  /** @type {ChartTexts | undefined} */
  #words;
  /** @type {Sight} */
  #sight = { zoom: null, cursor: null };
  #frame = 0;
  /** A run has just begun, and nothing of it has been on the screen. */
  #isFresh = false;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    this.#cards = [...MAIN, ...MORE].map((id) => this.#card(id, []));
    const [main, more] = [this.#cards.slice(0, MAIN.length), this.#cards.slice(MAIN.length)];
    const title = texts.label(h("h2", { id: "charts-title", class: "visually-hidden" }), "charts.title");
    const reset = texts.label(h("button", { type: "button", class: "small", onclick: () => actions.look({ zoom: null }) }), "charts.zoom.reset");
    this.#zoom.append(this.#zoomText, reset);
    this.#more = h(
      "details",
      { class: "more" },
      texts.label(h("summary"), "charts.more"),
      h("div", { class: "chart-grid" }, ...more.map((card) => card.element)),
    );
    this.#picker = new SeriesPicker(texts, { add: (series, fresh) => this.#addSeries(series, fresh) });
    this.element = h(
      "section",
      { class: "charts", "aria-labelledby": "charts-title" },
      title,
      this.#zoom,
      h("div", { class: "chart-grid" }, ...main.map((card) => card.element)),
      this.#more,
      this.#own,
      this.#picker.element,
    );
  }

  /**
   * Somebody who wants less motion gets the same charts, redrawn once a second. It is asked for, not listened to: a
   * listener would keep these charts, and the run that they draw, for as long as the page lives.
   */
  get #interval() {
    return this.#calm.matches ? CALM_INTERVAL_MS : INTERVAL_MS;
  }

  /** @param {import("./catalogue.js").ChartId} id @param {string[]} series */
  #card(id, series) {
    return new Card(id, series, this.#texts, {
      request: () => this.#request(),
      look: this.#actions.look,
      setting: () => this.#setting(),
      remove: (card) => this.#remove(card),
    });
  }

  /** Somebody has come or gone: there are other series to choose from. */
  meet() {
    this.#picker.offer(this.#simulation?.seriesNames() ?? []);
  }

  /** @param {Simulation | undefined} simulation */
  show(simulation) {
    this.#simulation = simulation;
    const config = simulation?.config();
    const names = simulation?.seriesNames() ?? [];
    for (const card of this.#cards) card.begin(config ? isUseful(card.id, config) : card.useful, names);
    this.#picker.offer(names);
    this.only(this.#only);
    this.#isFresh = true;
    this.changed();
  }

  /** Draws another run behind this one, or none. @param {Simulation | undefined} baseline */
  compare(baseline) {
    this.#baseline = baseline;
    this.#redraw();
  }

  /** @param {Sight} sight */
  look(sight) {
    const zoomed = sight.zoom?.join() !== this.#sight.zoom?.join();
    this.#sight = sight;
    for (const card of this.#cards) card.point(sight.cursor);
    if (!zoomed) return;
    this.#labelZoom();
    this.#redraw();
  }

  /** Shows one chart by its id; without one, all that say something. @param {string | undefined} id */
  only(id) {
    this.#only = id;
    this.element.classList.toggle("single", id !== undefined);
    for (const card of this.#cards) card.element.hidden = id === undefined ? !card.useful : card.id !== id;
    const wanted = this.#cards.some((card) => card.id === id && MORE.includes(card.id));
    this.#more.hidden = id !== undefined && !wanted;
    this.#picker.element.hidden = id !== undefined;
    if (wanted) this.#more.open = true;
  }

  /** The figures are new; what is in view is drawn soon. */
  changed() {
    for (const card of this.#cards) card.stale = true;
    this.#request();
  }

  /** Which charts are seen, and how. @returns {import("../../run/link-view.js").ChartsView} */
  get choice() {
    const some = this.#cards.filter((card) => card.id !== "custom" && card.hidden.length > 0);
    return {
      lang: this.#texts.language,
      more: this.#more.open,
      hidden: Object.fromEntries(some.map((card) => [card.id, card.hidden])),
      own: this.#cards.filter((card) => card.id === "custom").map(({ series, hidden }) => ({ series, hidden })),
    };
  }

  /** Takes such a choice, as far as the system has what it names. */
  set choice(choice) {
    // What is hidden is named in the language of whoever hid it.
    void loadLanguage(languageOf(choice.lang)).catch(() => {}).then(() => this.#choose(choice));
  }

  /** @param {import("../../run/link-view.js").ChartsView} choice */
  #choose({ lang, more = false, hidden = {}, own = [] }) {
    const theirs = chartTexts(new Texts(languageOf(lang)));
    const words = chartTexts(this.#texts);
    // The page's language may have changed before anything is drawn: what is hidden is named in these words.
    this.#words = words;
    const names = (/** @type {string[]} */ list) => list.map((name) => translated(name, theirs, words));
    for (const card of this.#cards.filter((card) => card.id === "custom")) this.#drop(card);
    for (const card of this.#cards) card.hidden = names(Object.hasOwn(hidden, card.id) ? hidden[card.id] : []);
    this.#more.open = more;
    const known = new Set(this.#simulation?.seriesNames());
    for (const one of own) {
      const series = one.series.filter((name) => known.has(name));
      if (series.length > 0) this.#addCard(series).hidden = names(one.hidden);
    }
    this.#request();
  }

  /** Words or colours are new; what is in view is drawn at once. */
  relabel() {
    const former = this.#words;
    const words = chartTexts(this.#texts);
    this.#words = words;
    if (former) {
      for (const card of this.#cards) card.hidden = card.hidden.map((name) => translated(name, former, words));
    }
    for (const card of this.#cards) card.label();
    this.#picker.relabel();
    this.#labelZoom();
    this.#redraw();
  }

  #redraw() {
    for (const card of this.#cards) card.drawnAt = -Infinity;
    this.changed();
  }

  #labelZoom() {
    const { zoom } = this.#sight;
    // The button that shows the whole run goes with the words about the part; its reader goes on in the charts.
    if (!zoom && this.#zoom.matches(":focus-within")) this.element.querySelector("canvas")?.focus({ preventScroll: true });
    this.#zoom.hidden = !zoom;
    if (!zoom) return;
    const [from, to] = zoom.map((time) => this.#texts.moment(time, 1));
    this.#zoomText.textContent = this.#texts.text("charts.zoom", { from, to });
  }

  /** @param {string} series @param {boolean} fresh in a chart of its own */
  #addSeries(series, fresh) {
    const last = this.#cards.findLast((card) => card.id === "custom");
    if (last && !fresh) {
      last.add(series);
    } else {
      this.#addCard([series]);
    }
    this.#request();
  }

  /** @param {string[]} series */
  #addCard(series) {
    const card = this.#card("custom", series);
    this.#cards.push(card);
    this.#own.append(card.element);
    return card;
  }

  /** @param {Card} card */
  #remove(card) {
    this.#drop(card);
    this.#picker.focus();
  }

  /** @param {Card} card */
  #drop(card) {
    this.#cards = this.#cards.filter((other) => other !== card);
    card.element.remove();
  }

  #request() {
    this.#frame ||= requestAnimationFrame((time) => this.#draw(time));
  }

  /** Draws at once what is not in view, too: the page is about to be printed. */
  drawAll() {
    const setting = this.#setting();
    if (!setting) return;
    for (const card of this.#cards.filter((card) => card.stale && card.hasRoom)) {
      if (!card.draw(setting, performance.now())) return;
    }
  }

  /** @returns {Setting | undefined} */
  #setting() {
    const simulation = this.#simulation;
    if (!simulation) return undefined;
    this.#words ??= chartTexts(this.#texts);
    return { simulation, baseline: this.#baseline, style: this.#actions.style(), texts: this.#words, sight: this.#sight };
  }

  /** @param {number} time */
  #draw(time) {
    this.#frame = 0;
    if (!this.#simulation) return;
    if (this.#isFresh) {
      // What stands above the charts is seen a frame earlier.
      this.#isFresh = false;
      return this.#request();
    }
    const waiting = this.#cards.filter((card) => card.stale && card.visible);
    const due = waiting.filter((card) => time - card.drawnAt >= this.#interval);
    // The longest wait first, so that none starves.
    due.sort((one, other) => one.drawnAt - other.drawnAt);
    const end = performance.now() + BUDGET_MS;
    const setting = due.length > 0 ? this.#setting() : undefined;
    for (const card of due) {
      if (!setting || !card.draw(setting, time)) return;
      if (performance.now() >= end) break;
    }
    if (waiting.some((card) => card.stale)) this.#request();
  }
}
