// Whom instances let in, and how fast they are: in the report, and as numbers of the panel.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { initSync, Simulation } from "#web-service-model";
import { loadLanguage, Texts } from "../../www/i18n/texts.js";
import { settingsOf } from "../../www/parts/component-panel/settings.js";
import { sheets } from "../../www/parts/report-rows.js";
import { assertAccessible, pageTest } from "./harness.mjs";
import { finish, inModel, openTab, standstill } from "./laboratory.mjs";

/** @import { Config } from "#web-service-model" */

initSync({ module: await readFile(new URL("../../dist/web-service-model_bg.wasm", import.meta.url)) });
await loadLanguage("ru");

/** More than a server can do. @param {object} more @returns {Config} */
const shop = (more) => ({
  duration: 20,
  users: { web: { arrivals: { poisson: { rate: 60 } }, targets: { Shop: 1 } } },
  services: { Shop: { service_time: { exponential: { mean: "50ms" } }, workers: 2, ...more } },
});

const RULES = { concurrency: {}, rate: { rate: 30 }, aimd: { min: 2, timeout: "1s" }, gradient: { min: 2 } };

for (const [rule, numbers] of Object.entries(RULES)) {
  test(`the numbers of admission can be changed while the run goes on: ${rule}`, () => {
    const simulation = new Simulation(shop({ admission: { [rule]: numbers }, scalability: { usl: { sigma: 0.1 } } }));
    simulation.advanceTo(1);
    const component = simulation.components().find(({ name }) => name === "Shop-0");
    assert.ok(component);
    const { settings } = settingsOf(simulation.config(), component);
    const of = (/** @type {string} */ key) => settings.filter(({ path }) => path.startsWith(`services.Shop.${key}.`));
    assert.ok(of(`admission.${rule}`).length > 1);
    assert.deepEqual(of("scalability").map(({ path, value }) => [path, value]), [["services.Shop.scalability.usl.sigma", 0.1], ["services.Shop.scalability.usl.kappa", 0]]);
    for (const { path, value, patch, label } of [...of("admission"), ...of("scalability")]) {
      assert.notEqual(value, null, path);
      // What stands there already changes nothing, and another number changes that one.
      assert.deepEqual(simulation.patch(patch(value)), [], path);
      const [now, other] = [value ?? 0, (value ?? 0) < 1 ? 0.99 : (value ?? 0) + 1];
      assert.equal(simulation.patch(patch(other)).length, 1, `${path}: ${now} becomes ${other}`);
      for (const language of /** @type {const} */ (["en", "ru"])) {
        const texts = new Texts(language);
        assert.notEqual(texts.known("panel.field", label), label);
      }
    }
    simulation.free();
  });
}

test("the report says whom each instance lets in, and by which rule", () => {
  const simulation = new Simulation(shop({ instances: 2, admission: { aimd: { min: 2, timeout: "200ms" } } }));
  simulation.advanceTo(20);
  const [report, config] = [simulation.report(), simulation.config()];
  simulation.free();
  const sheet = sheets(report, config, new Texts()).find(({ id }) => id === "admission");
  assert.ok(sheet);
  assert.deepEqual(sheet.columns.map(({ text }) => text), ["Name", "Rule", "Limit now", "Limit, mean", "Inside, mean", "Inside, max", "Not let in"]);
  assert.deepEqual(sheet.rows.map(({ name, cells }) => [name, cells[0]]), [["Shop-0", "by failures"], ["Shop-1", "by failures"]]);
  for (const [index, { admission }] of Object.values(report.services.Shop.instances).entries()) {
    assert.equal(/** @type {any} */ (sheet.rows[index].cells[5]).value, admission?.refused);
  }
});

pageTest("admission has a sheet of its own, and numbers in the panel", { path: "?autoplay=0&lang=ru", bypassCSP: true }, async (page) => {
  await standstill(page);
  await inModel(page, (element, config) => element.load(config), shop({ admission: { concurrency: { max: 5 } } }));
  await inModel(page, (element) => element.select("Shop-0"));
  const most = page.getByLabel("Допуск, не больше");
  await most.fill("0");
  await most.press("Enter");
  await page.locator(".panel-message.bad").getByText("слишком мало (не меньше 1)").waitFor();
  await most.fill("3");
  await most.press("Enter");
  await page.locator(".panel-message").getByText("Применено").waitFor();
  assert.deepEqual(await inModel(page, (element) => element.simulation?.config().services?.Shop.admission), { concurrency: { max: 3, reserve: 0.1 } });
  await finish(page);
  await openTab(page, "Отчёт");
  const row = page.locator('[data-sheet="admission"] tbody tr');
  assert.equal(await row.count(), 1);
  assert.match(await row.textContent() ?? "", /^Shop-0столько одновременно3/);
  await assertAccessible(page);
});
