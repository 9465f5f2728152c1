//! A cache alone: it is asked, and time passes.

use super::*;
use crate::model::{
    event::Event,
    health::DownBecause,
    post::Post,
    testing::{HIT, LOOK_UP, MISS, Said, at, cache, change, lasting, next, posts, run, span, spent, visit, with_cache},
};

const DOWN: Outcome = Outcome::Failure(Cause::CacheDown);

fn bench(described: Cache) -> (CacheState, Context) {
    let ctx = with_cache(described);
    (CacheState::new(1, CacheId(0), &ctx.topology.caches[0]), ctx)
}

/// Ten keys, all of which fit.
fn keyed(ttl: Option<f64>, single_flight: Option<f64>) -> Cache {
    let popularity = rand_distr::weighted::WeightedAliasIndex::new(vec![1.0; 10]).unwrap();
    let (keys, capacity, eviction) = (10, 10, crate::model::topology::Eviction::Lru);
    let (ttl, single_flight) = (ttl.map(span), single_flight.map(span));
    let content = CacheContent::Keyed(Keyed {
        popularity,
        keys,
        capacity,
        ttl,
        eviction,
        active_expire: None,
        ttl_jitter: 0.0,
        early_refresh: None,
        stale_for: Duration::ZERO,
        tells_of_keys: false,
        single_flight,
    });
    Cache { content, ..cache() }
}

/// A look-up that comes now, and is told later.
fn ask(state: &mut CacheState, ctx: &mut Context) -> VisitId {
    let id = visit(ctx, LOOK_UP);
    assert_eq!(state.ask(ctx, id), Reply::Later);
    id
}

fn ask_for(state: &mut CacheState, ctx: &mut Context, key: u32) -> VisitId {
    let id = ask(state, ctx);
    ctx.visits[id].key = key;
    id
}

/// What is said to look-ups that end until then.
fn until(state: &mut CacheState, ctx: &mut Context, seconds: f64) -> Vec<Said> {
    run(ctx, seconds, |ctx, event| match event {
        Event::Finished(id, _) => Some((id, state.finished(ctx, id))),
        other => panic!("{other:?}"),
    })
}

/// Somebody looks for a key from now on, for a second, does not find it, and puts it in.
fn fetch(state: &mut CacheState, ctx: &mut Context, key: u32) {
    let id = ask_for(state, ctx, key);
    let now = ctx.now.as_seconds() + 1.0;
    assert_eq!(until(state, ctx, now), [(now, id, MISS)]);
    state.fill(ctx, id);
}

fn go_down(state: &mut CacheState, ctx: &mut Context) {
    let now = ctx.now;
    ctx.healths[0].go_down(now, DownBecause::User);
    state.went_down(ctx);
}

#[test]
fn so_many_look_ups_have_a_connection_and_the_others_wait_in_order() {
    let (mut state, mut ctx) = bench(Cache { connections: Some(2), operation: lasting(2.0), ..cache() });
    let [a, b] = [(); 2].map(|()| ask(&mut state, &mut ctx));
    assert_eq!(until(&mut state, &mut ctx, 1.0), []);
    let [c, d, e] = [(); 3].map(|()| ask(&mut state, &mut ctx));
    assert_eq!(until(&mut state, &mut ctx, 4.0), [(2.0, a, HIT), (2.0, b, HIT), (4.0, c, HIT), (4.0, d, HIT)]);
    assert_eq!(until(&mut state, &mut ctx, 9.0), [(6.0, e, HIT)]);
    // Two wait for a second, and one for three.
    assert_eq!(state.facility.queue.integral(ctx.now), 5.0);
    assert_eq!([Phase::Queueing, Phase::Cache].map(|phase| spent(&ctx, e, phase)), [3.0, 2.0]);
    assert_eq!((state.hits, state.latency.max()), (5, Some(5.0)));
}

#[test]
fn what_was_missed_is_there_when_somebody_has_put_it_in() {
    let (mut state, mut ctx) = bench(keyed(None, None));
    let a = ask_for(&mut state, &mut ctx, 7);
    assert_eq!(until(&mut state, &mut ctx, 2.0), [(1.0, a, MISS)]);
    let b = ask_for(&mut state, &mut ctx, 7);
    assert_eq!(until(&mut state, &mut ctx, 3.0), [(3.0, b, MISS)], "nobody has put it in yet");
    state.fill(&mut ctx, a);
    assert_eq!(state.keys_held(), Some(1));
    let [c, d] = [7, 6].map(|key| ask_for(&mut state, &mut ctx, key));
    assert_eq!(until(&mut state, &mut ctx, 4.0), [(4.0, c, HIT), (4.0, d, MISS)]);
    assert_eq!((state.hits, state.misses, state.coalesced), (1, 3, 0));
    assert_eq!([c, d].map(|id| ctx.visits[id].key), [NO_KEY, 6], "who has it need not fetch it");
}

#[test]
fn a_key_is_gone_when_its_time_is_over() {
    let (mut state, mut ctx) = bench(keyed(Some(10.0), None));
    fetch(&mut state, &mut ctx, 3);
    until(&mut state, &mut ctx, 9.0);
    let early = ask_for(&mut state, &mut ctx, 3);
    until(&mut state, &mut ctx, 9.5);
    let late = ask_for(&mut state, &mut ctx, 3);
    // It was put in at 1 s. What counts is when a look-up ends.
    assert_eq!(until(&mut state, &mut ctx, 10.0), [(10.0, early, HIT)]);
    let last = ask_for(&mut state, &mut ctx, 3);
    assert_eq!(until(&mut state, &mut ctx, 12.0), [(10.5, late, HIT), (11.0, last, MISS)]);
}

#[test]
fn a_cache_that_goes_down_forgets_and_turns_away_who_waits() {
    let (mut state, mut ctx) = bench(Cache { connections: Some(1), ..keyed(None, None) });
    fetch(&mut state, &mut ctx, 3);
    let [a, b, c] = [3; 3].map(|key| ask_for(&mut state, &mut ctx, key));
    until(&mut state, &mut ctx, 1.5);
    go_down(&mut state, &mut ctx);
    assert_eq!(posts(&mut ctx), [b, c].map(|id| Post::Answer(id, DOWN)));
    assert_eq!((state.failed, state.keys_held(), spent(&ctx, c, Phase::Queueing)), (2, Some(0), 0.5));
    let d = visit(&mut ctx, LOOK_UP);
    assert_eq!(state.ask(&mut ctx, d), Reply::Now(DOWN));
    assert_eq!(until(&mut state, &mut ctx, 3.0), [(2.0, a, MISS)], "what it is at it finishes, with nothing");
    state.fill(&mut ctx, a);
    assert_eq!((state.keys_held(), state.failed), (Some(0), 3));
    let now = ctx.now;
    ctx.healths[0].come_up(now);
    fetch(&mut state, &mut ctx, 3);
    assert_eq!((state.keys_held(), state.misses), (Some(1), 3));
}

#[test]
fn what_it_has_lost_is_answered_and_its_connection_is_free() {
    let (mut state, mut ctx) = bench(Cache { connections: Some(1), ..cache() });
    let a = ask(&mut state, &mut ctx);
    go_down(&mut state, &mut ctx);
    ctx.visits[a].next_turn();
    state.lose(&mut ctx, a);
    assert_eq!((posts(&mut ctx), state.failed), (vec![Post::Answer(a, DOWN)], 1));
    ctx.healths[0].come_up(at(0.0));
    let b = ask(&mut state, &mut ctx);
    assert_eq!(until(&mut state, &mut ctx, 5.0), [(1.0, b, HIT)]);
}

#[test]
fn who_is_not_wanted_any_more_is_dropped_and_the_next_begins() {
    let (mut state, mut ctx) = bench(Cache { connections: Some(1), operation: lasting(2.0), ..cache() });
    let [a, b, c, d] = [(); 4].map(|()| ask(&mut state, &mut ctx));
    ctx.visits[b].deadline = at(2.0);
    ctx.visits[c].deadline = at(2.5);
    state.withdraw(&mut ctx, d);
    assert_eq!(until(&mut state, &mut ctx, 9.0), [(2.0, a, HIT), (4.0, c, HIT)], "who has begun is served");
    assert_eq!(posts(&mut ctx), [Post::Drop(b, Cause::Deadline)]);
    assert_eq!((spent(&ctx, b, Phase::Queueing), state.facility.in_service()), (2.0, 0));
}

#[test]
fn more_connections_let_those_begin_who_wait() {
    let (mut state, mut ctx) = bench(Cache { connections: Some(1), operation: lasting(2.0), ..cache() });
    let [a, b, c, d] = [(); 4].map(|()| ask(&mut state, &mut ctx));
    until(&mut state, &mut ctx, 1.0);
    change(&mut ctx, |topology| topology.caches[0].connections = Some(3));
    state.refresh(&mut ctx);
    assert_eq!(until(&mut state, &mut ctx, 9.0), [(2.0, a, HIT), (3.0, b, HIT), (3.0, c, HIT), (4.0, d, HIT)]);
}

/// One look-up that fetches a key for the others, who wait for that at most five seconds, from 1 s on.
fn single_flight() -> (CacheState, Context, [VisitId; 3]) {
    let (mut state, mut ctx) = bench(keyed(None, Some(5.0)));
    let [a, b, c] = [7; 3].map(|key| ask_for(&mut state, &mut ctx, key));
    let said = until(&mut state, &mut ctx, 1.0);
    assert_eq!(said, [(1.0, a, MISS), (1.0, b, Reply::Later), (1.0, c, Reply::Later)]);
    assert_eq!([a, b, c].map(|id| ctx.visits[id].holds.flight.is_some()), [true, false, false]);
    (state, ctx, [a, b, c])
}

#[test]
fn one_fetches_a_key_and_those_who_wait_for_him_have_it_in_order() {
    let (mut state, mut ctx, [a, b, c]) = single_flight();
    let other = ask_for(&mut state, &mut ctx, 8);
    assert_eq!(until(&mut state, &mut ctx, 4.0), [(2.0, other, MISS)], "that is another key");
    state.fill(&mut ctx, a);
    assert_eq!(posts(&mut ctx), [b, c].map(|id| Post::Answer(id, Outcome::Success)));
    assert_eq!((state.hits, state.coalesced, state.misses), (2, 2, 2));
    assert_eq!((spent(&ctx, b, Phase::Cache), state.latency.max()), (4.0, Some(4.0)));
    assert!(!ctx.visits[a].holds.flight.is_some());
}

#[test]
fn who_gives_up_hands_over_to_the_one_who_has_waited_longest() {
    let (mut state, mut ctx, [a, b, c]) = single_flight();
    state.give_up_flight(&mut ctx, a);
    assert_eq!(posts(&mut ctx), [Post::Answer(b, Outcome::Miss)]);
    assert_eq!([a, b, c].map(|id| ctx.visits[id].holds.flight.is_some()), [false, true, false]);
    state.withdraw(&mut ctx, c);
    let d = ask_for(&mut state, &mut ctx, 7);
    assert_eq!(until(&mut state, &mut ctx, 2.0), [(2.0, d, Reply::Later)]);
    state.fill(&mut ctx, b);
    assert_eq!(posts(&mut ctx), [Post::Answer(d, Outcome::Success)], "the one who has withdrawn waits for nothing");
}

#[test]
fn who_has_waited_long_enough_fetches_for_himself_alone() {
    let (mut state, mut ctx, [a, b, c]) = single_flight();
    assert!(matches!(next(&mut ctx), Some(Event::WaitOver(id, _)) if id == b));
    assert_eq!(ctx.now, at(6.0));
    state.fetch_alone(&mut ctx, b);
    assert_eq!(posts(&mut ctx), [Post::Answer(b, Outcome::Miss)]);
    state.fill(&mut ctx, b);
    assert_eq!((state.keys_held(), posts(&mut ctx)), (Some(0), vec![]));
    state.fill(&mut ctx, a);
    assert_eq!((state.keys_held(), posts(&mut ctx)), (Some(1), vec![Post::Answer(c, Outcome::Success)]));
}

#[test]
fn who_waits_for_somebody_else_fails_with_the_cache_and_goes_on_without_single_flight() {
    let (mut state, mut ctx, [a, b, c]) = single_flight();
    go_down(&mut state, &mut ctx);
    assert_eq!(posts(&mut ctx), [b, c].map(|id| Post::Answer(id, DOWN)));
    state.give_up_flight(&mut ctx, a);
    assert_eq!((state.failed, posts(&mut ctx)), (2, vec![]));

    let (mut state, mut ctx, [_, b, c]) = single_flight();
    change(&mut ctx, |topology| topology.caches[0].content = keyed(None, None).content);
    state.refresh(&mut ctx);
    assert_eq!(posts(&mut ctx), [b, c].map(|id| Post::Answer(id, Outcome::Miss)));
    assert_eq!(state.misses, 3);
}

/// A key that has expired is served for 10 s more, and one at a time is asked to fetch it anew.
#[test]
fn one_fetches_anew_what_has_expired_and_is_served_all_the_same() {
    const REFRESH: Reply = Reply::Now(Outcome::Refresh);
    let mut described = keyed(Some(5.0), None);
    if let CacheContent::Keyed(keyed) = &mut described.content {
        keyed.stale_for = span(10.0);
    }
    let (mut state, mut ctx) = bench(described);
    fetch(&mut state, &mut ctx, 7);
    // Filled at 1 s, it has expired at 6 s.
    let a = ask_for(&mut state, &mut ctx, 7);
    assert_eq!(until(&mut state, &mut ctx, 5.5), [(2.0, a, HIT)]);
    let [a, b] = [(); 2].map(|()| ask_for(&mut state, &mut ctx, 7));
    assert_eq!(until(&mut state, &mut ctx, 7.0), [(6.5, a, REFRESH), (6.5, b, HIT)]);
    assert_eq!((state.stale_hits, state.refreshes, state.hits), (2, 1, 3));
    // He fails; the next one is asked to.
    state.give_up_flight(&mut ctx, a);
    let c = ask_for(&mut state, &mut ctx, 7);
    assert_eq!(until(&mut state, &mut ctx, 9.0), [(8.0, c, REFRESH)]);
    state.fill(&mut ctx, c);
    let d = ask_for(&mut state, &mut ctx, 7);
    assert_eq!(until(&mut state, &mut ctx, 10.0), [(10.0, d, HIT)]);
    // Nobody asks until that is over.
    ctx.now = at(24.5);
    let e = ask_for(&mut state, &mut ctx, 7);
    assert_eq!(until(&mut state, &mut ctx, 26.0), [(25.5, e, MISS)]);
}

/// What it is told first waits until somebody tells the database, once for a key, and dies with the cache.
#[test]
fn what_it_is_told_first_waits_until_the_database_hears_of_it() {
    let (mut state, mut ctx) = bench(keyed(None, None));
    let tell = |state: &mut CacheState, ctx: &mut Context, key: u32| {
        let id = ask_for(state, ctx, key);
        assert!(matches!(next(ctx), Some(Event::Finished(..))));
        assert_eq!(state.told(ctx, id, Told::First), HIT);
        id
    };
    let [a, b, c] = [3, 3, 4].map(|key| tell(&mut state, &mut ctx, key));
    let flight = |ctx: &Context, id: VisitId| ctx.visits[id].holds.flight;
    assert!(flight(&ctx, a).is_some() && !flight(&ctx, b).is_some() && flight(&ctx, c).is_some());
    assert_eq!((state.unflushed(), state.updates), (2, 3));
    assert!(state.begin_flush(ctx.visits[a].key, flight(&ctx, a)));
    assert_eq!((state.unflushed(), state.lost_writes), (1, 0));
    let again = tell(&mut state, &mut ctx, 3);
    assert!(flight(&ctx, again).is_some());
    state.give_up_flight(&mut ctx, again);
    assert_eq!((state.unflushed(), state.lost_writes), (1, 1));
    go_down(&mut state, &mut ctx);
    assert_eq!((state.unflushed(), state.lost_writes), (0, 2));
    assert!(!state.begin_flush(ctx.visits[c].key, flight(&ctx, c)));
}
