//! What a balancer knows of the instances behind it, and what it does when one of them fails.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{CauseName, Seconds};
use crate::config::limits::{CHECKS_MAX, INSTANCES_MAX};

/// How a balancer learns which instances are up.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum KnowledgeConfig {
    /// By requests that fail, as nginx does.
    Fails(FailsConfig),
    /// By requests that fail, as Envoy's outlier detection does.
    Outliers(OutliersConfig),
    /// By asking them from time to time.
    Checks(ChecksConfig),
}

/// An instance is avoided for a while after so many failed requests; then one request shows whether it is back. The
/// defaults are nginx's.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FailsConfig {
    /// Failures after which an instance is avoided, 0 to 1000; 0 is never.
    #[schemars(range(min = 0, max = CHECKS_MAX))]
    #[default = 1]
    pub max_fails: u32,
    /// How long it is avoided, and how long after a failure earlier ones count. More than so many whole seconds must have
    /// passed on a clock that shows whole seconds, so 10 are 10 to 11.
    #[default(Seconds(10.0))]
    pub fail_timeout: Seconds,
}

/// An instance is ejected after so many failures in a row, each time for longer. The defaults are Envoy's.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OutliersConfig {
    /// Failures in a row, 1 to 1000.
    #[schemars(range(min = 1, max = CHECKS_MAX))]
    #[default = 5]
    pub consecutive: u32,
    /// How long it is ejected, times how often it has been.
    #[default(Seconds(30.0))]
    pub base_time: Seconds,
    /// The longest time.
    #[default(Seconds(300.0))]
    pub longest_time: Seconds,
    /// Share of the instances up to which further ones are ejected; one may always be.
    #[schemars(range(min = 0.0, max = 1.0))]
    #[default = 0.1]
    pub max_share: f64,
}

/// Every instance is asked from time to time whether it is well.
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ChecksConfig {
    /// Time from one check to the next.
    #[default(Seconds(2.0))]
    pub interval: Seconds,
    /// How long an answer may take.
    #[default(Seconds(2.0))]
    pub timeout: Seconds,
    /// Checks in a row that must go well until an instance is up again, 1 to 1000.
    #[schemars(range(min = 1, max = CHECKS_MAX))]
    #[default = 2]
    pub rise: u32,
    /// Checks in a row that must go wrong until an instance is taken to be down, 1 to 1000.
    #[schemars(range(min = 1, max = CHECKS_MAX))]
    #[default = 3]
    pub fall: u32,
}

/// A request that an instance has failed is passed on to another one.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NextUpstreamConfig {
    /// After which causes. Without it: `instance_down` and `network`, as nginx does by default (error and timeout).
    pub on: Option<Vec<CauseName>>,
    /// How many instances are asked at most, 1 to 1000. Without it: all.
    #[schemars(range(min = 1, max = INSTANCES_MAX))]
    pub tries: Option<u32>,
    /// After how long no further one is asked. Without it: never.
    pub timeout: Option<Seconds>,
    /// Whether a write is passed on though an instance may have begun with it.
    pub non_idempotent: bool,
}
