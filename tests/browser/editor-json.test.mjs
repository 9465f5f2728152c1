// The JSON beside the form: what it offers, explains and marks, and how it fits the form's history.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import russian from "../../www/i18n/parts/codemirror.ru.js";
import { History } from "../../www/parts/editor/history.js";
import { breakOf, markOf, slotAt } from "../../www/parts/editor/json/places.js";
import { EditorState, jsonLanguage } from "../../www/vendor/codemirror.js";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { cursorBehind, json, jsonText, pointAt, writeJson } from "./json-text.mjs";
import { inModel, openView, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

/** @param {string} doc */
const stateOf = (doc) => EditorState.create({ doc, extensions: jsonLanguage });

/** What can be written where a text has a bar. @param {string} text */
function slot(text) {
  const found = slotAt(stateOf(text.replace("|", "")), text.indexOf("|"));
  return found && `${found.isKey ? "key" : "value"} ${JSON.stringify(found.path)} over ${JSON.stringify(text.replace("|", "").slice(found.from, found.to))}`;
}

test("what can be written at a place is known in unfinished texts, too", () => {
  assert.equal(slot('{"a": {"x|"}}'), 'key ["a"] over "x"');
  assert.equal(slot('{"a": {"x|": 1}}'), 'key ["a"] over "x"');
  assert.equal(slot('{"a": 1, se|, "b": 2}'), 'key [] over "se"');
  assert.equal(slot('{"x": [{"a": 1}, {|}]}'), 'key ["x",1] over ""');
  assert.equal(slot('{"a": {"b": 1,\n "c|\n}}'), 'key ["a"] over "c"');
  assert.equal(slot('{"a":   |\n}'), 'value ["a"] over ""');
  assert.equal(slot('{"a": "b|c"}'), 'value ["a"] over "bc"');
  assert.equal(slot('{"a": [1, |]}'), 'value ["a",1] over ""');
  // Where something is missing first, nothing can be written.
  assert.equal(slot('{"a": 1 |}'), undefined);
  assert.equal(slot('{"a": | 1}'), undefined);
  assert.equal(slot('{"a" |}'), undefined);
});

test("a mistake is marked where it stands, or where something is missing", () => {
  const text = '{"a": {"b c": [1, {"d": 2}]}, "a": {"e": {}}}';
  const marked = (/** @type {(string | number)[]} */ path) => {
    const { from, to } = markOf(stateOf(text), path);
    return text.slice(from, to);
  };
  // Of a repeated key the last one counts.
  assert.equal(marked(["a", "e"]), '"e"');
  assert.equal(marked(["a", "e", "missing"]), '"e"');
  assert.equal(marked(["nowhere"]), "{");
  const list = '{"a": [1, {"d": 2}, []]}';
  const state = stateOf(list);
  assert.equal(list.slice(markOf(state, ["a", 1, "d"]).from, markOf(state, ["a", 1, "d"]).to), "2");
  assert.equal(markOf(state, ["a", 2]).from, list.indexOf("[]"));
  assert.deepEqual(markOf(stateOf(""), ["a"]), { from: 0, to: 0 });
});

test("a text that is no JSON is so at a place", () => {
  assert.equal(breakOf(stateOf('{"a": [1, 2]}')), undefined);
  for (const [text, at] of /** @type {const} */ ([['{"a": }', 6], ["{ nonsense", 2], ['{"a": 01}', 7], ['{"a": "\\x"}', 6], ["", 0], ['{"a": 1} 5', 9]])) {
    assert.equal(breakOf(stateOf(text))?.from, at, text);
  }
});

test("states that are not worth a step are forgotten", () => {
  const history = new History(0);
  history.push(1, "a", 0);
  history.push(-1, "b", 10);
  history.push(-2, "b", 20);
  history.drop((state) => state < 0);
  assert.equal(history.present, 1);
  // What follows goes on from the state before.
  history.push(2, "a", 30);
  history.undo();
  assert.deepEqual([history.present, history.canUndo], [0, false]);
  history.drop((state) => state === 0);
  assert.equal(history.present, 0);
});

test("every phrase of the text editor has its Russian", async () => {
  const require = createRequire(import.meta.url);
  for (const name of ["autocomplete", "commands", "language", "lint", "search", "view"]) {
    const source = await readFile(require.resolve(`@codemirror/${name}`), "utf8");
    const phrases = [...source.matchAll(/\bphrase\((?:view, )?"([^"]+)"/g), ...source.matchAll(/phrase\(\w+ \? "([^"]+)" : "([^"]+)"\)/g)].flatMap(([, ...found]) => found);
    assert.deepEqual(phrases.filter((phrase) => !Object.hasOwn(russian, phrase)), [], name);
  }
});

/** @param {Page} page */
async function open(page) {
  await standstill(page);
  await openView(page, "editor");
  await page.locator(".nav-item").first().waitFor();
  await jsonText(page);
}

/** @param {Page} page @param {string} part */
const choose = (page, part) => page.locator(".nav-item").filter({ has: page.getByText(part, { exact: true }) }).click();

/** @param {Page} page @param {string} path */
const control = (page, path) => page.locator(`[data-path='${path}']`).last().locator("input, select, textarea").first();

/** What is offered at the cursor. @param {Page} page */
const offered = (page) => page.locator(".cm-tooltip-autocomplete li");

/** Takes what is chosen in the list, which for a moment takes nothing: it may have come up under a finger. @param {Page} page */
async function take(page) {
  await page.waitForTimeout(120);
  await page.keyboard.press("Enter");
}

/** A new line at the beginning of an object of the text. @param {Page} page @param {string} head */
async function lineIn(page, head) {
  await cursorBehind(page, head);
  await page.keyboard.press("Enter");
}

pageTest("fields that are not there yet are offered with what they mean, and come with a value", {}, async (page) => {
  await open(page);
  await lineIn(page, '"PaymentService": {');
  await page.keyboard.type('"wor');
  const workers = offered(page).filter({ hasText: "workers" });
  await workers.waitFor();
  assert.match(await workers.innerText(), /workers\s*Workers/);
  await page.locator(".cm-completionInfo").getByText(/requests at the same time|processed at|worker/i).first().waitFor();
  await take(page);
  // The value is selected: what is typed takes its place.
  await page.keyboard.type("4");
  assert.equal((await json(page)).services.PaymentService.workers, 4);
  await choose(page, "PaymentService");
  assert.equal(await control(page, "services.PaymentService.workers").inputValue(), "4");
  // Whatever is there already is not offered again.
  await cursorBehind(page, '"workers": 4');
  await page.keyboard.type(', "');
  await offered(page).first().waitFor();
  const names = await offered(page).locator(".cm-completionLabel").allInnerTexts();
  assert.ok(names.includes("queue_limit") && !names.includes("workers") && !names.includes("instances"), names.join(", "));
});

pageTest("values are offered where there are only some", {}, async (page) => {
  await open(page);
  const values = async (/** @type {string} */ piece, /** @type {string} */ inside = "") => {
    await cursorBehind(page, piece + inside);
    await page.keyboard.press("Control+Space");
    await offered(page).first().waitFor();
    const found = await offered(page).locator(".cm-completionLabel").allInnerTexts();
    await page.keyboard.press("Escape");
    return found;
  };
  assert.deepEqual(await values('"on_write_error": "'), ["fail", "ignore"]);
  assert.deepEqual(await values('"per_instance": t'), ["true", "false"]);
  // Names of what there is, in the configuration as it is being edited.
  assert.deepEqual(await values('"database": {\n        "name": "'), ["PaymentDB", "DataDB", "PublicInfoDB", "NotificationDB", "AuthCluster"]);
  await writeJson(page, '{"services": {"A": {"service_time": }}}');
  const kinds = await values('"service_time": ');
  assert.ok(kinds.includes("exponential") && kinds.includes("uniform"), kinds.join(", "));
  await cursorBehind(page, '"service_time": ');
  await page.keyboard.press("Control+Space");
  await offered(page).filter({ hasText: "exponential" }).first().click();
  assert.deepEqual((await json(page)).services.A.service_time, { exponential: { mean: 0.1 } });
});

pageTest("a key and a value explain themselves under the pointer", {}, async (page) => {
  await open(page);
  await cursorBehind(page, '"keep_alive_prob"'.replace("keep_alive_prob", "reuse_prob"));
  const key = (/** @type {string} */ name) => page.locator(".tok-propertyName", { hasText: name });
  const meaning = page.locator(".cm-tooltip-hover .json-meaning");
  await pointAt(page, key("reuse_prob"), meaning.getByText("Returning users"));
  await meaning.getByText(/Probability/).waitFor();
  await meaning.getByText("default:").waitFor();
  await pointAt(page, key("sequential"), meaning.getByText(/One gateway|one by one|one after/i).first());
});

pageTest("a key that stands twice is a mistake, and no run begins with one of the two", {}, async (page) => {
  await open(page);
  const { seed: _, ...rest } = await json(page);
  const runs = () => inModel(page, (element) => element.config?.seed);
  const before = await runs();
  // A byte order mark is none.
  await writeJson(page, `\ufeff${JSON.stringify({ seed: 5, ...rest }, null, 2).replace('"seed": 5', '"seed": 5,\n  "seed": 6')}`);
  await page.keyboard.press("Control+Home");
  await page.locator(".cm-lintRange-error", { hasText: "6" }).waitFor();
  await page.getByText("stands here twice").first().waitFor();
  await page.getByRole("button", { name: "Restart with it" }).click();
  await page.locator(".editor-result").getByText(/1 mistake|mistake/).waitFor();
  assert.equal(await runs(), before);
});

/** How many mistakes are marked, and what their first one marks. @param {Page} page */
async function marks(page) {
  const found = page.locator(".cm-lintRange-error");
  return { count: await found.count(), text: await found.first().innerText(), gutter: await page.locator(".cm-lint-marker-error").count() };
}

pageTest("mistakes of the simulator are marked at their places, and F8 leads there", {}, async (page) => {
  await open(page);
  const config = await json(page);
  const { PaymentService } = config.services;
  await writeJson(page, JSON.stringify({ seed: -3, ...config, services: { PaymentService: { ...PaymentService, fail_prob: 7 } } }, null, 2));
  await page.keyboard.press("Control+Home");
  await page.locator(".cm-lintRange-error", { hasText: "-3" }).waitFor();
  const first = await marks(page);
  assert.equal(first.text, "-3");
  assert.equal(first.count, first.gutter);
  assert.equal(await page.locator("#config").getAttribute("aria-invalid"), "true");
  await pointAt(page, page.locator(".cm-lintRange-error").first(), page.locator(".cm-diagnostic").getByText(/is not a whole number/));
  await page.locator("#config").focus();
  await page.keyboard.press("Control+Home");
  // The first mistake, and the next: the name of a service that is gone.
  await page.keyboard.press("F8");
  await page.keyboard.press("F8");
  const chosen = () => page.locator("#config").evaluate((content) => {
    const { state } = /** @type {any} */ (content).cmTile.view;
    const { from, to } = state.selection.main;
    return [state.doc.lineAt(from).text.trim(), state.sliceDoc(from, to)];
  });
  assert.deepEqual(await chosen(), ['"DataService": 1,', "1"]);
  // What the form mends loses its mark.
  await choose(page, "General");
  await control(page, "seed").fill("3");
  await page.waitForFunction(() => !document.querySelector("web-service-model")?.shadowRoot?.querySelector('[data-path="seed"] .field-findings p'));
  assert.notEqual((await marks(page)).text, "-3");
});

pageTest("a text that is no JSON says where, and what is mended loses its mark", {}, async (page) => {
  await open(page);
  await cursorBehind(page, '"duration": 50');
  await page.keyboard.type(" 7");
  await page.locator("#config-error").getByText(/This is not JSON/).waitFor();
  const marked = await marks(page);
  assert.deepEqual([marked.count, marked.gutter], [1, 1]);
  assert.match(await page.locator(".cm-line", { has: page.locator(".cm-lintRange-error") }).innerText(), /"duration": 50 7/);
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Backspace");
  await page.locator("#config-error").waitFor({ state: "hidden" });
  await page.locator(".cm-lintRange-error").first().waitFor({ state: "detached" });
  await page.locator("#config:not([aria-invalid])").waitFor();
});

pageTest("the text is searched and its finds are replaced", {}, async (page) => {
  await open(page);
  await cursorBehind(page, '"network"');
  await page.keyboard.press("Control+f");
  await page.keyboard.type("DataCache");
  await page.keyboard.press("Enter");
  await page.locator(".cm-searchMatch-selected", { hasText: "DataCache" }).waitFor();
  await page.getByRole("textbox", { name: "Replace" }).fill("NearCache");
  await page.getByRole("button", { name: "replace all" }).click();
  const config = await json(page);
  assert.deepEqual([Object.keys(config.caches), config.services.DataService.cache.name], [["NearCache"], "NearCache"]);
  await page.keyboard.press("Escape");
  await page.locator(".cm-search").waitFor({ state: "detached" });
  // One step back, by the editor's own history.
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  assert.deepEqual(Object.keys((await json(page)).caches), ["DataCache"]);
});

pageTest("undo goes through changes of the form and of the text alike, and brings back what was typed as it was typed", {}, async (page) => {
  await open(page);
  const before = await jsonText(page);
  await choose(page, "PaymentDB");
  await control(page, "db_clusters.PaymentDB.replicas").fill("5");
  const inForm = await jsonText(page);
  await cursorBehind(page, '"duration": 50');
  await page.keyboard.type("0");
  await page.keyboard.press("Space");
  const typed = await jsonText(page);
  assert.match(typed, /"duration": 500 ,/);
  await control(page, "db_clusters.PaymentDB.replicas").fill("6");
  assert.doesNotMatch(await jsonText(page), /"duration": 500 ,/);

  // From the text, by its keys: the form's change first, then the text's, then the form's again.
  await page.locator("#config").focus();
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await jsonText(page), typed);
  assert.equal(await control(page, "db_clusters.PaymentDB.replicas").inputValue(), "5");
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await jsonText(page), inForm);
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await jsonText(page), before);
  assert.ok(await page.getByRole("button", { name: "Undo", exact: true }).isDisabled());
  for (let step = 0; step < 3; step += 1) await page.keyboard.press("ControlOrMeta+Shift+z");
  assert.equal((await json(page)).db_clusters.PaymentDB.replicas, 6);
  assert.equal((await json(page)).duration, 500);
});

pageTest("what is no JSON yet can be undone, and the form goes on without it", {}, async (page) => {
  await open(page);
  const before = await jsonText(page);
  await writeJson(page, "{ nonsense");
  await page.getByText(/This is not JSON/).waitFor();
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await jsonText(page), before);
  await page.locator("#config-error").waitFor({ state: "hidden" });
  await page.keyboard.press("ControlOrMeta+y");
  assert.equal(await jsonText(page), "{ nonsense");
  await page.getByText(/This is not JSON/).waitFor();
  // Discarding is a way out, too, and no step: nothing had been changed.
  await page.getByRole("button", { name: "Discard my changes" }).click();
  assert.equal(await jsonText(page), before);
  assert.ok(await page.getByRole("button", { name: "Undo", exact: true }).isDisabled());
});

pageTest("a text of one megabyte is taken, marked and left again", {}, async (page) => {
  await open(page);
  const service = { instances: 2, service_time: { exponential: { mean: 0.01 } }, outages: { up: { uniform: [15, 40] }, down: { uniform: [5, 15] } } };
  const names = Array.from({ length: 900 }, (_, index) => `Service${index}`);
  const big = { users: { all: { arrivals: { poisson: { rate: 5 } }, targets: { Service0: 1 } } }, services: Object.fromEntries(names.map((name) => [name, service])), seed: 2 ** 60 };
  const text = JSON.stringify(big, null, 8);
  const padded = text.padEnd(1024 * 1024, " ");
  await writeJson(page, padded);
  assert.equal((await jsonText(page)).length, padded.length);
  await page.locator(".form-mistakes").getByRole("button", { name: /seed/ }).waitFor();
  assert.equal(await page.locator(".nav-item", { hasText: /^Service\d+$/ }).count(), names.length);
  // The mark is at the end, far below what is in view.
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("F8");
  await page.locator(".cm-lintRange-error").first().waitFor();
  // A letter more is there at once.
  const started = Date.now();
  await cursorBehind(page, '"Service7": {');
  await page.keyboard.type(" ");
  await page.evaluate(() => new Promise(requestAnimationFrame));
  assert.ok(Date.now() - started < 5000, `${Date.now() - started} ms`);
  await page.getByRole("button", { name: "Discard my changes" }).click();
  assert.ok((await json(page)).services.PaymentService);
});

pageTest("in Russian the text editor speaks Russian", { locale: "ru-RU" }, async (page) => {
  await open(page);
  await cursorBehind(page, '"services"');
  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Найти" }).waitFor();
  await page.getByRole("button", { name: "заменить все" }).waitFor();
  const words = (await page.locator(".cm-search").innerText()).match(/[A-Za-z]{3,}/g);
  assert.equal(words, null);
  await page.keyboard.press("Escape");
  await lineIn(page, '"PaymentService": {');
  await page.keyboard.type('"fai');
  await page.keyboard.press("Control+Space");
  await page.keyboard.press("Escape");
  await page.keyboard.type("x");
  await page.keyboard.press("Backspace");
  await cursorBehind(page, '"reuse_prob"');
  const explained = page.locator(".cm-tooltip-hover").getByText(/Вероятность, что пришёл/);
  await pointAt(page, page.locator(".tok-propertyName", { hasText: "reuse_prob" }), explained);
  await page.getByLabel("Язык").selectOption("en");
  await cursorBehind(page, '"services"');
  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Find" }).waitFor();
});

pageTest("the keyboard goes into the text and out of it again", {}, async (page) => {
  await open(page);
  const inText = () => page.locator("#config").evaluate((content) => content.matches(":focus"));
  await page.locator("#config").focus();
  await page.keyboard.press("Tab");
  assert.equal(await inText(), false);
  await page.keyboard.press("Shift+Tab");
  assert.equal(await inText(), true);
  assert.equal(await page.getByRole("textbox", { name: "Configuration as JSON" }).count(), 1);
  await page.keyboard.press("Shift+Tab");
  assert.equal(await inText(), false);
});

/** Whether a script of the site has CodeMirror in it, bundled or not. @param {string} text */
const isTextEditor = (text) => text.includes("cm-selectionBackground");

pageTest("the text editor is loaded when its side comes into view, and tries again after a failure", { allow: /ERR_FAILED|Failed to load/ }, async (page) => {
  /** @type {string[]} */
  const loaded = [];
  page.on("response", async (response) => {
    if (!response.url().endsWith(".js")) return;
    const text = await response.text().catch(() => "");
    if (isTextEditor(text)) loaded.push(response.url());
  });
  await standstill(page);
  await page.waitForLoadState("networkidle");
  assert.deepEqual(loaded, []);
  await page.route("**/*.js", async (route) => {
    const response = await route.fetch();
    if (isTextEditor(await response.text())) await route.abort();
    else await route.fulfill({ response });
  });
  await openView(page, "editor");
  await page.locator(".json-side").scrollIntoViewIfNeeded();
  await page.getByText(/The text editor could not be loaded/).waitFor();
  await page.unroute("**/*.js");
  // Put away and taken out again.
  const toggle = page.getByRole("button", { name: "JSON", exact: true });
  await toggle.click();
  await toggle.click();
  assert.ok((await json(page)).services.PaymentService);
  await page.locator("#config-error").waitFor({ state: "hidden" });
  assert.equal(loaded.length, 1);
});

/** The list of what is offered scrolls with the arrow keys, which the text keeps: of that axe knows for a combobox only. */
const LIST = { except: ["scrollable-region-focusable"] };

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  pageTest(`axe finds nothing in the JSON with a list, a search and a mistake (${colorScheme})`, { colorScheme, bypassCSP: true }, async (page) => {
    await open(page);
    await cursorBehind(page, '"duration": 50');
    await page.keyboard.type("e9");
    await page.locator(".cm-lintRange-error").first().waitFor();
    await page.keyboard.press("Control+f");
    await page.keyboard.type("Data");
    await page.waitForTimeout(250);
    await assertAccessible(page);
    await page.keyboard.press("Escape");
    await lineIn(page, '"DataService": {');
    await page.keyboard.type('"');
    await offered(page).first().waitFor();
    await page.waitForTimeout(250);
    await assertAccessible(page, LIST);
  });
}

pageTest("the JSON fits a phone, with its list and its search", { viewport: { width: 360, height: 700 }, bypassCSP: true }, async (page) => {
  await open(page);
  await page.locator("#config").scrollIntoViewIfNeeded();
  await cursorBehind(page, '"network"');
  await page.keyboard.press("Control+f");
  await page.locator(".cm-search").waitFor();
  await assertNoSidewaysScroll(page);
  await page.keyboard.press("Escape");
  await lineIn(page, '"clients": {');
  await page.keyboard.type('"');
  await offered(page).first().waitFor();
  await page.waitForTimeout(250);
  await assertNoSidewaysScroll(page);
  const list = await page.locator(".cm-tooltip-autocomplete").boundingBox();
  assert.ok(list && list.x >= 0 && list.x + list.width <= 360, JSON.stringify(list));
  await assertAccessible(page, LIST);
});
