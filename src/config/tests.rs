//! Whatever may stand in a configuration is read and written; whatever stands where it must not leaves something that
//! can be read.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    error::Problems,
    form::Form,
    mend::Mender,
    path::Path,
    schema::{Config, Seconds},
};
use crate::model::cause::Cause;

/// A configuration of nothing but its text; whether it makes sense is not asked.
fn read(value: Value) -> Config {
    Config::from_value(value).unwrap_or_else(|errors| panic!("{errors}"))
}

#[track_caller]
fn check(value: Value) {
    let config = read(value.clone());
    assert_eq!(read(config.to_full_value()), config);
    assert_eq!(read(config.to_value()), config);
    assert_eq!(read(json!(config)), config);
    // Nothing was overlooked: a field that was written differently is a number with a unit.
    assert_written(&value, &config.to_full_value());
}

/// Whether all that stands in a value stands in what was written, where numbers may have become seconds.
#[track_caller]
fn assert_written(value: &Value, written: &Value) {
    match (value, written) {
        (Value::Object(fields), Value::Object(others)) if !fields.contains_key("constant") => {
            fields.iter().for_each(|(name, field)| assert_written(field, &others[name]));
        }
        (Value::Array(items), Value::Array(others)) => {
            items.iter().zip(others).for_each(|(item, other)| assert_written(item, other));
        }
        (Value::Object(fields), _) => assert_written(&fields["constant"], written),
        (Value::Number(number), _) => assert_eq!(number.as_f64(), written.as_f64()),
        (Value::String(text), Value::Number(_)) => assert_eq!(Seconds::parse(text), written.as_f64().map(Seconds)),
        _ => assert_eq!(value, written),
    }
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
        "brokers": { "B": { "queues": { "Q": { "consumers": [{}] } } } },
        "policies": { "P": {}, "Q": {
            "retry": { "budget": {} }, "breaker": {}, "limiter": { "rate": 1 }, "bulkhead": {}, "hedge": {}
        } }
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
        } } } },
        "policies": { "P": every_part() }
    }));
    check(json!({
        "users": { "a": { "policy": "P" }, "b": { "policy": every_part() } },
        "services": { "S": { "calls": [{ "to": ["A"], "policy": "P" }, { "to": ["A"], "policy": every_part() }] } }
    }));
}

/// A policy with all that may stand in one.
fn every_part() -> Value {
    json!({
        "retry": { "max": 1, "on": ["timeout", "network"], "writes": true, "budget": { "ratio": 1, "burst": 2 } },
        "breaker": { "window": { "seconds": 5 }, "min_calls": 1, "slow_after": 2, "ignore": ["unauthorised"] },
        "limiter": { "rate": 1, "burst": 2, "longest_wait": 3 },
        "bulkhead": { "max": 1, "waiting": 2, "longest_wait": 3 },
        "timeout": 1,
        "deadline": "2s",
        "hedge": { "after": 1, "percentile": 0.5, "max": 2, "budget": { "ratio": 0.5, "burst": 3 }, "writes": true },
        "on_giving_up": "cancel"
    })
}

#[test]
fn every_word() {
    let words = [
        (
            "services",
            "balancer",
            vec!["weighted_random", "smooth_round_robin", "least_connections", "two_choices", "user_hash"],
        ),
        ("services", "discipline", vec!["fifo", "lifo", "adaptive_lifo", "priority", "processor_sharing"]),
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
    for word in ["none", "full", "equal", "decorrelated"] {
        check(json!({ "users": { "X": { "client": { "retries": { "backoff": { "jitter": word } } } } } }));
    }
    for word in ["linear", "steps"] {
        check(json!({ "users": { "X": { "arrivals": { "profile": { "points": [], "shape": word } } } } }));
    }
    for word in ["fail", "ignore"] {
        check(json!({ "services": { "X": { "publish": { "broker": "", "queue": "", "on_error": word } } } }));
    }
    for word in ["continue", "cancel"] {
        check(json!({ "policies": { "X": { "on_giving_up": word } } }));
    }
    for word in Cause::ALL.map(Cause::name) {
        check(json!({ "policies": { "X": { "retry": { "on": [word] } } } }));
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

/// The places in a value, as JSON Pointers.
fn places(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), field)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(i, item)| (i.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    let below = inner.into_iter().flat_map(|(name, value)| {
        places(value).into_iter().map(move |rest| format!("/{}{rest}", name.replace('/', "~1"))).collect::<Vec<_>>()
    });
    std::iter::once(String::new()).chain(below).collect()
}

#[test]
fn what_was_mended_can_be_read() {
    let mut whole: Value = serde_json::from_str(include_str!("../../www/scenarios/coursework.json")).unwrap();
    whole["policies"] = json!({ "P": every_part() });
    whole["services"]["DataService"]["calls"] = json!([{ "to": ["PublicInfoService"], "policy": every_part() }]);
    let wrong = json!([null, true, -1, 1.5, 1e300, "x", "", [], [1, "x"], {}, { "x": 1 }, { "constant": "x" }, { "a": 1, "b": 2 }]);
    for place in places(&whole) {
        for wrong in wrong.as_array().unwrap() {
            let mut value = whole.clone();
            value.pointer_mut(&place).unwrap().clone_from(wrong);
            Mender::new(&mut Problems::default()).mend_or_blank(&Form::of::<Config>(), &mut value, &Path::Root);
            if let Err(error) = Config::deserialize(&value) {
                panic!("{place}: {wrong}: {error}");
            }
        }
    }
}
