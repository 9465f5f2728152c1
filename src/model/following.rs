//! Who misses a key that somebody else is fetching waits for him: what visits do in a cache's [`flights`](super::flights).

use super::{
    flights::Flight,
    network::Place,
    topology::{CacheContent, CacheId, Hop},
    visit::{Phase, Stage, VisitId},
    visits::{
        NO_KEY,
        Progress::{self, Waits},
    },
    world::World,
};
use crate::engine::time::Duration;

impl CacheContent {
    /// Whether one fetches a key for all who miss it.
    pub fn has_single_flight(&self) -> bool {
        self.longest_wait().is_some()
    }

    fn longest_wait(&self) -> Option<Duration> {
        match self {
            Self::Keyed { single_flight, .. } => *single_flight,
            Self::HitProb(_) => None,
        }
    }
}

impl World {
    /// A visit waits for who fetches the key that it has missed.
    pub(super) fn follow(&mut self, id: VisitId, key: u32) -> Progress {
        let visit = &mut self.visits[id];
        (visit.stage, visit.key) = (Stage::Following, key);
        let cache = visit.cache;
        // (Who waits needs no connection meanwhile.)
        self.give_back_connection(id);
        let longest_wait = self.topology.caches[cache.index()].content.longest_wait();
        self.wait_at_most(id, longest_wait.unwrap_or(Duration::ZERO));
        Waits
    }

    /// A visit has brought a key into a cache: whoever waits for that has it.
    pub(super) fn land(&mut self, id: VisitId, cache: CacheId, key: u32) {
        self.visits[id].flight = Flight::NONE;
        for follower in self.caches[cache.index()].flights.land(key) {
            let now = self.ctx.now;
            let hit = self.caches[cache.index()].holds(key, now);
            self.caches[cache.index()].coalesced += u64::from(hit);
            self.answer_follower(follower, hit, Flight::NONE);
        }
    }

    /// A visit will not bring the key that it fetches for others: the next of them does, who therefore misses it.
    pub(super) fn give_up_flight(&mut self, id: VisitId) {
        let visit = &mut self.visits[id];
        let (cache, key, flight) = (visit.cache, visit.key, std::mem::replace(&mut visit.flight, Flight::NONE));
        if let Some(next) = self.caches[cache.index()].flights.hand_over(key, flight) {
            self.answer_follower(next, false, flight);
        }
    }

    /// A visit has waited for somebody else as long as it may: it fetches the key for itself, and for nobody else.
    pub(super) fn fetch_alone(&mut self, id: VisitId) {
        self.withdraw(id);
        self.answer_follower(id, false, Flight::NONE);
        self.visits[id].key = NO_KEY;
    }

    /// A look-up that has waited for somebody else is answered. The answer is an event also if it takes no time, so that a
    /// long line of visits does not exhaust the stack.
    pub(super) fn answer_follower(&mut self, id: VisitId, hit: bool, flight: Flight) {
        self.spend(id, Phase::Cache);
        let key = self.visits[id].key;
        let outcome = self.end_look_up(id, hit, key);
        let visit = &mut self.visits[id];
        (visit.outcome, visit.flight) = (outcome, flight);
        let cache = visit.cache;
        self.return_by_event(id, Hop::ServiceCache, Place::cache(cache));
    }
}
