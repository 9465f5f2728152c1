// Some charts of one run that are drawn together: those in view, a few in each frame, none too often.

import { Card } from "./card.js";
import { chartTexts } from "./catalogue.js";
import { translated } from "./translated.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
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

export class ChartSet {
  /** Which there are, in order. @type {Card[]} */
  cards = [];
  #texts;
  #actions;
  #onRemove;
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

  /** @param {Texts} texts @param {Actions} actions @param {(card: Card) => void} [onRemove] a reader wants to be rid of one */
  constructor(texts, actions, onRemove = () => {}) {
    this.#texts = texts;
    this.#actions = actions;
    this.#onRemove = onRemove;
  }

  /**
   * Somebody who wants less motion gets the same charts, redrawn once a second. It is asked for, not listened to: a
   * listener would keep these charts, and the run that they draw, for as long as the page lives.
   */
  get #interval() {
    return this.#calm.matches ? CALM_INTERVAL_MS : INTERVAL_MS;
  }

  /** @param {import("./catalogue.js").ChartId} id @param {string[]} [series] @param {import("./card.js").Looks} [looks] */
  add(id, series = [], looks = {}) {
    const card = new Card(id, series, this.#texts, {
      request: () => this.request(),
      look: this.#actions.look,
      setting: () => this.setting(),
      remove: this.#onRemove,
    }, looks);
    this.cards.push(card);
    return card;
  }

  /** Takes a chart away; its place on the page as well. @param {Card} card */
  drop(card) {
    this.cards = this.cards.filter((other) => other !== card);
    card.element.remove();
  }

  clear() {
    for (const card of this.cards) card.element.remove();
    this.cards = [];
  }

  /** @param {Simulation | undefined} simulation */
  show(simulation) {
    this.#simulation = simulation;
    this.#isFresh = true;
    this.redraw();
  }

  /** The same run at another moment. @param {Simulation} simulation */
  swap(simulation) {
    this.#simulation = simulation;
    this.redraw();
  }

  get simulation() {
    return this.#simulation;
  }

  /** Draws another run behind this one, or none. @param {Simulation | undefined} baseline */
  compare(baseline) {
    this.#baseline = baseline;
    this.redraw();
  }

  /** Returns whether another part of the time is looked at. @param {Sight} sight */
  look(sight) {
    const zoomed = sight.zoom?.join() !== this.#sight.zoom?.join();
    this.#sight = sight;
    for (const card of this.cards) card.point(sight.cursor);
    if (zoomed) this.redraw();
    return zoomed;
  }

  get sight() {
    return this.#sight;
  }

  /** The words of charts, in the language of the moment. */
  get words() {
    return (this.#words ??= chartTexts(this.#texts));
  }

  /** Words or colours are new. */
  relabel() {
    const former = this.#words;
    const words = (this.#words = chartTexts(this.#texts));
    for (const card of this.cards) {
      if (former) card.hidden = card.hidden.map((name) => translated(name, former, words));
      card.label();
    }
    this.redraw();
  }

  /** The figures are new; what is in view is drawn soon. */
  changed() {
    for (const card of this.cards) card.stale = true;
    this.request();
  }

  /** All of it looks different now; what is in view is drawn at once. */
  redraw() {
    for (const card of this.cards) card.drawnAt = -Infinity;
    this.changed();
  }

  /** Draws at once all that is in view: it tells of the same moment as whatever else is written now. */
  drawTogether() {
    for (const card of this.cards) card.stale = true;
    const seen = this.cards.filter((card) => card.visible);
    const setting = seen.length > 0 ? this.setting() : undefined;
    if (setting) seen.every((card) => card.draw(setting, performance.now()));
  }

  request() {
    this.#frame ||= requestAnimationFrame((time) => this.#draw(time));
  }

  /** Draws at once what is not in view, too: the page is about to be printed. */
  drawAll() {
    const setting = this.setting();
    if (!setting) return;
    for (const card of this.cards.filter((card) => card.stale && card.hasRoom)) {
      if (!card.draw(setting, performance.now())) return;
    }
  }

  /** @returns {Setting | undefined} */
  setting() {
    const simulation = this.#simulation;
    if (!simulation) return undefined;
    return { simulation, baseline: this.#baseline, style: this.#actions.style(), texts: this.words, sight: this.#sight };
  }

  /** @param {number} time */
  #draw(time) {
    this.#frame = 0;
    if (!this.#simulation) return;
    if (this.#isFresh) {
      // What stands above the charts is seen a frame earlier.
      this.#isFresh = false;
      return this.request();
    }
    const waiting = this.cards.filter((card) => card.stale && card.visible);
    const due = waiting.filter((card) => time - card.drawnAt >= this.#interval);
    // The longest wait first, so that none starves.
    due.sort((one, other) => one.drawnAt - other.drawnAt);
    const end = performance.now() + BUDGET_MS;
    const setting = due.length > 0 ? this.setting() : undefined;
    for (const card of due) {
      if (!setting || !card.draw(setting, time)) return;
      if (performance.now() >= end) break;
    }
    if (waiting.some((card) => card.stale)) this.request();
  }
}
