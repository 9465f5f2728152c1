//! A heat map: how the latencies of each moment are spread, the more of them the stronger the colour.

use plotters::prelude::DrawingBackend;
use serde_json::Value;

use super::{
    axis::{Axis, Tick},
    bounds::Bounded,
    frame::{Frame, Side, Sides},
    heat_cells::Cells,
    legend::{LegendEntry, LegendKind},
    number::{Scale, Unit, Units},
    painter::DrawResult,
    reading::Reading,
    style::FAINT_AREA,
    table::{ChartTable, number},
};

/// Counts by time and size.
///
/// The vertical axis counts bands, which widen with the size: it is nearly logarithmic, so that
/// milliseconds and seconds have room on it alike.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatMap {
    /// The horizontal axis: time.
    pub x: Axis,
    /// What is counted by size, in words.
    pub y_title: String,
    /// Start of the first window of time.
    pub start: f64,
    /// Width of a window.
    pub width: f64,
    /// From the smallest to the largest, each beginning where the one before ends.
    pub bands: Vec<Band>,
    /// Index of the colour in the palette.
    pub colour: usize,
    /// The words for a weak and a strong colour.
    pub words: [String; 2],
}

/// What lies between two sizes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    /// Its lower end.
    pub from: f64,
    /// Its upper end.
    pub to: f64,
    /// How many there are in each window.
    pub counts: Vec<f64>,
}

/// So many bands are shown at least: a system whose latency is always the same is no wall of colour.
const BANDS_MIN: usize = 8;
/// Leading digits of ticks; the first set that is not too many is taken.
const DIGITS: [&[f64]; 4] =
    [&[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0], &[1.0, 2.0, 3.0, 5.0], &[1.0, 2.0, 5.0], &[1.0]];

impl HeatMap {
    pub(super) fn is_empty(&self) -> bool {
        self.bands.is_empty() || self.width.is_nan() || self.width <= 0.0
    }

    pub(super) fn legend(&self) -> Vec<LegendEntry> {
        let kinds = [LegendKind::FaintArea, LegendKind::Area];
        self.words.iter().zip(kinds).map(|(word, kind)| LegendEntry::new(word, self.colour, kind)).collect()
    }

    pub(super) fn sides(&self, x_range: (f64, f64), units: &Units) -> Sides<'_> {
        let x = Axis { range: x_range, ..self.x.clone() };
        let (first, end) = self.bands_in_view(x.safe_range());
        let range = (first, end);
        let ticks = |wanted: usize| self.ticks(range, wanted, units);
        let ticks = (1..=6).map(ticks).collect();
        Sides { x, y: Side::Bands { range, ticks } }
    }

    /// The windows that are in view: the number of the first one, and of the one after the last.
    pub(super) fn windows_in_view(&self, (from, to): (f64, f64)) -> (usize, usize) {
        let windows = self.bands.first().map_or(0, |band| band.counts.len());
        let window = |time: f64| ((time - self.start) / self.width).within(0.0, windows as f64);
        (window(from).floor() as usize, window(to).ceil() as usize)
    }

    /// Numbers of the lowest and the highest band with anything in view, made a little more where it is little.
    fn bands_in_view(&self, x_range: (f64, f64)) -> (f64, f64) {
        let (start, end) = self.windows_in_view(x_range);
        let is_used =
            |band: &Band| band.counts.get(start..end).is_some_and(|counts| counts.iter().any(|count| *count > 0.0));
        let first = self.bands.iter().position(is_used).unwrap_or(0);
        let end = self.bands.iter().rposition(is_used).map_or(self.bands.len(), |last| last + 1);
        let missing = BANDS_MIN.saturating_sub(end - first) as f64;
        (first as f64 - (missing / 2.0).floor(), end as f64 + (missing / 2.0).ceil())
    }

    /// Where a size stands on the vertical axis, in bands.
    fn position(&self, size: f64) -> f64 {
        let index = self.bands.partition_point(|band| band.to <= size);
        match self.bands.get(index) {
            Some(band) => index as f64 + (size - band.from) / (band.to - band.from),
            None => f64::NAN,
        }
    }

    /// Ticks at round sizes, about as many as wanted.
    fn ticks(&self, (first, end): (f64, f64), wanted: usize, units: &Units) -> Vec<Tick> {
        let (Some(lowest), Some(highest)) = (self.bands.first(), self.bands.last()) else { return Vec::new() };
        let (from, to) = (lowest.from.max(1e-9), highest.to);
        let decades = libm::log10(from).floor() as i32..=libm::log10(to).ceil() as i32;
        let mut ticks = Vec::new();
        for digits in DIGITS {
            let sizes = decades
                .clone()
                .flat_map(|decade| digits.iter().map(move |digit| digit * libm::pow(10.0, f64::from(decade))));
            let tick = |size: f64| {
                let label = Scale::new(Unit::Seconds, size * 1.0001, units).rounded_short(size);
                Tick { at: self.position(size), label }
            };
            ticks = sizes.filter(|size| (from..=to).contains(size)).map(tick).collect();
            ticks.retain(|tick: &Tick| (first..=end).contains(&tick.at));
            if ticks.len() <= wanted {
                break;
            }
        }
        ticks
    }

    /// What is in the window and the band at that place.
    pub(super) fn readings(&self, x: f64, y: f64, units: &Units) -> Vec<Reading> {
        let window = ((x - self.start) / self.width).floor();
        if self.is_empty() || !(0.0..1e6).contains(&window) {
            return Vec::new();
        }
        let scale = Scale::new(self.x.unit, self.x.range.1, units);
        let mut readings = vec![Reading::place(scale.rounded(self.start + (window + 0.5) * self.width))];
        let count = |band: &Band| band.counts.get(window as usize).copied().unwrap_or(0.0);
        let total: f64 = self.bands.iter().map(count).sum();
        let band = if y >= 0.0 { self.bands.get(y as usize) } else { None };
        if let Some(band) = band {
            let scale = Scale::new(Unit::Seconds, band.to, units);
            let share = Scale::new(Unit::Share, 1.0, units).with_step(count(band) / total, 0.001);
            let figure = Scale::new(Unit::Number, count(band), units).rounded_whole(count(band));
            let name = format!("{} – {}", scale.rounded(band.from), scale.rounded(band.to));
            readings.push(Reading::new(&name, format!("{figure} ({share})"), self.colour));
        }
        readings
    }

    /// A row for each window in view: its middle, and the count of each band.
    pub(super) fn table(&self, x_range: (f64, f64), units: &Units) -> ChartTable {
        let name = |band: &Band| {
            let scale = Scale::new(Unit::Seconds, band.to, units);
            format!("{} – {}", scale.rounded(band.from), scale.rounded(band.to))
        };
        let columns = [self.x.title.clone()].into_iter().chain(self.bands.iter().map(name)).collect();
        let row = |window: usize| {
            let count = |band: &Band| band.counts.get(window).map_or(Value::Null, |count| number(*count));
            let time = number(self.start + (window as f64 + 0.5) * self.width);
            [time].into_iter().chain(self.bands.iter().map(count)).collect()
        };
        let (first, end) = self.windows_in_view(x_range);
        ChartTable { columns, rows: (first..end).map(row).collect() }
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, frame: &Frame<'_, DB>) -> DrawResult<(), DB> {
        let (plot, style) = (&frame.plot, frame.painter.style);
        let colour = style.colour(self.colour);
        let cells = Cells::new(self, plot, style.pixels(1.0));
        cells.for_each_rectangle(|columns, row, strength| {
            let x = |column: usize| {
                let time = self.start + (cells.first_window + column * cells.windows) as f64 * self.width;
                plot.x(time.min(self.x.range.1)).within(plot.left, plot.right).round()
            };
            let y = |row: usize| plot.y((row * cells.bands) as f64).within(plot.top, plot.bottom).round();
            let (from, to) = ((x(columns.0), y(row + 1)), (x(columns.1), y(row)));
            if to.0 > from.0 && to.1 > from.1 {
                frame.painter.rect(from, to, colour.faded(FAINT_AREA / 2.0 + (1.0 - FAINT_AREA / 2.0) * strength))?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> HeatMap {
        let edges: Vec<f64> = (0..=24).map(|step| 0.01 * libm::pow(2.0, f64::from(step) / 4.0)).collect();
        let band = |pair: &[f64]| Band { from: pair[0], to: pair[1], counts: vec![0.0; 20] };
        let mut bands: Vec<Band> = edges.windows(2).map(band).collect();
        bands[10].counts[5] = 3.0;
        bands[11].counts[5] = 1.0;
        bands[20].counts[15] = 1.0;
        HeatMap { width: 2.0, bands, x: Axis { range: (0.0, 40.0), ..Axis::default() }, ..HeatMap::default() }
    }

    #[test]
    fn the_bands_in_view_follow_the_zoom() {
        assert_eq!(map().bands_in_view((0.0, 40.0)), (10.0, 21.0));
        assert_eq!(map().bands_in_view((28.0, 40.0)), (17.0, 25.0), "one band, and room around it");
        assert_eq!(map().bands_in_view((38.0, 90.0)), (0.0, 24.0), "nothing");
    }

    #[test]
    fn a_place_tells_the_share_of_its_window() {
        let readings = map().readings(11.0, 10.5, &Units::default());
        assert!(readings[1].text.replace('\u{a0}', " ").ends_with("3 (75.0 %)"), "{readings:?}");
        assert_eq!(map().readings(-1.0, 3.0, &Units::default()), []);
        assert_eq!(map().readings(1.0, -3.0, &Units::default()).len(), 1);
    }

    #[test]
    fn ticks_are_round_and_not_too_many() {
        let labels = |wanted| {
            let ticks = map().ticks((0.0, 24.0), wanted, &Units::default());
            ticks.into_iter().map(|tick| tick.label.replace('\u{a0}', " ")).collect::<Vec<_>>()
        };
        assert_eq!(labels(6), ["10 ms", "20 ms", "50 ms", "100 ms", "200 ms", "500 ms"]);
        assert_eq!(labels(2), ["10 ms", "100 ms"]);
    }
}
