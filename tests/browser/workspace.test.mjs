// All of the laboratory in one view: where its parts stand, sizes that are kept, the figures at its head, and moments of the
// past.

import assert from "node:assert/strict";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { finish, inModel, openTab, standstill, turnTo } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

/** @param {Page} page @param {string} selector */
async function box(page, selector) {
  const found = await page.locator(selector).first().boundingBox();
  assert.ok(found, `${selector} is not seen`);
  return found;
}

for (const [width, height, lang] of /** @type {const} */ ([[1100, 800, "ru"], [1440, 900, "en"], [1440, 900, "ru"], [2560, 1300, "en"]])) {
  pageTest(`in a window of ${width} pixels all is seen at once: ${lang}`, { viewport: { width, height }, path: `?lang=${lang}` }, async (page) => {
    await standstill(page);
    const [scrolls, shown] = await page.evaluate(() => [document.documentElement.scrollHeight, innerHeight]);
    assert.ok(scrolls <= shown, `${scrolls} px in a window of ${shown}`);
    await assertNoSidewaysScroll(page);
    const bar = await box(page, ".tool-bar");
    assert.ok(bar.height <= 50, `the tool bar is ${bar.height} px high`);
    const inner = await page.locator(".tool-bar").evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    assert.ok(inner <= 0, `the tool bar is ${inner} px too long`);
    const picture = await box(page, ".topology");
    assert.ok(picture.y < 60 && picture.height > height * 0.7, JSON.stringify(picture));
    for (const chart of ["rps", "response-percentiles"]) {
      const { y, height: high } = await box(page, `[data-small-chart="${chart}"]`);
      assert.ok(y + high <= height, `${chart} ends at ${y + high}`);
    }
    const figures = await page.locator(".figure").evaluateAll((all) =>
      all.map((figure) => [...figure.querySelectorAll("p, h3")].filter((text) => text.scrollWidth > text.clientWidth + 1).map((text) => text.textContent)).flat());
    assert.deepEqual(figures, [], "texts that do not fit");
  });
}

pageTest("nothing jumps while the page loads", { viewport: { width: 1440, height: 900 } }, async (page) => {
  await page.addInitScript(() => {
    Object.assign(globalThis, { shifts: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) /** @type {any} */ (globalThis).shifts += /** @type {any} */ (entry).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.reload();
  await page.waitForFunction(() => document.querySelector("web-service-model")?.simulation);
  await page.waitForTimeout(1500);
  const shifts = await page.evaluate(() => /** @type {any} */ (globalThis).shifts);
  assert.ok(shifts < 0.02, `layout shift ${shifts}`);
});

pageTest("sizes are dragged, moved with the keyboard, and kept", { viewport: { width: 1440, height: 900 } }, async (page) => {
  await standstill(page);
  const before = await box(page, ".side");
  const border = await box(page, ".splitter-width");
  await page.mouse.move(border.x, border.y + 200);
  await page.mouse.down();
  await page.mouse.move(border.x - 90, border.y + 200, { steps: 4 });
  await page.mouse.up();
  const after = await box(page, ".side");
  assert.ok(Math.abs(after.width - before.width - 90) < 3, `${before.width} became ${after.width}`);
  await openTab(page, "Events");
  const open = await box(page, ".drawer");
  const splitter = page.getByRole("separator", { name: "Height of the views" });
  await splitter.focus();
  await page.keyboard.press("ArrowUp");
  const higher = await box(page, ".drawer");
  assert.equal(higher.height, open.height + 24);
  assert.equal(await splitter.getAttribute("aria-valuenow"), String(Math.round(higher.height)));
  await page.reload();
  await standstill(page);
  assert.ok(Math.abs((await box(page, ".side")).width - after.width) < 2);
  // As wide as it is by itself again.
  await page.locator(".splitter-width").dblclick();
  assert.ok(Math.abs((await box(page, ".side")).width - before.width) < 2);
});

pageTest("the drawer opens with a view, and closes", { bypassCSP: true }, async (page) => {
  await standstill(page);
  const panel = page.locator("#panel-report");
  assert.ok(await panel.isHidden());
  await openTab(page, "Report");
  await panel.waitFor();
  await page.getByRole("button", { name: "Close the views" }).click();
  assert.ok(await panel.isHidden());
  await openTab(page, "Report");
  await panel.waitFor();
  await assertAccessible(page);
});

pageTest("on a phone the parts are pages, the picture first", { viewport: { width: 360, height: 740 }, path: "?lang=ru", bypassCSP: true }, async (page) => {
  await standstill(page);
  await assertNoSidewaysScroll(page);
  const seen = async () => Promise.all([".topology", ".figures", ".drawer"].map((part) => page.locator(part).isVisible()));
  assert.deepEqual(await seen(), [true, false, false]);
  await turnTo(page, "figures");
  assert.deepEqual(await seen(), [false, true, false]);
  await turnTo(page, "views");
  assert.deepEqual(await seen(), [false, false, true]);
  await openTab(page, "События");
  await turnTo(page, "picture");
  await inModel(page, (element) => element.select("PaymentService-0"));
  await page.locator(".component-panel").waitFor();
  assert.deepEqual(await seen(), [true, false, false]);
  await assertAccessible(page);
});

pageTest("a dead shop is said to fail, by every figure", { path: "?scenario=overload" }, async (page) => {
  await finish(page);
  const states = await page.locator(".figure").evaluateAll((all) => all.map((figure) => /** @type {HTMLElement} */ (figure).dataset.state));
  assert.deepEqual(states, ["failing", "strained", "failing", "failing"]);
  const value = (/** @type {string} */ name) => page.locator(`[data-figure="${name}"] .figure-value`).innerText();
  assert.match(await value("goodput"), /^0\.\d\/s$/);
  assert.match(await value("response"), /^3\.\d\d\ss$/);
  assert.match(await value("success"), /^[01]\.\d%$/);
  assert.match(await page.locator('[data-figure="success"]').innerText(), /failing/);
});

pageTest("live figures do not depend on the speed of watching", {}, async (page) => {
  await finish(page);
  const fast = await page.locator(".figure-value").allInnerTexts();
  await standstill(page);
  await inModel(page, (element) => element.stepSeconds(50));
  assert.deepEqual(await page.locator(".figure-value").allInnerTexts(), fast);
});

pageTest("any moment of the past is shown as it was", { viewport: { width: 1440, height: 900 } }, async (page) => {
  await finish(page);
  const head = page.getByRole("slider", { name: "Moment that is seen" });
  const line = await box(page, ".timeline");
  for (const share of [0.9, 0.5, 0.13, 0.7]) {
    const from = await head.boundingBox();
    assert.ok(from);
    await page.mouse.move(from.x + 9, from.y + 9);
    await page.mouse.down();
    await page.mouse.move(line.x + line.width * share, from.y + 9, { steps: 3 });
    await page.mouse.up();
    const time = Number(await head.getAttribute("aria-valuenow"));
    assert.ok(Math.abs(time - share * 50) < 0.2, `${time} s`);
    assert.equal(await page.locator(".status").textContent(), "In the past");
    // To the very moment that is said.
    await inModel(page, (element, time) => element.goTo(time), time);
    const [offered, failed] = await inModel(page, (element, time) => {
      const Simulation = /** @type {any} */ (element.simulation).constructor;
      const fresh = new Simulation(element.config);
      fresh.advanceTo(time);
      const { offered, failed } = fresh.recent(5);
      fresh.free();
      return [offered, failed];
    }, time);
    const figure = (/** @type {string} */ name) => page.locator(`[data-figure="${name}"] .figure-note`).first().innerText();
    assert.match(await figure("goodput"), new RegExp(`^of ${offered.toFixed(1)}/s`));
    assert.equal(await figure("success"), `${failed.toFixed(1)}/s fail`);
  }
  await head.focus();
  await page.keyboard.press("ArrowLeft");
  assert.ok(Math.abs(Number(await head.getAttribute("aria-valuenow")) - 34) < 0.2);
  await page.getByRole("button", { name: "Back: 1 event" }).click();
  await page.getByRole("button", { name: "Back to the last failover" }).click();
  await page.getByRole("button", { name: "Now", exact: true }).click();
  assert.equal(await page.locator(".status").textContent(), "Finished");
  assert.equal(Number(await head.getAttribute("aria-valuenow")), 50);
});

pageTest("what was simulated is played once more, and goes on", {}, async (page) => {
  await standstill(page);
  await inModel(page, (element) => element.stepSeconds(20));
  await inModel(page, (element) => {
    element.goTo(5);
    element.speed = 20;
    element.play();
  });
  await page.waitForFunction(() => (document.querySelector("web-service-model")?.simulation?.now ?? 0) > 20.5);
  await inModel(page, (element) => element.pause());
  const now = await inModel(page, (element) => element.simulation?.now ?? 0);
  assert.equal(await inModel(page, (element) => element.simulation?.reportJson()), await inModel(page, (element, now) => {
    const Simulation = /** @type {any} */ (element.simulation).constructor;
    const fresh = new Simulation(element.config);
    fresh.advanceTo(now);
    return fresh.reportJson();
  }, now));
});

pageTest("steps of several events are steps in the past, too", {}, async (page) => {
  await finish(page);
  const events = await inModel(page, (element) => {
    /** @type {number[]} */
    const told = [];
    element.addEventListener("progress", (event) => told.push(/** @type {any} */ (event).detail.events));
    element.goTo(20);
    const before = told[told.length - 1];
    element.stepEvents(5);
    return [before, told[told.length - 1]];
  });
  assert.equal(events[1] - events[0], 5);
  assert.equal(await inModel(page, (element) => element.state), "past");
});

pageTest("what if: both futures go on with the same chance", {}, async (page) => {
  await finish(page);
  await inModel(page, (element) => element.goTo(20));
  await page.getByRole("button", { name: "What if" }).click();
  assert.equal(await inModel(page, (element) => element.simulation?.now), 20);
  const report = () => inModel(page, (element) => element.simulation?.reportJson());
  // Nothing is done: the same once more.
  await inModel(page, (element) => element.stepSeconds(50));
  const same = await report();
  await inModel(page, (element) => {
    element.goTo(20);
    element.crash("AuthService-0");
    element.stepSeconds(50);
  });
  const other = await report();
  assert.notEqual(other, same);
  await openTab(page, "Report");
  await page.locator(".sheets").getByText("%").first().waitFor();
  await page.getByRole("button", { name: "Compare with nothing" }).first().waitFor();
});

pageTest("what is done in the past makes another future, and a change that is refused leaves all as it was", {}, async (page) => {
  await finish(page);
  await inModel(page, (element) => element.goTo(10));
  const refused = await inModel(page, (element) => {
    try {
      element.patch({ services: { PaymentService: { workers: -1 } } });
      return "taken";
    } catch (problem) {
      return /** @type {any} */ (problem).code;
    }
  });
  assert.equal(refused, "bad_config");
  assert.equal(await inModel(page, (element) => element.simulation?.now), 50);
  await inModel(page, (element) => element.crash("PaymentService-0"));
  assert.equal(await inModel(page, (element) => element.simulation?.now), 10);
  assert.equal(await page.locator(".status").textContent(), "Paused");
});

pageTest("a run at full speed is played from the past, too, and the places in the picture stay", { viewport: { width: 1440, height: 900 }, path: "?speed=max" }, async (page) => {
  await finish(page);
  const shape = () => page.locator(".picture").getAttribute("viewBox");
  const before = await shape();
  await inModel(page, (element) => element.goTo(10));
  assert.equal(await shape(), before);
  assert.match((await page.locator(".way-rate").first().textContent()) ?? "", /\d\/s/);
  await inModel(page, (element) => element.play());
  await page.locator('.controls[data-state="finished"]').waitFor();
  assert.equal(await inModel(page, (element) => element.simulation?.now), 50);
  assert.equal(await shape(), before);
});

pageTest("a number is changed in the past without losing the keyboard", { viewport: { width: 1440, height: 900 } }, async (page) => {
  await finish(page);
  await inModel(page, (element) => {
    element.goTo(20);
    element.select("PaymentService-0");
  });
  const field = page.locator(".panel-input input").nth(2);
  await field.fill("120");
  await field.press("Enter");
  await page.locator(".panel-message").getByText("Applied").first().waitFor();
  assert.ok(await field.evaluate((input) => input.matches(":focus")));
  assert.equal(await inModel(page, (element) => element.simulation?.now), 20);
});

pageTest("a page of views on a phone shows the first one", { viewport: { width: 360, height: 740 } }, async (page) => {
  await standstill(page);
  await turnTo(page, "views");
  await page.locator("#panel-charts .chart").first().waitFor();
});
