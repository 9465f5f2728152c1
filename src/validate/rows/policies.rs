//! Policies: limiters, bulkheads, hedges, breakers, budgets.

use super::{Row, System, failed_by, mean_latency, of_edge, of_server, share};
use crate::{
    report::{BreakerReport, Report},
    validate::theory::{BreakerCycle, erlang_b, hedged, md1k, mmck},
};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![bucket(), patient_bucket(), bulkhead(), patient_bulkhead(), hedge()];
    rows.extend(breakers());
    rows.extend(budgets());
    rows
}

/// Users who ask at random under a policy.
fn guarded(rate: f64, policy: &str, server: &str) -> String {
    let users = format!(r#""policy": {{ {policy} }}"#);
    System { users: &users, ..System::poisson(rate, server) }.config()
}

/// A missing token is like a job of constant length that is being served, and the bucket is empty when there are as many of
/// them as its burst: M/D/1 with room for so many.
fn bucket() -> Row {
    let policy = r#""limiter": { "rate": 10, "burst": 5 }"#;
    Row::new("limiter", "M/D/1/K, tokens", 250_000.0, guarded(9.0, policy, r#""service_time": 0"#)).claim(
        "refused",
        md1k(0.9, 5).0,
        |report, _| failed_by(report, "limited"),
    )
}

/// Whoever may wait for four further tokens beside the only one is served like a job in that queue.
fn patient_bucket() -> Row {
    let policy = r#""limiter": { "rate": 10, "longest_wait": 0.4 }"#;
    let (lost, present) = md1k(0.9, 5);
    let wait = present / (9.0 * (1.0 - lost)) - 0.1;
    Row::new("limiter-wait", "M/D/1/K, waiting", 250_000.0, guarded(9.0, policy, r#""service_time": 0"#))
        .claim("refused", lost, |report, _| failed_by(report, "limited"))
        .claim("W", wait, mean_latency)
}

/// Mean number of attempts inside of the bulkhead.
fn inside(report: &Report, _: f64) -> f64 {
    of_edge(report, |edge| edge.bulkhead.as_ref().map_or(f64::NAN, |bulkhead| bulkhead.inside.mean))
}

fn bulkhead() -> Row {
    let server = r#""service_time": { "uniform": [0, 0.2] }"#;
    let lost = erlang_b(2.0, 3);
    Row::new("bulkhead", "M/G/c/c, bulkhead", 25_000.0, guarded(20.0, r#""bulkhead": { "max": 3 }"#, server))
        .claim("refused", lost, |report, _| failed_by(report, "bulkhead_full"))
        .claim("inside", 2.0 * (1.0 - lost), inside)
        .claim("W", 0.1, mean_latency)
}

fn patient_bulkhead() -> Row {
    let policy = r#""bulkhead": { "max": 3, "waiting": 4, "longest_wait": "1h" }"#;
    let server = r#""service_time": { "exponential": { "mean": 0.1 } }"#;
    let (lost, present) = mmck(25.0, 10.0, 3, 7);
    Row::new("bulkhead-wait", "M/M/c/K, bulkhead", 80_000.0, guarded(25.0, policy, server))
        .claim("refused", lost, |report, _| failed_by(report, "bulkhead_full"))
        .claim("inside", 2.5 * (1.0 - lost), inside)
        .claim("W", present / (25.0 * (1.0 - lost)), mean_latency)
}

/// A second try after 50 ms beside a first one that takes 100 ms on average: from then on both are equally likely to win.
fn hedge() -> Row {
    let policy = r#""hedge": { "after": 0.05, "budget": { "ratio": 1 } }"#;
    let server = r#""service_time": { "exponential": { "mean": 0.1 } }"#;
    let hedges = libm::exp(-0.5);
    Row::new("hedge", "Hedging", 10_000.0, guarded(20.0, policy, server))
        .claim("W", hedged(10.0, 0.05), mean_latency)
        .claim("hedges", hedges, |report, _| of_edge(report, |edge| edge.hedges as f64 / edge.attempts as f64))
        .claim("won", hedges / 2.0, |report, _| of_edge(report, |edge| edge.hedges_won as f64 / edge.attempts as f64))
        .claim("visits", 20.0 * (1.0 + hedges), |report, _| of_server(report, |server| server.rps))
}

/// A figure of the only breaker.
fn of_breaker(report: &Report, figure: fn(&BreakerReport) -> f64) -> f64 {
    let breaker = report.edges.iter().find_map(|(_, edge)| edge.breaker.as_ref());
    breaker.map_or(f64::NAN, figure)
}

/// Seconds of the run as a share of those that count.
fn share_of_time(report: &Report, seconds: f64) -> f64 {
    seconds / (report.simulated_seconds - report.warm_up_seconds)
}

/// A breaker in front of whoever fails always, or three times in ten.
fn breakers() -> impl Iterator<Item = Row> {
    let rows = [("breaker", "Breaker", 0.3), ("breaker-dead", "Breaker, all fails", 1.0)];
    rows.into_iter().map(|(id, title, fails)| {
        let policy =
            r#""breaker": { "window": { "calls": 4 }, "min_calls": 4, "failure_share": 0.5, "open_for": 1, "probes": 3 }"#;
        let server = format!(r#""service_time": 0, "fail_prob": {fails}"#);
        let theory = BreakerCycle {
            arrivals: 10.0,
            fails,
            window: 4,
            bad_calls: 2,
            open_for: 1.0,
            probes: 3,
            bad_probes: 2,
        };
        Row::new(id, title, 60_000.0, guarded(10.0, policy, &server))
            .claim("refused", theory.refused(), |report, _| failed_by(report, "breaker_open"))
            .claim("failed", fails * (1.0 - theory.refused()), |report, _| failed_by(report, "service_error"))
            .claim("open", theory.open(), |report, _| {
                share_of_time(report, of_breaker(report, |breaker| breaker.open_seconds))
            })
            .claim("half-open", theory.half_open(), |report, _| {
                share_of_time(report, of_breaker(report, |breaker| breaker.half_open_seconds))
            })
    })
}

/// When all fails, retries take all that the budget gives, or as many as may be: λ(1 + min(max, ratio)).
fn budgets() -> impl Iterator<Item = Row> {
    let rows = [("budget", "Retry budget", 0.25), ("budget-ample", "Ample retry budget", 5.0)];
    rows.into_iter().map(|(id, title, ratio)| {
        let policy =
            format!(r#""retry": {{ "max": 3, "backoff": {{ "base": "10ms" }}, "budget": {{ "ratio": {ratio} }} }}"#);
        let load = 1.0 + f64::min(ratio, 3.0);
        Row::new(id, title, 10_000.0, guarded(20.0, &policy, r#""service_time": 0, "fail_prob": 1"#))
            .claim("attempts", load, |report, _| share(report.requests.attempts, report))
            .claim("visits", 20.0 * load, |report, _| of_server(report, |server| server.rps))
    })
}
