// How fast whole systems are simulated in headless Chromium, full metrics on: prints the table that benches/workloads.rs
// prints natively. (dist/, or the folder given, must be there: `make bench`
// builds it.)

import { launchBrowser, serveSite } from "../tests/browser/site.mjs";

/** Name, scenario file, and simulated seconds. */
const WORKLOADS = /** @type {[string, string, number][]} */ ([
  ["coursework", "scenarios/coursework.json", 10_000],
  ["W1", "scenarios/bench/w1.json", 100_000],
  ["W2", "scenarios/bench/w2.json", 10_000],
  ["W2L", "scenarios/bench/w2l.json", 10_000],
]);

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
} finally {
  await browser.close();
  await site.close();
}
