//! How fast whole systems are simulated natively: prints a table. The same table for a browser comes from
//! `tools/bench-browser.mjs`; `make bench` prints both.

#![cfg(not(target_arch = "wasm32"))]
// A benchmark is the one place that reads the clock.
#![allow(clippy::disallowed_methods, missing_docs)]

use std::{hint::black_box, time::Instant};

use web_service_model::{config::schema::Config, simulation::Simulation};

/// Name, scenario, and simulated seconds.
const WORKLOADS: [(&str, &str, f64); 4] = [
    ("coursework", include_str!("../www/scenarios/coursework.json"), 10_000.0),
    ("W1", include_str!("../www/scenarios/bench/w1.json"), 100_000.0),
    ("W2", include_str!("../www/scenarios/bench/w2.json"), 10_000.0),
    ("W2L", include_str!("../www/scenarios/bench/w2l.json"), 10_000.0),
];

/// Runs of each workload; the median counts.
const RUNS: usize = 5;

fn main() {
    println!(
        "{:<12} {:>10} {:>10} {:>14} {:>14} {:>10}",
        "workload", "requests", "events", "requests/s", "events/s", "ns/event"
    );
    for (name, text, seconds) in WORKLOADS {
        let mut config = Config::from_json(text).expect("the scenario is valid");
        config.duration.0 = seconds;
        let mut runs: Vec<(f64, u64, u64)> = (0..RUNS).map(|_| run(&config)).collect();
        runs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (wall, requests, events) = runs[RUNS / 2];
        println!(
            "{name:<12} {requests:>10} {events:>10} {:>14.0} {:>14.0} {:>10.1}",
            requests as f64 / wall,
            events as f64 / wall,
            wall * 1e9 / events as f64
        );
    }
}

/// Wall time of a run in seconds, its requests and its events.
fn run(config: &Config) -> (f64, u64, u64) {
    let mut simulation = Simulation::new(config.clone()).expect("the scenario is valid");
    let start = Instant::now();
    simulation.advance_to(config.duration.0);
    let wall = start.elapsed().as_secs_f64();
    let report = black_box(simulation.report());
    (wall, report.requests.total, report.events)
}
