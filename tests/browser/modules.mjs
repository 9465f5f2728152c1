// Modules of the page in a page: the finished site has them in bundles only, where nothing of them has a name.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** @import { Page } from "playwright-core" */

/**
 * Makes modules of www/ available in a page, as fields of its global variable `modules`. Nothing of what they hold is
 * shared with the page's own.
 * @param {Page} page
 * @param {string[]} paths below www/
 */
export async function provide(page, paths) {
  const { outputFiles } = await build({
    stdin: {
      contents: paths.map((path) => `export * from "./${path}";`).join("\n"),
      resolveDir: fileURLToPath(new URL("../../www", import.meta.url)),
    },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "modules",
    // www/run/site.js asks for its own address, which lies in a folder of the site.
    define: { "import.meta.url": "moduleAddress" },
  });
  const [{ text }] = outputFiles;
  // Playwright evaluates this outside the page's own policy, which would refuse an injected script element.
  await page.evaluate(`globalThis.moduleAddress = new URL("run/site.js", document.baseURI).href; ${text}; globalThis.modules = modules;`);
}
