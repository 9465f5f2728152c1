//! A configuration made ready to be run again and again, and a single replication of it.

use std::sync::Arc;

use super::{
    course::{Recording, UnknownSeries},
    figures,
    selection::{Selection, UnknownMetric},
};
use crate::{
    config::{ConfigErrors, limits::SEED_MAX, resolve, schema::Config},
    engine::{
        random::Stream,
        time::{Duration, SimTime},
    },
    model::{topology::Topology, world::World},
    report::Report,
};

/// The seed of a replication (counted from 0) of an experiment: a fixed function of the experiment's own seed and the
/// number, so that any replication can be run alone, anywhere. Configurations that are compared share their seeds, and
/// so, component by component, their random numbers.
pub fn seed_of(master: u64, replication: u64) -> u64 {
    Stream::new(master, "replication", &replication.to_string()).bits() & SEED_MAX
}

/// A configuration made ready to be run again and again.
#[derive(Clone, Debug)]
pub struct Model {
    topology: Topology,
    name: String,
    /// Names of the figures that are kept.
    names: Vec<String>,
    /// Positions of those figures among all; `None` if all are kept.
    kept: Option<Arc<[usize]>>,
    /// Time series that may be recorded.
    recording: Option<Arc<Recording>>,
}

impl Model {
    /// Checks and resolves a configuration. Its seed does not matter, and no time series are recorded.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration.
    pub fn new(config: &Config) -> Result<Self, ConfigErrors> {
        let mut topology = resolve(config)?;
        // A window that ends after the run is never written down, which costs nothing.
        let duration = topology.run.duration.since(SimTime::ZERO);
        topology.run.window = duration + duration + Duration::from_nanos(1);
        let blank = World::new(topology.clone(), 0);
        let names = figures::names(&Report::new("", 0, &blank));
        Ok(Self { topology, name: config.name.clone(), names, kept: None, recording: None })
    }

    /// Keeps only some figures, in the order of the report.
    ///
    /// # Errors
    /// If the system has no such figure.
    pub fn keep(self, selection: &Selection) -> Result<Self, UnknownMetric> {
        let kept = selection.positions(&self.names)?;
        let names = kept.iter().map(|&position| self.names[position].clone()).collect();
        Ok(Self { names, kept: Some(kept.into()), ..self })
    }

    /// Makes it possible to record time series ([`Model::start_recording`]), in windows of that many seconds.
    ///
    /// # Errors
    /// If the system has no such series.
    pub fn record(self, names: &[String], width: f64) -> Result<Self, UnknownSeries> {
        let recording = Recording::new(&World::new(self.topology.clone(), 0), names, width)?;
        Ok(Self { recording: Some(Arc::new(recording)), ..self })
    }

    /// Names of the figures that a replication gives.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The name of the scenario.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When a run ends, in simulated seconds.
    pub fn duration(&self) -> f64 {
        self.topology.run.duration.as_seconds()
    }

    /// When the statistics of a run start anew, in simulated seconds.
    pub fn warm_up(&self) -> f64 {
        self.topology.run.warm_up.as_seconds()
    }

    /// Starts a replication.
    pub fn start(&self, seed: u64) -> Replication {
        self.replication(self.topology.clone(), seed, None)
    }

    /// Starts a replication that records the series of [`Model::record`], if there are any.
    pub fn start_recording(&self, seed: u64) -> Replication {
        let mut topology = self.topology.clone();
        if let Some(recording) = &self.recording {
            topology.run.window = recording.window();
        }
        self.replication(topology, seed, self.recording.clone())
    }

    /// The start of a pilot run: nothing is left out of it, and its windows have that width.
    pub(super) fn pilot(&self, seed: u64, window: Duration) -> World {
        let mut topology = self.topology.clone();
        topology.run.warm_up = SimTime::ZERO;
        topology.run.window = window;
        World::new(topology, seed)
    }

    fn replication(&self, topology: Topology, seed: u64, recording: Option<Arc<Recording>>) -> Replication {
        let world = World::new(topology, seed);
        Replication { scenario: self.name.clone(), kept: self.kept.clone(), seed, recording, world }
    }

    /// Runs a replication from beginning to end.
    pub fn run(&self, seed: u64) -> Vec<f64> {
        self.start(seed).run()
    }
}

/// One run of a [`Model`], which may be done in slices.
#[derive(Clone, Debug)]
pub struct Replication {
    scenario: String,
    kept: Option<Arc<[usize]>>,
    seed: u64,
    recording: Option<Arc<Recording>>,
    world: World,
}

impl Replication {
    /// Handles at most so many events; says whether the run has come to its end.
    pub fn advance(&mut self, events: u64) -> bool {
        self.world.advance(self.world.topology().run.duration, events);
        self.world.is_over()
    }

    /// Runs it to its end, and gives its [`Replication::values`].
    pub fn run(mut self) -> Vec<f64> {
        while !self.advance(u64::MAX) {}
        self.values()
    }

    /// The system as it is.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Simulated time that has passed, in seconds.
    pub fn now(&self) -> f64 {
        self.world.now().as_seconds()
    }

    /// Events handled so far.
    pub fn events(&self) -> u64 {
        self.world.handled()
    }

    /// The report so far.
    pub fn report(&self) -> Report {
        Report::new(&self.scenario, self.seed, &self.world)
    }

    /// The figures so far, in the order of [`Model::names`]. One that does not exist is NaN.
    pub fn figures(&self) -> Vec<f64> {
        let mut report = self.report();
        if self.recording.is_some() {
            // The ends of windows are events, but none of the system's.
            report.events -= self.world.recorder().windows() as u64;
        }
        let all = figures::values(&report);
        match &self.kept {
            None => all,
            Some(kept) => kept.iter().map(|&position| all[position]).collect(),
        }
    }

    /// The figures so far and, behind them, the windows of the recorded series, one series after the other.
    pub fn values(&self) -> Vec<f64> {
        let mut values = self.figures();
        values.extend(self.recording.iter().flat_map(|recording| recording.values(&self.world)));
        values
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;
    use crate::simulation::Simulation;

    const COURSEWORK: &str = include_str!("../../www/scenarios/coursework.json");

    /// The numbers of a JSON value by dotted name; what is null is not a number.
    fn flatten(value: &Value, path: &str, figures: &mut BTreeMap<String, f64>) {
        match value {
            Value::Object(fields) => {
                for (key, field) in fields {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    flatten(field, &path, figures);
                }
            }
            Value::Number(number) => _ = figures.insert(path.to_owned(), number.as_f64().unwrap()),
            Value::Null => _ = figures.insert(path.to_owned(), f64::NAN),
            _ => {}
        }
    }

    #[test]
    fn figures_are_those_of_the_report() {
        let config = Config::from_json(COURSEWORK).unwrap();
        let mut simulation = Simulation::new(Config { seed: 5, window: config.duration, ..config.clone() }).unwrap();
        simulation.advance_to(f64::INFINITY);
        let mut expected = BTreeMap::new();
        flatten(&serde_json::to_value(simulation.report()).unwrap(), "", &mut expected);
        expected.remove("seed");
        // The end of a window is an event, too.
        *expected.get_mut("events").unwrap() -= 1.0;
        let model = Model::new(&config).unwrap();
        let figures = model.names().iter().cloned().zip(model.run(5));
        // Causes that did not occur are no part of the report.
        let figures = figures.filter(|(name, _)| expected.contains_key(name) || !name.contains(".failures."));
        let figures: BTreeMap<String, f64> = figures.collect();
        assert!(figures.keys().eq(expected.keys()), "the names differ");
        // (Text, because what does not exist is not equal to itself.)
        let wrong = figures.iter().filter(|(name, value)| value.to_string() != expected[*name].to_string());
        assert_eq!(wrong.count(), 0);
        assert!(figures.len() > 1_000 && figures["requests.failures.database_down"] > 0.0, "{}", figures.len());
    }

    #[test]
    fn slices_make_no_difference() {
        let model = Model::new(&Config::from_json(COURSEWORK).unwrap()).unwrap();
        let mut replication = model.start(3);
        while !replication.advance(100) {}
        assert_eq!(format!("{:?}", replication.figures()), format!("{:?}", model.run(3)));
    }

    #[test]
    fn recording_changes_no_figure() {
        let model = Model::new(&Config::from_json(COURSEWORK).unwrap()).unwrap();
        let names = ["requests.rps", "requests.in_flight"].map(str::to_owned);
        let recorded = model.clone().record(&names, model.duration() / 50.0).unwrap().start_recording(3).run();
        let figures = model.run(3);
        assert_eq!(recorded.len(), figures.len() + 100);
        assert_eq!(format!("{:?}", &recorded[..figures.len()]), format!("{figures:?}"));
        // All requests that ended are in the windows.
        let total = figures[model.names().iter().position(|name| name == "requests.total").unwrap()];
        let rps: f64 = recorded[figures.len()..][..50].iter().sum();
        assert!((rps * model.duration() / 50.0 - total).abs() < 1e-6 * total, "{rps} {total}");
    }

    #[test]
    fn seeds_are_pinned() {
        // Experiments must be repeatable by later versions.
        assert_eq!(
            [seed_of(1, 0), seed_of(1, 1), seed_of(2, 0)],
            [6_864_362_412_717_438, 4_405_062_963_303_805, 8_888_878_202_297_198]
        );
    }
}
