// Short ways to what the tests of the laboratory look at.

/** @import { Page } from "playwright-core" */

/** The element. @param {Page} page */
export function model(page) {
  return page.locator("web-service-model").first();
}

/** What the run control says of the run. @param {Page} page */
export async function status(page) {
  return page.locator(".status").textContent();
}

/** Simulated seconds. @param {Page} page @returns {Promise<number>} */
export function now(page) {
  return model(page).evaluate((element) => element.simulation.now);
}

/** Loads until there is a simulation, and stops it at its start. @param {Page} page */
export async function standstill(page) {
  await page.waitForFunction(() => document.querySelector("web-service-model")?.simulation);
  await model(page).evaluate((element) => element.reset());
}

/** Lets the run come to its end. @param {Page} page */
export async function finish(page) {
  await standstill(page);
  await model(page).evaluate((element) => {
    element.speed = Infinity;
    element.play();
  });
  await page.getByText("Finished", { exact: true }).waitFor();
}

/** The row of a component. @param {Page} page @param {string} name */
export function component(page, name) {
  return page.locator(`[data-component="${name}"]`);
}
