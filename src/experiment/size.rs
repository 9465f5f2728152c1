//! How large an experiment is, before it starts.

use std::fmt;

use super::{
    course::{REPLICATIONS_MAX, WINDOWS},
    study::Study,
};

/// Events that are simulated to see how dense they are.
const PROBE_EVENTS: u64 = 5_000;
/// Configurations of a sweep that are probed.
const PROBES: usize = 12;
/// The most events of an experiment: some ten days of one processor.
const EVENTS_MAX: f64 = 1e13;
/// The most memory for figures.
const BYTES_MAX: f64 = 4e9;
/// Bytes of a figure that is kept, and of a run besides its figures.
const FIGURE_BYTES: f64 = 8.0;
const RUN_BYTES: f64 = 100.0;

/// How large an experiment is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Runs.
    pub runs: u64,
    /// Events of all runs together, roughly.
    pub events: f64,
    /// Memory that the results take, in bytes.
    pub bytes: f64,
}

/// An experiment is larger than any machine or any patience.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("the experiment is too large: {size}; at most {:e} events and {} GB are possible", EVENTS_MAX, BYTES_MAX / 1e9)]
pub struct TooLarge {
    /// How large it is.
    pub size: Size,
}

impl Size {
    /// Looks how dense the events of a study are, and from that how large so many runs of it are.
    pub fn of(study: &Study, runs: u64) -> Self {
        let step = study.models.len().div_ceil(PROBES).max(1);
        let probed = study.models.iter().step_by(step);
        let (mut events, mut count) = (0.0, 0.0);
        for model in probed {
            let mut replication = model.start(study.seed);
            let is_over = replication.advance(PROBE_EVENTS);
            let part = if is_over { 1.0 } else { replication.now() / model.duration() };
            // (Time that stands still has a density all the same.)
            events += replication.events() as f64 / part.max(1e-12);
            count += 1.0;
        }
        let per_run = if count > 0.0 { events / count } else { 0.0 };
        let figures = study.models.iter().map(|model| model.names().len()).max().unwrap_or(0) as f64;
        let recorded = (study.models.len() as u64).saturating_mul(REPLICATIONS_MAX).min(runs) as f64;
        let windows = (study.series.len() * WINDOWS) as f64;
        let bytes = runs as f64 * (RUN_BYTES + figures * FIGURE_BYTES) + recorded * windows * FIGURE_BYTES;
        Self { runs, events: per_run * runs as f64, bytes }
    }

    /// Whether it can be run at all.
    ///
    /// # Errors
    /// If it is absurd.
    pub fn check(self) -> Result<Self, TooLarge> {
        if self.events > EVENTS_MAX || self.bytes > BYTES_MAX { Err(TooLarge { size: self }) } else { Ok(self) }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (number, word) = match self.events {
            events if events >= 1e9 => (events / 1e9, " thousand million"),
            events if events >= 1e6 => (events / 1e6, " million"),
            events => (events, ""),
        };
        let digits = if number < 10.0 && !word.is_empty() { 1 } else { 0 };
        let megabytes = self.bytes / 1e6;
        write!(f, "{} runs, about {number:.digits$}{word} events, {megabytes:.0} MB of figures", self.runs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::schema::Config, experiment::Model};

    #[test]
    fn the_size_is_about_right() {
        let model =
            Model::new(&Config::from_json(include_str!("../../www/scenarios/coursework.json")).unwrap()).unwrap();
        let study = Study { models: vec![model], seed: 1, replications: 100, series: Vec::new() };
        let mut replication = study.models[0].start(1);
        while !replication.advance(u64::MAX) {}
        let size = Size::of(&study, 100);
        let ratio = size.events / (100.0 * replication.events() as f64);
        assert!((0.8..1.25).contains(&ratio), "{ratio}");
        assert!(size.check().is_ok());
        assert!(size.to_string().starts_with("100 runs, about "), "{size}");
        let error = Size::of(&study, u64::MAX / 2).check().unwrap_err().to_string();
        assert!(error.contains("too large") && error.contains("runs"), "{error}");
    }
}
