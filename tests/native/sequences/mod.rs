//! Exact sequences: what a part does, one decision after another, against the algorithm that its model publishes, written
//! down once more as it stands there. (The parts' own tests have the examples of the documentation.)

mod codel;
mod hpa;
mod jitter;
mod outliers;

use web_service_model::engine::{
    random::Stream,
    time::{Duration, SimTime},
};

fn at(seconds: f64) -> SimTime {
    SimTime::from_seconds(seconds)
}

fn lasting(seconds: f64) -> Duration {
    Duration::from_seconds(seconds)
}

/// Random numbers, the same each time.
fn stream(seed: u64) -> Stream {
    Stream::new(seed, "sequences", "")
}
