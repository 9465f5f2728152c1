//! A sample of spans of time: how many, their mean, extremes and percentiles.
//!
//! Percentiles are those of the nearest rank: of n spans in order, the p-th is number ⌈p/100 · n⌉, the smallest span that at
//! least p per cent of the sample do not exceed. Nothing is interpolated between two spans. A histogram knows a span only to
//! so many digits, so what is said is the top of its bin, and never more than the largest span nor less than the smallest.

use hdrhistogram::Histogram;

use super::nano_sum::NanoSum;
use crate::engine::time::Duration;

/// Spans that are kept as they are before there are enough for a histogram. A histogram takes a hundred times the
/// memory, which most parts of a short run would touch for a few spans; percentiles are the same either way.
const EARLY: usize = 512;
/// For each number of digits, the binary digits with which spans are told apart.
const BITS: [u32; 6] = [0, 5, 8, 11, 15, 18];

/// A sample of spans of time. The mean and the extremes are exact, percentiles (by the nearest rank) are within a part
/// in 10^digits.
///
/// They come from a histogram of high dynamic range, which the library makes and reads. Only the counting is done here, in
/// the library's bins: several spans are counted for each request, each of which takes the library three times as long.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Decimal digits to which percentiles are good.
    digits: u8,
    /// Binary digits with which spans are told apart.
    bits: u32,
    /// The largest number of so many digits: up to it, spans are not rounded.
    exact: u64,
    /// The first spans, in nanoseconds, as long as there is no histogram.
    early: Vec<u64>,
    /// How many spans there are in each bin, as far up as there were any.
    bins: Vec<u64>,
    count: u64,
    sum: NanoSum,
    min: u64,
    max: u64,
}

/// Spans of some nanoseconds that are not told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bin {
    /// The shortest of them.
    low: u64,
    /// How many there are, less one.
    width: u64,
}

impl Tally {
    /// An empty sample whose percentiles are good to so many digits, 1 to 5.
    pub fn new(digits: u8) -> Self {
        let digits = digits.clamp(1, 5);
        let bits = BITS[usize::from(digits)];
        let exact = (1 << bits) - 1;
        let (early, bins, sum) = (Vec::new(), Vec::new(), NanoSum::default());
        Self { digits, bits, exact, early, bins, count: 0, sum, min: u64::MAX, max: 0 }
    }

    /// Adds a span.
    #[inline]
    pub fn add(&mut self, span: Duration) {
        let nanos = span.as_nanos();
        self.count += 1;
        self.sum.add(span);
        self.min = self.min.min(nanos);
        self.max = self.max.max(nanos);
        let place = self.place(nanos);
        match self.bins.get_mut(place) {
            Some(count) => *count += 1,
            None => self.add_beyond(nanos),
        }
    }

    /// Adds a span to the early ones, or to a histogram that has to grow for it.
    #[cold]
    fn add_beyond(&mut self, nanos: u64) {
        if self.bins.is_empty() && self.early.len() + 1 < EARLY {
            return self.early.push(nanos);
        }
        self.fill();
        let place = self.place(nanos);
        self.bins[place] += 1;
    }

    /// From now on there is a histogram, with room for the largest span.
    fn fill(&mut self) {
        // To the end of an octave, so that it grows seldom.
        let octave = 1 << (self.bits - 1);
        let bins = self.place(self.max) / octave * octave + octave;
        self.bins.resize(bins.max(self.bins.len()), 0);
        for nanos in std::mem::take(&mut self.early) {
            let place = self.place(nanos);
            self.bins[place] += 1;
        }
    }

    /// The position of a span's bin in the histogram. (Below 2^bits it is the span itself; from there on each octave has
    /// half as many bins.)
    #[inline]
    fn place(&self, nanos: u64) -> usize {
        let shift = self.shift(nanos);
        ((shift as usize) << (self.bits - 1)) + (nanos >> shift) as usize
    }

    /// How many of a span's lowest bits do not count.
    #[inline]
    fn shift(&self, nanos: u64) -> u32 {
        u64::BITS - self.bits - (nanos | self.exact).leading_zeros()
    }

    /// The bin of a span.
    fn bin(&self, nanos: u64) -> Bin {
        let shift = self.shift(nanos);
        Bin { low: nanos >> shift << shift, width: (1 << shift) - 1 }
    }

    /// The bin at a position in the histogram.
    fn bin_at(&self, place: usize) -> Bin {
        let shift = (place >> (self.bits - 1)).saturating_sub(1);
        Bin { low: ((place - (shift << (self.bits - 1))) as u64) << shift, width: (1 << shift) - 1 }
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        size_of_val(&*self.early) + size_of_val(&*self.bins)
    }

    /// Size of the sample.
    #[inline]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Sum, in seconds.
    pub fn sum(&self) -> f64 {
        self.sum.as_seconds()
    }

    /// Mean, in seconds.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum() / self.count as f64)
    }

    /// Smallest, in seconds.
    pub fn min(&self) -> Option<f64> {
        (self.count > 0).then(|| self.min as f64 / 1e9)
    }

    /// Largest, in seconds.
    pub fn max(&self) -> Option<f64> {
        (self.count > 0).then(|| self.max as f64 / 1e9)
    }

    /// The span that this share of the sample does not exceed, by the nearest rank, in seconds.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let [value] = self.quantiles([share])?;
        Some(value)
    }

    /// The spans that these shares of the sample do not exceed, in seconds. Cheaper than one after the other.
    pub fn quantiles<const N: usize>(&self, shares: [f64; N]) -> Option<[f64; N]> {
        if self.count == 0 {
            return None;
        }
        let seconds = |value: u64| value.clamp(self.min, self.max) as f64 / 1e9;
        if let Some(histogram) = self.histogram() {
            return Some(shares.map(|share| seconds(histogram.value_at_quantile(share))));
        }
        let mut sorted = self.early.clone();
        sorted.sort_unstable();
        Some(shares.map(|share| {
            let rank = (libm::ceil(share.min(1.0) * sorted.len() as f64) as usize).max(1);
            let bin = self.bin(sorted[rank - 1]);
            seconds(if share == 0.0 { bin.low } else { bin.low + bin.width })
        }))
    }

    /// The library's histogram of what has been counted; `None` as long as there are so few spans that they are kept.
    fn histogram(&self) -> Option<Histogram<u64>> {
        if self.bins.is_empty() {
            return None;
        }
        let mut histogram = Histogram::new(self.digits).ok()?;
        for (place, &count) in self.bins.iter().enumerate().filter(|&(_, &count)| count > 0) {
            // The histogram grows by itself; were a value beyond what it can hold, it would count as the largest.
            let low = self.bin_at(place).low;
            if histogram.record_n(low, count).is_err() {
                histogram.saturating_record_n(low, count);
            }
        }
        Some(histogram)
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
            let bin = self.bin(nanos);
            put(bin.low + bin.width.div_ceil(2), 1);
        }
        if let Some(histogram) = self.histogram() {
            for recorded in histogram.iter_recorded() {
                put(histogram.median_equivalent(recorded.value_iterated_to()), recorded.count_at_value());
            }
        }
        counts
    }

    /// Both samples in one. (Of the other one's histogram each span is the shortest of its bin, which is the same to as many
    /// digits; the mean and the extremes are exact.)
    pub fn and(mut self, other: &Self) -> Self {
        let (count, mut sum) = (self.count + other.count, self.sum);
        sum.add_all(&other.sum);
        let (min, max) = (self.min.min(other.min), self.max.max(other.max));
        let spans = other.early.iter().map(|&nanos| (nanos, 1));
        let binned = other.bins.iter().enumerate().map(|(place, &count)| (other.bin_at(place).low, count));
        for (nanos, count) in spans.chain(binned).filter(|&(_, count)| count > 0) {
            self.add(Duration::from_nanos(nanos));
            let place = self.place(nanos);
            if count > 1 {
                self.fill();
                self.bins[place] += count - 1;
            }
        }
        Self { count, sum, min, max, ..self }
    }

    /// Forgets everything.
    pub fn restart(&mut self) {
        self.early.clear();
        self.bins.fill(0);
        (self.count, self.sum, self.min, self.max) = (0, NanoSum::default(), u64::MAX, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Stream;

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
    fn two_samples_in_one_are_as_if_all_had_been_counted_in_one() {
        let mut stream = Stream::new(3, "tally", "spans");
        for (ones, others) in [(0, 0), (3, 0), (0, 3), (20, 700), (700, 20), (2000, 3000)] {
            let (mut one, mut other, mut all) = (Tally::new(3), Tally::new(3), Tally::new(3));
            for at in 0..ones + others {
                let span = Duration::from_nanos(stream.below(1 << 33));
                all.add(span);
                if at < ones { one.add(span) } else { other.add(span) }
            }
            let both = one.and(&other);
            assert_eq!(
                (both.count(), both.sum(), both.min(), both.max()),
                (all.count(), all.sum(), all.min(), all.max())
            );
            for share in [0.0, 0.1, 0.5, 0.99, 0.999, 1.0] {
                assert_eq!(both.quantile(share), all.quantile(share), "{ones} and {others}, {share}");
            }
        }
    }

    #[test]
    fn the_longest_span_is_no_trouble() {
        let mut tally = Tally::new(3);
        tally.add(Duration::from_nanos(u64::MAX));
        tally.add(Duration::ZERO);
        assert_eq!(tally.count(), 2);
        assert_eq!(tally.quantile(0.0), Some(0.0));
    }

    /// What the library makes of the same spans.
    fn reference(digits: u8, spans: &[u64]) -> Histogram<u64> {
        let mut histogram = Histogram::new(digits).unwrap();
        spans.iter().for_each(|&nanos| histogram.record(nanos).unwrap());
        histogram
    }

    #[track_caller]
    fn check(digits: u8, spans: &[u64]) {
        let mut tally = Tally::new(digits);
        spans.iter().for_each(|&nanos| tally.add(Duration::from_nanos(nanos)));
        let histogram = reference(digits, spans);
        for share in [0.0, 0.01, 0.5, 0.95, 0.99, 1.0] {
            let expected = histogram.value_at_quantile(share).clamp(tally.min, tally.max) as f64 / 1e9;
            assert_eq!(tally.quantile(share), Some(expected), "{digits} digits, {} spans", spans.len());
        }
        let mut bins = vec![0; 200];
        for recorded in histogram.iter_recorded() {
            let middle = histogram.median_equivalent(recorded.value_iterated_to()) as f64 / 1e9;
            bins[((middle / 0.001) as usize).min(199)] += recorded.count_at_value();
        }
        assert_eq!(tally.bins(0.0, 0.001, 200), bins, "{digits} digits, {} spans", spans.len());
    }

    #[test]
    fn figures_are_those_of_hdr_histogram_before_and_after_there_is_one() {
        let mut stream = Stream::new(1, "test", "tally");
        let mut draw = || (stream.exponential() * 1e8) as u64 >> (stream.bits() % 30);
        let spans: Vec<u64> = (0..EARLY + 20).map(|_| draw()).collect();
        for digits in 1..=5 {
            (1..=spans.len()).step_by(37).for_each(|count| check(digits, &spans[..count]));
            (EARLY - 2..=spans.len()).for_each(|count| check(digits, &spans[..count]));
            check(digits, &(0..EARLY as u64).map(|i| i * 1_000_003).collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_span_lies_in_the_bin_at_its_place() {
        for digits in 1..=5 {
            let tally = Tally::new(digits);
            for power in 0..64 {
                for nanos in [(1u64 << power) - 1, 1 << power, (1 << power) + (1 << power) / 3, u64::MAX] {
                    assert_eq!(tally.bin_at(tally.place(nanos)), tally.bin(nanos), "{digits} digits, {nanos} ns");
                }
            }
        }
    }

    #[test]
    fn a_sample_that_starts_anew_forgets_its_histogram() {
        let mut tally = Tally::new(2);
        (0..2 * EARLY as u64).for_each(|nanos| tally.add(Duration::from_nanos(nanos)));
        tally.restart();
        assert_eq!((tally.count(), tally.quantile(0.5)), (0, None));
        tally.add(Duration::from_seconds(2.0));
        assert_eq!((tally.count(), tally.quantile(0.5), tally.min()), (1, Some(2.0), Some(2.0)));
    }
}
