// What moves in the picture: single requests where they stay long enough to be followed, else the flow along the ways.

import { Dots, DOTS_MAX } from "./dots.js";

/** @typedef {import("../../run/engine.js").Simulation} Simulation */
/** @typedef {import("./dots.js").Visit} Visit */

/** A request that is to be seen for less than this, in seconds of the wall, would only flash. */
const VISIBLE = 0.1;
/** Latency that is assumed before any has been measured, in seconds. */
const USUAL = 0.2;
/** Dashes move on this often, in seconds, and the simulator is asked for visits as often: more is not seen. */
const BEAT = 0.03;
/** A frame that comes later than this, in seconds, was held up; nothing jumps because of it. */
const LONGEST_FRAME = 0.1;

export class Flow {
  #dots;
  #ways;
  #lastFrame = 0;
  /** Time that has passed since the last beat. */
  #waited = 0;
  /** @type {Visit[] | undefined} */
  #visits;
  /** Mean latency, in simulated seconds. @type {number | null} */
  latency = null;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {Dots} dots @param {import("./way.js").WayView[]} ways */
  constructor(dots, ways) {
    this.#dots = dots;
    this.#ways = ways;
  }

  /**
   * Moves everything on by one frame; says whether single requests are shown.
   * @param {Simulation} simulation
   * @param {number} speed simulated seconds per second
   * @param {boolean} running
   * @returns {boolean}
   */
  frame(simulation, speed, running) {
    if (this.#calm.matches) {
      if (this.#dots.busy) this.#dots.clear();
      return false;
    }
    const time = performance.now();
    this.#waited += Math.min((time - this.#lastFrame) / 1000, LONGEST_FRAME);
    this.#lastFrame = time;
    if (this.#waited >= BEAT) this.#beat(simulation, speed, running);
    if (this.#visits) this.#dots.frame(this.#visits, time, speed);
    else if (this.#dots.busy) this.#dots.clear();
    return this.#visits !== undefined;
  }

  /** @param {Simulation} simulation @param {number} speed @param {boolean} running */
  #beat(simulation, speed, running) {
    this.#visits = this.#single(speed) ? visitsOf(simulation) : undefined;
    if (running && !this.#visits) for (const way of this.#ways) way.flow(this.#waited);
    this.#waited = 0;
  }

  /** @param {number} speed */
  #single(speed) {
    return (this.latency ?? USUAL) / speed >= VISIBLE;
  }
}

/**
 * The visits in flight, if the simulator can tell them.
 * @param {Simulation & { inFlight?: (limit: number) => { total: number, visits: Visit[] } }} simulation
 */
function visitsOf(simulation) {
  return simulation.inFlight?.(DOTS_MAX).visits;
}
