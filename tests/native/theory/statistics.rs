//! Replications, confidence intervals, and what is asked of them.

use std::ops::RangeInclusive;

use serde_json::{Value, json};
use web_service_model::report::Report;

use crate::support::{finished, poisson, with};

/// Independent replications of a model.
const REPLICATIONS: u64 = 20;
/// The 99.5th percentile of Student's t with one degree of freedom less than there are replications.
const STUDENT_T: f64 = 2.8609;
/// How wide an interval may be, half of it, as a share of the value.
const HALF_WIDTH_MAX: f64 = 0.02;

/// A model and how long to watch it.
pub struct Experiment {
    /// The configuration without its seed, duration and warm-up.
    pub config: Value,
    /// Simulated seconds of each replication after the warm-up.
    pub seconds: f64,
    /// Simulated seconds that do not count.
    pub warm_up: f64,
    /// Seed of the first replication; the others follow.
    pub seed: u64,
}

impl Experiment {
    /// Watches a model for so many seconds, all replications together; a thirtieth more, before, does not count.
    pub fn new(config: Value, seconds: f64) -> Self {
        let seconds = seconds / REPLICATIONS as f64;
        Self { config, seconds, warm_up: seconds / 30.0, seed: 1 }
    }

    fn seeds(&self) -> RangeInclusive<u64> {
        self.seed..=self.seed + REPLICATIONS - 1
    }

    fn reports(&self) -> Vec<Report> {
        let duration = self.warm_up + self.seconds;
        let run = |seed| {
            let times = json!({ "seed": seed, "duration": duration, "warm_up": self.warm_up, "window": duration });
            finished(&with(self.config.clone(), times)).report()
        };
        self.seeds().map(run).collect()
    }

    /// Fails, and names the seeds, unless every claim holds.
    #[track_caller]
    pub fn check(&self, claims: &[Claim]) {
        let reports = self.reports();
        let wrong: Vec<String> = claims.iter().filter_map(|claim| claim.refute(&reports).err()).collect();
        assert!(wrong.is_empty(), "seeds {:?}:\n{}", self.seeds(), wrong.join("\n"));
    }
}

/// That theory gives this value for a figure of the report.
pub struct Claim {
    name: &'static str,
    value: f64,
    measure: Box<dyn Fn(&Report) -> f64>,
    half_width_max: f64,
    bias: f64,
}

impl Claim {
    /// The value must lie in the interval, and the interval must be narrow.
    pub fn new(name: &'static str, value: f64, measure: impl Fn(&Report) -> f64 + 'static) -> Self {
        Self { name, value, measure: Box::new(measure), half_width_max: HALF_WIDTH_MAX, bias: 0.0 }
    }

    /// How wide the interval may be, half of it, as a share of the value.
    pub fn half_width(self, share: f64) -> Self {
        Self { half_width_max: share, ..self }
    }

    /// The formula is an approximation: it may be off by that share of the value.
    pub fn approximate(self, share: f64) -> Self {
        Self { bias: share, ..self }
    }

    fn refute(&self, reports: &[Report]) -> Result<(), String> {
        let values: Vec<f64> = reports.iter().map(&self.measure).collect();
        let interval = Interval::of(&values);
        let (name, value) = (self.name, self.value);
        // (A figure without any spread is still rounded.)
        let allowed = interval.half_width + self.bias.max(1e-9) * value;
        if (interval.mean - value).abs() > allowed || interval.mean.is_nan() {
            return Err(format!("{name}: {interval}, theory says {value:.6}"));
        }
        if interval.half_width > self.half_width_max * value {
            return Err(format!("{name}: {interval} is too wide to tell whether it is {value:.6}"));
        }
        Ok(())
    }
}

/// A confidence interval.
struct Interval {
    mean: f64,
    half_width: f64,
}

impl Interval {
    fn of(values: &[f64]) -> Self {
        assert_eq!(values.len() as u64, REPLICATIONS, "the quantile is for this number");
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
        Self { mean, half_width: STUDENT_T * (variance / n).sqrt() }
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.6} ± {:.6}", self.mean, self.half_width)
    }
}

/// Mean latency of requests.
pub fn mean_latency(report: &Report) -> f64 {
    report.requests.latency.mean.unwrap_or(f64::NAN)
}

/// Mean wait for a worker or a connection.
pub fn mean_wait(report: &Report) -> f64 {
    report.requests.time_in["queueing"]
}

/// Share of requests that failed for a cause.
pub fn failed_for(cause: &'static str) -> impl Fn(&Report) -> f64 {
    move |report| report.requests.failures.get(cause).copied().unwrap_or(0) as f64 / report.requests.total as f64
}

#[test]
fn the_interval_is_students() {
    let values: Vec<f64> = (1..=20).map(f64::from).collect();
    let interval = Interval::of(&values);
    assert_eq!(interval.mean, 10.5);
    // Their variance is 35.
    assert!((interval.half_width - 2.8609 * (35.0_f64 / 20.0).sqrt()).abs() < 1e-9, "{interval}");
}

/// The check must be able to fail: a server 3 % faster than it says is found out.
#[test]
fn a_wrong_service_rate_is_found_out() {
    let server = json!({ "service_time": { "exponential": { "mean": 0.1 / 1.03 } }, "workers": 1 });
    let reports = Experiment::new(poisson(5.0, server), 100_000.0).reports();
    let utilisation = |report: &Report| report.services.0[0].1.utilisation;
    for claim in [Claim::new("W", 0.2, mean_latency), Claim::new("utilisation", 0.5, utilisation)] {
        let error = claim.refute(&reports).expect_err("3 % is too much");
        assert!(error.contains("theory says"), "{error}");
    }
}

/// An interval so wide that it holds anything proves nothing.
#[test]
fn a_short_run_is_found_out() {
    let server = json!({ "service_time": { "exponential": { "mean": 0.1 } }, "workers": 1 });
    let experiment = Experiment { warm_up: 10.0, ..Experiment::new(poisson(5.0, server), 1_000.0) };
    let reports = experiment.reports();
    let error = Claim::new("W", 0.2, mean_latency).refute(&reports).expect_err("nothing can be said");
    assert!(error.contains("too wide"), "{error}");
}
