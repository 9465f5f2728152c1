import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { pageTest } from "./harness.mjs";
import { finish, inModel, openTab, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

const path = "?scenario=coursework-faults";

/** @param {Page} page @param {string} part */
const column = (page, part) => page.locator(`.log-list .log-${part}`).allTextContents();

pageTest("the log is filtered by kind and by component", { path }, async (page) => {
  await finish(page);
  await openTab(page, "Events");
  await page.locator("#log-kinds").selectOption({ label: "Crash" });
  assert.deepEqual([...new Set(await column(page, "kind"))], ["Crash"]);
  const [name] = await column(page, "component");
  await page.locator("#log-component").selectOption(name);
  assert.deepEqual([...new Set(await column(page, "component"))], [name]);
  const wanted = await inModel(page, (element, component) =>
    element.simulation?.log({ kinds: ["crash"], component }).entries.map((entry) => entry.number), name);
  const shown = await page.locator(".log-list li").evaluateAll((items) => items.map((item) => Number(item.dataset.number)));
  assert.deepEqual(shown, wanted?.toReversed());
});

pageTest("what is new comes on top, the rest stays", { path }, async (page) => {
  await standstill(page);
  await openTab(page, "Events");
  await page.locator("#log-kinds").selectOption("all");
  for (let step = 0; step < 4; step += 1) await inModel(page, (element) => element.stepSeconds(5));
  const wanted = await inModel(page, (element) =>
    element.simulation?.log({ limit: 200 }).entries.map((entry) => entry.number).toReversed());
  const shown = await page.locator(".log-list li").evaluateAll((items) => items.map((item) => Number(item.dataset.number)));
  assert.deepEqual(shown, wanted);
});

pageTest("an entry puts the cursor of the timeline to its time", { path }, async (page) => {
  await finish(page);
  await openTab(page, "Events");
  await page.locator("#log-component").focus();
  // Past the button that saves the log.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator(".timeline-cursor").waitFor({ state: "visible" });
  assert.equal(await page.locator(".log-list .marked").count(), 1);
});

pageTest("the log follows the part of the time that is looked at", { path }, async (page) => {
  await finish(page);
  await openTab(page, "Events");
  await page.locator("#log-kinds").selectOption("all");
  const box = await page.locator(".timeline").boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height - 3);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height - 3, { steps: 4 });
  await page.mouse.up();
  await page.getByText(/^Only from/).waitFor();
  const times = (await column(page, "time")).map((text) => parseFloat(text));
  assert.ok(times.length > 0 && times.every((time) => time > 19 && time < 31), String(times));
  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download (CSV)" }).click();
  const lines = (await readFile(await (await waiting).path(), "utf8")).trimEnd().split("\r\n").slice(1);
  assert.ok(lines.every((line) => Number(line.split(",")[1]) < 31));
  await page.getByRole("button", { name: "Show all time" }).click();
  assert.ok(await page.locator(".log-part").isHidden());
});
