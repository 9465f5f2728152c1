//! Endpoints: what a service can be asked for, as steps.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{CallConfig, DistributionConfig, OnCacheError, OnError, PolicyUse, PublishUse};
use crate::config::limits::{CLASSES_MAX, READ_RETRIES_MAX};

/// Something that a service can be asked for, by `Service.endpoint`.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EndpointConfig {
    /// What an instance does for it, one step after another.
    pub steps: Vec<StepConfig>,
    /// Its class, 0 to 7: where an instance serves by priority, 0 comes first. Without it: the class of whoever asks, and 0
    /// for users.
    #[schemars(range(min = 0, max = CLASSES_MAX))]
    pub priority: Option<u32>,
    /// Whether it may happen twice, so that retries and hedges need not care. Without it: if no step writes or publishes.
    pub idempotent: Option<bool>,
}

/// A step of an endpoint.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum StepConfig {
    /// A worker is at work for so long.
    Process(DistributionConfig),
    /// The service's cache is asked.
    LookUp(LookUpStep),
    /// The service's database is read.
    Read(ReadStep),
    /// Something is written to the service's database.
    Write(WriteStep),
    /// A message is published.
    Publish(PublishUse),
    /// Further services are called.
    Call(CallConfig),
    /// Lists of steps are done at the same time; they end when all have.
    Branches(BranchesStep),
    /// Steps that are done with some probability.
    Maybe(MaybeStep),
}

/// The cache is asked.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LookUpStep {
    /// What happens when the cache fails.
    pub on_error: OnCacheError,
    /// Steps after a miss, or after a failure that falls back. Without them: a read.
    pub miss: Option<Vec<StepConfig>>,
    /// What is done beside asking. Without it: what the service's `cache` says.
    pub policy: Option<PolicyUse>,
}

/// The database is read.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReadStep {
    /// What happens to the request when it fails.
    pub on_error: OnError,
    /// How often it is tried again, on another node where there is one. 0 to 10.
    #[schemars(range(min = 0, max = READ_RETRIES_MAX))]
    pub retries: u32,
    /// What is done beside reading. Without it: what the service's `database` says.
    pub policy: Option<PolicyUse>,
}

/// Something is written to the database.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WriteStep {
    /// What happens to the request when it fails.
    pub on_error: OnError,
    /// What is done beside writing. Without it: what the service's `database` says.
    pub policy: Option<PolicyUse>,
}

/// Lists of steps that are done at the same time.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BranchesStep {
    /// The lists of steps.
    pub of: Vec<Vec<StepConfig>>,
    /// What happens to the request when one of them fails.
    #[serde(default)]
    pub on_error: OnError,
}

/// Steps that are done with some probability.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaybeStep {
    /// The probability.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub prob: f64,
    /// The steps.
    pub steps: Vec<StepConfig>,
}
