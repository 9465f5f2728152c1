// What is added in the editor runs as it is, so that adding a part is not the beginning of a list of mistakes.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { initSync, Simulation } from "#web-service-model";
import { withValueAt } from "../../www/parts/editor/path.js";
import { Schema } from "../../www/parts/editor/schema.js";
import { around, starter } from "../../www/parts/editor/starters.js";

/** @import { Shape } from "../../www/parts/editor/schema.js" */

initSync({ module: await readFile(new URL("../../dist/web-service-model_bg.wasm", import.meta.url)) });
const schema = new Schema(JSON.parse(await readFile(new URL("../../www/schema.json", import.meta.url), "utf8")));

/** One of each kind, as the editor makes them. */
const SYSTEM = (() => {
  let config = {};
  for (const [map, name] of [["services", "Shop"], ["users", "visitors"], ["db_clusters", "DB"], ["caches", "Cache"], ["brokers", "MQ"], ["policies", "calm"]]) {
    config = /** @type {{}} */ (withValueAt(config, [map, name], starter(schema.inner(schema.field(schema.root, map)), around(() => config))));
  }
  return config;
})();

/** What a part can be given. @param {Shape} shape @returns {[string, unknown][]} */
function values(shape) {
  const look = around(() => SYSTEM);
  if (shape.kind === "alternatives") {
    return shape.options.map(({ key }) => [key, { [key]: starter(/** @type {Shape} */ (schema.alternative(shape, key)), look) }]);
  }
  if (shape.kind === "list") return [["", [starter(schema.inner(shape), look)]]];
  // (The keys of targets are names that there are.)
  if (shape.kind === "map" && shape.name !== "targets") return [["", { more: starter(schema.inner(shape), look) }]];
  return shape.kind === "object" ? [["", starter(shape, look)]] : [];
}

/** What needs something beside it, and says so. */
const NEEDS = ["services.balancer_queue", "services.cache", "services.codel", "services.calls", "caches.keyed"];

for (const [map, name] of [["services", "Shop"], ["users", "visitors"], ["db_clusters", "DB"], ["caches", "Cache"], ["brokers", "MQ"], ["policies", "calm"]]) {
  test(`what can be added runs: ${map}`, () => {
    assert.deepEqual(Simulation.check(/** @type {any} */ (SYSTEM)), []);
    const shape = schema.inner(schema.field(schema.root, map));
    let added = 0;
    for (const field of shape.fields) {
      for (const [key, value] of values(schema.field(shape, field))) {
        const errors = Simulation.check(/** @type {any} */ (withValueAt(SYSTEM, [map, name, field], value)));
        if (!NEEDS.includes(`${map}.${field}`)) assert.deepEqual(errors, [], `${field} ${key}: ${JSON.stringify(value)}`);
        added += 1;
      }
    }
    assert.ok(added > 0);
  });
}
