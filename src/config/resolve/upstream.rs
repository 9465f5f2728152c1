//! What a balancer knows, and what it does when an instance fails.

use super::{Path, Problems};
use crate::{
    config::{
        limits::{CHECKS_MAX, INSTANCES_MAX, INTERVAL_SECONDS_MIN, TIMEOUT_SECONDS_MIN},
        schema::{ChecksConfig, FailsConfig, KnowledgeConfig, NextUpstreamConfig, OutliersConfig},
    },
    model::{
        cause::{Cause, CauseSet},
        policy::{
            health_check::HealthCheck,
            outlier::{FailRule, OutlierRule},
        },
        topology::{Knowledge, NextUpstream},
    },
};

pub(super) fn knowledge(problems: &mut Problems, path: &Path, config: &KnowledgeConfig) -> Knowledge {
    match config {
        KnowledgeConfig::Fails(config) => Knowledge::Fails(fails(problems, &path.key("fails"), config)),
        KnowledgeConfig::Outliers(config) => Knowledge::Outliers(outliers(problems, &path.key("outliers"), config)),
        KnowledgeConfig::Checks(config) => Knowledge::Checks(checks(problems, &path.key("checks"), config)),
    }
}

fn fails(problems: &mut Problems, path: &Path, config: &FailsConfig) -> FailRule {
    FailRule {
        max_fails: problems.count(&path.key("max_fails"), config.max_fails, 0..=CHECKS_MAX),
        fail_timeout: problems.span_from(&path.key("fail_timeout"), config.fail_timeout, INTERVAL_SECONDS_MIN),
    }
}

fn outliers(problems: &mut Problems, path: &Path, config: &OutliersConfig) -> OutlierRule {
    OutlierRule {
        consecutive: problems.count(&path.key("consecutive"), config.consecutive, 1..=CHECKS_MAX),
        base_time: problems.span_from(&path.key("base_time"), config.base_time, INTERVAL_SECONDS_MIN),
        longest_time: problems.span_from(&path.key("longest_time"), config.longest_time, INTERVAL_SECONDS_MIN),
        max_share: problems.within(&path.key("max_share"), config.max_share, 0.0..=1.0, "a share, 0 to 1"),
    }
}

fn checks(problems: &mut Problems, path: &Path, config: &ChecksConfig) -> HealthCheck {
    HealthCheck {
        interval: problems.span_from(&path.key("interval"), config.interval, INTERVAL_SECONDS_MIN),
        timeout: problems.span(&path.key("timeout"), config.timeout),
        rise: problems.count(&path.key("rise"), config.rise, 1..=CHECKS_MAX),
        fall: problems.count(&path.key("fall"), config.fall, 1..=CHECKS_MAX),
    }
}

/// Causes after which nginx asks the next one: it could not be reached, or did not answer.
fn usual() -> CauseSet {
    [Cause::InstanceDown, Cause::Network].into_iter().collect()
}

/// Nothing is passed on; a balancer learns by the usual causes all the same, and by timeouts.
pub(super) fn no_next_upstream() -> NextUpstream {
    NextUpstream { on: usual().with(Cause::Timeout), tries: 1, timeout: None, non_idempotent: false }
}

pub(super) fn next_upstream(problems: &mut Problems, path: &Path, config: &NextUpstreamConfig) -> NextUpstream {
    let on = config.on.as_ref();
    NextUpstream {
        on: on.map_or_else(usual, |causes| causes.iter().map(|cause| cause.0).collect()),
        tries: problems.count(&path.key("tries"), config.tries.unwrap_or(INSTANCES_MAX), 1..=INSTANCES_MAX),
        timeout: config.timeout.map(|timeout| problems.span_from(&path.key("timeout"), timeout, TIMEOUT_SECONDS_MIN)),
        non_idempotent: config.non_idempotent,
    }
}
