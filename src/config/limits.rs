//! How large a configuration may be. Beyond these bounds a run would exhaust the memory of a page, or its user's life.

use crate::{engine::distribution::LONGEST_SECONDS, model::exchange::TRIES_MAX};

/// Longest text of a configuration. The largest sensible one has some hundred thousand.
pub const TEXT_BYTES_MAX: usize = 5_000_000;
/// Longest run: the longest span the engine's distributions know.
pub const DURATION_SECONDS_MAX: f64 = LONGEST_SECONDS;
/// Narrowest window of the time series; narrower ones hold single requests.
pub const WINDOW_SECONDS_MIN: f64 = 1e-3;
/// Largest seed: JavaScript reads larger integers wrongly.
pub const SEED_MAX: u64 = (1 << 53) - 1;
/// Names in a configuration: groups, services, clusters, caches, brokers and queues together. A page can't show more.
pub const NAMES_MAX: usize = 1_000;
/// Longest name, in characters, so that it fits a table.
pub const NAME_CHARS_MAX: usize = 100;
/// Instances of one service.
pub const INSTANCES_MAX: u32 = 1_000;
/// Instances of all services; each has a queue, statistics and a line in the report.
pub const ALL_INSTANCES_MAX: u64 = 10_000;
/// Replicas of one cluster.
pub const REPLICAS_MAX: u32 = 100;

/// The most writes that a replica replays at a time, if their number is limited.
pub const REPLAY_WORKERS_MAX: u32 = 1000;
/// How much slower a checkpoint makes a node at most.
pub const CHECKPOINT_FACTOR_MAX: f64 = 1000.0;
/// Nodes of all clusters; each has a queue, statistics and a line in the report.
pub const ALL_NODES_MAX: u64 = 10_000;
/// Consumers on one instance, of one kind.
pub const CONSUMERS_MAX: u32 = 1_000;
/// Highest priority of messages that a queue may know.
pub const MESSAGE_PRIORITY_MAX: u32 = 255;
/// Most times that a message may come back into its queue.
pub const DELIVERY_LIMIT_MAX: u32 = 10_000;
/// Longest time to live that a message has of its own: 31 bits of milliseconds.
pub const MESSAGE_LIFE_SECONDS_MAX: f64 = 2_147_483.0;
/// Nodes of a broker.
pub const BROKER_NODES_MAX: u32 = 100;
/// Members of a quorum queue, unless somebody says otherwise.
pub const QUORUM_MEMBERS: u32 = 3;
/// How often a message may come back into a quorum queue, unless somebody says otherwise.
pub const QUORUM_DELIVERY_LIMIT: u32 = 20;
/// Most bindings of an exchange.
pub const BINDINGS_MAX: usize = 10_000;
/// Longest routing key, in bytes: a short string of AMQP.
pub const ROUTING_KEY_BYTES_MAX: usize = 255;
/// Consumers of all queues.
pub const ALL_CONSUMERS_MAX: u64 = 100_000;
/// Keys of one keyed cache.
pub const KEYS_MAX: u32 = 1_000_000;
/// Largest exponent of the Zipf law of keys' popularity.
pub const ZIPF_EXPONENT_MAX: f64 = 10.0;
/// Keys of all keyed caches: some 50 bytes each.
pub const ALL_KEYS_MAX: u64 = 10_000_000;
/// Most keys that are looked at for each that leaves.
pub const SAMPLES_MAX: u32 = 64;
/// Largest factor by which a counter of frequency grows more slowly.
pub const LFU_LOG_FACTOR_MAX: u32 = 1_000_000;
/// Finest resolution of the time of a key's last use.
pub const CLOCK_SECONDS_MIN: f64 = 1e-9;
/// Most times as eagerly as would be best that a key is fetched anew.
pub const EARLY_REFRESH_MAX: f64 = 1000.0;
/// Most cycles a second in which a cache looks for keys that have expired, as in Redis.
pub const EXPIRE_HZ_MAX: u32 = 500;
/// Most effort for that, as in Redis.
pub const EXPIRE_EFFORT_MAX: u32 = 10;
/// Workers of an instance, connections of a node.
pub const WORKERS_MAX: u32 = 1_000_000;
/// Highest rate of arrivals, per second: a hundred nanoseconds apart.
pub const RATE_MAX: f64 = 1e7;
/// Largest closed population.
pub const CLOSED_USERS_MAX: u32 = 1_000_000;
/// Most users that a group remembers.
pub const USERS_REMEMBERED_MAX: u32 = 10_000_000;
/// Shortest mean time after which something that comes round may come round again (a gap, a thinking
/// time, an outage with the time up before it): at zero the run would stand still at one moment for ever.
pub const CYCLE_SECONDS_MIN: f64 = 1e-6;
/// Shortest interval of a monitor, and shortest period of a rate profile.
pub const INTERVAL_SECONDS_MIN: f64 = 1e-3;
/// Smallest positive weight and largest one; beyond them ratios get lost in rounding.
pub const WEIGHT_MIN: f64 = 1e-9;
/// See [`WEIGHT_MIN`].
pub const WEIGHT_MAX: f64 = 1e9;
/// Most faults at set times.
pub const FAULTS_MAX: usize = 10_000;
/// Calls of one service, and services in one call.
pub const CALLS_MAX: usize = 100;
/// Further requests that one request may lead to through calls of calls.
pub const CALL_TREE_MAX: u64 = 10_000;
/// Most checks, or failures, in a row that a balancer waits for.
pub const CHECKS_MAX: u32 = 1_000;
/// Most times the mean load that an instance is given.
pub const BALANCE_FACTOR_MAX: f64 = 1e3;
/// Highest class of a priority.
pub const CLASSES_MAX: u32 = 7;
/// Most retries of a request.
pub const RETRIES_MAX: u32 = 100;
/// Most tokens that a first attempt adds to a retry budget.
pub const RETRY_RATIO_MAX: f64 = 100.0;
/// Most tokens that a retry budget holds.
pub const RETRY_BURST_MAX: f64 = 1e6;
/// Shortest patience: less than this nobody can answer.
pub const TIMEOUT_SECONDS_MIN: f64 = 1e-6;
/// Most calls that a circuit breaker looks back on, two bits each, or sends as probes.
pub const BREAKER_CALLS_MAX: u32 = 100_000;
/// Most seconds that a circuit breaker looks back on, twelve bytes each.
pub const BREAKER_SECONDS_MAX: u32 = 3600;
/// Smallest share at which something happens.
pub const SHARE_MIN: f64 = 1e-6;
/// Lowest rate of a limiter, per second: a token in twelve days.
pub const LIMITER_RATE_MIN: f64 = 1e-6;
/// Most further tries of an attempt.
pub const HEDGES_MAX: u32 = TRIES_MAX as u32 - 1;
/// Smallest target of an autoscaler's metric.
pub const METRIC_MIN: f64 = 1e-3;
/// Largest target of an autoscaler's metric.
pub const METRIC_MAX: f64 = 1e9;
/// Most policies of an autoscaler in one direction.
pub const SCALING_POLICIES_MAX: usize = 10;
/// Most deployments of a service.
pub const DEPLOYMENTS_MAX: usize = 100;
/// Lowest speed of an instance that warms up, as a share of its own: slower ones are better said by a start-up time.
pub const WARM_UP_SPEED_MIN: f64 = 0.01;
/// Most retries of a read.
pub const READ_RETRIES_MAX: u32 = 10;
/// Most retransmissions of a message; the wait doubles each time.
pub const RETRANSMITS_MAX: u32 = 30;
