// Experiments: many runs of the present system, of two, or of one with other values, on all processors.

import { told } from "../../i18n/rules.js";
import { h, write } from "../dom.js";
import { breathe } from "../../run/breathe.js";
import { ExperimentRun, findWarmUp } from "../../run/experiment-run.js";
import { EXPERIMENTS, experimentPlan } from "../../run/experiments.js";
import { loadEngine } from "../../run/engine.js";
import { prepared } from "../../run/prepared.js";
import { scenarioText } from "../../run/scenarios.js";
import { BASELINE, Form } from "./form.js";
import { Results } from "./results.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {import("../../run/engine.js").Config} Config */
/** @typedef {import("../../run/scenarios.js").Entry} Entry */
/** @typedef {import("../../run/experiment-run.js").Progress} Progress */
/** @typedef {import("../../run/engine.js").Engine} Engine */
/** @typedef {import("../../web-service-model.js").Plan} Plan */
/** @typedef {import("../../web-service-model.js").Experiment} Experiment */
/** @typedef {import("../../web-service-model.js").ConfigError} ConfigError */

/**
 * @typedef {object} Actions
 * @property {() => Config | undefined} config of the present run
 * @property {() => Config | undefined} baseline configuration of the pinned run
 * @property {(behind: Config, front: Config, seed: number) => void} overlay shows a run of each in the charts
 * @property {(problem: unknown) => void} crashed the simulator is broken, for whatever else uses it, too
 */

/** So many configurations are named in a note. */
const NAMED_MAX = 8;
/** The form is looked at so long after the last change, in milliseconds. */
const CALM_MS = 300;
/** What the memory of a page holds, and what a run takes there besides its figures, in bytes. */
const BYTES_MAX = 1e9;
const RUN_BYTES = 100;
/** A page that works for longer than this at a time feels stuck. */
const SLICE_MS = 12;
/** The table is written anew so often while an experiment runs. */
const SHOWN_MS = 1_000;

/** Nobody wants an experiment any more that is being made ready. */
class Unwanted extends Error {}

export class Experiments {
  #texts;
  #actions;
  #form;
  #results;
  #start;
  #cancel;
  #about = h("p", { class: "note" });
  /** What the pilot runs have shown. */
  #warmUp = h("p", { class: "note", role: "status" });
  #size = h("p", { class: "experiment-size", role: "status" });
  #errors = h("ul", { class: "errors bad", hidden: true });
  #bar = h("progress", { max: 1, value: 0, hidden: true });
  #state = h("span", { class: "note" });
  /** @type {Entry[]} */
  #scenarios = [];
  /** Experiments of the site, by name. @type {Map<string, Plan>} */
  #plans = new Map();
  /** @type {ExperimentRun | undefined} */
  #run;
  /** @type {AbortController | undefined} */
  #busy;
  #timer = 0;
  #check = 0;
  #shownAt = 0;
  #isOpen = false;
  /** Something has changed while an experiment ran. */
  #isStale = false;
  /** The one whose size is shown: it need not be made ready again when it starts. @type {{ text: string, experiment: Experiment } | undefined} */
  #ready;
  /** What stands in places that are not written anew all the time. @type {Map<HTMLElement, () => string>} */
  #said = new Map();

  /** @param {Texts} texts @param {Actions} actions */
  constructor(texts, actions) {
    this.#texts = texts;
    this.#actions = actions;
    this.#results = new Results(texts, {
      overlay: ({ plan: { systems: [front, behind], seed } }) => actions.overlay(behind, front, seed ?? 1),
    });
    this.#form = new Form(texts, () => this.#changed(), () => void this.#settle());
    this.#start = texts.label(h("button", { type: "button", class: "primary", disabled: true, onclick: () => void this.#begin() }), "experiments.start");
    this.#cancel = texts.label(h("button", { type: "button", disabled: true, onclick: () => this.#stop() }), "experiments.cancel");
    texts.attribute(this.#bar, "aria-label", "experiments.title");
    const title = texts.label(h("h2", { id: "experiments-title" }), "experiments.title");
    this.element = h("section", { class: "experiments", "aria-labelledby": "experiments-title" },
      h("div", { class: "section-head" }, title),
      h("div", { class: "card experiment-head" },
        texts.label(h("p", { class: "note" }), "experiments.about"),
        this.#form.element, this.#about, this.#warmUp, this.#size, this.#errors,
        h("div", { class: "validate-buttons" }, this.#start, this.#cancel, this.#bar, this.#state)),
      this.#results.element);
  }

  /** What can be compared with. @param {Entry[]} entries the scenarios of the site */
  offer(entries) {
    this.#scenarios = entries;
    this.#offer();
  }

  /** The tab is open: what stands there is to be true. */
  open() {
    this.#isOpen = true;
    if (this.#plans.size === 0) void this.#load();
    this.#changed();
  }

  /** The system is another, or has changed. */
  changed() {
    if (this.#isOpen) this.#changed();
  }

  /** Nobody waits for results any more: what is finished stays. */
  stop() {
    if (this.#busy) this.#stop();
  }

  relabel() {
    this.#form.relabel();
    this.#results.relabel();
    this.#offer();
    this.#describe();
    for (const [place, text] of this.#said) write(place, text());
    this.#changed();
  }

  /** Writes a text that follows the language. @param {HTMLElement} place @param {() => string} text */
  #say(place, text) {
    this.#said.set(place, text);
    write(place, text());
  }

  async #load() {
    try {
      const plans = await Promise.all(EXPERIMENTS.map(async (name) => /** @type {const} */ ([name, await experimentPlan(name)])));
      this.#plans = new Map(plans);
    } catch (problem) {
      this.#refuse(problem);
    }
    this.#offer();
    this.#changed();
  }

  #offer() {
    const texts = this.#texts;
    const baseline = this.#actions.baseline() ? [{ value: BASELINE, text: texts.text("experiments.other.baseline") }] : [];
    const scenarios = this.#scenarios.map(({ id, title }) => ({ value: id, text: this.#inLanguage(title) || id }));
    const ready = [...this.#plans].map(([value, { title }]) => ({ value, text: this.#inLanguage(title) || value }));
    this.#form.offer([...baseline, ...scenarios], ready);
  }

  /** @param {Plan["title"]} text */
  #inLanguage(text) {
    return typeof text === "object" ? (text[this.#texts.language] ?? text.en ?? "") : (text ?? "");
  }

  #changed() {
    clearTimeout(this.#timer);
    if (this.#isOpen) this.#timer = window.setTimeout(() => void this.#prepare(), CALM_MS);
  }

  /** Says how large the experiment is, or what is wrong with it. */
  async #prepare() {
    const config = this.#actions.config();
    if (!config) return;
    this.#offer();
    this.#describe();
    if (this.#busy) {
      this.#isStale = true;
      return;
    }
    const check = ++this.#check;
    try {
      const engine = await loadEngine();
      if (check !== this.#check) return;
      const all = new engine.Experiment({ systems: [config] });
      this.#form.system(config, all.metrics);
      all.free();
      const plan = await this.#plan(config);
      if (check !== this.#check) return;
      const { target } = this.#form;
      const experiment = await this.#experiment(engine, plan, () => check === this.#check);
      if (!experiment) return;
      this.#keep(plan, experiment);
      if (target) experiment.next(target);
      this.#saySize(experiment.size(), target !== undefined);
    } catch (problem) {
      if (check === this.#check) this.#refuse(problem);
    }
  }

  /**
   * The experiment of a plan, made ready in slices unless it is already; undefined if nobody wants it any more.
   * @param {Engine} engine @param {Plan} plan @param {() => boolean} isWanted @returns {Promise<Experiment | undefined>}
   */
  async #experiment(engine, plan, isWanted) {
    const ready = this.#ready;
    this.#ready = undefined;
    const text = JSON.stringify(plan);
    if (ready?.text === text) return ready.experiment;
    ready?.experiment.free();
    try {
      return await prepared(engine, text, SLICE_MS, async () => {
        await breathe();
        if (!isWanted()) throw new Unwanted();
      });
    } catch (problem) {
      if (problem instanceof Unwanted) return undefined;
      throw problem;
    }
  }

  /** @param {Plan} plan @param {Experiment} experiment */
  #keep(plan, experiment) {
    this.#ready?.experiment.free();
    this.#ready = { text: JSON.stringify(plan), experiment };
  }

  /** @param {import("../../web-service-model.js").ExperimentSize} size @param {boolean} atMost */
  #saySize({ runs, events, bytes, too_large }, atMost) {
    const texts = this.#texts;
    this.#errors.hidden = true;
    const tooLarge = too_large !== null || bytes + runs * RUN_BYTES > BYTES_MAX;
    this.#say(this.#size, () => {
      const millions = events >= 1e6 ? texts.text("experiments.millions", { number: texts.number(Number((events / 1e6).toPrecision(2))) })
        : texts.integer(Number(events.toPrecision(2)));
      const places = { count: runs, events: millions, megabytes: texts.number(Math.ceil(bytes / 1e5) / 10) };
      const words = [texts.text(atMost ? "experiments.size.at_most" : "experiments.size", places)];
      if (tooLarge) words.push(texts.text("experiments.too_large"));
      return words.join(" ");
    });
    this.#size.classList.toggle("bad", tooLarge);
    this.#start.disabled = tooLarge;
  }

  /** @param {unknown} problem */
  #refuse(problem) {
    const { message = String(problem), code, errors = [] } = /** @type {{ message?: string, code?: string, errors?: ConfigError[] }} */ (problem);
    if (code === "crashed") {
      // What belongs to the copy that has crashed cannot even be freed.
      this.#ready = undefined;
      this.#actions.crashed(problem);
    }
    const place = (/** @type {ConfigError} */ { path, found }) => `${path}: ${found === null ? "" : `${found} `}`;
    const lines = errors.length > 0 ? errors.map((error) => ({ before: place(error), rule: error.rule })) : [{ before: "", rule: message }];
    this.#say(this.#size, () => this.#texts.text("experiments.refused"));
    this.#size.classList.add("bad");
    this.#errors.replaceChildren(...lines.map(({ before, rule }) => {
      const { text, lang } = told(rule, this.#texts);
      return h("li", { lang }, before + text);
    }));
    this.#errors.hidden = false;
    this.#start.disabled = true;
  }

  /** What an experiment of the site is about. */
  #describe() {
    const { kind, ready } = this.#form.wish;
    const plan = this.#plans.get(ready);
    const own = kind === "ready" ? this.#inLanguage(plan?.description) : this.#texts.text(`experiments.kind.${kind}.about`);
    write(this.#about, own);
  }

  /** @param {Config} config @returns {Promise<Plan>} */
  async #plan(config) {
    const { kind, other, ready, size } = this.#form.wish;
    if (kind === "ready") {
      const plan = this.#plans.get(ready);
      if (!plan) throw new Error(this.#texts.text("experiments.loading"));
      return plan;
    }
    const systems = [config];
    if (kind === "comparison") {
      const baseline = other === BASELINE ? this.#actions.baseline() : undefined;
      systems.push(baseline ?? JSON.parse(await scenarioText(other)));
    }
    const settled = systems.map((system) => (size.warm_up === undefined ? system : { ...system, warm_up: size.warm_up }));
    /** @type {Plan} */
    const plan = { systems: settled, replications: this.#form.target?.most ?? size.replications ?? 0, seed: size.seed ?? 1 };
    if (kind === "comparison") plan.series = this.#form.series;
    else plan.quantiles = this.#form.quantiles;
    return kind === "sweep" ? { ...plan, vary: this.#form.vary, metrics: this.#form.metrics } : plan;
  }

  /** Finds a warm-up by pilot runs. */
  async #settle() {
    const config = this.#actions.config();
    if (!config || this.#busy) return;
    const busy = new AbortController();
    this.#occupy(busy);
    this.#say(this.#state, () => this.#texts.text("experiments.warm_up.finding"));
    try {
      const [engine, plan] = await Promise.all([loadEngine(), this.#plan(config)]);
      const experiment = await this.#experiment(engine, plan, () => !busy.signal.aborted);
      if (!experiment) return this.#release();
      const [points, values] = [experiment.points, experiment.values()];
      this.#keep(plan, experiment);
      const found = await findWarmUp(plan, points, {
        signal: busy.signal,
        onProgress: (done) => (this.#bar.value = done / points),
      });
      this.#say(this.#state, () => "");
      this.#release();
      if (found) this.#settled(found, values);
    } catch (problem) {
      this.#release();
      this.#refuse(problem);
    }
  }

  /**
   * Which warm-up was found, and which configurations do not settle.
   * @param {{ seconds: number | undefined, unsettled: number[] }} found @param {unknown[][]} values of what is varied, by configuration
   */
  #settled({ seconds, unsettled }, values) {
    const texts = this.#texts;
    if (seconds === undefined) return this.#say(this.#warmUp, () => texts.text("experiments.warm_up.none"));
    this.#form.warmUp = seconds;
    this.#say(this.#warmUp, () => {
      const words = [texts.text("experiments.warm_up.found", { seconds: texts.number(Number(seconds.toPrecision(4))) })];
      if (unsettled.length > 0) {
        const names = unsettled.slice(0, NAMED_MAX).map((point) => values[point]?.join(", ") || ["A", "B"][point]);
        const more = unsettled.length > NAMED_MAX ? "; …" : "";
        words.push(texts.text("experiments.warm_up.unsettled", { count: unsettled.length, names: names.join("; ") + more }));
      }
      return words.join(" ");
    });
  }

  async #begin() {
    const config = this.#actions.config();
    if (!config || this.#busy) return;
    const busy = new AbortController();
    this.#occupy(busy);
    const { target } = this.#form;
    this.#say(this.#state, () => this.#texts.text("experiments.preparing"));
    try {
      const [engine, plan] = await Promise.all([loadEngine(), this.#plan(config)]);
      const experiment = await this.#experiment(engine, plan, () => !busy.signal.aborted);
      if (!experiment || busy.signal.aborted) {
        if (experiment) this.#keep(plan, experiment);
        this.#say(this.#state, () => "");
        return this.#release();
      }
      const run = new ExperimentRun(plan, experiment, target);
      busy.signal.addEventListener("abort", () => run.cancel());
      this.#run?.free();
      this.#run = run;
      this.#results.show(undefined);
      run.on("progress", (progress) => this.#tell(progress));
      await run.run();
      const { seconds } = run;
      this.#say(this.#state, () => this.#texts.text("experiments.took", { seconds: this.#texts.moment(seconds) }));
      this.#release();
      if (run.progress.done > 0) this.#results.show(run);
    } catch (problem) {
      this.#release();
      this.#refuse(problem);
      // What had been found by then is still worth something.
      if (this.#run && this.#run.progress.done > 0) this.#results.show(this.#run);
    }
  }

  #stop() {
    this.#busy?.abort();
  }

  /** @param {Progress} progress */
  #tell({ done, total, crew, left }) {
    const texts = this.#texts;
    this.#bar.value = total > 0 ? done / total : 0;
    this.#said.delete(this.#state);
    const words = [texts.text("experiments.progress", { done, total })];
    if (left !== undefined && left >= 1) words.push(texts.text("experiments.left", { seconds: texts.moment(left, 0) }));
    if (crew) words.push(crew.workers > 0 ? texts.text("validate.workers", { count: crew.workers }) : texts.text("validate.own"));
    write(this.#state, words.join(" · "));
    if (done === 0 || performance.now() - this.#shownAt < SHOWN_MS) return;
    // Computing all intervals anew must not take longer than the runs.
    const start = performance.now();
    this.#results.show(this.#run);
    this.#shownAt = performance.now() + 10 * (performance.now() - start);
  }

  /** @param {AbortController} busy */
  #occupy(busy) {
    this.#busy = busy;
    // The size of another one is of no use now.
    this.#check += 1;
    this.#start.disabled = true;
    this.#cancel.disabled = false;
    this.#bar.hidden = false;
    this.#bar.value = 0;
    this.#shownAt = performance.now();
    this.#say(this.#state, () => "");
  }

  #release() {
    this.#busy = undefined;
    // Whether what stands in the form now can be run is yet to be seen.
    this.#start.disabled = this.#isStale;
    if (this.#isStale) this.#changed();
    this.#isStale = false;
    this.#cancel.disabled = true;
    this.#bar.hidden = true;
  }
}
