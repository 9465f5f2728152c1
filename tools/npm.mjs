// Puts the npm package together in target/npm, of what `make dist` has built and of npm/, and packs it into
// target/web-service-model-VERSION.tgz; prints the name of that file.
//
// The element becomes one file, with its styles and the simulator's script inside. Modules of www/ that say where
// something is have a substitute in npm/element/, for the package's files lie otherwise than the site's.

import { execFileSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { crateNotices } from "./crate-notices.mjs";
import { notices } from "./notices.mjs";

/** @import { BuildOptions, Plugin } from "esbuild" */

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SITE = join(ROOT, "dist");
const WWW = join(ROOT, "www");
const NPM = join(ROOT, "npm");
const OUT = join(ROOT, "target/npm");

/** What is taken as it is. */
const FROM_SITE = ["web-service-model.js", "web-service-model_bg.wasm", "schema.json"];
const FROM_NPM = ["README.md", "node.js", "custom-elements.json"];
const FROM_ROOT = ["CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];
const FOLDERS = ["scenarios", "experiments"];

/** Modules of www/ that have a substitute of the same name in npm/element/. */
const SUBSTITUTED = ["elements/styling.js", "run/engine-script.js", "run/new-worker.js", "run/site.js"];

/** @type {BuildOptions} */
const OPTIONS = { absWorkingDir: ROOT, bundle: true, charset: "utf8", legalComments: "none", logLevel: "warning", minify: true, target: "es2022" };

/** What those who import the element know beside those who only meet it on a page. */
const ELEMENT_CLASS = `
/** Importing this module defines the element. */
export const WebServiceModel: { new (): WebServiceModel; prototype: WebServiceModel; readonly observedAttributes: string[] };

export interface WebServiceModel {
  addEventListener<K extends keyof WebServiceModelEvents>(type: K, listener: (event: CustomEvent<WebServiceModelEvents[K]>) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener<K extends Exclude<keyof HTMLElementEventMap, keyof WebServiceModelEvents>>(type: K, listener: (event: HTMLElementEventMap[K]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}
`;

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
for (const [folder, names] of /** @type {const} */ ([[SITE, FROM_SITE], [NPM, FROM_NPM], [ROOT, FROM_ROOT]])) {
  for (const name of names) await cp(join(folder, name), join(OUT, name));
}
await copyTypes();
const files = [...FROM_SITE.filter((name) => !name.endsWith(".js")), ...(await copyFolders())];
const { metafile } = await build({
  ...OPTIONS,
  entryPoints: { element: join(WWW, "elements/web-service-model.js"), "experiment-worker": join(WWW, "run/experiment-worker.js") },
  outdir: OUT,
  format: "esm",
  metafile: true,
  plugins: [substitutes(await madeModules(files))],
});
await writeFile(join(OUT, "NOTICE.txt"), [await crateNotices("wasm32-unknown-unknown"), await notices(ROOT, metafile)].join("\n"));
await writeManifest();
const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", join(ROOT, "target")], { cwd: OUT, encoding: "utf8" });
console.log(join(ROOT, "target", packed.trim()));

/** They use what a project has in its own `lib` only if that is very new. */
async function copyTypes() {
  const types = await readFile(join(SITE, "web-service-model.d.ts"), "utf8");
  await writeFile(join(OUT, "web-service-model.d.ts"), `/// <reference lib="esnext.disposable" />\n${types}`);
  const element = await readFile(join(WWW, "elements/element.d.ts"), "utf8");
  await writeFile(join(OUT, "element.d.ts"), element.replace('"../web-service-model.js"', '"./web-service-model.js"') + ELEMENT_CLASS);
}

/** Scenarios and experiments; returns their names. */
async function copyFolders() {
  /** @type {string[]} */
  const copied = [];
  for (const folder of FOLDERS) {
    await mkdir(join(OUT, folder));
    for (const name of (await readdir(join(WWW, folder))).filter((name) => name.endsWith(".json"))) {
      await cp(join(WWW, folder, name), join(OUT, folder, name));
      copied.push(`${folder}/${name}`);
    }
  }
  return copied;
}

/**
 * The modules that npm/element/ imports and that are made here.
 * @param {string[]} files of the package, as the element asks for them
 * @returns {Promise<Record<string, string>>}
 */
async function madeModules(files) {
  // Bundlers copy what is named in just these words.
  const addresses = files.map((name) => `${JSON.stringify(name)}: new URL(${JSON.stringify(`./${name}`)}, import.meta.url)`);
  const css = await bundled({ entryPoints: [join(WWW, "elements/web-service-model.css")] });
  // The script would look for the code beside itself if it were not given any; in here it always is.
  const define = { "import.meta.url": "undefined" };
  const engine = await bundled({ entryPoints: [join(SITE, "web-service-model.js")], format: "iife", globalName: "engine", define });
  return {
    "./files.js": `export const FILES = { ${addresses.join(", ")} };`,
    "./styles.js": `export const CSS = ${JSON.stringify(css)};`,
    "./engine.js": `export function makeEngine() { ${engine}\nreturn engine; }`,
  };
}

/** @param {BuildOptions} options @returns {Promise<string>} */
async function bundled(options) {
  const { outputFiles } = await build({ ...OPTIONS, ...options, write: false });
  return /** @type {NonNullable<typeof outputFiles>} */ (outputFiles)[0].text;
}

/** @param {Record<string, string>} made @returns {Plugin} */
function substitutes(made) {
  const own = join(NPM, "element");
  const instead = new Map(SUBSTITUTED.map((name) => [join(WWW, name), join(own, name.slice(name.lastIndexOf("/") + 1))]));
  return {
    name: "substitutes",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, importer, resolveDir }) => {
        if (importer.startsWith(own) && Object.hasOwn(made, path)) return { path, namespace: "made" };
        const substitute = instead.get(join(resolveDir, path));
        return substitute === undefined ? undefined : { path: substitute };
      });
      onLoad({ filter: /.*/, namespace: "made" }, ({ path }) => ({ contents: made[path], loader: "js" }));
    },
  };
}

/** The version is the crate's. */
async function writeManifest() {
  const [, version] = /^version = "(.+)"$/m.exec(await readFile(join(ROOT, "Cargo.toml"), "utf8")) ?? [];
  const manifest = JSON.parse(await readFile(join(NPM, "package.json"), "utf8"));
  await writeFile(join(OUT, "package.json"), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
}
