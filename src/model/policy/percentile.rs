//! Percentiles of the latest times, roughly, in constant memory.

use crate::engine::time::Duration;

/// Bins of a doubling of time.
const BINS_PER_OCTAVE: u32 = 4;
const BINS: usize = 128;
/// Times below 2^10 ns (about a microsecond) share the first bin; those from 2^42 ns (73 minutes) on the last one.
const FIRST_OCTAVE: u32 = 10;
/// Times after which all that has been seen counts half.
const HALVED_EVERY: u32 = 1000;
/// Before so many times nothing can be said.
const SEEN_MIN: u32 = 100;
/// Weight of a single time, so that one can be halved sixteen times before it is forgotten.
const ONE: u32 = 1 << 16;

/// A histogram of the latest times on a logarithmic scale: four bins an octave, so that a percentile is right within a
/// quarter at the worst. Every thousand times all that is there counts half, so that it follows what changes.
#[derive(Clone, Debug)]
pub struct LatestTimes {
    bins: [u32; BINS],
    total: u32,
    /// Times since the bins were last halved.
    fresh: u32,
}

impl Default for LatestTimes {
    fn default() -> Self {
        Self { bins: [0; BINS], total: 0, fresh: 0 }
    }
}

impl LatestTimes {
    /// Something has taken so long.
    #[inline]
    pub fn add(&mut self, took: Duration) {
        self.bins[bin(took)] += ONE;
        self.total += ONE;
        self.fresh += 1;
        if self.fresh == HALVED_EVERY {
            self.halve();
        }
    }

    fn halve(&mut self) {
        self.bins.iter_mut().for_each(|bin| *bin /= 2);
        self.total = self.bins.iter().sum();
        self.fresh = 0;
    }

    /// The time that a share (0 to 1) of the latest times does not exceed, in between its bin's bounds as if times were
    /// spread evenly there; `None` before a hundred times have been seen.
    pub fn percentile(&self, share: f64) -> Option<Duration> {
        if self.total < SEEN_MIN * ONE {
            return None;
        }
        let mut left = share * f64::from(self.total);
        for (i, &weight) in self.bins.iter().enumerate() {
            let weight = f64::from(weight);
            if weight > 0.0 && left <= weight {
                let (low, high) = (lower_bound(i), lower_bound(i + 1));
                return Some(low + (high - low).scaled(left / weight));
            }
            left -= weight;
        }
        Some(lower_bound(BINS))
    }
}

/// The bin of a time: its octave, and the two bits after its first one.
fn bin(took: Duration) -> usize {
    let nanos = took.as_nanos().max(1 << FIRST_OCTAVE);
    let octave = nanos.ilog2();
    let quarter = (nanos >> (octave - 2)) as u32 & 3;
    (((octave - FIRST_OCTAVE) * BINS_PER_OCTAVE + quarter) as usize).min(BINS - 1)
}

/// Where a bin begins.
fn lower_bound(bin: usize) -> Duration {
    let bin = bin as u32;
    let (octave, quarter) = (FIRST_OCTAVE + bin / BINS_PER_OCTAVE, bin % BINS_PER_OCTAVE);
    Duration::from_nanos(u64::from(4 + quarter) << (octave - 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Stream;

    #[test]
    fn bins_follow_each_other_without_a_gap() {
        for i in 0..BINS {
            let (low, high) = (lower_bound(i), lower_bound(i + 1));
            assert_eq!((bin(low), bin(Duration::from_nanos(high.as_nanos() - 1))), (i, i));
        }
        assert_eq!((bin(Duration::ZERO), bin(Duration::from_nanos(u64::MAX))), (0, BINS - 1));
    }

    #[test]
    fn nothing_is_said_before_a_hundred_times() {
        let mut times = LatestTimes::default();
        (0..99).for_each(|_| times.add(Duration::from_seconds(0.1)));
        assert_eq!(times.percentile(0.5), None);
        times.add(Duration::from_seconds(0.1));
        assert!(times.percentile(0.5).is_some());
    }

    #[test]
    fn percentiles_of_exponential_times_are_about_right() {
        let (mut times, mut stream) = (LatestTimes::default(), Stream::new(1, "test", "times"));
        // Not right after a halving, when there is least to see.
        (0..20_900).for_each(|_| times.add(Duration::from_seconds(0.1 * stream.exponential())));
        for share in [0.5, 0.9, 0.95] {
            let (found, exact) = (times.percentile(share).expect("enough"), -0.1 * libm::log(1.0 - share));
            assert!((found.as_seconds() / exact - 1.0).abs() < 0.12, "{share}: {found:?}, {exact}");
        }
    }

    #[test]
    fn what_is_old_is_forgotten() {
        let mut times = LatestTimes::default();
        (0..100_000).for_each(|_| times.add(Duration::from_seconds(10.0)));
        (0..5_000).for_each(|_| times.add(Duration::from_seconds(0.1)));
        let median = times.percentile(0.9).expect("enough");
        assert!(median < Duration::from_seconds(0.13), "{median:?}");
        // What is rare is not.
        (0..10_000).for_each(|i| times.add(Duration::from_seconds(if i % 50 == 0 { 1.0 } else { 0.1 })));
        let rare = times.percentile(0.99).expect("enough");
        assert!(rare > Duration::from_seconds(0.9), "{rare:?}");
    }
}
