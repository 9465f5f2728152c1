// The live picture of the scenarios on a phone and on a small screen: nothing to be panned to, and no line over a card.

import assert from "node:assert/strict";
import { assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { ids } from "./scenarios.mjs";

/** @import { Page } from "playwright-core" */

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

for (const id of await ids()) {
  for (const [width, height] of [[360, 740], [1280, 900]]) {
    pageTest(`${id} at ${width} px: the picture is seen whole, and no line runs over a card`, { path: `?scenario=${id}&lang=ru&view=topology`, viewport: { width, height } }, async (page) => {
      await page.locator(".picture").waitFor();
      const { over, beyond, below } = await seen(page);
      assert.equal(over, 0, "lines over cards");
      assert.ok(beyond <= 1 && below <= 1, `${beyond} pixels aside, ${below} below`);
      await assertNoSidewaysScroll(page);
    });
  }
}
