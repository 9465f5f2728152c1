// A web server for dist/ and a browser to look at it with: for the tests (harness.mjs) and for tools/screenshot.mjs.

import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { launchFirefox, leftOut, mediaPreferences, newFirefoxContext } from "./firefox.mjs";

/** @import { Browser, BrowserContextOptions, Page } from "playwright-core" */
/** @import { Server } from "node:http" */

const root = fileURLToPath(new URL("../..", import.meta.url));

// The site must work under any path: here it never stands at the server's root.
const BASE = "/some/folder/";

// The policy of `trunk serve` (Trunk.toml), without the nonce for trunk's own script: the finished site has no inline
// scripts, and a strict host would refuse them.
const POLICY = (await readFile(join(root, "Trunk.toml"), "utf8"))
  .split(/^csp = \[|^\]/m)[1]
  .replaceAll(" 'nonce-{{NONCE}}'", "")
  .replaceAll(/[\s"]+/g, " ")
  .replaceAll(",", ";")
  .trim();

/** @type {Record<string, string>} */
const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".ts": "text/plain",
  ".wasm": "application/wasm",
};

/**
 * Serves a folder on loopback, at a port of the system's choice: an origin of its own.
 * @param {string} [folder]
 * @param {{ headers?: Record<string, string>, gzip?: boolean }} [options] headers of every file, instead of the site's
 *   policy; whether files are sent compressed
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serveSite(folder = join(root, "dist"), { headers = { "content-security-policy": POLICY }, gzip = false } = {}) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    let name = pathname.startsWith(BASE) ? normalize(decodeURIComponent(pathname.slice(BASE.length))) : "..";
    if (name === "." || name.endsWith("/")) name = join(name, "index.html");
    try {
      if (name.startsWith("..")) throw new Error("outside the site");
      const body = await (gzip ? compressed : readFile)(join(folder, name));
      const type = TYPES[extname(name)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, ...(gzip && { "content-encoding": "gzip" }), ...headers }).end(body);
    } catch {
      response.writeHead(404).end("not found");
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}${BASE}`, close: () => stop(server) };
}

/** Files as they are sent. @type {Map<string, Buffer>} */
const packed = new Map();

/** @param {string} file */
async function compressed(file) {
  const body = packed.get(file) ?? gzipSync(await readFile(file));
  packed.set(file, body);
  return body;
}

/** @param {Server} server */
function stop(server) {
  // The browser keeps connections open, and close() alone would wait for them.
  server.closeAllConnections();
  return /** @type {Promise<void>} */ (new Promise((done) => server.close(() => done())));
}

/** Which browser the tests run in: Chromium, or TEST_BROWSER=firefox. */
export const inFirefox = process.env.TEST_BROWSER === "firefox";

/** Why a test cannot run in this browser, if it cannot. @param {string} name */
export function skipped(name) {
  return inFirefox ? leftOut(name) : undefined;
}

/**
 * What a browser must know at its start already, of the options that a window in it will have.
 * @param {BrowserContextOptions} options
 */
export function startOptions(options) {
  return inFirefox ? mediaPreferences(options) : {};
}

/**
 * @param {BrowserContextOptions} [options] of the windows to come
 * @returns {Promise<Browser>}
 */
export function launchBrowser(options = {}) {
  return inFirefox ? launchFirefox(mediaPreferences(options)) : launchChromium();
}

/**
 * A window of its own: nothing that another one has stored is there.
 * @param {Browser} browser
 * @param {BrowserContextOptions} options
 */
export function newContext(browser, options) {
  return inFirefox ? newFirefoxContext(browser, options) : browser.newContext(options);
}

// With each new window Chromium 156 loads the popup of an address bar that nobody sees: 388 files, half a second of both
// processors, just when the page begins. The option replaces Playwright's own, so what counts of that stands here, too.
const NOT_WANTED = [
  "WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup",
  "AimEnabled", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay", "MediaRouter",
  "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch", "Translate",
];

/** @returns {Promise<Browser>} */
function launchChromium() {
  const executablePath = execFileSync(join(root, "tools/find-browser.sh"), { encoding: "utf8" }).trim();
  // The flags keep Chromium from looking for hosts of its maker; without a sandbox it also runs as root, as CI does.
  const args = ["--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    `--disable-features=${NOT_WANTED}`];
  return chromium.launch({
    executablePath,
    chromiumSandbox: false,
    args: [...args, "--disable-sync", "--no-first-run"],
  });
}

/** How Chromium and Firefox call a request that was no longer wanted. */
const ABORTED = ["net::ERR_ABORTED", "NS_BINDING_ABORTED", "NS_ERROR_ABORT"];

/**
 * Collects what a user would never see and a developer must: exceptions, console errors, failed requests.
 * @param {Page} page
 * @returns {string[]} grows while the page lives
 */
export function watchProblems(page) {
  /** @type {string[]} */
  const problems = [];
  page.on("pageerror", (error) => problems.push(`exception: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "unknown reason";
    // Leaving or reloading a page aborts what it was still loading; nothing is wrong with that.
    if (!ABORTED.includes(reason)) problems.push(`request failed: ${request.url()}: ${reason}`);
  });
  return problems;
}

/** The page has been here before, and needs no word of welcome; runs in the page. */
export function settled() {
  try {
    localStorage.setItem("welcomed", "yes");
  } catch {
    // A test may forbid it, and a page of no origin has none.
  }
}
