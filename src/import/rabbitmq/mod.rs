//! The definitions of a RabbitMQ broker: each virtual host with queues is a broker, with its exchanges and bindings; whoever
//! publishes and consumes is made up.

mod definitions;
mod exchanges;
mod patterns;
mod policies;
mod publishers;
mod queues;

use serde_json::{Map, Value};

use super::{
    THINGS_MAX, blank,
    names::Names,
    notes::{Notes, shortened},
};
use crate::config::schema::{BrokerConfig, Config, QueueType};

use definitions::{Definitions, text};
use policies::Policies;

/// Lists of definitions that are looked at.
const LISTS: [&str; 6] = ["vhosts", "queues", "exchanges", "bindings", "policies", "operator_policies"];
/// Nodes of a broker with quorum queues, which definitions do not tell.
const NODES: u32 = 3;

/// What is known of the definitions of one virtual host.
struct Host<'d> {
    definitions: &'d Definitions,
    name: &'d str,
    policies: Policies,
}

impl<'d> Host<'d> {
    /// Objects of a list that belong to it. (A definition of one host only may leave its name out.)
    fn list(&self, list: &str) -> impl Iterator<Item = (usize, &'d Map<String, Value>)> + use<'_, 'd> {
        let all = self.definitions.list(list).iter();
        all.filter(|(_, object)| host_of(object) == self.name).map(|(line, object)| (*line, object))
    }
}

fn host_of(object: &Map<String, Value>) -> &str {
    object.get("vhost").and_then(Value::as_str).unwrap_or("/")
}

/// Whether a text looks like definitions.
pub fn is_it(text: &str) -> bool {
    text.trim_start().starts_with('{')
        && ["\"queues\"", "\"exchanges\"", "\"bindings\""].iter().any(|list| text.contains(list))
}

/// Reads a text into a configuration.
pub fn read(text: &str, config: &mut Config, notes: &mut Notes) {
    let Some(definitions) = Definitions::parse(text, notes) else { return };
    definitions.others(&LISTS).for_each(|(list, line)| notes.idle(line, list));
    let mut hosts: Vec<&str> = Vec::new();
    for (_, queue) in definitions.list("queues") {
        let host = host_of(queue);
        if !hosts.contains(&host) && hosts.len() < THINGS_MAX {
            hosts.push(host);
        }
    }
    let mut names = Names::default();
    for host in hosts {
        let policies = Policies::of(&definitions, host, notes);
        let host = Host { definitions: &definitions, name: host, policies };
        add_host(&host, config, &mut names, notes);
    }
    if !config.brokers.is_empty() {
        publishers::tell(notes);
    }
}

fn add_host(host: &Host, config: &mut Config, names: &mut Names, notes: &mut Notes) {
    let mut broker: BrokerConfig = blank();
    let mut known = queues::read(host, &mut broker, notes);
    exchanges::read(host, &mut broker, &mut known, notes);
    queues::lead_dead_letters(&mut broker, &known, notes);
    publishers::add_consumers(&mut broker);
    if broker.queues.is_empty() {
        return;
    }
    let wanted = if host.name == "/" { "RabbitMQ".to_owned() } else { format!("RabbitMQ {}", host.name) };
    let name = names.take(&wanted);
    spread(&mut broker, &name, notes);
    publishers::add(config, &name, &broker, &known, names, notes);
    config.brokers.insert(name, broker);
}

/// How many nodes a broker has, and how its queues are spread over them.
fn spread(broker: &mut BrokerConfig, name: &str, notes: &mut Notes) {
    let members = broker.queues.values().filter_map(|queue| queue.members).max().unwrap_or(0);
    if broker.queues.values().any(|queue| queue.kind == Some(QueueType::Quorum)) {
        broker.nodes = members.max(NODES);
        notes.say(format!("assumed: `{}` has {} nodes, as it has quorum queues", shortened(name), broker.nodes));
    }
}
