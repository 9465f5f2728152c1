// An experiment made ready in slices: that of ten thousand configurations takes seconds.

/** @typedef {import("./lab.js").Lab} Lab */
/** @typedef {import("../web-service-lab.js").Plan} Plan */
/** @typedef {import("../web-service-lab.js").Experiment} Experiment */

/**
 * Throws if the plan is bad.
 * @param {Lab} lab
 * @param {Plan | string} plan
 * @param {number} slice milliseconds of work between two pauses
 * @param {() => Promise<void> | undefined} pause lets others have their turn; throws, or never ends, when nobody waits any more
 * @returns {Promise<Experiment>}
 */
export async function prepared(lab, plan, slice, pause) {
  const preparation = new lab.ExperimentPreparation(plan);
  try {
    while (!preparation.advanceFor(slice)) await pause();
    return preparation.experiment();
  } finally {
    preparation.free();
  }
}
