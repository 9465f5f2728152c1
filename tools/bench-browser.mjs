// How fast whole systems are simulated in headless Chromium, full metrics on: prints the table that benches/workloads.rs
// prints natively. (dist/, or the folder given, must be there: `make bench`
// builds it.)

import { provide } from "../tests/browser/modules.mjs";
import { launchBrowser, serveSite } from "../tests/browser/site.mjs";

/** Name, scenario file, and simulated seconds. */
const WORKLOADS = /** @type {[string, string, number][]} */ ([
  ["coursework", "scenarios/coursework.json", 10_000],
  ["W1", "scenarios/bench/w1.json", 100_000],
  ["W2", "scenarios/bench/w2.json", 10_000],
  ["W2L", "scenarios/bench/w2l.json", 10_000],
]);

/** Replications of the experiment. */
const REPLICATIONS = 10_000;

/** Runs of each workload; the median counts. */
const RUNS = 5;

/**
 * Runs in the page: wall times of the runs, and what one run handled.
 * @param {[string, number, number]} workload
 */
async function measure([file, seconds, runs]) {
  /** @type {typeof import("#web-service-model")} */
  const { default: init, Simulation } = await import(new URL("web-service-model.js", document.baseURI).href);
  await init();
  const config = await (await fetch(file)).json();
  config.duration = seconds;
  const times = [];
  let requests = 0;
  let events = 0;
  for (let run = 0; run < runs; run += 1) {
    const simulation = new Simulation(config);
    const start = performance.now();
    simulation.advanceTo(seconds);
    times.push((performance.now() - start) / 1000);
    const report = simulation.report();
    requests = report.requests.total;
    events = report.events;
    simulation.free();
  }
  return { times, requests, events };
}

/**
 * Runs in the page: seconds for so many replications of a scenario on Web Workers, for all their intervals, and for
 * the whole check against theory.
 * @param {[string, number]} experiment
 */
async function measureWorkers([file, replications]) {
  /** @type {typeof import("../www/run/experiment-run.js") & typeof import("../www/run/validation.js") & typeof import("../www/run/engine.js")} */
  const { ExperimentRun, Validation, loadEngine } = /** @type {any} */ (globalThis).modules;
  const engine = await loadEngine();
  const plan = { systems: [await (await fetch(file)).json()], replications };
  const run = new ExperimentRun(plan, new engine.Experiment(plan));
  await run.run();
  const [runs, workers] = [run.seconds, run.progress.crew?.workers];
  const start = performance.now();
  run.outcome();
  const intervals = (performance.now() - start) / 1000;
  const validation = new Validation(engine);
  const begun = performance.now();
  await validation.check(validation.list.rows.map(({ id }) => id), { seed: validation.list.seed, broken: false });
  return { workers, runs, intervals, validation: (performance.now() - begun) / 1000, tally: validation.tally };
}

/** @param {number} value */
const whole = (value) => Math.round(value).toString().padStart(14);

const site = await serveSite(process.argv[2]);
const browser = await launchBrowser();
try {
  const page = await browser.newPage();
  await page.goto(`${site.url}?autoplay=0`);
  console.log("workload       requests     events     requests/s       events/s   ns/event");
  for (const [name, file, seconds] of WORKLOADS) {
    const { times, requests, events } = await page.evaluate(measure, /** @type {[string, number, number]} */ ([file, seconds, RUNS]));
    const wall = times.sort((a, b) => a - b)[Math.floor(RUNS / 2)];
    const counts = `${requests.toString().padStart(10)} ${events.toString().padStart(10)}`;
    console.log(`${name.padEnd(12)} ${counts} ${whole(requests / wall)} ${whole(events / wall)} ${((wall * 1e9) / events).toFixed(1).padStart(10)}`);
  }
  await provide(page, ["run/experiment-run.js", "run/validation.js", "run/engine.js"]);
  const { workers, runs, intervals, validation, tally } = await page.evaluate(measureWorkers, /** @type {[string, number]} */ (["scenarios/coursework.json", REPLICATIONS]));
  console.log(`${REPLICATIONS} replications of coursework on ${workers} Web Workers: ${runs.toFixed(1)} s; all their intervals: ${intervals.toFixed(1)} s`);
  console.log(`${tally.done} rows of theory on ${workers} Web Workers: ${validation.toFixed(1)} s, ${tally.failed} of them red`);
} finally {
  await browser.close();
  await site.close();
}
