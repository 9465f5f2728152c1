//! Charts as SVG files.

use plotters::drawing::IntoDrawingArea;
use plotters_svg::SVGBackend;

use super::{
    chart::{Chart, draw_with},
    painter::{DrawError, Painter},
    style::Style,
};

/// Pixels of the drawing per unit of the file. plotters counts in whole pixels; four of them to a unit make smooth lines.
const FINENESS: u32 = 4;
/// The SVG backend divides the size of text by this; others do not.
const TEXT_FACTOR: f64 = 1.24;

/// Draws a chart as an SVG document of that size in CSS pixels.
pub fn svg(
    chart: &Chart,
    style: &Style,
    (width, height): (u32, u32),
) -> Result<String, DrawError<SVGBackend<'static>>> {
    let (width, height) = (width.min(20_000), height.min(20_000));
    let fine = Style { pixel_ratio: f64::from(FINENESS), ..style.clone() };
    let mut body = String::new();
    {
        let area = SVGBackend::with_string(&mut body, (width * FINENESS, height * FINENESS)).into_drawing_area();
        draw_with(chart, &Painter::new(&area, &fine, TEXT_FACTOR))?;
        area.present()?;
    }
    Ok(with_header(&body, chart, (width, height)))
}

/// Replaces the first line: the size in CSS pixels, and a title for those who cannot see the picture.
fn with_header(body: &str, chart: &Chart, (width, height): (u32, u32)) -> String {
    let (_, shapes) = body.split_once('\n').unwrap_or(("", "</svg>\n"));
    let title = chart.title.replace('&', "&amp;").replace('<', "&lt;");
    let view_box = format!("0 0 {} {}", width * FINENESS, height * FINENESS);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"{view_box}\" \
         role=\"img\" stroke-linejoin=\"round\">\n<title>{title}</title>\n{shapes}"
    )
}
