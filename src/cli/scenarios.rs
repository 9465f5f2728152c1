//! The scenarios that are part of the program.

/// The text of a file in `www/scenarios/`, with its name.
macro_rules! scenarios {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../www/scenarios/", $name, ".json")))),*]
    };
}

/// Names and texts of all scenarios in the order of the page's menu. A test holds it against the files of `www/scenarios/`.
pub const ALL: &[(&str, &str)] = scenarios![
    "coursework",
    "coursework-faults",
    "coursework-resilient",
    "overload",
    "primary-failover",
    "split-brain",
    "sync-hangs",
    "cold-restart",
    "replica-cannot-keep-up",
    "cache-outage",
    "cold-cache",
    "stampede",
    "broker-backlog",
    "poison-message",
    "balancing",
    "retry-storm",
    "metastable",
    "pool-sizing",
    "slow-dependency",
    "tail-at-scale",
    "shedding",
    "black-hole",
    "sinkhole",
    "one-flake-ejects-all",
    "autoscaler-late",
    "bad-release",
    "bench/w1",
    "bench/w2",
    "bench/w2l",
];

/// The text of the scenario of that name.
pub fn text(name: &str) -> Option<&'static str> {
    ALL.iter().find(|(other, _)| *other == name).map(|(_, text)| *text)
}

/// Names and texts of the experiments that are part of the program: the files of `www/experiments/`.
pub const EXPERIMENTS: &[(&str, &str)] = &[
    ("balancing-policies", include_str!("../../www/experiments/balancing-policies.json")),
    ("replication-delay", include_str!("../../www/experiments/replication-delay.json")),
    ("metastability", include_str!("../../www/experiments/metastability.json")),
    ("availability", include_str!("../../www/experiments/availability.json")),
    ("retry-storm", include_str!("../../www/experiments/retry-storm.json")),
    ("metastable", include_str!("../../www/experiments/metastable.json")),
    ("pool-sizing", include_str!("../../www/experiments/pool-sizing.json")),
    ("bulkhead", include_str!("../../www/experiments/bulkhead.json")),
    ("hedging", include_str!("../../www/experiments/hedging.json")),
    ("shedding", include_str!("../../www/experiments/shedding.json")),
    ("black-hole", include_str!("../../www/experiments/black-hole.json")),
    ("timeouts", include_str!("../../www/experiments/timeouts.json")),
    ("breaker-threshold", include_str!("../../www/experiments/breaker-threshold.json")),
    ("fail-timeout", include_str!("../../www/experiments/fail-timeout.json")),
    ("patroni-ttl", include_str!("../../www/experiments/patroni-ttl.json")),
    ("eviction-samples", include_str!("../../www/experiments/eviction-samples.json")),
    ("prefetch-distance", include_str!("../../www/experiments/prefetch-distance.json")),
];

/// The text of the experiment of that name.
pub fn experiment(name: &str) -> Option<&'static str> {
    EXPERIMENTS.iter().find(|(other, _)| *other == name).map(|(_, text)| *text)
}
