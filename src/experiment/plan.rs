//! An experiment as a file: which systems, what is varied, how often, and what is looked at.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smart_default::SmartDefault;

use super::{
    axis::{Axis, with_values},
    course::{SERIES_MAX, UnknownSeries, WINDOWS},
    preparation::Preparation,
    selection::UnknownMetric,
    study::Study,
};
use crate::config::{
    ConfigError, ConfigErrors, read_json,
    schema::{Config, Text},
};

/// The most configurations of an experiment.
pub const POINTS_MAX: usize = 10_000;
/// The most replications of a configuration.
pub const REPLICATIONS_MAX: u64 = 10_000_000;

/// Whether a number is a share of which a quantile can be given.
pub fn is_share(share: f64) -> bool {
    share > 0.0 && share < 1.0
}

/// The most quantiles of a figure.
pub const QUANTILES_MAX: usize = 20;

/// Everything there is to know to run an experiment: whoever has the same plan gets the same results.
///
/// With one system it is a set of replications, with two a comparison under common random numbers, and with something
/// to vary a sweep.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// Title, for people.
    pub title: Text,
    /// What to look for in the results, one paragraph.
    pub description: Text,
    /// The system; or two, to be compared.
    pub systems: Vec<Config>,
    /// What is varied, one or two things.
    pub vary: Vec<Axis>,
    /// Figures that are kept, by name or by beginning (`requests.*`); all of them if none is named.
    pub metrics: Vec<String>,
    /// Shares, such as 0.5, of which quantiles over the replications are wanted.
    pub quantiles: Vec<f64>,
    /// In a comparison: time series of which the averages over the replications are wanted, such as
    /// `requests.latency_p99`.
    pub series: Vec<String>,
    /// Replications of each configuration.
    #[default = 20]
    pub replications: u64,
    /// Seed of the experiment; those of the replications follow from it.
    #[default = 1]
    pub seed: u64,
}

/// Why an experiment cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The plan, or a configuration that follows from it, is bad.
    #[error(transparent)]
    Bad(#[from] ConfigErrors),
    /// A figure is asked for that a system does not have.
    #[error(transparent)]
    Metric(#[from] UnknownMetric),
    /// A time series is asked for that a system does not have.
    #[error(transparent)]
    Series(#[from] UnknownSeries),
}

/// One configuration of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Values of what is varied.
    pub values: Vec<Value>,
    /// The configuration.
    pub config: Config,
}

impl Plan {
    /// Reads a plan from JSON text.
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn from_json(text: &str) -> Result<Self, ConfigErrors> {
        read_json(text)
    }

    /// The configurations: every combination of the varied values, the first varying slowest; or the systems.
    ///
    /// # Errors
    /// If the plan does not make sense, or a value does not fit its place.
    pub fn points(&self) -> Result<Vec<Point>, ConfigErrors> {
        let values = self.values()?;
        (0..).zip(values).map(|(at, values)| self.point(at, values)).collect()
    }

    /// Values of what is varied, for each configuration.
    ///
    /// # Errors
    /// If the plan does not make sense.
    pub fn values(&self) -> Result<Vec<Vec<Value>>, ConfigErrors> {
        self.check()?;
        if self.vary.is_empty() {
            return Ok(vec![Vec::new(); self.systems.len()]);
        }
        let axes = self.vary.iter().map(Axis::points).collect::<Result<Vec<_>, _>>()?;
        let count: usize = axes.iter().map(Vec::len).product();
        if count > POINTS_MAX {
            return Err(wrong("vary", None, format!("makes {count} configurations, too many (at most {POINTS_MAX})")));
        }
        let mut combinations = vec![Vec::new()];
        for axis in &axes {
            let longer = |start: Vec<Value>| {
                axis.iter().map(move |value| start.iter().cloned().chain([value.clone()]).collect::<Vec<Value>>())
            };
            combinations = combinations.into_iter().flat_map(longer).collect();
        }
        Ok(combinations)
    }

    /// The configuration of that number, with its values.
    pub(super) fn point(&self, at: usize, values: Vec<Value>) -> Result<Point, ConfigErrors> {
        if self.vary.is_empty() {
            return Ok(Point { values, config: self.systems[at].clone() });
        }
        let changes: Vec<(&str, &Value)> = self.vary.iter().map(|axis| axis.path.as_str()).zip(&values).collect();
        let config = with_values(&self.systems[0], &changes)?;
        Ok(Point { values, config })
    }

    /// Rules that concern the plan itself.
    fn check(&self) -> Result<(), ConfigErrors> {
        let systems = self.systems.len();
        if !(1..=2).contains(&systems) {
            return Err(wrong("systems", Some(systems.to_string()), "systems are given (one, or two to compare)"));
        }
        if self.vary.iter().any(|axis| axis.path == "seed") {
            return Err(wrong(
                "vary",
                Some("\"seed\"".into()),
                "cannot be varied (each replication has a seed of its own)",
            ));
        }
        if systems == 2 && !self.vary.is_empty() {
            return Err(wrong("vary", None, "cannot be used in a comparison of two systems"));
        }
        if self.vary.len() > 2 {
            return Err(wrong("vary", None, "has too many entries (one or two things can be varied)"));
        }
        if let [first, second] = &self.vary[..]
            && first.path == second.path
        {
            return Err(wrong(&first.path, None, "is varied twice"));
        }
        if !(1..=REPLICATIONS_MAX).contains(&self.replications) {
            let rule = format!("is not a number of replications (1 to {REPLICATIONS_MAX})");
            return Err(wrong("replications", Some(self.replications.to_string()), rule));
        }
        if systems == 2 && !self.quantiles.is_empty() {
            return Err(wrong("quantiles", None, "cannot be used in a comparison of two systems"));
        }
        if self.quantiles.len() > QUANTILES_MAX {
            let found = Some(self.quantiles.len().to_string());
            return Err(wrong("quantiles", found, format!("are too many (at most {QUANTILES_MAX})")));
        }
        if systems == 1 && !self.series.is_empty() {
            return Err(wrong("series", None, "are recorded in comparisons of two systems only"));
        }
        if self.series.len() > SERIES_MAX {
            return Err(wrong(
                "series",
                Some(self.series.len().to_string()),
                format!("are too many (at most {SERIES_MAX})"),
            ));
        }
        if let Some(share) = self.quantiles.iter().find(|share| !is_share(**share)) {
            return Err(wrong("quantiles", Some(share.to_string()), "is not a share (between 0 and 1)"));
        }
        Ok(())
    }

    /// Width of the windows of recorded series, in seconds: the same for both systems.
    pub fn window(&self) -> f64 {
        self.systems.iter().map(|config| config.duration.0).fold(0.0, f64::max) / WINDOWS as f64
    }

    /// Whether two systems are compared.
    pub fn is_comparison(&self) -> bool {
        self.systems.len() == 2
    }

    /// The jobs of the experiment.
    ///
    /// # Errors
    /// If the plan does not make sense, a configuration is bad, or a system does not have a figure that is asked for.
    pub fn study(&self) -> Result<Study, PlanError> {
        let mut preparation = Preparation::new(self)?;
        while !preparation.advance(usize::MAX)? {}
        Ok(preparation.study())
    }
}

fn wrong(path: &str, found: Option<String>, rule: impl Into<String>) -> ConfigErrors {
    ConfigErrors(vec![ConfigError { path: path.to_owned(), found, rule: rule.into() }])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SWEEP: &str = r#"{
        "systems": [{
            "duration": 5,
            "users": { "all": { "arrivals": { "poisson": { "rate": 50 } }, "targets": { "Shop": 1 } } },
            "services": { "Shop": { "instances": 2, "base_latency": "10ms" } }
        }],
        "vary": [
            { "path": "services.Shop.balancer", "values": ["weighted_random", "two_choices"] },
            { "path": "users.all.arrivals.poisson.rate", "from": 10, "to": 30, "steps": 3 }
        ],
        "metrics": ["requests.latency.*"],
        "replications": 3
    }"#;

    #[test]
    fn every_combination_is_a_point() {
        let plan = Plan::from_json(SWEEP).unwrap();
        let points = plan.points().unwrap();
        assert_eq!(points.len(), 6);
        assert_eq!(points[5].values, [Value::from("two_choices"), Value::from(30)]);
        let study = plan.study().unwrap();
        assert_eq!(study.jobs(0..plan.replications), 0..18);
        assert_eq!(study.models[0].names().len(), 9);
    }

    #[test]
    fn wrong_plans_are_refused_with_the_place() {
        let error = |from: &str, to: &str| {
            let plan = Plan::from_json(&SWEEP.replace(from, to));
            plan.map_err(PlanError::Bad).and_then(|plan| plan.study()).unwrap_err().to_string()
        };
        assert!(error("\"systems\"", "\"system\"").contains("did you mean"));
        assert!(error("two_choices", "three_choices").starts_with("services.Shop.balancer: \"three_choices\""));
        assert!(error("\"from\": 10", "\"from\": -10").starts_with("users.all.arrivals.poisson.rate: -10"));
        assert!(error("requests.latency.*", "requests.latency").starts_with("there is no metric"));
        assert!(error("\"replications\": 3", "\"replications\": 0").starts_with("replications: 0"));
        assert!(
            error("\"replications\": 3", "\"replications\": 3, \"quantiles\": [0.5, 1]").starts_with("quantiles: 1")
        );
        let one = error("\"replications\": 3", "\"replications\": 3, \"series\": [\"requests.rps\"]");
        assert!(one.starts_with("series: "), "{one}");
        let rate = "users.all.arrivals.poisson.rate";
        assert_eq!(
            error("services.Shop.balancer\", \"values", &format!("{rate}\", \"values")),
            format!("{rate}: is varied twice")
        );
        let seeds = error(
            "services.Shop.balancer\", \"values\": [\"weighted_random\", \"two_choices\"]",
            "seed\", \"values\": [1, 2]",
        );
        assert!(seeds.starts_with("vary: \"seed\" cannot be varied"), "{seeds}");
        assert!(Plan::default().study().unwrap_err().to_string().starts_with("systems: 0"));
    }
}
