//! Faults at set times: crashes, slowness, partitions.

use serde_json::{Value, json};

use super::{close, failures};
use crate::support::{cluster, finished, log, regular, report, simulation, with};

fn faulty(faults: Value, more: Value) -> Value {
    let server = json!({ "service_time": 0.1, "database": { "name": "DB" } });
    let parts = json!({
        "duration": 30.5,
        "db_clusters": { "DB": { "operation": 0.01, "replicas": 1 } },
        "faults": faults,
    });
    with(with(regular(1.0, server), parts), more)
}

#[test]
fn a_crash_at_a_set_time() {
    let faults = json!([{ "crash": { "component": "Server-0", "at": 10.5, "recover_at": 15.5 } }]);
    let simulation = finished(&faulty(faults, json!({})));
    assert_eq!(failures(&simulation.report()), [("no_instance", 5)]);
    let entries = log(&simulation, &["crash", "recover"]);
    let entries: Vec<(f64, &str)> = entries.iter().map(|entry| (entry.time, entry.detail.as_str())).collect();
    assert_eq!(entries, [(10.5, "down: fault"), (15.5, "up")]);
}

#[test]
fn the_primary_is_whoever_it_is_at_that_moment() {
    let faults = json!([
        { "crash": { "component": "DB/primary", "at": 5.5, "recover_at": 6.5 } },
        { "crash": { "component": "DB/primary", "at": 20.5, "recover_at": 21.5 } },
    ]);
    let simulation = finished(&faulty(faults, json!({ "users": { "clients": { "read_share": 0 } } })));
    let crashed: Vec<String> = log(&simulation, &["crash"]).into_iter().map(|entry| entry.component).collect();
    assert_eq!(crashed, ["DB/0", "DB/1"]);
    assert_eq!(cluster(&simulation.report(), "DB").failovers, 2);
}

#[test]
fn slowness_multiplies_times_and_factors_multiply() {
    let faults = json!([
        { "slow": { "component": "Server", "factor": 3, "from": 10.5, "until": 20.5 } },
        { "slow": { "component": "Server-0", "factor": 2, "from": 15.5, "until": 25.5 } },
        { "slow": { "component": "DB/0", "factor": 10, "from": 28.5 } },
    ]);
    let simulation = finished(&faulty(faults, json!({})));
    let report = simulation.report();
    // 10 alone, 5 at three times, 5 at six times, 5 at twice, 5 alone; two of the last meet the slow node. The last of
    // those at six times has a sixth left after half a second, which goes at twice.
    let processing = 0.1 * (10.0 + 3.0 * 5.0 + 6.0 * 4.0 + (5.0 + 2.0 / 6.0) + 2.0 * 5.0 + 5.0) / 30.0;
    // (The last request is on its way: sent at 30, it needs till 30.2.)
    assert_eq!(report.requests.succeeded, 30);
    close(report.requests.time_in["processing"], processing);
    close(report.requests.time_in["database"], 0.01 * (28.0 + 2.0 * 10.0) / 30.0);
    assert_eq!(simulation.components()[0].slow_factor, 1.0);
}

/// Ten seconds of work, of which five are done when it becomes three times as slow, for five seconds.
#[test]
fn work_that_has_begun_notices_a_change_of_speed() {
    for discipline in ["fifo", "processor_sharing"] {
        let simulation = finished(&json!({
            "duration": 100,
            "users": { "u": { "arrivals": { "closed": { "users": 1, "think": 5 } }, "targets": { "S": 1 } } },
            "services": { "S": { "workers": 1, "service_time": 10, "discipline": discipline } },
            "faults": [{ "slow": { "component": "S", "factor": 3, "from": 10, "until": 15 } }],
        }));
        // Five seconds at a third do 1.67 of the five that were left.
        let longest = simulation.report().requests.latency.max.expect("somebody came");
        assert!((longest - 13.333).abs() < 0.01, "{discipline}: {longest}");
    }
}

/// For a hundredth of a second everything takes a thousand times as long: four workers stand still for 1.4 s, and all that
/// has come meanwhile waits for them.
#[test]
fn a_very_large_factor_is_a_stall() {
    let simulation = finished(&json!({
        "duration": 30, "warm_up": 10,
        "users": { "load": { "arrivals": { "gaps": 0.0005 }, "targets": { "Web": 1 } } },
        "services": { "Web": { "workers": 4, "service_time": "1.4ms" } },
        "faults": [{ "slow": { "component": "Web", "factor": 1000, "from": 20, "until": 20.01 } }],
    }));
    let latency = simulation.report().requests.latency;
    assert!(latency.mean.is_some_and(|mean| (mean - 0.16448).abs() < 0.001), "{:?}", latency.mean);
    assert!(latency.p99.is_some_and(|p99| (p99 - 1.34).abs() < 0.01), "{:?}", latency.p99);
}

#[test]
fn a_partition_between_users_and_balancer() {
    let faults = json!([{ "partition": { "between": ["users", "balancer"], "from": 10.5, "until": 15.5 } }]);
    let simulation = finished(&faulty(faults, json!({ "network": { "partition_timeout": 2 } })));
    let report = simulation.report();
    assert_eq!(failures(&report), [("network", 5)]);
    assert_eq!(log(&simulation, &["partition", "heal"]).len(), 2);
    close(report.requests.latency.max, 0.11);
}

#[test]
fn a_partition_between_a_service_and_its_database() {
    let faults = json!([{ "partition": { "between": ["Server", "DB"], "from": 10.5, "until": 15.5 } }]);
    let simulation = finished(&faulty(faults, json!({})));
    assert_eq!(failures(&simulation.report()), [("network", 5)]);
    assert_eq!(cluster(&simulation.report(), "DB").failed, 5);
}

/// Replication stops while primary and replica are parted, and is made up for when they are not.
#[test]
fn a_partition_between_nodes() {
    let faults = json!([{ "partition": { "between": ["DB/0", "DB/1"], "from": 10.5, "until": 20.5 } }]);
    let writes = json!({ "users": { "clients": { "read_share": 0 } } });
    let simulation = finished(&faulty(faults, writes));
    let report = simulation.report();
    let node = &cluster(&report, "DB").nodes[1];
    assert_eq!((node.lag.max, node.lag_writes), (10.0, 0));
    let resync = log(&simulation, &["resync_started", "resync_done"]);
    let resync: Vec<(&str, &str)> = resync.iter().map(|entry| (entry.kind, entry.detail.as_str())).collect();
    assert_eq!(resync, [("resync_started", "catches up on 10 writes"), ("resync_done", "has caught up")]);
    assert_eq!(failures(&report), []);
}

#[test]
fn reads_of_a_replica_that_lags_are_stale() {
    let users = json!({ "users": { "clients": { "read_share": 0.5 } }, "duration": 1000 });
    let db = json!({ "db_clusters": { "DB": { "replica_read_share": 1, "replication": { "delay": 5 } } } });
    let report = finished(&with(faulty(json!([]), users), db)).report();
    let db = cluster(&report, "DB");
    // A read is stale unless the five seconds before it held no write: 1 − 2⁻⁵.
    let share = db.stale_reads as f64 / db.reads as f64;
    assert!((0.94..0.99).contains(&share), "{share}");
    assert_eq!(db.nodes[1].operations, db.reads);
}

/// A node that comes back has missed writes, and says how many and for how long.
#[test]
fn a_replica_that_was_down_catches_up() {
    let faults = json!([{ "crash": { "component": "DB/1", "at": 10.5, "recover_at": 20.5 } }]);
    let config = faulty(faults, json!({ "users": { "clients": { "read_share": 0 } } }));
    let mut simulation = crate::support::simulation(&config);
    simulation.advance_to(18.0);
    let report = simulation.report();
    let node = &cluster(&report, "DB").nodes[1];
    assert_eq!((node.state, node.lag_writes), ("down", 7));
    close(node.lag_seconds, 18.0 - 11.11);
    simulation.advance_to(20.505);
    assert_eq!(cluster(&simulation.report(), "DB").nodes[1].state, "catching_up");
    simulation.advance_to(25.5);
    let report = simulation.report();
    let node = &cluster(&report, "DB").nodes[1];
    assert_eq!((node.state, node.lag_writes, node.lag_seconds), ("up", 0, 0.0));
    assert_eq!(node.applied_writes, cluster(&report, "DB").acknowledged_writes);
}

/// A component that fails answers what it is asked with its own cause, at once; then it is itself again.
#[test]
fn a_component_answers_with_errors_for_a_while() {
    let config = |component: &str, prob: f64| {
        json!({
            "duration": 40,
            "users": { "u": { "arrivals": { "gaps": 0.1 }, "targets": { "S": 1 } } },
            "services": { "S": {
                "instances": 2, "balancer": "smooth_round_robin", "service_time": 0.05, "database": { "name": "DB" },
                "cache": { "name": "Cache" }, "publish": { "broker": "MQ", "queue": "q" },
            } },
            "db_clusters": { "DB": { "operation": 0.05 } },
            "caches": { "Cache": { "operation": 0.001, "hit_prob": 0 } },
            "brokers": { "MQ": { "queues": { "q": {} } } },
            "faults": [{ "fail": { "component": component, "prob": prob, "from": 10, "until": 20 } }],
        })
    };
    for (component, cause, expected) in [
        ("S-0", "service_error", 50),
        ("S", "service_error", 100),
        ("DB/primary", "database_error", 100),
        ("Cache", "cache_error", 100),
        ("MQ", "broker_error", 100),
    ] {
        let found = report(&config(component, 1.0));
        let failed = found.requests.failures.get(cause).copied().unwrap_or(0);
        assert!(failed.abs_diff(expected) <= 2, "{component}: {:?}", found.requests.failures);
        assert_eq!(found.requests.failed, failed, "{component}");
    }
    let found = report(&config("S", 0.3)).requests.failed;
    assert!((12..=50).contains(&found), "{found}");
}

#[test]
fn faults_that_make_the_same_one_fail_go_together() {
    let mut simulation = simulation(&json!({
        "duration": 40,
        "users": { "u": { "arrivals": { "gaps": 0.1 }, "targets": { "S": 1 } } },
        "services": { "S": { "service_time": 0 } },
        "faults": [
            { "fail": { "component": "S", "prob": 0.5, "from": 5, "until": 15 } },
            { "fail": { "component": "S-0", "prob": 0.5, "from": 10, "until": 20 } },
        ],
    }));
    let mut at = |seconds: f64| {
        simulation.advance_to(seconds);
        simulation.components()[0].error_prob
    };
    assert_eq!([1.0, 6.0, 11.0, 16.0].map(&mut at), [0.0, 0.5, 0.75, 0.5]);
    let told: Vec<(f64, String)> =
        log(&simulation, &["failing"]).into_iter().map(|entry| (entry.time, entry.detail)).collect();
    let told: Vec<(f64, &str)> = told.iter().map(|(time, detail)| (*time, detail.as_str())).collect();
    assert_eq!(
        told,
        [
            (5.0, "fails with a probability of 0.5"),
            (10.0, "fails with a probability of 0.75"),
            (15.0, "fails with a probability of 0.5"),
        ]
    );
    simulation.patch(r#"{ "faults": [] }"#).expect("it can be changed");
    assert_eq!(simulation.components()[0].error_prob, 0.0);
    assert_eq!(
        log(&simulation, &["failing"]).last().map(|entry| entry.detail.clone()).as_deref(),
        Some("fails no more")
    );
}
