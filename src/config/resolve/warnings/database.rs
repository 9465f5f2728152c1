//! Warnings about replication and failover that cannot come to bear.

use super::{Problems, within};
use crate::config::{
    error::quoted,
    resolve::Number,
    schema::{
        ClusterKind, Config, DbClusterConfig, FailoverConfig, FailoverStrategy, Persistence, ReplicationMode,
        SynchronousCommit,
    },
};

pub(super) fn check(warnings: &mut Problems, config: &Config) {
    for (name, cluster) in &config.db_clusters {
        check_replication(warnings, name, cluster);
        check_failover(warnings, name, cluster);
        check_patroni(warnings, name, cluster);
        check_reads(warnings, name, cluster);
    }
}

fn check_replication(warnings: &mut Problems, name: &str, cluster: &DbClusterConfig) {
    let replication = &cluster.replication;
    let rule = "has no effect: in the mode `async` no write waits for replicas";
    let chooses = cluster.failover.patroni.as_ref().is_some_and(|it| it.synchronous_mode || it.synchronous_mode_strict);
    // (There `on` is the default, and means the primary's own disk where no standby is synchronous.)
    if replication.mode == ReplicationMode::Sync || chooses || cluster.kind == ClusterKind::Patroni {
        return;
    }
    within("db_clusters", name, |path| {
        let path = path.key("replication");
        if let Some(wanted) = &replication.synchronous_standby_names {
            warnings.found(&path.key("synchronous_standby_names"), quoted(wanted), rule);
        }
        if let Some(wanted) = replication.acknowledgements {
            warnings.found(&path.key("acknowledgements"), wanted, rule);
        }
        let level = match replication.synchronous_commit {
            SynchronousCommit::RemoteApply | SynchronousCommit::Off | SynchronousCommit::Local => return,
            SynchronousCommit::On => "on",
            SynchronousCommit::RemoteWrite => "remote_write",
        };
        warnings.found(&path.key("synchronous_commit"), quoted(level), rule);
    });
}

fn check_failover(warnings: &mut Problems, name: &str, cluster: &DbClusterConfig) {
    let FailoverConfig { strategy, patience, .. } = &cluster.failover;
    if *strategy == FailoverStrategy::None && patience.0 > 0.0 {
        within("db_clusters", name, |path| {
            let rule = "has no effect: nobody replaces the primary (`strategy` is `none`)";
            warnings.found(&path.key("failover").key("patience"), Number(patience.0), rule);
        });
    }
}

/// Under Patroni the numbers of the monitor are those of its lease.
fn check_patroni(warnings: &mut Problems, name: &str, cluster: &DbClusterConfig) {
    let (own, neutral) = (&cluster.failover, FailoverConfig::default());
    let Some(patroni) = &own.patroni else { return };
    within("db_clusters", name, |path| {
        let path = path.key("failover");
        let rule = "has no effect: under `patroni` it follows from `ttl` and `loop_wait`";
        for (field, own, neutral) in [
            ("patience", own.patience, neutral.patience),
            ("monitor_interval", own.monitor_interval, neutral.monitor_interval),
        ] {
            if own != neutral {
                warnings.found(&path.key(field), Number(own.0), rule);
            }
        }
        if own.strategy == FailoverStrategy::None {
            warnings.report(&path.key("patroni"), "has no effect: nobody replaces the primary (`strategy` is `none`)");
        }
        let chooses = patroni.synchronous_mode || patroni.synchronous_mode_strict;
        if patroni.synchronous_node_count > cluster.replicas.max(1) && chooses {
            let rule = format!("is more than there are (`replicas` is {})", cluster.replicas);
            let path = path.key("patroni");
            warnings.found(&path.key("synchronous_node_count"), patroni.synchronous_node_count, rule);
        }
    });
}

fn check_reads(warnings: &mut Problems, name: &str, cluster: &DbClusterConfig) {
    within("db_clusters", name, |path| {
        if cluster.read_your_writes.is_some() && (cluster.replica_read_share == 0.0 || cluster.replicas == 0) {
            let rule = "has no effect: all reads go to the primary (`replica_read_share`)";
            warnings.report(&path.key("read_your_writes"), rule);
        }
        if let (Some(wait), None) = (cluster.longest_wait, cluster.connections) {
            let rule = "has no effect without `connections` (nobody waits where any number is served at a time)";
            warnings.found(&path.key("longest_wait"), Number(wait.0), rule);
        }
        if let (Some(every), Persistence::None) = (cluster.save_every, cluster.persistence) {
            warnings.found(
                &path.key("save_every"),
                Number(every.0),
                "has no effect: nothing is kept (`persistence` is `none`)",
            );
        }
    });
}
