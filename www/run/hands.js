// Who does a task: a Web Worker, or the page itself, in slices between which it stays awake.

import { breathe } from "./breathe.js";
import { loadEngine } from "./engine.js";
import { newWorker } from "./new-worker.js";
import { Tasks } from "./tasks.js";

/** @typedef {import("./tasks.js").Task} Task */
/** @typedef {import("./tasks.js").Result} Result */
/** @typedef {import("./tasks.js").CheckProgress} CheckProgress */
/** @typedef {import("./experiment-worker.js").Answer} Answer */
/** @typedef {import("./experiment-worker.js").Problem} Problem */

/**
 * @typedef {object} Hand
 * @property {() => Promise<void>} start throws if it cannot be had
 * @property {(task: Task, tell: (progress: CheckProgress) => void) => Promise<Result>} perform one task at a time
 * @property {() => void} stop at once; what was being done is never answered
 */

/** A page that works for longer than this feels stuck. */
const SLICE_MS = 12;
/** A Worker that says nothing for so long will not start at all. */
const START_MS = 20_000;

/** The Worker is gone, and whatever it did with it: what it was doing may be done by another one. */
export class WorkerCrash extends Error {}

/** An error as a Worker tells it. */
export class TaskError extends Error {
  /** @param {Problem} problem */
  constructor({ message, code = "error", errors = [] }) {
    super(message);
    this.code = code;
    this.errors = errors;
  }
}

/** A Web Worker. @implements {Hand} */
export class WorkerHand {
  #module;
  #worker;
  /** @type {(answer: Answer) => void} */
  #hear = () => {};
  /** @type {(problem: Error) => void} */
  #fail = () => {};

  /** Throws where no Worker can be made, from another origin for one. @param {WebAssembly.Module} module */
  constructor(module) {
    this.#module = module;
    this.#worker = newWorker();
    this.#worker.addEventListener("message", ({ data }) => this.#hear(data));
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#fail(new WorkerCrash(event.message || "the Worker could not be loaded"));
    });
    this.#worker.addEventListener("messageerror", () => this.#fail(new WorkerCrash("a message could not be read")));
  }

  /** @returns {Promise<void>} */
  start() {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new WorkerCrash("the Worker does not start")), START_MS);
      const end = (/** @type {() => void} */ then) => {
        clearTimeout(timer);
        then();
      };
      this.#fail = (problem) => end(() => reject(problem));
      this.#hear = (answer) => {
        if ("problem" in answer) end(() => reject(new TaskError(answer.problem)));
        else if ("ready" in answer) end(resolve);
      };
      this.#worker.postMessage({ start: this.#module });
    });
  }

  /** @param {Task} task @param {(progress: CheckProgress) => void} tell @returns {Promise<Result>} */
  perform(task, tell) {
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#hear = (answer) => {
        if ("progress" in answer) tell(answer.progress);
        else if ("result" in answer) resolve(answer.result);
        else if ("problem" in answer) reject(problemOf(answer.problem));
      };
      this.#worker.postMessage({ task });
    });
  }

  stop() {
    this.#worker.terminate();
  }
}

/** A simulator that has crashed is of no more use than a Worker that has. @param {Problem} problem */
function problemOf(problem) {
  return problem.code === "crashed" || problem.code === undefined ? new WorkerCrash(problem.message) : new TaskError(problem);
}

/** The page itself, where there are no Workers. @implements {Hand} */
export class OwnHand {
  /** @type {Tasks | undefined} */
  #tasks;
  #stopped = false;

  async start() {
    this.#tasks = new Tasks(await loadEngine(), SLICE_MS, () => this.#breathe());
  }

  /** @param {Task} task @param {(progress: CheckProgress) => void} tell @returns {Promise<Result>} */
  async perform(task, tell) {
    if (!this.#tasks) throw new Error("not started");
    await this.#breathe();
    return this.#tasks.perform(task, tell);
  }

  stop() {
    this.#stopped = true;
  }

  /** Lets the page draw and hear; never comes back when the work was stopped. @returns {Promise<void>} */
  async #breathe() {
    await breathe();
    if (!this.#stopped) return;
    this.#tasks?.free();
    await new Promise(() => {});
  }
}
