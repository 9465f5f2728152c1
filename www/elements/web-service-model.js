// <web-service-model>: the whole laboratory as one element, for this site's page and for any other.
//
// Attributes
//   scenario   name of a scenario of the site; the first of the list without it
//   src        address of a configuration file, instead of a scenario
//   seed       an integer, instead of the configuration's
//   speed      simulated seconds per second, or "max"
//   lang       "en" or "ru"; the page's language without it
//   theme      "light" or "dark"; the system's choice without it
//   view       what is to be seen: "all", or "topology", "charts", "chart:rps" (any chart by its id), "figures",
//              "components", "requests", "log", "report", "editor", "experiments", "validate"
//   controls   "none" hides the run control: the page around it drives the run
//   autoplay   runs as soon as it is ready, unless the reader wants less motion
//   permalink  begins with what the fragment of the page's address holds, and keeps it there: one element of a page
//   drafts     keeps the reader's own configuration in the browser, over a reload: one element of a site
//
// Properties and methods: simulation, config, seed, speed, state, play(), pause(), stepEvents(n), stepSeconds(s),
// reset(), load(config), patch(config), crash(name), recover(name), promote(name), select(name), pin(), unpin(),
// permalink().
//
// Events, each with a `detail`: ready, progress, finished, error, configchange.
//
// README.md beside this file says all of it at length.

import { isLoaded, languageOf, loadLanguage, Texts } from "../i18n/texts.js";
import { chartStyle } from "../parts/charts/chart-style.js";
import { h } from "../parts/dom.js";
import { LaboratoryView } from "../parts/laboratory-view.js";
import { viewOf } from "../parts/views.js";
import { Laboratory } from "../run/laboratory.js";
import { Sharing } from "./sharing.js";
import { Source } from "./source.js";
import { styling } from "./styling.js";

/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../run/laboratory.js").State} State */
/** @typedef {import("../parts/laboratory-view.js").TroubleKind} TroubleKind */
/** @typedef {import("./source.js").More} More */
/** What other pages may count on. @typedef {import("./element.js").WebServiceModel} Contract */

/** `progress` is told this often at most. */
const PROGRESS_MS = 100;
const DEFAULT_SPEED = 5;

/** @implements {Contract} */
export class WebServiceModel extends HTMLElement {
  static observedAttributes = ["scenario", "src", "seed", "speed", "lang", "theme", "view", "controls"];

  #texts = new Texts();
  #lab = new Laboratory();
  #view;
  #sharing;
  /** Takes the colours that the theme gives, for charts. */
  #probe = h("span", { hidden: true });
  #toldAt = -Infinity;
  #started = false;
  /** There is a run, or it is clear what stands in its way. @type {Promise<void>} */
  #begun = Promise.resolve();
  #source;
  /** The words are there. @type {Promise<void>} */
  #spoken = Promise.resolve();
  #inView = true;
  #quiet = false;
  /** Attributes that were changed while the element was in no page. @type {Set<string>} */
  #missed = new Set();
  /** @type {AbortController | undefined} */
  #listening;

  constructor() {
    super();
    this.#sharing = this.#makeSharing();
    this.#source = this.#makeSource();
    this.#view = new LaboratoryView(this.#texts, this.#lab, () => chartStyle(this.#probe), {
      pick: (id) => void this.#pick(id),
      speed: (speed) => (this.speed = speed),
      seed: (seed) => (this.seed = seed),
      load: (config) => this.load(config),
      reset: () => this.reset(),
      trouble: (kind, problem) => this.#trouble(kind, problem),
      name: () => this.getAttribute("scenario") ?? "report",
      sharing: {
        link: () => this.#sharing.link(),
        open: (files) => void this.#sharing.open(files),
        save: () => this.#sharing.save(),
        resume: (draft) => this.#sharing.resume(draft),
        discard: (draft) => this.#sharing.discard(draft),
      },
    });
    const root = this.attachShadow({ mode: "open" });
    const body = h("div", { class: "lab", hidden: true }, this.#view.element, this.#probe);
    root.append(styling(() => void this.#spoken.then(() => (body.hidden = false))), body);
    this.#listen();
  }

  #makeSharing() {
    const lab = this.#lab;
    return new Sharing({
      asked: (name) => this.hasAttribute(name),
      config: () => lab.config,
      reader: { check: (text) => lab.check(text), importConfig: (text, name) => lab.importConfig(text, name) },
      load: (config) => this.#open(config),
      sight: () => this.#sight(),
      look: (sight) => this.#see(sight),
      comparison: () => lab.comparison,
      compare: (baseline) => lab.compareWith(baseline),
      trouble: (kind, problem, more) => this.#trouble(kind, problem, more),
    }, () => this.#view);
  }

  #makeSource() {
    return new Source(this, {
      ready: () => this.#lab.engine !== undefined,
      running: () => this.simulation !== undefined,
      quietly: (change) => this.#quietly(change),
      // A seed chosen for another scenario stays: it is the reader's.
      begin: (config) => this.#begin(config, this.#chosenSeed()),
      // What runs comes first: whoever hears of an error before `ready` may take it that there will be none.
      trouble: (kind, problem, more) => kind === "scenarios"
        ? void this.#begun.then(() => this.#trouble(kind, problem, more))
        : this.#trouble(kind, problem, more),
    }, () => this.#view);
  }

  #listen() {
    const lab = this.#lab;
    lab.on("state", (state) => {
      if (state === "finished") this.#tell("finished", { report: lab.simulation?.report() });
    });
    lab.on("progress", ({ now, duration, events }) => {
      const time = performance.now();
      // A run that rests tells where it rests.
      if (lab.state === "running" && time - this.#toldAt < PROGRESS_MS) return;
      this.#toldAt = time;
      this.#tell("progress", { now, duration, events, state: lab.state });
    });
    lab.on("config", (config) => {
      this.#sharing.own();
      this.#tell("configchange", { config });
    });
    lab.on("crash", (problem) => this.#crashed(problem));
  }

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    this.#sharing.connect(signal);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.#view.recolour(), { signal });
    addEventListener("beforeprint", () => this.#view.prepareForPrint(), { signal });
    addEventListener("afterprint", () => this.#view.leavePrint(), { signal });
    // A frame that is not in view gets no visibilitychange, but it does get this.
    // Of several entries at once only the last one is true still.
    const observer = new IntersectionObserver((entries) => {
      this.#inView = entries[entries.length - 1].isIntersecting;
      this.#look();
    });
    observer.observe(this);
    signal.addEventListener("abort", () => observer.disconnect());
    this.#view.animate(signal);
    this.#spoken = this.#speak();
    this.#applySpeed();
    this.#arrange();
    this.#look();
    if (this.#started) this.#catchUp();
    else void this.#start();
  }

  disconnectedCallback() {
    this.#listening?.abort();
    // It waits, and goes on if it was only moved.
    this.#look();
    setTimeout(() => {
      if (!this.isConnected) this.#view.stopExperiments();
    });
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (before === now || this.#quiet) return;
    if (!this.isConnected) this.#missed.add(name);
    else if (name === "lang") void this.#speak();
    else if (name === "theme") this.#view.recolour();
    else if (name === "view" || name === "controls") this.#arrange();
    else if (name === "speed") this.#applySpeed();
    else if (name === "seed") this.#reseed();
    else void this.#source.load();
  }

  /** The simulation, for scripts; undefined until `ready`. */
  get simulation() {
    return this.#lab.simulation;
  }

  /** The configuration of the run, changes at run time included. */
  get config() {
    return this.#lab.config;
  }

  /** @returns {State | "loading"} */
  get state() {
    return this.#lab.state;
  }

  get seed() {
    return this.#lab.simulation?.seed;
  }

  /** Another seed starts the run anew. */
  set seed(seed) {
    if (seed === undefined) this.removeAttribute("seed");
    else this.setAttribute("seed", String(seed));
  }

  get speed() {
    return this.#lab.speed;
  }

  /** Simulated seconds per second; Infinity is as fast as possible. */
  set speed(speed) {
    this.setAttribute("speed", speed === Infinity ? "max" : String(speed));
  }

  play() {
    this.#lab.play();
  }

  pause() {
    this.#lab.pause();
  }

  /** Moves on by so many events, and pauses. @param {number} [events] */
  stepEvents(events = 1) {
    this.#lab.stepEvents(events);
  }

  /** Moves on by so many simulated seconds, and pauses. @param {number} [seconds] */
  stepSeconds(seconds = 1) {
    this.#lab.stepSeconds(seconds);
  }

  /** Shows the run as it stood at that moment, in simulated seconds; the present again if it is not past. @param {number} seconds */
  goTo(seconds) {
    this.#lab.goTo(seconds);
  }

  /** What if: from the moment that is seen the run goes on twice, as it was (the baseline) and with what is done from now on. */
  fork() {
    this.#lab.fork();
  }

  /** Back to the start, paused. */
  reset() {
    this.pause();
    this.#lab.restart(this.#chosenSeed());
  }

  /**
   * Starts anew with this configuration. Throws if it is bad; then the run in progress goes on.
   * @param {Config} config
   */
  load(config) {
    this.#open(config);
    this.#sharing.own();
  }

  /**
   * Changes the configuration of the run in progress; returns what was changed, in words.
   * @param {import("../web-service-model.js").Patch<Config>} patch
   */
  patch(patch) {
    return this.#lab.patch(patch);
  }

  /** Takes a component down. @param {string} component @param {number} [forSeconds] */
  crash(component, forSeconds) {
    this.#lab.crash(component, forSeconds);
  }

  /** Brings a component up. @param {string} component */
  recover(component) {
    this.#lab.recover(component);
  }

  /** Makes a replica the primary of its cluster. @param {string} node */
  promote(node) {
    this.#lab.promote(node);
  }

  /** Shows a component's figures and settings; nothing without a name. @param {string} [component] */
  select(component) {
    this.#lab.select(component);
  }

  /** Keeps the run as it is now: later runs are compared with it. */
  pin() {
    this.#lab.pin();
  }

  unpin() {
    this.#lab.unpin();
  }

  /** An address that opens this configuration with its seed and what is looked at. */
  permalink() {
    return this.#sharing.permalink();
  }

  /** Does what attributes ask for that were changed while the element was in no page. */
  #catchUp() {
    const missed = this.#missed;
    this.#missed = new Set();
    if (missed.has("scenario") || missed.has("src")) void this.#source.load();
    else if (missed.has("seed")) this.#reseed();
  }

  async #start() {
    this.#started = true;
    this.#missed.clear();
    this.#view.waits("loading");
    if (!this.#sharing.linked) this.#source.fetchAhead();
    try {
      await this.#lab.start();
    } catch (problem) {
      this.#started = false;
      this.#view.waits("error");
      const action = { text: /** @type {const} */ ("error.retry"), run: () => void this.#start() };
      this.#trouble("engine", problem, { hint: "error.engine.hint", action });
      return;
    }
    // It tells nothing before the line below is done.
    void this.#source.list();
    this.#begun = this.#sharing.begin(() => this.#source.load());
    await this.#begun;
    this.#autoplay();
  }

  #autoplay() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.hasAttribute("autoplay") && !calm) this.play();
  }

  /** Loads a scenario of the menu, also when it is the one that the attribute names already. @param {string} id */
  async #pick(id) {
    // Whoever has paused, or not begun yet, wants it to stand still; a run that has come to its end was running.
    const ended = this.state === "finished";
    this.#sharing.leave();
    this.#quietly(() => this.setAttribute("scenario", id));
    await this.#source.load();
    if (ended) this.#autoplay();
  }

  /** Begins with a configuration that is none of the site's. @param {Config} config */
  #open(config) {
    if (!this.#lab.engine) throw new Error("the element is not ready yet");
    this.#begin(config, config?.seed ?? this.#chosenSeed());
    this.#source.leave();
    this.#view.chosen(undefined, config);
    // The configuration's own seed is the one that counts now.
    if (config.seed !== undefined) this.#quietly(() => this.removeAttribute("seed"));
  }

  /** What is looked at, for a link. @returns {import("../run/link-view.js").LinkView} */
  #sight() {
    const { speed, selected, sight } = this.#lab;
    return {
      // On somebody else's page the view is a matter of that page, and the link leads to this site.
      view: (this.hasAttribute("permalink") && this.getAttribute("view")) || undefined,
      tab: this.#view.tab,
      select: selected,
      speed: speed === Infinity ? 0 : speed,
      zoom: sight.zoom ?? undefined,
      charts: this.#view.charts,
      log: this.#view.log,
    };
  }

  /** Looks at what a link says. @param {import("../run/link-view.js").LinkView} sight */
  #see({ view, tab, select, speed, zoom, charts, log }) {
    if (view) this.setAttribute("view", view);
    if (tab) this.#view.tab = tab;
    if (select && this.simulation?.components().some(({ name }) => name === select)) this.select(select);
    if (speed !== undefined) this.speed = speed || Infinity;
    if (charts) this.#view.charts = charts;
    if (log) this.#view.log = log;
    const duration = this.simulation?.duration ?? 0;
    if (zoom && zoom[0] < duration) this.#lab.look({ zoom: [zoom[0], Math.min(zoom[1], duration)] });
  }

  /** Another seed was chosen. */
  #reseed() {
    // Before there is a run, a seed is one of the things that it begins with, as a link is.
    if (!this.simulation) return;
    this.#sharing.leave();
    this.#lab.restart(this.#chosenSeed());
  }

  /** @param {Config} config @param {number | undefined} seed instead of the configuration's */
  #begin(config, seed) {
    this.#lab.begin(config, seed);
    const simulation = this.#lab.simulation;
    this.#tell("ready", { scenario: simulation?.report().scenario, seed: simulation?.seed });
  }

  /** Changes attributes without doing what they ask for. @param {() => void} change */
  #quietly(change) {
    this.#quiet = true;
    change();
    this.#quiet = false;
  }

  #chosenSeed() {
    const text = this.getAttribute("seed");
    const seed = Number(text);
    return text !== null && text.trim() !== "" && Number.isSafeInteger(seed) && seed >= 0 ? seed : undefined;
  }

  #applySpeed() {
    const text = this.getAttribute("speed");
    const speed = text === "max" ? Infinity : Number(text ?? DEFAULT_SPEED);
    this.#lab.speed = speed > 0 ? speed : DEFAULT_SPEED;
    this.#view.speed(this.#lab.speed);
  }

  #arrange() {
    this.#view.keepsSizes = this.hasAttribute("drafts");
    this.#view.arrange(viewOf(this.getAttribute("view")), this.getAttribute("controls") !== "none");
  }

  get #language() {
    return languageOf(this.getAttribute("lang") ?? this.closest("[lang]")?.getAttribute("lang") ?? navigator.language);
  }

  /** Takes the language that is asked for, as soon as its words are there. */
  async #speak() {
    const language = this.#language;
    // English is what is left where they cannot be had.
    if (!isLoaded(language)) await loadLanguage(language).catch(() => {});
    // Meanwhile another one may have been asked for, and spoken.
    if (language !== this.#language) return;
    const lab = this.shadowRoot?.querySelector(".lab");
    if (lab?.getAttribute("lang") === language) return;
    this.#texts.language = language;
    lab?.setAttribute("lang", this.#texts.language);
    this.#view.relabel();
  }

  /** The run waits while nobody sees it. */
  #look() {
    this.#lab.inView = this.isConnected && this.#inView && !document.hidden;
  }

  /** @param {unknown} problem */
  #crashed(problem) {
    const action = { text: /** @type {const} */ ("error.restart"), run: () => void this.#revive() };
    this.#trouble("crashed", problem, { hint: "error.crashed.hint", action });
    // Another scenario, or a file, may be opened instead: that needs a simulator, too.
    this.#lab.start().catch(() => {});
  }

  async #revive() {
    try {
      if (!(await this.#lab.revive(this.#chosenSeed()))) await this.#source.load();
    } catch (problem) {
      this.#trouble("engine", problem, { hint: "error.engine.hint" });
    }
  }

  /**
   * @param {TroubleKind} kind
   * @param {unknown} problem
   * @param {More} [more]
   */
  #trouble(kind, problem, more = {}) {
    this.#tell("error", this.#view.trouble(kind, problem, more));
  }

  /** @param {string} type @param {object} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

customElements.define("web-service-model", WebServiceModel);
