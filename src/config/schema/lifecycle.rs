//! How instances come, go, and what keeps them from their work.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use smart_default::SmartDefault;

use super::{DistributionConfig, Seconds};
use crate::config::limits::{CHECKS_MAX, INSTANCES_MAX, METRIC_MAX, SCALING_POLICIES_MAX};

/// An instance that has just begun works more slowly, and becomes faster evenly, in ten steps: caches fill, code is compiled.
#[derive(Clone, Copy, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WarmUpConfig {
    /// How long it takes to be itself.
    #[default(Seconds(30.0))]
    pub lasting: Seconds,
    /// Its speed at first, as a share of its own: 0.01 to 1.
    #[schemars(range(min = 0.01, max = 1.0))]
    #[default = 0.3]
    pub speed: f64,
}

/// Now and then an instance stands still: what it is at ends that much later, and whatever reaches it waits.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PausesConfig {
    /// Time from the end of one to the beginning of the next.
    pub every: DistributionConfig,
    /// How long one lasts.
    pub lasting: DistributionConfig,
}

/// An autoscaler with the rules and defaults of Kubernetes' HorizontalPodAutoscaler (`autoscaling/v2`): so many instances that
/// each has about what it is meant to have to do. It looks at the mean over the instances that are ready since it looked
/// before; those that are on their way count as idle if more are wanted.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AutoscalerConfig {
    /// Fewest instances, 1 to 1000.
    #[schemars(range(min = 1, max = INSTANCES_MAX))]
    #[default = 1]
    pub min: u32,
    /// Most instances, 1 to 1000.
    #[schemars(range(min = 1, max = INSTANCES_MAX))]
    #[default = 10]
    pub max: u32,
    /// What an instance is meant to have to do. Of several, the one that asks for most instances counts.
    pub target: ScalingTargets,
    /// Share of the target by which the metric may be off without anything happening.
    #[schemars(range(min = 0.0, max = 1.0))]
    #[default = 0.1]
    pub tolerance: f64,
    /// Time from one look to the next.
    #[default(Seconds(15.0))]
    pub interval: Seconds,
    /// How instances are added. Without it: at most four or twice as many in 15 s, whichever is more.
    pub up: Option<ScalingRulesConfig>,
    /// How instances are taken away. Without it: any number, if it has been so for 300 s.
    pub down: Option<ScalingRulesConfig>,
}

/// What each instance is meant to have to do.
#[skip_serializing_none]
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ScalingTargets {
    /// Share of its workers that are at work.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub utilisation: Option<f64>,
    /// Requests that it has, whatever they wait for.
    #[schemars(range(min = 0.0, max = METRIC_MAX))]
    pub concurrency: Option<f64>,
    /// Requests that wait for a worker.
    #[schemars(range(min = 0.0, max = METRIC_MAX))]
    pub queue: Option<f64>,
    /// Requests sent to it, per second.
    #[schemars(range(min = 0.0, max = METRIC_MAX))]
    pub rate: Option<f64>,
}

/// How the number of instances changes in one direction (`HPAScalingRules`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ScalingRulesConfig {
    /// Of all recommendations of this time, the one that changes least counts.
    pub stabilisation: Seconds,
    /// Which of several policies counts.
    pub select: SelectPolicy,
    /// Bounds on the change. Without any: none.
    #[schemars(length(max = SCALING_POLICIES_MAX))]
    pub policies: Vec<ScalingPolicyConfig>,
}

/// Which of several policies counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SelectPolicy {
    /// The one that allows the greatest change.
    #[default]
    Max,
    /// The one that allows the smallest change.
    Min,
    /// There is no change in this direction.
    Disabled,
}

/// A bound on a change: either so many instances, or so many per cent of them, in a period.
#[skip_serializing_none]
#[derive(Clone, Copy, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ScalingPolicyConfig {
    /// So many instances.
    #[schemars(range(min = 1, max = INSTANCES_MAX))]
    pub instances: Option<u32>,
    /// So many per cent of those that there were when the period began, 1 to 10 000.
    #[schemars(range(min = 1, max = 10_000))]
    pub percent: Option<u32>,
    /// In so long.
    #[default(Seconds(15.0))]
    pub period: Seconds,
}

/// Another release takes the place of the present one, instance by instance, as in a rolling update of Kubernetes: new instances
/// come, and when they are ready old ones go.
#[skip_serializing_none]
#[derive(Clone, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DeploymentConfig {
    /// When it begins. If that is past when it is put into a run in progress, it does not begin.
    pub at: Seconds,
    /// So many instances more than wanted may be there meanwhile, 0 to 1000. (Kubernetes: a quarter of them.)
    #[schemars(range(min = 0, max = INSTANCES_MAX))]
    #[default = 1]
    pub surge: u32,
    /// So many instances fewer than wanted may be ready meanwhile, 0 to 1000. (Kubernetes: a quarter of them.)
    #[schemars(range(min = 0, max = INSTANCES_MAX))]
    pub unavailable: u32,
    /// What is new about it. Without it: nothing; the instances begin anew, and that is all.
    pub release: ReleaseConfig,
    /// When the release before comes back. Without it: never.
    pub roll_back: Option<RollBackConfig>,
}

/// What is special about the instances of a release.
#[skip_serializing_none]
#[derive(Clone, Copy, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReleaseConfig {
    /// Its processing times are multiplied by this, 0.001 to 1000.
    #[schemars(range(min = 0.001, max = 1000.0))]
    #[default = 1.0]
    pub factor: f64,
    /// Probability that processing fails. Without it: as the service says.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub fail_prob: Option<f64>,
}

/// A deployment is taken back, in the same way, when too many requests fail at the instances of the new release.
#[derive(Clone, Copy, Debug, SmartDefault, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RollBackConfig {
    /// A share of failures above which it is.
    #[schemars(range(min = 0.0, max = 1.0))]
    #[default = 0.05]
    pub failure_share: f64,
    /// Time from one look to the next; each looks at the requests since the one before.
    #[default(Seconds(10.0))]
    pub interval: Seconds,
    /// Fewer requests than these say nothing, 1 to 1000.
    #[schemars(range(min = 1, max = CHECKS_MAX))]
    #[default = 20]
    pub min_calls: u32,
}
