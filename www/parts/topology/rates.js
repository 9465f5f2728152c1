// What passed along each way, and how busy each component was, between two reports. Pure, but for the last report it keeps.

import { sentBy } from "../edge-figures.js";

/** @typedef {import("../../run/engine.js").Report} Report */
/** @typedef {import("./graph.js").Graph} Graph */
/** @typedef {import("./graph.js").Way} Way */

/** Rates are taken over at least so much simulated time: what happens in less is chance. */
const SPAN_MIN = 0.5;
/** A new rate counts for so much, the former ones for the rest. */
const WEIGHT = 0.4;

/** Rates of the latest time, smoothed. */
export class Rates {
  #graph;
  /** @type {{ time: number, counts: Map<string, number>, busy: Map<string, number>, consuming: Map<string, number> } | undefined} */
  #last;
  /** Per simulated second, by the id of the way. @type {Map<string, number>} */
  ways = new Map();
  /** Share of capacity in use, by component. @type {Map<string, number>} */
  utilisations = new Map();
  /** Share of a service's consumers that are at work, by service. @type {Map<string, number>} */
  consumers = new Map();

  /** @param {Graph} graph */
  constructor(graph) {
    this.#graph = graph;
  }

  /** The rate of the only way from a card, if it is measured. @param {string} from */
  known(from) {
    const way = this.#graph.ways.find((one) => one.from === from && !one.estimated);
    return way && this.ways.get(way.id);
  }

  /** @param {Report} report */
  update(report) {
    const time = report.simulated_seconds;
    const now = { time, counts: countsOf(this.#graph, report), busy: busyOf(report), consuming: consumingOf(this.#graph, report) };
    const last = this.#last;
    // Statistics start anew at the end of the warm-up: totals that fall back say nothing.
    const fellBack = last && [...now.counts].some(([id, count]) => count < (last.counts.get(id) ?? 0));
    if (!last || time < last.time || fellBack) {
      this.#last = now;
      return;
    }
    const span = time - last.time;
    if (span < SPAN_MIN) return;
    for (const [id, count] of now.counts) blend(this.ways, id, (count - (last.counts.get(id) ?? 0)) / span);
    grow(this.utilisations, now.busy, last.busy, span);
    grow(this.consumers, now.consuming, last.consuming, span);
    this.#last = now;
  }
}

/** What grew between two reports, as a share of the time between. @param {Map<string, number>} shares @param {Map<string, number>} now @param {Map<string, number>} last @param {number} span */
function grow(shares, now, last, span) {
  for (const [name, busy] of now) {
    const before = last.get(name);
    if (before !== undefined) blend(shares, name, Math.max(0, (busy - before) / span));
  }
}

/** @param {Map<string, number>} rates @param {string} id @param {number} rate */
function blend(rates, id, rate) {
  const before = rates.get(id);
  rates.set(id, before === undefined ? rate : before + (rate - before) * WEIGHT);
}

/**
 * How often each way was taken so far.
 * @param {Graph} graph
 * @param {Report} report
 */
export function countsOf(graph, report) {
  return new Map(graph.ways.map((way) => [way.id, countOf(way, graph, report)]));
}

/** @param {Way} way @param {Graph} graph @param {Report} report @returns {number} */
function countOf(way, graph, report) {
  const visits = (/** @type {string} */ service) => report.services[service]?.total ?? 0;
  switch (way.kind) {
    case "login":
      return report.auth.succeeded + report.auth.failed;
    case "calls":
      return callsOf(way, report);
    case "cache":
      return partOf(way, graph, report, sum(way.groups, (name) => {
        const cache = report.caches[name];
        return cache ? cache.hits + cache.misses + cache.failed : 0;
      }));
    case "database":
      return partOf(way, graph, report, sum(way.groups, (name) => {
        const cluster = report.db_clusters[name];
        return cluster ? cluster.reads + cluster.writes : 0;
      }));
    case "publish":
      return partOf(way, graph, report, sum(way.queues, (queue) => queueOf(report, way.to, queue)?.sent ?? 0));
    case "consume":
      return sum(way.queues, (queue) => queueOf(report, way.from, queue)?.consumed ?? 0);
    default:
      return requestsOf(way, graph, report, visits);
  }
}

/** Requests of users: all of them, or those to one service. @param {Way} way @param {Graph} graph @param {Report} report @param {(service: string) => number} visits */
function requestsOf(way, graph, report, visits) {
  if (way.service === "") {
    const groups = graph.ways.filter((one) => one.kind === "requests" && one.service === "").length;
    return report.requests.total / Math.max(1, groups);
  }
  const called = graph.ways.filter((one) => one.kind === "calls" && one.to === way.to);
  return Math.max(0, visits(way.service) - sum(called, (one) => callsOf(one, report)));
}

/** Calls of a service to another one: counted where there is a policy, else what the configuration leads to. @param {Way} way @param {Report} report */
function callsOf({ service, to, share, shares }, report) {
  const edge = report.edges?.[`${service}→${to.slice("service:".length)}`];
  if (edge) return sentBy(edge);
  const { total = 0, endpoints = {} } = report.services[service] ?? {};
  const named = Object.entries(endpoints);
  const others = total - sum(named, ([, endpoint]) => endpoint.total);
  return others * share + sum(named, ([name, endpoint]) => endpoint.total * (shares[name] ?? 0));
}

/** A service's part of what several do at one place. @param {Way} way @param {Graph} graph @param {Report} report @param {number} total */
function partOf(way, graph, report, total) {
  const others = graph.ways.filter((one) => one.kind === way.kind && one.to === way.to && overlaps(one, way));
  if (others.length < 2) return total;
  const all = sum(others, (one) => report.services[one.service]?.total ?? 0);
  return all > 0 ? (total * (report.services[way.service]?.total ?? 0)) / all : 0;
}

/** @param {Way} one @param {Way} other */
function overlaps(one, other) {
  return one.kind !== "publish" || one.queues.some((queue) => other.queues.includes(queue));
}

/** @param {Report} report @param {string} card @param {string} queue */
function queueOf(report, card, queue) {
  return report.brokers[card.slice("broker:".length)]?.queues[queue];
}

/** Seconds for which each component with workers or connections was fully in use. @param {Report} report */
function busyOf(report) {
  const seconds = report.simulated_seconds - report.warm_up_seconds;
  /** @type {Map<string, number>} */
  const busy = new Map();
  for (const { instances } of Object.values(report.services)) {
    for (const [name, { utilisation }] of Object.entries(instances)) busy.set(name, utilisation * seconds);
  }
  for (const { nodes } of Object.values(report.db_clusters)) {
    for (const [name, { utilisation }] of Object.entries(nodes)) busy.set(name, utilisation * seconds);
  }
  return busy;
}

/** Seconds for which each service's consumers were all at work; those of all its queues on average. @param {Graph} graph @param {Report} report */
function consumingOf({ ways }, report) {
  const seconds = report.simulated_seconds - report.warm_up_seconds;
  /** @type {Map<string, number[]>} */
  const shares = new Map();
  for (const way of ways) {
    if (way.kind !== "consume") continue;
    const own = way.queues.flatMap((queue) => queueOf(report, way.from, queue)?.consumer_utilisation ?? []);
    shares.set(way.service, [...(shares.get(way.service) ?? []), ...own]);
  }
  return new Map([...shares].filter(([, own]) => own.length > 0).map(([service, own]) => [service, (seconds * sum(own, (one) => one)) / own.length]));
}

/** @template T @param {T[]} list @param {(one: T) => number} value */
function sum(list, value) {
  return list.reduce((total, one) => total + value(one), 0);
}
