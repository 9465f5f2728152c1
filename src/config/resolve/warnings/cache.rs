//! Warnings about numbers of caches that cannot come to bear.

use super::{Path, Problems, within};
use crate::config::{
    error::quoted,
    resolve::Number,
    schema::{CacheWrites, Config, Eviction, KeyedConfig},
};

pub(super) fn check(warnings: &mut Problems, config: &Config) {
    for (name, cache) in &config.caches {
        if let Some(keyed) = &cache.keyed {
            // (Redis has it whether keys expire or not.)
            let active_expire = keyed.active_expire.clone().filter(|_| cache.kind.is_none());
            let keyed = KeyedConfig { active_expire, ..keyed.clone() };
            within("caches", name, |path| check_keyed(warnings, &path.key("keyed"), &keyed));
        }
    }
    for (name, service) in &config.services {
        if let Some(used) = &service.cache
            && let Some(span) = used.flush_after.filter(|_| used.writes != Some(CacheWrites::Behind))
        {
            let rule = "has no effect: the database hears of a write at once (`writes` is not `behind`)";
            within("services", name, |path| {
                warnings.found(&path.key("cache").key("flush_after"), Number(span.0), rule)
            });
        }
    }
}

fn check_keyed(warnings: &mut Problems, path: &Path, keyed: &KeyedConfig) {
    let (eviction, ttl) = (keyed.eviction, keyed.ttl);
    let policy = path.key("eviction");
    if let (Some(name), None) = (eviction.volatile_name(), ttl) {
        warnings.found(&policy, quoted(name), "lets nobody leave: without `ttl` no key expires");
    }
    let has_samples = eviction.is_of_redis() && !eviction.is_random() && eviction != Eviction::Noeviction;
    if let (Some(samples), false) = (keyed.samples, has_samples) {
        warnings.found(&path.key("samples"), samples, "has no effect: nobody is looked at under this `eviction`");
    }
    let is_lru = matches!(eviction, Eviction::AllkeysLru | Eviction::VolatileLru);
    if let (Some(clock), false) = (keyed.lru_clock_resolution, is_lru) {
        let rule = "has no effect: only `allkeys-lru` and `volatile-lru` look at such a clock";
        warnings.found(&path.key("lru_clock_resolution"), Number(clock.0), rule);
    }
    let rule = "has no effect: only `allkeys-lfu` and `volatile-lfu` have such a counter";
    let is_lfu = matches!(eviction, Eviction::AllkeysLfu | Eviction::VolatileLfu);
    if let (Some(factor), false) = (keyed.lfu_log_factor, is_lfu) {
        warnings.found(&path.key("lfu_log_factor"), factor, rule);
    }
    if let (Some(time), false) = (keyed.lfu_decay_time, is_lfu) {
        warnings.found(&path.key("lfu_decay_time"), Number(time.0), rule);
    }
    let of_ttl = [
        ("active_expire", keyed.active_expire.is_some()),
        ("ttl_jitter", keyed.ttl_jitter.is_some()),
        ("early_refresh", keyed.early_refresh.is_some()),
        ("stale_while_revalidate", keyed.stale_while_revalidate.is_some()),
    ];
    for (field, _) in of_ttl.iter().filter(|(_, is_there)| *is_there && ttl.is_none()) {
        warnings.report(&path.key(field), "has no effect: without `ttl` no key expires");
    }
}

impl Eviction {
    fn is_random(self) -> bool {
        matches!(self, Self::AllkeysRandom | Self::VolatileRandom | Self::Random)
    }

    /// Its name, if it looks at keys only that expire.
    fn volatile_name(self) -> Option<&'static str> {
        match self {
            Self::VolatileLru => Some("volatile-lru"),
            Self::VolatileLfu => Some("volatile-lfu"),
            Self::VolatileRandom => Some("volatile-random"),
            Self::VolatileTtl => Some("volatile-ttl"),
            _ => None,
        }
    }
}
