//! How fast whole systems are simulated natively: prints a table, and writes it to `target/bench.json`. The same workloads
//! are run in a browser by `tools/bench-browser.mjs`; `make bench` does both.
//!
//! Times depend on the machine and on what else it does. What can be compared from one day to another are *shares*, of a
//! plain loop that is run in turn with the simulator (`plain.rs`), and, where valgrind is there, *instructions* for each
//! request, which are the same in every run (`instructions.rs`). Those of the last release are in
//! `benches/released.json`, in the same form, and are printed beside.

#![cfg(not(target_arch = "wasm32"))]
// A benchmark is the one place that reads the clock.
#![allow(clippy::disallowed_methods, missing_docs)]

mod instructions;
mod plain;
mod snapshots;

use std::{env, fs, hint::black_box, path::PathBuf, time::Instant};

use serde_json::{Value, json};
use web_service_model::{config::schema::Config, simulation::Simulation};

/// A system to simulate, for so many seconds of its own time.
pub struct Workload {
    pub name: &'static str,
    text: &'static str,
    pub seconds: f64,
    /// The plain loop that it is compared with. (Nobody has written the coursework by hand: how many of its requests go
    /// into the time of one of W2.)
    plain: fn(f64) -> u64,
}

pub const WORKLOADS: [Workload; 4] = [
    Workload {
        name: "coursework",
        text: include_str!("../../www/scenarios/coursework.json"),
        seconds: 10_000.0,
        plain: plain::w2,
    },
    Workload {
        name: "W1",
        text: include_str!("../../www/scenarios/bench/w1.json"),
        seconds: 100_000.0,
        plain: plain::w1,
    },
    Workload {
        name: "W2",
        text: include_str!("../../www/scenarios/bench/w2.json"),
        seconds: 10_000.0,
        plain: plain::w2,
    },
    Workload {
        name: "W2L",
        text: include_str!("../../www/scenarios/bench/w2l.json"),
        seconds: 10_000.0,
        plain: plain::w2l,
    },
];

/// Runs of each workload; the median counts.
const RUNS: usize = 5;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let Some(requests) = instructions::counted(&arguments) {
        println!("{requests}");
        return;
    }
    let released: Value = serde_json::from_str(include_str!("../released.json")).expect("JSON");
    println!("(in brackets: version {})", released["version"].as_str().unwrap_or("?"));
    println!(
        "{:<12} {:>10} {:>12} {:>10} {:>17} {:>21}",
        "workload", "requests", "requests/s", "ns/event", "of a plain loop", "instructions/request"
    );
    let mut figures = serde_json::Map::new();
    for workload in &WORKLOADS {
        let figure = measure(workload);
        print_row(workload.name, &figure, &released["workloads"][workload.name]);
        figures.insert(workload.name.to_owned(), figure);
    }
    println!("{:<12} {:>14} {:>12} {:>32}", "snapshots", "size in KB", "us each", "in seconds of simulated time");
    for workload in &WORKLOADS {
        let figure = snapshots::measure(workload);
        println!("{:<12} {:>14} {:>12} {:>32}", workload.name, figure["kb"], figure["us"], figure["simulated_seconds"]);
        figures[workload.name]["snapshot"] = figure;
    }
    let report = json!({ "version": env!("CARGO_PKG_VERSION"), "workloads": figures });
    match fs::write(report_file(), format!("{report:#}\n")) {
        Ok(()) => println!("written to {}", report_file().display()),
        Err(error) => println!("not written to {}: {error}", report_file().display()),
    }
}

/// The figures of a workload, as they stand in the file.
fn measure(workload: &Workload) -> Value {
    let mut ours = Vec::new();
    let mut plain = Vec::new();
    let mut counts = (0, 0);
    for _ in 0..RUNS {
        // In turn, so that what else the machine does slows both down alike.
        let (seconds, (requests, events)) = timed(|| workload.run(workload.seconds));
        ours.push(requests as f64 / seconds);
        counts = (requests, events);
        let (seconds, requests) = timed(|| (workload.plain)(workload.seconds));
        plain.push(requests as f64 / seconds);
    }
    let (requests, events) = counts;
    let rate = median(&mut ours);
    json!({
        "requests": requests,
        "requests_per_second": rate as u64,
        "ns_per_event": (1e10 * requests as f64 / rate / events as f64).round() / 10.0,
        "share_of_plain_loop": (1000.0 * rate / median(&mut plain)).round() / 1000.0,
        "instructions_per_request": instructions::per_request(workload),
    })
}

fn print_row(name: &str, figure: &Value, released: &Value) {
    let told = |value: &Value| if value.is_null() { "-".to_owned() } else { value.to_string() };
    let pair = |what: &str| format!("{} ({})", told(&figure[what]), told(&released[what]));
    println!(
        "{name:<12} {:>10} {:>12} {:>10} {:>17} {:>21}",
        told(&figure["requests"]),
        told(&figure["requests_per_second"]),
        told(&figure["ns_per_event"]),
        pair("share_of_plain_loop"),
        pair("instructions_per_request"),
    );
}

impl Workload {
    /// The system at time 0; the run ends after so many seconds.
    pub fn begin(&self, seconds: f64) -> Simulation {
        let mut config = Config::from_json(self.text).expect("the scenario is valid");
        config.duration.0 = seconds;
        Simulation::new(config).expect("the scenario is valid")
    }

    /// Simulates so many seconds; requests and events.
    pub fn run(&self, seconds: f64) -> (u64, u64) {
        let mut simulation = self.begin(seconds);
        simulation.advance_to(seconds);
        let report = black_box(simulation.report());
        (report.requests.total, report.events)
    }
}

/// The seconds that something takes, and what it gives.
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = black_box(work());
    (start.elapsed().as_secs_f64(), result)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// `bench.json` in cargo's target folder, of which this program lies three folders deep.
fn report_file() -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    program.ancestors().nth(3).map(|target| target.join("bench.json")).unwrap_or_default()
}
