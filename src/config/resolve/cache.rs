//! Caches.

use rand_distr::weighted::WeightedAliasIndex;

use super::{Path, Problems, fault::in_progress, layout::Layout};
use crate::{
    config::{
        limits::{
            CLOCK_SECONDS_MIN, EARLY_REFRESH_MAX, EXPIRE_EFFORT_MAX, EXPIRE_HZ_MAX, KEYS_MAX, LFU_LOG_FACTOR_MAX,
            SAMPLES_MAX, WORKERS_MAX, ZIPF_EXPONENT_MAX,
        },
        schema::{self, ActiveExpireConfig, CacheConfig, CacheWrites, KeyedConfig, Seconds},
    },
    engine::{distribution::Distribution, time::Duration},
    model::topology::{
        ActiveExpire, Cache, CacheContent, CacheId, Component, ComponentKind, Criterion, Eviction, Keyed, Sampling,
    },
};

/// What comes of the caches.
pub(super) struct Caches {
    pub caches: Vec<Cache>,
    pub components: Vec<Component>,
}

pub(super) fn resolve(problems: &mut Problems, layout: &Layout) -> Caches {
    let mut made = Caches { caches: Vec::new(), components: Vec::new() };
    for ((name, config), copies) in layout.config.caches.iter().zip(&layout.caches) {
        let root = Path::Root;
        let list = root.key("caches");
        let path = list.key(name);
        let mut template = resolve_cache(problems, &path, config, layout.is_honest);
        let told = layout.config.services.values().filter_map(|service| service.cache.as_ref());
        for used in told.filter(|used| used.name == *name && used.writes.is_some()) {
            template.is_told = true;
            template.is_told_first |= used.writes == Some(CacheWrites::Behind);
        }
        let outages = problems.outages(&path, config.outages.as_ref());
        for copy in 0..copies.count {
            let name = copies.name(name, copy);
            let kind = ComponentKind::Cache(CacheId(made.caches.len() as u32));
            made.components.push(Component {
                name: name.clone(),
                kind,
                outages: outages.clone(),
                in_progress: in_progress(config.outages.as_ref()),
                is_retired: false,
            });
            made.caches.push(Cache { name, ..template.clone() });
        }
    }
    made
}

/// A cache still without name.
fn resolve_cache(problems: &mut Problems, path: &Path, config: &CacheConfig, may_be_large: bool) -> Cache {
    let operation = match &config.operation {
        Some(operation) => problems.distribution(&path.key("operation"), operation),
        None => {
            problems.report(&path.key("operation"), "is missing (how long does a look-up take?)");
            Distribution::ZERO
        }
    };
    let content = match (config.hit_prob, &config.keyed) {
        (Some(prob), None) => CacheContent::HitProb(problems.probability(&path.key("hit_prob"), prob)),
        (None, Some(keyed)) => resolve_keyed(problems, &path.key("keyed"), keyed, may_be_large),
        (Some(_), Some(_)) => {
            problems.report(path, "has both `hit_prob` and `keyed` (one of them)");
            CacheContent::HitProb(0.0)
        }
        (None, None) => {
            problems.report(path, "needs `hit_prob` or `keyed`");
            CacheContent::HitProb(0.0)
        }
    };
    Cache {
        name: String::new(),
        operation,
        fail_prob: problems.probability(&path.key("fail_prob"), config.fail_prob),
        connections: problems.count_if(&path.key("connections"), config.connections, 1..=WORKERS_MAX),
        content,
        is_told: false,
        is_told_first: false,
    }
}

fn resolve_keyed(problems: &mut Problems, path: &Path, config: &KeyedConfig, may_be_large: bool) -> CacheContent {
    let keys = problems.count(&path.key("keys"), config.keys, 1..=KEYS_MAX);
    let capacity = problems.count(&path.key("capacity"), config.capacity, 1..=KEYS_MAX);
    let exponent = config.zipf_exponent;
    let exponent =
        problems.within(&path.key("zipf_exponent"), exponent, 0.0..=ZIPF_EXPONENT_MAX, "an exponent, 0 to 10");
    let ttl = config.ttl.map(|ttl| problems.span(&path.key("ttl"), ttl));
    let popular = if may_be_large { keys } else { 1 };
    let weights = (1..=popular).map(|rank| libm::pow(f64::from(rank), -exponent)).collect();
    let Ok(popularity) = WeightedAliasIndex::new(weights) else {
        problems.report(path, "gives no key any weight");
        return CacheContent::HitProb(0.0);
    };
    let single_flight = config.single_flight.as_ref();
    let longest_wait = path.key("single_flight");
    let longest_wait = longest_wait.key("longest_wait");
    CacheContent::Keyed(Keyed {
        popularity,
        keys,
        capacity,
        ttl,
        eviction: resolve_eviction(problems, path, config),
        active_expire: config.active_expire.as_ref().map(|config| resolve_active_expire(problems, path, config)),
        ttl_jitter: problems.within(
            &path.key("ttl_jitter"),
            config.ttl_jitter.unwrap_or(0.0),
            0.0..=1.0,
            "a share, 0 to 1",
        ),
        early_refresh: config.early_refresh.as_ref().map(|config| {
            let path = path.key("early_refresh");
            problems.within(&path.key("beta"), config.beta, 0.0..=EARLY_REFRESH_MAX, "a factor, 0 to 1000")
        }),
        stale_for: config
            .stale_while_revalidate
            .map_or(Duration::ZERO, |span| problems.span(&path.key("stale_while_revalidate"), span)),
        tells_of_keys: config.active_expire.is_some() || config.eviction.is_of_redis(),
        single_flight: single_flight.map(|config| problems.span(&longest_wait, config.longest_wait)),
    })
}

fn resolve_eviction(problems: &mut Problems, path: &Path, config: &KeyedConfig) -> Eviction {
    let samples = config.samples.unwrap_or(5);
    let samples = problems.count(&path.key("samples"), samples, 1..=SAMPLES_MAX);
    let clock = config.lru_clock_resolution.unwrap_or(Seconds(1.0));
    let clock = problems.span_from(&path.key("lru_clock_resolution"), clock, CLOCK_SECONDS_MIN);
    let log_factor = config.lfu_log_factor.unwrap_or(10);
    let log_factor = problems.count(&path.key("lfu_log_factor"), log_factor, 0..=LFU_LOG_FACTOR_MAX);
    let decay_time = problems.span(&path.key("lfu_decay_time"), config.lfu_decay_time.unwrap_or(Seconds(60.0)));
    let sampled = |by| Eviction::Sampled(Sampling { by, samples });
    let by_frequency = sampled(Criterion::Frequency { log_factor, decay_time });
    let is_volatile = config.ttl.is_some();
    match config.eviction {
        schema::Eviction::Lru => Eviction::Lru,
        schema::Eviction::Lfu => Eviction::Lfu,
        schema::Eviction::Random | schema::Eviction::AllkeysRandom => Eviction::Random,
        schema::Eviction::AllkeysLru => sampled(Criterion::Idle { clock }),
        schema::Eviction::AllkeysLfu => by_frequency,
        schema::Eviction::VolatileLru if is_volatile => sampled(Criterion::Idle { clock }),
        schema::Eviction::VolatileLfu if is_volatile => by_frequency,
        schema::Eviction::VolatileRandom if is_volatile => Eviction::Random,
        schema::Eviction::VolatileTtl if is_volatile => sampled(Criterion::Expiry),
        schema::Eviction::VolatileLru
        | schema::Eviction::VolatileLfu
        | schema::Eviction::VolatileRandom
        | schema::Eviction::VolatileTtl
        | schema::Eviction::Noeviction => Eviction::Never,
    }
}

fn resolve_active_expire(problems: &mut Problems, path: &Path, config: &ActiveExpireConfig) -> ActiveExpire {
    let path = path.key("active_expire");
    ActiveExpire {
        hz: problems.count(&path.key("hz"), config.hz, 1..=EXPIRE_HZ_MAX),
        effort: problems.count(&path.key("effort"), config.effort, 1..=EXPIRE_EFFORT_MAX),
    }
}
