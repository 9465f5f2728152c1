//! Charts on a canvas of a page.

use std::f64::consts::TAU;

use plotters::drawing::IntoDrawingArea;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    text_anchor::{HPos, VPos},
};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::{
    chart::{Chart, draw},
    colour::Colour,
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

/// plotters' canvas with another way of drawing. A fill style is not set again and again: the browser reads it from text
/// each time, which takes most of the time that a heat map of thousands of rectangles needs. And numbers in styles are
/// written as everywhere else in the module, which then needs no second way.
struct Canvas {
    inner: CanvasBackend,
    context: CanvasRenderingContext2d,
    /// The fill style that is set, as far as that is known.
    fill: Option<((u8, u8, u8), f64)>,
}

type BackendError = DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>;
type Drawn = Result<(), BackendError>;

/// A colour as in CSS.
fn css(colour: BackendColor) -> String {
    let (red, green, blue) = colour.rgb;
    Colour { red, green, blue, alpha: colour.alpha }.into()
}

impl Canvas {
    fn fill_with(&mut self, colour: BackendColor) {
        let wanted = Some((colour.rgb, colour.alpha));
        if self.fill != wanted {
            self.fill = wanted;
            self.context.set_fill_style_str(&css(colour));
        }
    }

    fn stroke_with(&self, style: &impl BackendStyle) {
        self.context.set_stroke_style_str(&css(style.color()));
        self.context.set_line_width(f64::from(style.stroke_width()));
    }

    fn trace(&self, points: impl IntoIterator<Item = BackendCoord>) {
        self.context.begin_path();
        // The first of them moves to its point, as there is nothing to draw a line from.
        points.into_iter().for_each(|(x, y)| self.context.line_to(f64::from(x), f64::from(y)));
    }
}

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

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Drawn {
        self.fill_with(colour);
        self.context.fill_rect(f64::from(x), f64::from(y), 1.0, 1.0);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        let [left, top, right, bottom] = [from.0, from.1, to.0, to.1].map(f64::from);
        if fill {
            self.fill_with(style.color());
            self.context.fill_rect(left, top, right - left, bottom - top);
        } else {
            self.stroke_with(style);
            self.context.stroke_rect(left, top, right - left, bottom - top);
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.stroke_with(style);
        self.trace(path);
        self.context.stroke();
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.fill_with(style.color());
        self.trace(path);
        self.context.fill();
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        self.context.begin_path();
        // Fails for a negative radius only.
        _ = self.context.arc(f64::from(centre.0), f64::from(centre.1), f64::from(radius), 0.0, TAU);
        if fill {
            self.fill_with(style.color());
            self.context.fill();
        } else {
            self.stroke_with(style);
            self.context.stroke();
        }
        Ok(())
    }

    /// Text that reads from left to right; the charts have no other.
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        let anchor = style.anchor();
        self.context.set_text_baseline(match anchor.v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        });
        self.context.set_text_align(match anchor.h_pos {
            HPos::Left => "start",
            HPos::Right => "end",
            HPos::Center => "center",
        });
        self.fill_with(style.color());
        let (weight, size, family) = (style.style(), style.size(), style.family());
        self.context.set_font(&format!("{} {size}px {}", weight.as_str(), family.as_str()));
        // Fails for no text.
        _ = self.context.fill_text(text, f64::from(x), f64::from(y));
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(&self, text: &str, style: &S) -> Result<(u32, u32), BackendError> {
        self.inner.estimate_text_size(text, style)
    }
}
