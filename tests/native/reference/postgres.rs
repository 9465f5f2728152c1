//! PostgreSQL 15.18 with hot standbys: what is no row of `reality`.

use serde_json::{Value, json};

use super::rows::{holds_too, row};
use crate::support::{simulation, with};

/// Writes at a database that is asked without delay.
fn writes(arrivals: Value, cluster: Value) -> Value {
    json!({
        "duration": 60,
        "users": { "u": { "arrivals": arrivals, "targets": { "Api": 1 }, "read_share": 0 } },
        "services": { "Api": { "service_time": 0, "database": { "name": "Pg" } } },
        "db_clusters": { "Pg": with(json!({ "replicas": 1, "operation": 0 }), cluster) },
    })
}

/// What is lost does not depend on when somebody is promoted.
#[test]
fn the_backlog_dies_with_the_primary() {
    for id in ["pg-backlog-50-100ms", "pg-backlog-50-500ms", "pg-backlog-100-100ms"] {
        let patch = r#"{ "duration": 12, "db_clusters": { "Pg": { "failover": { "promotion_time": 5 } } } }"#;
        holds_too(&row(id), patch);
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
