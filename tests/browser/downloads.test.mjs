import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { assertAccessible, pageTest } from "./harness.mjs";
import { finish, inModel, openTab, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

/** What a button saves. @param {Page} page @param {string} name */
async function saved(page, name) {
  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name, exact: true }).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

pageTest("the report, all series and the log can be saved", { path: "?scenario=coursework" }, async (page) => {
  await finish(page);
  await openTab(page, "Report");
  const json = await saved(page, "Report (JSON)");
  assert.match(json.name, /^coursework-\d+\.json$/);
  const report = JSON.parse(json.text);
  const figures = (await saved(page, "Report (CSV)")).text.split("\r\n");
  assert.ok(figures.includes(`requests,,,total,${report.requests.total}`));
  assert.ok(figures.includes(`services,PaymentService,,total,${report.services.PaymentService.total}`));
  const series = (await saved(page, "All series (CSV)")).text.trimEnd().split("\r\n").map((line) => line.split(","));
  const names = await inModel(page, (element) => element.simulation?.seriesNames() ?? []);
  assert.deepEqual(series[0], ["time", ...names]);
  assert.ok(series.every((row) => row.length === names.length + 1));
  const first = await inModel(page, (element, name) => [...(element.simulation?.series(name) ?? [])][0], names[0]);
  assert.equal(series[1][1], Number.isNaN(first) ? "" : String(first));
  const log = (await saved(page, "Event log (CSV)")).text.trimEnd().split("\r\n");
  assert.equal(log[0], "number,time,kind,component,detail");
  assert.equal(log.length - 1, await inModel(page, (element) => element.simulation?.log().entries.length));
});

pageTest("a name that looks like a formula is none in the file", {}, async (page) => {
  await standstill(page);
  await inModel(page, (element) => {
    element.load({
      duration: 10,
      users: { all: { arrivals: { poisson: { rate: 10 } }, targets: { "=cmd": 1 } } },
      services: { "=cmd": { service_time: "10ms" } },
    });
    element.stepSeconds(5);
  });
  await openTab(page, "Report");
  assert.match((await saved(page, "Report (CSV)")).text, /^services,'=cmd,,total,\d+\r$/m);
});

pageTest("a run is compared with a pinned one", { path: "?scenario=coursework&seed=1" }, async (page) => {
  await finish(page);
  await openTab(page, "Report");
  const head = page.locator('[data-sheet="requests"] thead th');
  assert.deepEqual(await head.allTextContents(), ["Measure", "Value"]);
  const former = await inModel(page, (element) => element.simulation?.report().requests.total);
  await page.getByRole("button", { name: "Pin this run as baseline" }).click();
  await page.getByText("This run is pinned.").waitFor();
  await inModel(page, (element) => {
    element.seed = 2;
  });
  await finish(page);
  await page.getByText("Compared with coursework, seed 1, which ran for 50.0 s.", { exact: true }).waitFor();
  assert.deepEqual(await head.allTextContents(), ["Measure", "Value", "Baseline", "Difference"]);
  const total = page.locator('[data-sheet="requests"] tbody tr').first();
  assert.equal(Number(((await total.locator("td").nth(1).textContent()) ?? "").replace(",", "")), former);
  const changes = await page.locator('[data-sheet="requests"] .change').allTextContents();
  assert.ok(changes.some((text) => /^[▲▼] [+−].* (better|worse)$/.test(text)), changes.join("; "));
  await page.getByRole("button", { name: "Compare with nothing" }).click();
  assert.deepEqual(await head.allTextContents(), ["Measure", "Value"]);
});

pageTest("axe finds nothing in a comparison", { path: "?scenario=broker-backlog", bypassCSP: true }, async (page) => {
  await standstill(page);
  await inModel(page, (element) => {
    element.stepSeconds(20);
    element.pin();
    element.seed = 5;
    element.stepSeconds(30);
  });
  await openTab(page, "Report");
  await page.getByText("This run has not come equally far, so counts are not judged.").waitFor();
  await assertAccessible(page);
});

pageTest("a service that only consumes messages shows its work", { path: "?scenario=broker-backlog" }, async (page) => {
  await standstill(page);
  await inModel(page, (element) => element.stepSeconds(20));
  await openTab(page, "Report");
  const sheet = page.locator('[data-sheet="services"]');
  const at = (await sheet.locator("thead th").allTextContents()).indexOf("Messages consumed");
  const mailer = sheet.locator("tbody tr", { has: page.getByText("Mailer", { exact: true }) });
  const consumed = await inModel(page, (element) => element.simulation?.report().brokers.RabbitMQ.queues.mails.consumed);
  assert.ok(consumed && consumed > 0);
  assert.equal(Number((await mailer.locator("td").nth(at - 1).textContent())?.replace(",", "")), consumed);
});

pageTest("the key figures say what they mean, also to the keyboard", {}, async (page) => {
  await standstill(page);
  const button = page.getByRole("button", { name: "What is this: Success" });
  const tip = page.getByRole("tooltip", { name: /availability as users see it/ });
  await button.focus();
  await page.getByText("availability as users see it").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await tip.count(), 0);
});
