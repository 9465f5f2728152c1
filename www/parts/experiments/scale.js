// Where a value stands on an axis, and round values to write beside it.

import { roundStep } from "../round-step.js";

/** @typedef {{ at: (value: number) => number, ticks: number[] }} Scale */

/**
 * @param {number} min
 * @param {number} max
 * @param {number} from where min stands, in pixels
 * @param {number} to where max stands
 * @param {number} [wanted] about so many ticks
 * @returns {Scale}
 */
export function scale(min, max, from, to, wanted = 5) {
  // What never changes has an axis all the same.
  const [low, high] = max > min ? [min, max] : [min - Math.max(Math.abs(min) / 10, 1e-9), max + Math.max(Math.abs(max) / 10, 1e-9)];
  const step = roundStep((high - low) / wanted);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
  return { at: (value) => from + ((value - low) / (high - low)) * (to - from), ticks };
}
