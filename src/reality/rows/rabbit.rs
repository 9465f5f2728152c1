//! RabbitMQ, classic queues, with consumers that sleep for as long as a message takes: one run of a minute each. Nobody knows
//! which messages came and how long each took, only how many there were.

use super::{Claim, Reason, Row, Run, or_nan, queue};
use crate::report::{Latency, Queue};

const RABBIT: &str = "RabbitMQ 3.10.8";

/// Mean time of a message at the consumers of the runs with one of them. They sleep for 20 ms on average; those that were never
/// idle did 48.3 to 48.6 messages a second, so that with what the client adds it was this.
const MESSAGE: f64 = 0.0206;
/// What they sleep.
const SLEEP: f64 = 0.02;

const CLIENT: Reason = Reason {
    id: "client",
    text: "Consumers that were never idle did 48.3 to 48.6 messages a second: the client itself takes some time for each, \
           which the other rows put into the service time and this one does not.",
};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![
        prefetch(
            "rabbit-prefetch-1",
            "Prefetch 1: who is free gets the next message",
            1,
            [0.0673, 0.0423, 0.214, 0.3653],
        ),
        prefetch(
            "rabbit-prefetch-10",
            "Prefetch 10: messages wait for the slow ones",
            10,
            [0.4385, 0.1776, 1.2677, 1.6729],
        ),
        reject(),
        drop_head("rabbit-drop-head", "max-length: the oldest are dropped", MESSAGE).claim(p99(0.4966)),
    ];
    let bare = "max-length, if a message took exactly as long as the consumer sleeps";
    rows.push(drop_head("rabbit-drop-head-bare", bare, SLEEP).claim(p99(0.4966)).known(CLIENT));
    rows.extend([time_to_live(), longest_wait(), priorities()]);
    rows.push(killed_consumer());
    rows
}

/// So many messages in a minute, at random moments, and time to consume them all; and a patch of the queue.
fn publishing(id: &'static str, title: &'static str, count: f64, queue: &str) -> Row {
    let rate = count / 60.0;
    let config = format!(
        r#"{{
            "duration": 120,
            "users": {{ "clients": {{
                "arrivals": {{ "profile": {{ "points": [{{ "at": 0, "rate": {rate} }}, {{ "at": 60, "rate": 0 }}], "shape": "steps" }} }},
                "targets": {{ "Publisher": 1 }}
            }} }},
            "services": {{ "Publisher": {{
                "service_time": 0, "publish": {{ "broker": "Rabbit", "queue": "jobs", "on_error": "ignore" }}
            }} }},
            "brokers": {{ "Rabbit": {{ "publish": 0, "queues": {{ "jobs": {queue} }} }} }}
        }}"#
    );
    Row::new(id, RABBIT, title, config)
}

fn consumer(mean: f64) -> String {
    format!(r#"{{ "service_time": {{ "exponential": {{ "mean": {mean} }} }} }}"#)
}

/// A figure of the times of messages.
fn of_messages(figure: fn(&Latency) -> Option<f64>) -> impl Fn(&Run) -> f64 {
    move |run| run.queue(|queue| or_nan(figure(&queue.delivery)))
}

/// Of all that were published, in a queue.
fn share(count: fn(&Queue) -> u64) -> impl Fn(&Run) -> f64 {
    move |run| run.queue(|queue| count(queue) as f64 / (queue.sent + queue.failed) as f64)
}

/// The mean time of a message.
fn mean(measured: f64) -> Claim {
    Claim::seconds("mean latency", measured, of_messages(|latency| latency.mean))
}

/// The 99th percentile of the times of messages.
fn p99(measured: f64) -> Claim {
    Claim::percentile("p99 latency", measured, of_messages(|latency| latency.p99))
}

/// Three consumers, one of which is five times as fast.
fn prefetch(id: &'static str, title: &'static str, prefetch: u32, [mean, p50, p95, p99]: [f64; 4]) -> Row {
    let consumers =
        [0.02, 0.1, 0.1].map(|mean| consumer(mean).replacen('{', &format!(r#"{{ "prefetch": {prefetch}, "#), 1));
    publishing(id, title, 2410.0, &format!(r#"{{ "consumers": [{}] }}"#, consumers.join(", ")))
        .how("2410 messages in a minute at random moments; consumers of 20, 100 and 100 ms on average, exponential")
        .claim(self::mean(mean))
        .claim(Claim::seconds("median latency", p50, of_messages(|latency| latency.p50)))
        .claim(Claim::percentile("p95 latency", p95, of_messages(|latency| latency.p95)))
        .claim(self::p99(p99))
}

/// A queue of twenty to which more comes than its consumer can do.
fn max_length(id: &'static str, title: &'static str, overflow: &str, message: f64) -> Row {
    let queue = format!(r#"{{ "limit": 20, "overflow": "{overflow}", "consumers": [{}] }}"#, consumer(message));
    publishing(id, title, 3601.0, &queue)
        .how("3601 messages in a minute at random moments; max-length 20; a consumer of 20 ms on average, exponential")
}

fn lost(row: Row, measured: f64) -> Row {
    row.claim(Claim::share("messages lost", measured, share(|queue| queue.failed + queue.dropped)))
}

fn reject() -> Row {
    let row = max_length("rabbit-reject", "max-length: the newest are refused", "reject", MESSAGE);
    lost(row, 0.1855).claim(mean(0.3402)).claim(p99(0.6309))
}

/// The 99th percentile is claimed apart.
fn drop_head(id: &'static str, title: &'static str, message: f64) -> Row {
    let row = max_length(id, title, "drop_head", message);
    if message == SLEEP { row } else { lost(row, 0.1861).claim(mean(0.2757)) }
}

/// What has waited for 300 ms goes to the dead letters.
fn ttl(id: &'static str, title: &'static str, consumer: &str) -> Row {
    let queue = format!(r#"{{ "message_ttl": 0.3, "dead_letter": "dead", "consumers": [{consumer}] }}, "dead": {{}}"#);
    publishing(id, title, 3539.0, &queue).how(
        "3539 messages in a minute at random moments; message-ttl 300 ms, dead letters; a consumer of 20 ms on average, \
         exponential",
    )
}

fn time_to_live() -> Row {
    let astray = |run: &Run| {
        let dead = run.report.brokers.values().next().and_then(|broker| broker.queues.get("dead"));
        let letters = queue(&run.report).and_then(|queue| Some((queue.expired?, queue.dead_letters?.expired)));
        match (letters, dead) {
            (Some((expired, letters)), Some(dead)) => (expired.abs_diff(letters) + letters.abs_diff(dead.sent)) as f64,
            _ => f64::NAN,
        }
    };
    ttl("rabbit-ttl", "message-ttl: what waits too long goes to the dead letters", &consumer(MESSAGE))
        .claim(Claim::share("expired", 0.1758, share(|queue| queue.expired.unwrap_or(0))))
        .claim(mean(0.2413))
        .claim(p99(0.3525))
        .claim(Claim::count("expired that are no dead letters", 0.0, astray).always(0.0, 0.0))
}

/// Where every message takes the same time, the longest wait can be told from the longest delivery.
fn longest_wait() -> Row {
    let longest = |run: &Run| run.queue(|queue| or_nan(queue.delivery.max) - 0.02);
    ttl("rabbit-ttl-longest", "message-ttl: nobody waits much longer than that", r#"{ "service_time": 0.02 }"#)
        .claim(Claim::seconds("longest wait", 0.3143, longest))
}

/// One message in five has priority at a consumer that is busy for nine tenths of the time.
fn with_priority(id: &'static str, title: &'static str) -> Row {
    let queue = format!(r#"{{ "max_priority": 5, "consumers": [{}] }}"#, consumer(MESSAGE));
    let rate = 0.2 * 2769.0 / 60.0;
    publishing(id, title, 0.8 * 2769.0, &queue)
        .how("2769 messages in a minute at random moments, one in five with priority 5; a consumer of 20 ms on average, exponential")
        .but(format!(
            r#"{{
                "users": {{ "urgent": {{
                    "arrivals": {{ "profile": {{ "points": [{{ "at": 0, "rate": {rate} }}, {{ "at": 60, "rate": 0 }}], "shape": "steps" }} }},
                    "targets": {{ "Urgent": 1 }}
                }} }},
                "services": {{ "Urgent": {{
                    "service_time": 0, "publish": {{ "broker": "Rabbit", "queue": "jobs", "priority": 5 }}
                }} }}
            }}"#
        ))
}

/// A figure of the times of messages of a priority.
fn of_priority(priority: usize, figure: fn(&Latency) -> Option<f64>) -> impl Fn(&Run) -> f64 {
    move |run| run.queue(|queue| or_nan(queue.delivery_by_priority.get(&priority).and_then(figure)))
}

fn priorities() -> Row {
    with_priority("rabbit-priorities", "Priorities: who is urgent waits for one message at most")
        .claim(Claim::seconds("high priority, mean", 0.0477, of_priority(5, |latency| latency.mean)))
        .claim(Claim::percentile("high priority, p99", 0.1651, of_priority(5, |latency| latency.p99)))
        .claim(Claim::seconds("low priority, mean", 0.3828, of_priority(0, |latency| latency.mean)))
        .claim(Claim::percentile("low priority, p99", 1.0592, of_priority(0, |latency| latency.p99)))
}

/// Sixty messages; the first consumer is killed in the middle of its eleventh, and a second one takes the rest.
fn killed_consumer() -> Row {
    let config = r#"{
        "duration": 20,
        "users": { "clients": { "arrivals": { "gaps": 0.001 }, "targets": { "Publisher": 1 } } },
        "services": {
            "Publisher": { "service_time": 0, "admission": { "rate": { "rate": 1e-6, "burst": 60 } },
                "publish": { "broker": "Rabbit", "queue": "jobs" } },
            "First": { "service_time": 0 },
            "Second": { "service_time": 0 }
        },
        "brokers": { "Rabbit": { "publish": 0, "queues": { "jobs": { "consumers": [
            { "service": "First", "service_time": 0.1, "prefetch": 20 },
            { "service": "Second", "service_time": 0.1, "prefetch": 20 }
        ] } } } },
        "faults": [
            { "crash": { "component": "Second", "at": 0, "recover_at": 2 } },
            { "crash": { "component": "First", "at": 1.051 } }
        ]
    }"#;
    let then = |figure: fn(&Queue) -> f64| move |run: &Run| run.looks.first().and_then(queue).map_or(f64::NAN, figure);
    let at_end = |figure: fn(&Queue) -> f64| move |run: &Run| run.queue(figure);
    // One was worked on twice, the first time until its consumer was killed.
    let busy = at_end(|queue| queue.consumer_utilisation * 20.0 * 2.0);
    Row::new("rabbit-killed-consumer", RABBIT, "A consumer is killed: what it held is delivered again", config)
        .how("60 messages of 100 ms; a consumer with prefetch 20 is killed in the middle of its eleventh, a second one takes the rest")
        .looked_at([1.06])
        .once()
        .claim(Claim::count("messages sent", 60.0, then(|queue| queue.sent as f64)))
        .claim(Claim::count("done before", 10.0, then(|queue| queue.consumed as f64)))
        .claim(Claim::count("in the queue then", 50.0, then(|queue| queue.size.now)))
        .claim(Claim::count("unacknowledged then", 0.0, then(|queue| queue.unacknowledged as f64)))
        .claim(Claim::count("delivered again", 20.0, then(|queue| queue.redelivered as f64)))
        .claim(Claim::count("done in the end", 60.0, at_end(|queue| queue.consumed as f64)))
        .claim(Claim::count("delivered again, in the end", 20.0, at_end(|queue| queue.redelivered as f64)))
        .claim(Claim::seconds("work in all", 6.05, busy).near(0.00016))
}
