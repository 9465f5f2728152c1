// The order of components and their names, in the editor.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inOrderOf, moved, reordered } from "../../www/parts/editor/order.js";
import { assertAccessible, pageTest } from "./harness.mjs";
import { json } from "./json-text.mjs";
import { inModel, openView, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

test("something moves among its kind, and stays at the edge", () => {
  const config = { services: { A: {}, B: {}, C: {} }, faults: [1, 2] };
  const names = (/** @type {any} */ { config }) => Object.keys(config.services).join("");
  assert.equal(names(moved(config, ["services", "B"], -1)), "BAC");
  assert.equal(names(moved(config, ["services", "B"], 1)), "ACB");
  assert.equal(moved(config, ["services", "A"], -1).config, config);
  assert.equal(moved(config, ["services", "nobody"], 1).config, config);
  assert.deepEqual(moved(config, ["faults", 0], 1), { config: { ...config, faults: [2, 1] }, path: ["faults", 1] });
  assert.equal(moved(config, ["faults", 1], 1).config, config);
});

test("another order is told, what comes and goes is none", () => {
  const order = (/** @type {string} */ names) => ({ services: Object.fromEntries([...names].map((name) => [name, {}])) });
  assert.deepEqual(reordered(order("ABC"), order("ACB")), [["services", "C"]]);
  assert.deepEqual(reordered(order("ABC"), order("AXC")), []);
  assert.deepEqual(reordered(order("ABC"), {}), []);
  assert.equal(Object.keys(inOrderOf(order("ABCX"), order("CBA")).services).join(""), "CBAX");
});

/** @param {Page} page @param {string} part */
async function open(page, part) {
  await standstill(page);
  await openView(page, "editor");
  await page.locator(".form-chosen .form-group").first().waitFor();
  await choose(page, part);
}

/** @param {Page} page @param {string} part */
const choose = (page, part) => page.locator(".nav-item").filter({ has: page.getByText(part, { exact: true }) }).click();
/** @param {Page} page */
const services = async (page) => Object.keys((await json(page)).services);
/** @param {Page} page @param {string} name */
const title = (page, name) => page.locator(".form-chosen .form-title").first().and(page.getByText(name, { exact: true })).waitFor();

for (const [lang, up, down] of /** @type {const} */ ([
  ["en", "Move up: DataService", "Move down: DataService"],
  ["ru", "Переместить выше: DataService", "Переместить ниже: DataService"],
])) {
  pageTest(`a component is moved by keyboard, undone, and seen in the new run: ${lang}`, { path: `?scenario=coursework&lang=${lang}`, bypassCSP: true }, async (page) => {
    await open(page, "DataService");
    const before = await services(page);
    await page.getByRole("button", { name: up }).focus();
    await page.keyboard.press("Enter");
    assert.deepEqual((await services(page)).slice(0, 2), ["DataService", "PaymentService"]);
    assert.equal(await page.getByRole("button", { name: up }).getAttribute("aria-disabled"), "true");
    assert.equal(await page.getByRole("button", { name: up }).evaluate((button) => button.matches(":focus")), true);
    await page.keyboard.press("Enter");
    assert.deepEqual((await services(page)).slice(0, 2), ["DataService", "PaymentService"]);
    await page.locator(".editor-state code").getByText("services.DataService").waitFor();
    await assertAccessible(page);
    await page.keyboard.press("Control+z");
    assert.deepEqual(await services(page), before);
    await page.keyboard.press("Control+y");
    await page.getByRole("button", { name: down }).click();
    await page.getByRole("button", { name: up }).click();
    // A change of the run in between leaves the order alone.
    await inModel(page, (element) => element.patch({ duration: 44 }));
    assert.deepEqual((await services(page)).slice(0, 2), ["DataService", "PaymentService"]);
    await page.locator(".editor-bar .buttons button").nth(1).click();
    assert.deepEqual(await inModel(page, (element) => Object.keys(element.config?.services ?? {}).slice(0, 2)), ["DataService", "PaymentService"]);
  });
}

pageTest("a name is finished by Enter, taken back by Escape, and says so meanwhile", { path: "?scenario=coursework" }, async (page) => {
  await open(page, "PaymentDB");
  const name = page.locator(".form-chosen .name-input input").first();
  await name.fill("Ledger");
  await page.getByText("Enter takes the new name, Escape takes it back.").waitFor();
  assert.equal((await json(page)).db_clusters.Ledger, undefined);
  await name.press("Escape");
  assert.equal(await name.inputValue(), "PaymentDB");
  await name.fill("Ledger");
  await name.press("Enter");
  await title(page, "Ledger");
  const config = await json(page);
  assert.equal(config.services.PaymentService.database.name, "Ledger");
  assert.ok(!JSON.stringify(config).includes("PaymentDB"), "somebody still refers to the old name");
});

pageTest("who goes on from an unfinished name loses neither the name nor the click", { path: "?scenario=coursework" }, async (page) => {
  await open(page, "PaymentDB");
  await page.locator(".form-chosen .name-input input").first().fill("Ledger");
  await choose(page, "DataCache");
  await title(page, "DataCache");
  assert.equal((await json(page)).services.PaymentService.database.name, "Ledger");
  // By Tab, too: the focus goes on to the next field, and stays there.
  await page.locator(".form-chosen .name-input input").first().fill("Near");
  await page.keyboard.press("Tab");
  await title(page, "Near");
  assert.equal((await json(page)).services.DataService.cache.name, "Near");
  const at = await page.locator(".form-chosen").evaluate((place) =>
    [...place.querySelectorAll("button, input, select, textarea, summary")].findIndex((control) => control.matches(":focus")));
  assert.ok(at > 0, "the focus is lost");
  assert.equal(await page.locator(".name-input input:focus").count(), 0);
  // And by a click on a button of the form.
  await page.locator(".form-chosen .name-input input").first().fill("Close");
  await page.getByRole("button", { name: "Duplicate: Near" }).click();
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector("web-service-model")?.shadowRoot?.querySelector("#config"))?.cmTile.view.state.doc.toString().includes('"Close"'));
  assert.deepEqual(Object.keys((await json(page)).caches), ["Close", "Near-copy"]);
});

pageTest("labels and controls of the form stand in columns", { path: "?scenario=coursework", viewport: { width: 1280, height: 900 } }, async (page) => {
  await open(page, "DataService");
  const lefts = await page.locator(".form-chosen .section-form > .form-group > .form-body > .form-fields > .form-row > .field-control")
    .evaluateAll((controls) => controls.filter((control) => control.checkVisibility()).map((control) => Math.round(control.getBoundingClientRect().left)));
  assert.ok(lefts.length > 3);
  assert.equal(new Set(lefts).size, 1, `the controls begin at ${lefts}`);
});
