//! Redis 7.0.15.

use serde_json::json;

use super::{close, mean, replicated, runs_hold};

/// SETs at a Poisson rate, a replica behind a proxy that delays the stream and loses what is on its way when the master dies,
/// kill -9, REPLICAOF NO ONE. (A fourth measurement, with 20 ms, is on the list in `docs/reality.md`.)
#[test]
fn the_backlog_dies_with_the_master() {
    let measured = [
        (100.0, 0.1, [9, 11, 8, 9, 8, 9, 16, 6]),
        (100.0, 0.5, [52, 48, 44, 59, 47, 46, 50, 46]),
        (300.0, 0.1, [26, 29, 32, 31, 32, 37, 44, 32]),
    ];
    for (rate, delay, runs) in measured {
        let found = replicated(
            &json!({
                "duration": 20,
                "users": { "u": {
                    "arrivals": { "poisson": { "rate": rate } }, "targets": { "Api": 1 }, "read_share": 0,
                } },
                "services": { "Api": { "service_time": 0, "database": { "name": "R" } } },
                "db_clusters": { "R": {
                    "kind": "redis", "replicas": 1, "operation": 0, "replication": { "delay": delay },
                    "failover": { "monitor_interval": 1, "on_write": false },
                } },
                "faults": [{ "crash": { "component": "R/0", "at": 10.3 } }],
            }),
            |report| report.db_clusters["R"].lost_writes as f64,
        );
        close(mean(&found), rate * delay, 0.06);
        runs_hold(&runs, &found);
    }
}
