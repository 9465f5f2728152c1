//! Workers that are held while their request waits elsewhere, and pools of connections.

use super::{Row, System, failed_by, mean_latency, mean_wait, utilisation};
use crate::validate::theory::{erlang_b, erlang_c, mg1_wait};

pub(super) fn rows() -> Vec<Row> {
    vec![one_worker(), no_queue(), several_workers(), pool()]
}

/// A service that takes 50 ms of its own on average, exponential, and holds its worker for the 0 to 100 ms of a database.
fn blocking(rate: f64, more: &str) -> String {
    let server = format!(
        r#""service_time": {{ "exponential": {{ "mean": 0.05 }} }}, "holds": "request", "database": {{ "name": "DB" }}, {more}"#
    );
    let more = r#""db_clusters": { "DB": { "operation": { "uniform": [0, 0.1] } } }"#;
    System { more, ..System::poisson(rate, &server) }.config()
}

/// M/G/1 with the sum of both times: its mean square is that of one, that of the other, and twice the product of the means.
fn one_worker() -> Row {
    let mean_square = 2.0 * 0.05 * 0.05 + 0.01 / 3.0 + 2.0 * 0.05 * 0.05;
    let wait = mg1_wait(7.0, 0.1, mean_square);
    Row::new("held-worker", "M/G/1, held", 450_000.0, blocking(7.0, r#""workers": 1"#))
        .claim("Wq", wait, mean_wait)
        .claim("W", 0.1 + wait, mean_latency)
        .claim("ρ", 0.7, utilisation)
}

/// Without a queue the sum of both times counts, however it is distributed.
fn no_queue() -> Row {
    let lost = erlang_b(2.0, 3);
    Row::new("held-loss", "M/G/c/c, held", 25_000.0, blocking(20.0, r#""workers": 3, "queue_limit": 0"#))
        .claim("B", lost, |report, _| failed_by(report, "queue_full"))
        .claim("ρ", 2.0 * (1.0 - lost) / 3.0, utilisation)
        .claim("W", 0.1, mean_latency)
}

/// Workers who do nothing but wait for another service.
fn several_workers() -> Row {
    let wait = erlang_c(2.0, 3) / (30.0 - 20.0);
    let server = r#""service_time": 0, "workers": 3, "holds": "request", "calls": [{ "to": ["Backend"] }]"#;
    let services = r#""Backend": { "service_time": { "exponential": { "mean": 0.1 } } }"#;
    Row::new("held-workers", "M/M/c, held", 250_000.0, System { services, ..System::poisson(20.0, server) }.config())
        .claim("Wq", wait, mean_wait)
        .claim("W", 0.1 + wait, mean_latency)
        .claim("ρ", 2.0 / 3.0, utilisation)
}

/// A pool of three connections in front of a database that has any number of them.
fn pool() -> Row {
    let wait = erlang_c(2.0, 3) / (30.0 - 20.0);
    let server = r#""service_time": 0, "database": { "name": "DB", "pool": { "size": 3, "longest_wait": "1h" } }"#;
    let more = r#""db_clusters": { "DB": { "operation": { "exponential": { "mean": 0.1 } } } }"#;
    Row::new("pool", "M/M/c, pool", 250_000.0, System { more, ..System::poisson(20.0, server) }.config())
        .claim("Wq", wait, mean_wait)
        .claim("W", 0.1 + wait, mean_latency)
}
