//! What becomes of messages that are not consumed at their first delivery: they come back, expire, and go to the dead letters.

use super::*;

/// A queue whose dead letters go to a second one.
fn with_dead_letters(first: Queue, second: Queue, consumers: Vec<Consumer>) -> (Brokers, Context) {
    let mut ctx = with_broker(Queue { dead_letter: Some(QueueId(1)), ..first }, consumers);
    change(&mut ctx, |topology| {
        topology.brokers[0].queues = 0..2;
        let consumers = (0..topology.consumers.len() as u32).map(ConsumerId);
        let (one, other) = consumers.partition(|id| topology.consumers[id.index()].queue == QUEUE);
        topology.queues[0].consumers = one;
        topology.queues.push(Queue { consumers: other, ..second });
    });
    let mut brokers = Brokers::new(1, &ctx.topology);
    brokers.make_consumers(&ctx);
    brokers.start_consumers(&mut ctx);
    (brokers, ctx)
}

/// What a queue has got is somewhere.
fn accounted(brokers: &Brokers) {
    for queue in &brokers.queues {
        let counts = queue.counts;
        let gone =
            counts.consumed + counts.dropped + counts.expired + counts.rejected + counts.over_limit + counts.lost;
        assert_eq!(counts.sent, gone + queue.ready() + queue.unacknowledged, "{counts:?}");
    }
}

fn dead_letters(brokers: &Brokers, queue: usize) -> [u64; 4] {
    accounted(brokers);
    let reasons = [Reason::Expired, Reason::Rejected, Reason::MaxLen, Reason::DeliveryLimit];
    reasons.map(|reason| brokers.queues[queue].counts.dead_letters.of(reason))
}

fn counts(brokers: &Brokers, queue: usize) -> QueueCounts {
    accounted(brokers);
    brokers.queues[queue].counts
}

fn with_ttl(seconds: f64) -> Queue {
    Queue { ttl: Some(span(seconds)), ..queue() }
}

#[test]
fn a_message_that_waits_too_long_goes_to_the_dead_letters() {
    let second = Consumer { queue: QueueId(1), ..consumer(1.0) };
    let (mut brokers, mut ctx) = with_dead_letters(with_ttl(5.0), queue(), vec![consumer(4.0), second]);
    let sent = [(); 4].map(|()| publish(&mut brokers, &mut ctx));
    assert_eq!(sent.len(), 4);
    // All are there at 1 s. One is done at 5 s, the next one is taken then, and the other two expire at 6 s.
    assert_eq!(consumed(&mut brokers, &mut ctx, 5.9), [(5.0, 0, 5.0)]);
    assert_eq!(load(&brokers), (2, 1));
    consumed(&mut brokers, &mut ctx, 6.0);
    assert_eq!((load(&brokers), dead_letters(&brokers, 0)), ((0, 1), [2, 0, 0, 0]));
    consumed(&mut brokers, &mut ctx, 99.0);
    assert_eq!((counts(&brokers, 0).expired, counts(&brokers, 1).sent, counts(&brokers, 1).consumed), (2, 2, 2));
    assert_eq!(brokers.queues[1].delivery.max(), Some(8.0), "since it was published, in the other queue, too");
}

#[test]
fn what_cannot_be_delivered_at_once_expires_at_once_if_it_may_not_wait() {
    let (mut brokers, mut ctx) = bench(with_ttl(0.0), vec![consumer(2.0)]);
    let [a, b] = [(); 2].map(|()| publish(&mut brokers, &mut ctx));
    assert_eq!(until(&mut brokers, &mut ctx, 9.0).0, [(1.0, a, DONE), (1.0, b, DONE)]);
    assert_eq!((counts(&brokers, 0).consumed, counts(&brokers, 0).expired), (1, 1));
}

#[test]
fn what_a_consumer_has_does_not_expire_until_it_comes_back() {
    let (mut brokers, mut ctx) = bench(with_ttl(5.0), vec![part_of(0, 10.0, 3)]);
    send(&mut brokers, &mut ctx, 3);
    consumed(&mut brokers, &mut ctx, 7.0);
    assert_eq!((load(&brokers), counts(&brokers, 0).expired), ((0, 3), 0));
    let now = ctx.now;
    ctx.healths[0].go_down(now, DownBecause::User);
    brokers.lose_messages(&mut ctx, InstanceId(0));
    brokers.on_consumers_down(&mut ctx, InstanceId(0));
    assert_eq!((load(&brokers), counts(&brokers, 0).redelivered, counts(&brokers, 0).expired), ((1, 0), 3, 2));
    consumed(&mut brokers, &mut ctx, 8.0);
    assert_eq!((load(&brokers), counts(&brokers, 0).expired), ((0, 0), 3));
}

/// A broker that is down does not look; and another time to live counts from when it is set.
#[test]
fn the_head_is_looked_at_when_it_matters() {
    let (mut brokers, mut ctx) = bench(with_ttl(5.0), vec![]);
    let component = ctx.topology.member_component(MemberId(0));
    send(&mut brokers, &mut ctx, 3);
    let now = ctx.now;
    ctx.health_mut(component).go_down(now, DownBecause::User);
    consumed(&mut brokers, &mut ctx, 7.5);
    assert_eq!(load(&brokers), (3, 0));
    ctx.health_mut(component).come_up(now);
    brokers.on_member_up(&mut ctx, MemberId(0));
    assert_eq!(load(&brokers), (1, 0), "those that had come by 2.5 s");
    for (ttl, at, left) in [(20.0, 22.9, 1), (1.0, 22.9, 0)] {
        change(&mut ctx, |topology| topology.queues[0].ttl = Some(span(ttl)));
        brokers.refresh(&mut ctx);
        consumed(&mut brokers, &mut ctx, at);
        assert_eq!(load(&brokers), (left, 0));
    }
}

#[test]
fn a_full_queue_sends_its_head_or_the_newcomer_to_the_dead_letters() {
    for (overflow, refused, dropped) in [(Overflow::DropHead, 0, 2), (Overflow::RejectToDeadLetters, 2, 0)] {
        let first = Queue { limit: Some(1), overflow, ..queue() };
        let (mut brokers, mut ctx) = with_dead_letters(first, queue(), vec![]);
        send(&mut brokers, &mut ctx, 3);
        assert_eq!(dead_letters(&brokers, 0), [0, 0, 2, 0]);
        assert_eq!((counts(&brokers, 0).failed, counts(&brokers, 0).dropped), (refused, dropped));
        assert_eq!(brokers.queues.iter().map(QueueState::ready).collect::<Vec<_>>(), [1, 2]);
        let left = brokers.queues[0].backlog.head().map(|message| message.published);
        assert_eq!(left, Some(SimTime::from_seconds(if refused > 0 { 0.0 } else { 2.0 })));
    }
}

/// A dead letter that finds no room is dropped there.
#[test]
fn dead_letters_may_find_no_room() {
    let (mut brokers, mut ctx) = with_dead_letters(with_ttl(0.0), Queue { limit: Some(1), ..queue() }, vec![]);
    send(&mut brokers, &mut ctx, 3);
    assert_eq!(
        (dead_letters(&brokers, 0), counts(&brokers, 1).sent, counts(&brokers, 1).dropped),
        ([3, 0, 0, 0], 3, 2)
    );
    assert_eq!(counts(&brokers, 1).failed, 0, "nobody who publishes has failed");
}

#[test]
fn a_circle_that_nobody_consumes_from_ends() {
    let circle = |of: Queue, to| Queue { dead_letter: Some(QueueId(to)), circle: 2, ..of };
    let (mut brokers, mut ctx) = with_dead_letters(circle(with_ttl(3.0), 1), circle(with_ttl(4.0), 0), vec![]);
    send(&mut brokers, &mut ctx, 1);
    consumed(&mut brokers, &mut ctx, 99.0);
    assert_eq!([0, 1].map(|queue| counts(&brokers, queue).sent), [1, 1], "it does not come where it was before");
    assert_eq!([0, 1].map(|queue| dead_letters(&brokers, queue)[0]), [1, 0]);
    // Two full queues that push out each other's heads come to an end, too.
    let full = || Queue { limit: Some(3), overflow: Overflow::DropHead, ..queue() };
    let (mut brokers, mut ctx) = with_dead_letters(circle(full(), 1), circle(full(), 0), vec![]);
    send(&mut brokers, &mut ctx, 20);
    assert_eq!(brokers.queues.iter().map(QueueState::ready).collect::<Vec<_>>(), [3, 3]);
    accounted(&brokers);
}

/// The way to try again later: what is rejected waits in a second queue, and comes back when it expires there.
#[test]
fn who_is_rejected_may_come_round_for_ever() {
    let first = Queue { circle: 2, may_fail: true, ..queue() };
    let waiting = Queue { dead_letter: Some(QUEUE), circle: 2, ..with_ttl(9.0) };
    let fails = Consumer { fail_prob: 1.0, rejects: true, ..consumer(1.0) };
    let (mut brokers, mut ctx) = with_dead_letters(first, waiting, vec![fails]);
    send(&mut brokers, &mut ctx, 1);
    consumed(&mut brokers, &mut ctx, 100.5);
    assert_eq!((counts(&brokers, 0).rejected, counts(&brokers, 0).failures), (10, 10), "at 2 s, 12 s and so on");
    assert_eq!((dead_letters(&brokers, 0), dead_letters(&brokers, 1)), ([0, 10, 0, 0], [9, 0, 0, 0]));
}

#[test]
fn who_fails_has_the_message_put_back_at_its_place_or_lets_it_go() {
    let poisoned = |rejects| Consumer { fail_prob: 1.0, rejects, ..consumer(2.0) };
    let (mut brokers, mut ctx) = bench(Queue { may_fail: true, ..queue() }, vec![poisoned(false)]);
    send(&mut brokers, &mut ctx, 2);
    assert_eq!(consumed(&mut brokers, &mut ctx, 8.0), []);
    // It is the first one again and again.
    assert_eq!((counts(&brokers, 0).failures, counts(&brokers, 0).redelivered, load(&brokers)), (3, 3, (1, 1)));
    assert_eq!(brokers.queues[0].backlog.head().map(|message| (message.number, message.returns)), Some((1, 0)));

    let (mut brokers, mut ctx) = bench(Queue { may_fail: true, ..queue() }, vec![poisoned(true)]);
    send(&mut brokers, &mut ctx, 2);
    assert_eq!(consumed(&mut brokers, &mut ctx, 8.0), []);
    let found = counts(&brokers, 0);
    assert_eq!((found.failures, found.rejected, found.redelivered, load(&brokers)), (2, 2, 0, (0, 0)));
}

/// As in RabbitMQ's quorum queues, a message with a limit of 2 is delivered three times.
#[test]
fn a_message_that_comes_back_too_often_goes_to_the_dead_letters() {
    let limited = Queue { delivery_limit: Some(2), may_fail: true, ..queue() };
    let fails = Consumer { fail_prob: 1.0, prefetch: Some(9), ..consumer(1.0) };
    let (mut brokers, mut ctx) = with_dead_letters(limited, queue(), vec![fails]);
    let sent = [(); 2].map(|()| publish(&mut brokers, &mut ctx));
    consumed(&mut brokers, &mut ctx, 99.0);
    assert_eq!((sent.len(), counts(&brokers, 0).failures, counts(&brokers, 0).redelivered), (2, 6, 4));
    assert_eq!((counts(&brokers, 0).over_limit, dead_letters(&brokers, 0)), (2, [0, 0, 0, 2]));
}

/// Which messages are poison is drawn once for each, so those that come back fail again, and the others never do.
#[test]
fn poison_is_poison_however_often_it_comes() {
    let limited = Queue { delivery_limit: Some(3), may_fail: true, ..queue() };
    let picky = Consumer { poison: 0.3, ..consumer(0.01) };
    let (mut brokers, mut ctx) =
        with_dead_letters(limited, queue(), vec![picky, Consumer { queue: QueueId(1), ..consumer(1.0) }]);
    let sent = [(); 1000].map(|()| publish(&mut brokers, &mut ctx));
    consumed(&mut brokers, &mut ctx, 2000.0);
    let (first, second) = (counts(&brokers, 0), counts(&brokers, 1));
    assert_eq!(first.consumed + first.over_limit, sent.len() as u64);
    assert_eq!((first.failures, first.redelivered), (4 * first.over_limit, 3 * first.over_limit));
    assert!((250..350).contains(&first.over_limit), "{}", first.over_limit);
    assert_eq!((second.consumed, second.failures), (first.over_limit, 0), "another consumer minds nothing");
}

#[test]
fn important_messages_are_delivered_and_dropped_first() {
    let urgent = |ctx: &mut Context, priority| {
        change(ctx, |topology| topology.publications[0].priority = priority);
    };
    let knowing = Queue { max_priority: 5, limit: Some(4), overflow: Overflow::DropHead, ..queue() };
    let (mut brokers, mut ctx) = bench(knowing, vec![consumer(10.0)]);
    for priority in [0, 0, 3, 200, 4] {
        urgent(&mut ctx, priority);
        publish(&mut brokers, &mut ctx);
        let now = ctx.now.as_seconds();
        until(&mut brokers, &mut ctx, now + 1.0);
    }
    assert_eq!(load(&brokers), (4, 1));
    // The one that counts as 5 is at the head: for a sixth message it has to go.
    publish(&mut brokers, &mut ctx);
    let order = [(11.0, 0, 11.0), (21.0, 0, 17.0), (31.0, 0, 26.0), (41.0, 0, 39.0), (51.0, 0, 50.0)];
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0), order);
    assert_eq!(counts(&brokers, 0).dropped, 1);
}

#[test]
fn a_queue_that_is_not_durable_dies_with_its_broker() {
    let (mut brokers, mut ctx) =
        bench(Queue { is_durable: false, ..queue() }, vec![part_of(0, 10.0, 2), consumer(20.0)]);
    send(&mut brokers, &mut ctx, 5);
    assert_eq!(load(&brokers), (2, 3));
    brokers.on_member_down(&mut ctx, MemberId(0), true);
    assert_eq!((load(&brokers), counts(&brokers, 0).lost), ((0, 0), 5));
    assert_eq!(brokers.queues[0].busy.value(), 2.0, "they do not know yet");
    assert_eq!(send(&mut brokers, &mut ctx, 1), []);
    // The first one is at a message until 12 s and knows no better.
    assert_eq!(consumed(&mut brokers, &mut ctx, 99.0).len(), 1);
    assert_eq!((counts(&brokers, 0).sent, counts(&brokers, 0).consumed, load(&brokers)), (6, 1, (0, 0)));
}

/// Measured with RabbitMQ 3.10.8, a classic queue, on loopback: a consumer with prefetch 20 that works 100 ms on a message is
/// killed in the middle of its eleventh; then a second one takes the rest.
#[test]
fn what_a_killed_consumer_had_is_delivered_again_in_order() {
    let (mut brokers, mut ctx) = bench(queue(), vec![part_of(0, 0.1, 20)]);
    let sent = [(); 60].map(|()| publish(&mut brokers, &mut ctx));
    consumed(&mut brokers, &mut ctx, 2.05);
    assert_eq!((sent.len(), counts(&brokers, 0).consumed), (60, 10));
    let now = ctx.now;
    ctx.healths[0].go_down(now, DownBecause::User);
    brokers.lose_messages(&mut ctx, InstanceId(0));
    brokers.on_consumers_down(&mut ctx, InstanceId(0));
    assert_eq!((counts(&brokers, 0).redelivered, load(&brokers)), (20, (50, 0)));
    let waiting = std::iter::from_fn(|| brokers.queues[0].backlog.pop());
    let waiting: Vec<_> = waiting.map(|message| (message.number, message.returns)).collect();
    assert!(waiting.iter().map(|(number, _)| *number).eq(10..60), "{waiting:?}");
    assert!(waiting.iter().all(|&(number, returns)| (returns == 1) == (number < 30)), "{waiting:?}");
}
