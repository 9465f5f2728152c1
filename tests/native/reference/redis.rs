//! Redis 7.0.15: what is no row of `reality`.

use serde_json::{Value, json};

use web_service_model::report::{Cache, Report};

use super::{
    close, mean, replicated,
    rows::{holds_too, row},
};
use crate::support::{report, with};

/// A cluster of one master and two replicas under Sentinel, with a write every 20 ms of a client that keeps the first address.
fn sentinel(fault: Value) -> Value {
    json!({
        "duration": 60,
        "users": { "w": { "arrivals": { "gaps": 0.02 }, "targets": { "Api": 1 }, "read_share": 0 } },
        "services": { "Api": { "service_time": 0, "database": { "name": "R", "on_write_error": "fail" } } },
        "db_clusters": { "R": {
            "kind": "redis", "replicas": 2, "operation": 0,
            "failover": {
                "strategy": "most_caught_up", "monitor_interval": 0.1, "on_write": false, "patience": 1,
                "election_time": { "uniform": [0.2, 0.4] }, "clients_learn": 1000, "demotion_time": 10,
            },
        } },
        "faults": [fault],
    })
}

/// Whatever becomes of what the master is at when it is killed.
#[test]
fn a_master_that_comes_back_takes_writes_until_it_is_told() {
    let crash = r#"{ "component": "R/0", "at": 10, "recover_at": 20, "in_progress": "finished" }"#;
    holds_too(&row("sentinel-killed"), &format!(r#"{{ "faults": [{{ "crash": {crash} }}] }}"#));
}

/// The master is away for 2 s, and patience is 3 s: 0 failovers, 2.0 s without a master. A promotion that has begun is called
/// off as well.
#[test]
fn a_failover_is_called_off_when_the_master_is_back() {
    let blip = json!({ "crash": { "component": "R/0", "at": 20.03, "recover_at": 22.03 } });
    for failover in [
        json!({ "patience": 3, "election_time": 1.5 }),
        json!({ "patience": 0, "election_time": 0, "promotion_time": { "uniform": [4.3, 4.7] } }),
        json!({ "patience": 0, "election_time": 0, "promotion_time": 1.5, "monitor_interval": 3 }),
    ] {
        let config = with(sentinel(blip.clone()), json!({ "db_clusters": { "R": { "failover": failover } } }));
        let found = report(&config);
        let cluster = &found.db_clusters["R"];
        assert_eq!((cluster.failovers, cluster.lost_writes), (0, 0));
        assert!((cluster.unavailable_seconds - 2.0).abs() < 1e-6, "{}", cluster.unavailable_seconds);
    }
    // If it stays away, it takes 3 s until that is believed, and an election: about 4.5 s.
    let patience = json!({ "patience": 3, "election_time": { "uniform": [1.3, 1.7] } });
    let dead = json!({ "crash": { "component": "R/0", "at": 20.03, "recover_at": 50 } });
    let config = with(sentinel(dead), json!({ "db_clusters": { "R": { "failover": patience } } }));
    let found = replicated(&config, |report| report.db_clusters["R"].unavailable_seconds);
    assert!((mean(&found) - 4.57).abs() < 0.1, "{}", mean(&found));
}

/// The master is cut off from both replicas and from the application for 20 s: the others replace it. What an application on its
/// own side writes meanwhile it acknowledges, and all of that is lost.
#[test]
fn an_isolated_master_is_replaced_and_what_it_takes_is_lost() {
    let config = |with_client_inside: bool| {
        let mut cut = vec![["R/0", "R/1"], ["R/0", "R/2"], ["Api", "R/0"]];
        if with_client_inside {
            cut.extend([["Inside", "R/1"], ["Inside", "R/2"]]);
        }
        let partition = |between: [&str; 2]| json!({ "partition": { "between": between, "from": 20, "until": 40 } });
        let gaps = |target: &str| json!({ "arrivals": { "gaps": 0.01 }, "targets": { target: 1 }, "read_share": 0 });
        json!({
            "duration": 60,
            "users": { "w": gaps("Api"), "i": gaps("Inside") },
            "services": {
                "Api": { "service_time": 0, "database": { "name": "R", "on_write_error": "fail" } },
                "Inside": { "service_time": 0, "database": { "name": "R", "on_write_error": "fail" } },
            },
            "db_clusters": { "R": {
                "kind": "redis", "replicas": 2, "operation": "1ms",
                "failover": { "strategy": "most_caught_up", "monitor_interval": 1, "promotion_time": 1 },
            } },
            "faults": cut.into_iter().map(partition).collect::<Vec<_>>(),
        })
    };
    let found = report(&config(true));
    let cluster = &found.db_clusters["R"];
    assert_eq!(cluster.failovers, 1);
    assert!((1.0..=2.1).contains(&cluster.unavailable_seconds), "{}", cluster.unavailable_seconds);
    // Both wrote to it for up to 2 s, and one of them for the rest of the 20.
    assert!((1900..=2010).contains(&cluster.lost_writes), "{}", cluster.lost_writes);
    let (api, inside) = (&found.services["Api"], &found.services["Inside"]);
    assert!(inside.failed == 0 && api.failed > 90 && api.failed < 220, "{} {}", api.failed, inside.failed);
}

/// A cache-aside client: GET, and on a miss SET; 10 000 keys, Zipf 1. Its rate is that of the measurement, paced or as fast as it
/// went; the first requests warm the cache.
fn cache(keyed: Value, rate: f64, warm: u32, measured: u32) -> Value {
    let gap = 1.0 / rate;
    json!({
        "warm_up": f64::from(warm) * gap, "duration": f64::from(warm + measured) * gap,
        "users": { "u": { "arrivals": { "gaps": gap }, "targets": { "Api": 1 } } },
        "services": { "Api": { "service_time": 0, "database": { "name": "DB" }, "cache": { "name": "Redis" } } },
        "db_clusters": { "DB": { "operation": 0 } },
        "caches": { "Redis": { "operation": 0, "keyed": with(json!({ "keys": 10_000, "zipf_exponent": 1 }), keyed) } },
    })
}

/// `maxmemory` of 446 keys and of 2135, 5 samples. At full speed the clock of a second stands still, and LRU is hardly better than
/// chance; over a run of some seconds it is a little better.
#[test]
fn approximate_eviction_hits_as_often() {
    let measured = [
        ("allkeys-lfu", 446, 1000.0, 0.63573),
        ("allkeys-lfu", 2135, 1000.0, 0.80038),
        ("allkeys-lru", 446, 1000.0, 0.5561),
        ("allkeys-lru", 2135, 1000.0, 0.7738),
        ("allkeys-lru", 446, 16_667.0, 0.52379),
        ("allkeys-lru", 2135, 105_882.0, 0.73541),
        ("allkeys-lfu", 446, 94_737.0, 0.64782),
        ("allkeys-lfu", 2135, 13_534.0, 0.80258),
        ("allkeys-random", 446, 11_688.0, 0.52319),
        ("allkeys-random", 2135, 14_754.0, 0.73566),
    ];
    for (eviction, capacity, rate, hits) in measured {
        let (warm, measured) = if rate == 1000.0 { (20_000, 60_000) } else { (60_000, 120_000) };
        let keyed = json!({ "eviction": eviction, "capacity": capacity });
        let found = report(&cache(keyed, rate, warm, measured)).caches["Redis"].clone();
        let ratio = found.hit_ratio.expect("somebody asked");
        assert!((ratio - hits).abs() < 0.02 * hits, "{eviction} {capacity} {rate}: measured {hits}, simulated {ratio}");
        assert_eq!(found.keys, Some(capacity));
        assert!(found.evicted_keys.is_some_and(|evicted| evicted > 0));
    }
}

/// A time to live of 5 s and room for all: 0.68973 hits and 1792 keys held, of 13 888 that expired.
#[test]
fn expired_keys_are_reclaimed_though_nobody_asks_for_them() {
    let keyed = json!({ "eviction": "allkeys-lru", "capacity": 10_000, "ttl": 5, "active_expire": {} });
    let config = cache(keyed, 1000.0, 10_000, 40_000);
    let found: Vec<Report> = (1..=10).map(|seed| report(&with(config.clone(), json!({ "seed": seed })))).collect();
    let figure = |of: fn(&Cache) -> f64| mean(&found.iter().map(|it| of(&it.caches["Redis"])).collect::<Vec<_>>());
    close(figure(|cache| cache.hit_ratio.unwrap_or_default()), 0.68973, 0.01);
    close(figure(|cache| cache.keys.unwrap_or_default() as f64), 1792.0, 0.05);
    let lazily = report(&with(config, json!({ "caches": { "Redis": { "keyed": { "active_expire": null } } } })));
    assert!(lazily.caches["Redis"].keys > Some(6500), "{:?}", lazily.caches["Redis"].keys);
}
