//! Brokers of several nodes: classic queues that are at one of them, quorum queues that have a leader.

use serde_json::{Value, json};
use web_service_model::report::{Queue, Report};

use super::{close, failures};
use crate::support::{finished, log, queue, regular, report, simulation, with};

/// A message a second to a queue of that description at a broker of three nodes, and a worker that needs half a second for each.
fn publishing(queue: Value) -> Value {
    let server = json!({ "service_time": 0, "publish": { "broker": "B", "queue": "q" } });
    let consumer = json!({ "service": "Worker", "service_time": 0.5, "prefetch": 10 });
    with(
        regular(1.0, server),
        json!({
            "duration": 100.25,
            "services": { "Worker": { "service_time": 0 } },
            "brokers": { "B": {
                "nodes": 3, "reconnect": 2, "queues": { "q": with(json!({ "consumers": [consumer] }), queue) },
            } },
        }),
    )
}

fn quorum() -> Value {
    with(
        publishing(json!({ "type": "quorum", "node": 0 })),
        json!({ "brokers": { "B": { "between_nodes": 0.01, "election_time": 3, "sync": { "time": 0.005 } } } }),
    )
}

fn crash(node: &str, at: f64, recover_at: f64) -> Value {
    json!({ "crash": { "component": node, "at": at, "recover_at": recover_at } })
}

/// Nothing is lost, and nothing is there twice.
#[track_caller]
fn all_there(q: &Queue) {
    assert_eq!(q.sent, q.consumed + q.unacknowledged + q.size.now as u64, "{q:?}");
}

fn served(report: &Report) -> f64 {
    queue(report).served.expect("it has a type")
}

/// A classic queue is at one node: while that is down nobody publishes or consumes, what consumers had comes again, and others
/// do not mind.
#[test]
fn a_classic_queue_is_gone_with_its_node() {
    let config = publishing(json!({ "node": 1 }));
    let result = report(&with(config.clone(), json!({ "faults": [crash("B/1", 30.25, 35.25)] })));
    let q = queue(&result);
    assert_eq!((failures(&result), q.failed, q.sent), (vec![("broker_down", 5)], 5, 95));
    assert_eq!((q.redelivered, q.leader.as_deref(), q.elections), (1, Some("B/1"), Some(0)));
    close(served(&result), 95.25 / 100.25);
    all_there(q);
    assert_eq!((q.size.max, q.size.now), (1.0, 0.0));
    let nodes: Vec<_> = result.brokers[0].nodes.iter().map(|(name, node)| (name.as_str(), node.outages)).collect();
    assert_eq!(nodes, [("B/0", 0), ("B/1", 1), ("B/2", 0)]);
    assert_eq!((result.brokers[0].outages, result.brokers[0].state), (1, "up"));

    let other = report(&with(config.clone(), json!({ "faults": [crash("B/2", 30.25, 35.25)] })));
    assert_eq!((failures(&other), queue(&other).redelivered), (vec![], 0));
    let gently =
        json!({ "crash": { "component": "B/1", "at": 30.25, "recover_at": 35.25, "in_progress": "finished" } });
    let gently = report(&with(config.clone(), json!({ "faults": [gently] })));
    assert_eq!((failures(&gently), queue(&gently).redelivered), (vec![("broker_down", 5)], 0));
    // The name of the broker means all of its nodes.
    let all = report(&with(config, json!({ "faults": [{ "crash": { "component": "B", "at": 90.25 } }] })));
    assert_eq!((all.brokers[0].outages, all.brokers[0].state), (3, "down"));
}

/// The consumers of a classic queue at a broker of one node lose their connections, too; those of a queue without a type do not.
#[test]
fn a_type_makes_a_difference_at_one_node() {
    for (kind, redelivered) in [(json!(null), 0), (json!("classic"), 1), (json!("quorum"), 1)] {
        let config = with(publishing(json!({ "type": kind })), json!({ "brokers": { "B": { "nodes": 1 } } }));
        let result = report(&with(config, json!({ "faults": [crash("B", 30.25, 35.25)] })));
        let q = queue(&result);
        assert_eq!(q.redelivered, redelivered, "{kind}");
        assert_eq!((failures(&result), q.sent), (vec![("broker_down", 5)], 95), "{kind}");
        all_there(q);
    }
}

/// A message is confirmed when the leader and the quicker of the other two have it on disk.
#[test]
fn a_quorum_has_a_message() {
    let result = report(&quorum());
    close(result.requests.latency.min, 0.025);
    close(result.requests.latency.max, 0.025);
    close(result.brokers[0].publish_latency.max, 0.025);
    close(queue(&result).delivery.max, 0.525);
    assert_eq!((queue(&result).sent, queue(&result).consumed), (100, 99));
    // With one member down the other one is waited for; with five members two of four.
    let down = report(&with(quorum(), json!({ "faults": [crash("B/2", 0.0, 200.0)] })));
    close(down.requests.latency.max, 0.025);
    let five = with(quorum(), json!({ "brokers": { "B": { "nodes": 5, "queues": { "q": { "members": 5 } } } } }));
    close(report(&five).requests.latency.max, 0.025);
    let alone = with(quorum(), json!({ "brokers": { "B": { "queues": { "q": { "members": 1 } } } } }));
    close(report(&alone).requests.latency.max, 0.005);
}

/// The leader dies: who publishes waits for the next one, consumers are away for a while, and what they had comes again.
#[test]
fn a_leader_is_followed_by_another() {
    let simulation = finished(&with(quorum(), json!({ "faults": [crash("B/0", 30.25, 60.25)] })));
    let result = simulation.report();
    let q = queue(&result);
    assert_eq!((failures(&result), q.sent, q.elections, q.redelivered), (vec![], 100, Some(1), 1));
    assert_eq!(q.leader.as_deref(), Some("B/1"), "it stays, when the former one is back");
    all_there(q);
    close(result.requests.latency.max, 33.25 - 31.0 + 0.025);
    close(served(&result), 97.25 / 100.25);
    let told: Vec<_> =
        log(&simulation, &["election"]).into_iter().map(|it| (it.time, it.component, it.detail)).collect();
    assert_eq!(told, [(33.25, "B/1".to_owned(), "leads q at B now".to_owned())]);
    assert!(web_service_model::simulation::LOG_KINDS.contains(&"election"), "it can be asked for");

    // A leader that is back before is the leader; but its connections are gone.
    let back = report(&with(quorum(), json!({ "faults": [crash("B/0", 30.25, 32.25)] })));
    let q = queue(&back);
    assert_eq!((q.elections, q.redelivered, q.leader.as_deref()), (Some(0), 1, Some("B/0")));
    all_there(q);
    // A publisher whose message is on its way when the leader dies learns that it is lost.
    let under_way = report(&with(quorum(), json!({ "faults": [crash("B/0", 30.01, 60.25)] })));
    assert_eq!(failures(&under_way), [("broker_down", 1)]);
    all_there(queue(&under_way));
}

/// Fewer than half of the members confirm nothing: all wait until there are more again.
#[test]
fn a_minority_does_nothing() {
    let two = json!({ "faults": [crash("B/1", 30.25, 40.25), crash("B/2", 30.25, 50.25)] });
    let result = report(&with(quorum(), two.clone()));
    let q = queue(&result);
    assert_eq!((failures(&result), q.sent, q.elections, q.redelivered), (vec![], 100, Some(0), 0));
    close(result.requests.latency.max, 40.25 - 31.0 + 0.025);
    close(served(&result), 90.25 / 100.25);
    all_there(q);
    let patience = json!({ "users": { "clients": { "policy": { "timeout": 2 } } } });
    let result = report(&with(with(quorum(), two), patience));
    // (What nobody waits for any more is published all the same.)
    assert_eq!((failures(&result), queue(&result).sent), (vec![("timeout", 8)], 100));
}

/// A leader that is cut off from the others is replaced on their side, and those who asked it are served there.
#[test]
fn a_leader_that_is_parted_from_the_others() {
    let parted = |other: &str| json!({ "partition": { "between": ["B/0", other], "from": 30.25, "until": 60 } });
    let result = report(&with(quorum(), json!({ "faults": [parted("B/1"), parted("B/2")] })));
    let q = queue(&result);
    assert_eq!((failures(&result), q.sent, q.elections, q.leader.as_deref()), (vec![], 100, Some(1), Some("B/1")));
    all_there(q);
    close(result.requests.latency.max, 33.25 - 31.0 + 0.025);
    let one = report(&with(quorum(), json!({ "faults": [parted("B/1")] })));
    assert_eq!(queue(&one).elections, Some(0), "the third member is enough");
}

/// Poison messages go round in a classic queue for ever, and twenty times in a quorum queue.
#[test]
fn quorum_queues_have_a_delivery_limit() {
    for (kind, over_limit) in [("classic", None), ("quorum", Some(100))] {
        let poison = json!([{ "service_time": 0.01, "poison": 1 }]);
        let config = publishing(json!({ "type": kind, "dead_letter": "dead", "consumers": poison }));
        let result = report(&with(config, json!({ "brokers": { "B": { "queues": { "dead": {} } } } })));
        let q = queue(&result);
        assert_eq!(
            (q.over_limit, result.brokers[0].queues["dead"].sent),
            (over_limit, over_limit.unwrap_or(0)),
            "{kind}"
        );
        assert_eq!(q.consumed, 0);
        if let Some(limit) = over_limit {
            assert_eq!(q.redelivered, 20 * limit);
        }
    }
}

/// Dead letters are sent at most once: while nobody serves their queue they are lost.
#[test]
fn dead_letters_for_a_queue_that_is_gone() {
    for (kind, node) in [("classic", "B/1"), ("quorum", "B")] {
        let config = publishing(json!({ "node": 0, "message_ttl": 0.5, "dead_letter": "dead", "consumers": [] }));
        let dead = json!({ "brokers": { "B": { "queues": { "dead": { "type": kind, "node": 1 } } } } });
        let mut crashes = vec![crash("B/1", 30.25, 35.25), crash("B/2", 30.25, 35.25)];
        crashes.truncate(if node == "B" { 2 } else { 1 });
        let result = report(&with(with(config, dead), json!({ "faults": crashes })));
        let dead = &result.brokers[0].queues["dead"];
        // Those of the 30th second to the 34th come half a second later.
        assert_eq!((dead.sent, dead.dropped, dead.size.now), (99, 5, 94.0), "{kind}");
        assert_eq!(failures(&result), []);
    }
}

/// Queues of all types get a message of one exchange; if the home of the classic one is down, the publisher learns that.
#[test]
fn one_message_for_queues_of_both_types() {
    let config = with(
        quorum(),
        json!({
            "services": { "Server": { "publish": { "queue": null, "exchange": "x" } } },
            "brokers": { "B": {
                "queues": { "other": { "type": "classic", "node": 2 } },
                "exchanges": { "x": { "type": "fanout", "bindings": [{ "queue": "q" }, { "queue": "other" }] } },
            } },
            "faults": [crash("B/2", 30.25, 35.25)],
        }),
    );
    let result = report(&config);
    let sent: Vec<u64> = result.brokers[0].queues.values().map(|queue| queue.sent).collect();
    assert_eq!((sent, failures(&result)), (vec![100, 95], vec![("broker_down", 5)]));
}

/// What needs a restart, and what does not.
#[test]
fn numbers_of_nodes_are_wiring() {
    let mut simulation = simulation(&quorum());
    simulation.advance_to(30.0);
    let patch = json!({ "brokers": { "B": { "nodes": 5, "queues": { "q": { "type": "classic", "members": 2 } } } } });
    let errors = simulation.patch(&patch.to_string()).expect_err("wiring").to_string();
    for field in ["nodes", "queues.q.type", "queues.q.members"] {
        assert!(errors.contains(&format!("brokers.B.{field}: needs a restart")), "{field}: {errors}");
    }
    let patch = json!({ "brokers": { "B": { "between_nodes": 0.1, "election_time": 1, "sync": null } } });
    simulation.patch(&patch.to_string()).expect("numbers");
    simulation.advance_to(100.25);
    close(simulation.report().requests.latency.max, 0.2);
}

/// Who is connected to another node than the leader keeps its connection when that dies, and what it has; it loses both with its
/// own node.
#[test]
fn consumers_at_another_node_outlive_the_leader() {
    let redelivered = |node: Value, dead: &str| {
        let consumers = json!({ "brokers": { "B": { "queues": { "q": { "consumers": [{ "service_time": 0.9, "prefetch": 2, "node": node }] } } } } });
        let result = report(&with(with(quorum(), consumers), json!({ "faults": [crash(dead, 30.25, 60.25)] })));
        all_there(queue(&result));
        queue(&result).redelivered
    };
    let lost = redelivered(json!(null), "B/0");
    assert!(lost > 0);
    assert_eq!(
        [redelivered(json!(0), "B/0"), redelivered(json!(1), "B/0"), redelivered(json!(null), "B/1")],
        [lost, 0, 0]
    );
    assert_eq!(redelivered(json!(1), "B/1"), lost, "the leader goes on without it");
}

/// One that a consumer has failed at goes behind all that wait in a quorum queue, and in a classic one to where it was.
#[test]
fn what_is_rejected_goes_behind_those_that_wait_in_a_quorum_queue() {
    let longest = |kind: &str| {
        let consumers = json!([{ "service_time": 0.9, "poison": 0.3 }]);
        let queue_of = json!({ "type": kind, "delivery_limit": 1, "consumers": consumers });
        let result = report(&publishing(queue_of));
        (queue(&result).delivery.mean.expect("some are delivered"), queue(&result).redelivered)
    };
    let (at_once, behind) = (longest("classic"), longest("quorum"));
    assert!(at_once.1 > 5 && behind.1 > 5, "{at_once:?}, {behind:?}");
    assert!(behind.0 < at_once.0, "the others need not wait for it twice: {at_once:?}, {behind:?}");
}
