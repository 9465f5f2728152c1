//! Database clusters and their nodes.

use std::ops::Range;

use super::{
    Number, Path, Problems, fault::in_progress, layout::Layout, scalability::scalability, service::check_station,
    standbys,
};
use crate::{
    config::{
        limits::{CHECKPOINT_FACTOR_MAX, INTERVAL_SECONDS_MIN, REPLAY_WORKERS_MAX, REPLICAS_MAX},
        schema::{
            self, CheckpointsConfig, ClusterKind, DbClusterConfig, DelayIn, FailoverConfig, NodeReplicationConfig,
            PatroniConfig, ReplayConfig, SynchronousCommit,
        },
    },
    engine::{distribution::Distribution, time::Duration},
    model::topology::{
        Checkpoints, Cluster, ClusterId, Component, ComponentKind, Failover, FailoverStrategy, Lease, Node, NodeId,
        OwnDelays, Patience, Persistence, ReadYourWrites, Rejoin, WaitForReplicas,
    },
};

/// How often PostgreSQL writes its log to disk if nobody waits for it (`wal_writer_delay`).
const WAL_WRITER_DELAY_SECONDS: f64 = 0.2;

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

fn longest_wait(problems: &mut Problems, path: &Path, config: &DbClusterConfig) -> Option<Patience> {
    if config.looked_every.is_some() && config.longest_wait.is_none() {
        problems.report(&path.key("looked_every"), "has no effect without `longest_wait` (nobody has waited too long)");
    }
    config.longest_wait.map(|longest| Patience {
        longest: problems.span(&path.key("longest_wait"), longest),
        looked_every: config
            .looked_every
            .map_or(Duration::ZERO, |every| problems.span_from(&path.key("looked_every"), every, INTERVAL_SECONDS_MIN)),
    })
}

/// How many replicas must be there.
fn min_replicas(problems: &mut Problems, path: &Path, config: &DbClusterConfig, replicas: u32) -> u32 {
    let (path, wanted) = (path.key("min_replicas_to_write"), config.replication.min_replicas_to_write);
    if wanted > replicas {
        problems.found(&path, wanted, format!("is too many (`replicas` is {replicas})"));
    }
    wanted
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
        is_redis: matches!(config.kind, ClusterKind::Redis | ClusterKind::Sentinel),
        operation,
        fail_prob: problems.probability(&path.key("fail_prob"), config.fail_prob),
        connections: config.connections,
        scalability: config.scalability.as_ref().map(|config| scalability(problems, &path.key("scalability"), config)),
        queue_limit: config.queue_limit,
        longest_wait: longest_wait(problems, path, config),
        replica_read_share: share,
        read_your_writes: config
            .read_your_writes
            .map(|wanted| read_your_writes(problems, &path.key("read_your_writes"), wanted)),
        replication: standbys::resolve(problems, path, config, replicas),
        wait: config.replication.wait.as_ref().map(|wait| WaitForReplicas {
            timeout: wait.timeout.map(|timeout| problems.span(&replication.key("wait").key("timeout"), timeout)),
        }),
        sender_timeout: problems.span_from(
            &replication.key("wal_sender_timeout"),
            config.replication.wal_sender_timeout,
            INTERVAL_SECONDS_MIN,
        ),
        min_replicas: min_replicas(problems, &replication, config, replicas),
        min_replicas_max_lag: problems
            .span(&replication.key("min_replicas_max_lag"), config.replication.min_replicas_max_lag)
            .as_nanos()
            / 1_000_000_000,
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
        own_delays: own_delays(problems, &replication.key("nodes"), &config.replication.nodes, replicas + 1),
        persistence: persistence(problems, path, config),
        checkpoints: config.checkpoints.as_ref().map(|it| checkpoints(problems, &path.key("checkpoints"), it)),
        failover: resolve_failover(problems, &path.key("failover"), &config.failover, replicas + 1),
    }
}

fn read_your_writes(problems: &mut Problems, path: &Path, config: schema::ReadYourWrites) -> ReadYourWrites {
    match config {
        schema::ReadYourWrites::Sticky(time) => ReadYourWrites::Sticky(problems.span(&path.key("sticky"), time)),
        schema::ReadYourWrites::UpToDate {} => ReadYourWrites::UpToDate,
        schema::ReadYourWrites::Wait(longest) => {
            ReadYourWrites::Wait(problems.span_from(&path.key("wait"), longest, INTERVAL_SECONDS_MIN))
        }
    }
}

fn replay_workers(problems: &mut Problems, path: &Path, config: &ReplayConfig) -> Option<u32> {
    config.workers.map(|workers| problems.count(&path.key("workers"), workers, 1..=REPLAY_WORKERS_MAX))
}

/// What nodes with delays of their own have, by place.
fn own_delays(problems: &mut Problems, path: &Path, config: &[NodeReplicationConfig], nodes: u32) -> Vec<OwnDelays> {
    let mut found = Vec::new();
    for (i, own) in config.iter().enumerate() {
        let path = path.index(i);
        let mut delay =
            |field, config: &Option<_>| config.as_ref().map(|config| problems.distribution(&path.key(field), config));
        let delays =
            OwnDelays { delay: delay("delay", &own.delay), apply_delay: delay("apply_delay", &own.apply_delay) };
        if own.node >= nodes {
            problems.found(&path.key("node"), own.node, format!("is not a node (0 to {})", nodes - 1));
        } else if config[..i].iter().any(|other| other.node == own.node) {
            problems.found(&path.key("node"), own.node, "is listed twice");
        } else {
            found.resize_with(found.len().max(own.node as usize + 1), OwnDelays::default);
            found[own.node as usize] = delays;
        }
    }
    found
}

fn persistence(problems: &mut Problems, path: &Path, config: &DbClusterConfig) -> Persistence {
    let every = config.save_every.map(|every| problems.span_from(&path.key("save_every"), every, INTERVAL_SECONDS_MIN));
    let is_flushed_late = config.replication.synchronous_commit == SynchronousCommit::Off;
    match (config.persistence, every) {
        (schema::Persistence::None, _) => Persistence::None,
        (schema::Persistence::Disk, Some(every)) => Persistence::Every(every),
        (schema::Persistence::Disk, None) if is_flushed_late => {
            Persistence::Every(Duration::from_seconds(WAL_WRITER_DELAY_SECONDS))
        }
        (schema::Persistence::Disk, None) => Persistence::Disk,
    }
}

fn checkpoints(problems: &mut Problems, path: &Path, config: &CheckpointsConfig) -> Checkpoints {
    let (every, lasting) = (path.key("every"), path.key("lasting"));
    if config.lasting.0 > config.every.0 {
        problems.found(&lasting, Number(config.lasting.0), "is too long (at most `every`)");
    }
    Checkpoints {
        every: problems.span_from(&every, config.every, INTERVAL_SECONDS_MIN),
        lasting: problems.span(&lasting, config.lasting),
        factor: problems.within(&path.key("factor"), config.factor, 1.0..=CHECKPOINT_FACTOR_MAX, "a factor, 1 to 1000"),
    }
}

fn resolve_failover(problems: &mut Problems, path: &Path, config: &FailoverConfig, nodes: u32) -> Failover {
    let own = Failover {
        strategy: match config.strategy {
            schema::FailoverStrategy::Random => FailoverStrategy::Random,
            schema::FailoverStrategy::MostCaughtUp => FailoverStrategy::MostCaughtUp,
            schema::FailoverStrategy::Priority => FailoverStrategy::Priority,
            schema::FailoverStrategy::None => FailoverStrategy::None,
        },
        priority: resolve_priority(problems, &path.key("priority"), &config.priority, nodes),
        monitor_interval: problems.span_from(
            &path.key("monitor_interval"),
            config.monitor_interval,
            INTERVAL_SECONDS_MIN,
        ),
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
        rewind_time: problems.distribution(&path.key("rewind_time"), &config.rewind_time),
        lease: None,
    };
    match &config.patroni {
        Some(patroni) => under_patroni(problems, &path.key("patroni"), patroni, own),
        None => own,
    }
}

/// The monitor's looks are the renewals of the lease. It notices at the first one that fails, `loop_wait` after the last good
/// one, that the primary is away; the lease ends `ttl` after that.
fn under_patroni(problems: &mut Problems, path: &Path, config: &PatroniConfig, own: Failover) -> Failover {
    let ttl = problems.span(&path.key("ttl"), config.ttl);
    let loop_wait = problems.span_from(&path.key("loop_wait"), config.loop_wait, INTERVAL_SECONDS_MIN);
    let retry_timeout = problems.span(&path.key("retry_timeout"), config.retry_timeout);
    if ttl < loop_wait + retry_timeout + retry_timeout {
        let rule = "is too short (at least `loop_wait` and two times `retry_timeout`)";
        problems.found(&path.key("ttl"), Number(config.ttl.0), rule);
    }
    Failover {
        monitor_interval: loop_wait,
        patience: ttl - loop_wait,
        on_write: false,
        lease: Some(Lease { retry_timeout, maximum_lag: config.maximum_lag_on_failover.map(u64::from) }),
        ..own
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
