// Pictures of the running page, for the README and for looking at after a change. Usage:
//     node tools/screenshot.mjs [FOLDER]      (dist/ must be there: `make screenshot` builds it)

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launchBrowser, serveSite, watchProblems } from "../tests/browser/site.mjs";

/** How long the page may run before the picture is taken: the charts then have something to show. */
const RUN_MS = 5000;

const desktop = { width: 1280, height: 800 };
const phone = { width: 360, height: 740 };

/** @type {{ name: string, path?: string, options: import("playwright-core").BrowserContextOptions }[]} */
const pictures = [
  { name: "light", options: { viewport: desktop, colorScheme: "light" } },
  { name: "dark", options: { viewport: desktop, colorScheme: "dark" } },
  { name: "narrow", options: { viewport: phone, colorScheme: "light", deviceScaleFactor: 2 } },
  { name: "russian", path: "?lang=ru", options: { viewport: desktop, colorScheme: "light", locale: "ru-RU" } },
];

const folder = process.argv[2] ?? "target/screenshots";
await mkdir(folder, { recursive: true });

const site = await serveSite();
const browser = await launchBrowser();
try {
  for (const { name, path = "", options } of pictures) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const problems = watchProblems(page);
    await page.goto(site.url + path);
    await page.waitForTimeout(RUN_MS);
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file, fullPage: true });
    await context.close();
    console.log(file, ...problems);
    if (problems.length > 0) process.exitCode = 1;
  }
} finally {
  await browser.close();
  await site.close();
}
