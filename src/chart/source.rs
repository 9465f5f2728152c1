//! What charts are built from: the part of the simulation's façade that they look at.

use crate::{
    config::schema::Config,
    report::Latency,
    simulation::{ComponentState, Histogram, LatencyHeat, OutcomeCounts, Series, Simulation},
};

/// Figures of a run. A [`Simulation`] is one; tests have another with figures of their own.
///
/// The report is none of them: it is too dear to be made for a chart that is drawn many times a second.
pub trait Source {
    /// Simulated time that has passed, in seconds.
    fn now(&self) -> f64;
    /// The configuration.
    fn config(&self) -> &Config;
    /// A time series by name.
    fn series(&self, name: &str) -> Option<Series>;
    /// A histogram by name, in at most so many bins.
    fn histogram(&self, name: &str, bins: usize) -> Option<Histogram>;
    /// Mean and percentiles of the sample behind a histogram.
    fn latency(&self, name: &str) -> Option<Latency>;
    /// How many requests of each window took how long.
    fn latency_heat(&self) -> LatencyHeat;
    /// What became of all requests, then of the visits to each service, then of those to each instance.
    fn outcomes(&self) -> Vec<OutcomeCounts>;
    /// Every component.
    fn components(&self) -> Vec<ComponentState>;
    /// Which database node was promoted and when, as far as it is still known.
    fn promotions(&self) -> Vec<(String, f64)>;
}

impl Source for Simulation {
    fn now(&self) -> f64 {
        self.now()
    }

    fn config(&self) -> &Config {
        self.config()
    }

    fn series(&self, name: &str) -> Option<Series> {
        self.series(name)
    }

    fn histogram(&self, name: &str, bins: usize) -> Option<Histogram> {
        self.histogram(name, bins)
    }

    fn latency(&self, name: &str) -> Option<Latency> {
        self.latency(name)
    }

    fn latency_heat(&self) -> LatencyHeat {
        self.latency_heat()
    }

    fn outcomes(&self) -> Vec<OutcomeCounts> {
        self.outcomes()
    }

    fn components(&self) -> Vec<ComponentState> {
        self.components()
    }

    fn promotions(&self) -> Vec<(String, f64)> {
        self.promotions()
    }
}
