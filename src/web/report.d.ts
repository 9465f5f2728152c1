/** The report of a run, or of the part of it that has been simulated so far. Times are in seconds. */
export interface Report {
  scenario: string;
  seed: number;
  simulated_seconds: number;
  warm_up_seconds: number;
  events: number;
  requests: RequestsReport;
  /** Groups of users by name; left out if there is only one. */
  users?: Record<string, UsersReport>;
  services: Record<string, ServiceReport>;
  auth: AuthReport;
  db_clusters: Record<string, DbClusterReport>;
  caches: Record<string, CacheReport>;
  brokers: Record<string, BrokerReport>;
  network: NetworkReport;
  /** Who asks whom under a policy, by name (`Shop→Stock`); left out where nobody does. */
  edges?: Record<string, EdgeReport>;
}

/**
 * A sample of spans of time, in seconds; null where the sample is empty. Percentiles are those of the nearest rank: the
 * smallest span that at least so many per cent of the sample do not exceed, with nothing interpolated.
 */
export interface Latency {
  count: number;
  mean: number | null;
  p50: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  p999: number | null;
  min: number | null;
  max: number | null;
}

/** A number that changes over time; its mean is a time integral. */
export interface Level {
  now: number;
  mean: number;
  max: number;
}

/** Requests of users, logins included. */
export interface RequestsReport {
  total: number;
  succeeded: number;
  failed: number;
  success_ratio: number | null;
  /** Requests begun per second: the load that is offered. */
  offered: number;
  rps: number;
  goodput: number;
  /** How many tries arrive at the end of a chain of calls for each one that would without retries and hedges. */
  amplification: number | null;
  in_flight: number;
  attempts: number;
  retries: number;
  timeouts: number;
  /** Of succeeded requests. */
  latency: Latency;
  /** Of all requests, until their users knew what came of them: an answer, an error, or that they gave up. */
  response: Latency;
  /** Where the time of a succeeded request went, on average; the sum is the mean latency. */
  time_in: Record<string, number>;
  /** Failed requests by cause. */
  failures: Record<string, number>;
}

/** Requests of a group of users, without logins. */
export interface UsersReport {
  total: number;
  succeeded: number;
  failed: number;
  success_ratio: number | null;
  goodput: number;
  latency: Latency;
  response: Latency;
  failures: Record<string, number>;
}

/** Visits to a service. */
export interface ServiceReport {
  total: number;
  succeeded: number;
  failed: number;
  success_ratio: number | null;
  rps: number;
  latency: Latency;
  /** Where the time of a succeeded visit went, on average; the sum is the mean latency. */
  time_in: Record<string, number>;
  utilisation: number;
  /** Mean share of time that an instance was up. */
  availability: number;
  /** Share of time that at least one instance was up. */
  availability_any: number;
  failures: Record<string, number>;
  /** How often the balancer has taken an instance to be down; left out where it knows at once. */
  ejections?: number;
  /** Requests that wait at the balancer; left out where they cannot. */
  balancer_queue?: Level;
  /** Requests refused since all instances that were up had `max_conns` of them; left out where there is no such number. */
  turned_away?: number;
  /** How many instances there are, if they come and go by themselves. */
  replicas?: ReplicasReport;
  /** What it has been asked for by name; left out where it has no endpoints. */
  endpoints?: Record<string, EndpointReport>;
  instances: Record<string, InstanceReport>;
}

/** How many instances of a service there are. */
export interface ReplicasReport {
  wanted: Level;
  /** Those that take requests, unless they are down. */
  ready: Level;
  /** The release that is wanted: 0 is that of the service's own numbers. */
  release: number;
  /** Whether another release is being replaced by it. */
  rolling: boolean;
}

/** Visits to a service that ask for one of its endpoints. */
export interface EndpointReport {
  total: number;
  succeeded: number;
  failed: number;
  success_ratio: number | null;
  latency: Latency;
  failures: Record<string, number>;
}

/** Visits to a service instance. */
export interface InstanceReport {
  total: number;
  succeeded: number;
  failed: number;
  state: string;
  latency: Latency;
  utilisation: number;
  queue: Level;
  /** Connections made to it; left out where there are always enough. */
  connections_made?: number;
  /** Whom it has let in, if not everybody. */
  admission?: AdmissionReport;
  /** Its connections to the database, if they are limited. */
  pool?: PoolReport;
  /** Its connections to the cache, if they are limited. */
  cache_pool?: PoolReport;
  availability: number;
  outages: number;
  /** How it stood still now and then, if it has pauses: how often, and for which share of the time. */
  pauses?: { count: number; share: number };
  failures: Record<string, number>;
}

/** Whom an instance lets in. */
export interface AdmissionReport {
  /** Requests that were not let in. */
  refused: number;
  /** Requests inside: let in and not answered. */
  inside: Level;
  /** So many may be inside, if that is what it looks at. */
  limit?: Level;
}

/** Logins and rejections. */
export interface AuthReport {
  succeeded: number;
  failed: number;
  rejected: number;
}

/** A database cluster. */
export interface DbClusterReport {
  reads: number;
  writes: number;
  failed: number;
  acknowledged_writes: number;
  failovers: number;
  lost_writes: number;
  stale_reads: number;
  /** Of these: reads that lacked the reader's own latest acknowledged write. */
  own_stale_reads: number;
  unavailable_seconds: number;
  availability: number;
  latency: Latency;
  replication_lag: Latency;
  nodes: Record<string, NodeReport>;
}

/** A database node. */
export interface NodeReport {
  role: string;
  state: string;
  outages: number;
  availability: number;
  operations: number;
  failed: number;
  latency: Latency;
  utilisation: number;
  queue: Level;
  lag_writes: number;
  lag_seconds: number;
  lag: Level;
  applied_writes: number;
  replaying: number;
}

/** A cache. */
export interface CacheReport {
  state: string;
  hits: number;
  misses: number;
  coalesced?: number;
  outdated_hits?: number;
  updates?: number;
  lost_writes?: number;
  unflushed?: number;
  stale_hits?: number;
  refreshes?: number;
  failed: number;
  hit_ratio: number | null;
  outages: number;
  availability: number;
  latency: Latency;
  keys: number | null;
  evicted_keys?: number;
  expired_keys?: number;
  refused_keys?: number;
}

/** A message broker. */
export interface BrokerReport {
  state: string;
  outages: number;
  availability: number;
  nodes?: Record<string, BrokerNodeReport>;
  broker_messages_sent: number;
  broker_messages_failed: number;
  unroutable_messages?: number;
  lost_unnoticed?: number;
  broker_avg_latency: number | null;
  broker_queue_sizes: Record<string, Level>;
  publish_latency: Latency;
  confirm_latency?: Latency;
  queues: Record<string, QueueReport>;
}

/** A node of a broker that has several. */
export interface BrokerNodeReport {
  state: string;
  outages: number;
  availability: number;
}

/** A queue of a broker. */
export interface QueueReport {
  leader?: string;
  elections?: number;
  served?: number;
  sent: number;
  failed: number;
  consumed: number;
  dropped: number;
  redelivered: number;
  expired?: number;
  consumer_failures?: number;
  rejected_by_consumer?: number;
  over_limit?: number;
  lost_messages?: number;
  consumer_timeouts?: number;
  dead_letters?: DeadLettersReport;
  unacknowledged: number;
  size: Level;
  delivery: Latency;
  delivery_by_priority?: Record<string, Latency>;
  consumer_utilisation: number;
}

/** Messages that went to the dead letters, by reason. */
export interface DeadLettersReport {
  expired: number;
  rejected: number;
  maxlen: number;
  delivery_limit: number;
}

/** Handshakes and lost messages. */
export interface NetworkReport {
  tcp: Latency;
  tls: Latency;
  retransmissions: number;
}

/**
 * Who asks whom under a policy: a group of users, or all instances of a service together. `attempts` and `carried_over`
 * together are the sum of `succeeded`, `failed`, `given_up` and `in_flight`.
 */
export interface EdgeReport {
  from: string;
  to: string;
  attempts: number;
  /** Attempts after the first one of their request or call. */
  retries: number;
  succeeded: number;
  /** Attempts answered with a failure, or refused. */
  failed: number;
  /** Attempts that nobody waited for any longer. */
  given_up: number;
  in_flight: number;
  /** Attempts that were under way when the counts started. */
  carried_over: number;
  latency_mean: number | null;
  /** Further tries beside the first one of an attempt. */
  hedges: number;
  /** Attempts that a further try answered first. */
  hedges_won: number;
  /** Requests, calls or operations of which no attempt succeeded, so that the fallback was asked; absent without one. */
  fallbacks?: number;
  /** Attempts refused by the limiter. */
  limited: number;
  breaker?: BreakerReport;
  bulkhead?: BulkheadReport;
}

/** The circuit breakers of an edge: one of each asker; the state is the worst of them, times are of all together. */
export interface BreakerReport {
  state: "closed" | "half_open" | "open";
  refused: number;
  open_seconds: number;
  half_open_seconds: number;
}

/** The bulkheads of an edge: one of each asker. The largest value is that of any one of them. */
export interface BulkheadReport {
  refused: number;
  /** Attempts inside. */
  inside: Level;
  /** Attempts that wait. */
  waiting: Level;
}

/** A pool of connections. */
export interface PoolReport {
  /** Connections that it has. */
  size: number;
  in_use: Level;
  /** Operations that wait for a connection. */
  waiting: Level;
}
