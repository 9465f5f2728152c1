//! Uses of databases, caches and brokers under a policy.

use super::{Path, Problems, layout::Layout, policy::Policies, routing, service::on_error};
use crate::{
    config::{
        limits::{MESSAGE_LIFE_SECONDS_MAX, MESSAGE_PRIORITY_MAX},
        schema::{PolicyUse, PublishUse, Seconds, ServiceConfig, StepConfig},
    },
    model::topology::{Asked, Call, CallId, Called, EdgePolicy, OnError, Publication, PublishUse as Publish},
};

/// Under which policies a service uses its stores.
#[derive(Clone, Copy, Default)]
pub(super) struct Stores {
    pub database: Option<CallId>,
    pub cache: Option<CallId>,
}

/// Adds the uses that a service has for all its endpoints.
pub(super) fn resolve(
    problems: &mut Problems,
    path: &Path,
    policies: &Policies,
    config: &ServiceConfig,
    calls: &mut Vec<Call>,
) -> Stores {
    let database = config.database.as_ref().and_then(|used| used.policy.as_ref());
    let cache = config.cache.as_ref().and_then(|used| used.policy.as_ref());
    let mut add =
        |of: &str, used, store| add_use(problems, &path.key(of).key("policy"), policies, (used, store), calls);
    let database = add("database", database, Asked::Database);
    let cache = add("cache", cache, Asked::Cache);
    if let (Some(used), Some(call)) = (&config.database, database) {
        check_retries(problems, &path.key("database").key("read_retries"), used.read_retries, &calls[call.index()]);
    }
    Stores { database, cache }
}

/// Adds a use of a store, if it is under a policy.
pub(super) fn add_use(
    problems: &mut Problems,
    path: &Path,
    policies: &Policies,
    (used, store): (Option<&PolicyUse>, Asked),
    calls: &mut Vec<Call>,
) -> Option<CallId> {
    let used = used?;
    let policy = policies.of(problems, path, Some(used));
    calls.push(store_call(store, policy));
    Some(CallId(calls.len() as u32 - 1))
}

fn store_call(store: Asked, policy: EdgePolicy) -> Call {
    Call { to: Called::Store(store), need: 1, is_read: None, prob: 1.0, on_error: OnError::Fail, policy }
}

/// Reads are tried again by one rule only.
pub(super) fn check_retries(problems: &mut Problems, path: &Path, retries: u32, call: &Call) {
    if retries > 0 && call.policy.retry.is_some() {
        problems.found(path, retries, "stands beside a policy with `retry` (one of them)");
    }
}

/// Where messages go, and under which policy.
pub(super) fn publish(
    problems: &mut Problems,
    path: &Path,
    (layout, policies): (&Layout, &Policies),
    used: &PublishUse,
    calls: &mut Vec<Call>,
) -> Option<Publish> {
    let routing::Target { broker, queues, is_routed, needs_quorum } = routing::target(problems, path, layout, used)?;
    let store = (used.policy.as_ref(), Asked::Broker(broker));
    let call = add_use(problems, &path.key("policy"), policies, store, calls);
    let priority = problems.count(&path.key("priority"), used.priority, 0..=MESSAGE_PRIORITY_MAX) as u8;
    let ttl = used.ttl.map(|ttl| life(problems, &path.key("ttl"), ttl));
    let (is_persistent, is_confirmed) = (used.persistent, used.confirms);
    let publication =
        Publication { broker, queues, is_routed, needs_quorum, priority, ttl, is_persistent, is_confirmed };
    Some(Publish { publication, on_error: on_error(used.on_error), call })
}

/// A message's own time to live in milliseconds.
fn life(problems: &mut Problems, path: &Path, ttl: Seconds) -> u32 {
    let what = "a time, 0 to 2147483 seconds";
    (problems.within(path, ttl.0, 0.0..=MESSAGE_LIFE_SECONDS_MAX, what) * 1e3).round() as u32
}

/// The policies under which a service uses its stores unless a step says otherwise.
fn own(config: &ServiceConfig) -> [Option<&PolicyUse>; 2] {
    let database = config.database.as_ref().and_then(|used| used.policy.as_ref());
    [database, config.cache.as_ref().and_then(|used| used.policy.as_ref())]
}

/// The policies under which a service uses stores that is asked for nothing by name.
pub(super) fn policies_of_service(config: &ServiceConfig) -> Vec<&PolicyUse> {
    let publish = config.publish.as_ref().and_then(|used| used.policy.as_ref());
    own(config).into_iter().chain([publish]).flatten().collect()
}

/// The policies under which some steps use stores.
pub(super) fn policies_of_steps<'c>(config: &'c ServiceConfig, steps: &'c [StepConfig]) -> Vec<&'c PolicyUse> {
    let [database, cache] = own(config);
    let within = |steps: &'c [StepConfig]| policies_of_steps(config, steps);
    let of = |step: &'c StepConfig| match step {
        StepConfig::Read(read) => read.policy.as_ref().or(database).into_iter().collect(),
        StepConfig::Write(write) => write.policy.as_ref().or(database).into_iter().collect(),
        StepConfig::Publish(publish) => publish.policy.iter().collect(),
        StepConfig::LookUp(look_up) => {
            let miss = look_up.miss.as_deref().map_or_else(|| database.into_iter().collect(), within);
            look_up.policy.as_ref().or(cache).into_iter().chain(miss).collect()
        }
        StepConfig::Branches(branches) => branches.of.iter().flat_map(|steps| within(steps)).collect(),
        StepConfig::Maybe(maybe) => within(&maybe.steps),
        StepConfig::Process(_) | StepConfig::Call(_) => Vec::new(),
    };
    steps.iter().flat_map(of).collect()
}
