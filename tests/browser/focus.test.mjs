// The keyboard's focus is never lost: what disappears hands it on.

import assert from "node:assert/strict";
import { pageTest } from "./harness.mjs";
import { finish, inModel, openTab, standstill } from "./laboratory.mjs";

/** @import { Page } from "playwright-core" */

/** What has the focus, in words. @param {Page} page */
function focused(page) {
  return page.evaluate(() => {
    const active = document.querySelector("web-service-model")?.shadowRoot?.activeElement;
    if (!active || !active.checkVisibility()) return "nothing";
    return active.getAttribute("aria-label") ?? active.id ?? active.textContent;
  });
}

/** Something goes wrong. @param {Page} page */
async function provoke(page) {
  await inModel(page, (element) => {
    try {
      element.load(/** @type {any} */ ({ nonsense: 1 }));
    } catch {
      // It is said to the caller, not in the page.
    }
  });
  // A file that is none is said in the page.
  await page.locator('input[type="file"]').first().setInputFiles({ name: "bad.json", mimeType: "application/json", buffer: Buffer.from("{") });
  await page.locator(".alert").waitFor();
}

pageTest("closing an alert gives the focus back to where it came from", { path: "?autoplay=0" }, async (page) => {
  await standstill(page);
  await provoke(page);
  await page.locator("#seed").focus();
  await page.locator(".alert").getByRole("button", { name: "Close" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".alert").count(), 0);
  assert.equal(await page.locator("#seed:focus").count(), 1, await focused(page));
});

pageTest("an alert that one came to from nowhere hands the focus to the run", { path: "?autoplay=0" }, async (page) => {
  await standstill(page);
  await provoke(page);
  await page.locator(".alert").getByRole("button", { name: "Close" }).click();
  assert.equal(await page.locator("button.run:focus").count(), 1, await focused(page));
});

pageTest("what one came from may be gone: then it is the run", { path: "?autoplay=0" }, async (page) => {
  await standstill(page);
  await page.locator(".cell").first().click();
  await provoke(page);
  await page.locator(".component-panel button").first().focus();
  await page.locator(".alert").getByRole("button", { name: "Close" }).focus();
  await inModel(page, (element) => element.select(undefined));
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("button.run:focus").count(), 1, await focused(page));
});

pageTest("one alert after the other keeps the focus at its buttons, in Russian too", { path: "?autoplay=0&lang=ru" }, async (page) => {
  await standstill(page);
  await provoke(page);
  await page.locator(".alert").getByRole("button", { name: "Закрыть" }).focus();
  await page.locator('input[type="file"]').first().setInputFiles({ name: "bad.txt", mimeType: "text/plain", buffer: Buffer.from("{") });
  await page.waitForFunction(() => document.querySelector("web-service-model")?.shadowRoot?.querySelector(".alert button:focus"));
});

for (const [where, kinds] of /** @type {const} */ ([["the list", "all"], ["the filter of an empty list", "no_candidate"]])) {
  pageTest(`showing the whole run again in the log leads on to ${where}`, { path: "?scenario=primary-failover&speed=max" }, async (page) => {
    await finish(page);
    await openTab(page, "Events");
    await page.locator("#log-kinds").selectOption(kinds);
    // A part of the time is chosen on the timeline.
    const bar = await page.locator(".timeline-bar").boundingBox();
    assert.ok(bar);
    await page.mouse.move(bar.x + bar.width * 0.3, bar.y + 2);
    await page.mouse.down();
    await page.mouse.move(bar.x + bar.width * 0.6, bar.y + 2, { steps: 4 });
    await page.mouse.up();
    await page.locator(".log-part button").focus();
    await page.keyboard.press("Enter");
    assert.ok(await page.locator(".log-part").isHidden());
    assert.equal(await page.locator(kinds === "all" ? ".log-time:focus" : "#log-kinds:focus").count(), 1, await focused(page));
  });
}

pageTest("a draft that is discarded hands the focus on", { path: "?autoplay=0" }, async (page) => {
  await standstill(page);
  await inModel(page, (element) => element.patch({ duration: 77 }));
  await page.waitForTimeout(600);
  await page.goto(page.url().replace(/#.*/, ""));
  await page.locator(".draft").waitFor();
  await page.locator(".draft").getByRole("button", { name: "Discard" }).focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.locator(".draft").isHidden());
  assert.notEqual(await focused(page), "nothing");
});
