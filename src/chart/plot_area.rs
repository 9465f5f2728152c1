//! Where on the drawing the plot stands, and what a pixel of it means.

use serde::Serialize;

/// The plot's rectangle in pixels of the drawing, and the ranges of its axes. A page lays its crosshair over it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct PlotArea {
    /// Left edge in pixels.
    pub left: f64,
    /// Top edge in pixels.
    pub top: f64,
    /// Right edge in pixels.
    pub right: f64,
    /// Bottom edge in pixels.
    pub bottom: f64,
    /// Number at the left edge.
    pub x_min: f64,
    /// Number at the right edge.
    pub x_max: f64,
    /// Number at the bottom edge. For charts of rows: 0.
    pub y_min: f64,
    /// Number at the top edge. For charts of rows: how many there are, the first at the top.
    pub y_max: f64,
}

impl PlotArea {
    /// Width in pixels.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Height in pixels.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Whether there is room to draw anything.
    pub fn is_visible(&self) -> bool {
        self.width() >= 1.0 && self.height() >= 1.0
    }

    /// Horizontal place of a number, in pixels.
    pub fn x(&self, value: f64) -> f64 {
        self.left + (value - self.x_min) / (self.x_max - self.x_min) * self.width()
    }

    /// Vertical place of a number, in pixels.
    pub fn y(&self, value: f64) -> f64 {
        self.bottom - (value - self.y_min) / (self.y_max - self.y_min) * self.height()
    }

    /// The number at a horizontal place.
    pub fn x_at(&self, pixel: f64) -> f64 {
        self.x_min + (pixel - self.left) / self.width() * (self.x_max - self.x_min)
    }

    /// The number at a vertical place.
    pub fn y_at(&self, pixel: f64) -> f64 {
        self.y_min + (self.bottom - pixel) / self.height() * (self.y_max - self.y_min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_numbers_lead_to_each_other() {
        let area = PlotArea {
            left: 40.0,
            top: 10.0,
            right: 240.0,
            bottom: 110.0,
            x_min: 5.0,
            x_max: 15.0,
            y_min: 0.0,
            y_max: 2.0,
        };
        assert_eq!(area.x(10.0), 140.0);
        assert_eq!(area.x_at(140.0), 10.0);
        assert_eq!(area.y(2.0), 10.0);
        assert_eq!(area.y_at(60.0), 1.0);
    }
}
