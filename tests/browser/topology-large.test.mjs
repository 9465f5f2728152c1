// The live picture of large systems, made up: it must fit, and nothing may lie over anything else.

import assert from "node:assert/strict";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { inModel, standstill } from "./laboratory.mjs";
import * as large from "./large-systems.mjs";

/** @import { Page } from "playwright-core" */
/** @import { Config } from "#web-service-model" */

/** @type {[string, () => Config][]} */
const systems = [
  ["sixty services behind one balancer", () => large.fanOut(60)],
  ["twenty services with a database and a cache each", () => large.shards(20)],
  ["a service of thirty instances", () => large.instances(30)],
  ["a chain of fifteen services", () => large.chain(15)],
  ["a gateway to twelve services with one database", () => large.gateway(12)],
  ["services of which no two are alike", () => large.mesh(24)],
  ["a large shop", () => large.shop()],
];

/** @param {Page} page @param {Config} config */
async function draw(page, config) {
  await standstill(page);
  await inModel(page, (element, config) => {
    element.load(config);
    for (let step = 0; step < 6; step += 1) element.stepSeconds(1);
  }, config);
  await page.locator(".picture").waitFor();
}

/** What of the picture lies over what it should not. @param {Page} page */
function overlaps(page) {
  return page.evaluate(() => {
    const root = /** @type {ShadowRoot} */ (document.querySelector("web-service-model")?.shadowRoot);
    const boxes = (/** @type {string} */ selector) => [...root.querySelectorAll(selector)].map((element) => element.getBoundingClientRect());
    const over = (/** @type {DOMRect} */ one, /** @type {DOMRect} */ other) =>
      one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1;
    const pairs = (/** @type {DOMRect[]} */ list) => list.flatMap((one, index) => list.slice(index + 1).filter((other) => over(one, other))).length;
    const names = [...root.querySelectorAll(".card-name")];
    const beyond = names.filter((name) => {
      const count = /** @type {Element} */ (name.parentElement?.querySelector(".card-count"));
      return count.textContent && over(name.getBoundingClientRect(), count.getBoundingClientRect());
    });
    const picture = /** @type {Element} */ (root.querySelector(".picture")).getBoundingClientRect();
    const outside = boxes(".card-box").filter((box) => box.left < picture.left || box.right > picture.right || box.top < picture.top || box.bottom > picture.bottom);
    return { cards: pairs(boxes(".card-box")), frames: pairs(boxes(".frame-box")), names: beyond.length, outside: outside.length };
  });
}

for (const [name, config] of systems) {
  pageTest(`${name}: all of it is seen, and nothing lies over anything else`, { path: "?view=topology", viewport: { width: 1280, height: 1000 } }, async (page) => {
    await draw(page, config());
    const { names, drawn } = await page.evaluate(() => {
      const element = /** @type {any} */ (document.querySelector("web-service-model"));
      return {
        names: element.simulation.components().map((/** @type {any} */ one) => one.name).sort(),
        drawn: [...element.shadowRoot.querySelectorAll(".cell")].map((/** @type {any} */ cell) => cell.dataset.component).sort(),
      };
    });
    assert.deepEqual(drawn, names);
    assert.deepEqual(await overlaps(page), { cards: 0, frames: 0, names: 0, outside: 0 });
    const scale = await page.locator(".picture").evaluate((svg) => svg.clientWidth / /** @type {SVGSVGElement} */ (svg).viewBox.baseVal.width);
    assert.ok(scale >= 0.6, `it is drawn at ${scale}`);
    // Little of it may have to be scrolled to.
    const [across, down] = await page.locator(".topology-view").evaluate((view) => [view.scrollWidth / view.clientWidth, view.scrollHeight / view.clientHeight]);
    assert.ok(across < 1.1 && down < 1.1, `${across} times the width, ${down} times the height of the window`);
  });
}

pageTest("alike services share a frame and a line; each tells what comes to it", { locale: "en" }, async (page) => {
  await draw(page, large.fanOut(60));
  assert.equal(await page.locator(".frame-count").textContent(), "60 services");
  assert.equal(await page.locator(".picture .way").count(), 2);
  const rates = await page.locator('.topology-card[data-kind="service"] .card-count').allTextContents();
  assert.equal(rates.length, 60);
  const sum = rates.reduce((sum, rate) => sum + Number.parseFloat(rate), 0);
  const whole = Number.parseFloat((await page.locator(".way-rate").last().textContent()) ?? "");
  assert.ok(rates.every((rate) => /^[\d.]+\/s$/.test(rate)) && Math.abs(sum - whole) < 4, `${sum} of ${whole}`);
  await page.locator("#language").selectOption("ru");
  await page.locator(".frame-count").getByText("60 сервисов").waitFor();
});

pageTest("cards of a block stand in the order of the configuration", {}, async (page) => {
  await draw(page, large.fanOut(12));
  const places = await page.locator('.topology-card[data-kind="service"]').evaluateAll((cards) => cards.map((card) => {
    const { left, top } = card.getBoundingClientRect();
    return { name: card.querySelector(".card-name")?.textContent ?? "", left, top };
  }));
  const read = [...places].sort((one, other) => (Math.abs(one.top - other.top) > 4 ? one.top - other.top : one.left - other.left));
  assert.deepEqual(read.map(({ name }) => name), places.map(({ name }) => name).sort());
});

pageTest("a few services keep their own lines", {}, async (page) => {
  await draw(page, large.fanOut(5));
  assert.equal(await page.locator(".frame-box").count(), 0);
  assert.equal(await page.locator(".picture .way").count(), 6);
});

pageTest("a folded chain runs on in every band", { viewport: { width: 1280, height: 1000 } }, async (page) => {
  await draw(page, large.chain(15));
  const cards = await page.locator(".topology-card").evaluateAll((all) => all.map((card) => card.getBoundingClientRect().toJSON()));
  assert.ok(new Set(cards.map(({ y, height }) => Math.round(y + height / 2))).size < 6, "the chain is not folded");
  // Each line begins at the edge of one card and ends at that of the next.
  const gaps = cards.slice(1).map((card, index) => {
    const before = cards[index];
    const sideways = Math.max(card.left - before.right, before.left - card.right);
    return Math.max(sideways, card.top - before.bottom);
  });
  assert.ok(gaps.every((gap) => gap > 8 && gap < 120), `gaps of ${gaps.map(Math.round)}`);
});

pageTest("the arrow keys lead through a block, and what is chosen keeps its ways in sight", {}, async (page) => {
  await draw(page, large.shop());
  await page.locator('.cell[data-component="Basket-0"] [role="button"]').focus();
  await page.keyboard.press("Enter");
  const faint = page.locator('.way[data-faint="true"]');
  const [all, away] = [await page.locator(".picture .way").count(), await faint.count()];
  assert.ok(away > 0 && away < all - 2, `${away} of ${all} ways are faint`);
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await page.locator('.cell-edge[aria-pressed="true"]').getAttribute("aria-label"), null);
  await page.keyboard.press("Escape");
});

pageTest("requests walk between the cards of a block to the one they are for", { path: "?speed=0.05" }, async (page) => {
  await draw(page, large.fanOut(60));
  await page.locator(".picture").scrollIntoViewIfNeeded();
  await inModel(page, (element) => {
    const simulation = /** @type {any} */ (element.simulation);
    simulation.inFlight = () => ({ total: 1, visits: [{ id: 1, request: 1, service: "Service37", place: "Service37-0", phase: "processing", since: 0, is_read: true }] });
    element.play();
  });
  await page.waitForFunction(() => {
    const root = document.querySelector("web-service-model")?.shadowRoot;
    const [dot, cell] = [".request:not([display=none], .answer)", '[data-component="Service37-0"]'].map((name) => root?.querySelector(`.picture ${name}`)?.getBoundingClientRect());
    return dot && cell && dot.left >= cell.left - 8 && dot.right <= cell.right && dot.top >= cell.top && dot.bottom <= cell.bottom;
  });
});

for (const [language, colorScheme] of /** @type {const} */ ([["en", "light"], ["ru", "dark"]])) {
  const options = { path: `?lang=${language}`, colorScheme, viewport: { width: 360, height: 740 }, bypassCSP: true };
  pageTest(`sixty services on a phone: ${language}, ${colorScheme}`, options, async (page) => {
    await draw(page, large.fanOut(60));
    await assertNoSidewaysScroll(page);
    const view = await page.locator(".topology-view").evaluate((view) => view.scrollWidth - view.clientWidth);
    assert.ok(view <= 1, "the picture scrolls sideways");
    assert.deepEqual(await overlaps(page), { cards: 0, frames: 0, names: 0, outside: 0 });
    await assertAccessible(page);
  });
}
