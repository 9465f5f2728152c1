// The laboratory as it is seen: its parts, what stands where, and who is told what.

import { download } from "./download.js";
import { h, Visibility, write } from "./dom.js";
import { Alert } from "./alert.js";
import { Charts } from "./charts/charts.js";
import { ComponentPanel } from "./component-panel/component-panel.js";
import { Components } from "./components.js";
import { Controls } from "./controls.js";
import { DraftNotice } from "./draft-notice.js";
import { DropTarget } from "./drop-target.js";
import { Editor } from "./editor/editor.js";
import { EventLog } from "./event-log.js";
import { Experiments } from "./experiments/experiments.js";
import { Figures } from "./figures.js";
import { Gallery } from "./gallery.js";
import { ReportTable } from "./report-table.js";
import { RerunNotice } from "./rerun-notice.js";
import { RequestInspector } from "./requests/request-inspector.js";
import { ScenarioMenu } from "./scenario-menu.js";
import { Share } from "./share.js";
import { Tabs } from "./tabs.js";
import { Timeline } from "./timeline.js";
import { Validate } from "./validate/validate.js";
import { exported, logFile } from "../run/exports.js";
import { Topology } from "./topology/topology.js";
import { scenarioText } from "../run/scenarios.js";

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
  #alert;
  #rerun;
  #menu;
  #gallery;
  #controls;
  #timeline;
  #figures;
  #topology;
  #panel;
  #charts;
  #components;
  #report;
  #requests;
  #log;
  #editor;
  #experiments;
  #validate;
  #tabs;
  /** Parts that stand above the tabs, by name. @type {Record<string, HTMLElement>} */
  #sections;
  /** Says in words what a screen reader cannot see in the charts. */
  #summary = h("p", { class: "visually-hidden", role: "status" });
  #parts;
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
    const goOn = () => this.#goOn();
    this.#alert = new Alert(texts, goOn);
    this.#gallery = new Gallery(texts, {
      choose: host.pick,
      describe: async (id) => JSON.parse(await scenarioText(id)),
    });
    this.#menu = new ScenarioMenu(texts, { choose: host.pick, browse: () => this.#gallery.open(this.#scenario) });
    this.share = new Share(texts, host.sharing);
    this.draft = new DraftNotice(texts, host.sharing, goOn);
    this.#rerun = new RerunNotice(texts, () => lab.unpin(), goOn);
    this.#menu.element.append(this.share.element);
    this.#controls = this.#makeControls();
    this.#timeline = new Timeline(texts, { look: (sight) => lab.look(sight), open: (time) => this.#openLog(time) });
    this.#figures = new Figures(texts);
    this.#charts = new Charts(texts, { look: (sight) => lab.look(sight), style });
    const acts = this.#makeActs();
    this.#topology = new Topology(texts, { ...acts, select: (name) => lab.select(name) });
    this.#panel = new ComponentPanel(texts, {
      ...acts,
      // What is wrong with a number is said beside it.
      patch: (patch) => void lab.patch(patch),
      close: () => lab.select(undefined),
    });
    this.#components = new Components(texts, acts);
    this.#report = new ReportTable(texts, {
      save: (kind) => this.#act(() => lab.simulation && this.#save(exported(kind, lab.simulation))),
      pin: () => lab.pin(),
      unpin: () => lab.unpin(),
    });
    this.#requests = new RequestInspector(texts, { look: (from, to) => this.#lookAt(from, to) });
    this.#log = new EventLog(texts, {
      look: (sight) => lab.look(sight),
      save: (entries) => this.#act(() => this.#save(logFile(entries))),
    });
    this.#editor = new Editor(texts, {
      patch: (patch) => lab.patch(patch),
      restart: host.load,
      check: (config) => lab.check(config),
      preview: (patch) => lab.preview(patch),
    });
    // A tab has opened it already.
    this.#editor.element.open = true;
    this.#experiments = new Experiments(texts, {
      config: () => lab.config,
      baseline: () => lab.baseline?.config,
      overlay: (behind, front, seed) => {
        this.#tabs.choose("charts");
        lab.overlay(behind, front, seed).catch((problem) => host.trouble("action", problem));
      },
    });
    this.#validate = new Validate(texts, { simulation: () => lab.simulation });
    this.#tabs = this.#makeTabs();
    const bar = h("div", { class: "bar card" }, this.#controls.element, this.#timeline.element);
    this.#sections = {
      scenario: this.#menu.element,
      bar,
      figures: this.#figures.element,
      system: h("div", { class: "system" }, this.#topology.element, this.#panel.element),
      tabs: this.#tabs.element,
    };
    this.element = h(
      "div",
      { class: "view" },
      // Two dozen stops of the Tab key lie between the head and the views.
      texts.label(h("button", { type: "button", class: "skip", onclick: () => this.#tabs.focus() }), "tabs.skip"),
      this.#alert.element,
      this.draft.element,
      this.#rerun.element,
      ...Object.values(this.#sections),
      this.#gallery.element,
      this.#summary,
    );
    const drop = new DropTarget(texts, host.sharing.open);
    drop.watch(this.element);
    this.element.append(drop.element);
    this.#parts = [
      this.#alert, this.share, this.draft, this.#rerun, this.#menu, this.#gallery, this.#controls, this.#timeline, this.#figures,
      this.#topology, this.#panel, this.#charts, this.#components, this.#requests, this.#report, this.#log, this.#editor, this.#experiments,
      this.#validate,
    ];
    this.#watchVisibility();
    this.#listen();
  }

  #makeControls() {
    const [lab, host] = [this.#lab, this.#host];
    return new Controls(this.#texts, {
      toggle: () => (lab.state === "running" || lab.state === "hidden" ? lab.pause() : lab.play()),
      stepEvent: () => lab.stepEvents(1),
      stepSecond: () => lab.stepSeconds(1),
      reset: host.reset,
      speed: host.speed,
      seed: host.seed,
      newSeed: () => {
        if (lab.engine) host.seed(lab.engine.randomSeed());
      },
      duration: (duration) => this.#act(() => lab.patch({ duration })),
    });
  }

  /** What the reader can do to a component. */
  #makeActs() {
    const lab = this.#lab;
    return {
      crash: (/** @type {string} */ name) => this.#act(() => lab.crash(name)),
      recover: (/** @type {string} */ name) => this.#act(() => lab.recover(name)),
      promote: (/** @type {string} */ name) => this.#act(() => lab.promote(name)),
    };
  }

  #makeTabs() {
    const tabs = [
      { id: "charts", title: /** @type {const} */ ("tab.charts"), content: this.#charts.element },
      { id: "components", title: /** @type {const} */ ("tab.components"), content: this.#components.element },
      { id: "requests", title: /** @type {const} */ ("tab.requests"), content: this.#requests.element },
      { id: "log", title: /** @type {const} */ ("tab.log"), content: this.#log.element },
      { id: "report", title: /** @type {const} */ ("tab.report"), content: this.#report.element },
      { id: "editor", title: /** @type {const} */ ("tab.editor"), content: this.#editor.element },
      { id: "experiments", title: /** @type {const} */ ("tab.experiments"), content: this.#experiments.element },
      { id: "validate", title: /** @type {const} */ ("tab.validate"), content: this.#validate.element },
    ];
    return new Tabs(this.#texts, tabs, (id) => {
      this.#lab.refresh();
      if (id === "experiments") this.#experiments.open();
      if (id === "validate") void this.#validate.open();
    });
  }

  #watchVisibility() {
    // What nobody sees is not kept up to date; it is brought up to date when it comes into view.
    this.#seen = new Map(
      [this.#report, this.#requests, this.#log, this.#components, this.#topology].map((part) => [
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
    lab.on("state", (state) => this.#controls.showState(state));
    lab.on("progress", ({ now, duration, events }) => {
      this.#controls.showProgress(now, duration, events);
      this.#timeline.progress(now, duration);
      this.#charts.changed();
    });
    lab.on("refresh", (report) => this.#refresh(report));
    lab.on("config", (config) => {
      this.#editor.show(config);
      this.#report.configure(config);
      this.#experiments.changed();
      // The picture knows limits and who there is from the configuration.
      this.#topology.show(lab.simulation);
      this.#showSelected(lab.selected);
    });
    lab.on("select", (name) => this.#showSelected(name));
    lab.on("sight", (sight) => {
      this.#timeline.sight(sight);
      this.#charts.look(sight);
      this.#log.sight(sight);
    });
    lab.on("baseline", (baseline) => {
      this.#charts.compare(baseline?.simulation);
      this.#report.compare(baseline, lab.pinned);
      this.#experiments.changed();
    });
    lab.on("rerun", (share) => this.#rerun.show(share));
    lab.on("crash", () => this.#controls.showState("crashed"));
  }

  /** The element is gone: whatever runs beside its simulation ends. */
  stopExperiments() {
    this.#experiments.stop();
    this.#validate.stop();
  }

  /** @param {Simulation | undefined} simulation */
  #began(simulation) {
    this.#charts.show(simulation);
    this.#log.sight(this.#lab.sight);
    this.#log.show(simulation);
    this.#requests.show(simulation);
    this.#topology.show(simulation);
    this.#showSelected(this.#lab.selected);
    if (!simulation) return;
    this.#experiments.changed();
    const components = simulation.components();
    this.#members = components.map(({ name }) => name).join("\n");
    this.#controls.showSeed(simulation.seed);
    this.#controls.showDuration(simulation.duration);
    this.#editor.show(simulation.config());
    this.#components.update(components);
    this.#timeline.sight(this.#lab.sight);
    this.#charts.look(this.#lab.sight);
    // Once without being seen, so that the tables have their height and nothing moves when they come into view.
    this.#report.configure(simulation.config());
    this.#report.update(simulation.report());
  }

  /** @param {Report} report */
  #refresh(report) {
    const simulation = this.#lab.simulation;
    if (!simulation) return;
    this.#figuresNow = report;
    this.#controls.showDuration(simulation.duration);
    this.#timeline.update(simulation);
    this.#figures.update(report);
    const components = simulation.components();
    this.#meet(components);
    if (this.#isSeen(this.#topology)) this.#topology.update(components, report);
    const selected = components.find(({ name }) => name === this.#lab.selected);
    if (selected) this.#panel.update(selected, report);
    if (this.#isSeen(this.#components)) this.#components.update(components);
    if (this.#isSeen(this.#report)) this.#report.update(report);
    if (this.#isSeen(this.#requests)) this.#requests.update();
    if (this.#isSeen(this.#log)) this.#log.update();
    this.#charts.changed();
    this.#summarise(report);
  }

  /** Tells who has come and gone: who is taken away finishes what he has first. @param {ComponentState[]} components */
  #meet(components) {
    const members = components.map(({ name }) => name).join("\n");
    if (members === this.#members) return;
    this.#members = members;
    this.#log.meet(components);
    this.#charts.meet();
    this.#topology.show(this.#lab.simulation);
    this.#showSelected(this.#lab.selected);
  }

  /** Shows a component beside the picture. @param {string | undefined} name */
  #showSelected(name) {
    const { simulation } = this.#lab;
    const left = this.#panel.hasFocus ? this.#panel.name : undefined;
    const component = simulation?.components().find((one) => one.name === name);
    this.#topology.select(component?.name);
    this.#panel.show(simulation, component);
    // Who was in the panel goes on in the picture when it closes.
    if (left !== undefined && !component) this.#topology.focus(left);
  }

  /** Moves what moves in the picture, in every frame until the signal. @param {AbortSignal} signal */
  animate(signal) {
    const { simulation, speed, state } = this.#lab;
    if (signal.aborted) return;
    if (simulation && this.#isSeen(this.#topology)) {
      this.#topology.frame(simulation, simulation.now, speed, state === "running");
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
    // A part alone is a part of somebody's page, and beside others of its kind: no landmark of that page.
    for (const section of this.element.querySelectorAll("section")) section.role = name === "all" ? null : "group";
    const { scenario, bar, figures, system, tabs } = this.#sections;
    scenario.hidden = name !== "all";
    bar.hidden = !controls;
    figures.hidden = name !== "all" && name !== "figures";
    system.hidden = name !== "all" && name !== "topology";
    tabs.hidden = name === "figures" || name === "topology";
    if (name !== "all" && !tabs.hidden) this.#tabs.choose(name);
    this.#charts.only(chart);
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
    return this.#charts.choice;
  }

  set charts(choice) {
    this.#charts.choice = choice;
  }

  /** @param {Entry[]} entries the scenarios of the site */
  offer(entries) {
    this.#menu.offer(entries);
    this.#gallery.offer(entries);
    this.#experiments.offer(entries);
  }

  /** What runs from now on. @param {string | undefined} id of a scenario of the site @param {Config} config */
  chosen(id, config) {
    this.#scenario = id;
    this.#menu.choose(id, config);
    // Changes of another scenario's text mean nothing in this one.
    this.#editor.revert();
  }

  /** What ran goes on: the menu shows it again. */
  keep() {
    this.#menu.relabel();
  }

  /** @param {"loading" | "error"} state */
  waits(state) {
    this.#controls.showState(state);
  }

  /** @param {number} speed */
  speed(speed) {
    this.#controls.showSpeed(speed);
  }

  /** Takes back what was said of a trouble. */
  calm() {
    this.#alert.hide();
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
    this.#alert.show({ title, detail: errors.length > 0 ? undefined : message, errors, ...more });
    return { code, message, errors };
  }

  relabel() {
    for (const part of this.#parts) part.relabel();
    if (this.#figuresNow) this.#summarise(this.#figuresNow);
  }

  /** Puts the focus where one goes on after a notice: at the run, or at the views where the page around drives it. */
  #goOn() {
    if (!this.#sections.bar.hidden && this.#controls.focus()) return;
    this.#tabs.focus();
  }

  /** The theme is another. */
  recolour() {
    this.#charts.relabel();
  }

  /** Shows what happened about that time. @param {number} time */
  #openLog(time) {
    this.#tabs.choose("log");
    this.#log.update();
    this.#log.reveal(time);
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
