//! What happens to a running system: crashes, failovers, faults, changes, impatient clients, full queues, failing steps.

mod admission;
mod brokers;
mod changes;
mod clients;
mod confirms;
mod crashes;
mod databases;
mod endpoints;
mod exchanges;
mod failover;
mod faults;
mod fetching;
mod kinds;
mod lifecycle;
mod marks;
mod messages;
mod nodes;
mod policies;
mod queues;
mod scalability;
mod scale;
mod steps;
mod stores;
mod traces;
mod upstream;
mod writes;

use web_service_model::report::Report;

/// Failed requests by cause.
fn failures(report: &Report) -> Vec<(&'static str, u64)> {
    report.requests.failures.iter().filter(|(_, count)| **count > 0).map(|(&cause, &count)| (cause, count)).collect()
}

/// That a figure is this one but for rounding.
#[track_caller]
fn close(found: impl Into<Option<f64>>, expected: f64) {
    let found = found.into();
    assert!(found.is_some_and(|found| (found - expected).abs() < 1e-6), "{found:?}, not {expected}");
}
