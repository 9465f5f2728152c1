// Charts: what a pointer and the keyboard read off them, zoom, legends, tables and files.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { toCsv } from "../../www/run/csv.js";
import { pageTest } from "./harness.mjs";
import { finish, inModel, lookAtChart, openTab } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

/** @param {Page} page @param {string} id */
const chart = (page, id) => page.locator(`[data-chart="${id}"]`);

/** @param {Page} page @param {string} id @param {number} share of the plot's width */
async function hover(page, id, share) {
  await lookAtChart(page, id);
  const plot = chart(page, id).locator(".plot");
  const box = await plot.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width * share, box.y + box.height * 0.5);
}

pageTest("a pointer reads figures off a chart, and all charts show the moment", { viewport: { width: 1280, height: 2400 } }, async (page) => {
  await finish(page);
  await hover(page, "rps", 0.5);
  const tip = chart(page, "rps").locator(".chart-tip");
  await tip.waitFor();
  const text = (await tip.textContent()) ?? "";
  assert.match(text, /succeeded\d/);
  assert.match(text, /failed\d/);
  await page.waitForFunction(() => {
    const root = document.querySelector("web-service-model")?.shadowRoot;
    return root?.querySelector('[data-chart="service-latency"] .crosshair:not([hidden])');
  });
  await page.mouse.move(5, 5);
  await tip.waitFor({ state: "hidden" });
});

pageTest("a finger reads figures off a chart, until it points elsewhere", { hasTouch: true, viewport: { width: 400, height: 800 } }, async (page) => {
  await finish(page);
  const tips = page.locator(".chart-tip:visible");
  const [rps, load] = ["rps", "latency-histogram"].map((id) => page.locator(`[data-chart="${id}"] canvas`));
  await lookAtChart(page, "rps");
  await rps.tap();
  await tips.getByText("succeeded").waitFor();
  await page.waitForTimeout(200);
  assert.match(await tips.innerText(), /succeeded/);
  await lookAtChart(page, "latency-histogram");
  await load.tap();
  await page.waitForTimeout(300);
  assert.equal(await tips.count(), 1);
  assert.match(await tips.innerText(), /requests/);
  await page.getByRole("heading", { name: "Charts" }).or(page.locator('[data-chart="latency-histogram"] figcaption')).last().tap();
  await page.waitForTimeout(300);
  assert.equal(await tips.count(), 0);
});

pageTest("a finger is told what happened at a moment of the timeline", { hasTouch: true, viewport: { width: 400, height: 800 } }, async (page) => {
  await finish(page);
  const timeline = page.locator(".timeline");
  const box = await timeline.boundingBox();
  assert.ok(box);
  const at = await inModel(page, (element) => (element.simulation?.log().entries.find(({ kind }) => kind === "crash")?.time ?? NaN) / 50);
  await timeline.tap({ position: { x: box.width * at, y: box.height / 2 } });
  await page.waitForTimeout(300);
  assert.match(await timeline.locator(".tip").innerText(), /Crash/);
  // It opens the list by its second touch.
  const log = page.locator("#tab-log");
  assert.equal(await log.getAttribute("aria-selected"), "false");
  await timeline.tap({ position: { x: box.width * at, y: box.height / 2 } });
  await page.waitForTimeout(300);
  assert.equal(await log.getAttribute("aria-selected"), "true");
});

pageTest("the keyboard reads figures off a chart and zooms", {}, async (page) => {
  await finish(page);
  await lookAtChart(page, "rps");
  const canvas = chart(page, "rps").locator("canvas");
  await canvas.focus();
  for (let i = 0; i < 20; i++) await canvas.press("ArrowRight");
  const tip = chart(page, "rps").locator(".chart-tip");
  await tip.waitFor();
  assert.equal(await tip.getAttribute("role"), "status");
  await canvas.press("+");
  await page.getByText(/^Zoomed: /).waitFor();
  await canvas.press("Escape");
  await page.getByText(/^Zoomed: /).waitFor({ state: "hidden" });
});

pageTest("dragging zooms all charts in time, and the whole run comes back", {}, async (page) => {
  await finish(page);
  await lookAtChart(page, "rps");
  const plot = chart(page, "rps").locator(".plot");
  const box = await plot.boundingBox();
  assert.ok(box);
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 5 });
  await chart(page, "rps").locator(".plot-selection").waitFor();
  await page.mouse.up();
  const note = page.getByText(/^Zoomed: 1\d\.\d\ss to [23]\d\.\d\ss/);
  await note.waitFor();
  await page.locator(".timeline-range").waitFor();
  await page.getByRole("button", { name: "Whole run" }).click();
  await note.waitFor({ state: "hidden" });
});

pageTest("a legend entry hides its line and shows it again", {}, async (page) => {
  await finish(page);
  await lookAtChart(page, "rps");
  const entry = chart(page, "rps").getByRole("button", { name: "failed" });
  assert.equal(await entry.getAttribute("aria-pressed"), "true");
  await entry.click();
  await chart(page, "rps").locator('.legend button[aria-pressed="false"]').waitFor();
  await hover(page, "rps", 0.5);
  const tip = chart(page, "rps").locator(".chart-tip");
  await tip.waitFor();
  assert.doesNotMatch((await tip.textContent()) ?? "", /failed/);
  await entry.click();
  await chart(page, "rps").locator('.legend button[aria-pressed="false"]').waitFor({ state: "detached" });
});

pageTest("what explains a scale of colours is no button", {}, async (page) => {
  await finish(page);
  await openTab(page, "Charts");
  const legend = page.locator('[data-chart="latency-heat-map"] .legend');
  await legend.scrollIntoViewIfNeeded();
  await legend.getByText("many", { exact: true }).waitFor();
  assert.equal(await legend.getByRole("button").count(), 0);
});

pageTest("the figures of a chart are there as a table, as CSV and as a picture", {}, async (page) => {
  await finish(page);
  await openTab(page, "Charts");
  const rps = chart(page, "rps");
  await rps.getByRole("button", { name: "Table" }).click();
  await rps.locator("tbody tr").first().waitFor();
  const columns = await rps.locator("thead th").allTextContents();
  assert.ok(columns.length >= 3, `${columns}`);
  const files = [];
  for (const name of ["CSV", "PNG"]) {
    const [file] = await Promise.all([page.waitForEvent("download"), rps.getByRole("button", { name }).click()]);
    files.push({ name: file.suggestedFilename(), content: await readFile(await file.path()) });
  }
  const [csv, png] = files;
  assert.equal(csv.name, "rps.csv");
  const lines = csv.content.toString().trimEnd().split("\r\n");
  assert.equal(lines[0].split(",").length, columns.length);
  assert.ok(lines.length > 20, `${lines.length} lines`);
  assert.equal(png.name, "rps.png");
  assert.equal(png.content.subarray(1, 4).toString(), "PNG");
  await rps.getByRole("button", { name: "Table" }).click();
  await rps.locator("canvas").waitFor();
});

pageTest("any figure of any component can have a chart", {}, async (page) => {
  await finish(page);
  await openTab(page, "Charts");
  await page.locator("#series-component").selectOption({ label: "DataService / DataService-0" });
  await page.locator("#series-measure").selectOption({ label: "operations in process" });
  await page.getByRole("button", { name: "New chart" }).click();
  const own = chart(page, "custom");
  await own.getByText("services.DataService.instances.DataService-0.busy").first().waitFor();
  await page.locator("#series-component").selectOption({ label: "DataService / DataService-1" });
  await page.getByRole("button", { name: "Add to the last one" }).click();
  await own.getByRole("button", { name: /DataService-1/ }).waitFor();
  await own.getByRole("button", { name: "Remove" }).click();
  await own.waitFor({ state: "detached" });
});

pageTest("a pinned run is drawn behind later ones", {}, async (page) => {
  await finish(page);
  await inModel(page, (element) => {
    element.pin();
    element.seed = 7;
  });
  await finish(page);
  await hover(page, "rps", 0.5);
  const tip = chart(page, "rps").locator(".chart-tip");
  await tip.getByText(/\(baseline\)/).first().waitFor();
  await inModel(page, (element) => element.unpin());
  await page.mouse.move(5, 5);
  await hover(page, "rps", 0.4);
  await tip.waitFor();
  assert.doesNotMatch((await tip.textContent()) ?? "", /baseline/);
});

pageTest("charts are as sharp as the screen", { deviceScaleFactor: 2 }, async (page) => {
  await finish(page);
  await lookAtChart(page, "rps");
  const [pixels, css] = await chart(page, "rps").locator("canvas").evaluate((element) => {
    const canvas = /** @type {HTMLCanvasElement} */ (element);
    return [canvas.width, canvas.clientWidth];
  });
  assert.ok(Math.abs(pixels - 2 * css) <= 2, `${pixels} pixels for ${css}`);
});

pageTest("on paper there are all charts, not only those in view", {}, async (page) => {
  await finish(page);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const widths = await page.locator(".charts .chart:visible canvas:visible").evaluateAll((all) => all.map((one) => /** @type {HTMLCanvasElement} */ (one).width));
  assert.ok(widths.length > 8, `${widths.length} charts`);
  assert.ok(!widths.includes(300), `${widths}`);
});

pageTest("one chart alone, by the element's view", { path: "embed.html" }, async (page) => {
  await page.evaluate(() => {
    const element = document.createElement("web-service-model");
    element.setAttribute("view", "chart:availability");
    element.id = "alone";
    document.body.prepend(element);
  });
  const charts = page.locator("#alone .chart:visible");
  await charts.first().waitFor();
  assert.equal(await charts.count(), 1);
  assert.equal(await charts.getAttribute("data-chart"), "availability");
});

test("CSV quotes what must be quoted, and disarms what a spreadsheet would run", () => {
  assert.equal(toCsv([["a,b", 'say "x"', null, 1.5], ["=1+1", "-x", NaN, -2]]), '"a,b","say ""x""",,1.5\r\n\'=1+1,\'-x,,-2\r\n');
});
