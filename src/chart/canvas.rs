//! Charts on a canvas of a page.

use plotters::drawing::IntoDrawingArea;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};
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
    let inner = CanvasBackend::with_canvas_object(canvas).ok_or(CanvasError::NoContext)?;
    let area = Canvas { inner, context, fill: None }.into_drawing_area();
    draw(chart, style, &area).map_err(|error| CanvasError::Drawing(error.to_string()))
}

/// plotters' canvas, but a fill style is not set again and again: the browser reads it from text each time, which takes
/// most of the time that a heat map of thousands of rectangles needs.
struct Canvas {
    inner: CanvasBackend,
    context: CanvasRenderingContext2d,
    /// The fill style that is set, as far as that is known.
    fill: Option<((u8, u8, u8), f64)>,
}

type Drawn = Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

impl DrawingBackend for Canvas {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.inner.get_size()
    }

    fn ensure_prepared(&mut self) -> Drawn {
        self.inner.ensure_prepared()
    }

    fn present(&mut self) -> Drawn {
        self.inner.present()
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Drawn {
        self.fill = None;
        self.inner.draw_pixel(at, colour)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        let colour = style.color();
        if !fill || colour.alpha == 0.0 {
            return self.inner.draw_rect(from, to, style, fill);
        }
        let wanted = Some((colour.rgb, colour.alpha));
        if self.fill != wanted {
            self.fill = wanted;
            return self.inner.draw_rect(from, to, style, fill);
        }
        let [left, top, right, bottom] = [from.0, from.1, to.0, to.1].map(f64::from);
        self.context.fill_rect(left, top, right - left, bottom - top);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.inner.draw_path(path, style)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.fill = None;
        self.inner.fill_polygon(path, style)
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        self.fill = None;
        self.inner.draw_circle(centre, radius, style, fill)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        self.fill = None;
        self.inner.draw_text(text, style, at)
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        self.inner.estimate_text_size(text, style)
    }
}
