// Fields that name a component: which names there are, and what follows when one is renamed.

import { isObject, listIn } from "../../run/json.js";
import { calleeOf, callable, endpointsOf, stepsOf } from "../../run/steps.js";
import { valueAt, withKeyRenamed, withValueAt } from "./path.js";

/** @typedef {import("./path.js").Path} Path */
/** @typedef {"users" | "services" | "db_clusters" | "caches" | "brokers" | "queues" | "exchanges" | "policies" | "callees" | "components"} Referent */
/** Names under a heading. @typedef {{ group: string, names: string[] }} Names */

/** What a field names; a map whose keys are names ends in {}. @type {{ [id: string]: Referent }} */
const REFERENCES = {
  "UsersConfig.targets{}": "callees",
  "UsersConfig.policy": "policies",
  "CacheUse.name": "caches",
  "DatabaseUse.name": "db_clusters",
  "PublishUse.broker": "brokers",
  "PublishUse.queue": "queues",
  "PublishUse.exchange": "exchanges",
  "BindingConfig.queue": "queues",
  "ExchangeConfig.alternate": "exchanges",
  "QueueConfig.dead_letter": "queues",
  "CallConfig.to[]": "callees",
  "CallConfig.policy": "policies",
  "CacheUse.policy": "policies",
  "DatabaseUse.policy": "policies",
  "PublishUse.policy": "policies",
  "LookUpStep.policy": "policies",
  "ReadStep.policy": "policies",
  "WriteStep.policy": "policies",
  "PolicyConfig.fallback": "callees",
  "ConsumerConfig.service": "services",
  "FaultConfig.crash.component": "components",
  "FaultConfig.slow.component": "components",
  "FaultConfig.fail.component": "components",
  "FaultConfig.partition.between[]": "components",
};

/** Stores that a service uses, with the types that say how. @type {[string, string][]} */
const USES = [["cache", "CacheUse"], ["database", "DatabaseUse"], ["publish", "PublishUse"]];

/** Steps that use a store, with their types. @type {{ [kind: string]: string }} */
const STEPS = { look_up: "LookUpStep", read: "ReadStep", write: "WriteStep", publish: "PublishUse" };

/** So many instances of a service are listed, or nodes of a cluster; the others can be named in the JSON. */
const LISTED_MAX = 20;

/** @param {string} id of a field */
export const referentOf = (id) => REFERENCES[id];

/**
 * The names a field can hold.
 * @param {unknown} config @param {Referent} referent @param {Path} path of the field
 * @returns {Names[]}
 */
export function namesFor(config, referent, path) {
  if (referent === "components") return components(config, path.includes("partition"));
  if (referent === "callees") return [{ group: "", names: callable(config) }];
  if (referent !== "queues" && referent !== "exchanges") return [{ group: "", names: keys(valueAt(config, [referent])) }];
  // Dead letters and bindings stay at their broker.
  const broker = path[0] === "brokers" ? path[1] : valueAt(config, [...path.slice(0, -1), "broker"]);
  return [{ group: "", names: typeof broker === "string" ? keys(valueAt(config, ["brokers", broker, referent])) : [] }];
}

/** @param {unknown} config @param {boolean} inPartition @returns {Names[]} */
function components(config, inPartition) {
  /** @type {Names[]} */
  const groups = inPartition ? [{ group: "", names: ["users", "balancer"] }] : [];
  const auth = valueAt(config, ["auth"]);
  if (isObject(auth)) {
    const name = typeof auth.name === "string" ? auth.name : "AuthService";
    groups.push({ group: name, names: [name, ...numbered(name, count(auth.instances, 1))] });
  }
  for (const [name, service] of entries(config, "services")) {
    groups.push({ group: name, names: [name, ...numbered(name, count(valueAt(service, ["instances"]), 1))] });
  }
  for (const [name, cluster] of entries(config, "db_clusters")) {
    const nodes = count(valueAt(cluster, ["replicas"]), 0) + 1;
    const copies = copiesOf(config, "database", name);
    // Of a cluster with copies, its primary is that of each copy.
    const own = copies.length > 0 ? [`${name}/primary`] : nodesOf(name, nodes);
    groups.push({ group: name, names: [name, ...own, ...copies.flatMap((copy) => [copy, ...nodesOf(copy, nodes)])] });
  }
  for (const [name] of entries(config, "caches")) groups.push({ group: name, names: [name, ...copiesOf(config, "cache", name)] });
  const brokers = keys(valueAt(config, ["brokers"]));
  if (brokers.length > 0) groups.push({ group: "", names: brokers });
  for (const [name, broker] of entries(config, "brokers")) {
    const nodes = count(valueAt(broker, ["nodes"]), 1);
    if (nodes > 1) groups.push({ group: name, names: nodeNames(name, nodes) });
  }
  return groups;
}

/** Names of the copies of a cache or cluster of which each instance of a service has its own. @param {unknown} config @param {string} use @param {string} name */
function copiesOf(config, use, name) {
  for (const [, service] of entries(config, "services")) {
    const used = valueAt(service, [use]);
    if (isObject(used) && used.name === name && used.per_instance === true) {
      return numbered(name, count(valueAt(service, ["instances"]), 1));
    }
  }
  return [];
}

/** @param {string} name @param {number} nodes */
function nodesOf(name, nodes) {
  return [`${name}/primary`, ...nodeNames(name, nodes)];
}

/** @param {string} name @param {number} nodes */
function nodeNames(name, nodes) {
  return Array.from({ length: Math.min(nodes, LISTED_MAX) }, (_, index) => `${name}/${index}`);
}

/** @param {string} name @param {number} total */
function numbered(name, total) {
  return Array.from({ length: Math.min(total, LISTED_MAX) }, (_, index) => `${name}-${index}`);
}

/** @param {unknown} value @param {number} otherwise */
function count(value, otherwise) {
  return typeof value === "number" && value >= 0 && Number.isInteger(value) ? value : otherwise;
}

/** @param {unknown} value */
function keys(value) {
  return isObject(value) ? Object.keys(value) : [];
}

/** @param {unknown} config @param {string} map */
function entries(config, map) {
  const value = valueAt(config, [map]);
  return isObject(value) ? Object.entries(value) : [];
}

/**
 * The configuration with a component (or a queue of a broker, or an endpoint of a service) called otherwise, wherever it is named.
 * @param {unknown} config @param {Path} path of what is renamed @param {string} to
 * @returns {unknown}
 */
export function renamed(config, path, to) {
  const from = String(path[path.length - 1]);
  const map = path.slice(0, -1);
  const object = valueAt(config, map);
  if (!isObject(object)) return config;
  const moved = withValueAt(config, map, withKeyRenamed(object, from, to));
  if (map[2] === "queues") return withQueue(moved, String(map[1]), from, to);
  if (map[2] === "exchanges") return withExchange(moved, String(map[1]), from, to);
  const callee = (/** @type {unknown} */ value) => calleeRenamed(config, value, path, to);
  if (map[2] === "endpoints") return rewrite(moved, (id, value) => (REFERENCES[id] === "callees" ? callee(value) : value));
  const referent = /** @type {Referent} */ (map[0]);
  const follow = (/** @type {unknown} */ value) => (value === from ? to : value);
  const inFaults = (/** @type {unknown} */ value) => partRenamed(config, value, from, to);
  return rewrite(moved, (id, value) => {
    if (REFERENCES[id] === "components") return referent === "users" || referent === "policies" ? value : inFaults(value);
    if (REFERENCES[id] === "callees") return referent === "services" ? callee(value) : value;
    return REFERENCES[id] === referent ? follow(value) : value;
  });
}

/** A component or a part of it: an instance, a copy, a node. @param {unknown} config @param {unknown} value @param {string} from @param {string} to */
function partRenamed(config, value, from, to) {
  if (typeof value !== "string" || !value.startsWith(from)) return value;
  const rest = value.slice(from.length);
  if (!/^(-\d+)?(\/(\d+|primary))?$/.test(rest)) return value;
  // Shop-1 can be a component of its own, and not an instance of Shop.
  const isOther = rest !== "" && ["services", "db_clusters", "caches", "brokers"].some((map) => valueAt(config, [map, value]) !== undefined);
  return isOther ? value : to + rest;
}

/** A service or an endpoint that is called. @param {unknown} config as it was @param {unknown} value @param {Path} path of what is renamed @param {string} to */
function calleeRenamed(config, value, [, service, , endpoint], to) {
  const callee = typeof value === "string" ? calleeOf(config, value) : undefined;
  if (!callee || callee.service !== service) return value;
  if (endpoint !== undefined) return callee.endpoint === endpoint ? `${service}.${to}` : value;
  return callee.endpoint === undefined ? to : `${to}.${callee.endpoint}`;
}

/** @param {unknown} config @param {string} broker @param {string} from @param {string} to */
function withQueue(config, broker, from, to) {
  const at = ["brokers", broker];
  const dead = keys(valueAt(config, [...at, "queues"])).map((queue) => [...at, "queues", queue, "dead_letter"]);
  const bound = keys(valueAt(config, [...at, "exchanges"])).flatMap((exchange) => {
    const bindings = [...at, "exchanges", exchange, "bindings"];
    return listIn(valueAt(config, bindings)).map((_, index) => [...bindings, index, "queue"]);
  });
  return followed(withPublished(config, broker, "queue", from, to), [...dead, ...bound], from, to);
}

/** @param {unknown} config @param {string} broker @param {string} from @param {string} to */
function withExchange(config, broker, from, to) {
  const at = ["brokers", broker, "exchanges"];
  const alternates = keys(valueAt(config, at)).map((exchange) => [...at, exchange, "alternate"]);
  return followed(withPublished(config, broker, "exchange", from, to), alternates, from, to);
}

/** What is published to a queue, or an exchange, that is called otherwise now. @param {unknown} config @param {string} broker @param {"queue" | "exchange"} field @param {string} from @param {string} to */
function withPublished(config, broker, field, from, to) {
  const uses = places(config).filter(({ id }) => id === "PublishUse.broker").map(({ path }) => path.slice(0, -1));
  const its = uses.filter((use) => valueAt(config, [...use, "broker"]) === broker);
  return followed(config, its.map((use) => [...use, field]), from, to);
}

/** Each of the places that holds the one name holds the other one. @param {unknown} config @param {Path[]} paths @param {string} from @param {string} to */
function followed(config, paths, from, to) {
  return paths.reduce((/** @type {unknown} */ result, path) => (valueAt(result, path) === from ? withValueAt(result, path, to) : result), config);
}

/**
 * Goes through the places that can hold a reference, and writes what `change` says.
 * @param {unknown} config @param {(id: string, value: unknown) => unknown} change
 */
function rewrite(config, change) {
  let result = config;
  for (const path of places(config)) {
    const value = valueAt(config, path.path);
    if (path.keys) {
      if (isObject(value)) {
        const now = Object.fromEntries(Object.entries(value).map(([key, one]) => [String(change(path.id, key)), one]));
        result = withValueAt(result, path.path, now);
      }
    } else if (value !== undefined) {
      const now = change(path.id, value);
      if (now !== value) result = withValueAt(result, path.path, now);
    }
  }
  return result;
}

/** @typedef {{ id: string, path: Path, keys?: boolean }} Place */

/** Where a configuration can name a component. @param {unknown} config @returns {Place[]} */
export function places(config) {
  /** @type {Place[]} */
  const found = [];
  for (const [name] of entries(config, "users")) {
    found.push({ id: "UsersConfig.targets{}", path: ["users", name, "targets"], keys: true });
    found.push(...placesOfPolicy("UsersConfig.policy", ["users", name, "policy"]));
  }
  for (const [name] of entries(config, "policies")) found.push({ id: "PolicyConfig.fallback", path: ["policies", name, "fallback"] });
  for (const [name, service] of entries(config, "services")) {
    const base = ["services", name];
    found.push({ id: "CacheUse.name", path: [...base, "cache", "name"] });
    found.push({ id: "DatabaseUse.name", path: [...base, "database", "name"] });
    found.push({ id: "PublishUse.broker", path: [...base, "publish", "broker"] });
    for (const [use, type] of USES) found.push(...placesOfPolicy(`${type}.policy`, [...base, use, "policy"]));
    listIn(valueAt(service, ["calls"])).forEach((call, index) => found.push(...placesOfCall(call, [...base, "calls", index])));
    for (const [endpoint, one] of endpointsOf(service)) {
      for (const { kind, content, path } of stepsOf(valueAt(one, ["steps"]), [...base, "endpoints", endpoint, "steps"])) {
        if (kind === "call") found.push(...placesOfCall(content, path));
        if (kind === "publish") found.push({ id: "PublishUse.broker", path: [...path, "broker"] });
        const type = STEPS[kind];
        if (type) found.push(...placesOfPolicy(`${type}.policy`, [...path, "policy"]));
      }
    }
  }
  for (const [name, broker] of entries(config, "brokers")) {
    for (const queue of keys(valueAt(broker, ["queues"]))) {
      const base = ["brokers", name, "queues", queue, "consumers"];
      listIn(valueAt(config, base)).forEach((_, index) => found.push({ id: "ConsumerConfig.service", path: [...base, index, "service"] }));
    }
  }
  listIn(valueAt(config, ["faults"])).forEach((_, index) => {
    found.push({ id: "FaultConfig.crash.component", path: ["faults", index, "crash", "component"] });
    found.push({ id: "FaultConfig.slow.component", path: ["faults", index, "slow", "component"] });
    found.push({ id: "FaultConfig.fail.component", path: ["faults", index, "fail", "component"] });
    for (const side of [0, 1]) found.push({ id: "FaultConfig.partition.between[]", path: ["faults", index, "partition", "between", side] });
  });
  return found;
}

/** @param {unknown} call @param {Path} path @returns {Place[]} */
function placesOfCall(call, path) {
  const to = listIn(valueAt(call, ["to"])).map((_, index) => ({ id: "CallConfig.to[]", path: [...path, "to", index] }));
  return [...placesOfPolicy("CallConfig.policy", [...path, "policy"]), ...to];
}

/** A policy where it is used: its name, or one of its own, which may name somebody. @param {string} id @param {Path} path @returns {Place[]} */
function placesOfPolicy(id, path) {
  return [{ id, path }, { id: "PolicyConfig.fallback", path: [...path, "fallback"] }];
}
