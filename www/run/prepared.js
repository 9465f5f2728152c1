// An experiment made ready in slices: that of ten thousand configurations takes seconds.

/** @typedef {import("./engine.js").Engine} Engine */
/** @typedef {import("../web-service-model.js").Plan} Plan */
/** @typedef {import("../web-service-model.js").Experiment} Experiment */

/**
 * Throws if the plan is bad.
 * @param {Engine} engine
 * @param {Plan | string} plan
 * @param {number} slice milliseconds of work between two pauses
 * @param {() => Promise<void> | undefined} pause lets others have their turn; throws, or never ends, when nobody waits any more
 * @returns {Promise<Experiment>}
 */
export async function prepared(engine, plan, slice, pause) {
  const preparation = new engine.ExperimentPreparation(plan);
  try {
    while (!preparation.advanceFor(slice)) await pause();
    return preparation.experiment();
  } finally {
    preparation.free();
  }
}
