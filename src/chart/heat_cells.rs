//! The cells of a heat map as they are drawn: large enough to be seen, and equal neighbours as one rectangle.

use super::{bounds::Bounded, heat_map::HeatMap, plot_area::PlotArea};

/// Least width and height of a cell, in CSS pixels.
const WIDTH_MIN: f64 = 6.0;
const HEIGHT_MIN: f64 = 5.0;
/// Where there are few requests, rows are merged until a column has one for every second of them, but so many are left.
const ROWS_MIN: f64 = 14.0;
/// Strengths of colour that are told apart; with few of them many neighbours are equal.
const LEVELS: f64 = 8.0;

/// Strengths of colour in a grid over the plot.
pub(super) struct Cells {
    /// The first window in view.
    pub first_window: usize,
    /// Windows to a column.
    pub windows: usize,
    /// Bands to a row.
    pub bands: usize,
    /// The first row in view.
    first_row: usize,
    columns: usize,
    /// Levels of strength, 0 is nothing; row by row, from the lowest in view.
    levels: Vec<u8>,
}

impl Cells {
    /// The cells of the part of a map that the plot shows; `pixel` is a CSS pixel in those of the drawing.
    pub(super) fn new(map: &HeatMap, plot: &PlotArea, pixel: f64) -> Self {
        let window_width = map.width / (plot.x_max - plot.x_min) * plot.width();
        let band_height = plot.height() / (plot.y_max - plot.y_min);
        let (first, end) = map.windows_in_view((plot.x_min, plot.x_max));
        let windows = merged(WIDTH_MIN * pixel, window_width);
        // Columns begin at multiples, so that they do not shimmer while time goes on.
        let first_window = first / windows * windows;
        let columns = end.saturating_sub(first_window).div_ceil(windows);
        let mut bands = merged(HEIGHT_MIN * pixel, band_height);
        let in_view = map.bands.iter().filter_map(|band| band.counts.get(first_window..end));
        let requests: f64 = in_view.flatten().sum();
        let rows = |bands: usize| (plot.y_max - plot.y_min) / bands as f64;
        while rows(bands) > ROWS_MIN && requests / (columns as f64) < rows(bands) / 2.0 {
            bands += 1;
        }
        let first_row = plot.y_min.max(0.0) as usize / bands;
        let rows = (plot.y_max.within(0.0, map.bands.len() as f64) as usize).div_ceil(bands).saturating_sub(first_row);
        let mut counts = vec![0.0; columns * rows];
        for (index, band) in map.bands.iter().enumerate().skip(first_row * bands).take(rows * bands) {
            let row = index / bands - first_row;
            for (window, count) in
                band.counts.iter().enumerate().take(end).skip(first_window).filter(|(_, count)| **count > 0.0)
            {
                counts[row * columns + (window - first_window) / windows] += count;
            }
        }
        Self { first_window, windows, bands, first_row, columns, levels: levels(&counts, columns) }
    }

    /// Calls `draw` with the first column and the one after the last, the row and the strength (0 to 1) of each
    /// rectangle of equal cells, the weakest first: a change of colour costs more than a rectangle.
    pub(super) fn for_each_rectangle<E>(
        &self,
        mut draw: impl FnMut((usize, usize), usize, f64) -> Result<(), E>,
    ) -> Result<(), E> {
        for level in 1..=LEVELS as u8 {
            for (row, levels) in self.levels.chunks(self.columns.max(1)).enumerate() {
                let mut start = 0;
                for run in levels.chunk_by(|a, b| a == b) {
                    let end = start + run.len();
                    if run[0] == level {
                        draw((start, end), self.first_row + row, f64::from(level) / LEVELS)?;
                    }
                    start = end;
                }
            }
        }
        Ok(())
    }
}

/// How many things of that size make up the least size.
fn merged(least: f64, size: f64) -> usize {
    let number = (least / size).ceil();
    if (1.0..1e6).contains(&number) { number as usize } else { 1 }
}

/// Strengths: the root of each cell's share of its column, relative to the largest share there is.
fn levels(counts: &[f64], columns: usize) -> Vec<u8> {
    let mut totals = vec![0.0; columns];
    for row in counts.chunks(columns.max(1)) {
        for (total, count) in totals.iter_mut().zip(row) {
            *total += count;
        }
    }
    // A lone request is the whole of its column; that must not make all others pale.
    let mean = totals.iter().sum::<f64>() / totals.iter().filter(|total| **total > 0.0).count().max(1) as f64;
    let shares = || counts.iter().zip(totals.iter().cycle());
    let of_busy = shares().filter(|(_, total)| **total * 2.0 >= mean && **total > 0.0);
    let largest = of_busy.map(|(count, total)| count / total).fold(0.0, f64::max);
    let level = |(count, total): (&f64, &f64)| {
        if *count > 0.0 { ((count / total / largest).sqrt() * LEVELS).ceil().within(1.0, LEVELS) as u8 } else { 0 }
    };
    shares().map(level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strength_is_relative_to_the_largest_share() {
        // Two rows; the columns have 4, 100 and 100 requests.
        let counts = [4.0, 25.0, 100.0, 0.0, 75.0, 0.0];
        assert_eq!(levels(&counts, 3), [8, 4, 8, 0, 7, 0]);
        assert_eq!(levels(&[], 0), [0_u8; 0]);
    }

    #[test]
    fn equal_neighbours_are_one_rectangle() {
        let cells = Cells {
            first_window: 0,
            windows: 1,
            bands: 1,
            first_row: 3,
            columns: 4,
            levels: vec![2, 2, 0, 2, 1, 2, 2, 2],
        };
        let mut drawn = Vec::new();
        let done: Result<(), ()> = cells.for_each_rectangle(|columns, row, _| {
            drawn.push((columns, row));
            Ok(())
        });
        assert_eq!(done, Ok(()));
        assert_eq!(drawn, [((0, 1), 4), ((0, 2), 3), ((3, 4), 3), ((1, 4), 4)]);
    }
}
