// What happened, and when.

import { LogReader } from "../run/log-reader.js";
import { h, write } from "./dom.js";
import { icon } from "./icon.js";
import { logDetail } from "./log-details.js";
import { LogFilter } from "./log-filter.js";
import { Rover } from "./rover.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/engine.js").Simulation} Simulation */
/** @typedef {import("../run/laboratory.js").Sight} Sight */
/** @typedef {import("../web-service-model.js").LogEntry} LogEntry */
/** @typedef {import("../web-service-model.js").LogView} LogView */

/**
 * @typedef {object} Actions
 * @property {(sight: Partial<Sight>) => void} look
 * @property {(time: number) => void} goTo shows the system as it was
 * @property {(entries: LogEntry[]) => void} save
 */

export class EventLog {
  #texts;
  #actions;
  #filter;
  #reader = new LogReader();
  // Entries are reached by arrow keys; without the index Firefox stops at the list too, as at whatever scrolls.
  #list = h("ol", { class: "log-list", tabindex: "-1" });
  #rover = new Rover(this.#list);
  #note = h("p", { class: "note" });
  #part = h("p", { class: "note log-part", hidden: true });
  #partText = h("span");
  /** Numbers of the entries in the list, oldest first. @type {number[]} */
  #shown = [];
  /** @type {[number, number] | null} */
  #zoom = null;
  /** @type {LogView} */
  #view = { entries: [], total: 0, dropped: 0 };

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    this.#filter = new LogFilter(texts, () => this.update());
    const title = texts.label(h("h2", { id: "log-title", class: "visually-hidden" }), "log.title");
    const words = texts.label(h("span"), "log.download");
    const save = h("button", { type: "button", class: "download" }, icon("download"), words);
    save.addEventListener("click", () => actions.save(this.#reader.all()));
    const all = texts.label(h("button", { type: "button", class: "small" }), "log.part.all");
    all.addEventListener("click", () => actions.look({ zoom: null }));
    this.#part.append(this.#partText, all);
    this.#list.setAttribute("aria-labelledby", "log-title");
    this.element = h(
      "section",
      { class: "log", "aria-labelledby": "log-title" },
      h("div", { class: "section-head" }, title, ...this.#filter.elements, save),
      h("div", { class: "card" }, this.#part, this.#list, this.#note),
    );
  }

  /** A run begins, or is gone. @param {Simulation | undefined} simulation */
  show(simulation) {
    this.#reader.open(simulation);
    this.#filter.offer(simulation?.components() ?? []);
    this.#forget();
    this.update();
  }

  /** Which events are seen; undefined if nobody has chosen. */
  get choice() {
    return this.#filter.choice;
  }

  set choice(choice) {
    this.#filter.choice = choice;
    this.update();
  }

  /** There are other components to choose from. @param {import("../run/engine.js").ComponentState[]} components */
  meet(components) {
    this.#filter.offer(components);
  }

  /** Shows what is new. */
  update() {
    this.#reader.want(this.#filter.wanted, this.#zoom);
    this.#view = this.#reader.read();
    this.#bring(this.#view.entries);
    write(this.#note, this.#summary(this.#view));
  }

  /** Shows only what happened in the part of the time that is looked at. @param {Sight} sight */
  sight({ zoom }) {
    if (String(zoom) === String(this.#zoom)) return;
    this.#zoom = zoom;
    const left = !zoom && this.#part.matches(":focus-within");
    this.#part.hidden = !zoom;
    this.#sayPart();
    this.update();
    // The button that shows the whole run goes with the words about the part; its reader goes on in the list.
    if (left && !this.#rover.focus()) this.#filter.focus();
  }

  /** Scrolls to what happened about that time, and marks it. @param {number} time */
  reveal(time) {
    const { entries } = this.#view;
    if (entries.length === 0) return;
    const distance = (/** @type {LogEntry} */ entry) => Math.abs(entry.time - time);
    const nearest = entries.reduce((best, entry) => (distance(entry) < distance(best) ? entry : best));
    const item = this.#item(nearest.number);
    if (!item) return;
    this.#mark(item);
    this.element.scrollIntoView({ block: "nearest" });
    this.#list.scrollTop = item.offsetTop - this.#list.offsetTop - this.#list.clientHeight / 2;
  }

  relabel() {
    this.#filter.relabel();
    this.#forget();
    this.#sayPart();
    this.update();
  }

  /** The list is written anew. */
  #forget() {
    this.#shown = [];
    this.#list.replaceChildren();
  }

  #sayPart() {
    if (!this.#zoom) return;
    const [from, to] = this.#zoom.map((time) => this.#texts.moment(time, 2));
    write(this.#partText, this.#texts.text("log.part", { from, to }));
  }

  /** Brings the list up to date, and leaves alone what stays in it. @param {LogEntry[]} entries */
  #bring(entries) {
    const numbers = entries.map((entry) => entry.number);
    const known = new Set(this.#shown);
    const wanted = new Set(numbers);
    // The newest on top: there it is seen without scrolling.
    const fresh = entries.filter((entry) => !known.has(entry.number));
    const goesOn = fresh.length === 0 || this.#shown.length === 0 || fresh[0].number > (this.#shown.at(-1) ?? -1);
    if (!goesOn || !numbers.some((number) => known.has(number))) {
      this.#list.replaceChildren(...entries.toReversed().map((entry) => this.#entry(entry)));
    } else {
      for (const number of this.#shown) if (!wanted.has(number)) this.#item(number)?.remove();
      this.#list.prepend(...fresh.toReversed().map((entry) => this.#entry(entry)));
    }
    this.#shown = numbers;
    this.#rover.settle();
  }

  /** @param {number} number @returns {HTMLElement | null} */
  #item(number) {
    return this.#list.querySelector(`[data-number="${number}"]`);
  }

  /** @param {Element} item */
  #mark(item) {
    for (const marked of this.#list.querySelectorAll(".marked")) marked.classList.remove("marked");
    item.classList.add("marked");
  }

  /** @param {LogEntry} entry */
  #entry(entry) {
    const texts = this.#texts;
    const told = logDetail(entry.detail, texts);
    const detail = h("span", { class: "log-detail" }, told ?? entry.detail);
    // The simulator speaks English, whatever the page's language.
    if (told === undefined) detail.lang = "en";
    const time = h("button", { type: "button", class: "log-time", tabindex: -1, title: texts.text("log.go") }, texts.moment(entry.time, 2));
    const item = h(
      "li",
      { "data-number": entry.number, "data-kind": entry.kind },
      time,
      h("span", { class: "log-kind" }, texts.named("event", entry.kind)),
      h("span", { class: "log-component" }, entry.component || texts.text("log.system")),
      detail,
    );
    time.addEventListener("click", () => {
      this.#mark(item);
      this.#actions.look({ cursor: entry.time });
    });
    time.addEventListener("dblclick", () => this.#actions.goTo(entry.time));
    time.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.shiftKey) this.#actions.goTo(entry.time);
    });
    return item;
  }

  /** @param {LogView} view */
  #summary({ entries, total, dropped }) {
    if (entries.length === 0) return this.#texts.text(total > 0 ? "log.empty.filter" : "log.empty");
    const shown = this.#texts.text("log.shown", { count: entries.length, total });
    return dropped > 0 ? `${shown} ${this.#texts.text("log.dropped", { count: dropped })}` : shown;
  }
}
