// Round values for an axis that begins at zero.

import { roundStep } from "../round-step.js";

/**
 * Values from 0 to `end`, so many of them at most.
 * @param {number} end
 * @param {number} most
 */
export function ticks(end, most) {
  if (!(end > 0)) return [0];
  const step = roundStep(end / most);
  // A little more than the end, so that a tick at the end is not lost to rounding.
  const count = Math.floor((end / step) * (1 + 1e-9));
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}
