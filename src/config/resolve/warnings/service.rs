//! Warnings about services.

use super::{Path, Problems, edge, within};
use crate::config::{
    resolve::layout::Layout,
    schema::{Holds, ServiceConfig, StepConfig},
};

pub(super) fn check(warnings: &mut Problems, layout: &Layout) {
    for (name, service) in &layout.config.services {
        within("services", name, |path| {
            check_next_upstream(warnings, path, service);
            check_pool(warnings, path, service);
            let calls = path.key("calls");
            for (i, call) in service.calls.iter().enumerate() {
                edge::check_call(warnings, &calls.index(i), layout, call);
            }
            for (endpoint, config) in &service.endpoints {
                let path = path.key("endpoints");
                check_steps(warnings, &path.key(endpoint).key("steps"), layout, &config.steps);
            }
        });
    }
}

fn check_next_upstream(warnings: &mut Problems, path: &Path, service: &ServiceConfig) {
    if service.next_upstream.is_some() && service.instances == 1 {
        warnings.report(
            &path.key("next_upstream"),
            "has no effect: the service has one instance, and there is no other to ask",
        );
    }
}

/// Who holds a worker needs one connection at a time, unless it does several things at once.
fn check_pool(warnings: &mut Problems, path: &Path, service: &ServiceConfig) {
    let pool = service.database.as_ref().and_then(|database| database.pool.as_ref());
    let (Some(pool), Some(workers), Holds::Request) = (pool, service.workers, service.holds) else { return };
    let one_at_a_time =
        service.endpoints.values().all(|endpoint| is_held(&endpoint.steps) && is_sequence(&endpoint.steps));
    if pool.size > workers && one_at_a_time {
        let rule = format!("is more than is ever used: `workers` ({workers}) hold one each");
        let path = path.key("database");
        warnings.found(&path.key("pool").key("size"), pool.size, rule);
    }
}

/// Whether a worker is held from the first step on.
pub(super) fn is_held(steps: &[StepConfig]) -> bool {
    matches!(steps.first(), Some(StepConfig::Process(_)))
}

/// Whether no two steps are done at the same time.
fn is_sequence(steps: &[StepConfig]) -> bool {
    steps.iter().all(|step| match step {
        StepConfig::Branches(_) => false,
        StepConfig::LookUp(look_up) => is_sequence(look_up.miss.as_deref().unwrap_or_default()),
        StepConfig::Maybe(maybe) => is_sequence(&maybe.steps),
        _ => true,
    })
}

/// The calls among some steps, wherever they stand.
fn check_steps(warnings: &mut Problems, path: &Path, layout: &Layout, steps: &[StepConfig]) {
    for (i, step) in steps.iter().enumerate() {
        let path = path.index(i);
        match step {
            StepConfig::Call(call) => edge::check_call(warnings, &path.key("call"), layout, call),
            StepConfig::LookUp(look_up) => {
                let steps = look_up.miss.as_deref().unwrap_or_default();
                check_steps(warnings, &path.key("look_up").key("miss"), layout, steps);
            }
            StepConfig::Branches(branches) => {
                let list = path.key("branches");
                let list = list.key("of");
                for (i, steps) in branches.of.iter().enumerate() {
                    check_steps(warnings, &list.index(i), layout, steps);
                }
            }
            StepConfig::Maybe(maybe) => check_steps(warnings, &path.key("maybe").key("steps"), layout, &maybe.steps),
            _ => {}
        }
    }
}
