//! How often each thing stands in the topology, and where: what has to be known before anything is made.

use std::ops::Range;

use super::{
    Path, Problems,
    copies::{Copies, cache_of, copies, database_of, uses},
    lifecycle,
    sizes::check_totals,
};
use crate::{
    config::{
        limits::INSTANCES_MAX,
        schema::{Config, ServiceConfig},
    },
    model::topology::{Callee, EndpointId, ServiceId},
};

/// Where things stand in the topology's lists.
pub(super) struct Layout<'c> {
    /// The configuration it is of.
    pub config: &'c Config,
    /// Instances of each service; those of the authorisation service come last.
    pub instances: Vec<Range<u32>>,
    /// The first endpoint of each service, without the authorisation service: that for reads, then that for writes, then
    /// those with a name.
    pub endpoints: Vec<u32>,
    /// Copies of each cluster of the configuration.
    pub clusters: Vec<Copies>,
    /// Copies of each cache of the configuration.
    pub caches: Vec<Copies>,
    /// Whether the counts are honest. If not, everything stands here once: nothing too large is ever made.
    pub is_honest: bool,
}

impl<'c> Layout<'c> {
    pub fn new(problems: &mut Problems, config: &'c Config) -> Self {
        let mut counts = instance_counts(problems, config);
        let per_service = |name: &str| {
            let position = config.services.get_index_of(name);
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
        let mut layout = Self { config, instances: Vec::new(), endpoints: Vec::new(), clusters, caches, is_honest };
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
        let mut next = 0;
        for service in self.config.services.values() {
            self.endpoints.push(next);
            next += 2 + service.endpoints.len() as u32;
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
        self.config.services.get_index_of(name)
    }

    /// The service and, if one is named, the endpoint that somebody is called by: `Service` or `Service.endpoint`.
    pub fn callee(&self, name: &str) -> Option<Callee> {
        if let Some(position) = self.service(name) {
            return Some(Callee { service: ServiceId(position as u32), endpoint: None });
        }
        // (Names may contain dots.)
        name.match_indices('.').find_map(|(at, _)| {
            let position = self.service(&name[..at])?;
            let endpoint = self.config.services[position].endpoints.get_index_of(&name[at + 1..])?;
            let endpoint = EndpointId(self.endpoints[position] + 2 + endpoint as u32);
            Some(Callee { service: ServiceId(position as u32), endpoint: Some(endpoint) })
        })
    }

    /// The place of whom somebody calls among all endpoints; that for reads stands for a service's own list of calls.
    pub fn node(&self, callee: Callee) -> usize {
        let own = || self.endpoints[callee.service.index()];
        callee.endpoint.map_or_else(own, |endpoint| endpoint.0) as usize
    }

    /// Everybody who can be called, by name.
    pub fn callable(&self) -> Vec<String> {
        let named = |(name, service): (&String, &ServiceConfig)| {
            let endpoints = service.endpoints.keys().map(|endpoint| format!("{name}.{endpoint}"));
            endpoints.chain([name.clone()]).collect::<Vec<_>>()
        };
        self.config.services.iter().flat_map(named).collect()
    }

    /// Services with their names and instances, without the authorisation service.
    pub fn services(&self) -> impl Iterator<Item = (&'c str, &'c ServiceConfig, Range<u32>)> {
        let instances = self.instances.iter().cloned();
        self.config
            .services
            .iter()
            .zip(instances)
            .map(|((name, service), instances)| (name.as_str(), service, instances))
    }

    /// Name and instances of each service, the authorisation service last.
    pub fn all_services(&self) -> impl Iterator<Item = (&'c str, Range<u32>)> {
        let auth = self.config.auth.iter().map(|auth| auth.name.as_str());
        self.config.services.keys().map(String::as_str).chain(auth).zip(self.instances.iter().cloned())
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
        problems.count(&services.key(name).key("instances"), service.instances, 1..=INSTANCES_MAX);
        counts.push(lifecycle::places(service).clamp(1, 2 * INSTANCES_MAX));
    }
    if let Some(auth) = &config.auth {
        counts.push(problems.count(&root.key("auth").key("instances"), auth.instances, 1..=INSTANCES_MAX));
    }
    counts
}
