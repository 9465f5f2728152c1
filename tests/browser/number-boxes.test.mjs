// The boxes of the run control hold the largest values that are allowed, at every width.

import assert from "node:assert/strict";
import { assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { inModel, standstill } from "./laboratory.mjs";

const LARGEST = { seed: 2 ** 53 - 1, duration: 1e9 };

for (const width of [320, 360, 480, 600, 768, 1024, 1280, 1920]) {
  for (const lang of ["en", "ru"]) {
    const options = { path: `?autoplay=0&lang=${lang}`, viewport: { width, height: 800 } };
    pageTest(`the largest seed and duration are seen whole at ${width} px: ${lang}`, options, async (page) => {
      await standstill(page);
      await inModel(page, (element, { seed, duration }) => {
        element.load({ ...element.config, duration, window: 1e6, seed });
      }, LARGEST);
      for (const [id, value] of Object.entries(LARGEST)) {
        const box = await page.locator(`#${id}`).evaluate((input) => {
          const { value, scrollWidth, clientWidth } = /** @type {HTMLInputElement} */ (input);
          return { value, scrollWidth, clientWidth };
        });
        assert.equal(box.value, String(value), id);
        assert.ok(box.scrollWidth <= box.clientWidth, `${id}: ${box.scrollWidth} px in ${box.clientWidth}`);
      }
      await assertNoSidewaysScroll(page);
    });
  }
}

pageTest("a seed and a duration that are typed are taken whole", { path: "?autoplay=0" }, async (page) => {
  await standstill(page);
  for (const [id, value] of Object.entries(LARGEST)) {
    await page.locator(`#${id}`).fill(String(value));
    await page.keyboard.press("Enter");
    assert.equal(await page.locator(`#${id}`).inputValue(), String(value));
  }
  assert.equal(await inModel(page, (element) => element.simulation?.duration), LARGEST.duration);
  assert.equal(await inModel(page, (element) => element.simulation?.seed), LARGEST.seed);
});
