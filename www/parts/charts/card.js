// One chart: title, legend, plot, and what can be done with it.

import { download } from "../download.js";
import { h, Visibility, write } from "../dom.js";
import { toCsv } from "../../run/csv.js";
import { ChartMenu } from "./chart-menu.js";
import { FigureTable } from "./figure-table.js";
import { Legend } from "./legend.js";
import { Plot } from "./plot.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../web-service-model.js").ChartId} ChartId */
/** @typedef {import("../../web-service-model.js").DrawOptions} DrawOptions */
/** @typedef {import("../../run/laboratory.js").Sight} Sight */
/** @typedef {import("./chart-set.js").Setting} Setting */

/**
 * @typedef {object} Actions
 * @property {() => void} request asks to be drawn
 * @property {(sight: Partial<Sight>) => void} look
 * @property {() => Setting | undefined} setting
 * @property {(card: Card) => void} remove
 */

/**
 * @typedef {object} Looks
 * @property {boolean} [small] it stands with others in a narrow place
 * @property {() => string} [title] instead of the names of its series
 */

/** Height of a plot in CSS pixels, and of a row in a chart of rows. */
const HEIGHT = 200;
const ROW_HEIGHT = 17;
const MARGIN = 40;

/** Height of a usual card, with what stands above the plot. */
const CARD_HEIGHT = 320;

/** Size of a saved picture in CSS pixels, and pixels for each of them. */
const PICTURE = { width: 900, height: 420, ratio: 2 };

export class Card {
  stale = true;
  drawnAt = -Infinity;
  /** Whether the system has what this chart is about. */
  useful = true;

  #id;
  /** Names of series, of a chart of series. */
  #series;
  #texts;
  #actions;
  #looks;
  #title = h("h3");
  #legend;
  #plot;
  #table;
  #visibility;
  /** Names of what is not drawn. @type {string[]} */
  #hidden = [];

  /** @param {ChartId} id @param {string[]} series @param {Texts} texts @param {Actions} actions @param {Looks} [looks] */
  constructor(id, series, texts, actions, looks = {}) {
    this.#id = id;
    this.#series = series;
    this.#texts = texts;
    this.#actions = actions;
    this.#looks = looks;
    const note = h("p", { class: "note" });
    if (id !== "custom") texts.label(note, `chart.${id}.note`);
    this.#legend = new Legend(texts, id === "latency-heat-map" ? undefined : (name) => this.#toggle(name));
    this.#plot = new Plot(texts, {
      look: actions.look,
      read: (x, y) => this.#read(x, y),
      resized: () => {
        this.stale = true;
        this.drawnAt = -Infinity;
        actions.request();
      },
    });
    this.#table = new FigureTable(texts);
    const menu = new ChartMenu(texts, {
      table: () => this.#toggleTable(),
      picture: () => this.#savePicture(),
      csv: () => this.#saveCsv(),
      remove: id === "custom" ? () => actions.remove(this) : undefined,
    });
    this.element = h(
      "figure",
      looks.small ? { class: "chart small-chart", "data-small-chart": id } : { class: "chart card", "data-chart": id },
      h("figcaption", {}, h("div", { class: "chart-title" }, this.#title, note), ...(looks.small ? [] : [menu.element])),
      this.#legend.element,
      this.#plot.element,
      this.#table.element,
    );
    this.label();
    this.#visibility = new Visibility(this.element, actions.request);
  }

  get id() {
    return this.#id;
  }

  /** Names of series, of a chart of series. */
  get series() {
    return this.#series;
  }

  /** Names in the legend that are not drawn, in the language of the moment. */
  get hidden() {
    return this.#hidden;
  }

  set hidden(names) {
    if (names.join("\n") === this.#hidden.join("\n")) return;
    this.#hidden = names;
    this.#again();
  }

  get visible() {
    return this.#visibility.visible && this.hasRoom;
  }

  /** Whether there is a place for its figures, in view or not. */
  get hasRoom() {
    return this.#plot.hasSize || this.#table.open;
  }

  label() {
    const title = this.#looks.title ? this.#looks.title() : this.#id === "custom" ? this.#series.join(", ") : this.#texts.text(`chart.${this.#id}`);
    write(this.#title, title);
    this.#plot.label(title);
    this.#table.label(title);
  }

  /** A system begins. @param {boolean} useful @param {string[]} names of its series */
  begin(useful, names) {
    this.drawnAt = -Infinity;
    this.stale = true;
    this.useful = this.#id === "custom" ? this.#series.every((name) => names.includes(name)) : useful;
  }

  /** Shows one series more. @param {string} series */
  add(series) {
    if (!this.#series.includes(series)) this.#series.push(series);
    this.stale = true;
    this.drawnAt = -Infinity;
    this.label();
  }

  /** Shows the moment that is pointed at, in this chart or in another. @param {number | null} time */
  point(time) {
    this.#plot.point(time);
  }

  /** @param {Setting} setting @param {number} time @returns {boolean} whether it could be drawn */
  draw(setting, time) {
    try {
      if (this.#table.open) this.#table.update(this.#figures(setting));
      else this.#paint(setting);
    } catch {
      // A crash: the runner hears of it at its next slice, and the page says so.
      return false;
    }
    this.stale = false;
    this.drawnAt = time;
    return true;
  }

  /** @param {Setting} setting */
  #paint(setting) {
    const { canvas, ratio } = this.#plot.prepare();
    const options = this.#options(setting, { ...setting.style, pixel_ratio: ratio });
    const drawing = setting.simulation.draw(canvas, this.#id, options, setting.baseline);
    this.#plot.drawn(drawing, ratio);
    this.#resize(drawing.rows);
    this.#legend.show(drawing.legend, setting.style.series);
  }

  /** @param {Setting} setting @param {DrawOptions["style"]} [style] @returns {DrawOptions} */
  #options({ texts, sight }, style) {
    return { style, texts, zoom: sight.zoom, hidden: this.#hidden, series: this.#series };
  }

  /** A chart of rows is as high as its rows need, and takes the place of several cards if they are many. @param {number | null} rows */
  #resize(rows) {
    // A small one shares the height that there is with the others.
    if (this.#looks.small) return;
    const height = rows === null ? HEIGHT : Math.max(HEIGHT, rows * ROW_HEIGHT + MARGIN);
    if (!this.#plot.setHeight(height)) return;
    this.element.style.gridRow = `span ${Math.ceil((height - HEIGHT) / CARD_HEIGHT) || 1}`;
  }

  /** @param {string} name */
  #toggle(name) {
    this.hidden = this.#hidden.includes(name) ? this.#hidden.filter((other) => other !== name) : [...this.#hidden, name];
  }

  #again() {
    this.stale = true;
    this.drawnAt = -Infinity;
    this.#actions.request();
  }

  /** What stands at a place of the plot. @param {number} x @param {number} y */
  #read(x, y) {
    const setting = this.#actions.setting();
    if (!setting) return [];
    return setting.simulation.readings(this.#id, this.#options(setting), x, y, setting.baseline);
  }

  /** @param {Setting} setting */
  #figures(setting) {
    return setting.simulation.table(this.#id, this.#options(setting), setting.baseline);
  }

  /** @returns {boolean} whether the table is now seen */
  #toggleTable() {
    const open = this.#table.toggle();
    this.#plot.element.hidden = open;
    this.#legend.element.hidden = open;
    this.#again();
    return open;
  }

  #fileName() {
    return this.#id === "custom" ? this.#series[0].replace(/[^\w.-]+/g, "-") : this.#id;
  }

  #saveCsv() {
    const setting = this.#actions.setting();
    if (!setting) return;
    const { columns, rows } = this.#figures(setting);
    download(`${this.#fileName()}.csv`, "text/csv", toCsv([columns, ...rows]));
  }

  #savePicture() {
    const setting = this.#actions.setting();
    if (!setting) return;
    const height = Math.max(PICTURE.height, this.#plot.height * 1.3);
    const canvas = h("canvas", { width: PICTURE.width * PICTURE.ratio, height: height * PICTURE.ratio });
    const background = getComputedStyle(this.element).backgroundColor;
    const style = { ...setting.style, decoration: /** @type {const} */ ("full"), background, pixel_ratio: PICTURE.ratio };
    setting.simulation.draw(canvas, this.#id, this.#options(setting, style), setting.baseline);
    canvas.toBlob((blob) => {
      if (blob) download(`${this.#fileName()}.png`, "image/png", blob);
    });
  }
}
