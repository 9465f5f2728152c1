//! Primaries that hold a lease, and choose their standbys; synchronous standbys by name; what a node keeps.

use super::*;
use crate::model::{
    partition::Group,
    testing::{at, span},
    topology::{Checkpoints, ComponentKind, Failover, Lease, Patience, Persistence, Replication},
};

const REFUSED: Reply = Reply::Now(Outcome::Failure(Cause::NoPrimary));

/// A lease of twenty seconds, renewed every ten, and three seconds to try.
fn leased(nodes: u32, replication: Replication, maximum_lag: Option<u64>) -> (Databases, Context) {
    let lease = Some(Lease { retry_timeout: span(3.0), maximum_lag });
    let failover = Failover { lease, patience: span(10.0), promotion_time: lasting(0.0), ..cluster(1).failover };
    let (mut databases, mut ctx) = bench(Cluster { replication, failover, needs_applied: false, ..cluster(nodes) });
    databases.start_monitors(&mut ctx);
    (databases, ctx)
}

fn cut_off(databases: &mut Databases, ctx: &mut Context) {
    let side = |nodes: &[u32]| Group {
        components: nodes.iter().map(|&node| ComponentKind::Node(NodeId(node))).collect(),
        ..Group::default()
    };
    ctx.network.partitions.begin(0, [side(&[0]), side(&[1, 2])]);
    databases.break_off_parted_replication(ctx);
}

#[test]
fn a_primary_that_cannot_renew_its_lease_steps_down_before_anybody_replaces_it() {
    let (mut databases, mut ctx) = leased(3, Replication::Async, None);
    until(&mut databases, &mut ctx, 12.0);
    cut_off(&mut databases, &mut ctx);
    until(&mut databases, &mut ctx, 22.5);
    let last = query(&mut databases, &mut ctx, WRITE, 0);
    until(&mut databases, &mut ctx, 22.9);
    assert!(!databases.has_stepped_down(DB, NodeId(0)));
    // It has tried from 20 s on; what it is at is refused.
    let said = until(&mut databases, &mut ctx, 24.0);
    assert_eq!(said, [(23.5, last, Reply::Now(DOWN))]);
    let refused = visit(&mut ctx, WRITE);
    ctx.visits[refused].node = NodeId(0);
    assert_eq!(databases.ask(&mut ctx, refused), REFUSED);
    query(&mut databases, &mut ctx, READ, 0);
    until(&mut databases, &mut ctx, 29.0);
    assert_eq!(databases.clusters[0].primary, NodeId(0));
    until(&mut databases, &mut ctx, 31.0);
    assert_eq!(databases.clusters[0].primary, NodeId(1), "its lease has ended");
    assert_eq!(databases.clusters[0].counts.lost_writes, 0);
    assert_eq!(databases.clusters[0].former, None, "it knows");
}

#[test]
fn a_primary_that_is_reached_again_takes_writes_again() {
    let (mut databases, mut ctx) = leased(3, Replication::Async, None);
    cut_off(&mut databases, &mut ctx);
    until(&mut databases, &mut ctx, 14.0);
    assert!(databases.has_stepped_down(DB, NodeId(0)));
    ctx.network.partitions.end(0);
    databases.catch_up_everywhere(&mut ctx);
    assert!(!databases.has_stepped_down(DB, NodeId(0)));
    let write = query(&mut databases, &mut ctx, WRITE, 0);
    assert_eq!(until(&mut databases, &mut ctx, 40.0), [(15.0, write, DONE)]);
    assert_eq!(databases.clusters[0].counts.failovers, 0);
}

#[test]
fn who_lacked_too_much_at_the_last_renewal_is_not_promoted() {
    for (maximum_lag, primary) in [(Some(1), 0), (Some(2), 1), (None, 1)] {
        let (mut databases, mut ctx) = leased(2, Replication::Async, maximum_lag);
        change(&mut ctx, |topology| topology.clusters[0].replication_delay = lasting(100.0));
        (0..2).for_each(|_| _ = query(&mut databases, &mut ctx, WRITE, 0));
        until(&mut databases, &mut ctx, 10.0);
        (0..5).for_each(|_| _ = query(&mut databases, &mut ctx, WRITE, 0));
        until(&mut databases, &mut ctx, 12.0);
        go_down(&mut databases, &mut ctx, 0);
        until(&mut databases, &mut ctx, 60.0);
        assert_eq!(databases.clusters[0].primary, NodeId(primary), "{maximum_lag:?}: of two, five more are not known");
    }
}

#[test]
fn the_primary_looks_for_another_standby_and_goes_on_without_or_not() {
    for (is_strict, answered) in [(false, Some(20.0)), (true, None)] {
        let (mut databases, mut ctx) = leased(3, Replication::Chosen { count: 1, is_strict }, None);
        until(&mut databases, &mut ctx, 10.0);
        assert_eq!(databases.clusters[0].chosen, [NodeId(1)]);
        let a = query(&mut databases, &mut ctx, WRITE, 0);
        run_and_hear(&mut databases, &mut ctx, 12.5, &[]);
        run_and_hear(&mut databases, &mut ctx, 13.5, &[a]);
        // Its standby dies: until it looks again, writes wait.
        go_down(&mut databases, &mut ctx, 1);
        let b = query(&mut databases, &mut ctx, WRITE, 0);
        run_and_hear(&mut databases, &mut ctx, 19.5, &[]);
        run_and_hear(&mut databases, &mut ctx, 20.5, &[b]);
        assert_eq!(databases.clusters[0].chosen, [NodeId(2)]);
        go_down(&mut databases, &mut ctx, 2);
        let c = query(&mut databases, &mut ctx, WRITE, 0);
        run_and_hear(&mut databases, &mut ctx, 29.5, &[]);
        let heard: &[VisitId] = if answered.is_some() { &[c] } else { &[] };
        run_and_hear(&mut databases, &mut ctx, 30.5, heard);
        // Nobody who is no synchronous standby is promoted.
        come_up(&mut databases, &mut ctx, 2);
        go_down(&mut databases, &mut ctx, 0);
        until(&mut databases, &mut ctx, 99.0);
        assert_eq!(databases.clusters[0].primary, NodeId(0));
    }
}

/// Time passes, and these writes are answered with success.
fn run_and_hear(databases: &mut Databases, ctx: &mut Context, seconds: f64, heard: &[VisitId]) {
    until(databases, ctx, seconds);
    let expected: Vec<Post> = heard.iter().map(|&id| Post::Answer(id, Outcome::Success)).collect();
    assert_eq!(posts(ctx), expected, "until {seconds}");
}

/// Replicas that have a write after one, two and three seconds.
fn named(replication: Replication) -> (Databases, Context) {
    let own = |seconds: f64| crate::model::topology::OwnDelays { delay: Some(lasting(seconds)), apply_delay: None };
    let own_delays = [0.0, 1.0, 2.0, 3.0].map(own).into();
    bench(Cluster { replication, own_delays, needs_applied: false, replay_time: Some(lasting(0.0)), ..cluster(4) })
}

#[test]
fn the_first_of_a_list_or_any_of_it_must_have_a_write() {
    let answered = |replication: Replication, down: &[u32]| {
        let (mut databases, mut ctx) = named(replication);
        down.iter().for_each(|&node| go_down(&mut databases, &mut ctx, node));
        query(&mut databases, &mut ctx, WRITE, 0);
        let quarters = (1..40).map(|quarter| f64::from(quarter) / 4.0);
        quarters.into_iter().find(|&seconds| {
            until(&mut databases, &mut ctx, seconds);
            !posts(&mut ctx).is_empty()
        })
    };
    let first = |count, list: &[u32]| Replication::First(count, list.into());
    let any = |count, list: &[u32]| Replication::Any(count, list.into());
    assert_eq!(answered(first(1, &[3, 1]), &[]), Some(4.0), "one second for the primary, three to the first");
    assert_eq!(answered(first(1, &[3, 1]), &[3]), Some(2.0));
    assert_eq!(answered(first(2, &[1, 2, 3]), &[]), Some(3.0));
    assert_eq!(answered(first(2, &[1, 2, 3]), &[1, 3]), None);
    assert_eq!(answered(any(1, &[3, 1]), &[]), Some(2.0));
    assert_eq!(answered(any(2, &[1, 2, 3]), &[]), Some(3.0));
    assert_eq!(answered(any(2, &[1, 2, 3]), &[1]), Some(4.0));
    assert_eq!(answered(any(2, &[1, 3]), &[1]), None, "who is not on the list does not count");
}

#[test]
fn a_primary_comes_back_without_what_it_had_not_written_down() {
    let (mut databases, mut ctx) = bench(Cluster { persistence: Persistence::Every(span(10.0)), ..cluster(2) });
    (0..2).for_each(|_| _ = query(&mut databases, &mut ctx, WRITE, 0));
    until(&mut databases, &mut ctx, 11.0);
    (0..3).for_each(|_| _ = query(&mut databases, &mut ctx, WRITE, 0));
    until(&mut databases, &mut ctx, 18.0);
    go_down(&mut databases, &mut ctx, 0);
    until(&mut databases, &mut ctx, 25.0);
    come_up(&mut databases, &mut ctx, 0);
    let state = &databases.clusters[0];
    assert_eq!((state.counts.lost_writes, state.committed(), databases.nodes[1].feed.applied()), (3, 2, 2));
    // What is older than the last time is there.
    until(&mut databases, &mut ctx, 31.0);
    go_down(&mut databases, &mut ctx, 0);
    come_up(&mut databases, &mut ctx, 0);
    assert_eq!((databases.clusters[0].counts.lost_writes, databases.clusters[0].committed()), (3, 2));
}

#[test]
fn who_has_written_what_the_new_primary_lacks_rewinds_it_before_he_follows() {
    let failover = Failover { rewind_time: lasting(7.0), promotion_time: lasting(0.0), ..cluster(1).failover };
    let (mut databases, mut ctx) =
        bench(Cluster { replication_delay: lasting(3.0), replay_time: Some(lasting(0.0)), failover, ..cluster(3) });
    databases.start_monitors(&mut ctx);
    query(&mut databases, &mut ctx, WRITE, 0);
    until(&mut databases, &mut ctx, 9.0);
    query(&mut databases, &mut ctx, WRITE, 0);
    until(&mut databases, &mut ctx, 10.5);
    go_down(&mut databases, &mut ctx, 0);
    until(&mut databases, &mut ctx, 21.0);
    assert_eq!((databases.clusters[0].primary, databases.clusters[0].counts.lost_writes), (NodeId(1), 1));
    query(&mut databases, &mut ctx, WRITE, 1);
    until(&mut databases, &mut ctx, 26.0);
    assert_eq!(databases.lag_writes(&ctx, NodeId(2)), 0, "it had nothing of its own");
    come_up(&mut databases, &mut ctx, 0);
    until(&mut databases, &mut ctx, 35.75);
    assert_eq!(databases.lag_writes(&ctx, NodeId(0)), 1);
    until(&mut databases, &mut ctx, 36.0);
    assert_eq!((databases.lag_writes(&ctx, NodeId(0)), ctx.now), (0, at(36.0)), "seven seconds, and three on the way");
}

#[test]
fn operations_that_begin_during_a_checkpoint_take_longer() {
    let checkpoints = Some(Checkpoints { every: span(10.0), lasting: span(4.0), factor: 3.0 });
    let (mut databases, mut ctx) = bench(Cluster { checkpoints, ..cluster(1) });
    let mut ends = Vec::new();
    for (begins, ended) in [(0.0, 3.5), (3.5, 7.0), (7.0, 9.0), (13.0, 17.0)] {
        until(&mut databases, &mut ctx, begins);
        query(&mut databases, &mut ctx, READ, 0);
        ends.extend(until(&mut databases, &mut ctx, ended).into_iter().map(|(end, ..)| end));
    }
    assert_eq!(ends, [3.0, 6.5, 8.0, 16.0]);
}

#[test]
fn who_waits_too_long_for_a_connection_goes() {
    let (mut databases, mut ctx) = bench(Cluster {
        connections: Some(1),
        longest_wait: Some(Patience { longest: span(0.5), looked_every: span(0.0) }),
        ..cluster(1)
    });
    let [served, late] = [(); 2].map(|()| query(&mut databases, &mut ctx, READ, 0));
    let gone = Reply::Now(Outcome::Failure(Cause::QueueTimeout));
    assert_eq!(until(&mut databases, &mut ctx, 9.0), [(0.5, late, gone), (1.0, served, DONE)]);
    assert_eq!(spent(&ctx, late, Phase::Queueing), 0.5);
}
