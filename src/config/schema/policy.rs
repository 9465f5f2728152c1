//! Policies: what whoever asks does so that its question is answered all the same, and so that it does no harm.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::Value;
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{BackoffConfig, RetryBudgetConfig, Seconds};
use crate::{
    config::limits::{BREAKER_CALLS_MAX, HEDGES_MAX, RETRIES_MAX, RETRY_BURST_MAX, RETRY_RATIO_MAX, WORKERS_MAX},
    model::cause::Cause,
};

/// A policy where one is used: the name of one of `policies`, or one of its own.
#[derive(Clone, Debug, PartialEq)]
pub enum PolicyUse {
    /// One of the configuration's `policies`.
    Named(String),
    /// One that only this place has.
    Own(Box<PolicyConfig>),
}

/// What whoever asks does beside asking. The parts stand in the order of Resilience4j, outermost first, with hedging
/// innermost. Without any part it asks once and waits for ever.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PolicyConfig {
    /// A service or an endpoint (`Shop.plain`) that is asked instead, once and without this policy, when no attempt has
    /// succeeded; its answer is the answer. Without it: nobody (`on_error` says what a failed call, or a failed operation, leads
    /// to).
    pub fallback: Option<String>,
    /// Further attempts after a failed one.
    pub retry: Option<RetryConfig>,
    /// Stops asking whoever fails too often.
    pub breaker: Option<BreakerConfig>,
    /// So many attempts a second.
    pub limiter: Option<LimiterConfig>,
    /// So many attempts at a time.
    pub bulkhead: Option<BulkheadConfig>,
    /// How long an attempt may take. Without it: any time.
    pub timeout: Option<Seconds>,
    /// How long all attempts together may take. It travels with the request: what is late is dropped at the next step.
    pub deadline: Option<Seconds>,
    /// A second try beside the first one; the first answer wins.
    pub hedge: Option<HedgeConfig>,
    /// What becomes of work for which nobody waits any more.
    pub on_giving_up: OnGivingUp,
}

/// Further attempts after a failed one.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RetryConfig {
    /// How many, at the most, 1 to 100.
    #[schemars(range(min = 1, max = RETRIES_MAX))]
    #[default = 3]
    pub max: u32,
    /// The wait before an attempt.
    pub backoff: BackoffConfig,
    /// After which causes of failure. Without it: after all but those that another attempt would only meet again
    /// (`unauthorised`, `simulator_full`) and those by which this policy refuses or gives up (`breaker_open`, `limited`,
    /// `bulkhead_full`, `deadline`).
    pub on: Option<Vec<CauseName>>,
    /// Whether writes are tried again, though they may then happen twice.
    pub writes: bool,
    /// A bound on retries in proportion to first attempts. Without it: none.
    pub budget: Option<RetryBudgetConfig>,
}

/// A circuit breaker with the rules and defaults of Resilience4j. Closed, it counts; when too large a share of calls has
/// failed or was slow, it opens and refuses all calls; after a while it is half-open and lets a few probes through.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BreakerConfig {
    /// The calls that it looks back on.
    pub window: BreakerWindow,
    /// It does not open before it has seen so many of them (of a window of fewer calls, all of these). 1 to 100 000.
    #[schemars(range(min = 1, max = BREAKER_CALLS_MAX))]
    #[default = 100]
    pub min_calls: u32,
    /// Share of failures at which it opens, above 0.
    #[schemars(range(min = 0.0, max = 1.0))]
    #[default = 0.5]
    pub failure_share: f64,
    /// Share of slow calls at which it opens, above 0.
    #[schemars(range(min = 0.0, max = 1.0))]
    #[default = 1.0]
    pub slow_share: f64,
    /// A call that takes longer is slow.
    #[default(Seconds(60.0))]
    pub slow_after: Seconds,
    /// How long it stays open.
    #[default(Seconds(60.0))]
    pub open_for: Seconds,
    /// Calls let through while it is half-open, whose shares then decide. 1 to 100 000.
    #[schemars(range(min = 1, max = BREAKER_CALLS_MAX))]
    #[default = 10]
    pub probes: u32,
    /// Causes of failure that do not count, neither as failures nor as successes.
    pub ignore: Vec<CauseName>,
}

/// The calls that a breaker looks back on.
#[derive(Clone, Copy, Debug, SmartDefault, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BreakerWindow {
    /// The latest so many, 1 to 100 000.
    #[default]
    Calls(#[default = 100] u32),
    /// Those of the latest so many seconds, the present one included, 1 to 3600.
    Seconds(u32),
}

/// A limit on attempts for each second: a bucket of tokens, one taken by each attempt.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimiterConfig {
    /// Tokens added per second, above 0.
    pub rate: f64,
    /// Most tokens that the bucket holds; it starts full. 1 to 1 000 000.
    #[serde(default = "one")]
    #[schemars(range(min = 1.0, max = RETRY_BURST_MAX))]
    pub burst: f64,
    /// How long an attempt may wait for its token; it is refused if it would wait longer.
    #[serde(default)]
    pub longest_wait: Seconds,
}

/// A limit on attempts at a time.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BulkheadConfig {
    /// So many at a time, 1 to 1 000 000.
    #[schemars(range(min = 1, max = WORKERS_MAX))]
    #[default = 25]
    pub max: u32,
    /// So many may wait for a place, 0 to 1 000 000; one more is refused.
    #[schemars(range(min = 0, max = WORKERS_MAX))]
    pub waiting: u32,
    /// How long each may wait.
    pub longest_wait: Seconds,
}

/// Further tries beside one that is slow; the first answer wins. Either `after` or `percentile` says when.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HedgeConfig {
    /// After this time without an answer.
    pub after: Option<Seconds>,
    /// After the time by which this share of answers has come so far: 0.95 is the 95th percentile. Nothing is hedged
    /// before the first 100 answers.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub percentile: Option<f64>,
    /// How many further tries, at the most, each after the same time again. 1 to 3.
    #[schemars(range(min = 1, max = HEDGES_MAX))]
    #[default = 1]
    pub max: u32,
    /// A bound on further tries in proportion to attempts.
    pub budget: HedgeBudgetConfig,
    /// Whether writes are hedged, though they may then happen twice.
    pub writes: bool,
}

/// A budget of further tries: a bucket of tokens, one taken by each further try.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HedgeBudgetConfig {
    /// Tokens that each attempt adds: 0.05 allows one further try in twenty attempts.
    #[schemars(range(min = 0.0, max = RETRY_RATIO_MAX))]
    #[default = 0.05]
    pub ratio: f64,
    /// Most tokens the bucket holds; it starts full.
    #[schemars(range(min = 0.0, max = RETRY_BURST_MAX))]
    #[default = 10.0]
    pub burst: f64,
}

/// What becomes of work for which nobody waits any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnGivingUp {
    /// It is finished, as nobody tells those who do it.
    #[default]
    Continue,
    /// What waits is withdrawn, and what runs ends at its next step.
    Cancel,
}

/// A cause of failure, by its name in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CauseName(pub Cause);

pub(super) const fn one() -> f64 {
    1.0
}

impl CauseName {
    /// The cause that reports call so.
    pub fn named(name: &str) -> Option<Self> {
        Cause::ALL.into_iter().find(|cause| cause.name() == name).map(Self)
    }
}

impl Serialize for CauseName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.name().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for CauseName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| Error::custom("is not the name of a cause"))
    }
}

impl JsonSchema for CauseName {
    fn schema_name() -> Cow<'static, str> {
        "Cause".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Why something failed, as reports name it.",
            "type": "string",
            "enum": Cause::ALL.map(Cause::name)
        })
    }
}

impl Serialize for PolicyUse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Named(name) => name.serialize(serializer),
            Self::Own(policy) => policy.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for PolicyUse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kind = "a policy (the name of one of `policies`, or an object such as {\"timeout\": \"2s\"})";
        match Value::deserialize(deserializer)? {
            Value::String(name) => Ok(Self::Named(name)),
            object @ Value::Object(_) => Box::deserialize(object).map(Self::Own).map_err(Error::custom),
            _ => Err(Error::custom(format!("is not {kind}"))),
        }
    }
}

impl JsonSchema for PolicyUse {
    fn schema_name() -> Cow<'static, str> {
        "Policy".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let own = generator.subschema_for::<PolicyConfig>();
        json_schema!({
            "description": "A policy: the name of one of `policies`, or an object.",
            "anyOf": [{ "type": "string" }, own],
            "examples": ["patient", { "timeout": "2s", "retry": { "max": 2 } }]
        })
    }
}
