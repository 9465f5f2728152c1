// The live picture of the scenarios on a phone and on a small screen: nothing to be panned to, and no line over a card.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { graphOf } from "../../www/parts/topology/graph.js";
import { assertNoSidewaysScroll, pageTest } from "./harness.mjs";

/** @import { Page } from "playwright-core" */

// From the finished site: there the library that lays out is beside it.
const module = new URL("../../dist/parts/topology/layout.js", import.meta.url).href;
const { layoutOf } = /** @type {typeof import("../../www/parts/topology/layout.js")} */ (await import(module));

/** @type {{ id: string }[]} */
const scenarios = JSON.parse(await readFile(new URL("../../www/scenarios/index.json", import.meta.url), "utf8"));

/** Lines that run over cards which they do not join, and how far the picture goes beyond its window. @param {Page} page */
function seen(page) {
  return page.evaluate(() => {
    const root = /** @type {ShadowRoot} */ (document.querySelector("web-service-model")?.shadowRoot);
    const cards = /** @type {SVGGraphicsElement[]} */ ([...root.querySelectorAll(".card-box")]).map((card) => card.getBoundingClientRect());
    const inside = (/** @type {DOMPoint} */ { x, y }, /** @type {number} */ by) =>
      cards.filter((card) => x > card.left + by && x < card.right - by && y > card.top + by && y < card.bottom - by);
    const over = /** @type {SVGPathElement[]} */ ([...root.querySelectorAll(".way-line")]).filter((line) => {
      const matrix = /** @type {DOMMatrix} */ (line.getScreenCTM());
      const length = line.getTotalLength();
      const points = Array.from({ length: 200 }, (_, index) => line.getPointAtLength((index / 199) * length).matrixTransform(matrix));
      return points.some((point) => inside(point, 3).length > 0);
    });
    const view = /** @type {Element} */ (root.querySelector(".topology-view"));
    return { over: over.length, beyond: view.scrollWidth - view.clientWidth, below: view.scrollHeight - view.clientHeight };
  });
}

for (const { id } of scenarios) {
  for (const [width, height] of [[360, 740], [1280, 900]]) {
    pageTest(`${id} at ${width} px: the picture is seen whole, and no line runs over a card`, { path: `?scenario=${id}&lang=ru`, viewport: { width, height } }, async (page) => {
      await page.locator(".picture").waitFor();
      const { over, beyond, below } = await seen(page);
      assert.equal(over, 0, "lines over cards");
      assert.ok(beyond <= 1 && below <= 1, `${beyond} pixels aside, ${below} below`);
      await assertNoSidewaysScroll(page);
    });
  }
}

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
