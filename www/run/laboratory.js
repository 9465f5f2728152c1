// What an element does apart from how it looks: it loads the simulator, begins runs, lets time pass, acts on the
// system, and tells the parts of the page what is new.

import { Emitter } from "./emitter.js";
import { discardEngine, loadEngine } from "./engine.js";
import { everyFrame, noMore } from "./frames.js";
import { Runner } from "./runner.js";
import { Travel } from "./travel.js";

/** @typedef {import("./engine.js").Engine} Engine */
/** @typedef {import("./engine.js").Config} Config */
/** @typedef {import("./engine.js").Report} Report */
/** @typedef {import("./engine.js").Simulation} Simulation */
/** What a run does; "past": an earlier moment of it is seen. @typedef {import("./runner.js").State | "past"} State */
/** @typedef {import("../web-service-model.js").Patch<Config>} Patch */
/** @typedef {import("../web-service-model.js").ConfigError} ConfigError */

/**
 * What the reader looks at, the same for all charts.
 * @typedef {object} Sight
 * @property {[number, number] | null} zoom part of the time axis, in simulated seconds; null is the whole run
 * @property {number | null} cursor a moment that is pointed at
 */

/**
 * A run that later ones are compared with, as far as it had come when the next one began. `touched`: somebody broke,
 * mended or changed something while it went on, so that its configuration does not make the same run once more.
 * `twin`: it goes on beside the run.
 * @typedef {{ simulation: Simulation, report: Report, config: Config, touched: boolean, twin?: boolean }} Baseline
 */

/** What is seen, and the report of some seconds before, if it is known. @typedef {{ shown: Simulation, earlier: Report | undefined }} Seen */

/** What makes a run once more, up to a moment. @typedef {import("./permalink.js").LinkBaseline} Rerun */

/**
 * @typedef {object} Events
 * @property {Simulation | undefined} begin a run begins, or is gone
 * @property {State | "loading"} state
 * @property {Seen} travel another moment, or the present again, is seen
 * @property {Simulation} progress time has passed
 * @property {Report} refresh figures are new; at most five times a second
 * @property {Config} config the configuration of the run has changed while it goes on
 * @property {string | undefined} select a component is chosen
 * @property {Sight} sight
 * @property {Baseline | undefined} baseline what the run is compared with, or is no more
 * @property {number | undefined} rerun how much of the baseline has been run once more, as a share; undefined when that is over
 * @property {unknown} crash the simulator itself is broken
 */

/** Figures are told this often at most while a run goes on: faster cannot be read. */
const REFRESH_MS = 200;
/** What the other future may cost each time, in milliseconds. */
const TWIN_MS = 30;

/** @extends {Emitter<Events>} */
export class Laboratory extends Emitter {
  /** @type {Sight} */
  sight = { zoom: null, cursor: null };
  #runner = new Runner();
  #travel = new Travel({
    simulation: () => this.#simulation,
    speed: () => this.speed,
    changed: () => this.#travelled(),
    arrived: () => this.#arrived(),
    crashed: (problem) => this.crashed(problem),
  });
  /** @type {Engine | undefined} */
  #engine;
  /** @type {Simulation | undefined} */
  #simulation;
  /** The configuration that the next restart begins with. @type {Config | undefined} */
  #config;
  /** @type {Baseline | undefined} */
  #baseline;
  #pinned = false;
  #touched = false;
  /** What is being run once more. @type {Rerun | undefined} */
  #rerun;
  /** @type {string | undefined} */
  #selected;
  #refreshedAt = -Infinity;

  constructor() {
    super();
    this.#runner.onChange = (state) => {
      this.emit("state", state);
      this.refresh();
    };
    this.#runner.onProgress = () => this.#progressed();
    this.#runner.onProblem = (problem) => this.crashed(problem);
  }

  /** Loads the simulator; throws if that cannot be had. */
  async start() {
    this.#engine = await loadEngine();
  }

  get engine() {
    return this.#engine;
  }

  get simulation() {
    return this.#simulation;
  }

  /** What is seen: the run, or an earlier moment of it. */
  get shown() {
    return this.#travel.past ?? this.#simulation;
  }

  /** The moment that is seen, and whether it is past. */
  get moment() {
    return { time: this.#travel.moment, isPast: this.#travel.past !== undefined };
  }

  /** The report of some seconds before the present. */
  earlier() {
    return this.#simulation && this.#travel.earlierThan(this.#simulation.now);
  }

  /** The configuration of the run, changes at run time included. */
  get config() {
    return this.#simulation?.config();
  }

  /** @returns {State | "loading"} */
  get state() {
    if (this.#travel.past) return this.#travel.replaying ? "running" : "past";
    return this.#simulation ? this.#runner.state : "loading";
  }

  get speed() {
    return this.#runner.speed;
  }

  /** Simulated seconds per second; Infinity is as fast as possible. */
  set speed(speed) {
    this.#runner.speed = speed;
  }

  /** Whether anybody can see the run: it waits while nobody can. @param {boolean} inView */
  set inView(inView) {
    this.#runner.inView = inView;
  }

  get baseline() {
    return this.#baseline;
  }

  /** The baseline there is, or will be, as a link keeps it; the present run if that is pinned. @returns {Rerun & { touched: boolean } | undefined} */
  get comparison() {
    const simulation = this.#simulation;
    if (this.#rerun) return { ...this.#rerun, touched: false };
    if (this.#pinned && simulation) {
      return simulation.now > 0 ? { config: simulation.config(), until: simulation.now, touched: this.#touched } : undefined;
    }
    const baseline = this.#baseline;
    return baseline && { config: baseline.config, until: baseline.simulation.now, touched: baseline.touched };
  }

  get selected() {
    return this.#selected;
  }

  play() {
    if (!this.#travel.past) return this.#runner.play();
    this.#travel.play();
    this.emit("state", this.state);
  }

  pause() {
    this.#runner.pause();
    if (!this.#travel.past) return;
    this.#travel.pause();
    this.emit("state", this.state);
  }

  /** Shows the run as it stood at a moment, in simulated seconds; the present one if that is not past. @param {number} time */
  goTo(time) {
    assertAmount("a moment", time);
    this.#runner.pause();
    this.#travel.goTo(time);
  }

  /** Shows the run one event before what is seen. */
  stepBack() {
    this.#runner.pause();
    this.#travel.step(-1);
  }

  /** Shows the present again. */
  returnToPresent() {
    this.#travel.present();
  }

  /**
   * What if: the run goes on twice from the moment that is seen, with the same random numbers. As it was, it is the
   * baseline; what is done now is done to the other one.
   */
  fork() {
    const simulation = this.#simulation;
    if (!simulation) return;
    this.#runner.pause();
    const twin = simulation.fork();
    this.#travel.rewind(simulation);
    this.#pinned = false;
    this.#setBaseline({ simulation: twin, report: twin.report(), config: twin.config(), touched: true, twin: true });
    this.#runner.rewound();
    this.#travelled();
  }

  /** Moves on by so many events, and pauses. @param {number} events */
  stepEvents(events) {
    assertAmount("events", events);
    if (this.#travel.past) return this.#travel.step(events);
    this.#runner.stepEvents(events);
    this.refresh();
  }

  /** Moves on by so many simulated seconds, and pauses. @param {number} seconds */
  stepSeconds(seconds) {
    assertAmount("seconds", seconds);
    if (this.#travel.past) return this.#travel.goTo(this.#travel.moment + seconds);
    this.#runner.stepSeconds(seconds);
    this.refresh();
  }

  /**
   * Builds the system; throws if the configuration is bad, and then leaves everything as it is.
   * @param {Config} config
   * @param {number} [seed] instead of the configuration's
   */
  begin(config, seed) {
    if (!this.#engine) throw new Error("the simulator is not loaded yet");
    // What is no configuration goes on as it is, for the simulator to say so.
    const seeded = seed !== undefined && typeof config === "object" && config !== null && !Array.isArray(config);
    const simulation = new this.#engine.Simulation(seeded ? { ...config, seed } : config);
    // Single requests can be looked at from the first one on.
    simulation.tracing = true;
    const former = this.#simulation;
    this.#config = config;
    this.#simulation = simulation;
    this.sight = { zoom: null, cursor: null };
    this.#travel.begin(simulation);
    this.#runner.reset(simulation);
    if (former && this.#pinned) this.#keep(former);
    else if (this.#baseline?.twin) this.#setBaseline(undefined);
    this.#touched = false;
    this.emit("begin", simulation);
    this.emit("state", this.#runner.state);
    this.refresh();
    if (former !== this.#baseline?.simulation) former?.free();
  }

  /** Begins the same system anew. @param {number} [seed] */
  restart(seed) {
    if (this.#config && this.#engine) this.begin(this.#config, seed);
  }

  /**
   * Changes the configuration of the run in progress; returns what was changed, in words.
   * @param {Patch} patch
   */
  patch(patch) {
    if (!this.#simulation) return [];
    const changes = this.#act((simulation) => simulation.patch(patch)) ?? [];
    // At its start a change is part of what runs.
    if (this.#simulation.now > 0) this.#touch();
    this.#config = this.#simulation.config();
    this.emit("config", this.#config);
    this.#runner.review();
    this.refresh();
    return changes;
  }

  /** What is wrong with a configuration, or with a text of one. @param {Config | string} config @returns {ConfigError[]} */
  check(config) {
    return this.#engine?.Simulation.check(config) ?? [];
  }

  /** What a file of another program is here. @param {string} text @param {string} name */
  importConfig(text, name) {
    if (!this.#engine) throw new Error("the simulator is not ready yet");
    return this.#engine.importConfig(text, name);
  }

  /** What runs, but says something in vain or contradicts itself. @param {Config | string} config @returns {ConfigError[]} */
  warnings(config) {
    return this.#engine?.Simulation.warnings(config) ?? [];
  }

  /** The components of a system that has not begun. @param {Config} config */
  componentsOf(config) {
    if (!this.#engine) return [];
    const trial = new this.#engine.Simulation(config);
    try {
      return trial.components();
    } finally {
      trial.free();
    }
  }

  /**
   * The fields of a patch that the run in progress cannot take, by trying it on a copy; throws for a bad configuration.
   * @param {Patch} patch
   * @returns {ConfigError[]}
   */
  preview(patch) {
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
    this.#act((simulation) => simulation.crash(component, forSeconds));
    this.#touch();
    this.refresh();
  }

  /** Brings a component up. @param {string} component */
  recover(component) {
    this.#act((simulation) => simulation.recover(component));
    this.#touch();
    this.refresh();
  }

  /** Makes a replica the primary of its cluster. @param {string} node */
  promote(node) {
    this.#act((simulation) => simulation.promote(node));
    this.#touch();
    this.refresh();
  }

  /** @param {string | undefined} component */
  select(component) {
    if (component === this.#selected) return;
    this.#selected = component;
    this.emit("select", component);
  }

  /** @param {Partial<Sight>} sight */
  look(sight) {
    this.sight = { ...this.sight, ...sight };
    this.emit("sight", this.sight);
  }

  /** Whether the present run is the one that later ones will be compared with. */
  get pinned() {
    return this.#pinned;
  }

  /** The next run will be compared with this one, in the place of an earlier baseline. */
  pin() {
    if (!this.#simulation || this.#pinned) return;
    this.#pinned = true;
    this.#setBaseline(undefined);
  }

  /**
   * Runs two systems to their ends, the first of them as the baseline of the second.
   * @param {Config} behind
   * @param {Config} front
   * @param {number} seed
   */
  async overlay(behind, front, seed) {
    this.unpin();
    for (const config of [behind, front]) {
      this.begin(config, seed);
      const simulation = this.#simulation;
      // A slice a frame, so that the page stays awake; another run that begins meanwhile ends this.
      while (simulation && simulation === this.#simulation && this.state !== "finished") {
        this.stepSeconds(simulation.duration);
        await new Promise(requestAnimationFrame);
      }
      if (simulation !== this.#simulation) return;
      if (config === behind) this.pin();
    }
  }

  /**
   * Runs a system up to a moment, beside the present run, and compares with it. It can take long: `rerun` tells how far
   * it has come, and whatever sets another baseline, or none, ends it. Throws if the configuration is bad.
   * @param {Rerun} rerun
   */
  async compareWith(rerun) {
    if (!this.#engine) throw new Error("the simulator is not loaded yet");
    const simulation = new this.#engine.Simulation(rerun.config);
    this.unpin();
    this.#rerun = rerun;
    const until = Math.min(rerun.until, simulation.duration);
    this.emit("rerun", 0);
    try {
      while (this.#rerun === rerun && simulation.now < until) {
        await advanced(simulation, until);
        if (this.#rerun === rerun) this.emit("rerun", simulation.now / until);
      }
    } catch (problem) {
      // Whatever is free of mistakes and yet fails is the simulator's own crash.
      this.crashed(problem);
      return;
    }
    if (this.#rerun === rerun) this.#setBaseline({ simulation, report: simulation.report(), config: simulation.config(), touched: false });
    else simulation.free();
  }

  /** Compares with nothing any more. */
  unpin() {
    this.#pinned = false;
    this.#setBaseline(undefined);
  }

  /**
   * Does something to the run where it is seen.
   * @template T @param {(simulation: Simulation) => T} act
   */
  #act(act) {
    const simulation = this.#simulation;
    if (!simulation) return undefined;
    const { isPast } = this.moment;
    const result = this.#travel.act(simulation, act);
    if (isPast) {
      this.#runner.rewound();
      this.#travelled();
    }
    return result;
  }

  /** Another moment is seen. */
  #travelled() {
    const { shown } = this;
    if (!shown) return;
    this.emit("travel", { shown, earlier: this.#travel.earlier });
    this.emit("state", this.state);
    this.refresh();
  }

  /** All that is known has been played: the run goes on. */
  #arrived() {
    this.#travelled();
    this.#runner.play();
  }

  /** Tells all figures anew. */
  refresh() {
    const simulation = this.shown;
    if (!simulation) return;
    this.#refreshedAt = performance.now();
    try {
      this.#followTwin();
      this.emit("progress", simulation);
      this.emit("refresh", simulation.report());
    } catch (problem) {
      this.crashed(problem);
    }
  }

  /** The simulator is broken: nothing of it can be used again. @param {unknown} problem */
  crashed(problem) {
    this.#simulation = undefined;
    this.#baseline = undefined;
    this.#endRerun();
    this.#travel.lose();
    this.#engine = undefined;
    this.#runner.reset(undefined);
    discardEngine();
    this.emit("baseline", undefined);
    this.emit("begin", undefined);
    this.emit("crash", problem);
  }

  /** Begins anew with a new copy of the simulator; tells whether there was a system to begin with. @param {number} [seed] */
  async revive(seed) {
    await this.start();
    this.restart(seed);
    return this.#config !== undefined;
  }

  #progressed() {
    const simulation = this.#simulation;
    if (!simulation) return;
    this.#travel.keep(simulation);
    this.emit("progress", simulation);
    if (performance.now() - this.#refreshedAt >= REFRESH_MS) this.refresh();
  }

  /** The run as it was goes on beside the other one. */
  #followTwin() {
    const baseline = this.#baseline;
    const simulation = this.#simulation;
    if (!baseline?.twin || !simulation || baseline.simulation.now >= simulation.now) return;
    baseline.simulation.advanceFor(TWIN_MS, simulation.now);
    baseline.report = baseline.simulation.report();
    this.emit("baseline", baseline);
  }

  /** @param {Simulation} simulation */
  #keep(simulation) {
    this.#pinned = false;
    this.#setBaseline({ simulation, report: simulation.report(), config: simulation.config(), touched: this.#touched });
  }

  /** @param {Baseline | undefined} baseline */
  #setBaseline(baseline) {
    const former = this.#baseline;
    this.#baseline = baseline;
    this.#endRerun();
    this.emit("baseline", baseline);
    former?.simulation.free();
  }

  #endRerun() {
    if (!this.#rerun) return;
    this.#rerun = undefined;
    this.emit("rerun", undefined);
  }

  /** Somebody has acted on the run. */
  #touch() {
    this.#touched = true;
  }
}

/** Lets a simulation that nobody watches advance for one frame. @param {Simulation} simulation @param {number} until */
function advanced(simulation, until) {
  return new Promise((resolve, reject) => {
    /** @type {import("./frames.js").Work} */
    const work = (_, budgetMs) => {
      noMore(work);
      try {
        simulation.advanceFor(budgetMs, until);
        resolve(undefined);
      } catch (problem) {
        reject(problem);
      }
    };
    everyFrame(work);
  });
}

/**
 * What a script asks for must not be mistaken for a crash of the simulator.
 * @param {string} name
 * @param {number} value
 */
function assertAmount(name, value) {
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`${name}: ${value} is not a number, 0 or more`);
}
