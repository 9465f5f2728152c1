//! Lines over time.

use plotters::prelude::DrawingBackend;
use serde_json::Value;

use super::{
    axis::Axis,
    frame::{Frame, Side, Sides},
    legend::{LegendEntry, LegendKind},
    line_path::{draw_band, draw_baseline, draw_line},
    number::{Scale, Unit, Units},
    painter::DrawResult,
    reading::Reading,
    table::{ChartTable, number},
    texts::filled,
};

/// Lines over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineChart {
    /// The horizontal axis: time.
    pub x: Axis,
    /// The vertical axis. Its range follows from the lines that are in view.
    pub y: Axis,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Whose line it is.
    pub name: String,
    /// Places and values, in order of place. Where the value is not finite the line has a gap.
    pub points: Vec<(f64, f64)>,
    /// How far from each value its confidence interval reaches; empty if there is none.
    pub spread: Vec<f64>,
    /// The same of another run, to be drawn behind it, faint and dashed; empty if there is none.
    pub baseline: Vec<(f64, f64)>,
    /// Index of the colour in the palette.
    pub colour: usize,
    /// Whether it is dashed.
    pub dashed: bool,
    /// Whether the area below is filled, faintly.
    pub filled: bool,
    /// Whether it is in the legend only.
    pub hidden: bool,
}

impl Line {
    /// An edge of the band of confidence: the upper one with sign 1, the lower one with -1.
    pub(super) fn edge(&self, sign: f64) -> Vec<(f64, f64)> {
        let spread = self.spread.iter().map(|spread| if spread.is_finite() { sign * spread } else { 0.0 });
        self.points.iter().zip(spread).map(|((x, y), spread)| (*x, y + spread)).collect()
    }

    /// Whether it has any value.
    fn has_values(&self) -> bool {
        self.points.iter().chain(&self.baseline).any(|(_, y)| y.is_finite())
    }
}

impl LineChart {
    pub(super) fn is_empty(&self) -> bool {
        !self.lines.iter().any(Line::has_values)
    }

    pub(super) fn hide(&mut self, names: &[String]) {
        for line in &mut self.lines {
            line.hidden = names.contains(&line.name);
        }
    }

    /// An entry for each line, but none for one that is not to be seen for want of values.
    pub(super) fn legend(&self) -> Vec<LegendEntry> {
        let is_empty = self.is_empty();
        let kind = |line: &Line| if line.dashed { LegendKind::Dashed } else { LegendKind::Line };
        let lines = self.lines.iter().filter(|line| is_empty || line.has_values());
        lines.map(|line| LegendEntry::new(&line.name, line.colour, kind(line)).hidden(line.hidden)).collect()
    }

    /// Names of the lines that have no values while others have some.
    pub(super) fn without_values(&self) -> Vec<&str> {
        let without = self.lines.iter().filter(|line| !line.has_values());
        if self.is_empty() { Vec::new() } else { without.map(|line| line.name.as_str()).collect() }
    }

    fn shown(&self) -> impl DoubleEndedIterator<Item = &Line> {
        self.lines.iter().filter(|line| !line.hidden)
    }

    pub(super) fn sides(&self, x_range: (f64, f64)) -> Sides<'_> {
        let x = Axis { range: x_range, ..self.x.clone() };
        let range = x.safe_range();
        let top = |line: &Line| {
            let edge = if line.spread.is_empty() { 0.0 } else { highest(&line.edge(1.0), range) };
            edge.max(highest(&line.points, range)).max(highest(&line.baseline, range))
        };
        let top = self.shown().map(top).fold(0.0, f64::max);
        // A share has its natural end, so that charts of shares can be compared by eye.
        let top = if self.y.unit == Unit::Share { top.max(1.0) } else { top };
        Sides { x, y: Side::Numbers(Axis::from_zero(self.y.title.clone(), self.y.unit, top)) }
    }

    /// The value of each line at the point nearest to that place, and that of the other run there.
    pub(super) fn readings(&self, x: f64, units: &Units, baseline_of: &str) -> Vec<Reading> {
        let all = || self.shown().flat_map(|line| [&line.points, &line.baseline]);
        let Some((place, _)) = all().find_map(|points| nearest(points, x)) else { return Vec::new() };
        let largest = all().map(|points| highest(points, (f64::NEG_INFINITY, f64::INFINITY))).fold(0.0, f64::max);
        let scale = Scale::new(self.y.unit, largest, units);
        let x_scale = Scale::new(self.x.unit, self.x.range.1, units);
        let mut readings = vec![Reading::place(x_scale.rounded(place))];
        let text = |points: &[(f64, f64)]| scale.rounded(nearest(points, x).map_or(f64::NAN, |(_, value)| value));
        for line in self.shown().filter(|line| line.has_values()) {
            readings.push(Reading::new(&line.name, text(&line.points), line.colour));
            if !line.baseline.is_empty() {
                let name = filled(baseline_of, &line.name);
                readings.push(Reading::new(&name, text(&line.baseline), line.colour));
            }
        }
        readings
    }

    /// A row for each point of time in view, a column for each line.
    pub(super) fn table(&self, (from, to): (f64, f64), baseline_of: &str) -> ChartTable {
        let mut columns = vec![self.x.title.clone()];
        let mut series: Vec<&[(f64, f64)]> = Vec::new();
        for line in self.shown() {
            columns.push(line.name.clone());
            series.push(&line.points);
            if !line.baseline.is_empty() {
                columns.push(filled(baseline_of, &line.name));
                series.push(&line.baseline);
            }
        }
        // Series share their windows; only those of another run may have windows of their own.
        let longest = series.iter().copied().max_by_key(|points| points.len()).unwrap_or_default();
        let half = longest.first_chunk().map_or(f64::INFINITY, |[(a, _), (b, _)]| (b - a) / 2.0);
        let at = |points: &[(f64, f64)], time: f64| match nearest(points, time) {
            Some((place, value)) if (place - time).abs() <= half => number(value),
            _ => Value::Null,
        };
        let row = |time: f64| [number(time)].into_iter().chain(series.iter().map(|points| at(points, time))).collect();
        let times = longest.iter().map(|point| point.0).filter(|time| (from..=to).contains(time));
        ChartTable { columns, rows: times.map(row).collect() }
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, frame: &Frame<'_, DB>) -> DrawResult<(), DB> {
        for line in self.shown() {
            draw_band(line, frame)?;
        }
        for line in self.shown() {
            draw_baseline(line, frame)?;
        }
        // The first line matters most, so it is drawn last.
        for line in self.shown().rev() {
            draw_line(line, frame)?;
        }
        Ok(())
    }
}

fn nearest(points: &[(f64, f64)], x: f64) -> Option<(f64, f64)> {
    let at = points.partition_point(|point| point.0 < x);
    let around = &points[at.saturating_sub(1)..points.len().min(at + 1)];
    around.iter().copied().min_by(|a, b| (a.0 - x).abs().total_cmp(&(b.0 - x).abs()))
}

/// The highest value in view, or zero. Where the line comes in or goes out of view counts too.
fn highest(points: &[(f64, f64)], (from, to): (f64, f64)) -> f64 {
    let first = points.partition_point(|point| point.0 < from);
    let end = points.partition_point(|point| point.0 <= to).max(first);
    let crossing =
        |after: usize, at: f64| match (after.checked_sub(1).and_then(|before| points.get(before)), points.get(after)) {
            (Some((x0, y0)), Some((x1, y1))) if x1 > x0 => y0 + (y1 - y0) * (at - x0) / (x1 - x0),
            _ => f64::NAN,
        };
    let inside = points[first..end].iter().map(|point| point.1);
    let values = inside.chain([crossing(first, from), crossing(end, to)]);
    values.filter(|value| value.is_finite()).fold(0.0, f64::max)
}
