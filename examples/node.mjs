// The simulator in node, without a page. Build the site first, then:
//     node examples/node.mjs

import { readFile } from "node:fs/promises";
import { initSync, version } from "../dist/web-service-model.js";

// In a page `await init()` fetches the file; node's fetch knows no file addresses, so the bytes are handed over.
const wasm = new URL("../dist/web-service-model_bg.wasm", import.meta.url);
initSync({ module: await readFile(wasm) });

console.log(`WebServiceModel ${version()}`);
