//! Caches.

use rand_distr::weighted::WeightedAliasIndex;

use crate::engine::{distribution::Distribution, time::Duration};

/// A cache.
#[derive(Clone, Debug)]
pub struct Cache {
    /// Name.
    pub name: String,
    /// Time of a look-up.
    pub operation: Distribution,
    /// Probability that a look-up fails.
    pub fail_prob: f64,
    /// Look-ups at a time; `None` is any number.
    pub connections: Option<u32>,
    /// What makes a hit.
    pub content: CacheContent,
}

/// What makes a look-up a hit.
#[derive(Clone, Debug)]
pub enum CacheContent {
    /// Chance.
    HitProb(f64),
    /// The keys it holds.
    Keyed {
        /// Chooses the key of a read, 0 being the most popular.
        popularity: WeightedAliasIndex<f64>,
        /// Number of different keys.
        keys: u32,
        /// Number of keys that fit.
        capacity: u32,
        /// How long a key stays; `None` is for ever.
        ttl: Option<Duration>,
        /// Which key leaves.
        eviction: Eviction,
        /// How long a look-up waits for another one that has missed the same key and fetches it; `None` if it fetches the key,
        /// too.
        single_flight: Option<Duration>,
    },
}

/// Which key leaves a full cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eviction {
    /// Least recently used.
    Lru,
    /// Least frequently used.
    Lfu,
    /// Any.
    Random,
}
