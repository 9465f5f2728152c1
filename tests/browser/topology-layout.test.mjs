// Where the live picture puts things, without a browser: systems made up at random, and what nobody uses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { trackOf } from "../../www/parts/topology/curve.js";
import { graphOf } from "../../www/parts/topology/graph.js";
import { stand } from "../../www/parts/topology/dots.js";
import { layoutOf } from "../../www/parts/topology/layout.js";
import { leastSize } from "../../www/parts/topology/least.js";
import { Routes } from "../../www/parts/topology/routes.js";
import { insideOf, roomFor } from "../../www/parts/topology/sizes.js";

/** @import { Card, CardKind, Graph, WayKind } from "../../www/parts/topology/graph.js" */
/** @import { Layout } from "../../www/parts/topology/layout.js" */

const SYSTEMS = 150;
const PHONE = { width: 575, height: 8000 };
/** The corners of cards are round. */
const TOUCH = 3;

/** Numbers from 0 to 1 that look random; the same seed gives the same. @param {number} seed */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** A system of up to nine services with whatever they use. @param {number} seed @returns {Graph} */
function system(seed) {
  const next = numbers(seed);
  const below = (/** @type {number} */ count) => Math.floor(next() * count);
  /** @type {Graph} */
  const graph = { cards: [], ways: [] };
  const card = (/** @type {CardKind} */ kind, /** @type {string} */ name, cells = 1, copies = 1) => {
    const id = `${kind} ${name}`;
    const list = Array.from({ length: cells * copies }, (_, index) => ({ name: `${name}-${index}`, copy: copies > 1 ? Math.floor(index / cells) : 0, index: index % cells }));
    const queues = kind === "broker" ? [{ name: "messages", limit: null, consumers: 1 }] : [];
    graph.cards.push(/** @type {Card} */ (/** @type {unknown} */ ({ id, kind, name, cells: list, queues, groups: [name], hidden: 0, unused: false })));
    return id;
  };
  const way = (/** @type {WayKind} */ kind, /** @type {string} */ from, /** @type {string} */ to) =>
    graph.ways.push({ id: `${kind} ${from} ${to}`, kind, from, to, service: "", groups: [], queues: [], estimated: false, share: 1, shares: {} });
  const users = Array.from({ length: 1 + below(3) }, (_, index) => card("users", `Users${index}`, 0));
  const balancer = card("balancer", "Balancer", 0);
  for (const user of users) way("requests", user, balancer);
  const services = Array.from({ length: 1 + below(9) }, (_, index) => card("service", `${"Service".repeat(1 + below(2))}${index}`, 1 + below(8)));
  services.forEach((service, index) => {
    if (index === 0 || next() < 0.7) way("requests", balancer, service);
    for (const later of services.slice(index + 1)) if (next() < 0.15) way("calls", service, later);
  });
  if (services.length > 2 && next() < 0.2) way("calls", services[2], services[0]);
  const used = (/** @type {WayKind} */ kind, /** @type {string} */ store) => services.filter(() => next() < 0.3).forEach((service) => way(kind, service, store));
  for (let index = below(5); index > 0; index -= 1) used("database", card("cluster", `Data${index}`, 1 + below(4), 1 + below(3)));
  for (let index = below(3); index > 0; index -= 1) used("cache", card("cache", `Cache${index}`, 1 + below(2)));
  if (next() < 0.5) {
    const broker = card("broker", "Rabbit");
    used("publish", broker);
    for (const service of services) if (next() < 0.15) way("consume", broker, service);
  }
  return graph;
}

/** What is wrong with a layout, in words. @param {Graph} graph @param {Layout} layout */
function flaws(graph, layout) {
  const { cards, ways, width, height } = layout;
  const boxes = cards.map(({ card, inside, x, y }) => ({ id: card.id, left: x, right: x + inside.width, top: y, bottom: y + inside.height }));
  /** @type {string[]} */
  const flaws = [];
  if (boxes.length !== graph.cards.length) flaws.push(`${boxes.length} cards of ${graph.cards.length}`);
  boxes.forEach((one, index) => {
    if (!(one.left >= 0 && one.top >= 0 && one.right <= width && one.bottom <= height)) flaws.push(`${one.id} is outside`);
    for (const other of boxes.slice(index + 1)) {
      if (one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom) flaws.push(`${one.id} lies over ${other.id}`);
    }
  });
  if (ways.reduce((sum, line) => sum + line.ways.length, 0) !== graph.ways.length) flaws.push("ways are missing");
  for (const line of ways) {
    for (const { x, y } of closely(trackOf(line.points, line.course).points)) {
      const over = boxes.find((box) => x > box.left + TOUCH && x < box.right - TOUCH && y > box.top + TOUCH && y < box.bottom - TOUCH);
      if (over) flaws.push(`${line.ways[0].id} runs over ${over.id}`);
      if (!(x >= 0 && y >= 0 && x <= width && y <= height)) flaws.push(`${line.ways[0].id} runs outside`);
    }
  }
  return [...new Set(flaws)];
}

/** Points on the pieces of a line, too. @param {{ x: number, y: number }[]} points */
function closely(points) {
  return points.slice(1).flatMap((to, index) => {
    const from = points[index];
    return Array.from({ length: 8 }, (_, step) => ({ x: from.x + ((to.x - from.x) * step) / 8, y: from.y + ((to.y - from.y) * step) / 8 }));
  });
}

/** @type {[string, boolean, { width: number, height: number } | undefined][]} */
const shapes = [["from left to right", true, undefined], ["from top to bottom", false, undefined], ["on a phone", false, PHONE]];
for (const [name, across, room] of shapes) {
  test(`systems made up at random, ${name}: nothing lies over anything else`, () => {
    for (let seed = 1; seed <= SYSTEMS; seed += 1) {
      const graph = system(seed);
      const layout = layoutOf(graph, across, room);
      assert.deepEqual(flaws(graph, layout), [], `seed ${seed}`);
      if (room) assert.ok(layout.width <= room.width, `seed ${seed}: ${layout.width} broad`);
    }
  });
}

test("a picture from top to bottom is no smaller than was foretold, unless its cards were made slim", () => {
  let exact = 0;
  for (let seed = 1; seed <= SYSTEMS; seed += 1) {
    const graph = system(seed);
    const layout = layoutOf(graph, false);
    const room = roomFor(graph.cards);
    if (layout.cards.some(({ card, inside }) => inside.height !== insideOf(card, room).height)) continue;
    const least = leastSize(graph);
    assert.ok(least.width <= layout.width && least.height <= layout.height, `seed ${seed}: ${JSON.stringify(least)}, but ${layout.width} x ${layout.height}`);
    if (least.height === layout.height) exact += 1;
  }
  assert.ok(exact > SYSTEMS / 5, `the height is known of ${exact} systems`);
});

/** @param {string[]} names of clusters that nobody uses */
function shopAnd(names) {
  const clusters = ["Store", ...names];
  const config = {
    users: { all: { targets: { Shop: 1 } } },
    services: { Shop: { database: { name: "Store" } } },
    db_clusters: Object.fromEntries(clusters.map((name) => [name, { replicas: 2 }])),
  };
  const component = (/** @type {object} */ some) => ({ state: "up", role: "", down_because: "", busy: 0, capacity: null, queue: 0, slow_factor: 1, lag_writes: 0, outages: 0, ...some });
  const nodes = clusters.flatMap((name) => [0, 1, 2].map((index) => component({ name: `${name}/${index}`, group: name, kind: "node" })));
  return graphOf(/** @type {any} */ (config), /** @type {any} */ ([component({ name: "Shop-0", group: "Shop", kind: "instance" }), ...nodes]));
}

test("what nobody uses stands where there is room, or below", () => {
  const alone = layoutOf(shopAnd([]), true);
  const layout = layoutOf(shopAnd(["Idle"]), true);
  assert.equal(layout.width, alone.width, "the picture is no broader for it");
  const boxes = layout.cards.map(({ inside, x, y }) => ({ left: x, right: x + inside.width, top: y, bottom: y + inside.height }));
  boxes.forEach((one, index) => {
    assert.ok(one.left >= 0 && one.top >= 0 && one.right <= layout.width && one.bottom <= layout.height, "within the picture");
    for (const other of boxes.slice(index + 1)) {
      assert.ok(one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top, "no card over another");
    }
  });
});

test("a system of which nothing belongs together can be drawn", () => {
  const { cards } = shopAnd(["Idle"]);
  const layout = layoutOf({ cards, ways: [] }, true);
  assert.equal(layout.cards.length, cards.length);
  assert.ok(layout.width > 0 && layout.height > 0 && Number.isFinite(layout.width + layout.height));
  assert.deepEqual(layoutOf({ cards: [], ways: [] }, false), { cards: [], ways: [], frames: [], width: 0, height: 0, across: false });
});

test("who waits for an instance covers no other one", () => {
  const names = Array.from({ length: 24 }, (_, index) => `Shop-${index}`);
  const components = names.map((name) => /** @type {any} */ ({ name, group: "Shop", kind: "instance", state: "up", role: "" }));
  const graph = graphOf({ users: { web: { targets: { Shop: 1 } } }, services: { Shop: { instances: 24 } } }, components);
  for (const across of [true, false]) {
    const layout = layoutOf(graph, across);
    const routes = new Routes(layout, []);
    const { inside, x, y } = /** @type {Layout["cards"][number]} */ (layout.cards.find(({ card }) => card.kind === "service"));
    assert.equal(inside.cells.size, 24);
    for (const name of names) {
      const place = routes.place(name);
      assert.ok(place);
      for (let before = 0; before < 50; before += 1) {
        const dot = { x: 0, y: 0 };
        stand(dot, place, before, true);
        const covered = [...inside.cells].filter(([, box]) => dot.x > x + box.x && dot.x < x + box.x + box.width && dot.y > y + box.y && dot.y < y + box.y + box.height);
        assert.deepEqual(covered.map(([cell]) => cell).filter((cell) => cell !== name), [], `${before} wait for ${name}, ${across}`);
      }
    }
  }
});
