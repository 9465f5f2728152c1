import assert from "node:assert/strict";
import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";
import { finish, inModel, openTab, speak, standstill, status, tabNames, turnTo } from "./laboratory.mjs";

/** @import { Report } from "#web-service-model" */

pageTest("the page loads, and the first scenario runs by itself", {}, async (page) => {
  await page.getByText("Running", { exact: true }).waitFor();
  await page.locator('[data-figure="goodput"]').getByText(/\d\/s$/).waitFor();
  await page.getByRole("button", { name: "About this scenario" }).click();
  await page.getByText(/Version \d/).waitFor();
});

pageTest("a run comes to its end and reports", {}, async (page) => {
  const report = await inModel(page, 
    /** @returns {Promise<Report>} */
    (element) => new Promise((done) => {
      element.addEventListener("finished", (event) => done(/** @type {CustomEvent} */ (event).detail.report));
    }),
  );
  assert.equal(report.simulated_seconds, 50);
  assert.equal(await status(page), "Finished");
  await page.getByText("50.0 s of 50.0 s").waitFor();
  assert.ok(await page.getByRole("button", { name: "Run again" }).isEnabled());
});

const phone = { width: 360, height: 640 };

// Axe brings an inline style of its own, which the page's policy would refuse: its tests go without the policy.
for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  pageTest(`axe finds nothing in the ${colorScheme} theme`, { colorScheme, bypassCSP: true }, async (page) => {
    await finish(page);
    await openTab(page, "Charts");
    await page.getByText("More charts").click();
    for (const name of await tabNames(page)) {
      await openTab(page, name);
      await page.waitForTimeout(300);
      await assertAccessible(page);
    }
  });
}

pageTest("a phone shows the page without scrolling sideways", { viewport: phone, bypassCSP: true }, async (page) => {
  await finish(page);
  for (const language of ["en", "ru"]) {
    await turnTo(page, "views");
    await speak(page, language);
    // The words come first.
    await page.getByRole("tab", { name: language === "ru" ? "Графики" : "Charts" }).waitFor();
    for (const name of await tabNames(page)) {
      await openTab(page, name);
      await page.waitForTimeout(300);
      await assertNoSidewaysScroll(page);
    }
  }
  await assertAccessible(page);
});

pageTest("a very wide screen shows the page", { viewport: { width: 3840, height: 2160 } }, async (page) => {
  await finish(page);
  await assertNoSidewaysScroll(page);
});

pageTest("no window is too narrow for the page, in the longer language", { locale: "ru-RU" }, async (page) => {
  await standstill(page);
  for (const width of [320, 420, 560, 700, 840, 1000, 1280, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    await page.waitForTimeout(150);
    await assertNoSidewaysScroll(page);
  }
});
