// Names and licences of the crates that are compiled into what is shipped: node tools/crate-notices.mjs TARGET > NOTICE
// (wasm32-unknown-unknown for the site and the npm package, the machine's own target for the command line).
// They are read from Cargo's own record of what the lock file names, so the list is as true as the build.

import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * A package as `cargo metadata` tells it.
 * @typedef {object} Crate
 * @property {string} id
 * @property {string} name
 * @property {string} version
 * @property {string | null} license
 * @property {string[]} authors
 * @property {string} manifest_path
 * @property {{ kind: string[] }[]} targets
 */
/** @typedef {{ id: string, deps: { pkg: string, dep_kinds: { kind: string | null }[] }[] }} Node */
/** @typedef {{ packages: Crate[], resolve: { root: string, nodes: Node[] } }} Metadata */

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const RULE = "-".repeat(80);
/** Files of a package that its licence asks to be handed on. */
const TEXTS = /^(licen[cs]e|copying|copyright|notice|unlicense)/i;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [target] = process.argv.slice(2);
  if (!target) throw new Error("usage: node tools/crate-notices.mjs TARGET");
  process.stdout.write(await crateNotices(target));
}

/** The notices of all crates that a program for a target is made of; a text that several have is there once. @param {string} target */
export async function crateNotices(target) {
  const crates = shippedCrates(target);
  /** @type {Map<string, string[]>} */
  const holders = new Map();
  for (const crate of crates) {
    for (const text of await texts(crate)) holders.set(text, [...(holders.get(text) ?? []), crate.name]);
  }
  const list = crates.map(({ name, version, license }) => `  ${name} ${version} (${license})\n`);
  const parts = [...holders].map(([text, names]) => `${names.join(", ")}:\n\n${text}\n`);
  return ["This program is made with the Rust crates below.\n\n" + list.join(""), ...parts].join(`\n${RULE}\n\n`);
}

/**
 * What is compiled into the program: neither what only builds or tests it nor what runs inside the compiler.
 * @param {string} target
 */
function shippedCrates(target) {
  const { packages, resolve } = cargoMetadata(target);
  const crates = new Map(packages.map((crate) => [crate.id, crate]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  /** @type {Map<string, Crate>} */
  const shipped = new Map();
  const todo = [resolve.root];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    for (const { pkg, dep_kinds: kinds } of nodes.get(id)?.deps ?? []) {
      const crate = crates.get(pkg);
      if (!crate || isMacro(crate) || shipped.has(pkg) || !kinds.some(({ kind }) => kind === null)) continue;
      shipped.set(pkg, crate);
      todo.push(pkg);
    }
  }
  return [...shipped.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** What Cargo knows of this crate and all that it depends on. @param {string} target @returns {Metadata} */
export function cargoMetadata(target) {
  const options = ["metadata", "--format-version", "1", "--locked", "--filter-platform", target];
  return JSON.parse(execFileSync("cargo", options, { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 28 }));
}

/** Whether a crate runs inside the compiler only. @param {Crate} crate */
export function isMacro({ targets }) {
  return targets.some(({ kind }) => kind.includes("proc-macro"));
}

/** What a crate's licence asks to be handed on. @param {Crate} crate */
async function texts({ name, license, authors, manifest_path: manifest }) {
  if (!license) throw new Error(`${name} has no licence, so it cannot be shipped`);
  const folder = dirname(manifest);
  const files = (await readdir(folder, { withFileTypes: true })).filter((file) => file.isFile() && TEXTS.test(file.name));
  const found = await Promise.all(files.map((file) => readFile(join(folder, file.name), "utf8")));
  // A few packages only name their licence; then the names of those who wrote them stand for the notice.
  if (found.length === 0 && authors.length > 0) found.push(`Copyright ${authors.join(", ")} (${license})`);
  return found.map((text) => text.replaceAll("\r", "").trim());
}
