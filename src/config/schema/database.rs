//! Database clusters: a primary, its replicas, replication and failover.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{DistributionConfig, OutagesConfig, ScalabilityConfig, Seconds};
use crate::config::limits::{CHECKPOINT_FACTOR_MAX, REPLAY_WORKERS_MAX, REPLICAS_MAX};

/// A database cluster. Its nodes are named `NAME/0` (the first primary), `NAME/1`, …
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DbClusterConfig {
    /// The product. `postgresql` and `redis` are only drawn; the others bring their defaults wherever nothing else is said.
    pub kind: ClusterKind,
    /// Number of replicas beside the primary, 0 to 100.
    #[schemars(range(min = 0, max = REPLICAS_MAX))]
    pub replicas: u32,
    /// Time of an operation (a read, a write, or a replica applying a write).
    pub operation: Option<DistributionConfig>,
    /// Probability that an operation fails, after it has taken its time.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub fail_prob: f64,
    /// Outages of each node. Without it: none.
    pub outages: Option<OutagesConfig>,
    /// Operations of clients that a node runs at a time. Without it: any number.
    pub connections: Option<u32>,
    /// How operations that a node runs at a time slow each other down. Without it: they do not.
    pub scalability: Option<ScalabilityConfig>,
    /// Operations that may wait for a connection at a node; one more fails. Without it: any number.
    pub queue_limit: Option<u32>,
    /// How long an operation waits for a connection before it fails (PgBouncer's `query_wait_timeout`, 120 s there). Without
    /// it: for ever.
    pub longest_wait: Option<Seconds>,
    /// With `longest_wait`: how often it is looked who has waited longer; PgBouncer does so three times a second (`333ms`), whatever its
    /// `query_wait_timeout` is. Without it: all the time.
    pub looked_every: Option<Seconds>,
    /// Probability that a read goes to a replica, uniformly chosen; if that one is down it goes to the primary.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub replica_read_share: f64,
    /// How a user gets to see what he has written himself, where reads go to replicas. Without it: by chance.
    pub read_your_writes: Option<ReadYourWrites>,
    /// How writes reach the replicas.
    pub replication: ReplicationConfig,
    /// What a node still has when it comes back after it was down.
    pub persistence: Persistence,
    /// With `disk`: how often a node writes down what it has, at least 1 ms (Redis' snapshots, `save`). With Redis'
    /// `appendonly` it is left out: whatever `appendfsync` says, a process that dies has written before it answered; only a machine
    /// that dies loses what was not synced, up to 1 s with `everysec`, so say 1 s if a crash is to be one of the machine. A primary that comes back before it is replaced lacks
    /// what is newer, and its replicas follow it there. Without it: before it answers.
    pub save_every: Option<Seconds>,
    /// When nodes write down what they have in memory, and operations are slower. Without it: that does not show.
    pub checkpoints: Option<CheckpointsConfig>,
    /// How a dead primary is replaced.
    pub failover: FailoverConfig,
}

/// How a user gets to see what he has written himself: what the reader's own latest acknowledged write was knows whoever
/// chooses a node for him.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ReadYourWrites {
    /// For so long after his write he reads at the primary. (Ruby on Rails does so, for 2 s.)
    Sticky(Seconds),
    /// He reads at a replica that has applied it, or, if there is none, at the primary. (GitLab and ProxySQL do so.)
    UpToDate {},
    /// A replica that lacks it lets him wait, without a connection; after that time, at least 1 ms, he reads at the primary.
    /// (MaxScale's `causal_reads`, whose `causal_reads_timeout` is 10 s.)
    Wait(Seconds),
}

/// What a node still has when it comes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Persistence {
    /// All that it had written down: PostgreSQL, and Redis with `appendonly`.
    #[default]
    Disk,
    /// Nothing, as with Redis without persistence. A primary that comes back before it is replaced is empty, and its
    /// replicas empty themselves after it.
    None,
}

/// When nodes write down what they have in memory: PostgreSQL every 5 min (`checkpoint_timeout`), spread over 0.9 of that
/// (`checkpoint_completion_target`).
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CheckpointsConfig {
    /// From the beginning of one to that of the next, at least 1 ms; the first begins with the run.
    #[default(Seconds(300.0))]
    pub every: Seconds,
    /// How long one lasts.
    #[default(Seconds(270.0))]
    pub lasting: Seconds,
    /// An operation that begins meanwhile takes so many times as long, 1 to 1000.
    #[schemars(range(min = 1.0, max = CHECKPOINT_FACTOR_MAX))]
    #[default = 1.5]
    pub factor: f64,
}

/// The product a cluster stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClusterKind {
    /// PostgreSQL.
    #[default]
    Postgresql,
    /// Redis as a store.
    Redis,
    /// PostgreSQL under Patroni: 97 connections and no waiting for one, serial replay, `synchronous_commit` on, a lease (`ttl`
    /// 30 s, `loop_wait` 10 s, `retry_timeout` 10 s), the replica that has received most becomes the primary.
    Patroni,
    /// Redis under Sentinel: one command at a time, snapshots every 5 min, a master away for 30 s is replaced, clients learn that
    /// after 0.2 to 0.9 s, and a former master after 10 s.
    Sentinel,
}

/// How writes reach the replicas.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReplicationConfig {
    /// When a write is answered.
    pub mode: ReplicationMode,
    /// Time from the primary's commit until a replica has the write.
    pub delay: DistributionConfig,
    /// Where that time goes, which decides what a dead primary takes with it.
    pub delay_in: DelayIn,
    /// A replica applies no write before so long after its commit (PostgreSQL's `recovery_min_apply_delay`). A promotion
    /// does not wait for it.
    pub apply_delay: DistributionConfig,
    /// Nodes whose delays are others.
    pub nodes: Vec<NodeReplicationConfig>,
    /// How a replica replays what it has received.
    pub replay: ReplayConfig,
    /// With `sync`: how many replicas must have a write before it is answered; if fewer are up, it waits for them.
    /// Without it: all that are up and that the primary reaches, but at least one.
    pub acknowledgements: Option<u32>,
    /// With `sync`, instead of `acknowledgements`: which replicas must have a write, in PostgreSQL's words, by numbers of nodes:
    /// `FIRST 1 (1, 2)` is the first of the list that is up and reached, `ANY 1 (1, 2)` any of them, `*` in a list all
    /// nodes. If there are fewer, a write waits.
    pub synchronous_standby_names: Option<String>,
    /// With `FIRST` in `synchronous_standby_names`: how long a write goes on waiting for a standby that the network has separated from
    /// the primary, before the next one of the list takes its place; one whose process has died is replaced at once. PostgreSQL's
    /// `wal_sender_timeout`.
    #[default(Seconds(60.0))]
    pub wal_sender_timeout: Seconds,
    /// With `async`: a write waits for replicas after it has been executed, as by Redis's `WAIT`, but without a connection; others are
    /// served meanwhile. Without it: it is answered at once.
    pub wait: Option<WaitConfig>,
    /// The primary refuses writes unless so many replicas are there, 0 to 100: Redis's `min-replicas-to-write`. 0: it does not look.
    #[schemars(range(min = 0, max = REPLICAS_MAX))]
    pub min_replicas_to_write: u32,
    /// With `min_replicas_to_write`: a replica that the network has separated from the primary is there until nothing has been heard of
    /// it for more than so many whole seconds; one that has died is gone at once. Redis's `min-replicas-max-lag`.
    #[default(Seconds(10.0))]
    pub min_replicas_max_lag: Seconds,
    /// With `sync`: what a replica must have done with a write before it counts.
    pub synchronous_commit: SynchronousCommit,
}

/// Writes that wait for replicas, as Redis's `WAIT numreplicas timeout` does.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WaitConfig {
    /// For so many, 1 to 100.
    #[schemars(range(min = 1, max = REPLICAS_MAX))]
    #[default = 1]
    pub replicas: u32,
    /// After so long a write is answered all the same. Without it: it waits.
    pub timeout: Option<Seconds>,
}

/// Delays of a node that has its own.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NodeReplicationConfig {
    /// Number of the node.
    #[default = 1]
    pub node: u32,
    /// Time from the primary's commit until it has the write. Without it: that of the others.
    pub delay: Option<DistributionConfig>,
    /// It applies no write before so long after its commit. Without it: as the others.
    pub apply_delay: Option<DistributionConfig>,
}

/// Where the delay of a replication is spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DelayIn {
    /// In the sender's backlog: it dies with the primary.
    #[default]
    Backlog,
    /// On the way: what a dead primary has sent arrives until somebody is promoted.
    Wire,
}

/// How a replica replays what it has received: in order, without taking a connection.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReplayConfig {
    /// So many writes at a time, 1 to 1000. PostgreSQL and Redis replay one after another. Without it: as many as a node
    /// runs operations at a time (`connections`).
    #[schemars(range(min = 1, max = REPLAY_WORKERS_MAX))]
    pub workers: Option<u32>,
    /// Time of a write. Without it: the `operation` of the cluster.
    pub time: Option<DistributionConfig>,
}

/// What must have been done with a write before it is answered, in PostgreSQL's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SynchronousCommit {
    /// Nothing: no write waits for replicas, and a primary that dies loses what it had not written to its own disk, which it
    /// does every 0.2 s (`wal_writer_delay`).
    Off,
    /// The primary has it on disk: no write waits for replicas.
    Local,
    /// The replica has received it.
    RemoteWrite,
    /// It has it on disk, which takes no time beyond receiving it.
    On,
    /// It has applied it, so that reads there see it.
    #[default]
    RemoteApply,
}

/// When a write is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplicationMode {
    /// After the primary alone.
    #[default]
    Async,
    /// After the primary and the replicas.
    Sync,
}

/// How a dead primary is replaced.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FailoverConfig {
    /// Which replica becomes the primary.
    pub strategy: FailoverStrategy,
    /// With `priority`: numbers of nodes, the most wanted first. Nodes not listed come last, in order.
    pub priority: Vec<u32>,
    /// Time between two looks of the monitor. It notices a dead primary, and lets a returned one rejoin that has caught up.
    #[default(Seconds(5.0))]
    pub monitor_interval: Seconds,
    /// Whether a write that finds the primary dead starts the failover at once.
    #[default = true]
    pub on_write: bool,
    /// How long the primary must be away (dead, standing still, or parted from most of the others) until it is taken for
    /// dead: Sentinel's `down-after-milliseconds`, Patroni's `ttl`. If it is back before, or before somebody else is
    /// promoted, nobody replaces it.
    pub patience: Seconds,
    /// Time of the election that follows.
    pub election_time: DistributionConfig,
    /// Time that a promotion takes, at the least: a replica first replays all that it has received. Until then the
    /// cluster has no primary.
    pub promotion_time: DistributionConfig,
    /// Time until clients have learnt who the new primary is. Until then they ask the former one.
    pub clients_learn: DistributionConfig,
    /// Time until a former primary that lives, and can be reached by the new one, is told that it is none. Until then it
    /// answers those who ask it, and what it acknowledges is lost.
    pub demotion_time: DistributionConfig,
    /// When the former primary counts as a replica: when it serves reads and can be promoted.
    pub rejoin: Rejoin,
    /// Time that a node with writes that the new primary lacks needs before it can follow it (pg_rewind, or a new copy).
    pub rewind_time: DistributionConfig,
    /// The primary holds a lease as under Patroni. Then `monitor_interval`, `patience` and `on_write` follow from it. Without
    /// it: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patroni: Option<PatroniConfig>,
}

/// Patroni, in its own words. The primary renews its lease at each look; `ttl` after it has done so for the last time it is
/// taken for dead. One that is cut off from most of the others steps down when it has tried for `retry_timeout`, before anybody
/// replaces it.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PatroniConfig {
    /// How long a lease lasts; at least `loop_wait` and two times `retry_timeout`.
    #[default(Seconds(30.0))]
    pub ttl: Seconds,
    /// Time between two looks, at least 1 ms.
    #[default(Seconds(10.0))]
    pub loop_wait: Seconds,
    /// How long a primary tries to renew its lease before it steps down.
    #[default(Seconds(10.0))]
    pub retry_timeout: Seconds,
    /// A replica that lacked more writes when the primary last renewed its lease is not promoted. (Patroni counts bytes of the
    /// log, 1 MB unless it is told otherwise.) Without it: any replica may be.
    pub maximum_lag_on_failover: Option<u32>,
    /// The primary chooses synchronous standbys at each look, of those that follow it, and waits for them; only they are
    /// promoted. If it finds none, it goes on without.
    pub synchronous_mode: bool,
    /// If it finds none, writes wait.
    pub synchronous_mode_strict: bool,
    /// How many synchronous standbys it chooses, 1 to 100.
    #[default = 1]
    #[schemars(range(min = 1, max = REPLICAS_MAX))]
    pub synchronous_node_count: u32,
}

/// Which replica becomes the primary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailoverStrategy {
    /// Any replica that is up, equally likely.
    #[default]
    Random,
    /// The replica that is up and lacks the fewest writes; ties go to the lowest number.
    MostCaughtUp,
    /// The first replica of the list `priority` that is up.
    Priority,
    /// None: the cluster waits for its primary, or for somebody who promotes a node by hand.
    None,
}

/// When a former primary counts as a replica.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rejoin {
    /// From the failover on: as soon as it is up again it serves reads, however stale, and can be promoted.
    AtOnce,
    /// When it is up, lacks nothing old and the monitor looks. Until then it serves nobody, and is promoted only if the
    /// primary is dead and no replica is up; what it lacks is lost.
    #[default]
    WhenCaughtUp,
}
