// The JSON beside the form, as somebody writes and reads it.

/** @import { Locator, Page } from "playwright-core" */

/** Scrolls to it, as it is loaded when it comes into view. @param {Page} page */
async function area(page) {
  await page.locator(".json-side").first().scrollIntoViewIfNeeded();
  return page.locator("#config");
}

/** All that stands there: of a long text only the lines in view are in the page. @param {Page} page @returns {Promise<string>} */
export async function jsonText(page) {
  return (await area(page)).evaluate((content) => /** @type {any} */ (content).cmTile.view.state.doc.toString());
}

/** @param {Page} page */
export async function json(page) {
  return JSON.parse(await jsonText(page));
}

/** Pastes another text over what stands there. @param {Page} page @param {string} text */
export async function writeJson(page, text) {
  const content = await area(page);
  await content.focus();
  await page.keyboard.press("ControlOrMeta+a");
  await content.evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Puts the cursor behind a piece of the text, as a click there would. @param {Page} page @param {string} piece */
export async function cursorBehind(page, piece) {
  await (await area(page)).evaluate((content, piece) => {
    const { view } = /** @type {any} */ (content).cmTile;
    const at = view.state.doc.toString().indexOf(piece);
    if (at < 0) throw new Error(`${piece} is not there`);
    view.dispatch({ selection: { anchor: at + piece.length }, scrollIntoView: true });
    view.focus();
  }, piece);
}

/**
 * Rests the pointer on a piece of the text until something is told of it. Whatever changes or scrolls the text at that
 * moment keeps it silent, and who reads moves the pointer once more.
 * @param {Page} page @param {Locator} piece @param {Locator} told
 */
export async function pointAt(page, piece, told) {
  for (let tries = 0; tries < 8 && !(await told.isVisible()); tries++) {
    await page.mouse.move(0, 0);
    await piece.hover();
    await told.waitFor({ timeout: 1500 }).catch(() => undefined);
  }
  await told.waitFor();
}
