//! Warnings about a policy where it is used: what it says cannot happen there.

use super::{Path, Problems, policy};
use crate::config::{
    error::quoted,
    resolve::{endpoint::is_idempotent, layout::Layout},
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
}

/// A call, at its place.
pub(super) fn check_call(warnings: &mut Problems, path: &Path, layout: &Layout, call: &CallConfig) {
    let Some(policy) = &call.policy else { return };
    // (What the caller was asked for decides of a call of the kind `same`: it may be a read.)
    let reads = call.kind != CallKind::Write;
    let can_repeat = call.to.iter().any(|name| can_repeat(layout, name, reads));
    let is_ignored = call.on_error == OnError::Ignore;
    check(warnings, &path.key("policy"), layout.config, &Edge { policy, is_ignored, can_repeat });
}

/// Warns of what the policy of an edge says in vain.
pub(super) fn check(warnings: &mut Problems, path: &Path, config: &Config, edge: &Edge) {
    match edge.policy {
        PolicyUse::Own(own) => {
            policy::check_numbers(warnings, path, own);
            check_parts(edge, own, |key, rule| warnings.report(&path.key(key), rule));
        }
        PolicyUse::Named(name) => {
            let Some(named) = config.policies.get(name) else { return };
            check_parts(edge, named, |_, rule| warnings.found(path, quoted(name), rule));
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

/// Whether what somebody names may happen twice, by a read or by a write.
pub(super) fn can_repeat(layout: &Layout, name: &str, reads: bool) -> bool {
    let Some(callee) = layout.callee(name) else { return true };
    let Some(endpoint) = callee.endpoint else { return reads };
    let service = callee.service.index();
    let place = (endpoint.0 - layout.endpoints[service] - 2) as usize;
    let endpoint = layout.config.services[service].endpoints.get_index(place);
    endpoint.is_none_or(|(_, endpoint)| is_idempotent(endpoint))
}
