//! Charts on canvases of the page, and their figures.

use serde::Serialize;
use wasm_bindgen::{JsCast, prelude::JsValue};
use web_sys::HtmlCanvasElement;

use crate::{
    chart::{self, Chart, ChartKind, LegendEntry, PlotArea, Selection, Style, Texts, canvas},
    options::DrawOptions,
    simulation::Simulation,
    web::{
        error::{Code, Result, simple},
        value,
    },
};

/// What was drawn.
#[derive(Serialize)]
struct Drawing {
    plot: PlotArea,
    legend: Vec<LegendEntry>,
    rows: Option<usize>,
    empty: bool,
    time_axis: bool,
}

/// The chart that is wanted.
pub struct Wanted {
    kind: ChartKind,
    style: Style,
    texts: Texts,
    selection: Selection,
}

impl Wanted {
    /// The chart of that id, with the options that JavaScript handed over.
    pub fn new(id: &JsValue, options: Option<js_sys::Object>) -> Result<Self> {
        let id = &value::string("the id of a chart", id)?;
        let unknown = || simple(Code::UnknownChart, &format!("there is no chart named \"{id}\""));
        let kind = ChartKind::from_id(id).ok_or_else(unknown)?;
        let DrawOptions { style, texts, zoom, hidden, series } = value::read_options("the options", options)?;
        let zoom = zoom.map(<(f64, f64)>::from);
        Ok(Self { kind, style, texts, selection: Selection { zoom, hidden, series } })
    }

    fn build(&self, run: &Simulation, baseline: Option<&Simulation>) -> Result<Chart> {
        chart::build_selected(self.kind, run, baseline, &self.texts, &self.selection)
            .map_err(|unknown| simple(Code::UnknownSeries, &unknown.to_string()))
    }

    /// Draws it.
    pub fn draw(&self, run: &Simulation, baseline: Option<&Simulation>, canvas: HtmlCanvasElement) -> Result<JsValue> {
        // An OffscreenCanvas is none either: the library that measures texts cannot use it.
        if !canvas.is_instance_of::<HtmlCanvasElement>() {
            return Err(value::is_not("an HTMLCanvasElement of this page", "the canvas", &canvas));
        }
        let chart = self.build(run, baseline)?;
        let plot = canvas::draw_on_canvas(canvas, &chart, &self.style)
            .map_err(|error| simple(Code::CannotDraw, &error.to_string()))?;
        value::to_js(&Drawing {
            plot,
            legend: chart.legend(),
            rows: chart.rows(),
            empty: chart.is_empty(),
            time_axis: chart.has_time_axis(),
        })
    }

    /// What stands at a place of it.
    pub fn readings(&self, run: &Simulation, baseline: Option<&Simulation>, (x, y): (f64, f64)) -> Result<JsValue> {
        value::to_js(&self.build(run, baseline)?.readings(x, y))
    }

    /// The figures behind it.
    pub fn table(&self, run: &Simulation, baseline: Option<&Simulation>) -> Result<JsValue> {
        value::to_js(&self.build(run, baseline)?.table())
    }
}

/// Ids of all charts of the catalogue, in the order in which they are best shown.
pub fn ids() -> Vec<String> {
    ChartKind::ALL.iter().map(|kind| kind.id().to_owned()).collect()
}
