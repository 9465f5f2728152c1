//! Pace: an instance that has just begun is slow, and now and then one stands still.

use super::topology::WarmUp;
use crate::{
    engine::{
        random::Stream,
        time::{Duration, SimTime},
    },
    stats::time_weighted::TimeWeighted,
};

/// An instance that warms up becomes faster in so many steps.
pub(super) const STEPS: u8 = 10;

/// How an instance warms up, and pauses.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Recognises steps of a warm-up that another one has followed.
    pub(super) warm_ups: u32,
    /// Recognises pauses that a crash, or a change of the configuration, has forestalled.
    pub(super) epoch: u32,
    /// Until when it stands still, while it does.
    pub(super) still_until: Option<SimTime>,
    pub(super) stream: Stream,
    /// How often it has stood still.
    pub pauses: u64,
    /// 1 while it stands still, over time.
    pub still: TimeWeighted,
}

impl Pace {
    /// An instance that is warm and goes on.
    pub fn new(seed: u64, name: &str) -> Self {
        Self {
            warm_ups: 0,
            epoch: 0,
            still_until: None,
            stream: Stream::new(seed, name, "pauses"),
            pauses: 0,
            still: TimeWeighted::default(),
        }
    }

    /// Whether it stands still.
    pub fn is_still(&self) -> bool {
        self.still_until.is_some()
    }

    /// How long it will stand still.
    pub(super) fn rest(&self, now: SimTime) -> Duration {
        self.still_until.map_or(Duration::ZERO, |until| until.since(now))
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.pauses = 0;
        self.still.restart(now);
    }
}

impl WarmUp {
    /// How many times as slow as usual an instance is that has so many steps behind it.
    pub(super) fn factor(&self, steps: u8) -> f64 {
        if steps >= STEPS {
            return 1.0;
        }
        let share = (f64::from(steps) + 0.5) / f64::from(STEPS);
        1.0 / (self.speed + (1.0 - self.speed) * share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warm_up_takes_the_mean_speed_of_each_step() {
        let warm_up = WarmUp { lasting: Duration::from_seconds(10.0), speed: 0.5 };
        let speeds = [0, 5, 9, 10].map(|steps| 1.0 / warm_up.factor(steps));
        assert!(speeds.iter().zip([0.525, 0.775, 0.975, 1.0]).all(|(a, b)| (a - b).abs() < 1e-12), "{speeds:?}");
    }
}
