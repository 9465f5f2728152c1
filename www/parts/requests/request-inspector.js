// Single requests that are over: a list to choose from, and where the time of the chosen one went.

import { calleeOf } from "../../run/steps.js";
import { h, write } from "../dom.js";
import { offer } from "../select.js";
import { RequestList } from "./request-list.js";
import { TraceView } from "./trace-view.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/engine.js").Simulation} Simulation */
/** @typedef {import("../../run/engine.js").Config} Config */
/** @typedef {import("../../web-service-model.js").TraceFilter} TraceFilter */
/** @typedef {import("../../web-service-model.js").TraceSummary} TraceSummary */
/** @typedef {{ look: (from: number, to: number) => void, goTo: (time: number) => void }} Actions */

/** Which lists there are. */
const LISTS = /** @type {const} */ (["slowest", "failed", "latest"]);

/** Where users log in, if the configuration does not say otherwise. */
const AUTH_NAME = "AuthService";

export class RequestInspector {
  #texts;
  #which = h("select", { id: "requests-which" });
  #service = h("select", { id: "requests-service" });
  #fresh = h("button", { type: "button", class: "small", hidden: true });
  #note = h("p", { class: "note" });
  #list;
  #trace;
  /** @type {Simulation | undefined} */
  #simulation;
  /** Services that users ask. @type {string[]} */
  #services = [];
  /** @type {TraceSummary[]} */
  #found = [];
  /** @type {number | undefined} */
  #chosen;
  /** Whether the reader is at the list: then it must not move. */
  #pointed = false;
  #focused = false;

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#list = new RequestList(texts, (number) => this.#choose(number));
    this.#trace = new TraceView(texts, { close: () => this.#close(), look: actions.look, goTo: actions.goTo });
    for (const select of [this.#which, this.#service]) select.addEventListener("change", () => this.#showAll());
    this.#fresh.addEventListener("click", () => this.#showFresh());
    this.#watchReader();
    const title = texts.label(h("h2", { id: "requests-title", class: "visually-hidden" }), "requests.title");
    this.element = h(
      "section",
      { class: "requests", "aria-labelledby": "requests-title" },
      h("div", { class: "section-head" }, title, this.#field("which", this.#which), this.#field("service", this.#service),
        this.#fresh),
      h("div", { class: "requests-columns" },
        h("div", { class: "card requests-card" }, this.#list.element, this.#note), this.#trace.element),
    );
    this.relabel();
  }

  /** @param {"which" | "service"} name @param {HTMLSelectElement} select */
  #field(name, select) {
    const label = this.#texts.label(h("label", { for: select.id }), `requests.${name}`);
    return h("span", { class: "field" }, label, select);
  }

  #watchReader() {
    const { element } = this.#list;
    element.addEventListener("pointerenter", (event) => (this.#pointed = event.pointerType === "mouse"));
    element.addEventListener("pointerleave", () => {
      this.#pointed = false;
      this.update();
    });
    element.addEventListener("focusin", () => (this.#focused = true));
    element.addEventListener("focusout", () => (this.#focused = false));
  }

  /** A run begins, or is gone. @param {Simulation | undefined} simulation */
  show(simulation) {
    this.#simulation = simulation;
    this.#services = simulation ? asked(simulation.config()) : [];
    this.#offerServices();
    this.#chosen = undefined;
    this.#trace.show(undefined);
    this.#showAll();
  }

  /** Brings the list up to date, or says what is new while it is being read. */
  update() {
    this.#found = this.#ask();
    if (this.#frozen) this.#sayFresh();
    else this.#showFound();
  }

  relabel() {
    offer(this.#which, LISTS.map((value) => ({ value, text: this.#texts.text(`requests.which.${value}`) })));
    this.#offerServices();
    this.#list.relabel();
    this.#trace.relabel();
    this.#sayNote();
    this.#sayFresh();
  }

  #offerServices() {
    const all = { value: "", text: this.#texts.text("requests.service.all") };
    offer(this.#service, [all, ...this.#services.map((name) => ({ value: name, text: name }))]);
  }

  /** A list that jumps cannot be read. */
  get #frozen() {
    return this.#chosen !== undefined || this.#pointed || this.#focused;
  }

  /** What the simulator has now. */
  #ask() {
    const which = /** @type {TraceFilter["which"]} */ (this.#which.value);
    const service = this.#service.value;
    return this.#simulation?.traces(service ? { which, service } : { which }) ?? [];
  }

  #showAll() {
    this.#found = this.#ask();
    this.#showFound();
  }

  #showFresh() {
    this.#showAll();
    // The button has gone; who pressed it goes on in the list.
    this.#list.focus(undefined);
  }

  #showFound() {
    this.#list.show(this.#found);
    this.#sayFresh();
    this.#sayNote();
  }

  #sayFresh() {
    const count = this.#found.filter(({ number }) => !this.#list.has(number)).length;
    this.#fresh.hidden = count === 0;
    if (count > 0) write(this.#fresh, this.#texts.text("requests.fresh", { count }));
  }

  #sayNote() {
    const count = this.#found.length;
    const key = !this.#simulation ? "requests.gone" : count === 0 ? "requests.empty" : "requests.shown";
    write(this.#note, this.#texts.text(key, { count }));
  }

  /** @param {number} number */
  #choose(number) {
    const trace = this.#simulation?.trace(number);
    // It may have been forgotten since the list was shown.
    if (!trace) return this.#showAll();
    this.#chosen = number;
    this.#list.mark(number);
    this.#trace.show(trace);
  }

  #close() {
    const number = this.#chosen;
    this.#chosen = undefined;
    this.#trace.show(undefined);
    this.#list.mark(undefined);
    this.#list.focus(number);
  }
}

/** Services that users ask, in the order of the configuration, and where they log in. @param {Config} config */
function asked(config) {
  const { users = {}, services = {}, auth } = config;
  const targets = new Set(Object.values(users).flatMap((group) => Object.keys(group.targets ?? {}).map((to) => calleeOf(config, to)?.service)));
  const found = Object.keys(services).filter((name) => targets.has(name));
  return auth ? [...found, auth.name ?? AUTH_NAME] : found;
}
