//! How long a system takes to settle, from pilot runs.

use super::{
    model::seed_of,
    warm_up::{Truncation, mser5},
};
use crate::{
    config::{ConfigErrors, schema::Config},
    simulation::Simulation,
};

/// Pilot runs, whose series are averaged: chance evens out, the way into the steady state does not.
const PILOTS: u64 = 5;
/// Windows of a pilot run.
const WINDOWS: f64 = 500.0;
/// The series that is looked at. Requests in flight are there in every system and react to everything in it.
const SERIES: &str = "requests.in_flight";

/// Why no warm-up can be found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettleError {
    /// The configuration is bad.
    #[error(transparent)]
    Bad(#[from] ConfigErrors),
    /// The system does not settle.
    #[error(
        "the system does not settle within the run (the number of requests in flight still changes in its second half): \
             simulate for longer, or say how long the warm-up is"
    )]
    NotSettled,
}

/// The warm-up that a run of a configuration needs, in seconds, found by MSER-5. What the configuration itself says of a
/// warm-up does not matter.
///
/// # Errors
/// If the configuration is bad, or the system does not settle.
pub fn warm_up_of(config: &Config, seed: u64) -> Result<f64, SettleError> {
    let mut config = config.clone();
    config.warm_up.0 = 0.0;
    config.window.0 = (config.duration.0 / WINDOWS).max(1e-3);
    let mut sums: Vec<f64> = Vec::new();
    let mut width = config.window.0;
    for pilot in 0..PILOTS {
        // Other random numbers than those of the experiment.
        config.seed = seed_of(seed_of(seed, u64::MAX), pilot);
        let mut simulation = Simulation::new(config.clone())?;
        simulation.advance_to(f64::INFINITY);
        let Some(series) = simulation.series(SERIES) else { continue };
        width = series.width;
        sums.resize(series.values.len(), 0.0);
        sums.iter_mut().zip(&series.values).for_each(|(sum, value)| *sum += value);
    }
    match mser5(&sums) {
        Truncation::Drop(windows) => Ok(windows as f64 * width),
        Truncation::TooShort => Ok(0.0),
        Truncation::NotSettled => Err(SettleError::NotSettled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(rate: f64) -> Config {
        let text = r#"{ "duration": 2000,
            "users": { "all": { "arrivals": { "poisson": { "rate": 9 } }, "targets": { "Shop": 1 } } },
            "services": { "Shop": { "service_time": { "exponential": { "mean": 0.1 } }, "workers": 1 } } }"#;
        Config::from_json(&text.replace("9", &rate.to_string())).unwrap()
    }

    #[test]
    fn a_queue_fills_before_it_is_steady() {
        let warm_up = warm_up_of(&queue(9.0), 1).unwrap();
        assert!((0.0..=1000.0).contains(&warm_up), "{warm_up}");
    }

    #[test]
    fn an_overloaded_queue_never_settles() {
        assert_eq!(warm_up_of(&queue(20.0), 1), Err(SettleError::NotSettled));
    }
}
