// Which numbers of the configuration a component's panel offers, and the merge patch that changes each. Pure.

/** @typedef {import("../../run/engine.js").Config} Config */
/** @typedef {import("../../run/engine.js").ComponentState} ComponentState */
/** @typedef {import("../../web-service-model.js").Patch<Config>} ConfigPatch */
/** @typedef {"ms" | "s" | "%" | ""} Unit */

/**
 * @typedef {object} Setting
 * @property {string} label key of what it is called, without the prefix
 * @property {string} [part] key of the part of a distribution, without the prefix
 * @property {string} [queue] of a broker
 * @property {number | null} value in seconds, or a share, or a number; null is any number
 * @property {Unit} unit in which it is shown
 * @property {boolean} optional whether it can be null
 * @property {string} path as errors name it
 * @property {(value: number | null) => ConfigPatch} patch
 */

/** How often a second and a share are counted in the unit shown. @type {Record<Unit, number>} */
export const SCALE = { ms: 1000, s: 1, "%": 100, "": 1 };

/** Parts of distributions that are no spans of time. */
const PLAIN = ["shape", "stages"];

/**
 * @param {Config} config
 * @param {ComponentState} component
 * @returns {{ owner: string, settings: Setting[] }} the owner is the service, cluster, cache or broker that has them
 */
export function settingsOf(config, component) {
  const { kind, group } = component;
  if (kind === "instance") {
    if (config.auth && group === (config.auth.name ?? "AuthService")) return { owner: group, settings: ofAuth(config.auth) };
    return { owner: group, settings: ofService(config.services?.[group] ?? {}, ["services", group]) };
  }
  if (kind === "node") {
    const owner = ownerOf(config.db_clusters, group);
    return { owner, settings: ofCluster(config.db_clusters?.[owner] ?? {}, ["db_clusters", owner]) };
  }
  if (kind === "cache") {
    const owner = ownerOf(config.caches, group);
    return { owner, settings: ofCache(config.caches?.[owner] ?? {}, ["caches", owner]) };
  }
  return { owner: group, settings: ofBroker(config.brokers?.[group] ?? {}, ["brokers", group]) };
}

/** Copies of a cluster or a cache share the entry from which they are made. @param {object | undefined} entries @param {string} group */
function ownerOf(entries, group) {
  return entries && group in entries ? group : group.replace(/-\d+$/, "");
}

/** @param {import("../../web-service-model.js").AuthConfig} auth */
function ofAuth(auth) {
  const path = ["auth"];
  return [
    ...distribution("processing", [...path, "processing"], auth.processing),
    share("success_prob", [...path, "success_prob"], auth.success_prob ?? 1),
    number("workers", [...path, "workers"], auth.workers),
    number("queue_limit", [...path, "queue_limit"], auth.queue_limit),
    share("fail_prob", [...path, "fail_prob"], auth.fail_prob ?? 0),
  ];
}

/** @param {import("../../web-service-model.js").ServiceConfig} service @param {string[]} path */
function ofService(service, path) {
  return [
    number("workers", [...path, "workers"], service.workers),
    number("queue_limit", [...path, "queue_limit"], service.queue_limit),
    ...distribution("base_latency", [...path, "base_latency"], service.base_latency),
    ...distribution("service_time", [...path, "service_time"], service.service_time),
    share("fail_prob", [...path, "fail_prob"], service.fail_prob ?? 0),
    ...ofAdmission(service.admission ?? {}, [...path, "admission"]),
    ...ofScalability(service.scalability ?? {}, [...path, "scalability"]),
  ];
}

/** What the numbers of admission are, but for those that matter at the beginning only. @type {Record<string, Unit>} */
const OF_ADMISSION = {
  max: "", rate: "", burst: "", min: "", backoff: "%", timeout: "s", queue: "", smoothing: "%", tolerance: "", long_window: "", window: "s", samples: "", reserve: "%",
};

/** Whom an instance lets in. @param {object} admission one rule with its numbers @param {string[]} path @returns {Setting[]} */
function ofAdmission(admission, path) {
  return Object.entries(admission).flatMap(([rule, numbers]) =>
    Object.entries(OF_ADMISSION).flatMap(([name, unit]) =>
      (name in numbers ? [setting(`admission_${name}`, [...path, rule, name], seconds(numbers[name]), unit, false)] : [])));
}

/** How those at work slow each other down; a table of speeds is for the editor. @param {object} scalability @param {string[]} path @returns {Setting[]} */
function ofScalability(scalability, path) {
  const [usl] = Object.entries(scalability).flatMap(([kind, numbers]) => (kind === "usl" ? [numbers] : []));
  return ["sigma", "kappa"].flatMap((name) => (usl ? [setting(name, [...path, "usl", name], usl[name] ?? 0, "", false)] : []));
}

/** @param {import("../../web-service-model.js").DbClusterConfig} cluster @param {string[]} path */
function ofCluster(cluster, path) {
  const { replication = {}, failover = {} } = cluster;
  const own = [
    number("connections", [...path, "connections"], cluster.connections),
    number("queue_limit", [...path, "queue_limit"], cluster.queue_limit),
    ...distribution("operation", [...path, "operation"], cluster.operation),
    share("fail_prob", [...path, "fail_prob"], cluster.fail_prob ?? 0),
  ];
  if ((cluster.replicas ?? 0) === 0) return own;
  return [
    ...own,
    share("replica_read_share", [...path, "replica_read_share"], cluster.replica_read_share ?? 0),
    ...distribution("replication_delay", [...path, "replication", "delay"], replication.delay ?? 0),
    ...distribution("monitor_interval", [...path, "failover", "monitor_interval"], failover.monitor_interval ?? 5, "s"),
    ...distribution("promotion_time", [...path, "failover", "promotion_time"], failover.promotion_time ?? 0),
  ];
}

/** @param {import("../../web-service-model.js").CacheConfig} cache @param {string[]} path */
function ofCache(cache, path) {
  return [
    ...(cache.keyed
      ? [setting("ttl", [...path, "keyed", "ttl"], seconds(cache.keyed.ttl), "s", true)]
      : [share("hit_prob", [...path, "hit_prob"], cache.hit_prob ?? 0)]),
    ...distribution("operation", [...path, "operation"], cache.operation),
    number("connections", [...path, "connections"], cache.connections),
    share("fail_prob", [...path, "fail_prob"], cache.fail_prob ?? 0),
  ];
}

/** @param {import("../../web-service-model.js").BrokerConfig} broker @param {string[]} path */
function ofBroker(broker, path) {
  const own = [
    ...distribution("publish", [...path, "publish"], broker.publish ?? 0),
    share("fail_prob", [...path, "fail_prob"], broker.fail_prob ?? 0),
  ];
  if ((broker.nodes ?? 1) > 1) {
    own.push(...distribution("between_nodes", [...path, "between_nodes"], broker.between_nodes ?? 0));
    own.push(...distribution("election_time", [...path, "election_time"], broker.election_time ?? 1));
    own.push(...distribution("reconnect", [...path, "reconnect"], broker.reconnect ?? 5));
  }
  for (const [queue, { limit, delivery_limit: returns, consumers = [] }] of Object.entries(broker.queues ?? {})) {
    const at = [...path, "queues", queue];
    own.push({ ...number("limit", [...at, "limit"], limit), queue });
    // (Only where messages can come back often does it matter.)
    if (returns !== undefined || consumers.some(({ fail_prob = 0, poison = 0 }) => fail_prob > 0 || poison > 0)) {
      own.push({ ...number("delivery_limit", [...at, "delivery_limit"], returns), queue });
    }
    consumers.forEach((consumer, index) => {
      for (const one of distribution("consume", [...at, "consumers", String(index), "service_time"], consumer.service_time)) {
        own.push({ ...one, queue, patch: inList([...at, "consumers"], consumers, index, one.patch) });
      }
    });
  }
  return own;
}

/**
 * A merge patch replaces a list whole: the change of one entry carries all the others along.
 * @param {string[]} path of the list
 * @param {object[]} list
 * @param {number} index
 * @param {Setting["patch"]} patch of the entry, from the root
 * @returns {Setting["patch"]}
 */
function inList(path, list, index, patch) {
  return (value) => {
    let change = /** @type {any} */ (patch(value));
    for (const key of [...path, String(index)]) change = change[key];
    const whole = list.map((entry, at) => (at === index ? merged(entry, change) : entry));
    return nested(path, whole);
  };
}

/** @param {any} target @param {any} change @returns {any} */
function merged(target, change) {
  if (typeof change !== "object" || change === null || Array.isArray(change)) return change;
  const base = typeof target === "object" && target !== null && !Array.isArray(target) ? target : {};
  return Object.fromEntries([...Object.entries(base), ...Object.entries(change).map(([key, value]) => [key, merged(base[key], value)])]);
}

/** @param {string} label @param {string[]} path @param {number | undefined} value */
function number(label, path, value) {
  return setting(label, path, value ?? null, "", true);
}

/** @param {string} label @param {string[]} path @param {number} value */
function share(label, path, value) {
  return setting(label, path, value, "%", false);
}

/**
 * The numbers of a distribution, as far as it has few of them; those of a long list are for the editor.
 * @param {string} label @param {string[]} path @param {any} value @param {Unit} [unit]
 * @returns {Setting[]}
 */
function distribution(label, path, value, unit = "ms") {
  if (value === undefined || value === null) return [];
  if (typeof value !== "object") return [setting(label, path, seconds(value), unit, false)];
  const [[kind, inside]] = Object.entries(value);
  if (kind === "constant") return [setting(label, [...path, kind], seconds(inside), unit, false)];
  if (kind === "uniform") {
    return ["from", "to"].map((part, index) => ({
      ...setting(label, [...path, kind], seconds(inside[index]), unit, false),
      part,
      path: pathText([...path, kind, String(index)]),
      patch: (value) => nested([...path, kind], inside.map((/** @type {unknown} */ one, /** @type {number} */ at) => (at === index ? value : one))),
    }));
  }
  if (Array.isArray(inside)) return [];
  return Object.entries(inside).map(([part, one]) => ({
    ...setting(label, [...path, kind, part], seconds(one), PLAIN.includes(part) ? "" : unit, false),
    part,
  }));
}

/** @param {string} label @param {string[]} path @param {number | null} value @param {Unit} unit @param {boolean} optional @returns {Setting} */
function setting(label, path, value, unit, optional) {
  return { label, value, unit, optional, path: pathText(path), patch: (value) => nested(path, value) };
}

/** The simulator tells times in plain seconds. @param {unknown} value */
function seconds(value) {
  return typeof value === "number" ? value : null;
}

/** @param {string[]} path @param {unknown} value */
function nested(path, value) {
  return path.reduceRight((/** @type {any} */ inside, key) => ({ [key]: inside }), value);
}

/** @param {string[]} path */
function pathText(path) {
  return path.join(".").replace(/\.(\d+)(?=\.|$)/g, "[$1]");
}
