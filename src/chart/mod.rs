//! Charts: from the figures of a run, over plain data, to any plotters backend (a canvas in the page, SVG natively).
//!
//! Three steps, each testable on its own: [`build()`] makes a [`Chart`] (numbers
//! and words, nothing of how it looks), [`draw()`] puts it on a drawing area in
//! a [`Style`], and the returned [`PlotArea`] says what each pixel means, so
//! that a page can lay a crosshair over it.
//!
//! Axes and layout are drawn here rather than by plotters' own chart builder,
//! for two reasons: on a canvas that one measures text by laying out the page,
//! and it does not bear ranges such as 0 to 0 or a drawing of one pixel.

mod axis;
mod bars;
mod bounds;
mod build;
#[cfg(target_arch = "wasm32")]
pub mod canvas;
#[expect(clippy::module_inception, reason = "the noun of this folder has a file of its own, like the others")]
mod chart;
mod colour;
mod decimate;
mod frame;
mod heat_cells;
mod heat_map;
mod histogram_chart;
mod kind;
mod legend;
mod line_chart;
mod line_path;
mod number;
mod painter;
mod plot_area;
mod reading;
mod source;
mod state_strip;
mod style;
#[cfg(not(target_arch = "wasm32"))]
mod svg;
mod table;
mod texts;

pub use axis::Axis;
pub use bars::{BarRow, Part, StackedBars};
pub use build::{Selection, UnknownSeries, build, build_selected};
pub use chart::{Chart, View, draw};
pub use colour::Colour;
pub use heat_map::{Band, HeatMap};
pub use histogram_chart::{HistogramChart, Mark, Sample};
pub use kind::ChartKind;
pub use legend::{LegendEntry, LegendKind};
pub use line_chart::{Line, LineChart};
pub use number::{Scale, Unit, Units};
pub use painter::{DrawError, DrawResult};
pub use plot_area::PlotArea;
pub use reading::Reading;
pub use source::Source;
pub use state_strip::{StateStrip, StripRow};
pub use style::{Decoration, PALETTE_SIZE, Style};
#[cfg(not(target_arch = "wasm32"))]
pub use svg::svg;
pub use table::ChartTable;
pub use texts::Texts;
