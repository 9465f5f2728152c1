//! Configuration to topology: checks everything, turns names into ids, fills in what follows from the rest.
//!
//! The walk never stops at an error. A value that breaks a rule is reported and
//! replaced by a harmless one, so that one pass finds everything; the topology
//! is handed out only if nothing was reported.

mod admission;
mod arrivals;
mod autoscaler;
mod balancer;
mod broker;
mod cache;
mod calls;
mod check;
mod copies;
mod database;
mod distribution;
mod endpoint;
mod fault;
mod layout;
mod lifecycle;
mod names;
mod network;
mod policy;
mod routing;
mod run;
mod scalability;
mod service;
mod sizes;
mod standbys;
mod stores;
mod targets;
mod upstream;
mod users;
mod warnings;

use super::{
    error::{ConfigErrors, Problems},
    path::Path,
    schema::Config,
};
use crate::model::topology::{Component, ComponentId, ComponentIds, Topology};
use layout::Layout;
use policy::Policies;

pub(crate) use check::Number;
pub(crate) use routing::route;
pub use warnings::warnings;

/// Checks a configuration and makes the topology that the model runs on, or reports every error.
pub fn resolve(config: &Config) -> Result<Topology, ConfigErrors> {
    let mut problems = Problems::default();
    let run = run::resolve(&mut problems, config);
    names::check(&mut problems, config);
    let layout = Layout::new(&mut problems, config);
    let policies = Policies::new(&mut problems, &layout);
    let users = users::resolve(&mut problems, &layout, &policies);
    let network = network::resolve(&mut problems, &config.network);
    let services = service::resolve(&mut problems, &layout, &policies);
    let clusters = database::resolve(&mut problems, &layout);
    let caches = cache::resolve(&mut problems, &layout);
    let brokers = broker::resolve(&mut problems, &layout);
    let components: Vec<Component> = services
        .components
        .into_iter()
        .chain(clusters.components)
        .chain(caches.components)
        .chain(brokers.components)
        .collect();
    let targets = layout.targets(&components, clusters.clusters.len());
    let faults = fault::resolve(&mut problems, &layout, &targets);
    problems.into_result()?;
    let mut topology = Topology {
        run,
        users,
        network,
        auth: services.auth,
        services: services.services,
        instances: services.instances,
        calls: services.calls,
        endpoints: services.endpoints,
        edges: Vec::new(),
        clusters: clusters.clusters,
        nodes: clusters.nodes,
        caches: caches.caches,
        brokers: brokers.brokers,
        members: brokers.members,
        queues: brokers.queues,
        consumers: brokers.consumers,
        order: (0..components.len() as u32).map(ComponentId).collect(),
        components,
        component_ids: ComponentIds::default(),
        targets,
        faults,
        steps: Vec::new(),
        times: Vec::new(),
        probs: Vec::new(),
        forks: Vec::new(),
        guards: Vec::new(),
        publications: Vec::new(),
    };
    topology.number_components();
    topology.compile_plans();
    topology.list_edges(&[]);
    Ok(topology)
}
