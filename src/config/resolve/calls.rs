//! Calls between services: where they lead, that they come to an end, and that they don't multiply beyond reason.

use super::{
    Path, Problems,
    layout::Layout,
    policy::Policies,
    service::{on_error, resolve_pool},
    stores,
};
use crate::{
    config::{
        error::quoted,
        limits::{CALL_TREE_MAX, CALLS_MAX},
        near::suggestion,
        schema::{CallConfig, CallKind, PolicyConfig, PolicyUse, ServiceConfig, StepConfig},
    },
    engine::time::Duration,
    model::{
        cause::Cause,
        topology::{Bulkhead, Call, Called, Callee, EdgePolicy, Pool},
    },
};

/// Adds the calls of a service's own list.
pub(super) fn resolve(
    problems: &mut Problems,
    service: &Path,
    (layout, policies): (&Layout, &Policies),
    config: &ServiceConfig,
    calls: &mut Vec<Call>,
) {
    let list = service.key("calls");
    check_length(problems, &list, config.calls.len());
    for (i, call) in config.calls.iter().enumerate() {
        calls.push(resolve_call(problems, &list.index(i), (layout, policies), call));
    }
}

/// A call.
pub(super) fn resolve_call(
    problems: &mut Problems,
    path: &Path,
    (layout, policies): (&Layout, &Policies),
    config: &CallConfig,
) -> Call {
    let names = path.key("to");
    if config.to.is_empty() {
        problems.found(&names, "[]", "is too short (at least one service)");
    }
    check_length(problems, &names, config.to.len());
    let to = config.to.iter().enumerate();
    let to: Vec<Callee> = to.filter_map(|(i, name)| resolve_callee(problems, &names.index(i), layout, name)).collect();
    let all = config.to.len().max(1) as u32;
    let on_error = on_error(config.on_error);
    let mut policy = policies.of(problems, &path.key("policy"), config.policy.as_ref());
    if let Some(pool) = &config.pool {
        let path = path.key("pool");
        if policy.bulkhead.is_some() {
            problems.report(&path, "stands beside a policy with `bulkhead` (one of them)");
        }
        policy.bulkhead = Some(as_bulkhead(&resolve_pool(problems, &path, pool)));
    }
    Call {
        to: Called::Services(to),
        need: problems.count(&path.key("need"), config.need.unwrap_or(all), 1..=all),
        is_read: match config.kind {
            CallKind::Read => Some(true),
            CallKind::Write => Some(false),
            CallKind::Same => None,
        },
        prob: problems.probability(&path.key("prob"), config.prob),
        on_error,
        policy: EdgePolicy { on_error, ..policy },
    }
}

/// A pool of connections to a service: who finds none free waits before the call, as before a bulkhead.
fn as_bulkhead(pool: &Pool) -> Bulkhead {
    let longest_wait = pool.longest_wait.unwrap_or(Duration::ZERO);
    Bulkhead { max: pool.size, waiting: u32::MAX, longest_wait, refusal: Cause::PoolTimeout }
}

pub(super) fn check_length(problems: &mut Problems, path: &Path, length: usize) {
    if length > CALLS_MAX {
        problems.report(path, format!("has {length} entries, too many (at most {CALLS_MAX})"));
    }
}

pub(super) fn resolve_callee(problems: &mut Problems, path: &Path, layout: &Layout, name: &str) -> Option<Callee> {
    if layout.config.auth.as_ref().is_some_and(|auth| auth.name == name) {
        problems.found(path, quoted(name), "is the authorisation service, which is not called");
        return None;
    }
    callee(problems, path, layout, name)
}

/// Whom a name means: a service, or an endpoint of one.
pub(super) fn callee(problems: &mut Problems, path: &Path, layout: &Layout, name: &str) -> Option<Callee> {
    let Some(found) = layout.callee(name) else {
        let known = suggestion(name, layout.callable().iter());
        problems.found(path, quoted(name), format!("is not one of `services`{known}"));
        return None;
    };
    check_asked_for(problems, path, layout, name, found);
    Some(found)
}

/// Whoever names a service that does nothing but what its endpoints say must name one of them.
pub(super) fn check_asked_for(problems: &mut Problems, path: &Path, layout: &Layout, name: &str, callee: Callee) {
    let service = &layout.config.services[callee.service.index()];
    if callee.endpoint.is_none() && service.has_endpoints_only() {
        let names: Vec<String> = service.endpoints.keys().map(|endpoint| format!("`{name}.{endpoint}`")).collect();
        problems.report(path, format!("names none of the service's endpoints ({})", names.join(", ")));
    }
}

/// How far the walk along the calls has come with a service.
#[derive(Clone, Copy, PartialEq)]
enum Visit {
    Not,
    Open,
    /// Done; a request to it leads to so many further ones.
    Done(u64),
}

/// Something that calls and is called: a service by its own list of calls, or one of its endpoints.
struct Node<'c> {
    name: String,
    /// Where its calls stand.
    path: String,
    calls: Vec<&'c CallConfig>,
    /// What is asked instead where its calls, or its operations at stores, have failed.
    fallbacks: Vec<&'c str>,
    callees: Vec<usize>,
}

/// Whether calls go round in circles, and how many requests grow out of one.
pub(super) fn check(problems: &mut Problems, layout: &Layout) {
    let nodes = nodes(layout);
    let mut visits = vec![Visit::Not; nodes.len()];
    for start in 0..nodes.len() {
        walk(problems, &nodes, &mut visits, start);
    }
    let is_too_many = |visit: &Visit| match visit {
        Visit::Done(requests) => *requests > CALL_TREE_MAX,
        Visit::Not | Visit::Open => false,
    };
    for (visit, node) in visits.iter().zip(&nodes) {
        // Whoever calls such a service leads to as many, but the trouble is not there.
        if !is_too_many(visit) || node.callees.iter().any(|callee| is_too_many(&visits[*callee])) {
            continue;
        }
        let rule = format!("lead to more than {CALL_TREE_MAX} further requests for each one, through calls of calls");
        problems.report(&node.path, rule);
    }
}

/// All nodes, in the order of the topology's endpoints (a service's own list stands for its reads and writes).
fn nodes<'c>(layout: &Layout<'c>) -> Vec<Node<'c>> {
    let root = Path::Root;
    let mut nodes = Vec::new();
    for (name, service, _) in layout.services() {
        let list = root.key("services");
        let path = list.key(name);
        let own: Vec<&CallConfig> = service.calls.iter().take(CALLS_MAX).collect();
        for calls in [own, Vec::new()] {
            let path = path.key("calls").to_string();
            let fallbacks = fallbacks_of(layout, &calls, stores::policies_of_service(service));
            nodes.push(Node { name: name.to_owned(), path, calls, fallbacks, callees: Vec::new() });
        }
        for (endpoint, config) in service.endpoints.iter() {
            let mut calls = Vec::new();
            calls_of(&config.steps, &mut calls);
            let path = path.key("endpoints").key(endpoint).key("steps").to_string();
            let fallbacks = fallbacks_of(layout, &calls, stores::policies_of_steps(service, &config.steps));
            nodes.push(Node { name: format!("{name}.{endpoint}"), path, calls, fallbacks, callees: Vec::new() });
        }
    }
    for node in &mut nodes {
        let named = node.calls.iter().flat_map(|call| call.to.iter().take(CALLS_MAX));
        let named = named.map(String::as_str).chain(node.fallbacks.iter().copied());
        node.callees = named.filter_map(|name| layout.callee(name)).map(|callee| layout.node(callee)).collect();
    }
    nodes
}

/// Whom some calls, and operations under some policies, lead to when they fail.
fn fallbacks_of<'c>(layout: &Layout<'c>, calls: &[&'c CallConfig], stores: Vec<&'c PolicyUse>) -> Vec<&'c str> {
    let used = calls.iter().filter_map(|call| call.policy.as_ref()).chain(stores);
    used.filter_map(|used| policy_of(layout, used)?.fallback.as_deref()).collect()
}

/// What the policy of a place says.
pub(super) fn policy_of<'c>(layout: &Layout<'c>, used: &'c PolicyUse) -> Option<&'c PolicyConfig> {
    match used {
        PolicyUse::Own(policy) => Some(policy),
        PolicyUse::Named(name) => layout.config.policies.get(name),
    }
}

/// Whom each endpoint asks, and the seconds that the policy leaves them (which a fallback does not care about).
pub(super) fn asked(layout: &Layout) -> Vec<Vec<(usize, f64)>> {
    let place = |name: &str| layout.callee(name).map(|callee| layout.node(callee));
    let asked_by = |node: Node| {
        let called = node.calls.iter().flat_map(|call| {
            let deadline = call.policy.as_ref().and_then(|used| policy_of(layout, used)?.deadline);
            let deadline = deadline.map_or(f64::INFINITY, |deadline| deadline.0);
            call.to.iter().filter_map(move |name| Some((place(name)?, deadline)))
        });
        let fallbacks = node.fallbacks.iter().filter_map(|name| Some((place(name)?, f64::INFINITY)));
        called.chain(fallbacks).collect()
    };
    nodes(layout).into_iter().map(asked_by).collect()
}

/// Whom each endpoint calls, by their places among all endpoints.
pub(super) fn callees(layout: &Layout) -> Vec<Vec<usize>> {
    nodes(layout).into_iter().map(|node| node.callees).collect()
}

/// The calls of some steps, wherever they stand.
pub(super) fn calls_of<'c>(steps: &'c [StepConfig], calls: &mut Vec<&'c CallConfig>) {
    for step in steps {
        match step {
            StepConfig::Call(call) => calls.push(call),
            StepConfig::LookUp(look_up) => calls_of(look_up.miss.as_deref().unwrap_or(&[]), calls),
            StepConfig::Branches(branches) => branches.of.iter().for_each(|steps| calls_of(steps, calls)),
            StepConfig::Maybe(maybe) => calls_of(&maybe.steps, calls),
            StepConfig::Process(_) | StepConfig::Read(_) | StepConfig::Write(_) | StepConfig::Publish(_) => {}
        }
    }
}

/// Walks depth-first with a stack of its own: a chain of a thousand services must not exhaust the machine's.
fn walk(problems: &mut Problems, nodes: &[Node], visits: &mut [Visit], start: usize) {
    if visits[start] != Visit::Not {
        return;
    }
    visits[start] = Visit::Open;
    let mut stack = vec![(start, 0)];
    while let Some((node, next)) = stack.last_mut() {
        let node = *node;
        let Some(&callee) = nodes[node].callees.get(*next) else {
            let requests = nodes[node].callees.iter().map(|callee| match visits[*callee] {
                Visit::Done(requests) => requests.saturating_add(1),
                Visit::Not | Visit::Open => 1,
            });
            visits[node] = Visit::Done(requests.fold(0, u64::saturating_add));
            stack.pop();
            continue;
        };
        *next += 1;
        match visits[callee] {
            Visit::Not => {
                visits[callee] = Visit::Open;
                stack.push((callee, 0));
            }
            Visit::Open => {
                let open: Vec<usize> = stack.iter().map(|(node, _)| *node).collect();
                report_cycle(problems, nodes, &open, callee);
            }
            Visit::Done(_) => {}
        }
    }
}

fn report_cycle(problems: &mut Problems, nodes: &[Node], open: &[usize], back_to: usize) {
    let start = open.iter().position(|node| *node == back_to).unwrap_or(0);
    let cycle: Vec<&str> = open[start..].iter().chain([&back_to]).map(|node| nodes[*node].name.as_str()).collect();
    problems.report(&nodes[back_to].path, format!("go round in a circle: {}", cycle.join(" → ")));
}
