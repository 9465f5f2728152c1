//! Caches and replicated databases.

use serde_json::{Value, json};
use web_service_model::report::Report;

use super::statistics::{Claim, Experiment};
use crate::support::{cluster, poisson, regular, simulation, with};

/// Reads through a cache that holds nothing at first; a miss is read and filled at once.
fn cached(rate: f64, keyed: Value) -> Value {
    with(
        poisson(rate, json!({ "service_time": 0, "cache": { "name": "Cache" }, "database": { "name": "DB" } })),
        json!({
            "caches": { "Cache": { "operation": 0, "keyed": keyed } },
            "db_clusters": { "DB": { "operation": 0 } },
        }),
    )
}

fn hit_ratio(report: &Report) -> f64 {
    report.caches.0[0].1.hit_ratio.unwrap_or(f64::NAN)
}

/// Che's approximation: key i is there with probability 1 − e^(−λ_i T), and T is such that the cache is full.
fn che(keys: u32, capacity: f64) -> f64 {
    let total: f64 = (1..=keys).map(|i| 1.0 / f64::from(i)).sum();
    let popularity: Vec<f64> = (1..=keys).map(|i| 1.0 / f64::from(i) / total).collect();
    let held = |time: f64| popularity.iter().map(|p| 1.0 - libm::exp(-p * time)).sum::<f64>();
    let (mut low, mut high) = (0.0, 1e9);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if held(middle) < capacity { low = middle } else { high = middle }
    }
    popularity.iter().map(|p| p * (1.0 - libm::exp(-p * low))).sum()
}

#[test]
fn the_least_recently_used_leaves() {
    let ratio = che(1000, 100.0);
    assert!((ratio - 0.5765).abs() < 1e-4, "{ratio}");
    let keyed = json!({ "keys": 1000, "zipf_exponent": 1, "capacity": 100, "eviction": "lru" });
    let claim = Claim::new("hit ratio", ratio, hit_ratio).approximate(0.003);
    Experiment::new(cached(100.0, keyed), 10_000.0).check(&[claim]);
}

/// Popularity all alike: whoever leaves, a cache of a quarter of the keys hits a quarter of the time.
#[test]
fn any_eviction_is_as_good_when_keys_are_alike() {
    for eviction in ["lru", "random"] {
        let keyed = json!({ "keys": 400, "zipf_exponent": 0, "capacity": 100, "eviction": eviction });
        Experiment::new(cached(100.0, keyed), 5_000.0).check(&[Claim::new("hit ratio", 0.25, hit_ratio)]);
    }
}

/// A key is filled at a miss and stays for T: per period one miss and λT hits.
#[test]
fn keys_expire() {
    let keyed = json!({ "keys": 20, "zipf_exponent": 0, "capacity": 20, "ttl": 2 });
    Experiment::new(cached(20.0, keyed), 10_000.0).check(&[Claim::new("hit ratio", 2.0 / 3.0, hit_ratio)]);
}

/// A write waits for the k fastest of n replicas: (H_n − H_(n−k))/μ on average, after the primary's own 1/μ.
#[test]
fn acknowledgement_by_k_of_n() {
    let harmonic = |n: u32| (1..=n).map(|i| 1.0 / f64::from(i)).sum::<f64>();
    for (k, n) in [(1, 3), (3, 5), (4, 4)] {
        // Writes so far apart that none waits for the one before it.
        let config = with(
            regular(60.0, json!({ "service_time": 0, "database": { "name": "DB" } })),
            json!({
                "users": { "clients": { "read_share": 0 } },
                "db_clusters": { "DB": {
                    "replicas": n,
                    "operation": { "exponential": { "mean": 1 } },
                    "replication": { "mode": "sync", "acknowledgements": k },
                } },
            }),
        );
        let wait = harmonic(n) - harmonic(n - k);
        let latency = |report: &Report| cluster(report, "DB").latency.mean.unwrap_or(f64::NAN);
        Experiment::new(config, 6_000_000.0).check(&[
            Claim::new("latency", 1.0 + wait, latency),
            Claim::new("lag", 1.0, |report| cluster(report, "DB").replication_lag.mean.unwrap_or(f64::NAN)),
        ]);
    }
}

/// What is acknowledged and not yet on the replica is lost when the primary dies: write rate × lag.
#[test]
fn lost_writes_of_an_asynchronous_primary() {
    let (rate, lag) = (40.0, 0.5);
    let config = with(
        poisson(rate, json!({ "service_time": 0, "database": { "name": "DB" } })),
        json!({
            "duration": 1e9,
            "window": 1e6,
            "users": { "clients": { "read_share": 0 } },
            "db_clusters": { "DB": {
                "replicas": 1,
                "operation": 0,
                "replication": { "mode": "async", "delay": lag },
                "failover": { "monitor_interval": 1 },
            } },
        }),
    );
    let mut simulation = simulation(&config);
    let crashes = 1_200;
    for crash in 1..=crashes {
        simulation.advance_to(f64::from(crash) * 10.0);
        simulation.crash("DB/primary", Some(2.0)).expect("there is one");
        // At once: writes that are on their way go on arriving until somebody takes over.
        let replica = if simulation.components()[1].role == "replica" { 1 } else { 2 };
        let replica = simulation.components()[replica].name.clone();
        simulation.promote(&replica).expect("it is up");
    }
    simulation.advance_to(f64::from(crashes) * 10.0 + 9.0);
    let report = simulation.report();
    let db = cluster(&report, "DB");
    assert_eq!(db.failovers, 1_200);
    // A Poisson count: four standard deviations are within 2.6 %.
    let expected = f64::from(crashes) * rate * lag;
    let error = db.lost_writes as f64 - expected;
    assert!(error.abs() < 4.0 * expected.sqrt(), "{} lost, {expected} expected (seed {})", db.lost_writes, report.seed);
}
