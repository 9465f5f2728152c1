//! Warnings about the numbers of policies.

use super::{Path, Problems, within};
use crate::config::{
    resolve::Number,
    schema::{Config, PolicyConfig, Seconds},
};

/// The policies that have a name. (One that nobody uses may be kept at hand, to be put in while a run goes on.)
pub(super) fn check(warnings: &mut Problems, config: &Config) {
    for (name, policy) in &config.policies {
        within("policies", name, |path| check_numbers(warnings, path, policy));
    }
}

/// What is in vain wherever the policy is used.
pub(super) fn check_numbers(warnings: &mut Problems, path: &Path, policy: &PolicyConfig) {
    check_times(warnings, path, policy);
    let budgets = [
        ("retry", policy.retry.as_ref().and_then(|retry| retry.budget.as_ref()).map(|budget| budget.burst)),
        ("hedge", policy.hedge.as_ref().map(|hedge| hedge.budget.burst)),
    ];
    for (part, burst) in budgets {
        if let Some(burst) = burst.filter(|burst| *burst < 1.0) {
            let rule = "never holds a whole token, so there is no further try";
            warnings.found(&path.key(part).key("budget").key("burst"), Number(burst), rule);
        }
    }
    if let Some(bulkhead) = &policy.bulkhead {
        let (path, Seconds(longest)) = (path.key("bulkhead"), bulkhead.longest_wait);
        if bulkhead.waiting == 0 && longest > 0.0 {
            warnings.found(
                &path.key("longest_wait"),
                Number(longest),
                "has no effect, as nobody may wait (`waiting` is 0)",
            );
        }
        if bulkhead.waiting > 0 && longest == 0.0 {
            let rule = "may wait, but for no time (`longest_wait` is 0)";
            warnings.found(&path.key("waiting"), bulkhead.waiting, rule);
        }
    }
}

/// Times that another one cuts off. (All of them begin together, or the shorter one earlier.)
fn check_times(warnings: &mut Problems, path: &Path, policy: &PolicyConfig) {
    let seconds = |time: Option<Seconds>| time.map(|time| time.0);
    let (timeout, deadline) = (seconds(policy.timeout), seconds(policy.deadline));
    let hedge = policy.hedge.as_ref().and_then(|hedge| seconds(hedge.after));
    if let (Some(timeout), Some(deadline)) = (timeout, deadline)
        && timeout > deadline
    {
        let rule = format!("never passes, as the `deadline` ({}) comes first", Number(deadline));
        warnings.found(&path.key("timeout"), Number(timeout), rule);
    }
    for (name, end) in [("timeout", timeout), ("deadline", deadline)] {
        if let (Some(after), Some(end)) = (hedge, end)
            && after > end
        {
            let rule = format!("never passes, as the `{name}` ({}) comes first", Number(end));
            warnings.found(&path.key("hedge").key("after"), Number(after), rule);
            return;
        }
    }
}
