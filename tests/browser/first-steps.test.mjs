// What somebody does who has never seen the page: reads a word of welcome, lets it run, chooses another scenario, looks
// at it on a phone.

import assert from "node:assert/strict";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { finish, inModel, now, speak, standstill, status } from "./laboratory.mjs";

const PHONE = { width: 360, height: 740 };

pageTest("a newcomer is told what this is, once", { newcomer: true }, async (page) => {
  const welcome = page.getByRole("region", { name: "New here?" });
  await welcome.waitFor();
  assert.match(await welcome.innerText(), /simulated web system/);
  assert.equal(await welcome.getByRole("link").getAttribute("href"), "embed.html");
  await speak(page, "ru");
  await page.getByLabel("Язык").waitFor();
  assert.match(await page.locator("#welcome").innerText(), /модель веб-системы/);
  await page.getByLabel("Язык").selectOption("en");
  await welcome.getByRole("button", { name: "Got it" }).press("Enter");
  assert.ok(await page.locator("#welcome").isHidden());
  // The keyboard goes on at the laboratory, not at the head of the page.
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement?.localName === "web-service-model"));
  await page.reload();
  await page.getByRole("heading", { name: "The system, live" }).waitFor();
  assert.ok(await page.locator("#welcome").isHidden());
});

pageTest("the welcome fits a phone, and axe has nothing against it", { newcomer: true, bypassCSP: true, path: "?lang=ru", viewport: { width: 320, height: 640 } }, async (page) => {
  await standstill(page);
  await page.locator("#welcome").waitFor();
  await assertNoSidewaysScroll(page);
  await assertAccessible(page);
});

pageTest("a page that has the laboratory for itself gets no welcome", { newcomer: true, path: "?view=topology" }, async (page) => {
  await standstill(page);
  assert.ok(await page.locator("#welcome").isHidden());
});

pageTest("a run that is over begins again by the same button", {}, async (page) => {
  await finish(page);
  const first = await inModel(page, (element) => element.simulation?.reportJson());
  const again = page.getByRole("button", { name: "Run again" });
  await again.press("Enter");
  await page.waitForFunction(() => document.querySelector("web-service-model")?.state === "finished");
  assert.equal(await inModel(page, (element) => element.simulation?.reportJson()), first);
  await inModel(page, (element) => (element.speed = 1));
  await again.click();
  assert.equal(await status(page), "Running");
  assert.ok((await now(page)) < 40);
  assert.equal(await page.locator("button.run").textContent(), "Pause");
});

pageTest("another scenario runs by itself after the end of one, but not while one rests", {}, async (page) => {
  await finish(page);
  await inModel(page, (element) => (element.speed = 1));
  const menu = page.locator("#scenario");
  await menu.selectOption("overload");
  await page.waitForFunction(() => document.querySelector("web-service-model")?.state === "running");
  assert.equal(await inModel(page, (element) => element.simulation?.report().scenario), "overload");
  await page.getByRole("button", { name: "Pause" }).click();
  await menu.selectOption("balancing");
  await page.waitForFunction(() => document.querySelector("web-service-model")?.simulation?.report().scenario === "balancing");
  assert.equal(await status(page), "Ready");
});

pageTest("without its attribute the element is at the first scenario again", { path: "?scenario=overload" }, async (page) => {
  await standstill(page);
  await inModel(page, (element) => element.removeAttribute("scenario"));
  await page.waitForFunction(() => document.querySelector("web-service-model")?.simulation?.report().scenario === "coursework");
});

pageTest("what a scenario is about is read over the picture, and moves nothing", {}, async (page) => {
  await standstill(page);
  const description = page.locator("#description");
  const place = () => page.locator(".topology").boundingBox();
  const before = await place();
  assert.ok(await description.isHidden());
  const button = page.getByRole("button", { name: "About this scenario" });
  await button.click();
  assert.equal(await button.getAttribute("aria-expanded"), "true");
  await description.getByText("A payment service, a data service").first().waitFor();
  assert.ok(await page.getByRole("link", { name: "A lesson with the laboratory in it" }).isVisible());
  assert.deepEqual(await place(), before);
  await page.keyboard.press("Escape");
  assert.ok(await description.isHidden());
});

pageTest("a picture that is wider than the phone says so, and shows on which sides it goes on", { viewport: PHONE }, async (page) => {
  await standstill(page);
  // Each instance has a cluster of sixteen nodes, which stand in a row.
  await inModel(page, (element) => element.load({
    users: { all: { arrivals: { poisson: { rate: 5 } }, targets: { Shop: 1 } } },
    services: { Shop: { instances: 2, service_time: "10ms", database: { name: "ShopDB", per_instance: true } } },
    db_clusters: { ShopDB: { replicas: 15, operation: "1ms" } },
  }));
  const view = page.locator(".topology-view");
  const sides = () => page.locator(".topology-frame").getAttribute("data-more");
  await view.scrollIntoViewIfNeeded();
  assert.ok(await page.getByText("There is more of it").isVisible());
  await view.evaluate((element) => element.scrollTo(0, 0));
  await page.waitForTimeout(100);
  assert.equal(await sides(), "right");
  await view.evaluate((element) => element.scrollTo(element.scrollWidth, 0));
  await page.waitForTimeout(100);
  assert.equal(await sides(), "left");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.waitForTimeout(200);
  assert.equal(await sides(), "");
  assert.ok(await page.getByText("There is more of it").isHidden());
});

for (const scenario of ["broker-backlog", "overload", "cache-outage"]) {
  pageTest(`a small system is seen whole on a phone: ${scenario}`, { viewport: PHONE, path: `?scenario=${scenario}&lang=ru` }, async (page) => {
    await standstill(page);
    const [content, room] = await page.locator(".topology-view").evaluate(({ scrollHeight, clientHeight }) => [scrollHeight, clientHeight]);
    assert.ok(content <= room + 1, `${content} px in ${room}`);
  });
}

for (const lang of ["en", "ru"]) {
  pageTest(`the balancer and the nodes have their words whole: ${lang}`, { path: `?scenario=primary-failover&lang=${lang}` }, async (page) => {
    await standstill(page);
    const words = await page.locator(".picture").evaluate((picture) => {
      const all = picture.querySelectorAll(".card-name, .cell-label");
      return [...all].map((text) => text.textContent?.replace(text.querySelector("title")?.textContent ?? "", "") ?? "");
    });
    assert.ok(words.length > 8);
    assert.deepEqual(words.filter((word) => word.includes("…")), []);
  });
}

pageTest("what a node is called and how it is do not touch", {}, async (page) => {
  await standstill(page);
  await inModel(page, (element) => element.crash("AuthCluster/0"));
  const gap = await page.locator('.cell[data-component="AuthCluster/0"]').evaluate((cell) => {
    const [label, value] = [".cell-label", ".cell-value"].map((name) => cell.querySelector(name)?.getBoundingClientRect());
    return (value?.left ?? 0) - (label?.right ?? 0);
  });
  assert.ok(gap > 2, `${gap} px between them`);
  // Where there is no room for all, it is the number that goes, not half a word.
  await inModel(page, (element) => element.crash("DataCache-0"));
  await page.locator("#language").selectOption("ru");
  await page.locator('[data-component="AuthCluster/0"] .cell-label', { hasText: /^первичный$/ }).waitFor();
  const words = await page.locator(".cell-label").allTextContents();
  assert.deepEqual(words.filter((word) => word.includes("…")), []);
});

pageTest("a database that nobody uses says so", {}, async (page) => {
  await standstill(page);
  const words = await page.locator(".topology-card .card-count").allTextContents();
  assert.deepEqual(words.filter((word) => word.includes("unused")), ["unused ×3"]);
  // A name is never cut for it.
  await page.setViewportSize({ width: 360, height: 740 });
  await speak(page, "ru");
  await page.waitForTimeout(200);
  const name = page.locator(".card-name", { hasText: "AuthCluster" });
  assert.match((await name.textContent()) ?? "", /не используется.*AuthCluster$/);
});

pageTest("the gallery has a picture of each system, with its level and length", { viewport: { width: 1440, height: 900 }, bypassCSP: true }, async (page) => {
  await standstill(page);
  await page.getByRole("button", { name: "All scenarios" }).click();
  const cards = page.locator(".gallery-list .card");
  const count = await cards.count();
  await page.waitForFunction((count) => document.querySelector("web-service-model")?.shadowRoot?.querySelectorAll(".thumbnail").length === count, count);
  const overload = cards.filter({ hasText: "Overload and a retry storm" });
  assert.match(await overload.innerText(), /first steps · 300\ss/);
  // Users, balancer, and a shop of two instances.
  assert.deepEqual(await overload.locator(".thumb-card, .thumb-cell").evaluateAll((all) => all.map((one) => one.classList[0]).sort()),
    ["thumb-card", "thumb-card", "thumb-card", "thumb-cell", "thumb-cell"]);
  await assertAccessible(page);
});
