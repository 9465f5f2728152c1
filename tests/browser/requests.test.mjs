import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../../www/i18n/en.js";
import { loadLanguage, Texts } from "../../www/i18n/texts.js";
import { totals } from "../../www/parts/requests/phases.js";
import { reasons } from "../../www/parts/requests/reasons.js";
import { ticks } from "../../www/parts/requests/ticks.js";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { inModel, openTab, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */
/** @import { CauseLink, Span } from "#web-service-model" */

await loadLanguage("ru");

test("an axis has round values from zero on", () => {
  assert.deepEqual(ticks(1, 5), [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]);
  assert.deepEqual(ticks(0.07, 4), [0, 0.02, 0.04, 0.06]);
  assert.deepEqual(ticks(0, 5), [0]);
});

test("times are summed over what the user waits for, by phase", () => {
  const spans = /** @type {Span[]} */ ([
    { depth: 0, phase: "network", start: 1, end: 2 },
    { depth: 0, phase: "calls", start: 2, end: 5 },
    { depth: 1, phase: "network", start: 2, end: 4 },
    { depth: 0, phase: "network", start: 5, end: 5.5 },
  ]);
  assert.deepEqual(totals(spans), [["network", 1.5], ["calls", 3]]);
});

test("every cause of failure can be told as a reason", () => {
  for (const key of Object.keys(en).filter((one) => one.startsWith("cause."))) {
    assert.ok(Object.hasOwn(en, key.replace("cause.", "why.")), key);
  }
});

test("a chain of causes reads as one sentence", () => {
  const link = (/** @type {Partial<CauseLink>} */ more) => ({ service: "Shop", component: "Shop-0", cause: "", time: 1, ...more });
  const chain = [link({ cause: "call_failed" }), link({ service: "Payment", component: "DB-0", cause: "database_down" })];
  const texts = new Texts();
  const say = () => reasons(chain, texts).map(({ text }) => text);
  assert.deepEqual(say(), ["a service that Shop called failed, because", "the database node DB-0, which Payment needed, was down."]);
  texts.language = "ru";
  assert.deepEqual(say(), ["отказал сервис, который вызвал Shop, потому что", "узел базы данных DB-0, нужный сервису Payment, не работал."]);
  texts.language = "en";
  const timeout = (/** @type {string} */ component) => reasons([link({ cause: "timeout", component })], texts)[0].text;
  assert.equal(timeout("DB-0"), "Shop did not answer in time: it was still at DB-0.");
  assert.equal(timeout(""), "Shop did not answer in time.");
});

/** Runs for a while, and shows the inspector. @param {Page} page @param {string} which @param {number} [until] */
async function inspect(page, which, until = 30) {
  await standstill(page);
  await inModel(page, (element, time) => element.stepSeconds(time), until);
  await openTab(page, "Requests");
  await page.locator("#requests-which").selectOption(which);
}

/** @param {Page} page */
const rows = (page) => page.locator(".request-list tbody tr");

const path = "?scenario=coursework-resilient";

pageTest("a slow request's bars add up to its latency", { path }, async (page) => {
  await inspect(page, "slowest");
  await rows(page).first().click();
  const [request, trace] = await inModel(page, (element) => {
    const first = element.simulation?.traces({ which: "slowest" })[0];
    return [first, element.simulation?.trace(first?.number ?? -1)];
  });
  assert.ok(request && trace);
  await page.getByRole("heading", { name: `Request ${request.number} to ${request.service}` }).waitFor();
  const own = trace.spans.filter((span) => span.depth === 0);
  const sum = own.reduce((all, span) => all + span.end - span.start, 0);
  assert.ok(Math.abs(sum - request.latency) < 1e-6);
  await page.getByText(/bars of the user's own waiting add up to .*: the time the request took/).waitFor();
  assert.equal(await page.locator(".waterfall .bar-span").count(), trace.spans.length);
  // The last bar ends where the track ends.
  const ends = await page.locator(".waterfall .bar-span").evaluateAll((bars) =>
    bars.map((bar) => parseFloat(bar.style.left) + parseFloat(bar.style.width)));
  assert.ok(Math.abs(Math.max(...ends) - 100) < 1e-3, String(ends));
  await page.getByText("The same as a table").click();
  assert.equal(await page.locator(".trace tbody tr").count(), trace.spans.length);
});

pageTest("a failed request says why, in the language of the page", { path }, async (page) => {
  await inspect(page, "failed");
  const cause = await inModel(page, (element) => element.simulation?.traces({ which: "failed" })[0].cause);
  await rows(page).first().click();
  await page.getByText("The request failed because").waitFor();
  const said = await page.locator(".why li").last().textContent();
  assert.match(said ?? "", /\. at \d+\.\d+\ss$/, `${cause}: ${said}`);
  await page.locator("#language").selectOption("ru");
  await page.getByText("Запрос не удался, потому что").waitFor();
  assert.match((await page.locator(".why li").last().textContent()) ?? "", /[а-я]/);
});

pageTest("the list stands still while a request is chosen", { path }, async (page) => {
  await inspect(page, "latest", 10);
  const first = () => rows(page).first().getAttribute("data-request");
  const before = await first();
  await rows(page).first().click();
  await page.mouse.move(0, 0);
  await inModel(page, (element) => element.stepSeconds(1));
  assert.equal(await first(), before);
  await page.getByRole("button", { name: /New requests: \d+, show/ }).click();
  assert.notEqual(await first(), before);
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await page.getByText("Choose a request to see where its time went.").waitFor();
});

pageTest("requests are chosen with the keyboard, and found by service", { path }, async (page) => {
  await inspect(page, "latest", 10);
  await page.locator("#requests-service").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await rows(page).nth(1).locator("button").getAttribute("aria-pressed"), "true");
  await page.keyboard.press("End");
  assert.ok(await rows(page).last().locator("button").evaluate((button) => button.matches(":focus")));
  await page.locator("#requests-service").selectOption("DataService");
  const services = await page.locator(".request-list tbody td:nth-child(3)").allTextContents();
  assert.deepEqual([...new Set(services)], ["DataService"]);
});

pageTest("the inspector stands alone", { path: "?scenario=coursework&view=requests" }, async (page) => {
  await page.waitForFunction(() => document.querySelector("web-service-model")?.simulation);
  await inModel(page, (element) => element.setAttribute("view", "requests"));
  await page.locator("section.requests").waitFor();
  assert.ok(!(await page.getByRole("tab").first().isVisible()));
});

for (const viewport of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
  pageTest(`axe finds nothing in a chosen request, ${viewport.width} px`, { path, viewport, bypassCSP: true }, async (page) => {
    await inspect(page, "failed");
    await rows(page).first().click();
    await page.getByText("The same as a table").click();
    await assertAccessible(page);
    await assertNoSidewaysScroll(page);
    await page.locator("#requests-which").selectOption("slowest");
    await rows(page).first().click();
    await assertAccessible(page);
    await assertNoSidewaysScroll(page);
  });
}
