//! Caches.

use rand_distr::weighted::WeightedAliasIndex;

use super::{Path, Problems, fault::in_progress, layout::Layout};
use crate::{
    config::{
        limits::{KEYS_MAX, WORKERS_MAX, ZIPF_EXPONENT_MAX},
        schema::{self, CacheConfig, KeyedConfig},
    },
    engine::distribution::Distribution,
    model::topology::{Cache, CacheContent, CacheId, Component, ComponentKind, Eviction},
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
        let template = resolve_cache(problems, &path, config, layout.is_honest);
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
    let eviction = match config.eviction {
        schema::Eviction::Lru => Eviction::Lru,
        schema::Eviction::Lfu => Eviction::Lfu,
        schema::Eviction::Random => Eviction::Random,
    };
    let single_flight = config.single_flight.as_ref();
    let longest_wait = path.key("single_flight");
    let longest_wait = longest_wait.key("longest_wait");
    let single_flight = single_flight.map(|config| problems.span(&longest_wait, config.longest_wait));
    CacheContent::Keyed { popularity, keys, capacity, ttl, eviction, single_flight }
}
