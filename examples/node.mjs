// The simulator in node, without a page. Build the site first, then:
//     node examples/node.mjs

import { readFile } from "node:fs/promises";
// In this repository a short name for dist/web-service-model.js (see package.json); elsewhere, its path.
import { initSync, version } from "#web-service-model";

// In a page `await init()` fetches the file; node's fetch knows no file addresses, so the bytes are handed over.
const wasm = new URL("../dist/web-service-model_bg.wasm", import.meta.url);
initSync({ module: await readFile(wasm) });

console.log(`WebServiceModel ${version()}`);
