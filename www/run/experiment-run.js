// An experiment that runs on Web Workers: its jobs in bundles, its figures as they come, and what follows from them.

import { Emitter } from "./emitter.js";
import { doWork, processors } from "./worker-pool.js";

/** @typedef {import("../web-service-model.js").Experiment} Experiment */
/** @typedef {import("./tasks.js").JobsTask} JobsTask */
/** @typedef {import("./tasks.js").Result} Result */
/** @typedef {import("../web-service-model.js").Plan} Plan */
/** @typedef {import("../web-service-model.js").Outcome} Outcome */
/** @typedef {import("../web-service-model.js").HalfWidthTarget} Target */
/** @typedef {import("../web-service-model.js").NextReplications} Next */
/** @typedef {import("./worker-pool.js").Crew} Crew */
/** @typedef {{ done: number, total: number, crew: Crew | undefined, left: number | undefined }} Progress `left`: seconds, if that can be said */

/** A bundle of jobs is to take so long: long enough not to be all talk, short enough to lose little by a cancel. */
const BUNDLE_MS = 100;
const BUNDLE_MAX = 500;

/** @extends {Emitter<{ progress: Progress }>} */
export class ExperimentRun extends Emitter {
  /** How the way to a narrow interval ended, if there was one. @type {Next | undefined} */
  ending;
  cancelled = false;
  #text;
  #experiment;
  #target;
  #next = 0;
  #end;
  #done = 0;
  #bundle = 1;
  #startedAt = 0;
  /** @type {Crew | undefined} */
  #crew;
  #abort = new AbortController();

  /**
   * @param {Plan} plan
   * @param {Experiment} experiment of that plan, without any results; freed with the run
   * @param {Target} [target] of replications of a single system
   */
  constructor(plan, experiment, target) {
    super();
    this.plan = plan;
    this.#text = JSON.stringify(plan);
    this.#experiment = experiment;
    this.#target = target;
    this.#end = target ? 0 : this.#experiment.jobs;
    if (target) this.#look(target);
  }

  /** Seconds that the run has taken so far. */
  get seconds() {
    return (performance.now() - this.#startedAt) / 1000;
  }

  /** Runs to the end, or until it is cancelled. What is finished stays. */
  async run() {
    this.#startedAt = performance.now();
    await doWork({
      take: () => this.#take(),
      done: ({ jobs }, result, milliseconds) => this.#collect(jobs, /** @type {Float64Array[]} */ (result), milliseconds),
    }, {
      signal: this.#abort.signal,
      onStart: (crew) => {
        this.#crew = crew;
        this.#tell();
      },
    });
  }

  cancel() {
    this.cancelled = true;
    this.#abort.abort();
  }

  /** What is known so far. @returns {Outcome} */
  outcome() {
    return JSON.parse(this.#experiment.outcome());
  }

  /** The same as the command line prints with --json. */
  json() {
    return this.#experiment.outcome();
  }

  csv() {
    return this.#experiment.csv();
  }

  get progress() {
    const total = this.#target ? Math.max(this.#end, this.#done) : this.#end;
    const left = this.#done > 0 ? (this.seconds / this.#done) * (total - this.#done) : undefined;
    return { done: this.#done, total, crew: this.#crew, left };
  }

  free() {
    this.#abort.abort();
    this.#experiment.free();
  }

  /** @returns {JobsTask | undefined} */
  #take() {
    const left = this.#end - this.#next;
    if (left <= 0) return undefined;
    // Towards the end smaller ones, so that all are done at about the same time.
    const size = Math.max(1, Math.min(this.#bundle, Math.ceil(left / (2 * processors()))));
    const jobs = Array.from({ length: Math.min(size, left) }, (_, index) => this.#next + index);
    this.#next += jobs.length;
    return { kind: "jobs", plan: this.#text, jobs };
  }

  /** @param {number[]} jobs @param {Float64Array[]} figures @param {number} milliseconds */
  #collect(jobs, figures, milliseconds) {
    for (const [index, job] of jobs.entries()) this.#experiment.insert(job, figures[index]);
    this.#done += jobs.length;
    const fitting = Math.round((jobs.length * BUNDLE_MS) / Math.max(milliseconds, 0.1));
    // Not from one to a thousand at once: the first job of a Worker takes longer than the others.
    this.#bundle = Math.max(1, Math.min(fitting, this.#bundle * 4, BUNDLE_MAX));
    if (this.#target && this.#done === this.#end) this.#look(this.#target);
    this.#tell();
  }

  /** How many replications are next. @param {Target} target */
  #look(target) {
    const next = this.#experiment.next(target);
    if (next.is === "run") this.#end = next.replications;
    else this.ending = next;
  }

  #tell() {
    this.emit("progress", this.progress);
  }
}

/**
 * The warm-up that an experiment needs: the longest of its configurations', in seconds, and which of them do not settle;
 * undefined if it was cancelled. Without any that settles there are no seconds.
 * @param {Plan} plan
 * @param {number} points how many configurations it has
 * @param {{ signal: AbortSignal, onProgress: (done: number) => void }} options
 * @returns {Promise<{ seconds: number | undefined, unsettled: number[] } | undefined>}
 */
export async function findWarmUp(plan, points, { signal, onProgress }) {
  const text = JSON.stringify(plan);
  /** @type {(number | null)[]} */
  const found = [];
  let [next, done] = [0, 0];
  await doWork({
    take: () => (next < points ? /** @type {import("./tasks.js").WarmUpTask} */ ({ kind: "warm-up", plan: text, point: next++ }) : undefined),
    done: ({ point }, seconds) => {
      found[point] = /** @type {number | null} */ (seconds);
      onProgress((done += 1));
    },
  }, { signal, size: Math.min(points, processors()) });
  if (done < points) return undefined;
  const settled = found.filter((seconds) => seconds !== null);
  const unsettled = found.flatMap((seconds, point) => (seconds === null ? [point] : []));
  return { seconds: settled.length > 0 ? Math.max(...settled) : undefined, unsettled };
}
