//! Distributions of spans of time.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::Value;

use super::Seconds;

/// A distribution of a span of time: a plain number of seconds (or `"50ms"`) is that constant,
/// anything else is an object with one key, the name of the distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct DistributionConfig(pub Shape);

impl DistributionConfig {
    /// Always the same value.
    pub const fn constant(seconds: f64) -> Self {
        Self(Shape::Constant(Seconds(seconds)))
    }
}

/// No time at all.
impl Default for DistributionConfig {
    fn default() -> Self {
        Self::constant(0.0)
    }
}

/// The distributions there are. Parameters are in seconds unless they are shapes or weights.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Shape {
    /// Always this value.
    Constant(Seconds),
    /// Equally likely anywhere from the first value to the second.
    Uniform([Seconds; 2]),
    /// Memoryless, with this mean.
    Exponential {
        /// Mean, in seconds.
        mean: Seconds,
    },
    /// Normal, truncated at 0: negative draws are drawn again.
    Normal {
        /// Mean before truncation.
        mean: Seconds,
        /// Standard deviation before truncation.
        sd: Seconds,
    },
    /// The logarithm is normal. Mean and standard deviation are those of the value, not of its logarithm.
    Lognormal {
        /// Mean of the value.
        mean: Seconds,
        /// Standard deviation of the value.
        sd: Seconds,
    },
    /// Sum of `stages` exponential stages, each of mean `mean / stages`.
    Erlang {
        /// Number of stages, 1 to 1000.
        stages: u32,
        /// Mean of the sum.
        mean: Seconds,
    },
    /// Gamma with any positive shape.
    Gamma {
        /// Shape; 1 is the exponential distribution.
        shape: f64,
        /// Mean.
        mean: Seconds,
    },
    /// Weibull: a falling rate of events below shape 1, a rising one above.
    Weibull {
        /// Shape; 1 is the exponential distribution.
        shape: f64,
        /// Scale: the 63.2nd percentile.
        scale: Seconds,
    },
    /// Pareto between `min` and `max`: a heavy tail cut off.
    Pareto {
        /// Shape (tail index); the smaller, the heavier the tail.
        shape: f64,
        /// Smallest value.
        min: Seconds,
        /// Largest value.
        max: Seconds,
    },
    /// One of several exponential distributions, chosen by weight.
    Hyperexponential(Vec<Branch>),
    /// One of the listed values, chosen by weight.
    Empirical(Vec<WeightedValue>),
}

/// A branch of a hyperexponential distribution.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Weight; only the ratio to the other branches matters.
    pub weight: f64,
    /// Mean of the branch.
    pub mean: Seconds,
}

/// A value of an empirical distribution.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WeightedValue {
    /// The value.
    pub value: Seconds,
    /// Weight; only the ratio to the other values matters.
    #[serde(default = "one")]
    pub weight: f64,
}

fn one() -> f64 {
    1.0
}

impl Serialize for DistributionConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Shape::Constant(seconds) => seconds.serialize(serializer),
            shape => shape.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for DistributionConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kind =
            "a distribution (seconds, a string such as \"50ms\", or an object such as {\"uniform\": [0.1, 0.2]})";
        let value = Value::deserialize(deserializer)?;
        if value.is_object() {
            return Shape::deserialize(value).map(Self).map_err(Error::custom);
        }
        let constant = Seconds::of(&value).ok_or_else(|| Error::custom(format!("is not {kind}")))?;
        Ok(Self(Shape::Constant(constant)))
    }
}

impl JsonSchema for DistributionConfig {
    fn schema_name() -> Cow<'static, str> {
        "Distribution".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let seconds = generator.subschema_for::<Seconds>();
        let shape = generator.subschema_for::<Shape>();
        json_schema!({
            "description": "A distribution of a span of time: a constant in seconds, or an object with one key.",
            "anyOf": [seconds, shape],
            "examples": [0.1, "50ms", { "uniform": [0.05, 0.2] }, { "exponential": { "mean": 0.1 } }]
        })
    }
}
