//! Brokers, their queues and consumers.

use std::ops::Range;

use super::{BrokerId, ConsumerId, InstanceId, QueueId};
use crate::engine::distribution::Distribution;

/// A broker.
#[derive(Clone, Debug)]
pub struct Broker {
    /// Name.
    pub name: String,
    /// Its queues, positions in [`Topology::queues`](super::Topology::queues).
    pub queues: Range<u32>,
    /// Time to publish.
    pub publish: Distribution,
    /// Probability that publishing fails.
    pub fail_prob: f64,
}

/// A queue.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Name.
    pub name: String,
    /// Its broker.
    pub broker: BrokerId,
    /// Messages that may wait; `None` is any number.
    pub limit: Option<u32>,
    /// Whether a message that finds the queue full pushes out the oldest instead of being refused.
    pub drop_head: bool,
    /// Its consumers.
    pub consumers: Vec<ConsumerId>,
}

/// One consumer.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// The queue it consumes.
    pub queue: QueueId,
    /// The instance it belongs to, if it belongs to one.
    pub instance: Option<InstanceId>,
    /// Time to consume a message.
    pub service_time: Distribution,
    /// Messages it may hold; `None` is any number, else at least 1.
    pub prefetch: Option<u32>,
    /// Whether it has been taken away, and may only finish what it is at.
    pub is_retired: bool,
}
