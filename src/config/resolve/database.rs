//! Database clusters and their nodes.

use std::ops::Range;

use super::{Path, Problems, fault::in_progress, layout::Layout, scalability::scalability, service::check_station};
use crate::{
    config::{
        limits::{INTERVAL_SECONDS_MIN, REPLAY_WORKERS_MAX, REPLICAS_MAX},
        schema::{
            self, ClusterKind, DbClusterConfig, DelayIn, FailoverConfig, Persistence, ReplayConfig, ReplicationConfig,
            ReplicationMode, SynchronousCommit,
        },
    },
    engine::distribution::Distribution,
    model::topology::{
        Cluster, ClusterId, Component, ComponentKind, Failover, FailoverStrategy, Node, NodeId, Rejoin, Replication,
    },
};

/// What comes of the clusters.
pub(super) struct Clusters {
    pub clusters: Vec<Cluster>,
    pub nodes: Vec<Node>,
    pub components: Vec<Component>,
}

pub(super) fn resolve(problems: &mut Problems, layout: &Layout) -> Clusters {
    let mut made = Clusters { clusters: Vec::new(), nodes: Vec::new(), components: Vec::new() };
    for ((name, config), copies) in layout.config.db_clusters.iter().zip(&layout.clusters) {
        let root = Path::Root;
        let list = root.key("db_clusters");
        let path = list.key(name);
        let replicas = problems.count(&path.key("replicas"), config.replicas, 0..=REPLICAS_MAX);
        let template = resolve_cluster(problems, &path, config, replicas);
        let outages = problems.outages(&path, config.outages.as_ref());
        for copy in 0..copies.count {
            let name = copies.name(name, copy);
            let cluster = ClusterId(made.clusters.len() as u32);
            let nodes = add_nodes(&mut made.nodes, cluster, replicas + 1);
            made.components.extend(nodes.clone().enumerate().map(|(i, node)| Component {
                name: format!("{name}/{i}"),
                kind: ComponentKind::Node(NodeId(node)),
                outages: outages.clone(),
                in_progress: in_progress(config.outages.as_ref()),
                is_retired: false,
            }));
            made.clusters.push(Cluster { name, nodes: nodes.map(NodeId).collect(), ..template.clone() });
        }
    }
    made
}

fn add_nodes(nodes: &mut Vec<Node>, cluster: ClusterId, count: u32) -> Range<u32> {
    let first = nodes.len() as u32;
    nodes.extend((0..count).map(|_| Node { cluster }));
    first..first + count
}

/// A cluster still without name and nodes.
fn resolve_cluster(problems: &mut Problems, path: &Path, config: &DbClusterConfig, replicas: u32) -> Cluster {
    check_station(problems, path, "connections", (config.connections, config.queue_limit));
    let operation = match &config.operation {
        Some(operation) => problems.distribution(&path.key("operation"), operation),
        None => {
            problems.report(&path.key("operation"), "is missing (how long does an operation take?)");
            Distribution::ZERO
        }
    };
    let share = problems.probability(&path.key("replica_read_share"), config.replica_read_share);
    let replication = path.key("replication");
    Cluster {
        name: String::new(),
        nodes: Vec::new(),
        is_redis: config.kind == ClusterKind::Redis,
        operation,
        fail_prob: problems.probability(&path.key("fail_prob"), config.fail_prob),
        connections: config.connections,
        scalability: config.scalability.as_ref().map(|config| scalability(problems, &path.key("scalability"), config)),
        queue_limit: config.queue_limit,
        replica_read_share: share,
        replication: resolve_replication(problems, &replication, &config.replication, replicas),
        needs_applied: config.replication.synchronous_commit == SynchronousCommit::RemoteApply,
        replication_delay: problems.distribution(&replication.key("delay"), &config.replication.delay),
        is_delayed_on_wire: config.replication.delay_in == DelayIn::Wire,
        apply_delay: problems.distribution(&replication.key("apply_delay"), &config.replication.apply_delay),
        replay_workers: replay_workers(problems, &replication.key("replay"), &config.replication.replay)
            .or(config.connections),
        replay_time: config
            .replication
            .replay
            .time
            .as_ref()
            .map(|time| problems.distribution(&replication.key("replay").key("time"), time)),
        forgets: config.persistence == Persistence::None,
        failover: resolve_failover(problems, &path.key("failover"), &config.failover, replicas + 1),
    }
}

fn replay_workers(problems: &mut Problems, path: &Path, config: &ReplayConfig) -> Option<u32> {
    config.workers.map(|workers| problems.count(&path.key("workers"), workers, 1..=REPLAY_WORKERS_MAX))
}

fn resolve_replication(problems: &mut Problems, path: &Path, config: &ReplicationConfig, replicas: u32) -> Replication {
    let path = path.key("acknowledgements");
    match config.acknowledgements {
        Some(wanted) if wanted > replicas => {
            problems.found(&path, wanted, format!("is too many (`replicas` is {replicas})"));
        }
        Some(0) => problems.found(&path, 0, "is too few (at least 1; none is what `async` does)"),
        _ => {}
    }
    match config.mode {
        ReplicationMode::Async => Replication::Async,
        ReplicationMode::Sync => Replication::Sync(config.acknowledgements),
    }
}

fn resolve_failover(problems: &mut Problems, path: &Path, config: &FailoverConfig, nodes: u32) -> Failover {
    let interval = path.key("monitor_interval");
    Failover {
        strategy: match config.strategy {
            schema::FailoverStrategy::Random => FailoverStrategy::Random,
            schema::FailoverStrategy::MostCaughtUp => FailoverStrategy::MostCaughtUp,
            schema::FailoverStrategy::Priority => FailoverStrategy::Priority,
            schema::FailoverStrategy::None => FailoverStrategy::None,
        },
        priority: resolve_priority(problems, &path.key("priority"), &config.priority, nodes),
        monitor_interval: problems.span_from(&interval, config.monitor_interval, INTERVAL_SECONDS_MIN),
        on_write: config.on_write,
        patience: problems.span(&path.key("patience"), config.patience),
        election_time: problems.distribution(&path.key("election_time"), &config.election_time),
        clients_learn: problems.distribution(&path.key("clients_learn"), &config.clients_learn),
        demotion_time: problems.distribution(&path.key("demotion_time"), &config.demotion_time),
        promotion_time: problems.distribution(&path.key("promotion_time"), &config.promotion_time),
        rejoin: match config.rejoin {
            schema::Rejoin::AtOnce => Rejoin::AtOnce,
            schema::Rejoin::WhenCaughtUp => Rejoin::WhenCaughtUp,
        },
    }
}

/// All nodes, the listed ones first.
fn resolve_priority(problems: &mut Problems, path: &Path, listed: &[u32], nodes: u32) -> Vec<u32> {
    let mut order: Vec<u32> = Vec::with_capacity(nodes as usize);
    for (i, &node) in listed.iter().enumerate() {
        if node >= nodes {
            problems.found(&path.index(i), node, format!("is not a node (0 to {})", nodes - 1));
        } else if order.contains(&node) {
            problems.found(&path.index(i), node, "is listed twice");
        } else {
            order.push(node);
        }
    }
    for node in 0..nodes {
        if !order.contains(&node) {
            order.push(node);
        }
    }
    order
}
