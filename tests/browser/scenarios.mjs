// The scenarios of the site, for tests that run them outside the page.

import { readFile } from "node:fs/promises";

const folder = new URL("../../www/scenarios/", import.meta.url);

/** @returns {Promise<any[]>} their configurations */
export async function listed() {
  const index = JSON.parse(await readFile(new URL("index.json", folder), "utf8"));
  return Promise.all(index.map(async (/** @type {any} */ entry) =>
    JSON.parse(await readFile(new URL(`${entry.id ?? entry}.json`, folder), "utf8"))));
}
