// What the page shows of policies: breakers in the picture, edges and pools in the report, presets in the editor.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { initSync, Simulation } from "#web-service-model";
import { loadLanguage, Texts } from "../../www/i18n/texts.js";
import { openShare, poolsOf, starvedOf } from "../../www/parts/edge-figures.js";
import { AUTOSCALERS, POLICIES } from "../../www/parts/editor/presets.js";
import { metricName } from "../../www/parts/experiments/metric-name.js";
import { causesOf, reasons } from "../../www/parts/requests/reasons.js";
import { breakersOn } from "../../www/parts/topology/breakers.js";
import { lookOf } from "../../www/parts/topology/looks.js";
import { invariants } from "../../www/run/invariants.js";
import { assertAccessible, pageTest } from "./harness.mjs";
import { json } from "./json-text.mjs";
import { finish, inModel, openTab, openView, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */
/** @import { Config, Report } from "#web-service-model" */

initSync({ module: await readFile(new URL("../../dist/web-service-model_bg.wasm", import.meta.url)) });

/** The stock becomes too slow for the shop's patience, and the shop's pool is too small for its database. @type {Config} */
const SHOP = {
  duration: 60,
  users: { web: { arrivals: { poisson: { rate: 40 } }, targets: { Shop: 1 }, read_share: 0.9, policy: "patient" } },
  services: {
    Shop: {
      service_time: "2ms", database: { name: "Orders", pool: { size: 2, longest_wait: 5 } },
      calls: [{ to: ["Stock"], on_error: "ignore", policy: { timeout: "200ms", breaker: { window: { calls: 20 }, open_for: 5, probes: 3 } } }],
    },
    Stock: { service_time: "20ms", workers: 4 },
  },
  db_clusters: { Orders: { operation: { exponential: { mean: "45ms" } } } },
  policies: { patient: { deadline: 10, retry: { max: 1 }, hedge: { after: 1 }, bulkhead: { max: 100, waiting: 10, longest_wait: 1 } } },
  faults: [{ slow: { component: "Stock", factor: 40, from: 10, until: 30 } }],
};

for (const { id, value } of POLICIES) {
  test(`the numbers of a preset make a policy: ${id}`, () => {
    assert.deepEqual(Simulation.check({ ...SHOP, policies: { patient: value } }), []);
  });
}

test("the numbers of Kubernetes' autoscaler are those that count where there are none", () => {
  // More come, and go again: both directions count.
  const points = [{ at: 0, rate: 20 }, { at: 60, rate: 300 }, { at: 200, rate: 300 }, { at: 210, rate: 10 }];
  const run = (/** @type {object} */ numbers) => {
    const simulation = new Simulation({
      duration: 700,
      users: { web: { arrivals: { profile: { points } }, targets: { Shop: 1 } } },
      services: { Shop: { instances: 2, workers: 4, service_time: { exponential: { mean: "50ms" } }, autoscaler: { min: 2, max: 20, target: { utilisation: 0.5 }, ...numbers } } },
    });
    simulation.advanceTo(700);
    return simulation.report();
  };
  const [{ id, value }] = AUTOSCALERS;
  assert.equal(id, "hpa");
  const usual = run({});
  assert.deepEqual(run(value), usual);
  assert.notDeepEqual(run({ ...value, down: { stabilisation: 100 } }), usual);
  assert.notDeepEqual(run({ ...value, up: { policies: [{ instances: 1, period: 15 }] } }), usual);
});

/** @param {Partial<Report>} some @returns {Report} */
const report = (some) => /** @type {any} */ ({ services: { Shop: { instances: { "Shop-0": {}, "Shop-1": {} } } }, simulated_seconds: 110, warm_up_seconds: 10, ...some });

/** @param {string} from @param {string} to @param {string} state */
const edge = (from, to, state) => /** @type {any} */ ({ from, to, breaker: { state, refused: 0, open_seconds: 50, half_open_seconds: 0 } });

test("a breaker is on the way from who asks to whom is asked", () => {
  const way = (/** @type {any} */ some) => /** @type {any} */ ({ kind: "requests", service: "", from: "balancer:", to: "service:Shop", ...some });
  const some = report({ edges: { "web→Shop": edge("web", "Shop", "half_open"), "app→Shop": edge("app", "Shop", "open"), "Shop→Stock": edge("Shop", "Stock", "half_open") } });
  assert.deepEqual(breakersOn([way({})], some), { phase: "open", edges: ["app→Shop"] });
  assert.deepEqual(breakersOn([way({ kind: "calls", service: "Shop", to: "service:Stock" })], some), { phase: "half_open", edges: ["Shop→Stock"] });
  assert.equal(breakersOn([way({ to: "service:Stock" })], some), undefined);
  assert.equal(breakersOn([way({})], report({ edges: { "web→Shop": edge("web", "Shop", "closed") } })), undefined);
});

test("a breaker is on the way to a store", () => {
  const way = (/** @type {string} */ kind, /** @type {string} */ to) => /** @type {any} */ ({ kind, service: "Shop", from: "service:Shop", to });
  const some = report({ edges: { "Shop→Orders": edge("Shop", "Orders", "open"), "Stock→Orders": edge("Stock", "Orders", "half_open"), "Shop→MQ": edge("Shop", "MQ", "open") } });
  assert.deepEqual(breakersOn([way("database", "cluster:Orders")], some), { phase: "open", edges: ["Shop→Orders"] });
  assert.deepEqual(breakersOn([way("publish", "broker:MQ")], some), { phase: "open", edges: ["Shop→MQ"] });
  assert.equal(breakersOn([way("consume", "broker:MQ")], some), undefined);
  assert.equal(breakersOn([way("cache", "cache:Cache")], some), undefined);
});

test("instances have a breaker each, a group of users has one", () => {
  assert.equal(openShare(edge("web", "Shop", "open"), report({})), 0.5);
  assert.equal(openShare(edge("Shop", "Stock", "open"), report({})), 0.25);
});

test("who waits for a pool without a free connection is starved", () => {
  const pool = (/** @type {number} */ used) => ({ size: 4, in_use: { now: used }, waiting: { now: 3 } });
  const starved = (/** @type {object} */ pools) => starvedOf(poolsOf(/** @type {any} */ ({ services: { Shop: { instances: { "Shop-0": pools } } } }), "Shop", "Shop-0"));
  assert.deepEqual([starved({ pool: pool(4) }), starved({ pool: pool(3) }), starved({}), starved({ pool: pool(4), cache_pool: pool(4) })], [3, 0, 0, 6]);
  assert.equal(starvedOf(poolsOf(undefined, "Shop", "Shop-0")), 0);
  const idle = /** @type {any} */ ({ kind: "instance", state: "up", role: "", queue: 0, capacity: 4, slow_factor: 1 });
  assert.deepEqual([lookOf(idle, null, 3), lookOf(idle)], ["overloaded", "up"]);
});

test("a request that was refused before it got anywhere says why", () => {
  const simulation = new Simulation({
    duration: 5,
    users: { web: { arrivals: { poisson: { rate: 40 } }, targets: { Shop: 1 }, policy: { limiter: { rate: 10 } } } },
    services: { Shop: { service_time: "2ms" } },
  });
  simulation.tracing = true;
  simulation.advanceTo(5);
  const [{ number }] = simulation.traces({ which: "failed" });
  const trace = /** @type {import("#web-service-model").RequestTrace} */ (simulation.trace(number));
  simulation.free();
  assert.deepEqual(reasons(causesOf(trace), new Texts()).map(({ text }) => text), ["there were more attempts than the rate limit before Shop lets through."]);
});

/** Names of the figures of a report. @param {unknown} value @param {string} path @returns {string[]} */
function figures(value, path) {
  if (typeof value === "number") return [path];
  return Object.entries(value ?? {}).flatMap(([key, part]) => (typeof part === "string" ? [] : figures(part, path === "" ? key : `${path}.${key}`)));
}

test("figures of edges, breakers, bulkheads and pools have words for experiments", async () => {
  await loadLanguage("ru");
  const simulation = new Simulation(SHOP);
  simulation.advanceTo(1);
  const names = figures(simulation.report(), "").filter((name) => /^edges|pool/.test(name));
  simulation.free();
  assert.ok(names.length > 30, `${names.length} names`);
  for (const language of /** @type {const} */ (["en", "ru"])) {
    const texts = new Texts(language);
    assert.deepEqual(names.filter((name) => metricName(name, texts) === name), []);
  }
});

test("attempts add up", () => {
  const simulation = new Simulation({ ...SHOP, warm_up: 12 });
  simulation.advanceTo(60);
  const told = simulation.report();
  simulation.free();
  assert.deepEqual(invariants(told).flatMap(({ wrong }) => wrong), []);
  const [first] = Object.values(told.edges ?? {});
  first.attempts += 1;
  assert.deepEqual(invariants(told).filter(({ wrong }) => wrong.length > 0).map(({ id }) => id), ["edges"]);
});

/** Goes on until the breaker of the shop is in a phase. @param {Page} page @param {string} phase */
function until(page, phase) {
  return inModel(page, (element, phase) => {
    const state = () => element.simulation?.report().edges?.["Shop→Stock"].breaker?.state;
    while ((element.simulation?.now ?? 99) < 50 && state() !== phase) element.stepSeconds(0.05);
  }, phase);
}

for (const [lang, words] of /** @type {const} */ ([["en", ["open", "half-open", "pool +"]], ["ru", ["разомкнут", "на пробе", "пул +"]]])) {
  pageTest(`a breaker that is not closed and a pool that is used up are seen in the picture: ${lang}`, { path: `?autoplay=0&lang=${lang}`, bypassCSP: true }, async (page) => {
    await standstill(page);
    await inModel(page, (element, config) => element.load(config), SHOP);
    const mark = page.locator(".breaker:visible");
    assert.equal(await mark.count(), 0);
    await until(page, "open");
    await mark.getByText(words[0], { exact: true }).waitFor();
    assert.match(await mark.getAttribute("aria-label") ?? "", /^Shop→Stock: /);
    await assertAccessible(page);
    await until(page, "half_open");
    await page.locator('.breaker[data-phase="half_open"]').getByText(words[1], { exact: true }).waitFor();
    await inModel(page, (element) => {
      const waiting = () => element.simulation?.report().services.Shop.instances["Shop-0"].pool?.waiting.now ?? 0;
      while ((element.simulation?.now ?? 99) < 55 && waiting() < 1) element.stepSeconds(0.05);
    });
    await page.locator('.cell[data-component="Shop-0"][data-look="overloaded"]').getByText(words[2]).waitFor();
    await inModel(page, (element) => element.select("Shop-0"));
    await page.locator(".panel-edges").getByText(/^web→Shop: /).waitFor();
    await page.locator(".panel-edges").getByText(/^Shop→Stock: .*%/).waitFor();
  });
}

pageTest("the report has a line for each edge and each pool", { path: "?autoplay=0" }, async (page) => {
  await standstill(page);
  await inModel(page, (element, config) => element.load(config), SHOP);
  await finish(page);
  await openTab(page, "Report");
  const cells = (/** @type {string} */ sheet) => page.locator(`[data-sheet="${sheet}"] tbody th`).allTextContents();
  assert.deepEqual([await cells("edges"), await cells("pools")], [["web→Shop", "Shop→Stock"], ["Shop-0"]]);
});

pageTest("a named policy is made of a preset, used, and renamed", { path: "?autoplay=0" }, async (page) => {
  await standstill(page);
  await inModel(page, (element, config) => element.load(config), SHOP);
  await openTab(page, "Configuration");
  await page.getByRole("button", { name: "Add: policy" }).click();
  const preset = page.getByLabel("Fill in");
  assert.equal(await preset.inputValue(), "");
  await preset.selectOption("Resilience4j, defaults");
  await page.getByText(/^As its documentation has them: Retry/).waitFor();
  await page.getByText("Its numbers").click();
  await page.getByLabel("At a time").fill("30");
  assert.equal(await preset.inputValue(), "");
  await page.locator(".nav-item", { hasText: "web" }).click();
  await page.getByRole("group", { name: "Policy", exact: true }).locator(".form-head select").first().selectOption("policy");
  await page.locator(".nav-item", { hasText: "policy" }).click();
  await page.getByLabel("Name", { exact: true }).fill("calm");
  await page.getByLabel("Name", { exact: true }).press("Enter");
  await page.getByRole("button", { name: "Restart with it" }).click();
  await page.getByText("A new run with this configuration is ready.").waitFor();
  const config = await inModel(page, (element) => element.config);
  assert.equal(config?.users?.web.policy, "calm");
  assert.equal(config?.policies?.calm.bulkhead?.max, 30);
});

pageTest("an autoscaler is filled in with Kubernetes' numbers, and keeps its bounds and its target", { path: "?scenario=autoscaler-late&autoplay=0" }, async (page) => {
  await standstill(page);
  await openTab(page, "Configuration");
  await page.locator(".nav-item", { hasText: "Shop" }).click();
  const scaler = page.getByRole("group", { name: "Autoscaler", exact: true });
  const preset = scaler.getByLabel("Fill in");
  // What is not said is as Kubernetes has it.
  assert.equal(await preset.inputValue(), "hpa");
  await scaler.locator(".form-more > summary").first().click();
  await scaler.getByLabel("Tolerance", { exact: true }).fill("0.3");
  assert.equal(await preset.inputValue(), "");
  await scaler.getByText("what stays: At least, At most, What each is meant to have.").waitFor();
  await preset.selectOption("Kubernetes HPA, defaults");
  const { services } = await json(page);
  assert.deepEqual(Object.values(services)[0].autoscaler, { min: 3, max: 24, target: { utilisation: 0.5 }, ...AUTOSCALERS[0].value });
  await page.getByText(/^As the documentation of Kubernetes/).waitFor();
  await page.locator(".form-findings").waitFor({ state: "hidden" });
});

pageTest("attempts, retries and refused attempts of an edge are drawn together", { path: "?autoplay=0" }, async (page) => {
  await standstill(page);
  await inModel(page, (element, config) => element.load(config), SHOP);
  await inModel(page, (element) => element.stepSeconds(20));
  await openView(page, "charts");
  await page.locator("#series-component").selectOption({ label: "Shop→Stock" });
  await page.locator("#series-measure").selectOption({ label: "attempts, retries and refused, per second" });
  await page.getByRole("button", { name: "New chart" }).click();
  const chart = page.locator('[data-chart="custom"]');
  for (const name of ["attempts", "retries", "refused"]) await chart.getByText(`edges.Shop→Stock.${name}`).first().waitFor();
});
