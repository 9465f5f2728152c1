// What can be undone.

/** Changes of the same thing within this time are one step. */
const TOGETHER_MS = 1000;
const STEPS_MAX = 200;

/** States one after another, and where in them we are. @template T */
export class History {
  /** @type {T[]} */
  #past = [];
  /** @type {T[]} */
  #future = [];
  #present;
  #about = "";
  #at = -Infinity;

  /** @param {T} present */
  constructor(present) {
    this.#present = present;
  }

  get present() {
    return this.#present;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /**
   * A new state. Several changes of the same thing, one soon after the other, are undone at once.
   * @param {T} state
   * @param {string} [about] what was changed
   * @param {number} [now] in milliseconds
   */
  push(state, about = "", now = performance.now()) {
    const goesOn = about !== "" && about === this.#about && now - this.#at < TOGETHER_MS && this.canUndo;
    if (!goesOn) this.#past.push(this.#present);
    if (this.#past.length > STEPS_MAX) this.#past.shift();
    this.#present = state;
    this.#future = [];
    this.#about = about;
    this.#at = now;
  }

  /** Puts another state in the place of the present one: no step. @param {T} state */
  replace(state) {
    this.#present = state;
    this.#about = "";
  }

  /** Starts anew. @param {T} state */
  clear(state) {
    this.#past = [];
    this.#future = [];
    this.replace(state);
  }

  undo() {
    this.#move(this.#past, this.#future);
  }

  redo() {
    this.#move(this.#future, this.#past);
  }

  /** @param {T[]} from @param {T[]} to */
  #move(from, to) {
    const state = from.pop();
    if (state === undefined) return;
    to.push(this.#present);
    this.replace(state);
  }
}
