//! One station: servers, a queue, a discipline.

use super::{Row, System, failed_by, mean_latency, mean_queue, mean_wait, utilisation};
use crate::{
    report::Report,
    validate::theory::{erlang_b, erlang_c, mg1_wait, mm1_quantile, mm1k},
};

const CONSTANT: &str = "0.1";
const EXPONENTIAL: &str = r#"{ "exponential": { "mean": 0.1 } }"#;
const UNIFORM: &str = r#"{ "uniform": [0, 0.2] }"#;
const ERLANG: &str = r#"{ "erlang": { "stages": 4, "mean": 0.1 } }"#;
/// Two branches; the mean is 0.1 and the mean square 2 (0.8 · 0.05² + 0.2 · 0.3²) = 0.04.
const HYPEREXPONENTIAL: &str =
    r#"{ "hyperexponential": [{ "weight": 0.8, "mean": 0.05 }, { "weight": 0.2, "mean": 0.3 }] }"#;
/// Means of squares of service times.
const SQUARES: [f64; 4] = [0.01, 0.0125, 0.04 / 3.0, 0.04];

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![mm1(), mmc()];
    rows.extend(losses());
    rows.push(short_queue());
    rows.extend(any_service_time());
    rows.push(lifo());
    rows.extend(sharing());
    rows.push(unlimited());
    rows
}

/// A station with one worker.
fn single(rate: f64, service_time: &str, more: &str) -> String {
    System::poisson(rate, &format!(r#""service_time": {service_time}, "workers": 1{more}"#)).config()
}

/// Share of requests that found no room.
fn lost(report: &Report, _: f64) -> f64 {
    failed_by(report, "queue_full")
}

fn percentile(figure: Option<f64>) -> f64 {
    figure.unwrap_or(f64::NAN)
}

fn mm1() -> Row {
    Row::new("mm1", "M/M/1", 1_650_000.0, single(8.0, EXPONENTIAL, ""))
        .claim("W", 0.5, mean_latency)
        .claim("Wq", 0.4, mean_wait)
        .claim("Lq", 3.2, mean_queue)
        .claim("p50", mm1_quantile(0.5, 8.0, 10.0), |report, _| percentile(report.requests.latency.p50))
        .claim("p95", mm1_quantile(0.95, 8.0, 10.0), |report, _| percentile(report.requests.latency.p95))
        .claim("p99", mm1_quantile(0.99, 8.0, 10.0), |report, _| percentile(report.requests.latency.p99))
        .claim("ρ", 0.8, utilisation)
        .claim("X", 8.0, |report, _| report.requests.rps)
        .claim("served", 1.0, |report, _| report.requests.success_ratio.unwrap_or(f64::NAN))
}

fn mmc() -> Row {
    let wait = erlang_c(8.0, 10) / (10.0 - 8.0);
    let server = r#""service_time": { "exponential": { "mean": 1 } }, "workers": 10"#;
    Row::new("mmc", "M/M/c", 2_000_000.0, System::poisson(8.0, server).config())
        .claim("Wq", wait, mean_wait)
        .claim("W", 1.0 + wait, mean_latency)
        .claim("Lq", 8.0 * wait, mean_queue)
        .claim("ρ", 0.8, utilisation)
}

fn losses() -> impl Iterator<Item = Row> {
    let times = [
        ("mgcc-constant", "M/D/c/c", CONSTANT),
        ("mgcc-exponential", "M/M/c/c", EXPONENTIAL),
        ("mgcc-hyperexponential", "M/H₂/c/c", HYPEREXPONENTIAL),
        ("mgcc-uniform", "M/U/c/c", UNIFORM),
    ];
    let b = erlang_b(2.0, 3);
    times.into_iter().map(move |(id, title, time)| {
        let server = format!(r#""service_time": {time}, "workers": 3, "queue_limit": 0"#);
        Row::new(id, title, 25_000.0, System::poisson(20.0, &server).config())
            .claim("B", b, lost)
            .claim("ρ", 2.0 * (1.0 - b) / 3.0, utilisation)
            .claim("W", 0.1, mean_latency)
    })
}

fn short_queue() -> Row {
    let (full, present) = mm1k(0.8, 5);
    Row::new("mm1k", "M/M/1/K", 250_000.0, single(8.0, EXPONENTIAL, r#", "queue_limit": 4"#))
        .claim("p_K", full, lost)
        .claim("W", present / (8.0 * (1.0 - full)), mean_latency)
}

fn any_service_time() -> impl Iterator<Item = Row> {
    let rows = [
        ("md1", "M/D/1", CONSTANT, SQUARES[0], 200_000.0, 7.0),
        ("me1", "M/E₄/1", ERLANG, SQUARES[1], 240_000.0, 7.0),
        ("mu1", "M/U/1", UNIFORM, SQUARES[2], 230_000.0, 7.0),
        ("mh1", "M/H₂/1", HYPEREXPONENTIAL, SQUARES[3], 930_000.0, 7.0),
        ("md1-busy", "M/D/1, ρ 0.8", CONSTANT, SQUARES[0], 320_000.0, 8.0),
    ];
    rows.into_iter().map(|(id, title, time, square, seconds, rate)| {
        let wait = mg1_wait(rate, 0.1, square);
        Row::new(id, title, seconds, single(rate, time, "")).claim("Wq", wait, mean_wait).claim(
            "W",
            0.1 + wait,
            mean_latency,
        )
    })
}

/// Last come, first served: the mean is the same as in order of arrival, the spread is not.
fn lifo() -> Row {
    Row::new("mm1-lifo", "M/M/1 LIFO", 150_000.0, single(6.0, EXPONENTIAL, r#", "discipline": "lifo""#)).claim(
        "W",
        0.25,
        mean_latency,
    )
}

fn sharing() -> impl Iterator<Item = Row> {
    let rows = [
        ("ps-constant", "M/D/1 PS", CONSTANT, 200_000.0),
        ("ps-exponential", "M/M/1 PS", EXPONENTIAL, 250_000.0),
        ("ps-hyperexponential", "M/H₂/1 PS", HYPEREXPONENTIAL, 400_000.0),
    ];
    rows.into_iter().map(|(id, title, time, seconds)| {
        Row::new(id, title, seconds, single(7.0, time, r#", "discipline": "processor_sharing""#))
            .claim("W", 0.1 / 0.3, mean_latency)
            .claim("ρ", 0.7, utilisation)
    })
}

/// Any number of workers: nobody waits, and the number in process is Poisson with mean a.
fn unlimited() -> Row {
    let server = format!(r#""service_time": {HYPEREXPONENTIAL}"#);
    Row::new("mg-infinite", "M/G/∞", 10_000.0, System::poisson(50.0, &server).config())
        .claim("W", 0.1, mean_latency)
        .claim("L", 5.0, utilisation)
}
