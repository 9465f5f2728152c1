// Bundles what the page takes from npm. Trunk calls this at the end of each build (Trunk.toml), when all other files of
// the site lie in $TRUNK_STAGING_DIR. Each www/vendor/*.js names what the page uses of one library; what two of them
// share is there once. The licences of all that is bundled go to vendor/NOTICE.txt.

import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { notices } from "./notices.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const VENDOR = join(ROOT, "www/vendor");

const { TRUNK_STAGING_DIR: site, TRUNK_PROFILE: profile } = process.env;
if (!site) throw new Error("TRUNK_STAGING_DIR says where the site is; Trunk sets it");

await bundleVendors(join(site, "vendor"));

/** @param {string} folder */
async function bundleVendors(folder) {
  const files = (await readdir(VENDOR)).filter((name) => name.endsWith(".js"));
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: files.map((name) => join(VENDOR, name)),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: profile === "release",
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  await writeFile(join(folder, "NOTICE.txt"), await notices(ROOT, metafile));
}
