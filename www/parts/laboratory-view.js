// The laboratory as it is seen: its parts, what stands where, and who is told what.

import { download } from "./download.js";
import { h, Visibility, write } from "./dom.js";
import { makeParts, makeTabs, relabelled, TABS } from "./laboratory-parts.js";
import { LazyPart } from "./lazy-part.js";
import { measuresIn } from "./component-panel/measures.js";
import { Workspace } from "./workspace/workspace.js";

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
  #workspace;
  /** Says in words what a screen reader cannot see in the charts. */
  #summary = h("p", { class: "visually-hidden", role: "status" });
  /** @type {string | undefined} */
  #scenario;
  /** @type {Report | undefined} */
  #figuresNow;
  /** Names of all components, to notice when they change. */
  #members = "";
  /** Nothing of the run has been told yet. */
  #isFresh = false;
  /** The picture has been on the screen. */
  #stands = false;

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
      browse: () => this.#parts.gallery.opened?.open(this.#scenario),
      openLog: (time) => this.#openLog(time),
      lookAt: (from, to) => this.#lookAt(from, to),
      choose: (tab) => this.#tabs.choose(tab),
    });
    this.#tabs = makeTabs(texts, this.#parts, (tab) => this.#opened(tab));
    this.#workspace = this.#makeWorkspace();
    this.element = this.#arrangeAll();
    this.#watchVisibility();
    this.#listen();
  }

  #makeWorkspace() {
    const { controls, timeline, travel, menu, about, share, figures, topology, panel, sideCharts } = this.#parts;
    menu.element.append(about.button);
    return new Workspace(this.#texts, {
      scenario: menu.element,
      controls: controls.element,
      share: share.element,
      about: about.element,
      topology: topology.element,
      side: [figures.element, panel.element, sideCharts.element],
      line: [travel.before, timeline.element, travel.after],
      tabs: this.#tabs,
    }, () => {
      if (this.#stands) this.#makeChosen();
      this.#lab.refresh();
    });
  }

  #arrangeAll() {
    const { alert, draft, imported, rerun, gallery, drop } = this.#parts;
    const { element } = this.#workspace;
    // Two dozen stops of the Tab key lie between the head and the views.
    element.prepend(this.#texts.label(h("button", { type: "button", class: "skip", onclick: () => this.#workspace.focusViews() }), "tabs.skip"));
    element.append(
      h("div", { class: "notices" }, alert.element, draft.element, imported.element, rerun.element), gallery.element, this.#summary, drop.element);
    drop.watch(element);
    this.#parts.about.watch(element);
    return element;
  }

  /** A tab shows what nobody has seen for a while. @param {string} tab */
  #opened(tab) {
    const { experiments, validate } = this.#parts;
    this.#workspace.openViews();
    this.#lab.refresh();
    this.#make(tab);
    if (tab === "experiments") experiments.tell("open");
    if (tab === "validate") validate.tell("open");
  }

  /** @param {string} tab */
  #make(tab) {
    const known = TABS.find((one) => one === tab);
    if (known) this.#parts[known].open();
  }

  /** One scrolls to the tabs: what is in the first of them is made when the picture above is on the screen. */
  #makeFirst() {
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.#stands = true;
        this.#makeChosen();
      }));
  }

  #makeChosen() {
    const isSeen = this.element.dataset.view === "all" ? this.#workspace.showsViews : !this.#workspace.tabs.hidden;
    if (isSeen) this.#make(this.#tabs.chosen);
  }

  /** What nobody sees is not kept up to date; it is brought up to date when it comes into view. */
  #watchVisibility() {
    for (const part of [this.#parts.topology, this.#parts.sideCharts]) this.#watch(part);
    for (const part of Object.values(this.#parts)) {
      if (!(part instanceof LazyPart)) continue;
      part.onMade = () => {
        this.#mark();
        this.#watch(part);
      };
    }
  }

  /** @param {{ element: HTMLElement }} part */
  #watch(part) {
    this.#seen.set(part, new Visibility(part.element, () => this.#lab.refresh()));
  }

  /** @type {Map<object, Visibility>} */
  #seen = new Map();

  #listen() {
    const lab = this.#lab;
    lab.on("begin", (simulation) => this.#began(simulation));
    lab.on("state", (state) => {
      this.#parts.controls.showState(state);
      // Whoever looks at rates at leisure sees those of the last seconds, as in the figures, however fast the run was.
      if (state === "finished" || state === "paused") this.#parts.topology.travel(lab.earlier());
    });
    lab.on("travel", (seen) => this.#travelled(seen));
    lab.on("progress", ({ events }) => {
      const { time } = lab.moment;
      // The run's own, though it may have been another one at the moment that is seen.
      const duration = lab.simulation?.duration ?? 0;
      this.#parts.controls.showProgress(time, duration, events);
      this.#parts.timeline.progress(lab.simulation?.now ?? time, duration, time);
      this.#parts.charts.tell("changed");
    });
    lab.on("refresh", (report) => this.#refresh(report));
    lab.on("config", (config) => {
      this.#parts.editor.tell("show", config);
      this.#parts.report.tell("configure", config);
      this.#parts.experiments.tell("changed");
      // The picture knows limits and who there is from the configuration.
      this.#parts.topology.show(lab.simulation);
      this.#showSelected(lab.selected);
    });
    lab.on("select", (name) => this.#showSelected(name));
    lab.on("sight", (sight) => {
      this.#parts.timeline.sight(sight);
      this.#parts.charts.tell("look", sight);
      this.#parts.sideCharts.look(sight);
      this.#parts.log.tell("sight", sight);
    });
    lab.on("baseline", (baseline) => {
      this.#parts.charts.tell("compare", baseline?.simulation);
      this.#parts.sideCharts.compare(baseline?.simulation);
      this.#parts.report.tell("compare", baseline, lab.pinned);
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
    const { charts, sideCharts, log, requests, topology, experiments, controls, editor, timeline, report } = this.#parts;
    charts.tell("show", simulation);
    sideCharts.show(simulation);
    log.tell("sight", this.#lab.sight);
    log.tell("show", simulation);
    requests.tell("show", simulation);
    topology.show(simulation);
    this.#showSelected(this.#lab.selected);
    if (!simulation) return;
    this.#isFresh = true;
    experiments.tell("changed");
    this.#members = simulation.components().map(({ name }) => name).join("\n");
    controls.showSeed(simulation.seed);
    controls.showDuration(simulation.duration);
    editor.tell("show", simulation.config());
    timeline.sight(this.#lab.sight);
    charts.tell("look", this.#lab.sight);
    sideCharts.look(this.#lab.sight);
    report.tell("configure", simulation.config());
    if (!this.#stands) this.#makeFirst();
  }

  /** Another moment of the run is seen. @param {import("../run/laboratory.js").Seen} seen */
  #travelled({ shown, earlier }) {
    const { charts, sideCharts, log, requests } = this.#parts;
    charts.tell("swap", shown);
    sideCharts.swap(shown);
    log.tell("show", shown);
    requests.tell("show", shown);
    this.#parts.topology.travel(earlier);
    this.#showSelected(this.#lab.selected);
  }

  /** @param {Report} report */
  #refresh(report) {
    const simulation = this.#lab.shown;
    if (!simulation) return;
    this.#figuresNow = report;
    this.#parts.controls.showDuration(this.#lab.simulation?.duration ?? simulation.duration);
    // What is ahead of a moment of the past is known as well.
    this.#parts.timeline.update(this.#lab.simulation ?? simulation);
    this.#parts.travel.update(simulation, this.#lab.moment.isPast);
    this.#parts.figures.update(report, simulation);
    if (this.#isSeen(this.#parts.sideCharts)) this.#parts.sideCharts.update();
    const components = simulation.components();
    this.#meet(components);
    if (this.#isSeen(this.#parts.topology)) this.#parts.topology.update(components, report);
    const selected = components.find(({ name }) => name === this.#lab.selected);
    if (selected) this.#parts.panel.tell("update", selected, report);
    this.#tellViews(components, report);
    this.#summarise(report);
  }

  /** @param {ComponentState[]} states @param {Report} figures */
  #tellViews(states, figures) {
    const { components, report, requests, log, charts } = this.#parts;
    // Once without being seen, so that the tables have their height and nothing moves when they come into view.
    if (this.#isFresh || this.#isSeen(components)) components.tell("update", states);
    if (this.#isFresh || this.#isSeen(report)) report.tell("update", figures);
    if (this.#isSeen(requests)) requests.tell("update");
    if (this.#isSeen(log)) log.tell("update");
    charts.tell("changed");
    this.#isFresh = false;
  }

  /** Tells who has come and gone: who is taken away finishes what he has first. @param {ComponentState[]} components */
  #meet(components) {
    const members = components.map(({ name }) => name).join("\n");
    if (members === this.#members) return;
    this.#members = members;
    this.#parts.log.tell("meet", components);
    this.#parts.charts.tell("meet");
    this.#parts.topology.show(this.#lab.shown);
    this.#showSelected(this.#lab.selected);
  }

  /** Shows a component beside the picture. @param {string | undefined} name */
  #showSelected(name) {
    const { shown: simulation } = this.#lab;
    const { panel } = this.#parts;
    const left = panel.part?.hasFocus ? panel.part.name : undefined;
    const component = simulation?.components().find((one) => one.name === name);
    this.#parts.topology.select(component?.name);
    const measures = simulation && component && measuresIn(simulation, component);
    panel.tell("show", simulation, component, measures ?? []);
    if (component) panel.open();
    this.#parts.sideCharts.choose(measures);
    // Who was in the panel goes on in the picture when it closes.
    if (left !== undefined && !component) this.#parts.topology.focus(left);
  }

  /** Moves what moves in the picture, in every frame until the signal. @param {AbortSignal} signal */
  animate(signal) {
    const { shown: simulation, speed, state } = this.#lab;
    if (signal.aborted) return;
    if (simulation && this.#isSeen(this.#parts.topology)) {
      this.#parts.topology.frame(simulation, simulation.now, speed, state === "running");
    }
    requestAnimationFrame(() => this.animate(signal));
  }

  /** What is not there yet is told everything. @param {object} part */
  #isSeen(part) {
    return this.#seen.get(part)?.visible ?? true;
  }

  /** Shows one part, or all. @param {View} view @param {boolean} controls whether the run control is there */
  arrange({ name, chart }, controls) {
    this.element.dataset.view = name;
    this.#mark();
    const { menu, share, figures, topology, sideCharts } = this.#parts;
    const { bar, line, system, tabs } = this.#workspace;
    const isAll = name === "all";
    for (const part of [menu, share, sideCharts]) part.element.hidden = !isAll;
    this.#parts.controls.element.hidden = !controls;
    bar.hidden = !isAll && !controls;
    line.hidden = !controls;
    for (const part of [this.#parts.travel.before, this.#parts.travel.after]) part.hidden = !isAll;
    figures.element.hidden = !isAll && name !== "figures";
    topology.element.hidden = !isAll && name !== "topology";
    topology.fills = isAll;
    system.hidden = figures.element.hidden && topology.element.hidden;
    tabs.hidden = name === "figures" || name === "topology";
    if (!isAll && !tabs.hidden) this.#tabs.choose(name);
    this.#parts.charts.tell("only", chart);
    if (this.#stands) this.#makeChosen();
  }

  /** A part alone is a part of somebody's page, and beside others of its kind: no landmark of that page. */
  #mark() {
    const role = this.element.dataset.view === "all" ? null : "group";
    for (const section of this.element.querySelectorAll("section")) section.role = role;
  }

  /** Whether the sizes of the parts are kept in the browser. @param {boolean} keeps */
  set keepsSizes(keeps) {
    this.#workspace.keeps = keeps;
  }

  get share() {
    return this.#parts.share;
  }

  get draft() {
    return this.#parts.draft;
  }

  get imported() {
    return this.#parts.imported;
  }

  /** The tab that is open, if one is. @returns {string | undefined} */
  get tab() {
    const isOpen = this.element.dataset.view !== "all" || this.#workspace.showsViews;
    return isOpen ? this.#tabs.chosen : undefined;
  }

  /** One that there is not changes nothing. @param {string} name */
  set tab(name) {
    this.#tabs.choose(name);
  }

  /** Which charts are seen, and how. */
  get charts() {
    return this.#parts.charts.part?.choice;
  }

  set charts(choice) {
    const charts = this.#parts.charts.opened;
    if (charts && choice) charts.choice = choice;
  }

  /** Which events of the log are seen. */
  get log() {
    return this.#parts.log.part?.choice;
  }

  set log(choice) {
    const log = this.#parts.log.opened;
    if (log) log.choice = choice;
  }

  /** @param {Entry[]} entries the scenarios of the site */
  offer(entries) {
    this.#parts.menu.offer(entries);
    this.#parts.gallery.tell("offer", entries);
    this.#parts.experiments.tell("offer", entries);
  }

  /** What runs from now on. @param {string | undefined} id of a scenario of the site @param {Config} config */
  chosen(id, config) {
    this.#scenario = id;
    this.#parts.imported.hide();
    this.#parts.menu.choose(id, config);
    this.#parts.about.tell(config);
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
    if (state === "error") this.#makeFirst();
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
    for (const part of [this.#workspace, ...relabelled(this.#parts)]) part.relabel();
    if (this.#figuresNow) this.#summarise(this.#figuresNow);
  }

  /** Puts the focus where one goes on after a notice: at the run, or at the views where the page around drives it. */
  #goOn() {
    if (!this.#workspace.bar.hidden && this.#parts.controls.focus()) return;
    this.#workspace.focusViews();
  }

  /** The theme is another. */
  recolour() {
    this.#parts.charts.relabel();
    this.#parts.sideCharts.relabel();
  }

  /** The page is about to be printed. */
  prepareForPrint() {
    this.#workspace.prints = true;
    this.#parts.charts.opened?.drawAll();
    this.#parts.sideCharts.drawAll();
  }

  /** It has been printed. */
  leavePrint() {
    this.#workspace.prints = false;
  }

  /** Shows what happened about that time. @param {number} time */
  #openLog(time) {
    this.#tabs.choose("log");
    this.#workspace.openViews();
    this.#parts.log.tell("update");
    this.#parts.log.tell("reveal", time);
  }

  /** Shows the charts about that time. @param {number} from @param {number} to */
  #lookAt(from, to) {
    const end = this.#lab.simulation?.duration ?? to;
    // Charts draw windows of time, in which a single request would not be seen.
    const margin = Math.max(to - from, end * MARGIN);
    this.#lab.look({ zoom: [Math.max(from - margin, 0), Math.min(to + margin, end)] });
    this.#tabs.choose("charts");
    this.#workspace.openViews();
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
      success: texts.percent(requests.success_ratio), p99: texts.span(requests.response.p99) };
    // Only what is said once: a status that changes five times a second cannot be listened to.
    const key = state === "hidden" || state === "loading" || state === "past" ? "paused" : state;
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
