//! Workers that are shared, and visits that slow each other down.

use super::*;
use crate::engine::usl::Scalability;

fn sharing() -> Service {
    Service { discipline: Discipline::ProcessorSharing, ..service() }
}

/// Two workers, and each of two visits is half as fast as one alone.
fn contended() -> Service {
    Service { workers: Some(2), scalability: Some(Scalability::Table([1.0, 0.5].into())), ..service() }
}

#[test]
fn all_are_served_at_once_each_more_slowly() {
    let (mut server, mut ctx) = bench(sharing());
    let a = ask(&mut server, &mut ctx);
    until(&mut server, &mut ctx, 1.0);
    let b = ask(&mut server, &mut ctx);
    assert_eq!((server.facility.busy.value(), server.facility.queue.value()), (1.0, 1.0));
    assert_eq!(until(&mut server, &mut ctx, 99.0), [(3.0, a, DONE), (4.0, b, DONE)]);
    assert_eq!([Phase::Queueing, Phase::Processing].map(|phase| spent(&ctx, b, phase)), [0.0, 3.0]);
    assert!(server.is_idle());
}

#[test]
fn places_are_for_those_beyond_one_for_each_worker() {
    let (mut server, mut ctx) = bench(Service { workers: Some(2), queue_limit: Some(1), ..sharing() });
    let ids = [(); 3].map(|()| ask(&mut server, &mut ctx));
    assert_eq!(refused(&mut server, &mut ctx, 0), failure(Cause::QueueFull));
    // Three times two seconds of work, by two workers.
    assert_eq!(until(&mut server, &mut ctx, 99.0), ids.map(|id| (3.0, id, DONE)));
}

#[test]
fn all_that_share_go_more_slowly_when_their_instance_does() {
    let (mut server, mut ctx) = bench(sharing());
    let [a, b] = [(); 2].map(|()| ask(&mut server, &mut ctx));
    until(&mut server, &mut ctx, 2.0);
    // One second of work is left of each.
    server.change_pace(&mut ctx, Duration::ZERO, 3.0);
    assert_eq!(until(&mut server, &mut ctx, 99.0), [(8.0, a, DONE), (8.0, b, DONE)]);
    let c = ask(&mut server, &mut ctx);
    assert_eq!(server.take_all_out(&ctx), [(c, span(2.0))]);
    server.begin_anew(&mut ctx);
    assert_eq!((until(&mut server, &mut ctx, 199.0), server.is_idle()), (vec![], true));
}

#[test]
fn who_waits_begins_when_workers_are_shared_from_now_on() {
    let (mut server, mut ctx) = bench(service());
    let [a, b, c] = [(); 3].map(|()| ask(&mut server, &mut ctx));
    until(&mut server, &mut ctx, 1.0);
    change(&mut ctx, |topology| topology.services[0].discipline = Discipline::ProcessorSharing);
    server.refresh(&mut ctx);
    // The first one keeps the only worker for a second more; then the others share it.
    assert_eq!(until(&mut server, &mut ctx, 99.0), [(2.0, a, DONE), (6.0, b, DONE), (6.0, c, DONE)]);
    assert_eq!(spent(&ctx, c, Phase::Queueing), 1.0);
}

#[test]
fn who_shared_a_worker_goes_on_alone_or_waits() {
    let (mut server, mut ctx) = bench(sharing());
    let [a, b] = [(); 2].map(|()| ask(&mut server, &mut ctx));
    until(&mut server, &mut ctx, 2.0);
    change(&mut ctx, |topology| topology.services[0].discipline = Discipline::Fifo);
    server.refresh(&mut ctx);
    // Of each a second is left; who has to wait begins anew.
    assert_eq!(until(&mut server, &mut ctx, 99.0), [(3.0, a, DONE), (5.0, b, DONE)]);
    assert_eq!([Phase::Queueing, Phase::Processing].map(|phase| spent(&ctx, b, phase)), [1.0, 4.0]);
}

#[test]
fn those_at_work_slow_each_other_down_and_the_others_wait() {
    let (mut server, mut ctx) = bench(contended());
    let [a, b, c] = [(); 3].map(|()| ask(&mut server, &mut ctx));
    assert_eq!(until(&mut server, &mut ctx, 5.0), [(4.0, a, DONE), (4.0, b, DONE)]);
    // The third one begins at 4 s, alone.
    let d = ask(&mut server, &mut ctx);
    assert_eq!(until(&mut server, &mut ctx, 99.0), [(7.0, c, DONE), (8.0, d, DONE)]);
    assert!(server.is_idle());
}

#[test]
fn what_is_left_goes_on_when_visits_slow_each_other_down_no_more() {
    let (mut server, mut ctx) = bench(contended());
    let [a, b] = [(); 2].map(|()| ask(&mut server, &mut ctx));
    until(&mut server, &mut ctx, 1.0);
    change(&mut ctx, |topology| topology.services[0].scalability = None);
    server.refresh(&mut ctx);
    assert_eq!(until(&mut server, &mut ctx, 99.0), [(2.5, a, DONE), (2.5, b, DONE)]);
}
