//! How many there are, over time.

use super::time_weighted::TimeWeighted;
use crate::engine::time::SimTime;

/// A number of members that seldom changes. Its mean is exact as long as it has never changed.
#[derive(Clone, Copy, Debug)]
pub struct Headcount {
    first: f64,
    /// How many more there are than at first, over time.
    more: TimeWeighted,
}

impl Headcount {
    /// So many from time 0 on.
    pub fn new(members: usize) -> Self {
        Self { first: members as f64, more: TimeWeighted::default() }
    }

    /// So many from now on.
    pub fn set(&mut self, now: SimTime, members: usize) {
        self.more.set(now, members as f64 - self.first);
    }

    /// Mean number since the start.
    pub fn mean(&self, now: SimTime) -> f64 {
        self.first + self.more.mean(now)
    }

    /// Starts anew with the number as it is.
    pub fn restart(&mut self, now: SimTime) {
        self.more.restart(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_over_time() {
        let mut members = Headcount::new(3);
        assert_eq!(members.mean(SimTime::from_seconds(0.3)), 3.0);
        members.set(SimTime::from_seconds(1.0), 1);
        assert_eq!(members.mean(SimTime::from_seconds(2.0)), 2.0);
        members.restart(SimTime::from_seconds(2.0));
        assert_eq!(members.mean(SimTime::from_seconds(4.0)), 1.0);
    }
}
