//! Database clusters: a primary, its replicas, replication and failover.

use schemars::JsonSchema;
use serde::Serialize;

use super::{DistributionConfig, OutagesConfig, Seconds};
use crate::config::wire::{object, words};

/// A database cluster. Its nodes are named `NAME/0` (the first primary), `NAME/1`, …
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DbClusterConfig {
    /// What the page draws; the behaviour is the same.
    pub kind: ClusterKind,
    /// Number of replicas beside the primary, 0 to 100.
    #[schemars(range(min = 0, max = 100))]
    pub replicas: u32,
    /// Time of an operation (a read, a write, or a replica applying a write).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<DistributionConfig>,
    /// Probability that an operation fails, after it has taken its time.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub fail_prob: f64,
    /// Outages of each node. Without it: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outages: Option<OutagesConfig>,
    /// Operations of clients that a node runs at a time. Without it: any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections: Option<u32>,
    /// Operations that may wait for a connection at a node; one more fails. Without it: any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_limit: Option<u32>,
    /// Probability that a read goes to a replica, uniformly chosen; if that one is down it goes to the primary.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub replica_read_share: f64,
    /// How writes reach the replicas.
    pub replication: ReplicationConfig,
    /// How a dead primary is replaced.
    pub failover: FailoverConfig,
}

object!(DbClusterConfig {
    kind,
    replicas,
    operation,
    fail_prob,
    outages,
    connections,
    queue_limit,
    replica_read_share,
    replication,
    failover
});

impl Default for DbClusterConfig {
    fn default() -> Self {
        Self {
            kind: ClusterKind::default(),
            replicas: 0,
            operation: None,
            fail_prob: 0.0,
            outages: None,
            connections: None,
            queue_limit: None,
            replica_read_share: 0.0,
            replication: ReplicationConfig::default(),
            failover: FailoverConfig::default(),
        }
    }
}

/// The product a cluster stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClusterKind {
    /// PostgreSQL.
    #[default]
    Postgresql,
    /// Redis as a store.
    Redis,
}

words!(ClusterKind { Postgresql = "postgresql", Redis = "redis" });

/// How writes reach the replicas.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReplicationConfig {
    /// When a write is answered.
    pub mode: ReplicationMode,
    /// Time from the primary's commit until a replica starts to apply the write.
    pub delay: DistributionConfig,
    /// With `sync`: how many replicas must have applied a write before it is answered.
    /// Without it, or when fewer are up: all replicas that are up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledgements: Option<u32>,
}

object!(ReplicationConfig { mode, delay, acknowledgements });

impl Default for ReplicationConfig {
    fn default() -> Self {
        Self { mode: ReplicationMode::default(), delay: DistributionConfig::constant(0.0), acknowledgements: None }
    }
}

/// When a write is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplicationMode {
    /// After the primary alone.
    #[default]
    Async,
    /// After the primary and the replicas.
    Sync,
}

words!(ReplicationMode { Async = "async", Sync = "sync" });

/// How a dead primary is replaced.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FailoverConfig {
    /// Which replica becomes the primary.
    pub strategy: FailoverStrategy,
    /// With `priority`: numbers of nodes, the most wanted first. Nodes not listed come last, in order.
    pub priority: Vec<u32>,
    /// Time between two looks of the monitor. It notices a dead primary, and lets a returned one rejoin that has caught up.
    pub monitor_interval: Seconds,
    /// Whether a write that finds the primary dead starts the failover at once.
    pub on_write: bool,
    /// Time that a promotion takes; until then the cluster has no primary.
    pub promotion_time: DistributionConfig,
    /// When the former primary counts as a replica: when it serves reads and can be promoted.
    pub rejoin: Rejoin,
}

object!(FailoverConfig { strategy, priority, monitor_interval, on_write, promotion_time, rejoin });

impl Default for FailoverConfig {
    fn default() -> Self {
        Self {
            strategy: FailoverStrategy::default(),
            priority: Vec::new(),
            monitor_interval: Seconds(5.0),
            on_write: true,
            promotion_time: DistributionConfig::constant(0.0),
            rejoin: Rejoin::default(),
        }
    }
}

/// Which replica becomes the primary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
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

words!(FailoverStrategy { Random = "random", MostCaughtUp = "most_caught_up", Priority = "priority", None = "none" });

/// When a former primary counts as a replica.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rejoin {
    /// From the failover on: as soon as it is up again it serves reads, however stale, and can be promoted.
    AtOnce,
    /// When it is up, lacks nothing old and the monitor looks. Until then it serves nobody, and is promoted only if the
    /// primary is dead and no replica is up; what it lacks is lost.
    #[default]
    WhenCaughtUp,
}

words!(Rejoin { AtOnce = "at_once", WhenCaughtUp = "when_caught_up" });
