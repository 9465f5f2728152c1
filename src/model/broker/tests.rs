//! Brokers alone: messages are published, consumers come, go and take their time.

use super::*;
use crate::model::{
    event::Event,
    health::DownBecause,
    post::Post,
    presence,
    testing::{DONE, PUBLISH, Said, change, consumer, lasting, posts, queue, run, span, visit, with_broker},
    topology::Consumer,
};

mod far;
mod fates;
mod nodes;

const QUEUE: QueueId = QueueId(0);
const PUBLICATION: PublicationId = PublicationId(0);
const DOWN: Outcome = Outcome::Failure(Cause::BrokerDown);
const FULL: Reply = Reply::Now(Outcome::Failure(Cause::BrokerQueueFull));

/// A message that has been consumed: when, by which consumer, and how long after it was sent.
type Consumed = (f64, u32, f64);

fn bench(queue: Queue, consumers: Vec<Consumer>) -> (Brokers, Context) {
    let mut ctx = with_broker(queue, consumers);
    let mut brokers = Brokers::new(1, &ctx.topology);
    brokers.make_consumers(&ctx);
    brokers.start_consumers(&mut ctx);
    (brokers, ctx)
}

/// A consumer that is part of an instance.
fn part_of(instance: u32, seconds: f64, prefetch: u32) -> Consumer {
    Consumer { instance: Some(InstanceId(instance)), prefetch: Some(prefetch), ..consumer(seconds) }
}

/// Somebody sends a message now, which takes a second.
fn publish(brokers: &mut Brokers, ctx: &mut Context) -> VisitId {
    let id = visit(ctx, PUBLISH);
    assert_eq!(brokers.ask(ctx, id, PUBLICATION), Reply::Later);
    id
}

/// What is said to those who publish, and what is consumed, until then.
fn until(brokers: &mut Brokers, ctx: &mut Context, seconds: f64) -> (Vec<Said>, Vec<Consumed>) {
    let mut consumed = Vec::new();
    let said = run(ctx, seconds, |ctx, event| match event {
        Event::Finished(id, _) => Some((id, brokers.finished(ctx, id, PUBLICATION))),
        Event::Consumed { consumer, .. } | Event::Link { consumer, .. } => {
            let (count, sum) = (brokers.queues[0].delivery.count(), brokers.queues[0].delivery.sum());
            match event {
                Event::Link { consumer, turn, what } => brokers.on_link(ctx, consumer, turn, what),
                Event::Consumed { consumer, turn } => drop(brokers.on_consumed(ctx, consumer, turn)),
                _ => {}
            }
            if brokers.queues[0].delivery.count() > count {
                consumed.push((ctx.now.as_seconds(), consumer.0, brokers.queues[0].delivery.sum() - sum));
            }
            None
        }
        Event::Expire { queue, turn } => {
            brokers.on_expire(ctx, queue, turn);
            None
        }
        Event::Overdue { consumer, turn } => {
            brokers.on_overdue(ctx, consumer, turn);
            None
        }
        Event::Election { queue, turn } => {
            brokers.on_election(ctx, queue, turn);
            None
        }
        other => panic!("{other:?}"),
    });
    (said, consumed)
}

/// One message after another is sent, the first one now, a second apart; all of them are there then.
fn send(brokers: &mut Brokers, ctx: &mut Context, count: u32) -> Vec<Consumed> {
    let mut consumed = Vec::new();
    for _ in 0..count {
        publish(brokers, ctx);
        let now = ctx.now.as_seconds();
        consumed.extend(until(brokers, ctx, now + 1.0).1);
    }
    consumed
}

fn consumed(brokers: &mut Brokers, ctx: &mut Context, seconds: f64) -> Vec<Consumed> {
    until(brokers, ctx, seconds).1
}

/// Messages that wait, and those that consumers have.
fn load(brokers: &Brokers) -> (u64, u64) {
    (brokers.queues[0].ready(), brokers.queues[0].unacknowledged)
}

#[test]
fn messages_go_to_consumers_in_turn_and_wait_while_all_are_at_work() {
    let (mut brokers, mut ctx) = bench(queue(), vec![consumer(10.0), consumer(4.0)]);
    let sent = [(); 4].map(|()| publish(&mut brokers, &mut ctx));
    let (said, none) = until(&mut brokers, &mut ctx, 2.0);
    assert_eq!((said, none), (sent.map(|id| (1.0, id, DONE)).to_vec(), vec![]));
    assert_eq!(load(&brokers), (2, 2));
    let consumed = consumed(&mut brokers, &mut ctx, 99.0);
    assert_eq!(consumed, [(5.0, 1, 5.0), (9.0, 1, 9.0), (11.0, 0, 11.0), (13.0, 1, 13.0)]);
    let state = &brokers.queues[0];
    assert_eq!((state.counts.sent, state.counts.consumed, load(&brokers)), (4, 4, (0, 0)));
    assert_eq!((state.busy.integral(ctx.now), state.size.integral(ctx.now)), (22.0, 12.0));
    assert_eq!(brokers.brokers[0].latency.max(), Some(1.0));
}

#[test]
fn consumers_that_are_idle_take_turns() {
    let (mut brokers, mut ctx) = bench(queue(), vec![consumer(0.25), consumer(0.5), consumer(0.25)]);
    let mut turns = send(&mut brokers, &mut ctx, 5);
    turns.extend(consumed(&mut brokers, &mut ctx, 9.0));
    assert_eq!(turns, [(1.5, 1, 1.5), (2.25, 2, 1.25), (3.25, 0, 1.25), (4.5, 1, 1.5), (5.25, 2, 1.25)]);
}

#[test]
fn a_consumer_holds_as_many_messages_as_it_may() {
    for (prefetch, held) in [(Some(1), 1), (Some(3), 3), (None, 5)] {
        let (mut brokers, mut ctx) = bench(queue(), vec![Consumer { prefetch, ..consumer(10.0) }]);
        let sent = [(); 5].map(|()| publish(&mut brokers, &mut ctx));
        until(&mut brokers, &mut ctx, 1.0);
        assert_eq!(load(&brokers), (5 - held, held), "{prefetch:?} of {}", sent.len());
        until(&mut brokers, &mut ctx, 11.0);
        assert_eq!(load(&brokers), (4 - held.min(4), held.min(4)), "one is done, and another one comes for it");
    }
}

#[test]
fn a_full_queue_refuses_the_newest_or_drops_the_oldest() {
    let limited = || Queue { limit: Some(1), ..queue() };
    let (mut brokers, mut ctx) = bench(limited(), vec![consumer(10.0)]);
    send(&mut brokers, &mut ctx, 2);
    let refused = publish(&mut brokers, &mut ctx);
    assert_eq!(until(&mut brokers, &mut ctx, 5.0).0, [(3.0, refused, FULL)]);
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), [(11.0, 0, 11.0), (21.0, 0, 20.0)]);
    let counts = brokers.queues[0].counts;
    assert_eq!((counts.sent, counts.failed, counts.dropped, counts.consumed), (2, 1, 0, 2));
    assert_eq!(brokers.brokers[0].latency.count(), 2);

    let (mut brokers, mut ctx) = bench(Queue { overflow: Overflow::DropHead, ..limited() }, vec![consumer(10.0)]);
    send(&mut brokers, &mut ctx, 3);
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), [(11.0, 0, 11.0), (21.0, 0, 19.0)], "the third, not the second");
    let counts = brokers.queues[0].counts;
    assert_eq!((counts.sent, counts.failed, counts.dropped, counts.consumed), (3, 0, 1, 2));
}

#[test]
fn a_message_that_is_consumed_at_once_needs_no_place() {
    let (mut brokers, mut ctx) = bench(Queue { limit: Some(0), ..queue() }, vec![consumer(1.5)]);
    let [a, b] = [(); 2].map(|()| publish(&mut brokers, &mut ctx));
    assert_eq!(until(&mut brokers, &mut ctx, 2.0), (vec![(1.0, a, DONE), (1.0, b, FULL)], vec![]));
    let c = publish(&mut brokers, &mut ctx);
    assert_eq!(until(&mut brokers, &mut ctx, 3.0), (vec![(3.0, c, DONE)], vec![(2.5, 0, 2.5)]));
}

#[test]
fn a_broker_that_is_down_takes_and_delivers_nothing() {
    let (mut brokers, mut ctx) = bench(queue(), vec![consumer(3.0)]);
    let component = ctx.topology.member_component(MemberId(0));
    send(&mut brokers, &mut ctx, 2);
    let lost = publish(&mut brokers, &mut ctx);
    let now = ctx.now;
    ctx.health_mut(component).go_down(now, DownBecause::User);
    ctx.visits[lost].next_turn();
    brokers.lose(&mut ctx, lost, PUBLICATION);
    assert_eq!(posts(&mut ctx), [Post::Answer(lost, DOWN)]);
    let refused = visit(&mut ctx, PUBLISH);
    assert_eq!(brokers.ask(&mut ctx, refused, PUBLICATION), Reply::Now(DOWN));
    assert_eq!(until(&mut brokers, &mut ctx, 10.0), (vec![], vec![(4.0, 0, 4.0)]), "who has a message finishes it");
    assert_eq!((load(&brokers), brokers.queues[0].counts.failed), ((1, 0), 2));
    ctx.health_mut(component).come_up(now);
    brokers.on_member_up(&mut ctx, MemberId(0));
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), [(13.0, 0, 12.0)]);
}

/// Two instances with a consumer each, which holds three messages and needs ten seconds for one. Six messages have been sent
/// at 0 s, 1 s and so on: the second instance has the first, the third and the fifth one, and the first one the others.
fn parts() -> (Brokers, Context) {
    let (mut brokers, mut ctx) = bench(queue(), vec![part_of(0, 10.0, 3), part_of(1, 10.0, 3)]);
    assert_eq!(send(&mut brokers, &mut ctx, 6), []);
    assert_eq!(load(&brokers), (0, 6));
    (brokers, ctx)
}

#[test]
fn an_instance_that_drains_finishes_one_message_and_gives_the_others_back() {
    let (mut brokers, mut ctx) = parts();
    ctx.hosts[0].presence.enter(presence::Phase::Draining);
    brokers.on_consumers_down(&mut ctx, InstanceId(0));
    assert_eq!((load(&brokers), brokers.queues[0].counts.redelivered), ((2, 4), 2));
    assert_eq!([0, 1].map(|it| brokers.is_consuming(&ctx, InstanceId(it))), [true, true]);
    // The other one takes them at the end of what it has, in their order.
    let rest = [(11.0, 1, 11.0), (12.0, 0, 11.0), (21.0, 1, 19.0), (31.0, 1, 27.0), (41.0, 1, 38.0), (51.0, 1, 46.0)];
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), rest);
    assert!(!brokers.is_consuming(&ctx, InstanceId(0)));
    assert_eq!((load(&brokers), brokers.queues[0].counts.consumed), ((0, 0), 6));
}

#[test]
fn an_instance_that_crashes_loses_its_message_to_the_head_of_the_queue() {
    let (mut brokers, mut ctx) = parts();
    let now = ctx.now;
    ctx.healths[0].go_down(now, DownBecause::User);
    brokers.lose_messages(&mut ctx, InstanceId(0));
    brokers.on_consumers_down(&mut ctx, InstanceId(0));
    assert_eq!((load(&brokers), brokers.queues[0].counts.redelivered), ((3, 3), 3));
    assert_eq!((brokers.queues[0].busy.value(), brokers.is_consuming(&ctx, InstanceId(0))), (1.0, false));
    assert_eq!(consumed(&mut brokers, &mut ctx, 14.0), [(11.0, 1, 11.0)], "the end of what was lost is stale");
    ctx.healths[0].come_up(now);
    brokers.on_consumers_up(&mut ctx, InstanceId(0));
    // The second message has gone to the other one at 11 s; this one has the fourth and the sixth.
    let rest = [(21.0, 1, 19.0), (24.0, 0, 21.0), (31.0, 1, 27.0), (34.0, 0, 29.0), (41.0, 1, 40.0)];
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), rest);
}

#[test]
fn a_message_takes_longer_at_an_instance_that_slows_down_or_stands_still() {
    let (mut brokers, mut ctx) = bench(queue(), vec![part_of(0, 10.0, 1), consumer(30.0)]);
    publish(&mut brokers, &mut ctx);
    publish(&mut brokers, &mut ctx);
    until(&mut brokers, &mut ctx, 5.0);
    // Six seconds are left, of which it stands still for one.
    brokers.change_pace(&mut ctx, InstanceId(0), span(1.0), 2.0);
    until(&mut brokers, &mut ctx, 8.0);
    brokers.delay(&mut ctx, InstanceId(0), span(3.0));
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), [(19.0, 0, 19.0), (31.0, 1, 31.0)]);
    ctx.healths[0].slow_factor = 2.0;
    publish(&mut brokers, &mut ctx);
    publish(&mut brokers, &mut ctx);
    assert_eq!(consumed(&mut brokers, &mut ctx, 199.0), [(120.0, 0, 21.0), (130.0, 1, 31.0)]);
}

#[test]
fn a_consumer_that_is_taken_away_finishes_and_new_ones_begin() {
    let (mut brokers, mut ctx) = bench(queue(), vec![Consumer { prefetch: Some(2), ..consumer(10.0) }]);
    send(&mut brokers, &mut ctx, 3);
    assert_eq!(load(&brokers), (1, 2));
    change(&mut ctx, |topology| {
        topology.consumers[0].is_retired = true;
        topology.consumers.push(consumer(1.0));
        topology.queues[0].consumers = vec![ConsumerId(1)];
    });
    brokers.make_consumers(&ctx);
    brokers.stop_consumer(&mut ctx, ConsumerId(0));
    brokers.refresh(&mut ctx);
    let rest = [(4.0, 1, 3.0), (5.0, 1, 3.0), (11.0, 0, 11.0)];
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), rest);
    assert_eq!(brokers.queues[0].counts.redelivered, 1);
}
