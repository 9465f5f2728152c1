// The library for node: as in a browser, but the simulator's code is read from the disk, for node fetches no file.

import { readFile } from "node:fs/promises";
import start from "./web-service-model.js";

export * from "./web-service-model.js";

const CODE = new URL("./web-service-model_bg.wasm", import.meta.url);

/**
 * Makes the simulator ready; once is enough. Without an argument its code is the file beside this one.
 * @type {typeof start}
 */
const init = (input = { module_or_path: readFile(CODE) }) => start(input);
export default init;
