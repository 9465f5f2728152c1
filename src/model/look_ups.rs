//! Look-ups: how visits ask their caches.

use super::{
    keys::NO_KEY,
    network::Place,
    topology::{Hop, InstanceId, OnCacheError},
    visit::{Outcome, Pooled, Stage, Visit, VisitId},
    visits::Progress::{self, Fails, Next, Skip, Waits},
    world::World,
};

impl OnCacheError {
    /// What comes after a look-up that ended so; a hit skips so many steps.
    pub(super) fn after(self, outcome: Outcome, skip: u32) -> Progress {
        match (self, outcome) {
            (_, Outcome::Success | Outcome::Refresh) => Skip(skip),
            (Self::Fail, Outcome::Failure(cause)) => Fails(cause),
            (_, Outcome::Miss) | (Self::FallBack, Outcome::Failure(_)) => Next,
        }
    }
}

impl World {
    pub(super) fn start_look_up(&mut self, id: VisitId) -> Progress {
        let instance = self.ctx.visits[id].instance;
        let Some(cache) = self.topology.instances[instance.index()].cache else { return Next };
        if self.ctx.visits[id].holds.flight.is_some() {
            self.give_up_flight(id);
        }
        let visit = &mut self.ctx.visits[id];
        visit.cache = cache;
        // (An operation under a policy asks for the same key in all its tries.)
        if !visit.is_operation {
            visit.key = NO_KEY;
        }
        if self.has_pool(id, Pooled::Cache) { self.ask_pool(id, Pooled::Cache) } else { self.send_look_up(id) }
    }

    pub(super) fn send_look_up(&mut self, id: VisitId) -> Progress {
        let visit = &mut self.ctx.visits[id];
        visit.stage = Stage::Sent;
        let (from, to) = (Place::instance(visit.instance), Place::cache(visit.cache));
        if self.send_message(id, &[Hop::ServiceCache], from, to) { self.look_up_arrived(id) } else { Waits }
    }

    pub(super) fn look_up_arrived(&mut self, id: VisitId) -> Progress {
        let cache = self.ctx.visits[id].cache;
        let reply = self.caches[cache.index()].ask(&mut self.ctx, id);
        self.answered(id, reply, (Hop::ServiceCache, Place::cache(cache)))
    }

    pub(super) fn look_up_finished(&mut self, id: VisitId) -> Progress {
        let cache = self.ctx.visits[id].cache;
        let reply = self.caches[cache.index()].finished(&mut self.ctx, id);
        if self.ctx.visits[id].stage == Stage::Following {
            // (Who waits for somebody else needs no connection meanwhile.)
            self.give_back_connection(id);
        }
        self.answered(id, reply, (Hop::ServiceCache, Place::cache(cache)))
    }

    pub(super) fn look_up_returned(
        &mut self,
        id: VisitId,
        outcome: Outcome,
        on_error: OnCacheError,
        skip: u32,
    ) -> Progress {
        self.give_back_connection(id);
        let &Visit { step, is_operation, .. } = &self.ctx.visits[id];
        // (A try of an operation brings that to the visit that asked.)
        if outcome == Outcome::Refresh && !is_operation {
            self.begin_refresh(id, (step + 1, step + skip));
        }
        on_error.after(outcome, skip)
    }

    /// What a visit did not find in its cache it has now read. (What is read for an instance that is dead gets nowhere.)
    #[inline]
    pub(super) fn fill_cache(&mut self, id: VisitId) {
        let visit = &self.ctx.visits[id];
        if visit.key != NO_KEY && !visit.is_ghost {
            let cache = visit.cache;
            self.caches[cache.index()].fill(&mut self.ctx, id);
        }
    }

    /// A visit will look something up: the key that it wants.
    pub(super) fn choose_key(&mut self, instance: InstanceId) -> u32 {
        let Some(cache) = self.topology.instances[instance.index()].cache else { return NO_KEY };
        self.caches[cache.index()].draw_key(&self.ctx)
    }

    /// A visit will not bring the key that it fetches for others.
    pub(super) fn give_up_flight(&mut self, id: VisitId) {
        let cache = self.ctx.visits[id].cache;
        self.caches[cache.index()].give_up_flight(&mut self.ctx, id);
        self.hand_on();
    }
}
