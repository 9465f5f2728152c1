//! What a balancer knows, and what it does when an instance fails.

use super::{Path, Problems};
use crate::{
    config::{
        limits::{CHECKS_MAX, INSTANCES_MAX, INTERVAL_SECONDS_MIN, READ_RETRIES_MAX, TIMEOUT_SECONDS_MIN},
        schema::{self, ChecksConfig, FailsConfig, KnowledgeConfig, NextUpstreamConfig, Observe, OutliersConfig},
    },
    engine::time::Duration,
    model::{
        cause::{Cause, CauseSet},
        policy::{
            health_check::{HealthCheck, Observation, OnErrors},
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
        observe: observation(problems, path, config),
    }
}

fn observation(problems: &mut Problems, path: &Path, config: &ChecksConfig) -> Option<Observation> {
    let limit = problems.count(&path.key("error_limit"), config.error_limit.unwrap_or(USUAL_ERRORS), 1..=CHECKS_MAX);
    let Some(observe) = config.observe else {
        let said = [("error_limit", config.error_limit.is_some()), ("on_error", config.on_error.is_some())];
        let said = said.into_iter().filter(|&(_, is_said)| is_said);
        said.for_each(|(field, _)| {
            problems.report(&path.key(field), "has no effect without `observe` (no request counts)")
        });
        return None;
    };
    let causes = match observe {
        Observe::Layer4 => usual(),
        Observe::Layer7 => Cause::ALL.into_iter().filter(|&cause| !is_fault_of_client(cause)).collect(),
    };
    let then = match config.on_error.unwrap_or(schema::OnErrors::FailCheck) {
        schema::OnErrors::FailCheck => OnErrors::FailCheck,
        schema::OnErrors::SuddenDeath => OnErrors::SuddenDeath,
        schema::OnErrors::MarkDown => OnErrors::MarkDown,
    };
    Some(Observation { causes, limit, then })
}

/// Answers of 400 to 499.
const fn is_fault_of_client(cause: Cause) -> bool {
    matches!(cause, Cause::LoginFailed | Cause::Unauthorised | Cause::Cancelled)
}

/// HAProxy's `error-limit`.
const USUAL_ERRORS: u32 = 10;

/// Causes after which nginx asks the next one: it could not be reached, or did not answer.
fn usual() -> CauseSet {
    [Cause::InstanceDown, Cause::Network].into_iter().collect()
}

/// Nothing is passed on; a balancer learns by the usual causes all the same, and by timeouts.
pub(super) fn no_next_upstream() -> NextUpstream {
    NextUpstream {
        on: usual().with(Cause::Timeout),
        tries: 1,
        timeout: None,
        try_timeout: None,
        non_idempotent: false,
        connect_only: false,
        retries: 0,
        retry_after: Duration::ZERO,
    }
}

/// The same of a balancer that may itself have waited too long.
fn usual_of(config: &NextUpstreamConfig) -> CauseSet {
    if config.try_timeout.is_some() { usual().with(Cause::Timeout) } else { usual() }
}

pub(super) fn next_upstream(problems: &mut Problems, path: &Path, config: &NextUpstreamConfig) -> NextUpstream {
    if config.connect_only && config.non_idempotent {
        problems.report(
            &path.key("non_idempotent"),
            "has no effect with `connect_only` (nothing is passed on that has begun)",
        );
    }
    let on = config.on.as_ref();
    NextUpstream {
        on: on.map_or_else(|| usual_of(config), |causes| causes.iter().map(|cause| cause.0).collect()),
        tries: problems.count(&path.key("tries"), config.tries.unwrap_or(INSTANCES_MAX), 1..=INSTANCES_MAX),
        timeout: config.timeout.map(|timeout| problems.span_from(&path.key("timeout"), timeout, TIMEOUT_SECONDS_MIN)),
        try_timeout: (config.try_timeout)
            .map(|timeout| problems.span_from(&path.key("try_timeout"), timeout, TIMEOUT_SECONDS_MIN)),
        non_idempotent: config.non_idempotent,
        connect_only: config.connect_only,
        retries: problems.count(&path.key("retries"), config.retries, 0..=READ_RETRIES_MAX) as u8,
        retry_after: problems.span(&path.key("retry_after"), config.retry_after),
    }
}
