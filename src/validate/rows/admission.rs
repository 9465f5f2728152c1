//! Whom an instance lets in.

use super::{Row, System, failed_by, mean_latency, of_server};
use crate::{
    report::{Report, Service},
    validate::theory::{guard_channels, mmck},
};

pub(super) fn rows() -> Vec<Row> {
    vec![concurrency(), classes()]
}

/// Mean number of requests inside.
fn inside(report: &Report, _: f64) -> f64 {
    of_server(report, |server| {
        server.instances.values().filter_map(|instance| instance.admission.as_ref()).map(|it| it.inside.mean).sum()
    })
}

/// A limit on those inside is room for so many, at work and waiting.
fn concurrency() -> Row {
    let server = r#""service_time": { "exponential": { "mean": 0.1 } }, "workers": 3,
        "admission": { "concurrency": { "max": 7 } }"#;
    let (lost, present) = mmck(25.0, 10.0, 3, 7);
    Row::new("admission", "M/M/c/K, admission", 80_000.0, System::poisson(25.0, server).config())
        .claim("refused", lost, |report, _| failed_by(report, "not_admitted"))
        .claim("L", present, inside)
        .claim("W", present / (25.0 * (1.0 - lost)), mean_latency)
}

/// Share of the requests of an endpoint that are not let in.
fn refused_at(server: &Service, endpoint: &str) -> f64 {
    server.endpoints.get(endpoint).map_or(f64::NAN, |endpoint| {
        let refused = endpoint.failures.get("not_admitted").copied().unwrap_or(0);
        refused as f64 / endpoint.total as f64
    })
}

/// The lower of two classes leaves one of four places free.
fn classes() -> Row {
    let steps = r#""steps": [{ "process": { "exponential": { "mean": 0.1 } } }]"#;
    let server = format!(
        r#""admission": {{ "concurrency": {{ "max": 4, "reserve": 0.25 }} }},
        "endpoints": {{ "high": {{ {steps} }}, "low": {{ {steps}, "priority": 1 }} }}"#
    );
    let config = System::poisson(30.0, &server)
        .config()
        .replace(r#""targets": { "Server": 1 }"#, r#""targets": { "Server.high": 1, "Server.low": 2 }"#);
    let [high, low] = guard_channels([10.0, 20.0], 10.0, 4, 1);
    Row::new("admission-classes", "Guard channels", 60_000.0, config)
        .claim("refused, high", high, |report, _| of_server(report, |server| refused_at(server, "high")))
        .claim("refused, low", low, |report, _| of_server(report, |server| refused_at(server, "low")))
}
