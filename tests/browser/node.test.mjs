// The simulator in node, without a page: the example, and scripts that ask for nonsense.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { initSync, Simulation, WebServiceModelError } from "#web-service-model";

initSync({ module: await readFile(new URL("../../dist/web-service-model_bg.wasm", import.meta.url)) });

/** @type {import("#web-service-model").Config} */
const SHOP = {
  users: { all: { arrivals: { gaps: 1 }, targets: { Shop: 1 } } },
  services: { Shop: { service_time: 0.1 } },
};

/** The error that something throws. @param {() => unknown} work @returns {WebServiceModelError} */
function thrown(work) {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof WebServiceModelError, `not one of ours: ${error}`);
    return error;
  }
  assert.fail("nothing was thrown");
}

test("the example runs", () => {
  const example = fileURLToPath(new URL("../../examples/node.mjs", import.meta.url));
  for (const [name, seen] of /** @type {const} */ ([["coursework", "PaymentService"], ["balancing", "p99"]])) {
    const text = execFileSync(process.execPath, [example, name], { encoding: "utf8" });
    assert.match(text, /^\d+ requests, [\d.]+ % succeeded$/m);
    assert.ok(text.includes(seen), text);
    assert.match(text, /^bad_config at duration$/m);
  }
});

test("what is no configuration at all is an error with a path, too", () => {
  /** @type {(() => never)[]} */
  const throws = [new Error("boo"), null, undefined, Symbol("s"), "text", {}].map((what) => () => { throw what; });
  const nonsense = [undefined, () => 1, Symbol("s"), 1n, { seed: 1n }, null, NaN, [], ...throws.map((toJSON) => ({ toJSON }))];
  for (const config of /** @type {any[]} */ (nonsense)) {
    const error = thrown(() => new Simulation(config));
    assert.equal(error.code, "bad_config");
    assert.deepEqual(error.paths, [""], error.message);
    assert.ok(error.message.startsWith("configuration: "), error.message);
    assert.deepEqual(Simulation.check(config), error.errors);
    const simulation = new Simulation(SHOP);
    assert.equal(thrown(() => simulation.patch(config)).code, "bad_config");
    simulation.free();
  }
});

test("a number that is forgotten is an error, and does not pass for zero", () => {
  const simulation = /** @type {any} */ (new Simulation(SHOP));
  const [name] = simulation.histogramNames();
  const calls = [
    () => simulation.advanceTo(),
    () => simulation.advanceFor(),
    () => simulation.stepEvents(),
    () => simulation.histogram(name),
    () => simulation.inFlight(),
    () => simulation.trace(),
  ];
  for (const call of calls) assert.equal(thrown(call).code, "bad_argument", String(call));
  assert.equal(simulation.histogram(name, Infinity).counts.length >= 1, true);
  assert.equal(simulation.now, 0);
  simulation.free();
});

test("what stands in the place of a text is told, and nothing happens", () => {
  const simulation = /** @type {any} */ (new Simulation(SHOP));
  const [name] = simulation.histogramNames();
  /** @type {[string, (text: unknown) => unknown][]} */
  const calls = [
    ["the name of a component", (text) => simulation.crash(text)],
    ["the name of a component", (text) => simulation.crash(text, 1)],
    ["the name of a component", (text) => simulation.recover(text)],
    ["the name of a node", (text) => simulation.promote(text)],
    ["the name of a series", (text) => simulation.series(text)],
    ["the name of a histogram", (text) => simulation.histogram(text, 10)],
    ["the id of a chart", (text) => simulation.draw({}, text)],
    ["the id of a chart", (text) => simulation.readings(text, undefined, 0, 0)],
    ["the id of a chart", (text) => simulation.table(text)],
  ];
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  /** @type {[unknown, string][]} */
  const wrong = [
    [1, "1"], [undefined, "undefined"], [null, "null"], [NaN, "NaN"], [2n, "2"], [true, "true"], [Symbol("s"), "Symbol(s)"],
    [{ toString: () => name }, "[object Object]"], [["Shop"], "[object Array]"], [() => name, "[object Function]"], [proxy, "an object"],
  ];
  for (const [what, call] of calls) {
    for (const [text, shown] of wrong) {
      const error = thrown(() => call(text));
      assert.equal(error.code, "bad_argument");
      assert.equal(error.message, `${what}: ${shown} is not a string`);
      assert.deepEqual(error.errors, []);
    }
  }
  assert.equal(simulation.log().entries.length, 0);
  simulation.crash("Shop-0");
  simulation.free();
});

test("a chart is drawn on a canvas of the page, and on nothing else", () => {
  const simulation = /** @type {any} */ (new Simulation(SHOP));
  for (const [canvas, shown] of [[undefined, "undefined"], ["#chart", '"#chart"'], ["x".repeat(99), `"${"x".repeat(59)}…`], [{}, "[object Object]"]]) {
    const error = thrown(() => simulation.draw(canvas, "rps"));
    assert.equal(error.code, "bad_argument");
    assert.equal(error.message, `the canvas: ${shown} is not an HTMLCanvasElement of this page`);
  }
  simulation.free();
});

test("the log knows its kinds of entries", () => {
  const simulation = new Simulation(SHOP);
  const error = thrown(() => simulation.log({ kinds: ["crash", /** @type {any} */ ("recovr")] }));
  assert.equal(error.code, "bad_argument");
  assert.match(error.message, /"recovr" is unknown \(did you mean `recover`\?\)/);
  simulation.crash("Shop-0");
  assert.equal(simulation.log({ kinds: ["crash", "recover"] }).entries.length, 1);
  simulation.free();
});
