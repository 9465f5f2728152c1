//! Redis as a cache and as a store.

use web_service_model::reality::{Claim, Row, Run};

use super::{Measured, look};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, policy) in [("lfu", "allkeys-lfu"), ("lru", "allkeys-lru"), ("random", "allkeys-random")] {
        rows.extend(
            [(None, "no TTL"), (Some(10.0), "TTL 10 s"), (Some(2.0), "TTL 2 s")]
                .map(|(ttl, of)| cache(name, policy, ttl, of)),
        );
    }
    rows.extend([active_expiry(), snapshots(), appendonly(), no_persistence(), min_replicas_lost()]);
    rows.extend(
        [("killed", 2), ("killed", 10), ("parted", 2), ("parted", 10)].map(|(how, lag)| min_replicas(how, lag)),
    );
    rows
}

/// 1000 look-ups a second of 10000 keys; the hits from 15 to 45 s.
fn looked_up(id: &'static str, title: &'static str, keyed: &str) -> Row {
    let config = format!(
        r#"{{
            "duration": 45, "warm_up": 15,
            "users": {{ "u": {{ "arrivals": {{ "gaps": 0.001 }}, "targets": {{ "Api": 1 }}, "read_share": 1 }} }},
            "services": {{ "Api": {{ "service_time": 0, "cache": {{ "name": "C" }}, "database": {{ "name": "D" }} }} }},
            "db_clusters": {{ "D": {{ "operation": 0 }} }},
            "caches": {{ "C": {{ "operation": 0, "keyed": {keyed} }} }}
        }}"#
    );
    Row::new(id, "Redis 7.0.15", title, config).replications(20)
}

fn keys(run: &Run) -> f64 {
    run.report.caches.values().next().and_then(|cache| cache.keys).map_or(f64::NAN, |keys| keys as f64)
}

fn cache(name: &'static str, policy: &str, ttl: Option<f64>, of: &str) -> Row {
    let measured = Measured::of("redis-lfu-ttl");
    let id = match (name, ttl) {
        ("lfu", None) => "LFU of redis-lfu-ttl",
        ("lfu", Some(10.0)) => "LFU, TTL 10 s of redis-lfu-ttl",
        ("lfu", _) => "LFU, TTL 2 s of redis-lfu-ttl",
        ("lru", None) => "LRU of redis-lfu-ttl",
        ("lru", Some(10.0)) => "LRU, TTL 10 s of redis-lfu-ttl",
        ("lru", _) => "LRU, TTL 2 s of redis-lfu-ttl",
        (_, None) => "random of redis-lfu-ttl",
        (_, Some(10.0)) => "random, TTL 10 s of redis-lfu-ttl",
        _ => "random, TTL 2 s of redis-lfu-ttl",
    };
    // As many as fit; a TTL takes room, too, where the memory is full.
    let held = measured.number(&format!("/{policy}, {of}/keys_held"));
    let room = if ttl == Some(2.0) { 10000.0 } else { held };
    let ttl = ttl.map_or(String::new(), |ttl| format!(r#""ttl": {ttl}, "active_expire": {{}},"#));
    let keyed = format!(r#"{{ "keys": 10000, "zipf_exponent": 1, "capacity": {room}, {ttl} "eviction": "{policy}" }}"#);
    let hits = |run: &Run| run.report.caches.values().next().and_then(|cache| cache.hit_ratio).unwrap_or(f64::NAN);
    let row = looked_up(id, "Hits by policy and TTL, maxmemory 1800k", &keyed)
        .claim(Claim::share("hits", measured.number(&format!("/{policy}, {of}/hit_ratio")), hits).near(0.02));
    if room == held { row } else { row.claim(Claim::count("keys held", held, keys).near(0.05)) }
}

/// Nobody reads, and few keys are written twice.
fn active_expiry() -> Row {
    let measured = Measured::of("redis-active-expiry");
    let keyed = r#"{ "keys": 1000000, "zipf_exponent": 0, "capacity": 1000000, "ttl": 5, "active_expire": {}, "eviction": "noeviction" }"#;
    looked_up("redis-active-expiry", "1000 new keys a second that expire after 5 s", keyed)
        .claim(Claim::count("keys held", measured.number("/held_mean"), keys).near(0.05))
}

/// 300 writes a second; kill -9, started again.
fn killed(id: &'static str, of: &str, title: &'static str, persistence: &str) -> Row {
    let config = format!(
        r#"{{
            "duration": 8,
            "users": {{ "u": {{ "arrivals": {{ "poisson": {{ "rate": 300 }} }}, "targets": {{ "Api": 1 }}, "read_share": 0 }} }},
            "services": {{ "Api": {{ "service_time": 0, "database": {{ "name": "R" }} }} }},
            "db_clusters": {{ "R": {{ "kind": "redis", "operation": 0, "failover": {{ "strategy": "none" }}, {persistence} }} }},
            "faults": [{{ "crash": {{ "component": "R/0", "at": 4, "recover_at": 7 }} }}]
        }}"#
    );
    let lost = |run: &Run| run.cluster(|cluster| cluster.lost_writes as f64);
    let runs = Measured::of("redis-kill-persistence").numbers(&format!("/{of}"), "lost");
    Row::new(id, "Redis 7.0.15", title, config)
        .begins_within(2.0)
        .claim(Claim::count("writes lost", 0.0, lost).runs(&runs))
}

/// More than a second must have passed on a clock of whole seconds, so that `save 1 100` is every two.
fn snapshots() -> Row {
    killed(
        "RDB of redis-kill-persistence",
        "save 1 100",
        "save 1 100, kill -9",
        r#""persistence": "disk", "save_every": 2"#,
    )
}

fn appendonly() -> Row {
    let written = r#""persistence": "disk""#;
    killed("AOF of redis-kill-persistence", "appendfsync everysec", "appendonly with everysec, kill -9", written)
}

fn no_persistence() -> Row {
    // (Each was killed at another moment of 4 to 6 s: what is lost is all.)
    let share = |run: &Run| run.cluster(|cluster| cluster.lost_writes as f64 / cluster.acknowledged_writes as f64);
    let row = killed("none of redis-kill-persistence", "none", "No persistence, kill -9", r#""persistence": "none""#)
        .begins_within(0.0);
    Row { claims: Vec::new(), ..row }.but(r#"{ "duration": 7 }"#).claim(Claim::share("of the writes lost", 1.0, share))
}

/// A hundred writes a second to a master that wants one replica, and a fault of that at 10 s.
fn needing_a_replica(id: &'static str, title: &'static str, lag: u32, fault: &str) -> Row {
    let config = format!(
        r#"{{
            "duration": 30,
            "users": {{ "u": {{ "arrivals": {{ "poisson": {{ "rate": 100 }} }}, "targets": {{ "Api": 1 }}, "read_share": 0 }} }},
            "services": {{ "Api": {{ "service_time": 0, "database": {{ "name": "R" }} }} }},
            "db_clusters": {{ "R": {{
                "kind": "redis", "replicas": 1, "operation": 0, "failover": {{ "strategy": "none" }},
                "replication": {{ "min_replicas_to_write": 1, "min_replicas_max_lag": {lag} }}
            }} }},
            "faults": [{fault}]
        }}"#
    );
    Row::new(id, "Redis 7.0.15", title, config).begins_within(1.0)
}

const KILLED: &str = r#"{ "crash": { "component": "R/1", "at": 10 } }"#;
const PARTED: &str = r#"{ "partition": { "between": ["R/0", "R/1"], "from": 10 } }"#;

/// From the fault to the first write that is refused. (A replica tells once a second and the master looks once a second, which here
/// is one look.)
fn min_replicas(how: &'static str, lag: u32) -> Row {
    let measured = Measured::of("redis-min-replicas").numbers(&format!("/{how}, max-lag {lag}"), "");
    let (id, title, fault) = match (how, lag) {
        ("killed", 2) => {
            ("killed, lag 2 of redis-min-replicas", "min-replicas-max-lag 2, the replica is killed", KILLED)
        }
        ("killed", _) => {
            ("killed, lag 10 of redis-min-replicas", "min-replicas-max-lag 10, the replica is killed", KILLED)
        }
        (_, 2) => {
            ("parted, lag 2 of redis-min-replicas", "min-replicas-max-lag 2, the way to the replica is cut", PARTED)
        }
        _ => ("parted, lag 10 of redis-min-replicas", "min-replicas-max-lag 10, the way to the replica is cut", PARTED),
    };
    // (What was acknowledged after the fault, at a hundred a second.)
    let acknowledged = |report: &web_service_model::report::Report| report.requests.succeeded as f64;
    let after = move |run: &Run| (acknowledged(&run.report) - look(run, 0, acknowledged)) / 100.0;
    let mean = measured.iter().sum::<f64>() / measured.len() as f64;
    let row = needing_a_replica(id, title, lag, fault).looked_at([10.0]);
    match how {
        "killed" => row.claim(Claim::seconds("refused after", 0.0, after).always(0.0, 0.05)),
        _ => row.claim(Claim::seconds("refused after", mean, after).in_spread()),
    }
}

fn min_replicas_lost() -> Row {
    let measured = Measured::of("redis-min-replicas-lost");
    let refused = |run: &Run| run.report.requests.failed as f64;
    let acknowledged = |report: &web_service_model::report::Report| report.requests.succeeded as f64;
    let after = move |run: &Run| acknowledged(&run.report) - look(run, 0, acknowledged);
    needing_a_replica("redis-min-replicas-lost", "min-replicas-max-lag 2: what only the parted master has", 2, PARTED)
        .looked_at([10.0])
        .claim(Claim::count("acknowledged in vain", measured.number("/lost"), after).in_spread())
        .claim(Claim::count("refused", measured.number("/refused"), refused).near(0.1))
}
