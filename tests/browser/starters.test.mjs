// What is added in the editor runs as it is, so that adding a part is not the beginning of a list of mistakes. Every part
// that can be added is added, by what the editor adds it with, and whatever can be added to that.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { initSync, Simulation } from "#web-service-model";
import { loadLanguage, Texts } from "../../www/i18n/texts.js";
import { withChosen, withNew } from "../../www/parts/editor/additions.js";
import { freeCallees } from "../../www/parts/editor/callees.js";
import { MAPS } from "../../www/parts/editor/layout.js";
import { newName } from "../../www/parts/editor/names.js";
import { valueAt, withValueAt, writePath } from "../../www/parts/editor/path.js";
import { referentOf } from "../../www/parts/editor/references.js";
import { Schema } from "../../www/parts/editor/schema.js";
import { distributionOf } from "../../www/parts/editor/starters.js";

/** @import { Path } from "../../www/parts/editor/path.js" */
/** @import { Shape } from "../../www/parts/editor/schema.js" */

initSync({ module: await readFile(new URL("../../dist/web-service-model_bg.wasm", import.meta.url)) });
await loadLanguage("ru");
const schema = new Schema(JSON.parse(await readFile(new URL("../../www/schema.json", import.meta.url), "utf8")));
const texts = new Texts();
const means = { schema, texts };

/** A part of each kind under the name that the editor gives it. @param {readonly string[]} kinds */
function systemOf(kinds) {
  return kinds.reduce((/** @type {unknown} */ config, kind) => {
    const path = [kind, newName(config, kind, texts.named("editor.new", kind))];
    return withNew(means, config, path, schema.inner(schema.field(schema.root, kind)));
  }, {});
}

/** @param {unknown} config */
const check = (config) => Simulation.check(/** @type {any} */ (config));

/** Adds all there is, each to what was there before; keeps the mistakes that come of it. */
class Adder {
  /** @type {string[]} */
  mistakes = [];
  added = 0;

  /** What can be added at a place, and in what is added. @param {unknown} config @param {Path} path @param {Shape} shape @param {string[]} within types of what it is in */
  visit(config, path, shape, within = []) {
    // Steps within steps, and what is in a policy that falls back, are the same again.
    if (within.includes(shape.type)) return;
    const inside = [...within, shape.type];
    const now = valueAt(config, path);
    const at = (/** @type {Path} */ there, /** @type {Shape} */ inner, /** @type {unknown} */ changed = config) => this.visit(changed, there, inner, inside);
    if (shape.kind === "object") {
      const isThere = now !== undefined || shape.fallback !== undefined || !shape.optional;
      const changed = isThere ? config : this.#try(withNew(means, config, path, shape), path, "");
      for (const name of shape.fields) at([...path, name], schema.field(shape, name), changed);
    } else if (shape.kind === "alternatives") {
      for (const { key } of shape.options) {
        const inner = /** @type {Shape} */ (schema.alternative(shape, key));
        at([...path, key], inner, this.#try(withNew(means, config, path, inner, (value) => ({ [key]: value })), path, key));
      }
    } else if (shape.kind === "policy") {
      const own = schema.own(shape);
      at(path, own, this.#try(withNew(means, config, path, own), path, ""));
    } else if (shape.kind === "map" || shape.kind === "list") this.#entry(config, path, shape, at);
    else for (const value of choices(shape, now)) this.#try(withChosen(means, config, path, shape, value), path, JSON.stringify(value));
  }

  /** @param {unknown} config @param {Path} path @param {Shape} shape @param {(path: Path, shape: Shape, config?: unknown) => void} at */
  #entry(config, path, shape, at) {
    const inner = schema.inner(shape);
    // (Lists of plain values, and maps by the names of what there is, are filled in by hand.)
    if (shape.length !== undefined || referentOf(`${shape.id}{}`) || ["text", "number", "integer"].includes(inner.kind)) return;
    const now = /** @type {object} */ (valueAt(config, path) ?? {});
    for (const name of shape.kind === "map" ? Object.keys(now) : []) at([...path, name], inner);
    const place = [...path, shape.kind === "map" ? newName(config, shape.name, texts.named("editor.new", shape.name)) : Object.keys(now).length];
    at(place, inner, this.#try(withNew(means, config, place, inner), place, ""));
  }

  /** @param {unknown} config @param {Path} path @param {string} what */
  #try(config, path, what) {
    this.added += 1;
    for (const { path: where, rule } of check(config)) this.mistakes.push(`${writePath(path)} ${what}: ${where} ${rule}`);
    return config;
  }
}

/** What can be chosen at a place. @param {Shape} shape @param {unknown} now */
function choices({ kind, options, fallback }, now) {
  if (kind === "distribution") return schema.distributions.options.map(({ key }) => distributionOf(key, now ?? fallback));
  if (kind === "choice") return options.map(({ key }) => key);
  return kind === "boolean" ? [true, false] : [];
}

/** Systems to begin with: nothing at all, and one of each kind. @type {[string, readonly string[]][]} */
const SYSTEMS = [["the least there can be", ["users"]], ["one of each kind", MAPS]];

for (const language of /** @type {const} */ (["en", "ru"])) {
  for (const [name, kinds] of SYSTEMS) {
    test(`what can be added runs: ${name}, ${language}`, () => {
      texts.language = language;
      const system = systemOf(kinds);
      assert.deepEqual(check(system), []);
      const adder = new Adder();
      for (const field of schema.root.fields) adder.visit(system, [field], schema.field(schema.root, field));
      assert.deepEqual(adder.mistakes, []);
      assert.ok(adder.added > 800, `${adder.added} parts were added`);
    });
  }
}

test("what is added to a system of its own runs", () => {
  texts.language = "en";
  for (const kind of MAPS) {
    const errors = check(systemOf([kind])).map(({ path }) => path);
    // Somebody has to ask for something, and somebody to answer.
    assert.ok(errors.every((path) => path === "users" || path === "services"), `${kind}: ${errors}`);
  }
});

test("a call leads to nobody who calls back, and where there is nobody else, to a new service", () => {
  const calls = (/** @type {string} */ to, more = {}) => ({ service_time: 1, calls: [{ to: [to], ...more }] });
  const chain = { services: { A: calls("B"), B: calls("C"), C: { service_time: 1 }, D: { service_time: 1 } } };
  assert.deepEqual(["A", "B", "C"].map((name) => freeCallees(chain, name)), [["B", "C", "D"], ["C", "D"], ["D"]]);
  // A fallback is a call, too.
  const fallback = { services: { A: calls("B", { policy: "P" }), B: { service_time: 1 }, C: { service_time: 1 } }, policies: { P: { fallback: "C" } } };
  assert.deepEqual(freeCallees(fallback, "C"), ["B"]);
  const steps = { services: { A: { endpoints: { e: { steps: [{ maybe: { steps: [{ call: { to: ["B"] } }] } }] } } }, B: { service_time: 1 } } };
  assert.deepEqual([freeCallees(steps, "A"), freeCallees(steps, "B")], [["B"], []]);
  const path = ["services", "B", "calls", 0];
  const shape = /** @type {Shape} */ (schema.at(path));
  const added = /** @type {any} */ (withNew(means, steps, path, shape));
  assert.deepEqual([added.services.B.calls, Object.keys(added.services)], [[{ to: ["Service"] }], ["A", "B", "Service"]]);
});

test("what is there already is left alone", () => {
  const system = /** @type {any} */ (withValueAt(systemOf(["users"]), ["services", "Service", "workers"], 3));
  const path = ["services", "Service", "codel"];
  const added = /** @type {any} */ (withNew(means, system, path, /** @type {Shape} */ (schema.at(path))));
  assert.deepEqual(added, withValueAt(system, path, {}));
});
