// The element on other pages: the lesson of this site, a page of another origin, a frame.

import assert from "node:assert/strict";
import { access, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { serveSite } from "./site.mjs";

/** @import { Page } from "playwright-core" */

/** @param {Page} page @param {string} name */
const live = (page, name) => page.locator(`[data-live="${name}"]:visible`).first();

/** @param {Page} page @param {string} name */
const press = (page, name) => page.locator(`[data-do="${name}"]:visible`).click();

/** All elements of the page have a system. @param {Page} page */
const allReady = (page) => page.waitForFunction(() =>
  [...document.querySelectorAll("web-service-model")].every((element) => element.simulation));

pageTest("the lesson's buttons act, and its figures follow", { path: "embed.html" }, async (page) => {
  await allReady(page);
  const text = (/** @type {string} */ name) => live(page, name).textContent();
  assert.equal(await text("delay"), "50.0\u00a0ms – 150\u00a0ms");
  assert.equal(await text("async-lost"), "0");
  /** Lets the first experiment go past the fault. */
  const run = () => page.evaluate(() => {
    const element = /** @type {any} */ (document.getElementById("replication"));
    // A step is given up when it takes too long.
    while (element.simulation.now < 89.999) element.stepSeconds(90 - element.simulation.now);
  });
  await run();
  await page.waitForFunction(() => document.querySelector('[data-live="replication-now"]')?.textContent?.match(/^(89|90)$/));
  const lost = Number(await text("async-lost"));
  assert.ok(lost > 0 && lost < 50, `${lost} lost`);
  await press(page, "replication-slow");
  assert.equal(await text("delay"), "2.00\u00a0s");
  await run();
  await page.waitForFunction(() => document.querySelector('[data-live="replication-now"]')?.textContent?.match(/^(89|90)$/));
  assert.ok(Number(await text("async-lost")) > 100);
  assert.equal(await text("sync-lost"), "0");
  // The others have not moved.
  assert.deepEqual(await page.evaluate(() => ["storm", "whole"].map((id) => /** @type {any} */ (document.getElementById(id)).simulation.now)), [0, 0]);
});

pageTest("every button of the lesson works", { path: "embed.html" }, async (page) => {
  await allReady(page);
  const names = await page.locator("[data-do]:visible").evaluateAll((buttons) => buttons.map((button) => /** @type {HTMLElement} */ (button).dataset.do ?? ""));
  assert.equal(names.length, 8);
  for (const name of names) await press(page, name);
  await page.waitForFunction(() => /** @type {any} */ (document.getElementById("storm")).config.services.Shop.queue_limit === 20);
  // A run that nobody sees rests; and where all this took long, it has come to its end by now.
  await page.locator("#whole").scrollIntoViewIfNeeded();
  await page.waitForFunction(() => /^(running|finished)$/.test(document.querySelector('[data-live="whole-state"]')?.textContent ?? ""));
});

pageTest("the lesson is there in Russian, on a phone, and remembers it", { path: "embed.html", viewport: { width: 360, height: 740 }, bypassCSP: true }, async (page) => {
  await allReady(page);
  await assertNoSidewaysScroll(page);
  await page.getByLabel("Language").selectOption("ru");
  await page.getByRole("heading", { name: "Чего стоит ответ" }).waitFor();
  // (Its title follows when the words of all its parts are there.)
  await page.waitForFunction(() => document.title === "Чего стоит ответ: урок с живыми лабораториями");
  await page.waitForTimeout(300);
  await assertNoSidewaysScroll(page);
  await assertAccessible(page);
  const english = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const words = [];
    while (walker.nextNode()) {
      const parent = /** @type {HTMLElement} */ (walker.currentNode.parentElement);
      if (parent.checkVisibility()) words.push(...(walker.currentNode.textContent ?? "").match(/[A-Za-z]{3,}/g) ?? []);
    }
    return [...new Set(words)];
  });
  assert.deepEqual(english.filter((word) => !["WebServiceModel", "English", "elements", "README"].includes(word)), []);
  await page.reload();
  await page.getByRole("heading", { name: "Чего стоит ответ" }).waitFor();
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  pageTest(`axe finds nothing in the lesson, ${colorScheme}`, { path: "embed.html", colorScheme, bypassCSP: true }, async (page) => {
    await allReady(page);
    await press(page, "storm-run");
    await page.waitForTimeout(300);
    await assertAccessible(page);
  });
}

test("no style of the element depends on the font size of the page around", async () => {
  const folder = new URL("../../www/elements/", import.meta.url);
  const sheets = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".css"));
  for (const name of sheets) assert.doesNotMatch(await readFile(new URL(name, folder), "utf8"), /[\d.]rem\b/, name);
});

test("what stands in www/ is copied into the site", async () => {
  const folder = new URL("../../www/", import.meta.url);
  const page = await readFile(new URL("index.html", folder), "utf8");
  const copied = new Set([...page.matchAll(/data-trunk rel="(?:copy-file|copy-dir)" href="([^"]+)"/g)].map((match) => match[1]));
  const there = (await readdir(folder)).filter((name) => !["index.html", "readme.png", "failover.webp"].includes(name));
  // Scripts and styles, and folders of them, go through tools/bundle.mjs.
  const bundled = ["elements", "i18n", "parts", "run", "vendor"];
  assert.deepEqual(there.filter((name) => !copied.has(name) && !bundled.includes(name) && !/\.(js|css)$/.test(name)), []);
});

test("whatever the pages name is in the site", async () => {
  const folder = new URL("../../dist/", import.meta.url);
  for (const name of ["index.html", "embed.html"]) {
    const page = await readFile(new URL(name, folder), "utf8");
    const named = [...page.matchAll(/ (?:href|src)="([^"#:]+)"/g)].map((match) => match[1]);
    assert.ok(named.length > 5, name);
    for (const file of named) await access(new URL(file, folder));
  }
  // Addresses that other pages know.
  const published = ["web-service-model.js", "web-service-model_bg.wasm", "web-service-model.d.ts", "elements/web-service-model.js",
    "elements/web-service-model.css", "elements/element.d.ts", "run/experiment-worker.js", "schema.json", "scenarios/index.json", "vendor/NOTICE.txt"];
  for (const file of published) await access(new URL(file, folder));
});

/** Styles of a page that cares about nobody. */
const RUDE = `
  html { font-size: 10px }
  body { letter-spacing: 4px; text-transform: uppercase; text-align: center; white-space: pre; color: rgb(255, 0, 255) }
  * { box-sizing: content-box; line-height: 3; color: rgb(255, 0, 255) }
  button, .card, .view, h2, input { background: rgb(255, 0, 0) !important; border: 9px solid lime !important; display: block }`;

/**
 * Opens a page of another origin. @param {Page} page @param {(site: string) => { [name: string]: string }} files with
 * the site's address @param {(own: string) => Promise<void>} body
 */
async function elsewhere(page, files, body) {
  const site = await serveSite(undefined, { headers: { "access-control-allow-origin": "*" } });
  const folder = await mkdtemp(join(tmpdir(), "host-"));
  for (const [name, text] of Object.entries(files(site.url))) await writeFile(join(folder, name), text);
  const host = await serveSite(folder, { headers: {} });
  try {
    await page.goto(`${host.url}index.html`);
    await body(host.url);
  } finally {
    await page.goto("about:blank");
    await host.close();
    await site.close();
    await rm(folder, { recursive: true });
  }
}

const own = { name: "own", seed: 5, duration: 9, users: { all: { arrivals: { poisson: { rate: 5 } }, targets: { A: 1 } } }, services: { A: { base_latency: 0.01 } } };

pageTest("one script embeds the element on a page of another origin", { path: "about.html", allow: /404/ }, async (page) => {
  /** @type {Set<string>} */
  const origins = new Set();
  page.on("request", (request) => origins.add(new URL(request.url()).origin));
  const files = (/** @type {string} */ site) => ({
    "own.json": JSON.stringify(own),
    "index.html": `<!doctype html><html lang="en"><title>Another page</title><style>${RUDE}</style>
      <script type="module" src="${site}elements/web-service-model.js"></script>
      <p class="card">A card of the page <button>Button</button></p>
      <web-service-model scenario="balancing"></web-service-model>
      <web-service-model src="own.json" view="chart:rps" lang="ru"></web-service-model>
      <web-service-model src="${site}scenarios/overload.json" view="figures" controls="none"></web-service-model>`,
  });
  origins.clear();
  await elsewhere(page, files, async () => {
    const look = () => page.evaluate(() => [...document.querySelectorAll("p, p button")].map((element) => {
      const { color, fontSize, background, border, padding } = getComputedStyle(element);
      return { color, fontSize, background, border, padding };
    }));
    await allReady(page);
    const names = await page.evaluate(() => [...document.querySelectorAll("web-service-model")].map((element) => element.config?.name));
    assert.deepEqual(names, ["balancing", "own", "overload"]);
    await page.evaluate(() => document.querySelectorAll("web-service-model")[1].stepSeconds(4));
    const times = await page.evaluate(() => [...document.querySelectorAll("web-service-model")].map((element) => element.simulation?.now));
    assert.deepEqual(times, [0, 4, 0]);
    await page.waitForTimeout(300);
    const inside = await page.evaluate(() => {
      const root = /** @type {ShadowRoot} */ (document.querySelector("web-service-model")?.shadowRoot);
      const style = (/** @type {string} */ selector) => getComputedStyle(/** @type {Element} */ (root.querySelector(selector)));
      const { letterSpacing, textTransform, textAlign, whiteSpace, color } = style(".description");
      return { letterSpacing, textTransform, textAlign, whiteSpace, red: color === "rgb(255, 0, 255)",
        boxSizing: style(".card").boxSizing, card: style(".card").backgroundColor, heading: style("h2").fontSize };
    });
    assert.deepEqual({ ...inside, heading: parseFloat(inside.heading) >= 16 }, { letterSpacing: "normal", textTransform: "none",
      textAlign: "start", whiteSpace: "normal", red: false, boxSizing: "border-box", card: "rgb(255, 255, 255)", heading: true });
    const before = await look();
    await page.evaluate(() => document.querySelectorAll("web-service-model").forEach((element) => element.remove()));
    assert.deepEqual(await look(), before);
    assert.deepEqual([...origins].filter((origin) => !origin.startsWith("http://127.0.0.1:")), []);
    assert.equal(origins.size, 2);
  });
});

pageTest("a link from a page of another origin leads to the site", { path: "about.html", allow: /404/ }, async (page) => {
  const files = (/** @type {string} */ site) => ({
    "own.json": JSON.stringify(own),
    "index.html": `<!doctype html><title>Another page</title><script type="module" src="${site}elements/web-service-model.js"></script>
      <web-service-model src="own.json"></web-service-model>`,
  });
  await elsewhere(page, files, async () => {
    await allReady(page);
    const link = await page.evaluate(() => document.querySelector("web-service-model")?.permalink() ?? "");
    await page.goto(link);
    await allReady(page);
    assert.equal(await page.evaluate(() => document.querySelector("web-service-model")?.seed), 5);
    assert.equal(await page.evaluate(() => document.querySelector("web-service-model")?.config?.name), "own");
  });
});

pageTest("the element is narrow on a narrow page that unsets everything", { path: "about.html", allow: /404/, viewport: { width: 360, height: 740 } }, async (page) => {
  const files = (/** @type {string} */ site) => ({
    "index.html": `<!doctype html><title>A reset</title><script type="module" src="${site}elements/web-service-model.js"></script>
      <style>*:where(:not(html, canvas, svg):not(svg *)) { all: unset; display: revert }</style>
      <web-service-model scenario="overload"></web-service-model>`,
  });
  await elsewhere(page, files, async () => {
    await allReady(page);
    const { width } = await page.locator("web-service-model .lab").boundingBox() ?? { width: 0 };
    assert.equal(width, 360);
    // The box that narrow styles ask for its width is there.
    const asked = await page.evaluate(() => {
      const lab = document.querySelector("web-service-model")?.shadowRoot?.querySelector(".lab");
      return lab && getComputedStyle(lab).containerType;
    });
    assert.equal(asked, "inline-size");
    await assertNoSidewaysScroll(page);
  });
});

pageTest("a frame is driven by messages, and tells its events", { path: "about.html", allow: /404/ }, async (page) => {
  const files = (/** @type {string} */ site) => ({
    "index.html": `<!doctype html><title>A page with a frame</title>
      <iframe width="900" height="600" src="${site}index.html?scenario=overload&view=chart:rps&autoplay=0&seed=3&lang=ru&theme=dark"></iframe>`,
  });
  await elsewhere(page, files, async () => {
    await page.evaluate(() => {
      const frame = /** @type {HTMLIFrameElement} */ (document.querySelector("iframe"));
      const heard = Object.assign(globalThis, { heard: /** @type {any[]} */ ([]) }).heard;
      let count = 0;
      Object.assign(globalThis, {
        ask: (/** @type {object} */ message) => new Promise((done) => {
          const id = ++count;
          addEventListener("message", ({ source, data }) => {
            if (source === frame.contentWindow && data.id === id) done(data);
          });
          frame.contentWindow?.postMessage({ type: "web-service-model", id, ...message }, "*");
        }),
      });
      addEventListener("message", ({ data }) => data.event && heard.push(data));
    });
    /** @param {object} message @returns {Promise<any>} */
    const ask = (message) => page.evaluate((message) => /** @type {any} */ (globalThis).ask(message), message);
    const state = async () => (await ask({ command: "state" })).answer;
    assert.deepEqual(await state(), { state: "ready", now: 0, seed: 3, speed: 5 });
    const frame = /** @type {import("playwright-core").Frame} */ (page.frames()[1]);
    assert.equal(await frame.locator(".brand").isVisible(), false);
    assert.equal(await frame.locator("web-service-model").getAttribute("theme"), "dark");
    assert.equal(await frame.locator("web-service-model").getAttribute("drafts"), null);
    await ask({ command: "speed", speed: "max" });
    assert.equal((await ask({ command: "patch", patch: { duration: 30 } })).answer.length, 1);
    assert.equal((await ask({ command: "crash", component: "Shop-0", seconds: 5 })).error, undefined);
    assert.match((await ask({ command: "crash", component: "nobody" })).error.message, /nobody/);
    assert.equal((await ask({ command: "load", config: { services: 5 } })).error.code, "bad_config");
    assert.equal((await ask({ command: "dance" })).error.code, "bad_message");
    await ask({ command: "play" });
    await page.waitForFunction(() => /** @type {any} */ (globalThis).heard.some((/** @type {any} */ data) => data.event === "finished"));
    const { answer } = await ask({ command: "report" });
    assert.equal(answer.simulated_seconds, 30);
    const events = await page.evaluate(() => [...new Set(/** @type {any} */ (globalThis).heard.map((/** @type {any} */ data) => data.event))]);
    for (const event of ["progress", "configchange", "finished"]) assert.ok(events.includes(event), event);
    await ask({ command: "load", config: { duration: 8, seed: 9, users: { u: { arrivals: { poisson: { rate: 5 } }, targets: { A: 1 } } }, services: { A: { base_latency: 0.01 } } } });
    assert.deepEqual(await state(), { state: "ready", now: 0, seed: 9, speed: Infinity });
    await ask({ command: "view", view: "report" });
    await frame.getByRole("heading", { name: "Отчёт" }).waitFor();
    // A frame beside, even of the page's own origin, is not the page around.
    await frame.evaluate(() => window.postMessage({ type: "web-service-model", id: "self", command: "seed", seed: 1 }, "*"));
    await page.waitForTimeout(200);
    assert.equal((await state()).seed, 9);
  });
});

pageTest("the address of the page says what it begins with", { path: "?src=scenarios/overload.json&seed=8&view=figures&controls=none&autoplay=0&theme=light&lang=ru&speed=max" }, async (page) => {
  await allReady(page);
  await page.getByRole("heading", { name: "Главные показатели" }).or(page.getByText("Полезный поток")).first().waitFor();
  assert.deepEqual(await page.evaluate(() => {
    const { config, seed, speed, state } = /** @type {any} */ (document.querySelector("web-service-model"));
    return { name: config.name, seed, speed, state };
  }), { name: "overload", seed: 8, speed: Infinity, state: "ready" });
  assert.equal(await page.locator(".controls").isVisible(), false);
  assert.equal(await page.getByRole("tab").first().isVisible(), false);
  assert.equal(await page.locator(".brand").isVisible(), false);
});
