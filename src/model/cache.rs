//! Caches: look-ups, hits, misses and fills.

use super::{
    cause::Cause,
    facility::Facility,
    flights::{Flight, Flights, Part},
    keys::Keys,
    network::Place,
    topology::{Cache, CacheContent, CacheId, Hop, InstanceId, OnCacheError},
    visit::{Outcome, Phase, Pooled, Stage, VisitId},
    visits::{
        NO_KEY,
        Progress::{self, Fails, Next, Skip, Waits},
    },
    world::World,
};
use crate::{
    engine::{
        random::Stream,
        station::{Entry, Order},
        time::SimTime,
    },
    stats::tally::Tally,
};

/// The state of a cache.
#[derive(Clone, Debug)]
pub struct CacheState {
    /// Its connections.
    pub facility: Facility,
    /// What it holds, if that matters.
    keys: Option<Keys>,
    /// Keys that somebody fetches for all who miss them.
    pub(super) flights: Flights,
    /// Times of look-ups that did not fail, waits included.
    pub latency: Tally,
    /// Look-ups that found something.
    pub hits: u64,
    /// Look-ups that found nothing.
    pub misses: u64,
    /// Look-ups that found what somebody else was fetching.
    pub coalesced: u64,
    /// Look-ups that failed.
    pub failed: u64,
    operations: Stream,
    failures: Stream,
    /// Decides about hits, draws keys, and chooses who leaves.
    content: Stream,
}

impl CacheState {
    /// An idle, empty cache.
    pub fn new(seed: u64, cache: &Cache) -> Self {
        let stream = |purpose| Stream::new(seed, &cache.name, purpose);
        let keys = match cache.content {
            CacheContent::HitProb(_) => None,
            CacheContent::Keyed { keys, capacity, eviction, .. } => Some(Keys::new(keys, capacity, eviction)),
        };
        Self {
            facility: Facility::new(cache.connections, None, Order::Fifo),
            keys,
            flights: Flights::default(),
            latency: Tally::new(2),
            hits: 0,
            misses: 0,
            coalesced: 0,
            failed: 0,
            operations: stream("operations"),
            failures: stream("failures"),
            content: stream("content"),
        }
    }

    /// Number of keys held, if keys matter.
    pub fn keys_held(&self) -> Option<u64> {
        self.keys.as_ref().map(|keys| keys.len() as u64)
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.facility.restart(now);
        self.latency.restart();
        (self.hits, self.misses, self.coalesced, self.failed) = (0, 0, 0, 0);
    }

    /// Takes note of what makes a hit from now on. Keys that are held stay, if they still fit.
    fn change_content(&mut self, content: &CacheContent) {
        match (content, &mut self.keys) {
            (CacheContent::HitProb(_), keys) => *keys = None,
            (&CacheContent::Keyed { keys, capacity, eviction, .. }, Some(held)) => {
                if !held.is_for(keys, capacity, eviction) {
                    held.resize(keys, capacity, eviction, &mut self.content);
                }
            }
            (&CacheContent::Keyed { keys, capacity, eviction, .. }, none) => {
                *none = Some(Keys::new(keys, capacity, eviction));
            }
        }
    }

    /// Whether a key is there that somebody asks for.
    pub(super) fn holds(&mut self, key: u32, now: SimTime) -> bool {
        self.keys.as_mut().is_some_and(|keys| keys.ask(key, now))
    }

    /// A key that somebody may ask for, if keys matter.
    fn draw_key(&mut self, content: &CacheContent) -> u32 {
        match content {
            CacheContent::Keyed { popularity, .. } => self.content.draw(popularity) as u32,
            CacheContent::HitProb(_) => NO_KEY,
        }
    }

    /// Whether a look-up hits, and the key it asked for: the one that is wanted, or any.
    fn look_up(&mut self, content: &CacheContent, wanted: u32, now: SimTime) -> (bool, u32) {
        match (content, &mut self.keys) {
            (CacheContent::Keyed { popularity, .. }, Some(keys)) => {
                let key = if wanted == NO_KEY { self.content.draw(popularity) as u32 } else { wanted };
                (keys.ask(key, now), key)
            }
            (CacheContent::HitProb(prob), _) => (self.content.chance(*prob), NO_KEY),
            (CacheContent::Keyed { .. }, None) => (false, NO_KEY),
        }
    }
}

impl OnCacheError {
    /// What comes after a look-up that ended so; a hit skips so many steps.
    pub(super) fn after(self, outcome: Outcome, skip: u32) -> Progress {
        match (self, outcome) {
            (_, Outcome::Success) => Skip(skip),
            (Self::Fail, Outcome::Failure(cause)) => Fails(cause),
            (_, Outcome::Miss) | (Self::FallBack, Outcome::Failure(_)) => Next,
        }
    }
}

impl World {
    fn is_cache_up(&self, cache: CacheId) -> bool {
        self.ctx.health(self.topology.cache_component(cache)).is_up()
    }

    pub(super) fn start_look_up(&mut self, id: VisitId) -> Progress {
        let visit = &mut self.visits[id];
        let instance = visit.instance;
        let Some(cache) = self.topology.instances[instance.index()].cache else { return Next };
        visit.cache = cache;
        if visit.flight.is_some() {
            self.give_up_flight(id);
        }
        let visit = &mut self.visits[id];
        // (An operation under a policy asks for the same key in all its tries.)
        if !visit.is_operation {
            visit.key = NO_KEY;
        }
        if self.has_pool(id, Pooled::Cache) { self.ask_pool(id, Pooled::Cache) } else { self.send_look_up(id) }
    }

    pub(super) fn send_look_up(&mut self, id: VisitId) -> Progress {
        let visit = &mut self.visits[id];
        visit.stage = Stage::Sent;
        let (instance, cache) = (visit.instance, visit.cache);
        let (from, to) = (Place::instance(instance), Place::cache(cache));
        if self.send_message(id, &[Hop::ServiceCache], from, to) { self.look_up_arrived(id) } else { Waits }
    }

    pub(super) fn look_up_arrived(&mut self, id: VisitId) -> Progress {
        let now = self.ctx.now;
        let visit = &mut self.visits[id];
        visit.operation_start = now;
        visit.stage = Stage::Working;
        let cache = visit.cache;
        let component = self.topology.cache_component(cache);
        if let Some(cause) = self.refusal(component, Cause::CacheDown, Cause::CacheError) {
            return self.fail_look_up(id, cause);
        }
        // Any number of look-ups may wait, so none is refused.
        match self.caches[cache.index()].facility.enter(now, id) {
            Entry::Started => self.begin_look_up(id, cache),
            Entry::Queued | Entry::Full => self.begin_wait(id),
        }
        Waits
    }

    fn begin_look_up(&mut self, id: VisitId, cache: CacheId) {
        let time = self.topology.caches[cache.index()].operation.sample(&mut self.caches[cache.index()].operations);
        let time = self.ctx.health(self.topology.cache_component(cache)).slowed(time);
        self.finish_after(id, time);
    }

    fn begin_waiting_look_up(&mut self, id: VisitId, cache: CacheId) {
        self.end_wait(id);
        self.begin_look_up(id, cache);
    }

    pub(super) fn look_up_finished(&mut self, id: VisitId) -> Progress {
        let now = self.ctx.now;
        self.spend(id, Phase::Cache);
        let visit = &self.visits[id];
        let cache = visit.cache;
        let next = self.next_wanted(|world| world.caches[cache.index()].facility.leave(world.ctx.now));
        if let Some(next) = next {
            self.begin_waiting_look_up(next, cache);
        }
        let state = &mut self.caches[cache.index()];
        let described = &self.topology.caches[cache.index()];
        if state.failures.chance(described.fail_prob) {
            return self.fail_look_up(id, Cause::CacheError);
        }
        let (hit, key) = state.look_up(&described.content, self.visits[id].key, now);
        if !hit && described.content.has_single_flight() && !self.visits[id].is_cancelled {
            match state.flights.join(key, id) {
                Part::Leads(flight) => self.visits[id].flight = flight,
                Part::Follows => return self.follow(id, key),
            }
        }
        let outcome = self.end_look_up(id, hit, key);
        self.send_back(id, outcome, Hop::ServiceCache, Place::cache(cache))
    }

    /// A look-up is over, and has not failed.
    #[inline]
    pub(super) fn end_look_up(&mut self, id: VisitId, hit: bool, key: u32) -> Outcome {
        let visit = &mut self.visits[id];
        visit.key = if hit { NO_KEY } else { key };
        let state = &mut self.caches[visit.cache.index()];
        state.latency.add(self.ctx.now.since(visit.operation_start));
        state.hits += u64::from(hit);
        state.misses += u64::from(!hit);
        if hit { Outcome::Success } else { Outcome::Miss }
    }

    pub(super) fn look_up_returned(
        &mut self,
        id: VisitId,
        outcome: Outcome,
        on_error: OnCacheError,
        skip: u32,
    ) -> Progress {
        self.give_back_connection(id);
        on_error.after(outcome, skip)
    }

    pub(super) fn fail_look_up(&mut self, id: VisitId, cause: Cause) -> Progress {
        let cache = self.visits[id].cache;
        self.caches[cache.index()].failed += 1;
        self.send_back(id, Outcome::Failure(cause), Hop::ServiceCache, Place::cache(cache))
    }

    /// What a visit did not find in its cache it has now read: the cache is filled, in the background.
    pub(super) fn fill_cache(&mut self, id: VisitId) {
        let visit = &self.visits[id];
        let (cache, key) = (visit.cache, visit.key);
        if key == NO_KEY || !self.is_cache_up(cache) {
            return;
        }
        let state = &mut self.caches[cache.index()];
        if let (Some(keys), CacheContent::Keyed { ttl, .. }) =
            (&mut state.keys, &self.topology.caches[cache.index()].content)
        {
            keys.fill(key, self.ctx.now, *ttl, &mut state.content);
            self.land(id, cache, key);
        }
    }

    /// A visit will look something up: the key that it wants.
    pub(super) fn choose_key(&mut self, instance: InstanceId) -> u32 {
        let Some(cache) = self.topology.instances[instance.index()].cache else { return NO_KEY };
        self.caches[cache.index()].draw_key(&self.topology.caches[cache.index()].content)
    }

    /// A cache has gone down: whoever waits there fails at once, and what it held is lost.
    pub(super) fn turn_away_at_cache(&mut self, cache: CacheId) {
        if let Some(keys) = &mut self.caches[cache.index()].keys {
            keys.clear();
        }
        while let Some(id) = self.caches[cache.index()].facility.turn_away(self.ctx.now) {
            self.end_wait(id);
            let progress = self.fail_look_up(id, Cause::CacheDown);
            self.go_on(id, progress);
        }
        for id in self.caches[cache.index()].flights.clear() {
            self.spend(id, Phase::Cache);
            let progress = self.fail_look_up(id, Cause::CacheDown);
            self.go_on(id, progress);
        }
    }

    /// Takes note of changed numbers of a cache.
    pub(super) fn refresh_cache(&mut self, cache: CacheId) {
        let described = &self.topology.caches[cache.index()];
        let (connections, has_single_flight) = (described.connections, described.content.has_single_flight());
        self.caches[cache.index()].change_content(&described.content);
        self.caches[cache.index()].facility.resize(connections, None, Order::Fifo);
        while let Some(next) = self.caches[cache.index()].facility.start_next(self.ctx.now) {
            self.begin_waiting_look_up(next, cache);
        }
        if !has_single_flight {
            self.caches[cache.index()].flights.clear().for_each(|id| self.answer_follower(id, false, Flight::NONE));
        }
    }
}
