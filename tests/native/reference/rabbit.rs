//! RabbitMQ 3.10.8 (Debian 12, Erlang 25), classic queues, on loopback, with consumers that sleep for as long as a message
//! takes: one run of a minute each. Nobody knows which messages came and how long each took, only how many there were.

use serde_json::{Value, json};
use web_service_model::report::{Queue, Report};

use super::{replications, sorted};
use crate::support::{queue, simulation, with};

const SHARE: f64 = 0.05;
const PERCENTILE: f64 = 0.1;

/// Mean time of a message at the consumers of the runs with one of them. They sleep for 20 ms on average; those that were never
/// idle (`max_length`, `time_to_live`) did 48.3 to 48.6 messages a second, so that with what the client adds it was this.
const MESSAGE: f64 = 0.0206;

/// So many messages in a minute, at random moments, and time to consume them all.
fn publishing(count: f64, queue: Value) -> Value {
    let points = json!([{ "at": 0, "rate": count / 60.0 }, { "at": 60, "rate": 0 }]);
    json!({
        "duration": 120,
        "users": { "clients": {
            "arrivals": { "profile": { "points": points, "shape": "steps" } }, "targets": { "Publisher": 1 },
        } },
        "services": { "Publisher": {
            "service_time": 0, "publish": { "broker": "Rabbit", "queue": "jobs", "on_error": "ignore" },
        } },
        "brokers": { "Rabbit": { "publish": 0, "queues": { "jobs": queue } } },
    })
}

fn consumer(mean: f64) -> Value {
    json!({ "service_time": { "exponential": { "mean": mean } } })
}

/// A figure of the queue holds.
#[track_caller]
fn holds(what: &str, measured: f64, reports: &[Report], share: f64, figure: impl Fn(&Queue) -> f64) {
    super::holds(what, measured, &sorted(reports.iter().map(|report| figure(queue(report)))), share);
}

/// In milliseconds.
fn mean(queue: &Queue) -> f64 {
    1e3 * queue.delivery.mean.unwrap_or(f64::NAN)
}

/// In milliseconds.
fn p99(queue: &Queue) -> f64 {
    1e3 * queue.delivery.p99.unwrap_or(f64::NAN)
}

/// Of all that were published.
fn share(queue: &Queue, count: u64) -> f64 {
    count as f64 / (queue.sent + queue.failed) as f64
}

/// Three consumers, one of which is five times as fast: the more messages each holds, the longer they wait for the slow ones.
#[test]
fn prefetch() {
    let measured = [(1, [67.3, 42.3, 214.0, 365.3]), (10, [438.5, 177.6, 1267.7, 1672.9])];
    for (prefetch, [mean_ms, p50, p95, p99_ms]) in measured {
        let consumers = [0.02, 0.1, 0.1].map(|mean| with(consumer(mean), json!({ "prefetch": prefetch })));
        let found: Vec<Report> = replications(&publishing(2410.0, json!({ "consumers": consumers }))).collect();
        holds("mean", mean_ms, &found, SHARE, mean);
        holds("p50", p50, &found, SHARE, |queue| 1e3 * queue.delivery.p50.unwrap_or(f64::NAN));
        holds("p95", p95, &found, PERCENTILE, |queue| 1e3 * queue.delivery.p95.unwrap_or(f64::NAN));
        holds("p99", p99_ms, &found, PERCENTILE, p99);
    }
}

/// A queue of twenty to which more comes than its consumer can do: the newest are refused, or the oldest dropped.
#[test]
fn max_length() {
    let measured = [("reject", 0.1855, 340.2, 630.9), ("drop_head", 0.1861, 275.7, 496.6)];
    for (overflow, lost, mean_ms, p99_ms) in measured {
        let jobs = json!({ "limit": 20, "overflow": overflow, "consumers": [consumer(MESSAGE)] });
        let found: Vec<Report> = replications(&publishing(3601.0, jobs)).collect();
        holds("lost", lost, &found, SHARE, |queue| share(queue, queue.failed + queue.dropped));
        holds("mean", mean_ms, &found, SHARE, mean);
        holds("p99", p99_ms, &found, PERCENTILE, p99);
    }
}

/// What has waited for 300 ms goes to the dead letters.
#[test]
fn time_to_live() {
    let jobs = json!({ "message_ttl": 0.3, "dead_letter": "dead", "consumers": [consumer(MESSAGE)] });
    let config = with(publishing(3539.0, jobs), json!({ "brokers": { "Rabbit": { "queues": { "dead": {} } } } }));
    let found: Vec<Report> = replications(&config).collect();
    holds("expired", 0.1758, &found, SHARE, |queue| share(queue, queue.expired.unwrap_or(0)));
    holds("mean", 241.3, &found, SHARE, mean);
    holds("p99", 352.5, &found, PERCENTILE, p99);
    for report in &found {
        let queues = &report.brokers[0].queues;
        let letters = queues[0].dead_letters.expect("there is a queue for them");
        assert_eq!((letters.expired, queues[1].sent), (queues[0].expired.unwrap_or(0), letters.expired));
    }
    // Where every message takes the same time, the longest wait can be told from the longest delivery.
    let constant =
        json!({ "brokers": { "Rabbit": { "queues": { "jobs": { "consumers": [{ "service_time": 0.02 }] } } } } });
    let found: Vec<Report> = replications(&with(config, constant)).collect();
    holds("longest wait", 314.3, &found, SHARE, |queue| 1e3 * (queue.delivery.max.unwrap_or(0.0) - 0.02));
}

/// One message in five has priority at a consumer that is busy for nine tenths of the time.
#[test]
fn priorities() {
    let mut config = publishing(0.8 * 2769.0, json!({ "max_priority": 5, "consumers": [consumer(MESSAGE)] }));
    let points = json!([{ "at": 0, "rate": 0.2 * 2769.0 / 60.0 }, { "at": 60, "rate": 0 }]);
    config["users"]["urgent"] =
        json!({ "arrivals": { "profile": { "points": points, "shape": "steps" } }, "targets": { "Urgent": 1 } });
    config["services"]["Urgent"] =
        json!({ "service_time": 0, "publish": { "broker": "Rabbit", "queue": "jobs", "priority": 5 } });
    let found: Vec<Report> = replications(&config).collect();
    let of = |priority: usize| {
        move |queue: &Queue| queue.delivery_by_priority.get(&priority).expect("there are some").clone()
    };
    holds("high, mean", 47.7, &found, SHARE, |queue| 1e3 * of(5)(queue).mean.unwrap_or(0.0));
    holds("high, p99", 165.1, &found, PERCENTILE, |queue| 1e3 * of(5)(queue).p99.unwrap_or(0.0));
    holds("low, mean", 382.8, &found, SHARE, |queue| 1e3 * of(0)(queue).mean.unwrap_or(0.0));
    holds("low, p99", 1059.2, &found, PERCENTILE, |queue| 1e3 * of(0)(queue).p99.unwrap_or(0.0));
}

/// Sixty messages; a consumer with prefetch 20 that works 100 ms on each is killed in the middle of its eleventh, and a second
/// one takes the rest. (In which order, and from which on, the room's own tests say.)
#[test]
fn a_killed_consumer() {
    let mut simulation = simulation(&json!({
        "duration": 20,
        "users": { "clients": { "arrivals": { "gaps": 0.001 }, "targets": { "Publisher": 1 } } },
        "services": {
            "Publisher": { "service_time": 0, "admission": { "rate": { "rate": 1e-6, "burst": 60 } },
                "publish": { "broker": "Rabbit", "queue": "jobs" } },
            "First": { "service_time": 0 },
            "Second": { "service_time": 0 },
        },
        "brokers": { "Rabbit": { "publish": 0, "queues": { "jobs": { "consumers": [
            { "service": "First", "service_time": 0.1, "prefetch": 20 },
            { "service": "Second", "service_time": 0.1, "prefetch": 20 },
        ] } } } },
        "faults": [
            { "crash": { "component": "Second", "at": 0, "recover_at": 2 } },
            { "crash": { "component": "First", "at": 1.051 } },
        ],
    }));
    simulation.advance_to(1.06);
    let found = simulation.report();
    let jobs = queue(&found);
    assert_eq!((jobs.sent, jobs.consumed, jobs.size.now), (60, 10, 50.0));
    assert_eq!((jobs.redelivered, jobs.unacknowledged), (20, 0));
    simulation.advance_to(20.0);
    let found = simulation.report();
    let jobs = queue(&found);
    assert_eq!((jobs.consumed, jobs.redelivered), (60, 20));
    // One was worked on twice, the first time for half of its time: until it was killed.
    let busy = jobs.consumer_utilisation * 20.0 * 2.0;
    assert!((busy - 6.05).abs() < 0.001, "{busy}");
}
