// An empty project into which the packed package is installed, as a user would.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const run = promisify(execFile);

/** The package as `make npm` has packed it. */
async function tarball() {
  const [, version] = /^version = "(.+)"$/m.exec(await readFile(join(ROOT, "Cargo.toml"), "utf8")) ?? [];
  return join(ROOT, `target/web-service-model-${version}.tgz`);
}

/**
 * @param {Record<string, string>} files of the project
 * @returns {Promise<{ folder: string, remove: () => Promise<void> }>}
 */
export async function makeProject(files) {
  const folder = await mkdtemp(join(tmpdir(), "web-service-model-"));
  const manifest = { name: "somebody", private: true, type: "module" };
  for (const [name, text] of Object.entries({ "package.json": JSON.stringify(manifest), ...files })) {
    await writeFile(join(folder, name), text);
  }
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", await tarball()], { cwd: folder });
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
