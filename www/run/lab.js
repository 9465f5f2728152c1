// Experiments and validation: a module of its own, with a simulator in it, for whoever opens their tabs.

import { WasmModule } from "./wasm-module.js";

/** @typedef {typeof import("../web-service-lab.js")} Lab */

export const LAB_SCRIPT = new URL("../web-service-lab.js", import.meta.url);
const LAB_WASM = new URL("../web-service-lab_bg.wasm", import.meta.url);

/** @type {Promise<WebAssembly.Module> | undefined} */
let compiling;

/** The simulator, compiled once for the page and all Workers. */
export function compiledLab() {
  compiling ??= compile().catch((problem) => {
    // The next call tries again: the network may be back then.
    compiling = undefined;
    throw problem;
  });
  return compiling;
}

async function compile() {
  try {
    return await WebAssembly.compileStreaming(fetch(LAB_WASM));
  } catch {
    // A server that does not say that it is WebAssembly.
    return WebAssembly.compile(await (await fetch(LAB_WASM)).arrayBuffer());
  }
}

/** @type {WasmModule<Lab>} */
const lab = new WasmModule(LAB_SCRIPT, compiledLab);

export const loadLab = () => lab.load();
export const discardLab = () => lab.discard();
