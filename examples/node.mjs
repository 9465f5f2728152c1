// The simulator in node, without a page. Build the site first, then:
//     node examples/node.mjs [SCENARIO]

import { readFile } from "node:fs/promises";
// In this repository a short name for dist/web-service-model.js (see package.json); elsewhere, its path.
import { initSync, Simulation, version, WebServiceModelError } from "#web-service-model";

// In a page `await init()` fetches the file; node's fetch knows no file addresses, so the bytes are handed over.
const wasm = new URL("../dist/web-service-model_bg.wasm", import.meta.url);
initSync({ module: await readFile(wasm) });

const [name = "coursework"] = process.argv.slice(2);
const text = await readFile(new URL(`../www/scenarios/${name}.json`, import.meta.url), "utf8");
/** @type {import("#web-service-model").Config} */
const config = JSON.parse(text);
const simulation = new Simulation({ ...config, seed: 7 });
simulation.advanceTo(simulation.duration);

const { requests, services } = simulation.report();
console.log(`WebServiceModel ${version()}: ${name}, ${simulation.events} events`);
console.log(`${requests.total} requests, ${percent(requests.success_ratio)} succeeded`);
for (const [service, { total, latency }] of Object.entries(services)) {
  console.log(`  ${service}: ${total} requests, p99 ${latency.p99 === null ? "–" : `${latency.p99.toFixed(3)} s`}`);
}
const perWindow = simulation.series("requests.succeeded");
console.log(`${perWindow.length} windows of ${simulation.seriesWindow().width} s`);
simulation.free();

// A bad configuration says everything that is wrong with it.
try {
  new Simulation({ ...config, duration: -1 });
} catch (error) {
  if (!(error instanceof WebServiceModelError)) throw error;
  console.log(`${error.code} at ${error.paths.join(", ")}`);
}

/** @param {number | null} share */
function percent(share) {
  return share === null ? "–" : `${(share * 100).toFixed(1)} %`;
}
