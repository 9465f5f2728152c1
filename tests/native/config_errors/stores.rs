//! Wrong databases, caches and brokers.

use serde_json::{Value, json};

use super::check;

#[test]
fn standbys_leases_and_what_a_node_keeps() {
    let replication =
        |names: &str| json!({ "mode": "sync", "synchronous_standby_names": names, "acknowledgements": 1 });
    let twice =
        "db_clusters.DB.replication.synchronous_standby_names: says what `acknowledgements` says (give one of them)";
    for (names, wrong) in [
        (
            "ANY (1)",
            r#""ANY (1)" is no list of standbys (such as `FIRST 1 (1, 2)` or `ANY 1 (1, 2)`, by numbers of nodes)"#,
        ),
        ("FIRST 1 (1, s2)", r#""s2" is not a node (0 to 1)"#),
        ("FIRST 3 (1, 0)", "3 is not a number of standbys (1 to 2, as many as are listed)"),
    ] {
        let wrong = format!("db_clusters.DB.replication.synchronous_standby_names: {wrong}");
        check(&[("/db_clusters/DB/replication", replication(names))], &[&wrong, twice]);
    }
    let patroni = json!({ "ttl": 20, "loop_wait": 10, "retry_timeout": 6, "synchronous_mode": true, "synchronous_node_count": 0 });
    check(
        &[
            ("/db_clusters/DB/failover", json!({ "patroni": patroni })),
            ("/db_clusters/DB/replication", json!({ "nodes": [{ "node": 2 }, { "delay": -1 }, { "node": 1 }] })),
            ("/db_clusters/DB/checkpoints", json!({ "every": 1, "lasting": 2, "factor": 0.5 })),
            ("/db_clusters/DB/read_your_writes", json!({ "wait": 0 })),
            ("/db_clusters/DB/save_every", json!(0)),
        ],
        &[
            "db_clusters.DB.read_your_writes.wait: 0 is too small (a time, 0.001 to 1e9 seconds)",
            "db_clusters.DB.failover.patroni.synchronous_node_count: 0 is too few (at least 1)",
            "db_clusters.DB.replication.nodes[0].node: 2 is not a node (0 to 1)",
            "db_clusters.DB.replication.nodes[1].delay: -1 is too small (a time, 0 to 1e9 seconds)",
            "db_clusters.DB.replication.nodes[2].node: 1 is listed twice",
            "db_clusters.DB.save_every: 0 is too small (a time, 0.001 to 1e9 seconds)",
            "db_clusters.DB.checkpoints.lasting: 2 is too long (at most `every`)",
            "db_clusters.DB.checkpoints.factor: 0.5 is too small (a factor, 1 to 1000)",
            "db_clusters.DB.failover.patroni.ttl: 20 is too short (at least `loop_wait` and two times `retry_timeout`)",
        ],
    );
}

#[test]
fn stores() {
    check(
        &[
            ("/db_clusters/DB/operation", Value::Null),
            ("/db_clusters/DB/queue_limit", json!(3)),
            (
                "/db_clusters/DB/replication",
                json!({ "mode": "sync", "acknowledgements": 2, "apply_delay": -1, "replay": { "workers": 0, "time": "soon" } }),
            ),
            (
                "/db_clusters/DB/failover",
                json!({ "priority": [1, 2, 1], "monitor_interval": 0, "patience": -1, "election_time": -2 }),
            ),
        ],
        &[
            r#"db_clusters.DB.replication.replay.time: "soon" is not a distribution (seconds, a string such as "50ms", or an object such as {"uniform": [0.1, 0.2]})"#,
            "db_clusters.DB.queue_limit: 3 has no effect without `connections` (nobody waits where any number is served at a time)",
            "db_clusters.DB.operation: is missing (how long does an operation take?)",
            "db_clusters.DB.replication.acknowledgements: 2 is too many (`replicas` is 1)",
            "db_clusters.DB.replication.apply_delay: -1 is too small (a time, 0 to 1e9 seconds)",
            "db_clusters.DB.replication.replay.workers: 0 is too few (at least 1)",
            "db_clusters.DB.failover.priority[1]: 2 is not a node (0 to 1)",
            "db_clusters.DB.failover.priority[2]: 1 is listed twice",
            "db_clusters.DB.failover.monitor_interval: 0 is too small (a time, 0.001 to 1e9 seconds)",
            "db_clusters.DB.failover.patience: -1 is too small (a time, 0 to 1e9 seconds)",
            "db_clusters.DB.failover.election_time: -2 is too small (a time, 0 to 1e9 seconds)",
        ],
    );
    check(
        &[("/caches/C", json!({}))],
        &["caches.C.operation: is missing (how long does a look-up take?)", "caches.C: needs `hit_prob` or `keyed`"],
    );
    check(
        &[("/caches/C", json!({ "operation": 0, "hit_prob": 2, "keyed": { "capacity": 0 } }))],
        &["caches.C: has both `hit_prob` and `keyed` (one of them)"],
    );
    check(
        &[("/caches/C", json!({ "operation": 0, "keyed": { "capacity": 0, "keys": 0, "zipf_exponent": 11 } }))],
        &[
            "caches.C.keyed.keys: 0 is too few (at least 1)",
            "caches.C.keyed.capacity: 0 is too few (at least 1)",
            "caches.C.keyed.zipf_exponent: 11 is too large (an exponent, 0 to 10)",
        ],
    );
}

#[test]
fn keys_as_redis_keeps_them() {
    check(
        &[(
            "/caches/C",
            json!({ "operation": 0, "keyed": {
                "eviction": "allkeys-mru", "samples": 65, "lru_clock_resolution": 0, "lfu_log_factor": 2_000_000,
                "ttl_jitter": 1.5, "early_refresh": { "beta": -1 }, "stale_while_revalidate": -2,
                "lfu_decay_time": -1, "active_expire": { "hz": 0, "effort": 11 },
            } }),
        )],
        &[
            r#"caches.C.keyed.eviction: "allkeys-mru" is unknown (did you mean `allkeys-lru`?)"#,
            "caches.C.keyed.samples: 65 is too many (at most 64)",
            "caches.C.keyed.lru_clock_resolution: 0 is too small (a time, 1e-9 to 1e9 seconds)",
            "caches.C.keyed.lfu_log_factor: 2000000 is too many (at most 1000000)",
            "caches.C.keyed.lfu_decay_time: -1 is too small (a time, 0 to 1e9 seconds)",
            "caches.C.keyed.active_expire.hz: 0 is too few (at least 1)",
            "caches.C.keyed.active_expire.effort: 11 is too many (at most 10)",
            "caches.C.keyed.ttl_jitter: 1.5 is too large (a share, 0 to 1)",
            "caches.C.keyed.early_refresh.beta: -1 is too small (a factor, 0 to 1000)",
            "caches.C.keyed.stale_while_revalidate: -2 is too small (a time, 0 to 1e9 seconds)",
        ],
    );
}

#[test]
fn what_a_cache_hears_of_writes() {
    let used = |cache: Value| {
        [("/services/Shop/cache", json!({ "name": "C", "writes": "behind", "flush_after": -1 })), ("/caches/C", cache)]
    };
    check(
        &used(json!({ "operation": 0, "hit_prob": 1 })),
        &[
            "services.Shop.cache.writes: needs a cache that knows its keys (`keyed`)",
            "services.Shop.cache.flush_after: -1 is too small (a time, 0 to 1e9 seconds)",
        ],
    );
}
