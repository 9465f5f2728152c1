//! Services, their instances and what they do for a request.

use schemars::JsonSchema;
use serde::Serialize;

use super::{DistributionConfig, OutagesConfig, Seconds};
use crate::config::wire::{object, words};

/// A service behind the balancer.
///
/// What an instance does for a request, in order: processing, then the cache
/// and the database, then publishing, then calls to further services.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceConfig {
    /// Number of instances, 1 to 1000. They are named after the service: `Shop-0`, `Shop-1`, …
    #[schemars(range(min = 1, max = 1000))]
    pub instances: u32,
    /// Weights of the instances in the balancer; the list repeats when it is shorter than the instances.
    pub weights: Vec<f64>,
    /// How the balancer chooses an instance.
    pub balancer: BalancerPolicy,
    /// Shorthand for a processing time that is uniform between this and twice this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_latency: Option<Seconds>,
    /// Processing time of a request. Either this or `base_latency` is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_time: Option<DistributionConfig>,
    /// Requests that an instance processes at a time. Without it: any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workers: Option<u32>,
    /// Requests that may wait at an instance for a worker; one more is answered with 503. Without it: any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_limit: Option<u32>,
    /// Who is served next.
    pub discipline: Discipline,
    /// Whether a request without a session is rejected (401, at once).
    pub requires_auth: bool,
    /// Probability that processing fails, after it has taken its time.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub fail_prob: f64,
    /// Outages of each instance. Without it: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outages: Option<OutagesConfig>,
    /// The cache that reads ask first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheUse>,
    /// The database cluster behind the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<DatabaseUse>,
    /// The queue to which each request publishes a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish: Option<PublishUse>,
    /// Calls to further services, one after another.
    pub calls: Vec<CallConfig>,
}

object!(ServiceConfig {
    instances,
    weights,
    balancer,
    base_latency,
    service_time,
    workers,
    queue_limit,
    discipline,
    requires_auth,
    fail_prob,
    outages,
    cache,
    database,
    publish,
    calls
});

impl Default for ServiceConfig {
    fn default() -> Self {
        Self {
            instances: 1,
            weights: vec![1.0],
            balancer: BalancerPolicy::default(),
            base_latency: None,
            service_time: None,
            workers: None,
            queue_limit: None,
            discipline: Discipline::default(),
            requires_auth: false,
            fail_prob: 0.0,
            outages: None,
            cache: None,
            database: None,
            publish: None,
            calls: Vec::new(),
        }
    }
}

/// How the balancer chooses among the instances that are up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BalancerPolicy {
    /// At random, in proportion to the weights.
    #[default]
    WeightedRandom,
    /// nginx's smooth weighted round-robin.
    SmoothRoundRobin,
    /// The one with the fewest requests in progress for its weight; ties by smooth round-robin.
    LeastConnections,
    /// The less loaded of two drawn at random by weight.
    TwoChoices,
    /// Always the same one for the same user, by weighted rendezvous hashing, as long as it is up.
    UserHash,
}

words!(BalancerPolicy {
    WeightedRandom = "weighted_random",
    SmoothRoundRobin = "smooth_round_robin",
    LeastConnections = "least_connections",
    TwoChoices = "two_choices",
    UserHash = "user_hash",
});

/// Who is served next at a station.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Discipline {
    /// First in, first out.
    #[default]
    Fifo,
    /// Last in, first out; work in progress is not interrupted.
    Lifo,
    /// All at once, each at its share of the workers' speed: nobody waits, everybody slows down.
    ProcessorSharing,
}

words!(Discipline { Fifo = "fifo", Lifo = "lifo", ProcessorSharing = "processor_sharing" });

/// What happens to a request when a step fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// The request fails.
    #[default]
    Fail,
    /// The request goes on as if nothing had happened.
    Ignore,
}

words!(OnError { Fail = "fail", Ignore = "ignore" });

/// What happens to a read when the cache fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnCacheError {
    /// The request fails.
    #[default]
    Fail,
    /// The database is read instead.
    FallBack,
}

words!(OnCacheError { Fail = "fail", FallBack = "fall_back" });

/// How a service uses a cache.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CacheUse {
    /// Name of the cache.
    pub name: String,
    /// Whether each instance has a cache of its own, named `NAME-0`, `NAME-1`, …, instead of one for all.
    #[serde(default)]
    pub per_instance: bool,
    /// What happens to a read when the cache fails.
    #[serde(default)]
    pub on_error: OnCacheError,
}

object!(CacheUse { name; per_instance = false, on_error = OnCacheError::default() });

/// How a service uses a database cluster.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatabaseUse {
    /// Name of the cluster.
    pub name: String,
    /// Whether each instance has a cluster of its own, named `NAME-0`, `NAME-1`, …, instead of one for all.
    #[serde(default)]
    pub per_instance: bool,
    /// What happens to the request when a read fails.
    #[serde(default)]
    pub on_read_error: OnError,
    /// What happens to the request when a write fails.
    #[serde(default)]
    pub on_write_error: OnError,
    /// How often a failed read is tried again, on another node where there is one. 0 to 10.
    #[serde(default)]
    #[schemars(range(min = 0, max = 10))]
    pub read_retries: u32,
}

object!(DatabaseUse {
    name;
    per_instance = false,
    on_read_error = OnError::default(),
    on_write_error = OnError::default(),
    read_retries = 0,
});

/// How a service publishes messages.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishUse {
    /// Name of the broker.
    pub broker: String,
    /// Name of the queue at that broker.
    pub queue: String,
    /// What happens to the request when publishing fails.
    #[serde(default)]
    pub on_error: OnError,
}

object!(PublishUse { broker, queue; on_error = OnError::default() });

/// A call to one service, or to several at once.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallConfig {
    /// The services called; several are called in parallel, and the call ends when all have answered.
    pub to: Vec<String>,
    /// Probability that the call is made at all.
    #[serde(default = "always")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub prob: f64,
    /// What happens to the request when one of the called services fails.
    #[serde(default)]
    pub on_error: OnError,
}

object!(CallConfig { to; prob = always(), on_error = OnError::default() });

fn always() -> f64 {
    1.0
}
