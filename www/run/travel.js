// Looking at a run as it stood at an earlier moment, and playing it from there: the run itself stays where it is until
// somebody acts on what is seen.

import { everyFrame, noMore } from "./frames.js";
import { TimeMachine } from "./time-machine.js";

/** @typedef {import("./engine.js").Simulation} Simulation */

/**
 * What the laboratory does for it.
 * @typedef {object} Around
 * @property {() => Simulation | undefined} simulation the run itself
 * @property {() => number} speed simulated seconds per second
 * @property {() => void} changed something else is seen now
 * @property {() => void} arrived the end of what is known has been played
 * @property {(problem: unknown) => void} crashed
 */

/** A frame that comes later than this, in seconds, was held up by something else. */
const LONGEST_FRAME = 0.1;
/** Rates are of so many seconds. */
const SPAN = 5;

export class Travel {
  #around;
  #machine = new TimeMachine();
  /** The run as it stood, if an earlier moment is seen: the machine's own. @type {Simulation | undefined} */
  #past;
  /** The report of some seconds before that. @type {import("./engine.js").Report | undefined} */
  earlier;
  /** The moment that is seen, which may lie between two events. */
  #moment = 0;
  #replaying = false;
  /** @type {number | undefined} */
  #lastFrame;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
  }

  /** The run as it stood at the moment that is seen; undefined while that is the present. */
  get past() {
    return this.#past;
  }

  /** The moment that is seen. */
  get moment() {
    return this.#past ? this.#moment : (this.#around.simulation()?.now ?? 0);
  }

  /** Whether what has been simulated is being played once more. */
  get replaying() {
    return this.#replaying;
  }

  /** The report of some seconds before a moment. @param {number} time */
  earlierThan(time) {
    return this.#machine.at(Math.max(time - SPAN, 0))?.report();
  }

  /** @param {Simulation} simulation a run that begins */
  begin(simulation) {
    this.#leave();
    this.#machine.begin(simulation);
  }

  /** The run has gone on. @param {Simulation} simulation */
  keep(simulation) {
    this.#machine.keep(simulation);
  }

  /** The simulator has crashed. */
  lose() {
    this.#leave();
    this.#machine.lose();
  }

  /**
   * Does something to the run, where it is seen: acting on the past makes another future of it.
   * @template T @param {Simulation} simulation @param {(simulation: Simulation) => T} act
   */
  act(simulation, act) {
    if (this.#past) {
      this.#try(act);
      this.#machine.rewind(simulation, this.#moment);
      this.#leave();
    }
    return this.#machine.act(simulation, act);
  }

  /** What cannot be done there throws before anything is forgotten. @param {(simulation: Simulation) => unknown} act */
  #try(act) {
    const trial = this.#past?.fork();
    try {
      if (trial) act(trial);
    } finally {
      trial?.free();
    }
  }

  /** Looks at a moment; at the present if that is not past. @param {number} time */
  goTo(time) {
    const simulation = this.#around.simulation();
    if (!simulation) return;
    this.#stopReplay();
    this.#see(Math.max(time, 0));
  }

  /** Looks at what was, or comes, so many events later; earlier if it is below 0. @param {number} by */
  step(by) {
    const simulation = this.#around.simulation();
    const seen = this.#past ?? simulation;
    if (!simulation || !seen) return;
    this.#stopReplay();
    const events = seen.events + by;
    if (events < 0) return;
    if (events >= simulation.events) return this.goTo(simulation.now);
    this.#guarded(() => {
      this.#past = this.#machine.atEvent(events);
      this.#moment = this.#past?.now ?? 0;
      this.#around.changed();
    });
  }

  /** Looks at the present again. */
  present() {
    if (!this.#past) return;
    this.#leave();
    this.#around.changed();
  }

  /** Takes the run itself back to the moment that is seen. @param {Simulation} simulation */
  rewind(simulation) {
    if (!this.#past) return;
    this.#machine.rewind(simulation, this.#moment);
    this.#leave();
  }

  /** Plays what has been simulated from the moment that is seen. */
  play() {
    if (!this.#past || this.#replaying) return;
    this.#replaying = true;
    this.#lastFrame = undefined;
    everyFrame(this.#frame);
  }

  pause() {
    this.#stopReplay();
  }

  /** @type {import("./frames.js").Work} */
  #frame = (time) => {
    const passed = Math.min((time - (this.#lastFrame ?? time)) / 1000, LONGEST_FRAME);
    this.#lastFrame = time;
    const speed = this.#around.speed();
    // (No time at no speed's end is no number.)
    const to = speed === Infinity ? Infinity : this.#moment + passed * speed;
    const end = this.#around.simulation()?.now ?? 0;
    if (to >= end) {
      this.#leave();
      this.#around.arrived();
    } else {
      this.#see(to);
    }
  };

  /** @param {number} time */
  #see(time) {
    const end = this.#around.simulation()?.now ?? 0;
    if (time >= end) return this.present();
    this.#guarded(() => {
      // On the way there anyway.
      this.earlier = this.earlierThan(time);
      this.#past = this.#machine.at(time);
      this.#moment = time;
      this.#around.changed();
    });
  }

  /** @param {() => void} work */
  #guarded(work) {
    try {
      work();
    } catch (problem) {
      this.#around.crashed(problem);
    }
  }

  #leave() {
    this.earlier = undefined;
    this.#stopReplay();
    this.#past = undefined;
  }

  #stopReplay() {
    this.#replaying = false;
    noMore(this.#frame);
  }
}
