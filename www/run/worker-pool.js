// Work for as many Web Workers as there are processors. They exist while the work lasts.

import { compiledEngine } from "./engine.js";
import { OwnHand, WorkerCrash, WorkerHand } from "./hands.js";

/** @typedef {import("./hands.js").Hand} Hand */
/** @typedef {import("./tasks.js").Task} Task */
/** @typedef {import("./tasks.js").Result} Result */
/** @typedef {import("./tasks.js").CheckProgress} CheckProgress */

/**
 * What is to be done. Tasks are asked for one at a time; there may be more of them once one is done.
 * @template {Task} T
 * @typedef {object} Work
 * @property {() => T | undefined} take the next task
 * @property {(task: T, result: Result, milliseconds: number) => void} done
 * @property {(task: T, progress: CheckProgress) => void} [progress]
 */

/** @typedef {{ workers: number }} Crew how many Workers there are; 0 if the page does all the work itself */

const WORKERS_MAX = 8;

/** Without this, a mistake that crashes every Worker would go on for ever. */
const ATTEMPTS = 2;

/** As many as can work at the same time. */
export function processors() {
  return Math.max(1, Math.min(navigator.hardwareConcurrency || 1, WORKERS_MAX));
}

/**
 * Does the work; resolves when there is none left, or when it was cancelled: what is finished by then is finished.
 * A Worker that crashes is replaced, and its task is done once more.
 * @template {Task} T
 * @param {Work<T>} work
 * @param {{ signal?: AbortSignal, size?: number, onStart?: (crew: Crew) => void, make?: () => Promise<Hand> }} [options]
 *   `make` another hand than a Web Worker
 */
export async function doWork(work, { signal, size = processors(), onStart, make = makeWorker } = {}) {
  if (signal?.aborted) return;
  const crew = new WorkCrew(work, make);
  signal?.addEventListener("abort", () => crew.finish(), { once: true });
  try {
    await crew.work(size, onStart);
  } finally {
    crew.finish();
  }
}

/** @returns {Promise<Hand>} */
async function makeWorker() {
  return new WorkerHand(await compiledEngine());
}

/** @template {Task} T */
class WorkCrew {
  #work;
  #make;
  /** @type {Set<Hand>} */
  #hands = new Set();
  /** @type {Hand[]} */
  #idle = [];
  #busy = 0;
  #own = false;
  #over = false;
  /** @type {() => void} */
  #resolve = () => {};
  /** @type {(problem: unknown) => void} */
  #reject = () => {};

  /** @param {Work<T>} work @param {() => Promise<Hand>} make */
  constructor(work, make) {
    this.#work = work;
    this.#make = make;
  }

  /** @param {number} size @param {((crew: Crew) => void) | undefined} onStart @returns {Promise<void>} */
  work(size, onStart) {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      void this.#begin(size, onStart).catch(reject);
    });
  }

  /** @param {number} size @param {((crew: Crew) => void) | undefined} onStart */
  async #begin(size, onStart) {
    // The first one shows whether there can be Workers at all.
    const first = await this.#hire();
    onStart?.({ workers: this.#own ? 0 : size });
    this.#employ(first);
    if (this.#own) return;
    for (let number = 1; number < size && !this.#over; number += 1) {
      this.#hire().then((hand) => this.#employ(hand), this.#reject);
    }
  }

  /** Somebody to work: the page itself where there are no Workers. @returns {Promise<Hand>} */
  async #hire() {
    if (!this.#own) {
      /** @type {Hand | undefined} */
      let hand;
      try {
        hand = await this.#make();
        this.#hands.add(hand);
        await hand.start();
        return hand;
      } catch (problem) {
        hand?.stop();
        if (hand) this.#hands.delete(hand);
        if (this.#hands.size > 0) throw problem;
        this.#own = true;
      }
    }
    const own = new OwnHand();
    this.#hands.add(own);
    await own.start();
    return own;
  }

  /** Somebody is free. @param {Hand} hand */
  #employ(hand) {
    if (this.#over) return hand.stop();
    this.#idle.push(hand);
    this.#distribute();
  }

  #distribute() {
    while (this.#idle.length > 0 && !this.#over) {
      const task = this.#work.take();
      if (!task) break;
      const hand = /** @type {Hand} */ (this.#idle.pop());
      this.#busy += 1;
      void this.#perform(task, hand);
    }
    if (this.#busy === 0 && this.#idle.length > 0) this.finish();
  }

  /** @param {T} task @param {Hand} hand */
  async #perform(task, hand) {
    try {
      for (let attempt = 1; ; attempt += 1) {
        const start = performance.now();
        try {
          const result = await hand.perform(task, (progress) => {
            if (!this.#over) this.#work.progress?.(task, progress);
          });
          if (this.#over) return;
          this.#work.done(task, result, performance.now() - start);
          break;
        } catch (problem) {
          if (this.#over) return;
          if (!(problem instanceof WorkerCrash) || attempt === ATTEMPTS) throw problem;
          hand.stop();
          this.#hands.delete(hand);
          hand = await this.#hire();
        }
      }
      this.#busy -= 1;
      this.#employ(hand);
    } catch (problem) {
      this.#reject(problem);
    }
  }

  /** Nothing more is to be done. */
  finish() {
    if (this.#over) return;
    this.#over = true;
    for (const hand of this.#hands) hand.stop();
    this.#resolve();
  }
}
