//! Warnings about policies under which a service uses its database, its cache and its broker.

use super::{
    Path, Problems, broker,
    edge::{self, Edge},
    service::Place,
};
use crate::config::{
    resolve::endpoint::is_idempotent,
    schema::{OnError, PolicyUse, ServiceConfig, StepConfig},
};

/// An operation at a store.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    /// Whether a failure does not matter to whoever asks.
    pub is_ignored: bool,
    /// Whether it may happen twice.
    pub can_repeat: bool,
}

impl Operation {
    pub fn new(on_error: OnError, can_repeat: bool) -> Self {
        Self { is_ignored: on_error == OnError::Ignore, can_repeat }
    }

    /// A read, or a look-up, whose failure matters.
    pub const READ: Self = Self { is_ignored: false, can_repeat: true };
}

/// The policies of the service's own stores.
pub(super) fn check(warnings: &mut Problems, path: &Path, place: &Place, service: &ServiceConfig) {
    let operations = operations(service);
    if let Some(used) = &service.database {
        check_own(warnings, &path.key("database"), place, (used.policy.as_ref(), &operations.database));
    }
    if let Some(used) = &service.cache {
        check_own(warnings, &path.key("cache"), place, (used.policy.as_ref(), &operations.cache));
    }
    if let Some(used) = &service.publish {
        check_own(warnings, &path.key("publish"), place, (used.policy.as_ref(), &operations.broker));
        broker::check_publish(warnings, &path.key("publish"), place.layout.config, used);
    }
}

fn check_own(
    warnings: &mut Problems,
    path: &Path,
    place: &Place,
    (policy, operations): (Option<&PolicyUse>, &[Operation]),
) {
    let Some(policy) = policy else { return };
    let path = path.key("policy");
    if operations.is_empty() {
        warnings.report(
            &path,
            "has no effect: nothing is done under it (each step has a policy of its own, or there is none)",
        );
        return;
    }
    let is_ignored = operations.iter().all(|operation| operation.is_ignored);
    let can_repeat = operations.iter().any(|operation| operation.can_repeat);
    edge::check(warnings, &path, place.layout.config, &Edge { policy, is_ignored, can_repeat, left: place.left });
}

/// What a step has of its own.
pub(super) fn check_step(
    warnings: &mut Problems,
    path: &Path,
    place: &Place,
    (policy, operation): (Option<&PolicyUse>, Operation),
) {
    let Some(policy) = policy else { return };
    let Operation { is_ignored, can_repeat } = operation;
    let edge = Edge { policy, is_ignored, can_repeat, left: place.left };
    edge::check(warnings, &path.key("policy"), place.layout.config, &edge);
}

/// What is done under the policies that a service has for all its endpoints.
#[derive(Default)]
struct Operations {
    database: Vec<Operation>,
    cache: Vec<Operation>,
    broker: Vec<Operation>,
}

fn operations(service: &ServiceConfig) -> Operations {
    let mut operations = Operations::default();
    if !service.has_endpoints_only() {
        if let Some(used) = &service.database {
            operations.database.push(Operation::new(used.on_read_error, true));
            operations.database.push(Operation::new(used.on_write_error, false));
        }
        operations.cache.push(Operation::READ);
        // (A message for a read may be sent twice.)
        operations.broker.extend(service.publish.as_ref().map(|used| Operation::new(used.on_error, true)));
    }
    for endpoint in service.endpoints.values() {
        operations.add(&endpoint.steps, is_idempotent(endpoint));
    }
    operations
}

impl Operations {
    /// Those of some steps, but for those under a policy of their own.
    fn add(&mut self, steps: &[StepConfig], may_repeat: bool) {
        for step in steps {
            match step {
                StepConfig::Read(read) if read.policy.is_none() => {
                    self.database.push(Operation::new(read.on_error, true));
                }
                StepConfig::Write(write) if write.policy.is_none() => {
                    self.database.push(Operation::new(write.on_error, may_repeat));
                }
                StepConfig::LookUp(look_up) => {
                    if look_up.policy.is_none() {
                        self.cache.push(Operation::READ);
                    }
                    match &look_up.miss {
                        Some(steps) => self.add(steps, may_repeat),
                        None => self.database.push(Operation::READ),
                    }
                }
                StepConfig::Branches(branches) => branches.of.iter().for_each(|steps| self.add(steps, may_repeat)),
                StepConfig::Maybe(maybe) => self.add(&maybe.steps, may_repeat),
                _ => {}
            }
        }
    }
}
