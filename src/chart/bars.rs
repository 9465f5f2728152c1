//! Horizontal bars, each made of parts.

use plotters::prelude::DrawingBackend;
use serde_json::Value;

use super::{
    axis::Axis,
    frame::{Frame, Side, Sides},
    legend::{LegendEntry, LegendKind},
    number::{Scale, Unit, Units},
    painter::DrawResult,
    reading::Reading,
    table::{ChartTable, number},
};

/// Opacity of a faint part: less faint than a background, as it stands beside strong ones.
const FAINT: f64 = 0.45;

/// Horizontal bars, each made of parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StackedBars {
    /// The horizontal axis. With [`Unit::Share`] every bar has the same length, and its parts are shares of it; shares
    /// stay those of the whole where parts are hidden.
    pub x: Axis,
    /// What the parts are.
    pub parts: Vec<Part>,
    /// The bars.
    pub rows: Vec<BarRow>,
}

/// What a part of each bar stands for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// In words.
    pub name: String,
    /// Index of the colour in the palette.
    pub colour: usize,
    /// Whether it is drawn faintly, because another part has the same colour.
    pub faint: bool,
    /// Whether it is in the legend only.
    pub hidden: bool,
}

/// A bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BarRow {
    /// Whose bar it is.
    pub name: String,
    /// Sizes of its parts, in the order of [`StackedBars::parts`].
    pub sizes: Vec<f64>,
}

impl BarRow {
    fn total(&self) -> f64 {
        self.sizes.iter().copied().filter(|size| size.is_finite()).map(|size| size.max(0.0)).sum()
    }
}

impl StackedBars {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.iter().all(|row| row.total() <= 0.0)
    }

    pub(super) fn hide(&mut self, names: &[String]) {
        for part in &mut self.parts {
            part.hidden = names.contains(&part.name);
        }
    }

    pub(super) fn legend(&self) -> Vec<LegendEntry> {
        let kind = |part: &Part| if part.faint { LegendKind::FaintArea } else { LegendKind::Area };
        let entry = |part: &Part| LegendEntry::new(&part.name, part.colour, kind(part)).hidden(part.hidden);
        self.parts.iter().map(entry).collect()
    }

    /// The parts of a row that are shown, with their sizes as they are drawn.
    fn shown<'a>(&'a self, row: &'a BarRow) -> impl Iterator<Item = (&'a Part, f64)> {
        let whole = if self.x.unit == Unit::Share { row.total() } else { 1.0 };
        let parts = self.parts.iter().zip(&row.sizes).filter(|(part, size)| !part.hidden && **size > 0.0);
        parts.map(move |(part, size)| (part, size / whole))
    }

    /// The length of a row as it is drawn.
    fn length(&self, row: &BarRow) -> f64 {
        self.shown(row).map(|(_, size)| size).filter(|size| size.is_finite()).sum()
    }

    pub(super) fn sides(&self, units: &Units) -> Sides<'_> {
        let longest = self.rows.iter().map(|row| self.length(row)).fold(0.0, f64::max);
        let is_whole = self.x.unit == Unit::Share && !self.parts.iter().any(|part| part.hidden);
        let x = Axis::from_zero(self.x.title.clone(), self.x.unit, if is_whole { 1.0 } else { longest });
        let names = self.rows.iter().map(|row| row.name.as_str()).collect();
        let figures = self.rows.iter().map(|row| self.figure(row, units)).collect();
        Sides { x, y: Side::Rows { names, figures } }
    }

    /// The figure beside a bar: its length; but the share of its first part, where all bars are as long.
    fn figure(&self, row: &BarRow, units: &Units) -> String {
        if self.x.unit != Unit::Share {
            let length = self.length(row);
            return Scale::new(self.x.unit, length, units).rounded_whole(length);
        }
        let first = self.shown(row).find(|(part, _)| part.name == self.parts[0].name).map_or(0.0, |(_, size)| size);
        let is_first_hidden = self.parts.first().is_some_and(|part| part.hidden);
        let share = if is_first_hidden { self.length(row) } else { first };
        let share = if row.total() > 0.0 { share } else { f64::NAN };
        Scale::new(Unit::Share, 1.0, units).with_step(share, 0.001)
    }

    /// A row for each bar, a column for each part.
    pub(super) fn table(&self, name: String) -> ChartTable {
        let shown = |index: &usize| !self.parts[*index].hidden;
        let parts = || (0..self.parts.len()).filter(shown);
        let columns = [name].into_iter().chain(parts().map(|index| self.parts[index].name.clone()));
        let cell = |row: &BarRow, index: usize| row.sizes.get(index).map_or(Value::Null, |size| number(*size));
        let row = |row: &BarRow| {
            [Value::from(row.name.as_str())].into_iter().chain(parts().map(|index| cell(row, index))).collect()
        };
        ChartTable { columns: columns.collect(), rows: self.rows.iter().map(row).collect() }
    }

    pub(super) fn readings(&self, y: f64, units: &Units) -> Vec<Reading> {
        let Some(row) = self.row_at(y) else { return Vec::new() };
        let total = row.total();
        let mut readings = vec![Reading::place(row.name.clone())];
        for (part, size) in self.parts.iter().zip(&row.sizes).filter(|(part, size)| !part.hidden && **size > 0.0) {
            let share = Scale::new(Unit::Share, 1.0, units).with_step(size / total, 0.001);
            let unit = if self.x.unit == Unit::Seconds { Unit::Seconds } else { Unit::Number };
            let figure = Scale::new(unit, *size, units).rounded_whole(*size);
            readings.push(Reading::new(&part.name, format!("{figure} ({share})"), part.colour));
        }
        readings
    }

    fn row_at(&self, y: f64) -> Option<&BarRow> {
        let index = self.rows.len() as f64 - y;
        if index >= 0.0 { self.rows.get(index as usize) } else { None }
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, frame: &Frame<'_, DB>) -> DrawResult<(), DB> {
        for (index, row) in self.rows.iter().enumerate() {
            let (top, bottom) = frame.row(index);
            let mut end = 0.0;
            for (part, size) in self.shown(row) {
                let start = end;
                end += size;
                let (from, to) = (frame.plot.x(start).round(), frame.plot.x(end).round());
                let colour = frame.painter.style.colour(part.colour);
                let colour = if part.faint { colour.faded(FAINT) } else { colour };
                frame.painter.rect((from, top), (to, bottom), colour)?;
            }
        }
        Ok(())
    }
}
