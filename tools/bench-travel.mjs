// How long it takes to go back in a run: for each scenario how many snapshots are kept, what they take, what taking one costs
// and the longest way back to any of 200 moments. In node, with the simulator of dist/.

import { readFile } from "node:fs/promises";
import { initSync, Simulation } from "#web-service-model";
import { TimeMachine } from "../www/run/time-machine.js";

const dist = new URL("../dist/", import.meta.url);
const site = new URL("../www/scenarios/", import.meta.url);
initSync({ module: await readFile(new URL("web-service-model_bg.wasm", dist)) });

/** @type {{ id: string }[]} */
const menu = JSON.parse(await readFile(new URL("index.json", site), "utf8"));
const MOMENTS = 200;
/** What a frame leaves to the simulator as fast as it can, in milliseconds. */
const FRAME_MS = 12;

/** @param {() => unknown} work */
function timed(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

console.log(`${"scenario".padEnd(24)} run ms  kept     MB   ms each  of the run   at() ms: median   longest`);
for (const id of [...menu.map((entry) => entry.id), "bench/w2"]) {
  const config = JSON.parse(await readFile(new URL(`${id}.json`, site), "utf8"));
  const run = new Simulation(config);
  run.tracing = true;
  const machine = new TimeMachine();
  machine.begin(run);
  let running = 0;
  let keeping = 0;
  let kept = 0;
  while (!run.finished) {
    // In real time a frame is short: at most a hundredth of the run.
    running += timed(() => run.advanceFor(FRAME_MS, run.now + run.duration / 100));
    const before = machine.places.at(-1)?.now;
    keeping += timed(() => machine.keep(run));
    kept += Number(machine.places.at(-1)?.now !== before);
  }
  // Up and down the run, so that the scratch simulation stands far away each time.
  const ways = Array.from({ length: MOMENTS }, (_, index) => timed(() => machine.at((((index * 89) % MOMENTS) / MOMENTS) * run.duration)));
  ways.sort((a, b) => a - b);
  const cells = [
    running.toFixed(0).padStart(6), String(machine.places.length).padStart(5), (machine.bytes / 2 ** 20).toFixed(1).padStart(6),
    (keeping / Math.max(kept, 1)).toFixed(2).padStart(9), `${((100 * keeping) / running).toFixed(0)} %`.padStart(11),
    /** @type {number} */ (ways[MOMENTS / 2]).toFixed(1).padStart(17), /** @type {number} */ (ways.at(-1)).toFixed(1).padStart(9),
  ];
  console.log(id.padEnd(24), cells.join(" "));
  machine.forget();
  run.free();
}
