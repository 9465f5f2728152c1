// The check of the simulator against theory: which rows there are, which are being checked, and what was found.

import { Emitter } from "./emitter.js";
import { doWork } from "./worker-pool.js";

/** @typedef {import("./engine.js").Engine} Engine */
/** @typedef {import("./tasks.js").CheckTask} CheckTask */
/** @typedef {import("./tasks.js").Result} Result */
/** @typedef {import("./tasks.js").CheckProgress} CheckProgress */
/** @typedef {import("../web-service-model.js").ValidationRows} ValidationRows */
/** @typedef {import("../web-service-model.js").ValidationFinding} Finding */
/** @typedef {"new" | "waiting" | "running" | "done"} Stage */
/** @typedef {{ stage: Stage, done: number, findings: Finding[], second: boolean, seed: number, broken: boolean }} RowState */
/** @typedef {import("./worker-pool.js").Crew} Crew */

/** @typedef {{ change: string | undefined, end: unknown }} Events `change` names a row, or means all; `end` has a problem if there was one */

/** @extends {Emitter<Events>} */
export class Validation extends Emitter {
  /** @type {ValidationRows} */
  list;
  /** Who works, while somebody does. @type {Crew | undefined} */
  crew;
  /** @type {Map<string, RowState>} */
  #states = new Map();
  /** @type {AbortController | undefined} */
  #running;

  /** @param {Engine} engine */
  constructor(engine) {
    super();
    this.list = engine.validationRows();
    for (const { id } of this.list.rows) this.#states.set(id, blank());
  }

  get isRunning() {
    return this.#running !== undefined;
  }

  /** @param {string} id */
  state(id) {
    return this.#states.get(id) ?? blank();
  }

  /** The share of what was asked for that is done. */
  get progress() {
    const asked = [...this.#states.values()].filter(({ stage }) => stage !== "new");
    return asked.reduce((sum, { done }) => sum + done, 0) / Math.max(asked.length, 1);
  }

  /** How many rows are done, how many of them fail, and how many of their claims missed at first and were looked at again. */
  get tally() {
    const done = [...this.#states.values()].filter(({ stage }) => stage === "done");
    const missed = done.flatMap(({ findings }) => findings).filter((finding) => finding.missed !== null);
    return { done: done.length, failed: done.filter(fails).length, missed: missed.length, rows: this.#states.size };
  }

  /**
   * Checks rows anew. What other rows have shown stays, unless all are asked for.
   * @param {string[]} ids
   * @param {{ seed: number, broken: boolean }} how
   */
  async check(ids, { seed, broken }) {
    if (this.#running) return;
    const running = new AbortController();
    this.#running = running;
    for (const id of ids) this.#states.set(id, { ...blank(), stage: "waiting", seed, broken });
    const waiting = [...ids];
    this.emit("change", undefined);
    /** @type {unknown} */
    let problem;
    try {
      await doWork({
        take: () => this.#take(waiting, seed, broken),
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

  /** @param {string[]} waiting @param {number} seed @param {boolean} broken @returns {CheckTask | undefined} */
  #take(waiting, seed, broken) {
    const row = waiting.shift();
    if (row === undefined) return undefined;
    this.#found(row, { done: 0, findings: [], second: false }, "running");
    return { kind: "check", row, seed, broken };
  }

  /** @param {string} id @param {CheckProgress} progress @param {Stage} stage */
  #found(id, { done, findings, second }, stage) {
    this.#states.set(id, { ...this.state(id), stage, done, findings, second });
    this.emit("change", id);
  }
}

/** @returns {RowState} */
function blank() {
  return { stage: "new", done: 0, findings: [], second: false, seed: 0, broken: false };
}

/** @param {RowState} state */
export function fails({ findings }) {
  return findings.some(({ verdict }) => verdict !== "pass");
}
