//! Queues that guard themselves against too much work: controlled delay, adaptive order.

use serde_json::json;

use crate::support::{poisson, regular, report, service, simulation, with};

/// A hundred requests a second for a server that does fifty: each one waits 10 ms longer than the one before. The first long
/// wait that leaves somebody behind ends at 50 ms, and an interval later, at 150 ms, one is dropped. From there on RFC 8289
/// drops after 100 ms, 100/√2 ms and 100/√3 ms, each time whoever comes out next.
#[test]
fn codel_drops_by_its_law() {
    let server = json!({ "service_time": 0.02, "workers": 1, "codel": {} });
    let mut simulation = simulation(&with(regular(0.01, server), json!({ "duration": 10 })));
    let mut drops = Vec::new();
    for milliseconds in 1..=400_u32 {
        simulation.advance_to(f64::from(milliseconds) / 1000.0 + 1e-4);
        let dropped = simulation.report().requests.failures.get("codel").copied().unwrap_or(0);
        (drops.len() as u64..dropped).for_each(|_| drops.push(milliseconds));
    }
    assert_eq!(drops, [150, 250, 330, 390]);
}

/// Under twice the load that it can bear a queue grows for ever, and everybody waits for ever; with CoDel it does as much
/// work, and within moments waits are short again.
#[test]
fn codel_keeps_waits_short_under_overload() {
    let server = json!({ "service_time": { "exponential": { "mean": 0.01 } }, "workers": 1 });
    let endless = with(poisson(200.0, server), json!({ "duration": 120, "warm_up": 10 }));
    let guarded = with(endless.clone(), json!({ "services": { "Server": { "codel": {} } } }));
    let [endless, guarded] = [endless, guarded].map(|config| report(&config));
    assert!(endless.requests.latency.p50 > Some(20.0), "{:?}", endless.requests.latency);
    assert!(guarded.requests.latency.p50 < Some(0.3), "{:?}", guarded.requests.latency);
    assert!(guarded.requests.latency.p99 < Some(1.5), "{:?}", guarded.requests.latency);
    assert!((guarded.requests.goodput - 100.0).abs() < 5.0, "{}", guarded.requests.goodput);
    assert!(service(&guarded, "Server").utilisation > 0.95);
}

/// Clients have a second, and the server half of what it would need for them all. First in, first out, nearly everything
/// that it does comes too late; with adaptive order most of it is in time, and without overload nothing is different.
#[test]
fn adaptive_order_serves_those_who_still_wait() {
    let config = |rate: f64, discipline: &str| {
        let server = json!({ "service_time": 0.01, "workers": 1, "discipline": discipline });
        let client = json!({ "users": { "clients": { "policy": { "timeout": 1 } } }, "duration": 120, "warm_up": 20 });
        with(poisson(rate, server), client)
    };
    let good = |rate, discipline| report(&config(rate, discipline)).requests.goodput;
    assert!(good(200.0, "fifo") < 2.0);
    let adaptive = good(200.0, "adaptive_lifo");
    assert!(adaptive > 90.0, "{adaptive}");
    assert!(report(&config(20.0, "adaptive_lifo")).requests == report(&config(20.0, "fifo")).requests);
    let never = with(config(200.0, "adaptive_lifo"), json!({ "services": { "Server": { "lifo_after": "1h" } } }));
    assert!(report(&never).requests == report(&config(200.0, "fifo")).requests);
    let at_once = with(config(200.0, "adaptive_lifo"), json!({ "services": { "Server": { "lifo_after": 0 } } }));
    assert!(report(&at_once).requests == report(&config(200.0, "lifo")).requests);
}

/// Both come and go while the run goes on.
#[test]
fn guards_of_a_queue_come_and_go() {
    let server = json!({ "service_time": 0.02, "workers": 1, "discipline": "adaptive_lifo", "lifo_after": 1 });
    let config = with(regular(0.01, server), json!({ "duration": 1000 }));
    let mut simulation = simulation(&config);
    let mut patch = |seconds: f64, server: serde_json::Value| {
        simulation.advance_to(seconds);
        let before = simulation.report().requests.failed;
        simulation
            .patch(&json!({ "services": { "Server": server } }).to_string())
            .unwrap_or_else(|error| panic!("{error}"));
        before
    };
    assert_eq!(patch(0.9, json!({ "codel": {}, "discipline": "fifo", "lifo_after": null })), 0);
    let dropped = patch(10.0, json!({ "codel": null, "discipline": "lifo" }));
    assert!(dropped > 100, "{dropped}");
    let later = patch(20.0, json!({}));
    assert!(later == dropped, "{later} and {dropped}");
}
