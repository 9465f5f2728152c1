// What a Web Worker does for the page, or the page itself where there is no Worker: jobs of an experiment, the check of
// a row of theory or of reality, a warm-up. All of it in slices.

import { prepared } from "./prepared.js";

/** @typedef {import("./engine.js").Engine} Engine */
/** @typedef {import("../web-service-model.js").Experiment} Experiment */
/** @typedef {import("../web-service-model.js").ValidationFinding} Finding */
/** @typedef {import("../web-service-model.js").RealityFinding} RealityFinding */

/** @typedef {{ kind: "jobs", plan: string, jobs: number[] }} JobsTask jobs of an experiment; the plan is JSON text */
/** @typedef {{ kind: "check", row: string, seed: number, broken: boolean }} CheckTask */
/** @typedef {{ kind: "reality", row: string, seed: number }} RealityTask */
/** @typedef {CheckTask | RealityTask} RowTask the check of a row */
/** @typedef {{ kind: "warm-up", plan: string, point: number }} WarmUpTask of one configuration of an experiment */
/** @typedef {JobsTask | RowTask | WarmUpTask} Task */
/** @typedef {{ done: number, findings: Finding[] | RealityFinding[], second: boolean }} CheckProgress the share that is done, what is found so far, and whether it is the second look */
/** @typedef {Float64Array[] | CheckProgress | number | null} Result of a task: figures of each job; of a check; seconds, or null for what does not settle */

/** What is told of a check is read by people. */
const TOLD_MS = 200;

export class Tasks {
  #engine;
  #slice;
  #pause;
  #plan = "";
  /** @type {Experiment | undefined} */
  #experiment;

  /**
   * @param {Engine} engine
   * @param {number} slice milliseconds of work between two pauses
   * @param {() => Promise<void> | undefined} pause lets others have their turn; throws when nobody waits for the task any more
   */
  constructor(engine, slice, pause) {
    this.#engine = engine;
    this.#slice = slice;
    this.#pause = pause;
  }

  /** @param {Task} task @param {(progress: CheckProgress) => void} tell @returns {Promise<Result>} */
  perform(task, tell) {
    switch (task.kind) {
      case "jobs":
        return this.#jobs(task);
      case "check":
        return this.#check(new this.#engine.ValidationCheck(task.row, task.seed, task.broken), tell);
      case "reality":
        return this.#check(new this.#engine.RealityCheck(task.row, task.seed), tell);
      case "warm-up":
        return this.#settle(task);
    }
  }

  /** @param {JobsTask} task */
  async #jobs({ plan, jobs }) {
    const experiment = await this.#load(plan);
    const figures = [];
    for (const job of jobs) {
      let row;
      while ((row = experiment.run(job, this.#slice)) === undefined) await this.#pause();
      figures.push(row);
    }
    await this.#pause();
    return figures;
  }

  /** @param {WarmUpTask} task */
  async #settle({ plan, point }) {
    const experiment = await this.#load(plan);
    let seconds;
    while ((seconds = experiment.settle(point, this.#slice)) === undefined) await this.#pause();
    await this.#pause();
    return seconds;
  }

  /** The experiment of a plan; tasks of the same plan follow one another. @param {string} plan */
  async #load(plan) {
    if (this.#experiment && plan === this.#plan) return this.#experiment;
    this.free();
    this.#plan = plan;
    return (this.#experiment = await prepared(this.#engine, plan, this.#slice, this.#pause));
  }

  /**
   * @param {import("../web-service-model.js").ValidationCheck | import("../web-service-model.js").RealityCheck} check
   * @param {(progress: CheckProgress) => void} tell
   */
  async #check(check, tell) {
    // (Only theory looks twice.)
    const progress = () => ({ done: check.progress, findings: check.findings(), second: "isSecondLook" in check && check.isSecondLook });
    try {
      let toldAt = performance.now();
      while (!check.advanceFor(this.#slice)) {
        await this.#pause();
        if (performance.now() - toldAt < TOLD_MS) continue;
        toldAt = performance.now();
        tell(progress());
      }
      return { ...progress(), done: 1 };
    } finally {
      check.free();
    }
  }

  free() {
    this.#experiment?.free();
    this.#experiment = undefined;
  }
}
