// A system is built in the editor from nothing, by clicks and keys only, run, and saved by a remedy: what the scenario
// `slow-dependency` tells.

import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";
import { json } from "./json-text.mjs";
import { inModel, openTab, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

/** The field, or the part of the form, of a place. @param {Page} page @param {string} path */
const field = (page, path) => page.locator(`[data-path='${path}']`).last();

/** @param {Page} page @param {string} path @param {string} text */
async function fill(page, path, text) {
  const input = field(page, path).locator("input").first();
  await input.fill(text);
  await input.press("Tab");
}

/** @param {Page} page @param {string} path @param {string} label */
const press = (page, path, label) => field(page, path).getByRole("button", { name: label }).first().click();

/** Adds a part at the side and gives it a name. @param {Page} page @param {string} what @param {string} name */
async function add(page, what, name) {
  await page.getByRole("button", { name: `Add: ${what}` }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Name", { exact: true }).press("Enter");
}

/** @param {Page} page @param {string} part */
const choose = (page, part) => page.locator(".nav-item").filter({ has: page.getByText(part, { exact: true }) }).click();

/** Where the fields about workers are. @param {Page} page */
const more = (page) => page.locator(".form-chosen .form-fold").filter({ hasText: "Workers and queue" }).locator("summary").first().click();

/** Runs to the end and tells how many pages and orders came to nothing. @param {Page} page @returns {Promise<{ page: number, order: number }>} */
async function failed(page) {
  await inModel(page, (element) => {
    element.speed = Infinity;
    element.play();
  });
  await page.locator('.controls[data-state="finished"]').first().waitFor();
  return inModel(page, (element) => {
    const { page, order } = element.simulation?.report().services.Shop.endpoints ?? {};
    return { page: page?.failed ?? NaN, order: order?.failed ?? NaN };
  });
}

pageTest("a slow dependency is built from nothing, and a bulkhead keeps it from taking the pages down", { path: "?autoplay=0" }, async (page) => {
  await standstill(page);
  await openTab(page, "Configuration");
  await page.getByRole("button", { name: "Begin with nothing" }).click();
  await page.locator(".form-mistakes").getByText("2 mistakes").waitFor();

  await add(page, "service", "Shop");
  await fill(page, "services.Shop.workers", "20");
  await more(page);
  await field(page, "services.Shop.holds").locator("select").selectOption({ label: "Until the answer" });
  await field(page, "services.Shop.longest_wait").locator("select").selectOption({ label: "Constant" });
  await fill(page, "services.Shop.longest_wait", "1s");
  await add(page, "database cluster", "OrdersDB");
  await fill(page, "db_clusters.OrdersDB.replicas", "0");
  await fill(page, "db_clusters.OrdersDB.operation", "20ms");

  await choose(page, "Shop");
  await press(page, "services.Shop.database", "Add");
  for (const endpoint of ["page", "order"]) {
    await page.getByRole("button", { name: "Add: endpoint" }).click();
    const name = field(page, "services.Shop.endpoints").getByLabel("Name", { exact: true }).last();
    await name.fill(endpoint);
    await name.press("Enter");
    await fill(page, `services.Shop.endpoints.${endpoint}.steps[0].process`, "20ms");
  }
  await press(page, "services.Shop.endpoints.order.steps", "Add: step");
  await field(page, "services.Shop.endpoints.order.steps[1]").locator("select").first().selectOption({ label: "Write to the database" });

  for (const [group, endpoint, rate] of [["readers", "page", "200"], ["buyers", "order", "40"]]) {
    await add(page, "user group", group);
    await fill(page, `users.${group}.arrivals.poisson.rate`, rate);
    await field(page, `users.${group}.targets`).locator("select").first().selectOption({ label: `Shop.${endpoint}` });
  }
  await page.getByRole("button", { name: "Add: fault" }).click();
  await field(page, "faults[0]").locator("select").first().selectOption({ label: "Slowdown" });
  await field(page, "faults[0].slow.component").locator("select").selectOption({ label: "OrdersDB" });
  await fill(page, "faults[0].slow.factor", "100");
  await fill(page, "faults[0].slow.from", "60s");
  await fill(page, "faults[0].slow.until", "120s");
  await choose(page, "General");
  await fill(page, "duration", "180s");
  await page.locator(".form-findings").waitFor({ state: "hidden" });
  assert.deepEqual((await json(page)).faults, [{ slow: { component: "OrdersDB", factor: 100, from: "60s", until: "120s" } }]);

  await page.getByRole("button", { name: "Restart with it" }).click();
  await page.getByText("A new run with this configuration is ready.").waitFor();
  const without = await failed(page);

  // The remedy: so many orders at a time, and no more.
  await add(page, "policy", "few at a time");
  await press(page, 'policies["few at a time"].bulkhead', "Add");
  await fill(page, 'policies["few at a time"].bulkhead.max', "4");
  await choose(page, "Shop");
  await field(page, "services.Shop.database.policy").locator("select").first().selectOption("few at a time");
  await page.getByRole("button", { name: "Restart with it" }).click();
  await page.getByText("A new run with this configuration is ready.").waitFor();
  const remedied = await failed(page);
  assert.ok(without.page > 1000, `${without.page} pages failed`);
  assert.ok(remedied.page < without.page / 100, `${remedied.page} pages failed with a bulkhead`);
});
