//! Primaries that die, and who takes over.

use serde_json::{Value, json};
use web_service_model::simulation::Simulation;

use super::{close, failures};
use crate::support::{cluster, log, poisson, regular, simulation, with};

const REJOIN: [&str; 2] = ["at_once", "when_caught_up"];

/// One write a second to a cluster with two replicas.
fn writes(db: Value) -> Value {
    let cluster = with(json!({ "replicas": 2, "operation": 0.01, "replication": { "delay": 0.1 } }), db);
    with(
        regular(1.0, json!({ "service_time": 0, "database": { "name": "DB" } })),
        json!({ "duration": 100, "users": { "clients": { "read_share": 0 } }, "db_clusters": { "DB": cluster } }),
    )
}

fn patch(simulation: &mut Simulation, patch: Value) {
    simulation.patch(&patch.to_string()).unwrap_or_else(|error| panic!("{error}"));
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

/// A cluster of two with a slow replication, whose first primary dies at 20.5 and is back at 22.5: the other one took over
/// at 21, and the writes of 21 and 22 will reach the former primary at 25.51.
fn returned(failover: Value) -> Simulation {
    let config = writes(json!({
        "replicas": 1,
        "replica_read_share": 1,
        "replication": { "delay": 3 },
        "failover": with(json!({ "monitor_interval": 10 }), failover),
    }));
    let mut simulation = simulation(&config);
    simulation.advance_to(20.5);
    simulation.crash("DB/0", Some(2.0)).expect("there is one");
    simulation.advance_to(22.6);
    assert_eq!(cluster(&simulation.report(), "DB").failovers, 1);
    simulation
}

#[test]
fn at_once_the_former_primary_is_a_replica_from_the_failover_on() {
    let mut simulation = simulation(&writes(json!({ "failover": { "monitor_interval": 10, "rejoin": "at_once" } })));
    simulation.advance_to(11.5);
    simulation.crash("DB/0", Some(5.0)).expect("there is one");
    simulation.advance_to(12.5);
    assert_eq!(roles(&simulation).iter().filter(|role| **role == "replica").count(), 2);
    simulation.advance_to(31.0);
    assert_eq!(kinds_and_times(&simulation), [("failover", 12.0), ("promotion", 12.0), ("rejoin", 12.0)]);
    assert_eq!(log(&simulation, &["rejoin"])[0].detail, "is a replica again as soon as it is up");
    assert_eq!(failures(&simulation.report()), []);
}

/// What it has not yet replayed is missing from what it answers.
#[test]
fn a_returned_primary_serves_stale_reads_at_once_or_none_before_it_has_caught_up() {
    for (rejoin, stale) in REJOIN.into_iter().zip([3, 0]) {
        let mut simulation = returned(json!({ "rejoin": rejoin }));
        let served = cluster(&simulation.report(), "DB").nodes[0].operations;
        patch(&mut simulation, json!({ "users": { "clients": { "read_share": 1 } } }));
        simulation.advance_to(25.2);
        let report = simulation.report();
        let db = cluster(&report, "DB");
        assert_eq!((db.stale_reads, db.nodes[0].operations - served), (stale, stale), "{rejoin}, at 23, 24 and 25");
        simulation.advance_to(35.2);
        let report = simulation.report();
        assert_eq!(cluster(&report, "DB").stale_reads, stale, "{rejoin}: it has caught up");
        assert_eq!(failures(&report), []);
    }
}

/// The write of 24 finds the primary dead; the former one lacks those of 21, 22 and 23.
#[test]
fn a_former_primary_takes_over_when_nobody_else_can() {
    for rejoin in REJOIN {
        let mut simulation = returned(json!({ "rejoin": rejoin }));
        simulation.advance_to(23.5);
        let lost = cluster(&simulation.report(), "DB").lost_writes;
        simulation.crash("DB/1", None).expect("there is one");
        simulation.advance_to(40.5);
        let promoted = log(&simulation, &["promotion"]);
        assert_eq!(promoted.iter().map(|entry| entry.time).collect::<Vec<_>>(), [21.0, 24.0], "{rejoin}");
        assert_eq!(promoted[1].detail, "is the primary now, 3 writes lost");
        let report = simulation.report();
        let db = cluster(&report, "DB");
        assert_eq!(db.lost_writes, lost + 3);
        close(db.unavailable_seconds, 1.0);
        let other = if rejoin == "at_once" { "replica" } else { "detached" };
        assert_eq!((roles(&simulation), failures(&report)), (vec!["primary", other], vec![]));
    }
}

/// The list of preference names a node that has not caught up first; the replica, which lacks nothing, is promoted.
#[test]
fn a_replica_that_is_up_comes_before_a_former_primary() {
    let failover = json!({ "strategy": "priority", "priority": [0, 1, 2], "monitor_interval": 10 });
    let mut simulation = simulation(&writes(json!({ "failover": failover })));
    simulation.advance_to(20.5);
    simulation.crash("DB/0", Some(1.0)).expect("there is one");
    simulation.advance_to(22.5);
    assert_eq!(roles(&simulation), ["detached", "primary", "replica"]);
    simulation.crash("DB/1", None).expect("there is one");
    simulation.advance_to(23.5);
    assert_eq!(roles(&simulation), ["detached", "detached", "primary"]);
    // Now there is nobody else.
    simulation.crash("DB/2", None).expect("there is one");
    simulation.advance_to(24.5);
    assert_eq!(roles(&simulation), ["primary", "detached", "detached"]);
    assert_eq!(failures(&simulation.report()), []);
}

/// A new node that copies its first data has next to nothing: the cluster waits for the primary instead.
#[test]
fn a_new_node_that_has_not_caught_up_never_takes_over() {
    for rejoin in REJOIN {
        let config = writes(json!({ "replicas": 0, "replication": { "delay": 5 }, "failover": { "rejoin": rejoin } }));
        let mut simulation = simulation(&config);
        simulation.advance_to(20.5);
        simulation.crash("DB/0", Some(10.0)).expect("there is one");
        patch(&mut simulation, json!({ "db_clusters": { "DB": { "replicas": 1 } } }));
        simulation.advance_to(30.2);
        assert_eq!(roles(&simulation), ["primary", "detached"], "{rejoin}");
        assert!(simulation.promote("DB/1").is_err(), "{rejoin}");
        simulation.advance_to(60.0);
        assert_eq!(roles(&simulation), ["primary", "replica"], "{rejoin}");
        assert_eq!(cluster(&simulation.report(), "DB").failovers, 0);
    }
}

#[test]
fn a_former_primary_is_promoted_by_hand() {
    let mut simulation = returned(json!({ "rejoin": "at_once", "strategy": "random" }));
    simulation.promote("DB/0").expect("it is a replica");
    assert_eq!(roles(&simulation), ["primary", "replica"]);
    assert_eq!(log(&simulation, &["rejoin"]).last().expect("two").detail, "is a replica again", "it is up");

    let mut simulation = returned(json!({ "rejoin": "when_caught_up" }));
    assert!(simulation.promote("DB/0").is_err(), "it has not rejoined, and the primary is up");
    patch(&mut simulation, json!({ "db_clusters": { "DB": { "failover": { "strategy": "none" } } } }));
    simulation.crash("DB/1", None).expect("there is one");
    simulation.advance_to(24.5);
    assert_eq!(roles(&simulation), ["detached", "primary"], "nobody takes over by himself");
    simulation.promote("DB/0").expect("there is nobody else");
    assert_eq!(roles(&simulation), ["primary", "detached"]);
}

#[test]
fn when_a_former_primary_rejoins_can_be_changed() {
    let rejoin = |rejoin| json!({ "db_clusters": { "DB": { "failover": { "rejoin": rejoin } } } });
    let mut simulation = returned(json!({}));
    assert_eq!(roles(&simulation), ["detached", "primary"]);
    patch(&mut simulation, rejoin("at_once"));
    assert_eq!(roles(&simulation), ["replica", "primary"]);
    assert_eq!(log(&simulation, &["rejoin"])[0].time, 22.6);
    // A replica stays one.
    patch(&mut simulation, rejoin("when_caught_up"));
    assert_eq!(roles(&simulation), ["replica", "primary"]);
    simulation.crash("DB/1", Some(2.0)).expect("there is one");
    simulation.advance_to(23.5);
    assert_eq!(roles(&simulation), ["primary", "detached"]);
}

/// Two nodes that are up half of the time: a quarter of the time nobody is. Nobody is the primary, either, from when a
/// primary dies beside a live node, or a node returns to a dead one, until the monitor looks (every 0.1 s), unless the one
/// returns or the other dies before that: 0.0468 s. Each of the two begins a quarter of a time a second.
#[test]
fn a_cluster_has_a_primary_while_any_node_is_up() {
    const SECONDS: f64 = 4e5;
    // The mean of the shorter of a uniform time up to 0.1 and an exponential one of rate 2: 1/2 − (1 − e^−0.2) / 0.4.
    let wait = 0.046_827;
    for rejoin in REJOIN {
        let config = writes(json!({
            "replicas": 1,
            "outages": { "up": { "exponential": { "mean": 1 } }, "down": { "exponential": { "mean": 1 } } },
            "failover": { "monitor_interval": 0.1, "on_write": false, "rejoin": rejoin },
        }));
        let seldom = json!({ "duration": SECONDS, "users": { "clients": { "arrivals": { "gaps": 10 } } } });
        let mut simulation = simulation(&with(config, seldom));
        simulation.advance_to(SECONDS);
        let without = cluster(&simulation.report(), "DB").unavailable_seconds / SECONDS;
        assert!((without / (0.25 + 0.5 * wait) - 1.0).abs() < 0.01, "{rejoin}: {without}");
    }
}

/// Many writes, and a primary that dies every ten seconds and comes back after so many.
fn dying(replication: Value, failover: Value, down: f64) -> (Simulation, u64) {
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
        simulation.crash("DB/primary", Some(down)).expect("there is one");
    }
    simulation.advance_to(1009.9);
    let report = simulation.report();
    let history = cluster(&report, "DB").nodes[3].lag_writes;
    (simulation, history)
}

#[test]
fn acknowledged_writes_are_durable_or_lost() {
    for rejoin in REJOIN {
        // With long outages the former primaries have to help out, however much they lack.
        for (monitor_interval, down) in [(1, 3.0), (15, 17.0)] {
            let failover = json!({ "rejoin": rejoin, "monitor_interval": monitor_interval });
            let (simulation, history) = dying(json!({ "mode": "async" }), failover, down);
            let report = simulation.report();
            let db = cluster(&report, "DB");
            assert!(db.failovers > 90 && db.lost_writes > 100, "{} failovers, {} lost", db.failovers, db.lost_writes);
            assert_eq!(db.acknowledged_writes, history + db.lost_writes, "{rejoin}, down for {down} s");
            assert_eq!(db.acknowledged_writes, report.requests.succeeded);
        }
    }
}

#[test]
fn no_acknowledged_write_is_lost_when_all_replicas_have_it() {
    for promotion_time in [0.0, 0.3] {
        let (simulation, history) = dying(json!({ "mode": "sync" }), json!({ "promotion_time": promotion_time }), 3.0);
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
    let (simulation, _) = dying(replication, json!({ "strategy": "most_caught_up" }), 3.0);
    let report = simulation.report();
    assert_eq!(cluster(&report, "DB").lost_writes, 0);
}

/// Crashing the primary by hand while somebody is being promoted, over and over, must leave exactly one primary.
#[test]
fn there_is_one_primary_whatever_happens() {
    REJOIN.into_iter().for_each(one_primary_whatever_happens);
}

fn one_primary_whatever_happens(rejoin: &str) {
    let failover = json!({ "monitor_interval": 1, "promotion_time": 3, "rejoin": rejoin });
    let config = writes(json!({ "replicas": 4, "failover": failover }));
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
