//! What charts are built from: the part of the simulation's façade that they look at.

use crate::{
    config::schema::Config,
    report::Report,
    simulation::{ComponentState, Histogram, LogEntry, LogFilter, Series, Simulation},
};

/// Figures of a run. A [`Simulation`] is one; tests have another with figures of their own.
pub trait Source {
    /// Simulated time that has passed, in seconds.
    fn now(&self) -> f64;
    /// The configuration.
    fn config(&self) -> &Config;
    /// A time series by name.
    fn series(&self, name: &str) -> Option<Series>;
    /// A histogram by name, in at most so many bins.
    fn histogram(&self, name: &str, bins: usize) -> Option<Histogram>;
    /// Every component.
    fn components(&self) -> Vec<ComponentState>;
    /// The report so far.
    fn report(&self) -> Report;
    /// Entries of the log of that kind, as far as they are still there.
    fn logged(&self, kind: &str) -> Vec<LogEntry>;
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

    fn components(&self) -> Vec<ComponentState> {
        self.components()
    }

    fn report(&self) -> Report {
        self.report()
    }

    fn logged(&self, kind: &str) -> Vec<LogEntry> {
        self.log(&LogFilter { kinds: vec![kind.into()], ..LogFilter::default() }).entries
    }
}
