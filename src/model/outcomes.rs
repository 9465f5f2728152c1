//! Counts of successes and of failures by cause, and where the time of successes went.

use super::{
    cause::{CAUSES, Cause},
    visit::{PHASES, Phase},
};
use crate::{
    engine::time::Duration,
    stats::{nano_sum::NanoSum, tally::Tally},
};

/// What became of requests or visits.
#[derive(Clone, Debug)]
pub struct Outcomes {
    failures: [u64; CAUSES],
    /// Of those that succeeded: how long they took.
    pub latency: Tally,
    /// Of requests of users that failed: how long it took until their users knew.
    in_vain: Option<Tally>,
}

impl Outcomes {
    /// Nothing yet; percentiles will be good to so many digits.
    pub fn new(digits: u8) -> Self {
        Self { failures: [0; CAUSES], latency: Tally::new(digits), in_vain: None }
    }

    /// Nothing yet, of requests whose failures take their users' time.
    pub fn of_users() -> Self {
        Self { in_vain: Some(Tally::new(3)), ..Self::new(3) }
    }

    /// One succeeded after so long, or failed.
    #[inline]
    pub fn add(&mut self, failure: Option<Cause>, latency: Duration) {
        match failure {
            None => self.latency.add(latency),
            Some(cause) => {
                self.failures[cause as usize] += 1;
                if let Some(in_vain) = &mut self.in_vain {
                    in_vain.add(latency);
                }
            }
        }
    }

    /// How long it took until users knew what came of it: an answer, an error, or that they gave up. What is under way does
    /// not count yet.
    pub fn response(&self) -> Tally {
        let answered = self.latency.clone();
        match &self.in_vain {
            Some(in_vain) => answered.and(in_vain),
            None => answered,
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

    /// What it has allocated, in bytes.
    pub fn heap_bytes(&self) -> usize {
        self.latency.heap_bytes() + self.in_vain.as_ref().map_or(0, Tally::heap_bytes)
    }

    /// Starts the counts anew.
    pub fn restart(&mut self) {
        self.failures = [0; CAUSES];
        self.latency.restart();
        self.in_vain.iter_mut().for_each(Tally::restart);
    }
}

/// Where the time of what succeeded went: a sum of spans for each phase.
#[derive(Clone, Debug, Default)]
pub struct Spent {
    sums: [NanoSum; PHASES],
}

impl Spent {
    /// So much in one phase.
    pub(super) fn of(phase: Phase, sum: NanoSum) -> Self {
        let mut spent = Self::default();
        spent.sums[phase as usize] = sum;
        spent
    }

    /// Adds the spans of something that succeeded, in the order of the phases.
    #[inline]
    pub fn book(&mut self, spans: &[Duration; PHASES]) {
        for (sum, span) in self.sums.iter_mut().zip(spans) {
            sum.add(*span);
        }
    }

    /// Both together.
    pub fn and(mut self, other: &Self) -> Self {
        for (sum, other) in self.sums.iter_mut().zip(&other.sums) {
            sum.add_all(other);
        }
        self
    }

    /// The time spent in a phase by all together, in seconds.
    pub fn seconds(&self, phase: Phase) -> f64 {
        self.sums[phase as usize].as_seconds()
    }

    /// The mean time in each phase, in seconds, of so many; 0 if there were none. In the order of the phases.
    pub fn means(&self, count: u64) -> impl Iterator<Item = (&'static str, f64)> {
        Phase::ALL.iter().map(move |&phase| (phase.name(), self.seconds(phase) / count.max(1) as f64))
    }
}
