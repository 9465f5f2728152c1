//! Patroni's configuration, whole or as `patronictl edit-config` shows it: the cluster with its lease. A file is one node's, so
//! that the others are made up.

mod cluster;
mod lease;
mod notation;
mod words;
mod yaml;

use super::{
    names::Names,
    notes::{Notes, shortened},
    stores,
};
use crate::config::{limits::REPLICAS_MAX, schema::Config};

use cluster::Cluster;
use words::Fate;
use yaml::Node;

/// Keys that nothing else has at its outermost, by which a text is known.
const KNOWN_BY: [&str; 9] = [
    "scope:",
    "bootstrap:",
    "loop_wait:",
    "ttl:",
    "retry_timeout:",
    "maximum_lag_on_failover:",
    "postgresql:",
    "synchronous_mode:",
    "patroni:",
];

/// Whether a text looks like one of Patroni's.
pub fn is_it(text: &str) -> bool {
    text.lines().any(|line| KNOWN_BY.iter().any(|key| line.starts_with(key)))
}

/// Reads a text into a configuration.
pub fn read(text: &str, config: &mut Config, notes: &mut Notes) {
    let Some(root) = yaml::parse(text, notes) else { return };
    let mut cluster = Cluster::default();
    let dynamic = root.get("bootstrap").and_then(|it| it.get("dcs"));
    // (What is said locally counts more than what all nodes have alike, so that is read first.)
    if let Some(dynamic) = dynamic {
        dynamic.entries().iter().for_each(|(line, key, value)| common(*line, key, value, &mut cluster, notes));
    }
    let is_alone = dynamic.is_none() && root.get("scope").is_none();
    for (line, key, value) in root.entries() {
        outermost((*line, key, value), is_alone, &mut cluster, notes);
    }
    if !cluster.is_said {
        return;
    }
    cluster.times.fit(notes);
    let mut names = Names::default();
    let name = names.take(root.get("scope").map_or("Patroni", Node::text));
    add(&name, cluster, config, &mut names, notes);
}

fn add(name: &str, cluster: Cluster, config: &mut Config, names: &mut Names, notes: &mut Notes) {
    let replicas = match cluster.partners {
        Some(partners) => partners,
        None => {
            let replicas = (stores::NODES - 1).max(cluster.standbys());
            notes.say(format!("assumed: `{}` has a primary and {replicas} replicas", shortened(name)));
            replicas
        }
    };
    let replicas = replicas.min(REPLICAS_MAX);
    config.db_clusters.insert(name.to_owned(), stores::cluster(cluster.value(replicas)));
    stores::ask(config, names, Some(name), None);
    stores::tell(name, stores::DATABASE_SECONDS, replicas, notes);
    stores::tell_users(notes);
}

/// What stands at the outermost: a node's own words, or, if there is nothing else, those of all nodes.
fn outermost((line, key, value): (usize, &str, &Node), is_alone: bool, cluster: &mut Cluster, notes: &mut Notes) {
    match key {
        "scope" => cluster.is_said = true,
        "bootstrap" => {
            for (line, key, _) in value.entries().iter().filter(|(_, key, _)| key != "dcs") {
                leave(*line, key, notes);
            }
        }
        "postgresql" if is_alone => common(line, key, value, cluster, notes),
        "postgresql" => {
            cluster.is_said = true;
            cluster.postgresql(value, false, notes);
        }
        "tags" => tags(value, notes),
        "raft" => {
            cluster.partners = value.get("partner_addrs").map(|partners| partners.items().len() as u32);
            leave(line, key, notes);
        }
        _ => common(line, key, value, cluster, notes),
    }
}

/// What all nodes have alike.
fn common(line: usize, key: &str, value: &Node, cluster: &mut Cluster, notes: &mut Notes) {
    match key {
        "postgresql" => {
            cluster.is_said = true;
            cluster.postgresql(value, true, notes);
        }
        // (An empty one is none.)
        "slots" | "standby_cluster" if value.entries().is_empty() => notes.idle(line, key),
        "failsafe_mode" | "pause" if notation::is_on(value.text()) == Some(false) => notes.idle(line, key),
        _ => match cluster.take(line, key, value, notes) {
            Some(true) => cluster.is_said = true,
            Some(false) => {
                notes.at(line, format!("`{key}`: `{}` means nothing here", shortened(value.text())));
            }
            None => leave(line, key, notes),
        },
    }
}

/// Tags make one node another than the others.
fn tags(tags: &Node, notes: &mut Notes) {
    for (line, key, value) in tags.entries() {
        match notation::is_on(value.text()) {
            Some(false) => notes.idle(*line, key),
            _ => notes.at(*line, format!("`{}` is said of this node, and here all nodes are alike", shortened(key))),
        }
    }
}

/// Takes note of a key that nobody has read.
fn leave(line: usize, key: &str, notes: &mut Notes) {
    match words::fate(key) {
        Fate::Idle => notes.idle(line, key),
        Fate::Left(reason) => notes.at(line, format!("`{}`: {reason}", shortened(key))),
    }
}
