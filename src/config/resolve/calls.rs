//! Calls between services: where they lead, that they come to an end, and that they don't multiply beyond reason.

use std::ops::Range;

use super::{Path, Problems, layout::Layout, policy::Policies, service::on_error};
use crate::{
    config::{
        error::quoted,
        limits::{CALL_TREE_MAX, CALLS_MAX},
        near::suggestion,
        schema::ServiceConfig,
    },
    model::topology::{Call, EdgePolicy, ServiceId},
};

/// Adds the calls of a service; returns where they stand.
pub(super) fn resolve(
    problems: &mut Problems,
    service: &Path,
    (layout, policies): (&Layout, &Policies),
    config: &ServiceConfig,
    calls: &mut Vec<Call>,
) -> Range<u32> {
    let list = service.key("calls");
    let first = calls.len() as u32;
    check_length(problems, &list, config.calls.len());
    for (i, call) in config.calls.iter().enumerate() {
        let path = list.index(i);
        let names = path.key("to");
        if call.to.is_empty() {
            problems.found(&names, "[]", "is too short (at least one service)");
        }
        check_length(problems, &names, call.to.len());
        let to = call.to.iter().enumerate();
        let to = to.filter_map(|(i, name)| resolve_callee(problems, &names.index(i), layout, name)).collect();
        let prob = problems.probability(&path.key("prob"), call.prob);
        let on_error = on_error(call.on_error);
        let policy = policies.of(problems, &path.key("policy"), call.policy.as_ref());
        calls.push(Call { to, prob, on_error, policy: EdgePolicy { on_error, ..policy } });
    }
    first..calls.len() as u32
}

fn check_length(problems: &mut Problems, path: &Path, length: usize) {
    if length > CALLS_MAX {
        problems.report(path, format!("has {length} entries, too many (at most {CALLS_MAX})"));
    }
}

fn resolve_callee(problems: &mut Problems, path: &Path, layout: &Layout, name: &str) -> Option<ServiceId> {
    if let Some(position) = layout.service(name) {
        return Some(ServiceId(position as u32));
    }
    if layout.config.auth.as_ref().is_some_and(|auth| auth.name == name) {
        problems.found(path, quoted(name), "is the authorisation service, which is not called");
    } else {
        let known = suggestion(name, layout.config.services.keys());
        problems.found(path, quoted(name), format!("is not one of `services`{known}"));
    }
    None
}

/// How far the walk along the calls has come with a service.
#[derive(Clone, Copy, PartialEq)]
enum Visit {
    Not,
    Open,
    /// Done; a request to it leads to so many further ones.
    Done(u64),
}

/// Whether calls go round in circles, and how many requests grow out of one.
pub(super) fn check(problems: &mut Problems, layout: &Layout) {
    let callees: Vec<Vec<usize>> = layout.services().map(|(_, service, _)| callees(layout, service)).collect();
    let mut visits = vec![Visit::Not; callees.len()];
    for start in 0..callees.len() {
        walk(problems, layout, &callees, &mut visits, start);
    }
    let is_too_many = |visit: &Visit| match visit {
        Visit::Done(requests) => *requests > CALL_TREE_MAX,
        Visit::Not | Visit::Open => false,
    };
    for ((visit, callees), (name, _, _)) in visits.iter().zip(&callees).zip(layout.services()) {
        // Whoever calls such a service leads to as many, but the trouble is not there.
        if !is_too_many(visit) || callees.iter().any(|callee| is_too_many(&visits[*callee])) {
            continue;
        }
        let rule = format!("lead to more than {CALL_TREE_MAX} further requests for each one, through calls of calls");
        problems.report(&Path::Root.key("services").key(name).key("calls"), rule);
    }
}

fn callees(layout: &Layout, service: &ServiceConfig) -> Vec<usize> {
    let named = service.calls.iter().take(CALLS_MAX).flat_map(|call| call.to.iter().take(CALLS_MAX));
    named.filter_map(|name| layout.service(name)).collect()
}

/// Walks depth-first with a stack of its own: a chain of a thousand services must not exhaust the machine's.
fn walk(problems: &mut Problems, layout: &Layout, callees: &[Vec<usize>], visits: &mut [Visit], start: usize) {
    if visits[start] != Visit::Not {
        return;
    }
    visits[start] = Visit::Open;
    let mut stack = vec![(start, 0)];
    while let Some((service, next)) = stack.last_mut() {
        let service = *service;
        let Some(&callee) = callees[service].get(*next) else {
            let requests = callees[service].iter().map(|callee| match visits[*callee] {
                Visit::Done(requests) => requests.saturating_add(1),
                Visit::Not | Visit::Open => 1,
            });
            visits[service] = Visit::Done(requests.fold(0, u64::saturating_add));
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
                let open: Vec<usize> = stack.iter().map(|(service, _)| *service).collect();
                report_cycle(problems, layout, &open, callee);
            }
            Visit::Done(_) => {}
        }
    }
}

fn report_cycle(problems: &mut Problems, layout: &Layout, open: &[usize], back_to: usize) {
    let names: Vec<&str> = layout.services().map(|(name, _, _)| name).collect();
    let start = open.iter().position(|service| *service == back_to).unwrap_or(0);
    let cycle: Vec<&str> = open[start..].iter().chain([&back_to]).map(|service| names[*service]).collect();
    let path = Path::Root.key("services").key(names[back_to]).key("calls").to_string();
    problems.report(&path, format!("go round in a circle: {}", cycle.join(" → ")));
}
