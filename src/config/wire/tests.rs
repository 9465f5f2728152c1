//! The lists of fields say what serde's attributes say to the JSON Schema.

use serde_json::{Value, json};

use super::Wire;
use crate::config::schema::Config;

/// What serde writes, without the fields that have nothing.
fn by_serde(config: &Config) -> Value {
    serde_json::to_value(config).expect("JSON")
}

/// A configuration of nothing but its text; whether it makes sense is not asked.
fn read(value: Value) -> Config {
    Config::from_value(value).unwrap_or_else(|errors| panic!("{errors}"))
}

#[track_caller]
fn check(value: Value) {
    let mut config = read(value);
    let written = config.write();
    assert_eq!(written, by_serde(&config));
    assert_eq!(read(written), config);
}

#[test]
fn defaults() {
    check(json!({}));
    check(json!({
        "auth": {},
        "users": { "a": {}, "b": { "client": { "retries": { "budget": {} } } } },
        "services": { "S": {
            "cache": { "name": "C" },
            "database": { "name": "D" },
            "publish": { "broker": "B", "queue": "Q" },
            "calls": [{ "to": ["A"] }]
        } },
        "db_clusters": { "D": {} },
        "caches": { "C": { "keyed": {} } },
        "brokers": { "B": { "queues": { "Q": { "consumers": [{}] } } } }
    }));
}

#[test]
fn every_optional_field() {
    let outages = json!({ "up": 1, "down": "2s" });
    check(json!({
        "$schema": "schema.json",
        "title": { "en": "Title", "ru": "Название" },
        "network": {
            "users_balancer": 1, "balancer_service": 2, "service_service": 3, "service_database": 4,
            "service_cache": 5, "service_broker": 6
        },
        "auth": { "session_ttl": 1, "workers": 2, "queue_limit": 3, "outages": outages },
        "users": { "a": { "client": { "timeout": 1, "retries": { "max": 2, "budget": { "ratio": 0.5, "burst": 3 } } } } },
        "services": { "S": {
            "base_latency": 1, "service_time": 2, "workers": 3, "queue_limit": 4, "outages": outages, "weights": [1, 2.5]
        } },
        "db_clusters": { "D": {
            "operation": 1, "outages": outages, "connections": 2, "queue_limit": 3,
            "replication": { "acknowledgements": 4 }, "failover": { "priority": [1, 0] }
        } },
        "caches": { "C": { "operation": 1, "outages": outages, "connections": 2, "hit_prob": 0.5, "keyed": { "ttl": 1 } } },
        "brokers": { "B": { "outages": outages, "queues": { "Q": {
            "limit": 1, "consumers": [{ "service": "S", "service_time": 1 }]
        } } } }
    }));
}

#[test]
fn every_word() {
    let words = [
        (
            "services",
            "balancer",
            vec!["weighted_random", "smooth_round_robin", "least_connections", "two_choices", "user_hash"],
        ),
        ("services", "discipline", vec!["fifo", "lifo", "processor_sharing"]),
        ("db_clusters", "kind", vec!["postgresql", "redis"]),
    ];
    for (list, field, words) in words {
        for word in words {
            check(json!({ list: { "X": { field: word } } }));
        }
    }
    for word in ["random", "most_caught_up", "priority", "none"] {
        check(json!({ "db_clusters": { "X": { "failover": { "strategy": word } } } }));
    }
    for word in ["async", "sync"] {
        check(json!({ "db_clusters": { "X": { "replication": { "mode": word } } } }));
    }
    for word in ["lru", "lfu", "random"] {
        check(json!({ "caches": { "X": { "keyed": { "eviction": word } } } }));
    }
    for word in ["reject", "drop_head"] {
        check(json!({ "brokers": { "X": { "queues": { "Q": { "overflow": word } } } } }));
    }
    for word in ["none", "full", "equal"] {
        check(json!({ "users": { "X": { "client": { "retries": { "backoff": { "jitter": word } } } } } }));
    }
    for word in ["linear", "steps"] {
        check(json!({ "users": { "X": { "arrivals": { "profile": { "points": [], "shape": word } } } } }));
    }
    for word in ["fail", "ignore"] {
        check(json!({ "services": { "X": { "publish": { "broker": "", "queue": "", "on_error": word } } } }));
    }
    for word in ["fail", "fall_back"] {
        check(json!({ "services": { "X": { "cache": { "name": "", "on_error": word } } } }));
    }
}

#[test]
fn every_alternative() {
    let distributions = json!([
        1,
        "50ms",
        { "constant": 1 },
        { "uniform": [1, "2s"] },
        { "exponential": { "mean": 1 } },
        { "normal": { "mean": 1, "sd": 2 } },
        { "lognormal": { "mean": 1, "sd": 2 } },
        { "erlang": { "stages": 1, "mean": 2 } },
        { "gamma": { "shape": 1, "mean": 2 } },
        { "weibull": { "shape": 1, "scale": 2 } },
        { "pareto": { "shape": 1, "min": 2, "max": 3 } },
        { "hyperexponential": [{ "weight": 1, "mean": 2 }] },
        { "empirical": [{ "value": 1 }, { "value": 1, "weight": 2 }] }
    ]);
    for distribution in distributions.as_array().expect("a list") {
        check(json!({ "network": { "tcp": distribution } }));
    }
    let arrivals = json!([
        { "poisson": { "rate": 1 } },
        { "gaps": 1 },
        { "bursty": { "calm": { "rate": 1, "time": 2 }, "burst": { "rate": 3, "time": 4 } } },
        { "profile": { "points": [{ "at": 1, "rate": 2 }] } },
        { "profile": { "points": [], "repeat": true } },
        { "wave": { "mean": 1, "amplitude": 2, "period": 3 } },
        { "closed": { "users": 1, "think": 2 } },
        { "sequential": { "gap": 1 } }
    ]);
    for arrivals in arrivals.as_array().expect("a list") {
        check(json!({ "users": { "a": { "arrivals": arrivals } } }));
    }
    check(json!({ "faults": [
        { "crash": { "component": "A", "at": 1 } },
        { "crash": { "component": "A", "at": 1, "recover_at": 2 } },
        { "slow": { "component": "A", "factor": 2, "from": 3 } },
        { "slow": { "component": "A", "factor": 2, "from": 3, "until": 4 } },
        { "partition": { "between": ["A", "B"], "from": 1 } },
        { "partition": { "between": ["A", "B"], "from": 1, "until": 2 } }
    ] }));
}
