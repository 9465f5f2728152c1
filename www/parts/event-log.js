// What happened, and when.

import { h, write } from "./dom.js";
import { logDetail } from "./log-details.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/engine.js").Simulation} Simulation */
/** @typedef {import("../web-service-model.js").LogEntry} LogEntry */
/** @typedef {import("../web-service-model.js").LogView} LogView */
/** @typedef {import("../web-service-model.js").LogFilter} LogFilter */

const FAULTS = ["crash", "recover", "slow", "partition", "heal"];
const FAILOVER = ["failover", "no_candidate", "promotion", "rejoin", "resync_started", "resync_done"];

/** Choices of kinds of events; none is all of them. */
const KINDS = {
  important: [...FAULTS, ...FAILOVER, "config_change", "warm_up_end"],
  faults: FAULTS,
  replication: [...FAILOVER, "replicated_write"],
  all: [],
};

/** Entries shown at the most. */
const LIMIT = 200;

export class EventLog {
  #texts;
  #kinds = h("select", { id: "log-kinds" });
  #component = h("select", { id: "log-component" });
  #list = h("ol", { class: "log-list", tabindex: 0 });
  #note = h("p", { class: "note" });
  #last = "";
  /** @type {string[]} */
  #groups = [];
  /** @type {LogView | undefined} */
  #view;

  /** @param {Texts} texts @param {() => void} refresh asks for an update */
  constructor(texts, refresh) {
    this.#texts = texts;
    const title = texts.label(h("h2", { id: "log-title", class: "visually-hidden" }), "log.title");
    for (const select of [this.#kinds, this.#component]) select.addEventListener("change", refresh);
    this.#list.setAttribute("aria-labelledby", "log-title");
    this.element = h(
      "section",
      { class: "log", "aria-labelledby": "log-title" },
      h(
        "div",
        { class: "section-head" },
        title,
        h("span", { class: "field" }, texts.label(h("label", { for: "log-kinds" }), "log.kinds"), this.#kinds),
        h("span", { class: "field" }, texts.label(h("label", { for: "log-component" }), "log.component"), this.#component),
      ),
      h("div", { class: "card" }, this.#list, this.#note),
    );
    this.relabel();
  }

  /** @returns {LogFilter} */
  get filter() {
    const kinds = KINDS[/** @type {keyof typeof KINDS} */ (this.#kinds.value)];
    const component = this.#component.value;
    return component ? { kinds, component, limit: LIMIT } : { kinds, limit: LIMIT };
  }

  /** Offers these services, clusters, caches and brokers to choose from. @param {string[]} groups */
  offer(groups) {
    if (groups.join("\n") === this.#groups.join("\n")) return;
    this.#groups = groups;
    this.#component.value = "";
    this.relabel();
  }

  /** @param {LogView} view */
  update(view) {
    this.#view = view;
    const { entries } = view;
    const last = `${this.#kinds.value} ${this.#component.value} ${entries[0]?.number} ${entries.at(-1)?.number}`;
    if (last !== this.#last) {
      this.#last = last;
      // The newest on top: there it is seen without scrolling.
      this.#list.replaceChildren(...entries.toReversed().map((entry) => this.#entry(entry)));
    }
    write(this.#note, this.#summary(view));
  }

  /** Scrolls to what happened about that time, and marks it. @param {number} time */
  reveal(time) {
    const entries = (this.#view?.entries ?? []).toReversed();
    if (entries.length === 0) return;
    const distance = (/** @type {LogEntry} */ entry) => Math.abs(entry.time - time);
    const nearest = entries.reduce((best, entry, at) => (distance(entry) < distance(entries[best]) ? at : best), 0);
    for (const [at, item] of [...this.#list.children].entries()) item.classList.toggle("marked", at === nearest);
    this.element.scrollIntoView({ block: "nearest" });
    const item = /** @type {HTMLElement} */ (this.#list.children[nearest]);
    this.#list.scrollTop = item.offsetTop - this.#list.offsetTop - this.#list.clientHeight / 2;
  }

  relabel() {
    const kinds = Object.keys(KINDS).map((name) => ({ value: name, text: this.#texts.named("log.kinds", name) }));
    fill(this.#kinds, kinds);
    const all = { value: "", text: this.#texts.text("log.component.all") };
    fill(this.#component, [all, ...this.#groups.map((name) => ({ value: name, text: name }))]);
    this.#last = "";
    if (this.#view) this.update(this.#view);
  }

  /** @param {LogEntry} entry */
  #entry(entry) {
    const told = logDetail(entry.detail, this.#texts);
    const detail = h("span", { class: "log-detail" }, told ?? entry.detail);
    // The simulator speaks English, whatever the page's language.
    if (told === undefined) detail.lang = "en";
    const item = h(
      "li",
      {},
      h("span", { class: "log-time" }, this.#texts.moment(entry.time, 2)),
      h("span", { class: "log-kind" }, this.#texts.named("event", entry.kind)),
      h("span", { class: "log-component" }, entry.component || this.#texts.text("log.system")),
      detail,
    );
    item.dataset.kind = entry.kind;
    return item;
  }

  /** @param {LogView} view */
  #summary({ entries, total, dropped }) {
    if (entries.length === 0) return this.#texts.text("log.empty");
    const shown = this.#texts.text("log.shown", { count: entries.length, total });
    return dropped > 0 ? `${shown} ${this.#texts.text("log.dropped", { count: dropped })}` : shown;
  }
}

/** @param {HTMLSelectElement} select @param {{ value: string, text: string }[]} options */
function fill(select, options) {
  const chosen = select.value;
  select.replaceChildren(...options.map(({ value, text }) => h("option", { value }, text)));
  select.value = options.some((option) => option.value === chosen) ? chosen : options[0].value;
}
