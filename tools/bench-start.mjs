// The first seconds of the page in headless Chromium: from the navigation until the first picture of the system is there,
// and on what that time goes, with nothing in the browser's cache. (dist/, or the folder given, must be there: `make
// bench` builds it.) Files come compressed, as a usual host sends them.

import { launchBrowser, serveSite, settled } from "../tests/browser/site.mjs";

/** @import { Browser } from "playwright-core" */

/** Loads over each network; the median counts. */
const LOADS = 5;

/** Names, megabits a second, and milliseconds there and back. @type {[string, number | undefined, number][]} */
const NETWORKS = [
  ["on this machine", undefined, 0],
  ["at 9 Mbit/s and 85 ms", 9, 85],
  ["at 1.6 Mbit/s and 150 ms", 1.6, 150],
];

/** What happens on the way, in this order but for the two downloads, which run side by side. */
const STEPS = /** @type {const} */ (["page", "scripts", "simulator", "scenario", "ready", "picture"]);

/** @typedef {Record<typeof STEPS[number], number>} Times milliseconds since the navigation */

/** Runs in the page before anything else: notes when what happens, where a script can ask for it (`firstSeconds`). */
function watch() {
  /** @type {Partial<Times>} */
  const times = {};
  const note = (/** @type {keyof Times} */ step) => void (times[step] ??= performance.now());
  const { compileStreaming } = WebAssembly;
  WebAssembly.compileStreaming = async (source) => {
    const module = await compileStreaming.call(WebAssembly, source);
    note("simulator");
    return module;
  };
  addEventListener("ready", () => note("ready"), { capture: true });
  const whole = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("there is no picture after a minute")), 60_000);
    const look = () => {
      const lab = document.querySelector("web-service-model")?.shadowRoot?.querySelector(".lab");
      const picture = lab?.querySelector("svg.picture .topology-card");
      // It is on the screen once the frame in which it is there has been drawn.
      if (picture && picture.getBoundingClientRect().width > 0) setTimeout(() => resolve(note("picture")));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  customElements.whenDefined("web-service-model").then(() => note("scripts"));
  Object.assign(globalThis, {
    firstSeconds: async () => {
      await whole;
      const files = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType("resource"));
      const [page] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
      times.page = page.responseEnd;
      times.scenario = files.find(({ name }) => /scenarios\/(?!index)/.test(name))?.responseEnd ?? 0;
      const all = [page, ...files].filter(({ startTime }) => startTime < (times.picture ?? 0));
      return { times, requests: all.length, bytes: all.reduce((sum, { transferSize }) => sum + transferSize, 0) };
    },
  });
}

/**
 * One load by a browser that has never been here.
 * @param {Browser} browser @param {string} url @param {number | undefined} megabits @param {number} latency
 */
async function load(browser, url, megabits, latency) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    await context.addInitScript(settled);
    await context.addInitScript(watch);
    const page = await context.newPage();
    if (megabits) {
      const devtools = await context.newCDPSession(page);
      const throughput = (megabits * 1e6) / 8;
      await devtools.send("Network.emulateNetworkConditions", { offline: false, latency, downloadThroughput: throughput, uploadThroughput: throughput });
    }
    await page.goto(url, { waitUntil: "commit" });
    return /** @type {{ times: Times, requests: number, bytes: number }} */ (
      await page.evaluate(() => /** @type {any} */ (globalThis).firstSeconds()));
  } finally {
    await context.close();
  }
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

const site = await serveSite(process.argv[2], { gzip: true });
const browser = await launchBrowser();
try {
  for (const [name, megabits, latency] of NETWORKS) {
    /** @type {{ times: Times, requests: number, bytes: number }[]} */
    const loads = [];
    for (let count = 0; count < LOADS; count += 1) loads.push(await load(browser, site.url, megabits, latency));
    const seconds = (/** @type {keyof Times} */ step) => (median(loads.map(({ times }) => times[step])) / 1000).toFixed(2);
    const { requests, bytes } = loads[0];
    console.log(`first picture ${name}: ${seconds("picture")} s, after ${requests} requests and ${Math.round(bytes / 1024)} KB`);
    console.log(`  ${STEPS.map((step) => `${step} ${seconds(step)} s`).join(", ")}`);
  }
} finally {
  await browser.close();
  await site.close();
}
