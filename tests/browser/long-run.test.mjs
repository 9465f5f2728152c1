// A long run as fast as possible: the page must stay awake. Frame times are recorded and told, the limits are loose,
// because the machine of the tests is shared: a page that froze would be off by far more.

import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";
import { inModel, standstill } from "./laboratory.mjs";

/** How long frames are recorded, in milliseconds. */
const RECORDED_MS = 4000;

/** Frame times of the page, in order of length, and how far the run came meanwhile. @param {import("playwright-core").Page} page */
function record(page) {
  return inModel(page, async (element, duration) => {
    const { now = 0, events = 0 } = element.simulation ?? {};
    /** @type {number[]} */
    const frames = [];
    const begin = await new Promise(requestAnimationFrame);
    for (let last = begin; last - begin < duration; ) {
      const time = await new Promise(requestAnimationFrame);
      frames.push(time - last);
      last = time;
    }
    const run = element.simulation;
    return {
      frames: frames.sort((one, other) => one - other),
      simulated: (run?.now ?? 0) - now,
      events: (run?.events ?? 0) - events,
      state: element.state,
    };
  }, RECORDED_MS);
}

/** @param {string} what @param {Awaited<ReturnType<typeof record>>} recorded */
function judge(what, { frames, simulated, events, state }) {
  const at = (/** @type {number} */ share) => frames[Math.min(frames.length - 1, Math.floor(share * frames.length))];
  console.log(`${what}: ${frames.length} frames, median ${at(0.5).toFixed(1)} ms, 95 % below ${at(0.95).toFixed(1)} ms, longest ${at(1).toFixed(1)} ms; ` +
    `${Math.round(simulated)} s simulated, ${events} events`);
  assert.equal(state, "running", what);
  assert.ok(at(0.5) < 60, `${what}: half of the frames took more than ${at(0.5)} ms`);
  assert.ok(events > 100_000, `${what}: ${events} events`);
}

pageTest("a long run at full speed leaves the page awake in every view", { path: "?scenario=balancing" }, async (page) => {
  await standstill(page);
  await inModel(page, (element) => {
    element.load({ ...element.config, duration: 1e7 });
    element.speed = Infinity;
    element.play();
  });
  judge("charts", await record(page));
  for (const view of ["requests", "log", "report"]) {
    await inModel(page, (element, view) => element.setAttribute("view", view), view);
    judge(view, await record(page));
  }
  await inModel(page, (element) => element.setAttribute("view", "all"));
  // Everything at once that a restless reader does, and the run goes on.
  await page.getByLabel("Language").selectOption("ru");
  await page.locator("#theme").selectOption("dark");
  for (const width of [360, 1600, 700, 1280]) await page.setViewportSize({ width, height: 800 });
  judge("after changes of language, theme and width", await record(page));
});
