// Firefox as Debian has it, driven by Playwright over WebDriver BiDi, so that the same tests run in it.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { firefox } from "playwright-core";

/** @import { Browser, BrowserContextOptions } from "playwright-core" */

const finder = join(fileURLToPath(new URL("../..", import.meta.url)), "tools/find-firefox.sh");

// What keeps Firefox from looking for hosts of its maker, and what it would do with a profile that is thrown away.
const QUIET = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.safebrowsing.update.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.systemAddon.update.enabled": false,
  "media.gmp-manager.updateEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.prefetch-next": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.telemetry.enabled": false,
};

/** Tests that are left out, with the reason. What is seen wrong of the page is mended instead. */
export const LEFT_OUT = /** @type {[RegExp, string][]} */ ([
  [/^axe finds nothing/, "the process of the page dies when axe looks at what Playwright has searched by label; the markup is the same"],
  [/^elements that are gone leave no memory behind$/, "only Chromium's tools can ask for garbage to be collected"],
  [/^a finger /, "Playwright has no finger in this Firefox"],
]);

/** Why a test is left out, if it is. @param {string} name */
export function leftOut(name) {
  return LEFT_OUT.find(([pattern]) => pattern.test(name))?.[1];
}

/** What a browser can be told at its start only: this Firefox has no command for it in BiDi. */
export function mediaPreferences(/** @type {BrowserContextOptions} */ { colorScheme = "light", reducedMotion = "no-preference" }) {
  return {
    "layout.css.prefers-color-scheme.content-override": colorScheme === "dark" ? 0 : 1,
    "ui.prefersReducedMotion": reducedMotion === "reduce" ? 1 : 0,
  };
}

/**
 * @param {ReturnType<typeof mediaPreferences>} media
 * @returns {Promise<Browser>}
 */
export async function launchFirefox(media) {
  const executablePath = execFileSync(finder, { encoding: "utf8" }).trim();
  const browser = await firefox.launch({
    channel: "moz-firefox",
    executablePath,
    firefoxUserPrefs: { ...QUIET, ...media },
  });
  translate(browser);
  return browser;
}

/**
 * Where Playwright and this Firefox do not understand each other. There is no public way around; package.json pins the
 * version of Playwright in which this private one is right.
 * @param {Browser} browser
 */
function translate(browser) {
  const { _connection } = /** @type {any} */ (browser);
  const sessions = Object.getPrototypeOf(_connection.toImpl(browser)._browserSession);
  if (sessions.translated) return;
  const { send, dispatchMessage } = sessions;
  sessions.translated = true;
  // Each new window is sent a command about media features, which Firefox does not know.
  sessions.send = function (/** @type {string} */ method, /** @type {object} */ parameters) {
    if (method === "emulation.setMediaFeaturesOverride") return Promise.resolve({});
    return send.call(this, method, parameters);
  };
  // A download is recognised by its navigation, and one that a page makes itself has none: its address will do.
  sessions.dispatchMessage = function (/** @type {any} */ message) {
    if (message.method?.startsWith("browsingContext.download")) message.params.navigation ??= message.params.url;
    return dispatchMessage.call(this, message);
  };
}

/**
 * @param {Browser} browser
 * @param {BrowserContextOptions} options
 */
export async function newFirefoxContext(browser, options) {
  const context = await browser.newContext(options);
  await context.addInitScript(typeAsUser);
  return context;
}

/**
 * Runs in the page. Playwright's `fill` sets the value of a field, and a field that no user has changed does not tell
 * Firefox of its change when it is left. This function takes the place of the one that `fill` calls.
 */
function typeAsUser() {
  const type = (/** @type {string} */ text) => {
    const { activeElement } = document;
    if (activeElement instanceof HTMLIFrameElement) return activeElement;
    return void document.execCommand("insertText", false, text);
  };
  Object.defineProperty(window, "__pw_bidiInsertText", { get: () => type, set: () => {} });
}
