// What links, files, drafts and messages mean, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { fileName, readConfigFile } from "../../www/run/config-file.js";
import { Drafts } from "../../www/run/drafts.js";
import { FrameMessages } from "../../www/run/frame-messages.js";
import { decodeLink, encodeLink, isLink } from "../../www/run/permalink.js";

/** @param {string | Buffer} content */
const link = (content) => `1.${deflateRawSync(content).toString("base64url")}`;

/** @param {string} code */
const refusal = (code) => /** @param {any} problem */ (problem) => problem.code === code;

test("a link holds a configuration in any language, and what is looked at", async () => {
  const config = { name: "имя / 名 ☃", seed: 2 ** 53 - 1, services: { "A & B?#": { instances: 2 } } };
  const view = { view: "chart:rps", tab: "log", select: "A-0", speed: 0, zoom: /** @type {[number, number]} */ ([1.5, 20]) };
  const fragment = await encodeLink({ config, view });
  assert.match(fragment, /^1\.[\w-]+$/);
  assert.deepEqual(await decodeLink(`#${fragment}`), { config, view });
  assert.equal(isLink(`#${fragment}`), true);
  assert.equal(isLink("#chapter-1.2"), false);
  assert.equal(isLink(""), false);
});

test("a link holds charts, what is hidden in them, and what is compared with", async () => {
  const config = { name: "a", seed: 1 };
  const charts = { lang: "ru", more: true, hidden: { rps: ["успешно"] }, own: [{ series: ["services.Shop.queue"], hidden: [] }] };
  const baseline = { config: { name: "b", seed: 2 }, until: 12.5 };
  const content = { config, view: { charts }, baseline };
  const read = await decodeLink(await encodeLink(content));
  assert.deepEqual(JSON.parse(JSON.stringify(read)), content);
});

test("hostile charts and baselines in a link are none", async () => {
  const long = JSON.stringify("x".repeat(1000));
  const charts = [
    ["5", undefined], ["[]", undefined],
    ['{"lang":5,"more":1,"hidden":[],"own":{}}', { lang: "en", more: false, hidden: {}, own: [] }],
    [`{"own":[{"series":[1,null,${long}]},{"series":"x"},7,{"series":["a","a"],"hidden":{}}]}`, { lang: "en", more: false, hidden: {}, own: [{ series: ["a"], hidden: [] }] }],
    [`{"own":${JSON.stringify(Array.from({ length: 5000 }, () => ({ series: ["a"] })))}}`, 50],
  ];
  for (const [text, wanted] of charts) {
    const { view } = await decodeLink(link(`{"config":{},"view":{"charts":${text}}}`));
    if (typeof wanted === "number") assert.equal(view.charts?.own?.length, wanted);
    else assert.deepEqual(view.charts, wanted, String(text));
  }
  const proto = await decodeLink(link('{"config":{},"view":{"charts":{"hidden":{"__proto__":["a"],"constructor":["b"]}}}}'));
  assert.equal(/** @type {any} */ ({}).a, undefined);
  assert.deepEqual(Object.keys(proto.view.charts?.hidden ?? {}).sort(), ["__proto__", "constructor"]);
  for (const baseline of ["5", "{}", '{"config":[],"until":5}', '{"config":{},"until":0}', '{"config":{},"until":"9"}', '{"config":{},"until":-1}']) {
    assert.equal((await decodeLink(link(`{"config":{},"baseline":${baseline}}`))).baseline, undefined, baseline);
  }
});

test("a large configuration fits, a larger one is refused before it is a link", async () => {
  const services = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`Service${i}`, { instances: i + 1 }]));
  const content = { config: { services }, view: {} };
  assert.deepEqual((await decodeLink(await encodeLink(content))).config, content.config);
  await assert.rejects(encodeLink({ config: { name: "x".repeat(2e6) }, view: {} }), refusal("link.too_large"));
});

test("a link that is damaged in any way is refused as damaged", async () => {
  const good = await encodeLink({ config: { name: "a name that is long enough" }, view: {} });
  const damaged = [
    good.slice(0, -6), good.slice(0, 12), "1.", "1.!!!", "1.AAAA", "1.%00", `1.${good}`, "1.a", good.replace(".", ".zzzz"),
    link("not JSON"), link("null"), link("[]"), link('{"config":5}'), link('{"config":[]}'), link(Buffer.from([0xff, 0xfe])),
  ];
  for (const fragment of damaged) await assert.rejects(decodeLink(fragment), refusal("link.damaged"), fragment);
});

test("a link of another version says so, whatever it holds", async () => {
  for (const fragment of ["2.abc", "0.abc", "99999999999999.!", "01.abc"]) {
    await assert.rejects(decodeLink(fragment), refusal("link.version"), fragment);
  }
});

test("a link that inflates to gigabytes is given up early", async () => {
  const bomb = link(Buffer.alloc(200e6, 32));
  assert.ok(bomb.length < 300_000);
  const before = process.memoryUsage().rss;
  await assert.rejects(decodeLink(bomb), refusal("link.too_large"));
  assert.ok(process.memoryUsage().rss - before < 100e6);
  await assert.rejects(decodeLink(`1.${"A".repeat(500_000)}`), refusal("link.too_large"));
});

test("a hostile view in a link is none, and its names change nothing", async () => {
  const views = ['{"view":5,"tab":{},"select":["x"],"speed":-1,"zoom":[5,1]}', '{"speed":"max","zoom":[0]}', "7", "null",
    `{"tab":"${"x".repeat(1000)}","zoom":[null,1]}`];
  for (const view of views) {
    const content = await decodeLink(link(`{"config":{},"view":${view}}`));
    assert.deepEqual(Object.values(content.view).filter((value) => value !== undefined), [], view);
  }
  const { config } = await decodeLink(link('{"config":{"__proto__":{"polluted":1}},"view":{}}'));
  assert.equal(Object.getPrototypeOf(config), Object.prototype);
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});

/** @param {string} text @param {string} [name] @param {string} [type] */
const file = (text, name = "a.json", type = "application/json") => new File([text], name, { type });

/** Reads files where all configurations are good, and files of other programs say who they are. @param {File[]} files */
const read = (files) => readConfigFile(files, {
  check: () => [],
  importConfig: (text, name) => ({ product: "nginx", config: text === "" ? null : { name: `${name}: ${text}` }, notes: [] }),
});

test("a file is read as a configuration, or refused with the reason", async () => {
  assert.deepEqual(await read([file('\uFEFF{"seed": 1}')]), { config: { seed: 1 } });
  assert.deepEqual(await read([file("{}", "A.JSON", "")]), { config: {} });
  await assert.rejects(read([]), refusal("file.count"));
  await assert.rejects(read([file("{}"), file("{}")]), refusal("file.count"));
  await assert.rejects(read([file("{}", "picture.png", "image/png")]), refusal("file.type"));
  await assert.rejects(read([file(" ".repeat(1024 * 1024 + 1))]), refusal("file.too_large"));
  await assert.rejects(read([file("{")]), refusal("file.not_json"));
});

test("a file of another program is imported, by its name or by what is in it", async () => {
  for (const name of ["nginx.conf", "a.CFG", "patroni.yml", "b.yaml"]) {
    const { config, imported } = await read([file("x", name, "")]);
    assert.deepEqual([config.name, imported?.product], [`${name}: x`, "nginx"]);
  }
  // A broker's definitions are JSON, too; a configuration has queues in its brokers only.
  assert.ok((await read([file('{"queues": [], "users": []}')])).imported);
  assert.equal((await read([file('{"brokers": {"B": {"queues": {}}}}')])).imported, undefined);
  await assert.rejects(read([file("", "nginx.conf", "")]), refusal("file.nothing"));
  await assert.rejects(read([file(" ".repeat(1024 * 1024 + 1), "nginx.conf")]), refusal("file.too_large"));
});

test("a name for a file is one that every system takes", () => {
  assert.equal(fileName("primary-failover"), "primary-failover");
  assert.equal(fileName("../../etc/passwd"), "etc-passwd");
  assert.equal(fileName("мой: сценарий?"), "мой-сценарий");
  for (const name of [undefined, "", "///", "..."]) assert.equal(fileName(name), "configuration");
});

/** @param {Partial<Storage>} [broken] */
function storage(broken) {
  const items = new Map();
  return /** @type {any} */ ({
    items,
    getItem: (/** @type {string} */ key) => items.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => items.set(key, value),
    removeItem: (/** @type {string} */ key) => items.delete(key),
    ...broken,
  });
}

test("a draft is kept, and the last of several", () => {
  const kept = storage();
  const drafts = new Drafts(() => kept);
  assert.equal(drafts.read(), undefined);
  drafts.keep({ seed: 1 });
  drafts.keep({ seed: 2 });
  assert.equal(drafts.read(), undefined);
  drafts.flush();
  assert.deepEqual(new Drafts(() => kept).read()?.config, { seed: 2 });
  drafts.keep({ seed: 3 });
  drafts.discard();
  drafts.flush();
  assert.equal(drafts.read(), undefined);
});

test("a browser that keeps nothing, or the wrong thing, breaks nothing", () => {
  const full = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  for (const broken of [() => storage({ setItem: full }), () => storage({ getItem: full, removeItem: full }), full]) {
    const drafts = new Drafts(broken);
    drafts.keep({ seed: 1 });
    drafts.flush();
    assert.equal(drafts.read(), undefined);
    drafts.discard();
  }
  for (const text of ["", "null", "[]", "{}", '{"config":5,"saved":"2026-01-01"}', '{"config":{},"saved":"never"}', "{"]) {
    assert.equal(new Drafts(() => storage({ getItem: () => text })).read(), undefined, text);
  }
});

test("a draft that is nested too deep to be written again is none", () => {
  // Many times what any browser's stack takes; a draft of this length is read otherwise.
  const text = `{"config":{"a":${"[".repeat(500_000)}${"]".repeat(500_000)}},"saved":"2026-01-01"}`;
  assert.equal(new Drafts(() => storage({ getItem: () => text })).read(), undefined);
});

test("a configuration too large for a draft leaves no older one in its place", () => {
  const kept = storage();
  const drafts = new Drafts(() => kept);
  drafts.keep({ seed: 1 });
  drafts.flush();
  drafts.keep({ name: "x".repeat(2e6) });
  drafts.flush();
  assert.equal(kept.items.size, 0);
});

/** An element that writes down what is done to it. @param {object} [more] */
function recorded(more = {}) {
  /** @type {unknown[][]} */
  const calls = [];
  const names = ["play", "pause", "reset", "load", "patch", "crash", "recover", "promote", "select", "setAttribute"];
  const methods = names.map((name) => [name, (/** @type {unknown[]} */ ...values) => void calls.push([name, ...values])]);
  const model = Object.assign(new EventTarget(), { simulation: { report: () => "report" } }, Object.fromEntries(methods), more);
  /** @type {any[]} */
  const sent = [];
  const messages = new FrameMessages(/** @type {any} */ (model), (message) => void sent.push(message));
  /** @param {unknown} message */
  const receive = (message) => messages.receive(message);
  return { calls, model: /** @type {any} */ (model), sent, receive };
}

test("messages drive the element, and each is answered", async () => {
  const { calls, model, sent, receive } = recorded();
  const type = "web-service-model";
  await receive({ type, id: 1, command: "play" });
  await receive({ type, id: "b", command: "crash", component: "DB/0", seconds: 5 });
  await receive({ type, command: "crash", component: "DB/0" });
  await receive({ type, command: "select" });
  await receive({ type, command: "view", view: "chart:rps" });
  await receive({ type, command: "load", config: { seed: 1 } });
  await receive({ type, command: "speed", speed: "max" });
  await receive({ type, command: "seed", seed: 9 });
  await receive({ type, id: 7, command: "report" });
  assert.deepEqual(calls, [["play"], ["crash", "DB/0", 5], ["crash", "DB/0", undefined], ["select", undefined],
    ["setAttribute", "view", "chart:rps"], ["load", { seed: 1 }]]);
  assert.deepEqual([model.speed, model.seed], [Infinity, 9]);
  assert.deepEqual(sent[0], { type, id: 1, command: "play", answer: undefined });
  assert.deepEqual(sent[1].id, "b");
  assert.deepEqual(sent.at(-1), { type, id: 7, command: "report", answer: "report" });
});

test("a message that is wrong is answered with an error, one for somebody else not at all", async () => {
  const load = () => {
    throw Object.assign(new Error("2 mistakes"), { code: "bad_config", errors: [{ path: "a" }] });
  };
  const { calls, sent, receive } = recorded({ load });
  const type = "web-service-model";
  for (const message of [undefined, null, 5, "play", [], {}, { type: "other", command: "play" }, { type, event: "ready" }]) {
    await receive(message);
  }
  assert.equal(sent.length, 0);
  const wrong = [{ command: "format" }, { command: "constructor" }, { command: 5 }, { command: "crash" },
    { command: "crash", component: "A", seconds: "5" }, { command: "speed", speed: 0 }, { command: "speed", speed: NaN },
    { command: "seed", seed: -1 }, { command: "load", config: "{}" }, { command: "patch" }, { command: "view", view: {} }];
  for (const values of wrong) {
    await receive({ type, id: 3, ...values });
    const { id, error } = sent.at(-1);
    assert.equal(id, 3);
    assert.equal(error?.code, "bad_message", JSON.stringify(values));
  }
  await receive({ type, command: "load", config: {} });
  assert.deepEqual(sent.at(-1).error, { code: "bad_config", message: "2 mistakes", errors: [{ path: "a" }] });
  assert.deepEqual(calls, []);
});

test("a command that is no name is wrong, and a long one is not told back whole", async () => {
  const { sent, receive } = recorded();
  const cycle = {};
  Object.assign(cycle, { cycle });
  for (const command of [cycle, 5n, Symbol.iterator, [], new Map()]) {
    await receive({ type: "web-service-model", id: 3, command });
    assert.equal(sent.at(-1).error.code, "bad_message");
  }
  await receive({ type: "web-service-model", id: 3, command: "x".repeat(1e6) });
  assert.ok(sent.at(-1).error.message.length < 500);
});

test("an answer goes without what cannot be handed back", async () => {
  const { model } = recorded();
  /** @type {any[]} */
  const sent = [];
  const messages = new FrameMessages(model, (message) => void sent.push(structuredClone(message)));
  // A port that was handed over to us is of this kind: it can be handed on, but not copied.
  const { port1, port2 } = new MessageChannel();
  await messages.receive({ type: "web-service-model", id: port1, command: "report" });
  await messages.receive({ type: "web-service-model", id: port1, command: [port2] });
  assert.deepEqual(sent[0], { type: "web-service-model", id: undefined, command: "report", answer: "report" });
  assert.equal(sent[1].error.code, "bad_message");
  port1.close();
});

test("what comes early waits, and events are passed on", async () => {
  const { calls, model, sent, receive } = recorded({ simulation: undefined });
  const done = receive({ type: "web-service-model", command: "play" });
  await new Promise(setImmediate);
  assert.deepEqual(calls, []);
  model.dispatchEvent(new CustomEvent("ready", { detail: { seed: 4 } }));
  await done;
  assert.deepEqual(calls, [["play"]]);
  assert.deepEqual(sent[0], { type: "web-service-model", event: "ready", detail: { seed: 4 } });
});
