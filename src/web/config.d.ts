/** A span of time: a number of seconds, or a string with a unit such as "50ms" (ns, us, ms, s, min, h, d). */
export type Seconds = number | string;

/** A distribution of a span of time; plain seconds are that constant. */
export type Distribution =
  | Seconds
  | { constant: Seconds }
  | { uniform: [Seconds, Seconds] }
  | { exponential: { mean: Seconds } }
  | { normal: { mean: Seconds; sd: Seconds } }
  | { lognormal: { mean: Seconds; sd: Seconds } }
  | { erlang: { stages: number; mean: Seconds } }
  | { gamma: { shape: number; mean: Seconds } }
  | { weibull: { shape: number; scale: Seconds } }
  | { pareto: { shape: number; min: Seconds; max: Seconds } }
  | { hyperexponential: { weight: number; mean: Seconds }[] }
  | { empirical: { value: Seconds; weight?: number }[] };

/** A text in the languages of the page. */
export interface Text {
  en?: string;
  ru?: string;
}

/** A whole system and how long to watch it; `schema.json` beside the page describes every field. */
export interface Config {
  $schema?: string;
  format?: 1;
  name?: string;
  title?: Text;
  description?: Text;
  seed?: number;
  duration?: Seconds;
  warm_up?: Seconds;
  window?: Seconds;
  users?: Record<string, UsersConfig>;
  network?: NetworkConfig;
  auth?: AuthConfig | null;
  services?: Record<string, ServiceConfig>;
  db_clusters?: Record<string, DbClusterConfig>;
  caches?: Record<string, CacheConfig>;
  brokers?: Record<string, BrokerConfig>;
  policies?: Record<string, PolicyConfig>;
  faults?: FaultConfig[];
}

/** A JSON Merge Patch (RFC 7396): the fields to change, null for those to take away; lists are replaced whole. */
export type Patch<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: Patch<T[K]> | null }
    : T;

/** A group of users. */
export interface UsersConfig {
  arrivals?: ArrivalsConfig;
  reuse_prob?: number;
  max_users?: number;
  targets?: Record<string, number>;
  read_share?: number;
  priority?: number;
  client?: ClientConfig;
  policy?: Policy;
}

/** When requests come. */
export type ArrivalsConfig =
  | { poisson: { rate: number } }
  | { gaps: Distribution }
  | { bursty: { calm: BurstyState; burst: BurstyState } }
  | { profile: { points: ProfilePoint[]; shape?: "linear" | "steps"; repeat?: boolean } }
  | { wave: { mean: number; amplitude: number; period: Seconds } }
  | { closed: { users: number; think: Distribution } }
  | { sequential: { gap: Distribution } };

/** A state of bursty arrivals. */
export interface BurstyState {
  rate: number;
  time: Distribution;
}

/** A point of a rate profile. */
export interface ProfilePoint {
  at: Seconds;
  rate: number;
}

/** How patient a user's client is. */
export interface ClientConfig {
  timeout?: Seconds;
  retries?: RetriesConfig;
}

/** Further attempts. */
export interface RetriesConfig {
  max?: number;
  backoff?: BackoffConfig;
  budget?: RetryBudgetConfig;
}

/** The wait before an attempt. */
export interface BackoffConfig {
  base?: Seconds;
  factor?: number;
  max?: Seconds;
  jitter?: "none" | "full" | "equal" | "decorrelated";
}

/** A bound on retries for a group of users. */
export interface RetryBudgetConfig {
  ratio?: number;
  burst?: number;
}

/** A policy: the name of one of `policies`, or one of its own. */
export type Policy = string | PolicyConfig;

/** What whoever asks does so that its question is answered all the same, and so that it does no harm. */
export interface PolicyConfig {
  fallback?: string;
  retry?: RetryConfig;
  breaker?: BreakerConfig;
  limiter?: LimiterConfig;
  bulkhead?: BulkheadConfig;
  timeout?: Seconds;
  deadline?: Seconds;
  hedge?: HedgeConfig;
  on_giving_up?: "continue" | "cancel";
}

/** Further attempts after a failed one; `on` has causes as reports name them. */
export interface RetryConfig {
  max?: number;
  backoff?: BackoffConfig;
  on?: string[];
  writes?: boolean;
  budget?: RetryBudgetConfig;
}

/** A circuit breaker. */
export interface BreakerConfig {
  window?: { calls: number } | { seconds: number };
  min_calls?: number;
  failure_share?: number;
  slow_share?: number;
  slow_after?: Seconds;
  open_for?: Seconds;
  probes?: number;
  ignore?: string[];
}

/** A limit on attempts for each second. */
export interface LimiterConfig {
  rate: number;
  burst?: number;
  longest_wait?: Seconds;
}

/** A limit on attempts at a time. */
export interface BulkheadConfig {
  max?: number;
  waiting?: number;
  longest_wait?: Seconds;
}

/** Further tries beside one that is slow. */
export interface HedgeConfig {
  after?: Seconds;
  percentile?: number;
  max?: number;
  budget?: HedgeBudgetConfig;
  writes?: boolean;
}

/** A bound on further tries. */
export interface HedgeBudgetConfig {
  ratio?: number;
  burst?: number;
}

/** Times and losses of the network. */
export interface NetworkConfig {
  tcp?: Distribution;
  tls?: Distribution;
  keep_alive_prob?: number;
  delay?: Distribution;
  users_balancer?: Distribution;
  balancer_service?: Distribution;
  service_service?: Distribution;
  service_database?: Distribution;
  service_cache?: Distribution;
  service_broker?: Distribution;
  loss?: number;
  retransmit_after?: Seconds;
  retransmits_max?: number;
  partition_timeout?: Seconds;
}

/** Who is served next at a station. */
export type Discipline = "fifo" | "lifo" | "adaptive_lifo" | "priority" | "processor_sharing";

/** Alternating times up and down. */
export interface OutagesConfig {
  up: Distribution;
  down: Distribution;
  in_progress?: InProgress;
}

/** What becomes of the work of a component that goes down. */
export type InProgress = "lost" | "finished";

/** The authorisation service. */
export interface AuthConfig {
  name?: string;
  instances?: number;
  processing?: Distribution;
  success_prob?: number;
  session_ttl?: Seconds;
  workers?: number;
  queue_limit?: number;
  discipline?: Discipline;
  fail_prob?: number;
  outages?: OutagesConfig;
}

/** How requests in process slow each other down; a table has the speed of one alone, of each of two, and so on. */
export type ScalabilityConfig = { usl: UslConfig } | { table: number[] };

/** The Universal Scalability Law. */
export interface UslConfig {
  sigma?: number;
  kappa?: number;
}

/** Whom an instance lets in. */
export type AdmissionConfig =
  | { concurrency: ConcurrencyConfig }
  | { rate: RateConfig }
  | { aimd: AimdConfig }
  | { gradient: GradientConfig };

/** A fixed limit on requests inside; each class leaves a share of it, the reserve, for the one above. */
export interface ConcurrencyConfig {
  max?: number;
  reserve?: number;
}

/** A bucket of tokens. */
export interface RateConfig {
  rate: number;
  burst?: number;
  reserve?: number;
}

/** A limit that follows failures, as Netflix's `AIMDLimit`. */
export interface AimdConfig {
  initial?: number;
  min?: number;
  max?: number;
  backoff?: number;
  timeout?: Seconds;
  reserve?: number;
}

/** A limit that follows latency, as Netflix's `Gradient2Limit`. */
export interface GradientConfig {
  initial?: number;
  min?: number;
  max?: number;
  queue?: number;
  smoothing?: number;
  tolerance?: number;
  long_window?: number;
  window?: Seconds;
  samples?: number;
  reserve?: number;
}

/** Controlled delay in a queue (RFC 8289). */
export interface CodelConfig {
  target?: Seconds;
  interval?: Seconds;
}

/** A service behind the balancer. */
export interface ServiceConfig {
  kind?: "nginx" | "haproxy" | "envoy";
  instances?: number;
  weights?: number[];
  balancer?: "weighted_random" | "smooth_round_robin" | "least_connections" | "leastconn" | "two_choices" | "user_hash" | "ip_hash" | "hash" | "bounded_hash" | "peak_ewma";
  balance_factor?: number | null;
  ewma_decay?: Seconds | null;
  max_conns?: number | null;
  balancer_queue?: BalancerQueueConfig | null;
  keep_alive?: number | null;
  keep_alive_together?: boolean;
  backups?: number;
  slow_start?: Seconds | null;
  slow_start_in_steps?: boolean;
  panic_threshold?: number;
  base_latency?: Seconds;
  service_time?: Distribution;
  admission?: AdmissionConfig | null;
  workers?: number;
  scalability?: ScalabilityConfig | null;
  queue_limit?: number;
  longest_wait?: Distribution;
  lifo_after?: Seconds;
  codel?: CodelConfig;
  knowledge?: KnowledgeConfig | null;
  next_upstream?: NextUpstreamConfig | null;
  holds?: "processing" | "request";
  discipline?: Discipline;
  requires_auth?: boolean;
  fail_prob?: number;
  autoscaler?: AutoscalerConfig | null;
  deployments?: DeploymentConfig[];
  start_up?: Distribution | null;
  grace?: Seconds;
  warm_up?: WarmUpConfig | null;
  pauses?: PausesConfig | null;
  outages?: OutagesConfig;
  cache?: CacheUse;
  database?: DatabaseUse;
  publish?: PublishUse;
  calls?: CallConfig[];
  endpoints?: Record<string, EndpointConfig>;
}

/** How many instances there are is decided as Kubernetes' HorizontalPodAutoscaler does. */
export interface AutoscalerConfig {
  min?: number;
  max?: number;
  target?: ScalingTargets;
  tolerance?: number;
  interval?: Seconds;
  up?: ScalingRulesConfig | null;
  down?: ScalingRulesConfig | null;
}

/** What each instance is meant to have to do. */
export interface ScalingTargets {
  utilisation?: number | null;
  concurrency?: number | null;
  queue?: number | null;
  rate?: number | null;
}

/** How the number of instances changes in one direction. */
export interface ScalingRulesConfig {
  stabilisation?: Seconds;
  select?: "max" | "min" | "disabled";
  policies?: ScalingPolicyConfig[];
}

/** So many instances, or so many per cent of them, in a period. */
export interface ScalingPolicyConfig {
  instances?: number;
  percent?: number;
  period?: Seconds;
}

/** Another release takes the place of the present one. */
export interface DeploymentConfig {
  at?: Seconds;
  surge?: number;
  unavailable?: number;
  release?: ReleaseConfig;
  roll_back?: RollBackConfig | null;
}

/** What is special about a release. */
export interface ReleaseConfig {
  factor?: number;
  fail_prob?: number | null;
}

/** When a deployment is taken back. */
export interface RollBackConfig {
  failure_share?: number;
  interval?: Seconds;
  min_calls?: number;
}

/** An instance that has just begun works more slowly. */
export interface WarmUpConfig {
  lasting?: Seconds;
  speed?: number;
}

/** Now and then an instance stands still. */
export interface PausesConfig {
  every: Distribution;
  lasting: Distribution;
}

/** Something that a service can be asked for, by `Service.endpoint`. */
export interface EndpointConfig {
  steps?: StepConfig[];
  priority?: number;
  idempotent?: boolean;
}

/** A step of an endpoint. */
export type StepConfig =
  | { process: Distribution }
  | { look_up: LookUpStep }
  | { read: ReadStep }
  | { write: WriteStep }
  | { publish: PublishUse }
  | { call: CallConfig }
  | { branches: BranchesStep }
  | { maybe: MaybeStep };

/** The cache is asked. */
export interface LookUpStep {
  on_error?: "fail" | "fall_back";
  miss?: StepConfig[];
  policy?: Policy;
}

/** The database is read. */
export interface ReadStep {
  on_error?: "fail" | "ignore";
  retries?: number;
  policy?: Policy;
}

/** Something is written to the database. */
export interface WriteStep {
  on_error?: "fail" | "ignore";
  policy?: Policy;
}

/** Lists of steps that are done at the same time. */
export interface BranchesStep {
  of: StepConfig[][];
  on_error?: "fail" | "ignore";
}

/** Steps that are done with some probability. */
export interface MaybeStep {
  prob: number;
  steps: StepConfig[];
}

/** How a service uses a cache. */
export interface CacheUse {
  name: string;
  per_instance?: boolean;
  on_error?: "fail" | "fall_back";
  pool?: PoolConfig;
  writes?: "around" | "invalidate" | "through" | "behind";
  flush_after?: Seconds;
  policy?: Policy;
}

/** How a service uses a database cluster. */
export interface DatabaseUse {
  name: string;
  per_instance?: boolean;
  on_read_error?: "fail" | "ignore";
  on_write_error?: "fail" | "ignore";
  read_retries?: number;
  pool?: PoolConfig;
  policy?: Policy;
}

/** A pool of connections of each instance. */
export interface PoolConfig {
  size?: number;
  longest_wait?: Seconds;
}

/** How a service publishes messages. */
export interface PublishUse {
  broker: string;
  queue?: string;
  exchange?: string;
  routing_key?: string;
  priority?: number;
  ttl?: Seconds;
  persistent?: boolean;
  confirms?: boolean;
  on_error?: "fail" | "ignore";
  policy?: Policy;
}

/** A call to one service or endpoint (`Service.endpoint`), or to several at once. */
export interface CallConfig {
  to: string[];
  need?: number;
  kind?: "read" | "write" | "same";
  prob?: number;
  on_error?: "fail" | "ignore";
  pool?: PoolConfig;
  policy?: Policy;
}

/** A database cluster. */
export interface DbClusterConfig {
  kind?: "postgresql" | "redis" | "patroni" | "sentinel";
  replicas?: number;
  operation?: Distribution;
  fail_prob?: number;
  outages?: OutagesConfig;
  connections?: number;
  scalability?: ScalabilityConfig | null;
  queue_limit?: number;
  longest_wait?: Seconds;
  looked_every?: Seconds | null;
  replica_read_share?: number;
  read_your_writes?: ReadYourWrites;
  replication?: ReplicationConfig;
  persistence?: "disk" | "none";
  save_every?: Seconds;
  checkpoints?: CheckpointsConfig;
  failover?: FailoverConfig;
}

/** How a user gets to see what he has written himself. */
export type ReadYourWrites = { sticky: Seconds } | { up_to_date: Record<string, never> } | { wait: Seconds };

/** When nodes write down what they have in memory. */
export interface CheckpointsConfig {
  every?: Seconds;
  lasting?: Seconds;
  factor?: number;
}

/** How writes reach the replicas. */
export interface ReplicationConfig {
  mode?: "async" | "sync";
  delay?: Distribution;
  delay_in?: "backlog" | "wire";
  apply_delay?: Distribution;
  nodes?: NodeReplicationConfig[];
  replay?: ReplayConfig;
  acknowledgements?: number;
  synchronous_standby_names?: string;
  wal_sender_timeout?: Seconds;
  wait?: WaitConfig | null;
  min_replicas_to_write?: number;
  min_replicas_max_lag?: Seconds;
  synchronous_commit?: "off" | "local" | "remote_write" | "on" | "remote_apply";
}

/** Writes that wait for replicas. */
export interface WaitConfig {
  replicas?: number;
  timeout?: Seconds | null;
}

/** Delays of a node that has its own. */
export interface NodeReplicationConfig {
  node?: number;
  delay?: Distribution;
  apply_delay?: Distribution;
}

/** How a replica replays what it has received. */
export interface ReplayConfig {
  workers?: number;
  time?: Distribution;
}

/** How a dead primary is replaced. */
export interface FailoverConfig {
  strategy?: "random" | "most_caught_up" | "priority" | "none";
  priority?: number[];
  monitor_interval?: Seconds;
  on_write?: boolean;
  patience?: Seconds;
  election_time?: Distribution;
  promotion_time?: Distribution;
  clients_learn?: Distribution;
  demotion_time?: Distribution;
  rejoin?: "at_once" | "when_caught_up";
  rewind_time?: Distribution;
  patroni?: PatroniConfig;
}

/** Patroni, in its own words. */
export interface PatroniConfig {
  ttl?: Seconds;
  loop_wait?: Seconds;
  retry_timeout?: Seconds;
  maximum_lag_on_failover?: number;
  synchronous_mode?: boolean;
  synchronous_mode_strict?: boolean;
  synchronous_node_count?: number;
}

/** A cache; give it either `hit_prob` or `keyed`. */
export interface CacheConfig {
  kind?: "redis";
  operation?: Distribution;
  fail_prob?: number;
  outages?: OutagesConfig;
  connections?: number;
  hit_prob?: number;
  keyed?: KeyedConfig;
}

/** A cache that knows its keys. */
export interface KeyedConfig {
  keys?: number;
  zipf_exponent?: number;
  capacity?: number;
  ttl?: Seconds;
  eviction?:
    | "lru" | "lfu" | "random" | "allkeys-lru" | "allkeys-lfu" | "allkeys-random" | "volatile-lru" | "volatile-lfu"
    | "volatile-random" | "volatile-ttl" | "noeviction";
  samples?: number;
  lru_clock_resolution?: Seconds;
  lfu_log_factor?: number;
  lfu_decay_time?: Seconds;
  active_expire?: ActiveExpireConfig;
  ttl_jitter?: number;
  early_refresh?: EarlyRefreshConfig;
  stale_while_revalidate?: Seconds;
  single_flight?: SingleFlightConfig;
}

/** How keys are fetched anew before they expire. */
export interface EarlyRefreshConfig {
  beta?: number;
}

/** How a cache looks for keys that have expired. */
export interface ActiveExpireConfig {
  hz?: number;
  effort?: number;
}

/** How those who miss a key wait for the one who fetches it. */
export interface SingleFlightConfig {
  longest_wait?: Seconds;
}

/** A message broker. */
export interface BrokerConfig {
  kind?: "rabbitmq";
  publish?: Distribution;
  fail_prob?: number;
  outages?: OutagesConfig;
  heartbeat?: Seconds;
  nodes?: number;
  between_nodes?: Distribution;
  election_time?: Distribution;
  sync?: SyncConfig;
  reconnect?: Distribution;
  queues?: Record<string, QueueConfig>;
  exchanges?: Record<string, ExchangeConfig>;
}

/** How messages are written to disk. */
export interface SyncConfig {
  interval?: Seconds;
  time?: Distribution;
}

/** An exchange, whose bindings say which queues get a message. */
export interface ExchangeConfig {
  type?: "direct" | "topic" | "fanout";
  bindings?: BindingConfig[];
  alternate?: string;
}

/** A binding of an exchange. */
export interface BindingConfig {
  queue: string;
  routing_key?: string;
}

/** A queue of messages. */
export interface QueueConfig {
  type?: "classic" | "quorum";
  node?: number;
  members?: number;
  limit?: number;
  overflow?: "reject" | "drop_head" | "reject_publish_dlx";
  message_ttl?: Seconds;
  dead_letter?: string;
  max_priority?: number;
  delivery_limit?: number;
  durable?: boolean;
  consumer_timeout?: Seconds;
  consumers?: ConsumerConfig[];
}

/** A kind of consumer of a queue. */
export interface ConsumerConfig {
  service?: string;
  node?: number | null;
  count?: number;
  service_time?: Distribution;
  prefetch?: number;
  fail_prob?: number;
  poison?: number;
  on_failure?: "requeue" | "reject";
}

/** A fault at a set time. */
export type FaultConfig =
  | { crash: { component: string; at: Seconds; recover_at?: Seconds; in_progress?: InProgress } }
  | { slow: { component: string; factor: number; from: Seconds; until?: Seconds } }
  | { fail: { component: string; prob?: number; from: Seconds; until?: Seconds } }
  | { partition: { between: [string, string]; from: Seconds; until?: Seconds } };

/** A queue at the balancer, for requests that find all instances full. */
export interface BalancerQueueConfig {
  limit?: number | null;
  longest_wait?: Seconds | null;
}

/** How a balancer learns which instances are up. */
export type KnowledgeConfig = { fails: FailsConfig } | { outliers: OutliersConfig } | { checks: ChecksConfig };

/** An instance is avoided for a while after so many failed requests, as by nginx. */
export interface FailsConfig {
  max_fails?: number;
  fail_timeout?: Seconds;
}

/** An instance is ejected after so many failures in a row, as by Envoy. */
export interface OutliersConfig {
  consecutive?: number;
  base_time?: Seconds;
  longest_time?: Seconds;
  max_share?: number;
}

/** Every instance is asked from time to time whether it is well. */
export interface ChecksConfig {
  interval?: Seconds;
  timeout?: Seconds;
  rise?: number;
  fall?: number;
  observe?: "layer4" | "layer7" | null;
  error_limit?: number | null;
  on_error?: "fail_check" | "sudden_death" | "mark_down" | null;
}

/** A request that an instance has failed is passed on to another one. */
export interface NextUpstreamConfig {
  on?: string[] | null;
  tries?: number | null;
  timeout?: Seconds | null;
  try_timeout?: Seconds | null;
  non_idempotent?: boolean;
  connect_only?: boolean;
  retries?: number;
  retry_after?: Seconds;
}
