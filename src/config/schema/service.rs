//! Services, their instances and what they do for a request.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{
    AdmissionConfig, AutoscalerConfig, CodelConfig, DeploymentConfig, DistributionConfig, EndpointConfig,
    KnowledgeConfig, Named, NextUpstreamConfig, OutagesConfig, PausesConfig, PolicyUse, ScalabilityConfig, Seconds,
    WarmUpConfig,
};
use crate::config::limits::{
    BALANCE_FACTOR_MAX, CALLS_MAX, INSTANCES_MAX, MESSAGE_PRIORITY_MAX, READ_RETRIES_MAX, WORKERS_MAX,
};

/// A service behind the balancer.
///
/// What an instance does for a request, in order: processing, then the cache
/// and the database, then publishing, then calls to further services.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceConfig {
    /// Whose balancer stands before its instances: it brings that product's defaults wherever nothing else is said. Without it:
    /// the neutral one.
    pub kind: Option<ServiceKind>,
    /// Number of instances, 1 to 1000. They are named after the service: `Shop-0`, `Shop-1`, … With an autoscaler: how many
    /// there are at first.
    #[schemars(range(min = 1, max = INSTANCES_MAX))]
    #[default = 1]
    pub instances: u32,
    /// Weights of the instances in the balancer; the list repeats when it is shorter than the instances.
    #[default(vec![1.0])]
    pub weights: Vec<f64>,
    /// How the balancer chooses an instance.
    pub balancer: BalancerPolicy,
    /// With `bounded_hash`: no instance is given more than so many times the mean number of requests in progress, 1 to 1000.
    /// Without it: 1.25, which is HAProxy's `hash-balance-factor 125`.
    #[schemars(range(min = 1.0, max = BALANCE_FACTOR_MAX))]
    pub balance_factor: Option<f64>,
    /// With `peak_ewma`: how fast the times of earlier answers are forgotten; after so long a part of 1/e of them is left.
    /// Without it: 10 s, as with Finagle and Linkerd.
    pub ewma_decay: Option<Seconds>,
    /// Requests that the balancer gives an instance at a time, 1 to 1 000 000, as nginx's `max_conns`. If all that are up
    /// have so many, a request fails at once (502). Without it: any number.
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    pub max_conns: Option<u32>,
    /// Where requests wait, at the balancer, while all instances that are up have `max_conns` of them: one line for all, in
    /// order of arrival, as at HAProxy. Without it: they fail at once.
    pub balancer_queue: Option<BalancerQueueConfig>,
    /// Idle connections that the balancer, or whoever calls, keeps to each instance, 0 to 1 000 000, as nginx's `keepalive` and
    /// HAProxy's `pool-max-conn`: a request that finds none pays for a new one, a way there and back more. Without it: there
    /// are always enough.
    #[schemars(range(min = 0, max = WORKERS_MAX))]
    pub keep_alive: Option<u32>,
    /// Whether `keep_alive` counts the idle connections to all instances together, the one that was used last staying longest, as
    /// nginx's `keepalive` does in each of its worker processes. Otherwise it counts those to each.
    pub keep_alive_together: bool,
    /// So many of the instances, the last ones, are backups: they are asked only when no other one can be, as all are down,
    /// have failed the request or have `max_conns` requests (nginx's `backup`).
    pub backups: u32,
    /// How long the weight of an instance grows, from a tenth of it, in proportion to the time, once it has come back, is
    /// asked again or is new: Envoy's slow start, with an aggression of 1. Without it: it has its whole weight at once.
    pub slow_start: Option<Seconds>,
    /// With `slow_start`: whether the weight grows by sixteenths and whole seconds, and `max_conns` in proportion, as HAProxy's
    /// `slowstart` has it.
    pub slow_start_in_steps: bool,
    /// If the balancer takes a smaller share of the instances than this to be up, it asks all of them, 0 to 1: Envoy's
    /// `healthy_panic_threshold`. 0 is never.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub panic_threshold: f64,
    /// How the balancer learns which instances are up. Without it: it knows at once, as no real one does.
    pub knowledge: Option<KnowledgeConfig>,
    /// What the balancer does when an instance fails a request. Without it: whoever asked is told.
    pub next_upstream: Option<NextUpstreamConfig>,
    /// Shorthand for a processing time that is uniform between this and twice this.
    pub base_latency: Option<Seconds>,
    /// Processing time of a request. Either this or `base_latency` is needed.
    pub service_time: Option<DistributionConfig>,
    /// Whom an instance lets in. Without it: everybody.
    pub admission: Option<AdmissionConfig>,
    /// Requests that an instance processes at a time. Without it: any number.
    pub workers: Option<u32>,
    /// How requests in process slow each other down. Without it: they do not. With `processor_sharing`, they do so beyond
    /// having to share the workers.
    pub scalability: Option<ScalabilityConfig>,
    /// Requests that may wait at an instance for a worker; one more is answered with 503. Without it: any number.
    pub queue_limit: Option<u32>,
    /// How long a request waits for a worker before it gives up (503): a patience, drawn for each that has to wait.
    /// Without it: for ever.
    pub longest_wait: Option<DistributionConfig>,
    /// How long a worker belongs to a request.
    pub holds: Holds,
    /// Who is served next.
    pub discipline: Discipline,
    /// With `adaptive_lifo`: after the queue has not been empty for so long, the newest is served first. Without it: 0.1 s.
    pub lifo_after: Option<Seconds>,
    /// Drops requests that have waited while waits do not get short, in whatever order they wait. Without it: nobody is
    /// dropped.
    pub codel: Option<CodelConfig>,
    /// Whether a request without a session is rejected (401, at once).
    pub requires_auth: bool,
    /// Probability that processing fails, after it has taken its time.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub fail_prob: f64,
    /// What decides how many instances there are. Without it: `instances` does.
    pub autoscaler: Option<AutoscalerConfig>,
    /// Other releases that take the place of the present one while the run goes on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deployments: Vec<DeploymentConfig>,
    /// Time until a new instance takes requests: one that an autoscaler, a deployment or a change of the configuration adds.
    /// (How long one that crashes is down is said by its outages.) Without it: it does so at once.
    pub start_up: Option<DistributionConfig>,
    /// How long an instance that an autoscaler or a deployment takes away may go on with the requests that it has; what is
    /// left then is lost. Kubernetes: 30 s.
    #[default(Seconds(30.0))]
    pub grace: Seconds,
    /// How slow an instance is that has just begun: one that comes back after an outage, or is new. Those that are there at
    /// the beginning of the run are warm. Without it: nobody has to warm up.
    pub warm_up: Option<WarmUpConfig>,
    /// Moments at which nothing goes on at an instance, as in garbage collections that stop the world. Without it: none.
    pub pauses: Option<PausesConfig>,
    /// Outages of each instance. Without it: none.
    pub outages: Option<OutagesConfig>,
    /// The cache that reads ask first.
    pub cache: Option<CacheUse>,
    /// The database cluster behind the service.
    pub database: Option<DatabaseUse>,
    /// The queue to which each request publishes a message.
    pub publish: Option<PublishUse>,
    /// Calls to further services, one after another.
    pub calls: Vec<CallConfig>,
    /// What it can be asked for by name, each with steps of its own. Whoever names no endpoint asks for what the fields
    /// above say.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub endpoints: Named<EndpointConfig>,
}

impl ServiceConfig {
    /// Whether it can be asked for its endpoints only, as nothing says how long anything else would take.
    pub fn has_endpoints_only(&self) -> bool {
        !self.endpoints.is_empty() && self.service_time.is_none() && self.base_latency.is_none()
    }
}

/// A queue at the balancer.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BalancerQueueConfig {
    /// Requests that may wait; one more is answered with 503. 1 to 1 000 000. Without it: any number.
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    pub limit: Option<u32>,
    /// How long a request waits before it fails (503), as HAProxy's `timeout queue`. Without it: for ever.
    pub longest_wait: Option<Seconds>,
}

/// How the balancer chooses among the instances that are up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BalancerPolicy {
    /// At random, in proportion to the weights.
    #[default]
    WeightedRandom,
    /// nginx's smooth weighted round-robin.
    SmoothRoundRobin,
    /// The one with the fewest requests in progress for its weight; ties by smooth round-robin.
    LeastConnections,
    /// HAProxy's `leastconn`: the same, but the request that is to come is counted too, so that a small weight gets less.
    Leastconn,
    /// The less loaded of two drawn at random by weight.
    TwoChoices,
    /// Always the same one for the same user, by weighted rendezvous hashing, as long as it is up.
    UserHash,
    /// nginx's `ip_hash`: always the same one for the same address, by the weights modulo the address; whoever's is down gets
    /// another one by further hashing. Every user has an address of his own, drawn at random.
    IpHash,
    /// nginx's `hash` without `consistent`: always the same one for the same user (`user0`, `user1`, …), by CRC-32 and the weights;
    /// whoever's is down is hashed again.
    Hash,
    /// As `user_hash`, but an instance that has `balance_factor` times the mean load is passed over for the user's next one:
    /// consistent hashing with bounded loads, as HAProxy's and Envoy's `hash_balance_factor`.
    BoundedHash,
    /// The one of two drawn at random by weight whose answers took less time, times its requests in progress and one: Finagle's
    /// and Linkerd's peak EWMA. A slow answer counts at once, and is then forgotten exponentially.
    PeakEwma,
}

/// A product that balances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// nginx: smooth round-robin; a failed request makes it avoid an instance for 10 s (`max_fails`, `fail_timeout`), and is passed
    /// on to the next one (`proxy_next_upstream error timeout`).
    Nginx,
    /// HAProxy: round-robin, health checks every 2 s (`fall` 3, `rise` 2), and up to three further tries of a request that could not
    /// reach its server (`retries 3`, `option redispatch`): at other servers at once, but by another `balancer` than round-robin or at
    /// random twice at the same server, each a second later, and only then at another one.
    Haproxy,
    /// Envoy: round-robin, and outlier detection (5 failures in a row, 30 s, at most a tenth of the instances); if fewer than half of
    /// the instances are up, all are asked (`healthy_panic_threshold`).
    Envoy,
}

/// How long a worker belongs to a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// While it is processed; then the worker turns to the next one, and whoever waits for a database or another service
    /// needs none: an asynchronous server.
    #[default]
    Processing,
    /// From the beginning of its processing until the answer is sent: one thread for each request, so that a slow database
    /// takes up the workers.
    Request,
}

/// Who is served next at a station.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Discipline {
    /// First in, first out.
    #[default]
    Fifo,
    /// Last in, first out; work in progress is not interrupted.
    Lifo,
    /// First in, first out, until the queue has not been empty for a while; then last in, first out, until it is empty
    /// again: newcomers are served in time, and those who have waited long have probably given up ("Fail at Scale", ACM
    /// Queue 2015).
    AdaptiveLifo,
    /// By class (`priority` of groups and endpoints), the highest first, and within a class first in, first out; work in
    /// progress is not interrupted. If the queue is full, one of the lowest class makes room.
    Priority,
    /// All at once, each at its share of the workers' speed: nobody waits, everybody slows down.
    ProcessorSharing,
}

/// What happens to a request when a step fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// The request fails.
    #[default]
    Fail,
    /// The request goes on as if nothing had happened.
    Ignore,
}

/// What happens to a read when the cache fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnCacheError {
    /// The request fails.
    #[default]
    Fail,
    /// The database is read instead.
    FallBack,
}

/// How a service uses a cache.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
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
    /// Connections that each instance keeps to the cache; without one free, a look-up waits for it. Without a pool: any
    /// number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<PoolConfig>,
    /// What the cache hears of what the service writes to its database; which key is written follows their popularity. Without
    /// it: nothing, and nobody looks whether it holds what has been overwritten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writes: Option<CacheWrites>,
    /// With `writes: behind`: how long after the cache the database hears of a write. Further writes of the same key until
    /// then are one. Without it: 1 s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flush_after: Option<Seconds>,
    /// What each instance does beside looking things up, so that it gets an answer. Each try counts as a look-up. Without it:
    /// nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyUse>,
}

impl CacheUse {
    /// A use of the cache of that name as it is without further words.
    pub fn named(name: String) -> Self {
        let on_error = OnCacheError::default();
        Self { name, per_instance: false, on_error, pool: None, writes: None, flush_after: None, policy: None }
    }
}

/// What a cache hears of writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CacheWrites {
    /// Nothing: it goes on serving what has been overwritten until that expires or is evicted, which is counted.
    Around,
    /// When something has been written, that the key is to be forgotten; the next one who asks for it misses it.
    Invalidate,
    /// When something has been written, what it is.
    Through,
    /// What is to be written, and that is all a request waits for. The instance tells the database later, and what it has not
    /// told it dies with the cache, or with the instance.
    Behind,
}

/// How a service uses a database cluster.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
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
    /// How often a failed read is tried again, on another node where there is one. 0 to 10. It is the short form of a `retry`
    /// at once.
    #[serde(default)]
    #[schemars(range(min = 0, max = READ_RETRIES_MAX))]
    pub read_retries: u32,
    /// Connections that each instance keeps to the cluster; without one free, an operation waits for it. Without a pool:
    /// any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<PoolConfig>,
    /// What each instance does beside reading and writing, so that it gets an answer: one breaker, one bulkhead and so on
    /// for reads and writes together. Further attempts at a read, and hedges, go to another node where there is one; each try
    /// counts as a read or a write. Without it: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyUse>,
}

/// A pool of connections, given in the order in which they are asked for. The defaults are those of HikariCP.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PoolConfig {
    /// Connections of each instance, 1 to 1 000 000.
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    #[default = 10]
    pub size: u32,
    /// How long one waits for a connection before it fails.
    #[default(Seconds(30.0))]
    pub longest_wait: Seconds,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_yes(word: &bool) -> bool {
    *word
}

/// How a service publishes messages.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishUse {
    /// Name of the broker.
    pub broker: String,
    /// Name of the queue at that broker. Instead of it: an `exchange`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Name of an exchange of that broker, whose bindings say which queues get the message: none of them, one or several. If one of
    /// them refuses it, publishing fails, though the others have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<String>,
    /// The routing key with which messages are published to the exchange, at most 255 bytes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub routing_key: String,
    /// Priority of its messages, 0 to 255, as far as the queue knows priorities (`max_priority`).
    #[serde(default, skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0, max = MESSAGE_PRIORITY_MAX))]
    pub priority: u32,
    /// How long its messages may wait in a queue, whole milliseconds up to 24 days; if the queue has a time to live too, the shorter one
    /// counts. Without it: as long as the queue allows. The property `expiration` of AMQP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<Seconds>,
    /// Whether its messages are written to disk; those that are not die with the broker's process (a crash that loses its work),
    /// whatever the queue. Quorum queues write all of them. RabbitMQ's `delivery_mode` 2.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub persistent: bool,
    /// Whether the publisher waits until the broker has confirmed the message: it has failed if the broker is down, or a queue
    /// refuses it. Without confirms the publisher goes on at once, and never learns what became of the message. RabbitMQ's
    /// publisher confirms.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub confirms: bool,
    /// What happens to the request when publishing fails.
    #[serde(default)]
    pub on_error: OnError,
    /// What each instance does beside publishing, so that the message gets there. Without it: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyUse>,
}

/// A call to one service, or to several at once.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallConfig {
    /// Who is called: services (`Stock`), or endpoints of theirs (`Stock.reserve`). Several are called in parallel, and the
    /// same one may be named several times.
    pub to: Vec<String>,
    /// So many of them must answer with success; then the call ends, and the others are given up. 1 is the first answer.
    /// Without it: all, and the call ends when all have answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = CALLS_MAX))]
    pub need: Option<u32>,
    /// Whether it reads or writes, where that decides what is done.
    #[serde(default)]
    pub kind: CallKind,
    /// Probability that the call is made at all.
    #[serde(default = "always")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub prob: f64,
    /// What happens to the request when one of the called services fails.
    #[serde(default)]
    pub on_error: OnError,
    /// Connections that each instance keeps to each of the called services; without one free, an attempt waits for it. It is
    /// the short form of a `bulkhead` before which any number waits. Without a pool: any number.
    pub pool: Option<PoolConfig>,
    /// What is done so that the called services answer all the same. Without it: nothing.
    pub policy: Option<PolicyUse>,
}

/// Whether a call reads or writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallKind {
    /// It reads.
    #[default]
    Read,
    /// It writes.
    Write,
    /// As the request for which it is made.
    Same,
}

fn always() -> f64 {
    1.0
}
