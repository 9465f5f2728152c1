import assert from "node:assert/strict";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { finish, inModel, speak, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */
/** @import { Config } from "#web-service-model" */

/** A component in the picture. @param {Page} page @param {string} name */
function cell(page, name) {
  return page.locator(`.cell[data-component="${name}"]`);
}

/** What is clicked and focused of it. @param {Page} page @param {string} name */
function button(page, name) {
  return cell(page, name).getByRole("button");
}

/** A number of the panel. @param {Page} page @param {string} path */
function field(page, path) {
  return page.locator(`.component-panel input[data-path="${path}"]`);
}

/** @param {Page} page @param {Config} config */
async function load(page, config) {
  await standstill(page);
  await inModel(page, (element, config) => element.load(config), config);
}

/** Lets the simulator tell of a request that stays at one place after another. @param {Page} page @param {string[]} places */
function pretendInFlight(page, places) {
  return inModel(page, (element, places) => {
    const simulation = /** @type {any} */ (element.simulation);
    const start = performance.now();
    simulation.inFlight = () => {
      const place = places[Math.min(places.length - 1, Math.floor((performance.now() - start) / 250))];
      const visit = { request: 1, service: "Shop", place, phase: place ? "processing" : "handshakes", since: 0 };
      return { total: 2, visits: [{ ...visit, id: 1, is_read: true }, { ...visit, id: 2, is_read: false }] };
    };
  }, places);
}

pageTest("the picture shows every component, and what is broken in it", { path: "?scenario=primary-failover" }, async (page) => {
  await standstill(page);
  const names = await inModel(page, (element) => element.simulation?.components().map(({ name }) => name) ?? []);
  assert.ok(names.length > 5);
  for (const name of names) assert.equal(await cell(page, name).count(), 1, name);
  await cell(page, "AsyncDB/0").click();
  await page.locator(".component-panel").getByRole("button", { name: "Crash AsyncDB/0" }).click();
  assert.equal(await cell(page, "AsyncDB/0").getAttribute("data-look"), "down");
  assert.match((await button(page, "AsyncDB/0").getAttribute("aria-label")) ?? "", /^AsyncDB\/0: Down \(by hand\)/);
  assert.match((await cell(page, "AsyncDB/0").textContent()) ?? "", /down/);
  await page.locator(".component-panel").getByRole("button", { name: "Recover AsyncDB/0" }).click();
  assert.notEqual(await cell(page, "AsyncDB/0").getAttribute("data-look"), "down");
});

pageTest("a replica is made the primary from its panel", { path: "?scenario=primary-failover" }, async (page) => {
  await standstill(page);
  await inModel(page, (element) => element.stepSeconds(1));
  await cell(page, "AsyncDB/1").click();
  await page.locator(".component-panel").getByRole("button", { name: "Make AsyncDB/1 the primary" }).click();
  await inModel(page, (element) => element.stepSeconds(1));
  assert.equal(await cell(page, "AsyncDB/1").getAttribute("data-role"), "primary");
});

pageTest("the keyboard leads from component to component", { path: "?scenario=broker-backlog" }, async (page) => {
  await standstill(page);
  assert.equal(await page.locator('.picture [tabindex="0"]').count(), 1, "one stop for the Tab key");
  await button(page, "Shop-0").focus();
  await page.keyboard.press("Enter");
  assert.equal(await button(page, "Shop-0").getAttribute("aria-pressed"), "true");
  await page.keyboard.press("ArrowDown");
  assert.equal(await button(page, "Shop-1").getAttribute("aria-pressed"), "true");
  await page.keyboard.press("ArrowRight");
  assert.equal(await button(page, "RabbitMQ").getAttribute("aria-pressed"), "true");
  assert.equal(await page.locator(".component-panel h3").textContent(), "RabbitMQ");
  await field(page, "brokers.RabbitMQ.fail_prob").focus();
  await page.keyboard.press("Escape");
  assert.ok(await page.locator(".component-panel").isHidden());
});

pageTest("a number is changed at the run in progress, a mistake is told at the field", { path: "?scenario=overload" }, async (page) => {
  await standstill(page);
  await cell(page, "Shop-0").click();
  const workers = field(page, "services.Shop.workers");
  await workers.fill("9");
  await workers.press("Tab");
  assert.equal(await inModel(page, (element) => element.config?.services?.Shop.workers), 9);
  await page.locator(".panel-message").getByText("Applied").waitFor();
  await workers.fill("-3");
  await workers.press("Tab");
  assert.equal(await workers.getAttribute("aria-invalid"), "true");
  assert.ok(await page.locator(".panel-message.bad").textContent());
  assert.equal(await inModel(page, (element) => element.config?.services?.Shop.workers), 9);
  await workers.fill("");
  await workers.press("Tab");
  assert.equal(await inModel(page, (element) => element.config?.services?.Shop.workers), undefined);
  assert.equal(await workers.getAttribute("aria-invalid"), null);
});

pageTest("an overloaded service says so by its sign, its edge and its numbers", { path: "?scenario=overload" }, async (page) => {
  await standstill(page);
  await inModel(page, (element) => element.simulation?.advanceTo(100));
  await inModel(page, (element) => element.stepSeconds(1));
  assert.equal(await cell(page, "Shop-0").getAttribute("data-look"), "overloaded");
  assert.match((await cell(page, "Shop-0").textContent()) ?? "", /4\/4 \+[\d,]+/);
});

pageTest("names of a scenario never become markup", {}, async (page) => {
  const name = "<img src=x onerror=alert(1)>";
  const [store, broker] = [`${name}store`, `${name}broker`];
  await load(page, {
    users: { [name]: { targets: { [name]: 1 }, arrivals: { poisson: { rate: 5 } } } },
    services: { [name]: { service_time: "1ms", database: { name: store }, publish: { broker, queue: name } } },
    db_clusters: { [store]: { operation: "1ms" } },
    brokers: { [broker]: { publish: "1ms", queues: { [name]: { consumers: [{ count: 1, service_time: "1ms" }] } } } },
  });
  assert.ok((await page.locator(".picture .card-name").count()) >= 4);
  assert.equal(await page.locator("web-service-model .picture img, web-service-model .component-panel img").count(), 0);
  await page.locator(".cell").last().click();
  assert.match((await page.locator(".component-panel h3").textContent()) ?? "", /<img/);
  assert.equal(await page.locator("web-service-model .view img").count(), 0);
});

pageTest("requests are seen as dots when it is slow, as flow when it is fast", { path: "?scenario=overload&speed=0.5" }, async (page) => {
  await standstill(page);
  await page.locator(".picture").scrollIntoViewIfNeeded();
  await pretendInFlight(page, ["", "Shop-0", "Shop-1"]);
  await inModel(page, (element) => element.play());
  const dot = page.locator(".picture .request.read:not([display=none])");
  await dot.waitFor({ state: "attached" });
  const at = () => dot.evaluate((element) => element.getAttribute("transform"));
  const before = await at();
  await page.waitForFunction(() => {
    const root = document.querySelector("web-service-model")?.shadowRoot;
    return root?.querySelector(".picture.single .request.write:not([display=none])");
  });
  await page.waitForTimeout(700);
  assert.notEqual(await at(), before);
  await inModel(page, (element) => (element.speed = 20));
  await page.locator(".picture:not(.single)").waitFor();
  assert.equal(await page.locator(".picture .request:not([display=none])").count(), 0);
  await page.locator(".way:not(.idle) .way-flow").first().waitFor({ state: "attached" });
  const offset = () => page.locator(".way:not(.idle) .way-flow").first().evaluate((element) => /** @type {SVGElement} */ (element).style.strokeDashoffset);
  const early = await offset();
  await page.waitForTimeout(400);
  assert.notEqual(await offset(), early);
  await inModel(page, (element) => element.pause());
  await page.waitForTimeout(50);
  const paused = await offset();
  await page.waitForTimeout(200);
  assert.equal(await offset(), paused);
});

pageTest("nothing moves for who wants less motion", { path: "?scenario=overload&speed=0.5", reducedMotion: "reduce" }, async (page) => {
  await standstill(page);
  await pretendInFlight(page, ["", "Shop-0"]);
  await inModel(page, (element) => element.play());
  await page.locator(".picture").scrollIntoViewIfNeeded();
  await page.waitForTimeout(1500);
  assert.equal(await page.locator(".picture .request").count(), 0);
  assert.ok(await page.locator(".way-flow").first().isHidden());
});

/** Sixty components and more. @returns {Config} */
function large() {
  const services = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [
    `Service${index}`, { instances: 5, service_time: { exponential: { mean: "5ms" } }, workers: 4, database: { name: `Data${index}` } },
  ]));
  return {
    users: { clients: { arrivals: { poisson: { rate: 200 } }, targets: Object.fromEntries(Object.keys(services).map((name) => [name, 1])) } },
    services,
    db_clusters: Object.fromEntries(Object.keys(services).map((_, index) => [`Data${index}`, { replicas: 2, operation: "2ms" }])),
  };
}

pageTest("sixty components: a frame builds nothing", {}, async (page) => {
  await load(page, large());
  await page.locator(".picture").scrollIntoViewIfNeeded();
  assert.equal(await page.locator(".cell").count(), 64);
  const places = ["", "Service0-0", "Data0/0", "Service7-4"];
  await pretendInFlight(page, places);
  const added = await page.evaluate(async () => {
    const element = /** @type {any} */ (document.querySelector("web-service-model"));
    const picture = element.shadowRoot.querySelector(".picture");
    element.speed = 20;
    element.play();
    await new Promise((done) => setTimeout(done, 500));
    let added = 0;
    const observer = new MutationObserver((records) => {
      for (const { addedNodes } of records) added += [...addedNodes].filter((node) => node instanceof Element).length;
    });
    observer.observe(picture, { childList: true, subtree: true });
    for (let frame = 0; frame < 40; frame += 1) await new Promise((done) => requestAnimationFrame(done));
    observer.disconnect();
    return added;
  });
  assert.equal(added, 0, "elements were built while it ran");
});

for (const [language, colorScheme] of /** @type {const} */ ([["en", "light"], ["ru", "dark"]])) {
  const options = { path: `?scenario=coursework&lang=${language}`, colorScheme, bypassCSP: true };
  pageTest(`axe finds nothing in the picture and the panel: ${language}, ${colorScheme}`, options, async (page) => {
    await finish(page);
    await cell(page, "PaymentDB-0/1").click();
    await assertAccessible(page);
  });
}

pageTest("a phone shows the picture without scrolling the page sideways", { viewport: { width: 360, height: 640 } }, async (page) => {
  await load(page, large());
  await cell(page, "Service3-0").click();
  await assertNoSidewaysScroll(page);
  await speak(page, "ru");
  await page.getByText("Система вживую").waitFor();
  await assertNoSidewaysScroll(page);
  assert.equal(await button(page, "Service3-0").getAttribute("aria-pressed"), "true", "what is chosen stays chosen");
});
