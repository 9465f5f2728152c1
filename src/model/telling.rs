//! Telling: how visits let their caches know of what they write, and how what a cache was told first gets to the database.

use super::{
    cause::Cause,
    flights::Flight,
    keys::{NO_KEY, is_unflushed},
    network::Place,
    topology::{Hop, OnCacheError, Told},
    visit::{Outcome, Phase, Pooled, Stage, VisitId},
    visits::Progress::{self, Fails, Next, Waits},
    world::World,
};
use crate::engine::time::Duration;

impl World {
    pub(super) fn start_tell(&mut self, id: VisitId, what: Told) -> Progress {
        let visit = &self.ctx.visits[id];
        let Some(cache) = self.topology.instances[visit.instance.index()].cache else { return Next };
        if what != Told::First && matches!(visit.outcome, Outcome::Failure(_)) {
            // Nothing has been written.
            return Next;
        }
        if visit.holds.flight.is_some() {
            self.give_up_flight(id);
        }
        let key = self.caches[cache.index()].key_to_write(&self.ctx);
        if what != Told::First {
            self.caches[cache.index()].outdate(key);
        }
        let visit = &mut self.ctx.visits[id];
        (visit.cache, visit.key) = (cache, key);
        match what {
            Told::Nothing => {
                visit.key = NO_KEY;
                Next
            }
            _ if self.has_pool(id, Pooled::Cache) => self.ask_pool(id, Pooled::Cache),
            _ => self.send_look_up(id),
        }
    }

    pub(super) fn tell_finished(&mut self, id: VisitId, what: Told) -> Progress {
        let cache = self.ctx.visits[id].cache;
        let reply = self.caches[cache.index()].told(&mut self.ctx, id, what);
        self.answered(id, reply, (Hop::ServiceCache, Place::cache(cache)))
    }

    pub(super) fn tell_returned(
        &mut self,
        id: VisitId,
        outcome: Outcome,
        on_error: OnCacheError,
        skip: u32,
    ) -> Progress {
        self.give_back_connection(id);
        let visit = &mut self.ctx.visits[id];
        let step = visit.step;
        // (Whoever has changed a key that waits already leaves it to that.)
        if visit.holds.flight.is_some()
            && let Some(apart) = self.begin_apart(id, (step + 1, step + skip))
        {
            self.run(apart);
        }
        self.ctx.visits[id].key = NO_KEY;
        on_error.after(outcome, skip)
    }

    /// What has been told to the cache waits for its time. (Whoever does not come from there goes on.)
    pub(super) fn start_flush(&mut self, id: VisitId) -> Progress {
        let visit = &mut self.ctx.visits[id];
        if !visit.holds.flight.is_some() {
            return Next;
        }
        visit.stage = Stage::Held;
        let used = &self.topology.services[visit.service.index()].cache;
        let after = used.as_ref().map_or(Duration::ZERO, |used| used.flush_after);
        self.ctx.finish_after(id, after);
        Waits
    }

    /// It is time to write it to the database, if the cache still has it.
    pub(super) fn flush_due(&mut self, id: VisitId) -> Progress {
        self.ctx.spend(id, Phase::Network);
        let visit = &mut self.ctx.visits[id];
        visit.stage = Stage::Sent;
        let (cache, key) = (visit.cache, visit.key);
        let flight = std::mem::replace(&mut visit.holds.flight, Flight::NONE);
        let is_there = self.caches[cache.index()].begin_flush(key, flight);
        if is_there { Next } else { Fails(Cause::CacheDown) }
    }

    /// A write is over: if it has failed that had been told to a cache first, it is lost.
    pub(super) fn note_flush(&mut self, id: VisitId, outcome: Outcome) {
        let visit = &self.ctx.visits[id];
        if matches!(outcome, Outcome::Failure(_)) && !visit.is_operation && is_unflushed(visit.key) {
            self.caches[visit.cache.index()].lose_flush();
        }
    }
}
