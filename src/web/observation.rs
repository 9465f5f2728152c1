//! What is looked at while a run goes on, in the shapes that JavaScript sees.

use serde::{Deserialize, Serialize};

use super::{
    error::{Code, WebServiceModelError, simple},
    value,
};
use crate::simulation::{self, LogFilter, Simulation};

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

/// Which entries of the log are wanted.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LogFilterOptions {
    component: Option<String>,
    kinds: Vec<String>,
    since: u64,
    limit: Option<usize>,
}

/// The filter that JavaScript handed over; no filter lets everything pass.
pub fn log_filter(filter: Option<js_sys::Object>) -> Result<LogFilter, WebServiceModelError> {
    let Some(filter) = filter else {
        return Ok(LogFilter::default());
    };
    let text = value::to_json(&filter.into())?;
    let options: LogFilterOptions = serde_json::from_str(&text)
        .map_err(|error| simple(Code::BadArgument, &format!("the filter of the log: {error}")))?;
    let LogFilterOptions { component, kinds, since, limit } = options;
    Ok(LogFilter { component, kinds, since, limit })
}
