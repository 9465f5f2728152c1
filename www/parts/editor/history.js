// What can be undone.

/** Changes of the same thing within this time are one step. */
const TOGETHER_MS = 1000;
const STEPS_MAX = 200;

/**
 * A state, what was changed for it, and when, in milliseconds.
 * @template T
 * @typedef {{ state: T, about: string, at: number }} Step
 */

/** States one after another, and where in them we are. @template T */
export class History {
  /** @type {Step<T>[]} */
  #past = [];
  /** @type {Step<T>[]} */
  #future = [];
  /** @type {Step<T>} */
  #present;

  /** @param {T} present */
  constructor(present) {
    this.#present = first(present);
  }

  get present() {
    return this.#present.state;
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
    const goesOn = about !== "" && about === this.#present.about && now - this.#present.at < TOGETHER_MS && this.canUndo;
    if (!goesOn) this.#past.push(this.#present);
    if (this.#past.length > STEPS_MAX) this.#past.shift();
    this.#present = { state, about, at: now };
    this.#future = [];
  }

  /** Puts another state in the place of the present one: no step. @param {T} state */
  replace(state) {
    this.#present = first(state);
  }

  /** Goes back over states that are not worth a step, and forgets them. @param {(state: T) => boolean} isVoid */
  drop(isVoid) {
    for (let past; isVoid(this.#present.state) && (past = this.#past.pop()); ) this.#present = past;
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

  /** @param {Step<T>[]} from @param {Step<T>[]} to */
  #move(from, to) {
    const step = from.pop();
    if (step === undefined) return;
    to.push(this.#present);
    // What is changed from here on is a step of its own.
    this.replace(step.state);
  }
}

/** A state that nothing goes on from. @template T @param {T} state @returns {Step<T>} */
const first = (state) => ({ state, about: "", at: -Infinity });
