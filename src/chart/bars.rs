//! Horizontal bars, each made of parts.

use plotters::prelude::DrawingBackend;

use super::{
    axis::Axis,
    frame::{Frame, Side, Sides},
    legend::{LegendEntry, LegendKind},
    number::{Scale, Unit, Units},
    painter::DrawResult,
    reading::Reading,
};

/// Horizontal bars, each made of parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StackedBars {
    /// The horizontal axis. With [`Unit::Share`] every bar has the same length, and its parts are shares of it.
    pub x: Axis,
    /// What the parts are.
    pub parts: Vec<Part>,
    /// The bars.
    pub rows: Vec<BarRow>,
}

/// What a part of each bar stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// In words.
    pub name: String,
    /// Index of the colour in the palette.
    pub colour: usize,
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

    pub(super) fn legend(&self) -> Vec<LegendEntry> {
        self.parts.iter().map(|part| LegendEntry::new(&part.name, part.colour, LegendKind::Area)).collect()
    }

    pub(super) fn sides(&self, units: &Units) -> Sides<'_> {
        let longest = self.rows.iter().map(BarRow::total).fold(0.0, f64::max);
        let longest = if self.x.unit == Unit::Share { 1.0 } else { longest };
        let x = Axis::from_zero(self.x.title.clone(), self.x.unit, longest);
        let names = self.rows.iter().map(|row| row.name.as_str()).collect();
        let figures = self.rows.iter().map(|row| self.figure(row, units)).collect();
        Sides { x, y: Side::Rows { names, figures } }
    }

    /// The figure beside a bar: the share of its first part, or its total.
    fn figure(&self, row: &BarRow, units: &Units) -> String {
        let total = row.total();
        if self.x.unit == Unit::Share {
            let share = row.sizes.first().map_or(f64::NAN, |first| first / total);
            return Scale::new(Unit::Share, 1.0, units).with_step(share, 0.001);
        }
        Scale::new(self.x.unit, total, units).rounded_whole(total)
    }

    pub(super) fn readings(&self, y: f64, units: &Units) -> Vec<Reading> {
        let Some(row) = self.row_at(y) else { return Vec::new() };
        let total = row.total();
        let mut readings = vec![Reading::place(row.name.clone())];
        for (part, size) in self.parts.iter().zip(&row.sizes).filter(|(_, size)| **size > 0.0) {
            let share = Scale::new(Unit::Share, 1.0, units).with_step(size / total, 0.001);
            let count = Scale::new(Unit::Number, *size, units).rounded_whole(*size);
            readings.push(Reading::new(&part.name, format!("{count} ({share})"), part.colour));
        }
        readings
    }

    fn row_at(&self, y: f64) -> Option<&BarRow> {
        let index = self.rows.len() as f64 - y;
        if index >= 0.0 { self.rows.get(index as usize) } else { None }
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, frame: &Frame<'_, DB>) -> DrawResult<(), DB> {
        for (index, row) in self.rows.iter().enumerate() {
            let total = row.total();
            let whole = if self.x.unit == Unit::Share { total } else { 1.0 };
            let (top, bottom) = frame.row(index);
            let mut end = 0.0;
            for (part, size) in self.parts.iter().zip(&row.sizes).filter(|(_, size)| **size > 0.0) {
                let start = end;
                end += size / whole;
                let (from, to) = (frame.plot.x(start).round(), frame.plot.x(end).round());
                frame.painter.rect((from, top), (to, bottom), frame.painter.style.colour(part.colour))?;
            }
        }
        Ok(())
    }
}
