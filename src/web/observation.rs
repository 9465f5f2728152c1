//! What is looked at while a run goes on, in the shapes that JavaScript sees.

use serde::Serialize;
use serde_json::json;

use crate::{
    config::near::suggestion,
    options::LogFilterOptions,
    simulation::{self, LOG_KINDS, LogFilter, Simulation},
    web::{
        error::{Code, Result, simple},
        value,
    },
};

/// Counts in bins of equal width.
#[derive(Serialize)]
pub struct Histogram {
    start: f64,
    width: f64,
    counts: Vec<u64>,
}

impl From<simulation::Histogram> for Histogram {
    fn from(histogram: simulation::Histogram) -> Self {
        Self { start: histogram.start, width: histogram.width, counts: histogram.counts }
    }
}

/// Where the windows of the time series lie.
#[derive(Default, Serialize)]
pub struct SeriesWindow {
    start: f64,
    width: f64,
}

/// The windows of the time series: all series share them.
pub fn series_window(simulation: &Simulation) -> SeriesWindow {
    let names = simulation.series_names();
    let first = names.first().and_then(|name| simulation.series(name));
    first.map(|series| SeriesWindow { start: series.start, width: series.width }).unwrap_or_default()
}

/// The filter that JavaScript handed over; no filter lets everything pass.
pub fn log_filter(filter: Option<js_sys::Object>) -> Result<LogFilter> {
    let LogFilterOptions { component, kinds, since, limit } = value::read_options("the filter of the log", filter)?;
    if let Some(kind) = kinds.iter().find(|kind| !LOG_KINDS.contains(&kind.as_str())) {
        let message =
            format!("the filter of the log: kinds: {} is unknown{}", json!(kind), suggestion(kind, LOG_KINDS));
        return Err(simple(Code::BadArgument, &message));
    }
    Ok(LogFilter { component, kinds, since, limit: limit.map(|limit| limit as usize) })
}
