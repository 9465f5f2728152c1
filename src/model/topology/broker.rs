//! Brokers, their queues and consumers.

use std::ops::Range;

use super::{BrokerId, ConsumerId, InstanceId, MemberId, QueueId, Topology};
use crate::engine::{distribution::Distribution, time::Duration};

/// A broker.
#[derive(Clone, Debug)]
pub struct Broker {
    /// Name.
    pub name: String,
    /// Its queues, positions in [`Topology::queues`](super::Topology::queues).
    pub queues: Range<u32>,
    /// Its nodes, positions in [`Topology::members`](super::Topology::members); at least one.
    pub members: Range<u32>,
    /// How long something takes from one node to another.
    pub between: Distribution,
    /// How long an election of a leader takes.
    pub election_time: Distribution,
    /// Time to publish.
    pub publish: Distribution,
    /// Probability that publishing fails.
    pub fail_prob: f64,
    /// After what time a connection that nothing passes over is given up.
    pub heartbeat: Duration,
    /// Whether it matters how hard a message is to handle, as some consumer cannot handle all of them.
    pub has_poison: bool,
    /// Whether messages are published to exchanges of it, and may lead nowhere.
    pub has_exchanges: bool,
    /// How it writes messages to disk; `None` is at once.
    pub sync: Option<Syncs>,
    /// How long a consumer is away whose connection the broker has closed.
    pub reconnect: Distribution,
}

/// A node of a broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The broker.
    pub broker: BrokerId,
}

/// How messages are written to disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Syncs {
    /// So much later than the one before a sync begins at the earliest.
    pub interval: Duration,
    /// How long one takes.
    pub time: Distribution,
}

/// What a step publishes, and where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The broker.
    pub broker: BrokerId,
    /// The queues that get the message, each once; none if it leads nowhere.
    pub queues: Vec<QueueId>,
    /// Whether an exchange has chosen them.
    pub is_routed: bool,
    /// Whether some of them are quorum queues.
    pub needs_quorum: bool,
    /// How important the message is, as far as the queues know priorities.
    pub priority: u8,
    /// How many milliseconds the message may wait; `None` is for ever.
    pub ttl: Option<u32>,
    /// Whether it is written to disk.
    pub is_persistent: bool,
    /// Whether the publisher waits until the broker has confirmed it.
    pub is_confirmed: bool,
}

/// The longest circle of dead letters that a message knows.
pub const CIRCLE_MAX: u8 = 0x7f;

/// A queue.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Name.
    pub name: String,
    /// Its broker.
    pub broker: BrokerId,
    /// Of what type it is.
    pub kind: QueueKind,
    /// The nodes at which it is, first that which serves it at the beginning; only a quorum queue has several.
    pub members: Vec<MemberId>,
    /// Messages that may wait; `None` is any number.
    pub limit: Option<u32>,
    /// What becomes of a message that finds the queue full.
    pub overflow: Overflow,
    /// How long a message may wait; `None` is for ever.
    pub ttl: Option<Duration>,
    /// Where messages go that expire, are rejected, find no room, or have come back too often; without it they are gone.
    pub dead_letter: Option<QueueId>,
    /// How many queues there are on the circle of dead letters on which it is; 0 if it is on none.
    pub circle: u8,
    /// The highest priority that it knows; 0 if all messages are alike.
    pub max_priority: u8,
    /// How often a message may come back; `None` is any number of times.
    pub delivery_limit: Option<u16>,
    /// Whether its messages outlive the broker's process.
    pub is_durable: bool,
    /// How long a message may be unacknowledged; `None` is for ever.
    pub consumer_timeout: Option<Duration>,
    /// Whether some of its consumers may fail at a message.
    pub may_fail: bool,
    /// Its consumers.
    pub consumers: Vec<ConsumerId>,
}

/// Of what type a queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueKind {
    /// It is where its broker is, and consumers do not notice when that is down for a while.
    Plain,
    /// It is at one node, and who is connected to it loses the connection when that dies.
    Classic,
    /// It is at several nodes, of which more than half must reach each other.
    Quorum,
}

impl Topology {
    /// The first node of a broker.
    pub fn first_member(&self, broker: BrokerId) -> MemberId {
        MemberId(self.brokers[broker.index()].members.start)
    }
}

/// What becomes of a message that finds its queue full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// It is refused.
    Reject,
    /// It is refused, and goes to the dead letters.
    RejectToDeadLetters,
    /// It pushes out the one at the head.
    DropHead,
}

/// One consumer.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// The queue it consumes.
    pub queue: QueueId,
    /// The instance it belongs to, if it belongs to one.
    pub instance: Option<InstanceId>,
    /// The node to which it is connected, whoever serves its queue; `None` is always the one that does.
    pub member: Option<MemberId>,
    /// Time to consume a message.
    pub service_time: Distribution,
    /// Messages it may hold; `None` is any number, else at least 1.
    pub prefetch: Option<u32>,
    /// Probability that it fails at a message.
    pub fail_prob: f64,
    /// Share of messages that it cannot handle, however often they come.
    pub poison: f64,
    /// Whether it rejects messages at which it fails, instead of having them put back.
    pub rejects: bool,
    /// Whether it has been taken away, and may only finish what it is at.
    pub is_retired: bool,
}

impl Consumer {
    /// Whether it may fail at a message.
    pub fn may_fail(&self) -> bool {
        self.fail_prob > 0.0 || self.poison > 0.0
    }
}
