// <web-service-model>: the whole laboratory as one element, for this site's page and for any other.
//
// Attributes
//   scenario   name of a scenario of the site; the first of the list without it
//   src        address of a configuration file, instead of a scenario
//   seed       an integer, instead of the configuration's
//   speed      simulated seconds per second, or "max"
//   lang       "en" or "ru"; the page's language without it
//   theme      "light" or "dark"; the system's choice without it
//   autoplay   runs as soon as it is ready, unless the reader wants less motion
//
// Properties and methods: simulation, config, seed, speed, state, play(), pause(), stepEvents(n), stepSeconds(s),
// reset(), load(config), patch(config), crash(name), recover(name).
//
// Events: ready, progress, finished, error. Each has a `detail`.

import { languageOf, Texts } from "../i18n/texts.js";
import { Alert } from "../parts/alert.js";
import { Charts } from "../parts/charts.js";
import { Components } from "../parts/components.js";
import { Controls } from "../parts/controls.js";
import { Editor } from "../parts/editor/editor.js";
import { EventLog } from "../parts/event-log.js";
import { Figures } from "../parts/figures.js";
import { h, write, Visibility } from "../parts/dom.js";
import { ReportTable } from "../parts/report-table.js";
import { ScenarioMenu } from "../parts/scenario-menu.js";
import { chartStyle } from "../parts/chart-style.js";
import { discardEngine, loadEngine } from "../run/engine.js";
import { Runner } from "../run/runner.js";
import { fetchText, listScenarios, scenarioText } from "../run/scenarios.js";

/** @typedef {import("../run/engine.js").Engine} Engine */
/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../run/engine.js").Simulation} Simulation */
/** @typedef {import("../run/runner.js").State} State */

/** Figures are written this often at most while a run goes on: faster cannot be read. */
const REFRESH_MS = 200;
/** `progress` is told this often at most. */
const PROGRESS_MS = 100;

const DEFAULT_SPEED = 5;

export class WebServiceModel extends HTMLElement {
  static observedAttributes = ["scenario", "src", "seed", "speed", "lang", "theme"];

  #texts = new Texts();
  #runner = new Runner();
  #alert = new Alert(this.#texts);
  #menu = new ScenarioMenu(this.#texts, (id) => this.#pick(id));
  #controls = new Controls(this.#texts, {
    toggle: () => (this.state === "running" || this.state === "hidden" ? this.pause() : this.play()),
    stepEvent: () => this.stepEvents(1),
    stepSecond: () => this.stepSeconds(1),
    reset: () => this.reset(),
    speed: (speed) => (this.speed = speed),
    seed: (seed) => (this.seed = seed),
    newSeed: () => {
      if (this.#engine) this.seed = this.#engine.randomSeed();
    },
  });
  #figures = new Figures(this.#texts);
  #charts = new Charts(this.#texts, () => chartStyle(this.#probe));
  #components = new Components(this.#texts, {
    crash: (name) => this.#act(() => this.crash(name)),
    recover: (name) => this.#act(() => this.recover(name)),
  });
  #report = new ReportTable(this.#texts, () => this.#download());
  #log = new EventLog(this.#texts, () => this.#showLog());
  #editor = new Editor(this.#texts, {
    patch: (patch) => this.patch(patch),
    restart: (config) => this.load(config),
    check: (config) => this.#engine?.Simulation.check(config) ?? [],
    preview: (patch) => this.#preview(patch),
  });
  /** Says in words what a screen reader cannot see in the charts. */
  #summary = h("p", { class: "visually-hidden", role: "status" });
  /** Takes the colours that the theme gives, for charts. */
  #probe = h("span", { hidden: true });
  #parts = [this.#alert, this.#menu, this.#controls, this.#figures, this.#charts, this.#components, this.#report, this.#log];
  #reportInView = new Visibility(this.#report.element, () => this.#refresh());
  #logInView = new Visibility(this.#log.element, () => this.#refresh());

  /** @type {Engine | undefined} */
  #engine;
  /** @type {Simulation | undefined} */
  #simulation;
  /** @type {Config | undefined} */
  #config;
  /** Counts loads: an answer that comes after a later request is not used. */
  #request = 0;
  #refreshedAt = -Infinity;
  #toldAt = -Infinity;
  #started = false;
  #inView = true;
  #quiet = false;
  /** @type {AbortController | undefined} */
  #listening;
  /** For what could not be fetched: the network may be back. */
  #retry = {
    text: /** @type {const} */ ("error.retry"),
    run: () => {
      void this.#listScenarios();
      void this.#loadSource();
    },
  };

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const sheet = h("link", { rel: "stylesheet", href: new URL("web-service-model.css", import.meta.url).href });
    // Until the style is there, an unstyled jumble would flash.
    const body = h("div", { class: "lab", hidden: true }, ...this.#sections(), this.#summary, this.#probe);
    const reveal = () => (body.hidden = false);
    sheet.addEventListener("load", reveal);
    sheet.addEventListener("error", reveal);
    const editorSheet = h("link", { rel: "stylesheet", href: new URL("styles/editor.css", import.meta.url).href });
    root.append(sheet, editorSheet, body);
    this.#runner.onChange = (state) => this.#changed(state);
    this.#runner.onProgress = () => this.#progressed();
    this.#runner.onProblem = (problem) => this.#crashed(problem);
  }

  #sections() {
    const top = h("div", { class: "top" }, this.#menu.element, this.#controls.element);
    return [
      this.#alert.element,
      top,
      this.#figures.element,
      this.#charts.element,
      this.#components.element,
      this.#report.element,
      this.#log.element,
      this.#editor.element,
    ];
  }

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.#charts.relabel(), { signal });
    // A frame that is not in view gets no visibilitychange, but it does get this.
    const observer = new IntersectionObserver(([entry]) => {
      this.#inView = entry.isIntersecting;
      this.#look();
    });
    observer.observe(this);
    signal.addEventListener("abort", () => observer.disconnect());
    this.#speak();
    this.#applySpeed();
    if (!this.#started) this.#start();
  }

  disconnectedCallback() {
    this.#listening?.abort();
    this.pause();
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (before === now || !this.isConnected || this.#quiet) return;
    if (name === "lang") this.#speak();
    else if (name === "theme") this.#charts.relabel();
    else if (name === "speed") this.#applySpeed();
    else if (name === "seed") this.#restart();
    else if (now !== null) this.#loadSource();
  }

  /** The simulation, for scripts; undefined until `ready`. */
  get simulation() {
    return this.#simulation;
  }

  /** The configuration of the run, changes at run time included. */
  get config() {
    return this.#simulation?.config();
  }

  /** @returns {State | "loading"} */
  get state() {
    return this.#simulation ? this.#runner.state : "loading";
  }

  get seed() {
    return this.#simulation?.seed;
  }

  /** Another seed starts the run anew. */
  set seed(seed) {
    if (seed === undefined) this.removeAttribute("seed");
    else this.setAttribute("seed", String(seed));
  }

  get speed() {
    return this.#runner.speed;
  }

  /** Simulated seconds per second; Infinity is as fast as possible. */
  set speed(speed) {
    this.setAttribute("speed", speed === Infinity ? "max" : String(speed));
  }

  play() {
    this.#runner.play();
  }

  pause() {
    this.#runner.pause();
  }

  /** Moves on by so many events, and pauses. @param {number} [events] */
  stepEvents(events = 1) {
    this.#runner.stepEvents(events);
    this.#refresh();
  }

  /** Moves on by so many simulated seconds, and pauses. @param {number} [seconds] */
  stepSeconds(seconds = 1) {
    this.#runner.stepSeconds(seconds);
    this.#refresh();
  }

  /** Back to the start, paused. */
  reset() {
    this.pause();
    this.#restart();
  }

  /**
   * Starts anew with this configuration. Throws if it is bad; then the run in progress goes on.
   * @param {Config} config
   */
  load(config) {
    if (!this.#engine) throw new Error("the element is not ready yet");
    this.#begin(config, config?.seed ?? this.#chosenSeed());
    this.#menu.choose(undefined, config);
    this.#editor.revert();
    // The configuration's own seed is the one that counts now.
    if (config.seed !== undefined) this.#quietly(() => this.removeAttribute("seed"));
  }

  /**
   * Changes the configuration of the run in progress; returns what was changed, in words.
   * @param {import("../web-service-model.js").Patch<Config>} patch
   */
  patch(patch) {
    const changes = this.#simulation?.patch(patch) ?? [];
    this.#config = this.config;
    if (this.#config) this.#editor.show(this.#config);
    this.#refresh();
    return changes;
  }

  /** The fields of a patch that the run in progress cannot take; throws for a bad configuration. @param {object} patch */
  #preview(patch) {
    if (!this.#engine || !this.config) return [];
    const trial = new this.#engine.Simulation(this.config);
    try {
      trial.patch(patch);
      return [];
    } catch (problem) {
      const { code, errors } = /** @type {import("../web-service-model.js").WebServiceModelError} */ (problem);
      if (code === "needs_restart") return errors;
      throw problem;
    } finally {
      trial.free();
    }
  }

  /** Takes a component down. @param {string} component @param {number} [forSeconds] */
  crash(component, forSeconds) {
    this.#simulation?.crash(component, forSeconds);
    this.#refresh();
  }

  /** Brings a component up. @param {string} component */
  recover(component) {
    this.#simulation?.recover(component);
    this.#refresh();
  }

  async #start() {
    this.#started = true;
    this.#controls.showState("loading");
    try {
      this.#engine = await loadEngine();
    } catch (problem) {
      this.#started = false;
      this.#controls.showState("error");
      const action = { text: /** @type {const} */ ("error.retry"), run: () => void this.#start() };
      this.#trouble("engine", problem, { hint: "error.engine.hint", action });
      return;
    }
    this.#listScenarios();
    await this.#loadSource();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.hasAttribute("autoplay") && !calm) this.play();
  }

  async #listScenarios() {
    try {
      const list = await listScenarios();
      this.#menu.offer(list);
    } catch (problem) {
      this.#trouble("scenarios", problem, { action: this.#retry });
    }
  }

  /** Loads a scenario of the menu, also when it is the one that the attribute names already. @param {string} id */
  #pick(id) {
    this.#quietly(() => this.setAttribute("scenario", id));
    void this.#loadSource();
  }

  /** Loads what the attributes name. */
  async #loadSource() {
    if (!this.#engine) return;
    const request = ++this.#request;
    const src = this.getAttribute("src");
    try {
      const id = this.getAttribute("scenario") ?? (src ? undefined : (await listScenarios())[0]?.id);
      const text = await (id ? scenarioText(id) : fetchText(new URL(src ?? "", document.baseURI)));
      if (request !== this.#request) return;
      /** @type {Config} */
      const config = JSON.parse(text);
      // A seed chosen for another scenario stays: it is the reader's.
      this.#begin(config);
      this.#menu.choose(id, config);
      // Changes of another scenario's text mean nothing in this one.
      this.#editor.revert();
      this.#alert.hide();
    } catch (problem) {
      if (request === this.#request) this.#sourceFailed(problem);
    }
  }

  /** @param {unknown} problem */
  #sourceFailed(problem) {
    const name = this.getAttribute("scenario") ?? this.getAttribute("src") ?? "";
    if (!this.#simulation) this.#controls.showState("error");
    // What runs is what ran before.
    this.#menu.relabel();
    const { errors } = /** @type {import("../web-service-model.js").WebServiceModelError} */ (problem);
    if (errors?.length) this.#trouble("bad_config", problem);
    else if (name) this.#trouble("scenario", problem, { places: { name }, action: this.#retry });
    // Without a name it is the first of the list that was wanted.
    else this.#trouble("scenarios", problem, { action: this.#retry });
  }

  /**
   * Builds the system; throws if the configuration is bad, and then leaves everything as it is.
   * @param {Config} config
   * @param {number | undefined} [seed] instead of the configuration's
   */
  #begin(config, seed = this.#chosenSeed()) {
    const Simulation = /** @type {Engine} */ (this.#engine).Simulation;
    // What is no configuration goes on as it is, for the simulator to say so.
    const seeded = seed !== undefined && typeof config === "object" && config !== null && !Array.isArray(config);
    const simulation = new Simulation(seeded ? { ...config, seed } : config);
    this.#config = config;
    const former = this.#simulation;
    this.#simulation = simulation;
    this.#runner.reset(simulation);
    this.#controls.showSeed(simulation.seed);
    this.#controls.showState(this.#runner.state);
    this.#editor.show(simulation.config());
    this.#charts.show(simulation);
    this.#components.update(simulation.components());
    this.#log.offer([...new Set(simulation.components().map((component) => component.group))]);
    // Once without being seen, so that the tables have their height and nothing moves when they come into view.
    this.#report.update(simulation.report());
    this.#showLog();
    this.#refresh();
    former?.free();
    this.#tell("ready", { scenario: simulation.report().scenario, seed: simulation.seed });
  }

  #restart() {
    if (!this.#config || !this.#engine) return;
    this.#begin(this.#config);
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
    this.#runner.speed = speed > 0 ? speed : DEFAULT_SPEED;
    this.#controls.showSpeed(this.#runner.speed);
  }

  /** Takes the language that is asked for. */
  #speak() {
    const asked = this.getAttribute("lang") ?? this.closest("[lang]")?.getAttribute("lang") ?? navigator.language;
    this.#texts.language = languageOf(asked);
    this.shadowRoot?.querySelector(".lab")?.setAttribute("lang", this.#texts.language);
    for (const part of this.#parts) part.relabel();
    this.#editor.relabel();
  }

  /** The run waits while nobody sees it. */
  #look() {
    this.#runner.inView = this.#inView && !document.hidden;
  }

  /** @param {State} state */
  #changed(state) {
    if (!this.#simulation) return;
    this.#controls.showState(state);
    this.#refresh();
    if (state === "finished") this.#tell("finished", { report: this.#simulation?.report() });
  }

  #progressed() {
    const simulation = this.#simulation;
    if (!simulation) return;
    const { now, duration, events } = simulation;
    this.#controls.showProgress(now, duration, events);
    const time = performance.now();
    if (time - this.#toldAt >= PROGRESS_MS) {
      this.#toldAt = time;
      this.#charts.changed();
      this.#tell("progress", { now, duration, events });
    }
    if (time - this.#refreshedAt >= REFRESH_MS) this.#refresh();
  }

  /** Writes all figures anew; tables that nobody sees wait until they are seen. */
  #refresh() {
    const simulation = this.#simulation;
    if (!simulation) return;
    this.#refreshedAt = performance.now();
    try {
      const report = simulation.report();
      this.#controls.showProgress(simulation.now, simulation.duration, simulation.events);
      this.#figures.update(report);
      this.#components.update(simulation.components());
      if (this.#reportInView.visible) this.#report.update(report);
      if (this.#logInView.visible) this.#showLog();
      this.#charts.changed();
      this.#summarise(report);
    } catch (problem) {
      this.#crashed(problem);
    }
  }

  #showLog() {
    if (this.#simulation) this.#log.update(this.#simulation.log(this.#log.filter));
  }

  /** @param {import("../run/engine.js").Report} report */
  #summarise({ scenario, simulated_seconds, requests }) {
    const { state } = this.#runner;
    const texts = this.#texts;
    const places = { scenario, now: texts.moment(simulated_seconds), count: requests.total,
      success: texts.percent(requests.success_ratio), p99: texts.span(requests.latency.p99) };
    // Only what is said once: a status that changes five times a second cannot be listened to.
    const key = state === "hidden" ? "paused" : state;
    write(this.#summary, texts.text(`summary.${key}`, places));
  }

  /** @param {() => void} action of the reader */
  #act(action) {
    try {
      action();
    } catch (problem) {
      if (/** @type {{ code?: string }} */ (problem).code === "crashed") this.#crashed(problem);
      else this.#trouble("action", problem);
    }
  }

  /** The simulator is broken: nothing of it can be used again. @param {unknown} problem */
  #crashed(problem) {
    this.#simulation = undefined;
    this.#runner.reset(undefined);
    this.#charts.show(undefined);
    this.#controls.showState("crashed");
    discardEngine();
    this.#engine = undefined;
    const action = { text: /** @type {const} */ ("error.restart"), run: () => void this.#revive() };
    this.#trouble("crashed", problem, { hint: "error.crashed.hint", action });
  }

  async #revive() {
    const config = this.#config;
    try {
      this.#engine = await loadEngine();
      if (config) this.#begin(config);
      else await this.#loadSource();
    } catch (problem) {
      this.#trouble("engine", problem, { hint: "error.engine.hint" });
    }
  }

  /**
   * @param {"engine" | "scenarios" | "scenario" | "bad_config" | "crashed" | "action"} kind
   * @param {unknown} problem
   * @param {Pick<import("../parts/alert.js").Trouble, "hint" | "action"> & { places?: { [name: string]: string } }} [more]
   */
  #trouble(kind, problem, { places = {}, ...more } = {}) {
    const { message = String(problem), code = kind, errors = [] } =
      /** @type {Partial<import("../web-service-model.js").WebServiceModelError>} */ (problem);
    const title = () => this.#texts.text(`error.${kind}`, { ...places, count: errors.length });
    this.#alert.show({ title, detail: errors.length > 0 ? undefined : message, errors, ...more });
    this.#tell("error", { code, message, errors });
  }

  #download() {
    const simulation = this.#simulation;
    if (!simulation) return;
    this.#act(() => {
      const blob = new Blob([simulation.reportJson()], { type: "application/json" });
      const href = URL.createObjectURL(blob);
      const name = `${this.getAttribute("scenario") ?? "report"}-${simulation.seed}.json`;
      h("a", { href, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(href), 10_000);
    });
  }

  /** @param {string} type @param {object} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

customElements.define("web-service-model", WebServiceModel);
