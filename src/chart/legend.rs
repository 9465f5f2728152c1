//! What the colours of a chart mean.

use serde::Serialize;

/// An entry of a legend.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LegendEntry {
    /// What it stands for, in words.
    pub name: String,
    /// Index of its colour in the palette of the style; none for a remark such as `+12 more`.
    pub colour_index: Option<usize>,
    /// How it is drawn.
    pub kind: LegendKind,
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
    /// A filled area that is a background, drawn faintly.
    FaintArea,
    /// A vertical line at one number.
    Mark,
    /// Nothing: words only.
    Remark,
}

impl LegendEntry {
    pub(super) fn new(name: impl Into<String>, colour: usize, kind: LegendKind) -> Self {
        Self { name: name.into(), colour_index: Some(colour), kind }
    }

    pub(super) fn remark(name: String) -> Self {
        Self { name, colour_index: None, kind: LegendKind::Remark }
    }
}
