//! What the user reads when numbers of queues and consumers are wrong.

use serde_json::{Value, json};

use super::check;

fn queues(queues: Value) -> (&'static str, Value) {
    ("/brokers/MQ", json!({ "queues": queues }))
}

#[test]
fn numbers_of_queues() {
    let wrong = json!({
        "message_ttl": -1, "max_priority": 256, "delivery_limit": 10_001, "dead_letter": "ded", "overflow": "reject_publish_dlx",
        "consumers": [{ "service_time": 1, "fail_prob": 1.5, "poison": -0.1 }],
    });
    check(
        &[queues(json!({ "q": wrong, "dead": {} })), ("/brokers/MQ/heartbeat", json!(0))],
        &[
            "brokers.MQ.queues.q.consumers[0].fail_prob: 1.5 is too large (a probability, 0 to 1)",
            "brokers.MQ.queues.q.consumers[0].poison: -0.1 is too small (a probability, 0 to 1)",
            "brokers.MQ.queues.q.message_ttl: -1 is too small (a time, 0 to 1e9 seconds)",
            "brokers.MQ.queues.q.max_priority: 256 is too many (at most 255)",
            "brokers.MQ.queues.q.delivery_limit: 10001 is too many (at most 10000)",
            "brokers.MQ.queues.q.dead_letter: \"ded\" is not a queue of `MQ` (did you mean `dead`?)",
            "brokers.MQ.heartbeat: 0 is too small (a time, 0.001 to 1e9 seconds)",
        ],
    );
    let publish = json!({ "broker": "MQ", "queue": "q", "priority": 300 });
    check(
        &[queues(json!({ "q": {} })), ("/services/Shop/publish", publish)],
        &["services.Shop.publish.priority: 300 is too many (at most 255)"],
    );
}

/// A message that comes back at once to one who fails at it at once would keep the run at that moment for ever.
#[test]
fn messages_that_come_back_in_no_time() {
    let rule =
        "service_time: is too short where messages come back at which the consumer fails (at least a microsecond)";
    let fails = |more: Value| crate::support::with(json!({ "service_time": 0, "fail_prob": 0.5 }), more);
    let wrong = format!("brokers.MQ.queues.q.consumers[0].{rule}");
    check(&[queues(json!({ "q": { "consumers": [fails(json!({}))] } }))], &[&wrong]);
    check(&[queues(json!({ "q": { "consumers": [{ "service_time": "0.1us", "poison": 1e-6 }] } }))], &[&wrong]);
    check(&[queues(json!({ "q": { "delivery_limit": 5, "consumers": [fails(json!({}))] } }))], &[]);
    let rejects = fails(json!({ "on_failure": "reject" }));
    check(&[queues(json!({ "q": { "consumers": [rejects] } }))], &[]);
    check(&[queues(json!({ "q": { "consumers": [rejects], "dead_letter": "p" }, "p": {} }))], &[]);
    check(
        &[queues(json!({ "q": { "consumers": [rejects], "dead_letter": "p" }, "p": { "dead_letter": "q" } }))],
        &[&wrong],
    );
    check(
        &[queues(json!({ "p": { "dead_letter": "q" }, "q": { "consumers": [rejects], "dead_letter": "q" } }))],
        &[&wrong],
    );
}

#[test]
fn exchanges_and_publications() {
    let long = "k".repeat(256);
    let exchanges = json!({
        "x": { "bindings": [{ "queue": "qq", "routing_key": long }, { "queue": "q" }], "alternate": "z" },
        "y": { "type": "headers" },
        "a/b": {},
    });
    let publish = |more: Value| ("/services/Shop/publish", crate::support::with(json!({ "broker": "MQ" }), more));
    check(
        &[("/brokers/MQ", json!({ "queues": { "q": {} }, "exchanges": exchanges }))],
        &[
            "brokers.MQ.exchanges.y.type: \"headers\" is unknown (known: `direct`, `topic`, `fanout`)",
            "brokers.MQ.exchanges[\"a/b\"]: has a `/` in its name (it separates a cluster from its nodes)",
            "brokers.MQ.exchanges.x.bindings[0].routing_key: is too long (at most 255 bytes)",
            "brokers.MQ.exchanges.x.bindings[0].queue: \"qq\" is not a queue of `MQ` (did you mean `q`?)",
            "brokers.MQ.exchanges.x.alternate: \"z\" is not an exchange of `MQ` (did you mean `x`?)",
        ],
    );
    let broker = || ("/brokers/MQ", json!({ "queues": { "q": {} }, "exchanges": { "x": {} } }));
    for (wrong, expected) in [
        (json!({}), "publish: names neither a `queue` nor an `exchange`"),
        (json!({ "queue": "q", "exchange": "x" }), "publish.queue: \"q\" stands beside an `exchange` (one of them)"),
        (json!({ "exchange": "xx" }), "publish.exchange: \"xx\" is not an exchange of `MQ` (did you mean `x`?)"),
        (json!({ "exchange": "x", "routing_key": long }), "publish.routing_key: is too long (at most 255 bytes)"),
        (json!({ "queue": "q", "ttl": 3e6 }), "publish.ttl: 3000000 is too large (a time, 0 to 2147483 seconds)"),
    ] {
        check(&[broker(), publish(wrong)], &[&format!("services.Shop.{expected}")]);
    }
}

#[test]
fn nodes_of_brokers() {
    let quorum = json!({ "type": "quorum", "durable": false, "max_priority": 3, "overflow": "reject_publish_dlx" });
    let broker = json!({
        "nodes": 3, "reconnect": -1, "election_time": -1, "between_nodes": -1, "sync": { "interval": -1, "time": -1 },
        "queues": { "a": quorum, "b": { "node": 3, "members": 4, "consumer_timeout": 0, "consumers": [{ "service_time": 1, "node": 4 }] } },
    });
    check(
        &[("/brokers/MQ", broker)],
        &[
            "brokers.MQ.queues.a.durable: false is not possible for a quorum queue",
            "brokers.MQ.queues.a.max_priority: 3 is not possible for a quorum queue",
            "brokers.MQ.queues.a.overflow: \"reject_publish_dlx\" is not possible for a quorum queue",
            "brokers.MQ.queues.b.consumers[0].node: 4 is not a node (0 to 2)",
            "brokers.MQ.queues.b.node: 3 is not a node (0 to 2)",
            "brokers.MQ.queues.b.members: 4 is too many (at most 3)",
            "brokers.MQ.queues.b.consumer_timeout: 0 is too small (a time, 0.001 to 1e9 seconds)",
            "brokers.MQ.between_nodes: -1 is too small (a time, 0 to 1e9 seconds)",
            "brokers.MQ.election_time: -1 is too small (a time, 0 to 1e9 seconds)",
            "brokers.MQ.sync.interval: -1 is too small (a time, 0 to 1e9 seconds)",
            "brokers.MQ.sync.time: -1 is too small (a time, 0 to 1e9 seconds)",
            "brokers.MQ.reconnect: -1 is too small (a time, 0 to 1e9 seconds)",
        ],
    );
    check(&[("/brokers/MQ", json!({ "nodes": 0 }))], &["brokers.MQ.nodes: 0 is too few (at least 1)"]);
}
