// Warnings in the editor: what runs, but says something in vain.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { initSync, Simulation } from "#web-service-model";
import { loadLanguage, Texts } from "../../www/i18n/texts.js";
import { findingMarks } from "../../www/parts/editor/json/marks.js";
import { EditorState, jsonLanguage } from "../../www/vendor/codemirror.js";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { inModel, openView, standstill } from "./laboratory.mjs";
import { jsonText, pointAt, writeJson } from "./json-text.mjs";

/** @import { Page } from "playwright-core" */
/** @import { Config } from "#web-service-model" */

initSync({ module: await readFile(new URL("../../dist/web-service-model_bg.wasm", import.meta.url)) });
await loadLanguage("ru");

/** The timeout never passes, and there is no other instance to ask. @type {Config} */
const VAIN = {
  duration: 10,
  users: { web: { arrivals: { poisson: { rate: 5 } }, targets: { Shop: 1 }, policy: { timeout: 3, deadline: 2 } } },
  services: { Shop: { service_time: "5ms", next_upstream: {} } },
};

test("a warning is marked in the text as one, in either language", () => {
  const text = JSON.stringify(VAIN, null, 2);
  const state = EditorState.create({ doc: text, extensions: jsonLanguage });
  const warnings = Simulation.warnings(VAIN).map((warning) => ({ ...warning, isWarning: true }));
  const marks = findingMarks(state, warnings, new Texts());
  assert.deepEqual(marks.map(({ severity }) => severity), ["warning", "warning"]);
  assert.deepEqual(marks.map(({ from, to }) => text.slice(from, to)), ["3", '"next_upstream"']);
  assert.match(marks[0].message, /^Warning: users\.web\.policy\.timeout never passes/);
  const russian = new Texts();
  russian.language = "ru";
  assert.match(findingMarks(state, warnings, russian)[0].message, /^Предупреждение: users\.web\.policy\.timeout не проходит никогда/);
  assert.equal(findingMarks(state, Simulation.check({ ...VAIN, seed: -1 }), russian)[0].severity, "error");
});

/** Opens the editor with a configuration that nobody runs yet. @param {Page} page @param {Config} config */
async function write(page, config) {
  await standstill(page);
  await openView(page, "editor");
  await jsonText(page);
  await writeJson(page, JSON.stringify(config, null, 2));
}

/** @param {Page} page @param {string} path */
const field = (page, path) => page.locator(`[data-path='${path}']`).last();

pageTest("a warning stands at its field, in the list and in the text, and keeps nobody from running", { bypassCSP: true }, async (page) => {
  await write(page, VAIN);
  const list = page.locator(".form-warnings");
  await list.getByText("2 warnings; it runs all the same.").waitFor();
  assert.equal(await page.locator(".form-mistakes").count(), 0);
  await page.locator(".nav-item", { hasText: "Shop" }).getByTitle("1 warning here").waitFor();
  assert.equal(await page.locator(".nav-errors").count(), 0);

  await list.getByRole("button", { name: "users.web.policy.timeout: 3" }).press("Enter");
  const timeout = field(page, "users.web.policy.timeout");
  await timeout.getByText("Warning:").waitFor();
  await timeout.getByText("never passes, as the deadline (2) comes first").waitFor();
  const input = timeout.locator("input").first();
  assert.equal(await input.getAttribute("aria-invalid"), null);
  assert.equal(await input.evaluate((element) => element.matches(":focus")), true);
  await assertAccessible(page);

  const mark = page.locator(".cm-lintRange-warning").first();
  await mark.scrollIntoViewIfNeeded();
  await pointAt(page, mark, page.locator(".cm-diagnostic-warning", { hasText: "Warning:" }).first());
  assert.equal(await page.locator(".cm-lintRange-error").count(), 0);

  await page.getByRole("button", { name: "Restart with it" }).click();
  await page.getByText("A new run with this configuration is ready.").waitFor();
  assert.equal(await inModel(page, (element) => element.simulation?.duration), 10);
  await list.waitFor();

  // What is changed so that it has an effect is warned of no more.
  await input.fill("1");
  await input.press("Enter");
  await list.getByText("1 warning; it runs all the same.").waitFor();
  assert.equal(await timeout.getByText("Warning:").count(), 0);
});

pageTest("mistakes come first: of what does not run there are no warnings", {}, async (page) => {
  await write(page, { ...VAIN, warm_up: 20 });
  await page.locator(".form-mistakes").getByText("1 mistake").waitFor();
  assert.equal(await page.locator(".form-warnings, .nav-warnings").count(), 0);
});

pageTest("warnings fit a phone, in Russian", { path: "?lang=ru", viewport: { width: 390, height: 844 }, colorScheme: "dark", bypassCSP: true }, async (page) => {
  await write(page, VAIN);
  const list = page.locator(".form-warnings");
  await list.getByText("2 предупреждения; запустить это можно.").waitFor();
  await list.getByRole("button", { name: "services.Shop.next_upstream" }).click();
  const group = field(page, "services.Shop.next_upstream");
  await group.getByText("Предупреждение:").waitFor();
  await group.getByText("ни на что не влияет: экземпляр один, спросить больше некого").waitFor();
  await assertNoSidewaysScroll(page);
  await assertAccessible(page);
});
