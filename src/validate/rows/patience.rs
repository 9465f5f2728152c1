//! Requests, and those who ask, that wait only so long.

use super::{Row, System, failed_by, mean_latency, mean_queue, mean_wait, of_server, share, utilisation};
use crate::validate::theory::{ConstantPatience, Timeouts, erlang_a};

pub(super) fn rows() -> Vec<Row> {
    vec![random_patience(), constant_patience(), in_time("cancel"), in_time("deadline"), timeouts()]
}

/// More comes than ten workers can do, and patience, of 2 s on average, keeps the queue short.
fn random_patience() -> Row {
    let server = r#""service_time": { "exponential": { "mean": 1 } }, "workers": 10,
        "longest_wait": { "exponential": { "mean": 2 } }"#;
    let theory = erlang_a(12.0, 1.0, 10, 0.5);
    Row::new("erlang-a", "M/M/c+M", 120_000.0, System::poisson(12.0, server).config())
        .claim("given up", theory.leaving, |report, _| failed_by(report, "queue_timeout"))
        .claim("Wq, served", theory.wait, mean_wait)
        .claim("Lq", theory.queue, mean_queue)
        .claim("ρ", 1.2 * (1.0 - theory.leaving), utilisation)
}

fn constant_patience() -> Row {
    let server = r#""service_time": { "exponential": { "mean": 0.1 } }, "workers": 1, "longest_wait": 0.3"#;
    let station = ConstantPatience::new(9.0, 10.0, 0.3);
    let theory = station.outcome();
    Row::new("mm1-patience", "M/M/1+D", 100_000.0, System::poisson(9.0, server).config())
        .claim("given up", theory.leaving, |report, _| failed_by(report, "queue_timeout"))
        .claim("Wq, served", theory.wait, mean_wait)
        .claim("Lq", theory.queue, mean_queue)
        .claim("ρ", station.utilisation(), utilisation)
}

/// Clients who take their place in the queue with them when they leave, or whose deadline travels with the request, are as
/// good as requests with a patience: only work that has begun is done in vain.
fn in_time(which: &'static str) -> Row {
    let (id, title, users) = match which {
        "cancel" => {
            ("patience-cancel", "M/M/1+D, cancelled", r#""policy": { "timeout": 0.5, "on_giving_up": "cancel" }"#)
        }
        _ => ("patience-deadline", "M/M/1+D, deadline", r#""policy": { "deadline": 0.5 }"#),
    };
    let server = r#""service_time": { "exponential": { "mean": 0.1 } }, "workers": 1"#;
    let station = ConstantPatience::new(12.0, 10.0, 0.5);
    Row::new(id, title, 60_000.0, System { users, ..System::poisson(12.0, server) }.config())
        .claim("in time", station.in_time(), |report, _| report.requests.success_ratio.unwrap_or(f64::NAN))
        .claim("ρ", station.utilisation(), utilisation)
}

/// A timeout and retries where nobody waits: attempts are independent of each other.
fn timeouts() -> Row {
    let users = r#""policy": { "timeout": 0.1,
        "retry": { "max": 2, "backoff": { "base": 0.05, "factor": 1, "jitter": "none" } } }"#;
    let server = r#""service_time": { "exponential": { "mean": 0.1 } }"#;
    let theory = Timeouts { services: 10.0, timeout: 0.1, wait: 0.05, retries: 2 };
    Row::new("timeouts", "Timeouts", 40_000.0, System { users, ..System::poisson(20.0, server) }.config())
        .claim("attempts", theory.attempts(), |report, _| share(report.requests.attempts, report))
        .claim("failed", theory.failed(), |report, _| failed_by(report, "timeout"))
        .claim("W", theory.latency(), mean_latency)
        // They do not know that nobody waits for them.
        .claim("L", 20.0 * theory.attempts() * 0.1, |report, _| of_server(report, |server| server.utilisation))
}
