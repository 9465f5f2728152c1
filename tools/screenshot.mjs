// Pictures of the running page, for the README and for looking at after a change. Usage:
//     node tools/screenshot.mjs [FOLDER [NAME...]]      (dist/ must be there: `make screenshot` builds it)

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launchBrowser, serveSite, settled, watchProblems } from "../tests/browser/site.mjs";

/** How long the page may run before the picture is taken: the charts then have something to show. */
const RUN_MS = 7000;
/** Until what has come into view is drawn. */
const SETTLE_MS = 800;

const desktop = { width: 1280, height: 1000 };
const phone = { width: 360, height: 740 };

// The whole page each time, except for the README's: there the part above the fold is enough.
/** @type {{ name: string, path?: string, fold?: true, options: import("playwright-core").BrowserContextOptions }[]} */
const pictures = [
  { name: "light", options: { viewport: desktop, colorScheme: "light" } },
  { name: "dark", options: { viewport: desktop, colorScheme: "dark" } },
  { name: "narrow", options: { viewport: phone, colorScheme: "light", deviceScaleFactor: 2 } },
  { name: "russian", path: "?lang=ru", options: { viewport: desktop, colorScheme: "light", locale: "ru-RU" } },
  { name: "embedded", path: "embed.html", options: { viewport: desktop, colorScheme: "light" } },
  { name: "readme", fold: true, options: { viewport: { width: 1440, height: 900 }, colorScheme: "light", deviceScaleFactor: 2 } },
];

const [folder = "target/screenshots", ...names] = process.argv.slice(2);
const unknown = names.filter((name) => !pictures.some((picture) => picture.name === name));
if (unknown.length > 0) throw new Error(`no such picture: ${unknown.join(", ")}`);
await mkdir(folder, { recursive: true });

const site = await serveSite();
const browser = await launchBrowser();
try {
  for (const { name, path = "", fold = false, options } of pictures) {
    if (names.length > 0 && !names.includes(name)) continue;
    const context = await browser.newContext(options);
    await context.addInitScript(settled);
    const page = await context.newPage();
    const problems = watchProblems(page);
    await page.goto(site.url + path);
    await page.waitForTimeout(RUN_MS);
    // Charts that nobody sees are not drawn: a window as high as the page shows them all.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    const { width } = page.viewportSize() ?? desktop;
    if (!fold) await page.setViewportSize({ width, height });
    await page.waitForTimeout(SETTLE_MS);
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file, fullPage: !fold });
    await context.close();
    console.log(file, ...problems);
    if (problems.length > 0) process.exitCode = 1;
  }
} finally {
  await browser.close();
  await site.close();
}
