//! Consumers that are away from their broker: messages and words about them take time, or do not get through.

use super::*;
use crate::model::{network::Place, partition::Group, topology::Hop};

/// Instances with a consumer each, two seconds away from their broker, which gives a connection up after twenty.
fn far(consumers: Vec<Consumer>) -> (Brokers, Context) {
    let (brokers, mut ctx) = bench(queue(), consumers);
    change(&mut ctx, |topology| {
        topology.network.delays[Hop::ServiceBroker as usize] = lasting(2.0);
        topology.brokers[0].heartbeat = span(20.0);
    });
    let network = ctx.topology.network.clone();
    ctx.network.refresh(&network);
    (brokers, ctx)
}

/// So many messages are there a second from now, all at once.
fn send_at_once(brokers: &mut Brokers, ctx: &mut Context, count: u32) {
    for _ in 0..count {
        publish(brokers, ctx);
    }
    let now = ctx.now.as_seconds();
    until(brokers, ctx, now + 1.0);
}

/// The broker and an instance are cut off from each other.
fn part(brokers: &mut Brokers, ctx: &mut Context, instance: u32) {
    let side = |place| match place {
        Place::Component(kind) => Group { components: vec![kind], ..Group::default() },
        _ => Group::default(),
    };
    let sides = [side(Place::member(MemberId(0))), side(Place::instance(InstanceId(instance)))];
    ctx.network.partitions.begin(0, sides);
    brokers.on_partition(ctx);
}

fn heal(brokers: &mut Brokers, ctx: &mut Context) {
    ctx.network.partitions.end(0);
    brokers.on_partition(ctx);
}

fn die(brokers: &mut Brokers, ctx: &mut Context, instance: u32) {
    let now = ctx.now;
    ctx.healths[instance as usize].go_down(now, DownBecause::User);
    brokers.lose_messages(ctx, InstanceId(instance));
    brokers.on_consumers_down(ctx, InstanceId(instance));
}

fn redelivered(brokers: &Brokers) -> u64 {
    brokers.queues[0].counts.redelivered
}

/// Two seconds there, one of work, two back; what counts for a message is when its work was done.
#[test]
fn prefetch_says_how_many_messages_are_unacknowledged_wherever_they_are() {
    let (mut brokers, mut ctx) = far(vec![part_of(0, 1.0, 1)]);
    send_at_once(&mut brokers, &mut ctx, 3);
    assert_eq!(load(&brokers), (2, 1));
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), [(6.0, 0, 4.0), (11.0, 0, 9.0), (16.0, 0, 14.0)]);
    assert_eq!(brokers.queues[0].busy.integral(ctx.now), 3.0);

    let (mut brokers, mut ctx) = far(vec![part_of(0, 1.0, 3)]);
    send_at_once(&mut brokers, &mut ctx, 4);
    assert_eq!(load(&brokers), (1, 3));
    assert_eq!(consumed(&mut brokers, &mut ctx, 5.0), []);
    assert_eq!(load(&brokers), (1, 3), "two are done, and the broker has heard of neither");
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), [(6.0, 0, 4.0), (7.0, 0, 5.0), (8.0, 0, 6.0), (11.0, 0, 9.0)]);
}

/// A consumer that is part of no instance is where its broker is.
#[test]
fn who_belongs_to_nobody_is_beside_the_broker() {
    let (mut brokers, mut ctx) = far(vec![consumer(1.0)]);
    send_at_once(&mut brokers, &mut ctx, 2);
    part(&mut brokers, &mut ctx, 0);
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), [(2.0, 0, 2.0), (3.0, 0, 3.0)]);
}

#[test]
fn the_end_of_a_consumer_travels_behind_what_it_has_said() {
    let (mut brokers, mut ctx) = far(vec![part_of(0, 1.0, 4), part_of(1, 50.0, 1)]);
    // The second one takes the first message, the first one the others, and works on them from 3 s on.
    send_at_once(&mut brokers, &mut ctx, 6);
    assert_eq!(load(&brokers), (1, 5));
    assert_eq!(consumed(&mut brokers, &mut ctx, 4.5), []);
    die(&mut brokers, &mut ctx, 0);
    assert_eq!((load(&brokers), redelivered(&brokers)), ((1, 5), 0), "the broker knows of nothing");
    // Word of the one that is done comes at 6 s, and of the end at 6.5 s.
    assert_eq!(consumed(&mut brokers, &mut ctx, 6.0), [(6.0, 0, 4.0)]);
    assert_eq!(consumed(&mut brokers, &mut ctx, 7.0), []);
    assert_eq!((load(&brokers), redelivered(&brokers)), ((4, 1), 3));
    assert_eq!(brokers.queues[0].busy.value(), 1.0);
    let now = ctx.now;
    ctx.healths[0].come_up(now);
    brokers.on_consumers_up(&mut ctx, InstanceId(0));
    let rest = [(12.0, 0, 10.0), (13.0, 0, 11.0), (14.0, 0, 12.0), (15.0, 0, 13.0)];
    assert_eq!(consumed(&mut brokers, &mut ctx, 50.0), rest);
}

#[test]
fn one_that_stops_in_peace_gives_back_what_is_on_its_way_too() {
    let (mut brokers, mut ctx) = far(vec![part_of(0, 1.0, 3)]);
    send_at_once(&mut brokers, &mut ctx, 2);
    consumed(&mut brokers, &mut ctx, 3.5);
    send_at_once(&mut brokers, &mut ctx, 1);
    // At 4.5 s one is done, one in work, and one on its way.
    ctx.hosts[0].presence.enter(presence::Phase::Draining);
    brokers.on_consumers_down(&mut ctx, InstanceId(0));
    assert_eq!((load(&brokers), redelivered(&brokers)), ((1, 2), 1));
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), [(6.0, 0, 4.0), (7.0, 0, 5.0)]);
    assert_eq!(load(&brokers), (1, 0));
}

#[test]
fn a_short_partition_only_delays() {
    let (mut brokers, mut ctx) = far(vec![part_of(0, 1.0, 4)]);
    send_at_once(&mut brokers, &mut ctx, 2);
    consumed(&mut brokers, &mut ctx, 4.5);
    send_at_once(&mut brokers, &mut ctx, 1);
    // Word of the first one is under way, and of the second one will be; the third message is on its way, and a fourth comes.
    part(&mut brokers, &mut ctx, 0);
    send_at_once(&mut brokers, &mut ctx, 1);
    assert_eq!(consumed(&mut brokers, &mut ctx, 20.0), []);
    assert_eq!((load(&brokers), redelivered(&brokers)), ((0, 4), 0));
    heal(&mut brokers, &mut ctx);
    assert_eq!(
        consumed(&mut brokers, &mut ctx, 99.0),
        [(22.0, 0, 4.0), (22.0, 0, 5.0), (25.0, 0, 18.5), (26.0, 0, 18.5)]
    );
    assert_eq!((load(&brokers), redelivered(&brokers)), ((0, 0), 0));
}

#[test]
fn a_long_partition_breaks_the_connection_and_work_is_done_again() {
    let (mut brokers, mut ctx) = far(vec![part_of(0, 30.0, 2), part_of(1, 10.0, 3)]);
    send_at_once(&mut brokers, &mut ctx, 4);
    // The second instance has the first and the third message, the first one the others.
    assert_eq!(load(&brokers), (0, 4));
    consumed(&mut brokers, &mut ctx, 4.0);
    part(&mut brokers, &mut ctx, 0);
    // The broker gives the first one up at 24 s. It is at a message until 33 s, in vain, and takes no other.
    assert_eq!(consumed(&mut brokers, &mut ctx, 30.0), [(15.0, 1, 13.0), (25.0, 1, 23.0)]);
    assert_eq!((load(&brokers), redelivered(&brokers)), ((0, 2), 2));
    assert_eq!(brokers.queues[0].busy.value(), 2.0);
    assert_eq!(consumed(&mut brokers, &mut ctx, 60.0), [(38.0, 1, 36.0), (48.0, 1, 46.0)]);
    assert_eq!(brokers.queues[0].busy.value(), 0.0);
    heal(&mut brokers, &mut ctx);
    send_at_once(&mut brokers, &mut ctx, 2);
    assert_eq!(consumed(&mut brokers, &mut ctx, 199.0), [(75.0, 1, 13.0), (95.0, 0, 33.0)]);
    let counts = brokers.queues[0].counts;
    assert_eq!((counts.sent, counts.consumed, load(&brokers)), (6, 6, (0, 0)));
}

#[test]
fn one_that_has_died_behind_a_partition_is_found_out_when_messages_pass_again() {
    let (mut brokers, mut ctx) = far(vec![part_of(0, 1.0, 2)]);
    send_at_once(&mut brokers, &mut ctx, 2);
    consumed(&mut brokers, &mut ctx, 3.5);
    part(&mut brokers, &mut ctx, 0);
    die(&mut brokers, &mut ctx, 0);
    let now = ctx.now;
    ctx.healths[0].come_up(now);
    brokers.on_consumers_up(&mut ctx, InstanceId(0));
    assert_eq!(consumed(&mut brokers, &mut ctx, 10.0), []);
    assert_eq!((load(&brokers), redelivered(&brokers)), ((0, 2), 0));
    heal(&mut brokers, &mut ctx);
    assert_eq!(redelivered(&brokers), 2);
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), [(15.0, 0, 13.0), (16.0, 0, 14.0)]);
}
