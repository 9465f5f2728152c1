//! Autoscalers.

use super::{Path, Problems};
use crate::{
    config::{
        limits::{INSTANCES_MAX, INTERVAL_SECONDS_MIN, METRIC_MAX, METRIC_MIN, SCALING_POLICIES_MAX},
        schema::{
            AutoscalerConfig, ScalingPolicyConfig, ScalingRulesConfig, ScalingTargets, SelectPolicy, ServiceConfig,
        },
    },
    model::{
        policy::hpa::{Amount, Hpa, ScalingPolicy, ScalingRules, Select},
        topology::{Autoscaler, Metric},
    },
};

pub(super) fn resolve(
    problems: &mut Problems,
    path: &Path,
    service: &ServiceConfig,
    config: &AutoscalerConfig,
) -> Autoscaler {
    let errors = problems.len();
    let min = problems.count(&path.key("min"), config.min, 1..=INSTANCES_MAX);
    let max = problems.count(&path.key("max"), config.max, 1..=INSTANCES_MAX);
    if problems.len() == errors && min > max {
        problems.found(&path.key("min"), config.min, format!("is more than the most (`max` is {max})"));
    }
    let usual = Hpa::new(min, max);
    let tolerance = problems.within(&path.key("tolerance"), config.tolerance, 0.0..=1.0, "a share, 0 to 1");
    let up = config.up.as_ref().map(|config| rules(problems, &path.key("up"), config));
    let down = config.down.as_ref().map(|config| rules(problems, &path.key("down"), config));
    Autoscaler {
        hpa: Hpa { tolerance, up: up.unwrap_or(usual.up), down: down.unwrap_or(usual.down), min, max },
        interval: problems.span_from(&path.key("interval"), config.interval, INTERVAL_SECONDS_MIN),
        targets: targets(problems, &path.key("target"), service, &config.target),
    }
}

fn targets(
    problems: &mut Problems,
    path: &Path,
    service: &ServiceConfig,
    config: &ScalingTargets,
) -> Vec<(Metric, f64)> {
    let metrics = [
        ("utilisation", Metric::Utilisation, config.utilisation, 1.0),
        ("concurrency", Metric::Concurrency, config.concurrency, METRIC_MAX),
        ("queue", Metric::Queue, config.queue, METRIC_MAX),
        ("rate", Metric::Rate, config.rate, METRIC_MAX),
    ];
    let mut targets = Vec::new();
    for (name, metric, target, most) in metrics {
        let Some(target) = target else { continue };
        let what = if most == 1.0 { "a share, 0.001 to 1" } else { "a target, 0.001 to 1e9" };
        let path = path.key(name);
        targets.push((metric, problems.within(&path, target, METRIC_MIN..=most, what)));
        if service.workers.is_none() && matches!(metric, Metric::Utilisation | Metric::Queue) {
            problems.report(&path, "needs `workers` (without a number of them nobody waits, and nobody is a share)");
        }
    }
    if targets.is_empty() {
        problems.report(path, "is empty (at least one of `utilisation`, `concurrency`, `queue` and `rate`)");
    }
    targets
}

fn rules(problems: &mut Problems, path: &Path, config: &ScalingRulesConfig) -> ScalingRules {
    let list = path.key("policies");
    if config.policies.len() > SCALING_POLICIES_MAX {
        let count = config.policies.len();
        problems.report(&list, format!("has {count} entries, too many (at most {SCALING_POLICIES_MAX})"));
    }
    let policies = config.policies.iter().take(SCALING_POLICIES_MAX).enumerate();
    ScalingRules {
        stabilisation: problems.span(&path.key("stabilisation"), config.stabilisation),
        select: match config.select {
            SelectPolicy::Max => Select::Most,
            SelectPolicy::Min => Select::Least,
            SelectPolicy::Disabled => Select::Disabled,
        },
        policies: policies.map(|(i, config)| policy(problems, &list.index(i), config)).collect(),
    }
}

fn policy(problems: &mut Problems, path: &Path, config: &ScalingPolicyConfig) -> ScalingPolicy {
    let amount = match (config.instances, config.percent) {
        (Some(count), None) => Amount::Replicas(problems.count(&path.key("instances"), count, 1..=INSTANCES_MAX)),
        (None, Some(share)) => Amount::Percent(problems.count(&path.key("percent"), share, 1..=10_000)),
        (Some(_), Some(_)) => {
            problems.report(path, "has both `instances` and `percent` (one of them)");
            Amount::Percent(100)
        }
        (None, None) => {
            problems.report(path, "needs `instances` or `percent`");
            Amount::Percent(100)
        }
    };
    ScalingPolicy { amount, period: problems.span_from(&path.key("period"), config.period, INTERVAL_SECONDS_MIN) }
}
