//! Checks of single values. Each reports what is wrong and returns something harmless in its place,
//! so that the walk goes on and finds the next error.

use std::{fmt, ops::RangeInclusive};

use crate::{
    config::{
        error::Problems,
        limits::{CYCLE_SECONDS_MIN, DURATION_SECONDS_MAX, RATE_MAX, WEIGHT_MAX, WEIGHT_MIN},
        path::Path,
        schema::{DistributionConfig, OutagesConfig, Seconds},
    },
    engine::{
        distribution::Distribution,
        time::{Duration, SimTime},
    },
    model::topology::Outages,
};

use super::distribution;

/// A number as a reader would write it.
pub(crate) struct Number(pub f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let size = self.0.abs();
        let is_usual = size == 0.0 || (1e-5..1e15).contains(&size);
        if is_usual { write!(f, "{}", self.0) } else { write!(f, "{:e}", self.0) }
    }
}

impl Problems {
    /// A number within bounds; `what` says what it is and which bounds it has.
    pub fn within(&mut self, path: &Path, value: f64, bounds: RangeInclusive<f64>, what: &str) -> f64 {
        if bounds.contains(&value) {
            return value;
        }
        let (how, nearest) = if value > *bounds.end() { ("large", *bounds.end()) } else { ("small", *bounds.start()) };
        self.found(path, Number(value), format!("is too {how} ({what})"));
        nearest
    }

    /// A probability.
    pub fn probability(&mut self, path: &Path, value: f64) -> f64 {
        self.within(path, value, 0.0..=1.0, "a probability, 0 to 1")
    }

    /// A rate per second.
    pub fn rate(&mut self, path: &Path, value: f64) -> f64 {
        self.within(path, value, 0.0..=RATE_MAX, "a rate per second, 0 to 1e7")
    }

    /// A weight.
    pub fn weight(&mut self, path: &Path, value: f64) -> f64 {
        if value > 0.0 && value < WEIGHT_MIN {
            self.found(path, Number(value), "is too small (a weight, 0 or 1e-9 to 1e9)");
            return 1.0;
        }
        self.within(path, value, 0.0..=WEIGHT_MAX, "a weight, 0 or 1e-9 to 1e9")
    }

    /// A whole number within bounds.
    pub fn count(&mut self, path: &Path, value: u32, bounds: RangeInclusive<u32>) -> u32 {
        if value < *bounds.start() {
            self.found(path, value, format!("is too few (at least {})", bounds.start()));
        } else if value > *bounds.end() {
            self.found(path, value, format!("is too many (at most {})", bounds.end()));
        }
        value.clamp(*bounds.start(), *bounds.end())
    }

    /// A whole number within bounds, if there is one.
    pub fn count_if(&mut self, path: &Path, value: Option<u32>, bounds: RangeInclusive<u32>) -> Option<u32> {
        value.map(|value| self.count(path, value, bounds))
    }

    /// A span of time that may be zero, in seconds.
    pub fn seconds(&mut self, path: &Path, value: Seconds) -> f64 {
        self.within(path, value.0, 0.0..=DURATION_SECONDS_MAX, "a time, 0 to 1e9 seconds")
    }

    /// A span of time that may be zero.
    pub fn span(&mut self, path: &Path, value: Seconds) -> Duration {
        Duration::from_seconds(self.seconds(path, value))
    }

    /// A span of time that is at least `shortest` seconds.
    pub fn span_from(&mut self, path: &Path, value: Seconds, shortest: f64) -> Duration {
        let what = format!("a time, {} to 1e9 seconds", Number(shortest));
        Duration::from_seconds(self.within(path, value.0, shortest..=DURATION_SECONDS_MAX, &what))
    }

    /// A moment of the run.
    pub fn moment(&mut self, path: &Path, value: Seconds) -> SimTime {
        SimTime::from_seconds(self.seconds(path, value))
    }

    /// A distribution.
    pub fn distribution(&mut self, path: &Path, config: &DistributionConfig) -> Distribution {
        distribution::resolve(self, path, config)
    }

    /// A distribution that something waits for again and again.
    pub fn cycle(&mut self, path: &Path, config: &DistributionConfig) -> Distribution {
        let errors = self.len();
        let distribution = self.distribution(path, config);
        if self.len() == errors && distribution.mean_seconds() < CYCLE_SECONDS_MIN {
            let mean = Number(distribution.mean_seconds());
            self.report(path, format!("has a mean of {mean} s, which is too short (at least a microsecond)"));
        }
        distribution
    }

    /// Times up and down.
    pub fn outages(&mut self, path: &Path, config: Option<&OutagesConfig>) -> Option<Outages> {
        let (path, config) = (path.key("outages"), config?);
        let errors = self.len();
        let up = self.distribution(&path.key("up"), &config.up);
        let down = self.distribution(&path.key("down"), &config.down);
        let mean = up.mean_seconds() + down.mean_seconds();
        if self.len() == errors && mean < CYCLE_SECONDS_MIN {
            self.report(&path, "are too short (`up` and `down` together take at least a microsecond on average)");
        }
        Some(Outages { up, down })
    }
}
