//! What a snapshot takes, in memory and in time: the latter also as simulated time that goes by in as much of it.

use serde_json::{Value, json};

use crate::{Workload, median, timed};

/// Snapshots taken over a run, and kept until its end.
const TAKEN: usize = 100;

/// The figures of a workload: medians of snapshots taken at equal distances.
pub fn measure(workload: &Workload) -> Value {
    let mut run = workload.begin(workload.seconds);
    let (mut kept, mut taking, mut running) = (Vec::new(), Vec::new(), 0.0);
    for part in 1..=TAKEN {
        running += timed(|| run.advance_to(workload.seconds * part as f64 / TAKEN as f64)).0;
        let (seconds, snapshot) = timed(|| run.snapshot());
        taking.push(seconds);
        kept.push(snapshot);
    }
    let mut sizes: Vec<f64> = kept.iter().map(|snapshot| snapshot.size() as f64).collect();
    let each = median(&mut taking);
    json!({
        "kb": (median(&mut sizes) / 1024.0).round(),
        "us": (each * 1e6).round(),
        "simulated_seconds": (each / (running / workload.seconds) * 10.0).round() / 10.0,
    })
}
