//! Counts of successes and of failures by cause.

use super::request::{CAUSES, Cause};
use crate::{engine::time::Duration, stats::tally::Tally};

/// What became of requests or visits.
#[derive(Clone, Debug)]
pub struct Outcomes {
    failures: [u64; CAUSES],
    /// Of those that succeeded: how long they took.
    pub latency: Tally,
}

impl Outcomes {
    /// Nothing yet; percentiles will be good to so many digits.
    pub fn new(digits: u8) -> Self {
        Self { failures: [0; CAUSES], latency: Tally::new(digits) }
    }

    /// One succeeded after so long, or failed.
    #[inline]
    pub fn add(&mut self, failure: Option<Cause>, latency: Duration) {
        match failure {
            None => self.latency.add(latency),
            Some(cause) => self.failures[cause as usize] += 1,
        }
    }

    /// How many succeeded.
    pub fn succeeded(&self) -> u64 {
        self.latency.count()
    }

    /// How many failed.
    pub fn failed(&self) -> u64 {
        self.failures.iter().sum()
    }

    /// How many failed for that cause.
    pub fn failed_for(&self, cause: Cause) -> u64 {
        self.failures[cause as usize]
    }

    /// How many there were.
    pub fn total(&self) -> u64 {
        self.succeeded() + self.failed()
    }

    /// Starts the counts anew.
    pub fn restart(&mut self) {
        self.failures = [0; CAUSES];
        self.latency.restart();
    }
}
