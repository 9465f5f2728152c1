// How smooth the page is in headless Chromium: when it is ready, the frames of a long run at full speed, and what the
// live picture and the editor cost with sixty components. (dist/, or the folder given, must be there: `make bench` builds
// it.) Tests hold no times, as machines differ: compare the figures of two runs of this.

import * as large from "../tests/browser/large-systems.mjs";
import { provide } from "../tests/browser/modules.mjs";
import { launchBrowser, serveSite, settled } from "../tests/browser/site.mjs";

/** @import { Page } from "playwright-core" */
/** @typedef {import("../www/elements/web-service-model.js").WebServiceModel} Model */

/** Loads of the page; the median counts. */
const LOADS = 5;
/** How long frames are recorded in each view, in milliseconds. */
const RECORDED_MS = 4000;
const VIEWS = ["all", "requests", "log", "report"];
/** Long enough not to end meanwhile. */
const DURATION = 1e7;

/** @param {number[]} times @param {number} share */
function quantile(times, share) {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** @param {number[]} times in milliseconds */
function told(times) {
  const [middle, most, longest] = [0.5, 0.95, 1].map((share) => quantile(times, share).toFixed(1));
  return `median ${middle} ms, 95 % below ${most} ms, longest ${longest} ms`;
}

/** Runs in the page: milliseconds from the navigation until the element is ready. */
async function whenReady() {
  const element = /** @type {Model} */ (document.querySelector("web-service-model"));
  await customElements.whenDefined("web-service-model");
  while (!element.simulation) await new Promise(requestAnimationFrame);
  return performance.now();
}

/** Runs in the page: its frame times in one view while it runs, and how many events it handled. @param {[string, number]} what */
async function frames([view, duration]) {
  const element = /** @type {Model} */ (document.querySelector("web-service-model"));
  element.setAttribute("view", view);
  await new Promise((done) => setTimeout(done, 300));
  const before = element.simulation?.events ?? 0;
  /** @type {number[]} */
  const times = [];
  const begin = await new Promise(requestAnimationFrame);
  for (let last = begin; last - begin < duration; ) {
    const time = await new Promise(requestAnimationFrame);
    times.push(time - last);
    last = time;
  }
  return { times, events: (element.simulation?.events ?? 0) - before };
}

/** Runs in the page: times of frames and updates of the live picture, with requests under way in it. */
async function picture() {
  const { Topology, Texts } = /** @type {any} */ (globalThis).modules;
  const { simulation } = /** @type {any} */ (document.querySelector("web-service-model"));
  const places = simulation.components().filter((/** @type {any} */ one) => one.kind === "instance").map((/** @type {any} */ one) => one.name);
  let moment = 0;
  const visit = (/** @type {number} */ id) => ({ id, request: id, service: "", place: places[(id + moment) % places.length], phase: "queueing", is_read: true, since: 0 });
  simulation.inFlight = () => ({ total: 150, visits: Array.from({ length: 150 }, (_, id) => visit(id)) });
  const nothing = () => {};
  const topology = new Topology(new Texts(), { select: nothing, crash: nothing, recover: nothing, promote: nothing });
  document.body.append(topology.element);
  topology.show(simulation);
  const timed = (/** @type {number} */ count, /** @type {() => void} */ work) => Array.from({ length: count }, () => {
    moment += 1;
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  const [components, report] = [simulation.components(), simulation.report()];
  const result = {
    frames: timed(200, () => topology.frame(simulation, 0, 0.01, true)),
    updates: timed(40, () => topology.update(components, report)),
  };
  topology.element.remove();
  return result;
}

/** Runs in the page: times of steps in the editor, its layout included: another component, another letter. */
async function editing() {
  const element = /** @type {Model} */ (document.querySelector("web-service-model"));
  element.setAttribute("view", "editor");
  const root = /** @type {ShadowRoot} */ (element.shadowRoot);
  while (!root.querySelector(".nav-item")) await new Promise(requestAnimationFrame);
  /** @type {number[]} */
  const times = [];
  const timed = (/** @type {() => void} */ work) => {
    const start = performance.now();
    work();
    root.querySelector(".editor")?.getBoundingClientRect();
    times.push(performance.now() - start);
  };
  const items = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".nav-item")]);
  for (const item of items.slice(-12)) timed(() => item.click());
  items.find((item) => item.textContent === "Service30")?.click();
  const input = /** @type {HTMLInputElement} */ (root.querySelector("[data-path='services.Service30.workers'] input"));
  for (let count = 1; count < 12; count += 1) {
    timed(() => {
      input.value = String(count);
      input.dispatchEvent(new Event("input"));
    });
  }
  return times;
}

/** @param {Page} page @param {import("#web-service-model").Config} config */
async function load(page, config) {
  await page.evaluate((config) => {
    const element = /** @type {Model} */ (document.querySelector("web-service-model"));
    element.pause();
    element.load(config);
  }, config);
}

const site = await serveSite(process.argv[2]);
const browser = await launchBrowser();
try {
  /** @param {string} path */
  const open = async (path) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    await context.addInitScript(settled);
    const page = await context.newPage();
    await page.goto(site.url + path);
    return { page, ready: await page.evaluate(whenReady) };
  };

  const loads = [];
  for (let count = 0; count < LOADS; count += 1) {
    const { page, ready } = await open("");
    loads.push(ready);
    await page.context().close();
  }
  console.log(`ready: ${told(loads)}`);

  const { page } = await open("?scenario=balancing");
  await page.evaluate((duration) => {
    const element = /** @type {Model} */ (document.querySelector("web-service-model"));
    element.load({ ...element.config, duration });
    element.speed = Infinity;
    element.play();
  }, DURATION);
  for (const view of VIEWS) {
    const { times, events } = await page.evaluate(frames, /** @type {[string, number]} */ ([view, RECORDED_MS]));
    console.log(`frames at full speed, view ${view}: ${told(times)}; ${((events / RECORDED_MS) * 1000).toFixed(0)} events/s`);
  }

  await page.evaluate(() => document.querySelector("web-service-model")?.setAttribute("view", "all"));
  await load(page, large.shards(20));
  await provide(page, ["parts/topology/topology.js", "i18n/texts.js"]);
  const costs = await page.evaluate(picture);
  console.log(`live picture of sixty components, a frame: ${told(costs.frames)}`);
  console.log(`live picture of sixty components, an update: ${told(costs.updates)}`);

  await load(page, large.fanOut(60));
  console.log(`editor with sixty services, a step: ${told(await page.evaluate(editing))}`);
} finally {
  await browser.close();
  await site.close();
}
