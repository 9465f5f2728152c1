//! A warning about services that may wait for each other for ever: whoever holds a worker until it is answered, and calls
//! somebody who in the end calls it back, needs a second worker of its own; once all are held so, none is given back.

use super::{Problems, service::is_held, within};
use crate::config::{
    resolve::{
        calls::{callees, calls_of},
        layout::Layout,
    },
    schema::{Config, Holds, PolicyConfig, PolicyUse, ServiceConfig},
};

pub(super) fn check(warnings: &mut Problems, layout: &Layout) {
    let services = &layout.config.services;
    if !services.values().any(can_block) || is_anybody_impatient(layout.config) {
        return;
    }
    let callees = callees(layout);
    for (position, (name, service)) in services.iter().enumerate() {
        if can_block(service) && calls_itself(layout, &callees, position) {
            let rule = "may lock up: its requests hold their worker while they wait for calls that come back to it";
            within("services", name, |path| warnings.report(&path.key("holds"), rule));
        }
    }
}

/// Whether a request may hold a worker while another one waits for it, both without an end.
fn can_block(service: &ServiceConfig) -> bool {
    let is_queue_long = |workers| service.queue_limit.is_none_or(|limit| limit >= workers);
    service.holds == Holds::Request
        && service.workers.is_some_and(is_queue_long)
        && service.longest_wait.is_none()
        && service.codel.is_none()
        && service.max_conns.is_none()
        && service.admission.is_none()
}

/// Whether any policy ends waits, and so perhaps these.
fn is_anybody_impatient(config: &Config) -> bool {
    let is_impatient = |policy: &PolicyConfig| policy.timeout.is_some() || policy.deadline.is_some();
    let used_by_users = config.users.values().filter_map(|users| users.policy.as_ref());
    let used_by_calls = config.services.values().flat_map(|service| {
        let mut calls: Vec<_> = service.calls.iter().collect();
        for endpoint in service.endpoints.values() {
            calls_of(&endpoint.steps, &mut calls);
        }
        calls.into_iter().filter_map(|call| call.policy.as_ref())
    });
    let own = used_by_users.chain(used_by_calls).filter_map(|used| match used {
        PolicyUse::Own(policy) => Some(policy.as_ref()),
        PolicyUse::Named(_) => None,
    });
    config.policies.values().chain(own).any(is_impatient)
}

/// Whether a request that holds a worker of the service leads to another one that needs one.
fn calls_itself(layout: &Layout, callees: &[Vec<usize>], service: usize) -> bool {
    let own = own_nodes(layout, service);
    let mut is_seen = vec![false; callees.len()];
    let mut open: Vec<usize> = own.iter().flat_map(|node| callees[*node].iter().copied()).collect();
    while let Some(node) = open.pop() {
        if own.contains(&node) {
            return true;
        }
        if !std::mem::replace(&mut is_seen[node], true) {
            open.extend(&callees[node]);
        }
    }
    false
}

/// What the service can be asked for that takes a worker first.
fn own_nodes(layout: &Layout, service: usize) -> Vec<usize> {
    let first = layout.endpoints[service] as usize;
    let config = &layout.config.services[service];
    let named = config.endpoints.values().enumerate().filter(|(_, endpoint)| is_held(&endpoint.steps));
    [first].into_iter().chain(named.map(|(i, _)| first + 2 + i)).collect()
}
