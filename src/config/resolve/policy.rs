//! Policies: those with a name, once, and those that are written where they are used.

use super::{Path, Problems, calls::resolve_callee, check::Number, layout::Layout};
use crate::{
    config::{
        error::quoted,
        limits::{
            BREAKER_CALLS_MAX, BREAKER_SECONDS_MAX, HEDGES_MAX, LIMITER_RATE_MIN, RATE_MAX, RETRIES_MAX,
            RETRY_BURST_MAX, RETRY_RATIO_MAX, SHARE_MIN, TIMEOUT_SECONDS_MIN, WORKERS_MAX,
        },
        near::suggestion,
        schema::{
            self, BackoffConfig, BreakerConfig, BulkheadConfig, CauseName, HedgeConfig, LimiterConfig, PolicyConfig,
            PolicyUse, RetryConfig,
        },
    },
    engine::time::Duration,
    model::{
        cause::{Cause, CauseSet},
        topology::{
            Breaker, BreakerWindow, Bulkhead, EdgePolicy, Hedge, HedgeAfter, Jitter, Limiter, OnGivingUp, Retry,
        },
    },
};

/// Causes after which nothing is tried again unless somebody says so: another attempt would only meet the first two
/// again, and by the others the policy itself refuses or gives up.
const NOT_RETRIED: [Cause; 6] = [
    Cause::Unauthorised,
    Cause::SimulatorFull,
    Cause::BreakerOpen,
    Cause::Limited,
    Cause::BulkheadFull,
    Cause::Deadline,
];

/// The policies of a configuration that have a name.
pub(super) struct Policies<'c> {
    layout: &'c Layout<'c>,
    resolved: Vec<EdgePolicy>,
}

impl<'c> Policies<'c> {
    pub fn new(problems: &mut Problems, layout: &'c Layout) -> Self {
        let root = Path::Root;
        let path = root.key("policies");
        let named = layout.config.policies.iter();
        let resolved = named.map(|(name, policy)| resolve(problems, &path.key(name), layout, policy)).collect();
        Self { layout, resolved }
    }

    /// The policy of an edge.
    pub fn of(&self, problems: &mut Problems, path: &Path, used: Option<&PolicyUse>) -> EdgePolicy {
        match used {
            None => EdgePolicy::NONE,
            Some(PolicyUse::Own(policy)) => resolve(problems, path, self.layout, policy),
            Some(PolicyUse::Named(name)) => {
                let policies = &self.layout.config.policies;
                let position = policies.get_index_of(name);
                let policy = position.and_then(|position| self.resolved.get(position)).cloned();
                policy.unwrap_or_else(|| {
                    let known = suggestion(name, policies.keys());
                    problems.found(path, quoted(name), format!("is not one of `policies`{known}"));
                    EdgePolicy::NONE
                })
            }
        }
    }
}

fn resolve(problems: &mut Problems, path: &Path, layout: &Layout, config: &PolicyConfig) -> EdgePolicy {
    let retry = config.retry.as_ref();
    let (breaker, limiter) = (config.breaker.as_ref(), config.limiter.as_ref());
    let (bulkhead, hedge) = (config.bulkhead.as_ref(), config.hedge.as_ref());
    let fallback = config.fallback.as_ref();
    EdgePolicy {
        fallback: fallback.and_then(|name| resolve_callee(problems, &path.key("fallback"), layout, name)),
        retry: retry.map(|retry| resolve_retry(problems, &path.key("retry"), retry)),
        breaker: breaker.map(|breaker| resolve_breaker(problems, &path.key("breaker"), breaker)),
        limiter: limiter.map(|limiter| resolve_limiter(problems, &path.key("limiter"), limiter)),
        bulkhead: bulkhead.map(|bulkhead| resolve_bulkhead(problems, &path.key("bulkhead"), bulkhead)),
        timeout: config.timeout.map(|time| problems.span_from(&path.key("timeout"), time, TIMEOUT_SECONDS_MIN)),
        deadline: config.deadline.map(|time| problems.span_from(&path.key("deadline"), time, TIMEOUT_SECONDS_MIN)),
        hedge: hedge.map(|hedge| resolve_hedge(problems, &path.key("hedge"), hedge)),
        on_giving_up: match config.on_giving_up {
            schema::OnGivingUp::Continue => OnGivingUp::Continue,
            schema::OnGivingUp::Cancel => OnGivingUp::Cancel,
        },
        ..EdgePolicy::NONE
    }
}

fn resolve_retry(problems: &mut Problems, path: &Path, config: &RetryConfig) -> Retry {
    let max = problems.count(&path.key("max"), config.max, 1..=RETRIES_MAX);
    let budget = config.budget.as_ref();
    let on = config.on.as_deref().map_or_else(retried, causes);
    let budget = budget.map(|budget| problems.budget(&path.key("budget"), budget.ratio, budget.burst));
    retry(problems, &path.key("backoff"), &config.backoff, Retry { max, on, writes: config.writes, budget, ..NO_WAIT })
}

/// A retry at once.
pub(super) const NO_WAIT: Retry = Retry {
    max: 0,
    base: Duration::ZERO,
    factor: 1.0,
    longest: Duration::ZERO,
    jitter: Jitter::None,
    on: CauseSet::NONE,
    writes: false,
    budget: None,
};

/// The retry with the waits of a backoff.
pub(super) fn retry(problems: &mut Problems, path: &Path, config: &BackoffConfig, retry: Retry) -> Retry {
    let base = problems.seconds(&path.key("base"), config.base);
    let longest = problems.seconds(&path.key("max"), config.max);
    if base > longest {
        let rule = format!("is longer than the longest wait (`max` is {})", Number(longest));
        problems.found(&path.key("base"), Number(base), rule);
    }
    Retry {
        base: Duration::from_seconds(base),
        factor: problems.within(&path.key("factor"), config.factor, 1.0..=1000.0, "a factor, 1 to 1000"),
        longest: Duration::from_seconds(longest),
        jitter: match config.jitter {
            schema::Jitter::None => Jitter::None,
            schema::Jitter::Full => Jitter::Full,
            schema::Jitter::Equal => Jitter::Equal,
            schema::Jitter::Decorrelated => Jitter::Decorrelated,
        },
        ..retry
    }
}

impl Problems {
    /// Tokens that a first try adds, and most tokens held.
    pub fn budget(&mut self, path: &Path, ratio: f64, burst: f64) -> (f64, f64) {
        let ratio = self.within(&path.key("ratio"), ratio, 0.0..=RETRY_RATIO_MAX, "tokens for a request, 0 to 100");
        (ratio, self.within(&path.key("burst"), burst, 0.0..=RETRY_BURST_MAX, "tokens, 0 to 1e6"))
    }

    /// A share at which something happens: at a share of 0 it would happen without a reason.
    fn threshold(&mut self, path: &Path, value: f64) -> f64 {
        self.within(path, value, SHARE_MIN..=1.0, "a share, 1e-6 to 1")
    }
}

/// Causes after which something is tried again if nobody says which.
pub(super) fn retried() -> CauseSet {
    Cause::ALL.into_iter().filter(|cause| !NOT_RETRIED.contains(cause)).collect()
}

fn causes(names: &[CauseName]) -> CauseSet {
    names.iter().map(|name| name.0).collect()
}

fn resolve_breaker(problems: &mut Problems, path: &Path, config: &BreakerConfig) -> Breaker {
    let window = path.key("window");
    Breaker {
        window: match config.window {
            schema::BreakerWindow::Calls(calls) => {
                BreakerWindow::Calls(problems.count(&window.key("calls"), calls, 1..=BREAKER_CALLS_MAX))
            }
            schema::BreakerWindow::Seconds(seconds) => {
                BreakerWindow::Seconds(problems.count(&window.key("seconds"), seconds, 1..=BREAKER_SECONDS_MAX))
            }
        },
        min_calls: problems.count(&path.key("min_calls"), config.min_calls, 1..=BREAKER_CALLS_MAX),
        failure_share: problems.threshold(&path.key("failure_share"), config.failure_share),
        slow_share: problems.threshold(&path.key("slow_share"), config.slow_share),
        slow_after: problems.span(&path.key("slow_after"), config.slow_after),
        open_for: problems.span(&path.key("open_for"), config.open_for),
        probes: problems.count(&path.key("probes"), config.probes, 1..=BREAKER_CALLS_MAX),
        ignored: causes(&config.ignore),
    }
}

fn resolve_limiter(problems: &mut Problems, path: &Path, config: &LimiterConfig) -> Limiter {
    let rates = LIMITER_RATE_MIN..=RATE_MAX;
    Limiter {
        rate: problems.within(&path.key("rate"), config.rate, rates, "a rate per second, 1e-6 to 1e7"),
        burst: problems.within(&path.key("burst"), config.burst, 1.0..=RETRY_BURST_MAX, "tokens, 1 to 1e6"),
        longest_wait: problems.span(&path.key("longest_wait"), config.longest_wait),
    }
}

fn resolve_bulkhead(problems: &mut Problems, path: &Path, config: &BulkheadConfig) -> Bulkhead {
    Bulkhead {
        max: problems.count(&path.key("max"), config.max, 1..=WORKERS_MAX),
        waiting: problems.count(&path.key("waiting"), config.waiting, 0..=WORKERS_MAX),
        longest_wait: problems.span(&path.key("longest_wait"), config.longest_wait),
        refusal: Cause::BulkheadFull,
    }
}

fn resolve_hedge(problems: &mut Problems, path: &Path, config: &HedgeConfig) -> Hedge {
    Hedge {
        after: resolve_hedge_after(problems, path, config),
        max: problems.count(&path.key("max"), config.max, 1..=HEDGES_MAX),
        budget: Some(problems.budget(&path.key("budget"), config.budget.ratio, config.budget.burst)),
        writes: config.writes,
    }
}

/// Exactly one of `after` and `percentile`.
fn resolve_hedge_after(problems: &mut Problems, path: &Path, config: &HedgeConfig) -> HedgeAfter {
    match (config.after, config.percentile) {
        (Some(time), None) => HedgeAfter::Time(problems.span(&path.key("after"), time)),
        (None, Some(share)) => {
            HedgeAfter::Percentile(problems.within(&path.key("percentile"), share, 0.0..=1.0, "a share, 0 to 1"))
        }
        (Some(_), Some(_)) => {
            problems.report(path, "has both `after` and `percentile` (one of them)");
            HedgeAfter::Time(Duration::ZERO)
        }
        (None, None) => {
            problems.report(path, "needs `after` or `percentile`");
            HedgeAfter::Time(Duration::ZERO)
        }
    }
}
