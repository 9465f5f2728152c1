//! Warnings about services.

use super::{
    Path, Problems, broker,
    deadlines::Deadlines,
    edge,
    fault::never_comes,
    stores::{self, Operation},
    within,
};
use crate::config::{
    resolve::{Number, endpoint::is_idempotent, layout::Layout},
    schema::{Holds, Seconds, ServiceConfig, StepConfig},
};

/// Where somebody who has been asked asks others.
pub(super) struct Place<'l, 'c> {
    pub layout: &'l Layout<'c>,
    /// Whether what is done there may happen twice.
    pub may_repeat: bool,
    /// The most seconds that a request has left when it gets there.
    pub left: f64,
}

pub(super) fn check(warnings: &mut Problems, layout: &Layout) {
    let deadlines = Deadlines::new(layout);
    for ((name, service), first) in layout.config.services.iter().zip(&layout.endpoints) {
        let first = *first as usize;
        let place = |nodes, may_repeat| Place { layout, may_repeat, left: deadlines.left(nodes) };
        within("services", name, |path| {
            check_next_upstream(warnings, path, service);
            check_pool(warnings, path, service);
            check_deployments(warnings, path, (service, layout.config.duration));
            let (calls, own) = (path.key("calls"), place(first..first + 1, false));
            for (i, call) in service.calls.iter().enumerate() {
                edge::check_call(warnings, &calls.index(i), &own, call);
            }
            let all = place(first..first + 2 + service.endpoints.len(), false);
            stores::check(warnings, path, &all, service);
            for (i, (endpoint, config)) in service.endpoints.iter().enumerate() {
                let place = place(first + 2 + i..first + 3 + i, is_idempotent(config));
                let path = path.key("endpoints");
                check_steps(warnings, &path.key(endpoint).key("steps"), &place, &config.steps);
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

/// Releases that nobody lives to see.
fn check_deployments(warnings: &mut Problems, path: &Path, (service, Seconds(duration)): (&ServiceConfig, Seconds)) {
    let list = path.key("deployments");
    for (i, deployment) in service.deployments.iter().enumerate() {
        let Seconds(at) = deployment.at;
        if at > duration {
            warnings.found(&list.index(i).key("at"), Number(at), never_comes(duration));
        }
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

/// What is asked by some steps, wherever they stand.
fn check_steps(warnings: &mut Problems, path: &Path, place: &Place, steps: &[StepConfig]) {
    for (i, step) in steps.iter().enumerate() {
        let path = path.index(i);
        match step {
            StepConfig::Call(call) => edge::check_call(warnings, &path.key("call"), place, call),
            StepConfig::LookUp(look_up) => {
                let path = path.key("look_up");
                stores::check_step(warnings, &path, place, (look_up.policy.as_ref(), Operation::READ));
                let steps = look_up.miss.as_deref().unwrap_or_default();
                check_steps(warnings, &path.key("miss"), place, steps);
            }
            StepConfig::Read(read) => {
                let operation = Operation::new(read.on_error, true);
                stores::check_step(warnings, &path.key("read"), place, (read.policy.as_ref(), operation));
            }
            StepConfig::Write(write) => {
                let operation = Operation::new(write.on_error, place.may_repeat);
                stores::check_step(warnings, &path.key("write"), place, (write.policy.as_ref(), operation));
            }
            StepConfig::Publish(used) => {
                let operation = Operation::new(used.on_error, place.may_repeat);
                stores::check_step(warnings, &path.key("publish"), place, (used.policy.as_ref(), operation));
                broker::check_publish(warnings, &path.key("publish"), place.layout.config, used);
            }
            StepConfig::Branches(branches) => {
                let list = path.key("branches");
                let list = list.key("of");
                for (i, steps) in branches.of.iter().enumerate() {
                    check_steps(warnings, &list.index(i), place, steps);
                }
            }
            StepConfig::Maybe(maybe) => check_steps(warnings, &path.key("maybe").key("steps"), place, &maybe.steps),
            StepConfig::Process(_) => {}
        }
    }
}
