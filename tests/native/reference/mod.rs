//! What the real products did, measured on one machine over loopback with service times that sleep, so that little depends on
//! its speed, and what the simulator makes of the same system.
//!
//! A measured value must lie within the spread of replications of the same load, or within 5 % (shares and means) or 10 %
//! (99th percentiles) of their mean.

mod postgres;
mod rabbit;
mod redis;

use serde_json::Value;
use web_service_model::report::Report;

use crate::support::{report, with};

/// Replications of a system.
const REPLICATIONS: u64 = 100;

/// A figure of many replications.
fn replicated(config: &Value, figure: impl Fn(&Report) -> f64) -> Vec<f64> {
    let seeds = 1..=REPLICATIONS;
    let mut found: Vec<f64> =
        seeds.map(|seed| figure(&report(&with(config.clone(), serde_json::json!({ "seed": seed }))))).collect();
    found.sort_by(f64::total_cmp);
    found
}

fn mean(found: &[f64]) -> f64 {
    found.iter().sum::<f64>() / found.len() as f64
}

fn close(found: f64, expected: f64, share: f64) {
    assert!((found - expected).abs() <= share * expected, "{found} is not {expected}");
}

/// What was measured is what replications show: within their spread but for one in a hundred at either end, or within a share
/// of their mean.
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
    let mut means: Vec<f64> = (0..REPLICATIONS as usize).map(|i| mean(&strided(i).collect::<Vec<_>>())).collect();
    means.sort_by(f64::total_cmp);
    holds("mean of runs", measured, &means, 0.05);
}
