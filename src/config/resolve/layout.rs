//! How often each thing stands in the topology, and where: what has to be known before anything is made.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Range,
};

use super::{Path, Problems};
use crate::{
    config::{
        limits::{ALL_CONSUMERS_MAX, ALL_INSTANCES_MAX, ALL_KEYS_MAX, ALL_NODES_MAX, INSTANCES_MAX, REPLICAS_MAX},
        near::suggestion,
        schema::{Config, Named, ServiceConfig},
    },
    model::topology::{Component, Target},
};

/// Where things stand in the topology's lists.
pub(super) struct Layout<'c> {
    /// The configuration it is of.
    pub config: &'c Config,
    /// Instances of each service; those of the authorisation service come last.
    pub instances: Vec<Range<u32>>,
    /// Copies of each cluster of the configuration.
    pub clusters: Vec<Copies>,
    /// Copies of each cache of the configuration.
    pub caches: Vec<Copies>,
    /// Whether the counts are honest. If not, everything stands here once: nothing too large is ever made.
    pub is_honest: bool,
}

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

impl<'c> Layout<'c> {
    pub fn new(problems: &mut Problems, config: &'c Config) -> Self {
        let mut counts = instance_counts(problems, config);
        let per_service = |name: &str| {
            let position = config.services.position(name);
            position.map(|position| counts[position])
        };
        let clusters = copies(problems, &config.db_clusters, "db_clusters", &uses(config, database_of), per_service);
        let caches = copies(problems, &config.caches, "caches", &uses(config, cache_of), per_service);
        let errors = problems.len();
        check_totals(problems, config, &counts, &clusters, &caches);
        let is_honest = problems.len() == errors;
        let (mut clusters, mut caches) = (clusters, caches);
        if !is_honest {
            counts.fill(1);
            clusters.iter_mut().for_each(|copies| copies.count = 1);
            caches.iter_mut().for_each(|copies| copies.count = 1);
        }
        let mut layout = Self { config, instances: Vec::new(), clusters, caches, is_honest };
        layout.place(&counts);
        layout.check_clashes(problems);
        layout
    }

    /// Puts everything in order, one after another.
    fn place(&mut self, counts: &[u32]) {
        let mut next = 0;
        for count in counts {
            self.instances.push(next..next + count);
            next += count;
        }
        for copies in [&mut self.clusters, &mut self.caches] {
            let mut next = 0;
            for entry in copies {
                entry.first = next;
                next += entry.count;
            }
        }
    }

    /// Position of a service.
    pub fn service(&self, name: &str) -> Option<usize> {
        self.config.services.position(name)
    }

    /// Services with their names and instances, without the authorisation service.
    pub fn services(&self) -> impl Iterator<Item = (&'c str, &'c ServiceConfig, Range<u32>)> {
        let instances = self.instances.iter().cloned();
        self.config.services.iter().zip(instances).map(|((name, service), instances)| (name, service, instances))
    }

    /// Name and instances of each service, the authorisation service last.
    fn all_services(&self) -> impl Iterator<Item = (&'c str, Range<u32>)> {
        let auth = self.config.auth.iter().map(|auth| auth.name.as_str());
        self.config.services.names().chain(auth).zip(self.instances.iter().cloned())
    }

    /// Every name that means a component or several must mean them alone.
    fn check_clashes(&self, problems: &mut Problems) {
        let mut owners = BTreeMap::new();
        let mut claim = |name: String, place: String| match owners.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(place);
            }
            Entry::Occupied(entry) => {
                let rule = format!("would share the name `{}` with {}", entry.key(), entry.get());
                problems.report(&place, rule);
            }
        };
        for (position, (name, instances)) in self.all_services().enumerate() {
            let is_auth = position == self.config.services.len();
            let root = Path::Root;
            let place = if is_auth { root.key("auth") } else { root.key("services") };
            let place = if is_auth { place.to_string() } else { place.key(name).to_string() };
            claim(name.to_owned(), place.clone());
            for i in 0..instances.len() {
                claim(format!("{name}-{i}"), place.clone());
            }
        }
        let clusters = self.config.db_clusters.iter().map(|(name, _)| ("db_clusters", name)).zip(&self.clusters);
        let caches = self.config.caches.iter().map(|(name, _)| ("caches", name)).zip(&self.caches);
        for ((list, name), copies) in clusters.chain(caches) {
            let place = Path::Root.key(list).key(name).to_string();
            claim(name.to_owned(), place.clone());
            for i in (0..copies.count).filter(|_| copies.per_instance) {
                claim(copies.name(name, i), place.clone());
            }
        }
        for (name, _) in self.config.brokers.iter() {
            claim(name.to_owned(), Path::Root.key("brokers").key(name).to_string());
        }
    }

    /// What each name of a fault or of an action means.
    pub fn targets(&self, components: &[Component], clusters: usize) -> BTreeMap<String, Target> {
        let single = components.iter().enumerate().map(|(i, component)| {
            let i = i as u32;
            (component.name.clone(), Target::Components(i..i + 1))
        });
        let mut targets: BTreeMap<String, Target> = single.collect();
        for (name, instances) in self.all_services() {
            targets.insert(name.to_owned(), Target::Components(instances));
        }
        let mut next = self.instances.last().map_or(0, |range| range.end);
        for ((name, cluster), copies) in self.config.db_clusters.iter().zip(&self.clusters) {
            let nodes = cluster.replicas.min(REPLICAS_MAX) + 1;
            let last = copies.first + copies.count;
            debug_assert!(last as usize <= clusters, "the layout and the clusters agree");
            targets.insert(format!("{name}/primary"), Target::Primaries(copies.first..last));
            targets.insert(name.to_owned(), Target::Components(next..next + nodes * copies.count));
            for copy in (0..copies.count).filter(|_| copies.per_instance) {
                let (name, first) = (copies.name(name, copy), next + nodes * copy);
                targets
                    .insert(format!("{name}/primary"), Target::Primaries(copies.first + copy..copies.first + copy + 1));
                targets.insert(name, Target::Components(first..first + nodes));
            }
            next += nodes * copies.count;
        }
        for ((name, _), copies) in self.config.caches.iter().zip(&self.caches) {
            targets.insert(name.to_owned(), Target::Components(next..next + copies.count));
            next += copies.count;
        }
        targets
    }
}

fn instance_counts(problems: &mut Problems, config: &Config) -> Vec<u32> {
    let root = Path::Root;
    let services = root.key("services");
    if config.services.is_empty() {
        problems.report(&services, "is empty (at least one service)");
    }
    let mut counts = Vec::with_capacity(config.services.len() + 1);
    for (name, service) in config.services.iter() {
        counts.push(problems.count(&services.key(name).key("instances"), service.instances, 1..=INSTANCES_MAX));
    }
    if let Some(auth) = &config.auth {
        counts.push(problems.count(&root.key("auth").key("instances"), auth.instances, 1..=INSTANCES_MAX));
    }
    counts
}

/// A use of a cluster or a cache: by which service, and whether each instance has its own.
type Use<'c> = (&'c str, bool);

fn database_of(service: &ServiceConfig) -> Option<(&str, bool)> {
    service.database.as_ref().map(|used| (used.name.as_str(), used.per_instance))
}

fn cache_of(service: &ServiceConfig) -> Option<(&str, bool)> {
    service.cache.as_ref().map(|used| (used.name.as_str(), used.per_instance))
}

/// Who uses each name.
fn uses(config: &Config, used_by: fn(&ServiceConfig) -> Option<(&str, bool)>) -> BTreeMap<&str, Vec<Use<'_>>> {
    let mut uses: BTreeMap<&str, Vec<Use>> = BTreeMap::new();
    for (service, entry) in config.services.iter() {
        if let Some((name, per_instance)) = used_by(entry) {
            uses.entry(name).or_default().push((service, per_instance));
        }
    }
    uses
}

/// How often each cluster (or cache) stands in the topology; where is left open.
fn copies<T>(
    problems: &mut Problems,
    named: &Named<T>,
    list: &str,
    uses: &BTreeMap<&str, Vec<Use>>,
    instances: impl Fn(&str) -> Option<u32>,
) -> Vec<Copies> {
    let field = if list == "caches" { "cache" } else { "database" };
    let known: std::collections::BTreeSet<&str> = named.names().collect();
    for (name, users) in uses.iter().filter(|(name, _)| !known.contains(*name)) {
        let rule = format!("is not one of `{list}`{}", suggestion(name, named.names()));
        for (service, _) in users {
            let path = Path::Root.key("services").key(service).key(field).key("name").to_string();
            problems.found(&path, format!("{name:?}"), rule.clone());
        }
    }
    let single = Copies { first: 0, count: 1, per_instance: false };
    let mut copies = Vec::with_capacity(named.len());
    for (name, _) in named.iter() {
        let users = uses.get(name).map_or(&[][..], Vec::as_slice);
        let own = users.iter().find(|(_, per_instance)| *per_instance);
        let Some((owner, _)) = own else {
            copies.push(single);
            continue;
        };
        if users.len() > 1 {
            let names: Vec<&str> = users.iter().map(|(service, _)| *service).collect();
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

/// Sizes that multiply.
fn check_totals(problems: &mut Problems, config: &Config, counts: &[u32], clusters: &[Copies], caches: &[Copies]) {
    let root = Path::Root;
    let instances: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    check_total(problems, &root.key("services"), "instances", instances, ALL_INSTANCES_MAX);
    let nodes = config.db_clusters.iter().zip(clusters).map(|((_, cluster), copies)| {
        let replicas = cluster.replicas.min(REPLICAS_MAX);
        u64::from(replicas + 1) * u64::from(copies.count)
    });
    check_total(problems, &root.key("db_clusters"), "nodes", nodes.sum(), ALL_NODES_MAX);
    let keys = config.caches.iter().zip(caches).map(|((_, cache), copies)| {
        let keys = cache.keyed.as_ref().map_or(0, |keyed| keyed.keys);
        u64::from(keys) * u64::from(copies.count)
    });
    check_total(problems, &root.key("caches"), "keys", keys.sum(), ALL_KEYS_MAX);
    let queues = config.brokers.iter().flat_map(|(_, broker)| broker.queues.iter());
    let consumers = queues.flat_map(|(_, queue)| &queue.consumers).map(|consumer| {
        let service = consumer.service.as_deref();
        let position = service.and_then(|name| config.services.position(name));
        u64::from(consumer.count) * position.map_or(1, |position| u64::from(counts[position]))
    });
    check_total(problems, &root.key("brokers"), "consumers", consumers.sum(), ALL_CONSUMERS_MAX);
}

fn check_total(problems: &mut Problems, path: &Path, what: &str, total: u64, most: u64) {
    if total > most {
        problems.report(path, format!("has {total} {what}, too many (at most {most} in all)"));
    }
}
