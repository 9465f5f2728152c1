//! Caches and replicated databases.

use super::{Row, System, of_cluster};
use crate::{
    report::Report,
    validate::theory::{che, kth_of, ln_and_gamma},
};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![least_recently_used()];
    rows.extend(keys_alike());
    rows.extend([expiring(), served_stale(), refreshed_early()]);
    rows.extend(acknowledgements());
    rows.push(own_writes());
    rows.extend([false, true].map(lost_writes));
    rows
}

/// Reads through a cache that holds nothing at first; a miss is read and filled at once.
fn cached(rate: f64, keyed: &str) -> String {
    let server = r#""service_time": 0, "cache": { "name": "Cache" }, "database": { "name": "DB" }"#;
    let more = format!(
        r#""caches": {{ "Cache": {{ "operation": 0, "keyed": {{ {keyed} }} }} }}, "db_clusters": {{ "DB": {{ "operation": 0 }} }}"#
    );
    System { more: &more, ..System::poisson(rate, server) }.config()
}

fn hit_ratio(report: &Report, _: f64) -> f64 {
    report.caches.iter().next().and_then(|(_, cache)| cache.hit_ratio).unwrap_or(f64::NAN)
}

fn least_recently_used() -> Row {
    let keyed = r#""keys": 1000, "zipf_exponent": 1, "capacity": 100, "eviction": "lru""#;
    Row::new("lru", "LRU", 10_000.0, cached(100.0, keyed)).claim("h", che(1000, 100.0), hit_ratio).approximate(0.003)
}

/// Popularity all alike: whoever leaves, a cache of a quarter of the keys hits a quarter of the time.
fn keys_alike() -> impl Iterator<Item = Row> {
    let rows = [("alike-lru", "LRU, keys alike", "lru"), ("alike-random", "Random eviction, keys alike", "random")];
    rows.into_iter().map(|(id, title, eviction)| {
        let keyed = format!(r#""keys": 400, "zipf_exponent": 0, "capacity": 100, "eviction": "{eviction}""#);
        Row::new(id, title, 5_000.0, cached(100.0, &keyed)).claim("h", 0.25, hit_ratio)
    })
}

/// A key is filled at a miss and stays for T: per period one miss and λT hits.
fn expiring() -> Row {
    let keyed = r#""keys": 20, "zipf_exponent": 0, "capacity": 20, "ttl": 2"#;
    Row::new("ttl", "TTL", 10_000.0, cached(20.0, keyed)).claim("h", 2.0 / 3.0, hit_ratio)
}

/// A key that has expired after T is served while the first one who asks has it read anew, which takes δ: of the λ(T + δ) + 1 hits
/// of such a period λδ + 1 had expired.
fn served_stale() -> Row {
    let keyed = r#""keys": 20, "zipf_exponent": 0, "capacity": 20, "ttl": 2, "stale_while_revalidate": 1000"#;
    let config = cached(20.0, keyed).replace(r#""operation": 0 }"#, r#""operation": 0.5 }"#);
    Row::new("stale", "Stale while revalidating", 10_000.0, config).claim("stale", 3.0 / 7.0, |report, _| {
        let Some((_, cache)) = report.caches.iter().next() else { return f64::NAN };
        cache.stale_hits.map_or(f64::NAN, |stale| stale as f64 / cache.hits as f64)
    })
}

/// Somebody who asks when x is left has the key read anew with probability e^(−x/δ), if nobody does so already: that is
/// δ (ln λδ + γ) before the end of T on average (but for what lies beyond its beginning), and then it takes δ.
fn refreshed_early() -> Row {
    let keyed = r#""keys": 1, "capacity": 1, "ttl": 5, "early_refresh": {}, "single_flight": { "longest_wait": 0 }"#;
    let config = cached(20.0, keyed).replace(r#""operation": 0 }"#, r#""operation": 0.5 }"#);
    let period = 5.0 - 0.5 * ln_and_gamma(20.0 * 0.5) + 0.5;
    Row::new("early", "Early refresh", 10_000.0, config).claim("per second", 1.0 / period, |report, _| {
        let seconds = report.simulated_seconds - report.warm_up_seconds;
        let refreshes = report.caches.iter().next().and_then(|(_, cache)| cache.refreshes);
        refreshes.map_or(f64::NAN, |refreshes| refreshes as f64 / seconds)
    })
}

/// A write waits for the k fastest of n replicas: (H_n − H_(n−k))/μ on average, after the primary's own 1/μ.
fn acknowledgements() -> impl Iterator<Item = Row> {
    let rows = [("ack-1-3", "1 of 3", 1, 3), ("ack-3-5", "3 of 5", 3, 5), ("ack-4-4", "4 of 4", 4, 4)];
    rows.into_iter().map(|(id, title, k, n)| {
        let more = format!(
            r#""db_clusters": {{ "DB": {{ "replicas": {n}, "operation": {{ "exponential": {{ "mean": 1 }} }},
                "replication": {{ "mode": "sync", "acknowledgements": {k} }} }} }}"#
        );
        let server = r#""service_time": 0, "database": { "name": "DB" }"#;
        // Writes so far apart that none waits for the one before it.
        let system = System { users: r#""read_share": 0"#, more: &more, ..System::regular(60.0, server) };
        Row::new(id, title, 6_000_000.0, system.config())
            .claim("W", 1.0 + kth_of(k, n), |report, _| of_cluster(report, |db| db.latency.mean.unwrap_or(f64::NAN)))
            .claim("lag", 1.0, |report, _| of_cluster(report, |db| db.replication_lag.mean.unwrap_or(f64::NAN)))
    })
}

/// Users who each come at random, a write half of the times, and read at a replica that is L behind: of somebody's reads a share
/// of 1 − e^(−L/2) lacks what he has written himself, and 1 − e^(−NL/2) what anybody has.
fn own_writes() -> Row {
    let (users, lag) = (10.0, 0.2);
    let more = format!(
        r#""db_clusters": {{ "DB": {{ "replicas": 1, "operation": 0, "replica_read_share": 1,
            "replication": {{ "delay": {lag}, "replay": {{ "time": 0 }} }} }} }}"#
    );
    let server = r#""service_time": 0, "database": { "name": "DB" }"#;
    let arrivals = format!(r#""closed": {{ "users": {users}, "think": {{ "exponential": {{ "mean": 1 }} }} }}"#);
    let system = System { users: r#""read_share": 0.5"#, more: &more, ..System::new(arrivals, server) };
    let lacks = |users: f64| -libm::expm1(-users * 0.5 * lag);
    Row::new("own-writes", "Own writes", 90_000.0, system.config())
        .claim("own", lacks(1.0), |report, _| of_cluster(report, |db| db.own_stale_reads as f64 / db.reads as f64))
        .claim("anybody's", lacks(users), |report, _| of_cluster(report, |db| db.stale_reads as f64 / db.reads as f64))
}

/// What the primary has not sent is lost when it dies: write rate × delay, whenever somebody takes over. Writes that are on
/// the wire go on arriving until then, for half an interval of the monitor on average.
fn lost_writes(is_on_wire: bool) -> Row {
    const CRASHES: u32 = 60;
    const INTERVAL: f64 = 0.05;
    let (rate, lag) = (80.0, 0.5);
    let (id, title, place, arriving) = match is_on_wire {
        true => ("lost-writes-wire", "Lost writes, on the wire", "wire", INTERVAL / 2.0),
        false => ("lost-writes", "Lost writes", "backlog", 0.0),
    };
    let crash = |crash: u32| {
        let at = f64::from(crash) * 10.0 + (f64::from(crash) * 0.618_034).fract() * INTERVAL;
        format!(r#"{{ "crash": {{ "component": "DB/primary", "at": {at}, "recover_at": {} }} }}"#, at + 2.0)
    };
    let crashes: Vec<String> = (1..=CRASHES).map(crash).collect();
    let more = format!(
        r#""faults": [{}], "db_clusters": {{ "DB": {{ "replicas": 1, "operation": 0,
            "replication": {{ "mode": "async", "delay": {lag}, "delay_in": "{place}" }},
            "failover": {{ "monitor_interval": {INTERVAL}, "on_write": false }} }} }}"#,
        crashes.join(",")
    );
    let server = r#""service_time": 0, "database": { "name": "DB" }"#;
    let system = System { users: r#""read_share": 0"#, more: &more, ..System::poisson(rate, server) };
    Row::new(id, title, 20.0 * 10.0 * f64::from(CRASHES + 1), system.config())
        .warm_up(0.0)
        .claim("lost", rate * (lag - arriving), |report, _| {
            of_cluster(report, |db| db.lost_writes as f64 / db.failovers as f64)
        })
        .claim("failovers", f64::from(CRASHES), |report, _| of_cluster(report, |db| db.failovers as f64))
}
