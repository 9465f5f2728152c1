//! What a balancer knows of the instances behind it, and what it does when one of them fails.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{CauseName, Seconds};
use crate::config::limits::{CHECKS_MAX, INSTANCES_MAX, READ_RETRIES_MAX};

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
#[skip_serializing_none]
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
    /// Which requests that fail count beside the checks: HAProxy's `observe`. Without it: none.
    pub observe: Option<Observe>,
    /// With `observe`: so many failed requests in a row have consequences, 1 to 1000. Without it: 10, as with HAProxy's `error-limit`.
    #[schemars(range(min = 1, max = CHECKS_MAX))]
    pub error_limit: Option<u32>,
    /// With `observe`: which consequences, HAProxy's `on-error`. Without it: `fail_check`.
    pub on_error: Option<OnErrors>,
}

/// Which requests that fail count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Observe {
    /// Those that could not reach the instance.
    Layer4,
    /// Those and all that the instance has answered with an error of its own (500 and more), or too late.
    Layer7,
}

/// What follows failed requests in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnErrors {
    /// They count as a check that went wrong.
    FailCheck,
    /// The next check that goes wrong takes the instance down.
    SuddenDeath,
    /// The instance is down until its checks go well.
    MarkDown,
}

/// A request that an instance has failed is passed on to another one.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NextUpstreamConfig {
    /// After which causes. Without it: `instance_down`, `network` and, with `try_timeout`, `timeout`, as nginx does by default (error
    /// and timeout).
    pub on: Option<Vec<CauseName>>,
    /// How many instances are asked at most, 1 to 1000. Without it: all.
    #[schemars(range(min = 1, max = INSTANCES_MAX))]
    pub tries: Option<u32>,
    /// After how long no further one is asked. Without it: never.
    pub timeout: Option<Seconds>,
    /// How long the balancer waits for the answer of an instance, each time; then the request has failed there (504), whatever the
    /// instance still does. nginx's `proxy_read_timeout`, HAProxy's `timeout server`, both of which are some 60 s. Without it: for ever.
    pub try_timeout: Option<Seconds>,
    /// Whether a write is passed on though an instance may have begun with it.
    pub non_idempotent: bool,
    /// Whether only what no instance has begun with is tried again, reads too: HAProxy's `retry-on conn-failure`, its default.
    pub connect_only: bool,
    /// How often the same instance is asked again before another one is, or none (`tries` 1), 0 to 10: HAProxy's `retries`. Who waits
    /// for that still counts as a request of the instance.
    #[schemars(range(min = 0, max = READ_RETRIES_MAX))]
    pub retries: u32,
    /// With `retries`: how long after a failure it is tried again, at the same instance or at another one; HAProxy waits a second, or
    /// its `timeout connect`, if that is shorter.
    #[default(Seconds(1.0))]
    pub retry_after: Seconds,
}
