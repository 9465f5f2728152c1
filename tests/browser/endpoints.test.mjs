// Endpoints on the page: steps in the editor, their ways in the picture, their rows in the report.

import assert from "node:assert/strict";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { json } from "./json-text.mjs";
import { inModel, openView, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

const SHOP = {
  duration: 20,
  users: { all: { arrivals: { poisson: { rate: 20 } }, targets: { "Shop.page": 1 } } },
  services: {
    Shop: {
      cache: { name: "Near" },
      database: { name: "Store" },
      endpoints: {
        page: {
          steps: [
            { process: "5ms" },
            { look_up: { miss: [{ read: {} }] } },
            { branches: { of: [[{ call: { to: ["Stock", "Stock.reserve"], need: 1 } }], [{ maybe: { prob: 0.5, steps: [{ write: {} }] } }]] } },
          ],
        },
      },
    },
    Stock: { service_time: "10ms", endpoints: { reserve: { priority: 0, steps: [{ process: "20ms" }] } } },
  },
  caches: { Near: { operation: "1ms", hit_prob: 0.5 } },
  db_clusters: { Store: { operation: "5ms" } },
};

const STEPS = "services.Shop.endpoints.page.steps";

/** @param {Page} page @param {string} part */
async function choose(page, part) {
  await page.locator(".nav-item").filter({ has: page.getByText(part, { exact: true }) }).click();
}

/** @param {Page} page */
async function edit(page) {
  await inModel(page, (element, shop) => element.load(/** @type {any} */ (shop)), SHOP);
  await standstill(page);
  await openView(page, "editor");
  await choose(page, "Shop");
  await page.locator(`[data-path='${STEPS}']`).waitFor();
}

/** @param {Page} page @param {string} path */
const part = (page, path) => page.locator(`[data-path='${path}']`).last();

pageTest("steps are edited as lists within lists, and the JSON follows", { bypassCSP: true }, async (page) => {
  await edit(page);
  const steps = async () => (await json(page)).services.Shop.endpoints.page.steps;
  const inner = `${STEPS}[2].branches.of[1][0]`;
  await part(page, `${inner}.maybe.prob`).locator("input").fill("0.25");
  assert.equal((await steps())[2].branches.of[1][0].maybe.prob, 0.25);
  await part(page, inner).locator("select").first().selectOption("look_up");
  assert.deepEqual((await steps())[2].branches.of[1][0], { look_up: {} });
  for (const kind of ["process", "read", "write", "publish", "call", "branches", "maybe"]) {
    await part(page, `${STEPS}[0]`).locator("select").first().selectOption(kind);
    assert.deepEqual(Object.keys((await steps())[0]), [kind]);
  }
  await part(page, STEPS).getByRole("button", { name: "Add: step" }).first().click();
  assert.deepEqual((await steps()).length, 4);
  await assertAccessible(page);
});

pageTest("a service with endpoints is renamed with whoever asks for them", {}, async (page) => {
  await edit(page);
  const name = page.getByLabel("Name", { exact: true }).first();
  await name.fill("Store-front");
  await name.press("Enter");
  assert.deepEqual((await json(page)).users.all.targets, { "Store-front.page": 1 });
});

pageTest("the form of steps fits a phone, in Russian", { path: "?lang=ru", viewport: { width: 390, height: 844 } }, async (page) => {
  await edit(page);
  await assertNoSidewaysScroll(page);
});
