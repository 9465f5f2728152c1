//! RabbitMQ with consumers that sleep; with what the client adds, a message takes 0.6 ms longer.

use web_service_model::{
    reality::{Claim, Row, Run},
    report::{Latency, Queue},
};

use super::{Measured, look};

/// Messages of an exponential time of 20 ms.
pub(super) const MESSAGE: &str = r#""service_time": { "exponential": { "mean": 0.0206 } }"#;

/// So many messages at random moments of so many seconds, and a patch of the queue.
pub(super) fn publishing(id: &'static str, title: &'static str, seconds: f64, jobs: &str) -> Row {
    let rate = Measured::of(id).number("/published") / seconds;
    let config = format!(
        r#"{{
            "duration": {},
            "users": {{ "clients": {{
                "arrivals": {{ "profile": {{ "points": [{{ "at": 0, "rate": {rate} }}, {{ "at": {seconds}, "rate": 0 }}], "shape": "steps" }} }},
                "targets": {{ "Publisher": 1 }}
            }} }},
            "services": {{ "Publisher": {{
                "service_time": 0, "publish": {{ "broker": "Rabbit", "queue": "jobs", "on_error": "ignore" }}
            }} }},
            "brokers": {{ "Rabbit": {{ "publish": 0, "queues": {{ "jobs": {jobs} }} }} }}
        }}"#,
        seconds + 60.0
    );
    Row::new(id, "RabbitMQ 3.10.8", title, config)
}

pub(super) fn queue<'r>(run: &'r Run, name: &str) -> &'r Queue {
    run.report.brokers.values().find_map(|broker| broker.queues.get(name)).expect("a queue of that name")
}

/// The share of a number in what was published.
pub(super) fn share(count: fn(&Queue) -> u64) -> impl Fn(&Run) -> f64 {
    move |run| {
        let jobs = queue(run, "jobs");
        count(jobs) as f64 / (jobs.sent + jobs.failed) as f64
    }
}

/// Mean and 99th percentile of some times of messages.
pub(super) fn times(
    row: Row,
    names: [&'static str; 2],
    measured: &Measured,
    place: &str,
    of: fn(&Run) -> Option<&Latency>,
) -> Row {
    let mean = move |run: &Run| of(run).and_then(|latency| latency.mean).unwrap_or(f64::NAN);
    let p99 = move |run: &Run| of(run).and_then(|latency| latency.p99).unwrap_or(f64::NAN);
    row.claim(Claim::seconds(names[0], measured.seconds(&format!("{place}/mean_ms")), mean)).claim(Claim::percentile(
        names[1],
        measured.seconds(&format!("{place}/p99_ms")),
        p99,
    ))
}

pub(super) fn delivery(run: &Run) -> Option<&Latency> {
    Some(&queue(run, "jobs").delivery)
}

pub(super) const DELIVERY: [&str; 2] = ["mean latency", "p99 latency"];

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![prefetch(), ttl(), priority(), reject()];
    rows.extend([ttl_behind("long first of rabbit-ttl-behind", 0), ttl_behind("short first of rabbit-ttl-behind", 2)]);
    rows.extend([consumer_timeout(), topic()]);
    rows
}

fn prefetch() -> Row {
    let measured = Measured::of("rabbit-a-prefetch-10");
    let of = |mean: f64| format!(r#"{{ "prefetch": 10, "service_time": {{ "exponential": {{ "mean": {mean} }} }} }}"#);
    let jobs = format!(r#"{{ "consumers": [{}, {}, {}] }}"#, of(0.02), of(0.1), of(0.1));
    let row = publishing("rabbit-a-prefetch-10", "Prefetch 10, consumers of 20, 100 and 100 ms", 60.0, &jobs);
    times(row, DELIVERY, &measured, "/delivery", delivery)
}

/// What a consumer has does not expire.
fn ttl() -> Row {
    let measured = Measured::of("rabbit-ttl-prefetch-10");
    let jobs = format!(
        r#"{{ "message_ttl": 0.3, "dead_letter": "dead", "consumers": [{{ "prefetch": 10, {MESSAGE} }}] }}, "dead": {{}}"#
    );
    let row = publishing("rabbit-ttl-prefetch-10", "message-ttl 300 ms and prefetch 10", 60.0, &jobs)
        .claim(Claim::share("expired", measured.number("/expired_share"), share(|jobs| jobs.expired.unwrap_or(0))));
    times(row, DELIVERY, &measured, "/delivery", delivery)
}

/// Who is urgent waits for all that the consumer has already.
fn priority() -> Row {
    let measured = Measured::of("rabbit-priority-prefetch-10");
    let rate = 0.2 * measured.number("/published") / 90.0;
    let jobs = format!(r#"{{ "max_priority": 5, "consumers": [{{ "prefetch": 10, {MESSAGE} }}] }}"#);
    let row = publishing("rabbit-priority-prefetch-10", "Priorities and prefetch 10", 90.0, &jobs).but(format!(
        r#"{{
            "users": {{
                "clients": {{ "arrivals": {{ "profile": {{ "points": [{{ "at": 0, "rate": {} }}, {{ "at": 90, "rate": 0 }}] }} }} }},
                "urgent": {{
                    "arrivals": {{ "profile": {{ "points": [{{ "at": 0, "rate": {rate} }}, {{ "at": 90, "rate": 0 }}], "shape": "steps" }} }},
                    "targets": {{ "Urgent": 1 }}
                }}
            }},
            "services": {{ "Urgent": {{ "service_time": 0, "publish": {{ "broker": "Rabbit", "queue": "jobs", "priority": 5 }} }} }}
        }}"#,
        4.0 * rate
    ));
    let row = times(row, ["high priority, mean", "high priority, p99"], &measured, "/high", |run| {
        queue(run, "jobs").delivery_by_priority.get(&5)
    });
    times(row, ["low priority, mean", "low priority, p99"], &measured, "/low", |run| {
        queue(run, "jobs").delivery_by_priority.get(&0)
    })
}

fn reject() -> Row {
    let measured = Measured::of("rabbit-reject-two-consumers");
    let consumers = r#"{ "limit": 10, "overflow": "reject", "consumers": [
        { "count": 2, "prefetch": 5, "service_time": { "exponential": { "mean": 0.0506 } } }
    ] }"#;
    let row = publishing("rabbit-reject-two-consumers", "max-length 10, reject-publish, prefetch 5", 90.0, consumers)
        .claim(Claim::share("refused", measured.number("/nacked_share"), share(|jobs| jobs.failed)));
    times(row, DELIVERY, &measured, "/delivery", delivery)
}

/// Two messages, one of 3 s and one of 0.5 s, and when both have expired: a classic queue looks at its head only.
fn ttl_behind(id: &'static str, turn: usize) -> Row {
    let measured = Measured::of("rabbit-ttl-behind");
    let [first, second] = [0, 1].map(|i| measured.number(&format!("/runs/{turn}/expirations_ms/{i}")) / 1000.0);
    let publisher = |ttl: f64| {
        format!(
            r#"{{ "service_time": 0, "admission": {{ "rate": {{ "rate": 1e-6, "burst": 1 }} }},
                "publish": {{ "broker": "Rabbit", "queue": "jobs", "ttl": {ttl} }} }}"#
        )
    };
    let config = format!(
        r#"{{
            "duration": 5,
            "users": {{
                "a": {{ "arrivals": {{ "gaps": 0.001 }}, "targets": {{ "First": 1 }} }},
                "b": {{ "arrivals": {{ "gaps": 0.002 }}, "targets": {{ "Second": 1 }} }}
            }},
            "services": {{ "First": {}, "Second": {} }},
            "brokers": {{ "Rabbit": {{ "publish": 0, "queues": {{ "jobs": {{ "dead_letter": "dead" }}, "dead": {{}} }} }} }}
        }}"#,
        publisher(first),
        publisher(second)
    );
    let after: Vec<f64> = measured.numbers(&format!("/runs/{turn}/expired_after_s"), "");
    let expired_by = |moment: f64| after.iter().filter(|&&after| after < moment).count() as f64;
    let expired = |number: usize| {
        move |run: &Run| {
            look(run, number, |report| {
                report
                    .brokers
                    .values()
                    .find_map(|broker| broker.queues.get("dead"))
                    .map_or(f64::NAN, |dead| dead.sent as f64)
            })
        }
    };
    Row::new(id, "RabbitMQ 3.10.8", "Two messages of 3 and 0.5 s to live, no consumer", config)
        .once()
        .looked_at([1.0, 2.9, 3.1])
        .claim(Claim::count("expired after 1 s", expired_by(1.0), expired(0)))
        .claim(Claim::count("expired after 2.9 s", expired_by(2.9), expired(1)))
        .claim(Claim::count("expired after 3.1 s", expired_by(3.1), expired(2)))
}

/// Five messages, and a consumer with prefetch 3 that acknowledges none.
fn consumer_timeout() -> Row {
    let config = r#"{
        "duration": 5,
        "users": { "u": { "arrivals": { "gaps": 0.001 }, "targets": { "Publisher": 1 } } },
        "services": { "Publisher": { "service_time": 0, "admission": { "rate": { "rate": 1e-6, "burst": 5 } },
            "publish": { "broker": "Rabbit", "queue": "jobs" } } },
        "brokers": { "Rabbit": { "publish": 0, "reconnect": 100, "queues": { "jobs": {
            "consumer_timeout": 3, "consumers": [{ "service_time": 100, "prefetch": 3 }]
        } } } }
    }"#;
    let of = |number: usize, figure: fn(&Queue) -> f64| {
        move |run: &Run| {
            look(run, number, |report| {
                report.brokers.values().find_map(|it| it.queues.get("jobs")).map_or(f64::NAN, figure)
            })
        }
    };
    let measured = Measured::of("rabbit-consumer-timeout");
    let (closed, held, again) = (
        measured.numbers("/runs", "closed_after_s"),
        measured.numbers("/runs", "held"),
        measured.numbers("/runs", "ready_again"),
    );
    assert!(closed.iter().all(|closed| (2.95..3.15).contains(closed)), "{closed:?}");
    Row::new("rabbit-consumer-timeout", "RabbitMQ 3.10.8", "consumer_timeout 3 s", config)
        .once()
        .looked_at([2.95, 3.15])
        .claim(Claim::count("held before", held[0], of(0, |jobs| jobs.unacknowledged as f64)))
        .claim(Claim::count("in the queue afterwards", again[0], of(1, |jobs| jobs.size.now)))
}

/// Three queues, bound to `#`, `order.*` and `*.created`.
fn topic() -> Row {
    let measured = Measured::of("rabbit-topic");
    let publishers = [
        ("OrderCreated", "order.created", 4),
        ("OrderPaid", "order.paid", 3),
        ("UserCreated", "user.created", 2),
        ("UserLogin", "user.login", 1),
    ];
    let services = publishers.map(|(name, key, _)| {
        format!(r#""{name}": {{ "service_time": 0, "publish": {{ "broker": "Rabbit", "exchange": "events", "routing_key": "{key}" }} }}"#)
    });
    let targets = publishers.map(|(name, _, weight)| format!(r#""{name}": {weight}"#));
    let queues = ["all", "orders", "created"].map(|name| format!(r#""{name}": {{ "consumers": [{{ {MESSAGE} }}] }}"#));
    let (rate, any) = (measured.number("/published") / 60.0, "#");
    let config = format!(
        r#"{{
            "duration": 120,
            "users": {{ "u": {{
                "arrivals": {{ "profile": {{ "points": [{{ "at": 0, "rate": {rate} }}, {{ "at": 60, "rate": 0 }}], "shape": "steps" }} }},
                "targets": {{ {} }}
            }} }},
            "services": {{ {} }},
            "brokers": {{ "Rabbit": {{ "publish": 0, "queues": {{ {} }}, "exchanges": {{ "events": {{ "type": "topic", "bindings": [
                {{ "queue": "all", "routing_key": "{any}" }}, {{ "queue": "orders", "routing_key": "order.*" }},
                {{ "queue": "created", "routing_key": "*.created" }}
            ] }} }} }} }}
        }}"#,
        targets.join(", "),
        services.join(", "),
        queues.join(", ")
    );
    let share = |name: &'static str| move |run: &Run| run.share(queue(run, name).consumed);
    let row = Row::new("rabbit-topic", "RabbitMQ 3.10.8", "A topic exchange with three queues", config)
        .claim(Claim::share("to all", measured.number("/share_of_queue/all"), share("all")))
        .claim(Claim::share("to orders", measured.number("/share_of_queue/orders"), share("orders")))
        .claim(Claim::share("to created", measured.number("/share_of_queue/created"), share("created")));
    let row =
        times(row, ["all, mean", "all, p99"], &measured, "/delivery/all", |run| Some(&queue(run, "all").delivery));
    times(row, ["orders, mean", "orders, p99"], &measured, "/delivery/orders", |run| {
        Some(&queue(run, "orders").delivery)
    })
}
