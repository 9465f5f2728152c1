// The experiments that ship with the site.

import { fetchText } from "./scenarios.js";
import { siteAddress } from "./site.js";

/** @typedef {import("../web-service-model.js").Plan} Plan */

/** Their names, in the order in which they are shown. */
export const EXPERIMENTS = /** @type {const} */ (["balancing-policies", "replication-delay", "metastability", "availability", "retry-storm", "metastable", "pool-sizing", "bulkhead", "hedging", "shedding", "black-hole", "timeouts", "breaker-threshold", "fail-timeout", "patroni-ttl", "eviction-samples", "prefetch-distance"]);

/** @param {string} name @returns {Promise<Plan>} */
export async function experimentPlan(name) {
  return JSON.parse(await fetchText(siteAddress(`experiments/${encodeURIComponent(name)}.json`)));
}
