// Puts the scripts and styles of the page into the site. Trunk calls this at the end of each build (Trunk.toml), when all
// other files lie in $TRUNK_STAGING_DIR.
//
// In a release they are bundled: few files, small ones, and what is seen later is loaded later (a dynamic `import()`).
// Otherwise they are copied as they are, to be read in the browser's tools; only what comes from npm is bundled then.
// Each www/vendor/*.js names what the page uses of an npm package. Licences of all that is in the bundles go to
// vendor/NOTICE.txt.

import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { notices } from "./notices.mjs";

/** @import { BuildOptions, Metafile, Plugin } from "esbuild" */

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const WWW = join(ROOT, "www");

const ELEMENT = "elements/web-service-model.js";
/** What pages load by name. All else lies in CHUNKS. */
const PAGES = ["main.js", "embed.js"];
const WORKER = "run/experiment-worker.js";
const STYLES = ["style.css", "embed.css", "elements/web-service-model.css"];
/** A folder of the site's root: www/run/site.js counts on it. */
const CHUNKS = "chunks";
/** What they are made of. */
const SOURCES = ["elements", "i18n", "parts", "run"];

const OPTIONS = /** @satisfies {BuildOptions} */ (/** @type {const} */ ({
  absWorkingDir: ROOT,
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
}));

/** @param {string} site */
async function bundleAll(site) {
  const options = { ...OPTIONS, outbase: WWW, outdir: site, minify: true };
  const { metafile } = await build({
    ...options,
    entryPoints: [ELEMENT, ...PAGES, ...STYLES].map((name) => join(WWW, name)),
    splitting: true,
    chunkNames: `${CHUNKS}/[name]-[hash]`,
    plugins: [elementFirst],
  });
  // A Worker shares nothing with the page: all of it in one file.
  await build({ ...options, entryPoints: [join(WWW, WORKER)] });
  await shrinkEngine(site);
  for (const page of ["index.html", "embed.html"]) await preload(join(site, page), metafile);
  await note(site, metafile);
}

/**
 * Pages and what is loaded later need the element in any case. Said so to esbuild, which else makes a file of whatever a
 * part of them shares, it puts all of the element into one.
 * @type {Plugin}
 */
const elementFirst = {
  name: "element first",
  setup({ onLoad, onResolve, resolve }) {
    const later = new Set(PAGES.map((name) => join(WWW, name)));
    onResolve({ filter: /^\./ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind !== "dynamic-import" || pluginData === elementFirst) return undefined;
      const resolved = await resolve(path, { kind, resolveDir, pluginData: elementFirst });
      if (resolved.path.startsWith(WWW)) later.add(resolved.path);
      return resolved;
    });
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      if (!later.has(path)) return undefined;
      return { contents: `import ${JSON.stringify(join(WWW, ELEMENT))};\n${await readFile(path, "utf8")}`, loader: "js" };
    });
  },
};

/** The simulator's own script and the snippets that it imports: one file at the same address. @param {string} site */
async function shrinkEngine(site) {
  const engine = join(site, "web-service-model.js");
  await build({ ...OPTIONS, entryPoints: [engine], outdir: site, allowOverwrite: true, minify: true });
  await rm(join(site, "snippets"), { recursive: true, force: true });
}

/**
 * Lets a page ask at once for all that its scripts need, instead of finding it out one after the other.
 * @param {string} page @param {Metafile} metafile
 */
async function preload(page, metafile) {
  const html = await readFile(page, "utf8");
  const scripts = [...html.matchAll(/ *<script type="module" src="(.*?)"/g)].map(([, src]) => src);
  const needed = new Set(scripts.flatMap((script) => importsOf(script, metafile)));
  const links = [...needed].map((file) => `    <link rel="modulepreload" href="${file}" />\n`).join("");
  await writeFile(page, html.replace(/ *<script type="module"/, (script) => links + script));
}

/** The chunks that a script cannot begin without, as paths in the site. @param {string} script @param {Metafile} metafile @returns {string[]} */
function importsOf(script, metafile) {
  const [, output] = Object.entries(metafile.outputs).find(([name]) => name.endsWith(`/${script}`)) ?? [];
  const chunks = (output?.imports ?? []).filter(({ kind }) => kind === "import-statement").map(({ path }) => path.slice(path.lastIndexOf(`${CHUNKS}/`)));
  return chunks.flatMap((chunk) => [chunk, ...importsOf(chunk, metafile)]);
}

/** @param {string} site */
async function copyAll(site) {
  const pages = (await readdir(WWW)).filter((name) => /\.(js|css)$/.test(name));
  for (const name of [...pages, ...SOURCES]) await cp(join(WWW, name), join(site, name), { recursive: true });
  const vendors = (await readdir(join(WWW, "vendor"))).map((name) => join(WWW, "vendor", name));
  const { metafile } = await build({ ...OPTIONS, entryPoints: vendors, outdir: join(site, "vendor"), splitting: true });
  await note(site, metafile);
}

/** @param {string} site @param {Metafile} metafile */
async function note(site, metafile) {
  await mkdir(join(site, "vendor"), { recursive: true });
  await writeFile(join(site, "vendor/NOTICE.txt"), await notices(ROOT, metafile));
}

const { TRUNK_STAGING_DIR: site, TRUNK_PROFILE: profile } = process.env;
if (!site) throw new Error("TRUNK_STAGING_DIR says where the site is; Trunk sets it");
await (profile === "release" ? bundleAll(site) : copyAll(site));
