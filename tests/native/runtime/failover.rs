//! Primaries that die, and who takes over.

use serde_json::{Value, json};
use web_service_model::simulation::Simulation;

use super::{close, failures};
use crate::support::{cluster, log, poisson, regular, simulation, with};

/// One write a second to a cluster with two replicas.
fn writes(db: Value) -> Value {
    let cluster = with(json!({ "replicas": 2, "operation": 0.01, "replication": { "delay": 0.1 } }), db);
    with(
        regular(1.0, json!({ "service_time": 0, "database": { "name": "DB" } })),
        json!({ "duration": 100, "users": { "clients": { "read_share": 0 } }, "db_clusters": { "DB": cluster } }),
    )
}

fn roles(simulation: &Simulation) -> Vec<&'static str> {
    simulation.components().iter().filter(|it| it.kind == "node").map(|it| it.role).collect()
}

fn kinds_and_times(simulation: &Simulation) -> Vec<(&'static str, f64)> {
    let kinds = ["failover", "promotion", "rejoin", "no_candidate"];
    log(simulation, &kinds).iter().map(|entry| (entry.kind, entry.time)).collect()
}

#[test]
fn a_write_starts_the_failover_at_once() {
    let config = writes(json!({ "failover": { "monitor_interval": 10 } }));
    let mut simulation = simulation(&config);
    simulation.advance_to(11.5);
    simulation.crash("DB/primary", Some(5.0)).expect("there is one");
    simulation.advance_to(31.0);
    // At the tick of 20 it has been back for a while and lacks a write or more; at 30 it has caught up.
    assert_eq!(kinds_and_times(&simulation), [("failover", 12.0), ("promotion", 12.0), ("rejoin", 20.0)]);
    assert_eq!(log(&simulation, &["failover"])[0].detail, "a write found the primary dead");
    let report = simulation.report();
    assert_eq!(failures(&report), []);
    let db = cluster(&report, "DB");
    assert_eq!((db.failovers, db.lost_writes), (1, 0));
    close(db.unavailable_seconds, 0.5);
    assert_eq!(roles(&simulation).iter().filter(|role| **role == "replica").count(), 2);
}

#[test]
fn the_monitor_finds_a_dead_primary() {
    let config = writes(json!({ "failover": { "monitor_interval": 10, "on_write": false, "promotion_time": 2 } }));
    let mut simulation = simulation(&config);
    simulation.advance_to(13.5);
    simulation.crash("DB/primary", None).expect("there is one");
    simulation.advance_to(21.5);
    assert!(roles(&simulation).contains(&"promoting"));
    simulation.advance_to(30.5);
    assert_eq!(kinds_and_times(&simulation), [("failover", 20.0), ("promotion", 22.0)]);
    assert_eq!(log(&simulation, &["failover"])[0].detail, "the monitor found the primary dead");
    let report = simulation.report();
    // From 14 to 19 the node is dead; at 20, 21 (and 22, before the promotion at the same moment) nobody is primary.
    let causes = failures(&report);
    assert_eq!(causes.iter().map(|(cause, _)| *cause).collect::<Vec<_>>(), ["database_down", "no_primary"]);
    assert_eq!(causes.iter().map(|(_, count)| count).sum::<u64>(), report.requests.failed);
    assert!((8..=9).contains(&report.requests.failed), "{}", report.requests.failed);
    close(cluster(&report, "DB").unavailable_seconds, 8.5);
}

#[test]
fn without_a_live_replica_the_cluster_waits() {
    let mut simulation = simulation(&writes(json!({})));
    simulation.advance_to(10.5);
    simulation.crash("DB", Some(10.0)).expect("there is one");
    simulation.advance_to(40.0);
    assert_eq!(kinds_and_times(&simulation), [("no_candidate", 11.0)], "the primary comes back with the others");
    assert_eq!(failures(&simulation.report()), [("database_down", 10)]);
}

#[test]
fn strategies() {
    let cases = [
        (json!({ "strategy": "priority", "priority": [2, 1] }), vec!["detached", "replica", "primary"]),
        (json!({ "strategy": "priority", "priority": [1] }), vec!["detached", "primary", "replica"]),
        (json!({ "strategy": "most_caught_up" }), vec!["detached", "primary", "replica"]),
        (json!({ "strategy": "none" }), vec!["primary", "replica", "replica"]),
    ];
    for (failover, expected) in cases {
        let mut simulation = simulation(&writes(json!({ "failover": failover })));
        simulation.advance_to(10.5);
        simulation.crash("DB/primary", None).expect("there is one");
        simulation.advance_to(20.5);
        assert_eq!(roles(&simulation), expected, "{failover}");
    }
}

/// The first on the list is dead; a node that is not on the list is better than none.
#[test]
fn a_node_that_is_not_on_the_list_comes_last() {
    let mut simulation = simulation(&writes(json!({ "failover": { "strategy": "priority", "priority": [1] } })));
    simulation.advance_to(10.5);
    simulation.crash("DB/1", None).expect("there is one");
    simulation.crash("DB/0", None).expect("there is one");
    simulation.advance_to(12.5);
    assert_eq!(roles(&simulation), ["detached", "replica", "primary"]);
}

#[test]
fn the_most_caught_up_takes_over() {
    let mut simulation = simulation(&writes(json!({ "failover": { "strategy": "most_caught_up" } })));
    simulation.advance_to(5.5);
    simulation.crash("DB/1", None).expect("there is one");
    simulation.advance_to(10.5);
    simulation.promote("DB/0").expect_err("the primary cannot be promoted");
    simulation.crash("DB/primary", None).expect("there is one");
    // It is back, but there is nobody from whom it could catch up.
    simulation.recover("DB/1").expect("there is one");
    simulation.advance_to(11.05);
    assert_eq!(roles(&simulation), ["detached", "replica", "primary"]);
    assert_eq!(cluster(&simulation.report(), "DB").lost_writes, 0);
}

#[test]
fn promotion_by_hand() {
    let mut simulation = simulation(&writes(json!({ "failover": { "strategy": "none" } })));
    simulation.advance_to(10.5);
    simulation.promote("DB/2").expect("it is up");
    assert_eq!(roles(&simulation), ["detached", "replica", "primary"]);
    assert!(simulation.promote("DB/0").is_err(), "it has not rejoined");
    simulation.advance_to(20.5);
    assert_eq!(roles(&simulation), ["replica", "replica", "primary"]);
    simulation.crash("DB/1", None).expect("there is one");
    assert!(simulation.promote("DB/1").is_err(), "it is down");
    assert_eq!(failures(&simulation.report()), []);
}

/// Many writes, and a primary that dies every ten seconds and comes back after three.
fn dying(replication: Value, failover: Value) -> (Simulation, u64) {
    let config = with(
        poisson(50.0, json!({ "service_time": 0, "database": { "name": "DB" } })),
        json!({
            "duration": 1e4,
            "users": { "clients": { "read_share": 0 } },
            "db_clusters": { "DB": {
                "replicas": 3,
                "operation": { "exponential": { "mean": 0.05 } },
                "replication": with(json!({ "delay": { "exponential": { "mean": 0.1 } } }), replication),
                "failover": with(json!({ "monitor_interval": 1 }), failover),
            } },
        }),
    );
    let mut simulation = simulation(&config);
    // Never comes back: what it lacks in the end is the whole history.
    simulation.crash("DB/3", None).expect("there is one");
    for crash in 1..=100 {
        simulation.advance_to(f64::from(crash) * 10.0);
        simulation.crash("DB/primary", Some(3.0)).expect("there is one");
    }
    simulation.advance_to(1009.9);
    let report = simulation.report();
    let history = cluster(&report, "DB").nodes[3].lag_writes;
    (simulation, history)
}

#[test]
fn acknowledged_writes_are_durable_or_lost() {
    let (simulation, history) = dying(json!({ "mode": "async" }), json!({}));
    let report = simulation.report();
    let db = cluster(&report, "DB");
    assert!(db.failovers > 90 && db.lost_writes > 100, "{} failovers, {} lost", db.failovers, db.lost_writes);
    assert_eq!(db.acknowledged_writes, history + db.lost_writes);
    assert_eq!(db.acknowledged_writes, report.requests.succeeded);
}

#[test]
fn no_acknowledged_write_is_lost_when_all_replicas_have_it() {
    for promotion_time in [0.0, 0.3] {
        let (simulation, history) = dying(json!({ "mode": "sync" }), json!({ "promotion_time": promotion_time }));
        let report = simulation.report();
        let db = cluster(&report, "DB");
        assert!(db.failovers > 90, "{} failovers", db.failovers);
        assert_eq!(db.lost_writes, 0);
        assert!(db.acknowledged_writes <= history, "{} acknowledged, {history} kept", db.acknowledged_writes);
    }
}

/// A majority has each acknowledged write, and the most caught-up of the rest knows them all.
#[test]
fn no_acknowledged_write_is_lost_when_the_most_caught_up_takes_over() {
    let replication = json!({ "mode": "sync", "acknowledgements": 1 });
    let (simulation, _) = dying(replication, json!({ "strategy": "most_caught_up" }));
    let report = simulation.report();
    assert_eq!(cluster(&report, "DB").lost_writes, 0);
}

/// Crashing the primary by hand while somebody is being promoted, over and over, must leave exactly one primary.
#[test]
fn there_is_one_primary_whatever_happens() {
    let config = writes(json!({ "replicas": 4, "failover": { "monitor_interval": 1, "promotion_time": 3 } }));
    let mut simulation = simulation(&with(config, json!({ "duration": 1000 })));
    for step in 1..=400_u32 {
        simulation.advance_to(f64::from(step) * 1.7);
        let node = format!("DB/{}", step * 7 % 5);
        match step % 3 {
            0 => simulation.crash(&node, Some(f64::from(step % 11))).expect("there is one"),
            1 => simulation.recover(&node).expect("there is one"),
            // Not everybody can be promoted.
            _ => drop(simulation.promote(&node)),
        }
        assert_eq!(roles(&simulation).iter().filter(|role| **role == "primary").count(), 1, "step {step}");
    }
}
