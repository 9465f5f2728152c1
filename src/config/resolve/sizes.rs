//! Sizes that multiply, and so exhaust the memory although each factor is modest.

use super::{Path, Problems, copies::Copies};
use crate::config::{
    limits::{ALL_CONSUMERS_MAX, ALL_INSTANCES_MAX, ALL_KEYS_MAX, ALL_NODES_MAX, BROKER_NODES_MAX, REPLICAS_MAX},
    schema::Config,
};

/// Checks the totals.
pub(super) fn check_totals(
    problems: &mut Problems,
    config: &Config,
    counts: &[u32],
    clusters: &[Copies],
    caches: &[Copies],
) {
    let root = Path::Root;
    let instances: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    check_total(problems, &root.key("services"), "instances", instances, ALL_INSTANCES_MAX);
    let nodes = config.db_clusters.iter().zip(clusters).map(|((_, cluster), copies)| {
        let replicas = cluster.replicas.min(REPLICAS_MAX);
        u64::from(replicas + 1) * u64::from(copies.count)
    });
    check_total(problems, &root.key("db_clusters"), "nodes", nodes.sum(), ALL_NODES_MAX);
    let keys = config.caches.iter().zip(caches).map(|((_, cache), copies)| {
        let keys = cache.keyed.as_ref().map_or(0, |keyed| keyed.keys);
        u64::from(keys) * u64::from(copies.count)
    });
    check_total(problems, &root.key("caches"), "keys", keys.sum(), ALL_KEYS_MAX);
    let nodes = config.brokers.values().map(|broker| u64::from(broker.nodes.min(BROKER_NODES_MAX)));
    check_total(problems, &root.key("brokers"), "nodes", nodes.sum(), ALL_NODES_MAX);
    let queues = config.brokers.iter().flat_map(|(_, broker)| broker.queues.iter());
    let consumers = queues.flat_map(|(_, queue)| &queue.consumers).map(|consumer| {
        let service = consumer.service.as_deref();
        let position = service.and_then(|name| config.services.get_index_of(name));
        u64::from(consumer.count) * position.map_or(1, |position| u64::from(counts[position]))
    });
    check_total(problems, &root.key("brokers"), "consumers", consumers.sum(), ALL_CONSUMERS_MAX);
}

fn check_total(problems: &mut Problems, path: &Path, what: &str, total: u64, most: u64) {
    if total > most {
        problems.report(path, format!("has {total} {what}, too many (at most {most} in all)"));
    }
}
