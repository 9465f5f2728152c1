// The charts, live: drawn by the simulator on canvases, with titles and legends in HTML.

import { h } from "../dom.js";
import { chartTexts, isUseful, MAIN, MORE } from "./catalogue.js";
import { ChartSet } from "./chart-set.js";
import { SeriesPicker } from "./series-picker.js";
import { translated } from "./translated.js";
import { languageOf, loadLanguage, Texts } from "../../i18n/texts.js";

/** @typedef {import("../../run/engine.js").Simulation} Simulation */
/** @typedef {import("../../run/laboratory.js").Sight} Sight */
/** @typedef {import("./card.js").Card} Card */
/** @typedef {import("./chart-set.js").Actions} Actions */

export class Charts {
  #texts;
  #set;
  #more;
  #own = h("div", { class: "chart-grid" });
  #zoom = h("p", { class: "zoom-note", hidden: true });
  #zoomText = h("span");
  #picker;
  /** The one chart that is to be seen; all without it. @type {string | undefined} */
  #only;

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#set = new ChartSet(texts, actions, (card) => this.#remove(card));
    const [main, more] = [MAIN, MORE].map((ids) => ids.map((id) => this.#set.add(id)));
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

  /** Somebody has come or gone: there are other series to choose from. */
  meet() {
    this.#picker.offer(this.#set.simulation?.seriesNames() ?? []);
  }

  /** @param {Simulation | undefined} simulation */
  show(simulation) {
    const config = simulation?.config();
    const names = simulation?.seriesNames() ?? [];
    for (const card of this.#set.cards) card.begin(config ? isUseful(card.id, config) : card.useful, names);
    this.#picker.offer(names);
    this.only(this.#only);
    this.#set.show(simulation);
  }

  /** The same run at another moment. @param {Simulation} simulation */
  swap(simulation) {
    this.#set.swap(simulation);
  }

  /** Draws another run behind this one, or none. @param {Simulation | undefined} baseline */
  compare(baseline) {
    this.#set.compare(baseline);
  }

  /** @param {Sight} sight */
  look(sight) {
    if (this.#set.look(sight)) this.#labelZoom();
  }

  /** Shows one chart by its id; without one, all that say something. @param {string | undefined} id */
  only(id) {
    this.#only = id;
    this.element.classList.toggle("single", id !== undefined);
    for (const card of this.#set.cards) card.element.hidden = id === undefined ? !card.useful : card.id !== id;
    const wanted = this.#set.cards.some((card) => card.id === id && MORE.includes(card.id));
    this.#more.hidden = id !== undefined && !wanted;
    this.#picker.element.hidden = id !== undefined;
    if (wanted) this.#more.open = true;
  }

  /** The figures are new; what is in view is drawn soon. */
  changed() {
    this.#set.changed();
  }

  /** Which charts are seen, and how. @returns {import("../../run/link-view.js").ChartsView} */
  get choice() {
    const some = this.#set.cards.filter((card) => card.id !== "custom" && card.hidden.length > 0);
    return {
      lang: this.#texts.language,
      more: this.#more.open,
      hidden: Object.fromEntries(some.map((card) => [card.id, card.hidden])),
      own: this.#set.cards.filter((card) => card.id === "custom").map(({ series, hidden }) => ({ series, hidden })),
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
    const { words } = this.#set;
    const names = (/** @type {string[]} */ list) => list.map((name) => translated(name, theirs, words));
    for (const card of this.#set.cards.filter((card) => card.id === "custom")) this.#set.drop(card);
    for (const card of this.#set.cards) card.hidden = names(Object.hasOwn(hidden, card.id) ? hidden[card.id] : []);
    this.#more.open = more;
    const known = new Set(this.#set.simulation?.seriesNames());
    for (const one of own) {
      const series = one.series.filter((name) => known.has(name));
      if (series.length > 0) this.#addCard(series).hidden = names(one.hidden);
    }
    this.#set.request();
  }

  /** Words or colours are new; what is in view is drawn at once. */
  relabel() {
    this.#set.relabel();
    this.#picker.relabel();
    this.#labelZoom();
  }

  #labelZoom() {
    const { zoom } = this.#set.sight;
    // The button that shows the whole run goes with the words about the part; its reader goes on in the charts.
    if (!zoom && this.#zoom.matches(":focus-within")) this.element.querySelector("canvas")?.focus({ preventScroll: true });
    this.#zoom.hidden = !zoom;
    if (!zoom) return;
    const [from, to] = zoom.map((time) => this.#texts.moment(time, 1));
    this.#zoomText.textContent = this.#texts.text("charts.zoom", { from, to });
  }

  /** @param {string} series @param {boolean} fresh in a chart of its own */
  #addSeries(series, fresh) {
    const last = this.#set.cards.findLast((card) => card.id === "custom");
    if (last && !fresh) {
      last.add(series);
    } else {
      this.#addCard([series]);
    }
    this.#set.request();
  }

  /** @param {string[]} series */
  #addCard(series) {
    const card = this.#set.add("custom", series);
    this.#own.append(card.element);
    return card;
  }

  /** @param {Card} card */
  #remove(card) {
    this.#set.drop(card);
    this.#picker.focus();
  }

  /** Draws at once what is not in view, too: the page is about to be printed. */
  drawAll() {
    this.#set.drawAll();
  }
}
