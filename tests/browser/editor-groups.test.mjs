// The many settings of a service stand behind headings, which tell what is set and open for what is wrong.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { en } from "../../www/i18n/en.js";
import { allIds, Schema } from "../../www/parts/editor/schema.js";
import { arrange } from "../../www/parts/editor/layout.js";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { json, writeJson } from "./json-text.mjs";
import { openView, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

const root = JSON.parse(await readFile(new URL("../../www/schema.json", import.meta.url), "utf8"));

/** A list of so many fields can be looked through. */
const LIST_MAX = 12;

test("no list of rarely needed fields is long, and each field stands in one group", () => {
  const schema = new Schema(root);
  /** @type {Map<string, string[]>} */
  const types = new Map([[schema.root.type, schema.root.fields]]);
  for (const { type, fields, kind } of allIds(root).fields.flatMap((field) => [field, ...(field.kind === "map" || field.kind === "list" ? [schema.inner(field)] : [])])) {
    if (kind === "object") types.set(type, fields);
  }
  assert.ok(types.size > 30);
  let named = 0;
  for (const [type, fields] of types) {
    const { main, groups } = arrange(type, fields);
    const arranged = [...main, ...groups.flatMap((group) => group.fields)];
    assert.equal(new Set(arranged).size, arranged.length, type);
    for (const group of groups) {
      assert.ok(group.fields.length <= LIST_MAX, `${type}: ${group.fields}`);
      // Where some have a heading, all have.
      if (groups.length > 1) assert.ok(Object.hasOwn(en, `editor.group.${group.name}`), `${type}: ${group.name}, ${group.fields}`);
      named += group.name === undefined ? 0 : 1;
    }
  }
  assert.ok(named > 0);
});

/** @param {Page} page @param {string} part */
async function open(page, part) {
  await standstill(page);
  await openView(page, "editor");
  await page.locator(".nav-item").filter({ has: page.getByText(part, { exact: true }) }).click();
}

/** A group by its heading. @param {Page} page @param {string} heading */
const group = (page, heading) => page.locator(".form-fold").filter({ has: page.getByRole("heading", { name: heading, exact: true }) });

/** @param {Page} page @param {string} heading */
const isOpen = (page, heading) => group(page, heading).evaluate((fold) => /** @type {HTMLDetailsElement} */ (fold).open);

/** @param {Page} page @param {string} heading */
const count = (page, heading) => group(page, heading).locator(".fold-count").textContent();

/** Headings of all groups, and whether each is open. @param {Page} page */
const all = (page) => page.locator(".form-fold").evaluateAll((folds) => Object.fromEntries(folds.map((fold) => [fold.querySelector("h4")?.textContent, /** @type {HTMLDetailsElement} */ (fold).open])));

const CONNECTIONS = "Connections to the instances";
const SLOW = "?scenario=slow-dependency&autoplay=0";

pageTest("groups of settings are open where something is set, and count it", { path: SLOW }, async (page) => {
  await open(page, "Shop");
  assert.deepEqual(await all(page), {
    "Instances and their life": false, "Workers and queue": true, Admission: false, Balancing: true,
    "Connections to the instances": false, "Failing instances and the balancer": false,
  });
  assert.equal(await count(page, "Workers and queue"), "2 set");
  assert.equal(await count(page, CONNECTIONS), "");
  await group(page, CONNECTIONS).locator("summary").first().click();
  await page.locator("[data-path='services.Shop.keep_alive'] input").fill("8");
  assert.equal(await count(page, CONNECTIONS), "1 set");
  // Who closes a group has it closed, while other things change.
  await group(page, CONNECTIONS).locator("summary").first().click();
  await page.locator("[data-path='services.Shop.fail_prob'] input").fill("0.1");
  assert.equal((await json(page)).services.Shop.fail_prob, 0.1);
  assert.equal(await isOpen(page, CONNECTIONS), false);
});

pageTest("a mistake opens its group, and the list of mistakes leads into it", { path: SLOW }, async (page) => {
  await open(page, "Shop");
  const config = await json(page);
  config.services.Shop.autoscaler = { min: 2, max: 4, target: { concurrency: 10 }, interval: 0 };
  await writeJson(page, JSON.stringify(config));
  await page.locator(".form-findings").getByText("1 mistake").waitFor();
  assert.equal(await isOpen(page, "Instances and their life"), true);
  const inside = page.locator("[data-path='services.Shop.autoscaler'] details.form-more").first();
  assert.equal(await inside.evaluate((details) => /** @type {HTMLDetailsElement} */ (details).open), true);
  await inside.locator("summary").first().click();
  await group(page, "Instances and their life").locator("summary").first().click();
  await page.locator(".form-findings").getByRole("button", { name: "services.Shop.autoscaler.interval" }).click();
  await page.locator("[data-path='services.Shop.autoscaler.interval'] input:focus").waitFor();
});

pageTest("a warning opens its group", { path: SLOW }, async (page) => {
  await open(page, "Shop");
  const config = await json(page);
  const deploy = (/** @type {number} */ at) => {
    config.services.Shop.deployments = [{ at, release: { fail_prob: 0.1 } }];
    return writeJson(page, JSON.stringify(config));
  };
  await deploy(10);
  await page.locator(".form-fold[open]").filter({ hasText: "1 set" }).filter({ hasText: "Instances and their life" }).waitFor();
  await group(page, "Instances and their life").locator("summary").first().click();
  assert.equal(await isOpen(page, "Instances and their life"), false);
  // It comes after the end.
  await deploy(1000);
  await page.locator("[data-path='services.Shop.deployments[0].at'].has-warnings").waitFor();
  assert.equal(await isOpen(page, "Instances and their life"), true);
});

pageTest("the groups fit a phone", { path: SLOW, viewport: { width: 360, height: 800 }, bypassCSP: true }, async (page) => {
  await open(page, "Shop");
  await page.locator(".form-fold").evaluateAll((folds) => folds.forEach((fold) => fold.setAttribute("open", "")));
  await assertNoSidewaysScroll(page);
  await assertAccessible(page);
});
