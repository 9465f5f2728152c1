//! Clusters and caches that stand in the topology once for each instance of a service.

use super::{Path, Problems};
use crate::config::{
    error::quoted,
    near::suggestion,
    schema::{Config, Named, ServiceConfig},
};

/// Where the copies of a cluster or a cache stand, one after another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Copies {
    /// The first one.
    pub first: u32,
    /// How many.
    pub count: u32,
    /// Whether each instance of a service has its own; they are then called `NAME-0`, `NAME-1`, …
    pub per_instance: bool,
}

impl Copies {
    /// Name of a copy.
    pub fn name(self, name: &str, copy: u32) -> String {
        if self.per_instance { format!("{name}-{copy}") } else { name.to_owned() }
    }

    /// The copy that an instance uses; `instance` counts within its service.
    pub const fn of_instance(self, instance: u32) -> u32 {
        if self.per_instance { self.first + instance } else { self.first }
    }
}

/// A use of a cluster or a cache: its name, by which service, and whether each instance has its own.
pub(super) type Use<'c> = (&'c str, &'c str, bool);

pub(super) fn database_of(service: &ServiceConfig) -> Option<(&str, bool)> {
    service.database.as_ref().map(|used| (used.name.as_str(), used.per_instance))
}

pub(super) fn cache_of(service: &ServiceConfig) -> Option<(&str, bool)> {
    service.cache.as_ref().map(|used| (used.name.as_str(), used.per_instance))
}

/// Who uses what.
pub(super) fn uses(config: &Config, used_by: fn(&ServiceConfig) -> Option<(&str, bool)>) -> Vec<Use<'_>> {
    let uses = config.services.iter().filter_map(|(service, entry)| {
        let (name, per_instance) = used_by(entry)?;
        Some((name, service.as_str(), per_instance))
    });
    uses.collect()
}

/// How often each cluster (or cache) stands in the topology; where is left open.
pub(super) fn copies<T>(
    problems: &mut Problems,
    named: &Named<T>,
    list: &str,
    uses: &[Use],
    instances: impl Fn(&str) -> Option<u32>,
) -> Vec<Copies> {
    let field = if list == "caches" { "cache" } else { "database" };
    for (name, service, _) in uses.iter().filter(|(name, ..)| !named.contains_key(*name)) {
        let rule = format!("is not one of `{list}`{}", suggestion(name, named.keys()));
        let path = Path::Root.key("services").key(service).key(field).key("name").to_string();
        problems.found(&path, quoted(name), rule);
    }
    let single = Copies { first: 0, count: 1, per_instance: false };
    let mut copies = Vec::with_capacity(named.len());
    for (name, _) in named.iter() {
        let users: Vec<&Use> = uses.iter().filter(|(used, ..)| *used == name).collect();
        let own = users.iter().find(|(.., per_instance)| *per_instance);
        let Some((_, owner, _)) = own else {
            copies.push(single);
            continue;
        };
        if users.len() > 1 {
            let names: Vec<&str> = users.iter().map(|(_, service, _)| *service).collect();
            let rule = format!(
                "is there for each instance of `{owner}`, so only that service can use it (used by {})",
                names.join(", ")
            );
            problems.report(&Path::Root.key(list).key(name), rule);
        }
        copies.push(Copies { first: 0, count: instances(owner).unwrap_or(1), per_instance: true });
    }
    copies
}
