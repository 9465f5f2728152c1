//! A drawing area and a style: shapes in fractions of pixels, text in sizes of the style.

use plotters::{
    coord::Shift,
    drawing::{DrawingArea, DrawingAreaErrorKind},
    element::{Circle, PathElement, Polygon, Rectangle, Text},
    prelude::DrawingBackend,
    style::{
        FontDesc, FontFamily, FontStyle, ShapeStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

use super::{bounds::Bounded, colour::Colour, style::Style};

/// What goes wrong when a chart is drawn: only what the backend reports.
pub type DrawError<DB> = DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>;
/// The result of drawing.
pub type DrawResult<T, DB> = Result<T, DrawError<DB>>;

/// Where a text stands relative to its point.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    /// To the right of it, centred in height.
    Left,
    /// To the left of it, centred in height.
    Right,
    /// Below it, centred in width.
    Top,
    /// Around it.
    Centre,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) struct Face {
    pub size: f64,
    pub colour: Colour,
    pub bold: bool,
}

/// A drawing area and the style in which to draw on it.
pub(super) struct Painter<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    /// The style.
    pub style: &'a Style,
    text_factor: f64,
}

/// A coordinate in pixels, whatever it was: plotters counts in `i32` and adds to it.
fn pixel(value: f64) -> i32 {
    value.within(-1e6, 1e6).round() as i32
}

fn point((x, y): (f64, f64)) -> (i32, i32) {
    (pixel(x), pixel(y))
}

fn stroke(colour: Colour, width: f64) -> ShapeStyle {
    ShapeStyle { color: colour.rgba(), filled: false, stroke_width: pixel(width).max(1) as u32 }
}

fn fill(colour: Colour) -> ShapeStyle {
    ShapeStyle { color: colour.rgba(), filled: true, stroke_width: 1 }
}

impl<'a, DB: DrawingBackend> Painter<'a, DB> {
    /// A painter; `text_factor` makes good for a backend that draws text in another size than it is told.
    pub(super) fn new(area: &'a DrawingArea<DB, Shift>, style: &'a Style, text_factor: f64) -> Self {
        Self { area, style, text_factor }
    }

    /// Width and height in pixels.
    pub(super) fn size(&self) -> (f64, f64) {
        let (width, height) = self.area.dim_in_pixel();
        (f64::from(width), f64::from(height))
    }

    /// A text in the usual size, in the colour of what matters less.
    pub(super) fn small(&self) -> Face {
        Face { size: self.style.font_pixels(), colour: self.style.muted, bold: false }
    }

    pub(super) fn clear(&self) -> DrawResult<(), DB> {
        match self.style.background {
            Some(colour) => self.area.fill(&colour.rgba()),
            None => Ok(()),
        }
    }

    /// A filled rectangle. It is at least one pixel wide and high, so that rare things stay visible.
    pub(super) fn rect(&self, from: (f64, f64), to: (f64, f64), colour: Colour) -> DrawResult<(), DB> {
        let ((left, top), (right, bottom)) = (point(from), point(to));
        let corners = [(left, top), (right.max(left + 1), bottom.max(top + 1))];
        self.area.draw(&Rectangle::new(corners, fill(colour)))
    }

    /// A horizontal line of one CSS pixel. A rectangle, as strokes of odd width blur between two pixels.
    pub(super) fn horizontal(&self, y: f64, (left, right): (f64, f64), colour: Colour) -> DrawResult<(), DB> {
        let y = y.round();
        self.rect((left, y), (right, y + self.style.pixels(1.0).round().max(1.0)), colour)
    }

    /// A vertical line that many CSS pixels wide.
    pub(super) fn vertical(&self, x: f64, (top, bottom): (f64, f64), css: f64, colour: Colour) -> DrawResult<(), DB> {
        let width = self.style.pixels(css).round().max(1.0);
        let left = (x - width / 2.0).round();
        self.rect((left, top), (left + width, bottom), colour)
    }

    pub(super) fn line(&self, points: &[(f64, f64)], css: f64, colour: Colour) -> DrawResult<(), DB> {
        let path: Vec<(i32, i32)> = points.iter().copied().map(point).collect();
        self.area.draw(&PathElement::new(path, stroke(colour, self.style.pixels(css))))
    }

    pub(super) fn polygon(&self, points: &[(f64, f64)], colour: Colour) -> DrawResult<(), DB> {
        let path: Vec<(i32, i32)> = points.iter().copied().map(point).collect();
        self.area.draw(&Polygon::new(path, fill(colour)))
    }

    pub(super) fn dot(&self, at: (f64, f64), css_radius: f64, colour: Colour) -> DrawResult<(), DB> {
        let radius = pixel(self.style.pixels(css_radius)).max(1);
        self.area.draw(&Circle::new(point(at), radius, fill(colour)))
    }

    pub(super) fn text(&self, text: &str, at: (f64, f64), anchor: Anchor, face: Face) -> DrawResult<(), DB> {
        let (h, v) = match anchor {
            Anchor::Left => (HPos::Left, VPos::Center),
            Anchor::Right => (HPos::Right, VPos::Center),
            Anchor::Top => (HPos::Center, VPos::Top),
            Anchor::Centre => (HPos::Center, VPos::Center),
        };
        let weight = if face.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::Name(&self.style.font_family), face.size * self.text_factor, weight);
        self.area.draw(&Text::new(text, point(at), font.color(&face.colour.rgba()).pos(Pos::new(h, v))))
    }
}

/// Width of a text, roughly: no backend tells the true one without laying out a page.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '\u{202f}' => 0.3,
            ' ' | '\u{a0}' | 'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 0.38,
            'm' | 'w' | 'M' | 'W' | '%' | '@' | 'ж' | 'ш' | 'щ' | 'ю' | 'ы' | 'м' | 'ф' => 0.9,
            'A'..='Z' | 'А'..='Я' | 'Ё' => 0.72,
            _ => 0.6,
        })
        .sum();
    ems * size
}

/// The text, or as much of its beginning as fits, with an ellipsis.
pub(super) fn fitted(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.into();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if text_width(&kept, size) + size > width {
            kept.pop();
            break;
        }
    }
    if kept.is_empty() { kept } else { kept + "…" }
}
