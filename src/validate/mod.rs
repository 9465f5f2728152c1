//! The simulator against results of queueing and reliability theory.
//!
//! Each row is a system whose behaviour is known from a formula. It is run in independent replications with the warm-up
//! removed; the theoretical value must lie in the 99 % confidence interval, and the interval must be narrow enough to
//! mean something. The same rows are native tests, the command `validate`, and a view of the page.
//!
//! There are some 160 claims, and of a hundred intervals one misses its value by chance. So a claim that misses is
//! looked at again: by twice as many further replications, independent of the first, which alone then count. Chance
//! fails a correct simulator in one of 10 000 claims so, a hundredth of the runs of all rows, whatever the seed; a
//! mistake that shows in the first replications shows even better in the further ones. What lies so far off that
//! chance would do it once in 100 000 times fails at once.

pub mod broken;
mod row;
mod rows;
pub mod theory;

pub use row::{Claim, Finding, LEVEL, MORE, Missed, REPLICATIONS, Row, Verdict};
pub use rows::rows;

use crate::{
    config::{ConfigErrors, schema::Config},
    experiment::{Model, Replication, seed_of},
    model::world::World,
    report::Report,
};

/// The seed if nobody asks for another. It is no better than others: see the test of many seeds.
pub const SEED: u64 = 1;

/// The check of one row, which may be done in slices.
#[derive(Clone, Debug)]
pub struct Check {
    row: Row,
    model: Model,
    seed: u64,
    /// The replication under way, and the integral over time of what was watched in it.
    running: Option<(Replication, f64)>,
    /// For each claim, the values of the finished replications.
    values: Vec<Vec<f64>>,
    /// Replications that are finished.
    finished: u64,
    /// Replications in all.
    total: u64,
}

impl Check {
    /// The check of a row.
    ///
    /// # Errors
    /// If its configuration is bad, which it is not.
    pub fn new(row: Row, seed: u64) -> Result<Self, ConfigErrors> {
        let config = Config::from_json(&row.config)?;
        Self::of_system(row, config, seed)
    }

    /// The check of a row's claims on another system.
    ///
    /// # Errors
    /// If the configuration is bad.
    pub fn of_system(row: Row, mut config: Config, seed: u64) -> Result<Self, ConfigErrors> {
        config.warm_up.0 = row.warm_up;
        config.duration.0 = row.warm_up + row.seconds;
        let model = Model::new(&config)?;
        let values = vec![Vec::new(); row.claims.len()];
        Ok(Self { row, model, seed, running: None, values, finished: 0, total: REPLICATIONS })
    }

    /// Handles at most so many events; says whether the check is finished.
    pub fn advance(&mut self, events: u64) -> bool {
        if self.finished == self.total {
            return true;
        }
        let (mut replication, mut seen) =
            self.running.take().unwrap_or_else(|| (self.model.start(seed_of(self.seed, self.finished)), 0.0));
        let is_over = match self.row.watch {
            None => replication.advance(events),
            Some(watch) => watched(&mut replication, events, self.row.warm_up, watch, &mut seen),
        };
        if !is_over {
            self.running = Some((replication, seen));
            return false;
        }
        self.finish(&replication.report(), seen / self.row.seconds);
        self.finished == self.total
    }

    /// Takes note of a finished replication, and goes on if the first ones leave a claim open.
    fn finish(&mut self, report: &Report, seen: f64) {
        let measured = self.row.claims.iter().map(|claim| (claim.measure)(report, seen));
        self.values.iter_mut().zip(measured).for_each(|(values, value)| values.push(value));
        self.finished += 1;
        let mut claims = self.row.claims.iter().zip(&self.values);
        if self.finished == REPLICATIONS && claims.any(|(claim, values)| claim.is_open(values)) {
            self.total = REPLICATIONS + MORE;
        }
    }

    /// Whether a claim missed in the first replications, and further ones are being run.
    pub fn is_second_look(&self) -> bool {
        self.total > REPLICATIONS
    }

    /// The row.
    pub fn row(&self) -> &Row {
        &self.row
    }

    /// The share that is done, 0 to 1. It falls back when a second look begins.
    pub fn progress(&self) -> f64 {
        let running = self.running.as_ref().map_or(0.0, |(replication, _)| replication.now() / self.model.duration());
        (self.finished as f64 + running) / self.total as f64
    }

    /// What the finished replications say, claim by claim. Before the end the intervals are wider.
    pub fn findings(&self) -> Vec<Finding> {
        self.row.claims.iter().zip(&self.values).map(|(claim, values)| claim.check(values)).collect()
    }

    /// Runs the check to its end.
    pub fn run(mut self) -> Vec<Finding> {
        while !self.advance(u64::MAX) {}
        self.findings()
    }
}

/// Handles at most so many events one by one, and adds up what is watched after the warm-up, times the seconds for which
/// it lasted; says whether the run is over.
fn watched(
    replication: &mut Replication,
    events: u64,
    warm_up: f64,
    watch: fn(&World) -> f64,
    integral: &mut f64,
) -> bool {
    for _ in 0..events {
        let (value, since) = (watch(replication.world()), replication.now());
        let is_over = replication.advance(1);
        *integral += value * (replication.now() - since.max(warm_up)).max(0.0);
        if is_over {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_slices_make_no_difference() {
        let all = rows();
        for (i, row) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|other| other.id != row.id), "{}", row.id);
            assert!(!row.claims.is_empty(), "{}", row.id);
        }
        for id in ["k-of-n", "retries"] {
            let mut row = all.iter().find(|row| row.id == id).expect("there is one").clone();
            row.seconds /= 20.0;
            let whole = Check::new(row.clone(), 7).expect("it is valid").run();
            let mut check = Check::new(row, 7).expect("it is valid");
            let (mut last, mut is_second) = (0.0, false);
            while !check.advance(977) {
                assert!(check.progress() >= last || (check.is_second_look() && !is_second));
                (last, is_second) = (check.progress(), check.is_second_look());
            }
            assert_eq!(check.findings(), whole);
        }
    }
}
