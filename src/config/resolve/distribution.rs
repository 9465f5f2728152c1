//! Distributions.

use crate::{
    config::{
        error::Problems,
        path::Path,
        schema::{Branch, DistributionConfig, Seconds, Shape, WeightedValue},
    },
    engine::distribution::{Distribution, DistributionError, LONGEST_SECONDS},
};

use super::check::Number;

/// Smallest and largest shape that the engine draws from.
const SHAPES: std::ops::RangeInclusive<f64> = 0.01..=1000.0;
/// Shortest span that must not be zero: the engine counts nanoseconds.
const SHORTEST_SECONDS: f64 = 1e-9;

type Made = Result<Distribution, DistributionError>;

/// The distribution, or zero if something is wrong with it.
pub(super) fn resolve(problems: &mut Problems, path: &Path, config: &DistributionConfig) -> Distribution {
    let errors = problems.len();
    let made = make(problems, path, &config.0);
    if problems.len() > errors {
        return Distribution::ZERO;
    }
    made.unwrap_or_else(|error| {
        problems.report(path, format!("is not a distribution: {error}"));
        Distribution::ZERO
    })
}

fn make(problems: &mut Problems, path: &Path, shape: &Shape) -> Made {
    match shape {
        Shape::Constant(value) => Distribution::constant(problems.seconds(path, *value)),
        Shape::Uniform(ends) => uniform(problems, &path.key("uniform"), ends),
        Shape::Exponential { mean } => {
            Distribution::exponential(problems.seconds(&path.key("exponential").key("mean"), *mean))
        }
        Shape::Normal { mean, sd } => {
            let path = path.key("normal");
            Distribution::normal(problems.seconds(&path.key("mean"), *mean), problems.seconds(&path.key("sd"), *sd))
        }
        Shape::Lognormal { mean, sd } => {
            let path = path.key("lognormal");
            Distribution::lognormal(
                positive(problems, &path.key("mean"), *mean),
                problems.seconds(&path.key("sd"), *sd),
            )
        }
        Shape::Erlang { stages, mean } => {
            let path = path.key("erlang");
            let stages = problems.count(&path.key("stages"), *stages, 1..=1000);
            Distribution::gamma(f64::from(stages), problems.seconds(&path.key("mean"), *mean))
        }
        Shape::Gamma { shape, mean } => {
            let path = path.key("gamma");
            Distribution::gamma(checked_shape(problems, &path, *shape), problems.seconds(&path.key("mean"), *mean))
        }
        Shape::Weibull { shape, scale } => {
            let path = path.key("weibull");
            Distribution::weibull(checked_shape(problems, &path, *shape), problems.seconds(&path.key("scale"), *scale))
        }
        Shape::Pareto { shape, min, max } => pareto(problems, &path.key("pareto"), *shape, [*min, *max]),
        Shape::Hyperexponential(branches) => hyperexponential(problems, &path.key("hyperexponential"), branches),
        Shape::Empirical(values) => empirical(problems, &path.key("empirical"), values),
    }
}

fn uniform(problems: &mut Problems, path: &Path, ends: &[Seconds; 2]) -> Made {
    let min = problems.seconds(&path.index(0), ends[0]);
    let max = problems.seconds(&path.index(1), ends[1]);
    check_order(problems, path, min, max);
    Distribution::uniform(min, max)
}

fn pareto(problems: &mut Problems, path: &Path, shape: f64, ends: [Seconds; 2]) -> Made {
    let shape = checked_shape(problems, path, shape);
    let min = positive(problems, &path.key("min"), ends[0]);
    let max = positive(problems, &path.key("max"), ends[1]);
    check_order(problems, path, min, max);
    Distribution::pareto(shape, min, max)
}

fn hyperexponential(problems: &mut Problems, path: &Path, branches: &[Branch]) -> Made {
    let mut entries = Vec::with_capacity(branches.len());
    for (i, branch) in branches.iter().enumerate() {
        let path = path.index(i);
        let weight = problems.weight(&path.key("weight"), branch.weight);
        entries.push((weight, problems.seconds(&path.key("mean"), branch.mean)));
    }
    check_choice(problems, path, &entries);
    Distribution::hyperexponential(&entries)
}

fn empirical(problems: &mut Problems, path: &Path, values: &[WeightedValue]) -> Made {
    let mut entries = Vec::with_capacity(values.len());
    for (i, entry) in values.iter().enumerate() {
        let path = path.index(i);
        let weight = problems.weight(&path.key("weight"), entry.weight);
        entries.push((weight, problems.seconds(&path.key("value"), entry.value)));
    }
    check_choice(problems, path, &entries);
    Distribution::empirical(&entries)
}

fn check_choice(problems: &mut Problems, path: &Path, entries: &[(f64, f64)]) {
    if entries.is_empty() {
        problems.found(path, "[]", "is too short (at least one entry)");
    } else if entries.iter().all(|(weight, _)| *weight == 0.0) {
        problems.report(path, "needs at least one entry of positive weight");
    }
}

fn check_order(problems: &mut Problems, path: &Path, min: f64, max: f64) {
    if min > max {
        problems.found(path, format!("[{}, {}]", Number(min), Number(max)), "has its minimum above its maximum");
    }
}

fn checked_shape(problems: &mut Problems, path: &Path, shape: f64) -> f64 {
    problems.within(&path.key("shape"), shape, SHAPES, "a shape, 0.01 to 1000")
}

fn positive(problems: &mut Problems, path: &Path, value: Seconds) -> f64 {
    problems.within(path, value.0, SHORTEST_SECONDS..=LONGEST_SECONDS, "a time, 1e-9 to 1e9 seconds")
}
