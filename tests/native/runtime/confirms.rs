//! Publisher confirms, the disk behind them, messages that are not persistent, and their own time to live.

use serde_json::{Value, json};

use super::{close, failures};
use crate::support::{queue, regular, report, simulation, with};

/// A message every so many seconds, published in that way to a queue of that description.
fn publishing(gap: f64, publish: Value, queue: Value) -> Value {
    let publish = with(json!({ "broker": "B", "queue": "q" }), publish);
    with(
        regular(gap, json!({ "service_time": 0, "publish": publish })),
        json!({ "duration": 100.5, "brokers": { "B": { "publish": 0.25, "queues": { "q": queue } } } }),
    )
}

/// Who does not wait for confirms neither takes the time nor learns of a failure, wherever the message is lost.
#[test]
fn without_confirms_nobody_knows() {
    let careless = json!({ "confirms": false });
    let far = json!({ "network": { "service_broker": 0.5 } });
    let result = report(&with(publishing(1.0, careless.clone(), json!({})), far.clone()));
    assert_eq!((queue(&result).sent, result.brokers[0].lost_unnoticed), (99, Some(0)), "one is still on its way");
    assert_eq!(result.requests.latency.max, Some(0.0));
    let waits = report(&with(publishing(1.0, json!({}), json!({})), far));
    close(waits.requests.latency.max, 1.25);
    assert_eq!(waits.brokers[0].lost_unnoticed, None);

    let down = json!({ "faults": [{ "crash": { "component": "B", "at": 50.1 } }] });
    let full = json!({ "brokers": { "B": { "queues": { "q": { "limit": 40 } } } } });
    let fails = json!({ "brokers": { "B": { "fail_prob": 1 } } });
    let parted = json!({
        "network": { "partition_timeout": 3 }, "faults": [{ "partition": { "between": ["Server", "B"], "from": 60.5 } }],
    });
    for (changes, lost, failed) in [(down, 51, 51), (full, 60, 60), (fails, 100, 100), (parted, 37, 0)] {
        let result = report(&with(publishing(1.0, careless.clone(), json!({})), changes.clone()));
        assert_eq!(failures(&result), [], "{changes}");
        assert_eq!((result.brokers[0].lost_unnoticed, queue(&result).failed), (Some(lost), failed), "{changes}");
        let confirmed = report(&with(publishing(1.0, json!({}), json!({})), changes.clone()));
        assert_eq!(failures(&confirmed).iter().map(|(_, count)| count).sum::<u64>(), lost, "{changes}");
    }
}

/// A message under a policy, and one that an instance has sent before it dies, get to the broker as well.
#[test]
fn messages_without_confirms_are_on_their_own() {
    let policy = json!({ "confirms": false, "policy": { "timeout": 0.1, "retry": { "max": 3 } } });
    let result = report(&publishing(1.0, policy, json!({})));
    assert_eq!((queue(&result).sent, failures(&result)), (100, vec![]));
    let dies = json!({ "faults": [{ "crash": { "component": "Server", "at": 50.1 } }] });
    let result = report(&with(publishing(1.0, json!({ "confirms": false }), json!({})), dies));
    assert_eq!(queue(&result).sent, 50, "the last was under way");
}

/// With a sync each second that takes a tenth of one, a message is confirmed at the end of the first that begins after it came.
#[test]
fn a_confirm_waits_for_the_disk() {
    let sync = json!({ "brokers": { "B": { "publish": 0, "sync": { "interval": 1, "time": 0.1 } } } });
    let busy = with(publishing(0.01, json!({}), json!({})), sync.clone());
    let result = report(&busy);
    let confirms = result.brokers[0].confirm_latency.as_ref().expect("it is told");
    assert!((0.1..0.12).contains(&confirms.min.unwrap_or(0.0)), "{:?}", confirms.min);
    assert!((1.08..=1.1).contains(&confirms.max.unwrap_or(0.0)), "{:?}", confirms.max);
    // (Half an interval on average, and the sync.)
    assert!((0.59..0.61).contains(&confirms.mean.unwrap_or(0.0)), "{:?}", confirms.mean);
    close(result.brokers[0].publish_latency.max, 0.0);
    assert!((0.59..0.61).contains(&result.requests.latency.mean.unwrap_or(0.0)), "{:?}", result.requests.latency.mean);
    // At an idle broker it waits for nobody.
    let idle = report(&with(publishing(2.0, json!({}), json!({})), sync.clone()));
    close(idle.requests.latency.max, 0.1);
    // What is not written to disk is not waited for.
    for (publish, durable) in [(json!({ "persistent": false }), true), (json!({}), false)] {
        let result = report(&with(publishing(0.01, publish, json!({ "durable": durable })), sync.clone()));
        close(result.requests.latency.max, 0.0);
    }
    // A refusal is told at once.
    let full = report(&with(publishing(2.0, json!({}), json!({ "limit": 1 })), sync));
    assert_eq!(failures(&full), [("broker_queue_full", 49)]);
}

/// When the broker's process dies, messages that are not persistent die with it, and those that are not on disk yet; of the latter
/// no publisher believes that they are safe.
#[test]
fn what_is_not_on_disk_dies_with_the_broker() {
    let crash = json!({ "faults": [{ "crash": { "component": "B", "at": 50.05, "recover_at": 60 } }] });
    let transient = json!({ "persistent": false });
    let result = report(&with(publishing(1.0, transient.clone(), json!({})), crash.clone()));
    let q = queue(&result);
    assert_eq!((q.lost_messages, q.size.now as u64), (Some(49), q.sent - 49));
    let result = report(&with(publishing(1.0, json!({}), json!({})), crash.clone()));
    assert_eq!(queue(&result).lost_messages, None);

    // A consumer holds three of them, works on another one in vain, and gets new ones afterwards.
    let consumed = json!({ "consumers": [{ "service_time": 30, "prefetch": 4 }] });
    let result = report(&with(publishing(1.0, transient, consumed), crash.clone()));
    let q = queue(&result);
    // (The first, at 1.25 s, is done at 31.25 s, the one after it in vain, and the first of the new ones at 91.25 s.)
    assert_eq!((q.consumed, q.lost_messages, q.unacknowledged), (2, Some(48), 4));
    assert_eq!(q.sent, q.consumed + q.unacknowledged + 48 + q.size.now as u64);

    // A sync each ten seconds that takes one: what came after 40 s is lost, and those who published it were told so.
    let sync = json!({ "brokers": { "B": { "publish": 0, "sync": { "interval": 10, "time": 1 } } } });
    let mut simulation = simulation(&with(with(publishing(0.5, json!({}), json!({})), sync), crash));
    simulation.advance_to(50.06);
    let result = simulation.report();
    let q = queue(&result);
    // Syncs begin at 0.5 s, 10.5 s ... 40.5 s and are done a second later.
    assert_eq!((q.lost_messages, result.requests.failed, q.size.now), (Some(19), 19, 81.0));
    assert_eq!(result.requests.succeeded, 81);
}

/// The shorter of the times to live counts, and a message that expires in the middle of the queue goes when it is at the head.
#[test]
fn messages_have_a_time_to_live_of_their_own() {
    for (own, of_queue, longest) in [(2.0, None, 2.0), (2.0, Some(5.0), 2.0), (5.0, Some(2.0), 2.0)] {
        let config = publishing(1.0, json!({ "ttl": own }), json!({ "message_ttl": of_queue, "consumers": [] }));
        let result = report(&config);
        let q = queue(&result);
        assert_eq!(q.size.now, longest, "{own} {of_queue:?}");
        assert_eq!(q.expired, Some(q.sent - 2));
    }
    let both = |first: Value, second: Value| {
        let steps = [first, second].map(|ttl| json!({ "publish": { "broker": "B", "queue": "q", "ttl": ttl } }));
        let server = json!({ "service_time": 0, "endpoints": { "both": { "steps": steps } } });
        let queues = json!({ "q": { "dead_letter": "dead" }, "dead": {} });
        let config = with(
            regular(100.0, server),
            json!({ "duration": 150, "brokers": { "B": { "queues": queues } },
                "users": { "clients": { "targets": { "Server": 0, "Server.both": 1 } } } }),
        );
        let mut simulation = simulation(&config);
        [103.0, 113.0].map(|moment| {
            simulation.advance_to(moment);
            simulation.report().brokers[0].queues["dead"].sent
        })
    };
    assert_eq!(both(json!(2), json!(12)), [1, 2]);
    assert_eq!(both(json!(12), json!(2)), [0, 2], "the one behind goes with the one before");
    assert_eq!(both(json!(null), json!(2)), [0, 0], "and never, if that stays");
}

/// What must be consumed at once or not at all.
#[test]
fn no_time_to_live_is_to_be_delivered_at_once() {
    let consumer = json!({ "consumers": [{ "service_time": 1.5, "prefetch": 1 }] });
    let result = report(&publishing(1.0, json!({ "ttl": 0 }), consumer));
    let q = queue(&result);
    assert_eq!((q.sent, q.expired, q.consumed + q.unacknowledged), (100, Some(50), 50));
}

/// A consumer that takes too long loses its channel, with all that it had, and is there again after a while.
#[test]
fn a_consumer_that_takes_too_long() {
    let slow = json!({ "consumer_timeout": 10, "consumers": [{ "service_time": 15, "prefetch": 3 }] });
    let config = with(
        publishing(1.0, json!({}), slow),
        json!({ "brokers": { "B": { "publish": 0, "reconnect": 2, "queues": { "q": { "delivery_limit": 1 } } } } }),
    );
    let mut simulation = simulation(&config);
    simulation.advance_to(11.5);
    let result = simulation.report();
    // It had the first three messages since the 1st, 2nd and 3rd second.
    let q = queue(&result);
    assert_eq!((q.consumer_timeouts, q.redelivered, q.unacknowledged, q.size.now), (Some(1), 3, 0, 11.0));
    simulation.advance_to(15.5);
    assert_eq!(
        queue(&simulation.report()).unacknowledged,
        3,
        "it has been back since 13 s, and is still at the first in vain"
    );
    simulation.advance_to(24.5);
    let result = simulation.report();
    let q = queue(&result);
    assert_eq!((q.consumer_timeouts, q.redelivered, q.over_limit, q.consumed), (Some(2), 3, Some(3), 0));
    // Patience that grows lets it finish.
    let patch = json!({ "brokers": { "B": { "queues": { "q": { "consumer_timeout": null, "message_ttl": null } } } } });
    simulation.patch(&patch.to_string()).expect("it is a number");
    simulation.advance_to(100.0);
    let result = simulation.report();
    assert!(queue(&result).consumed >= 3 && queue(&result).consumer_timeouts == Some(2), "{:?}", queue(&result));
}
