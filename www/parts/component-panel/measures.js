// Which figures of a component are shown over time. Pure.

/** @typedef {import("../../run/engine.js").ComponentState} ComponentState */
/** @typedef {import("../../i18n/texts.js").Key} Key */
/** @typedef {"per_second" | "time" | "share" | "count"} Unit */

/** @typedef {{ series: string, title: Key, queue?: string, to?: string, unit: Unit, colour: number }} Measure */

/**
 * @param {ComponentState} component
 * @param {string[]} queues of the broker, if it is one
 * @param {{ broker: string, queue: string }[]} [consumed] queues from which its service consumes
 * @param {string[]} [called] services that its service asks under a policy
 * @returns {Measure[]}
 */
export function measuresOf(component, queues, consumed = [], called = []) {
  const { kind, group, name, capacity } = component;
  if (kind === "instance") {
    const requests = measures(`services.${group}.instances.${name}.`, [
      ["succeeded", "per_second", 1], ["failed", "per_second", 2], ["latency_mean", "time", 1],
      capacity === null ? ["busy", "count", 3] : ["utilisation", "share", 3], ["queue", "count", 5],
      // (These an instance has that does not let everybody in.)
      ["in_flight", "count", 7], ["limit", "count", 4], ["not_admitted", "per_second", 2],
    ]);
    // (A service whose instances do not come and go has no such series.)
    const replicas = measures(`services.${group}.`, [["replicas_wanted", "count", 7], ["replicas_ready", "count", 4]]);
    // For who consumes, messages come first: often nobody sends it requests.
    return [...consumed.flatMap(({ broker, queue }) => ofQueue(broker, queue, [["consumed", "per_second", 4], ["size", "count", 5]])), ...requests, ...replicas, ...called.flatMap((to) => ofEdge(group, to))];
  }
  if (kind === "node") {
    return measures(`db_clusters.${group}.nodes.${name}.`, [
      ["operations", "per_second", 1], ["failed", "per_second", 2], ["latency_mean", "time", 1],
      ["busy", "count", 3], ["queue", "count", 5], ["lag_writes", "count", 7],
    ]);
  }
  if (kind === "cache") {
    return measures(`caches.${name}.`, [
      ["hit_ratio", "share", 3], ["hits", "per_second", 1], ["failed", "per_second", 2],
      ["latency_mean", "time", 1], ["queue", "count", 5],
    ]);
  }
  // What is measured of a broker is so of all of its nodes together.
  const all = measures(`brokers.${group}.`, [["sent", "per_second", 1], ["failed", "per_second", 2], ["latency_mean", "time", 1]]);
  for (const queue of queues) {
    all.push(...ofQueue(group, queue, [["size", "count", 5], ["consumed", "per_second", 4], ["delivery_mean", "time", 7]]));
  }
  return all;
}

/** The measures of a component of a run. @param {import("../../run/engine.js").Simulation} simulation @param {ComponentState} component */
export function measuresIn(simulation, component) {
  const { group, kind } = component;
  const config = simulation.config();
  const known = new Set(simulation.seriesNames());
  const called = Object.values(simulation.report().edges ?? {}).flatMap(({ from, to }) => (from === group ? [to] : []));
  const queues = kind === "broker" ? Object.keys(config.brokers?.[group]?.queues ?? {}) : [];
  const measures = measuresOf(component, queues, kind === "instance" ? consumedBy(config, group) : [], called);
  return measures.filter(({ series }) => known.has(series));
}

/** The title of a measure. @param {Measure} measure @param {import("../../i18n/texts.js").Texts} texts */
export function titleOf({ title, queue = "", to = "" }, texts) {
  return texts.text(title, { queue, to });
}

/** Queues from which a service consumes. @param {import("../../run/engine.js").Config} config @param {string} service */
function consumedBy(config, service) {
  return Object.entries(config.brokers ?? {}).flatMap(([broker, { queues = {} }]) =>
    Object.entries(queues).flatMap(([queue, { consumers = [] }]) =>
      consumers.some((one) => one.service === service) ? [{ broker, queue }] : []));
}

/** @param {string} broker @param {string} queue @param {[string, Unit, number][]} list @returns {Measure[]} */
function ofQueue(broker, queue, list) {
  return measures(`brokers.${broker}.queues.${queue}.`, list).map((one) => ({ ...one, queue }));
}

/** How a service asks another one. @param {string} from @param {string} to @returns {Measure[]} */
function ofEdge(from, to) {
  const list = measures(`edges.${from}→${to}.`, [["attempts", "per_second", 1], ["retries", "per_second", 7], ["refused", "per_second", 2]]);
  return list.map((one) => ({ ...one, to }));
}

/** @param {string} prefix @param {[string, Unit, number][]} list @returns {Measure[]} */
function measures(prefix, list) {
  return list.map(([name, unit, colour]) => ({
    series: prefix + name, title: /** @type {Key} */ (`panel.series.${name}`), unit, colour,
  }));
}

/** So far may a mean over a window be off by rounding. */
const EXACT = 1e-9;

/**
 * A figure in words. A count that has been the same all the while is a whole number, and is written as one; what has
 * changed meanwhile is a mean, and shows it.
 * @param {number} value @param {Unit} unit @param {import("../../i18n/texts.js").Texts} texts
 */
export function written(value, unit, texts) {
  if (unit === "time") return texts.span(value);
  if (unit === "share") return texts.percent(value);
  const isWhole = unit === "count" && Math.abs(value - Math.round(value)) < EXACT;
  const number = texts.decimal(value, value >= 10 || value === 0 || isWhole ? 0 : 1);
  return unit === "per_second" ? texts.text("panel.per_second", { value: number }) : number;
}
