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
    // It replays one write after another.
    until(&mut databases, &mut ctx, 10.75);
    assert_eq!((lags(&databases, &ctx), databases.nodes[2].lag_seconds(ctx.now)), (vec![0, 0, 1], 9.25));
    until(&mut databases, &mut ctx, 11.0);
    assert_eq!(lags(&databases, &ctx), [0, 0, 0]);
    let lag = &databases.clusters[0].replication_lag;
    assert_eq!((lag.count(), lag.min(), lag.max()), (4, Some(3.0), Some(9.5)));
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

/// When the writes of two seconds, four of which are executed at a time, are applied by a replica.
fn replayed(described: Cluster, change: impl Fn(&mut Databases, &mut Context)) -> Vec<f64> {
    let (mut databases, mut ctx) = bench(described);
    (0..4).for_each(|_| _ = query(&mut databases, &mut ctx, WRITE, 0));
    let mut found = Vec::new();
    for tick in 1..400 {
        until(&mut databases, &mut ctx, f64::from(tick) / 4.0);
        if tick == 15 {
            change(&mut databases, &mut ctx);
        }
        let left = databases.lag_writes(&ctx, NodeId(1)) as usize;
        if tick > 4 {
            found.resize(4 - left, f64::from(tick) / 4.0);
        }
    }
    found
}

#[test]
fn a_replica_replays_as_many_writes_at_a_time_as_it_can() {
    let by = |workers| Cluster { replay_workers: workers, ..cluster(2) };
    assert_eq!(replayed(by(Some(1)), |_, _| {}), [4.0, 5.0, 6.0, 7.0]);
    assert_eq!(replayed(by(Some(3)), |_, _| {}), [4.0, 4.0, 4.0, 5.0]);
    assert_eq!(replayed(by(None), |_, _| {}), [4.0; 4]);
    let time = Some(lasting(0.5));
    assert_eq!(replayed(Cluster { replay_time: time, ..by(Some(1)) }, |_, _| {}), [3.5, 4.0, 4.5, 5.0]);
    let held = Cluster { apply_delay: lasting(5.0), replication_delay: lasting(0.0), ..by(None) };
    assert_eq!(replayed(held, |_, _| {}), [7.0; 4], "so long after the commit");
    // A quarter of a second before the first would be done.
    let slower = |databases: &mut Databases, ctx: &mut Context| {
        ctx.healths[1].slow_factor = 3.0;
        databases.change_replay_pace(ctx, ctx.topology.node_component(NodeId(1)), 3.0);
    };
    assert_eq!(replayed(by(Some(1)), slower), [4.5, 7.5, 10.5, 13.5]);
    let more = |databases: &mut Databases, ctx: &mut Context| {
        super::change(ctx, |topology| topology.clusters[0].replay_workers = None);
        databases.refresh(ctx);
    };
    assert_eq!(replayed(by(Some(1)), more), [4.0, 4.75, 4.75, 4.75]);
}

/// What a replica has of three writes, one a second, if the primary, or the replica itself, is down for a while.
fn after(node: u32, is_on_wire: bool, from: f64) -> u64 {
    let (mut databases, mut ctx) = bench(Cluster { is_delayed_on_wire: is_on_wire, ..cluster(2) });
    for second in 0..3 {
        until(&mut databases, &mut ctx, f64::from(second));
        query(&mut databases, &mut ctx, WRITE, 0);
    }
    until(&mut databases, &mut ctx, from);
    go_down(&mut databases, &mut ctx, node);
    until(&mut databases, &mut ctx, 20.0);
    3 - databases.lag_writes(&ctx, NodeId(1))
}

#[test]
fn a_dead_primary_takes_its_backlog_with_it_and_not_what_it_has_sent() {
    // Commits at 1, 2 and 3 s, which leave the primary at 3, 4 and 5 s, or at once.
    assert_eq!([4.5, 5.0].map(|from| after(0, false, from)), [2, 3]);
    assert_eq!(after(0, true, 4.5), 3);
}

#[test]
fn a_replica_that_dies_has_on_disk_what_it_has_received() {
    let (mut databases, mut ctx) = bench(cluster(2));
    for second in 0..3 {
        until(&mut databases, &mut ctx, f64::from(second));
        query(&mut databases, &mut ctx, WRITE, 0);
    }
    until(&mut databases, &mut ctx, 4.5);
    go_down(&mut databases, &mut ctx, 1);
    go_down(&mut databases, &mut ctx, 0);
    until(&mut databases, &mut ctx, 10.0);
    assert_eq!(lags(&databases, &ctx), [0, 2], "it does nothing while it is down");
    come_up(&mut databases, &mut ctx, 1);
    until(&mut databases, &mut ctx, 12.0);
    assert_eq!(lags(&databases, &ctx), [0, 1], "the second one it had received");
    come_up(&mut databases, &mut ctx, 0);
    until(&mut databases, &mut ctx, 15.0);
    assert_eq!(lags(&databases, &ctx), [0, 0]);
}

#[test]
fn receiving_may_be_enough_and_a_connection_is_held_until_then() {
    let by = |needs_applied| {
        let replication = Replication::Sync(Some(1));
        bench(Cluster { replication, needs_applied, connections: Some(1), ..cluster(2) })
    };
    for (needs_applied, answered) in [(false, 3.0), (true, 4.0)] {
        let (mut databases, mut ctx) = by(needs_applied);
        let [a, b] = [(); 2].map(|()| query(&mut databases, &mut ctx, WRITE, 0));
        until(&mut databases, &mut ctx, answered - 0.25);
        assert_eq!(posts(&mut ctx), []);
        let said = until(&mut databases, &mut ctx, answered + 1.0);
        assert_eq!(posts(&mut ctx), [Post::Answer(a, Outcome::Success)]);
        assert_eq!(said, [(answered + 1.0, b, Reply::Later)], "it had no connection before");
    }
}

#[test]
fn a_write_whose_replicas_are_away_waits_for_them_or_is_lost_with_its_primary() {
    let (mut databases, mut ctx) = sync(Some(1));
    go_down(&mut databases, &mut ctx, 1);
    go_down(&mut databases, &mut ctx, 2);
    let a = query(&mut databases, &mut ctx, WRITE, 0);
    assert_eq!(until(&mut databases, &mut ctx, 10.0), [(1.0, a, Reply::Later)]);
    come_up(&mut databases, &mut ctx, 1);
    until(&mut databases, &mut ctx, 13.0);
    assert_eq!(posts(&mut ctx), [Post::Answer(a, Outcome::Success)]);
    go_down(&mut databases, &mut ctx, 1);
    let b = query(&mut databases, &mut ctx, WRITE, 0);
    until(&mut databases, &mut ctx, 15.0);
    go_down(&mut databases, &mut ctx, 0);
    let component = ctx.topology.node_component(NodeId(0));
    assert_eq!(databases.take_waiting(&ctx, component), [b]);
    databases.lose(&mut ctx, b);
    // It stays in the history though, and nobody has been told that it is safe.
    assert_eq!(databases.clusters[0].committed(), 2);
    assert_eq!(databases.clusters[0].end_history(0), 1);
}

#[test]
fn a_write_waits_for_as_many_replicas_as_it_has_to() {
    for (replicas, applied) in [(Some(1), 4.0), (Some(2), 7.0), (None, 7.0)] {
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
fn a_write_waits_only_for_those_who_are_up_but_for_somebody() {
    let (mut databases, mut ctx) = sync(None);
    let a = query(&mut databases, &mut ctx, WRITE, 0);
    until(&mut databases, &mut ctx, 5.0);
    assert_eq!(posts(&mut ctx), []);
    go_down(&mut databases, &mut ctx, 2);
    assert_eq!(posts(&mut ctx), [Post::Answer(a, Outcome::Success)]);
    go_down(&mut databases, &mut ctx, 1);
    let b = query(&mut databases, &mut ctx, WRITE, 0);
    assert_eq!(until(&mut databases, &mut ctx, 10.0), [(6.0, b, Reply::Later)]);
    assert_eq!((lags(&databases, &ctx), posts(&mut ctx)), (vec![0, 1, 2], vec![]));
    // Who comes back has the first on his disk, asks for what he lacks, and replays both.
    come_up(&mut databases, &mut ctx, 2);
    assert!(databases.nodes[2].is_catching_up());
    until(&mut databases, &mut ctx, 18.0);
    assert_eq!((lags(&databases, &ctx), databases.nodes[2].applied_writes), (vec![0, 1, 0], 2));
    assert!(!databases.nodes[2].is_catching_up());
    assert_eq!(posts(&mut ctx), [Post::Answer(b, Outcome::Success)]);
}

#[test]
fn a_write_does_not_pass_a_partition_and_is_made_up_for_when_it_heals() {
    let (mut databases, mut ctx) = sync(None);
    let id = query(&mut databases, &mut ctx, WRITE, 0);
    until(&mut databases, &mut ctx, 2.0);
    let side = |node| Group { components: vec![ComponentKind::Node(NodeId(node))], ..Group::default() };
    ctx.network.partitions.begin(0, [side(0), side(2)]);
    assert!(ctx.network.partitions.separate(Place::node(NodeId(2)), Place::node(NodeId(0))));
    databases.break_off_parted_replication(&mut ctx);
    until(&mut databases, &mut ctx, 4.0);
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
