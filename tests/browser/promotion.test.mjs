// The page offers to promote a node exactly when the simulator will.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { initSync, Simulation } from "#web-service-model";
import { canBePromoted } from "../../www/run/promotion.js";

/** @import { Config } from "#web-service-model" */

initSync({ module: await readFile(new URL("../../dist/web-service-model_bg.wasm", import.meta.url)) });

/** Two clusters of the same group, so that the one's primary does not stand for the other's. @type {Config} */
const CONFIG = {
  duration: 100,
  users: { all: { arrivals: { gaps: 1 }, targets: { Shop: 1 }, read_share: 0 } },
  services: { Shop: { instances: 2, service_time: 0, database: { name: "DB", per_instance: true } } },
  db_clusters: { DB: { replicas: 2, operation: "1ms", failover: { strategy: "none", monitor_interval: 50 } } },
};

test("a node is offered for promotion when it can be promoted", () => {
  /** The nodes that are offered, after these crashes. @param {string[]} crashes */
  const offered = (...crashes) => {
    const make = () => {
      const simulation = new Simulation(CONFIG);
      simulation.advanceTo(5.5);
      simulation.promote("DB-0/1");
      for (const name of crashes) simulation.crash(name);
      return simulation;
    };
    const components = make().components();
    const nodes = components.filter(({ kind, name }) => kind === "node" && name.startsWith("DB-0/"));
    for (const node of nodes) {
      const promote = () => make().promote(node.name);
      if (canBePromoted(node, components)) promote();
      else assert.throws(promote, Error, node.name);
    }
    return nodes.filter((node) => canBePromoted(node, components)).map(({ name }) => name);
  };
  assert.deepEqual(offered(), ["DB-0/2"]);
  assert.deepEqual(offered("DB-0/1"), ["DB-0/2"]);
  assert.deepEqual(offered("DB-0/2"), []);
  assert.deepEqual(offered("DB-0/1", "DB-0/2"), ["DB-0/0"], "the former primary, when nobody else is there");
  assert.deepEqual(offered("DB-0/0", "DB-0/1", "DB-0/2"), []);
});
