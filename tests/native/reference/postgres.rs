//! PostgreSQL 15.18 with hot standbys.

use serde_json::{Value, json};

use super::{close, holds, mean, replicated, runs_hold};
use crate::support::{report, simulation, with};

/// Writes at a database that is asked without delay.
fn writes(arrivals: Value, cluster: Value) -> Value {
    json!({
        "duration": 60,
        "users": { "u": { "arrivals": arrivals, "targets": { "Api": 1 }, "read_share": 0 } },
        "services": { "Api": { "service_time": 0, "database": { "name": "Pg" } } },
        "db_clusters": { "Pg": with(json!({ "replicas": 1, "operation": 0 }), cluster) },
    })
}

/// Sequential inserts, with a standby 50 ms away (on the way there) that applies 200 ms after the commit: off 0.25 ms, local 1.1,
/// remote_write 52.6, on 52.8, remote_apply 201.9.
#[test]
fn a_commit_takes_as_long_as_its_standby() {
    let commit = |replication: Value| {
        let closed = json!({ "closed": { "users": 1, "think": "1ms" } });
        // (A local commit took 1.06 ms.)
        let cluster = json!({ "operation": "1.06ms", "replication": replication });
        report(&writes(closed, cluster)).requests.latency.mean.expect("somebody came")
    };
    let away = json!({ "delay": "50ms", "delay_in": "wire", "apply_delay": "200ms", "replay": { "time": 0 } });
    let level = |name: &str| with(away.clone(), json!({ "mode": "sync", "synchronous_commit": name }));
    for (replication, measured) in [
        (away.clone(), 0.00106),
        (level("remote_write"), 0.05257),
        (level("on"), 0.05277),
        (level("remote_apply"), 0.20187),
    ] {
        let found = commit(replication.clone());
        assert!((found - measured).abs() <= 0.05 * measured, "{replication}: measured {measured}, simulated {found}");
    }
}

/// The only synchronous standby is killed, ten clients insert a row each: none is committed in 8 s, all ten 0.35 s after the
/// standby's return. With ANY 1 of 2 nobody notices.
#[test]
fn without_a_synchronous_standby_commits_wait() {
    let ten = |standbys: u32| {
        let sync = json!({ "mode": "sync", "acknowledgements": 1, "synchronous_commit": "on" });
        let cluster = json!({ "replicas": standbys, "replication": sync, "failover": { "strategy": "none" } });
        let config = writes(json!({ "gaps": 0.1 }), cluster);
        let standby = json!({ "crash": { "component": "Pg/1", "at": 0, "recover_at": 8 } });
        let mut simulation = simulation(&with(config, json!({ "duration": 9, "faults": [standby] })));
        let answered = |simulation: &web_service_model::simulation::Simulation| simulation.report().requests.succeeded;
        simulation.advance_to(1.05);
        let at_first = answered(&simulation);
        simulation.advance_to(7.95);
        let meanwhile = answered(&simulation);
        simulation.advance_to(8.05);
        (at_first, meanwhile, answered(&simulation))
    };
    assert_eq!(ten(1), (0, 0, 80));
    assert_eq!(ten(2), (10, 79, 80));
}

/// Inserts at a Poisson rate and a standby behind a proxy that delays and, when the primary dies, drops the stream: rate × delay
/// is lost, and it does not matter when somebody is promoted. (The other two measurements are on the list in `docs/reality.md`.)
#[test]
fn the_backlog_dies_with_the_primary() {
    let measured = [(50.0, 0.1, None), (50.0, 0.5, None), (100.0, 0.1, Some([8, 11, 7, 8]))];
    for (rate, delay, runs) in measured {
        for promoted_after in [0.1, 5.0] {
            let failover = json!({ "monitor_interval": 0.01, "on_write": false, "promotion_time": promoted_after });
            let cluster = json!({ "replication": { "delay": delay }, "failover": failover });
            let crash = json!({ "faults": [{ "crash": { "component": "Pg/0", "at": 20 } }], "duration": 30 });
            let config = with(writes(json!({ "poisson": { "rate": rate } }), cluster), crash);
            let found = replicated(&config, |report| report.db_clusters["Pg"].lost_writes as f64);
            close(mean(&found), rate * delay, 0.06);
            runs.into_iter().for_each(|runs| runs_hold(&runs, &found));
        }
    }
}

/// About 50 inserts a second for 4 s at a standby that applies 2 s after the commit, kill -9, pg_promote(): about half had been
/// applied (87 of 180, 95 of 202, 80 of 184), none is lost.
#[test]
fn what_is_received_is_replayed_before_a_promotion() {
    let failover = json!({ "monitor_interval": 0.1, "on_write": false, "promotion_time": 0.11 });
    let replication = json!({ "apply_delay": 2, "replay": { "workers": 1, "time": 0 } });
    let cluster = json!({ "replication": replication, "failover": failover });
    let mut simulation = simulation(&with(
        writes(json!({ "poisson": { "rate": 50 } }), cluster),
        json!({ "duration": 5, "faults": [{ "crash": { "component": "Pg/0", "at": 4 } }] }),
    ));
    simulation.advance_to(3.999);
    let before = simulation.report();
    let applied = before.db_clusters["Pg"].nodes["Pg/1"].applied_writes;
    assert!((80..=120).contains(&applied), "{applied}");
    simulation.advance_to(5.0);
    let found = simulation.report();
    assert_eq!((found.db_clusters["Pg"].failovers, found.db_clusters["Pg"].lost_writes), (1, 0));
}

/// Poisson writes, and reads 50 a second on a hot standby: a share of 0.611, 0.284 and 0.644 lacks a write that was acknowledged
/// before they began.
#[test]
fn a_hot_standby_answers_with_what_it_has_applied() {
    for (rate, delay, measured) in [(10.0, 0.1, 0.611), (3.0, 0.1, 0.2835), (3.0, 0.3, 0.6436)] {
        let config = json!({
            "duration": 24.3,
            "users": {
                "w": { "arrivals": { "poisson": { "rate": rate } }, "targets": { "Api": 1 }, "read_share": 0 },
                "r": { "arrivals": { "poisson": { "rate": 50 } }, "targets": { "Api": 1 }, "read_share": 1 },
            },
            "services": { "Api": { "service_time": 0, "database": { "name": "Pg" } } },
            "db_clusters": { "Pg": {
                "replicas": 1, "operation": 0, "replica_read_share": 1,
                "replication": { "apply_delay": delay, "replay": { "time": 0 } },
            } },
        });
        let found = replicated(&config, |report| {
            let cluster = &report.db_clusters["Pg"];
            cluster.stale_reads as f64 / cluster.reads as f64
        });
        holds("stale", measured, &found, 0.05);
    }
}

/// One write after another: 100 a second, of which each takes 20 ms during a minute and 5 ms then. The replica lacks half of them
/// at 60 s and has caught up at 90 s; half of the sum of both is a mean of 1125 until then.
#[test]
fn a_replica_falls_behind_that_needs_longer_than_the_primary() {
    let cluster = json!({
        "operation": "5ms", "connections": 1, "failover": { "strategy": "none" },
        "replication": { "mode": "async", "delay": 0 },
    });
    let slow = json!({ "faults": [{ "slow": { "component": "Pg/1", "factor": 4, "from": 0, "until": 60 } }] });
    let config = with(writes(json!({ "gaps": 0.01 }), cluster), with(slow, json!({ "duration": 120 })));
    let mut simulation = simulation(&config);
    let lag = |simulation: &web_service_model::simulation::Simulation| {
        let found = simulation.report();
        let node = &found.db_clusters["Pg"].nodes["Pg/1"];
        (node.lag_writes, node.lag.mean)
    };
    simulation.advance_to(60.0);
    let (behind, _) = lag(&simulation);
    assert!(behind.abs_diff(3000) <= 2, "{behind}");
    let replaying = simulation.report().db_clusters["Pg"].nodes["Pg/1"].replaying;
    assert!((replaying - 1.0).abs() < 1e-3, "it never rests: {replaying}");
    simulation.advance_to(89.0);
    assert!(lag(&simulation).0 > 50);
    simulation.advance_to(90.1);
    let (behind, mean) = lag(&simulation);
    assert!(behind <= 2, "{behind}");
    assert!((mean - 1500.0).abs() < 10.0, "{mean}");
}
