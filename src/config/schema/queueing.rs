//! Who is dropped out of a queue.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;

use super::Seconds;

/// Controlled delay, as in RFC 8289: once every request of an interval has waited longer than the target, one that comes out
/// of the queue is dropped (503) instead of being served, and then more and more of them, until waits are short again.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CodelConfig {
    /// A wait that may last.
    #[default(Seconds(0.005))]
    pub target: Seconds,
    /// For so long waits must have been longer before a request is dropped, at least a microsecond.
    #[default(Seconds(0.1))]
    pub interval: Seconds,
}
