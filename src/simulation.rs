//! The façade: a configuration and a seed in, time moved on, figures out.

use serde::Serialize;

use crate::{config::schema::Config, report::Report};

/// A running simulation.
pub struct Simulation {
    config: Config,
}

/// A time series: one value for each window of simulated time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Start of the first window, in seconds.
    pub start: f64,
    /// Width of a window, in seconds. The last one may be shorter.
    pub width: f64,
    /// Values; NaN where there is none (the mean latency of no requests).
    pub values: Vec<f64>,
}

/// Counts in bins of equal width.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Lower end of the first bin, in seconds.
    pub start: f64,
    /// Width of a bin, in seconds.
    pub width: f64,
    /// Counts.
    pub counts: Vec<u64>,
}

/// What the page shows of a component.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComponentState {
    /// Name, as in faults and actions.
    pub name: String,
    /// `instance`, `node`, `cache` or `broker`.
    pub kind: &'static str,
    /// Service, cluster, cache or broker that it belongs to.
    pub group: String,
    /// `up`, `down`, or for a node `catching_up`.
    pub state: &'static str,
    /// For a node `primary`, `replica`, `detached` or `promoting`; else empty.
    pub role: &'static str,
    /// Why it is down: `outage`, `fault` or `user`; else empty.
    pub down_because: &'static str,
    /// Operations in process.
    pub busy: u64,
    /// Operations in process at the most; `null` is any number.
    pub capacity: Option<u64>,
    /// Operations (or, for a broker, messages) that wait.
    pub queue: u64,
    /// Factor of a `slow` fault; 1 if there is none.
    pub slow_factor: f64,
    /// Writes that a node lacks.
    pub lag_writes: u64,
    /// How often it went down.
    pub outages: u64,
}

/// An entry of the event log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogEntry {
    /// Running number, from 0.
    pub number: u64,
    /// When, in seconds.
    pub time: f64,
    /// What happened: `crash`, `recover`, `slow`, `partition`, `heal`, `failover`, `promotion`, `rejoin`, `resync`,
    /// `replicated_write`, `config_change`, …
    pub kind: &'static str,
    /// Who; empty for the whole system.
    pub component: String,
    /// Particulars in words, English, for people.
    pub detail: String,
}

/// Part of the log, and how much of it there is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogView {
    /// Entries that passed the filter, oldest first.
    pub entries: Vec<LogEntry>,
    /// Entries ever made.
    pub total: u64,
    /// Entries dropped because the log is bounded.
    pub dropped: u64,
}

/// Which entries of the log are wanted.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    /// Only this component (or the components of this service or cluster).
    pub component: Option<String>,
    /// Only these kinds; empty is all.
    pub kinds: Vec<String>,
    /// Only entries from this running number on.
    pub since: u64,
    /// At most so many, the latest ones; `None` is all.
    pub limit: Option<usize>,
}

impl Simulation {
    /// The configuration as it is now, changes at run time included.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Simulated time that has passed, in seconds.
    pub fn now(&self) -> f64 {
        0.0
    }

    /// Simulated time at which the run ends, in seconds.
    pub fn duration(&self) -> f64 {
        self.config.duration.0
    }

    /// Whether the end has been reached.
    pub fn is_finished(&self) -> bool {
        false
    }

    /// Events handled so far.
    pub fn events(&self) -> u64 {
        0
    }

    /// Simulates up to that time, in seconds, or to the end of the run.
    pub fn advance_to(&mut self, _seconds: f64) {}

    /// Handles at most so many events, but none after that time; returns how many it handled.
    pub fn advance_events(&mut self, _events: u64, _until_seconds: f64) -> u64 {
        0
    }

    /// The report so far.
    pub fn report(&self) -> Report {
        unimplemented!("the engine is being written")
    }

    /// Names of all time series.
    pub fn series_names(&self) -> Vec<String> {
        Vec::new()
    }

    /// A time series by name; `None` if there is none of that name.
    pub fn series(&self, _name: &str) -> Option<Series> {
        None
    }

    /// Names of all histograms.
    pub fn histogram_names(&self) -> Vec<String> {
        Vec::new()
    }

    /// A histogram by name, in at most so many bins; `None` if there is none of that name.
    pub fn histogram(&self, _name: &str, _bins: usize) -> Option<Histogram> {
        None
    }

    /// The state of every component.
    pub fn components(&self) -> Vec<ComponentState> {
        Vec::new()
    }

    /// The event log, filtered.
    pub fn log(&self, _filter: &LogFilter) -> LogView {
        LogView { entries: Vec::new(), total: 0, dropped: 0 }
    }
}
