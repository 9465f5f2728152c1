//! A chart: plain data, ready to be drawn.

use plotters::{coord::Shift, drawing::DrawingArea, prelude::DrawingBackend};

use super::{
    bars::StackedBars,
    frame::{Frame, Sides},
    heat_map::HeatMap,
    histogram_chart::HistogramChart,
    kind::ChartKind,
    legend::LegendEntry,
    line_chart::LineChart,
    number::Units,
    painter::{DrawResult, Painter},
    plot_area::PlotArea,
    reading::Reading,
    state_strip::StateStrip,
    style::Style,
    table::ChartTable,
};

/// A chart: what is to be seen, in words and numbers, but not yet how it looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Which of the catalogue it is.
    pub kind: ChartKind,
    /// Title.
    pub title: String,
    /// What is drawn.
    pub view: View,
    /// Part of the horizontal axis to be shown, where it is time; without it, the run so far. What is no range (not
    /// finite, or empty) is as good as none.
    pub zoom: Option<(f64, f64)>,
    /// Remarks for the legend, such as `+12 more`.
    pub remarks: Vec<String>,
    /// What to say while there is nothing to draw.
    pub no_data: String,
    /// What the figures of another run are called: `{n} (baseline)`.
    pub baseline_of: String,
    /// Headings of tables: name, from, to.
    pub headings: [String; 3],
    /// Names of units.
    pub units: Units,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum View {
    /// Lines over time.
    Lines(LineChart),
    /// A histogram.
    Histogram(HistogramChart),
    /// Horizontal bars.
    Bars(StackedBars),
    /// States of components over time.
    Strip(StateStrip),
    /// Counts by time and size.
    Heat(HeatMap),
}

impl Chart {
    /// What the colours mean.
    pub fn legend(&self) -> Vec<LegendEntry> {
        let mut entries = match &self.view {
            View::Lines(chart) => chart.legend(),
            View::Histogram(chart) => chart.legend(&self.units),
            View::Bars(chart) => chart.legend(),
            View::Strip(chart) => chart.legend(),
            View::Heat(chart) => chart.legend(),
        };
        entries.extend(self.remarks.iter().cloned().map(LegendEntry::remark));
        entries
    }

    /// Titles of the horizontal and the vertical axis. A chart of rows has none on the vertical one.
    pub fn axis_titles(&self) -> (&str, &str) {
        match &self.view {
            View::Lines(chart) => (&chart.x.title, &chart.y.title),
            View::Histogram(chart) => (&chart.x.title, &chart.y_title),
            View::Bars(chart) => (&chart.x.title, ""),
            View::Strip(chart) => (&chart.x.title, ""),
            View::Heat(chart) => (&chart.x.title, &chart.y_title),
        }
    }

    /// Number of rows of a chart of rows, so that a page can make it high enough; else none.
    pub fn rows(&self) -> Option<usize> {
        match &self.view {
            View::Bars(chart) => Some(chart.rows.len()),
            View::Strip(chart) => Some(chart.rows.len()),
            View::Lines(_) | View::Histogram(_) | View::Heat(_) => None,
        }
    }

    /// Whether the horizontal axis is simulated time, so that charts can be zoomed together.
    pub fn has_time_axis(&self) -> bool {
        matches!(self.view, View::Lines(_) | View::Strip(_) | View::Heat(_))
    }

    /// Leaves what these entries of the legend stand for out of the picture, and shows everything else. A heat map
    /// has nothing to leave out.
    pub fn hide(&mut self, names: &[String]) {
        match &mut self.view {
            View::Lines(chart) => chart.hide(names),
            View::Histogram(chart) => chart.hide(names),
            View::Bars(chart) => chart.hide(names),
            View::Strip(chart) => chart.hide(names),
            View::Heat(_) => {}
        }
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        match &self.view {
            View::Lines(chart) => chart.is_empty(),
            View::Histogram(chart) => chart.is_empty(),
            View::Bars(chart) => chart.is_empty(),
            View::Strip(chart) => chart.rows.is_empty(),
            View::Heat(chart) => chart.is_empty(),
        }
    }

    /// What stands at a place of the plot, for a tooltip: the numbers of the axes there, as [`PlotArea`] gives them.
    pub fn readings(&self, x: f64, y: f64) -> Vec<Reading> {
        match &self.view {
            View::Lines(chart) => chart.readings(x, &self.units, &self.baseline_of),
            View::Histogram(chart) => chart.readings(x, &self.units, &self.baseline_of),
            View::Bars(chart) => chart.readings(y, &self.units),
            View::Strip(chart) => chart.readings(x, y, &self.units),
            View::Heat(chart) => chart.readings(x, y, &self.units),
        }
    }

    /// The figures behind what is shown.
    pub fn table(&self) -> ChartTable {
        let [name, from, to] = self.headings.clone();
        match &self.view {
            View::Lines(chart) => chart.table(self.zoomed(chart.x.range), &self.baseline_of),
            View::Histogram(chart) => chart.table([from, to]),
            View::Bars(chart) => chart.table(name),
            View::Strip(chart) => chart.table(self.zoomed(chart.x.range), [name, from, to]),
            View::Heat(chart) => chart.table(self.zoomed(chart.x.range), &self.units),
        }
    }

    /// The part of the axis of time that is in view.
    fn zoomed(&self, range: (f64, f64)) -> (f64, f64) {
        let is_range = |(from, to): &(f64, f64)| from.is_finite() && to.is_finite() && from < to;
        self.zoom.filter(is_range).unwrap_or(range)
    }

    /// The sides of the plot: axes, or names of rows.
    fn sides(&self) -> Sides<'_> {
        match &self.view {
            View::Lines(chart) => chart.sides(self.zoomed(chart.x.range)),
            View::Histogram(chart) => chart.sides(),
            View::Bars(chart) => chart.sides(&self.units),
            View::Strip(chart) => chart.sides(self.zoomed(chart.x.range), &self.units),
            View::Heat(chart) => chart.sides(self.zoomed(chart.x.range), &self.units),
        }
    }
}

/// Draws a chart; returns where the plot came to stand.
pub fn draw<DB: DrawingBackend>(
    chart: &Chart,
    style: &Style,
    area: &DrawingArea<DB, Shift>,
) -> DrawResult<PlotArea, DB> {
    draw_with(chart, &Painter::new(area, style, 1.0))
}

/// Draws a chart on a backend with its own idea of the size of text.
pub(super) fn draw_with<DB: DrawingBackend>(chart: &Chart, painter: &Painter<'_, DB>) -> DrawResult<PlotArea, DB> {
    painter.clear()?;
    let frame = Frame::new(painter, chart, &chart.sides());
    if frame.plot.is_visible() {
        frame.draw_grid()?;
        match &chart.view {
            _ if chart.is_empty() => frame.draw_remark(&chart.no_data)?,
            View::Lines(view) => view.draw(&frame)?,
            View::Histogram(view) => view.draw(&frame)?,
            View::Bars(view) => view.draw(&frame)?,
            View::Strip(view) => view.draw(&frame)?,
            View::Heat(view) => view.draw(&frame)?,
        }
        frame.draw_axes()?;
    }
    Ok(frame.plot)
}
