// Names and licences of npm packages that are shipped inside other files.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The package that a file belongs to: the last one on its path. */
const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** Packages whose files contain others already. */
const INSIDE = /** @type {Record<string, string[]>} */ ({ "@dagrejs/dagre": ["@dagrejs/graphlib"] });

const RULE = "-".repeat(80);

/**
 * The notices of all packages that a bundle has something of.
 * @param {string} root the folder that paths begin at
 * @param {import("esbuild").Metafile} bundle
 */
export async function notices(root, bundle) {
  const files = Object.values(bundle.outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0),
  );
  const folders = new Set(files.flatMap((file) => PACKAGE.exec(file)?.[1] ?? []).flatMap(withInside));
  const texts = await Promise.all([...folders].sort().map((folder) => notice(join(root, folder))));
  return ["The scripts of this site contain the npm packages below.\n", ...texts].join(`\n${RULE}\n\n`);
}

/** @param {string} folder of a package */
function withInside(folder) {
  const name = folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
  return [folder, ...(INSIDE[name] ?? []).map((inside) => `node_modules/${inside}`)];
}

/** @param {string} folder */
async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  return `${name} ${version} (${license})\n\n${(await licence(folder)).trim()}\n`;
}

/** The text of a package's licence. @param {string} folder */
async function licence(folder) {
  const name = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
  if (!name) throw new Error(`${folder} has no licence, so it cannot be shipped`);
  return readFile(join(folder, name), "utf8");
}
