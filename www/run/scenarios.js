// The scenarios that ship with the site.

import { MAX_CONFIG_BYTES, readAll } from "./limits.js";
import { once } from "./once.js";
import { siteAddress } from "./site.js";

/** @typedef {import("../web-service-model.js").Config} Config */
/** `level`: 1 for first steps, to 3. @typedef {{ id: string, level?: number, title: { en?: string, ru?: string } }} Entry */

/** All of them, fetched once. */
export const listScenarios = once(fetchList).get;

/** @returns {Promise<Entry[]>} */
async function fetchList() {
  const list = JSON.parse(await fetchText(siteAddress("scenarios/index.json")));
  if (!Array.isArray(list)) throw new Error("the list of scenarios is not a list");
  return list;
}

/** JSON text of a scenario of the site. @param {string} id @returns {Promise<string>} */
export function scenarioText(id) {
  return fetchText(siteAddress(`scenarios/${encodeURIComponent(id)}.json`));
}

/** Text of at most the size of a configuration. @param {URL} address */
export async function fetchText(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname}: ${response.status} ${response.statusText}`.trim());
  if (!response.body) return "";
  const refusal = () => new Error(`${address.pathname}: more than ${MAX_CONFIG_BYTES / 1024} KB`);
  return new TextDecoder().decode(await readAll(response.body, MAX_CONFIG_BYTES, refusal));
}
