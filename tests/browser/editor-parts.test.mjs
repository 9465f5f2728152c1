// What the editor is made of, without a page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { en } from "../../www/i18n/en.js";
import docs from "../../www/i18n/parts/editor-docs.ru.js";
import { loadLanguage, Texts } from "../../www/i18n/texts.js";
import { canonical } from "../../www/parts/editor/canonical.js";
import { densityOf } from "../../www/parts/editor/density.js";
import { readNumber, secondsOf, writeSpan } from "../../www/parts/editor/duration.js";
import { History } from "../../www/parts/editor/history.js";
import { startOf } from "../../www/parts/editor/json/places.js";
import { countsByPart, sectionOf } from "../../www/parts/editor/finding-list.js";
import { readPath, valueAt, withValueAt, writePath } from "../../www/parts/editor/path.js";
import { namesFor, renamed } from "../../www/parts/editor/references.js";
import { allIds, Schema } from "../../www/parts/editor/schema.js";
import { distributionOf } from "../../www/parts/editor/starters.js";
import { Words } from "../../www/parts/editor/words.js";
import { EditorState, jsonLanguage } from "../../www/vendor/codemirror.js";
import { applyMergePatch, countChanges, mergePatch } from "../../www/run/merge-patch.js";

await loadLanguage("ru");

const json = JSON.parse(await readFile(new URL("../../www/schema.json", import.meta.url), "utf8"));
const schema = new Schema(json);
const { fields, options } = allIds(json);

test("a merge patch holds what differs and nothing else", () => {
  assert.equal(mergePatch({ a: 1, b: [1] }, { a: 1, b: [1] }), undefined);
  assert.deepEqual(mergePatch({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: 5 }, d: 3 }), { a: { b: 5, c: null } });
  assert.deepEqual(mergePatch({ list: [1, 2] }, { list: [1, 3] }), { list: [1, 3] });
  assert.deepEqual(mergePatch({}, { a: { b: 1 } }), { a: { b: 1 } });
});

test("a patch applied gives what it was made from", () => {
  const from = { a: { b: 1, c: 2 }, d: [1], ["__proto__"]: { x: 1 } };
  const to = { a: { b: 1, e: { f: null } }, d: [2], g: {} };
  assert.deepEqual(applyMergePatch(from, mergePatch(from, to)), { a: { b: 1, e: {} }, d: [2], g: {} });
  assert.deepEqual(applyMergePatch({ a: 1 }, null), null);
  assert.deepEqual(Object.keys(/** @type {object} */ (mergePatch({}, JSON.parse('{"__proto__": {"a": 1}}')))), ["__proto__"]);
});

test("changes are counted by value", () => {
  assert.equal(countChanges(undefined), 0);
  assert.equal(countChanges({ a: { b: 1, c: null }, d: [1, 2] }), 3);
  assert.equal(countChanges({ a: {} }), 1);
  assert.equal(countChanges(null), 1);
});

test("paths are read as the simulator writes them", () => {
  for (const path of [["services", "Shop", "calls", 2, "to"], ["services", "a.b c", "x"], ["services", "Касса-1"], ["a b", 0], ["services", ""], []]) {
    assert.deepEqual(readPath(writePath(path)), path);
  }
  assert.equal(writePath(["services", "a.b c", "calls", 2]), 'services["a.b c"].calls[2]');
  assert.equal(writePath(["services", "Касса-1", "workers"]), "services.Касса-1.workers");
  assert.deepEqual(readPath('services["say \\"hi\\""].workers'), ["services", 'say "hi"', "workers"]);
});

test("a value is put at a place and taken away, and nothing else changes", () => {
  const config = { services: { Shop: { calls: [{ to: ["A"] }] } } };
  const before = JSON.stringify(config);
  assert.equal(valueAt(withValueAt(config, ["services", "Shop", "calls", 0, "prob"], 0.5), ["services", "Shop", "calls", 0, "prob"]), 0.5);
  assert.deepEqual(withValueAt(config, ["services", "Shop", "calls", 0], undefined), { services: { Shop: { calls: [] } } });
  assert.deepEqual(withValueAt(config, ["services", "Shop"], undefined), { services: {} });
  assert.deepEqual(withValueAt(5, ["a", 0, "b"], 1), { a: [{ b: 1 }] });
  assert.equal(valueAt(config, ["services", "toString"]), undefined);
  assert.equal(JSON.stringify(config), before);
});

test("spans of time are read and written without a loss", () => {
  const cases = /** @type {[unknown, number | undefined][]} */ ([["50ms", 0.05], [" 2 s ", 2], ["1.5min", 90], ["3us", 3e-6], ["1e3ms", 1], [7, 7], ["5", undefined], ["ms", undefined], ["5 parsecs", undefined]]);
  for (const [text, seconds] of cases) assert.equal(secondsOf(text), seconds, String(text));
  for (const seconds of [0, 0.05, 0.07, 0.1, 1.5, 60, 1e-6, 0.123456789]) {
    const text = writeSpan(seconds);
    assert.equal(secondsOf(text) ?? Number(text), seconds, text);
  }
  assert.equal(writeSpan(0.07), "70ms");
  assert.equal(readNumber("0,5"), 0.5);
  assert.equal(readNumber(" 50ms "), "50ms");
  assert.equal(readNumber(""), undefined);
});

test("undo and redo go through the states, and quick changes of one thing are one step", () => {
  const history = new History(0);
  history.push(1, "a", 0);
  history.push(2, "a", 100);
  history.push(3, "b", 200);
  history.push(4, "b", 5000);
  history.undo();
  assert.equal(history.present, 3);
  history.undo();
  assert.equal(history.present, 2);
  history.undo();
  assert.equal(history.present, 0);
  assert.equal(history.canUndo, false);
  history.redo();
  history.push(9);
  assert.equal(history.canRedo, false);
  history.undo();
  assert.equal(history.present, 2);
});

/** One of each kind, in seconds. */
const LAWS = [
  { uniform: [1, 3] },
  { exponential: { mean: "2s" } },
  { normal: { mean: 1, sd: 1 } },
  { normal: { mean: 10, sd: 1 } },
  { lognormal: { mean: 2, sd: 1 } },
  { erlang: { stages: 4, mean: 2 } },
  { gamma: { shape: 2.5, mean: 2 } },
  { weibull: { shape: 1.7, scale: 2 } },
  { pareto: { shape: 1.5, min: 1, max: 20 } },
  { pareto: { shape: 1, min: 1, max: 5 } },
  { hyperexponential: [{ weight: 1, mean: 1 }, { weight: 3, mean: 2 }] },
];

test("a density covers nearly all of the probability, and none twice", () => {
  for (const law of LAWS) {
    const density = densityOf(law);
    assert.ok(density, JSON.stringify(law));
    const step = (density.to - density.from) / density.curve.length;
    const area = density.curve.reduce((sum, [, y]) => sum + y * step, 0);
    assert.ok(area > 0.93 && area < 1.03, `${JSON.stringify(law)}: ${area}`);
    assert.ok(density.curve.every(([x, y]) => x >= 0 && Number.isFinite(y)));
    assert.ok(density.mean > density.from && density.mean < density.to);
  }
});

test("the mean of a density is that of the distribution", () => {
  const means = { uniform: 2, exponential: 2, lognormal: 2, erlang: 2, gamma: 2 };
  for (const law of LAWS) {
    const [kind] = Object.keys(law);
    if (kind in means) assert.equal(densityOf(law)?.mean, means[/** @type {"gamma"} */ (kind)]);
  }
  const near = (/** @type {unknown} */ law, /** @type {number} */ mean) => assert.ok(Math.abs((densityOf(law)?.mean ?? NaN) - mean) < 1e-6, JSON.stringify(law));
  // Truncation at 0 moves the mean by the hazard of the standard normal there.
  near({ normal: { mean: 1, sd: 1 } }, 1 + 0.24197072451914337 / 0.8413447460685429);
  near({ weibull: { shape: 2, scale: 2 } }, Math.sqrt(Math.PI));
  near({ pareto: { shape: 1, min: 1, max: Math.E } }, 1 / (1 - 1 / Math.E));
  near({ pareto: { shape: 2, min: 1, max: 1e9 } }, 2);
  near({ hyperexponential: [{ weight: 1, mean: 1 }, { weight: 3, mean: 2 }] }, 1.75);
  near({ empirical: [{ value: 1 }, { value: 4, weight: 2 }] }, 3);
  near("50ms", 0.05);
});

test("what is no distribution has no picture", () => {
  const bad = [undefined, null, "x", -1, {}, [], { uniform: [3, 1] }, { uniform: 5 }, { normal: { mean: 1, sd: 0 } }, { gamma: {} },
    { empirical: [] }, { hyperexponential: [{}] }, { pareto: { shape: 1, min: 2, max: 1 } }, { odd: {} }, { exponential: { mean: 1 }, uniform: [1, 2] }];
  for (const one of bad) assert.equal(densityOf(one), undefined, JSON.stringify(one));
});

test("a distribution of another kind keeps about the same mean", () => {
  for (const { key } of schema.distributions.options) {
    const mean = densityOf(distributionOf(key, { exponential: { mean: 0.4 } }))?.mean ?? NaN;
    assert.ok(Math.abs(mean / 0.4 - 1) < 0.15, `${key}: ${mean}`);
  }
});

test("what means the same is written the same", () => {
  const one = { duration: "50ms", seed: 1, auth: null, users: {}, services: { A: { service_time: { uniform: ["10ms", 1] }, calls: [], database: { name: "D", read_retries: 0 } } } };
  const other = { duration: 0.05, services: { A: { service_time: { uniform: [0.01, "1s"] }, database: { name: "D" } } } };
  assert.deepEqual(canonical(schema, one), canonical(schema, other));
  assert.deepEqual(canonical(schema, { duration: "x", services: 5, odd: 1 }), { duration: "x", services: 5, odd: 1 });
  assert.equal(canonical(schema, null), null);
});

const SHOP = {
  auth: {},
  users: { all: { targets: { Shop: 1, Pay: 2 } } },
  services: {
    Shop: { instances: 2, cache: { name: "C", per_instance: true }, database: { name: "D" }, publish: { broker: "B", queue: "q" }, calls: [{ to: ["Pay", "Shop-1"] }] },
    Pay: {},
    "Shop-1": {},
  },
  db_clusters: { D: { replicas: 1 } },
  caches: { C: {} },
  brokers: { B: { queues: { q: { consumers: [{ service: "Shop" }] } } } },
  faults: [{ crash: { component: "Shop-0" } }, { slow: { component: "Shop-1" } }, { partition: { between: ["users", "D/primary"] } }, { crash: { component: "Shopping" } }],
};

test("whoever refers to a component follows its new name", () => {
  const shop = /** @type {any} */ (renamed(SHOP, ["services", "Shop"], "Store"));
  assert.deepEqual(Object.keys(shop.services), ["Store", "Pay", "Shop-1"]);
  assert.deepEqual(shop.users.all.targets, { Store: 1, Pay: 2 });
  assert.equal(shop.brokers.B.queues.q.consumers[0].service, "Store");
  // Shop-1 is a service of its own here, and not an instance of Shop.
  assert.deepEqual(shop.faults.map((/** @type {any} */ fault) => fault.crash?.component ?? fault.slow?.component), ["Store-0", "Shop-1", undefined, "Shopping"]);
  assert.deepEqual(/** @type {any} */ (renamed(SHOP, ["services", "Pay"], "P")).services.Shop.calls, [{ to: ["P", "Shop-1"] }]);
  const cluster = /** @type {any} */ (renamed(SHOP, ["db_clusters", "D"], "Main"));
  assert.equal(cluster.services.Shop.database.name, "Main");
  assert.deepEqual(cluster.faults[2].partition.between, ["users", "Main/primary"]);
  assert.equal(/** @type {any} */ (renamed(SHOP, ["caches", "C"], "X")).services.Shop.cache.name, "X");
  assert.equal(/** @type {any} */ (renamed(SHOP, ["brokers", "B"], "X")).services.Shop.publish.broker, "X");
  const queue = /** @type {any} */ (renamed(SHOP, ["brokers", "B", "queues", "q"], "mail"));
  assert.deepEqual([queue.services.Shop.publish.queue, Object.keys(queue.brokers.B.queues)], ["mail", ["mail"]]);
});

test("the nodes of a broker can break by themselves", () => {
  const names = namesFor({ brokers: { B: { nodes: 3 }, C: {} } }, "components", ["faults", 0, "crash", "component"]);
  assert.deepEqual(names, [{ group: "", names: ["B", "C"] }, { group: "B", names: ["B/0", "B/1", "B/2"] }]);
});

test("queues and exchanges that are renamed are followed wherever they are named, at their broker", () => {
  const publish = { broker: "B", exchange: "x", routing_key: "x" };
  const config = {
    services: { Shop: { publish, endpoints: { e: { steps: [{ publish: { broker: "B", queue: "q" } }, { publish: { broker: "C", queue: "q" } }] } } } },
    brokers: {
      B: {
        queues: { q: { dead_letter: "q" }, other: {} },
        exchanges: { x: { bindings: [{ queue: "q" }, { queue: "other" }], alternate: "x" }, y: { alternate: "x" } },
      },
      C: { queues: { q: {} }, exchanges: { x: { alternate: "x", bindings: [{ queue: "q" }] } } },
    },
  };
  const of = (/** @type {import("../../www/parts/editor/path.js").Path} */ path, /** @type {string} */ to) => /** @type {any} */ (renamed(config, path, to));
  const queue = of(["brokers", "B", "queues", "q"], "mail");
  assert.deepEqual(queue.services.Shop.endpoints.e.steps.map((/** @type {any} */ step) => step.publish.queue), ["mail", "q"]);
  assert.deepEqual(queue.brokers.B.exchanges.x.bindings, [{ queue: "mail" }, { queue: "other" }]);
  assert.equal(queue.brokers.B.queues.mail.dead_letter, "mail");
  assert.deepEqual(queue.brokers.C, config.brokers.C);
  const exchange = of(["brokers", "B", "exchanges", "x"], "orders");
  assert.deepEqual(exchange.services.Shop.publish, { ...publish, exchange: "orders" });
  assert.deepEqual([exchange.brokers.B.exchanges.orders.alternate, exchange.brokers.B.exchanges.y.alternate], ["orders", "orders"]);
  assert.deepEqual(exchange.brokers.C, config.brokers.C);
});

test("a policy that is renamed is named so wherever it is used, and one that a place has itself is left alone", () => {
  const config = {
    users: { a: { policy: "P" }, b: { policy: "Q" }, c: { policy: { timeout: 1 } } },
    services: { P: { calls: [{ to: ["P"], policy: "P" }] } },
    policies: { P: {}, Q: {} },
    faults: [{ crash: { component: "P-0" } }],
  };
  const now = /** @type {any} */ (renamed(config, ["policies", "P"], "R"));
  assert.deepEqual(Object.keys(now.policies), ["R", "Q"]);
  assert.deepEqual(now.users, { a: { policy: "R" }, b: { policy: "Q" }, c: { policy: { timeout: 1 } } });
  assert.deepEqual(now.services, { P: { calls: [{ to: ["P"], policy: "R" }] } });
  assert.deepEqual(now.faults, config.faults);
  assert.deepEqual(namesFor(config, "policies", []), [{ group: "", names: ["P", "Q"] }]);
});

test("a policy is a name or an object", () => {
  const path = ["users", "a", "policy"];
  assert.equal(schema.at(path)?.kind, "policy");
  assert.equal(schema.at([...path, "retry", "max"])?.id, "RetryConfig.max");
  const use = (/** @type {unknown} */ policy) => canonical(schema, { users: { a: { policy } } });
  assert.deepEqual(use("P"), { users: { a: { policy: "P" } } });
  assert.deepEqual(use({ timeout: "50ms", retry: { max: 3 } }), use({ timeout: 0.05, retry: {}, on_giving_up: "continue" }));
});

/** An endpoint that calls and publishes, in steps within steps. */
const STEPS = {
  users: { all: { targets: { "Shop.page": 1, "Shop.order": 2 } } },
  services: {
    Shop: { endpoints: {
      page: { steps: [{ look_up: { miss: [{ call: { to: ["Stock.reserve", "Stock"], policy: "P" } }] } }] },
      order: { steps: [{ branches: { of: [[{ maybe: { prob: 0.5, steps: [{ publish: { broker: "B", queue: "q" } }] } }], []] } }] },
    } },
    Stock: { service_time: 1, endpoints: { reserve: {} } },
  },
  brokers: { B: { queues: { q: {} } } },
  policies: { P: {} },
};

test("whoever names an endpoint follows the new name of it and of its service", () => {
  const calls = (/** @type {any} */ config) => config.services.Shop.endpoints.page.steps[0].look_up.miss[0].call;
  const publish = (/** @type {any} */ config) => config.services.Shop.endpoints.order.steps[0].branches.of[0][0].maybe.steps[0].publish;
  const of = (/** @type {import("../../www/parts/editor/path.js").Path} */ path, /** @type {string} */ to) => /** @type {any} */ (renamed(STEPS, path, to));
  assert.deepEqual(of(["services", "Shop"], "Store").users.all.targets, { "Store.page": 1, "Store.order": 2 });
  assert.deepEqual(of(["services", "Shop", "endpoints", "page"], "home").users.all.targets, { "Shop.home": 1, "Shop.order": 2 });
  assert.deepEqual(calls(of(["services", "Stock"], "Depot")).to, ["Depot.reserve", "Depot"]);
  assert.deepEqual(calls(of(["services", "Stock", "endpoints", "reserve"], "take")).to, ["Stock.take", "Stock"]);
  assert.equal(calls(of(["policies", "P"], "Q")).policy, "Q");
  assert.deepEqual(publish(of(["brokers", "B", "queues", "q"], "mails")), { broker: "B", queue: "mails" });
  assert.deepEqual(publish(of(["brokers", "B"], "Rabbit")), { broker: "Rabbit", queue: "q" });
  // A service that does nothing but what its endpoints say is not to be called by itself.
  assert.deepEqual(namesFor(STEPS, "callees", []), [{ group: "", names: ["Shop.page", "Shop.order", "Stock", "Stock.reserve"] }]);
});

test("a fault can name a component, its instances, copies and nodes", () => {
  const names = namesFor(SHOP, "components", ["faults", 0, "crash", "component"]).flatMap((group) => group.names);
  for (const name of ["AuthService-0", "Shop", "Shop-0", "D", "D/0", "D/1", "D/primary", "C", "C-0", "C-1", "B"]) assert.ok(names.includes(name), name);
  assert.ok(!names.includes("balancer"));
  assert.ok(namesFor(SHOP, "components", ["faults", 2, "partition", "between", 0])[0].names.includes("balancer"));
  assert.deepEqual(namesFor(SHOP, "queues", ["services", "Shop", "publish", "queue"]), [{ group: "", names: ["q"] }]);
  assert.deepEqual(namesFor(null, "services", []), [{ group: "", names: [] }]);
});

test("a mistake belongs to the part that holds it", () => {
  assert.deepEqual(sectionOf(["services", "A", "workers"]), ["services", "A"]);
  assert.deepEqual(sectionOf(["faults", 2, "crash"]), ["faults", 2]);
  assert.deepEqual(sectionOf(["network", "tcp"]), ["network"]);
  assert.deepEqual(sectionOf(["duration"]), []);
  const error = (/** @type {string} */ path) => ({ path, found: null, rule: "" });
  assert.deepEqual([...countsByPart([error("services.A.x"), error("services.A.y"), error("seed")])], [["services.A", { mistakes: 2, warnings: 0 }], ["", { mistakes: 1, warnings: 0 }]]);
  assert.deepEqual([...countsByPart([{ ...error("faults[0].crash.at"), isWarning: true }])], [["faults[0]", { mistakes: 0, warnings: 1 }]]);
});

/** The line of a place, counted from 0. @param {string} text @param {import("../../www/parts/editor/path.js").Path} path */
function lineOf(text, path) {
  const state = EditorState.create({ doc: text, extensions: jsonLanguage });
  const start = startOf(state, path);
  return start === undefined ? undefined : state.doc.lineAt(start).number - 1;
}

test("the line of a place in the JSON is found", () => {
  const text = JSON.stringify(SHOP, null, 2);
  const lines = text.split("\n");
  assert.match(lines[lineOf(text, ["services", "Pay"]) ?? 0], /"Pay": \{\}/);
  assert.match(lines[lineOf(text, ["faults", 2]) ?? 0], /^ {4}\{/);
  assert.equal(lineOf("{}", ["faults"]), undefined);
});

for (const language of /** @type {const} */ (["en", "ru"])) {
  test(`every field and option of the schema has a label (${language})`, () => {
    const texts = new Texts();
    texts.language = language;
    const lacking = fields.filter(({ id, name }) => !Object.hasOwn(en, `field.${id}`) && !Object.hasOwn(en, `field.${name}`)).map(({ id }) => id);
    assert.deepEqual(lacking, []);
    assert.deepEqual(options.filter(({ id }) => !Object.hasOwn(en, `option.${id}`)).map(({ id }) => id), []);
    const words = new Words(texts);
    if (language === "ru") for (const field of fields) assert.match(words.label(field), /[а-яё]|^TCP|^TLS/i, field.id);
    // An alternative that is one value, or a list of them, is a field of its own.
    for (const id of ["BreakerWindow.calls", "BreakerWindow.seconds", "ScalabilityConfig.table"]) assert.ok(Object.hasOwn(en, `field.${id}`), id);
  });
}

test("every field and option is explained in Russian, and nothing else is", () => {
  const wanted = [...fields.filter(({ doc }) => doc !== "").map(({ id }) => id), ...options.filter(({ doc }) => doc !== "").map(({ id }) => id)];
  const known = Object.keys(docs);
  assert.deepEqual(wanted.filter((id) => !known.includes(id)), []);
  const types = ["Config", ...Object.keys(json.$defs)];
  assert.deepEqual(known.filter((id) => !wanted.includes(id) && !types.includes(id)), []);
});
