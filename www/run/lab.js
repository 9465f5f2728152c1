// Experiments and validation: a module of its own, with a simulator in it, for whoever opens their tabs.

import { WasmModule } from "./wasm-module.js";

/** @typedef {typeof import("../web-service-lab.js")} Lab */

export const LAB_SCRIPT = new URL("../web-service-lab.js", import.meta.url);
export const LAB_WASM = new URL("../web-service-lab_bg.wasm", import.meta.url);

/** @type {WasmModule<Lab>} */
const lab = new WasmModule(LAB_SCRIPT);

export const loadLab = () => lab.load();
export const discardLab = () => lab.discard();
