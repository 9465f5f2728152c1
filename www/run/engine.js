// The simulator: fetched and compiled once for all elements of a page and their Workers.

import { importEngine } from "./engine-script.js";
import { siteAddress } from "./site.js";

/** @typedef {typeof import("../web-service-model.js")} Engine */
/** @typedef {import("../web-service-model.js").Simulation} Simulation */
/** @typedef {import("../web-service-model.js").Config} Config */
/** @typedef {import("../web-service-model.js").Report} Report */
/** @typedef {import("../web-service-model.js").ComponentState} ComponentState */

const ENGINE_WASM = siteAddress("web-service-model_bg.wasm");

/** @type {Promise<Engine> | undefined} */
let loading;
/** @type {Promise<WebAssembly.Module> | undefined} */
let compiling;
/** How many copies have crashed. */
let generation = 0;

/** The simulator, with a memory that all who call this share. @returns {Promise<Engine>} */
export function loadEngine() {
  loading ??= start().catch((problem) => {
    // The next call tries again: the network may be back then.
    discardEngine();
    throw problem;
  });
  return loading;
}

/** Forgets a copy that has crashed: its memory is not to be trusted, and the next call begins with a new one. */
export function discardEngine() {
  loading = undefined;
  generation += 1;
}

/** Its code, for copies of it with memories of their own. @returns {Promise<WebAssembly.Module>} */
export function compiledEngine() {
  compiling ??= compile().catch((problem) => {
    compiling = undefined;
    throw problem;
  });
  return compiling;
}

async function start() {
  const [engine, code] = await Promise.all([importEngine(generation), compiledEngine()]);
  await engine.default({ module_or_path: code });
  return engine;
}

async function compile() {
  const response = await fetch(ENGINE_WASM);
  if (!response.ok) throw new Error(`${ENGINE_WASM.pathname}: ${response.status} ${response.statusText}`.trim());
  // A server that does not say that it is WebAssembly sends all of it first.
  const streams = response.headers.get("content-type")?.startsWith("application/wasm");
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
