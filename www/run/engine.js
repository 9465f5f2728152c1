// The simulator itself, loaded once for all elements of a page.

/** @typedef {typeof import("../web-service-model.js")} Engine */
/** @typedef {import("../web-service-model.js").Simulation} Simulation */
/** @typedef {import("../web-service-model.js").Config} Config */
/** @typedef {import("../web-service-model.js").Report} Report */
/** @typedef {import("../web-service-model.js").ComponentState} ComponentState */

/** @type {Promise<Engine> | undefined} */
let loading;
let generation = 0;

/** The simulator. Several calls share one copy of it. @returns {Promise<Engine>} */
export function loadEngine() {
  loading ??= start(generation).catch((problem) => {
    // The next call tries again: the network may be back then.
    loading = undefined;
    generation += 1;
    throw problem;
  });
  return loading;
}

/** Forgets a simulator that has crashed: its memory is not to be trusted, and the next call loads a new copy. */
export function discardEngine() {
  loading = undefined;
  generation += 1;
}

/** @param {number} number @returns {Promise<Engine>} */
async function start(number) {
  // Another address is another module to the browser, with a memory of its own.
  const address = new URL("../web-service-model.js", import.meta.url);
  if (number > 0) address.searchParams.set("copy", String(number));
  /** @type {Engine} */
  const engine = await import(address.href);
  await engine.default();
  return engine;
}
