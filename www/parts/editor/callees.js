// Who may still be called: calls must not go round in a circle.

import { callable, calleeOf } from "../../run/steps.js";
import { valueAt } from "./path.js";
import { places, referentOf } from "./references.js";

/** Whom each service asks, by name: by its calls, and by the fallbacks of the policies under which it asks. @param {unknown} config */
function askedBy(config) {
  /** @type {Map<string, Set<string>>} */
  const asked = new Map();
  for (const { id, path } of places(config)) {
    const [section, service] = path;
    const value = valueAt(config, path);
    if (section !== "services" || typeof value !== "string") continue;
    const referent = referentOf(id);
    const name = referent === "policies" ? valueAt(config, ["policies", value, "fallback"]) : referent === "callees" ? value : undefined;
    const callee = typeof name === "string" ? calleeOf(config, name)?.service : undefined;
    if (callee !== undefined) asked.set(String(service), (asked.get(String(service)) ?? new Set()).add(callee));
  }
  return asked;
}

/** Everybody whom a service can call without being called back. @param {unknown} config @param {string} service @returns {string[]} */
export function freeCallees(config, service) {
  const asked = askedBy(config);
  // (More services than one are looked at but once.)
  const askers = new Set([service]);
  for (const one of askers) {
    for (const [asker, all] of asked) if (all.has(one)) askers.add(asker);
  }
  return callable(config).filter((name) => !askers.has(calleeOf(config, name)?.service ?? service));
}
