//! How often spans of each size came: a coarse histogram cheap enough to keep one for each window of time.

use crate::engine::time::Duration;

/// Number of bins.
pub const BINS: usize = OCTAVES * STEPS + 1;
/// Bins in an octave: each is an eighth of its octave's lower end wide.
const STEPS: usize = 8;
/// Octaves from `FLOOR` up.
const OCTAVES: usize = 24;
/// Spans below 2^16 ns (66 µs) fall into the first bin; the last octave ends at 2^40 ns (1100 s).
const FLOOR: u32 = 16;

/// Counts of spans by size, in bins that widen with the size. They are floats, which is what they are recorded as at the end of
/// each window: hundreds of them are copied then, and none has to be converted.
#[derive(Clone, Debug)]
pub struct Heat {
    counts: [f64; BINS],
}

impl Default for Heat {
    fn default() -> Self {
        Self { counts: [0.0; BINS] }
    }
}

impl Heat {
    /// Adds a span.
    #[inline]
    pub fn add(&mut self, span: Duration) {
        self.counts[bin_of(span.as_nanos())] += 1.0;
    }

    /// Counts of all bins.
    pub fn counts(&self) -> &[f64; BINS] {
        &self.counts
    }
}

/// The bin of a span of so many nanoseconds.
#[inline]
fn bin_of(nanos: u64) -> usize {
    if nanos < 1 << FLOOR {
        return 0;
    }
    let octave = 63 - nanos.leading_zeros();
    let step = (nanos >> (octave - 3)) as usize & (STEPS - 1);
    (1 + (octave - FLOOR) as usize * STEPS + step).min(BINS - 1)
}

/// Lower end of a bin, in seconds.
pub fn lower_end(bin: usize) -> f64 {
    let Some(above) = bin.checked_sub(1) else { return 0.0 };
    let octave = (1u64 << (FLOOR as usize + above / STEPS)) as f64;
    octave * (1.0 + (above % STEPS) as f64 / STEPS as f64) / 1e9
}

/// The value below which that share of the counts lies, in seconds, by linear interpolation within its bin
/// (so within an eighth). `None` if there are no counts.
pub fn quantile(counts: &[f64], share: f64) -> Option<f64> {
    let total: f64 = counts.iter().sum();
    let wanted = share * total;
    let mut below = 0.0;
    for (bin, &count) in counts.iter().enumerate() {
        if count > 0.0 && below + count >= wanted {
            let inside = (wanted - below) / count;
            return Some(lower_end(bin) + inside * (lower_end(bin + 1) - lower_end(bin)));
        }
        below += count;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lower_end_falls_into_its_own_bin() {
        for bin in 0..BINS {
            let nanos = (lower_end(bin) * 1e9).round() as u64;
            assert_eq!(bin_of(nanos), bin, "bin {bin} begins at {nanos} ns");
        }
        assert_eq!(bin_of(u64::MAX), BINS - 1);
    }

    #[test]
    fn quantiles_are_interpolated() {
        let mut counts = [0.0; BINS];
        counts[50] = 100.0;
        let (low, high) = (lower_end(50), lower_end(51));
        let median = quantile(&counts, 0.5).expect("there are counts");
        assert!((median - (low + high) / 2.0).abs() < 1e-12);
        assert_eq!(quantile(&[0.0; BINS], 0.5), None);
    }
}
