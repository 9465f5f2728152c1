//! The calls that a circuit breaker looks back on.

use crate::{engine::time::SimTime, model::topology::BreakerWindow};

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// What is known of some calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many have ended.
    pub calls: u32,
    /// Those that failed.
    pub failed: u32,
    /// Those that took too long, whether they failed or not.
    pub slow: u32,
}

impl Counts {
    /// A single call.
    pub fn of(is_failed: bool, is_slow: bool) -> Self {
        Self { calls: 1, failed: is_failed.into(), slow: is_slow.into() }
    }

    /// These and others.
    pub fn add(&mut self, others: Self) {
        self.calls += others.calls;
        self.failed += others.failed;
        self.slow += others.slow;
    }

    fn remove(&mut self, others: Self) {
        self.calls -= others.calls;
        self.failed -= others.failed;
        self.slow -= others.slow;
    }

    /// Whether at least that share of them failed, or that share of them was slow.
    pub fn reach(&self, failure_share: f64, slow_share: f64) -> bool {
        let share = |part: u32| f64::from(part) / f64::from(self.calls.max(1));
        share(self.failed) >= failure_share || share(self.slow) >= slow_share
    }
}

/// A sliding window over calls, as in Resilience4j's documentation of its CircuitBreaker: the latest calls, or the calls
/// of the latest seconds. Sums are kept up to date, so that neither is ever walked through to be read.
#[derive(Clone, Debug)]
pub struct CallWindow {
    sums: Counts,
    entries: Entries,
}

#[derive(Clone, Debug)]
enum Entries {
    /// A bit for each of the latest calls, in a ring of 64 calls a word.
    Calls { failed: Vec<u64>, slow: Vec<u64>, size: u32, next: u32 },
    /// Sums of each of the latest seconds; the second `s` stands at `s` modulo their number.
    Seconds { sums: Vec<Counts>, latest: u64 },
}

impl CallWindow {
    /// A window that has seen nothing.
    pub fn new(window: BreakerWindow) -> Self {
        let entries = match window {
            BreakerWindow::Calls(size) => {
                let bits = vec![0; size.max(1).div_ceil(64) as usize];
                Entries::Calls { failed: bits.clone(), slow: bits, size: size.max(1), next: 0 }
            }
            BreakerWindow::Seconds(seconds) => {
                Entries::Seconds { sums: vec![Counts::default(); seconds.max(1) as usize], latest: 0 }
            }
        };
        Self { sums: Counts::default(), entries }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.sums = Counts::default();
        match &mut self.entries {
            Entries::Calls { failed, slow, next, .. } => {
                failed.fill(0);
                slow.fill(0);
                *next = 0;
            }
            Entries::Seconds { sums, .. } => sums.fill(Counts::default()),
        }
    }

    /// A call has ended just now. Returns the sums over the window with it.
    pub fn add(&mut self, now: SimTime, is_failed: bool, is_slow: bool) -> Counts {
        let call = Counts::of(is_failed, is_slow);
        match &mut self.entries {
            Entries::Calls { failed, slow, size, next } => {
                let was = Counts::of(swap_bit(failed, *next, is_failed), swap_bit(slow, *next, is_slow));
                if self.sums.calls == *size {
                    self.sums.remove(was);
                }
                *next = (*next + 1) % *size;
            }
            Entries::Seconds { sums, latest } => {
                let second = now.as_nanos() / NANOS_PER_SECOND;
                forget_until(sums, &mut self.sums, latest, second);
                let place = second % sums.len() as u64;
                sums[place as usize].add(call);
            }
        }
        self.sums.add(call);
        self.sums
    }
}

/// Writes a bit; returns what it was.
fn swap_bit(words: &mut [u64], position: u32, is_set: bool) -> bool {
    let (word, bit) = (&mut words[position as usize / 64], position % 64);
    let was = *word >> bit & 1 == 1;
    *word = *word & !(1 << bit) | u64::from(is_set) << bit;
    was
}

/// Empties the places of the seconds that have begun since the latest one.
fn forget_until(sums: &mut [Counts], all: &mut Counts, latest: &mut u64, second: u64) {
    let size = sums.len() as u64;
    let begun = second.saturating_sub(*latest).min(size);
    for place in (second + 1 - begun)..=second {
        all.remove(std::mem::take(&mut sums[(place % size) as usize]));
    }
    *latest = second;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> SimTime {
        SimTime::from_seconds(seconds)
    }

    #[test]
    fn the_latest_calls_count() {
        // More than a word, and no multiple of one.
        let mut window = CallWindow::new(BreakerWindow::Calls(70));
        let calls: Vec<(bool, bool)> = (0..1000).map(|i| (i * i % 7 < 3, i * i % 11 < 4)).collect();
        for (i, &(is_failed, is_slow)) in calls.iter().enumerate() {
            let sums = window.add(SimTime::ZERO, is_failed, is_slow);
            let seen = &calls[(i + 1).saturating_sub(70)..=i];
            let mut expected = Counts::default();
            seen.iter().for_each(|&(is_failed, is_slow)| expected.add(Counts::of(is_failed, is_slow)));
            assert_eq!(sums, expected, "call {i}");
        }
        window.clear();
        assert_eq!(window.add(SimTime::ZERO, false, true), Counts::of(false, true));
    }

    #[test]
    fn the_calls_of_the_latest_seconds_count() {
        let mut window = CallWindow::new(BreakerWindow::Seconds(10));
        let calls: Vec<f64> = (0..500).map(|i| f64::from(i) * f64::from(i % 13) * 0.01 + f64::from(i)).collect();
        let mut calls: Vec<SimTime> = calls.into_iter().map(at).collect();
        calls.sort();
        for (i, &now) in calls.iter().enumerate() {
            let second = now.as_nanos() / NANOS_PER_SECOND;
            let sums = window.add(now, i % 3 == 0, i % 5 == 0);
            let seen = (0..=i).filter(|&j| calls[j].as_nanos() / NANOS_PER_SECOND + 10 > second);
            let mut expected = Counts::default();
            seen.for_each(|j| expected.add(Counts::of(j % 3 == 0, j % 5 == 0)));
            assert_eq!(sums, expected, "call {i} at {second}");
        }
        window.clear();
        assert_eq!(window.add(at(5000.0), true, false), Counts::of(true, false));
    }

    #[test]
    fn shares_are_reached_exactly() {
        let counts = Counts { calls: 100, failed: 7, slow: 29 };
        assert!(counts.reach(0.07, 1.0) && counts.reach(1.0, 0.29) && !counts.reach(0.08, 0.3));
    }
}
