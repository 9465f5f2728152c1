// What `cargo package` packs is all that the crate needs, and not much more; every crate inside a program is named with
// its licence. (Whether the packed crate builds says `cargo package` itself, which `make release` calls.)

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { cargoMetadata, crateNotices, isMacro } from "../../tools/crate-notices.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MANIFEST = await readFile(join(ROOT, "Cargo.toml"), "utf8");
const LISTED = execFileSync("cargo", ["package", "--list", "--allow-dirty", "--offline"], { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
const PACKED = LISTED.trim().split("\n");

/** What Cargo itself puts into a crate. */
const MADE = new Set([".cargo_vcs_info.json", "Cargo.toml.orig"]);

test("the crate has every file that its sources include", async () => {
  const sources = PACKED.filter((name) => name.startsWith("src/") && name.endsWith(".rs"));
  let included = 0;
  for (const source of sources) {
    const text = await readFile(join(ROOT, source), "utf8");
    for (const [, file] of text.matchAll(/include_(?:str|bytes)!\("([^"]+)"\)/g)) {
      const name = relative(ROOT, join(ROOT, dirname(source), file));
      assert.ok(PACKED.includes(name), `${source} includes ${name}`);
      included += 1;
    }
    for (const [, file] of text.matchAll(/module = "\/([^"]+)"/g)) assert.ok(PACKED.includes(file), `${source} binds ${file}`);
  }
  assert.ok(included > 10, `${included} files`);
  // The command line's scenarios are included by a macro.
  for (const name of await readdir(join(ROOT, "www/scenarios"))) {
    if (name.endsWith(".json")) assert.ok(PACKED.includes(`www/scenarios/${name}`), name);
  }
});

test("the crate has its licences and what its README shows", async () => {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, file]) => file);
  assert.ok(pictures.length > 0);
  for (const name of ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE", ...pictures]) assert.ok(PACKED.includes(name), name);
});

test("the crate is small, and has nothing of the page", async () => {
  const sizes = await Promise.all(PACKED.filter((name) => !MADE.has(name)).map(async (name) => (await stat(join(ROOT, name))).size));
  assert.ok(sizes.reduce((sum, size) => sum + size) < 6e6);
  assert.deepEqual(PACKED.filter((name) => /^(tests|tools|benches|dist|target|node_modules|www\/(parts|run|elements))\//.test(name)), []);
});

test("the notices name every dependency with its licence, but what runs inside the compiler only", async () => {
  /** Names in a table of the manifest. @param {string} table */
  const names = (table) => {
    const [, rest] = MANIFEST.split(`\n[${table}]\n`);
    assert.ok(rest, table);
    return [...rest.split("\n[")[0].matchAll(/^([a-z][\w-]*) = /gm)].map(([, name]) => name);
  };
  for (const [target, table] of [
    ["wasm32-unknown-unknown", "target.'cfg(target_arch = \"wasm32\")'.dependencies"],
    ["x86_64-unknown-linux-gnu", "target.'cfg(not(target_arch = \"wasm32\"))'.dependencies"],
  ]) {
    const notices = await crateNotices(target);
    const macros = cargoMetadata(target).packages.filter(isMacro).map(({ name }) => name);
    for (const name of [...names("dependencies"), ...names(table)].filter((name) => !macros.includes(name))) {
      assert.match(notices, new RegExp(`^  ${name} [0-9.]+ \\(.+\\)$`, "m"), `${name} for ${target}`);
    }
    assert.match(notices, /Permission is hereby granted/);
    assert.doesNotMatch(notices, /^ {2}(proptest|criterion|wasm-bindgen-test) /m, "what only tests");
  }
});

test("what is said of the package is the same everywhere", async () => {
  const [, version] = /^version = "(.+)"$/m.exec(MANIFEST) ?? [];
  const [, license] = /^license = "(.+)"$/m.exec(MANIFEST) ?? [];
  const citation = await readFile(join(ROOT, "CITATION.cff"), "utf8");
  assert.match(citation, new RegExp(`^version: ${version.replaceAll(".", "\\.")}$`, "m"));
  assert.deepEqual(/^license:\n((?: {2}- .+\n)+)/m.exec(citation)?.[1].match(/[\w.-]+(?=\n)/g), license.split(" OR "));
  assert.equal(JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")).license, license);
});
