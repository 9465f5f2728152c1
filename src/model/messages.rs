//! Messages of visits: there, back, and lost.

use super::{
    cause::Cause,
    event::Event,
    network::{Place, Trip},
    topology::Hop,
    visit::{Outcome, Stage, VisitId},
    visits::Progress::{self, Waits},
    world::World,
};
use crate::engine::time::Duration;

impl World {
    /// A visit's message will be there after so long.
    #[inline]
    pub(super) fn arrive_after(&mut self, id: VisitId, after: Duration) {
        let turn = self.ctx.visits[id].next_turn();
        self.ctx.schedule(after, Event::Arrived(id, turn));
    }

    /// The answer to a visit's operation will reach it after so long.
    #[inline]
    pub(super) fn return_after(&mut self, id: VisitId, after: Duration) {
        let turn = self.ctx.visits[id].next_turn();
        self.ctx.schedule(after, Event::Returned(id, turn));
    }

    /// Sends a visit's message over some hops; whether it is there at once. If not, an event will tell.
    #[inline(always)]
    pub(super) fn send_message(&mut self, id: VisitId, hops: &[Hop], from: Place, to: Place) -> bool {
        match self.ctx.network.travel(hops, from, to) {
            Trip::Arrived => return true,
            Trip::Takes(time) => self.arrive_after(id, time),
            Trip::Fails(after) => self.lose_message(id, after),
        }
        false
    }

    pub(super) fn lose_message(&mut self, id: VisitId, after: Duration) {
        self.ctx.visits[id].outcome = Outcome::Failure(Cause::Network);
        self.return_after(id, after);
    }

    /// An operation of a visit has ended: its outcome travels back to the instance.
    #[inline]
    pub(super) fn send_back(&mut self, id: VisitId, outcome: Outcome, hop: Hop, from: Place) -> Progress {
        let visit = &mut self.ctx.visits[id];
        visit.outcome = outcome;
        if let (true, Outcome::Failure(cause)) = (visit.trace.is_traced(), outcome) {
            self.trace_failure(id, cause);
        }
        let visit = &mut self.ctx.visits[id];
        visit.stage = Stage::Returning;
        let trip = self.ctx.network.travel(&[hop], from, Place::instance(visit.instance));
        match trip {
            Trip::Arrived => return self.returned(id),
            Trip::Takes(time) => self.return_after(id, time),
            Trip::Fails(after) => self.lose_message(id, after),
        }
        Waits
    }
}
