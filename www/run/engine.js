// The simulator: fetched and compiled once for all elements of a page and their Workers.

import { importEngine } from "./engine-script.js";
import { once } from "./once.js";
import { siteAddress } from "./site.js";

/** @typedef {typeof import("../web-service-model.js")} Engine */
/** @typedef {import("../web-service-model.js").Simulation} Simulation */
/** @typedef {import("../web-service-model.js").Config} Config */
/** @typedef {import("../web-service-model.js").Report} Report */
/** @typedef {import("../web-service-model.js").ComponentState} ComponentState */

const ENGINE_WASM = siteAddress("web-service-model_bg.wasm");

const engine = once(start);
const code = once(compile);
/** How many copies have crashed, or could not be had. */
let generation = 0;

/** The simulator, with a memory that all who call this share. */
export const loadEngine = engine.get;

/** Its code, for copies of it with memories of their own. */
export const compiledEngine = code.get;

/** Forgets a copy that has crashed: its memory is not to be trusted, and the next call begins with a new one. */
export function discardEngine() {
  engine.forget();
  generation += 1;
}

/** @returns {Promise<Engine>} */
async function start() {
  try {
    const [copy, module] = await Promise.all([importEngine(generation), compiledEngine()]);
    await copy.default({ module_or_path: module });
    return copy;
  } catch (problem) {
    // A browser may remember a script that it could not fetch: the next copy has another address.
    generation += 1;
    throw problem;
  }
}

async function compile() {
  const response = await fetch(ENGINE_WASM);
  if (!response.ok) throw new Error(`${ENGINE_WASM.pathname}: ${response.status} ${response.statusText}`.trim());
  // A server that does not say that it is WebAssembly sends all of it first.
  const streams = response.headers.get("content-type")?.startsWith("application/wasm");
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
