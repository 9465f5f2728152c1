// How a component is doing, in one word, and how full it is. Pure.

/** @typedef {import("../../run/engine.js").ComponentState} ComponentState */
/** @typedef {"up" | "slow" | "failing" | "overloaded" | "paused" | "starting" | "draining" | "ejected" | "promoting" | "catching_up" | "absent" | "down"} Look */

/** The looks, from the calmest to the gravest. @type {Look[]} */
export const LOOKS = ["up", "slow", "failing", "overloaded", "paused", "starting", "draining", "ejected", "promoting", "catching_up", "absent", "down"];
/** States that are a look of their own, and a word. @type {string[]} */
const STATES = ["down", "catching_up", "absent", "starting", "draining", "ejected", "paused"];

/** So many waiting are a crowd even where nothing bounds the work in process. */
const CROWD = 20;
/** A bounded queue filled to this share is nearly full. */
const NEARLY_FULL = 0.8;
/** With any number of operations at a time, so many in process fill half of the cell. */
const HALF_FULL = 4;
/** A queue without a bound fills its bar half at so many, whatever else: its end is never reached. */
const HALF_QUEUE = 25;

/**
 * @param {ComponentState} component
 * @param {number | null} [limit] how many may wait
 * @param {number} [starved] how many wait for a connection of its pool, all of which are in use
 * @returns {Look}
 */
export function lookOf(component, limit = null, starved = 0) {
  if (STATES.includes(component.state)) return /** @type {Look} */ (component.state);
  if (component.role === "promoting") return "promoting";
  if (starved > 0 || isCrowded(component, limit)) return "overloaded";
  if (component.error_prob) return "failing";
  return component.slow_factor !== 1 ? "slow" : "up";
}

/**
 * Whether more wait than the next round of work takes up, or nearly as many as may.
 * @param {ComponentState} component
 * @param {number | null} limit
 */
function isCrowded({ kind, queue, capacity }, limit) {
  // What waits at a broker is shown at its queues.
  if (kind === "broker") return false;
  if (limit !== null && limit > 0 && queue >= NEARLY_FULL * limit) return true;
  return queue >= (capacity === null ? CROWD : Math.max(4, 2 * capacity));
}

/**
 * How full a component is, from 0 to 1.
 * @param {ComponentState} component
 * @param {number} [utilisation] measured over the latest time, if that is known
 */
export function fillOf({ busy, capacity, state }, utilisation) {
  if (!works(state)) return 0;
  if (capacity === null) return busy / (busy + HALF_FULL);
  return Math.min(1, utilisation ?? (capacity > 0 ? busy / capacity : 0));
}

/** Whether somebody is there to work. @param {string} state */
export const works = (state) => !["down", "absent", "starting"].includes(state);

/** How full a queue is, from 0 to 1. @param {number} length @param {number | null} limit */
export function queueFill(length, limit) {
  return limit === null ? length / (length + HALF_QUEUE) : Math.min(1, length / Math.max(1, limit));
}

/** Whether a broker's queue is nearly full, or long. @param {number} length @param {number | null} limit */
export function isLong(length, limit) {
  return limit === null ? length >= 4 * HALF_QUEUE : length >= NEARLY_FULL * limit;
}
