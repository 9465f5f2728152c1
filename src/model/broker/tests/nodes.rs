//! Queues at several nodes: what a majority has, who leads, and consumers whose connections the broker closes.

use super::*;
use crate::model::{testing::with_nodes, topology::Syncs};

/// A quorum queue at so many nodes, which need two seconds for a way, and three for an election.
fn quorum(nodes: u32, consumers: Vec<Consumer>) -> (Brokers, Context) {
    let members = (0..nodes).map(MemberId).collect();
    let ctx = with_nodes(Queue { kind: QueueKind::Quorum, members, ..queue() }, consumers, nodes);
    ready(ctx)
}

fn ready(mut ctx: Context) -> (Brokers, Context) {
    let mut brokers = Brokers::new(1, &ctx.topology);
    brokers.make_consumers(&ctx);
    brokers.start_consumers(&mut ctx);
    (brokers, ctx)
}

fn fall(brokers: &mut Brokers, ctx: &mut Context, member: u32) {
    let (now, component) = (ctx.now, ctx.topology.member_component(MemberId(member)));
    ctx.health_mut(component).go_down(now, DownBecause::User);
    brokers.on_member_down(ctx, MemberId(member), true);
}

fn rise(brokers: &mut Brokers, ctx: &mut Context, member: u32) {
    let (now, component) = (ctx.now, ctx.topology.member_component(MemberId(member)));
    ctx.health_mut(component).come_up(now);
    brokers.on_member_up(ctx, MemberId(member));
}

fn leader(brokers: &Brokers) -> (u32, u64) {
    (brokers.queues[0].leader.0, brokers.queues[0].counts.elections)
}

/// The way there and back is four seconds; one that is alone needs nobody.
#[test]
fn a_message_stands_in_the_queue_when_a_majority_has_it() {
    for (nodes, done) in [(1, 1.0), (2, 5.0), (3, 5.0), (5, 5.0)] {
        let (mut brokers, mut ctx) = quorum(nodes, vec![consumer(1.0)]);
        let id = publish(&mut brokers, &mut ctx);
        let (said, consumed) = until(&mut brokers, &mut ctx, 99.0);
        let told: Vec<_> = said.into_iter().filter(|(_, _, reply)| *reply != Reply::Later).collect();
        assert_eq!((told, consumed), (vec![(done, id, DONE)], vec![(done + 1.0, 0, done + 1.0)]), "{nodes}");
        assert_eq!(brokers.brokers[0].confirmed.max(), Some(done));
    }
}

/// The leader may be slower than two others: it is one of the three.
#[test]
fn the_quickest_of_the_members_count() {
    let (mut brokers, mut ctx) = quorum(3, vec![]);
    change(&mut ctx, |topology| {
        topology.brokers[0].between = lasting(0.5);
        topology.brokers[0].sync = Some(Syncs { interval: span(100.0), time: lasting(3.0) });
    });
    let slow = ctx.topology.member_component(MemberId(0));
    ctx.health_mut(slow).slow_factor = 2.0;
    publish(&mut brokers, &mut ctx);
    // Two seconds of publishing at a slow node; then the others have it on disk after four, the leader after six.
    until(&mut brokers, &mut ctx, 5.9);
    assert_eq!(load(&brokers), (0, 0));
    until(&mut brokers, &mut ctx, 6.0);
    assert_eq!(load(&brokers), (1, 0));
}

#[test]
fn the_next_member_leads_after_an_election() {
    let (mut brokers, mut ctx) = quorum(3, vec![Consumer { prefetch: Some(2), ..consumer(20.0) }]);
    for _ in 0..3 {
        publish(&mut brokers, &mut ctx);
    }
    until(&mut brokers, &mut ctx, 10.0);
    assert_eq!(load(&brokers), (1, 2));
    fall(&mut brokers, &mut ctx, 0);
    assert_eq!((load(&brokers), brokers.queues[0].counts.redelivered), ((3, 0), 2));
    until(&mut brokers, &mut ctx, 12.9);
    assert_eq!(leader(&brokers), (0, 0));
    until(&mut brokers, &mut ctx, 14.0);
    assert_eq!((leader(&brokers), load(&brokers)), ((1, 1), (3, 0)), "the consumer is away until 15 s");
    until(&mut brokers, &mut ctx, 15.0);
    assert_eq!(load(&brokers), (1, 2));
    rise(&mut brokers, &mut ctx, 0);
    assert_eq!((leader(&brokers), load(&brokers)), ((1, 1), (1, 2)), "who is back follows");
    fall(&mut brokers, &mut ctx, 1);
    until(&mut brokers, &mut ctx, 18.0);
    assert_eq!(leader(&brokers), (2, 2));
    // One of three is no majority, and there is none to elect.
    fall(&mut brokers, &mut ctx, 0);
    until(&mut brokers, &mut ctx, 60.0);
    assert_eq!((leader(&brokers), load(&brokers)), ((2, 2), (3, 0)));
    rise(&mut brokers, &mut ctx, 1);
    assert_eq!((leader(&brokers), load(&brokers)), ((2, 2), (1, 2)), "the leader has a majority again at once");
}

/// An election that nobody can win any more, or that nobody needs, is called off.
#[test]
fn elections_are_called_off() {
    let (mut brokers, mut ctx) = quorum(3, vec![]);
    fall(&mut brokers, &mut ctx, 0);
    until(&mut brokers, &mut ctx, 2.0);
    rise(&mut brokers, &mut ctx, 0);
    until(&mut brokers, &mut ctx, 9.0);
    assert_eq!(leader(&brokers), (0, 0));
    fall(&mut brokers, &mut ctx, 0);
    until(&mut brokers, &mut ctx, 11.0);
    fall(&mut brokers, &mut ctx, 1);
    until(&mut brokers, &mut ctx, 20.0);
    rise(&mut brokers, &mut ctx, 1);
    until(&mut brokers, &mut ctx, 22.9);
    assert_eq!(leader(&brokers), (0, 0), "the other one began anew");
    until(&mut brokers, &mut ctx, 23.0);
    assert_eq!(leader(&brokers), (1, 1));
}

/// A message that comes while there is no leader waits for one, and so does one that the leader had begun with elsewhere.
#[test]
fn messages_wait_for_a_leader() {
    let (mut brokers, mut ctx) = quorum(3, vec![]);
    let elsewhere = publish(&mut brokers, &mut ctx);
    ctx.visits[elsewhere].member = MemberId(2);
    until(&mut brokers, &mut ctx, 2.0);
    fall(&mut brokers, &mut ctx, 0);
    let waits = visit(&mut ctx, PUBLISH);
    ctx.visits[waits].member = MemberId(1);
    assert_eq!(brokers.ask(&mut ctx, waits, PUBLICATION), Reply::Later);
    let (said, _) = until(&mut brokers, &mut ctx, 5.0);
    assert_eq!(said, [(3.0, waits, Reply::Later), (5.0, elsewhere, Reply::Later)]);
    assert!([waits, elsewhere].map(|id| ctx.visits[id].stage) == [Stage::Working; 2], "there is one again since 5 s");
    let (said, _) = until(&mut brokers, &mut ctx, 99.0);
    assert_eq!((said.len(), said[0].0, load(&brokers)), (2, 9.0, (2, 0)));
}

/// Nodes that do not reach each other do not count.
#[test]
fn a_leader_needs_those_whom_it_reaches() {
    use crate::model::{network::Place, partition::Group};
    let (mut brokers, mut ctx) = quorum(3, vec![consumer(50.0)]);
    publish(&mut brokers, &mut ctx);
    until(&mut brokers, &mut ctx, 6.0);
    for other in [1, 2] {
        let side = |member| match Place::member(MemberId(member)) {
            Place::Component(kind) => Group { components: vec![kind], ..Group::default() },
            _ => Group::default(),
        };
        ctx.network.partitions.begin(other, [side(0), side(other)]);
    }
    brokers.on_partition(&mut ctx);
    assert_eq!(load(&brokers), (0, 1));
    until(&mut brokers, &mut ctx, 9.0);
    assert_eq!((leader(&brokers), load(&brokers)), ((1, 1), (1, 0)), "its consumers are sent to the new one");
    ctx.network.partitions.clear();
    brokers.on_partition(&mut ctx);
    until(&mut brokers, &mut ctx, 14.0);
    assert_eq!((leader(&brokers), load(&brokers)), ((1, 1), (0, 1)));
}

#[test]
fn a_consumer_is_overdue_for_its_oldest_message() {
    let impatient = Queue { consumer_timeout: Some(span(10.0)), ..queue() };
    let (mut brokers, mut ctx) = bench(impatient, vec![Consumer { prefetch: Some(3), ..consumer(4.0) }]);
    // The first has four seconds, the second eight, the third twelve.
    for _ in 0..3 {
        publish(&mut brokers, &mut ctx);
    }
    assert_eq!(consumed(&mut brokers, &mut ctx, 10.9), [(5.0, 0, 5.0), (9.0, 0, 9.0)]);
    consumed(&mut brokers, &mut ctx, 11.0);
    let counts = brokers.queues[0].counts;
    assert_eq!((counts.timeouts, counts.redelivered, load(&brokers)), (1, 1, (1, 0)));
    // It is back at 16 s, and done with it at 20 s.
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), [(20.0, 0, 20.0)]);
    assert_eq!(brokers.queues[0].counts.timeouts, 1);
}

/// Its patience changes, and it looks again.
#[test]
fn impatience_grows() {
    let (mut brokers, mut ctx) = bench(queue(), vec![consumer(50.0)]);
    publish(&mut brokers, &mut ctx);
    until(&mut brokers, &mut ctx, 20.0);
    change(&mut ctx, |topology| topology.queues[0].consumer_timeout = Some(span(30.0)));
    brokers.refresh(&mut ctx);
    change(&mut ctx, |topology| topology.queues[0].consumer_timeout = Some(span(5.0)));
    brokers.refresh(&mut ctx);
    until(&mut brokers, &mut ctx, 20.0);
    assert_eq!((brokers.queues[0].counts.timeouts, load(&brokers)), (1, (1, 0)));
}
