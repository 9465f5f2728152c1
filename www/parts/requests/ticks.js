// Round values for an axis that begins at zero.

/** Steps that read well, within a power of ten. */
const ROUND = [1, 2, 5, 10];

/**
 * Values from 0 to `end`, so many of them at most.
 * @param {number} end
 * @param {number} most
 */
export function ticks(end, most) {
  if (!(end > 0)) return [0];
  const least = end / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * (ROUND.find((factor) => factor * power >= least) ?? 10);
  // A little more than the end, so that a tick at the end is not lost to rounding.
  const count = Math.floor((end / step) * (1 + 1e-9));
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}
