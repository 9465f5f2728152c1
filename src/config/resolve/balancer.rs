//! How a balancer chooses among the instances that are up.

use super::{Number, Path, Problems};
use crate::{
    config::{
        limits::{BALANCE_FACTOR_MAX, INTERVAL_SECONDS_MIN, WORKERS_MAX},
        schema::{BalancerPolicy, Seconds, ServiceConfig},
    },
    model::topology::{Balancing, KeepAlive, Line, Policy, SlowStart},
};

/// HAProxy's and Envoy's `hash_balance_factor` of 125. (Both have none unless it is given.)
const USUAL_FACTOR: f64 = 1.25;
/// Finagle's and Linkerd's.
const USUAL_DECAY: Seconds = Seconds(10.0);

pub(super) fn balancing(problems: &mut Problems, path: &Path, config: &ServiceConfig) -> Balancing {
    Balancing {
        policy: policy(problems, path, config),
        max_conns: problems.count_if(&path.key("max_conns"), config.max_conns, 1..=WORKERS_MAX),
        slow_start: slow_start(problems, path, config),
        panic_threshold: problems.within(
            &path.key("panic_threshold"),
            config.panic_threshold,
            0.0..=1.0,
            "a share, 0 to 1",
        ),
    }
}

fn policy(problems: &mut Problems, path: &Path, config: &ServiceConfig) -> Policy {
    let factor = problems.within(
        &path.key("balance_factor"),
        config.balance_factor.unwrap_or(USUAL_FACTOR),
        1.0..=BALANCE_FACTOR_MAX,
        "a factor, 1 to 1000",
    );
    let decay =
        problems.span_from(&path.key("ewma_decay"), config.ewma_decay.unwrap_or(USUAL_DECAY), INTERVAL_SECONDS_MIN);
    if let (Some(factor), true) = (config.balance_factor, config.balancer != BalancerPolicy::BoundedHash) {
        let rule = "has no effect unless `balancer` is `bounded_hash`";
        problems.found(&path.key("balance_factor"), Number(factor), rule);
    }
    if let (Some(decay), true) = (config.ewma_decay, config.balancer != BalancerPolicy::PeakEwma) {
        let rule = "has no effect unless `balancer` is `peak_ewma`";
        problems.found(&path.key("ewma_decay"), Number(decay.0), rule);
    }
    match config.balancer {
        BalancerPolicy::WeightedRandom => Policy::WeightedRandom,
        BalancerPolicy::SmoothRoundRobin => Policy::SmoothRoundRobin,
        BalancerPolicy::LeastConnections => Policy::LeastConnections,
        BalancerPolicy::Leastconn => Policy::Leastconn,
        BalancerPolicy::TwoChoices => Policy::TwoChoices,
        BalancerPolicy::UserHash => Policy::UserHash,
        BalancerPolicy::IpHash => Policy::IpHash,
        BalancerPolicy::Hash => Policy::Hash,
        BalancerPolicy::BoundedHash => Policy::BoundedHash { factor },
        BalancerPolicy::PeakEwma => Policy::PeakEwma { decay },
    }
}

fn slow_start(problems: &mut Problems, path: &Path, config: &ServiceConfig) -> Option<SlowStart> {
    let lasts = config.slow_start?;
    let path = path.key("slow_start");
    if matches!(config.balancer, BalancerPolicy::IpHash | BalancerPolicy::Hash) {
        let rule = match config.balancer {
            BalancerPolicy::IpHash => {
                "has no effect with `ip_hash` (an address leads to the same instance whatever its weight is now)"
            }
            _ => "has no effect with `hash` (a user's name leads to the same instance whatever its weight is now)",
        };
        problems.found(&path, Number(lasts.0), rule);
    }
    let lasts = problems.span_from(&path, lasts, INTERVAL_SECONDS_MIN);
    Some(SlowStart { lasts, is_stepwise: config.slow_start_in_steps })
}

/// Where requests wait while all instances are full.
pub(super) fn line(problems: &mut Problems, path: &Path, config: &ServiceConfig) -> Option<Line> {
    let queue = config.balancer_queue.as_ref()?;
    let path = path.key("balancer_queue");
    if config.max_conns.is_none() {
        problems.report(&path, "has no effect without `max_conns` (no instance is ever full)");
    }
    Some(Line {
        limit: problems.count_if(&path.key("limit"), queue.limit, 1..=WORKERS_MAX),
        longest_wait: queue.longest_wait.map(|wait| problems.span(&path.key("longest_wait"), wait)),
    })
}

/// How many idle connections are kept.
pub(super) fn keep_alive(problems: &mut Problems, path: &Path, config: &ServiceConfig) -> Option<KeepAlive> {
    let most = problems.count_if(&path.key("keep_alive"), config.keep_alive, 0..=WORKERS_MAX)?;
    Some(KeepAlive { most, is_together: config.keep_alive_together })
}

/// How many instances are no backups; the rest, the last ones, are.
pub(super) fn primaries(problems: &mut Problems, path: &Path, config: &ServiceConfig) -> u32 {
    let primaries = config.instances.saturating_sub(config.backups);
    if primaries == 0 && config.instances > 0 {
        let rule = format!("leaves no instance that is no backup (`instances` is {})", config.instances);
        problems.found(&path.key("backups"), config.backups, rule);
    }
    primaries
}
