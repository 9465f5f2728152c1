//! Options of the JavaScript interface, read as JSON and as strictly as a configuration.
//!
//! They are here, and not in `web`, so that their schemas can be made natively, with those of all that is read.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::chart::{Style, Texts};

/// What of a chart is drawn, and how.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DrawOptions {
    /// How it looks.
    pub style: Style,
    /// Its words.
    pub texts: Texts,
    /// The part of the time axis that is seen, in simulated seconds; the whole without it.
    pub zoom: Option<[f64; 2]>,
    /// Names in the legend that are not drawn.
    pub hidden: Vec<String>,
    /// Names of series, of a chart of series.
    pub series: Vec<String>,
}

/// Which entries of the log are wanted.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LogFilterOptions {
    /// Only this component, or the components of this service or cluster.
    pub component: Option<String>,
    /// Only these kinds; empty is all.
    pub kinds: Vec<String>,
    /// Only entries from this running number on.
    pub since: u64,
    /// At most so many, the latest ones; all without it.
    pub limit: Option<u32>,
}

/// Which list of traces.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TraceList {
    /// The latest that are over.
    #[default]
    Latest,
    /// The latest that failed.
    Failed,
    /// The slowest that succeeded.
    Slowest,
}

/// Which traces are wanted.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TraceFilterOptions {
    /// Which list.
    pub which: TraceList,
    /// Only requests to this service.
    pub service: Option<String>,
    /// At most so many, the first of the list; all without it.
    pub limit: Option<u32>,
}

/// How the width of an interval is measured.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// As a share of the mean.
    #[default]
    Relative,
    /// In the figure's own unit.
    Absolute,
}

/// How narrow the interval of a figure shall be.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TargetOptions {
    /// Name of the figure.
    pub metric: String,
    /// Half the width of the interval, above 0.
    pub width: f64,
    /// How that is measured.
    pub measure: Measure,
    /// The most replications.
    pub most: u64,
}
