//! `check`: validates a configuration. Errors end it; warnings are printed after what it consists of.

use super::{failure::Failure, input, output};
use crate::{config, model::topology::Topology};

/// Validates a configuration and says what it consists of.
pub fn check(file: &str) -> Result<(), Failure> {
    let (config, topology) = config::load(&input::read(file)?)?;
    let warnings = config::warnings(&config).into_iter().map(|warning| format!("warning: {warning}\n"));
    output::print(&format!("OK: {}\n{}", parts(&topology), warnings.collect::<String>()))
}

/// What a system consists of.
fn parts(topology: &Topology) -> String {
    let counts = [
        (topology.users.len(), "group of users", "groups of users"),
        (topology.services.len(), "service", "services"),
        (topology.instances.len(), "instance", "instances"),
        (topology.clusters.len(), "database cluster", "database clusters"),
        (topology.nodes.len(), "node", "nodes"),
        (topology.caches.len(), "cache", "caches"),
        (topology.brokers.len(), "broker", "brokers"),
        (topology.queues.len(), "queue", "queues"),
        (topology.faults.len(), "scheduled fault", "scheduled faults"),
    ];
    let parts = counts.iter().filter(|(count, ..)| *count > 0);
    let parts = parts.map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }));
    parts.collect::<Vec<_>>().join(", ")
}
