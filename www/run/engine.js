// The simulator with its charts: what the page needs from the start.

import { WasmModule } from "./wasm-module.js";

/** @typedef {typeof import("../web-service-model.js")} Engine */
/** @typedef {import("../web-service-model.js").Simulation} Simulation */
/** @typedef {import("../web-service-model.js").Config} Config */
/** @typedef {import("../web-service-model.js").Report} Report */
/** @typedef {import("../web-service-model.js").ComponentState} ComponentState */

/** @type {WasmModule<Engine>} */
const engine = new WasmModule(new URL("../web-service-model.js", import.meta.url));

export const loadEngine = () => engine.load();
export const discardEngine = () => engine.discard();
