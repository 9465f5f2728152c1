//! The course of a run: time series in windows that all replications share, so that they can be averaged.
//!
//! They are recorded in comparisons that ask for it only, and in the first replications only: memory stays bounded, and
//! more would not change what a picture shows.

use serde_json::{Map, Value, json};

use super::{
    comparison::{Comparison, compare},
    sample::Summary,
    study::Results,
};
use crate::{config::near::nearest, engine::time::Duration, model::world::World, simulation::Catalogue};

/// Windows of a run. More would be narrower than what the eye sees, and noisier.
pub const WINDOWS: usize = 50;
/// Replications whose course is kept.
pub const REPLICATIONS_MAX: u64 = 200;
/// The most series.
pub const SERIES_MAX: usize = 12;
/// The series that show most.
pub const MAIN: [&str; 6] = [
    "requests.rps",
    "requests.success_ratio",
    "requests.failed",
    "requests.latency_mean",
    "requests.latency_p99",
    "requests.in_flight",
];

/// A system has no time series of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownSeries {
    /// There is none, but perhaps another was meant.
    #[error("there is no series `{0}`; did you mean `{1}`?")]
    Near(String, String),
    /// There is none.
    #[error("there is no series `{0}` (series are named like requests.latency_p99, services.Shop.up)")]
    None(String),
}

/// Which series of a system are recorded, and how finely.
#[derive(Clone, Debug)]
pub struct Recording {
    catalogue: Catalogue,
    names: Vec<String>,
    window: Duration,
}

impl Recording {
    /// The recording of these series in windows of that many seconds.
    ///
    /// # Errors
    /// If the system has no such series.
    pub fn new(world: &World, names: &[String], width: f64) -> Result<Self, UnknownSeries> {
        let catalogue = Catalogue::new(world);
        let known = catalogue.names();
        let all = || known.iter().map(String::as_str).chain([RPS, SUCCESS_RATIO]);
        if let Some(unknown) = names.iter().find(|name| !all().any(|other| other == name.as_str())) {
            return Err(match nearest(unknown, all()) {
                Some(other) => UnknownSeries::Near(unknown.clone(), other.to_owned()),
                None => UnknownSeries::None(unknown.clone()),
            });
        }
        // Rounded up, lest the last window be followed by one of nanoseconds.
        let window = Duration::from_nanos(libm::ceil(width * 1e9).max(1.0) as u64);
        Ok(Self { catalogue, names: names.to_vec(), window })
    }

    /// Width of a window.
    pub fn window(&self) -> Duration {
        self.window
    }

    /// The windows of each series, one series after the other. NaN where there is no value, or no run any more.
    pub fn values(&self, world: &World) -> Vec<f64> {
        let all = self.names.iter().flat_map(|name| {
            let mut values = self.series(world, name);
            values.resize(WINDOWS, f64::NAN);
            values
        });
        all.collect()
    }

    fn series(&self, world: &World, name: &str) -> Vec<f64> {
        let values = |name: &str| self.catalogue.series(world, name).map(|series| series.values).unwrap_or_default();
        let both = |of: fn((f64, f64)) -> f64| values(SUCCEEDED).into_iter().zip(values(FAILED)).map(of).collect();
        match name {
            RPS => both(|(succeeded, failed)| succeeded + failed),
            SUCCESS_RATIO => both(|(succeeded, failed)| succeeded / (succeeded + failed)),
            _ => values(name),
        }
    }
}

/// Series that follow from two others.
const RPS: &str = "requests.rps";
const SUCCESS_RATIO: &str = "requests.success_ratio";
const SUCCEEDED: &str = "requests.succeeded";
const FAILED: &str = "requests.failed";

/// Names of the columns of a table of series.
pub fn columns(names: &[String]) -> Vec<String> {
    names.iter().flat_map(|name| (0..WINDOWS).map(move |window| format!("{name} {window}"))).collect()
}

/// A series of two systems: for each window the means of both and the mean difference, with their intervals.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Name of the series.
    pub name: String,
    /// Window by window.
    pub windows: Vec<Comparison>,
}

/// The series of a comparison, as many as were recorded.
pub fn courses(names: &[String], results: &Results, level: f64) -> Vec<Course> {
    let [a, b] = &results.courses[..] else { return Vec::new() };
    let compared: Vec<Comparison> = compare(a, b, level).into_iter().map(|(_, it)| it).collect();
    let windows = compared.chunks(WINDOWS).map(<[Comparison]>::to_vec);
    names.iter().cloned().zip(windows).map(|(name, windows)| Course { name, windows }).collect()
}

/// The series of a comparison as JSON.
pub fn courses_to_json(courses: &[Course], replications: usize, width: f64, level: f64) -> Value {
    let mut object = Map::new();
    for Course { name, windows } in courses {
        let part = |of: fn(&Comparison) -> &Summary| {
            let means: Vec<Value> = windows.iter().map(|it| of(it).mean.into()).collect();
            let half_widths: Vec<Value> = windows.iter().map(|it| of(it).half_width(level).into()).collect();
            json!({ "mean": means, "half_width_95": half_widths })
        };
        let entry = json!({ "a": part(|it| &it.a), "b": part(|it| &it.b), "difference": part(|it| &it.difference) });
        object.insert(name.clone(), entry);
    }
    json!({ "replications": replications, "window_seconds": width, "means": object })
}
