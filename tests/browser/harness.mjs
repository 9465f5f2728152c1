// What a test of the page needs: `pageTest` opens the page for one test, and fails it when the page reports an error.
// A test file looks like smoke.test.mjs; `make test-page` runs every *.test.mjs in this folder.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { notAskedFor } from "./firefox-choice.mjs";
import { inFirefox, launchBrowser, newContext, serveSite, settled, skipped, startOptions, watchProblems } from "./site.mjs";

/** @import { Browser, BrowserContextOptions, Page } from "playwright-core" */

/**
 * A test of the page. The options are those of a Playwright browser context (`viewport`, `colorScheme`, `locale`,
 * `reducedMotion`, ...) and:
 * - `path`: what to open, relative to the site, e.g. "?lang=ru";
 * - `newcomer`: the page has never been here before, and is welcomed;
 * - `allow`: problems that the test provokes on purpose, as a pattern.
 * @param {string} name
 * @param {BrowserContextOptions & { path?: string, newcomer?: boolean, allow?: RegExp }} options
 * @param {(page: Page) => Promise<void>} body
 */
export function pageTest(name, { path = "", newcomer = false, allow, ...options }, body) {
  if (notAskedFor(name)) return;
  test(name, { skip: skipped(name) }, async () => {
    const { browser, site } = await started(options);
    const context = await newContext(browser, options);
    try {
      // What a busy machine may need; a failing test need not wait for longer.
      context.setDefaultTimeout(15_000);
      if (!newcomer) await context.addInitScript(settled);
      const page = await context.newPage();
      const problems = watchProblems(page);
      await page.goto(site.url + path);
      await body(page);
      assert.deepEqual(problems.filter((problem) => !allow?.test(problem)), [], "the page reported errors");
    } finally {
      await context.close();
    }
  });
}

/** @type {Map<string, Promise<Browser>>} */
const browsers = new Map();
/** @type {Map<string, ReturnType<typeof serveSite>>} */
const sites = new Map();

/**
 * One browser and one server for all the tests of a file, as far as they agree about what either is told at its start.
 * @param {BrowserContextOptions} options
 */
async function started(options) {
  return {
    browser: await once(browsers, JSON.stringify(startOptions(options)), () => launchBrowser(options)),
    site: await once(sites, String(options.bypassCSP), () => serveSite(undefined, options.bypassCSP ? { headers: {} } : {})),
  };
}

/**
 * @template T
 * @param {Map<string, Promise<T>>} made
 * @param {string} key
 * @param {() => Promise<T>} make
 */
function once(made, key, make) {
  const thing = made.get(key) ?? make();
  made.set(key, thing);
  return thing;
}

after(async () => {
  for (const browser of browsers.values()) await (await browser).close();
  for (const site of sites.values()) await (await site).close();
});

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Fails when axe finds an accessibility mistake (WCAG 2.2 level AA and axe's best practices).
 * @param {Page} page
 * @param {{ except?: string[] }} [options] rules that are wrong about what is on show
 */
export async function assertAccessible(page, { except = [] } = {}) {
  // See firefox.mjs: what of axe is left out there.
  if (inFirefox) return;
  // Playwright evaluates this outside the page's own policy, which would refuse an injected script element.
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async (except) => {
    // @ts-expect-error the line above defined it
    const result = await globalThis.axe.run({ rules: Object.fromEntries(except.map((rule) => [rule, { enabled: false }])) });
    return result.violations.map((/** @type {any} */ violation) => ({
      rule: violation.id,
      help: violation.help,
      where: violation.nodes.map((/** @type {any} */ node) => `${node.target}: ${node.failureSummary}`),
    }));
  }, except);
  assert.deepEqual(violations, [], "axe found accessibility mistakes");
}

/**
 * Fails when the page is wider than the window, so that a phone would scroll sideways.
 * @param {Page} page
 */
export async function assertNoSidewaysScroll(page) {
  const [content, window] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  assert.ok(content <= window, `the page is ${content} px wide in a window of ${window} px`);
}
