// Reads the event log as it grows. The simulator puts every entry that it is asked for into words, so it is asked for
// each but once.

/** @typedef {import("./engine.js").Simulation} Simulation */
/** @typedef {import("../web-service-model.js").LogEntry} LogEntry */
/** @typedef {import("../web-service-model.js").LogView} LogView */
/** @typedef {import("../web-service-model.js").LogKind} LogKind */
/** @typedef {{ kinds: LogKind[], component?: string }} Wanted */
/** @typedef {[number, number] | null} Span of simulated time; null is all of it */

/** Entries shown at the most, the latest ones. */
const LIMIT = 200;

export class LogReader {
  /** @type {Simulation | undefined} */
  #simulation;
  /** @type {Wanted} */
  #wanted = { kinds: [] };
  /** @type {Span} */
  #span = null;
  /** The number of the first entry that has not been asked for. */
  #next = 0;
  /** @type {LogEntry[]} */
  #entries = [];

  /** Reads this run from now on. @param {Simulation | undefined} simulation */
  open(simulation) {
    this.#simulation = simulation;
    this.#again();
  }

  /** Reads only these. @param {Wanted} wanted @param {Span} span */
  want(wanted, span) {
    if (JSON.stringify([wanted, span]) === JSON.stringify([this.#wanted, this.#span])) return;
    [this.#wanted, this.#span] = [wanted, span];
    this.#again();
  }

  #again() {
    this.#next = 0;
    this.#entries = [];
  }

  /** The latest entries that are wanted, oldest first. @returns {LogView} */
  read() {
    if (!this.#simulation) return { entries: [], total: 0, dropped: 0 };
    // Those of a part of the time are not the latest ones, so that there is no asking for only so many of them.
    const limit = this.#span ? undefined : LIMIT;
    const { entries, total, dropped } = this.#simulation.log({ ...this.#wanted, since: this.#next, limit });
    this.#next = total;
    this.#entries = [...this.#entries, ...entries.filter((entry) => this.#inSpan(entry))].slice(-LIMIT);
    return { entries: this.#entries, total, dropped };
  }

  /** All entries that are wanted and kept, not only those that are shown. */
  all() {
    return this.#simulation?.log(this.#wanted).entries.filter((entry) => this.#inSpan(entry)) ?? [];
  }

  /** @param {LogEntry} entry */
  #inSpan({ time }) {
    return !this.#span || (time >= this.#span[0] && time <= this.#span[1]);
  }
}
