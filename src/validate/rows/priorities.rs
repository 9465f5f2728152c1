//! Queues that serve one class before another.

use super::{Row, System, of_server};
use crate::validate::theory::{cobham, erlang_c};

pub(super) fn rows() -> Vec<Row> {
    vec![one_worker(), several_workers()]
}

/// Endpoints that each have a class, a weight among the requests and a time of processing (JSON).
fn classes(rate: f64, workers: u32, endpoints: &[(&str, u32, &str)]) -> String {
    let endpoint = |(class, (name, _, time)): (usize, &(&str, u32, &str))| {
        format!(r#""{name}": {{ "steps": [{{ "process": {time} }}], "priority": {class} }}"#)
    };
    let declared: Vec<String> = endpoints.iter().enumerate().map(endpoint).collect();
    let targets: Vec<String> =
        endpoints.iter().map(|(name, weight, _)| format!(r#""Server.{name}": {weight}"#)).collect();
    let server =
        format!(r#""workers": {workers}, "discipline": "priority", "endpoints": {{ {} }}"#, declared.join(", "));
    let config = System::poisson(rate, &server).config();
    config.replace(r#""targets": { "Server": 1 }"#, &format!(r#""targets": {{ {} }}"#, targets.join(", ")))
}

/// Mean time of a visit that asks for an endpoint.
macro_rules! time_at {
    ($name:literal) => {
        |report, _| {
            of_server(report, |server| {
                server.endpoints.get($name).and_then(|endpoint| endpoint.latency.mean).unwrap_or(f64::NAN)
            })
        }
    };
}

/// Three short jobs a second before two long ones: who comes waits for the rest of the one that is being served, 100 ms on
/// average, and for those who are served before.
fn one_worker() -> Row {
    let rest = (3.0 * 0.04 / 3.0 + 2.0 * 0.08) / 2.0;
    let waits = cobham(rest, &[0.3, 0.4]);
    let endpoints = [("high", 3, r#"{ "uniform": [0, 0.2] }"#), ("low", 2, r#"{ "exponential": { "mean": 0.2 } }"#)];
    Row::new("priority", "M/G/1, two classes", 600_000.0, classes(5.0, 1, &endpoints))
        .claim("W, high", 0.1 + waits[0], time_at!("high"))
        .claim("W, low", 0.2 + waits[1], time_at!("low"))
}

/// Three classes of jobs that are alike, and three workers: a wait is one for the first worker that becomes free.
fn several_workers() -> Row {
    let waits = cobham(erlang_c(2.4, 3) / 30.0, &[0.2, 0.3, 0.3]);
    let time = r#"{ "exponential": { "mean": 0.1 } }"#;
    let endpoints = [("high", 2, time), ("middle", 3, time), ("low", 3, time)];
    Row::new("priority-workers", "M/M/c, three classes", 400_000.0, classes(24.0, 3, &endpoints))
        .claim("W, high", 0.1 + waits[0], time_at!("high"))
        .claim("W, middle", 0.1 + waits[1], time_at!("middle"))
        .claim("W, low", 0.1 + waits[2], time_at!("low"))
}
