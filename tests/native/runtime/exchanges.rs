//! Exchanges: messages that go to several queues, to others than those that were meant, or nowhere.

use serde_json::{Value, json};
use web_service_model::report::{Broker, Report};

use super::failures;
use crate::support::{log, regular, report, simulation, with};

/// A message a second to an exchange of that description, with that key; the broker has the queues `a`, `b` and `c`.
fn publishing(exchanges: Value, key: &str) -> Value {
    let publish = json!({ "broker": "B", "exchange": "x", "routing_key": key });
    with(
        regular(1.0, json!({ "service_time": 0, "publish": publish })),
        json!({ "duration": 100.5, "brokers": { "B": { "queues": { "a": {}, "b": {}, "c": {} }, "exchanges": exchanges } } }),
    )
}

fn broker(report: &Report) -> &Broker {
    &report.brokers[0]
}

/// How many messages each queue has been sent.
fn sent(report: &Report) -> Vec<u64> {
    broker(report).queues.values().map(|queue| queue.sent).collect()
}

#[test]
fn bindings_say_which_queues_get_a_message() {
    let bindings = json!([
        { "queue": "a", "routing_key": "order.*" }, { "queue": "b", "routing_key": "order.new" },
        { "queue": "b", "routing_key": "#" }, { "queue": "c", "routing_key": "mail.#" },
    ]);
    for (kind, key, expected) in [
        ("direct", "order.new", [0, 100, 0]),
        ("direct", "order.old", [0, 0, 0]),
        ("topic", "order.old", [100, 100, 0]),
        ("topic", "mail.sent.today", [0, 100, 100]),
        ("fanout", "anything", [100, 100, 100]),
    ] {
        let result = report(&publishing(json!({ "x": { "type": kind, "bindings": bindings } }), key));
        assert_eq!(sent(&result), expected, "{kind} {key}");
        let lost = if expected == [0; 3] { 100 } else { 0 };
        assert_eq!((broker(&result).unroutable_messages, failures(&result)), (Some(lost), vec![]), "{kind} {key}");
        assert_eq!(broker(&result).publish_latency.count, 100, "each is published once");
    }
}

#[test]
fn what_leads_nowhere_goes_to_the_alternate() {
    let exchanges = json!({
        "x": { "bindings": [{ "queue": "a", "routing_key": "known" }], "alternate": "rest" },
        "rest": { "type": "fanout", "bindings": [{ "queue": "c" }] },
    });
    for (key, expected) in [("known", [100, 0, 0]), ("unknown", [0, 0, 100])] {
        let result = report(&publishing(exchanges.clone(), key));
        assert_eq!((sent(&result), broker(&result).unroutable_messages), (expected.to_vec(), Some(0)));
    }
}

/// A queue that is full refuses its copy, and the publisher fails, though the others have theirs.
#[test]
fn one_of_several_queues_refuses() {
    let exchanges = json!({ "x": { "type": "fanout", "bindings": [{ "queue": "a" }, { "queue": "b" }] } });
    let limited = json!({ "brokers": { "B": { "queues": { "b": { "limit": 10 } } } } });
    let result = report(&with(publishing(exchanges, ""), limited));
    assert_eq!(sent(&result), [100, 10, 0]);
    assert_eq!(failures(&result), [("broker_queue_full", 90)]);
    assert_eq!((broker(&result).queues["a"].failed, broker(&result).queues["b"].failed), (0, 90));
    assert_eq!(broker(&result).broker_messages_failed, 90);
}

/// A message that no queue stands for fails at the broker.
#[test]
fn a_broker_that_is_down_fails_them_all() {
    let exchanges = json!({ "x": { "type": "fanout", "bindings": [{ "queue": "a" }, { "queue": "b" }] } });
    let down = json!({ "faults": [{ "crash": { "component": "B", "at": 50.5 } }] });
    let result = report(&with(publishing(exchanges, ""), down));
    assert_eq!((sent(&result), broker(&result).broker_messages_failed), (vec![50, 50, 0], 50));
    assert_eq!(broker(&result).queues.values().map(|queue| queue.failed).sum::<u64>(), 0);
}

/// Bindings and keys change while a run goes on; which exchanges there are does not.
#[test]
fn bindings_change() {
    let bound = |queue: &str| json!({ "x": { "bindings": [{ "queue": queue, "routing_key": "k" }] } });
    let mut simulation = simulation(&publishing(bound("a"), "k"));
    simulation.advance_to(30.5);
    let patch = json!({ "brokers": { "B": { "exchanges": bound("b") } } });
    simulation.patch(&patch.to_string()).expect("bindings are no wiring");
    simulation.advance_to(60.5);
    let patch = json!({ "services": { "Server": { "publish": { "routing_key": "other" } } } });
    simulation.patch(&patch.to_string()).expect("a key is none either");
    simulation.advance_to(100.5);
    let result = simulation.report();
    assert_eq!((sent(&result), broker(&result).unroutable_messages), (vec![30, 30, 0], Some(40)));
    assert_eq!(log(&simulation, &["config_change"]).len(), 2);
    let rules = |patch: Value| simulation.clone().patch(&patch.to_string()).expect_err("wiring").to_string();
    let more = rules(json!({ "brokers": { "B": { "exchanges": { "y": {} } } } }));
    assert!(more.contains("brokers.B.exchanges.y: is new, which needs a restart"), "{more}");
    let other = rules(json!({ "services": { "Server": { "publish": { "exchange": null, "queue": "a" } } } }));
    assert!(other.contains("services.Server.publish.exchange: needs a restart"), "{other}");
}
