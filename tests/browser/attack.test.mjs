// What goes wrong only when somebody does odd things: changes in the middle of a run, elements that come and go,
// scripts that ask for nonsense.

import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";
import { component, finish, inModel, lookAtChart, now, openTab, standstill, status } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

const FAILOVER = { path: "?autoplay=0&scenario=primary-failover" };

/** A component in the picture. @param {Page} page @param {string} name */
const cell = (page, name) => page.locator(`.cell[data-component="${name}"] .cell-edge`);

/** @param {Page} page @param {number} instances */
const scale = (page, instances) =>
  inModel(page, (element, count) => void element.patch({ services: { AsyncShop: { instances: count } } }), instances);

/** What has the focus, by what it says of itself. @param {Page} page */
const focused = (page) => inModel(page, (element) => {
  const active = element.shadowRoot?.activeElement;
  return active?.getAttribute("aria-label") ?? active?.textContent ?? "";
});

pageTest("a finished run goes on when its end is moved", FAILOVER, async (page) => {
  await finish(page);
  await inModel(page, (element) => element.patch({ duration: 200 }));
  await page.getByText("Paused", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.locator('.controls[data-state="finished"]').waitFor();
  assert.equal(await now(page), 200);
});

pageTest("the chosen part of the timeline stays where it is when the end is moved", FAILOVER, async (page) => {
  await finish(page);
  const bar = await page.locator(".timeline-bar").boundingBox();
  assert.ok(bar);
  await page.mouse.move(bar.x + bar.width / 2, bar.y + 3);
  await page.mouse.down();
  await page.mouse.move(bar.x + bar.width * 0.75, bar.y + 3, { steps: 4 });
  await page.mouse.up();
  const range = page.locator(".timeline-range");
  const left = () => range.evaluate((/** @type {HTMLElement} */ element) => parseFloat(element.style.left));
  assert.ok(Math.abs(await left() - 50) < 1);
  await inModel(page, (element) => element.patch({ duration: 360 }));
  assert.ok(Math.abs(await left() - 25) < 1, `the range begins at ${await left()} %`);
});

pageTest("an instance that is taken away leaves the panel, the picture and the filter once it is done", FAILOVER, async (page) => {
  await standstill(page);
  await scale(page, 5);
  await cell(page, "AsyncShop-4").click();
  await page.locator("#panel-title").getByText("AsyncShop-4").waitFor();
  // With work under way it stays for a while; then it goes by itself.
  await inModel(page, (element) => element.stepSeconds(5));
  await page.locator(".component-panel input").first().focus();
  await scale(page, 1);
  await inModel(page, (element) => element.stepSeconds(5));
  await page.locator(".component-panel").waitFor({ state: "hidden" });
  assert.equal(await cell(page, "AsyncShop-4").count(), 0);
  assert.match(await focused(page), /^AsyncShop-0/);
  await scale(page, 3);
  await openTab(page, "Events");
  const options = await page.locator("#log-component option").allTextContents();
  assert.deepEqual(options.filter((name) => name.startsWith("AsyncShop-")), ["AsyncShop-0", "AsyncShop-1", "AsyncShop-2"]);
});

pageTest("the focus stays when what has it is built anew", FAILOVER, async (page) => {
  await standstill(page);
  for (const change of [
    () => scale(page, 4),
    () => inModel(page, (element) => element.reset()),
    () => inModel(page, (element) => element.setAttribute("lang", "ru")),
    () => inModel(page, (element) => element.setAttribute("lang", "en")),
  ]) {
    await cell(page, "AsyncShop-1").focus();
    await change();
    assert.match(await focused(page), /^AsyncShop-1/);
  }
  await openTab(page, "Components");
  await component(page, "AsyncShop-1").getByRole("button").focus();
  await scale(page, 2);
  assert.equal(await focused(page), "Crash AsyncShop-1");
});

pageTest("a step by nonsense is refused, and crashes nothing", FAILOVER, async (page) => {
  await standstill(page);
  const refused = await inModel(page, (element) => [
    () => element.stepSeconds(NaN), () => element.stepSeconds(-1), () => element.stepSeconds(Infinity),
    () => element.stepEvents(NaN), () => element.stepEvents(-1),
  ].map((step) => {
    try {
      step();
      return "accepted";
    } catch (problem) {
      return /** @type {Error} */ (problem).name;
    }
  }));
  assert.deepEqual(refused, Array(5).fill("RangeError"));
  assert.equal(await status(page), "Ready");
});

pageTest("a step of very many events does not freeze the page", FAILOVER, async (page) => {
  await standstill(page);
  const handled = await inModel(page, (element) => {
    element.patch({ duration: 1e6 });
    const before = element.simulation?.events ?? 0;
    element.stepEvents(1e9);
    return (element.simulation?.events ?? 0) - before;
  });
  // It gives up when its time is over: that many take a minute and more.
  assert.ok(handled > 0 && handled < 1e9, `${handled} events`);
  assert.equal(await status(page), "Paused");
});

pageTest("an element that is moved goes on, one that is taken away waits", FAILOVER, async (page) => {
  await standstill(page);
  const [away, back] = await inModel(page, async (element) => {
    element.play();
    const home = /** @type {Element} */ (element.parentElement);
    element.remove();
    await new Promise((done) => setTimeout(done, 200));
    const away = [element.state, element.simulation?.now];
    home.append(element);
    element.scrollIntoView();
    await new Promise((done) => element.addEventListener("progress", () => (element.simulation?.now ?? 0) > 0 && done(undefined)));
    return [away, element.state];
  });
  assert.equal(away[0], "hidden");
  assert.equal(back, "running");
});

pageTest("an element that is taken away while it loads does not run", FAILOVER, async (page) => {
  await standstill(page);
  const state = await page.evaluate(async () => {
    const element = document.createElement("web-service-model");
    element.setAttribute("autoplay", "");
    document.body.append(element);
    element.remove();
    await new Promise((done) => element.addEventListener("ready", done, { once: true }));
    await new Promise((done) => setTimeout(done, 300));
    return [element.state, element.simulation?.now];
  });
  assert.deepEqual(state, ["hidden", 0]);
});

pageTest("attributes that are changed while the element is in no page count when it is back", FAILOVER, async (page) => {
  await standstill(page);
  const found = await inModel(page, async (element) => {
    const home = /** @type {Element} */ (element.parentElement);
    element.remove();
    element.setAttribute("scenario", "overload");
    element.setAttribute("seed", "77");
    const ready = new Promise((done) => element.addEventListener("ready", done, { once: true }));
    home.append(element);
    await ready;
    return [element.config?.name, element.seed];
  });
  assert.deepEqual(found, ["overload", 77]);
});

pageTest("elements that are gone leave no memory behind", FAILOVER, async (page) => {
  await standstill(page);
  await page.evaluate(async () => {
    /** @type {WeakRef<any>[]} */
    const kept = [];
    for (let count = 0; count < 4; count += 1) {
      const element = document.createElement("web-service-model");
      document.body.append(element);
      await new Promise((done) => element.addEventListener("ready", done, { once: true }));
      element.play();
      kept.push(new WeakRef(element), new WeakRef(/** @type {object} */ (element.simulation)));
      element.remove();
    }
    /** @type {any} */ (globalThis).kept = kept;
  });
  const devtools = await page.context().newCDPSession(page);
  let alive = Infinity;
  for (let tries = 0; tries < 20 && alive > 2; tries += 1) {
    await devtools.send("HeapProfiler.collectGarbage");
    alive = await page.evaluate(() => /** @type {any} */ (globalThis).kept.filter((/** @type {any} */ one) => one.deref()).length);
    await page.waitForTimeout(200);
  }
  // The browser itself may still hold on to the last one.
  assert.ok(alive <= 2, `${alive} of 8 are still there`);
});

pageTest("a button that has done its work keeps the focus or hands it on", FAILOVER, async (page) => {
  await finish(page);
  const press = async (/** @type {string} */ name) => {
    await page.getByRole("button", { name, exact: true }).first().focus();
    await page.keyboard.press("Enter");
  };
  await inModel(page, (element) => element.reset());
  await press("Run");
  await page.locator('.controls[data-state="finished"]').waitFor();
  assert.equal(await focused(page), "Run again");
  await lookAtChart(page, "rps");
  await page.locator('[data-chart="rps"] canvas').focus();
  await page.keyboard.press("+");
  await press("Whole run");
  assert.match(await focused(page), /^Requests and errors/);
  await openTab(page, "Report");
  await press("Pin this run as baseline");
  assert.equal(await focused(page), "Pin this run as baseline");
  await press("Compare with nothing");
  assert.equal(await focused(page), "Pin this run as baseline");
  await cell(page, "AsyncShop-1").focus();
  await page.keyboard.press("Enter");
  await page.locator(".panel-buttons button:visible").first().focus();
  await page.keyboard.press("Enter");
  assert.equal(await focused(page), "Recover AsyncShop-1");
});

pageTest("an element that is laid out after it was seen waits, though both are told at once", { path: "?autoplay=0" }, async (page) => {
  await page.addInitScript(() => {
    const Observer = IntersectionObserver;
    // As under load: what has happened since is told with what happened before.
    window.IntersectionObserver = class extends Observer {
      constructor(/** @type {IntersectionObserverCallback} */ told, /** @type {IntersectionObserverInit | undefined} */ options) {
        /** @type {IntersectionObserverEntry[]} */
        let entries = [];
        super((more, observer) => {
          if (more[0].target.localName !== "web-service-model") return told(more, observer);
          if (entries.length === 0) setTimeout(() => told(entries.splice(0), observer), 1500);
          entries.push(...more);
        }, options);
      }
    };
  });
  await page.reload();
  await page.waitForFunction(() => document.querySelector("web-service-model")?.simulation);
  await page.evaluate(() => {
    const element = /** @type {import("../../www/elements/web-service-model.js").WebServiceModel} */ (document.querySelector("web-service-model"));
    const main = /** @type {HTMLElement} */ (element.parentElement);
    element.play();
    main.style.marginTop = "9000px";
  });
  await page.waitForFunction(() => document.querySelector("web-service-model")?.state === "hidden");
});

for (const [where, html] of [["a dialog", "<dialog open><p>A lesson</p></dialog>"], ["a row of flexible boxes", '<div style="display: flex"><p>A lesson</p></div>'], ["a box that floats", '<div style="float: left"></div>']]) {
  pageTest(`in ${where} the element has room, and not more than there is`, { path: "?autoplay=0", bypassCSP: true, viewport: { width: 900, height: 700 } }, async (page) => {
    const widths = await page.evaluate(async (html) => {
      const element = /** @type {HTMLElement} */ (document.querySelector("web-service-model"));
      document.body.style.display = "block";
      document.body.insertAdjacentHTML("beforeend", html);
      document.body.lastElementChild?.append(element);
      await new Promise((done) => setTimeout(done, 200));
      return [element.getBoundingClientRect().width, document.documentElement.scrollWidth - innerWidth];
    }, html);
    assert.ok(widths[0] > 500 && widths[1] <= 0, widths.join(" wide, too wide by "));
  });
}
