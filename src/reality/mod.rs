//! The simulator against what real products did.
//!
//! Each row is a system that somebody has measured: a product, how it was set and loaded, and what it did. The same system is
//! run here in many replications, and what was measured must lie in their spread or near their mean. What does not hold is
//! shown as well, with the reason. The same rows are native tests, the command `validate --reality`, and a view of the page.

mod claim;
pub mod json;
mod row;
mod rows;
mod run;

pub use claim::{Claim, Finding, Unit, Verdict};
pub use row::{REPLICATIONS, Reason, Row};
pub use rows::rows;
pub use run::Run;

use run::Running;

use crate::{
    config::{ConfigErrors, schema::Config},
    experiment::seed_of,
};

/// The seed if nobody asks for another.
pub const SEED: u64 = 1;

/// The check of one row, which may be done in slices.
#[derive(Clone, Debug)]
pub struct Check {
    row: Row,
    config: Config,
    seed: u64,
    /// The replication under way.
    running: Option<Running>,
    /// For each claim, the figures of the finished replications.
    values: Vec<Vec<f64>>,
    /// Replications that are finished.
    finished: u64,
}

impl Check {
    /// The check of a row.
    ///
    /// # Errors
    /// If its configuration is bad, which it is not.
    pub fn new(row: Row, seed: u64) -> Result<Self, ConfigErrors> {
        let config = row.config()?;
        let values = vec![Vec::new(); row.claims.len()];
        Ok(Self { row, config, seed, running: None, values, finished: 0 })
    }

    /// Handles at most so many events; says whether the check is finished.
    ///
    /// # Errors
    /// If its configuration is bad, which it is not.
    pub fn advance(&mut self, events: u64) -> Result<bool, ConfigErrors> {
        if self.finished == self.row.replications {
            return Ok(true);
        }
        let mut running = match self.running.take() {
            Some(running) => running,
            None => {
                let later = self.row.later(self.finished);
                Running::new(&self.config, seed_of(self.seed, self.finished), later, &self.row)?
            }
        };
        if !running.advance(events) {
            self.running = Some(running);
            return Ok(false);
        }
        let run = running.finish();
        let figures = self.row.claims.iter().map(|claim| claim.figure(&run));
        self.values.iter_mut().zip(figures).for_each(|(values, figure)| values.push(figure));
        self.finished += 1;
        Ok(self.finished == self.row.replications)
    }

    /// The row.
    pub fn row(&self) -> &Row {
        &self.row
    }

    /// The share that is done, 0 to 1.
    pub fn progress(&self) -> f64 {
        let running = self.running.as_ref().map_or(0.0, Running::progress);
        (self.finished as f64 + running) / self.row.replications as f64
    }

    /// What the finished replications say, claim by claim.
    pub fn findings(&self) -> Vec<Finding> {
        self.row.claims.iter().zip(&self.values).map(|(claim, values)| claim.check(values)).collect()
    }

    /// Runs the check to its end.
    ///
    /// # Errors
    /// If its configuration is bad, which it is not.
    pub fn run(mut self) -> Result<Vec<Finding>, ConfigErrors> {
        while !self.advance(u64::MAX)? {}
        Ok(self.findings())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_row_can_be_run() {
        let all = rows();
        for (i, row) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|other| other.id != row.id), "{}", row.id);
            assert!(!row.claims.is_empty() && !row.how.is_empty(), "{}", row.id);
            if let Err(errors) = Check::new(row.clone(), SEED) {
                panic!("{}: {errors}", row.id);
            }
        }
    }

    #[test]
    fn slices_make_no_difference() {
        for id in ["nginx-hash", "redis-restart-none"] {
            let mut row = rows().into_iter().find(|row| row.id == id).expect("there is one");
            row.replications = row.replications.min(3);
            let whole = Check::new(row.clone(), 7).expect("it is valid").run().expect("it is valid");
            let mut check = Check::new(row, 7).expect("it is valid");
            let mut last = 0.0;
            while !check.advance(97).expect("it is valid") {
                assert!(check.progress() >= last && check.progress() <= 1.0);
                last = check.progress();
            }
            assert!(last > 0.5);
            assert_eq!(format!("{:?}", check.findings()), format!("{whole:?}"));
        }
    }
}
