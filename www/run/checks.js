// Rows that are checked, one after another or many at a time: which are being checked, and what was found.

import { Emitter } from "./emitter.js";
import { doWork } from "./worker-pool.js";

/** @typedef {import("./tasks.js").RowTask} RowTask */
/** @typedef {import("./tasks.js").CheckProgress} CheckProgress */
/** @typedef {import("./worker-pool.js").Crew} Crew */
/** @typedef {"new" | "waiting" | "running" | "done"} Stage */
/** @typedef {{ seed: number, broken: boolean }} How */

/**
 * @template F
 * @typedef {{ stage: Stage, done: number, findings: F[], second: boolean, seed: number, broken: boolean }} RowState
 */

/** @typedef {{ change: string | undefined, end: unknown }} Events `change` names a row, or means all; `end` has a problem if there was one */

/**
 * @template {{ seed: number, rows: { id: string }[] }} L
 * @template F
 * @extends {Emitter<Events>}
 */
export class Checks extends Emitter {
  /** @type {L} */
  list;
  /** Who works, while somebody does. @type {Crew | undefined} */
  crew;
  /** @type {Map<string, RowState<F>>} */
  #states = new Map();
  /** @type {AbortController | undefined} */
  #running;
  #task;

  /** @param {L} list @param {(row: string, how: How) => RowTask} task */
  constructor(list, task) {
    super();
    this.list = list;
    this.#task = task;
    for (const { id } of list.rows) this.#states.set(id, blank());
  }

  get isRunning() {
    return this.#running !== undefined;
  }

  /** @param {string} id @returns {RowState<F>} */
  state(id) {
    return this.#states.get(id) ?? blank();
  }

  /** Rows that are done, by id. */
  get finished() {
    return [...this.#states].filter(([, { stage }]) => stage === "done");
  }

  /** The share of what was asked for that is done. */
  get progress() {
    const asked = [...this.#states.values()].filter(({ stage }) => stage !== "new");
    return asked.reduce((sum, { done }) => sum + done, 0) / Math.max(asked.length, 1);
  }

  /**
   * Checks rows anew. What other rows have shown stays, unless all are asked for.
   * @param {string[]} ids
   * @param {How} how
   */
  async check(ids, how) {
    if (this.#running) return;
    const running = new AbortController();
    this.#running = running;
    for (const id of ids) this.#states.set(id, { ...blank(), stage: "waiting", ...how });
    const waiting = [...ids];
    this.emit("change", undefined);
    /** @type {unknown} */
    let problem;
    try {
      await doWork({
        take: () => this.#take(waiting, how),
        done: ({ row }, result) => this.#found(row, /** @type {CheckProgress} */ (result), "done"),
        progress: ({ row }, progress) => this.#found(row, progress, "running"),
      }, { signal: running.signal, onStart: (crew) => (this.crew = crew) });
    } catch (caught) {
      problem = caught;
    }
    this.#running = undefined;
    this.crew = undefined;
    // What was not finished says nothing.
    for (const [id, state] of this.#states) if (state.stage !== "done") this.#states.set(id, blank());
    this.emit("change", undefined);
    this.emit("end", problem);
  }

  /** Stops; what is finished stays. */
  cancel() {
    this.#running?.abort();
  }

  /** @param {string[]} waiting @param {How} how @returns {RowTask | undefined} */
  #take(waiting, how) {
    const row = waiting.shift();
    if (row === undefined) return undefined;
    this.#found(row, { done: 0, findings: [], second: false }, "running");
    return this.#task(row, how);
  }

  /** @param {string} id @param {CheckProgress} progress @param {Stage} stage */
  #found(id, { done, findings, second }, stage) {
    this.#states.set(id, { ...this.state(id), stage, done, findings: /** @type {F[]} */ (findings), second });
    this.emit("change", id);
  }
}

/** @returns {RowState<any>} */
function blank() {
  return { stage: "new", done: 0, findings: [], second: false, seed: 0, broken: false };
}
