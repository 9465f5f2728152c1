//! Charts on a canvas of a page.

use plotters::drawing::IntoDrawingArea;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::{
    chart::{Chart, draw},
    plot_area::PlotArea,
    style::Style,
};

/// Why a chart could not be drawn on a canvas.
#[derive(Debug, thiserror::Error)]
pub enum CanvasError {
    /// The canvas gives no 2d context: it has one of another kind already, or the page has too many.
    #[error("the canvas has no 2d context")]
    NoContext,
    /// The browser refused to draw.
    #[error("the canvas cannot be drawn on: {0}")]
    Drawing(String),
}

/// Draws a chart on a canvas, whose former content is cleared first.
///
/// The canvas must have its size in device pixels, and `style.pixel_ratio` say
/// how many of those make a CSS pixel. With [`Decoration::AxesOnly`] no text is
/// measured, so the page is not laid out anew.
///
/// [`Decoration::AxesOnly`]: super::Decoration::AxesOnly
pub fn draw_on_canvas(canvas: HtmlCanvasElement, chart: &Chart, style: &Style) -> Result<PlotArea, CanvasError> {
    let context = canvas.get_context("2d").ok().flatten().ok_or(CanvasError::NoContext)?;
    let context: CanvasRenderingContext2d = context.dyn_into().map_err(|_| CanvasError::NoContext)?;
    context.clear_rect(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height()));
    // Sharp spikes with mitred joins would stick out above their values.
    context.set_line_join("round");
    let area = CanvasBackend::with_canvas_object(canvas).ok_or(CanvasError::NoContext)?.into_drawing_area();
    draw(chart, style, &area).map_err(|error| CanvasError::Drawing(error.to_string()))
}
