//! Reads of those who have written something a moment ago.

use super::*;
use crate::model::{testing::span, topology::ReadYourWrites};

/// A replica that is two seconds, and one for replaying, behind.
fn behind(read_your_writes: Option<ReadYourWrites>) -> (Databases, Context) {
    bench(Cluster { replica_read_share: 1.0, read_your_writes, connections: Some(1), ..cluster(2) })
}

/// A user's query at a node.
fn of(databases: &mut Databases, ctx: &mut Context, user: u32, step: u32, node: u32) -> VisitId {
    let id = visit(ctx, step);
    (ctx.visits[id].user, ctx.visits[id].node) = (user, NodeId(node));
    assert_eq!(databases.ask(ctx, id), Reply::Later);
    id
}

fn chosen(databases: &mut Databases, ctx: &mut Context, user: u32) -> Option<NodeId> {
    let id = visit(ctx, READ);
    ctx.visits[id].user = user;
    databases.address_read(ctx, DB, id, NodeId::NONE)
}

#[test]
fn a_reader_lacks_his_own_write_and_others_that_of_somebody() {
    let (mut databases, mut ctx) = behind(None);
    of(&mut databases, &mut ctx, 7, WRITE, 0);
    until(&mut databases, &mut ctx, 1.0);
    of(&mut databases, &mut ctx, 7, READ, 1);
    until(&mut databases, &mut ctx, 2.0);
    of(&mut databases, &mut ctx, 8, READ, 1);
    until(&mut databases, &mut ctx, 4.0);
    of(&mut databases, &mut ctx, 7, READ, 1);
    until(&mut databases, &mut ctx, 9.0);
    let counts = databases.clusters[0].counts;
    assert_eq!((counts.stale_reads, counts.own_stale_reads), (2, 1));
}

#[test]
fn who_has_written_reads_at_the_primary_for_some_time_or_where_his_write_is() {
    for (wanted, until_second) in [(ReadYourWrites::Sticky(span(1.5)), 2.5), (ReadYourWrites::UpToDate, 4.0)] {
        let (mut databases, mut ctx) = behind(Some(wanted));
        of(&mut databases, &mut ctx, 7, WRITE, 0);
        until(&mut databases, &mut ctx, 1.0);
        let own = |databases: &mut Databases, ctx: &mut Context| chosen(databases, ctx, 7);
        assert_eq!(own(&mut databases, &mut ctx), Some(NodeId(0)));
        assert_eq!(chosen(&mut databases, &mut ctx, 8), Some(NodeId(1)), "who has not written");
        until(&mut databases, &mut ctx, until_second - 0.25);
        assert_eq!(own(&mut databases, &mut ctx), Some(NodeId(0)));
        until(&mut databases, &mut ctx, until_second);
        assert_eq!(own(&mut databases, &mut ctx), Some(NodeId(1)), "{wanted:?}");
    }
}

#[test]
fn a_read_waits_without_a_connection_until_the_write_is_there() {
    let (mut databases, mut ctx) = behind(Some(ReadYourWrites::Wait(span(9.0))));
    of(&mut databases, &mut ctx, 7, WRITE, 0);
    until(&mut databases, &mut ctx, 1.0);
    let own = of(&mut databases, &mut ctx, 7, READ, 1);
    let other = of(&mut databases, &mut ctx, 8, READ, 1);
    assert_eq!(ctx.visits[own].stage, Stage::Behind);
    let said = until(&mut databases, &mut ctx, 9.0);
    assert_eq!(said, [(2.0, other, DONE), (5.0, own, DONE)]);
    assert_eq!(databases.clusters[0].counts.own_stale_reads, 0);
    assert_eq!(spent(&ctx, own, Phase::Database), 4.0);
}

#[test]
fn a_read_that_waits_in_vain_goes_away_and_so_does_one_whose_node_goes_down() {
    let (mut databases, mut ctx) = behind(Some(ReadYourWrites::Wait(span(1.0))));
    of(&mut databases, &mut ctx, 7, WRITE, 0);
    until(&mut databases, &mut ctx, 1.0);
    let [late, lost] = [(); 2].map(|()| of(&mut databases, &mut ctx, 7, READ, 1));
    assert!(databases.wait_is_over(&mut ctx, late), "for what it lacks, not for a connection");
    go_down(&mut databases, &mut ctx, 1);
    assert_eq!(posts(&mut ctx), [Post::Answer(lost, DOWN)]);
    assert!(databases.nodes[1].behind.is_empty());
}

#[test]
fn nobody_waits_for_a_write_that_has_been_lost() {
    let (mut databases, mut ctx) = behind(Some(ReadYourWrites::Wait(span(99.0))));
    change(&mut ctx, |topology| topology.clusters[0].failover.promotion_time = lasting(0.0));
    databases.start_monitors(&mut ctx);
    of(&mut databases, &mut ctx, 7, WRITE, 0);
    until(&mut databases, &mut ctx, 1.0);
    let own = of(&mut databases, &mut ctx, 7, READ, 1);
    go_down(&mut databases, &mut ctx, 0);
    let said = until(&mut databases, &mut ctx, 20.0);
    assert_eq!((said.len(), said[0].1), (1, own), "when the replica is the primary, at 10 s");
    assert_eq!(databases.clusters[0].counts.lost_writes, 1);
}
