// A link holds the whole view: tab, charts and what is hidden in them, zoom, speed, and the baseline.

import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { decodeLink, encodeLink } from "../../www/run/permalink.js";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { finish, inModel, lookAtChart, openTab, openView, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

/** @param {unknown} content */
const link = (content) => `#1.${deflateRawSync(JSON.stringify(content)).toString("base64url")}`;

const small = {
  name: "small", title: { en: "A small system" }, seed: 11, duration: 20,
  users: { all: { arrivals: { poisson: { rate: 50 } }, targets: { Api: 1 } } },
  services: { Api: { base_latency: 0.01 } },
};

/** A link that the page made before it knew of charts and baselines: a small system, the report, zoomed. */
const OLD = "#1.RY9NasMwEIWvYt5aLXKgi84u5yilKM40CGTLSLJLarRI1oFeoIfwJlD6c4fxjYrcRVcD33zMmzeh8d2zPYAmdKZlEGJrnINCsslx4dyBsK1WXsVjTNxCIQwgyLvM8iVX-Vku8inz8lYtJ_lYTstZrvItM7JCZN6D6lphPwSTrO9AG60wRA6xBJS8MkKwo3Er6r2NsYgTgkkMutM5KyQTDpxWY9tbUJ3zGhBG2_A_nrAzkZ-cSdw1R5C-1X_maPmlrJPZgRC49yGhHHDcpNKytze6gH79WSu8et-CHjbq_jHnXw";

/** Opens an address in a new page of the same browser. @param {Page} page @param {string} address */
async function open(page, address) {
  const other = await page.context().newPage();
  await other.goto(address);
  await other.waitForFunction(() => document.querySelector("web-service-model")?.simulation);
  return other;
}

/** Legend entries of a chart that are hidden. @param {Page} page @param {string} chart */
function hidden(page, chart) {
  return page.locator(`[data-chart="${chart}"] .legend button[aria-pressed="false"]`);
}

pageTest("a link of the first days opens as it did", { path: OLD }, async (page) => {
  await page.waitForFunction(() => document.querySelector("web-service-model")?.seed === 11);
  assert.equal(await inModel(page, (element) => element.speed), Infinity);
  assert.equal(await page.getByRole("tab", { name: "Report" }).getAttribute("aria-selected"), "true");
  await page.locator(".component-panel").getByRole("heading", { name: "Api-0" }).waitFor();
  await openTab(page, "Charts");
  await page.locator(".zoom-note").getByText("2.0 s").waitFor();
  assert.equal(await page.locator(".rerun").isVisible(), false);
});

pageTest("charts that were chosen and legend entries that were hidden are in the link, in either language", { path: "?autoplay=0" }, async (page) => {
  await standstill(page);
  await inModel(page, (element) => element.stepSeconds(5));
  await lookAtChart(page, "rps");
  await page.locator('[data-chart="rps"] .legend button').first().click();
  await page.locator(".more summary").click();
  const picker = page.locator(".series-picker");
  await picker.getByRole("button", { name: "New chart" }).click();
  const title = await page.locator('[data-chart="custom"] h3').textContent();
  const name = await hidden(page, "rps").first().textContent();
  const address = await inModel(page, (element) => element.permalink());
  const other = await open(page, address);
  await inModel(other, (element) => element.stepSeconds(5));
  await lookAtChart(other, "rps");
  assert.equal(await hidden(other, "rps").first().textContent(), name);
  assert.equal(await hidden(other, "rps").count(), 1);
  assert.equal(await other.locator('[data-chart="custom"] h3').textContent(), title);
  assert.ok(await other.locator(".more").evaluate((more) => /** @type {HTMLDetailsElement} */ (more).open));
  const inRussian = new URL(address);
  inRussian.searchParams.set("lang", "ru");
  const russian = await open(page, inRussian.href);
  await inModel(russian, (element) => element.stepSeconds(5));
  await lookAtChart(russian, "rps");
  await hidden(russian, "rps").first().waitFor();
  assert.equal(await hidden(russian, "rps").count(), 1);
  assert.match((await hidden(russian, "rps").first().textContent()) ?? "", /[а-я]/);
});

pageTest("which events the log shows is in the link, and what is not offered is passed over", { path: "?autoplay=0&scenario=primary-failover" }, async (page) => {
  await standstill(page);
  await openTab(page, "Events");
  await page.locator("#log-kinds").selectOption("all");
  await page.locator("#log-component").selectOption("SyncDB");
  const address = await inModel(page, (element) => element.permalink());
  const other = await open(page, address);
  assert.equal(await other.locator("#log-kinds").inputValue(), "all");
  assert.equal(await other.locator("#log-component").inputValue(), "SyncDB");
  await finish(other);
  const names = other.locator(".log-list .log-component");
  await other.locator(".log").scrollIntoViewIfNeeded();
  await names.first().waitFor();
  assert.ok((await names.allTextContents()).every((name) => name.startsWith("SyncDB")));
  await page.locator("#log-kinds").selectOption("important");
  await page.locator("#log-component").selectOption("");
  assert.ok((await inModel(page, (element) => element.permalink())).length < address.length, "a choice that is none takes no room");
  const whole = await decodeLink(new URL(await inModel(page, (element) => element.permalink())).hash);
  const strange = await encodeLink({ ...whole, view: { ...whole.view, log: { kinds: "__proto__", component: "Nobody" } } });
  const odd = await open(page, Object.assign(new URL(address), { hash: strange }).href);
  assert.equal(await odd.locator("#log-kinds").inputValue(), "important");
  assert.equal(await odd.locator("#log-component").inputValue(), "");
});

pageTest("what is hidden stays hidden when the language changes", { path: "?autoplay=0" }, async (page) => {
  await standstill(page);
  await inModel(page, (element) => element.stepSeconds(5));
  await lookAtChart(page, "rps");
  await page.locator('[data-chart="rps"] .legend button').nth(1).click();
  await page.locator("#language").selectOption("ru");
  await page.getByRole("tab", { name: "Графики" }).waitFor();
  await page.locator('[data-chart="rps"] .legend').getByText(/[а-я]/).first().waitFor();
  assert.deepEqual(await page.locator('[data-chart="rps"] .legend button').evaluateAll((all) => all.map((one) => one.getAttribute("aria-pressed"))).then((all) => all.indexOf("false")), 1);
});

pageTest("a pinned baseline is run once more when the link is opened, to the byte", { path: "?autoplay=0" }, async (page) => {
  await standstill(page);
  await inModel(page, (element, config) => {
    element.load(/** @type {any} */ (config));
    element.stepSeconds(20);
    element.pin();
    // A run with another probability is compared with it.
    element.load(/** @type {any} */ ({ ...config, services: { Api: { ...config.services.Api, fail_prob: 0.2 } } }));
    element.stepSeconds(5);
  }, small);
  await openTab(page, "Report");
  const said = await page.locator(".baseline-status").textContent();
  const address = await inModel(page, (element) => element.permalink());
  const other = await open(page, address);
  await other.locator(".report.comparing").waitFor({ state: "attached" });
  assert.ok(await other.locator(".rerun").isHidden());
  await inModel(other, (element) => element.stepSeconds(5));
  assert.equal(await other.locator(".baseline-status").textContent(), said);
  const figures = (/** @type {Page} */ one) => one.locator(".report td").allTextContents();
  assert.deepEqual(await figures(other), await figures(page));
});

pageTest("a run that is pinned, and not yet followed by another, is the baseline of who opens the link", { path: "?autoplay=0" }, async (page) => {
  await standstill(page);
  await inModel(page, (element, config) => {
    element.load(/** @type {any} */ (config));
    element.stepSeconds(7);
    element.pin();
  }, small);
  const other = await open(page, await inModel(page, (element) => element.permalink()));
  await openTab(other, "Report");
  await other.locator(".baseline-status").getByText("7.0 s").waitFor();
});

pageTest("what was broken by hand in the baseline is not in the link, which is said", { path: "?autoplay=0", permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
  await standstill(page);
  await inModel(page, (element, config) => {
    element.load(/** @type {any} */ (config));
    element.stepSeconds(2);
    element.crash("Api-0", 1);
    element.stepSeconds(2);
    element.pin();
    element.reset();
  }, small);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("which will be run once more without that").waitFor();
});

/** A baseline that takes a while. */
const slow = {
  config: { ...small, name: "slow", duration: 4000, users: { all: { arrivals: { poisson: { rate: 20_000 } }, targets: { Api: 1 } } } },
  until: 4000,
};

for (const [lang, stop, viewport] of /** @type {const} */ ([["en", "Do without it", { width: 1280, height: 900 }], ["ru", "Обойтись без него", { width: 360, height: 740 }]])) {
  pageTest(`a long baseline tells how far it is, and can be done without: ${lang}`, { path: `?autoplay=0&lang=${lang}${link({ config: small, view: {}, baseline: slow })}`, viewport, bypassCSP: true }, async (page) => {
    await page.waitForFunction(() => document.querySelector("web-service-model")?.seed === 11);
    const notice = page.locator(".rerun");
    await notice.waitFor();
    await page.waitForFunction(() => (document.querySelector("web-service-model")?.shadowRoot?.querySelector(/** @type {"progress"} */ (".rerun progress"))?.value ?? 0) > 0);
    await assertAccessible(page);
    await assertNoSidewaysScroll(page);
    // The page works meanwhile, and its link still names the baseline.
    await inModel(page, (element) => element.stepSeconds(3));
    assert.equal(await inModel(page, (element) => element.simulation?.now), 3);
    assert.ok((await inModel(page, (element) => element.permalink())).length > link({ config: small, view: {} }).length + 100);
    await notice.getByRole("button", { name: stop }).focus();
    await page.keyboard.press("Enter");
    assert.ok(await notice.isHidden());
    assert.equal(await page.locator("button.run:focus").count(), 1);
    assert.equal(await page.locator(".report.comparing").count(), 0);
  });
}

pageTest("a bad baseline in a good link gets a message, and the rest works", {
  path: link({ config: small, view: { tab: "report" }, baseline: { config: { services: { "<img src=x>": { instances: -1 } } }, until: 5 } }),
}, async (page) => {
  await page.getByRole("alert").getByText("What the link compares with cannot be run once more").waitFor();
  await page.getByRole("alert").getByText("Its configuration has mistakes.").waitFor();
  assert.equal(await inModel(page, (element) => element.seed), 11);
  assert.equal(await page.locator("web-service-model .view img").count(), 0);
});

pageTest("hostile charts in a good link do no harm", {
  path: link({ config: small, view: { charts: { lang: "xx", more: true, hidden: { __proto__: ["a"], rps: ["<b>"] }, own: [{ series: ["<img src=x onerror=alert(1)>"] }, { series: ["nothing"] }] } } }),
}, async (page) => {
  await page.waitForFunction(() => document.querySelector("web-service-model")?.seed === 11);
  assert.equal(await page.locator('[data-chart="custom"]').count(), 0);
  await openView(page, "charts");
  await page.locator('[data-chart="rps"] .legend button').first().waitFor();
  assert.equal(await hidden(page, "rps").count(), 0);
});
