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
    /// How long an operation waits for a connection before it fails; `None` is for ever.
    pub longest_wait: Option<Patience>,
    /// Probability that a read goes to a replica.
    pub replica_read_share: f64,
    /// How a reader gets to see what he has written himself; `None`: by chance.
    pub read_your_writes: Option<ReadYourWrites>,
    /// When a write is answered.
    pub replication: Replication,
    /// How long writes that wait for replicas wait at most, without a connection; `None`: they keep it, and wait.
    pub wait: Option<WaitForReplicas>,
    /// How long a replica that cannot be reached any more is taken for one whose turn it is.
    pub sender_timeout: Duration,
    /// So many replicas must be there, or the primary refuses writes; 0 is none.
    pub min_replicas: u32,
    /// How many whole seconds after its last word one is there that cannot be reached.
    pub min_replicas_max_lag: u64,
    /// Whether a replica must have applied a write for it to count; if not, receiving it is enough.
    pub needs_applied: bool,
    /// Time from a commit until a replica has the write.
    pub replication_delay: Distribution,
    /// Whether that is on the way rather than in the primary's backlog.
    pub is_delayed_on_wire: bool,
    /// No write is applied before so long after its commit.
    pub apply_delay: Distribution,
    /// Delays of nodes that have their own, by place in the cluster; empty if no node has.
    pub own_delays: Vec<OwnDelays>,
    /// How many writes a replica replays at a time; `None` is any number: then what was shipped together is replayed together.
    pub replay_workers: Option<u32>,
    /// Time of a write that is replayed; `None` is that of an operation.
    pub replay_time: Option<Distribution>,
    /// What a node that has been down still has.
    pub persistence: Persistence,
    /// When its nodes write down what they have in memory, and are slow; `None` if that does not show.
    pub checkpoints: Option<Checkpoints>,
    /// How a dead primary is replaced.
    pub failover: Failover,
}

impl Cluster {
    /// Whether a reader may meet a node that lacks what he has written.
    #[inline]
    pub fn is_read_from_replicas(&self) -> bool {
        self.replica_read_share > 0.0 && self.nodes.len() > 1
    }

    /// The time from a commit until a node has the write, and that before which it applies none.
    #[inline]
    pub fn delays_of(&self, node: NodeId) -> (&Distribution, &Distribution) {
        let shared = (&self.replication_delay, &self.apply_delay);
        if self.own_delays.is_empty() {
            return shared;
        }
        let place = self.nodes.iter().position(|&it| it == node);
        match place.and_then(|place| self.own_delays.get(place)) {
            Some(own) => (own.delay.as_ref().unwrap_or(shared.0), own.apply_delay.as_ref().unwrap_or(shared.1)),
            None => shared,
        }
    }

    /// Whether a write waits until replicas have received it.
    pub fn counts_received(&self) -> bool {
        !self.needs_applied && self.replication != Replication::Async
    }
}

/// How a reader gets to see what he has written himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadYourWrites {
    /// For so long after his write he reads at the primary.
    Sticky(Duration),
    /// He reads at a replica that has applied it, or at the primary.
    UpToDate,
    /// A replica that lacks it lets him wait, for so long at most; then he reads at the primary.
    Wait(Duration),
}

/// Delays of a node that has its own.
#[derive(Clone, Debug, Default)]
pub struct OwnDelays {
    /// Time from a commit until it has the write.
    pub delay: Option<Distribution>,
    /// It applies no write before so long after its commit.
    pub apply_delay: Option<Distribution>,
}

/// What a node that has been down still has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// Everything.
    Disk,
    /// What it had when it last wrote it down, which it does at the multiples of this.
    Every(Duration),
    /// Nothing.
    None,
}

/// When nodes write down what they have in memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Checkpoints {
    /// From the beginning of one to that of the next, above zero.
    pub every: Duration,
    /// How long one lasts.
    pub lasting: Duration,
    /// What operations that begin meanwhile take, as a multiple.
    pub factor: f64,
}

/// When a write is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replication {
    /// After the primary.
    Async,
    /// After so many replicas, or all that are live, but at least one.
    Sync(Option<u32>),
    /// After all of the first so many of a list that are live; if there are fewer, it waits.
    First(u32, Vec<u32>),
    /// After so many of a list.
    Any(u32, Vec<u32>),
    /// After so many of those whom the primary has chosen at its latest look, or all that it found; if there are none, after
    /// the primary, or (`is_strict`) it waits.
    Chosen {
        /// How many.
        count: u32,
        /// Whether a write waits if there are none.
        is_strict: bool,
    },
}

/// How long somebody waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// So long.
    pub longest: Duration,
    /// It is looked so often who has waited longer; zero is all the time.
    pub looked_every: Duration,
}

/// Writes that wait for replicas after they have been executed, as Redis's `WAIT` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitForReplicas {
    /// After so long they are answered all the same; `None` is never.
    pub timeout: Option<Duration>,
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
    /// Time that a node with a history of its own needs before it follows a new primary.
    pub rewind_time: Distribution,
    /// What comes of the lease that the primary holds, if it does.
    pub lease: Option<Lease>,
}

/// What comes of a lease that the primary renews at each look of the monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// A primary that cannot renew it refuses writes after so long.
    pub retry_timeout: Duration,
    /// Replicas that lacked more writes than this, of those that the primary had at its latest look, are not promoted.
    pub maximum_lag: Option<u64>,
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
