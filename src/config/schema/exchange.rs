//! Exchanges of a message broker, and the bindings that lead from them to queues.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// An exchange: messages are published to it with a routing key, and its bindings say which queues get them.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ExchangeConfig {
    /// How the routing key of a message is compared with those of the bindings.
    #[serde(rename = "type")]
    pub kind: ExchangeType,
    /// Which queues get its messages. A queue to which several bindings lead gets a message once.
    pub bindings: Vec<BindingConfig>,
    /// Another exchange of the same broker to which messages go that no binding leads anywhere; from there they go on in the same
    /// way, but never twice to the same one. Without it such messages are dropped, and yet confirmed. RabbitMQ's
    /// `alternate-exchange`.
    pub alternate: Option<String>,
}

/// How an exchange compares routing keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExchangeType {
    /// They must be the same.
    #[default]
    Direct,
    /// A binding's key is a pattern of words between dots: `*` is any one word, `#` any number of words, none too.
    Topic,
    /// Not at all: each binding gets each message.
    Fanout,
}

/// A binding of an exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BindingConfig {
    /// Name of the queue that gets the messages.
    pub queue: String,
    /// The routing key that messages must have, at most 255 bytes. A `fanout` exchange does not look at it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub routing_key: String,
}
