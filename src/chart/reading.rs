//! What a chart says at one place, for a tooltip.

use serde::Serialize;

/// A line of a tooltip.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// Whose number it is; empty for the place on the horizontal axis.
    pub name: String,
    /// The number, with its unit.
    pub text: String,
    /// Index of the colour in the palette.
    pub colour_index: Option<usize>,
}

impl Reading {
    pub(super) fn place(text: String) -> Self {
        Self { name: String::new(), text, colour_index: None }
    }

    pub(super) fn new(name: &str, text: String, colour: usize) -> Self {
        Self { name: name.into(), text, colour_index: Some(colour) }
    }
}
