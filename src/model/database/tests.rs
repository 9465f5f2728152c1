//! Databases alone: they are asked, nodes go down and come back, and time passes.

mod failovers;
mod leases;
mod own_writes;
mod writes;

use super::*;
use crate::{
    engine::usl::Scalability,
    model::{
        event::Event,
        health::DownBecause,
        post::Post,
        testing::{DONE, READ, Said, WRITE, change, cluster, lasting, posts, run, span, spent, visit, with_cluster},
        topology::InstanceId,
    },
};

const DB: ClusterId = ClusterId(0);
const ASKER: InstanceId = InstanceId(0);
const DOWN: Outcome = Outcome::Failure(Cause::DatabaseDown);

/// A cluster to which all nodes belong that there are.
fn bench(described: Cluster) -> (Databases, Context) {
    let nodes = described.nodes.len() as u32;
    let ctx = with_cluster(described, nodes);
    (Databases::new(1, &ctx.topology), ctx)
}

fn query(databases: &mut Databases, ctx: &mut Context, step: u32, node: u32) -> VisitId {
    let id = visit(ctx, step);
    ctx.visits[id].node = NodeId(node);
    assert_eq!(databases.ask(ctx, id), Reply::Later);
    id
}

/// What is said to reads and writes that end until then.
fn until(databases: &mut Databases, ctx: &mut Context, seconds: f64) -> Vec<Said> {
    run(ctx, seconds, |ctx, event| {
        let ended = match event {
            Event::Finished(id, _) => Some(id),
            Event::WaitOver(id, _) => {
                let is_behind = databases.wait_is_over(ctx, id);
                let outcome = if is_behind { Outcome::Miss } else { Outcome::Failure(Cause::QueueTimeout) };
                return Some((id, Reply::Now(outcome)));
            }
            Event::NodeDeparture { node, epoch } => databases.on_node_departure(ctx, node, epoch),
            Event::Applied(node) => {
                databases.on_applied(ctx, node);
                None
            }
            Event::Received(node) => {
                databases.on_received(ctx, node);
                None
            }
            Event::Rewound(node) => {
                databases.on_rewound(ctx, node);
                None
            }
            Event::Monitor(cluster) => {
                databases.on_monitor(ctx, cluster);
                None
            }
            Event::Failover { cluster, epoch, what } => {
                databases.on_failover_due(ctx, cluster, epoch, what);
                None
            }
            other => panic!("{other:?}"),
        };
        ended.map(|id| match ctx.visits[id].step {
            READ => (id, databases.read_finished(ctx, id)),
            _ => (id, databases.write_finished(ctx, id)),
        })
    })
}

fn go_down(databases: &mut Databases, ctx: &mut Context, node: u32) {
    let now = ctx.now;
    ctx.healths[node as usize].go_down(now, DownBecause::User);
    databases.on_node_down(ctx, NodeId(node));
}

fn come_up(databases: &mut Databases, ctx: &mut Context, node: u32) {
    let now = ctx.now;
    ctx.healths[node as usize].come_up(now);
    databases.on_node_up(ctx, NodeId(node));
}

#[test]
fn reads_go_to_replicas_as_chance_wants_it_and_to_somebody_else_the_second_time() {
    let (mut databases, mut ctx) = bench(cluster(3));
    let reader = visit(&mut ctx, READ);
    let address = |databases: &mut Databases, ctx: &Context, before| databases.address_read(ctx, DB, reader, before);
    let addresses = |databases: &mut Databases, ctx: &Context| {
        let mut found: Vec<NodeId> = (0..100).filter_map(|_| address(databases, ctx, NodeId::NONE)).collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    assert_eq!(addresses(&mut databases, &ctx), [NodeId(0)]);
    change(&mut ctx, |topology| topology.clusters[0].replica_read_share = 1.0);
    assert_eq!(addresses(&mut databases, &ctx), [NodeId(1), NodeId(2)]);
    go_down(&mut databases, &mut ctx, 1);
    assert_eq!(addresses(&mut databases, &ctx), [NodeId(0), NodeId(2)], "the primary reads for who is down");
    go_down(&mut databases, &mut ctx, 0);
    assert_eq!(address(&mut databases, &ctx, NodeId(0)), Some(NodeId(2)), "the only other one that is up");
    go_down(&mut databases, &mut ctx, 2);
    assert_eq!(address(&mut databases, &ctx, NodeId(2)), Some(NodeId(0)), "who asks does not know that it is down");
    assert_eq!(databases.clusters[0].counts.reads, 302);
}

#[test]
fn so_many_queries_have_a_connection_so_many_wait_and_the_others_are_refused() {
    let (mut databases, mut ctx) = bench(Cluster { connections: Some(1), queue_limit: Some(2), ..cluster(2) });
    let [a, b, c] = [(); 3].map(|()| query(&mut databases, &mut ctx, READ, 1));
    let d = visit(&mut ctx, READ);
    ctx.visits[d].node = NodeId(1);
    assert_eq!(databases.ask(&mut ctx, d), Reply::Now(Outcome::Failure(Cause::DatabaseFull)));
    let elsewhere = query(&mut databases, &mut ctx, READ, 0);
    databases.withdraw(&ctx, b);
    let e = query(&mut databases, &mut ctx, READ, 1);
    let said = until(&mut databases, &mut ctx, 9.0);
    assert_eq!(said, [(1.0, a, DONE), (1.0, elsewhere, DONE), (2.0, c, DONE), (3.0, e, DONE)]);
    assert_eq!([Phase::Queueing, Phase::Database].map(|phase| spent(&ctx, e, phase)), [2.0, 1.0]);
    assert_eq!([0, 1].map(|node: usize| databases.nodes[node].failed), [0, 1]);
    assert_eq!((databases.nodes[1].latency.max(), databases.clusters[0].latency.count()), (Some(3.0), 4));
}

#[test]
fn a_node_that_goes_down_turns_away_who_waits_and_may_lose_what_it_is_at() {
    let (mut databases, mut ctx) = bench(Cluster { connections: Some(1), ..cluster(1) });
    let [a, b, c] = [(); 3].map(|()| query(&mut databases, &mut ctx, READ, 0));
    until(&mut databases, &mut ctx, 0.5);
    go_down(&mut databases, &mut ctx, 0);
    assert_eq!(posts(&mut ctx), [b, c].map(|id| Post::Answer(id, DOWN)));
    let d = visit(&mut ctx, WRITE);
    assert_eq!(databases.ask(&mut ctx, d), Reply::Now(DOWN));
    assert_eq!(databases.nodes[0].failed, 3);
    assert_eq!(until(&mut databases, &mut ctx, 2.0), [(1.0, a, DONE)], "what it is at it finishes");
    come_up(&mut databases, &mut ctx, 0);
    let e = query(&mut databases, &mut ctx, READ, 0);
    go_down(&mut databases, &mut ctx, 0);
    ctx.visits[e].next_turn();
    databases.lose(&mut ctx, e);
    assert_eq!(posts(&mut ctx), [Post::Answer(e, DOWN)]);
    come_up(&mut databases, &mut ctx, 0);
    let f = query(&mut databases, &mut ctx, READ, 0);
    assert_eq!(until(&mut databases, &mut ctx, 9.0), [(3.0, f, DONE)], "its connection is free");
    assert_eq!((databases.nodes[0].failed, databases.clusters[0].available.integral(ctx.now)), (4, 7.5));
}

#[test]
fn who_is_not_wanted_any_more_is_dropped_and_the_next_begins() {
    let (mut databases, mut ctx) = bench(Cluster { connections: Some(1), ..cluster(1) });
    let [a, b, c] = [(); 3].map(|()| query(&mut databases, &mut ctx, READ, 0));
    ctx.visits[b].deadline = crate::model::testing::at(1.0);
    assert_eq!(until(&mut databases, &mut ctx, 9.0), [(1.0, a, DONE), (2.0, c, DONE)]);
    assert_eq!(posts(&mut ctx), [Post::Drop(b, Cause::Deadline)]);
}

#[test]
fn more_connections_let_those_begin_who_wait() {
    let (mut databases, mut ctx) = bench(Cluster { connections: Some(1), ..cluster(1) });
    let [a, b, c] = [(); 3].map(|()| query(&mut databases, &mut ctx, READ, 0));
    until(&mut databases, &mut ctx, 0.5);
    change(&mut ctx, |topology| topology.clusters[0].connections = None);
    databases.refresh(&mut ctx);
    assert_eq!(until(&mut databases, &mut ctx, 9.0), [(1.0, a, DONE), (1.5, b, DONE), (1.5, c, DONE)]);
}

/// A node whose operations take two seconds when alone, and each of two is half as fast.
fn contended() -> (Databases, Context) {
    let scalability = Some(Scalability::Table([1.0, 0.5].into()));
    bench(Cluster { scalability, operation: lasting(2.0), ..cluster(1) })
}

#[test]
fn operations_slow_each_other_down() {
    let (mut databases, mut ctx) = contended();
    let a = query(&mut databases, &mut ctx, READ, 0);
    until(&mut databases, &mut ctx, 1.0);
    let b = query(&mut databases, &mut ctx, WRITE, 0);
    // The second half of the first one takes two seconds, in which the other one comes half way.
    assert_eq!(until(&mut databases, &mut ctx, 9.0), [(3.0, a, DONE), (4.0, b, DONE)]);
    assert_eq!(spent(&ctx, b, Phase::Database), 3.0);
}

#[test]
fn a_slow_node_needs_more_time_for_all_that_it_is_at() {
    let (mut databases, mut ctx) = contended();
    let component = ctx.topology.node_component(NodeId(0));
    let [a, b] = [(); 2].map(|()| query(&mut databases, &mut ctx, READ, 0));
    until(&mut databases, &mut ctx, 2.0);
    assert!(databases.scale_operations(&mut ctx, component, 3.0));
    // Of each a second is left, that is three now, and each of two is half as fast.
    assert_eq!(until(&mut databases, &mut ctx, 99.0), [(8.0, a, DONE), (8.0, b, DONE)]);
    let c = query(&mut databases, &mut ctx, READ, 0);
    databases.forget_work(&mut ctx, component);
    databases.lose(&mut ctx, c);
    assert_eq!(until(&mut databases, &mut ctx, 200.0), [], "what it has lost does not end");
}

#[test]
fn what_is_left_goes_on_when_operations_slow_each_other_down_no_more_or_from_now_on() {
    let scalability = contended().1.topology.clusters[0].scalability.clone();
    let (mut databases, mut ctx) = contended();
    let [a, b] = [(); 2].map(|()| query(&mut databases, &mut ctx, READ, 0));
    until(&mut databases, &mut ctx, 1.0);
    change(&mut ctx, |topology| topology.clusters[0].scalability = None);
    databases.refresh(&mut ctx);
    assert_eq!(until(&mut databases, &mut ctx, 4.0), [(2.5, a, DONE), (2.5, b, DONE)]);
    let [c, d] = [(); 2].map(|()| query(&mut databases, &mut ctx, READ, 0));
    until(&mut databases, &mut ctx, 5.0);
    change(&mut ctx, |topology| topology.clusters[0].scalability = scalability);
    databases.refresh(&mut ctx);
    assert_eq!(until(&mut databases, &mut ctx, 9.0), [(7.0, c, DONE), (7.0, d, DONE)]);
}
