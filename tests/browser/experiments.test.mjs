import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { axisOf, numberOf, numericFields, sharesOf } from "../../www/run/plan.js";
import { scale } from "../../www/parts/experiments/scale.js";
import { courseLines, differing } from "../../www/parts/experiments/course.js";
import { metricName } from "../../www/parts/experiments/metric-name.js";
import { arranged } from "../../www/parts/experiments/sweep.js";
import { loadLanguage, Texts } from "../../www/i18n/texts.js";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { finish, inModel, lookAtChart, openTab, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

await loadLanguage("ru");

test("places of numbers are named as errors name them", () => {
  const config = { duration: 50, seed: 1, services: { "My Shop": { workers: 3, base_latency: "10ms", balancer: "random" }, "a.b": { workers: 1 } }, faults: [{ slow: { from: 2 } }] };
  assert.deepEqual(numericFields(/** @type {any} */ (config)).map(({ path }) => path),
    ["duration", "services.My Shop.workers", "services.My Shop.base_latency", 'services["a.b"].workers', "faults[0].slow.from"]);
});

test("values are a list or a range", () => {
  assert.deepEqual(axisOf("p", "10:50:5"), { path: "p", from: 10, to: 50, steps: 5 });
  assert.deepEqual(axisOf("p", " 1, 50ms, two_choices, true,"), { path: "p", values: [1, "50ms", "two_choices", true] });
  assert.deepEqual(["50ms", "2min", 7, "x", null].map(numberOf), [0.05, 120, 7, undefined, undefined]);
});

test("shares are numbers or percentages, and what is none goes on as it is", () => {
  assert.deepEqual(sharesOf(" 0.5, 95 %; 99.9%, x,"), [0.5, 0.95, 0.999, "x"]);
  assert.deepEqual(sharesOf(""), []);
});

test("the course of two systems becomes lines, and differences are counted", () => {
  const side = (/** @type {(number | null)[]} */ mean) => ({ mean, half_width_95: [0.5, 0.5, null] });
  const series = { replications: 9, window_seconds: 2, means: { m: { a: side([1, 2, null]), b: side([2, 2.1, null]), difference: side([1, 0.1, null]) } } };
  const { lines } = courseLines(series, "m", ["A", "B"], "t");
  assert.deepEqual(lines.map(({ name, points }) => [name, points.map(({ x, mean }) => [x, mean])]), [["A", [[1, 1], [3, 2]]], ["B", [[1, 2], [3, 2.1]]]]);
  assert.deepEqual(differing(series, "m"), { windows: 2, shown: 1, higher: 1 });
});

test("axes have round ticks, also where nothing changes", () => {
  assert.deepEqual(scale(0, 10, 0, 100).ticks, [0, 2, 4, 6, 8, 10]);
  assert.equal(scale(0, 10, 0, 100).at(5), 50);
  assert.ok(scale(3, 3, 0, 100).ticks.length > 1);
});

test("two numbers make a map, a word and a number make lines", () => {
  const point = (/** @type {any[]} */ values, /** @type {number} */ mean) => ({ values, replications: 2, metrics: { m: { mean, sd: 0, half_width_95: 0.1, n: 2 } } });
  const sweep = (/** @type {any[]} */ points) => /** @type {any} */ ({ scenario: "", seed: 1, vary: ["a", "b"], points });
  const map = arranged(sweep([point([1, 10], 5), point([1, 20], 6), point([2, 10], 7), point([2, 20], 8)]), "m");
  assert.deepEqual(map.kind === "map" && map.cells, [[5, 7], [6, 8]]);
  const lines = arranged(sweep([point(["x", "10ms"], 5), point(["x", "20ms"], 6), point(["y", "10ms"], 7)]), "m");
  assert.deepEqual(lines.kind === "lines" && lines.lines.map(({ name, points }) => [name, points.map(({ x }) => x)]), [["x", [0.01, 0.02]], ["y", [0.01]]]);
});

test("figures have names in words, however components are called", () => {
  const texts = new Texts();
  const names = ["brokers.RabbitMQ.publish_latency.p99", "brokers.RabbitMQ.queues.orders.delivery.mean", "brokers.R.broker_queue_sizes.q.max", "services.a.b.latency.p99",
    "services.Shop.instances.Shop-0.queue.mean", "db_clusters.DB.nodes.DB/primary.lag.mean", "requests.failures.timeout", "services.latency.time_in.database",
    "network.tcp.p50", "caches.C.keys", "services.queues.instances.x.total", "events", "weather.today"];
  assert.deepEqual(names.map((name) => metricName(name, texts)), ["RabbitMQ: publishing, p99, s", "RabbitMQ, orders: delivery, mean, s", "R, q: queue size, maximum", "a.b: p99 of the latency, s",
    "Shop-0: queue, mean", "DB/primary: writes behind, mean", "Requests: failures, Timeout", "latency: mean time, Database, s",
    "Network: TCP handshake, p50, s", "C: keys held", "x: requests", "Events", "weather.today"]);
});

pageTest("every figure of a report has words in both languages", { path: "?scenario=coursework-faults&autoplay=0" }, async (page) => {
  await open(page);
  const names = await page.locator("#experiment-metrics option").evaluateAll((options) => options.map((option) => /** @type {HTMLOptionElement} */ (option).value));
  assert.ok(names.length > 500);
  for (const language of /** @type {const} */ (["en", "ru"])) {
    const texts = new Texts();
    texts.language = language;
    assert.deepEqual(names.filter((name) => metricName(name, texts) === name), []);
  }
});

/** @param {Page} page */
async function open(page) {
  await standstill(page);
  await openTab(page, "Experiments");
  await page.getByText(/^\d+ runs?, about .* events/).waitFor();
}

/** @param {Page} page */
async function start(page) {
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByText(/^It took /).waitFor({ timeout: 60_000 });
}

/** The file that a button gives. @param {Page} page @param {string} name */
async function saved(page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
  return readFile(await file.path(), "utf8");
}

const path = "?scenario=coursework&autoplay=0";

pageTest("replications give means with intervals, the same as on the command line", { path }, async (page) => {
  await open(page);
  await page.getByLabel("Replications", { exact: true }).last().fill("30");
  await page.getByText(/^30 runs, about/).waitFor();
  await start(page);
  await page.getByRole("heading", { name: "30 replications" }).waitFor();
  const outcome = JSON.parse(await saved(page, "Results (JSON)"));
  assert.equal(outcome.replications, 30);
  const { mean, half_width_95, n } = outcome.metrics["requests.success_ratio"];
  assert.ok(mean > 0.3 && mean < 1 && half_width_95 > 0 && half_width_95 < 0.1 && n === 30, JSON.stringify(outcome.metrics["requests.success_ratio"]));
  const shown = await page.locator(".experiment-results tbody tr").count();
  await page.getByLabel("All figures").check();
  assert.ok((await page.locator(".experiment-results tbody tr").count()) > shown);
});

pageTest("quantiles over the replications have intervals, or a word that there are too few of them", { path }, async (page) => {
  await open(page);
  await page.getByLabel("Quantiles over the replications").fill("0.5, 95%");
  await page.getByLabel("Replications", { exact: true }).last().fill("30");
  await page.getByText(/^30 runs, about/).waitFor();
  await start(page);
  await page.getByText("The quantile 0.95 cannot be given: its 95 % interval takes at least 59 replications.").waitFor();
  const row = page.locator(".experiment-results tbody tr", { hasText: "Share of successes" }).first();
  assert.match(await row.innerText(), /0\.\d+\s\(0\.\d+\s…\s0\.\d+\)\s+too few values/);
  const head = (await saved(page, "Table (CSV)")).split("\r\n")[0];
  assert.match(head, /requests\.success_ratio\.q0\.95,requests\.success_ratio\.q0\.95\.low/);
  await page.getByLabel("Quantiles over the replications").fill("0.5, 1.5");
  await page.getByText("quantiles: 1.5 is not a share (between 0 and 1)").waitFor();
  assert.ok(await page.getByRole("button", { name: "Start", exact: true }).isDisabled());
});

pageTest("a sweep through saturation gets a warm-up from what settles, and a word on what does not", { path }, async (page) => {
  await open(page);
  await inModel(page, (element) => element.load({
    duration: 300,
    users: { all: { arrivals: { poisson: { rate: 5 } }, targets: { Shop: 1 } } },
    services: { Shop: { service_time: { exponential: { mean: 0.1 } }, workers: 1 } },
  }));
  await page.getByLabel("Sweep").check();
  await page.getByLabel("What is varied").fill("users.all.arrivals.poisson.rate");
  await page.getByLabel("Values", { exact: true }).first().fill("4, 8, 15");
  await page.getByRole("button", { name: "Find it (MSER-5)" }).click();
  await page.getByText(/^Warm-up: [\d.]+ s, the longest .* 1 configuration does not settle .*: 15\.$/).waitFor();
  assert.notEqual(await page.locator("#experiment-warm-up").inputValue(), "");
  await page.getByLabel("Values", { exact: true }).first().fill("15, 20");
  await page.getByRole("button", { name: "Find it (MSER-5)" }).click();
  await page.getByText(/^No warm-up was found: /).waitFor();
  // What was typed while the pilot runs went on is looked at first.
  await page.getByRole("button", { name: "Start", exact: true, disabled: false }).waitFor();
});

pageTest("an element that is taken away ends its experiment", { path }, async (page) => {
  await open(page);
  await page.getByLabel("Replications", { exact: true }).last().fill("9000");
  await page.getByText(/^9,000 runs/).waitFor();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByText(/^[1-9][\d,]* of 9000 runs|^[1-9][\d,]* of 9,000 runs/).waitFor();
  assert.ok(page.workers().length > 0);
  await inModel(page, (element) => element.remove());
  await page.waitForTimeout(3_000);
  assert.equal(page.workers().length, 0);
});

pageTest("a run goes on until the interval is narrow enough, or says why not", { path }, async (page) => {
  await open(page);
  await page.getByLabel("Replications", { exact: true }).last().fill("200");
  await page.getByLabel(/Until the interval is narrow/).check();
  await page.getByText(/^At most 200 runs/).waitFor();
  await page.getByLabel("Half-width, % of the mean").fill("0");
  await page.getByText("the half-width must be a number above 0").waitFor();
  await page.getByLabel("Half-width, % of the mean").fill("5");
  await start(page);
  await page.getByText("The interval is as narrow as wanted.").waitFor();
  await page.getByLabel("Half-width, % of the mean").fill("0.0001");
  await page.getByText(/^At most 200 runs/).waitFor();
  await start(page);
  await page.getByText(/The half-width is .*, not .*; about [\d,]+ replications would do\./).waitFor();
});

pageTest("two systems are compared, with a verdict in words", { path: "?scenario=coursework-faults&autoplay=0" }, async (page) => {
  await open(page);
  await page.getByRole("radio", { name: "Comparison" }).check();
  await page.locator("#experiment-other").selectOption("coursework-resilient");
  await page.getByText(/^40 runs/).waitFor();
  await start(page);
  await page.getByRole("heading", { name: "20 pairs of replications" }).waitFor();
  const row = page.locator(".experiment-results tbody tr", { hasText: "Share of successes" }).first();
  assert.match(await row.innerText(), /B is higher by \d/);
  assert.match(await row.innerText(), /×/);
  const outcome = JSON.parse(await saved(page, "Results (JSON)"));
  assert.equal(outcome.scenario.length, 2);
  // The averages of both over time.
  assert.equal(outcome.series.means["requests.latency_p99"].difference.mean.length, 50);
  await page.getByRole("img", { name: "Requests per second of both systems over time" }).waitFor();
  await page.locator("#experiment-metric").selectOption("requests.success_ratio");
  await page.getByText(/Pair by pair, B is higher in [1-9]\d* of 50 windows/).waitFor();
  assert.equal(await page.locator(".experiment-chart .band").count(), 2);
  await page.getByRole("button", { name: "Show a run of each in the charts" }).click();
  await page.waitForFunction(() => document.querySelector("web-service-model")?.config?.name === "coursework-faults"
    && document.querySelector("web-service-model")?.state === "finished");
  await lookAtChart(page, "rps");
  const canvas = page.locator('[data-chart="rps"] canvas');
  await canvas.focus();
  for (let i = 0; i < 20; i++) await canvas.press("ArrowRight");
  await page.locator('[data-chart="rps"] .chart-tip').getByText(/\(baseline\)/).first().waitFor();
});

pageTest("a sweep has a chart, a table and files", { path }, async (page) => {
  await open(page);
  await page.getByLabel("Sweep").check();
  await page.getByLabel("What is varied").fill("services.PaymentService.instances");
  await page.getByLabel("Values", { exact: true }).first().fill("1:3:3");
  await page.getByLabel("Replications", { exact: true }).last().fill("5");
  await page.getByText(/^15 runs/).waitFor();
  await start(page);
  await page.getByRole("img", { name: /Share of successes by PaymentService\.instances/ }).waitFor();
  assert.equal(await page.locator(".experiment-results tbody tr").count(), 3);
  assert.equal((await saved(page, "Table (CSV)")).trim().split("\r\n").length, 4);
  await page.locator("#experiment-metric").selectOption("requests.latency.p99");
  await page.getByRole("img", { name: /p99 of the latency/ }).waitFor();
});

pageTest("a large sweep is a map that can be read, and a table with an end", { path }, async (page) => {
  await open(page);
  await inModel(page, (element) => element.load({
    duration: 1,
    users: { all: { arrivals: { poisson: { rate: 5 } }, targets: { Shop: 1 } } },
    services: { Shop: { base_latency: "10ms", workers: 1 } },
  }));
  await page.getByLabel("Sweep").check();
  await page.getByLabel("What is varied").fill("services.Shop.workers");
  await page.getByLabel("Values", { exact: true }).first().fill("1:50:50");
  await page.getByLabel("Second, if wanted").fill("users.all.arrivals.poisson.rate");
  await page.getByLabel("Its values").fill("1:40:40");
  await page.getByLabel("Replications", { exact: true }).last().fill("1");
  await page.getByText(/^2,000 runs/).waitFor();
  await start(page);
  assert.equal(await page.locator(".experiment-chart .cell").count(), 2_000);
  assert.equal(await page.locator(".experiment-chart .cell-text").count(), 0);
  assert.equal(await page.locator(".experiment-results tbody tr").count(), 500);
  await page.getByText("The table shows the first 500 of 2,000 configurations; the files have all of them.").waitFor();
  assert.equal((await saved(page, "Table (CSV)")).trim().split("\r\n").length, 2_001);
});

pageTest("what is changed while an experiment runs counts for the next one only", { path }, async (page) => {
  await open(page);
  const replications = page.getByLabel("Replications", { exact: true }).last();
  await replications.fill("3000");
  await page.getByText(/^3,000 runs/).waitFor();
  const button = page.getByRole("button", { name: "Start", exact: true });
  await button.click();
  await page.getByText(/^[1-9][\d,]* of 3,?000 runs/).waitFor();
  await replications.fill("0");
  await inModel(page, (element) => (element.lang = "ru"));
  await page.getByText(/^3\s000 прогонов/).waitFor();
  await inModel(page, (element) => (element.lang = "en"));
  await page.getByRole("button", { name: "Cancel" }).locator("visible=true").click();
  await page.getByText(/^Stopped: [\d,]+ of 3,?000 runs are finished/).waitFor();
  await page.getByText(/^replications: 0 is not a number of replications/).waitFor();
  assert.ok(await button.isDisabled());
});

pageTest("without a number of replications a narrow interval may take ten thousand", { path }, async (page) => {
  await open(page);
  await page.getByLabel("Replications", { exact: true }).last().fill("");
  await page.getByLabel(/Until the interval is narrow/).check();
  await page.getByLabel("Half-width, % of the mean").fill("50");
  await page.getByText(/^At most 10,000 runs/).waitFor();
  await start(page);
  await page.getByText("The interval is as narrow as wanted.").waitFor();
});

pageTest("where there are no Workers, pilot runs leave the page awake", { path }, async (page) => {
  await page.addInitScript(() => {
    // @ts-expect-error a host's policy can do the same
    globalThis.Worker = class { constructor() { throw new Error("not allowed"); } };
  });
  await page.reload();
  await open(page);
  await inModel(page, (element) => element.load({
    duration: 8000,
    users: { all: { arrivals: { poisson: { rate: 50 } }, targets: { Shop: 1 } } },
    services: { Shop: { service_time: { exponential: { mean: 0.01 } }, workers: 1 } },
  }));
  await page.getByText(/^20 runs, about/).waitFor();
  const frames = await inModel(page, async (element) => {
    const root = /** @type {ShadowRoot} */ (element.shadowRoot);
    const [box, find] = /** @type {const} */ (["#experiment-warm-up", ".experiment-form button.small:not([hidden])"]).map((name) => root.querySelector(name));
    const buttons = [...root.querySelectorAll("button")];
    (buttons.find((button) => button.textContent === "Find it (MSER-5)") ?? /** @type {HTMLButtonElement} */ (find)).click();
    let frames = 0;
    while (/** @type {HTMLInputElement} */ (box).value === "") {
      await new Promise(requestAnimationFrame);
      frames += 1;
    }
    return frames;
  });
  // A page that waits for ten runs of 800 000 events each draws two or three times.
  assert.ok(frames > 10, `${frames} frames`);
});

pageTest("systems that run for different times are compared with a word on it", { path }, async (page) => {
  await open(page);
  await page.getByRole("radio", { name: "Comparison" }).check();
  await page.locator("#experiment-other").selectOption("balancing");
  await page.getByText(/^40 runs/).waitFor();
  await page.getByLabel("Replications", { exact: true }).last().fill("2");
  await page.getByText(/^4 runs/).waitFor();
  await start(page);
  await page.getByText(/^A and B are measured for different times \(50 s and \d+ s\)/).waitFor();
  assert.match(await saved(page, "Table (CSV)"), /^figure,a,b,difference,/);
});

pageTest("what cannot be run is refused with its place, and what is too large says so", { path }, async (page) => {
  await open(page);
  await page.getByLabel("Sweep").check();
  await page.getByLabel("What is varied").fill("services.PaymentService.instanzes");
  await page.getByText(/^services\.PaymentService\.instanzes: /).waitFor();
  assert.ok(await page.getByRole("button", { name: "Start", exact: true }).isDisabled());
  await page.getByLabel("What is varied").fill("services.PaymentService.instances");
  await page.getByLabel("Values", { exact: true }).first().fill("2, -1");
  await page.getByText(/^services\.PaymentService\.instances: -1/).waitFor();
  await page.getByLabel("Values", { exact: true }).first().fill("2, 3");
  await page.getByLabel("Replications", { exact: true }).last().fill("9000000");
  await page.getByText("too large for any browser").waitFor();
});

pageTest("a ready-made experiment is cancelled, and what is finished stays", { path }, async (page) => {
  await open(page);
  await page.getByLabel("Ready-made").check();
  await page.locator("#experiment-ready").selectOption("balancing-policies");
  await page.getByText("Ten instances with four workers each").waitFor();
  await page.getByText(/^320 runs/).waitFor();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByText(/^[1-9]\d* of 320 runs/).waitFor();
  await page.getByRole("button", { name: "Cancel" }).locator("visible=true").click();
  await page.getByText(/^Stopped: \d+ of 320 runs are finished/).waitFor();
  await page.locator(".experiment-chart").waitFor();
});

pageTest("a warm-up is found by pilot runs, and the baseline can be compared with", { path }, async (page) => {
  await finish(page);
  await inModel(page, (element) => {
    element.pin();
    element.load({
      duration: 500,
      users: { all: { arrivals: { poisson: { rate: 5 } }, targets: { Shop: 1 } } },
      services: { Shop: { service_time: { exponential: { mean: 0.1 } }, workers: 1 } },
    });
  });
  await openTab(page, "Experiments");
  await page.getByRole("button", { name: "Find it (MSER-5)" }).click();
  await page.waitForFunction(() => {
    const box = document.querySelector("web-service-model")?.shadowRoot?.querySelector("#experiment-warm-up");
    return /** @type {HTMLInputElement} */ (box).value !== "";
  });
  await page.getByRole("radio", { name: "Comparison" }).check();
  assert.equal(await page.locator("#experiment-other").inputValue(), "*baseline");
});

for (const viewport of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
  pageTest(`axe finds nothing in experiments, ${viewport.width} px`, { path, viewport, bypassCSP: true }, async (page) => {
    await open(page);
    await page.getByLabel("Sweep").check();
    await page.getByLabel("Replications", { exact: true }).last().fill("2");
    await page.getByText(/^8 runs/).waitFor();
    await start(page);
    await assertAccessible(page);
    await assertNoSidewaysScroll(page);
    await page.getByRole("radio", { name: "Comparison" }).check();
    await page.getByText(/^4 runs/).waitFor();
    await start(page);
    await assertAccessible(page);
    await assertNoSidewaysScroll(page);
  });
}
