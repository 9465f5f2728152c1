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
    totals: &'a [f64],
    /// The first bin with a count, and the one after the last.
    used: (usize, usize),
}

impl<'a> Bins<'a> {
    /// The bins whose columns begin with that one; `totals` are all totals now.
    pub(super) fn new(world: &'a World, column: usize, totals: &'a [f64]) -> Self {
        let is_used = |bin: &usize| totals.get(column + bin).is_some_and(|total| *total > 0.0);
        let first = (0..BINS).find(is_used).unwrap_or(0);
        let end = (0..BINS).rfind(is_used).map_or(first, |last| last + 1);
        Self { world, column, totals, used: (first, end) }
    }

    fn columns(&self) -> impl Iterator<Item = Vec<f64>> {
        let columns = self.column + self.used.0..self.column + self.used.1;
        columns.map(|column| self.world.recorder().growth(column, self.totals[column]).collect())
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
