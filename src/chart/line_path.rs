//! How a line is drawn: cut at the edges of the plot, with gaps where there are no values, decimated, dashed.

use plotters::prelude::DrawingBackend;

use super::{
    bounds::Bounded, colour::Colour, decimate::decimate, frame::Frame, line_chart::Line, painter::DrawResult,
    plot_area::PlotArea,
};

/// Lengths of dashes and of the gaps between them, in CSS pixels.
const DASH: f64 = 5.0;
/// A jagged line has longer dashes rather than more of them than this.
const DASHES_MAX: f64 = 150.0;
/// Opacity of the area below a filled line.
const FAINT: f64 = 0.18;
const WIDTH: f64 = 1.6;
/// Opacity of another run's line.
const BASELINE: f64 = 0.55;
/// Opacity of a band of confidence.
const BAND: f64 = 0.22;
/// So few windows without a value (nobody came) are bridged by a faint line; more are a gap (nobody could come).
const BRIDGED: usize = 4;
const BRIDGE: f64 = 0.45;
/// A gap of fewer CSS pixels nobody would see as one.
const UNSEEN: f64 = 4.0;

/// A line's pieces, each without a gap, and how many windows without a value lie before each.
fn pieces(points: &[(f64, f64)]) -> impl Iterator<Item = (usize, &[(f64, f64)])> {
    let mut missing = 0;
    points.split(|(x, y)| !(x.is_finite() && y.is_finite())).filter_map(move |piece| {
        missing += 1;
        (!piece.is_empty()).then(|| (std::mem::take(&mut missing), piece))
    })
}

/// The line in pixels: pieces that are drawn through, and bridges between those that are close.
struct Pixels {
    pieces: Vec<Vec<(f64, f64)>>,
    bridges: Vec<[(f64, f64); 2]>,
}

fn pixels(points: &[(f64, f64)], plot: &PlotArea, unseen: f64) -> Pixels {
    let mut drawn = Pixels { pieces: Vec::new(), bridges: Vec::new() };
    let mut run: Vec<(f64, f64)> = Vec::new();
    for (missing, piece) in pieces(points) {
        match run.last() {
            Some(last) if plot.x(piece[0].0) - plot.x(last.0) > unseen => {
                if missing <= BRIDGED {
                    let ends = in_view(&[*last, piece[0]], plot);
                    drawn.bridges.extend(<[(f64, f64); 2]>::try_from(ends));
                }
                drawn.pieces.push(decimate(&in_view(&run, plot)));
                run.clear();
            }
            _ => {}
        }
        run.extend_from_slice(piece);
    }
    drawn.pieces.push(decimate(&in_view(&run, plot)));
    drawn
}

/// Draws a line.
pub(super) fn draw_line<DB: DrawingBackend>(line: &Line, frame: &Frame<'_, DB>) -> DrawResult<(), DB> {
    let colour = frame.painter.style.colour(line.colour);
    let drawn = pixels(&line.points, &frame.plot, frame.painter.style.pixels(UNSEEN));
    for bridge in &drawn.bridges {
        frame.painter.line(bridge, 1.0, colour.faded(BRIDGE))?;
    }
    for piece in &drawn.pieces {
        match piece.as_slice() {
            [] => {}
            [single] => frame.painter.dot(*single, 1.8, colour)?,
            many => draw_piece(many, line, colour, frame)?,
        }
    }
    Ok(())
}

/// Draws the band of confidence around a line.
pub(super) fn draw_band<DB: DrawingBackend>(line: &Line, frame: &Frame<'_, DB>) -> DrawResult<(), DB> {
    let colour = frame.painter.style.colour(line.colour).faded(BAND);
    let (upper, lower) = (line.edge(1.0), line.edge(-1.0));
    for ((_, upper), (_, lower)) in pieces(&upper).zip(pieces(&lower)) {
        let mut area = in_view(upper, &frame.plot);
        area.extend(in_view(lower, &frame.plot).into_iter().rev());
        frame.painter.polygon(&area, colour)?;
    }
    Ok(())
}

/// Draws the line of the other run.
pub(super) fn draw_baseline<DB: DrawingBackend>(line: &Line, frame: &Frame<'_, DB>) -> DrawResult<(), DB> {
    let colour = frame.painter.style.colour(line.colour).faded(BASELINE);
    let drawn = pixels(&line.baseline, &frame.plot, frame.painter.style.pixels(UNSEEN));
    for piece in &drawn.pieces {
        match piece.as_slice() {
            [] => {}
            [single] => frame.painter.dot(*single, 1.2, colour)?,
            many => draw_dashed(many, 1.2, colour, frame)?,
        }
    }
    Ok(())
}

/// Draws a dashed line.
pub(super) fn draw_dashed<DB: DrawingBackend>(
    pixels: &[(f64, f64)],
    width: f64,
    colour: Colour,
    frame: &Frame<'_, DB>,
) -> DrawResult<(), DB> {
    let length: f64 = pixels.windows(2).map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1)).sum();
    let dash = frame.painter.style.pixels(DASH).max(length / (2.0 * DASHES_MAX));
    for dash in dashes(pixels, dash) {
        frame.painter.line(&dash, width, colour)?;
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
    draw_dashed(pixels, WIDTH, colour, frame)
}

/// The part of a line between the plot's left and right edge, in pixels; cut at the edges.
fn in_view(points: &[(f64, f64)], plot: &PlotArea) -> Vec<(f64, f64)> {
    let to_pixel = |&(x, y): &(f64, f64)| (plot.x(x), plot.y(y).within(plot.top, plot.bottom));
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
