import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { deflateRawSync } from "node:zlib";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { inModel, now, openTab, standstill, status } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

/** A link of the present format with any content. @param {unknown} content */
const link = (content) => `#1.${deflateRawSync(JSON.stringify(content)).toString("base64url")}`;

const small = {
  name: "small",
  title: { en: "A small system", ru: "Маленькая система" },
  seed: 11,
  duration: 20,
  users: { all: { arrivals: { poisson: { rate: 50 } }, targets: { Api: 1 } } },
  services: { Api: { base_latency: 0.01 } },
};

/** Stops the run that the page began with. @param {Page} page */
const halt = (page) => standstill(page);

/** What the running page would be known by. @param {Page} page */
const state = (page) => inModel(page, (element) => ({
  config: element.config,
  seed: element.seed,
  speed: element.speed,
  tab: element.shadowRoot?.querySelector('[role="tab"][aria-selected="true"]')?.id,
}));

pageTest("a copied link opens the same system, seed and view", { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
  await halt(page);
  await inModel(page, (element) => {
    element.patch({ services: { PaymentService: { fail_prob: 0.25 } } });
    element.seed = 77;
    element.speed = Infinity;
  });
  await openTab(page, "Events");
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("The link is copied.").waitFor();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(address, /index\.html#1\.[\w-]+$|\/#1\.[\w-]+$/);
  assert.equal(page.url(), address);
  const before = await state(page);
  const other = await page.context().newPage();
  await other.goto(address);
  await other.waitForFunction(() => document.querySelector("web-service-model")?.simulation);
  assert.deepEqual(await state(other), before);
  assert.equal(before.seed, 77);
  assert.equal(before.tab, "tab-log");
  // The same run, too.
  for (const one of [page, other]) {
    await inModel(one, (element) => {
      element.reset();
      element.stepSeconds(5);
    });
  }
  const report = (/** @type {Page} */ one) => inModel(one, (element) => element.simulation?.reportJson());
  assert.equal(await report(other), await report(page));
});

pageTest("without a clipboard the link stands in a field, selected", { bypassCSP: true }, async (page) => {
  await halt(page);
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  });
  await page.getByRole("button", { name: "Copy link" }).click();
  const field = page.getByLabel("Link to this configuration");
  assert.match(await field.inputValue(), /#1\./);
  const selected = await field.evaluate((input) => {
    const { selectionStart, selectionEnd, value } = /** @type {HTMLInputElement} */ (input);
    return selectionStart === 0 && selectionEnd === value.length;
  });
  assert.ok(selected);
  await assertAccessible(page);
});

pageTest("the address says no more than what runs", {}, async (page) => {
  await halt(page);
  await page.evaluate((hash) => (location.hash = hash), link({ config: small, view: {} }));
  await page.waitForFunction(() => document.querySelector("web-service-model")?.seed === 11);
  await inModel(page, (element) => element.reset());
  assert.match(page.url(), /#1\./);
  await page.locator("#scenario").selectOption("overload");
  await page.getByText("The shop can serve 80 requests a second.").waitFor({ state: "attached" });
  assert.doesNotMatch(page.url(), /#/);
  // The way back is there, as everywhere.
  await page.evaluate((hash) => (location.hash = hash), link({ config: small, view: {} }));
  await page.waitForFunction(() => document.querySelector("web-service-model")?.config?.name === "small");
  await inModel(page, (element) => element.patch({ services: { Api: { fail_prob: 0.5 } } }));
  assert.doesNotMatch(page.url(), /#/);
});

pageTest("a link counts beside a seed in the address", { path: `?autoplay=0&seed=8${link({ config: small, view: {} })}` }, async (page) => {
  await page.waitForFunction(() => document.querySelector("web-service-model")?.simulation);
  assert.deepEqual(await inModel(page, (element) => [element.config?.name, element.seed]), ["small", 11]);
  assert.match(page.url(), /seed=8#1\./);
});

pageTest("what was asked for while a link is read is not run over by the link", {}, async (page) => {
  await halt(page);
  const name = await page.evaluate(async (hash) => {
    const element = document.querySelector("web-service-model");
    location.hash = hash;
    await new Promise((done) => addEventListener("hashchange", done, { once: true }));
    // The reading has begun: it is inflated in steps, while scripts go on.
    element?.load({ ...element.config, name: "mine" });
    await new Promise((done) => setTimeout(done, 500));
    return element?.config?.name;
  }, link({ config: small, view: {} }));
  assert.equal(name, "mine");
  assert.doesNotMatch(page.url(), /#/);
});

// (Browsers may ask for the page's pictures again when its addresses begin elsewhere, where there is nobody.)
pageTest("the link leaves the address of a page whose addresses begin elsewhere", { path: link({ config: small, view: {} }), bypassCSP: true, allow: /example\.org/ }, async (page) => {
  await halt(page);
  await page.evaluate(() => {
    const base = document.createElement("base");
    base.href = "https://example.org/elsewhere/";
    document.head.prepend(base);
  });
  await inModel(page, (element) => element.load({ .../** @type {any} */ (element.config), name: "mine" }));
  assert.doesNotMatch(page.url(), /#|example/);
});

const bad = [
  { name: "damaged", hash: link({ config: small }).slice(0, -20), says: "It is damaged" },
  { name: "of another version", hash: "#7.abcdef", says: "It was made by another version of this page." },
  { name: "too large", hash: `#1.${deflateRawSync(Buffer.alloc(50e6)).toString("base64url")}`, says: "It holds more than" },
  { name: "without a configuration", hash: link([1, 2]), says: "It is damaged" },
  { name: "with mistakes", hash: link({ config: { services: { "<img src=x onerror=alert(1)>": { instances: -1 } } } }), says: "The configuration in it has mistakes." },
];
for (const { name, hash, says } of bad) {
  pageTest(`a link that is ${name} gets a message and a working page`, { path: hash }, async (page) => {
    const alert = page.getByRole("alert");
    await alert.getByText("This link cannot be opened").waitFor();
    await alert.getByText(says).waitFor();
    await page.waitForFunction(() => document.querySelector("web-service-model")?.config?.name === "coursework");
    assert.equal(await page.locator("web-service-model .view img").count(), 0);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    assert.equal(await status(page), "Paused");
  });
}

pageTest("a bad link put into the open page leaves the run alone", {}, async (page) => {
  await halt(page);
  await inModel(page, (element) => element.stepSeconds(3));
  await page.evaluate(() => (location.hash = "#1.xx"));
  await page.getByRole("alert").getByText("This link cannot be opened").waitFor();
  assert.equal(await now(page), 3);
});

pageTest("a hostile view in a good link does no harm", {
  path: link({ config: small, view: { view: "<b>", tab: "__proto__", select: "nobody", speed: 1e308, zoom: [0, 1e308] } }),
}, async (page) => {
  await page.waitForFunction(() => document.querySelector("web-service-model")?.seed === 11);
  await page.getByRole("tab", { name: "Report" }).click();
  await page.getByRole("heading", { name: "Report" }).waitFor();
});

pageTest("only an element that is told to reads the address", { path: link({ config: small, view: {} }) }, async (page) => {
  await page.waitForFunction(() => document.querySelector("web-service-model")?.seed === 11);
  const names = await page.evaluate(async () => {
    const second = document.createElement("web-service-model");
    second.setAttribute("scenario", "balancing");
    document.querySelector("main")?.append(second);
    await new Promise((done) => second.addEventListener("ready", done));
    second.patch({ duration: 33 });
    return [...document.querySelectorAll("web-service-model")].map((element) => element.config?.name);
  });
  assert.deepEqual(names, ["small", "balancing"]);
  assert.match(page.url(), /#1\./);
  const address = await page.evaluate(() => document.querySelectorAll("web-service-model")[1].permalink());
  assert.match(address, /\/some\/folder\/index\.html#1\./);
});

/** @param {Page} page @param {string} name @param {string} text @param {string} [type] */
const choose = (page, name, text, type = "application/json") =>
  page.locator('input[type="file"]').setInputFiles({ name, mimeType: type, buffer: Buffer.from(text) });

pageTest("a saved file opens again", {}, async (page) => {
  await halt(page);
  await inModel(page, (element, config) => element.load(/** @type {any} */ (config)), small);
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save file" }).click();
  const saved = await saving;
  assert.equal(saved.suggestedFilename(), "small.json");
  const text = await readFile(await saved.path(), "utf8");
  const config = await inModel(page, (element) => element.config);
  assert.deepEqual(JSON.parse(text), config);
  await page.locator("#scenario").selectOption("overload");
  await page.getByText("The shop can serve 80 requests a second.").waitFor({ state: "attached" });
  await choose(page, "mine.json", text);
  await page.getByText("Opened: mine.json").waitFor();
  assert.deepEqual(await inModel(page, (element) => element.config), config);
  assert.equal(await page.locator("#scenario option:checked").textContent(), "A small system");
});

pageTest("a file that is none is refused in words, and the run goes on", {}, async (page) => {
  await halt(page);
  await inModel(page, (element) => element.stepSeconds(3));
  const alert = page.getByRole("alert");
  const files = [
    { name: "photo.png", text: "x", type: "image/png", says: "It is neither a JSON file" },
    { name: "big.json", text: " ".repeat(1024 * 1024 + 1), says: "It is larger than 1 MB" },
    { name: "bad.json", text: "{ nonsense", says: "There is no valid JSON in it:" },
    { name: "empty.conf", text: "events {}", type: "", says: "Nothing in it could be simulated." },
    { name: "twice.json", text: JSON.stringify(small).replace("{", '{"duration": 33,'), says: "The configuration in it has mistakes." },
    { name: "wrong.json", text: '{"services":{"A":{"instances":-1}}}', says: "The configuration in it has mistakes." },
  ];
  for (const { name, text, type, says } of files) {
    await choose(page, name, text, type);
    await alert.getByText("The file could not be opened").waitFor();
    await alert.getByText(says).waitFor();
    assert.equal(await now(page), 3);
  }
  await alert.getByText("services.A.instances: -1").waitFor();
});

/** Drags a file over the element, as a mouse would. @param {Page} page @param {string} type of the last event @param {string} [text] */
const drag = (page, type, text = "{}") => inModel(page, (element, { type, text }) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], "dropped.json", { type: "application/json" }));
  const place = /** @type {Element} */ (element.shadowRoot?.querySelector(".view"));
  const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, composed: true });
  place.dispatchEvent(event);
  return event.defaultPrevented;
}, { type, text });

pageTest("a file can be dropped, and the place for it is seen", { bypassCSP: true }, async (page) => {
  await halt(page);
  const target = page.getByText("Drop a configuration file here");
  assert.equal(await target.isVisible(), false);
  assert.equal(await drag(page, "dragover"), true);
  await target.waitFor();
  await assertAccessible(page);
  await drag(page, "dragleave");
  await target.waitFor({ state: "hidden" });
  await drag(page, "dragover");
  await drag(page, "drop", JSON.stringify(small));
  await target.waitFor({ state: "hidden" });
  await page.getByText("Opened: dropped.json").waitFor();
  assert.equal(await inModel(page, (element) => element.seed), 11);
  const text = await inModel(page, (element) => {
    const event = new DragEvent("dragover", { dataTransfer: new DataTransfer(), bubbles: true, cancelable: true });
    event.dataTransfer?.setData("text/plain", "words");
    element.shadowRoot?.querySelector(".view")?.dispatchEvent(event);
    return event.defaultPrevented;
  });
  assert.equal(text, false);
});

pageTest("a draft outlives a reload", { viewport: { width: 360, height: 640 }, bypassCSP: true }, async (page) => {
  await halt(page);
  const notice = page.getByRole("region", { name: "Your draft" });
  assert.equal(await notice.isVisible(), false);
  await inModel(page, (element) => element.patch({ services: { PaymentService: { fail_prob: 0.31 } } }));
  const config = await inModel(page, (element) => element.config);
  // Leaving at once: what is still to be written is written then.
  await page.reload();
  await notice.getByText("“The coursework”").waitFor();
  await halt(page);
  assert.notDeepEqual(await inModel(page, (element) => element.config), config);
  await assertAccessible(page);
  await assertNoSidewaysScroll(page);
  await notice.getByRole("button", { name: "Continue with the draft" }).click();
  assert.deepEqual(await inModel(page, (element) => element.config), config);
  await notice.waitFor({ state: "hidden" });
  await page.reload();
  await notice.getByRole("button", { name: "Discard it" }).click();
  await page.reload();
  await halt(page);
  assert.equal(await notice.isVisible(), false);
});

pageTest("a browser that keeps nothing has no drafts, and all else works", { path: "about.html", allow: /404/ }, async (page) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });
  });
  await page.goto(page.url().replace("about.html", ""));
  await halt(page);
  await inModel(page, (element) => element.patch({ duration: 33 }));
  await page.waitForTimeout(600);
  await page.reload();
  await halt(page);
  assert.equal(await page.getByRole("region", { name: "Your draft" }).isVisible(), false);
});

pageTest("a configuration from elsewhere that has no end is given up", { path: "?src=scenarios/endless.json", allow: /404/ }, async (page) => {
  await page.getByRole("alert").getByText("could not be loaded").waitFor();
  await page.route("**/endless.json", (route) => route.fulfill({ body: " ".repeat(3e6) }));
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await page.getByRole("alert").getByText("more than 1024 KB").waitFor();
});
