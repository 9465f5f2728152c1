//! Lines over time.

use plotters::prelude::DrawingBackend;

use super::{
    axis::Axis,
    colour::Colour,
    decimate::decimate,
    frame::{Frame, Side, Sides},
    legend::{LegendEntry, LegendKind},
    number::{Scale, Units},
    painter::DrawResult,
    plot_area::PlotArea,
    reading::Reading,
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
    /// Index of the colour in the palette.
    pub colour: usize,
    /// Whether it is dashed.
    pub dashed: bool,
    /// Whether the area below is filled, faintly.
    pub filled: bool,
}

/// Lengths of dashes and of the gaps between them, in CSS pixels.
const DASH: f64 = 5.0;
/// Opacity of the area below a filled line.
const FAINT: f64 = 0.18;
const WIDTH: f64 = 1.6;

impl LineChart {
    pub(super) fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.points.iter().all(|(_, y)| !y.is_finite()))
    }

    pub(super) fn legend(&self) -> Vec<LegendEntry> {
        let kind = |line: &Line| if line.dashed { LegendKind::Dashed } else { LegendKind::Line };
        self.lines.iter().map(|line| LegendEntry::new(&line.name, line.colour, kind(line))).collect()
    }

    pub(super) fn sides(&self, x_range: (f64, f64)) -> Sides<'_> {
        let x = Axis { range: x_range, ..self.x.clone() };
        let (from, to) = x.safe_range();
        let in_view = |line: &Line| line.points.iter().filter(|(x, _)| (from..=to).contains(x)).fold(0.0, largest);
        let top = self.lines.iter().map(in_view).fold(0.0, f64::max);
        // A share has its natural end, so that charts of shares can be compared by eye.
        let top = if self.y.unit == super::number::Unit::Share { 1.0 } else { top };
        Sides { x, y: Side::Numbers(Axis::from_zero(self.y.title.clone(), self.y.unit, top)) }
    }

    /// The value of each line at the point nearest to that place.
    pub(super) fn readings(&self, x: f64, units: &Units) -> Vec<Reading> {
        let nearest = |line: &Line| {
            let at = line.points.partition_point(|point| point.0 < x);
            let around = &line.points[at.saturating_sub(1)..line.points.len().min(at + 1)];
            around.iter().copied().min_by(|a, b| (a.0 - x).abs().total_cmp(&(b.0 - x).abs()))
        };
        let Some((place, _)) = self.lines.iter().find_map(nearest) else { return Vec::new() };
        let largest = self.lines.iter().flat_map(|line| &line.points).fold(0.0, largest);
        let (scale, x_scale) =
            (Scale::new(self.y.unit, largest, units), Scale::new(self.x.unit, self.x.range.1, units));
        let mut readings = vec![Reading::place(x_scale.rounded(place))];
        for line in &self.lines {
            let value = nearest(line).map_or(f64::NAN, |(_, value)| value);
            readings.push(Reading::new(&line.name, scale.rounded(value), line.colour));
        }
        readings
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, frame: &Frame<'_, DB>) -> DrawResult<(), DB> {
        // The first line matters most, so it is drawn last.
        for line in self.lines.iter().rev() {
            draw_line(line, frame)?;
        }
        Ok(())
    }
}

fn largest(so_far: f64, point: &(f64, f64)) -> f64 {
    if point.1.is_finite() { so_far.max(point.1) } else { so_far }
}

fn draw_line<DB: DrawingBackend>(line: &Line, frame: &Frame<'_, DB>) -> DrawResult<(), DB> {
    let colour = frame.painter.style.colour(line.colour);
    for piece in line.points.split(|(x, y)| !(x.is_finite() && y.is_finite())) {
        let pixels = decimate(&in_view(piece, &frame.plot));
        match pixels.as_slice() {
            [] => {}
            [single] => frame.painter.dot(*single, 1.5, colour)?,
            many => draw_piece(many, line, colour, frame)?,
        }
    }
    Ok(())
}

fn draw_piece<DB: DrawingBackend>(
    pixels: &[(f64, f64)],
    line: &Line,
    colour: Colour,
    frame: &Frame<'_, DB>,
) -> DrawResult<(), DB> {
    if line.filled {
        let ends = (pixels[0].0, pixels[pixels.len() - 1].0);
        let mut area = pixels.to_vec();
        area.extend([(ends.1, frame.plot.bottom), (ends.0, frame.plot.bottom)]);
        frame.painter.polygon(&area, colour.faded(FAINT))?;
    }
    if !line.dashed {
        return frame.painter.line(pixels, WIDTH, colour);
    }
    for dash in dashes(pixels, frame.painter.style.pixels(DASH)) {
        frame.painter.line(&dash, WIDTH, colour)?;
    }
    Ok(())
}

/// The part of a line between the plot's left and right edge, in pixels; cut at the edges.
fn in_view(points: &[(f64, f64)], plot: &PlotArea) -> Vec<(f64, f64)> {
    let to_pixel = |&(x, y): &(f64, f64)| (plot.x(x), plot.y(y).clamp(plot.top, plot.bottom));
    let first = points.partition_point(|point| point.0 < plot.x_min);
    let end = points.partition_point(|point| point.0 <= plot.x_max);
    let mut pixels = Vec::with_capacity(end.saturating_sub(first) + 2);
    let cut = |a: usize, b: usize, at: f64| {
        let ((x0, y0), (x1, y1)) = (to_pixel(&points[a]), to_pixel(&points[b]));
        (at, y0 + (y1 - y0) * (at - x0) / (x1 - x0))
    };
    if first > 0 && first < points.len() {
        pixels.push(cut(first - 1, first, plot.left));
    }
    pixels.extend(points[first.min(end)..end].iter().map(to_pixel));
    if end > 0 && end < points.len() {
        pixels.push(cut(end - 1, end, plot.right));
    }
    pixels
}

/// Cuts a line into dashes of a given length, with gaps as long between them.
fn dashes(points: &[(f64, f64)], length: f64) -> Vec<Vec<(f64, f64)>> {
    let mut dashes = vec![vec![points[0]]];
    let (mut drawing, mut left) = (true, length);
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let distance = (x1 - x0).hypot(y1 - y0);
        let mut done = 0.0;
        while distance - done > left {
            done += left;
            let at = (x0 + (x1 - x0) * done / distance, y0 + (y1 - y0) * done / distance);
            if drawing && let Some(dash) = dashes.last_mut() {
                dash.push(at);
            } else {
                dashes.push(vec![at]);
            }
            drawing = !drawing;
            left = length;
        }
        left -= distance - done;
        if drawing && let Some(dash) = dashes.last_mut() {
            dash.push((x1, y1));
        }
    }
    dashes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_are_as_long_as_asked_for() {
        let cut = dashes(&[(0.0, 0.0), (25.0, 0.0)], 10.0);
        assert_eq!(cut, [vec![(0.0, 0.0), (10.0, 0.0)], vec![(20.0, 0.0), (25.0, 0.0)]]);
    }

    #[test]
    fn a_line_is_cut_at_the_edges_of_the_plot() {
        let plot =
            PlotArea { right: 100.0, bottom: 100.0, x_min: 10.0, x_max: 20.0, y_max: 10.0, ..PlotArea::default() };
        let points = [(0.0, 0.0), (9.0, 0.0), (11.0, 4.0), (25.0, 4.0), (30.0, 9.0)];
        assert_eq!(in_view(&points, &plot), [(0.0, 80.0), (10.0, 60.0), (100.0, 60.0)]);
        assert_eq!(in_view(&[(0.0, 1.0), (30.0, 1.0)], &plot), [(0.0, 90.0), (100.0, 90.0)]);
        assert_eq!(in_view(&[(0.0, 1.0), (5.0, 1.0)], &plot), []);
        assert_eq!(in_view(&[], &plot), []);
    }
}
