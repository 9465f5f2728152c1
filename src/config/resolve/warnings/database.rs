//! Warnings about replication and failover that cannot come to bear.

use super::{Problems, within};
use crate::config::{
    error::quoted,
    resolve::Number,
    schema::{
        Config, DbClusterConfig, FailoverConfig, FailoverStrategy, ReplicationConfig, ReplicationMode,
        SynchronousCommit,
    },
};

pub(super) fn check(warnings: &mut Problems, config: &Config) {
    for (name, cluster) in &config.db_clusters {
        check_replication(warnings, name, &cluster.replication);
        check_failover(warnings, name, cluster);
    }
}

fn check_replication(warnings: &mut Problems, name: &str, replication: &ReplicationConfig) {
    let rule = "has no effect: in the mode `async` no write waits for replicas";
    if replication.mode == ReplicationMode::Sync {
        return;
    }
    within("db_clusters", name, |path| {
        let path = path.key("replication");
        if let Some(wanted) = replication.acknowledgements {
            warnings.found(&path.key("acknowledgements"), wanted, rule);
        }
        let level = match replication.synchronous_commit {
            SynchronousCommit::RemoteApply => return,
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
