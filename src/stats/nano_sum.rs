//! A sum of spans of time that never overflows.

use crate::engine::time::Duration;

/// A sum of spans, exact however long a run is: in 64 bits a million requests that wait ten hours each would overflow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NanoSum {
    /// The lower 64 bits, in nanoseconds.
    low: u64,
    /// The bits above. Apart, for they hardly ever change: an addition of 128 bits at every span costs more.
    high: u64,
}

impl NanoSum {
    /// Adds a span.
    #[inline]
    pub fn add(&mut self, span: Duration) {
        let (low, is_over) = self.low.overflowing_add(span.as_nanos());
        self.low = low;
        if is_over {
            self.high += 1;
        }
    }

    /// Adds another sum.
    pub fn add_all(&mut self, other: &Self) {
        self.add(Duration::from_nanos(other.low));
        self.high += other.high;
    }

    /// The sum, in seconds.
    pub fn as_seconds(&self) -> f64 {
        if self.high == 0 {
            // The same number: each conversion rounds to the nearest float, but that of 128 bits is a library call.
            return self.low as f64 / 1e9;
        }
        (u128::from(self.high) << 64 | u128::from(self.low)) as f64 / 1e9
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_goes_on_beyond_64_bits() {
        let mut sum = NanoSum::default();
        for _ in 0..4 {
            sum.add(Duration::from_nanos(u64::MAX));
        }
        sum.add(Duration::from_nanos(4));
        assert_eq!(sum.as_seconds(), 4.0 * (u64::MAX as f64) / 1e9);
        let other = sum;
        sum.add_all(&other);
        assert_eq!(sum.as_seconds(), 8.0 * (u64::MAX as f64) / 1e9);
    }
}
