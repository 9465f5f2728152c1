//! Whom an instance lets in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;

use super::{Seconds, policy::one};
use crate::config::limits::{RETRY_BURST_MAX, WORKERS_MAX};

/// Whom an instance lets in, of those who have reached it; the others are refused at once (503), before they wait for anything.
/// Who is let in is inside until the request is answered, whatever it waits for.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AdmissionConfig {
    /// So many at a time.
    Concurrency(ConcurrencyConfig),
    /// So many a second.
    Rate(RateConfig),
    /// So many at a time as failures allow: a limit that grows by one and shrinks by a share.
    Aimd(AimdConfig),
    /// So many at a time as latency allows: a limit that shrinks when requests take longer than usual.
    Gradient(GradientConfig),
}

/// A fixed limit on requests inside.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConcurrencyConfig {
    /// So many, 1 to 1 000 000.
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    #[default = 20]
    pub max: u32,
    /// Share of the limit that each class leaves free for the one above it, so that the lowest is refused first: class k
    /// (`priority` of groups and endpoints) has (1 - reserve)^k of it, rounded up. They are the guard channels of mobile
    /// telephony (Hong and Rappaport, 1986).
    #[schemars(range(min = 0.0, max = 1.0))]
    #[default = 0.1]
    pub reserve: f64,
}

/// A bucket of tokens, one taken by each request.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateConfig {
    /// Tokens added per second, above 0.
    pub rate: f64,
    /// Most tokens that the bucket holds; it starts full. 1 to 1 000 000.
    #[serde(default = "one")]
    #[schemars(range(min = 1.0, max = RETRY_BURST_MAX))]
    pub burst: f64,
    /// Share of the bucket that each class leaves for the one above it, so that the lowest is refused first.
    #[serde(default = "tenth")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub reserve: f64,
}

/// Additive increase, multiplicative decrease, with the rules and defaults of `AIMDLimit` in Netflix's concurrency-limits: the
/// limit grows by one with each request that succeeds in time while at least half of it is used, and shrinks with each one
/// that is dropped for want of room or time, or takes too long. Other failures do not count.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AimdConfig {
    /// The limit at first, kept between the lowest and the highest one. 1 to 1 000 000.
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    #[default = 20]
    pub initial: u32,
    /// Lowest limit, 1 to 1 000 000.
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    #[default = 20]
    pub min: u32,
    /// Highest limit, 1 to 1 000 000.
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    #[default = 200]
    pub max: u32,
    /// What the limit is multiplied by after a failure, 0.5 to 1.
    #[schemars(range(min = 0.5, max = 1.0))]
    #[default = 0.9]
    pub backoff: f64,
    /// A request that is inside for longer counts as a failure.
    #[default(Seconds(5.0))]
    pub timeout: Seconds,
    /// Share of the limit that each class leaves free for the one above it, so that the lowest is refused first.
    #[schemars(range(min = 0.0, max = 1.0))]
    #[default = 0.1]
    pub reserve: f64,
}

/// A limit by latency, with the rules and defaults of `Gradient2Limit` and `WindowedLimit` in Netflix's concurrency-limits: at
/// the end of each window the limit moves towards itself times (usual latency × tolerance ÷ latency now), at least a half
/// and at most 1, plus the queue. Only requests that succeed count.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GradientConfig {
    /// The limit at first, kept between the lowest and the highest one. 1 to 1 000 000.
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    #[default = 20]
    pub initial: u32,
    /// Lowest limit, 1 to 1 000 000.
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    #[default = 20]
    pub min: u32,
    /// Highest limit, 1 to 1 000 000.
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    #[default = 200]
    pub max: u32,
    /// Requests that may wait, by which the limit grows while latency is low. 0 to 1 000 000.
    #[schemars(range(min = 0.0, max = RETRY_BURST_MAX))]
    #[default = 4.0]
    pub queue: f64,
    /// How far the limit moves towards its new value, above 0.
    #[schemars(range(min = 0.0, max = 1.0))]
    #[default = 0.2]
    pub smoothing: f64,
    /// Latency may be so many times the usual one before the limit shrinks, 1 to 1000.
    #[schemars(range(min = 1.0, max = 1000.0))]
    #[default = 1.5]
    pub tolerance: f64,
    /// Windows over which the usual latency is averaged, 1 to 1 000 000.
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    #[default = 600]
    pub long_window: u32,
    /// Shortest window.
    #[default(Seconds(1.0))]
    pub window: Seconds,
    /// Fewest requests in a window, 1 to 1 000 000.
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    #[default = 10]
    pub samples: u32,
    /// Share of the limit that each class leaves free for the one above it, so that the lowest is refused first.
    #[schemars(range(min = 0.0, max = 1.0))]
    #[default = 0.1]
    pub reserve: f64,
}

const fn tenth() -> f64 {
    0.1
}
