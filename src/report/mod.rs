//! The report of a run: what was measured, in the units of the configuration (seconds, probabilities, rates per second).
//!
//! The command line, the JavaScript interface and the page's download give the
//! same one. A figure that does not exist (the mean of nothing) is `null`.

mod amplification;
mod build;
mod edge;
mod requests;

pub use requests::{Requests, Users};

pub(crate) use amplification::{Chains, Tries};

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::schema::Named;

/// The report of a run, or of the part of it that has been simulated so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Name of the scenario.
    pub scenario: String,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Simulated time that has passed, the warm-up included.
    pub simulated_seconds: f64,
    /// Part of it at the start that does not count in the figures below.
    pub warm_up_seconds: f64,
    /// Events handled, those of the warm-up included.
    pub events: u64,
    /// All requests of users, logins included.
    pub requests: Requests,
    /// Groups of users by name. Left out if there is only one, whose requests are all there are.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub users: Named<Users>,
    /// Services by name; the authorisation service is one of them.
    pub services: Named<Service>,
    /// Logins and rejections.
    pub auth: Auth,
    /// Database clusters by name.
    pub db_clusters: Named<DbCluster>,
    /// Caches by name.
    pub caches: Named<Cache>,
    /// Brokers by name.
    pub brokers: Named<Broker>,
    /// Handshakes.
    pub network: Network,
    /// Who asks whom under a policy, by name (`Shop→Stock`).
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub edges: Named<Edge>,
}

impl Report {
    /// The report as JSON text, newline at the end included: what the command line prints, the page downloads and
    /// `reportJson()` returns.
    pub fn to_json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// A sample of spans of time, in seconds. Percentiles are those of the nearest rank: the smallest span that at least so many
/// per cent of the sample do not exceed, with nothing interpolated; as a histogram has it, to two or three digits.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Latency {
    /// Size of the sample.
    pub count: u64,
    /// Mean.
    pub mean: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 90th percentile.
    pub p90: Option<f64>,
    /// 95th percentile.
    pub p95: Option<f64>,
    /// 99th percentile.
    pub p99: Option<f64>,
    /// 99.9th percentile.
    pub p999: Option<f64>,
    /// Smallest value.
    pub min: Option<f64>,
    /// Largest value.
    pub max: Option<f64>,
}

/// Visits to a service: attempts of users and calls by other services.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Service {
    /// Visits answered.
    pub total: u64,
    /// Those that succeeded.
    pub succeeded: u64,
    /// Those that failed.
    pub failed: u64,
    /// `succeeded / total`.
    pub success_ratio: Option<f64>,
    /// `total` per second.
    pub rps: f64,
    /// Of succeeded visits.
    pub latency: Latency,
    /// Where the time of a succeeded visit went, in seconds on average; the sum is the mean latency. No visit spends
    /// time in `retries`, which are between visits.
    pub time_in: BTreeMap<&'static str, f64>,
    /// Mean share of the workers that were busy; without a number of workers, the mean number of visits in process.
    pub utilisation: f64,
    /// Mean share of time that an instance was up.
    pub availability: f64,
    /// Share of time that at least one instance was up.
    pub availability_any: f64,
    /// Failed visits by cause.
    pub failures: BTreeMap<&'static str, u64>,
    /// How often the balancer has taken an instance to be down, if it learns that by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ejections: Option<u64>,
    /// Requests that wait at the balancer, where they may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balancer_queue: Option<Level>,
    /// Requests that the balancer has refused since all instances that were up had `max_conns` of them, and nobody (more) may
    /// wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turned_away: Option<u64>,
    /// How many instances there are, if they come and go by themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas: Option<Replicas>,
    /// What it has been asked for by name.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub endpoints: Named<Endpoint>,
    /// Instances by name.
    pub instances: Named<Instance>,
}

/// How many instances of a service there are.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replicas {
    /// So many are wanted.
    pub wanted: Level,
    /// So many take requests, unless they are down.
    pub ready: Level,
    /// Number of the release that is wanted: 0 is that of the service's own numbers, the others are those of its deployments.
    pub release: u32,
    /// Whether another release is being replaced by it.
    pub rolling: bool,
}

/// Visits to a service that ask for one of its endpoints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Endpoint {
    /// Visits answered.
    pub total: u64,
    /// Those that succeeded.
    pub succeeded: u64,
    /// Those that failed.
    pub failed: u64,
    /// `succeeded / total`.
    pub success_ratio: Option<f64>,
    /// Of succeeded visits.
    pub latency: Latency,
    /// Failed visits by cause.
    pub failures: BTreeMap<&'static str, u64>,
}

/// A service instance.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Instance {
    /// Visits answered.
    pub total: u64,
    /// Those that succeeded.
    pub succeeded: u64,
    /// Those that failed.
    pub failed: u64,
    /// `up` or `down`; of instances that come and go also `absent`, `starting` or `draining`.
    pub state: &'static str,
    /// Of succeeded visits.
    pub latency: Latency,
    /// Mean share of the workers that were busy; without a number of workers, the mean number of visits in process. For an
    /// instance that came and went: over the time that one was there.
    pub utilisation: f64,
    /// Visits that wait for a worker.
    pub queue: Level,
    /// Connections made to it, where they are not always enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections_made: Option<u64>,
    /// Whom it has let in, if not everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admission: Option<AdmissionReport>,
    /// Its connections to the database, if they are limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<PoolReport>,
    /// Its connections to the cache, if they are limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_pool: Option<PoolReport>,
    /// Share of time it was up.
    pub availability: f64,
    /// How often it went down.
    pub outages: u64,
    /// How it stood still now and then, if it has pauses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pauses: Option<PausesReport>,
    /// Failed visits by cause.
    pub failures: BTreeMap<&'static str, u64>,
}

/// Moments at which nothing went on at an instance.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PausesReport {
    /// How many.
    pub count: u64,
    /// Share of time.
    pub share: f64,
}

/// A number that changes over time. The mean is a time integral.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Level {
    /// At the end.
    pub now: f64,
    /// Over time.
    pub mean: f64,
    /// Largest.
    pub max: f64,
}

/// Logins and rejections.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Auth {
    /// Successful logins, those of users who had a session included.
    pub succeeded: u64,
    /// Failed logins.
    pub failed: u64,
    /// Requests rejected for want of a session (401).
    pub rejected: u64,
}

/// A database cluster.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DbCluster {
    /// Reads asked for.
    pub reads: u64,
    /// Writes asked for.
    pub writes: u64,
    /// Reads and writes that failed.
    pub failed: u64,
    /// Writes that were answered with success.
    pub acknowledged_writes: u64,
    /// Promotions of a replica.
    pub failovers: u64,
    /// Writes acknowledged and then lost in a failover.
    pub lost_writes: u64,
    /// Reads answered by a replica that lacked an acknowledged write when it began with the read.
    pub stale_reads: u64,
    /// Of these: reads that lacked the reader's own latest acknowledged write.
    pub own_stale_reads: u64,
    /// Time without a primary.
    pub unavailable_seconds: f64,
    /// Share of time with a primary.
    pub availability: f64,
    /// Of succeeded reads and writes, waits for a connection and for replicas included, network excluded.
    pub latency: Latency,
    /// Time from a commit until a replica had applied it.
    pub replication_lag: Latency,
    /// Nodes by name.
    pub nodes: Named<Node>,
}

/// A database node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Node {
    /// `primary`, `replica`, or `detached` (a former primary that has not rejoined, or a new node that has not caught up).
    pub role: &'static str,
    /// `up`, `down` or `catching_up`.
    pub state: &'static str,
    /// How often it went down.
    pub outages: u64,
    /// Share of time it was up.
    pub availability: f64,
    /// Operations of clients (reads and writes).
    pub operations: u64,
    /// Operations that failed.
    pub failed: u64,
    /// Of succeeded operations, waits for a connection included.
    pub latency: Latency,
    /// Mean number of operations of clients in process; with a number of connections, as a share of them.
    pub utilisation: f64,
    /// Operations that wait for a connection.
    pub queue: Level,
    /// Writes of the primary it lacks at the end.
    pub lag_writes: u64,
    /// Age of the oldest write it lacks at the end; 0 if it lacks none.
    pub lag_seconds: f64,
    /// Writes it lacked, over time.
    pub lag: Level,
    /// Writes it applied as a replica.
    pub applied_writes: u64,
    /// Mean number of writes that it replayed at a time: 1 for a replica that replays one after another and never rests.
    pub replaying: f64,
}

/// A cache.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cache {
    /// `up` or `down`.
    pub state: &'static str,
    /// Look-ups that found what they asked for.
    pub hits: u64,
    /// Look-ups that did not.
    pub misses: u64,
    /// Hits that waited for somebody else to fetch the key, with `single_flight`; `null` without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coalesced: Option<u64>,
    /// Hits that were served though they had expired, with `early_refresh` or `stale_while_revalidate`; `null` without them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale_hits: Option<u64>,
    /// Hits that were served though something else had been written to the database since; `null` where no service says what the
    /// cache hears of `writes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outdated_hits: Option<u64>,
    /// Writes that it was told of; `null` as above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updates: Option<u64>,
    /// Keys whose last write died before the database heard of it; `null` without `writes: behind`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_writes: Option<u64>,
    /// Keys of which the database has not heard at the end; `null` without `writes: behind`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unflushed: Option<u64>,
    /// Keys that somebody began to fetch anew in the background, with `early_refresh` or `stale_while_revalidate`; `null` without
    /// them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refreshes: Option<u64>,
    /// Look-ups that failed, and writes that it could not be told of.
    pub failed: u64,
    /// `hits / (hits + misses)`.
    pub hit_ratio: Option<f64>,
    /// How often it went down.
    pub outages: u64,
    /// Share of time it was up.
    pub availability: f64,
    /// Of hits and misses.
    pub latency: Latency,
    /// Keys it holds at the end; `null` for a cache with a fixed hit probability. Those that have expired and are still there
    /// count.
    pub keys: Option<u64>,
    /// Keys that left for want of room; `null` without a policy of Redis, or `active_expire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evicted_keys: Option<u64>,
    /// Keys that left because they had expired; `null` without a policy of Redis, or `active_expire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired_keys: Option<u64>,
    /// Keys that did not get in, as there was no room and nobody may leave; `null` without a policy of Redis, or
    /// `active_expire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused_keys: Option<u64>,
}

/// A broker.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Broker {
    /// `up` or `down`; of several nodes one that is up is enough.
    pub state: &'static str,
    /// How often it, or one of its nodes, went down.
    pub outages: u64,
    /// Share of time it was up; of several nodes the mean.
    pub availability: f64,
    /// Its nodes by name. Left out if there is only one.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub nodes: Named<BrokerNode>,
    /// Messages that were put into a queue.
    pub broker_messages_sent: u64,
    /// Messages whose publishing failed. (One that several queues refused counts for each of them.)
    pub broker_messages_failed: u64,
    /// Messages that no binding led to any queue: they are gone, and the publisher does not know. Left out if there are no exchanges.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unroutable_messages: Option<u64>,
    /// Messages published without confirms that got to no queue, or not to all that should have had them; the publisher does not
    /// know. They count as failed, too, unless the network lost them. Left out if nobody publishes without confirms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_unnoticed: Option<u64>,
    /// Mean time from publishing to standing in the queue.
    pub broker_avg_latency: Option<f64>,
    /// Messages that wait in each queue.
    pub broker_queue_sizes: Named<Level>,
    /// Time from publishing to standing in the queue.
    pub publish_latency: Latency,
    /// Time from publishing to being confirmed by the broker, without the way back. Left out if messages are safe as soon as they
    /// stand in the queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm_latency: Option<Latency>,
    /// Queues by name.
    pub queues: Named<Queue>,
}

/// A node of a broker.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BrokerNode {
    /// `up` or `down`.
    pub state: &'static str,
    /// How often it went down.
    pub outages: u64,
    /// Share of time it was up.
    pub availability: f64,
}

/// A queue of a broker.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Queue {
    /// The node that serves it, or will as soon as it can. Left out, as the next two, if the broker has one node only and the queue no
    /// `type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leader: Option<String>,
    /// How often its members elected another leader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elections: Option<u64>,
    /// Share of time in which a node served it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub served: Option<f64>,
    /// Messages put into it.
    pub sent: u64,
    /// Messages whose publishing failed.
    pub failed: u64,
    /// Messages consumed: the broker has been told so.
    pub consumed: u64,
    /// Messages dropped because the queue was full (a dead letter for which there is no room, or while nobody serves the queue, too).
    pub dropped: u64,
    /// Messages put back where they were: their consumer went down, failed at them, or its connection broke.
    pub redelivered: u64,
    /// Messages that waited as long as they may (`message_ttl`, or a `ttl` of their own). Left out if none is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired: Option<u64>,
    /// Times that a consumer failed at a message. Left out, as the next one, if none of its consumers may fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer_failures: Option<u64>,
    /// Messages that a consumer rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected_by_consumer: Option<u64>,
    /// Messages that had come back too often (`delivery_limit`). Left out if there is no such limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over_limit: Option<u64>,
    /// Messages that died with the broker. Left out if the queue is durable and nothing in it can be lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_messages: Option<u64>,
    /// Times that a consumer left a message unacknowledged for too long (`consumer_timeout`). Left out if none is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer_timeouts: Option<u64>,
    /// Messages that went on to the queue of dead letters. Left out if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letters: Option<DeadLetters>,
    /// Messages sent to consumers of which the broker has not heard: on their way, held, in work, or with word on its way back.
    pub unacknowledged: u64,
    /// Messages that wait.
    pub size: Level,
    /// Time from the moment at which a message reached the broker to that at which its consumer was done with it, whenever the
    /// broker heard of that. A dead letter's begins where its first publication did.
    pub delivery: Latency,
    /// The same by priority, for those that occurred. Left out if the queue knows no priorities.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub delivery_by_priority: BTreeMap<usize, Latency>,
    /// Mean share of its consumers that were busy.
    pub consumer_utilisation: f64,
}

/// Messages that went from a queue to its dead letters, by reason, in the words of RabbitMQ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DeadLetters {
    /// They had waited as long as they may.
    pub expired: u64,
    /// A consumer rejected them.
    pub rejected: u64,
    /// The queue was full.
    pub maxlen: u64,
    /// They had come back too often.
    pub delivery_limit: u64,
}

/// Who asks whom under a policy: a group of users, or all instances of a service together. `attempts` and `carried_over`
/// together are the sum of `succeeded`, `failed`, `given_up` and `in_flight`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Edge {
    /// Who asks: a group of users, or a service.
    pub from: String,
    /// Whom: a service, or the database, the cache or the broker of one. (Stores of which each instance has its own are one,
    /// by the name that they have in the configuration.)
    pub to: String,
    /// Attempts begun.
    pub attempts: u64,
    /// Attempts after the first one of their request, call or operation.
    pub retries: u64,
    /// Attempts answered with success.
    pub succeeded: u64,
    /// Attempts answered with a failure, or refused.
    pub failed: u64,
    /// Attempts that nobody waited for any longer: timeouts, deadlines, and those whose asker was given up itself.
    pub given_up: u64,
    /// Attempts under way at the end.
    pub in_flight: u64,
    /// Attempts that were under way when the counts started.
    pub carried_over: u64,
    /// Mean time of attempts that succeeded, waits at limiter and bulkhead included.
    pub latency_mean: Option<f64>,
    /// Further tries beside the first one of an attempt.
    pub hedges: u64,
    /// Attempts that a further try answered first.
    pub hedges_won: u64,
    /// Requests, calls or operations of which no attempt succeeded, so that the fallback was asked; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallbacks: Option<u64>,
    /// Attempts refused by the limiter.
    pub limited: u64,
    /// The circuit breakers, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaker: Option<BreakerReport>,
    /// The bulkheads, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bulkhead: Option<BulkheadReport>,
}

/// The circuit breakers of an edge: one of each asker.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BreakerReport {
    /// `closed`, `half_open` or `open`; of several the worst.
    pub state: &'static str,
    /// Attempts refused.
    pub refused: u64,
    /// Time that they were open, all together.
    pub open_seconds: f64,
    /// Time that they were half-open, all together.
    pub half_open_seconds: f64,
}

/// The bulkheads of an edge: one of each asker. The largest value is that of any one of them, the others are of all
/// together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BulkheadReport {
    /// Attempts refused.
    pub refused: u64,
    /// Attempts inside.
    pub inside: Level,
    /// Attempts that wait.
    pub waiting: Level,
}

/// Whom an instance lets in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AdmissionReport {
    /// Requests that were not let in.
    pub refused: u64,
    /// Requests inside: let in and not answered.
    pub inside: Level,
    /// So many may be inside, if that is what it looks at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Level>,
}

/// A pool of connections.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PoolReport {
    /// Connections that it has.
    pub size: u32,
    /// Connections in use.
    pub in_use: Level,
    /// Operations that wait for one.
    pub waiting: Level,
}

/// Handshakes and lost messages.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Network {
    /// Time of TCP handshakes.
    pub tcp: Latency,
    /// Time of TLS handshakes.
    pub tls: Latency,
    /// Messages lost and sent again.
    pub retransmissions: u64,
}
