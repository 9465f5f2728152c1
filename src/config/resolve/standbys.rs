//! Synchronous standbys: whom a write waits for.

use super::{Path, Problems};
use crate::{
    config::{
        error::quoted,
        limits::REPLICAS_MAX,
        schema::{DbClusterConfig, ReplicationConfig, ReplicationMode, SynchronousCommit},
    },
    model::topology::Replication,
};

/// When a write to a cluster is answered.
pub(super) fn resolve(problems: &mut Problems, path: &Path, cluster: &DbClusterConfig, replicas: u32) -> Replication {
    let config = &cluster.replication;
    let (path, failover) = (path.key("replication"), path.key("failover"));
    let names = path.key("synchronous_standby_names");
    let listed = config.synchronous_standby_names.as_ref().map(|text| listed(problems, &names, text, replicas + 1));
    check_acknowledgements(problems, &path.key("acknowledgements"), config, replicas);
    if config.acknowledgements.is_some() && listed.is_some() {
        problems.report(&names, "says what `acknowledgements` says (give one of them)");
    }
    let chosen = cluster.failover.patroni.as_ref().filter(|it| it.synchronous_mode || it.synchronous_mode_strict);
    if let Some(patroni) = chosen {
        let path = failover.key("patroni");
        problems.count(&path.key("synchronous_node_count"), patroni.synchronous_node_count, 1..=REPLICAS_MAX);
    }
    if matches!(config.synchronous_commit, SynchronousCommit::Off | SynchronousCommit::Local) {
        return Replication::Async;
    }
    if let Some(wait) = &config.wait {
        let path = path.key("wait");
        if chosen.is_some() || config.mode == ReplicationMode::Sync {
            problems.report(&path, "has no effect with `sync` (writes wait all the same)");
        }
        if wait.replicas == 0 || wait.replicas > replicas {
            let rule = format!("is not a number of replicas (1 to {replicas})");
            problems.found(&path.key("replicas"), wait.replicas, rule);
        }
        return Replication::Sync(Some(wait.replicas));
    }
    match (chosen, config.mode, listed) {
        (Some(patroni), ..) => {
            Replication::Chosen { count: patroni.synchronous_node_count, is_strict: patroni.synchronous_mode_strict }
        }
        (None, ReplicationMode::Async, _) => Replication::Async,
        (None, ReplicationMode::Sync, Some(listed)) => listed,
        (None, ReplicationMode::Sync, None) => Replication::Sync(config.acknowledgements),
    }
}

fn check_acknowledgements(problems: &mut Problems, path: &Path, config: &ReplicationConfig, replicas: u32) {
    match config.acknowledgements {
        Some(wanted) if wanted > replicas => {
            problems.found(path, wanted, format!("is too many (`replicas` is {replicas})"));
        }
        Some(0) => problems.found(path, 0, "is too few (at least 1; none is what `async` does)"),
        _ => {}
    }
}

/// `FIRST k (list)`, `ANY k (list)`, or a list, of which the first counts, as in PostgreSQL; by numbers of nodes.
fn listed(problems: &mut Problems, path: &Path, text: &str, nodes: u32) -> Replication {
    let Some((is_any, count, list)) = parsed(text) else {
        let rule = "is no list of standbys (such as `FIRST 1 (1, 2)` or `ANY 1 (1, 2)`, by numbers of nodes)";
        problems.found(path, quoted(text), rule);
        return Replication::Async;
    };
    let mut places: Vec<u32> = Vec::new();
    for name in list {
        let named = match name {
            "*" => 0..nodes,
            _ => match name.parse::<u32>() {
                Ok(node) if node < nodes => node..node + 1,
                _ => {
                    problems.found(path, quoted(name), format!("is not a node (0 to {})", nodes - 1));
                    continue;
                }
            },
        };
        named.for_each(|node| {
            if !places.contains(&node) {
                places.push(node)
            }
        });
    }
    if count == 0 || count as usize > places.len() {
        problems.found(
            path,
            count,
            format!("is not a number of standbys (1 to {}, as many as are listed)", places.len()),
        );
    }
    if is_any { Replication::Any(count, places) } else { Replication::First(count, places) }
}

/// Whether any of the list will do, how many are wanted, and the names.
fn parsed(text: &str) -> Option<(bool, u32, Vec<&str>)> {
    let text = text.trim();
    let Some((head, list)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
        return Some((false, 1, names(text)?));
    };
    let words: Vec<&str> = head.split_whitespace().collect();
    let (is_any, count) = match words[..] {
        [count] => (false, count),
        [word, count] if word.eq_ignore_ascii_case("first") => (false, count),
        [word, count] if word.eq_ignore_ascii_case("any") => (true, count),
        _ => return None,
    };
    Some((is_any, count.parse().ok()?, names(list)?))
}

fn names(list: &str) -> Option<Vec<&str>> {
    let names: Vec<&str> = list.split(',').map(|name| name.trim().trim_matches('"')).collect();
    let is_name = |name: &&str| !name.is_empty() && !name.contains(|it: char| it.is_whitespace() || "()".contains(it));
    names.iter().all(is_name).then_some(names)
}
