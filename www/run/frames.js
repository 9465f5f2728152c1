// One loop of animation frames for all simulations of a page: they share what a frame may cost.

/** What simulating may take of a frame, in milliseconds; drawing needs the rest. */
const BUDGET_MS = 8;

/** @typedef {(time: number, budgetMs: number) => void} Work */

/** @type {Set<Work>} */
const works = new Set();
let requested = 0;

/**
 * Does this work in every frame from the next one on.
 * @param {Work} work
 */
export function everyFrame(work) {
  works.add(work);
  requested ||= requestAnimationFrame(frame);
}

/** @param {Work} work */
export function noMore(work) {
  works.delete(work);
}

/** @param {number} time */
function frame(time) {
  requested = works.size > 0 ? requestAnimationFrame(frame) : 0;
  const share = BUDGET_MS / works.size;
  for (const work of [...works]) work(time, share);
}
