//! The frame of a chart: where the plot stands, its grid, axes, title and legend.

use plotters::prelude::DrawingBackend;

use super::{
    axis::{Axis, Tick},
    bounds::Bounded,
    chart::Chart,
    legend::{LegendEntry, LegendKind},
    painter::{Anchor, DrawResult, Face, Painter, fitted, text_width},
    plot_area::PlotArea,
    style::{Decoration, FAINT_AREA},
};

/// What stands at the sides of a plot.
pub(super) struct Sides<'a> {
    pub x: Axis,
    pub y: Side<'a>,
}

/// What stands at the left side of a plot.
pub(super) enum Side<'a> {
    /// An axis of numbers.
    Numbers(Axis),
    /// Bands that are numbered from the bottom: the range of numbers in view, and ticks for each number of them that
    /// may be wanted, from one up.
    Bands { range: (f64, f64), ticks: Vec<Vec<Tick>> },
    /// A row for each name, and beside each row, on the right, a figure.
    Rows { names: Vec<&'a str>, figures: Vec<String> },
}

/// Where the plot stands, and everything around it.
pub(super) struct Frame<'a, DB: DrawingBackend> {
    pub painter: &'a Painter<'a, DB>,
    pub plot: PlotArea,
    x_ticks: Vec<Tick>,
    /// Labels at the left, by number (an axis) or by row.
    y_ticks: Vec<Tick>,
    figures: Vec<String>,
    of_rows: bool,
    header: Option<Header>,
    x_title: String,
}

/// Title, legend and the title of the vertical axis.
struct Header {
    title: String,
    y_title: String,
    legend: Vec<(LegendEntry, (f64, f64))>,
    margin: f64,
}

/// Below this width or height (in text sizes) labels would leave no room for the plot.
const LEAST_WIDTH_FOR_LABELS: f64 = 10.0;
const LEAST_HEIGHT_FOR_LABELS: f64 = 5.0;

impl<'a, DB: DrawingBackend> Frame<'a, DB> {
    /// Lays out a chart.
    pub(super) fn new(painter: &'a Painter<'a, DB>, chart: &Chart, sides: &Sides<'_>) -> Self {
        let (width, height) = painter.size();
        let font = painter.style.font_pixels();
        let roomy = width >= LEAST_WIDTH_FOR_LABELS * font && height >= LEAST_HEIGHT_FOR_LABELS * font;
        let full = roomy && painter.style.decoration == Decoration::Full;
        let header = full.then(|| Header::new(chart, font, width));
        let top = header.as_ref().map_or(font * 0.8, |header| header.height(font)).min(height / 2.0);
        let x_title_room = if full { font * 1.5 } else { 0.0 };
        let bottom = if roomy { height - font * 1.9 - x_title_room } else { height };

        let (y_axis, y_ticks) = left_side(sides, bottom - top, font, chart);
        let names_width = y_ticks.iter().map(|tick| text_width(&tick.label, font)).fold(0.0, f64::max);
        let left = if roomy { (names_width + font * 1.2).min(width * 0.4) } else { 0.0 };
        let figures = match &sides.y {
            Side::Rows { figures, .. } if roomy => figures.clone(),
            _ => Vec::new(),
        };
        let figures_width = figures.iter().map(|figure| text_width(figure, font)).fold(0.0, f64::max);
        let right = if roomy { width - figures_width.min(width * 0.3) - font * 1.6 } else { width };

        let (x_min, x_max) = sides.x.safe_range();
        let plot = PlotArea { left, top, right, bottom, x_min, x_max, y_min: y_axis.0, y_max: y_axis.1 };
        let wanted = (plot.width() / (font * 6.5)).within(1.0, 10.0) as usize;
        let mut x_ticks = sides.x.scale(wanted, &chart.units);
        let y_ticks = if roomy { y_ticks } else { Vec::new() };
        if !roomy {
            x_ticks.clear();
        }
        let x_title = if full { sides.x.title.clone() } else { String::new() };
        let of_rows = matches!(sides.y, Side::Rows { .. });
        Self { painter, plot: whole_pixels(plot), x_ticks, y_ticks, figures, of_rows, header, x_title }
    }

    /// The rows' edges in pixels: top and bottom of the row of that number.
    pub(super) fn row(&self, index: usize) -> (f64, f64) {
        let pitch = self.plot.height() / self.plot.y_max.max(1.0);
        let top = self.plot.top + index as f64 * pitch;
        // Space between rows shrinks with them; where there is plenty of it, rows do not swell to blocks.
        let gap = (pitch * 0.22).max(pitch - self.painter.style.pixels(ROW_MAX));
        ((top + gap / 2.0).round(), (top + pitch - gap / 2.0).round())
    }

    /// Lines at the ticks, below everything else.
    pub(super) fn draw_grid(&self) -> DrawResult<(), DB> {
        let grid = self.painter.style.grid;
        if self.of_rows {
            for tick in &self.x_ticks {
                self.painter.vertical(self.plot.x(tick.at), (self.plot.top, self.plot.bottom), 1.0, grid)?;
            }
            return Ok(());
        }
        for tick in &self.y_ticks {
            self.painter.horizontal(self.plot.y(tick.at), (self.plot.left, self.plot.right), grid)?;
        }
        Ok(())
    }

    /// Says why the plot is empty.
    pub(super) fn draw_remark(&self, text: &str) -> DrawResult<(), DB> {
        let centre = ((self.plot.left + self.plot.right) / 2.0, (self.plot.top + self.plot.bottom) / 2.0);
        let face = self.painter.small();
        let text = fitted(text, face.size, self.plot.width());
        self.painter.text(&text, centre, Anchor::Centre, face)
    }

    /// Labels, title and legend, above everything else.
    pub(super) fn draw_axes(&self) -> DrawResult<(), DB> {
        let muted = self.painter.style.muted;
        self.painter.horizontal(self.plot.bottom, (self.plot.left, self.plot.right), muted)?;
        self.draw_x_labels()?;
        self.draw_y_labels()?;
        self.draw_figures()?;
        match &self.header {
            Some(header) => self.draw_header(header),
            None => Ok(()),
        }
    }

    fn draw_x_labels(&self) -> DrawResult<(), DB> {
        let face = self.painter.small();
        let width = self.painter.size().0;
        for tick in &self.x_ticks {
            let x = self.plot.x(tick.at);
            self.painter.vertical(x, (self.plot.bottom, self.plot.bottom + face.size * 0.35), 1.0, face.colour)?;
            // A label at the very edge moves inwards rather than being cut off.
            let half = text_width(&tick.label, face.size) / 2.0;
            let x = x.min(width - half).max(half);
            self.painter.text(&tick.label, (x, self.plot.bottom + face.size * 0.6), Anchor::Top, face)?;
        }
        let middle = (self.plot.left + self.plot.right) / 2.0;
        if !self.x_title.is_empty() {
            self.painter.text(&self.x_title, (middle, self.plot.bottom + face.size * 2.0), Anchor::Top, face)?;
        }
        Ok(())
    }

    fn draw_y_labels(&self) -> DrawResult<(), DB> {
        let face = self.painter.small();
        let room = self.plot.left - face.size * 0.8;
        let colour = if self.of_rows { self.painter.style.foreground } else { face.colour };
        let pitch = self.plot.height() / self.y_ticks.len().max(1) as f64;
        // Where rows are lower than text, some go without their name.
        let every = if self.of_rows { (face.size * 1.05 / pitch.max(0.01)).ceil().max(1.0) as usize } else { 1 };
        for (index, tick) in self.y_ticks.iter().enumerate().step_by(every) {
            let y = if self.of_rows { (self.row(index).0 + self.row(index).1) / 2.0 } else { self.plot.y(tick.at) };
            let label = fitted(&tick.label, face.size, room);
            let at = (self.plot.left - face.size * 0.6, y);
            self.painter.text(&label, at, Anchor::Right, Face { colour, ..face })?;
        }
        Ok(())
    }

    fn draw_figures(&self) -> DrawResult<(), DB> {
        let face = self.painter.small();
        if self.plot.height() / (self.figures.len().max(1) as f64) < face.size {
            return Ok(());
        }
        for (index, figure) in self.figures.iter().enumerate() {
            let (top, bottom) = self.row(index);
            let at = (self.plot.right + face.size * 0.6, (top + bottom) / 2.0);
            self.painter.text(figure, at, Anchor::Left, face)?;
        }
        Ok(())
    }

    fn draw_header(&self, header: &Header) -> DrawResult<(), DB> {
        let small = self.painter.small();
        let title = Face { size: small.size * 1.35, colour: self.painter.style.foreground, bold: true };
        let text = fitted(&header.title, title.size, self.painter.size().0 - header.margin * 2.0);
        self.painter.text(&text, (header.margin, small.size * 1.7), Anchor::Left, title)?;
        for (entry, at) in &header.legend {
            self.draw_legend_entry(entry, *at, Face { colour: self.painter.style.foreground, ..small })?;
        }
        if !header.y_title.is_empty() {
            let at = (header.margin, self.plot.top - small.size * 1.5);
            self.painter.text(&header.y_title, at, Anchor::Left, small)?;
        }
        Ok(())
    }

    fn draw_legend_entry(&self, entry: &LegendEntry, (x, y): (f64, f64), face: Face) -> DrawResult<(), DB> {
        let size = face.size;
        let Some(index) = entry.colour_index else {
            return self.painter.text(&entry.name, (x, y), Anchor::Left, self.painter.small());
        };
        let seen = if entry.hidden { HIDDEN } else { 1.0 };
        let colour = self.painter.style.colour(index).faded(seen);
        let face = Face { colour: face.colour.faded(seen), ..face };
        match entry.kind {
            LegendKind::Line => self.painter.line(&[(x, y), (x + size * 1.4, y)], 2.0, colour)?,
            LegendKind::Dashed => {
                self.painter.line(&[(x, y), (x + size * 0.55, y)], 2.0, colour)?;
                self.painter.line(&[(x + size * 0.85, y), (x + size * 1.4, y)], 2.0, colour)?;
            }
            LegendKind::Mark => {
                self.painter.vertical(x + size * 0.7, (y - size * 0.55, y + size * 0.55), 2.0, colour)?;
            }
            LegendKind::FaintArea => self.swatch((x, y), size, colour.faded(FAINT_AREA))?,
            LegendKind::Area | LegendKind::Remark => self.swatch((x, y), size, colour)?,
        }
        self.painter.text(&entry.text(), (x + SWATCH * size, y), Anchor::Left, face)
    }

    fn swatch(&self, (x, y): (f64, f64), size: f64, colour: super::colour::Colour) -> DrawResult<(), DB> {
        self.painter.rect((x + size * 0.3, y - size * 0.4), (x + size * 1.1, y + size * 0.4), colour)
    }
}

/// Greatest height of a row, in CSS pixels.
const ROW_MAX: f64 = 28.0;
/// Opacity of what is hidden, in the legend.
const HIDDEN: f64 = 0.35;
/// Room for the line or square before a legend's words, in text sizes.
const SWATCH: f64 = 1.8;

impl Header {
    fn new(chart: &Chart, font: f64, width: f64) -> Self {
        let margin = font * 0.8;
        let mut at = (margin, font * 3.7);
        let mut legend = Vec::new();
        for entry in chart.legend() {
            let swatch = if entry.colour_index.is_some() { SWATCH * font } else { 0.0 };
            let entry_width = swatch + text_width(&entry.text(), font);
            if at.0 > margin && at.0 + entry_width > width - margin {
                at = (margin, at.1 + font * 1.6);
            }
            legend.push((entry, at));
            at.0 += entry_width + font * 1.4;
        }
        let y_title = chart.axis_titles().1.into();
        Self { title: chart.title.clone(), y_title, legend, margin }
    }

    fn height(&self, font: f64) -> f64 {
        let legend = self.legend.last().map_or(font * 2.6, |(_, (_, y))| y + font * 0.9);
        legend + if self.y_title.is_empty() { font * 0.6 } else { font * 2.6 }
    }
}

/// Range and labels of the left side.
fn left_side(sides: &Sides<'_>, height: f64, font: f64, chart: &Chart) -> ((f64, f64), Vec<Tick>) {
    match &sides.y {
        Side::Numbers(axis) => {
            let wanted = (height / (font * 3.2)).within(1.0, 6.0) as usize;
            let axis = axis.rounded_up(wanted);
            (axis.range, axis.ticks(wanted, &chart.units))
        }
        Side::Bands { range, ticks } => {
            let wanted = (height / (font * 2.2)).within(1.0, ticks.len().max(1) as f64) as usize;
            (*range, ticks.get(wanted - 1).cloned().unwrap_or_default())
        }
        Side::Rows { names, .. } => {
            let tick = |(index, name): (usize, &&str)| Tick { at: index as f64, label: name.to_string() };
            ((0.0, names.len().max(1) as f64), names.iter().enumerate().map(tick).collect())
        }
    }
}

/// Edges between pixels are blurred.
fn whole_pixels(plot: PlotArea) -> PlotArea {
    let [left, top, right, bottom] = [plot.left, plot.top, plot.right, plot.bottom].map(f64::round);
    PlotArea { left, top, right: right.max(left), bottom: bottom.max(top), ..plot }
}
