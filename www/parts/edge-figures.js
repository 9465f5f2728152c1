// What a report says of edges, of breakers and of pools, as it is shown. Pure.

/** @typedef {import("../run/engine.js").Config} Config */
/** @typedef {import("../run/engine.js").Report} Report */
/** @typedef {import("../web-service-model.js").EdgeReport} EdgeReport */
/** @typedef {"closed" | "half_open" | "open"} Phase */

/** From the calmest to the gravest. @type {Phase[]} */
const PHASES = ["closed", "half_open", "open"];

/** Attempts that were refused before they got anywhere: by the breaker, the limiter or the bulkhead. @param {EdgeReport} edge */
export function refusedOf({ limited, breaker, bulkhead }) {
  return limited + (breaker?.refused ?? 0) + (bulkhead?.refused ?? 0);
}

/** Messages that an edge sent to whom it asks. @param {EdgeReport} edge */
export function sentBy(edge) {
  return Math.max(0, edge.attempts - refusedOf(edge) + edge.hedges);
}

/**
 * The mean share of time for which the breakers of an edge were open; null without a breaker.
 * @param {EdgeReport} edge @param {Report} report
 */
export function openShare({ from, breaker }, { services, simulated_seconds, warm_up_seconds }) {
  const seconds = simulated_seconds - warm_up_seconds;
  if (!breaker || seconds <= 0) return null;
  // Each instance has a breaker of its own, a group of users one for all.
  const askers = Object.hasOwn(services, from) ? Object.keys(services[from].instances).length : 1;
  return Math.min(1, breaker.open_seconds / (seconds * Math.max(1, askers)));
}

/** The gravest of some phases; undefined if there are none. @param {(Phase | undefined)[]} phases @returns {Phase | undefined} */
export function gravest(phases) {
  return PHASES.findLast((phase) => phases.includes(phase));
}

/**
 * The pools of an instance that are limited: to its database, to its cache.
 * @param {Report | undefined} report @param {string} service @param {string} instance
 * @returns {{ store: "database" | "cache", pool: import("../web-service-model.js").PoolReport }[]}
 */
export function poolsOf(report, service, instance) {
  const { pool, cache_pool: cache } = report?.services[service]?.instances[instance] ?? {};
  return [...(pool ? [{ store: /** @type {const} */ ("database"), pool }] : []), ...(cache ? [{ store: /** @type {const} */ ("cache"), pool: cache }] : [])];
}

/** How many wait for connections of an instance's pools that have none left. @param {ReturnType<typeof poolsOf>} pools */
export function starvedOf(pools) {
  return pools.reduce((sum, { pool }) => sum + (pool.in_use.now >= pool.size ? pool.waiting.now : 0), 0);
}

/** Edges from and to a service, or to a store, by name. @param {Report} report @param {string} name @returns {[string, EdgeReport][]} */
export function edgesOf({ edges = {} }, name) {
  return Object.entries(edges).filter(([, { from, to }]) => from === name || to === name);
}
