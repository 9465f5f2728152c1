//! What the real products did, measured on one machine over loopback with service times that sleep, so that little depends on
//! its speed, and what the simulator makes of the same system.
//!
//! A measured value must lie within the spread of replications of the same load, or within 5 % (shares and means) or 10 %
//! (99th percentiles) of their mean.

mod haproxy;
mod nginx;
mod postgres;
mod rabbit;
mod redis;

use serde_json::Value;
use web_service_model::{report::Report, simulation::LogEntry};

use crate::support::{finished, log, report, with};

/// Replications of a system.
const REPLICATIONS: u64 = 100;

/// Replications of a system, one after another.
fn replications(config: &Value) -> impl Iterator<Item = Report> {
    (1..=REPLICATIONS).map(|seed| report(&with(config.clone(), serde_json::json!({ "seed": seed }))))
}

/// A figure of many replications, in order of size.
fn replicated(config: &Value, figure: impl Fn(&Report) -> f64) -> Vec<f64> {
    sorted(replications(config).map(|report| figure(&report)))
}

fn sorted(figures: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut found: Vec<f64> = figures.collect();
    found.sort_by(f64::total_cmp);
    found
}

/// A replication: its report, and when its balancer took whom to be down or asked him again.
struct Run {
    report: Report,
    ejections: Vec<LogEntry>,
}

impl Run {
    fn of(config: &Value) -> Self {
        let simulation = finished(config);
        Self { report: simulation.report(), ejections: log(&simulation, &["ejection"]) }
    }

    /// When the balancer asked somebody again whom it had taken to be down, first of all after that time.
    fn asked_again_after(&self, time: f64) -> f64 {
        let mut again = self.ejections.iter().filter(|entry| entry.detail == "the balancer asks it again");
        again.find(|entry| entry.time > time).map_or(f64::INFINITY, |entry| entry.time)
    }
}

/// Replications that begin later by a number of seconds that is below `phase` and evenly spread: nobody knows at what moment of
/// a balancer's second, or between which of its checks, a measurement began.
fn phased(config: &Value, phase: f64) -> Vec<(f64, Run)> {
    let one = |seed: u64| {
        let later = (seed * 37 % REPLICATIONS) as f64 / REPLICATIONS as f64 * phase;
        (later, Run::of(&with(postponed(config.clone(), later), serde_json::json!({ "seed": seed }))))
    };
    (1..=REPLICATIONS).map(one).collect()
}

/// The same, but so much later.
fn postponed(mut config: Value, later: f64) -> Value {
    let faults =
        config.get_mut("faults").and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut);
    for (name, value) in faults.flatten().filter_map(|(_, fault)| fault.as_object_mut()).flatten() {
        if let (true, Some(time)) = (["at", "recover_at", "from", "until"].contains(&name.as_str()), value.as_f64()) {
            *value = Value::from(time + later);
        }
    }
    let duration = config["duration"].as_f64().expect("it ends") + later;
    with(config, serde_json::json!({ "duration": duration, "warm_up": later }))
}

/// A figure of some replications, in order of size.
fn spread<'r>(runs: &'r [(f64, Run)], figure: impl Fn(f64, &'r Run) -> f64) -> Vec<f64> {
    sorted(runs.iter().map(|(later, run)| figure(*later, run)))
}

/// The mean, and the 99th percentile, of the latencies of requests that succeeded are those that were measured.
fn latencies_hold(runs: &[(f64, Run)], mean: f64, p99: Option<f64>) {
    let latency = |run: &Run| run.report.requests.latency.clone();
    holds("mean", mean, &spread(runs, |_, run| latency(run).mean.expect("somebody came")), 0.05);
    if let Some(p99) = p99 {
        holds("p99", p99, &spread(runs, |_, run| latency(run).p99.expect("somebody came")), 0.1);
    }
}

/// The share of the requests that failed.
fn share_failed(run: &Run) -> f64 {
    run.report.requests.failed as f64 / run.report.requests.total as f64
}

fn mean(found: &[f64]) -> f64 {
    found.iter().sum::<f64>() / found.len() as f64
}

fn close(found: f64, expected: f64, share: f64) {
    assert!((found - expected).abs() <= share * expected, "{found} is not {expected}");
}

/// What was measured is what replications show: within their spread but for one in a hundred at either end, or within a share
/// of their mean.
#[track_caller]
fn holds(what: &str, measured: f64, found: &[f64], share: f64) {
    let (low, high) = (found[found.len() / 100], found[found.len() - 1 - found.len() / 100]);
    let mean = mean(found);
    let is_near = (measured - mean).abs() <= share * mean.abs();
    assert!(
        is_near || (low..=high).contains(&measured),
        "{what}: measured {measured}, simulated {mean} ({low} to {high})"
    );
}

/// The mean of some runs is what means of as many replications show.
fn runs_hold(runs: &[u32], found: &[f64]) {
    let measured = f64::from(runs.iter().sum::<u32>()) / runs.len() as f64;
    // (In order of size they would not be independent.)
    let strided = |first: usize| (0..runs.len()).map(move |i| found[(first * 37 + i * 29) % found.len()]);
    let means = sorted((0..REPLICATIONS as usize).map(|i| mean(&strided(i).collect::<Vec<_>>())));
    holds("mean of runs", measured, &means, 0.05);
}
