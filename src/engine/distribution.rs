//! Distributions of spans of time, checked when they are made and cheap to draw from.

use std::sync::Arc;

use rand_distr::weighted::WeightedAliasIndex;

use super::{random::Stream, time::Duration};

/// A distribution of a span of time. Its parameters are valid, whoever holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution(Kind);

/// Parameters are in nanoseconds, as floats where a draw is computed in floats. Long tables are shared: a
/// cluster that stands in the topology ten thousand times holds its distributions ten thousand times.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Constant(Duration),
    Uniform { low: f64, width: f64 },
    Exponential { mean: f64 },
    Normal { mean: f64, sd: f64 },
    Lognormal { mu: f64, sigma: f64 },
    Gamma { shape: f64, scale: f64 },
    Weibull { inverse_shape: f64, scale: f64 },
    Pareto { inverse_shape: f64, low: f64, cut: f64 },
    Hyperexponential(Arc<Choice>),
    Empirical(Arc<Choice>),
}

/// A weighted choice among values (means of branches, or the values themselves), in constant time.
#[derive(Clone, Debug)]
struct Choice {
    index: WeightedAliasIndex<f64>,
    values: Vec<f64>,
}

/// Why a distribution cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DistributionError {
    /// A parameter is not a finite number, or out of its range.
    #[error("{parameter} must be {rule}")]
    Parameter {
        /// Which parameter.
        parameter: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// The smallest value is above the largest.
    #[error("the minimum must not be above the maximum")]
    MinAboveMax,
    /// There is nothing to choose from, or no weight is positive.
    #[error("needs at least one entry of positive weight")]
    NoWeight,
}

/// The longest span a parameter may have: 10^9 seconds, some 30 years.
pub const LONGEST_SECONDS: f64 = 1e9;

type Made = Result<Distribution, DistributionError>;

impl Distribution {
    /// Always zero.
    pub const ZERO: Self = Self(Kind::Constant(Duration::ZERO));

    /// Always `value` seconds.
    pub fn constant(value: f64) -> Made {
        Ok(Self(Kind::Constant(Duration::from_seconds(span("value", value)? / 1e9))))
    }

    /// Uniform from `min` to `max` seconds.
    pub fn uniform(min: f64, max: f64) -> Made {
        let (low, high) = (span("the minimum", min)?, span("the maximum", max)?);
        if low > high {
            return Err(DistributionError::MinAboveMax);
        }
        Ok(Self(Kind::Uniform { low, width: high - low }))
    }

    /// Exponential with a mean in seconds.
    pub fn exponential(mean: f64) -> Made {
        Ok(Self(Kind::Exponential { mean: span("mean", mean)? }))
    }

    /// Normal with mean and standard deviation in seconds, truncated at 0.
    pub fn normal(mean: f64, sd: f64) -> Made {
        Ok(Self(Kind::Normal { mean: span("mean", mean)?, sd: span("sd", sd)? }))
    }

    /// Lognormal; mean and standard deviation, in seconds, are those of the value itself.
    pub fn lognormal(mean: f64, sd: f64) -> Made {
        let (mean, sd) = (positive_span("mean", mean)?, span("sd", sd)?);
        let variance = libm::log(1.0 + (sd / mean) * (sd / mean));
        Ok(Self(Kind::Lognormal { mu: libm::log(mean) - variance / 2.0, sigma: libm::sqrt(variance) }))
    }

    /// Gamma (Erlang when the shape is a whole number) with a mean in seconds.
    pub fn gamma(shape: f64, mean: f64) -> Made {
        let shape = checked_shape(shape)?;
        Ok(Self(Kind::Gamma { shape, scale: span("mean", mean)? / shape }))
    }

    /// Weibull with a scale in seconds.
    pub fn weibull(shape: f64, scale: f64) -> Made {
        Ok(Self(Kind::Weibull { inverse_shape: 1.0 / checked_shape(shape)?, scale: span("scale", scale)? }))
    }

    /// Pareto cut off at both ends, in seconds.
    pub fn pareto(shape: f64, min: f64, max: f64) -> Made {
        let (low, high) = (positive_span("min", min)?, positive_span("max", max)?);
        if low > high {
            return Err(DistributionError::MinAboveMax);
        }
        let shape = checked_shape(shape)?;
        Ok(Self(Kind::Pareto { inverse_shape: 1.0 / shape, low, cut: 1.0 - libm::pow(low / high, shape) }))
    }

    /// One of several exponential branches, each a weight and a mean in seconds.
    pub fn hyperexponential(branches: &[(f64, f64)]) -> Made {
        Ok(Self(Kind::Hyperexponential(Arc::new(Choice::new("mean", branches)?))))
    }

    /// One of several values, each a weight and a value in seconds.
    pub fn empirical(values: &[(f64, f64)]) -> Made {
        Ok(Self(Kind::Empirical(Arc::new(Choice::new("value", values)?))))
    }

    /// Whether every draw is zero, so that nothing needs to be scheduled.
    #[inline]
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Kind::Constant(Duration::ZERO))
    }

    /// The mean, in seconds.
    pub fn mean_seconds(&self) -> f64 {
        self.mean_nanos() / 1e9
    }

    /// Draws a span.
    #[inline]
    pub fn sample(&self, stream: &mut Stream) -> Duration {
        match self.0 {
            Kind::Constant(value) => value,
            Kind::Uniform { low, width } => Duration::from_nanos_f64(low + width * stream.uniform()),
            Kind::Exponential { mean } => Duration::from_nanos_f64(mean * stream.exponential()),
            _ => Duration::from_nanos_f64(self.sample_other(stream)),
        }
    }

    /// The less common distributions, kept out of the way of the common ones.
    fn sample_other(&self, stream: &mut Stream) -> f64 {
        match &self.0 {
            Kind::Normal { mean, sd } => truncated_normal(*mean, *sd, stream),
            Kind::Lognormal { mu, sigma } => libm::exp(mu + sigma * stream.normal()),
            Kind::Gamma { shape, scale } => scale * standard_gamma(*shape, stream),
            Kind::Weibull { inverse_shape, scale } => scale * libm::pow(stream.exponential(), *inverse_shape),
            Kind::Pareto { inverse_shape, low, cut } => low * libm::pow(1.0 - cut * stream.uniform(), -inverse_shape),
            Kind::Hyperexponential(choice) => choice.draw(stream) * stream.exponential(),
            Kind::Empirical(choice) => choice.draw(stream),
            Kind::Constant(value) => value.as_nanos() as f64,
            Kind::Uniform { low, width } => low + width / 2.0,
            Kind::Exponential { mean } => *mean,
        }
    }

    fn mean_nanos(&self) -> f64 {
        match &self.0 {
            Kind::Constant(value) => value.as_nanos() as f64,
            Kind::Uniform { low, width } => low + width / 2.0,
            Kind::Exponential { mean } => *mean,
            Kind::Normal { mean, sd } => truncated_normal_mean(*mean, *sd),
            Kind::Lognormal { mu, sigma } => libm::exp(mu + sigma * sigma / 2.0),
            Kind::Gamma { shape, scale } => shape * scale,
            Kind::Weibull { inverse_shape, scale } => scale * libm::tgamma(1.0 + inverse_shape),
            Kind::Pareto { inverse_shape, low, cut } => pareto_mean(1.0 / inverse_shape, *low, *cut),
            Kind::Hyperexponential(choice) | Kind::Empirical(choice) => choice.mean(),
        }
    }
}

impl PartialEq for Choice {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values && self.index.weights() == other.index.weights()
    }
}

impl Choice {
    fn new(parameter: &'static str, entries: &[(f64, f64)]) -> Result<Self, DistributionError> {
        let weights = entries.iter().map(|&(weight, _)| weight).collect();
        let index = WeightedAliasIndex::new(weights).map_err(|_| DistributionError::NoWeight)?;
        let values = entries.iter().map(|&(_, value)| span(parameter, value)).collect::<Result<_, _>>()?;
        Ok(Self { index, values })
    }

    fn draw(&self, stream: &mut Stream) -> f64 {
        self.values[stream.draw(&self.index)]
    }

    fn mean(&self) -> f64 {
        let weights = self.index.weights();
        let total: f64 = weights.iter().sum();
        self.values.iter().zip(&weights).map(|(value, weight)| value * weight / total).sum()
    }
}

/// A span from 0 to [`LONGEST_SECONDS`], in nanoseconds.
fn span(parameter: &'static str, seconds: f64) -> Result<f64, DistributionError> {
    if (0.0..=LONGEST_SECONDS).contains(&seconds) {
        Ok(seconds * 1e9)
    } else {
        Err(DistributionError::Parameter { parameter, rule: "from 0 to 1e9 seconds" })
    }
}

fn positive_span(parameter: &'static str, seconds: f64) -> Result<f64, DistributionError> {
    match span(parameter, seconds)? {
        nanos if nanos > 0.0 => Ok(nanos),
        _ => Err(DistributionError::Parameter { parameter, rule: "above 0" }),
    }
}

/// Shapes beyond these bounds give draws that floats can't hold.
fn checked_shape(shape: f64) -> Result<f64, DistributionError> {
    if (0.01..=1000.0).contains(&shape) {
        Ok(shape)
    } else {
        Err(DistributionError::Parameter { parameter: "shape", rule: "from 0.01 to 1000" })
    }
}

/// Draws until a draw is not negative. The mean is at least 0, so one draw in two is good enough.
fn truncated_normal(mean: f64, sd: f64, stream: &mut Stream) -> f64 {
    loop {
        let value = mean + sd * stream.normal();
        if value >= 0.0 {
            return value;
        }
    }
}

/// Mean of a normal truncated at 0: μ + σ φ(μ/σ) / Φ(μ/σ).
fn truncated_normal_mean(mean: f64, sd: f64) -> f64 {
    if sd == 0.0 {
        return mean;
    }
    let z = mean / sd;
    let density = libm::exp(-z * z / 2.0) / libm::sqrt(2.0 * std::f64::consts::PI);
    let above = 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
    mean + sd * density / above
}

/// Gamma with scale 1, by the method of Marsaglia and Tsang (2000); below shape 1 by their boost.
fn standard_gamma(shape: f64, stream: &mut Stream) -> f64 {
    if shape < 1.0 {
        let boost = libm::pow(1.0 - stream.uniform(), 1.0 / shape);
        return boost * standard_gamma(shape + 1.0, stream);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let x = stream.normal();
        let v = 1.0 + c * x;
        if v > 0.0 {
            let v = v * v * v;
            let u = 1.0 - stream.uniform();
            if libm::log(u) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
    }
}

/// Mean of a Pareto variate bounded below by `low` and cut where `cut` of the tail's mass lies below.
fn pareto_mean(shape: f64, low: f64, cut: f64) -> f64 {
    if cut == 0.0 {
        return low;
    }
    let ratio = libm::pow(1.0 - cut, 1.0 / shape);
    if (shape - 1.0).abs() < 1e-9 {
        return low * -libm::log(ratio) / cut;
    }
    low * shape / (shape - 1.0) * (1.0 - libm::pow(ratio, shape - 1.0)) / cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<(&'static str, Distribution)> {
        let made = [
            ("constant", Distribution::constant(0.3)),
            ("uniform", Distribution::uniform(0.1, 0.3)),
            ("exponential", Distribution::exponential(0.2)),
            ("normal", Distribution::normal(0.2, 0.1)),
            ("normal, half cut off", Distribution::normal(0.0, 0.1)),
            ("lognormal", Distribution::lognormal(0.2, 0.1)),
            ("erlang", Distribution::gamma(3.0, 0.2)),
            ("gamma below 1", Distribution::gamma(0.5, 0.2)),
            ("weibull", Distribution::weibull(1.5, 0.2)),
            ("pareto", Distribution::pareto(1.5, 0.1, 10.0)),
            ("pareto of shape 1", Distribution::pareto(1.0, 0.1, 10.0)),
            ("hyperexponential", Distribution::hyperexponential(&[(0.9, 0.1), (0.1, 1.0)])),
            ("empirical", Distribution::empirical(&[(1.0, 0.1), (3.0, 0.5)])),
        ];
        made.into_iter().map(|(name, distribution)| (name, distribution.expect(name))).collect()
    }

    #[test]
    fn drawn_means_agree_with_the_formulas() {
        for (name, distribution) in all() {
            let mut stream = Stream::new(7, name, "mean");
            let n = 200_000;
            let sum: f64 = (0..n).map(|_| distribution.sample(&mut stream).as_seconds()).sum();
            let (drawn, formula) = (sum / f64::from(n), distribution.mean_seconds());
            assert!((drawn - formula).abs() < 0.015 * formula, "{name}: drawn {drawn}, formula {formula}");
        }
    }

    #[test]
    fn bounds_are_kept() {
        let mut stream = Stream::new(7, "bounds", "");
        let uniform = Distribution::uniform(0.1, 0.3).expect("valid");
        let pareto = Distribution::pareto(1.5, 0.1, 10.0).expect("valid");
        for _ in 0..100_000 {
            assert!((0.1..=0.3).contains(&uniform.sample(&mut stream).as_seconds()));
            assert!((0.1..=10.0).contains(&pareto.sample(&mut stream).as_seconds()));
        }
    }

    #[test]
    fn the_distributions_are_those_of_rand_distr() {
        let mut ours = Stream::new(1, "ours", "");
        let mut theirs = Stream::new(1, "theirs", "");
        let gamma = Distribution::gamma(2.5, 2.5).expect("valid");
        let reference = rand_distr::Gamma::new(2.5, 1.0).expect("valid");
        let n = 100_000;
        let mut a: Vec<f64> = (0..n).map(|_| gamma.sample(&mut ours).as_seconds()).collect();
        let mut b: Vec<f64> = (0..n).map(|_| theirs.draw(&reference)).collect();
        a.sort_by(f64::total_cmp);
        b.sort_by(f64::total_cmp);
        for percent in [1, 10, 50, 90, 99] {
            let i = n * percent / 100;
            assert!((a[i] / b[i] - 1.0).abs() < 0.03, "percentile {percent}: {} against {}", a[i], b[i]);
        }
    }

    #[test]
    fn bad_parameters_are_refused() {
        let refused = [
            Distribution::constant(-1.0),
            Distribution::constant(f64::NAN),
            Distribution::constant(f64::INFINITY),
            Distribution::uniform(2.0, 1.0),
            Distribution::lognormal(0.0, 1.0),
            Distribution::gamma(0.0, 1.0),
            Distribution::weibull(f64::NAN, 1.0),
            Distribution::pareto(1.0, 0.0, 1.0),
            Distribution::hyperexponential(&[]),
            Distribution::empirical(&[(0.0, 1.0)]),
            Distribution::empirical(&[(-1.0, 1.0)]),
        ];
        assert!(refused.iter().all(Result::is_err), "{refused:?}");
    }
}
