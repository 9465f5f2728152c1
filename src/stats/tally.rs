//! A sample of spans of time: how many, their mean, extremes and percentiles.
//!
//! Percentiles are those of the nearest rank: of n spans in order, the p-th is number ⌈p/100 · n⌉, the smallest span that at
//! least p per cent of the sample do not exceed. Nothing is interpolated between two spans. A histogram knows a span only to
//! so many digits, so what is said is the top of its bin, and never more than the largest span nor less than the smallest.

use hdrhistogram::Histogram;

use crate::engine::time::Duration;

/// Spans that are kept as they are before there are enough for a histogram. A histogram takes a hundred times the
/// memory, which most parts of a short run would touch for a few spans; percentiles are the same either way.
const EARLY: usize = 512;
/// For each number of digits, the binary digits with which a histogram tells spans apart.
const BITS: [u32; 6] = [0, 5, 8, 11, 15, 18];

/// A sample of spans of time. The mean and the extremes are exact, percentiles (by the nearest rank) are within a part
/// in 10^digits (a histogram of high dynamic range, which takes constant memory).
#[derive(Clone, Debug)]
pub struct Tally {
    digits: u8,
    /// The first spans, in nanoseconds, as long as there is no histogram.
    early: Vec<u64>,
    histogram: Option<Histogram<u64>>,
    sum: u128,
    min: u64,
    max: u64,
}

impl Tally {
    /// An empty sample whose percentiles are good to so many digits, 1 to 5.
    pub fn new(digits: u8) -> Self {
        Self { digits: digits.clamp(1, 5), early: Vec::new(), histogram: None, sum: 0, min: u64::MAX, max: 0 }
    }

    /// Adds a span.
    #[inline]
    pub fn add(&mut self, span: Duration) {
        let nanos = span.as_nanos();
        match &mut self.histogram {
            Some(histogram) => record(histogram, nanos),
            None => self.add_early(nanos),
        }
        self.sum += u128::from(nanos);
        self.min = self.min.min(nanos);
        self.max = self.max.max(nanos);
    }

    fn add_early(&mut self, nanos: u64) {
        self.early.push(nanos);
        if self.early.len() == EARLY {
            let mut histogram = Histogram::new(self.digits).expect("1 to 5 digits are allowed");
            std::mem::take(&mut self.early).into_iter().for_each(|nanos| record(&mut histogram, nanos));
            self.histogram = Some(histogram);
        }
    }

    /// Size of the sample.
    #[inline]
    pub fn count(&self) -> u64 {
        self.histogram.as_ref().map_or(self.early.len() as u64, Histogram::len)
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

    /// The span that this share of the sample does not exceed, by the nearest rank, in seconds.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let [value] = self.quantiles([share])?;
        Some(value)
    }

    /// The spans that these shares of the sample do not exceed, in seconds. Cheaper than one after the other.
    pub fn quantiles<const N: usize>(&self, shares: [f64; N]) -> Option<[f64; N]> {
        if self.count() == 0 {
            return None;
        }
        let seconds = |value: u64| value.clamp(self.min, self.max) as f64 / 1e9;
        if let Some(histogram) = &self.histogram {
            return Some(shares.map(|share| seconds(histogram.value_at_quantile(share))));
        }
        let mut sorted = self.early.clone();
        sorted.sort_unstable();
        Some(shares.map(|share| {
            let rank = (libm::ceil(share.min(1.0) * sorted.len() as f64) as usize).max(1);
            let (low, width) = self.bin(sorted[rank - 1]);
            seconds(if share == 0.0 { low } else { low + (width - 1) })
        }))
    }

    /// Where the histogram's bin of a span begins, and how wide it is.
    fn bin(&self, nanos: u64) -> (u64, u64) {
        let bits = BITS[usize::from(self.digits)];
        let shift = u64::BITS - (nanos | ((1 << bits) - 1)).leading_zeros() - bits;
        (nanos >> shift << shift, 1 << shift)
    }

    /// Counts in so many bins of equal width (at least 1) from `start` seconds on; the last bin takes all above.
    pub fn bins(&self, start: f64, width: f64, bins: usize) -> Vec<u64> {
        let mut counts = vec![0; bins.max(1)];
        let last = counts.len() - 1;
        let mut put = |middle: u64, count: u64| {
            let bin = ((middle as f64 / 1e9 - start) / width) as usize;
            counts[bin.min(last)] += count;
        };
        for &nanos in &self.early {
            let (low, width) = self.bin(nanos);
            put(low + width / 2, 1);
        }
        if let Some(histogram) = &self.histogram {
            for recorded in histogram.iter_recorded() {
                put(histogram.median_equivalent(recorded.value_iterated_to()), recorded.count_at_value());
            }
        }
        counts
    }

    /// Forgets everything.
    pub fn restart(&mut self) {
        self.early.clear();
        self.histogram.iter_mut().for_each(Histogram::reset);
        (self.sum, self.min, self.max) = (0, u64::MAX, 0);
    }
}

fn record(histogram: &mut Histogram<u64>, nanos: u64) {
    // The histogram grows by itself; were a value beyond what it can hold, it would count as the largest.
    if histogram.record(nanos).is_err() {
        histogram.saturating_record(nanos);
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
        let next = tally.quantile(0.51).expect("not empty");
        assert!((next - 0.6).abs() < 0.001, "{next}: the sixth of ten, nothing between");
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

    #[test]
    fn a_small_sample_gives_what_its_histogram_would() {
        use crate::engine::random::Stream;
        let mut stream = Stream::new(1, "test", "tally");
        for digits in 1..=5 {
            let mut tally = Tally::new(digits);
            let mut histogram: Histogram<u64> = Histogram::new(digits).unwrap();
            for _ in 0..EARLY + 20 {
                let nanos = (stream.exponential() * 1e8) as u64 >> (stream.bits() % 30);
                tally.add(Duration::from_nanos(nanos));
                histogram.record(nanos).unwrap();
                for share in [0.0, 0.01, 0.5, 0.95, 0.99, 1.0] {
                    let expected = histogram.value_at_quantile(share).clamp(tally.min, tally.max) as f64 / 1e9;
                    assert_eq!(tally.quantile(share), Some(expected), "{digits} digits, {} spans", tally.count());
                }
            }
            let mut early = Tally::new(digits);
            histogram.reset();
            for i in 0..EARLY as u64 - 1 {
                early.add(Duration::from_nanos(i * 1_000_003));
                histogram.record(i * 1_000_003).unwrap();
            }
            let whole = Tally { histogram: Some(histogram), early: Vec::new(), ..early.clone() };
            assert!(early.histogram.is_none());
            assert_eq!(early.bins(0.0, 0.001, 200), whole.bins(0.0, 0.001, 200));
        }
    }
}
