//! What a balancer takes a peer to cost by the times of its answers: Finagle's peak EWMA, which Linkerd has from there.

use crate::engine::time::{Duration, SimTime};

/// The cost of a peer that is at work and has never answered: more than any that has.
const UNKNOWN: f64 = f64::MAX / 2.0;

/// A moving average of the times of answers that jumps to each peak at once and forgets it exponentially.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PeakEwma {
    /// In seconds.
    average: f64,
    at: SimTime,
}

impl PeakEwma {
    /// An answer took so long; after a time of `decay` without one, a peak is forgotten but for a part of 1/e.
    pub fn answered(&mut self, took: Duration, now: SimTime, decay: Duration) {
        let took = took.as_seconds();
        let kept = self.kept(now, decay);
        self.average = if took > self.average { took } else { self.average * kept + took * (1.0 - kept) };
        self.at = now;
    }

    /// What one more request costs a peer that has so many in progress. Who has not answered yet gets one at a time.
    pub fn cost(&self, active: u32, now: SimTime, decay: Duration) -> f64 {
        let average = self.average * self.kept(now, decay);
        match active {
            1.. if average == 0.0 => UNKNOWN + f64::from(active),
            _ => average * (f64::from(active) + 1.0),
        }
    }

    /// The part of the average that is left now.
    fn kept(&self, now: SimTime, decay: Duration) -> f64 {
        libm::exp(-now.since(self.at).as_seconds() / decay.as_seconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECAY: Duration = Duration::from_nanos(10_000_000_000);

    fn at(seconds: f64) -> SimTime {
        SimTime::from_seconds(seconds)
    }

    #[test]
    fn it_jumps_to_a_peak_and_forgets_it_exponentially() {
        let mut peer = PeakEwma::default();
        peer.answered(Duration::from_seconds(0.1), at(1.0), DECAY);
        assert!((peer.cost(0, at(1.0), DECAY) - 0.1).abs() < 1e-12);
        peer.answered(Duration::from_seconds(2.0), at(1.0), DECAY);
        assert!((peer.cost(0, at(1.0), DECAY) - 2.0).abs() < 1e-12, "at once");
        assert!((peer.cost(2, at(11.0), DECAY) - 3.0 * 2.0 * libm::exp(-1.0)).abs() < 1e-12);
        peer.answered(Duration::from_seconds(0.1), at(11.0), DECAY);
        let kept = libm::exp(-1.0);
        assert!((peer.cost(0, at(11.0), DECAY) - (2.0 * kept + 0.1 * (1.0 - kept))).abs() < 1e-12);
    }

    #[test]
    fn who_has_not_answered_yet_is_asked_once() {
        let peer = PeakEwma::default();
        assert_eq!(peer.cost(0, at(1.0), DECAY), 0.0);
        assert!(peer.cost(1, at(1.0), DECAY) > 1e300);
    }
}
