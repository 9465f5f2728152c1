// Short ways to what the tests of the laboratory look at.

/** @import { Page } from "playwright-core" */
/** @import { WebServiceModel } from "../../www/elements/web-service-model.js" */

/** The element. @param {Page} page */
export function model(page) {
  return page.locator("web-service-model").first();
}

/**
 * Does something with the element, in the page.
 * @template R, A
 * @param {Page} page
 * @param {(element: WebServiceModel, argument: A) => R | Promise<R>} work
 * @param {A} [argument]
 * @returns {Promise<R>}
 */
export function inModel(page, work, argument) {
  return /** @type {any} */ (model(page)).evaluate(work, argument);
}

/** What the run control says of the run. @param {Page} page */
export async function status(page) {
  return page.locator(".status").textContent();
}

/** Simulated seconds. @param {Page} page @returns {Promise<number>} */
export function now(page) {
  return inModel(page, (element) => element.simulation?.now ?? NaN);
}

/** Loads until there is a simulation, and stops it at its start. @param {Page} page */
export async function standstill(page) {
  await page.waitForFunction(() => document.querySelector("web-service-model")?.simulation);
  await inModel(page, (element) => element.reset());
}

/** Lets the run come to its end. @param {Page} page */
export async function finish(page) {
  await standstill(page);
  await inModel(page, (element) => {
    element.speed = Infinity;
    element.play();
  });
  await page.locator('.controls[data-state="finished"]').first().waitFor();
}

/** Opens a view behind its tab. @param {Page} page @param {string} name */
export async function openTab(page, name) {
  await turnTo(page, "views");
  await page.getByRole("tab", { name, exact: true }).first().click();
}

/** Chooses the page's language, which a phone's tool bar has behind a button. @param {Page} page @param {string} language */
export async function speak(page, language) {
  const more = page.locator(".tool-more").first();
  const isBehind = (await more.isVisible()) && (await more.getAttribute("aria-expanded")) === "false";
  if (isBehind) await more.click();
  await page.locator("#language").selectOption(language);
  if (isBehind) await more.click();
}

/** Opens a view, by the name of its tab. @param {Page} page @param {import("../../www/parts/views.js").ViewName} name */
export async function openView(page, name) {
  await turnTo(page, "views");
  await page.locator(`#tab-${name}`).first().click();
}

/** Turns to a page of the workspace, where there is so little room that it has pages. @param {Page} page @param {"picture" | "figures" | "views"} name */
export async function turnTo(page, name) {
  const button = page.locator(`.page-bar [data-page="${name}"]`).first();
  if (await button.isVisible()) await button.click();
}

/** Names of all tabs, in the language of the moment. @param {Page} page */
export function tabNames(page) {
  return page.getByRole("tab").allTextContents();
}

/** The row of a component. @param {Page} page @param {string} name */
export function component(page, name) {
  return page.locator(`.components [data-component="${name}"]`);
}

/**
 * Brings a chart into view and waits for it to be drawn there: what is far from the window is not drawn.
 * @param {Page} page
 * @param {string} id
 */
export async function lookAtChart(page, id) {
  // A chart that stands alone has no tabs.
  const tab = page.locator("#tab-charts").first();
  if (!(await page.locator(`[data-chart="${id}"]`).isVisible()) && (await tab.count()) > 0) {
    await turnTo(page, "views");
    if (await tab.isVisible()) await tab.click();
    // The drawer opens under the mouse, which else would point at a chart.
    await page.mouse.move(1, 1);
  }
  const canvas = page.locator(`[data-chart="${id}"] canvas`);
  await canvas.scrollIntoViewIfNeeded();
  await canvas.evaluate(async (element) => {
    // A canvas on which nothing has been drawn is 300 pixels wide.
    const isDrawn = () => /** @type {HTMLCanvasElement} */ (element).width !== 300;
    for (let frame = 0; frame < 300 && !isDrawn(); frame++) await new Promise(requestAnimationFrame);
  });
}
