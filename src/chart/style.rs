//! How a chart looks: colours, sizes, and how much of it is drawn.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{bounds::Bounded, colour::Colour};

/// Number of colours for series in the palettes given here. A palette may have more or fewer.
pub const PALETTE_SIZE: usize = 8;

/// Okabe and Ito's colours, which colour-blind readers tell apart; their yellow, too faint on white, is left out.
const LIGHT: [u32; PALETTE_SIZE] = [0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x5b4a9e, 0x7a7a7a];

/// The same hues in the same order, bright enough for a dark background.
const DARK: [u32; PALETTE_SIZE] = [0x4aa8e8, 0xff8243, 0x2fc79a, 0xe79ac8, 0xf5bc45, 0x9bd8ff, 0xa99bf0, 0xb4b4b4];

/// Opacity of areas that are drawn faintly.
pub(super) const FAINT_AREA: f64 = 0.25;

/// How a chart looks.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Style {
    /// Colours of series, by colour index. The first stands for success, the second for failure.
    pub series: Vec<Colour>,
    /// Colour of text.
    pub foreground: Colour,
    /// Colour of text that matters less: tick labels, axis titles.
    pub muted: Colour,
    /// Colour of grid lines.
    pub grid: Colour,
    /// Colour of the background; without it, the background is left as it is.
    pub background: Option<Colour>,
    /// Font family, as in CSS.
    pub font_family: String,
    /// Size of tick labels in CSS pixels; other sizes follow from it.
    pub font_size: f64,
    /// Pixels of the drawing per CSS pixel. Scales fonts and strokes.
    pub pixel_ratio: f64,
    /// What is drawn beside the plot.
    pub decoration: Decoration,
}

/// What is drawn beside the plot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decoration {
    /// Title, legend and axis titles: for a picture that stands alone.
    #[default]
    Full,
    /// Tick labels only: for a canvas whose title and legend are HTML beside it.
    AxesOnly,
}

impl Style {
    /// Dark on white.
    pub fn light() -> Self {
        Self {
            series: LIGHT.map(Colour::hex).to_vec(),
            foreground: Colour::hex(0x1b1f24),
            muted: Colour::hex(0x59626d),
            grid: Colour::hex(0xe3e6ea),
            background: Some(Colour::hex(0xffffff)),
            font_family: "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif".into(),
            font_size: 11.0,
            pixel_ratio: 1.0,
            decoration: Decoration::Full,
        }
    }

    /// Light on near-black.
    pub fn dark() -> Self {
        Self {
            series: DARK.map(Colour::hex).to_vec(),
            foreground: Colour::hex(0xe8ebef),
            muted: Colour::hex(0xa2abb6),
            grid: Colour::hex(0x2c333c),
            background: Some(Colour::hex(0x14181d)),
            ..Self::light()
        }
    }

    /// The colour of that index; a palette too short begins anew.
    pub fn colour(&self, index: usize) -> Colour {
        match self.series.len() {
            0 => self.foreground,
            length => self.series[index % length],
        }
    }

    /// CSS pixels as pixels of the drawing. Nonsense from outside (NaN, negative, huge) is bounded here.
    pub(super) fn pixels(&self, css: f64) -> f64 {
        let ratio = if self.pixel_ratio.is_finite() { self.pixel_ratio.within(0.1, 16.0) } else { 1.0 };
        css * ratio
    }

    /// Size of tick labels in pixels of the drawing.
    pub(super) fn font_pixels(&self) -> f64 {
        let size = if self.font_size.is_finite() { self.font_size.within(1.0, 200.0) } else { 11.0 };
        self.pixels(size)
    }
}

impl Default for Style {
    fn default() -> Self {
        Self::light()
    }
}
