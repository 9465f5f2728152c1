//! Database clusters and their nodes.

use super::{ClusterId, NodeId};
use crate::engine::{distribution::Distribution, time::Duration, usl::Scalability};

/// A database cluster.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Name.
    pub name: String,
    /// Its nodes, never none; the first is the first primary.
    pub nodes: Vec<NodeId>,
    /// Whether it stands for Redis rather than PostgreSQL; only shown.
    pub is_redis: bool,
    /// Time of an operation.
    pub operation: Distribution,
    /// Probability that an operation fails.
    pub fail_prob: f64,
    /// Connections of each node; `None` is any number.
    pub connections: Option<u32>,
    /// How operations that a node runs slow each other down; `None` if they do not.
    pub scalability: Option<Scalability>,
    /// Places to wait for a connection; `None` is any number.
    pub queue_limit: Option<u32>,
    /// Probability that a read goes to a replica.
    pub replica_read_share: f64,
    /// When a write is answered.
    pub replication: Replication,
    /// Whether a replica must have applied a write for it to count; if not, receiving it is enough.
    pub needs_applied: bool,
    /// Time from a commit until a replica has the write.
    pub replication_delay: Distribution,
    /// Whether that is on the way rather than in the primary's backlog.
    pub is_delayed_on_wire: bool,
    /// No write is applied before so long after its commit.
    pub apply_delay: Distribution,
    /// How many writes a replica replays at a time; `None` is any number: then what was shipped together is replayed together.
    pub replay_workers: Option<u32>,
    /// Time of a write that is replayed; `None` is that of an operation.
    pub replay_time: Option<Distribution>,
    /// Whether a node has forgotten everything when it comes back.
    pub forgets: bool,
    /// How a dead primary is replaced.
    pub failover: Failover,
}

impl Cluster {
    /// Whether a write waits until replicas have received it.
    pub fn counts_received(&self) -> bool {
        !self.needs_applied && matches!(self.replication, Replication::Sync(_))
    }
}

/// When a write is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replication {
    /// After the primary.
    Async,
    /// After so many replicas, or all that are live, but at least one.
    Sync(Option<u32>),
}

/// How a dead primary is replaced.
#[derive(Clone, Debug)]
pub struct Failover {
    /// Which replica becomes the primary.
    pub strategy: FailoverStrategy,
    /// All nodes (positions within the cluster), the most wanted first; used with `Priority`.
    pub priority: Vec<u32>,
    /// Time between two looks of the monitor, above zero.
    pub monitor_interval: Duration,
    /// Whether a write that finds the primary dead starts it.
    pub on_write: bool,
    /// How long the primary must be away until it is taken for dead.
    pub patience: Duration,
    /// Time of the election that follows.
    pub election_time: Distribution,
    /// Time until clients learn the address of a new primary.
    pub clients_learn: Distribution,
    /// Time until a former primary that can be reached is told that it is none.
    pub demotion_time: Distribution,
    /// Time of a promotion.
    pub promotion_time: Distribution,
    /// When the former primary counts as a replica.
    pub rejoin: Rejoin,
}

/// Which replica becomes the primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailoverStrategy {
    /// Any that is up.
    Random,
    /// The one that lacks the fewest writes.
    MostCaughtUp,
    /// The first of a list.
    Priority,
    /// None.
    None,
}

/// When a former primary counts as a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejoin {
    /// From the failover on.
    AtOnce,
    /// When it is up, has caught up and the monitor looks.
    WhenCaughtUp,
}

/// A database node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its cluster.
    pub cluster: ClusterId,
}
