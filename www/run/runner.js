// Lets simulated time pass while the page stays awake.

import { everyFrame, noMore } from "./frames.js";

/** @typedef {import("./engine.js").Simulation} Simulation */
/** @typedef {"ready" | "running" | "hidden" | "paused" | "finished"} State */

/** A frame that comes later than this, in seconds, was held up by something else; it is not caught up with. */
const LONGEST_FRAME = 0.1;

/** What a step may cost, in milliseconds; the rest of it is given up. */
const STEP_MS = 100;
/** Events that never take long. */
const SLICE_EVENTS = 1000;

/**
 * Runs one simulation in slices of animation frames.
 *
 * `onChange` is called when the state changes, `onProgress` after each slice of work, `onProblem` when the simulator
 * throws.
 */
export class Runner {
  /** Simulated seconds per second; Infinity is as fast as possible. */
  speed = 1;
  /** @type {(state: State) => void} */
  onChange = () => {};
  /** @type {() => void} */
  onProgress = () => {};
  /** @type {(problem: unknown) => void} */
  onProblem = () => {};

  /** @type {Simulation | undefined} */
  #simulation;
  #wanted = false;
  #inView = true;
  #started = false;
  #finished = false;
  /** Simulated time that the run should have reached; events lie apart, so it moves ahead of the simulation's. */
  #target = 0;
  /** @type {number | undefined} */
  #lastFrame;
  /** @type {State} */
  #announced = "ready";

  /** @returns {State} */
  get state() {
    if (this.#finished) return "finished";
    if (this.#wanted) return this.#inView ? "running" : "hidden";
    return this.#started ? "paused" : "ready";
  }

  /** Takes a new simulation, at its start. Whether it runs stays as it was. @param {Simulation | undefined} simulation */
  reset(simulation) {
    this.#simulation = simulation;
    this.#started = false;
    this.#finished = false;
    this.#target = simulation?.now ?? 0;
    if (!simulation) this.#wanted = false;
    this.#update();
  }

  play() {
    if (!this.#simulation || this.#finished) return;
    this.#wanted = true;
    this.#update();
  }

  pause() {
    this.#wanted = false;
    this.#update();
  }

  /** Whether anybody can see the run: it waits while nobody can. @param {boolean} inView */
  set inView(inView) {
    this.#inView = inView;
    this.#update();
  }

  /** The run has been taken back. */
  rewound() {
    this.#target = this.#guarded((simulation) => simulation.now) ?? 0;
    this.review();
  }

  /** The end of the run may have moved: it may be over now, or go on. */
  review() {
    this.#finished = this.#guarded((simulation) => simulation.finished) ?? false;
    if (this.#finished) this.#wanted = false;
    this.#update();
  }

  /** Moves on by so many events, and pauses. @param {number} events */
  stepEvents(events) {
    this.#step((simulation) => {
      const end = performance.now() + STEP_MS;
      let left = events;
      // Sliced, or a step of very many events would freeze the page.
      while (left > 0 && !simulation.finished && performance.now() < end) {
        left -= simulation.stepEvents(Math.min(left, SLICE_EVENTS));
      }
    });
  }

  /** Moves on by so many seconds, and pauses. @param {number} seconds */
  stepSeconds(seconds) {
    // Sliced like a run, or a step of a very busy system would freeze the page.
    this.#step((simulation) => {
      simulation.advanceFor(STEP_MS, simulation.now + seconds);
    });
  }

  /** @param {(simulation: Simulation) => void} step */
  #step(step) {
    this.pause();
    this.#advance(step);
    this.#target = this.#guarded((simulation) => simulation.now) ?? 0;
  }

  /** @type {import("./frames.js").Work} */
  #frame = (time, budgetMs) => {
    const passed = Math.min((time - (this.#lastFrame ?? time)) / 1000, LONGEST_FRAME);
    this.#lastFrame = time;
    this.#advance((simulation) => {
      if (this.speed === Infinity) {
        simulation.advanceFor(budgetMs);
        this.#target = simulation.now;
        return;
      }
      this.#target += passed * this.speed;
      simulation.advanceFor(budgetMs, this.#target);
      // What the budget did not allow is given up, or a busy system would lag further and further behind.
      if (simulation.now < this.#target) this.#target = simulation.now;
    });
  };

  /** @param {(simulation: Simulation) => void} work */
  #advance(work) {
    const finished = this.#guarded((simulation) => {
      work(simulation);
      return simulation.finished;
    });
    if (finished === undefined) return;
    this.#started = true;
    this.#finished = finished;
    if (finished) this.#wanted = false;
    this.onProgress();
    this.#update();
  }

  /**
   * @template T
   * @param {(simulation: Simulation) => T} work
   * @returns {T | undefined} undefined when there is no simulation, or when it failed
   */
  #guarded(work) {
    if (!this.#simulation) return undefined;
    try {
      return work(this.#simulation);
    } catch (problem) {
      this.reset(undefined);
      this.onProblem(problem);
      return undefined;
    }
  }

  #update() {
    const { state } = this;
    if (state === "running") {
      if (this.#announced !== "running") this.#lastFrame = undefined;
      everyFrame(this.#frame);
    } else {
      noMore(this.#frame);
    }
    if (state === this.#announced) return;
    this.#announced = state;
    this.onChange(state);
  }
}
