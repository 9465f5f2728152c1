//! Caches.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{DistributionConfig, OutagesConfig, Seconds};
use crate::config::limits::{KEYS_MAX, ZIPF_EXPONENT_MAX};

/// A cache. Give it either `hit_prob` or `keyed`.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CacheConfig {
    /// Time of a look-up.
    pub operation: Option<DistributionConfig>,
    /// Probability that a look-up fails, after it has taken its time.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub fail_prob: f64,
    /// Outages. Without it: none.
    pub outages: Option<OutagesConfig>,
    /// Look-ups that run at a time. Without it: any number.
    pub connections: Option<u32>,
    /// Probability that a look-up finds what it asks for, whatever was asked before.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub hit_prob: Option<f64>,
    /// Keys, places and eviction, for a cache whose hits follow from what it holds.
    pub keyed: Option<KeyedConfig>,
}

/// A cache that knows its keys.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KeyedConfig {
    /// Number of different keys, 1 to 1 000 000.
    #[schemars(range(min = 1, max = KEYS_MAX))]
    #[default = 1000]
    pub keys: u32,
    /// Exponent of the Zipf law of their popularity, 0 (all alike) to 10.
    #[schemars(range(min = 0.0, max = ZIPF_EXPONENT_MAX))]
    #[default = 1.0]
    pub zipf_exponent: f64,
    /// Number of keys that fit.
    #[schemars(range(min = 1, max = KEYS_MAX))]
    #[default = 100]
    pub capacity: u32,
    /// How long a key stays after it was filled. Without it: until it is evicted.
    pub ttl: Option<Seconds>,
    /// Which key leaves when the cache is full.
    pub eviction: Eviction,
    /// Of all who miss the same key at a time, one fetches it, and the others wait for him (nginx's `proxy_cache_lock`, Go's
    /// `singleflight`). Without it: everybody fetches what he misses.
    pub single_flight: Option<SingleFlightConfig>,
}

/// How those who miss a key wait for the one who fetches it. If he fails, the next one fetches it.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SingleFlightConfig {
    /// How long one waits before he fetches the key for himself, without filling the cache: nginx's
    /// `proxy_cache_lock_timeout`, 5 s there.
    #[default(Seconds(5.0))]
    pub longest_wait: Seconds,
}

/// Which key leaves a full cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Eviction {
    /// The least recently used one.
    #[default]
    Lru,
    /// The least frequently used one since it was filled; ties go to the least recently used.
    Lfu,
    /// Any, equally likely.
    Random,
}
