//! What a service does for a request, step by step, and what the failure of a step leads to.

use serde_json::{Value, json};

use super::{close, failures};
use crate::support::{cluster, regular, report, service, simulation, with};

fn calling(on_error: &str) -> Value {
    let calls = json!([{ "to": ["Good", "Bad"], "on_error": on_error }]);
    with(
        regular(1.0, json!({ "service_time": 0.1, "calls": calls })),
        json!({
            "duration": 20.9,
            "services": { "Good": { "service_time": 0.5 }, "Bad": { "service_time": 0.2, "fail_prob": 1 } },
        }),
    )
}

#[test]
fn a_failed_call_fails_the_request_or_does_not() {
    let strict = report(&calling("fail"));
    assert_eq!(failures(&strict), [("call_failed", 20)]);
    let lenient = report(&calling("ignore"));
    assert_eq!(failures(&lenient), []);
    // All that was called is waited for, the slowest last.
    close(lenient.requests.latency.mean, 0.6);
    close(lenient.requests.time_in["calls"], 0.5);
    assert_eq!((service(&lenient, "Good").succeeded, service(&lenient, "Bad").failed), (20, 20));
}

fn stored(service: Value, db: Value) -> Value {
    let server = with(json!({ "service_time": 0, "database": { "name": "DB" } }), service);
    let cluster = with(json!({ "operation": 0.1, "replicas": 1 }), db);
    with(regular(1.0, server), json!({ "duration": 20.9, "db_clusters": { "DB": cluster } }))
}

#[test]
fn a_failed_read_is_tried_on_another_node() {
    for (retries, expected) in [(0, vec![("database_down", 20)]), (1, vec![])] {
        let config =
            stored(json!({ "database": { "read_retries": retries } }), json!({ "failover": { "strategy": "none" } }));
        let mut simulation = simulation(&config);
        simulation.crash("DB/0", None).expect("there is one");
        simulation.advance_to(20.9);
        let report = simulation.report();
        assert_eq!(failures(&report), expected, "{retries} retries");
        let db = cluster(&report, "DB");
        assert_eq!((db.reads, db.nodes[0].failed), (20, 20));
        assert_eq!(db.nodes[1].operations, 20 * retries);
    }
}

#[test]
fn a_read_that_fails_everywhere_is_given_up() {
    let config = stored(json!({ "database": { "read_retries": 3 } }), json!({ "fail_prob": 1 }));
    let report = report(&config);
    assert_eq!(failures(&report), [("database_error", 20)]);
    let db = cluster(&report, "DB");
    assert_eq!(db.failed, 20);
    assert_eq!(db.nodes.iter().map(|(_, node)| node.failed).sum::<u64>(), 80);
}

#[test]
fn failed_writes_fail_the_request_or_do_not() {
    for (on_error, expected) in [("fail", vec![("database_error", 20)]), ("ignore", vec![])] {
        let config = with(
            stored(json!({ "database": { "on_write_error": on_error } }), json!({ "fail_prob": 1 })),
            json!({ "users": { "clients": { "read_share": 0 } } }),
        );
        let report = report(&config);
        assert_eq!(failures(&report), expected);
        assert_eq!((cluster(&report, "DB").acknowledged_writes, cluster(&report, "DB").failed), (0, 20));
    }
}

/// Connections of a node: who finds none waits, and who finds no place to wait fails.
#[test]
fn connections_of_a_node() {
    let config = stored(json!({}), json!({ "operation": 10, "connections": 1, "queue_limit": 2 }));
    let report = report(&with(config, json!({ "duration": 9.5 })));
    assert_eq!(failures(&report), [("database_full", 6)]);
    assert_eq!(cluster(&report, "DB").nodes[0].queue.max, 2.0);
}

/// Handshakes, the way there, processing, database, broker, a call, and the way back, in the order of the plan.
#[test]
fn the_time_of_a_request_is_the_sum_of_its_steps() {
    let server = json!({
        "publish": { "broker": "B", "queue": "q" }, "calls": [{ "to": ["Other"] }], "service_time": 0.2,
    });
    let config = with(
        stored(server, json!({})),
        json!({
            "network": { "tcp": 0.01, "tls": 0.02, "delay": 0.001, "users_balancer": 0.005 },
            "services": { "Other": { "service_time": 0.3 } },
            "brokers": { "B": { "publish": 0.05, "queues": { "q": {} } } },
        }),
    );
    let report = report(&config);
    let spent = &report.requests.time_in;
    close(spent["handshakes"], 0.03);
    // Users and balancer 5 ms, balancer and service 1 ms, both ways; the database and the broker, both ways.
    close(spent["network"], 2.0 * (0.005 + 0.001) + 4.0 * 0.001);
    close(spent["processing"], 0.2);
    close(spent["database"], 0.1);
    close(spent["broker"], 0.05);
    close(spent["calls"], 0.3 + 2.0 * 0.001);
    close(report.requests.latency.mean, 0.03 + 0.016 + 0.2 + 0.1 + 0.05 + 0.302);
    // Each service has the time of its own visits: the called one knows nothing of handshakes and databases.
    let [caller, called] = ["Server", "Other"].map(|name| &service(&report, name).time_in);
    assert_eq!(caller, spent);
    close(called["processing"], 0.3);
    close(called["network"], 2.0 * 0.001);
    close(service(&report, "Other").latency.mean, called.values().sum());
}
