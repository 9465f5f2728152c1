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
