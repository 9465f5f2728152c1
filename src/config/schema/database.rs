//! Database clusters: a primary, its replicas, replication and failover.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{DistributionConfig, OutagesConfig, ScalabilityConfig, Seconds};
use crate::config::limits::REPLICAS_MAX;

/// A database cluster. Its nodes are named `NAME/0` (the first primary), `NAME/1`, …
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DbClusterConfig {
    /// What the page draws; the behaviour is the same.
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
    /// Probability that a read goes to a replica, uniformly chosen; if that one is down it goes to the primary.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub replica_read_share: f64,
    /// How writes reach the replicas.
    pub replication: ReplicationConfig,
    /// How a dead primary is replaced.
    pub failover: FailoverConfig,
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
}

/// How writes reach the replicas.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReplicationConfig {
    /// When a write is answered.
    pub mode: ReplicationMode,
    /// Time from the primary's commit until a replica starts to apply the write.
    pub delay: DistributionConfig,
    /// With `sync`: how many replicas must have applied a write before it is answered.
    /// Without it, or when fewer are up: all replicas that are up.
    pub acknowledgements: Option<u32>,
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
    /// Time that a promotion takes; until then the cluster has no primary.
    pub promotion_time: DistributionConfig,
    /// When the former primary counts as a replica: when it serves reads and can be promoted.
    pub rejoin: Rejoin,
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
