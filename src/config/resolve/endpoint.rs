//! Endpoints: those that are declared, and the two that follow from a service's other fields.

use super::{
    Path, Problems,
    calls::{check_length, resolve_call},
    layout::Layout,
    policy::Policies,
    service::{on_cache_error, on_error},
    stores::{Stores, add_use, check_retries, publish},
};
use crate::{
    config::{
        limits::{CLASSES_MAX, READ_RETRIES_MAX},
        schema::{CacheWrites, EndpointConfig, LookUpStep, PolicyUse, ServiceConfig, StepConfig},
    },
    model::topology::{Asked, Call, CallId, Endpoint, OnError, Service, ServiceId, Task, Told},
};

/// Most steps of an endpoint, those within steps included.
const STEPS_MAX: usize = 1000;

/// What a service does that is asked for nothing by name, for a read or for a write.
pub(super) fn unnamed(
    (service, config): (&Service, Option<&ServiceConfig>),
    id: ServiceId,
    calls: &[Call],
    is_read: bool,
) -> Endpoint {
    let mut tasks = vec![Task::Process(None)];
    let (database, cache) = (service.database.as_ref(), service.cache.as_ref());
    let read =
        database.map(|used| Task::Read { on_error: used.on_read_error, retries: used.read_retries, call: used.call });
    match (is_read, cache) {
        (true, Some(cache)) => {
            let miss = read.into_iter().collect();
            tasks.push(Task::LookUp { on_error: cache.on_error, call: cache.call, miss });
        }
        (true, None) => tasks.extend(read),
        (false, _) => {
            let write = database.map(|used| Task::Write { on_error: used.on_write_error, call: used.call });
            tasks.extend(write.map(|write| told(config, write)));
        }
    }
    tasks.extend(service.publish.clone().map(Task::Publish));
    tasks.extend(service.calls.clone().take(calls.len()).map(|call| Task::Call(CallId(call))));
    Endpoint { service: id, name: None, tasks, is_idempotent: is_read, class: None, plan: 0..0 }
}

/// A write, of which the cache is told if the service says so.
fn told(service: Option<&ServiceConfig>, write: Task) -> Task {
    let Some(cache) = service.and_then(|service| service.cache.as_ref()) else { return write };
    let what = match cache.writes {
        None => return write,
        Some(CacheWrites::Around) => Told::Nothing,
        Some(CacheWrites::Invalidate) => Told::Forget,
        Some(CacheWrites::Through) => Told::Value,
        Some(CacheWrites::Behind) => Told::First,
    };
    Task::Tell { what, on_error: on_cache_error(cache.on_error), tasks: vec![write] }
}

/// The endpoints of a service that have a name; their calls are added to the others.
pub(super) fn named(
    problems: &mut Problems,
    path: &Path,
    context: (&Layout, &Policies, Stores),
    (id, config): (ServiceId, &ServiceConfig),
    calls: &mut Vec<Call>,
) -> Vec<Endpoint> {
    let path = path.key("endpoints");
    let endpoints = config.endpoints.iter();
    endpoints
        .map(|(name, endpoint)| resolve(problems, &path.key(name), context, (id, config), (name, endpoint), calls))
        .collect()
}

fn resolve(
    problems: &mut Problems,
    path: &Path,
    (layout, policies, stores): (&Layout, &Policies, Stores),
    (id, service): (ServiceId, &ServiceConfig),
    (name, config): (&str, &EndpointConfig),
    calls: &mut Vec<Call>,
) -> Endpoint {
    let list = path.key("steps");
    let steps = count(&config.steps);
    if steps > STEPS_MAX {
        problems.report(&list, format!("have {steps} steps, too many (at most {STEPS_MAX})"));
    }
    let mut maker = Maker { problems, layout, policies, stores, service, calls };
    let tasks = maker.tasks(&list, &config.steps);
    let class = config.priority.map(|class| problems.count(&path.key("priority"), class, 0..=CLASSES_MAX) as u8);
    let is_idempotent = is_idempotent(config);
    Endpoint { service: id, name: Some(name.to_owned()), tasks, is_idempotent, class, plan: 0..0 }
}

/// Whether it may happen twice.
pub(super) fn is_idempotent(config: &EndpointConfig) -> bool {
    config.idempotent.unwrap_or_else(|| !changes(&config.steps))
}

/// The steps within a step, lists of them.
fn within(step: &StepConfig) -> Vec<&[StepConfig]> {
    match step {
        StepConfig::LookUp(look_up) => look_up.miss.as_deref().into_iter().collect(),
        StepConfig::Branches(branches) => branches.of.iter().map(Vec::as_slice).collect(),
        StepConfig::Maybe(maybe) => vec![&maybe.steps],
        _ => Vec::new(),
    }
}

fn count(steps: &[StepConfig]) -> usize {
    steps.iter().map(|step| 1 + within(step).into_iter().map(count).sum::<usize>()).sum()
}

/// Whether some steps change anything.
fn changes(steps: &[StepConfig]) -> bool {
    let changes_here = |step: &StepConfig| matches!(step, StepConfig::Write(_) | StepConfig::Publish(_));
    steps.iter().any(|step| changes_here(step) || within(step).into_iter().any(changes))
}

/// Makes tasks of steps.
struct Maker<'a, 'c> {
    problems: &'a mut Problems,
    layout: &'a Layout<'c>,
    policies: &'a Policies<'c>,
    stores: Stores,
    service: &'a ServiceConfig,
    calls: &'a mut Vec<Call>,
}

impl Maker<'_, '_> {
    fn tasks(&mut self, path: &Path, steps: &[StepConfig]) -> Vec<Task> {
        steps.iter().take(STEPS_MAX).enumerate().filter_map(|(i, step)| self.task(&path.index(i), step)).collect()
    }

    fn task(&mut self, path: &Path, step: &StepConfig) -> Option<Task> {
        Some(match step {
            StepConfig::Process(time) => Task::Process(Some(self.problems.distribution(&path.key("process"), time))),
            StepConfig::LookUp(look_up) => self.look_up(&path.key("look_up"), look_up),
            StepConfig::Read(read) => {
                let path = path.key("read");
                self.needs(&path, "database", self.service.database.is_some());
                let retries = self.problems.count(&path.key("retries"), read.retries, 0..=READ_RETRIES_MAX);
                let call = self.store(&path, read.policy.as_ref(), Asked::Database, self.stores.database);
                if let Some(call) = call {
                    check_retries(self.problems, &path.key("retries"), retries, &self.calls[call.index()]);
                }
                Task::Read { on_error: on_error(read.on_error), retries, call }
            }
            StepConfig::Write(write) => {
                let path = path.key("write");
                self.needs(&path, "database", self.service.database.is_some());
                let call = self.store(&path, write.policy.as_ref(), Asked::Database, self.stores.database);
                told(Some(self.service), Task::Write { on_error: on_error(write.on_error), call })
            }
            StepConfig::Publish(used) => {
                let context = (self.layout, self.policies);
                Task::Publish(publish(self.problems, &path.key("publish"), context, used, self.calls)?)
            }
            StepConfig::Call(call) => {
                let call = resolve_call(self.problems, &path.key("call"), (self.layout, self.policies), call);
                self.calls.push(call);
                Task::Call(CallId(self.calls.len() as u32 - 1))
            }
            StepConfig::Branches(branches) => {
                let list = path.key("branches");
                let path = list.key("of");
                check_length(self.problems, &path, branches.of.len());
                let lists = branches.of.iter().enumerate();
                let branches_of = lists.map(|(i, steps)| self.tasks(&path.index(i), steps)).collect::<Vec<_>>();
                if branches_of.is_empty() {
                    self.problems.found(&path, "[]", "is too short (at least one list of steps)");
                }
                Task::Branches { branches: branches_of, on_error: on_error(branches.on_error) }
            }
            StepConfig::Maybe(maybe) => {
                let path = path.key("maybe");
                let prob = self.problems.probability(&path.key("prob"), maybe.prob);
                Task::Maybe { prob, tasks: self.tasks(&path.key("steps"), &maybe.steps) }
            }
        })
    }

    fn look_up(&mut self, path: &Path, look_up: &LookUpStep) -> Task {
        self.needs(path, "cache", self.service.cache.is_some());
        let miss = match &look_up.miss {
            Some(steps) => self.tasks(&path.key("miss"), steps),
            None => {
                self.needs(path, "database", self.service.database.is_some());
                vec![Task::Read { on_error: OnError::Fail, retries: 0, call: self.stores.database }]
            }
        };
        let call = self.store(path, look_up.policy.as_ref(), Asked::Cache, self.stores.cache);
        Task::LookUp { on_error: on_cache_error(look_up.on_error), call, miss }
    }

    /// Under which policy a step uses a store: its own, or else that of the service.
    fn store(
        &mut self,
        path: &Path,
        own: Option<&PolicyUse>,
        store: Asked,
        of_service: Option<CallId>,
    ) -> Option<CallId> {
        add_use(self.problems, &path.key("policy"), self.policies, (own, store), self.calls).or(of_service)
    }

    /// A step uses what the service must have.
    fn needs(&mut self, path: &Path, what: &str, has: bool) {
        if !has {
            self.problems.report(path, format!("needs a `{what}` of the service"));
        }
    }
}
