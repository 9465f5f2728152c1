// The pure parts of the live picture: the graph, the looks, the rates, the lines. They need no browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadLanguage, Texts } from "../../www/i18n/texts.js";
import { written } from "../../www/parts/component-panel/measures.js";
import { settingsOf } from "../../www/parts/component-panel/settings.js";
import { at, track, trackOf } from "../../www/parts/topology/curve.js";
import { CELLS_MAX, graphOf } from "../../www/parts/topology/graph.js";
import { fillOf, lookOf, queueFill } from "../../www/parts/topology/looks.js";
import { countsOf, Rates } from "../../www/parts/topology/rates.js";
import { insideOf } from "../../www/parts/topology/sizes.js";
import { listed } from "./scenarios.mjs";

/** @import { ComponentState, Config, Report } from "#web-service-model" */

/** @param {Partial<ComponentState>} some @returns {ComponentState} */
function component(some) {
  return {
    name: "Shop-0", kind: "instance", group: "Shop", state: "up", role: "", down_because: "", busy: 0, capacity: null,
    queue: 0, slow_factor: 1, lag_writes: 0, outages: 0, ...some,
  };
}

/** @param {string} service @param {number} count */
function instances(service, count) {
  return Array.from({ length: count }, (_, index) => component({ name: `${service}-${index}`, group: service }));
}

/** @param {string} cluster @param {number} count */
function nodes(cluster, count) {
  return Array.from({ length: count }, (_, index) =>
    component({ name: `${cluster}/${index}`, group: cluster, kind: "node", role: index === 0 ? "primary" : "replica" }));
}

/** @type {Config} */
const shop = {
  users: { clients: { targets: { Shop: 1, Closed: 0 } } },
  auth: { name: "Guard" },
  services: {
    Shop: {
      instances: 2,
      cache: { name: "Near", per_instance: true },
      database: { name: "Store", per_instance: true },
      publish: { broker: "Rabbit", queue: "mails" },
      calls: [{ to: ["Stock"], prob: 0.5 }, { to: ["Stock"] }],
    },
    Stock: { database: { name: "Shared" } },
    Mailer: { database: { name: "Shared" } },
  },
  db_clusters: { Store: { replicas: 1 }, Shared: {} },
  caches: { Near: {} },
  brokers: { Rabbit: { queues: { mails: { limit: 5, consumers: [{ service: "Mailer" }, { count: 3 }] } } } },
};

const shopComponents = [
  ...instances("Shop", 2), ...instances("Stock", 1), ...instances("Mailer", 1), ...instances("Guard", 1),
  ...nodes("Store-0", 2), ...nodes("Store-1", 2), ...nodes("Shared", 1),
  component({ name: "Near-0", group: "Near-0", kind: "cache" }), component({ name: "Near-1", group: "Near-1", kind: "cache" }),
  component({ name: "Rabbit", group: "Rabbit", kind: "broker" }),
];

test("every component stands in one card, copies of a cluster share one", () => {
  const { cards } = graphOf(shop, shopComponents);
  assert.deepEqual(cards.map((card) => card.id), [
    "users:clients", "balancer:", "service:Shop", "service:Stock", "service:Mailer", "service:Guard",
    "cluster:Store", "cluster:Shared", "cache:Near", "broker:Rabbit",
  ]);
  assert.deepEqual(cards.flatMap((card) => card.cells.map((cell) => cell.name)).sort(), shopComponents.map((one) => one.name).sort());
  const store = cards.find((card) => card.id === "cluster:Store");
  assert.deepEqual(store?.groups, ["Store-0", "Store-1"]);
  assert.deepEqual(store?.cells.map((cell) => [cell.copy, cell.index]), [[0, 0], [0, 1], [1, 0], [1, 1]]);
  assert.deepEqual(cards.at(-1)?.queues, [{ name: "mails", limit: 5, consumers: 3 }]);
});

test("ways lead where requests and messages go, each once", () => {
  const { ways } = graphOf(shop, shopComponents);
  assert.deepEqual(ways.map((way) => way.id), [
    "requests users:clients balancer:",
    "login balancer: service:Guard",
    "requests balancer: service:Shop",
    "cache service:Shop cache:Near",
    "database service:Shop cluster:Store",
    "publish service:Shop broker:Rabbit",
    "calls service:Shop service:Stock",
    "database service:Stock cluster:Shared",
    "database service:Mailer cluster:Shared",
    "consume broker:Rabbit service:Mailer",
  ]);
  assert.equal(ways.find((way) => way.kind === "calls")?.share, 1.5);
});

test("a card to which no way leads is one that nobody uses", () => {
  const config = { ...shop, db_clusters: { ...shop.db_clusters, Spare: { replicas: 0, operation: 0.01 } } };
  const spare = component({ name: "Spare/0", kind: "node", group: "Spare" });
  const { cards } = graphOf(config, [...shopComponents, spare]);
  assert.deepEqual(cards.filter((card) => card.unused).map((card) => card.name), ["Spare"]);
});

test("a broker's nodes are cells of its card, and a message goes where an exchange leads", () => {
  /** @type {Config} */
  const config = {
    services: {
      Shop: {
        publish: { broker: "Rabbit", exchange: "topics", routing_key: "order.new" },
        endpoints: { odd: { steps: [{ publish: { broker: "Rabbit", exchange: "topics", routing_key: "odd" } }] } },
      },
    },
    brokers: {
      Rabbit: {
        nodes: 3,
        queues: { a: {}, b: {}, c: {}, d: {} },
        exchanges: {
          topics: {
            type: "topic",
            bindings: [{ queue: "a", routing_key: "order.*" }, { queue: "b", routing_key: "#.new" }, { queue: "c", routing_key: "order.*.#.x" }],
            alternate: "rest",
          },
          rest: { bindings: [{ queue: "d", routing_key: "odd" }, { queue: "c", routing_key: "even" }], alternate: "topics" },
        },
      },
    },
  };
  const members = [0, 1, 2].map((index) => component({ name: `Rabbit/${index}`, group: "Rabbit", kind: "broker" }));
  const { cards, ways } = graphOf(config, [...instances("Shop", 1), ...members]);
  assert.deepEqual(cards.at(-1)?.cells.map(({ name, index }) => [name, index]), [["Rabbit/0", 0], ["Rabbit/1", 1], ["Rabbit/2", 2]]);
  assert.deepEqual(ways.find((way) => way.kind === "publish")?.queues, ["a", "b", "d"]);
});

test("an empty configuration is an empty graph", () => {
  assert.deepEqual(graphOf({}, []), { cards: [], ways: [] });
});

test("a thousand instances are a card of bounded size", () => {
  const shopCard = graphOf({ services: { Shop: { instances: 1000 } } }, instances("Shop", 1000)).cards[0];
  assert.equal(shopCard.cells.length, CELLS_MAX);
  assert.equal(shopCard.hidden, 1000 - CELLS_MAX);
  assert.ok(insideOf(shopCard).height < 600);
});

test("cells lie within their card and not over one another", () => {
  for (const card of graphOf(shop, shopComponents).cards) {
    const inside = insideOf(card);
    const boxes = [...inside.cells.values(), ...inside.queues.values()];
    for (const [index, box] of boxes.entries()) {
      assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= inside.width && box.y + box.height <= inside.height, card.id);
      for (const other of boxes.slice(index + 1)) {
        const apart = other.x >= box.x + box.width || other.y >= box.y + box.height || box.x >= other.x + other.width;
        assert.ok(apart, `two cells of ${card.id}`);
      }
    }
  }
});

test("the gravest trouble is what a component looks like", () => {
  assert.equal(lookOf(component({})), "up");
  assert.equal(lookOf(component({ slow_factor: 4 })), "slow");
  assert.equal(lookOf(component({ slow_factor: 4, error_prob: 0.5 })), "failing");
  assert.equal(lookOf(component({ slow_factor: 4, capacity: 2, queue: 4 })), "overloaded");
  assert.equal(lookOf(component({ capacity: 2, queue: 3 })), "up");
  assert.equal(lookOf(component({ queue: 4 }), 5), "overloaded");
  assert.equal(lookOf(component({ queue: 19 })), "up");
  assert.equal(lookOf(component({ role: "promoting" })), "promoting");
  assert.equal(lookOf(component({ state: "catching_up", queue: 99 })), "catching_up");
  assert.equal(lookOf(component({ state: "down", role: "promoting" })), "down");
});

test("fills are shares, whatever the bounds", () => {
  assert.equal(fillOf(component({ busy: 3, capacity: 4 })), 0.75);
  assert.equal(fillOf(component({ busy: 3, capacity: 4 }), 0.5), 0.5);
  assert.equal(fillOf(component({ busy: 4 })), 0.5);
  assert.equal(fillOf(component({ busy: 3, capacity: 4, state: "down" })), 0);
  assert.equal(queueFill(10, 5), 1);
  assert.equal(queueFill(0, 0), 0);
  assert.ok(queueFill(1e6, null) < 1);
});

/** A report with these totals. @param {number} time @param {{ shop: number, requests: number, reads: number }} counts @returns {Report} */
function report(time, { shop, requests, reads }) {
  const nothing = { instances: {}, total: 0 };
  return /** @type {any} */ ({
    simulated_seconds: time, warm_up_seconds: 0, requests: { total: requests }, auth: { succeeded: 0, failed: 0 },
    services: { Shop: { instances: {}, total: shop }, Stock: { ...nothing, total: shop }, Mailer: { ...nothing, total: shop * 3 } },
    db_clusters: { Shared: { reads, writes: 0, nodes: {} }, "Store-0": { reads: 1, writes: 2, nodes: {} } },
    caches: {}, brokers: { Rabbit: { queues: { mails: { sent: 7, consumed: 5, consumer_utilisation: time > 2 ? 0.5 : 0.25 } } } },
  });
}

test("counts follow from the report, a shared database's by the services that use it", () => {
  const graph = graphOf(shop, shopComponents);
  const counts = countsOf(graph, report(1, { shop: 10, requests: 20, reads: 40 }));
  assert.equal(counts.get("requests users:clients balancer:"), 20);
  assert.equal(counts.get("requests balancer: service:Shop"), 10);
  assert.equal(counts.get("calls service:Shop service:Stock"), 15);
  assert.equal(counts.get("database service:Shop cluster:Store"), 3);
  assert.equal(counts.get("database service:Stock cluster:Shared"), 10);
  assert.equal(counts.get("database service:Mailer cluster:Shared"), 30);
  assert.equal(counts.get("publish service:Shop broker:Rabbit"), 7);
  assert.equal(counts.get("consume broker:Rabbit service:Mailer"), 5);
});

test("rates are growth over simulated time, and a new start of the statistics is none", () => {
  const rates = new Rates(graphOf(shop, shopComponents));
  const id = "requests balancer: service:Shop";
  rates.update(report(0, { shop: 0, requests: 0, reads: 0 }));
  rates.update(report(0.1, { shop: 5, requests: 5, reads: 0 }));
  assert.equal(rates.ways.get(id), undefined, "a tenth of a second says nothing");
  rates.update(report(2, { shop: 10, requests: 10, reads: 0 }));
  assert.equal(rates.ways.get(id), 5);
  rates.update(report(3, { shop: 0, requests: 0, reads: 0 }));
  assert.equal(rates.ways.get(id), 5);
  rates.update(report(4, { shop: 5, requests: 5, reads: 0 }));
  assert.equal(rates.ways.get(id), 5);
  assert.equal(rates.known("users:clients"), 5);
});

test("consumers' work is measured over the latest time", () => {
  const rates = new Rates(graphOf(shop, shopComponents));
  rates.update(report(2, { shop: 0, requests: 0, reads: 0 }));
  rates.update(report(4, { shop: 0, requests: 0, reads: 0 }));
  // A quarter of two seconds, then half of four: three quarters of the latter two.
  assert.equal(rates.consumers.get("Mailer"), 0.75);
  assert.equal(rates.consumers.get("Shop"), undefined);
});

test("a track is walked from its start to its end", () => {
  const into = { x: 0, y: 0 };
  const straight = track([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }]);
  assert.deepEqual(at(straight, 0, into), { x: 0, y: 0 });
  assert.deepEqual(at(straight, 0.75, into), { x: 10, y: 5 });
  assert.deepEqual(at(straight, 1, into), { x: 10, y: 10 });
  const curve = trackOf([{ x: 0, y: 0 }, { x: 100, y: 50 }], "across");
  assert.deepEqual(at(curve, 1, into), { x: 100, y: 50 });
  assert.deepEqual(at(track([{ x: 3, y: 4 }, { x: 3, y: 4 }]), 0.5, into), { x: 3, y: 4 });
});

/** @param {Config} config @param {Partial<ComponentState>} of @param {string} path @param {number | null} value */
function patchOf(config, of, path, value) {
  const setting = settingsOf(config, component(of)).settings.find((one) => one.path === path);
  assert.ok(setting, `there is no setting ${path}`);
  return setting.patch(value);
}

test("a setting's patch changes that number only", () => {
  /** @type {Config} */
  const config = {
    services: { Shop: { workers: 2, service_time: { uniform: [0.1, 0.2] } } },
    db_clusters: { Store: { replicas: 1, replication: { delay: { exponential: { mean: 0.1 } } } } },
    brokers: { Rabbit: { queues: { mails: { consumers: [{ service: "A", service_time: 0.1 }, { service: "B", service_time: { constant: 0.2 } }] } } } },
  };
  assert.deepEqual(patchOf(config, {}, "services.Shop.workers", null), { services: { Shop: { workers: null } } });
  assert.deepEqual(patchOf(config, {}, "services.Shop.service_time.uniform[1]", 0.3),
    { services: { Shop: { service_time: { uniform: [0.1, 0.3] } } } });
  assert.deepEqual(patchOf(config, { kind: "node", group: "Store-1" }, "db_clusters.Store.replication.delay.exponential.mean", 2),
    { db_clusters: { Store: { replication: { delay: { exponential: { mean: 2 } } } } } });
  assert.deepEqual(patchOf(config, { kind: "broker", group: "Rabbit" }, "brokers.Rabbit.queues.mails.consumers[1].service_time.constant", 0.5),
    { brokers: { Rabbit: { queues: { mails: { consumers: [{ service: "A", service_time: 0.1 }, { service: "B", service_time: { constant: 0.5 } }] } } } } });
});

test("the scenarios of the site can be drawn", async () => {
  for (const config of /** @type {Config[]} */ (await listed())) {
    const components = Object.entries(config.services ?? {}).flatMap(([name, { instances: count = 1 }]) => instances(name, count));
    const graph = graphOf(config, components);
    assert.ok(graph.ways.length > 0, config.name);
  }
});

test("ways of endpoints' steps lead between their services, and count by the endpoint that was asked", () => {
  /** @type {Config} */
  const config = {
    users: { all: { targets: { "Shop.page": 1, "Shop.order": 1 } } },
    services: {
      Shop: { endpoints: {
        page: { steps: [{ maybe: { prob: 0.5, steps: [{ call: { to: ["Stock"] } }] } }] },
        order: { steps: [{ branches: { of: [[{ call: { to: ["Stock.reserve", "Stock"] } }], [{ publish: { broker: "Rabbit", queue: "mails" } }]] } }] },
      } },
      Stock: { service_time: 1, endpoints: { reserve: { steps: [] } } },
    },
    brokers: { Rabbit: { queues: { mails: {} } } },
  };
  const graph = graphOf(config, [...instances("Shop", 1), ...instances("Stock", 1), component({ name: "Rabbit", group: "Rabbit", kind: "broker" })]);
  assert.deepEqual(graph.ways.map((way) => way.id), [
    "requests users:all balancer:",
    "requests balancer: service:Shop",
    "calls service:Shop service:Stock",
    "publish service:Shop broker:Rabbit",
  ]);
  const report = /** @type {Report} */ (/** @type {unknown} */ ({
    requests: { total: 30 },
    services: { Shop: { total: 30, endpoints: { page: { total: 20 }, order: { total: 10 } } }, Stock: { total: 30 } },
    brokers: { Rabbit: { queues: { mails: { sent: 10 } } } },
  }));
  const counts = countsOf(graph, report);
  assert.equal(counts.get("calls service:Shop service:Stock"), 20 * 0.5 + 10 * 2);
  assert.equal(counts.get("requests balancer: service:Shop"), 30);
});

test("a count that is whole is written without a fraction, a mean with one", async () => {
  await loadLanguage("ru");
  const [english, russian] = [new Texts("en"), new Texts("ru")];
  // (A mean of a window in which there were six all the while.)
  const six = (6 * 0.1 + 6 * 0.2) / 0.3;
  assert.deepEqual([0, 1, six, 12].map((value) => written(value, "count", english)), ["0", "1", "6", "12"]);
  assert.deepEqual([0.25, 5.98, 6.25].map((value) => written(value, "count", english)), ["0.3", "6.0", "6.3"]);
  assert.deepEqual([6, 6.25].map((value) => written(value, "count", russian)), ["6", "6,3"]);
  assert.equal(written(6, "per_second", english), "6.0/s");
});
