//! What the colours of a chart mean.

use serde_json::Value;

use crate::json::{Show, shown};

/// An entry of a legend.
#[derive(Clone, Debug, PartialEq)]
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

shown!(LegendEntry { name, figure, colour_index, kind, hidden });

/// How the thing in a legend is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Show for LegendKind {
    fn show(&self) -> Value {
        let word = match self {
            Self::Line => "line",
            Self::Dashed => "dashed",
            Self::Area => "area",
            Self::FaintArea => "faint_area",
            Self::Mark => "mark",
            Self::Remark => "remark",
        };
        word.into()
    }
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
