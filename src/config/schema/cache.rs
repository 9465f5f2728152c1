//! Caches.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{DistributionConfig, OutagesConfig, Seconds};
use crate::config::limits::{
    EARLY_REFRESH_MAX, EXPIRE_EFFORT_MAX, EXPIRE_HZ_MAX, KEYS_MAX, LFU_LOG_FACTOR_MAX, SAMPLES_MAX, ZIPF_EXPONENT_MAX,
};

/// A cache. Give it either `hit_prob` or `keyed`.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CacheConfig {
    /// The product: it brings its defaults wherever nothing else is said. Without it: the neutral model.
    pub kind: Option<CacheKind>,
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
    /// The share of `ttl`, 0 to 1, by which it is made shorter or longer at random for each key, evenly: 0.1 is ±10 %. So keys
    /// that were filled together do not expire together. Without it: 0.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub ttl_jitter: Option<f64>,
    /// A key that is about to expire is fetched anew in the background before, with a probability that grows: at a hit, if now
    /// − δ·β·ln U is past its expiry, where δ is how long it took to fetch it and U is random. Without `single_flight` everybody
    /// decides for himself, with it one at a time fetches it. Without it: a key is fetched when somebody misses it.
    pub early_refresh: Option<EarlyRefreshConfig>,
    /// How long a key is served after it has expired while one fetches it anew in the background (RFC 5861; nginx's
    /// `proxy_cache_background_update`). Without it: not at all.
    pub stale_while_revalidate: Option<Seconds>,
    /// Which key leaves when the cache is full: exactly, or as Redis finds it, by its own names (`maxmemory-policy`).
    pub eviction: Eviction,
    /// With Redis' `lru`, `lfu` and `ttl`: how many keys are looked at for each that leaves (`maxmemory-samples`), 1 to 64.
    /// Without it: 5, Redis' default.
    #[schemars(range(min = 1, max = SAMPLES_MAX))]
    pub samples: Option<u32>,
    /// With `allkeys-lru` and `volatile-lru`: resolution of the time of a key's last use (`LRU_CLOCK_RESOLUTION`). Keys used
    /// within the same such time are alike. Without it: 1 s, as Redis is built.
    pub lru_clock_resolution: Option<Seconds>,
    /// With `allkeys-lfu` and `volatile-lfu`: how slowly the counter of a key's uses grows (`lfu-log-factor`); a use counts
    /// with probability 1 / (factor × (counter − 5) + 1). Without it: 10, Redis' default.
    #[schemars(range(min = 0, max = LFU_LOG_FACTOR_MAX))]
    pub lfu_log_factor: Option<u32>,
    /// With `allkeys-lfu` and `volatile-lfu`: the counter is one less for each time that a key is not used for so long
    /// (`lfu-decay-time`, in minutes there); 0 is never. Without it: 1 min, Redis' default.
    pub lfu_decay_time: Option<Seconds>,
    /// Keys that have expired leave though nobody asks for them, as in Redis. Without it: when they are asked for.
    pub active_expire: Option<ActiveExpireConfig>,
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

/// How keys are fetched anew before they expire.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EarlyRefreshConfig {
    /// How eagerly, β: 0 is never, more than 1 earlier than would be best. 0 to 1000.
    #[schemars(range(min = 0.0, max = EARLY_REFRESH_MAX))]
    #[default = 1.0]
    pub beta: f64,
}

/// How a cache looks for keys that have expired: in cycles, as Redis does. A cycle looks at 20 keys, and at more while more than
/// a tenth of them had expired. (Redis' limit on the time that this takes is left out.)
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ActiveExpireConfig {
    /// Cycles a second (`hz`), 1 to 500.
    #[schemars(range(min = 1, max = EXPIRE_HZ_MAX))]
    #[default = 10]
    pub hz: u32,
    /// How much is done (`active-expire-effort`), 1 to 10: each step is 5 keys more at a time, and one per cent less of
    /// expired ones that is put up with.
    #[schemars(range(min = 1, max = EXPIRE_EFFORT_MAX))]
    #[default = 1]
    pub effort: u32,
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
    /// Redis: the one not used for longest of those that have been looked at (`samples`), by a clock of a second.
    #[serde(rename = "allkeys-lru")]
    AllkeysLru,
    /// Redis: the one with the lowest counter of those that have been looked at.
    #[serde(rename = "allkeys-lfu")]
    AllkeysLfu,
    /// Redis: any, the same as `random`.
    #[serde(rename = "allkeys-random")]
    AllkeysRandom,
    /// Redis: the same as `allkeys-lru` among keys with a `ttl`; without one, nobody leaves.
    #[serde(rename = "volatile-lru")]
    VolatileLru,
    /// Redis: the same as `allkeys-lfu` among keys with a `ttl`; without one, nobody leaves.
    #[serde(rename = "volatile-lfu")]
    VolatileLfu,
    /// Redis: any of the keys with a `ttl`; without one, nobody leaves.
    #[serde(rename = "volatile-random")]
    VolatileRandom,
    /// Redis: the one that expires soonest of those that have been looked at; without a `ttl`, nobody leaves.
    #[serde(rename = "volatile-ttl")]
    VolatileTtl,
    /// Redis: nobody leaves, and what does not fit does not get in.
    #[serde(rename = "noeviction")]
    Noeviction,
}

impl Eviction {
    /// Whether it is a policy of Redis.
    pub fn is_of_redis(self) -> bool {
        !matches!(self, Self::Lru | Self::Lfu | Self::Random)
    }
}

/// A product that caches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CacheKind {
    /// Redis: one command at a time; with keys `noeviction`, and expired keys are looked for ten times a second.
    Redis,
}
