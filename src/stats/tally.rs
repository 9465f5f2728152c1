//! A sample of spans of time: how many, their mean, extremes and percentiles.

use hdrhistogram::Histogram;

use crate::engine::time::Duration;

/// A sample of spans of time. The mean and the extremes are exact, percentiles are within a part
/// in 10^digits (a histogram of high dynamic range, which takes constant memory).
#[derive(Clone, Debug)]
pub struct Tally {
    histogram: Histogram<u64>,
    sum: u128,
    min: u64,
    max: u64,
}

impl Tally {
    /// An empty sample whose percentiles are good to so many digits, 1 to 5.
    pub fn new(digits: u8) -> Self {
        let histogram = Histogram::new(digits.clamp(1, 5)).expect("1 to 5 digits are allowed");
        Self { histogram, sum: 0, min: u64::MAX, max: 0 }
    }

    /// Adds a span.
    #[inline]
    pub fn add(&mut self, span: Duration) {
        let nanos = span.as_nanos();
        // The histogram grows by itself; were a value beyond what it can hold, it would count as the largest.
        if self.histogram.record(nanos).is_err() {
            self.histogram.saturating_record(nanos);
        }
        self.sum += u128::from(nanos);
        self.min = self.min.min(nanos);
        self.max = self.max.max(nanos);
    }

    /// Size of the sample.
    #[inline]
    pub fn count(&self) -> u64 {
        self.histogram.len()
    }

    /// Sum, in seconds.
    pub fn sum(&self) -> f64 {
        self.sum as f64 / 1e9
    }

    /// Mean, in seconds.
    pub fn mean(&self) -> Option<f64> {
        (self.count() > 0).then(|| self.sum() / self.count() as f64)
    }

    /// Smallest, in seconds.
    pub fn min(&self) -> Option<f64> {
        (self.count() > 0).then(|| self.min as f64 / 1e9)
    }

    /// Largest, in seconds.
    pub fn max(&self) -> Option<f64> {
        (self.count() > 0).then(|| self.max as f64 / 1e9)
    }

    /// The value below which that share of the sample lies, in seconds.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let value = self.histogram.value_at_quantile(share);
        (self.count() > 0).then(|| value.clamp(self.min, self.max) as f64 / 1e9)
    }

    /// Counts in so many bins of equal width (at least 1) from `start` seconds on; the last bin takes all above.
    pub fn bins(&self, start: f64, width: f64, bins: usize) -> Vec<u64> {
        let mut counts = vec![0; bins.max(1)];
        let last = counts.len() - 1;
        for recorded in self.histogram.iter_recorded() {
            let middle = self.histogram.median_equivalent(recorded.value_iterated_to()) as f64 / 1e9;
            let bin = ((middle - start) / width) as usize;
            counts[bin.min(last)] += recorded.count_at_value();
        }
        counts
    }

    /// Forgets everything.
    pub fn restart(&mut self) {
        self.histogram.reset();
        (self.sum, self.min, self.max) = (0, u64::MAX, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_small_sample() {
        let mut tally = Tally::new(3);
        assert_eq!((tally.mean(), tally.quantile(0.5), tally.max()), (None, None, None));
        for tenth in 1..=10 {
            tally.add(Duration::from_seconds(f64::from(tenth) / 10.0));
        }
        assert_eq!((tally.count(), tally.mean(), tally.min(), tally.max()), (10, Some(0.55), Some(0.1), Some(1.0)));
        let median = tally.quantile(0.5).expect("not empty");
        assert!((median - 0.5).abs() < 0.001, "{median}");
        assert_eq!(tally.bins(0.0, 0.55, 2), [5, 5]);
        tally.restart();
        assert_eq!(tally.count(), 0);
    }

    #[test]
    fn the_longest_span_is_no_trouble() {
        let mut tally = Tally::new(3);
        tally.add(Duration::from_nanos(u64::MAX));
        tally.add(Duration::ZERO);
        assert_eq!(tally.count(), 2);
        assert_eq!(tally.quantile(0.0), Some(0.0));
    }
}
