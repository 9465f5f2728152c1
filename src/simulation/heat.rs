//! Latencies over time: how many requests of each window took how long.

use crate::{
    model::world::World,
    stats::heat::{BINS, lower_end, quantile},
};

/// How many succeeded requests of each window of time took how long.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LatencyHeat {
    /// Start of the first window, in seconds.
    pub start: f64,
    /// Width of a window, in seconds. The last one ends now.
    pub width: f64,
    /// Bands of latency from the lowest that occurred to the highest, each beginning where the one before ends.
    pub bands: Vec<LatencyBand>,
}

/// A band of latencies: an eighth of its octave's lower end wide.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LatencyBand {
    /// Its lower end, in seconds.
    pub from: f64,
    /// Its upper end, in seconds.
    pub to: f64,
    /// Requests of each window.
    pub counts: Vec<f64>,
}

/// The columns of the recorder that hold latencies, as far as there are any: a run uses a few dozen of the bins.
pub(super) struct Bins<'a> {
    world: &'a World,
    /// The column of the first bin.
    column: usize,
    /// How many samples are counted together.
    samples: usize,
    totals: &'a [f64],
    /// The first bin with a count, and the one after the last.
    used: (usize, usize),
}

impl<'a> Bins<'a> {
    /// The bins whose columns begin with that one, and those of as many further samples, which follow and are counted in;
    /// `totals` are all totals now.
    pub(super) fn new(world: &'a World, column: usize, samples: usize, totals: &'a [f64]) -> Self {
        let is_used = |bin: &usize| {
            let mut columns = (0..samples).map(|sample| column + sample * BINS + bin);
            columns.any(|column| totals.get(column).is_some_and(|total| *total > 0.0))
        };
        let first = (0..BINS).find(is_used).unwrap_or(0);
        let end = (0..BINS).rfind(is_used).map_or(first, |last| last + 1);
        Self { world, column, samples, totals, used: (first, end) }
    }

    fn columns(&self) -> impl Iterator<Item = Vec<f64>> {
        (self.used.0..self.used.1).map(|bin| {
            let mut counts: Vec<f64> = self.growth(self.column + bin).collect();
            for sample in 1..self.samples {
                let more = self.growth(self.column + sample * BINS + bin);
                counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
            }
            counts
        })
    }

    fn growth(&self, column: usize) -> impl Iterator<Item = f64> {
        self.world.recorder().growth(column, self.totals[column])
    }

    /// Quantiles of the latencies of the last so many windows together, the present one included; NaN where there are none.
    pub(super) fn latest<const N: usize>(&self, shares: [f64; N], windows: usize) -> [f64; N] {
        let of_column = |column: usize| self.world.recorder().latest(column, self.totals[column], windows);
        let of_bin = |bin| (0..self.samples).map(|sample| of_column(self.column + sample * BINS + bin)).sum();
        let unused = std::iter::repeat_n(0.0, self.used.0);
        let counts: Vec<f64> = unused.chain((self.used.0..self.used.1).map(of_bin)).collect();
        shares.map(|share| quantile(&counts, share).unwrap_or(f64::NAN))
    }

    /// A quantile of each window's latencies; NaN where there are none.
    pub(super) fn quantiles(&self, share: f64, windows: usize) -> Vec<f64> {
        let columns: Vec<Vec<f64>> = self.columns().collect();
        let mut counts = vec![0.0; self.used.1];
        let mut of_window = |window: usize| {
            for (count, column) in counts[self.used.0..].iter_mut().zip(&columns) {
                *count = column[window];
            }
            quantile(&counts, share).unwrap_or(f64::NAN)
        };
        (0..windows).map(&mut of_window).collect()
    }

    /// All counts.
    pub(super) fn heat(&self) -> LatencyHeat {
        let bins = self.used.0..self.used.1;
        let band = |(bin, counts)| LatencyBand { from: lower_end(bin), to: lower_end(bin + 1), counts };
        let recorder = self.world.recorder();
        LatencyHeat {
            start: recorder.start().as_seconds(),
            width: recorder.width().as_seconds(),
            bands: bins.zip(self.columns()).map(band).collect(),
        }
    }
}
