//! Groups of users.

use rand_distr::weighted::WeightedAliasIndex;

use super::{
    Path, Problems, arrivals,
    calls::check_asked_for,
    layout::Layout,
    policy::{self, Policies},
};
use crate::{
    config::{
        limits::{CLASSES_MAX, RETRIES_MAX, TIMEOUT_SECONDS_MIN, USERS_REMEMBERED_MAX},
        near::suggestion,
        schema::{ClientConfig, RetriesConfig, UsersConfig},
    },
    model::topology::{Callee, EdgePolicy, Retry, Users},
};

pub(super) fn resolve(problems: &mut Problems, layout: &Layout, policies: &Policies) -> Vec<Users> {
    let root = Path::Root;
    let path = root.key("users");
    let config = layout.config;
    if config.users.is_empty() {
        problems.report(&path, "is empty (at least one group of users)");
    }
    config
        .users
        .iter()
        .filter_map(|(name, group)| resolve_group(problems, &path.key(name), (layout, policies), name, group))
        .collect()
}

fn resolve_group(
    problems: &mut Problems,
    path: &Path,
    (layout, policies): (&Layout, &Policies),
    name: &str,
    group: &UsersConfig,
) -> Option<Users> {
    let arrivals = arrivals::resolve(problems, path, group.arrivals.as_ref());
    let reuse_prob = problems.probability(&path.key("reuse_prob"), group.reuse_prob);
    let max_users = problems.count(&path.key("max_users"), group.max_users, 1..=USERS_REMEMBERED_MAX);
    let targets = resolve_targets(problems, &path.key("targets"), layout, group);
    let read_share = problems.probability(&path.key("read_share"), group.read_share);
    let policy = resolve_policy(problems, path, policies, group);
    let (targets, target_weights) = targets?;
    Some(Users {
        name: name.to_owned(),
        arrivals: arrivals?,
        reuse_prob,
        max_users,
        targets,
        target_weights,
        class: problems.count(&path.key("priority"), group.priority, 0..=CLASSES_MAX) as u8,
        read_share,
        policy,
    })
}

/// The services that the requests go to, and what chooses among them.
type Targets = (Vec<Callee>, WeightedAliasIndex<f64>);

fn resolve_targets(problems: &mut Problems, path: &Path, layout: &Layout, group: &UsersConfig) -> Option<Targets> {
    if group.targets.is_empty() {
        problems.report(path, "is empty (at least one service and its weight)");
        return None;
    }
    let (mut services, mut weights) = (Vec::new(), Vec::new());
    for (name, weight) in group.targets.iter() {
        let path = path.key(name);
        weights.push(problems.weight(&path, *weight));
        match layout.callee(name) {
            Some(callee) => {
                check_asked_for(problems, &path, layout, name, callee);
                services.push(callee);
            }
            None if layout.config.auth.as_ref().is_some_and(|auth| auth.name == *name) => {
                problems.report(&path, "is the authorisation service (users log in by themselves)");
            }
            None => {
                let known = suggestion(name, layout.callable().iter());
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

/// What the clients of a group do: by its `policy`, or by the short form of one.
fn resolve_policy(problems: &mut Problems, path: &Path, policies: &Policies, group: &UsersConfig) -> EdgePolicy {
    if group.policy.is_some() && group.client != ClientConfig::default() {
        problems.report(path, "has both `client` and `policy` (one of them)");
    }
    let client = resolve_client(problems, &path.key("client"), &group.client);
    if group.policy.is_none() {
        return client;
    }
    policies.of(problems, &path.key("policy"), group.policy.as_ref())
}

fn resolve_client(problems: &mut Problems, path: &Path, config: &ClientConfig) -> EdgePolicy {
    let timeout = config.timeout.map(|timeout| problems.span_from(&path.key("timeout"), timeout, TIMEOUT_SECONDS_MIN));
    let retry = config.retries.as_ref();
    let retry = retry.map(|retries| resolve_retries(problems, &path.key("retries"), retries));
    EdgePolicy { timeout, retry, ..EdgePolicy::NONE }
}

fn resolve_retries(problems: &mut Problems, path: &Path, config: &RetriesConfig) -> Retry {
    let max = problems.count(&path.key("max"), config.max, 1..=RETRIES_MAX);
    let budget = config.budget.as_ref();
    let budget = budget.map(|budget| problems.budget(&path.key("budget"), budget.ratio, budget.burst));
    let retry = Retry { max, on: policy::retried(), writes: true, budget, ..policy::NO_WAIT };
    policy::retry(problems, &path.key("backoff"), &config.backoff, retry)
}
