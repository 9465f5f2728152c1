//! Up and down: a strip for each component over time.

use plotters::prelude::DrawingBackend;
use serde_json::Value;

use super::{
    axis::Axis,
    frame::{Frame, Side, Sides},
    legend::{LegendEntry, LegendKind},
    number::{Scale, Unit, Units},
    painter::DrawResult,
    reading::Reading,
    style::FAINT_AREA,
    table::{ChartTable, number},
};

/// States of components over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateStrip {
    /// The horizontal axis: time.
    pub x: Axis,
    /// A strip for each component.
    pub rows: Vec<StripRow>,
    /// The words for up, down, and a mark.
    pub words: [String; 3],
    /// Which of these three are in the legend only.
    pub hidden: [bool; 3],
}

/// The strip of a component.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StripRow {
    /// Name of the component.
    pub name: String,
    /// From when to when it is known.
    pub known: (f64, f64),
    /// From when to when it was down, in order.
    pub down: Vec<(f64, f64)>,
    /// When something happened to it that is marked (a promotion).
    pub marks: Vec<f64>,
}

/// Colours: up is the green of the palette, faintly; down the red; a mark the blue.
const UP: usize = 2;
const DOWN: usize = 1;
const MARK: usize = 0;
/// How wide a mark is, and how much of a row is seen at least until the next one, in CSS pixels.
const MARK_WIDTH: f64 = 3.0;
const MARK_GAP: f64 = 6.0;

impl StripRow {
    /// The share of a span of time during which it was up.
    fn availability(&self, (from, to): (f64, f64)) -> f64 {
        let within = |(start, end): (f64, f64)| (end.min(to) - start.max(from)).max(0.0);
        let down: f64 = self.down.iter().map(|span| within(*span)).sum();
        1.0 - down / within(self.known)
    }

    fn is_down_at(&self, time: f64) -> bool {
        self.down.iter().any(|(from, to)| (*from..*to).contains(&time))
    }
}

impl StateStrip {
    pub(super) fn hide(&mut self, names: &[String]) {
        self.hidden = [0, 1, 2].map(|index: usize| names.contains(&self.words[index]));
    }

    pub(super) fn legend(&self) -> Vec<LegendEntry> {
        let kinds = [(UP, LegendKind::FaintArea), (DOWN, LegendKind::Area), (MARK, LegendKind::Mark)];
        let has_marks = self.rows.iter().any(|row| !row.marks.is_empty());
        let shown = self.words.iter().zip(kinds).zip(self.hidden).take(if has_marks { 3 } else { 2 });
        shown.map(|((word, (colour, kind)), hidden)| LegendEntry::new(word, colour, kind).hidden(hidden)).collect()
    }

    /// A row for each outage in view: of whom, from when to when. Who had none has a row without times.
    pub(super) fn table(&self, (from, to): (f64, f64), columns: [String; 3]) -> ChartTable {
        let mut rows = Vec::new();
        for row in &self.rows {
            let mut outages = row.down.iter().filter(|span| span.1 >= from && span.0 <= to).peekable();
            if outages.peek().is_none() {
                rows.push(vec![row.name.as_str().into(), Value::Null, Value::Null]);
            }
            rows.extend(outages.map(|span| vec![row.name.as_str().into(), number(span.0), number(span.1)]));
        }
        ChartTable { columns: columns.into(), rows }
    }

    pub(super) fn sides(&self, x_range: (f64, f64), units: &Units) -> Sides<'_> {
        let x = Axis { range: x_range, ..self.x.clone() };
        let scale = Scale::new(Unit::Share, 1.0, units);
        let range = x.safe_range();
        let figures = self.rows.iter().map(|row| scale.with_step(row.availability(range), 0.01)).collect();
        Sides { x, y: Side::Rows { names: self.rows.iter().map(|row| row.name.as_str()).collect(), figures } }
    }

    pub(super) fn readings(&self, x: f64, y: f64, units: &Units) -> Vec<Reading> {
        let index = self.rows.len() as f64 - y;
        let Some(row) = (index >= 0.0).then(|| self.rows.get(index as usize)).flatten() else { return Vec::new() };
        let scale = Scale::new(self.x.unit, self.x.range.1, units);
        let mut readings = vec![Reading::place(scale.rounded(x))];
        let (word, colour) = if row.is_down_at(x) { (&self.words[1], DOWN) } else { (&self.words[0], UP) };
        readings.push(Reading::new(&row.name, word.clone(), colour));
        readings
    }

    pub(super) fn draw<DB: DrawingBackend>(&self, frame: &Frame<'_, DB>) -> DrawResult<(), DB> {
        // Colour by colour, not row by row: a change of colour costs more than a rectangle.
        for layer in (0..self.hidden.len()).filter(|layer| !self.hidden[*layer]) {
            for (index, row) in self.rows.iter().enumerate() {
                draw_row(row, layer, frame.row(index), frame)?;
            }
        }
        Ok(())
    }
}

/// Of places in order those that lie at least so far from the one before: of marks that would cover the row one is enough,
/// and the row is to be seen between them.
fn apart(places: impl Iterator<Item = f64>, gap: f64) -> impl Iterator<Item = f64> {
    let mut last = f64::NEG_INFINITY;
    places.filter(move |place| {
        let is_apart = place - last >= gap;
        if is_apart {
            last = *place;
        }
        is_apart
    })
}

/// One layer of a row: 0 is up, 1 down, 2 the marks.
fn draw_row<DB: DrawingBackend>(
    row: &StripRow,
    layer: usize,
    (top, bottom): (f64, f64),
    frame: &Frame<'_, DB>,
) -> DrawResult<(), DB> {
    let (plot, painter) = (&frame.plot, frame.painter);
    let span = |(from, to): (f64, f64), opacity: f64, colour: usize| {
        let (from, to) = (plot.x(from).max(plot.left), plot.x(to).min(plot.right));
        if from <= to {
            let colour = painter.style.colour(colour).faded(opacity);
            painter.rect((from, top), (to, bottom), colour)?;
        }
        Ok(())
    };
    match layer {
        0 => span(row.known, FAINT_AREA, UP)?,
        1 => row.down.iter().try_for_each(|down| span(*down, 1.0, DOWN))?,
        _ => {
            let in_view = row.marks.iter().filter(|mark| (plot.x_min..=plot.x_max).contains(*mark));
            for x in apart(in_view.map(|mark| plot.x(*mark)), painter.style.pixels(MARK_WIDTH + MARK_GAP)) {
                painter.vertical(x, (top, bottom), MARK_WIDTH, painter.style.colour(MARK))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_many_marks_the_row_is_seen() {
        let crowded = (0..1000).map(f64::from);
        let drawn: Vec<f64> = apart(crowded, MARK_WIDTH + MARK_GAP).collect();
        assert_eq!((drawn[0], drawn[1], drawn.len()), (0.0, 9.0, 112));
        let few = [1.0, 1.5, 30.0, 40.0];
        assert_eq!(apart(few.into_iter(), 9.0).collect::<Vec<_>>(), [1.0, 30.0, 40.0]);
    }
}
