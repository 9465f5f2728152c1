// What moves in the picture: single requests where they stay long enough to be followed, else the flow along the ways.

import { Dots, DOTS_MAX } from "./dots.js";

/** @typedef {import("../../run/engine.js").Simulation} Simulation */
/** @typedef {import("./dots.js").Visit} Visit */

/** A request that is to be seen for less than this, in seconds of the wall, would only flash. */
const VISIBLE = 0.1;
/** Latency that is assumed before any has been measured, in seconds. */
const USUAL = 0.2;
/** A frame that comes later than this, in seconds, was held up; nothing jumps because of it. */
const LONGEST_FRAME = 0.1;

export class Flow {
  #dots;
  #ways;
  #lastFrame = 0;
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
    const passed = Math.min((time - this.#lastFrame) / 1000, LONGEST_FRAME);
    this.#lastFrame = time;
    const visits = this.#single(speed) ? visitsOf(simulation) : undefined;
    if (visits) this.#dots.frame(visits, time, speed);
    else if (this.#dots.busy) this.#dots.clear();
    if (running && !visits) for (const way of this.#ways) way.flow(passed);
    return visits !== undefined;
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
