//! Groups of users.

use rand_distr::weighted::WeightedAliasIndex;

use super::{Path, Problems, arrivals};
use crate::{
    config::{
        limits::{DURATION_SECONDS_MAX, RETRIES_MAX, RETRY_BURST_MAX, RETRY_RATIO_MAX, USERS_REMEMBERED_MAX},
        near::suggestion,
        resolve::Number,
        schema::{Config, Jitter, RetriesConfig, UsersConfig},
    },
    engine::time::Duration,
    model::{
        cause::{Cause, CauseSet},
        topology::{self, EdgePolicy, Retry, ServiceId, Users},
    },
};

/// Shortest patience of a client: less than this nobody can answer.
const TIMEOUT_SECONDS_MIN: f64 = 1e-6;

pub(super) fn resolve(problems: &mut Problems, config: &Config) -> Vec<Users> {
    let root = Path::Root;
    let path = root.key("users");
    if config.users.is_empty() {
        problems.report(&path, "is empty (at least one group of users)");
    }
    config
        .users
        .iter()
        .filter_map(|(name, group)| resolve_group(problems, &path.key(name), config, name, group))
        .collect()
}

fn resolve_group(
    problems: &mut Problems,
    path: &Path,
    config: &Config,
    name: &str,
    group: &UsersConfig,
) -> Option<Users> {
    let arrivals = arrivals::resolve(problems, path, group.arrivals.as_ref());
    let reuse_prob = problems.probability(&path.key("reuse_prob"), group.reuse_prob);
    let max_users = problems.count(&path.key("max_users"), group.max_users, 1..=USERS_REMEMBERED_MAX);
    let targets = resolve_targets(problems, &path.key("targets"), config, group);
    let read_share = problems.probability(&path.key("read_share"), group.read_share);
    let client = path.key("client");
    let timeout =
        group.client.timeout.map(|timeout| problems.span_from(&client.key("timeout"), timeout, TIMEOUT_SECONDS_MIN));
    let retry = group.client.retries.as_ref();
    let retry = retry.map(|retries| resolve_retries(problems, &client.key("retries"), retries));
    let (targets, target_weights) = targets?;
    Some(Users {
        name: name.to_owned(),
        arrivals: arrivals?,
        reuse_prob,
        max_users,
        targets,
        target_weights,
        read_share,
        policy: EdgePolicy { timeout, retry, ..EdgePolicy::NONE },
    })
}

/// The services that the requests go to, and what chooses among them.
type Targets = (Vec<ServiceId>, WeightedAliasIndex<f64>);

fn resolve_targets(problems: &mut Problems, path: &Path, config: &Config, group: &UsersConfig) -> Option<Targets> {
    if group.targets.is_empty() {
        problems.report(path, "is empty (at least one service and its weight)");
        return None;
    }
    let (mut services, mut weights) = (Vec::new(), Vec::new());
    for (name, weight) in group.targets.iter() {
        let path = path.key(name);
        weights.push(problems.weight(&path, *weight));
        match config.services.get_index_of(name) {
            Some(position) => services.push(ServiceId(position as u32)),
            None if config.auth.as_ref().is_some_and(|auth| auth.name == *name) => {
                problems.report(&path, "is the authorisation service (users log in by themselves)");
            }
            None => {
                let known = suggestion(name, config.services.keys());
                problems.report(&path, format!("is not one of `services`{known}"));
            }
        }
    }
    let index = WeightedAliasIndex::new(weights).ok();
    if index.is_none() {
        problems.report(path, "needs at least one service of positive weight");
    }
    index.map(|index| (services, index))
}

fn resolve_retries(problems: &mut Problems, path: &Path, config: &RetriesConfig) -> Retry {
    let backoff = path.key("backoff");
    let base = problems.seconds(&backoff.key("base"), config.backoff.base);
    let longest = problems.seconds(&backoff.key("max"), config.backoff.max);
    if base > longest {
        let rule = format!("is longer than the longest wait (`max` is {})", Number(longest));
        problems.found(&backoff.key("base"), Number(base), rule);
    }
    debug_assert!(longest <= DURATION_SECONDS_MAX, "spans are checked");
    let budget = config.budget.as_ref().map(|budget| {
        let path = path.key("budget");
        let ratio =
            problems.within(&path.key("ratio"), budget.ratio, 0.0..=RETRY_RATIO_MAX, "tokens for a request, 0 to 100");
        (ratio, problems.within(&path.key("burst"), budget.burst, 0.0..=RETRY_BURST_MAX, "tokens, 0 to 1e6"))
    });
    Retry {
        max: problems.count(&path.key("max"), config.max, 1..=RETRIES_MAX),
        base: Duration::from_seconds(base),
        factor: problems.within(&backoff.key("factor"), config.backoff.factor, 1.0..=1000.0, "a factor, 1 to 1000"),
        longest: Duration::from_seconds(longest),
        jitter: match config.backoff.jitter {
            Jitter::None => topology::Jitter::None,
            Jitter::Full => topology::Jitter::Full,
            Jitter::Equal => topology::Jitter::Equal,
        },
        on: retried(),
        writes: true,
        budget,
    }
}

/// Causes after which a client tries again: all but a rejection, which another attempt would only meet again.
fn retried() -> CauseSet {
    let is_retried = |cause: &Cause| !matches!(cause, Cause::Unauthorised | Cause::SimulatorFull);
    Cause::ALL.into_iter().filter(is_retried).collect()
}
