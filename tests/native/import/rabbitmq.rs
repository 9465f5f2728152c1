//! Definitions of RabbitMQ, imported, checked and run.

use serde_json::json;

use super::{imported, notes, run, value};

const ASSUMED: &str = "assumed: messages are persistent and confirmed; one consumer on each queue, with prefetch 1 and 50 ms of work \
                       (exponential) for a message, but none on queues that get dead letters";

#[test]
fn exchanges_queues_and_bindings() {
    let imported = imported(include_str!("tutorial.json"));
    assert_eq!(
        notes(&imported),
        [
            ASSUMED,
            "plays no part here: global_parameters (line 14), permissions (line 10), queue-mode (line 20), users (line 6)",
        ]
    );
    let config = value(&imported.config);
    let broker = &config["brokers"]["RabbitMQ"];
    assert_eq!((&broker["nodes"], &broker["queues"]["task_queue"]["type"]), (&json!(null), &json!("classic")));
    assert_eq!(broker["queues"]["all_logs"]["durable"], json!(false));
    assert_eq!(broker["exchanges"]["logs"], json!({ "type": "fanout", "bindings": [{ "queue": "all_logs" }] }));
    let endpoints: Vec<&String> =
        config["services"]["publisher"]["endpoints"].as_object().expect("some").keys().collect();
    assert_eq!(
        endpoints,
        [
            "logs",
            "direct_logs info",
            "direct_logs error",
            "topic_logs kern any",
            "topic_logs any critical",
            "task_queue"
        ]
    );
    let found = run(&config, json!({}));
    let queues = &found.brokers["RabbitMQ"].queues;
    assert_eq!((found.requests.failed, found.brokers["RabbitMQ"].unroutable_messages), (0, Some(0)));
    // Of six messages three go to the first of these, two to the second, and one to each of the others.
    let [all, errors, tasks] = ["all_logs", "error_logs", "task_queue"].map(|name| queues[name].sent as f64);
    assert!((2.0..4.5).contains(&(all / tasks)) && (1.2..3.2).contains(&(errors / tasks)), "{all} {errors} {tasks}");
    assert!(queues.values().all(|queue| queue.consumed > 20 && queue.size.now < 20.0));
}

#[test]
fn quorum_queues_and_policies() {
    let imported = imported(include_str!("orders.json"));
    assert_eq!(
        notes(&imported),
        [
            "line 9: the pattern `^[a-z]+$` is not understood, and the policy left out",
            "line 13: a quorum queue does not look at `max-priority`",
            "line 13: a quorum queue knows no `reject-publish-dlx`; `reject-publish` is taken",
            "line 17: a classic queue does not look at `delivery-limit`",
            "assumed: `RabbitMQ` has 5 nodes, as it has quorum queues",
            ASSUMED,
        ]
    );
    let config = value(&imported.config);
    let queues = &config["brokers"]["RabbitMQ"]["queues"];
    let pay = &queues["orders.pay"];
    assert_eq!((&pay["type"], &pay["limit"], &pay["dead_letter"]), (&json!("quorum"), &json!(20), &json!("dead")));
    assert_eq!((&queues["orders.ship"]["members"], &queues["orders.ship"]["overflow"]), (&json!(5), &json!(null)));
    let report = &queues["orders.report"];
    assert_eq!(
        (&report["consumer_timeout"], &report["delivery_limit"], &report["limit"], &report["dead_letter"]),
        (&json!(7200.0), &json!(3), &json!(null), &json!("dead")),
        "the policy of the higher priority alone counts, beside the arguments"
    );
    assert_eq!((&queues["dead"]["consumers"], &queues["unknown"]["limit"]), (&json!(null), &json!(null)));
    assert_eq!(config["brokers"]["RabbitMQ"]["exchanges"]["orders"]["alternate"], json!("orders.rest"));
    // A node dies; whoever asks that queue waits for the next leader.
    let dies = json!({ "faults": [{ "crash": { "component": "RabbitMQ/0", "at": 10 } }] });
    let found = run(&config, dies);
    let pay = &found.brokers["RabbitMQ"].queues["orders.pay"];
    assert_eq!((pay.elections, pay.leader.as_deref()), (Some(1), Some("RabbitMQ/1")));
    assert!(pay.consumed > 50, "{pay:?}");
}

#[test]
fn messages_that_are_tried_again() {
    let imported = imported(include_str!("retry.json"));
    assert_eq!(
        notes(&imported),
        [
            "line 3: `max-length-bytes`: messages have no size here",
            "line 5: `frobnicate` is not known",
            "line 7: `single-active-consumer`: all consumers are active here; the queue gets one",
            "line 7: dead letters lead nowhere (by `lost`)",
            "line 9: `message-ttl`: `\"soon\"` means nothing here",
            "line 9: `overflow`: `\"shrink\"` means nothing here",
            ASSUMED,
            "plays no part here: expires (line 7)",
        ]
    );
    let config = value(&imported.config);
    let queues = &config["brokers"]["RabbitMQ"]["queues"];
    let jobs = &queues["jobs"];
    assert_eq!(
        (&jobs["dead_letter"], &jobs["overflow"], &jobs["max_priority"]),
        (&json!("jobs.retry"), &json!("drop_head"), &json!(5))
    );
    assert_eq!(
        (&queues["jobs.retry"]["dead_letter"], &queues["jobs.retry"]["message_ttl"]),
        (&json!("jobs"), &json!(2.0))
    );
    assert_eq!(
        (&queues["audit"]["overflow"], &queues["audit"]["durable"]),
        (&json!("reject_publish_dlx"), &json!(false))
    );
    // Whatever a consumer rejects is there again two seconds later.
    let rejects = json!([{ "service_time": 0.01, "fail_prob": 0.2, "on_failure": "reject" }]);
    let found = run(&config, json!({ "brokers": { "RabbitMQ": { "queues": { "jobs": { "consumers": rejects } } } } }));
    let queues = &found.brokers["RabbitMQ"].queues;
    let [jobs, again] = ["jobs", "jobs.retry"].map(|name| &queues[name]);
    let dead = again.dead_letters.expect("they go back");
    assert!(dead.expired > 10 && jobs.rejected_by_consumer == Some(again.sent), "{dead:?}");
}

#[test]
fn virtual_hosts_are_brokers() {
    let imported = imported(include_str!("hosts.json"));
    assert_eq!(
        notes(&imported),
        [
            "line 4: operator policies, such as `cap`, are not taken over",
            "line 7: `ha-mode`: classic queues have no mirrors, as since RabbitMQ 4.0",
            "line 11: `history` is a stream, which is not simulated",
            "line 12: `at-least-once`: dead letters that find no room are lost here",
            "line 16: `by header` is of the type `headers`, which is not simulated",
            "line 18: there is no exchange `nowhere` for what leads nowhere",
            "line 21: the binding from `in` to the exchange `out` is not taken over",
            "line 23: the binding from `by header` to `events` is left out with one of them",
            "line 24: the binding from `out` to `history` is left out with one of them",
            "assumed: `RabbitMQ shop eu` has 3 nodes, as it has quorum queues",
            ASSUMED,
        ]
    );
    let config = value(&imported.config);
    let names: Vec<&String> = config["brokers"].as_object().expect("some").keys().collect();
    assert_eq!(names, ["RabbitMQ", "RabbitMQ shop eu"]);
    let found = run(&config, json!({}));
    assert!(found.brokers.values().all(|broker| broker.broker_messages_sent > 100));
    assert_eq!(found.requests.failed, 0);
}
