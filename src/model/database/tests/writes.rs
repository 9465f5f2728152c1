//! How writes reach the replicas, and when they are answered.

use super::*;
use crate::model::{
    network::Place,
    partition::Group,
    testing::at,
    topology::{ComponentKind, Replication},
};

fn lags(databases: &Databases, ctx: &Context) -> Vec<u64> {
    (0..databases.nodes.len() as u32).map(|node| databases.lag_writes(ctx, NodeId(node))).collect()
}

/// Three nodes, of which the last one needs four seconds for an operation.
fn sync(replicas: Option<u32>) -> (Databases, Context) {
    let (databases, mut ctx) = bench(Cluster { replication: Replication::Sync(replicas), ..cluster(3) });
    ctx.healths[2].slow_factor = 4.0;
    (databases, ctx)
}

#[test]
fn a_write_is_answered_by_the_primary_and_applied_by_the_replicas_in_order() {
    let (mut databases, mut ctx) = bench(cluster(3));
    ctx.healths[2].slow_factor = 4.0;
    let a = query(&mut databases, &mut ctx, WRITE, 0);
    until(&mut databases, &mut ctx, 0.5);
    let b = query(&mut databases, &mut ctx, WRITE, 0);
    assert_eq!(until(&mut databases, &mut ctx, 2.0), [(1.0, a, DONE), (1.5, b, DONE)]);
    assert_eq!((lags(&databases, &ctx), databases.clusters[0].committed()), (vec![0, 2, 2], 2));
    assert_eq!(databases.nodes[2].lag_seconds(ctx.now), 1.0);
    // Two seconds on the way, and one, or four, until it is done.
    until(&mut databases, &mut ctx, 3.75);
    assert_eq!(lags(&databases, &ctx), [0, 2, 2]);
    until(&mut databases, &mut ctx, 4.0);
    assert_eq!(lags(&databases, &ctx), [0, 1, 2]);
    until(&mut databases, &mut ctx, 7.0);
    assert_eq!(lags(&databases, &ctx), [0, 0, 1]);
    until(&mut databases, &mut ctx, 9.0);
    assert_eq!(lags(&databases, &ctx), [0, 0, 0]);
    let lag = &databases.clusters[0].replication_lag;
    assert_eq!((lag.count(), lag.min(), lag.max()), (4, Some(3.0), Some(6.0)));
    assert_eq!([0, 1, 2].map(|node: usize| databases.nodes[node].applied_writes), [0, 2, 2]);
}

#[test]
fn a_read_that_begins_before_a_write_is_applied_is_stale() {
    let (mut databases, mut ctx) = bench(cluster(2));
    query(&mut databases, &mut ctx, WRITE, 0);
    query(&mut databases, &mut ctx, READ, 1);
    until(&mut databases, &mut ctx, 3.5);
    assert_eq!(databases.clusters[0].counts.stale_reads, 0, "it began before the write was answered");
    query(&mut databases, &mut ctx, READ, 1);
    query(&mut databases, &mut ctx, READ, 0);
    until(&mut databases, &mut ctx, 5.0);
    query(&mut databases, &mut ctx, READ, 1);
    until(&mut databases, &mut ctx, 9.0);
    assert_eq!(databases.clusters[0].counts.stale_reads, 1);
}

#[test]
fn a_write_waits_for_as_many_replicas_as_it_has_to() {
    for (replicas, applied) in [(Some(1), 4.0), (Some(2), 7.0), (Some(9), 7.0), (None, 7.0)] {
        let (mut databases, mut ctx) = sync(replicas);
        let id = query(&mut databases, &mut ctx, WRITE, 0);
        assert_eq!(until(&mut databases, &mut ctx, applied - 0.25), [(1.0, id, Reply::Later)]);
        assert!(ctx.visits[id].is_replicating());
        assert_eq!((posts(&mut ctx), databases.clusters[0].counts.acknowledged_writes), (vec![], 0), "{replicas:?}");
        until(&mut databases, &mut ctx, applied);
        assert_eq!(posts(&mut ctx), [Post::Answer(id, Outcome::Success)], "{replicas:?}");
        assert_eq!(spent(&ctx, id, Phase::Database), applied);
        assert_eq!(databases.clusters[0].counts.acknowledged_writes, 1);
    }
}

#[test]
fn a_write_does_not_wait_for_who_is_down() {
    let (mut databases, mut ctx) = sync(None);
    let a = query(&mut databases, &mut ctx, WRITE, 0);
    until(&mut databases, &mut ctx, 5.0);
    assert_eq!(posts(&mut ctx), []);
    go_down(&mut databases, &mut ctx, 2);
    assert_eq!(posts(&mut ctx), [Post::Answer(a, Outcome::Success)]);
    go_down(&mut databases, &mut ctx, 1);
    let b = query(&mut databases, &mut ctx, WRITE, 0);
    assert_eq!(until(&mut databases, &mut ctx, 10.0), [(6.0, b, DONE)], "there is nobody to wait for");
    assert_eq!(lags(&databases, &ctx), [0, 1, 2]);
    // Who comes back gets all that he lacks, at once.
    come_up(&mut databases, &mut ctx, 2);
    assert!(databases.nodes[2].is_catching_up());
    until(&mut databases, &mut ctx, 16.0);
    assert_eq!((lags(&databases, &ctx), databases.nodes[2].applied_writes), (vec![0, 1, 0], 2));
    assert!(!databases.nodes[2].is_catching_up());
}

#[test]
fn a_write_does_not_pass_a_partition_and_is_made_up_for_when_it_heals() {
    let (mut databases, mut ctx) = sync(None);
    let id = query(&mut databases, &mut ctx, WRITE, 0);
    until(&mut databases, &mut ctx, 5.0);
    let side = |node| Group { components: vec![ComponentKind::Node(NodeId(node))], ..Group::default() };
    ctx.network.partitions.begin(0, [side(0), side(2)]);
    assert!(ctx.network.partitions.separate(Place::node(NodeId(2)), Place::node(NodeId(0))));
    databases.break_off_parted_replication(&mut ctx);
    assert_eq!(posts(&mut ctx), [Post::Answer(id, Outcome::Success)]);
    until(&mut databases, &mut ctx, 20.0);
    assert_eq!(lags(&databases, &ctx), [0, 0, 1]);
    assert_eq!(databases.nodes[2].lag_seconds(ctx.now), 19.0);
    ctx.network.partitions.end(0);
    databases.catch_up_everywhere(&mut ctx);
    until(&mut databases, &mut ctx, 26.0);
    assert_eq!((lags(&databases, &ctx), ctx.now), (vec![0, 0, 0], at(26.0)));
    assert_eq!(databases.clusters[0].replication_lag.max(), Some(25.0));
}
