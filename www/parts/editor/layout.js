// How the form is arranged: what comes first, what is rarely needed, and in which units.

/**
 * The fields of a type that are shown at once, in this order; the others stand under "more". A type that is not here
 * shows all of its fields.
 * @type {{ [type: string]: string[] }}
 */
const MAIN = {
  Config: ["duration", "warm_up", "seed", "title", "description"],
  UsersConfig: ["arrivals", "targets", "read_share", "client", "policy"],
  NetworkConfig: ["tcp", "tls", "keep_alive_prob", "delay", "loss"],
  AuthConfig: ["instances", "processing", "success_prob", "session_ttl", "workers"],
  ServiceConfig: ["kind", "instances", "service_time", "base_latency", "workers", "queue_limit", "fail_prob", "cache", "database", "publish", "calls", "endpoints", "outages"],
  DbClusterConfig: ["kind", "replicas", "operation", "connections", "replica_read_share", "fail_prob", "replication", "failover", "outages"],
  CacheConfig: ["operation", "hit_prob", "keyed", "connections", "fail_prob", "outages"],
  KeyedConfig: ["keys", "zipf_exponent", "capacity", "ttl", "eviction", "single_flight"],
  BrokerConfig: ["publish", "queues", "exchanges", "nodes", "fail_prob", "outages"],
  QueueConfig: ["type", "limit", "overflow", "message_ttl", "dead_letter", "consumers"],
  PublishUse: ["broker", "queue", "exchange", "routing_key", "confirms", "on_error"],
  ConsumerConfig: ["service", "count", "service_time"],
  CacheUse: ["name", "per_instance", "on_error", "pool", "policy"],
  DatabaseUse: ["name", "per_instance", "pool", "policy"],
  OutagesConfig: ["up", "down"],
  AutoscalerConfig: ["min", "max", "target"],
  DeploymentConfig: ["at", "release", "roll_back"],
  "FaultConfig.crash": ["component", "at", "recover_at"],
  EndpointConfig: ["steps"],
  CallConfig: ["to", "prob", "on_error", "policy"],
  PolicyConfig: ["timeout", "retry", "breaker", "bulkhead"],
  RetriesConfig: ["max", "backoff"],
  RetryConfig: ["max", "backoff", "budget"],
  BreakerConfig: ["window", "failure_share", "open_for"],
  HedgeConfig: ["percentile", "after", "max"],
  AimdConfig: ["timeout", "min", "max"],
  GradientConfig: ["min", "max", "tolerance"],
  ReplicationConfig: ["mode", "delay"],
  FailoverConfig: ["strategy", "priority", "monitor_interval", "promotion_time", "rejoin"],
};

/**
 * The other fields of a type that has many of them, by what they are about. A type that is not here has all of them in one
 * list; what a group is called stands in the texts, by its name.
 * @type {{ [type: string]: { [group: string]: string[] } }}
 */
const GROUPS = {
  ServiceConfig: {
    life: ["autoscaler", "deployments", "start_up", "warm_up", "grace", "pauses"],
    queue: ["holds", "discipline", "lifo_after", "longest_wait", "codel", "scalability"],
    admission: ["admission", "requires_auth"],
    balancing: ["balancer", "weights", "balance_factor", "ewma_decay"],
    connections: ["max_conns", "balancer_queue", "keep_alive", "keep_alive_together"],
    failures: ["knowledge", "next_upstream", "backups", "slow_start", "slow_start_in_steps", "panic_threshold"],
  },
  DbClusterConfig: {
    operations: ["queue_limit", "longest_wait", "looked_every", "scalability", "read_your_writes"],
    storage: ["persistence", "save_every", "checkpoints"],
  },
  ReplicationConfig: {
    standbys: ["acknowledgements", "synchronous_standby_names", "wal_sender_timeout", "synchronous_commit", "wait", "min_replicas_to_write", "min_replicas_max_lag"],
    delays: ["delay_in", "apply_delay", "nodes", "replay"],
  },
  FailoverConfig: {
    detection: ["on_write", "patience", "election_time", "patroni"],
    aftermath: ["clients_learn", "demotion_time", "rewind_time"],
  },
};

/** Components, whose order is that in which they are shown. */
export const COMPONENTS = /** @type {const} */ (["users", "services", "db_clusters", "caches", "brokers"]);
/** The parts of a configuration that have names, and a place of their own in the list at the side. */
export const MAPS = /** @type {const} */ ([...COMPONENTS, "policies"]);
export const SECTIONS = ["network", "auth", ...MAPS, "faults"];

/**
 * The fields of a type: those that are shown at once, and the others in their groups. A group without a name has what
 * belongs to none.
 * @param {string} type @param {string[]} fields all it has
 * @returns {{ main: string[], groups: { name?: string, fields: string[] }[] }}
 */
export function arrange(type, fields) {
  const there = fields.filter((name) => type !== "Config" || !SECTIONS.includes(name));
  const main = MAIN[type]?.filter((name) => there.includes(name)) ?? there;
  const more = there.filter((name) => !main.includes(name));
  const named = Object.entries(GROUPS[type] ?? {}).map(([name, list]) => ({ name, fields: list.filter((one) => more.includes(one)) }));
  const rest = more.filter((one) => !named.some((group) => group.fields.includes(one)));
  return { main, groups: [...named, { fields: rest }].filter((group) => group.fields.length > 0) };
}

/** Whether a text needs room. @param {import("./path.js").Path} path */
export const isLongText = (path) => path[0] === "description";

/** What a number counts, as the key of a text. @type {{ [id: string]: "editor.unit.rate" | "editor.unit.factor" }} */
const UNITS = {
  "ArrivalsConfig.poisson.rate": "editor.unit.rate",
  "BurstyState.rate": "editor.unit.rate",
  "ProfilePoint.rate": "editor.unit.rate",
  "ArrivalsConfig.wave.mean": "editor.unit.rate",
  "ArrivalsConfig.wave.amplitude": "editor.unit.rate",
  "FaultConfig.slow.factor": "editor.unit.factor",
  "BackoffConfig.factor": "editor.unit.factor",
  "LimiterConfig.rate": "editor.unit.rate",
  "RateConfig.rate": "editor.unit.rate",
  "GradientConfig.tolerance": "editor.unit.factor",
  "AimdConfig.backoff": "editor.unit.factor",
  "CheckpointsConfig.factor": "editor.unit.factor",
};

/** @param {string} id */
export const unitOf = (id) => UNITS[id];

/** Whether a number is a share of one, to be read as per cent too. @param {import("./schema.js").Shape} shape */
export const isShare = ({ kind, minimum, maximum }) => kind === "number" && minimum === 0 && maximum === 1;
