//! What happens when the primary dies, and who belongs to a cluster.

use super::*;
use crate::model::{
    partition::Group,
    testing::at,
    topology::{ComponentKind, Failover, FailoverStrategy, Persistence, Rejoin, Replication},
};

fn roles(databases: &Databases) -> Vec<Role> {
    databases.nodes.iter().map(|node| node.role).collect()
}

/// A cluster whose monitor looks every ten seconds, and whose replicas begin with a write so many seconds after it.
fn watched(nodes: u32, delay: f64, replication: Replication) -> (Databases, Context) {
    let (mut databases, mut ctx) = bench(Cluster { replication, replication_delay: lasting(delay), ..cluster(nodes) });
    databases.start_monitors(&mut ctx);
    (databases, ctx)
}

#[test]
fn the_monitor_replaces_a_dead_primary_and_what_its_replica_lacks_is_lost() {
    let (mut databases, mut ctx) = watched(2, 100.0, Replication::Async);
    let [a, b] = [(); 2].map(|()| query(&mut databases, &mut ctx, WRITE, 0));
    assert_eq!(until(&mut databases, &mut ctx, 2.0), [(1.0, a, DONE), (1.0, b, DONE)]);
    go_down(&mut databases, &mut ctx, 0);
    assert_eq!(databases.address_write(&mut ctx, DB, ASKER), Some(NodeId(0)), "nobody knows yet");
    until(&mut databases, &mut ctx, 9.0);
    assert_eq!(databases.clusters[0].promoting, None);
    until(&mut databases, &mut ctx, 14.0);
    assert_eq!((databases.clusters[0].promoting, databases.clusters[0].primary), (Some(NodeId(1)), NodeId(0)));
    assert_eq!(databases.address_write(&mut ctx, DB, ASKER), None);
    until(&mut databases, &mut ctx, 16.0);
    assert_eq!(databases.address_write(&mut ctx, DB, ASKER), Some(NodeId(1)));
    let counts = databases.clusters[0].counts;
    assert_eq!((counts.failovers, counts.lost_writes, counts.acknowledged_writes, counts.writes), (1, 2, 2, 3));
    assert_eq!(databases.clusters[0].committed(), 0);
    assert_eq!(roles(&databases), [Role::Detached, Role::Primary]);
    // It had a primary for two seconds, and has had one since 15 s.
    assert_eq!(databases.clusters[0].available.integral(ctx.now), 3.0);
    until(&mut databases, &mut ctx, 200.0);
    assert_eq!(databases.nodes[1].applied_writes, 0, "what was on its way does not arrive");
}

#[test]
fn the_replica_that_lacks_least_takes_over_and_writes_that_it_has_survive() {
    let (mut databases, mut ctx) = watched(3, 2.0, Replication::Sync(None));
    let [a, b] = [0.0, 3.5].map(|when| {
        until(&mut databases, &mut ctx, when);
        databases.break_off_replication(&mut ctx, NodeId(1));
        query(&mut databases, &mut ctx, WRITE, 0)
    });
    databases.nodes[1].feed.cut(0);
    until(&mut databases, &mut ctx, 5.0);
    // One of them is applied by the last node by then, the other one never is.
    databases.break_off_replication(&mut ctx, NodeId(2));
    go_down(&mut databases, &mut ctx, 0);
    assert_eq!(posts(&mut ctx), []);
    until(&mut databases, &mut ctx, 15.0);
    assert_eq!(roles(&databases), [Role::Detached, Role::Replica, Role::Primary]);
    assert_eq!(posts(&mut ctx), [Post::Answer(a, Outcome::Success), Post::Answer(b, DOWN)]);
    let counts = databases.clusters[0].counts;
    assert_eq!((counts.lost_writes, counts.acknowledged_writes, databases.clusters[0].committed()), (0, 1, 1));
}

#[test]
fn a_write_that_finds_the_primary_dead_may_start_the_failover() {
    for on_write in [true, false] {
        let failover = Failover { on_write, promotion_time: lasting(0.0), ..cluster(3).failover };
        let priority = Failover { strategy: FailoverStrategy::Priority, priority: vec![0, 2, 1], ..failover };
        let (mut databases, mut ctx) = bench(Cluster { failover: priority, ..cluster(3) });
        assert_eq!(databases.address_write(&mut ctx, DB, ASKER), Some(NodeId(0)));
        go_down(&mut databases, &mut ctx, 0);
        let expected = if on_write { 2 } else { 0 };
        assert_eq!(databases.address_write(&mut ctx, DB, ASKER), Some(NodeId(expected)));
        assert_eq!(databases.clusters[0].counts.failovers, u64::from(on_write));
    }
}

#[test]
fn without_a_candidate_the_cluster_waits_for_its_primary() {
    let (mut databases, mut ctx) = watched(2, 2.0, Replication::Async);
    go_down(&mut databases, &mut ctx, 1);
    go_down(&mut databases, &mut ctx, 0);
    until(&mut databases, &mut ctx, 30.0);
    assert_eq!((databases.clusters[0].promoting, databases.clusters[0].primary), (None, NodeId(0)));
    come_up(&mut databases, &mut ctx, 0);
    let id = query(&mut databases, &mut ctx, WRITE, 0);
    assert_eq!(until(&mut databases, &mut ctx, 40.0), [(31.0, id, DONE)]);
    assert_eq!((databases.clusters[0].available.integral(ctx.now), databases.lag_writes(&ctx, NodeId(1))), (10.0, 1));
}

#[test]
fn a_promotion_fails_if_its_candidate_dies() {
    let (mut databases, mut ctx) = watched(3, 2.0, Replication::Async);
    go_down(&mut databases, &mut ctx, 0);
    until(&mut databases, &mut ctx, 12.0);
    assert_eq!(databases.clusters[0].promoting, Some(NodeId(1)));
    go_down(&mut databases, &mut ctx, 1);
    until(&mut databases, &mut ctx, 19.0);
    assert_eq!((databases.clusters[0].promoting, databases.clusters[0].counts.failovers), (None, 0));
    until(&mut databases, &mut ctx, 25.0);
    assert_eq!((databases.clusters[0].primary, databases.clusters[0].counts.failovers), (NodeId(2), 1));
}

#[test]
fn a_former_primary_is_a_replica_again_when_it_has_caught_up_and_the_monitor_looks() {
    let (mut databases, mut ctx) = watched(2, 2.0, Replication::Async);
    go_down(&mut databases, &mut ctx, 0);
    until(&mut databases, &mut ctx, 15.0);
    query(&mut databases, &mut ctx, WRITE, 1);
    until(&mut databases, &mut ctx, 18.0);
    come_up(&mut databases, &mut ctx, 0);
    // The monitor looks at 20 s, when it still lacks something.
    until(&mut databases, &mut ctx, 20.5);
    assert_eq!((roles(&databases)[0], databases.lag_writes(&ctx, NodeId(0))), (Role::Detached, 1));
    until(&mut databases, &mut ctx, 29.0);
    assert_eq!((roles(&databases)[0], databases.lag_writes(&ctx, NodeId(0))), (Role::Detached, 0));
    until(&mut databases, &mut ctx, 30.0);
    assert_eq!(roles(&databases)[0], Role::Replica);

    let (mut databases, mut ctx) = watched(2, 2.0, Replication::Async);
    change(&mut ctx, |topology| topology.clusters[0].failover.rejoin = Rejoin::AtOnce);
    go_down(&mut databases, &mut ctx, 0);
    until(&mut databases, &mut ctx, 15.0);
    assert_eq!(roles(&databases), [Role::Replica, Role::Primary]);
}

#[test]
fn a_node_that_was_replaced_while_it_worked_answers_what_is_lost_unless_it_knows_or_has_to_hear_from_others() {
    let refused = (Reply::Now(DOWN), 0);
    for (replication, told_after, (reply, lost)) in [
        (Replication::Async, 100.0, (DONE, 1)),
        (Replication::Async, 3.0, refused),
        (Replication::Sync(None), 100.0, refused),
    ] {
        let failover = Failover { demotion_time: lasting(told_after), ..cluster(2).failover };
        let (mut databases, mut ctx) = bench(Cluster { replication, failover, ..cluster(2) });
        let id = query(&mut databases, &mut ctx, WRITE, 0);
        databases.clusters[0].stage = FailoverStage::Elected;
        databases.begin_promotion(&mut ctx, DB, NodeId(1));
        ctx.finish_after(id, span(10.0));
        assert_eq!(until(&mut databases, &mut ctx, 10.0), [(10.0, id, reply)]);
        assert_eq!(databases.clusters[0].counts.lost_writes, lost);
        assert_eq!(databases.clusters[0].committed(), 0);
    }
}

/// A cluster of three that is patient for two seconds, elects for one and promotes in a tenth, and whose primary goes away at
/// 0.5 s, which is found at 1 s.
fn patient(failover: Failover) -> (Databases, Context) {
    let failover = Failover {
        monitor_interval: span(1.0),
        patience: span(2.0),
        election_time: lasting(1.0),
        promotion_time: lasting(0.25),
        on_write: false,
        ..failover
    };
    let (mut databases, mut ctx) = bench(Cluster { failover, ..cluster(3) });
    databases.start_monitors(&mut ctx);
    until(&mut databases, &mut ctx, 0.5);
    (databases, ctx)
}

#[test]
fn a_failover_goes_through_stages_and_is_called_off_if_the_primary_is_back() {
    let (mut databases, mut ctx) = patient(cluster(3).failover);
    go_down(&mut databases, &mut ctx, 0);
    let stages = [(0.75, FailoverStage::Calm), (2.75, FailoverStage::Suspected), (3.75, FailoverStage::Electing)];
    for (moment, stage) in stages {
        until(&mut databases, &mut ctx, moment);
        assert_eq!(databases.clusters[0].stage, stage, "{moment}");
    }
    until(&mut databases, &mut ctx, 4.2);
    assert_eq!(
        (databases.clusters[0].stage, databases.clusters[0].promoting),
        (FailoverStage::Elected, Some(NodeId(1)))
    );
    let mut back = (databases.clone(), ctx.clone());
    until(&mut databases, &mut ctx, 4.25);
    assert_eq!((databases.clusters[0].stage, databases.clusters[0].primary), (FailoverStage::Calm, NodeId(1)));
    // Or else it comes back just before.
    let (databases, ctx) = (&mut back.0, &mut back.1);
    come_up(databases, ctx, 0);
    until(databases, ctx, 9.0);
    let state = &databases.clusters[0];
    assert_eq!((state.stage, state.primary, state.counts.failovers), (FailoverStage::Calm, NodeId(0), 0));
    assert_eq!(state.available.integral(ctx.now), 0.5 + 4.8);
    // Patience begins anew.
    go_down(databases, ctx, 0);
    until(databases, ctx, 11.75);
    assert_eq!(databases.clusters[0].stage, FailoverStage::Suspected);
}

#[test]
fn a_primary_that_stands_still_is_away_and_told_when_it_is_back() {
    let (mut databases, mut ctx) = patient(cluster(3).failover);
    ctx.healths[0].slow_factor = 1e6;
    databases.look_at(&mut ctx, NodeId(0));
    until(&mut databases, &mut ctx, 5.0);
    assert_eq!(databases.clusters[0].primary, NodeId(1));
    assert!(databases.believes_in_itself(&ctx, NodeId(0)));
    ctx.healths[0].slow_factor = 1.0;
    databases.look_at(&mut ctx, NodeId(0));
    assert!(!databases.believes_in_itself(&ctx, NodeId(0)));
}

#[test]
fn clients_ask_the_former_primary_until_they_know_better_and_it_answers_until_it_knows() {
    let failover = Failover { clients_learn: lasting(20.0), demotion_time: lasting(10.0), ..cluster(3).failover };
    let (mut databases, mut ctx) = patient(failover);
    go_down(&mut databases, &mut ctx, 0);
    until(&mut databases, &mut ctx, 5.0);
    assert_eq!(
        (databases.clusters[0].primary, databases.address_write(&mut ctx, DB, ASKER)),
        (NodeId(1), Some(NodeId(0)))
    );
    come_up(&mut databases, &mut ctx, 0);
    let a = query(&mut databases, &mut ctx, WRITE, 0);
    assert_eq!(until(&mut databases, &mut ctx, 14.0), [(6.0, a, DONE)]);
    assert_eq!((databases.clusters[0].counts.lost_writes, databases.clusters[0].committed()), (1, 0));
    until(&mut databases, &mut ctx, 15.0);
    let b = visit(&mut ctx, WRITE);
    ctx.visits[b].node = NodeId(0);
    let refused = Reply::Now(Outcome::Failure(Cause::NoPrimary));
    assert_eq!(databases.ask(&mut ctx, b), refused, "it has been told");
    let c = query(&mut databases, &mut ctx, READ, 0);
    assert_eq!(until(&mut databases, &mut ctx, 24.0), [(16.0, c, DONE)]);
    assert_eq!(databases.address_write(&mut ctx, DB, ASKER), Some(NodeId(0)));
    until(&mut databases, &mut ctx, 24.5);
    assert_eq!(databases.address_write(&mut ctx, DB, ASKER), Some(NodeId(1)));
}

#[test]
fn who_is_parted_from_most_of_the_others_is_replaced_and_asked_by_those_on_its_side() {
    let (mut databases, mut ctx) = patient(cluster(3).failover);
    let side = |nodes: &[u32], instances: &[u32]| {
        let nodes = nodes.iter().map(|&node| ComponentKind::Node(NodeId(node)));
        let instances = instances.iter().map(|&instance| ComponentKind::Instance(InstanceId(instance)));
        Group { components: nodes.chain(instances).collect(), ..Group::default() }
    };
    ctx.network.partitions.begin(0, [side(&[0], &[]), side(&[1], &[])]);
    databases.break_off_parted_replication(&mut ctx);
    until(&mut databases, &mut ctx, 9.0);
    assert_eq!((databases.clusters[0].stage, databases.clusters[0].primary), (FailoverStage::Calm, NodeId(0)));
    ctx.network.partitions.begin(1, [side(&[0], &[0]), side(&[1, 2], &[1])]);
    databases.break_off_parted_replication(&mut ctx);
    until(&mut databases, &mut ctx, 14.0);
    assert_eq!(databases.clusters[0].primary, NodeId(1));
    let known = [0, 1].map(|instance| databases.address_write(&mut ctx, DB, InstanceId(instance)));
    assert_eq!(known, [Some(NodeId(0)), Some(NodeId(1))]);
    let a = query(&mut databases, &mut ctx, WRITE, 0);
    assert_eq!(until(&mut databases, &mut ctx, 16.0), [(15.0, a, DONE)]);
    assert_eq!(databases.clusters[0].counts.lost_writes, 1);
    ctx.network.partitions.end(0);
    ctx.network.partitions.end(1);
    databases.catch_up_everywhere(&mut ctx);
    let known = [0, 1].map(|instance| databases.address_write(&mut ctx, DB, InstanceId(instance)));
    assert_eq!(known, [Some(NodeId(1)); 2]);
}

#[test]
fn a_node_that_keeps_nothing_comes_back_empty_and_its_replicas_follow_it() {
    let (mut databases, mut ctx) = bench(Cluster { persistence: Persistence::None, ..cluster(2) });
    (0..3).for_each(|_| _ = query(&mut databases, &mut ctx, WRITE, 0));
    until(&mut databases, &mut ctx, 10.0);
    assert_eq!(databases.lag_writes(&ctx, NodeId(1)), 0);
    go_down(&mut databases, &mut ctx, 1);
    come_up(&mut databases, &mut ctx, 1);
    assert_eq!(databases.lag_writes(&ctx, NodeId(1)), 3, "a replica gets a copy");
    until(&mut databases, &mut ctx, 13.0);
    assert_eq!(databases.lag_writes(&ctx, NodeId(1)), 0);
    go_down(&mut databases, &mut ctx, 0);
    assert_eq!(databases.clusters[0].counts.lost_writes, 0, "somebody might have been promoted");
    come_up(&mut databases, &mut ctx, 0);
    let state = &databases.clusters[0];
    assert_eq!((state.counts.lost_writes, state.committed(), databases.nodes[1].feed.applied()), (3, 0, 0));
}

#[test]
fn a_primary_that_has_to_go_hands_over_without_a_loss() {
    let (mut databases, mut ctx) = watched(3, 100.0, Replication::Async);
    query(&mut databases, &mut ctx, WRITE, 0);
    until(&mut databases, &mut ctx, 2.0);
    let before = ctx.topology.clusters[0].nodes.clone();
    change(&mut ctx, |topology| topology.clusters[0].nodes = vec![NodeId(1), NodeId(2)]);
    databases.change_nodes(&mut ctx, DB, &before);
    assert_eq!(roles(&databases), [Role::Detached, Role::Primary, Role::Replica]);
    assert_eq!((databases.clusters[0].counts.lost_writes, databases.clusters[0].committed()), (0, 1));
    assert_eq!([1, 2].map(|node| databases.lag_writes(&ctx, NodeId(node))), [0, 1]);
    until(&mut databases, &mut ctx, 103.0);
    assert_eq!(databases.lag_writes(&ctx, NodeId(2)), 0, "it asks the new primary for what it lacks");
}

#[test]
fn a_new_node_serves_nobody_until_it_has_everything() {
    let mut ctx = with_cluster(Cluster { replica_read_share: 1.0, ..cluster(1) }, 2);
    let mut databases = Databases::new(1, &ctx.topology);
    query(&mut databases, &mut ctx, WRITE, 0);
    until(&mut databases, &mut ctx, 5.0);
    change(&mut ctx, |topology| topology.clusters[0].nodes.push(NodeId(1)));
    databases.change_nodes(&mut ctx, DB, &[NodeId(0)]);
    until(&mut databases, &mut ctx, 7.5);
    let reader = visit(&mut ctx, READ);
    assert_eq!(databases.address_read(&ctx, DB, reader, NodeId::NONE), Some(NodeId(0)));
    assert!(!databases.can_be_promoted(&ctx, NodeId(1)));
    until(&mut databases, &mut ctx, 8.0);
    assert_eq!(databases.address_read(&ctx, DB, reader, NodeId::NONE), Some(NodeId(1)));
    assert!(databases.can_be_promoted(&ctx, NodeId(1)));
    assert_eq!(ctx.now, at(8.0));
}
