//! What the real products did, measured on one machine over loopback with service times that sleep, so that little depends on
//! its speed, and what the simulator makes of the same system.
//!
//! What can be said so stands in the rows of `reality`; they are tested here, and so is that what does not hold is exactly what
//! `docs/reality.md` says. What cannot (an order of events, a walk through a run) is a test of its own in the file of its product.

mod measured;
mod nginx;
mod postgres;
mod redis;
mod rows;

use serde_json::Value;
use web_service_model::report::Report;

use crate::support::{report, with};

/// Replications of a system.
const REPLICATIONS: u64 = 100;

/// A figure of many replications.
fn replicated(config: &Value, figure: impl Fn(&Report) -> f64) -> Vec<f64> {
    let one = |seed: u64| figure(&report(&with(config.clone(), serde_json::json!({ "seed": seed }))));
    (1..=REPLICATIONS).map(one).collect()
}

fn mean(found: &[f64]) -> f64 {
    found.iter().sum::<f64>() / found.len() as f64
}

fn close(found: f64, expected: f64, share: f64) {
    assert!((found - expected).abs() <= share * expected, "{found} is not {expected}");
}
