// A long run as fast as possible: the page must stay awake. A page that froze would have simulated all of the run before
// the next frame; how long frames take says tools/bench-page.mjs.

import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";
import { inModel, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

/** Frames that are waited for in each view. */
const FRAMES = 60;

/** A run that would take a quarter of an hour begins at full speed. @param {Page} page */
async function begin(page) {
  await standstill(page);
  await inModel(page, (element) => {
    element.load({ ...element.config, duration: 1e7 });
    element.speed = Infinity;
    element.play();
  });
}

/** The page draws frame after frame while the run goes on. @param {Page} page @param {string} what */
async function assertAwake(page, what) {
  const { times, events, state } = await inModel(page, async (element, count) => {
    const before = element.simulation?.events ?? 0;
    /** @type {number[]} */
    const times = [];
    let last = await new Promise(requestAnimationFrame);
    while (times.length < count) {
      const time = await new Promise(requestAnimationFrame);
      times.push(time - last);
      last = time;
    }
    return { times: times.sort((one, other) => one - other), events: (element.simulation?.events ?? 0) - before, state: element.state };
  }, FRAMES);
  console.log(`${what}: ${FRAMES} frames, median ${times[FRAMES / 2].toFixed(1)} ms, longest ${times[FRAMES - 1].toFixed(1)} ms; ${events} events`);
  assert.equal(state, "running", what);
  assert.ok(events > FRAMES, `${what}: ${events} events`);
}

pageTest("a long run at full speed leaves the page awake in every view", { path: "?scenario=balancing" }, async (page) => {
  await begin(page);
  await assertAwake(page, "all");
  for (const view of ["charts", "requests", "log", "report", "editor"]) {
    await inModel(page, (element, view) => element.setAttribute("view", view), view);
    await assertAwake(page, view);
  }
  await inModel(page, (element) => element.setAttribute("view", "all"));
  // Everything at once that a restless reader does, and the run goes on.
  await page.getByLabel("Language").selectOption("ru");
  await page.locator("#theme").selectOption("dark");
  for (const width of [360, 1600, 700, 1280]) await page.setViewportSize({ width, height: 800 });
  await assertAwake(page, "after changes of language, theme and width");
});
