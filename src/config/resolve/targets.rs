//! Names of components: that each means one thing, and what.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Range,
};

use super::{Path, Problems, layout::Layout};
use crate::{
    config::limits::{BROKER_NODES_MAX, REPLICAS_MAX},
    model::topology::{ClusterId, Component, ComponentId, Target},
};

impl Layout<'_> {
    /// Every name that means a component or several must mean them alone.
    pub fn check_clashes(&self, problems: &mut Problems) {
        let mut claims: Vec<(String, String)> = Vec::new();
        let mut claim = |name: String, place: String| claims.push((name, place));
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
        report_clashes(problems, &claims);
    }

    /// What each name of a fault or of an action means.
    pub fn targets(&self, components: &[Component], clusters: usize) -> BTreeMap<String, Target> {
        let single = components.iter().enumerate().map(|(i, component)| {
            let i = i as u32;
            (component.name.clone(), components_of(i..i + 1))
        });
        let mut targets: BTreeMap<String, Target> = single.collect();
        for (name, instances) in self.all_services() {
            targets.insert(name.to_owned(), components_of(instances));
        }
        let mut next = self.instances.last().map_or(0, |range| range.end);
        for ((name, cluster), copies) in self.config.db_clusters.iter().zip(&self.clusters) {
            let nodes = cluster.replicas.min(REPLICAS_MAX) + 1;
            let last = copies.first + copies.count;
            debug_assert!(last as usize <= clusters, "the layout and the clusters agree");
            targets.insert(format!("{name}/primary"), primaries_of(copies.first..last));
            targets.insert(name.to_owned(), components_of(next..next + nodes * copies.count));
            for copy in (0..copies.count).filter(|_| copies.per_instance) {
                let (name, first) = (copies.name(name, copy), next + nodes * copy);
                targets.insert(format!("{name}/primary"), primaries_of(copies.first + copy..copies.first + copy + 1));
                targets.insert(name, components_of(first..first + nodes));
            }
            next += nodes * copies.count;
        }
        for ((name, _), copies) in self.config.caches.iter().zip(&self.caches) {
            // A single one bears the name itself.
            if copies.per_instance {
                targets.insert(name.to_owned(), components_of(next..next + copies.count));
            }
            next += copies.count;
        }
        for (name, broker) in self.config.brokers.iter() {
            let nodes = broker.nodes.clamp(1, BROKER_NODES_MAX);
            if nodes > 1 {
                targets.insert(name.to_owned(), components_of(next..next + nodes));
            }
            next += nodes;
        }
        targets
    }
}

/// Of the names with the places that claim them, each belongs to the first.
fn report_clashes(problems: &mut Problems, claims: &[(String, String)]) {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, place) in claims {
        match owners.entry(name) {
            Entry::Vacant(free) => _ = free.insert(place),
            Entry::Occupied(taken) => {
                problems.report(place, format!("would share the name `{name}` with {}", taken.get()));
            }
        }
    }
}

fn components_of(range: Range<u32>) -> Target {
    Target::Components(range.map(ComponentId).collect())
}

fn primaries_of(range: Range<u32>) -> Target {
    Target::Primaries(range.map(ClusterId).collect())
}
