//! The message broker, its queues and their consumers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{DistributionConfig, Named, OutagesConfig};
use crate::config::limits::CONSUMERS_MAX;

/// A message broker.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BrokerConfig {
    /// Time from publishing a message until it stands in its queue.
    pub publish: DistributionConfig,
    /// Probability that publishing fails, after it has taken its time.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub fail_prob: f64,
    /// Outages. While it is down nothing is published and nothing is delivered. Without it: none.
    pub outages: Option<OutagesConfig>,
    /// Queues by name.
    pub queues: Named<QueueConfig>,
}

/// A queue of messages.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QueueConfig {
    /// Messages that may wait, ready to be delivered. Without it: any number.
    pub limit: Option<u32>,
    /// What happens to a message that finds the queue full.
    pub overflow: Overflow,
    /// Who takes the messages.
    pub consumers: Vec<ConsumerConfig>,
}

/// What happens when a message finds its queue full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Overflow {
    /// Publishing fails.
    #[default]
    Reject,
    /// The oldest message that waits is dropped; publishing succeeds.
    DropHead,
}

/// A kind of consumer of a queue.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConsumerConfig {
    /// The service whose instances consume: `count` consumers on each, which stop while the instance is
    /// down. Without it the consumers belong to nobody and never stop.
    pub service: Option<String>,
    /// Number of consumers (on each instance), 1 to 1000.
    #[schemars(range(min = 1, max = CONSUMERS_MAX))]
    #[default = 1]
    pub count: u32,
    /// Time to consume a message.
    pub service_time: Option<DistributionConfig>,
    /// Messages that a consumer may hold unacknowledged; it works on one at a time. 0: any number.
    #[default = 1]
    pub prefetch: u32,
}
