// The scenarios of the site, for tests that run them outside the page.

import { readFile } from "node:fs/promises";

const folder = new URL("../../www/scenarios/", import.meta.url);

/** @returns {Promise<string[]>} their ids, in the order of the menu */
export async function ids() {
  return JSON.parse(await readFile(new URL("index.json", folder), "utf8")).map((/** @type {{ id: string }} */ entry) => entry.id);
}

/** @returns {Promise<any[]>} their configurations */
export async function listed() {
  return Promise.all((await ids()).map(async (id) => JSON.parse(await readFile(new URL(`${id}.json`, folder), "utf8"))));
}
