//! What can't be changed while a run goes on.
//!
//! Any number can be changed, also how many instances, replicas and consumers
//! there are; so can distributions, policies, disciplines, kinds of arrivals,
//! and what a cache holds. What can't be changed is the wiring: which groups,
//! services, clusters, caches, brokers and queues there are, and who uses whom;
//! and the seed, for other random numbers are another run.

use super::{
    error::{ConfigError, Problems},
    path::Path,
    schema::{AuthConfig, BrokerConfig, Config, Named, PolicyUse, ServiceConfig, StepConfig},
};

const RULE: &str = "needs a restart";

/// The fields whose change needs a restart, each with its path; empty if the change can be made while the run goes on.
pub fn restart_reasons(old: &Config, new: &Config) -> Vec<ConfigError> {
    let mut reasons = Reasons(Problems::default());
    let root = Path::Root;
    reasons.compare(&root.key("seed"), &old.seed, &new.seed);
    reasons.names(&root.key("users"), &names(&old.users), &names(&new.users));
    reasons.optional(&root.key("auth"), old.auth.as_ref(), new.auth.as_ref(), compare_auth);
    reasons.entries(&root.key("services"), &old.services, &new.services, compare_services);
    reasons.names(&root.key("db_clusters"), &names(&old.db_clusters), &names(&new.db_clusters));
    reasons.names(&root.key("caches"), &names(&old.caches), &names(&new.caches));
    reasons.entries(&root.key("brokers"), &old.brokers, &new.brokers, compare_brokers);
    reasons.0.into_result().err().map_or(Vec::new(), |reasons| reasons.0)
}

struct Reasons(Problems);

impl Reasons {
    /// A field that must stay the same.
    fn compare<T: PartialEq>(&mut self, path: &Path, old: &T, new: &T) {
        if old != new {
            self.0.report(path, RULE);
        }
    }

    /// Something that must stay there or stay away.
    fn optional<T>(&mut self, path: &Path, old: Option<&T>, new: Option<&T>, inside: fn(&mut Self, &Path, &T, &T)) {
        match (old, new) {
            (Some(old), Some(new)) => inside(self, path, old, new),
            (None, None) => {}
            _ => self.0.report(path, RULE),
        }
    }

    /// Operations at a store that are under a policy must stay so, whatever its numbers are: it is a step more.
    fn guard(&mut self, path: &Path, old: Option<&PolicyUse>, new: Option<&PolicyUse>) {
        self.compare(&path.key("policy"), &old.is_some(), &new.is_some());
    }

    /// The same names in the same order.
    fn names(&mut self, path: &Path, old: &[&str], new: &[&str]) {
        for name in old.iter().filter(|name| !new.contains(name)) {
            self.0.report(&path.key(name), "is gone, which needs a restart");
        }
        for name in new.iter().filter(|name| !old.contains(name)) {
            self.0.report(&path.key(name), "is new, which needs a restart");
        }
        let stayed = old.iter().filter(|name| new.contains(name));
        if stayed.ne(new.iter().filter(|name| old.contains(name))) {
            self.0.report(path, "are in another order, which needs a restart");
        }
    }

    /// Named things: the same names in the same order, and what must stay the same of each.
    fn entries<T>(&mut self, path: &Path, old: &Named<T>, new: &Named<T>, inside: fn(&mut Self, &Path, &T, &T)) {
        self.names(path, &names(old), &names(new));
        for (name, entry) in new.iter() {
            if let Some(old) = old.get(name) {
                inside(self, &path.key(name), old, entry);
            }
        }
    }
}

fn names<T>(entries: &Named<T>) -> Vec<&str> {
    entries.keys().map(String::as_str).collect()
}

fn compare_auth(reasons: &mut Reasons, path: &Path, old: &AuthConfig, new: &AuthConfig) {
    reasons.compare(&path.key("name"), &old.name, &new.name);
}

/// Requests in flight stand at a step of their service's plan, so the steps must stay where they are.
fn compare_services(reasons: &mut Reasons, path: &Path, old: &ServiceConfig, new: &ServiceConfig) {
    reasons.optional(&path.key("cache"), old.cache.as_ref(), new.cache.as_ref(), |reasons, path, old, new| {
        reasons.compare(&path.key("name"), &old.name, &new.name);
        reasons.compare(&path.key("per_instance"), &old.per_instance, &new.per_instance);
        reasons.compare(&path.key("writes"), &old.writes, &new.writes);
        reasons.guard(path, old.policy.as_ref(), new.policy.as_ref());
    });
    reasons.optional(&path.key("database"), old.database.as_ref(), new.database.as_ref(), |reasons, path, old, new| {
        reasons.compare(&path.key("name"), &old.name, &new.name);
        reasons.compare(&path.key("per_instance"), &old.per_instance, &new.per_instance);
        reasons.guard(path, old.policy.as_ref(), new.policy.as_ref());
    });
    reasons.optional(&path.key("publish"), old.publish.as_ref(), new.publish.as_ref(), |reasons, path, old, new| {
        reasons.compare(&path.key("broker"), &old.broker, &new.broker);
        reasons.compare(&path.key("queue"), &old.queue, &new.queue);
        reasons.compare(&path.key("exchange"), &old.exchange, &new.exchange);
        reasons.guard(path, old.policy.as_ref(), new.policy.as_ref());
    });
    let shapes = |service: &ServiceConfig| -> Vec<(String, Vec<String>)> {
        service.endpoints.iter().map(|(name, endpoint)| (name.clone(), shape(&endpoint.steps))).collect()
    };
    reasons.compare(&path.key("endpoints"), &shapes(old), &shapes(new));
    let callees = |service: &ServiceConfig| service.calls.iter().map(|call| call.to.clone()).collect::<Vec<_>>();
    reasons.compare(&path.key("calls"), &callees(old), &callees(new));
}

/// What some steps are, without their numbers.
fn shape(steps: &[StepConfig]) -> Vec<String> {
    let of = |step: &StepConfig| match step {
        StepConfig::Process(_) => "process".to_owned(),
        StepConfig::LookUp(look_up) => {
            format!("look_up {} {:?}", guarded(&look_up.policy), look_up.miss.as_deref().map(shape))
        }
        StepConfig::Read(read) => format!("read {}", guarded(&read.policy)),
        StepConfig::Write(write) => format!("write {}", guarded(&write.policy)),
        StepConfig::Publish(publish) => {
            let target = (&publish.broker, &publish.queue, &publish.exchange);
            format!("publish {} {target:?}", guarded(&publish.policy))
        }
        StepConfig::Call(call) => format!("call {:?}", call.to),
        StepConfig::Branches(branches) => {
            format!("branches {:?}", branches.of.iter().map(|steps| shape(steps)).collect::<Vec<_>>())
        }
        StepConfig::Maybe(maybe) => format!("maybe {:?}", shape(&maybe.steps)),
    };
    steps.iter().map(of).collect()
}

fn guarded(policy: &Option<PolicyUse>) -> bool {
    policy.is_some()
}

fn compare_brokers(reasons: &mut Reasons, path: &Path, old: &BrokerConfig, new: &BrokerConfig) {
    reasons.compare(&path.key("nodes"), &old.nodes, &new.nodes);
    reasons.entries(&path.key("queues"), &old.queues, &new.queues, |reasons, path, old, new| {
        reasons.compare(&path.key("type"), &old.kind, &new.kind);
        reasons.compare(&path.key("node"), &old.node, &new.node);
        reasons.compare(&path.key("members"), &old.members, &new.members);
    });
    reasons.names(&path.key("exchanges"), &names(&old.exchanges), &names(&new.exchanges));
}
