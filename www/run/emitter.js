// Tells those who listen.

/**
 * Events by name, each with one value.
 * @template {object} Events
 */
export class Emitter {
  /** @type {Map<keyof Events, Set<(value: any) => void>>} */
  #listeners = new Map();

  /**
   * @template {keyof Events} T
   * @param {T} type
   * @param {(value: Events[T]) => void} listener
   */
  on(type, listener) {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
  }

  /**
   * @template {keyof Events} T
   * @param {T} type
   * @param {Events[T]} value
   */
  emit(type, value) {
    for (const listener of this.#listeners.get(type) ?? []) listener(value);
  }
}
