//! Histograms, with the mean and percentiles marked.

use plotters::prelude::DrawingBackend;
use serde_json::Value;

use super::{
    axis::Axis,
    bounds::Bounded,
    frame::{Frame, Side, Sides},
    legend::{LegendEntry, LegendKind},
    line_path::draw_dashed,
    number::{Scale, Unit, Units},
    painter::{Anchor, DrawResult, Face, text_width},
    reading::Reading,
    table::{ChartTable, number},
    texts::filled,
};

/// One or more histograms over the same bins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistogramChart {
    /// The horizontal axis.
    pub x: Axis,
    /// What the counts are.
    pub y_title: String,
    /// Lower end of the first bin.
    pub start: f64,
    /// Width of a bin.
    pub width: f64,
    /// The histograms.
    pub samples: Vec<Sample>,
    /// Numbers marked on the horizontal axis.
    pub marks: Vec<Mark>,
}

/// A histogram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// What was counted.
    pub name: String,
    /// How many in each bin. Not whole where bins were divided to lie over those of another sample.
    pub counts: Vec<f64>,
    /// The same of another run, to be drawn as an outline; scaled to as many as there are in this one, so that the
    /// shapes can be compared. Empty if there is none.
    pub baseline: Vec<f64>,
    /// Index of the colour in the palette.
    pub colour: usize,
    /// Whether it is in the legend only.
    pub hidden: bool,
}

/// A number marked on the horizontal axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mark {
    /// What it is: `p95`.
    pub name: String,
    /// The number.
    pub at: f64,
    /// Index of the colour in the palette.
    pub colour: usize,
    /// Whether it is in the legend only.
    pub hidden: bool,
}

impl HistogramChart {
    pub(super) fn is_empty(&self) -> bool {
        let nothing = |sample: &Sample| sample.counts.iter().chain(&sample.baseline).all(|count| *count <= 0.0);
        self.samples.iter().all(nothing) || self.width.is_nan() || self.width <= 0.0
    }

    pub(super) fn hide(&mut self, names: &[String]) {
        for sample in &mut self.samples {
            sample.hidden = names.contains(&sample.name);
        }
        for mark in &mut self.marks {
            mark.hidden = names.contains(&mark.name);
        }
    }

    pub(super) fn legend(&self, units: &Units) -> Vec<LegendEntry> {
        let scale = Scale::new(self.x.unit, self.x.range.1, units);
        let sample = |it: &Sample| LegendEntry::new(&it.name, it.colour, LegendKind::Area).hidden(it.hidden);
        let mark = |mark: &Mark| {
            let figure = Some(scale.rounded(mark.at));
            LegendEntry { figure, ..LegendEntry::new(&mark.name, mark.colour, LegendKind::Mark).hidden(mark.hidden) }
        };
        self.samples.iter().map(sample).chain(self.marks.iter().map(mark)).collect()
    }

    fn shown(&self) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(|sample| !sample.hidden)
    }

    pub(super) fn sides(&self) -> Sides<'_> {
        let counts = self.shown().flat_map(|sample| sample.counts.iter().chain(&sample.baseline));
        let highest = counts.copied().fold(0.0, f64::max);
        // A little room above the highest bar, where the marks have their names.
        let y = Axis::from_zero(self.y_title.clone(), Unit::Number, highest * 1.08);
        Sides { x: self.x.clone(), y: Side::Numbers(y) }
    }

    pub(super) fn readings(&self, x: f64, units: &Units, baseline_of: &str) -> Vec<Reading> {
        let bin = ((x - self.start) / self.width).floor();
        if self.is_empty() || !(0.0..1e6).contains(&bin) {
            return Vec::new();
        }
        let scale = Scale::new(self.x.unit, self.x.range.1, units);
        let (from, to) = (self.start + bin * self.width, self.start + (bin + 1.0) * self.width);
        let mut readings = vec![Reading::place(format!("{} – {}", scale.rounded(from), scale.rounded(to)))];
        let text = |counts: &[f64]| {
            let count = counts.get(bin as usize).copied().unwrap_or(0.0);
            Scale::new(Unit::Number, count, units).with_step(count.round(), 1.0)
        };
        for sample in self.shown() {
            readings.push(Reading::new(&sample.name, text(&sample.counts), sample.colour));
            if !sample.baseline.is_empty() {
                let name = filled(baseline_of, &sample.name);
                readings.push(Reading::new(&name, text(&sample.baseline), sample.colour));
            }
        }
        readings
    }

    /// A row for each bin: its lower and its upper end, and the count of each sample.
    pub(super) fn table(&self, [from, to]: [String; 2]) -> ChartTable {
        let columns = [from, to].into_iter().chain(self.shown().map(|sample| sample.name.clone())).collect();
        let bins = self.shown().map(|sample| sample.counts.len()).max().unwrap_or(0);
        let row = |bin: usize| {
            let ends = [bin, bin + 1].map(|end| number(self.start + end as f64 * self.width));
            let count = |sample: &Sample| sample.counts.get(bin).map_or(Value::Null, |count| number(*count));
            ends.into_iter().chain(self.shown().map(count)).collect()
        };
        ChartTable { columns, rows: (0..bins).map(row).collect() }
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, frame: &Frame<'_, DB>) -> DrawResult<(), DB> {
        // Samples over one another must let each other be seen.
        let opacity = if self.shown().count() > 1 { 0.6 } else { 0.85 };
        for sample in self.shown() {
            self.draw_sample(sample, opacity, frame)?;
        }
        for sample in self.shown() {
            self.draw_outline(sample, frame)?;
        }
        for (index, mark) in self.marks.iter().filter(|mark| !mark.hidden).enumerate() {
            draw_mark(mark, index, frame)?;
        }
        Ok(())
    }

    fn draw_sample<DB: DrawingBackend>(
        &self,
        sample: &Sample,
        opacity: f64,
        frame: &Frame<'_, DB>,
    ) -> DrawResult<(), DB> {
        let plot = &frame.plot;
        let colour = frame.painter.style.colour(sample.colour).faded(opacity);
        let bar_width = self.width / (plot.x_max - plot.x_min) * plot.width();
        // Bars stand apart where that leaves most of their width.
        let gap = if bar_width >= frame.painter.style.pixels(4.0) { frame.painter.style.pixels(1.0) } else { 0.0 };
        for (bin, count) in sample.counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
            let from = plot.x(self.start + bin as f64 * self.width).round();
            let to = plot.x(self.start + (bin + 1) as f64 * self.width).round() - gap;
            if to > plot.left && from < plot.right {
                let (from, to) = (from.max(plot.left), to.min(plot.right));
                // Even one in a million is a line of one pixel.
                let top = plot.y(*count).within(plot.top, plot.bottom - 1.0);
                frame.painter.rect((from, top), (to, plot.bottom), colour)?;
            }
        }
        Ok(())
    }

    /// The other run, as steps. In front, as it would be lost behind bars of its own colour, and so in another one.
    fn draw_outline<DB: DrawingBackend>(&self, sample: &Sample, frame: &Frame<'_, DB>) -> DrawResult<(), DB> {
        if sample.baseline.is_empty() {
            return Ok(());
        }
        let plot = &frame.plot;
        let mut steps = vec![(plot.left, plot.bottom)];
        for (bin, count) in sample.baseline.iter().enumerate() {
            let x = |end: usize| plot.x(self.start + end as f64 * self.width).within(plot.left, plot.right);
            let y = plot.y(*count).within(plot.top, plot.bottom);
            steps.extend([(x(bin), y), (x(bin + 1), y)]);
        }
        steps.extend(steps.last().map(|(x, _)| (*x, plot.bottom)));
        let is_alone = self.shown().count() == 1;
        let style = frame.painter.style;
        let colour = if is_alone { style.foreground } else { style.colour(sample.colour) };
        draw_dashed(&steps, 1.2, colour.faded(0.75), frame)
    }
}

fn draw_mark<DB: DrawingBackend>(mark: &Mark, index: usize, frame: &Frame<'_, DB>) -> DrawResult<(), DB> {
    let (plot, painter) = (&frame.plot, frame.painter);
    if !mark.at.is_finite() || mark.at < plot.x_min || mark.at > plot.x_max {
        return Ok(());
    }
    let (x, colour) = (plot.x(mark.at), painter.style.colour(mark.colour));
    painter.vertical(x, (plot.top, plot.bottom), 1.5, colour)?;
    let size = painter.style.font_pixels();
    // Names step down, so that p95 and p99 can stand close to each other.
    let y = plot.top + size * (0.6 + 1.25 * index as f64);
    if y + size > plot.bottom {
        return Ok(());
    }
    let face = Face { size, colour: painter.style.foreground, bold: true };
    // Bold letters are wider than the estimate; near the right edge the name moves to the other side.
    let fits = x + size * 0.4 + text_width(&mark.name, size) * 1.15 <= painter.size().0;
    let (x, anchor) = if fits { (x + size * 0.4, Anchor::Left) } else { (x - size * 0.4, Anchor::Right) };
    painter.text(&mark.name, (x, y), anchor, face)
}
