//! Queues whose messages travel, expire, come back, go to dead letters, and are poison; and how all that is changed and told.

use serde_json::{Value, json};
use web_service_model::report::{Queue, Report};

use super::close;
use crate::support::{finished, log, queue, regular, report, simulation, with};

/// Messages for a service fifty milliseconds away from its broker, which works on each for four.
fn far(prefetch: u32) -> Value {
    let server = json!({ "service_time": 0, "publish": { "broker": "B", "queue": "q" } });
    let worker = json!({ "service": "Worker", "service_time": "4ms", "prefetch": prefetch });
    with(
        regular(0.02, server),
        json!({
            "duration": 100,
            "network": { "service_broker": "50ms" },
            "services": { "Worker": { "service_time": 0 } },
            "brokers": { "B": { "publish": 0, "queues": { "q": { "consumers": [worker] } } } },
        }),
    )
}

fn named<'r>(report: &'r Report, name: &str) -> &'r Queue {
    report.brokers[0].queues.get(name).expect("a queue of that name")
}

/// A message takes 54 ms to be done with, and the next one comes 104 ms after it; twenty-six of them under way keep the consumer
/// as busy as it can be.
#[test]
fn prefetch_limits_what_a_distant_consumer_can_do() {
    let result = report(&far(1));
    let q = queue(&result);
    close(q.consumed as f64 / 100.0, 9.6);
    close(q.delivery.min, 0.054);
    assert!(q.delivery.mean.is_some_and(|mean| mean > 20.0), "the others wait for ever longer");
    assert!((q.consumer_utilisation - 0.04 / 1.04).abs() < 1e-3, "{}", q.consumer_utilisation);
    // At fifty a second nobody waits; at three hundred the consumer does what it can.
    let result = report(&far(26));
    assert_eq!(queue(&result).delivery.max, queue(&result).delivery.min);
    close(queue(&result).delivery.max, 0.054);
    let flooded = with(far(26), json!({ "users": { "clients": { "arrivals": { "gaps": 0.003 } } } }));
    let result = report(&flooded);
    assert!((queue(&result).consumed as f64 / 100.0 - 250.0).abs() < 1.0, "{}", queue(&result).consumed);
    let result = report(&with(flooded, json!({ "network": { "service_broker": 0 } })));
    assert!((queue(&result).consumed as f64 / 100.0 - 250.0).abs() < 1.0);
}

/// A partition that is shorter than the heartbeat only delays; in a longer one the messages are taken back, and told in the log.
#[test]
fn a_partition_between_a_broker_and_a_consumer() {
    let parted = |heartbeat: f64, until: f64| {
        with(
            far(26),
            json!({
                "brokers": { "B": { "heartbeat": heartbeat } },
                "faults": [{ "partition": { "between": ["B", "Worker"], "from": 20, "until": until } }],
            }),
        )
    };
    let short = finished(&parted(60.0, 30.0));
    assert_eq!(queue(&short.report()).redelivered, 0);
    let q = queue(&short.report()).clone();
    assert_eq!((q.sent, q.size.now), (q.consumed + q.unacknowledged, 0.0));
    // Ten seconds of messages, but for those that still went to the consumer until it had 26.
    assert!((474.0..=500.0).contains(&q.size.max), "{}", q.size.max);
    assert_eq!(log(&short, &["redelivery"]), []);

    let long = finished(&parted(5.0, 30.0));
    let told: Vec<_> = log(&long, &["redelivery"]).into_iter().map(|it| (it.time, it.component, it.detail)).collect();
    assert_eq!(told, [(25.0, "Worker-0".to_owned(), "26 messages go back into q at B".to_owned())]);
    let q = queue(&long.report()).clone();
    assert_eq!(q.redelivered, 26);
    assert_eq!((q.sent, q.size.now), (q.consumed + q.unacknowledged, 0.0), "all is made up for");
}

/// A time to live, a queue for dead letters, a limit and priorities can be had while a run goes on, and the report tells of
/// them from then on.
#[test]
fn rules_of_queues_change_while_a_run_goes_on() {
    let server = json!({ "service_time": 0, "publish": { "broker": "B", "queue": "q" } });
    let config = with(
        regular(0.1, server),
        json!({
            "duration": 100, "brokers": { "B": { "queues": { "q": { "consumers": [{ "service_time": 1 }] }, "dead": {} } } },
        }),
    );
    let mut simulation = simulation(&config);
    simulation.advance_to(10.05);
    let before = simulation.report();
    assert_eq!(
        (named(&before, "q").size.now, named(&before, "q").expired, named(&before, "q").dead_letters),
        (90.0, None, None)
    );
    assert!(simulation.series("brokers.B.queues.q.expired").is_none());
    let patch = json!({ "brokers": { "B": { "queues": { "q": { "message_ttl": 2, "dead_letter": "dead" } } } } });
    simulation.patch(&patch.to_string()).expect("they are numbers");
    let after = simulation.report();
    // Whoever came by 8.05 s has waited too long; two have been consumed or are now among those eighty.
    assert_eq!((named(&after, "q").expired, named(&after, "dead").sent), (Some(70), 70));
    simulation.advance_to(20.05);
    assert!(simulation.series("brokers.B.queues.q.expired").is_some());
    assert!(named(&simulation.report(), "q").delivery.max.is_some_and(|max| max < 3.0 + 8.0));
    let patch = json!({ "brokers": { "B": { "queues": { "q": {
        "message_ttl": null, "max_priority": 3, "consumers": [{ "service_time": 0.05, "poison": 0.5, "on_failure": "reject" }],
    } } } } });
    simulation.patch(&patch.to_string()).expect("they are numbers");
    simulation.advance_to(60.0);
    let later = simulation.report();
    let q = named(&later, "q");
    assert_eq!(q.consumer_failures, q.rejected_by_consumer);
    assert!((100..300).contains(&q.rejected_by_consumer.unwrap_or(0)), "{:?}", q.rejected_by_consumer);
    assert_eq!(q.dead_letters.expect("there are some").rejected, q.rejected_by_consumer.unwrap_or(0));
    assert!(q.delivery_by_priority.contains_key(&0));
}

/// Both queues drop what is full, at a moment at which both are: dead letters of dead letters come to an end.
#[test]
fn full_queues_that_send_their_heads_to_each_other() {
    let full = |other: &str| json!({ "limit": 5, "overflow": "drop_head", "dead_letter": other });
    let server = json!({ "service_time": 0, "publish": { "broker": "B", "queue": "p" } });
    let config = with(
        regular(0.1, server),
        json!({ "duration": 100, "brokers": { "B": { "queues": { "p": full("q"), "q": full("p") } } } }),
    );
    let result = report(&config);
    assert_eq!(["p", "q"].map(|name| named(&result, name).size.now), [5.0, 5.0]);
    assert_eq!(result.requests.failed, 0);
}

/// A broker that dies loses what is in queues that are not durable.
#[test]
fn a_broker_that_restarts() {
    for (durable, in_progress, lost) in [(true, "lost", None), (false, "finished", Some(0)), (false, "lost", Some(31))]
    {
        let server = json!({ "service_time": 0, "publish": { "broker": "B", "queue": "q" } });
        let config = with(
            regular(1.0, server),
            json!({
                "duration": 100,
                "brokers": { "B": { "queues": { "q": { "durable": durable, "consumers": [{ "service_time": 60 }] } } } },
                "faults": [{ "crash": { "component": "B", "at": 30.5, "recover_at": 40, "in_progress": in_progress } }],
            }),
        );
        let result = report(&config);
        assert_eq!(queue(&result).lost_messages, lost.map(|lost: u64| lost.min(30)), "{durable} {in_progress}");
    }
}
