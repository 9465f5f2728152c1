// What is true of every report, whatever the system: figures that were counted in different places and must agree.

/** @typedef {import("./engine.js").Report} Report */
/** @typedef {import("../web-service-model.js").Latency} Latency */
/** @typedef {import("../web-service-model.js").Level} Level */
/** @typedef {"sums" | "causes" | "instances" | "time_in" | "percentiles" | "shares" | "levels" | "replication" | "queues" | "edges" | "little"} InvariantId */
/** @typedef {{ id: InvariantId, checked: number, wrong: string[] }} Invariant `wrong` names places and what stands there */
/** @typedef {{ start: number, width: number, inFlight: ArrayLike<number> }} Flight requests in flight over time: means of windows */

/** @typedef {import("./engine.js").Config} Config */

/** What is not a share may be larger than 1. */
const SHARES = new Set(["availability", "availability_any", "success_ratio", "hit_ratio", "consumer_utilisation"]);
/** Failures before an instance was chosen. */
const BEFORE = ["unauthorised", "no_instance", "simulator_full"];

/** Collects what was looked at. */
class Ledger {
  /** @type {Map<InvariantId, Invariant>} */
  #all = new Map();

  /** @param {InvariantId} id @param {string} place @param {number} left @param {"=" | "≤"} relation @param {number} right */
  expect(id, place, left, relation, right) {
    const slack = 1e-9 + 1e-6 * Math.abs(right);
    const holds = relation === "=" ? Math.abs(left - right) <= slack : left <= right + slack;
    this.note(id, holds ? undefined : `${place}: ${left} ${relation} ${right}`);
  }

  /** @param {InvariantId} id @param {string | undefined} wrong */
  note(id, wrong) {
    const entry = this.#all.get(id) ?? { id, checked: 0, wrong: [] };
    entry.checked += 1;
    if (wrong) entry.wrong.push(wrong);
    this.#all.set(id, entry);
  }

  get list() {
    return [...this.#all.values()];
  }
}

/**
 * Holds a report against what must be true of it.
 * @param {Report} report
 * @param {Flight} [flight] for Little's law
 * @param {Config} [config] for Little's law at each station
 * @returns {Invariant[]}
 */
export function invariants(report, flight, config) {
  const ledger = new Ledger();
  visits(ledger, "requests", report.requests);
  for (const [name, service] of Object.entries(report.services)) {
    visits(ledger, `services.${name}`, service);
    for (const [instance, figures] of Object.entries(service.instances)) visits(ledger, instance, figures);
    instances(ledger, name, service);
  }
  for (const [name, cluster] of Object.entries(report.db_clusters)) replication(ledger, name, cluster, report);
  queues(ledger, report);
  edges(ledger, report);
  walk(ledger, "", report);
  if (flight) little(ledger, report, flight);
  if (config) stations(ledger, report, config);
  return ledger.list;
}

/** @param {Ledger} ledger @param {string} place @param {{ total: number, succeeded: number, failed: number, failures: Record<string, number>, latency: Latency, time_in?: Record<string, number> }} figures */
function visits(ledger, place, { total, succeeded, failed, failures, latency, time_in }) {
  ledger.expect("sums", place, total, "=", succeeded + failed);
  ledger.expect("sums", `${place}.latency.count`, latency.count, "=", succeeded);
  ledger.expect("causes", place, failed, "=", sum(Object.values(failures)));
  if (time_in && latency.mean !== null) ledger.expect("time_in", place, sum(Object.values(time_in)), "=", latency.mean);
}

/** Instances that came or went while the run went on have figures of a part of it. @param {Ledger} ledger @param {string} name @param {Report["services"][string]} service */
function instances(ledger, name, service) {
  const each = Object.values(service.instances);
  const before = sum(BEFORE.map((cause) => service.failures[cause] ?? 0));
  ledger.expect("instances", `services.${name}`, before + sum(each.map(({ total }) => total)), "≤", service.total);
  ledger.expect("instances", `services.${name}`, sum(each.map(({ succeeded }) => succeeded)), "≤", service.succeeded);
}

/** @param {Ledger} ledger @param {string} name @param {Report["db_clusters"][string]} cluster @param {Report} report */
function replication(ledger, name, cluster, report) {
  const primaries = Object.values(cluster.nodes).filter(({ role }) => role === "primary");
  ledger.expect("replication", `${name}: primary`, primaries.length, "=", 1);
  for (const primary of primaries) ledger.expect("replication", `${name}: lag_writes`, primary.lag_writes, "=", 0);
  // What began before the end of a warm-up ends after it, and counts only there.
  if (report.warm_up_seconds > 0) return;
  const { acknowledged_writes, writes, lost_writes, stale_reads, own_stale_reads, reads } = cluster;
  ledger.expect("replication", `${name}: acknowledged_writes`, acknowledged_writes, "≤", writes);
  ledger.expect("replication", `${name}: lost_writes`, lost_writes, "≤", acknowledged_writes);
  ledger.expect("replication", `${name}: stale_reads`, stale_reads, "≤", reads);
  ledger.expect("replication", `${name}: own_stale_reads`, own_stale_reads, "≤", stale_reads);
}

/** @param {Ledger} ledger @param {Report} report */
function queues(ledger, report) {
  for (const [name, broker] of Object.entries(report.brokers)) {
    const each = Object.values(broker.queues);
    ledger.expect("queues", `brokers.${name}`, broker.broker_messages_sent, "=", sum(each.map(({ sent }) => sent)));
    if (report.warm_up_seconds > 0) continue;
    for (const [queue, { sent, consumed, dropped, unacknowledged, size, ...more }] of Object.entries(broker.queues)) {
      const { expired = 0, rejected_by_consumer = 0, over_limit = 0, lost_messages = 0 } = more;
      const gone = dropped + expired + rejected_by_consumer + over_limit + lost_messages;
      ledger.expect("queues", `${name}.${queue}`, sent, "=", consumed + gone + unacknowledged + size.now);
    }
  }
}

/** Attempts go on from the warm-up, so those under way at its end count too. @param {Ledger} ledger @param {Report} report */
function edges(ledger, { edges = {} }) {
  for (const [name, { attempts, carried_over, succeeded, failed, given_up, in_flight, retries, hedges, hedges_won }] of Object.entries(edges)) {
    ledger.expect("edges", name, attempts + carried_over, "=", succeeded + failed + given_up + in_flight);
    ledger.expect("edges", `${name}: retries`, retries, "≤", attempts);
    // An attempt can be won by a try that was made in the warm-up.
    if (carried_over === 0) ledger.expect("edges", `${name}: hedges_won`, hedges_won, "≤", hedges);
  }
}

/** Looks at every number, wherever it stands. @param {Ledger} ledger @param {string} path @param {unknown} value */
function walk(ledger, path, value) {
  if (typeof value === "number") {
    const key = path.slice(path.lastIndexOf(".") + 1);
    const holds = value >= 0 && Number.isFinite(value) && !(SHARES.has(key) && value > 1 + 1e-9);
    ledger.note("shares", holds ? undefined : `${path}: ${value}`);
  } else if (value !== null && typeof value === "object") {
    if ("p50" in value) percentiles(ledger, path, /** @type {Latency} */ (value));
    if ("now" in value) level(ledger, path, /** @type {Level} */ (value));
    for (const [key, part] of Object.entries(value)) walk(ledger, path ? `${path}.${key}` : key, part);
  }
}

/** @param {Ledger} ledger @param {string} path @param {Latency} latency */
function percentiles(ledger, path, { min, p50, p95, p99, max, mean }) {
  const figures = [min, p50, p95, p99, max].filter((figure) => figure !== null);
  const sorted = figures.every((figure, index) => index === 0 || figures[index - 1] <= figure);
  ledger.note("percentiles", sorted ? undefined : `${path}: ${figures.join(" ≤ ")}`);
  if (mean === null || min === null || max === null) return;
  ledger.expect("percentiles", `${path}.mean`, min, "≤", mean);
  ledger.expect("percentiles", `${path}.mean`, mean, "≤", max);
}

/** @param {Ledger} ledger @param {string} path @param {Level} level */
function level(ledger, path, { now, mean, max }) {
  ledger.expect("levels", path, mean, "≤", max);
  ledger.expect("levels", path, now, "≤", max);
}

/**
 * L = λW: the integral of the requests in flight is the sum of the times that they took. Those that failed and those
 * still in flight have a share in the integral, and no latency.
 * @param {Ledger} ledger @param {Report} report @param {Flight} flight
 */
function little(ledger, { requests, warm_up_seconds, simulated_seconds }, { start, width, inFlight }) {
  if (warm_up_seconds > 0 || requests.latency.mean === null || inFlight.length === 0) return;
  const levels = Array.from(inFlight, (value) => (Number.isFinite(value) ? value : 0));
  const integral = sum(levels) * width;
  const took = requests.latency.mean * requests.latency.count;
  // The window that is not over yet is not among them.
  const open = Math.max(0, simulated_seconds - start - width * levels.length);
  const most = Math.max(...levels, requests.in_flight);
  ledger.expect("little", "λW ≤ L", took, "≤", integral + open * (most + requests.in_flight + 1));
  if (requests.failed > 0) return;
  ledger.expect("little", "L ≤ λW", integral, "≤", took + requests.in_flight * simulated_seconds);
}

/**
 * The same at each service's workers and at each database node: what was spent there cannot be more than how long how
 * many were served or waited. (What failed, and what is not over yet, has its share in the latter only.)
 * @param {Ledger} ledger @param {Report} report @param {Config} config
 */
function stations(ledger, report, config) {
  if (report.warm_up_seconds > 0) return;
  const load = (/** @type {{ utilisation: number, queue: Level }} */ { utilisation, queue }, /** @type {number | null | undefined} */ servers) =>
    (utilisation * (servers ?? 1) + queue.mean) * report.simulated_seconds;
  for (const [name, { succeeded, time_in, instances }] of Object.entries(report.services)) {
    const there = sum(Object.values(instances).map((instance) => load(instance, config.services?.[name]?.workers)));
    ledger.expect("little", `services.${name}: λW ≤ L`, (time_in.processing ?? 0) * succeeded, "≤", there);
  }
  for (const [name, { nodes }] of Object.entries(report.db_clusters)) {
    for (const [node, figures] of Object.entries(nodes)) {
      const took = (figures.latency.mean ?? 0) * figures.latency.count;
      ledger.expect("little", `${node}: λW ≤ L`, took, "≤", load(figures, config.db_clusters?.[name]?.connections));
    }
  }
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
