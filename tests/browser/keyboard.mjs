// The page as somebody has it who has only a keyboard.

import assert from "node:assert/strict";

/** @import { Page } from "playwright-core" */

/**
 * What has the focus.
 * @typedef {object} Stop
 * @property {string} name as it is read out
 * @property {string} tag
 * @property {string} path of the configuration, where it belongs to a place of it
 * @property {string} problem why nobody could see where the focus is; empty if all is well
 */

/** The first thing on the page, or beyond it: whoever comes there has gone past. */
const FIRST = "Skip to the views";

/** So many stops are passed in search of one. */
const STOPS_MAX = 250;

/** @param {Page} page @returns {Promise<Stop>} */
export function focused(page) {
  return page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    if (!active || active === document.body) return { name: "", tag: "", path: "", problem: "nothing has the focus" };
    const root = /** @type {ShadowRoot | Document} */ (active.getRootNode());
    const byId = (/** @type {string | null} */ ids) => (ids ?? "").split(" ").map((id) => root.getElementById(id)?.textContent ?? "").join(" ").trim();
    const labels = /** @type {HTMLInputElement} */ (active).labels;
    const own = active.matches("input, select, textarea") ? "" : active.textContent;
    const name = active.getAttribute("aria-label") ?? (byId(active.getAttribute("aria-labelledby")) || labels?.[0]?.firstChild?.textContent || own) ?? "";
    const path = /** @type {HTMLElement | null} */ (active.closest("[data-path]"))?.dataset.path ?? "";
    return { name: name.trim().replaceAll(/\s+/g, " "), tag: active.tagName.toLowerCase(), path, problem: problemOf(active) };

    /** @param {Element} element */
    function problemOf(element) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return "it is not visible";
      const { top, bottom, left, right } = element.getBoundingClientRect();
      const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
      const inside = [0.25, 0.5, 0.75].map((share) => top + (bottom - top) * share).filter((y) => y > 0 && y < innerHeight);
      if (inside.length === 0 || x < 0 || x > innerWidth) return "it is outside the window";
      // What lies over it: the bar that stays at the edge, for example.
      const seen = inside.some((y) => {
        const there = root.elementsFromPoint(x, y)[0];
        return !there || element.contains(there) || there.contains(element) || there.getRootNode() !== root;
      });
      if (!seen) return "it is covered";
      // (An editor of text marks the box that it is in.)
      const box = element.closest(".json-text") ?? element;
      const { outlineStyle, outlineWidth } = getComputedStyle(box);
      return outlineStyle !== "none" && outlineWidth !== "0px" ? "" : "nothing marks it";
    }
  });
}

/** The keyboard, which looks after each key where the focus is. */
export class Keyboard {
  /** Keys that were pressed. */
  count = 0;

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {string} key @param {() => string} [aim] what it is for */
  async press(key, aim = () => "") {
    this.count += 1;
    await this.page.keyboard.press(key);
    let stop = await focused(this.page);
    // (What changes with it may take a moment: mistakes that are no more, for one.)
    for (let tries = 0; stop.problem !== "" && tries < 10; tries += 1) {
      await this.page.waitForTimeout(50);
      stop = await focused(this.page);
    }
    assert.equal(stop.problem, "", `after ${key}: ${JSON.stringify(stop)} ${aim()}`);
    return stop;
  }

  /** Replaces what stands in a field. @param {string} text */
  async write(text) {
    await this.press("Control+A");
    this.count += text.length;
    await this.page.keyboard.type(text);
  }

  /**
   * Goes on until something has the focus.
   * @param {string | RegExp} name @param {{ path?: string, key?: string }} [where]
   */
  async go(name, { path = "", key = "Tab" } = {}) {
    const isIt = (/** @type {Stop} */ stop) => (typeof name === "string" ? stop.name === name : name.test(stop.name)) && (path === "" || stop.path === path);
    /** @type {string[]} */
    const passed = [];
    for (let stop = await focused(this.page); !isIt(stop); stop = await this.press(key, () => `in search of ${name} ${path}, past ${[...new Set(passed)].join("; ")}`)) {
      passed.push(`${stop.name} (${stop.path})`);
      assert.ok(passed.length < STOPS_MAX && (passed.length === 1 || stop.name !== FIRST), `no ${name} ${path} among ${[...new Set(passed)].join("; ")}`);
    }
  }

  /** The same, backwards. @param {string | RegExp} name @param {string} [path] */
  back(name, path = "") {
    return this.go(name, { path, key: "Shift+Tab" });
  }

  /** Chooses an option of the list that has the focus. @param {string} option */
  async choose(option) {
    const isChosen = () => this.page.evaluate((option) => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      return active instanceof HTMLSelectElement && active.selectedOptions[0]?.textContent === option;
    }, option);
    for (let tries = 0; !(await isChosen()); tries += 1) {
      assert.ok(tries < 40, `there is no ${option}`);
      await this.press(tries === 0 ? "Home" : "ArrowDown");
    }
  }
}
