//! What the colours of a chart mean.

use serde::Serialize;

/// An entry of a legend.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LegendEntry {
    /// What it stands for, in words. It stays the same while a run goes on, so that it can be hidden by name.
    pub name: String,
    /// Its number, where it stands for one: `540 ms` for a mark at the 95th percentile.
    pub figure: Option<String>,
    /// Index of its colour in the palette of the style; none for a remark such as `+12 more`.
    pub colour_index: Option<usize>,
    /// How it is drawn.
    pub kind: LegendKind,
    /// Whether what it stands for is not drawn at the moment.
    pub hidden: bool,
}

/// How the thing in a legend is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LegendKind {
    /// A line.
    Line,
    /// A dashed line: its colour serves another series too.
    Dashed,
    /// A filled area.
    Area,
    /// A filled area that is a background, or whose colour serves another area too, drawn faintly.
    FaintArea,
    /// A vertical line at one number.
    Mark,
    /// Nothing: words only.
    Remark,
}

impl LegendEntry {
    pub(super) fn new(name: impl Into<String>, colour: usize, kind: LegendKind) -> Self {
        Self { name: name.into(), figure: None, colour_index: Some(colour), kind, hidden: false }
    }

    pub(super) fn remark(name: String) -> Self {
        Self { name, figure: None, colour_index: None, kind: LegendKind::Remark, hidden: false }
    }

    /// The same entry, hidden or not.
    pub(super) fn hidden(self, hidden: bool) -> Self {
        Self { hidden, ..self }
    }

    /// Name and number.
    pub(super) fn text(&self) -> String {
        match &self.figure {
            Some(figure) => format!("{} {figure}", self.name),
            None => self.name.clone(),
        }
    }
}
