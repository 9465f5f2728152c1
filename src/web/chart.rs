//! Charts on canvases of the page.

use serde::Serialize;
use wasm_bindgen::prelude::JsValue;
use web_sys::HtmlCanvasElement;

use super::{
    error::{Code, WebServiceModelError, simple},
    value,
};
use crate::{
    chart::{self, ChartKind, LegendEntry, PlotArea, Style, Texts, canvas},
    config::wire::object,
    simulation::Simulation,
};

/// How to draw.
#[derive(Default)]
pub struct DrawOptions {
    style: Style,
    texts: Texts,
    zoom: Option<[f64; 2]>,
}

object!(DrawOptions { style, texts, zoom });

/// What was drawn.
#[derive(Serialize)]
pub struct Drawing {
    plot: PlotArea,
    legend: Vec<LegendEntry>,
    rows: Option<usize>,
    empty: bool,
}

/// The options that JavaScript handed over.
pub fn draw_options(options: Option<js_sys::Object>) -> Result<DrawOptions, WebServiceModelError> {
    value::read_options("the options", options)
}

/// The kind of chart of that id.
pub fn kind(id: &str) -> Result<ChartKind, WebServiceModelError> {
    ChartKind::from_id(id).ok_or_else(|| simple(Code::UnknownChart, &format!("there is no chart named \"{id}\"")))
}

/// Ids of all charts, in the order in which they are best shown.
pub fn ids() -> Vec<String> {
    ChartKind::ALL.iter().map(|kind| kind.id().to_owned()).collect()
}

/// Draws a chart of the run so far.
pub fn draw(
    simulation: &Simulation,
    canvas: HtmlCanvasElement,
    kind: ChartKind,
    options: &DrawOptions,
) -> Result<JsValue, WebServiceModelError> {
    let mut chart = chart::build(kind, simulation, &options.texts);
    chart.zoom = options.zoom.map(<(f64, f64)>::from);
    let plot = canvas::draw_on_canvas(canvas, &chart, &options.style)
        .map_err(|error| simple(Code::CannotDraw, &error.to_string()))?;
    value::to_js(&Drawing { plot, legend: chart.legend(), rows: chart.rows(), empty: chart.is_empty() })
}
