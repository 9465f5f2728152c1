// The reader's own configuration, kept in the browser over a reload. A browser may keep nothing (private mode, storage
// full or forbidden): then there are no drafts, and nothing else changes.

import { isObject } from "./json.js";
import { MAX_CONFIG_BYTES } from "./limits.js";

/** @typedef {import("../web-service-model.js").Config} Config */
/** @typedef {{ config: Config, saved: Date }} Draft */

const KEY = "web-service-model.draft";
/** How long changes are gathered, in milliseconds: a slider makes many a second. */
const GATHER_MS = 400;

export class Drafts {
  #storage;
  /** What is still to be written. @type {Config | undefined} */
  #pending;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => Storage} storage throws where there is none */
  constructor(storage = () => localStorage) {
    this.#storage = storage;
  }

  /** The draft that is kept; undefined if there is none, or none that can be read. @returns {Draft | undefined} */
  read() {
    try {
      const text = this.#storage().getItem(KEY);
      if (text === null || text.length > 2 * MAX_CONFIG_BYTES) return undefined;
      const { config, saved } = JSON.parse(text);
      const time = new Date(saved);
      // What is nested so deep that it cannot be written again (this throws) is none of ours.
      JSON.stringify(config);
      return isObject(config) && !Number.isNaN(time.getTime()) ? { config, saved: time } : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps a configuration, soon. @param {Config} config */
  keep(config) {
    this.#pending = config;
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  /** Writes what is still to be written. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const config = this.#pending;
    this.#pending = undefined;
    if (!config) return;
    const text = JSON.stringify({ config, saved: new Date().toISOString() });
    // Too large to be kept: an older draft would be mistaken for this one.
    if (text.length > MAX_CONFIG_BYTES) this.discard();
    else this.#quietly((storage) => storage.setItem(KEY, text));
  }

  discard() {
    this.#pending = undefined;
    this.#quietly((storage) => storage.removeItem(KEY));
  }

  /** @param {(storage: Storage) => void} work */
  #quietly(work) {
    try {
      work(this.#storage());
    } catch {
      // As said above: what cannot be kept is not kept.
    }
  }
}
