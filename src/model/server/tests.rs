//! The workers of an instance alone: visits come, and time passes.

mod shared;

use super::*;
use crate::{
    engine::codel::Codel,
    model::{
        event::Event,
        health::DownBecause,
        post::Post,
        testing::{
            DONE, PROCESS, Said, at, change, lasting, next, posts, run, service, span, spent, visit, with_service,
        },
        topology::{Admission, AdmissionRule},
    },
};

fn bench(described: Service) -> (Server, Context) {
    let ctx = with_service(described);
    (Server::new(1, &ctx.topology, InstanceId(0)), ctx)
}

/// A visit that comes now, and is told later.
fn ask(server: &mut Server, ctx: &mut Context) -> VisitId {
    ask_as(server, ctx, 0)
}

fn ask_as(server: &mut Server, ctx: &mut Context, class: u8) -> VisitId {
    let id = visit(ctx, PROCESS);
    ctx.visits[id].class = class;
    assert_eq!(server.ask(ctx, id), Reply::Later);
    id
}

/// A visit that comes now, and why it is refused.
fn refused(server: &mut Server, ctx: &mut Context, class: u8) -> Reply {
    let id = visit(ctx, PROCESS);
    ctx.visits[id].class = class;
    server.ask(ctx, id)
}

const fn failure(cause: Cause) -> Reply {
    Reply::Now(Outcome::Failure(cause))
}

/// What is said to visits that end until then.
fn until(server: &mut Server, ctx: &mut Context, seconds: f64) -> Vec<Said> {
    run(ctx, seconds, |ctx, event| {
        let ended = match event {
            Event::Finished(id, _) => Some(id),
            Event::SharingDeparture { epoch, .. } => server.depart(ctx, epoch),
            other => panic!("{other:?}"),
        };
        ended.map(|id| (id, server.finished(ctx, id)))
    })
}

fn go_down(server: &mut Server, ctx: &mut Context) {
    let now = ctx.now;
    ctx.healths[0].go_down(now, DownBecause::User);
    server.went_down(ctx);
}

#[test]
fn visits_are_served_in_the_order_of_the_discipline() {
    let after = span(3.0);
    let orders = [
        (Discipline::Fifo, [0, 1, 2, 3, 4]),
        (Discipline::Lifo, [0, 4, 3, 2, 1]),
        // The queue turns at 3 s: the second one comes out of it before, the others after that.
        (Discipline::AdaptiveLifo(after), [0, 1, 4, 3, 2]),
    ];
    for (discipline, order) in orders {
        let (mut server, mut ctx) = bench(Service { discipline, ..service() });
        let ids = [(); 5].map(|()| ask(&mut server, &mut ctx));
        let expected: Vec<Said> =
            order.iter().zip(1..).map(|(&place, nth)| (2.0 * f64::from(nth), ids[place], DONE)).collect();
        assert_eq!(until(&mut server, &mut ctx, 99.0), expected, "{discipline:?}");
        let last = ids[order[4]];
        assert_eq!([Phase::Queueing, Phase::Processing].map(|phase| spent(&ctx, last, phase)), [8.0, 2.0]);
        assert!(server.is_idle());
    }
}

#[test]
fn who_finds_neither_a_worker_nor_a_place_is_refused() {
    let (mut server, mut ctx) = bench(Service { workers: Some(2), queue_limit: Some(1), ..service() });
    let [a, b, c] = [(); 3].map(|()| ask(&mut server, &mut ctx));
    assert_eq!(refused(&mut server, &mut ctx, 0), failure(Cause::QueueFull));
    assert_eq!(until(&mut server, &mut ctx, 2.0), [(2.0, a, DONE), (2.0, b, DONE)]);
    let d = ask(&mut server, &mut ctx);
    assert_eq!(until(&mut server, &mut ctx, 9.0), [(4.0, c, DONE), (4.0, d, DONE)]);
    assert_eq!([a, d].map(|id| ctx.visits[id].has_begun), [true; 2]);
}

#[test]
fn a_worker_that_belongs_to_a_request_is_free_only_when_that_says_so() {
    let (mut server, mut ctx) = bench(Service { holds: Holds::Request, ..service() });
    let [a, b] = [(); 2].map(|()| ask(&mut server, &mut ctx));
    assert_eq!(until(&mut server, &mut ctx, 5.0), [(2.0, a, DONE)]);
    assert!(ctx.visits[a].holds.worker && !server.is_idle());
    // It is processed once more, by the worker that it has.
    assert_eq!(server.ask(&mut ctx, a), Reply::Later);
    assert_eq!(until(&mut server, &mut ctx, 8.0), [(7.0, a, DONE)]);
    ctx.visits[a].holds.worker = false;
    server.free_worker(&mut ctx);
    assert_eq!(until(&mut server, &mut ctx, 99.0), [(10.0, b, DONE)]);
    assert_eq!((spent(&ctx, b, Phase::Queueing), server.facility.in_service()), (8.0, 1));
}

#[test]
fn the_highest_class_is_served_first_and_the_lowest_is_shed() {
    let (mut server, mut ctx) = bench(Service { discipline: Discipline::Priority, queue_limit: Some(3), ..service() });
    let a = ask_as(&mut server, &mut ctx, 5);
    let [b, c, d] = [1, 2, 1].map(|class| ask_as(&mut server, &mut ctx, class));
    assert_eq!(refused(&mut server, &mut ctx, 2), failure(Cause::QueueFull), "it would be the last");
    assert_eq!(posts(&mut ctx), []);
    until(&mut server, &mut ctx, 1.0);
    let e = ask_as(&mut server, &mut ctx, 0);
    assert_eq!((posts(&mut ctx), spent(&ctx, c, Phase::Queueing)), (vec![Post::Drop(c, Cause::Shed)], 1.0));
    let served = [(2.0, a, DONE), (4.0, e, DONE), (6.0, b, DONE), (8.0, d, DONE)];
    assert_eq!(until(&mut server, &mut ctx, 99.0), served, "who has begun is not interrupted");
}

#[test]
fn who_has_waited_as_long_as_he_may_can_be_taken_out() {
    let (mut server, mut ctx) = bench(Service { longest_wait: Some(lasting(3.0)), ..service() });
    let [a, b, c] = [(); 3].map(|()| ask(&mut server, &mut ctx));
    assert_eq!(until(&mut server, &mut ctx, 2.5), [(2.0, a, DONE)]);
    // The wait of the second one has ended before its time; that of the third one is over.
    assert!(matches!(next(&mut ctx), Some(Event::WaitOver(id, _)) if id == c));
    assert_eq!((ctx.now, server.facility.waiting()), (at(3.0), 1));
    server.withdraw(&ctx, c);
    assert_eq!(until(&mut server, &mut ctx, 99.0), [(4.0, b, DONE)]);
    assert!(server.is_idle());
}

#[test]
fn an_instance_that_goes_down_drops_who_waits_and_may_lose_what_it_is_at() {
    let (mut server, mut ctx) = bench(service());
    let [a, b, c] = [(); 3].map(|()| ask(&mut server, &mut ctx));
    until(&mut server, &mut ctx, 1.0);
    go_down(&mut server, &mut ctx);
    assert_eq!(posts(&mut ctx), [b, c].map(|id| Post::Drop(id, Cause::InstanceDown)));
    assert_eq!((spent(&ctx, c, Phase::Queueing), server.facility.waiting()), (1.0, 0));
    assert_eq!(refused(&mut server, &mut ctx, 0), failure(Cause::InstanceDown));
    assert!(!server.is_idle());
    ctx.visits[a].next_turn();
    server.lose(&ctx, a);
    assert!(server.is_idle());
    let now = ctx.now;
    ctx.healths[0].come_up(now);
    let d = ask(&mut server, &mut ctx);
    assert_eq!(until(&mut server, &mut ctx, 99.0), [(3.0, d, DONE)]);
    ctx.healths[0].error_prob = 1.0;
    let e = visit(&mut ctx, PROCESS);
    assert_eq!(server.ask(&mut ctx, e), failure(Cause::ServiceError));
    assert_eq!([b, e].map(|id| ctx.visits[id].has_begun), [false, true], "an error is an answer");
}

#[test]
fn who_is_not_wanted_any_more_is_dropped() {
    let (mut server, mut ctx) = bench(service());
    let [a, b, c] = [(); 3].map(|()| ask(&mut server, &mut ctx));
    ctx.visits[b].deadline = at(2.0);
    ctx.visits[c].deadline = at(2.5);
    assert_eq!(until(&mut server, &mut ctx, 99.0), [(2.0, a, DONE), (4.0, c, DONE)]);
    assert_eq!(posts(&mut ctx), [Post::Drop(b, Cause::Deadline)]);
}

#[test]
fn who_has_waited_is_dropped_while_the_queue_never_gets_short() {
    let codel = Some(Codel { target: span(1.0), interval: span(3.0) });
    let (mut server, mut ctx) = bench(Service { codel, ..service() });
    let [a, b, c, d, e, f, g, h] = [(); 8].map(|()| ask(&mut server, &mut ctx));
    // Long waits are seen from 2 s on, so the first one is dropped at 6 s, and another one from 9 s on. The last is not.
    assert_eq!(until(&mut server, &mut ctx, 6.0), [(2.0, a, DONE), (4.0, b, DONE), (6.0, c, DONE)]);
    assert_eq!(posts(&mut ctx), [Post::Drop(d, Cause::Codel)]);
    assert_eq!(until(&mut server, &mut ctx, 99.0), [(8.0, e, DONE), (10.0, f, DONE), (12.0, h, DONE)]);
    assert_eq!((posts(&mut ctx), spent(&ctx, g, Phase::Queueing)), (vec![Post::Drop(g, Cause::Codel)], 10.0));
}

#[test]
fn what_is_left_takes_longer_when_an_instance_slows_down_or_stands_still() {
    let (mut server, mut ctx) = bench(Service { service_time: lasting(4.0), ..service() });
    let [a, b] = [(); 2].map(|()| ask(&mut server, &mut ctx));
    until(&mut server, &mut ctx, 1.0);
    // Three seconds are left, of which it stands still for one.
    server.change_pace(&mut ctx, span(1.0), 2.0);
    until(&mut server, &mut ctx, 3.0);
    server.delay(&mut ctx, span(5.0));
    ctx.healths[0].slow_factor = 2.0;
    assert_eq!(until(&mut server, &mut ctx, 99.0), [(11.0, a, DONE), (19.0, b, DONE)]);
}

#[test]
fn more_workers_let_those_begin_who_wait_and_more_places_let_more_wait() {
    let (mut server, mut ctx) = bench(Service { queue_limit: Some(2), ..service() });
    let [a, b, c] = [(); 3].map(|()| ask(&mut server, &mut ctx));
    until(&mut server, &mut ctx, 1.0);
    change(&mut ctx, |topology| (topology.services[0].workers, topology.services[0].queue_limit) = (Some(2), Some(3)));
    server.refresh(&mut ctx);
    let [d, e] = [(); 2].map(|()| ask(&mut server, &mut ctx));
    assert_eq!(refused(&mut server, &mut ctx, 0), failure(Cause::QueueFull));
    let served = [(2.0, a, DONE), (3.0, b, DONE), (4.0, c, DONE), (5.0, d, DONE), (6.0, e, DONE)];
    assert_eq!(until(&mut server, &mut ctx, 99.0), served);
}

#[test]
fn a_gate_lets_so_many_in_until_they_are_out() {
    let admission = |most| Admission { rule: AdmissionRule::Concurrency(most), reserve: 0.0 };
    let (mut server, mut ctx) = bench(Service { admission: Some(admission(2)), ..service() });
    let [a, b, c, late] = [(); 4].map(|()| visit(&mut ctx, PROCESS));
    ctx.visits[late].deadline = at(0.0);
    let mut admit =
        |ids: &[VisitId]| -> Vec<Option<Cause>> { ids.iter().map(|&id| server.admit(&mut ctx, id)).collect() };
    assert_eq!(admit(&[a, b, c]), [None, None, Some(Cause::NotAdmitted)]);
    assert_eq!(admit(&[late]), [None], "he fails by himself");
    assert_eq!([a, b, c, late].map(|id| ctx.visits[id].holds.admitted_among), [1, 2, 0, 0]);
    server.let_out(&mut ctx, a);
    assert_eq!(server.admit(&mut ctx, c), None);
    let gate = |server: &Server| server.gate.as_ref().map(|gate| (gate.count(), gate.refused, gate.limit.value()));
    assert_eq!(gate(&server), Some((2, 1, 2.0)));

    change(&mut ctx, |topology| topology.services[0].admission = Some(admission(3)));
    server.change_gate(&mut ctx, Some(&admission(2)));
    let [d, e] = [(); 2].map(|()| visit(&mut ctx, PROCESS));
    assert_eq!([d, e].map(|id| server.admit(&mut ctx, id)), [None, Some(Cause::NotAdmitted)]);
    assert_eq!(gate(&server), Some((3, 2, 3.0)));
}

#[test]
fn whoever_is_there_is_inside_a_new_gate() {
    let (mut server, mut ctx) = bench(service());
    let ids = [(); 3].map(|()| ask(&mut server, &mut ctx));
    until(&mut server, &mut ctx, 1.0);
    let admission = Admission { rule: AdmissionRule::Concurrency(3), reserve: 0.0 };
    change(&mut ctx, |topology| topology.services[0].admission = Some(admission));
    server.change_gate(&mut ctx, None);
    assert_eq!(ids.map(|id| ctx.visits[id].holds.admitted_among), [1, 2, 3]);
    let newcomer = visit(&mut ctx, PROCESS);
    assert_eq!(server.admit(&mut ctx, newcomer), Some(Cause::NotAdmitted));
}
