// A system is built, run and mended with the keyboard alone: no mouse, and nothing is focused or clicked by script. After
// every key it is to be seen where the focus is.

import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";
import { json } from "./json-text.mjs";
import { focused, Keyboard } from "./keyboard.mjs";
import { inModel, standstill } from "./laboratory.mjs";

/**
 * Goes to the configuration as somebody does who has just come to the page.
 * @param {import("playwright-core").Page} page
 * @param {object} [words] what is to be passed on the way, and seen there
 * @param {string} [words.skip]
 * @param {string} [words.view]
 * @param {string} [words.shown]
 */
async function atConfiguration(page, { skip = "Skip to the views", view = "Configuration", shown = ".form-chosen .form-title" } = {}) {
  await standstill(page);
  const keys = new Keyboard(page);
  await page.keyboard.press("Tab");
  await keys.go(skip);
  await keys.press("Enter");
  await keys.go(view, { key: "ArrowRight" });
  await page.locator(shown).first().waitFor();
  return keys;
}

pageTest("a system is built and run with the keyboard alone", { path: "?autoplay=0" }, async (page) => {
  const keys = await atConfiguration(page);
  await keys.go("Begin with nothing");
  await keys.press("Enter");
  await page.locator(".form-mistakes").getByText("2 mistakes").waitFor();

  // A service, whose name is ready to be written.
  await keys.go("Add: service");
  await keys.press("Enter");
  assert.equal((await focused(page)).name, "Name");
  await page.keyboard.type("Shop");
  await keys.press("Enter");
  await keys.go("Workers");
  await keys.write("4");
  await keys.go("Workers and queue");
  await keys.press("Enter");
  await keys.go("A worker belongs to a request");
  await keys.choose("Until the answer");

  // A database comes with the use of it; it is called otherwise.
  await keys.back("Add: Database");
  await keys.press("Enter");
  assert.equal((await focused(page)).name, "Remove: Database");
  await keys.back("Shop");
  await keys.go("Database", { key: "ArrowDown" });
  await keys.press("Enter");
  await keys.go("Name");
  await keys.write("OrdersDB");
  await keys.press("Enter");
  await keys.go("Replicas");
  await keys.write("0");
  await keys.back("OrdersDB");
  await keys.go("Shop", { key: "ArrowUp" });
  await keys.press("Enter");

  // An endpoint with two steps, and one that was too many.
  await keys.go("Add: endpoint");
  await keys.press("Enter");
  assert.equal((await focused(page)).name, "Name");
  await page.keyboard.type("order");
  await keys.press("Enter");
  await keys.go("Add: step");
  await keys.press("Enter");
  assert.deepEqual([(await focused(page)).tag, (await focused(page)).path], ["select", "services.Shop.endpoints.order.steps[1]"]);
  await keys.back("Add: step");
  await keys.press("Enter");
  await keys.back("What is done", "services.Shop.endpoints.order.steps[1]");
  await keys.choose("Write to the database");
  await keys.go("Remove: step 3");
  await keys.press("Space");
  assert.equal((await focused(page)).path.startsWith("services.Shop.endpoints.order.steps"), true);

  // Users, and a group of them that is taken away again.
  for (const name of ["buyers", "nobody"]) {
    await keys.back("Add: user group");
    await keys.press("Enter");
    await page.keyboard.type(name);
    await keys.press("Enter");
  }
  await keys.back("Remove: nobody");
  await keys.press("Enter");
  assert.match((await focused(page)).name, /^General/);
  await keys.go("buyers", { key: "ArrowDown" });
  await keys.press("Enter");
  await keys.go("Rate", { path: "users.buyers.arrivals.poisson.rate" });
  await keys.write("50");
  await page.locator(".form-findings").waitFor({ state: "hidden" });
  const { services, db_clusters, users, caches } = await json(page);
  // (The step was a look into a cache for a moment, and the cache for it is gone again.)
  assert.deepEqual([caches, services.Shop.cache], [undefined, undefined]);
  assert.deepEqual(services.Shop.endpoints, { order: { steps: [{ process: 0.05 }, { write: {} }] } });
  assert.deepEqual([services.Shop.workers, services.Shop.holds, services.Shop.database], [4, "request", { name: "OrdersDB" }]);
  assert.deepEqual([db_clusters.OrdersDB.replicas, users], [0, { buyers: { arrivals: { poisson: { rate: 50 } }, targets: { Shop: 1 } } }]);

  await keys.back("Restart with it");
  await keys.press("Enter");
  await page.getByText("A new run with this configuration is ready.").waitFor();
  await keys.back(/^Run/);
  await keys.press("Enter");
  await page.waitForFunction(() => (document.querySelector("web-service-model")?.simulation?.report().requests.succeeded ?? 0) > 20);
  const answered = await inModel(page, (element) => element.simulation?.report().services.Shop.endpoints);
  assert.deepEqual(Object.keys(answered ?? {}), ["order"]);
});

/** Adds something and takes it away again; neither loses the focus. @param {Keyboard} keys @param {string} added @param {string} [taken] */
async function addAndRemove(keys, added, taken = added) {
  await keys.go(`Add: ${added}`);
  await keys.press("Enter");
  const key = (await focused(keys.page)).name === `Remove: ${taken}` ? "Tab" : "Shift+Tab";
  await keys.go(`Remove: ${taken}`, { key });
  await keys.press("Enter");
  assert.equal((await focused(keys.page)).name, `Add: ${added}`);
}

pageTest("what is added and removed by keys never loses the focus", { path: "?scenario=slow-dependency&autoplay=0" }, async (page) => {
  const keys = await atConfiguration(page);
  await keys.go("General");
  await keys.go("Shop", { key: "ArrowDown" });
  await keys.press("Enter");
  await addAndRemove(keys, "Cache");
  await addAndRemove(keys, "call", "call 1");
  await addAndRemove(keys, "Outages");
  await keys.go("Instances and their life");
  await keys.press("Enter");
  await addAndRemove(keys, "Autoscaler");
  await addAndRemove(keys, "deployment", "deployment 1");

  // One of several that goes leaves the focus at the next one.
  await keys.back("Remove: step 1", "services.Shop.endpoints.order.steps");
  await keys.press("Space");
  assert.match((await focused(page)).path, /^services\.Shop\.endpoints\.order\.steps\[0\]/);
  await keys.back("Remove: endpoint order");
  await keys.press("Space");
  assert.equal((await focused(page)).name, "Add: endpoint");

  // The order of components, a copy of one, and the way back.
  await keys.back("Move down: Shop");
  await keys.press("Enter");
  assert.equal((await focused(page)).name, "Move down: Shop");
  await keys.go("Duplicate: Shop");
  await keys.press("Enter");
  assert.equal((await focused(page)).name, "Name");
  await keys.back("Remove: Shop-copy");
  await keys.press("Enter");
  await keys.back("Undo");
  // To the very beginning, where there is nothing more to undo, and on again.
  const isChanged = async () => (await page.locator(".editor-tools button").first().getAttribute("aria-disabled")) === "false";
  while (await isChanged()) await keys.press("Enter");
  await keys.go("Redo");
  await keys.press("Enter");
  assert.equal(await isChanged(), true);
});

pageTest("the list of mistakes keeps the focus while it changes, and hands it on when it goes", { path: "?scenario=slow-dependency&autoplay=0" }, async (page) => {
  const keys = await atConfiguration(page);
  await keys.go("Duration");
  await keys.write("x");
  await keys.go("Warm-up");
  await keys.write("y");
  await page.locator(".form-mistakes").getByText("2 mistakes").waitFor();
  await keys.back(/^warm_up/);
  await keys.press("Control+Z");
  await page.locator(".form-mistakes").getByText("1 mistake").waitFor();
  assert.match((await focused(page)).name, /^duration/);
  // (Two steps: the field was empty for a moment.)
  while (await page.locator(".form-findings").isVisible()) {
    await keys.press("Control+Z");
    await page.waitForTimeout(250);
  }
  assert.equal((await focused(page)).name, "Restart with it");
});

pageTest("a phone with a keyboard: one pane at a time, in Russian", { path: "?autoplay=0&lang=ru", viewport: { width: 390, height: 844 } }, async (page) => {
  const keys = await atConfiguration(page, { skip: "Перейти к видам", view: "Конфигурация", shown: ".form-place .form-parts" });
  await keys.go("Начать с пустого");
  await keys.press("Enter");
  await keys.go("Добавить: группа пользователей");
  await keys.press("Enter");
  await keys.write("покупатели");
  await keys.press("Enter");
  await keys.back("Все разделы");
  await keys.press("Enter");
  assert.equal((await focused(page)).name, "покупатели");
  await keys.go("Service", { key: "ArrowDown" });
  await keys.press("Enter");
  assert.equal((await focused(page)).name, "Все разделы");
  await keys.go("Исполнители");
  await keys.write("4");
  await page.locator(".form-findings").waitFor({ state: "hidden" });
  await keys.back("Начать с ней заново");
  await keys.press("Enter");
  await page.waitForFunction(() => document.querySelector("web-service-model")?.config?.services?.Service?.workers === 4);
});
