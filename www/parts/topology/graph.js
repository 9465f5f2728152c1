// The system as a graph: cards (users, balancer, services, clusters, caches, brokers) and the ways between them.
//
// Pure: it follows from the configuration and the components, and knows nothing of pixels.

import { routed } from "../../run/routing.js";
import { calleeOf, endpointsOf, stepsOf } from "../../run/steps.js";

/** @typedef {import("../../run/engine.js").Config} Config */
/** @typedef {import("../../run/engine.js").ComponentState} ComponentState */
/** @typedef {import("../../web-service-model.js").CallConfig} CallConfig */

/** @typedef {"users" | "balancer" | "service" | "auth" | "cluster" | "cache" | "broker"} CardKind */

/**
 * A component in a card.
 * @typedef {object} Cell
 * @property {string} name of the component
 * @property {number} copy which copy of a cluster or cache it belongs to, or which instance it is
 * @property {number} index among the nodes of its cluster; 0 for others
 * @property {number | null} limit how many may wait, if that is bounded
 */

/**
 * A queue of a broker.
 * @typedef {{ name: string, limit: number | null, consumers: number }} Queue
 */

/**
 * What stands together: a service with its instances, a cluster with its nodes, ...
 * @typedef {object} Card
 * @property {string} id unique in the graph
 * @property {CardKind} kind
 * @property {string} name as the configuration has it; empty for the balancer
 * @property {Cell[]} cells its components, at most CELLS_MAX of them
 * @property {number} hidden how many more there are
 * @property {string[]} groups services, clusters or caches of the report that it stands for
 * @property {Queue[]} queues of a broker
 * @property {boolean} unused whether no way leads to it, though others work for somebody
 */

/** @typedef {"requests" | "login" | "calls" | "cache" | "database" | "publish" | "consume"} WayKind */

/**
 * A way that requests or messages take.
 * @typedef {object} Way
 * @property {string} id unique in the graph
 * @property {string} from id of a card
 * @property {string} to id of a card
 * @property {WayKind} kind
 * @property {string} service whose requests they are; empty for those of users
 * @property {string[]} groups clusters or caches of the report at its end
 * @property {string[]} queues names of the broker's queues
 * @property {boolean} estimated whether the report has no figure for it: the rate is a fair share of a sum
 * @property {number} share of the service's requests that take it, as far as the configuration says: of those that name no endpoint
 * @property {Record<string, number>} shares the same of those that name one, by its name
 */

/** @typedef {{ cards: Card[], ways: Way[] }} Graph */

/** More components than this in one card cannot be told apart; the card says how many there are. */
export const CELLS_MAX = 40;

/**
 * @param {Config} config
 * @param {ComponentState[]} components
 * @returns {Graph}
 */
export function graphOf(config, components) {
  const cards = [...entry(config), ...services(config, components), ...stores(config, components), ...brokers(config, components)];
  const known = new Set(cards.map((card) => card.id));
  const ways = [...entryWays(config), ...serviceWays(config), ...brokerWays(config)];
  const drawn = merged(ways).filter((way) => known.has(way.from) && known.has(way.to));
  const used = new Set(drawn.map((way) => way.to));
  for (const one of cards) one.unused = one.kind !== "users" && !used.has(one.id);
  return { cards, ways: drawn };
}

/** Id of the card of a service, cluster, cache, broker or group of users. @param {CardKind} kind @param {string} [name] */
export function cardId(kind, name = "") {
  // A service's and the authorisation service's names are of one list.
  return `${kind === "auth" ? "service" : kind}:${name}`;
}

/** @param {Config} config */
function authName(config) {
  return config.auth ? (config.auth.name ?? "AuthService") : undefined;
}

/** Users and the balancer. @param {Config} config @returns {Card[]} */
function entry(config) {
  const groups = Object.keys(config.users ?? {});
  if (groups.length === 0) return [];
  return [...groups.map((name) => card("users", name, [])), card("balancer", "", [])];
}

/** @param {Config} config @param {ComponentState[]} components @returns {Card[]} */
function services(config, components) {
  const auth = authName(config);
  return [...grouped(components, "instance")].map(([name, members]) => {
    const settings = name === auth ? config.auth : config.services?.[name];
    const cells = members.map(({ name }, copy) => ({ name, copy, index: 0, limit: settings?.queue_limit ?? null }));
    return card(name === auth ? "auth" : "service", name, cells);
  });
}

/** Clusters and caches; those that each instance of a service has for itself share a card. @param {Config} config @param {ComponentState[]} components @returns {Card[]} */
function stores(config, components) {
  const nodes = grouped(components, "node");
  const caches = grouped(components, "cache");
  const clusterCards = Object.entries(config.db_clusters ?? {}).map(([name, settings]) =>
    store("cluster", name, copiesOf(config, "database", name), nodes, settings.queue_limit ?? null));
  const cacheCards = Object.keys(config.caches ?? {}).map((name) =>
    store("cache", name, copiesOf(config, "cache", name), caches, null));
  return [...clusterCards, ...cacheCards];
}

/**
 * @param {"cluster" | "cache"} kind
 * @param {string} name
 * @param {string[]} groups
 * @param {Map<string, ComponentState[]>} members
 * @param {number | null} limit
 */
function store(kind, name, groups, members, limit) {
  const cells = groups.flatMap((group, copy) =>
    (members.get(group) ?? []).map((component, index) => ({ name: component.name, copy, index, limit })));
  return { ...card(kind, name, cells), groups };
}

/** @param {Config} config @param {ComponentState[]} components @returns {Card[]} */
function brokers(config, components) {
  return [...grouped(components, "broker")].map(([name, nodes]) => {
    const queues = Object.entries(config.brokers?.[name]?.queues ?? {}).map(([queue, { limit, consumers = [] }]) => ({
      name: queue,
      limit: limit ?? null,
      consumers: consumers.filter((one) => !one.service).reduce((sum, { count = 1 }) => sum + count, 0),
    }));
    return { ...card("broker", name, nodes.map((node, index) => ({ name: node.name, copy: 0, index, limit: null }))), queues };
  });
}

/** @param {CardKind} kind @param {string} name @param {Cell[]} cells @returns {Card} */
function card(kind, name, cells) {
  const hidden = Math.max(0, cells.length - CELLS_MAX);
  return { id: cardId(kind, name), kind, name, cells: cells.slice(0, CELLS_MAX), hidden, groups: [name], queues: [], unused: false };
}

/**
 * Names under which a cluster or a cache stands in the report: one, or one for each instance that has its own.
 * @param {Config} config
 * @param {"database" | "cache"} use
 * @param {string} name
 */
function copiesOf(config, use, name) {
  for (const service of Object.values(config.services ?? {})) {
    const used = service[use];
    if (used?.name !== name || !used.per_instance) continue;
    return Array.from({ length: service.instances ?? 1 }, (_, copy) => `${name}-${copy}`);
  }
  return [name];
}

/** @param {Config} config @returns {Way[]} */
function entryWays(config) {
  const groups = Object.entries(config.users ?? {});
  const balancer = cardId("balancer");
  const targets = new Set(groups.flatMap(([, { targets = {} }]) =>
    Object.keys(targets).filter((to) => targets[to] > 0).map((to) => serviceOf(config, to))));
  const auth = authName(config);
  return [
    ...groups.map(([name]) => way(cardId("users", name), balancer, "requests", { estimated: groups.length > 1 })),
    ...(auth && groups.length > 0 ? [way(balancer, cardId("auth", auth), "login")] : []),
    ...[...targets].map((name) => way(balancer, cardId("service", name), "requests", { service: name })),
  ];
}

/** @param {Config} config @returns {Way[]} */
function serviceWays(config) {
  return Object.entries(config.services ?? {}).flatMap(([service, settings]) => {
    const { cache, database, publish, calls = [] } = settings;
    const from = cardId("service", service);
    const ways = [];
    if (cache) ways.push(way(from, cardId("cache", cache.name), "cache", { service, groups: copiesOf(config, "cache", cache.name) }));
    if (database) {
      ways.push(way(from, cardId("cluster", database.name), "database", { service, groups: copiesOf(config, "database", database.name) }));
    }
    if (publish) ways.push(way(from, cardId("broker", publish.broker), "publish", { service, queues: queuesOf(config, publish) }));
    const called = (/** @type {CallConfig} */ { to }, /** @type {Partial<Way>} */ more) =>
      ways.push(...to.map((callee) => way(from, cardId("service", serviceOf(config, callee)), "calls", { service, ...more })));
    for (const call of calls) called(call, { share: call.prob ?? 1 });
    for (const { endpoint, kind, content, share } of stepsByEndpoint(settings)) {
      if (kind === "call") called(content, { share: 0, shares: { [endpoint]: share * (content.prob ?? 1) } });
      if (kind === "publish") ways.push(way(from, cardId("broker", content.broker), "publish", { service, queues: queuesOf(config, content) }));
    }
    return ways;
  });
}

/** The queues that something published leads to. @param {Config} config @param {import("../../web-service-model.js").PublishUse} publish */
function queuesOf(config, { broker, queue, exchange, routing_key: key = "" }) {
  return queue ? [queue] : routed(config.brokers?.[broker]?.exchanges ?? {}, exchange, key);
}

/** The steps of a service's endpoints. @param {unknown} service */
function stepsByEndpoint(service) {
  return endpointsOf(service).flatMap(([endpoint, one]) =>
    stepsOf(/** @type {any} */ (one).steps).map(({ kind, content, share }) => ({ endpoint, kind, content: /** @type {any} */ (content), share })));
}

/** The service that a name means, which may be that of an endpoint. @param {Config} config @param {string} name */
function serviceOf(config, name) {
  return calleeOf(config, name)?.service ?? name;
}

/** @param {Config} config @returns {Way[]} */
function brokerWays(config) {
  return Object.entries(config.brokers ?? {}).flatMap(([broker, { queues = {} }]) =>
    Object.entries(queues).flatMap(([queue, { consumers = [] }]) =>
      consumers.flatMap(({ service }) =>
        service ? [way(cardId("broker", broker), cardId("service", service), "consume", { service, queues: [queue] })] : [])));
}

/** @param {string} from @param {string} to @param {WayKind} kind @param {Partial<Way>} [more] @returns {Way} */
function way(from, to, kind, more = {}) {
  return { id: `${kind} ${from} ${to}`, from, to, kind, service: "", groups: [], queues: [], estimated: false, share: 1, shares: {}, ...more };
}

/** Two calls to one service are one way, as are two queues with the same consumer. @param {Way[]} ways */
function merged(ways) {
  /** @type {Map<string, Way>} */
  const byId = new Map();
  for (const one of ways) {
    const same = byId.get(one.id);
    if (!same) byId.set(one.id, { ...one });
    else {
      same.queues = [...new Set([...same.queues, ...one.queues])];
      if (one.kind === "calls") addShares(same, one);
    }
  }
  return [...byId.values()];
}

/** @param {Way} way changed @param {Way} more */
function addShares(way, { share, shares }) {
  way.share += share;
  way.shares = { ...way.shares };
  for (const [endpoint, one] of Object.entries(shares)) way.shares[endpoint] = (way.shares[endpoint] ?? 0) + one;
}

/** Components of a kind by group, in order. @param {ComponentState[]} components @param {ComponentState["kind"]} kind */
function grouped(components, kind) {
  /** @type {Map<string, ComponentState[]>} */
  const groups = new Map();
  for (const component of components) {
    if (component.kind !== kind) continue;
    const members = groups.get(component.group);
    if (members) members.push(component);
    else groups.set(component.group, [component]);
  }
  return groups;
}
