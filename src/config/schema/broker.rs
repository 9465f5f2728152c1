//! The message broker, its queues and their consumers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{DistributionConfig, ExchangeConfig, Named, OutagesConfig, Seconds};
use crate::config::limits::{BROKER_NODES_MAX, CONSUMERS_MAX, DELIVERY_LIMIT_MAX, MESSAGE_PRIORITY_MAX};

/// A message broker.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BrokerConfig {
    /// The product: it brings its defaults wherever nothing else is said. Without it: the neutral model.
    pub kind: Option<BrokerKind>,
    /// Time from publishing a message until it stands in its queue.
    pub publish: DistributionConfig,
    /// Probability that publishing fails, after it has taken its time.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub fail_prob: f64,
    /// Outages. While it is down nothing is published and nothing is delivered; what consumers have they finish, and the broker
    /// will know. Without it: none.
    pub outages: Option<OutagesConfig>,
    /// When nothing passes between the broker and a consumer of a service for so long (a partition of the network), the broker
    /// gives the connection up: whatever the consumer had goes back into the queue. If messages pass again before, nothing is
    /// lost. RabbitMQ's heartbeat timeout.
    #[default(Seconds(60.0))]
    pub heartbeat: Seconds,
    /// Number of its nodes, 1 to 100. Several are components of their own, `Rabbit/0` and so on, and each queue is at one of them, or at
    /// some.
    #[schemars(range(min = 1, max = BROKER_NODES_MAX))]
    #[default = 1]
    pub nodes: u32,
    /// One-way time between two of its nodes.
    pub between_nodes: DistributionConfig,
    /// How long it takes from the moment at which a quorum queue has lost its leader until it has another one.
    #[default(DistributionConfig::constant(1.0))]
    pub election_time: DistributionConfig,
    /// How messages are written to disk: persistent ones are confirmed only then, and what is not on disk yet is lost when the
    /// broker's process dies. Without it: at once.
    pub sync: Option<SyncConfig>,
    /// How long a consumer is away whose connection or channel the broker has closed. (The Java client tries again after 5
    /// seconds.)
    #[default(DistributionConfig::constant(5.0))]
    pub reconnect: DistributionConfig,
    /// Queues by name.
    pub queues: Named<QueueConfig>,
    /// Exchanges by name. Without them messages are published straight to a queue.
    pub exchanges: Named<ExchangeConfig>,
}

/// How messages are written to disk: a sync takes all that has come before it began. Who comes later waits for the next one.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SyncConfig {
    /// So much later than the one before a sync begins at the earliest; after a longer silence it begins at once. RabbitMQ's classic
    /// queues sync every 200 milliseconds under load, or when they are idle.
    #[default(Seconds(0.2))]
    pub interval: Seconds,
    /// How long a sync takes.
    pub time: DistributionConfig,
}

/// A queue of messages.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QueueConfig {
    /// How its messages are kept. Without it: at a broker of one node they are where the broker is, whose consumers keep their
    /// connections while it is down; at one of several nodes it is a `classic` queue.
    #[serde(rename = "type")]
    pub kind: Option<QueueType>,
    /// The node at which it is, from 0; for a quorum queue the one that leads it at the beginning. Without it: queues take turns.
    pub node: Option<u32>,
    /// At how many nodes a quorum queue is, 1 to 100, from `node` on. Without it: at three, or at all if there are fewer. RabbitMQ's
    /// `x-quorum-initial-group-size`.
    #[schemars(range(min = 1, max = BROKER_NODES_MAX))]
    pub members: Option<u32>,
    /// Messages that may wait, ready to be delivered. Without it: any number.
    pub limit: Option<u32>,
    /// What happens to a message that finds the queue full.
    pub overflow: Overflow,
    /// How long a message may wait in the queue; then it expires, at the latest when it gets to the head, and not while a consumer
    /// has it. 0: what cannot be delivered at once expires. Without it: for ever. RabbitMQ's `x-message-ttl`.
    pub message_ttl: Option<Seconds>,
    /// Another queue of the same broker to which messages go that expire, are rejected by a consumer, find the queue full (with
    /// `drop_head` and `reject_publish_dlx`) or reach the delivery limit. A message that comes round in a circle without having
    /// been rejected is dropped. Without it: all these are gone.
    pub dead_letter: Option<String>,
    /// Highest priority of messages that the queue knows, 0 to 255. A message has that of the step that publishes it, or this one
    /// if that is higher; the head of the queue is the oldest message of the highest priority. 0: all messages are alike.
    #[schemars(range(min = 0, max = MESSAGE_PRIORITY_MAX))]
    pub max_priority: u32,
    /// How often a message may come back into the queue, 0 to 10000, whether a consumer failed at it or lost it; once more, and
    /// it goes to the dead letters. Without it: any number, but 20 for a quorum queue, as in RabbitMQ since 4.0.
    #[schemars(range(min = 0, max = DELIVERY_LIMIT_MAX))]
    pub delivery_limit: Option<u32>,
    /// Whether its messages are still there when the broker comes back after its process has died (a crash that loses its work).
    #[default = true]
    pub durable: bool,
    /// How long a consumer may leave a message unacknowledged; then the broker closes its channel, and all that it had goes back
    /// into the queue. It is there again after `reconnect`. RabbitMQ has 30 minutes, and looks once a minute; here it is noticed at
    /// once. Without it: for ever.
    pub consumer_timeout: Option<Seconds>,
    /// Who takes the messages.
    pub consumers: Vec<ConsumerConfig>,
}

/// How messages of a queue are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QueueType {
    /// At one node. While that is down nothing can be published to it or consumed of it. When its process has died, messages that
    /// were on disk are there again, and consumers have lost their connections: what they had is delivered again.
    Classic,
    /// At several nodes, one of which leads. A message is confirmed, and delivered, when more than half of them have it; while fewer reach
    /// each other, nobody can publish or consume, and publishers wait. When the leader goes down another one is elected, and consumers
    /// that were connected to it have lost their connections. Always durable, without priorities, and without `reject_publish_dlx`.
    Quorum,
}

/// What happens when a message finds its queue full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Overflow {
    /// Publishing fails.
    #[default]
    Reject,
    /// The message at the head, the oldest that waits, is dropped (or goes to the dead letters); publishing succeeds.
    DropHead,
    /// Publishing fails, and the message goes to the dead letters.
    RejectPublishDlx,
}

/// What a consumer does with a message at which it fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// It goes back to where it was in the queue, and is delivered again; in a quorum queue it goes behind all that wait, as in
    /// RabbitMQ with a delivery limit.
    #[default]
    Requeue,
    /// It goes to the dead letters of the queue; without any it is gone.
    Reject,
}

/// A kind of consumer of a queue.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConsumerConfig {
    /// The service whose instances consume: `count` consumers on each, which stop while the instance is
    /// down. Without it the consumers belong to nobody and never stop.
    pub service: Option<String>,
    /// The node of the broker to which they are connected, from 0, which hands on what other nodes serve (in no time): when a quorum
    /// queue loses its leader at another node they keep their connections, and what they have. While that node is down they are
    /// connected to the one that serves the queue. Without it: always to that one.
    pub node: Option<u32>,
    /// Number of consumers (on each instance), 1 to 1000.
    #[schemars(range(min = 1, max = CONSUMERS_MAX))]
    #[default = 1]
    pub count: u32,
    /// Time to consume a message.
    pub service_time: Option<DistributionConfig>,
    /// Messages that a consumer may hold unacknowledged, also those on their way to it and those whose acknowledgement is on its
    /// way back; it works on one at a time. 0: any number.
    #[default = 1]
    pub prefetch: u32,
    /// Probability that it fails at a message, after it has taken its time.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub fail_prob: f64,
    /// Share of messages that it cannot handle, however often they come (poison messages). Which these are is drawn once for each
    /// message when it is published.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub poison: f64,
    /// What happens to a message at which it fails.
    pub on_failure: OnFailure,
}

/// A product that passes messages on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BrokerKind {
    /// RabbitMQ: syncs every 200 ms, elections of 0.14 to 0.57 s (as measured with RabbitMQ 3.10, whose process was killed), consumers
    /// may hold any number of messages (prefetch 0) and have 30 minutes for each.
    Rabbitmq,
}
