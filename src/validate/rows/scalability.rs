//! Requests in process that slow each other down.

use super::{Row, System, mean_latency, of_cluster, utilisation};
use crate::{engine::usl::Usl, validate::theory::contention};

pub(super) fn rows() -> Vec<Row> {
    vec![closed(), several_workers(), several_connections()]
}

const USL: Usl = Usl { sigma: 0.05, kappa: 0.01 };

/// Slowed down by the law.
fn slowed_down() -> String {
    let Usl { sigma, kappa } = USL;
    format!(r#""scalability": {{ "usl": {{ "sigma": {sigma}, "kappa": {kappa} }} }}"#)
}

/// Processing of 100 ms on average, slowed down.
fn server(more: &str) -> String {
    format!(r#""service_time": {{ "exponential": {{ "mean": 0.1 }} }}, {}{more}"#, slowed_down())
}

/// Twenty users who do not think: the law itself.
fn closed() -> Row {
    let arrivals = r#""closed": { "users": 20, "think": "1us" }"#.to_owned();
    let throughput = 10.0 * USL.capacity(20);
    Row::new("usl", "Universal Scalability Law", 5_000.0, System::new(arrivals, &server("")).config())
        .claim("X", throughput, |report, _| report.requests.rps)
        .claim("W", 20.0 / throughput, mean_latency)
}

/// Four workers, for whom others wait in a queue.
fn several_workers() -> Row {
    let (waiting, present) = contention(20.0, 10.0, 4, |jobs| USL.speed(jobs));
    Row::new("usl-workers", "M/M/c, USL", 60_000.0, System::poisson(20.0, &server(r#", "workers": 4"#)).config())
        .claim("ρ", (present - waiting) / 4.0, utilisation)
        .claim("W", present / 20.0, mean_latency)
}

/// Operations of 100 ms at a database of four connections, the same.
fn several_connections() -> Row {
    let (_, present) = contention(20.0, 10.0, 4, |jobs| USL.speed(jobs));
    let operation = r#""operation": { "exponential": { "mean": 0.1 } }"#;
    let more =
        format!(r#""db_clusters": {{ "DB": {{ "replicas": 0, "connections": 4, {operation}, {} }} }}"#, slowed_down());
    let server = r#""service_time": 0, "database": { "name": "DB" }"#;
    let system = System { more: &more, ..System::poisson(20.0, server) };
    Row::new("usl-connections", "M/M/c, USL", 60_000.0, system.config())
        .claim("W", present / 20.0, |report, _| of_cluster(report, |db| db.latency.mean.unwrap_or(f64::NAN)))
}
