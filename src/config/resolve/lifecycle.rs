//! How instances come, go, and what keeps them from their work.

use super::{Path, Problems, autoscaler};
use crate::{
    config::{
        limits::{CHECKS_MAX, DEPLOYMENTS_MAX, INSTANCES_MAX, INTERVAL_SECONDS_MIN, WARM_UP_SPEED_MIN},
        schema::{DeploymentConfig, PausesConfig, ReleaseConfig, RollBackConfig, ServiceConfig, WarmUpConfig},
    },
    model::topology::{Deployment, Lifecycle, Pauses, Release, RollBack, WarmUp},
};

/// So many places a service has for instances: as many as may be there at a time.
pub(super) fn places(config: &ServiceConfig) -> u32 {
    let most = config.autoscaler.as_ref().map_or(config.instances, |autoscaler| autoscaler.max.max(config.instances));
    let surge = config.deployments.iter().map(|deployment| deployment.surge).max().unwrap_or(0);
    most.saturating_add(surge.min(INSTANCES_MAX))
}

/// Whether instances of a service come and go by themselves.
fn is_elastic(config: &ServiceConfig) -> bool {
    config.autoscaler.is_some() || !config.deployments.is_empty()
}

pub(super) fn resolve(problems: &mut Problems, path: &Path, config: &ServiceConfig) -> Lifecycle {
    check_places(problems, path, config);
    let scaler = config.autoscaler.as_ref();
    Lifecycle {
        initial: config.instances,
        start_up: config.start_up.as_ref().map(|time| problems.distribution(&path.key("start_up"), time)),
        warm_up: config.warm_up.as_ref().map(|config| warm_up(problems, &path.key("warm_up"), config)),
        pauses: config.pauses.as_ref().map(|config| pauses(problems, &path.key("pauses"), config)),
        grace: problems.span(&path.key("grace"), config.grace),
        autoscaler: scaler.map(|it| autoscaler::resolve(problems, &path.key("autoscaler"), config, it)),
        deployments: deployments(problems, &path.key("deployments"), &config.deployments),
    }
}

/// Who comes and goes can have nothing of his own to keep, and no place that is better than others.
fn check_places(problems: &mut Problems, path: &Path, config: &ServiceConfig) {
    let rule = "is not possible where instances come and go (`autoscaler`, `deployments`)";
    if is_elastic(config) && config.database.as_ref().is_some_and(|used| used.per_instance) {
        problems.found(&path.key("database").key("per_instance"), true, rule);
    }
    if is_elastic(config) && config.backups > 0 {
        problems.found(&path.key("backups"), config.backups, rule);
    }
    if is_elastic(config) && config.cache.as_ref().is_some_and(|used| used.per_instance) {
        problems.found(&path.key("cache").key("per_instance"), true, rule);
    }
}

fn warm_up(problems: &mut Problems, path: &Path, config: &WarmUpConfig) -> WarmUp {
    let speeds = WARM_UP_SPEED_MIN..=1.0;
    WarmUp {
        lasting: problems.span_from(&path.key("lasting"), config.lasting, INTERVAL_SECONDS_MIN),
        speed: problems.within(&path.key("speed"), config.speed, speeds, "a share of the usual speed, 0.01 to 1"),
    }
}

fn pauses(problems: &mut Problems, path: &Path, config: &PausesConfig) -> Pauses {
    Pauses {
        every: problems.cycle(&path.key("every"), &config.every),
        lasting: problems.distribution(&path.key("lasting"), &config.lasting),
    }
}

fn deployments(problems: &mut Problems, path: &Path, config: &[DeploymentConfig]) -> Vec<Deployment> {
    if config.len() > DEPLOYMENTS_MAX {
        problems.report(path, format!("has {} entries, too many (at most {DEPLOYMENTS_MAX})", config.len()));
    }
    let deployments = config.iter().take(DEPLOYMENTS_MAX).enumerate();
    deployments.map(|(i, config)| deployment(problems, &path.index(i), config)).collect()
}

fn deployment(problems: &mut Problems, path: &Path, config: &DeploymentConfig) -> Deployment {
    let surge = problems.count(&path.key("surge"), config.surge, 0..=INSTANCES_MAX);
    let unavailable = problems.count(&path.key("unavailable"), config.unavailable, 0..=INSTANCES_MAX);
    if config.surge == 0 && config.unavailable == 0 {
        problems.report(path, "never gets anywhere (`surge` or `unavailable` must be at least 1)");
    }
    Deployment {
        at: problems.moment(&path.key("at"), config.at),
        surge,
        unavailable,
        release: release(problems, &path.key("release"), &config.release),
        roll_back: config.roll_back.as_ref().map(|config| roll_back(problems, &path.key("roll_back"), config)),
    }
}

fn release(problems: &mut Problems, path: &Path, config: &ReleaseConfig) -> Release {
    Release {
        factor: problems.within(&path.key("factor"), config.factor, 0.001..=1000.0, "a factor, 0.001 to 1000"),
        fail_prob: config.fail_prob.map(|prob| problems.probability(&path.key("fail_prob"), prob)),
    }
}

fn roll_back(problems: &mut Problems, path: &Path, config: &RollBackConfig) -> RollBack {
    let share = config.failure_share;
    RollBack {
        failure_share: problems.within(&path.key("failure_share"), share, 0.0..=1.0, "a share, 0 to 1"),
        interval: problems.span_from(&path.key("interval"), config.interval, INTERVAL_SECONDS_MIN),
        min_calls: problems.count(&path.key("min_calls"), config.min_calls, 1..=CHECKS_MAX),
    }
}
