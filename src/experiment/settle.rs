//! How long a system takes to settle, from pilot runs.

use super::{
    model::{Model, seed_of},
    sample::Summary,
    warm_up::{Truncation, mser5},
};
use crate::{engine::time::Duration, model::world::World, simulation::Catalogue};

/// Pilot runs, whose series are averaged: chance evens out, the way into the steady state does not.
pub const PILOTS: u64 = 10;
/// A system has not settled if its last quarter differs from the one before with this certainty ...
const CERTAINTY: f64 = 0.999;
/// ... and by so much, as a share of the level there.
const CHANGE: f64 = 0.05;
/// Windows of a pilot run.
const WINDOWS: f64 = 500.0;
/// The series that is looked at. Requests in flight are there in every system and react to everything in it.
const SERIES: &str = "requests.in_flight";

/// The warm-up of an experiment: the longest of its configurations'.
///
/// One for all, because their figures are to be compared: a count (requests, lost writes) is comparable over the same
/// time only, and under common random numbers so is the rest. What is longer than a configuration needs costs it data,
/// and makes nothing wrong; what is shorter would.
#[derive(Clone, Debug, PartialEq)]
pub struct WarmUp {
    /// In seconds.
    pub seconds: f64,
    /// Which of the configurations do not settle within the run, as an overloaded one does not: their figures depend on
    /// how long is simulated.
    pub unsettled: Vec<usize>,
}

/// No configuration settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the system does not settle within the run (the number of requests in flight still changes in its second half): \
         simulate for longer, or say how long the warm-up is"
)]
pub struct NotSettled;

impl WarmUp {
    /// From what each configuration needs: see [`Pilots`].
    ///
    /// # Errors
    /// If none settles.
    pub fn of(found: &[Option<f64>]) -> Result<Self, NotSettled> {
        let unsettled: Vec<usize> = (0..found.len()).filter(|at| found[*at].is_none()).collect();
        let seconds = found.iter().flatten().copied().reduce(f64::max).ok_or(NotSettled)?;
        Ok(Self { seconds, unsettled })
    }
}

/// The pilot runs of a configuration, one after the other, done in slices.
#[derive(Clone, Debug)]
pub struct Pilots {
    model: Model,
    seed: u64,
    /// Width of the windows, in seconds.
    width: f64,
    /// How many are over.
    over: u64,
    /// The one under way.
    world: Option<World>,
    /// Sums of the windows of those that are over.
    sums: Vec<f64>,
    quarters: Vec<[f64; 2]>,
}

impl Pilots {
    /// None of them has begun. What the configuration itself says of a warm-up does not matter.
    pub fn new(model: &Model, seed: u64) -> Self {
        let width = (model.duration() / WINDOWS).max(1e-3);
        Self { model: model.clone(), seed, width, over: 0, world: None, sums: Vec::new(), quarters: Vec::new() }
    }

    /// Handles at most so many events; says whether all runs are over.
    pub fn advance(&mut self, events: u64) -> bool {
        if self.over >= PILOTS {
            return true;
        }
        let mut world = self.world.take().unwrap_or_else(|| {
            // Other random numbers than those of the experiment.
            let seed = seed_of(seed_of(self.seed, u64::MAX), self.over);
            self.model.pilot(seed, Duration::from_seconds(self.width))
        });
        world.advance(world.topology().run.duration, events);
        if world.is_over() {
            self.take_note(&world);
            self.over += 1;
        } else {
            self.world = Some(world);
        }
        self.over >= PILOTS
    }

    fn take_note(&mut self, world: &World) {
        let Some(series) = Catalogue::new(world).series(world, SERIES) else { return };
        self.sums.resize(series.values.len(), 0.0);
        self.sums.iter_mut().zip(&series.values).for_each(|(sum, value)| *sum += value);
        self.quarters.push(last_quarters(&series.values));
    }

    /// The warm-up that a run needs, in seconds, found by MSER-5; `None` if the system does not settle.
    pub fn warm_up(&self) -> Option<f64> {
        match mser5(&self.sums) {
            Truncation::TooShort => Some(0.0),
            Truncation::Drop(_) if is_moving(&self.quarters) => None,
            Truncation::Drop(windows) => Some(windows as f64 * self.width),
        }
    }
}

impl Model {
    /// The warm-up that a run needs, in seconds, from pilot runs; `None` if the system does not settle.
    pub fn settle(&self, seed: u64) -> Option<f64> {
        let mut pilots = Pilots::new(self, seed);
        while !pilots.advance(u64::MAX) {}
        pilots.warm_up()
    }
}

/// Means of the last but one and of the last quarter of a series.
fn last_quarters(values: &[f64]) -> [f64; 2] {
    let quarter = values.len() / 4;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    [mean(&values[values.len() - 2 * quarter..][..quarter]), mean(&values[values.len() - quarter..])]
}

/// Whether the level still changes from the last but one quarter of the pilot runs to the last one.
fn is_moving(quarters: &[[f64; 2]]) -> bool {
    let change = Summary::of(quarters.iter().map(|[before, after]| after - before));
    let level = Summary::of(quarters.iter().map(|[_, after]| *after)).mean.unwrap_or(0.0);
    let (Some(mean), Some(half_width)) = (change.mean, change.half_width(CERTAINTY)) else { return false };
    mean.abs() > half_width && mean.abs() > CHANGE * level
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::schema::Config;

    fn queue(rate: f64) -> Model {
        let text = r#"{ "duration": 2000,
            "users": { "all": { "arrivals": { "poisson": { "rate": 9 } }, "targets": { "Shop": 1 } } },
            "services": { "Shop": { "service_time": { "exponential": { "mean": 0.1 } }, "workers": 1 } } }"#;
        Model::new(&Config::from_json(&text.replace("9", &rate.to_string())).unwrap()).unwrap()
    }

    #[test]
    fn a_queue_fills_before_it_is_steady() {
        let warm_up = queue(9.0).settle(1).unwrap();
        assert!((0.0..=1000.0).contains(&warm_up), "{warm_up}");
    }

    #[test]
    fn slices_make_no_difference() {
        let model = queue(9.0);
        let (mut pilots, mut slices) = (Pilots::new(&model, 1), 1);
        while !pilots.advance(1_000) {
            slices += 1;
        }
        assert!(slices > 100, "{slices} slices");
        assert_eq!(pilots.warm_up(), model.settle(1));
    }

    #[test]
    fn an_overloaded_queue_never_settles() {
        assert_eq!(queue(20.0).settle(1), None);
    }

    /// Systems that settle at once are not called unsettled by chance, nor others steady.
    #[test]
    fn chance_does_not_unsettle() {
        let unsettled = |rate: f64| (0..30).filter(|seed| queue(rate).settle(*seed).is_none()).count();
        assert_eq!([3.0, 6.0, 8.0].map(unsettled), [0, 0, 0]);
        assert!(unsettled(10.5) > 25 && unsettled(12.0) == 30);
    }

    #[test]
    fn the_longest_counts_and_what_never_settles_is_named() {
        let found = WarmUp::of(&[Some(3.0), None, Some(7.0), None]).unwrap();
        assert_eq!(found, WarmUp { seconds: 7.0, unsettled: vec![1, 3] });
        assert_eq!(WarmUp::of(&[None, None]), Err(NotSettled));
    }
}
