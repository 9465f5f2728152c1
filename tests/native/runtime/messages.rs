//! Queues of the broker, their limits and their consumers; and the log.

use serde_json::{Value, json};
use web_service_model::simulation::{LogFilter, Simulation};

use super::{close, failures};
use crate::support::{log, queue, regular, report, simulation, with};

/// A message a second to a queue.
fn publishing(queue: Value) -> Value {
    let server = json!({ "service_time": 0, "publish": { "broker": "B", "queue": "q" } });
    with(regular(1.0, server), json!({ "duration": 100.5, "brokers": { "B": { "queues": { "q": queue } } } }))
}

#[test]
fn a_full_queue_rejects() {
    let config = publishing(json!({ "limit": 5, "consumers": [{ "service_time": 10 }] }));
    let result = report(&config);
    let q = queue(&result);
    // One consumed every ten seconds: ten of them, one in work, five wait.
    assert_eq!((q.sent, q.consumed, q.unacknowledged, q.size.now), (15, 9, 1, 5.0));
    assert_eq!(failures(&result), [("broker_queue_full", 85)]);
    assert_eq!((q.failed, q.size.max), (85, 5.0));
    let ignoring = with(config, json!({ "services": { "Server": { "publish": { "on_error": "ignore" } } } }));
    let result = report(&ignoring);
    assert_eq!((failures(&result), queue(&result).failed), (vec![], 85));
}

#[test]
fn a_full_queue_drops_its_head() {
    let config = publishing(json!({ "limit": 5, "overflow": "drop_head", "consumers": [{ "service_time": 10 }] }));
    let result = report(&config);
    let q = queue(&result);
    assert_eq!(failures(&result), []);
    assert_eq!((q.sent, q.failed), (100, 0));
    assert_eq!(q.sent, q.consumed + q.unacknowledged + q.dropped + q.size.now as u64);
    assert_eq!((q.consumed, q.dropped), (9, 85));
    // What is consumed is the oldest that is left: it has waited for five newer ones.
    assert!(q.delivery.max.is_some_and(|max| max <= 10.0 + 6.0), "{:?}", q.delivery.max);
}

fn consumed_by_service(consumer: Value) -> Value {
    let consumer = with(json!({ "service": "Worker", "service_time": 1 }), consumer);
    with(
        publishing(json!({ "consumers": [consumer] })),
        json!({ "services": { "Worker": { "service_time": 0 } }, "users": { "clients": {
            "arrivals": { "gaps": 0.1 }
        } } }),
    )
}

#[test]
fn messages_of_a_dead_consumer_are_delivered_again() {
    let mut simulation = simulation(&consumed_by_service(json!({ "prefetch": 10 })));
    simulation.advance_to(5.05);
    let result = simulation.report();
    // The first came at 0.1; four have been consumed, ten are held, the others wait.
    assert_eq!((queue(&result).consumed, queue(&result).unacknowledged, queue(&result).size.now), (4, 10, 36.0));
    simulation.crash("Worker", Some(10.0)).expect("there is one");
    let result = simulation.report();
    assert_eq!((queue(&result).redelivered, queue(&result).unacknowledged, queue(&result).size.now), (10, 0, 46.0));
    simulation.advance_to(100.5);
    let result = simulation.report();
    assert_eq!(queue(&result).consumed, 4 + 85);
}

#[test]
fn a_dying_consumer_may_finish_its_message() {
    let outages = json!({ "up": 1e6, "down": 10, "in_progress": "finished" });
    let config = consumed_by_service(json!({ "prefetch": 10 }));
    let mut simulation = simulation(&with(config, json!({ "services": { "Worker": { "outages": outages } } })));
    simulation.advance_to(5.05);
    simulation.crash("Worker", Some(10.0)).expect("there is one");
    let result = simulation.report();
    assert_eq!((queue(&result).redelivered, queue(&result).unacknowledged, queue(&result).size.now), (9, 1, 45.0));
    simulation.advance_to(14.95);
    let result = simulation.report();
    assert_eq!((queue(&result).consumed, queue(&result).unacknowledged), (5, 0), "what it was at is finished");
    simulation.advance_to(100.5);
    let result = simulation.report();
    let q = queue(&result);
    assert_eq!(q.sent, q.consumed + q.unacknowledged + q.size.now as u64);
    assert_eq!(q.consumed, 5 + 85);
}

#[test]
fn consumers_of_two_instances_share() {
    let config = with(consumed_by_service(json!({})), json!({ "services": { "Worker": { "instances": 5 } } }));
    let result = report(&config);
    let q = queue(&result);
    close(q.consumer_utilisation, (5.0 * 100.5 - (0.1 + 0.2 + 0.3 + 0.4 + 0.5)) / (5.0 * 100.5));
    let config = with(consumed_by_service(json!({ "count": 20 })), json!({}));
    let result = report(&config);
    assert!(queue(&result).size.max <= 1.0, "twice as many consumers as needed");
    close(queue(&result).delivery.max, 1.0);
}

#[test]
fn a_dead_broker_takes_and_delivers_nothing() {
    let mut simulation = simulation(&with(
        publishing(json!({ "consumers": [{ "service_time": 4 }] })),
        json!({ "brokers": { "B": { "publish": 0.01 } } }),
    ));
    simulation.advance_to(20.5);
    let before = queue(&simulation.report()).consumed;
    simulation.crash("B", Some(10.0)).expect("there is one");
    simulation.advance_to(30.4);
    let result = simulation.report();
    assert_eq!(failures(&result), [("broker_down", 10)]);
    assert_eq!(queue(&result).consumed, before + 1, "only what was under way");
    assert_eq!(queue(&result).failed, 10);
    simulation.advance_to(40.5);
    assert!(queue(&simulation.report()).consumed >= before + 3);
    close(simulation.report().brokers[0].availability, 30.5 / 40.5);
}

#[test]
fn the_four_named_figures() {
    let config = with(
        publishing(json!({ "consumers": [{ "service_time": 2 }] })),
        json!({ "brokers": { "B": { "publish": 0.25, "fail_prob": 0.5 } } }),
    );
    let result = report(&config);
    let broker = &result.brokers[0];
    assert_eq!(broker.broker_messages_sent + broker.broker_messages_failed, 100);
    assert_eq!(failures(&result), [("broker_error", broker.broker_messages_failed)]);
    close(broker.broker_avg_latency, 0.25);
    assert_eq!(broker.broker_queue_sizes.get("q"), Some(&queue(&result).size));
}

fn replicating() -> Simulation {
    let config = with(
        regular(0.001, json!({ "service_time": 0, "database": { "name": "DB" } })),
        json!({
            "duration": 30,
            "users": { "clients": { "read_share": 0 } },
            "db_clusters": { "DB": { "operation": 0.001, "replicas": 1 } },
        }),
    );
    simulation(&config)
}

#[test]
fn the_log_is_bounded_and_knows_what_it_dropped() {
    let mut simulation = replicating();
    simulation.advance_to(5.0);
    simulation.crash("DB/1", Some(0.1)).expect("there is one");
    simulation.advance_to(30.0);
    let view = simulation.log(&LogFilter::default());
    assert!(view.entries.len() <= 20_000 && view.total > 20_000, "{} of {}", view.entries.len(), view.total);
    assert_eq!(view.dropped, view.total - view.entries.len() as u64);
    assert_eq!(log(&simulation, &["crash", "recover"]).len(), 2, "what is rare is kept");
    assert!(view.entries.is_sorted_by_key(|entry| entry.number) && view.entries.is_sorted_by_key(|entry| entry.time));
    let last = view.entries.last().expect("not empty").number;
    let filter =
        LogFilter { since: last - 4, limit: Some(3), component: Some("DB".to_owned()), ..LogFilter::default() };
    let numbers: Vec<u64> = simulation.log(&filter).entries.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [last - 2, last - 1, last]);
    let nobody = LogFilter { component: Some("DB/0".to_owned()), ..LogFilter::default() };
    assert_eq!(simulation.log(&nobody).entries, []);
}
