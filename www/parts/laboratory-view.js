// The laboratory as it is seen: its parts, what stands where, and who is told what.

import { download } from "./download.js";
import { h, Visibility, write } from "./dom.js";
import { makeParts, makeTabs, relabelled } from "./laboratory-parts.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/laboratory.js").Laboratory} Laboratory */
/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../run/engine.js").Report} Report */
/** @typedef {import("../run/engine.js").Simulation} Simulation */
/** @typedef {import("../run/engine.js").ComponentState} ComponentState */
/** @typedef {import("../run/scenarios.js").Entry} Entry */
/** @typedef {import("../web-service-model.js").WebServiceModelError} WebServiceModelError */
/** @typedef {import("./views.js").View} View */
/** @typedef {"engine" | "scenarios" | "scenario" | "bad_config" | "crashed" | "action" | "link" | "make_link" | "rerun" | "file" | "draft"} TroubleKind */

/**
 * What the element does for the parts.
 * @typedef {object} Host
 * @property {(id: string) => void} pick loads a scenario of the site
 * @property {(speed: number) => void} speed
 * @property {(seed: number) => void} seed
 * @property {(config: Config) => void} load
 * @property {() => void} reset
 * @property {(kind: TroubleKind, problem: unknown) => void} trouble
 * @property {() => string} name for files
 * @property {import("./share.js").Actions & import("./draft-notice.js").Actions} sharing
 */

/** How much of the run is shown on either side of a request, as a share. */
const MARGIN = 1 / 40;

export class LaboratoryView {
  #texts;
  #lab;
  #host;
  #parts;
  #tabs;
  /** Parts that stand above the tabs, by name. @type {Record<string, HTMLElement>} */
  #sections;
  /** Says in words what a screen reader cannot see in the charts. */
  #summary = h("p", { class: "visually-hidden", role: "status" });
  /** @type {string | undefined} */
  #scenario;
  /** @type {Report | undefined} */
  #figuresNow;
  /** Names of all components, to notice when they change. */
  #members = "";

  /**
   * @param {Texts} texts
   * @param {Laboratory} lab
   * @param {() => Omit<import("../web-service-model.js").ChartStyle, "pixel_ratio">} style of charts at the moment
   * @param {Host} host
   */
  constructor(texts, lab, style, host) {
    this.#texts = texts;
    this.#lab = lab;
    this.#host = host;
    this.#parts = makeParts(texts, lab, style, host, {
      act: (action) => this.#act(action),
      save: (file) => this.#save(file),
      goOn: () => this.#goOn(),
      browse: () => this.#parts.gallery.open(this.#scenario),
      openLog: (time) => this.#openLog(time),
      lookAt: (from, to) => this.#lookAt(from, to),
      choose: (tab) => this.#tabs.choose(tab),
    });
    this.#tabs = makeTabs(texts, this.#parts, (tab) => this.#opened(tab));
    const { controls, timeline, menu, figures, topology, panel } = this.#parts;
    this.#sections = {
      scenario: menu.element,
      bar: h("div", { class: "bar card" }, controls.element, timeline.element),
      figures: figures.element,
      system: h("div", { class: "system" }, topology.element, panel.element),
      tabs: this.#tabs.element,
    };
    this.element = this.#arrangeAll();
    this.#watchVisibility();
    this.#listen();
  }

  #arrangeAll() {
    const { alert, draft, rerun, gallery, drop } = this.#parts;
    const element = h(
      "div",
      { class: "view" },
      // Two dozen stops of the Tab key lie between the head and the views.
      this.#texts.label(h("button", { type: "button", class: "skip", onclick: () => this.#tabs.focus() }), "tabs.skip"),
      alert.element,
      draft.element,
      rerun.element,
      ...Object.values(this.#sections),
      gallery.element,
      this.#summary,
      drop.element,
    );
    drop.watch(element);
    return element;
  }

  /** A tab shows what nobody has seen for a while. @param {string} tab */
  #opened(tab) {
    const { editor, experiments, validate } = this.#parts;
    this.#lab.refresh();
    if (tab === "editor") void editor.open().then(() => this.#mark());
    if (tab === "experiments") {
      experiments.tell("open");
      void experiments.open().then(() => this.#mark());
    }
    if (tab === "validate") {
      validate.tell("open");
      void validate.open().then(() => this.#mark());
    }
  }

  #watchVisibility() {
    // What nobody sees is not kept up to date; it is brought up to date when it comes into view.
    this.#seen = new Map(
      [this.#parts.report, this.#parts.requests, this.#parts.log, this.#parts.components, this.#parts.topology].map((part) => [
        part,
        new Visibility(part.element, () => this.#lab.refresh()),
      ]),
    );
  }

  /** @type {Map<object, Visibility>} */
  #seen = new Map();

  #listen() {
    const lab = this.#lab;
    lab.on("begin", (simulation) => this.#began(simulation));
    lab.on("state", (state) => this.#parts.controls.showState(state));
    lab.on("progress", ({ now, duration, events }) => {
      this.#parts.controls.showProgress(now, duration, events);
      this.#parts.timeline.progress(now, duration);
      this.#parts.charts.changed();
    });
    lab.on("refresh", (report) => this.#refresh(report));
    lab.on("config", (config) => {
      this.#parts.editor.tell("show", config);
      this.#parts.report.configure(config);
      this.#parts.experiments.tell("changed");
      // The picture knows limits and who there is from the configuration.
      this.#parts.topology.show(lab.simulation);
      this.#showSelected(lab.selected);
    });
    lab.on("select", (name) => this.#showSelected(name));
    lab.on("sight", (sight) => {
      this.#parts.timeline.sight(sight);
      this.#parts.charts.look(sight);
      this.#parts.log.sight(sight);
    });
    lab.on("baseline", (baseline) => {
      this.#parts.charts.compare(baseline?.simulation);
      this.#parts.report.compare(baseline, lab.pinned);
      this.#parts.experiments.tell("changed");
    });
    lab.on("rerun", (share) => this.#parts.rerun.show(share));
    lab.on("crash", () => this.#parts.controls.showState("crashed"));
  }

  /** The element is gone: whatever runs beside its simulation ends. */
  stopExperiments() {
    this.#parts.experiments.tell("stop");
    this.#parts.validate.tell("stop");
  }

  /** @param {Simulation | undefined} simulation */
  #began(simulation) {
    this.#parts.charts.show(simulation);
    this.#parts.log.sight(this.#lab.sight);
    this.#parts.log.show(simulation);
    this.#parts.requests.show(simulation);
    this.#parts.topology.show(simulation);
    this.#showSelected(this.#lab.selected);
    if (!simulation) return;
    this.#parts.experiments.tell("changed");
    const components = simulation.components();
    this.#members = components.map(({ name }) => name).join("\n");
    this.#parts.controls.showSeed(simulation.seed);
    this.#parts.controls.showDuration(simulation.duration);
    this.#parts.editor.tell("show", simulation.config());
    this.#parts.components.update(components);
    this.#parts.timeline.sight(this.#lab.sight);
    this.#parts.charts.look(this.#lab.sight);
    // Once without being seen, so that the tables have their height and nothing moves when they come into view.
    this.#parts.report.configure(simulation.config());
    this.#parts.report.update(simulation.report());
  }

  /** @param {Report} report */
  #refresh(report) {
    const simulation = this.#lab.simulation;
    if (!simulation) return;
    this.#figuresNow = report;
    this.#parts.controls.showDuration(simulation.duration);
    this.#parts.timeline.update(simulation);
    this.#parts.figures.update(report);
    const components = simulation.components();
    this.#meet(components);
    if (this.#isSeen(this.#parts.topology)) this.#parts.topology.update(components, report);
    const selected = components.find(({ name }) => name === this.#lab.selected);
    if (selected) this.#parts.panel.update(selected, report);
    if (this.#isSeen(this.#parts.components)) this.#parts.components.update(components);
    if (this.#isSeen(this.#parts.report)) this.#parts.report.update(report);
    if (this.#isSeen(this.#parts.requests)) this.#parts.requests.update();
    if (this.#isSeen(this.#parts.log)) this.#parts.log.update();
    this.#parts.charts.changed();
    this.#summarise(report);
  }

  /** Tells who has come and gone: who is taken away finishes what he has first. @param {ComponentState[]} components */
  #meet(components) {
    const members = components.map(({ name }) => name).join("\n");
    if (members === this.#members) return;
    this.#members = members;
    this.#parts.log.meet(components);
    this.#parts.charts.meet();
    this.#parts.topology.show(this.#lab.simulation);
    this.#showSelected(this.#lab.selected);
  }

  /** Shows a component beside the picture. @param {string | undefined} name */
  #showSelected(name) {
    const { simulation } = this.#lab;
    const left = this.#parts.panel.hasFocus ? this.#parts.panel.name : undefined;
    const component = simulation?.components().find((one) => one.name === name);
    this.#parts.topology.select(component?.name);
    this.#parts.panel.show(simulation, component);
    // Who was in the panel goes on in the picture when it closes.
    if (left !== undefined && !component) this.#parts.topology.focus(left);
  }

  /** Moves what moves in the picture, in every frame until the signal. @param {AbortSignal} signal */
  animate(signal) {
    const { simulation, speed, state } = this.#lab;
    if (signal.aborted) return;
    if (simulation && this.#isSeen(this.#parts.topology)) {
      this.#parts.topology.frame(simulation, simulation.now, speed, state === "running");
    }
    requestAnimationFrame(() => this.animate(signal));
  }

  /** @param {object} part */
  #isSeen(part) {
    return this.#seen.get(part)?.visible ?? true;
  }

  /** Shows one part, or all. @param {View} view @param {boolean} controls whether the run control is there */
  arrange({ name, chart }, controls) {
    this.element.dataset.view = name;
    this.#mark();
    const { scenario, bar, figures, system, tabs } = this.#sections;
    scenario.hidden = name !== "all";
    bar.hidden = !controls;
    figures.hidden = name !== "all" && name !== "figures";
    system.hidden = name !== "all" && name !== "topology";
    tabs.hidden = name === "figures" || name === "topology";
    if (name !== "all" && !tabs.hidden) this.#tabs.choose(name);
    this.#parts.charts.only(chart);
  }

  /** A part alone is a part of somebody's page, and beside others of its kind: no landmark of that page. */
  #mark() {
    const role = this.element.dataset.view === "all" ? null : "group";
    for (const section of this.element.querySelectorAll("section")) section.role = role;
  }

  get share() {
    return this.#parts.share;
  }

  get draft() {
    return this.#parts.draft;
  }

  /** The tab that is open. */
  get tab() {
    return this.#tabs.chosen;
  }

  /** One that there is not changes nothing. @param {string} name */
  set tab(name) {
    this.#tabs.choose(name);
  }

  /** Which charts are seen, and how. */
  get charts() {
    return this.#parts.charts.choice;
  }

  set charts(choice) {
    this.#parts.charts.choice = choice;
  }

  /** Which events of the log are seen. */
  get log() {
    return this.#parts.log.choice;
  }

  set log(choice) {
    this.#parts.log.choice = choice;
  }

  /** @param {Entry[]} entries the scenarios of the site */
  offer(entries) {
    this.#parts.menu.offer(entries);
    this.#parts.gallery.offer(entries);
    this.#parts.experiments.tell("offer", entries);
  }

  /** What runs from now on. @param {string | undefined} id of a scenario of the site @param {Config} config */
  chosen(id, config) {
    this.#scenario = id;
    this.#parts.menu.choose(id, config);
    // Changes of another scenario's text mean nothing in this one.
    this.#parts.editor.tell("revert");
  }

  /** What ran goes on: the menu shows it again. */
  keep() {
    this.#parts.menu.relabel();
  }

  /** @param {"loading" | "error"} state */
  waits(state) {
    this.#parts.controls.showState(state);
  }

  /** @param {number} speed */
  speed(speed) {
    this.#parts.controls.showSpeed(speed);
  }

  /** Takes back what was said of a trouble. */
  calm() {
    this.#parts.alert.hide();
  }

  /**
   * Says what is wrong; returns it for an event.
   * @param {TroubleKind} kind
   * @param {unknown} problem
   * @param {Pick<import("./alert.js").Trouble, "hint" | "detail" | "action" | "instead"> & { places?: { [name: string]: string } }} [more]
   */
  trouble(kind, problem, { places = {}, ...more } = {}) {
    const { message = String(problem), code = kind, errors = [] } = /** @type {Partial<WebServiceModelError>} */ (problem);
    const title = () => this.#texts.text(`error.${kind}`, { ...places, count: errors.length });
    this.#parts.alert.show({ title, detail: errors.length > 0 ? undefined : message, errors, ...more });
    return { code, message, errors };
  }

  relabel() {
    for (const part of relabelled(this.#parts)) part.relabel();
    if (this.#figuresNow) this.#summarise(this.#figuresNow);
  }

  /** Puts the focus where one goes on after a notice: at the run, or at the views where the page around drives it. */
  #goOn() {
    if (!this.#sections.bar.hidden && this.#parts.controls.focus()) return;
    this.#tabs.focus();
  }

  /** The theme is another. */
  recolour() {
    this.#parts.charts.relabel();
  }

  /** The page is about to be printed. */
  prepareForPrint() {
    this.#parts.charts.drawAll();
  }

  /** Shows what happened about that time. @param {number} time */
  #openLog(time) {
    this.#tabs.choose("log");
    this.#parts.log.update();
    this.#parts.log.reveal(time);
  }

  /** Shows the charts about that time. @param {number} from @param {number} to */
  #lookAt(from, to) {
    const end = this.#lab.simulation?.duration ?? to;
    // Charts draw windows of time, in which a single request would not be seen.
    const margin = Math.max(to - from, end * MARGIN);
    this.#lab.look({ zoom: [Math.max(from - margin, 0), Math.min(to + margin, end)] });
    this.#tabs.choose("charts");
  }

  /** @param {import("../run/exports.js").File} file */
  #save({ ending, type, content }) {
    download(`${this.#host.name()}-${this.#lab.simulation?.seed}${ending}`, type, content);
  }

  /** @param {Report} report */
  #summarise({ scenario, simulated_seconds, requests }) {
    const { state } = this.#lab;
    const texts = this.#texts;
    const places = { scenario, now: texts.moment(simulated_seconds), count: requests.total,
      success: texts.percent(requests.success_ratio), p99: texts.span(requests.latency.p99) };
    // Only what is said once: a status that changes five times a second cannot be listened to.
    const key = state === "hidden" || state === "loading" ? "paused" : state;
    write(this.#summary, texts.text(`summary.${key}`, places));
  }

  /** @param {() => void} action of the reader */
  #act(action) {
    try {
      action();
    } catch (problem) {
      if (/** @type {{ code?: string }} */ (problem).code === "crashed") this.#lab.crashed(problem);
      else this.#host.trouble("action", problem);
    }
  }
}
