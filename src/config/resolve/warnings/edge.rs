//! Warnings about a policy where it is used: what it says cannot happen there.

use super::{Path, Problems, policy, service::Place};
use crate::config::{
    error::quoted,
    resolve::{Number, endpoint::is_idempotent, layout::Layout},
    schema::{CallConfig, CallKind, Config, OnError, PolicyConfig, PolicyUse},
};

/// A place where somebody asks under a policy.
pub(super) struct Edge<'c> {
    /// The policy.
    pub policy: &'c PolicyUse,
    /// Whether a failure does not matter to whoever asks.
    pub is_ignored: bool,
    /// Whether something is asked for that may happen twice.
    pub can_repeat: bool,
    /// The most seconds that a request has left when it gets here, by the deadlines of those who asked before.
    pub left: f64,
}

/// A call, at its place.
pub(super) fn check_call(warnings: &mut Problems, path: &Path, place: &Place, call: &CallConfig) {
    let layout = place.layout;
    let Some(policy) = &call.policy else { return };
    // (What the caller was asked for decides of a call of the kind `same`: it may be a read.)
    let reads = call.kind != CallKind::Write;
    let can_repeat = call.to.iter().any(|name| can_repeat(layout, name, reads));
    let is_ignored = call.on_error == OnError::Ignore;
    let edge = Edge { policy, is_ignored, can_repeat, left: place.left };
    check(warnings, &path.key("policy"), layout.config, &edge);
}

/// Warns of what the policy of an edge says in vain.
pub(super) fn check(warnings: &mut Problems, path: &Path, config: &Config, edge: &Edge) {
    match edge.policy {
        PolicyUse::Own(own) => {
            policy::check_numbers(warnings, path, own);
            check_parts(edge, own, |key, rule| warnings.report(&path.key(key), rule));
            check_late(warnings, path, own, edge.left);
        }
        PolicyUse::Named(name) => {
            let Some(named) = config.policies.get(name) else { return };
            check_parts(edge, named, |_, rule| warnings.found(path, quoted(name), rule));
            for (part, seconds) in late(named, edge.left) {
                let rule = format!(
                    "has a `{part}` ({}) that never passes: no request that gets here has more than {} s left (`deadline`)",
                    Number(seconds),
                    Number(edge.left)
                );
                warnings.found(path, quoted(name), rule);
            }
        }
    }
}

fn check_parts(edge: &Edge, policy: &PolicyConfig, mut warn: impl FnMut(&'static str, &str)) {
    if let Some(retry) = &policy.retry {
        if !edge.can_repeat && !retry.writes {
            warn("retry", "never tries again: what is asked for may not happen twice (`writes` of its `retry`)");
        }
        if edge.is_ignored {
            warn("retry", "tries again, though a failure is ignored (`on_error`)");
        }
    }
    if policy.hedge.as_ref().is_some_and(|hedge| !edge.can_repeat && !hedge.writes) {
        warn("hedge", "never hedges: what is asked for may not happen twice (`writes` of its `hedge`)");
    }
}

/// What ends only when those who asked before have given up.
fn check_late(warnings: &mut Problems, path: &Path, policy: &PolicyConfig, left: f64) {
    for (part, seconds) in late(policy, left) {
        let rule =
            format!("never passes: no request that gets here has more than {} s left (`deadline`)", Number(left));
        let path = path.key(part);
        if part == "hedge" {
            warnings.found(&path.key("after"), Number(seconds), rule);
        } else {
            warnings.found(&path, Number(seconds), rule);
        }
    }
}

/// Times of a policy that end only when those who asked before have given up, unless another one of its own comes first.
fn late(policy: &PolicyConfig, left: f64) -> Vec<(&'static str, f64)> {
    let hedge = policy.hedge.as_ref().and_then(|hedge| hedge.after);
    let times = [("deadline", policy.deadline), ("timeout", policy.timeout), ("hedge", hedge)];
    let mut first = f64::INFINITY;
    let mut late = Vec::new();
    for (part, time) in times {
        let Some(time) = time.map(|time| time.0) else { continue };
        if time > left && time <= first {
            late.push((part, time));
        }
        first = first.min(time);
    }
    late
}

/// Whether what somebody names may happen twice, by a read or by a write.
pub(super) fn can_repeat(layout: &Layout, name: &str, reads: bool) -> bool {
    let Some(callee) = layout.callee(name) else { return true };
    let Some(endpoint) = callee.endpoint else { return reads };
    let service = callee.service.index();
    let place = (endpoint.0 - layout.endpoints[service] - 2) as usize;
    let endpoint = layout.config.services[service].endpoints.get_index(place);
    endpoint.is_none_or(|(_, endpoint)| is_idempotent(endpoint))
}
