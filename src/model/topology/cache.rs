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
    /// Whether anybody tells it of writes.
    pub is_told: bool,
    /// Whether anybody tells it before the database hears of them.
    pub is_told_first: bool,
}

/// What makes a look-up a hit.
#[derive(Clone, Debug)]
pub enum CacheContent {
    /// Chance.
    HitProb(f64),
    /// The keys it holds.
    Keyed(Keyed),
}

/// What a cache does with its keys.
#[derive(Clone, Debug)]
pub struct Keyed {
    /// Chooses the key of a read, 0 being the most popular.
    pub popularity: WeightedAliasIndex<f64>,
    /// Number of different keys.
    pub keys: u32,
    /// Number of keys that fit.
    pub capacity: u32,
    /// How long a key stays; `None` is for ever.
    pub ttl: Option<Duration>,
    /// Which key leaves.
    pub eviction: Eviction,
    /// How keys that have expired leave before somebody asks for them; `None` if they do not.
    pub active_expire: Option<ActiveExpire>,
    /// The share of that by which it may be shorter or longer.
    pub ttl_jitter: f64,
    /// How eagerly a key is fetched anew before it expires; `None` if it is not.
    pub early_refresh: Option<f64>,
    /// How long a key is served after that, while it is fetched anew.
    pub stale_for: Duration,
    /// Whether it is told what became of keys, as a cache is that is described in words of Redis.
    pub tells_of_keys: bool,
    /// How long a look-up waits for another one that has missed the same key and fetches it; `None` if it fetches the key,
    /// too.
    pub single_flight: Option<Duration>,
}

impl Keyed {
    /// Whether keys that are there may be fetched anew.
    #[inline]
    pub fn refreshes(&self) -> bool {
        self.early_refresh.is_some() || !self.stale_for.is_zero()
    }
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
    /// The best of some that are looked at.
    Sampled(Sampling),
    /// None: what does not fit stays out.
    Never,
}

/// How the key that leaves is found approximately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// What makes a key the best one.
    pub by: Criterion,
    /// So many are looked at for each that leaves.
    pub samples: u32,
}

/// What makes one key leave before another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// That it was used longer ago.
    Idle {
        /// Resolution of the time of its last use.
        clock: Duration,
    },
    /// That it was used more rarely, by a counter of eight bits.
    Frequency {
        /// The higher, the slower the counter grows.
        log_factor: u32,
        /// The counter is one less for each time that it has not been used for so long; zero is never.
        decay_time: Duration,
    },
    /// That it expires sooner.
    Expiry,
}

impl Criterion {
    /// Whether what is known of keys for one means the same for the other.
    pub fn is_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Idle { clock: one }, Self::Idle { clock: other }) => one == other,
            (Self::Frequency { .. }, Self::Frequency { .. }) | (Self::Expiry, Self::Expiry) => true,
            _ => false,
        }
    }
}

/// How keys that have expired leave though nobody asks for them: Redis' active cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveExpire {
    /// Cycles a second.
    pub hz: u32,
    /// How much is done for it, 1 to 10.
    pub effort: u32,
}

impl ActiveExpire {
    /// So many keys are looked at before it is asked whether to go on.
    pub fn keys_per_loop(self) -> u64 {
        20 + 5 * u64::from(self.effort - 1)
    }

    /// A cycle ends when no more than so many in a hundred had expired.
    pub fn acceptable_stale(self) -> u64 {
        10 - u64::from(self.effort - 1)
    }

    /// From one cycle to the next.
    pub fn period(self) -> Duration {
        Duration::from_nanos(1_000_000_000 / u64::from(self.hz.max(1)))
    }
}
