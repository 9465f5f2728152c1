//! The line at a balancer: who finds all instances full waits here, as at HAProxy, until one of them has room. It is one line
//! for all of them, so nobody waits behind a slow one while another one is free.
//!
//! Who waits is a visit that has no instance yet, at its first step. It is not on its way yet either: handshakes and the way
//! come when it has been given an instance.

use super::{
    cause::Cause,
    choosing::Asked,
    event::Event,
    topology::ServiceId,
    visit::{Owner, Stage, Visit, VisitId},
    visit_end::End,
    visits::{
        Errand,
        Progress::{self, Fails, Waits},
    },
    world::World,
};
use crate::engine::{
    station::{Entry, Order},
    time::Duration,
};

impl World {
    /// Nobody can be visited: the visit waits for that where it may, or fails before it begins.
    #[cold]
    pub(super) fn begin_without_instance(
        &mut self,
        cause: Cause,
        owner: Owner,
        errand: &Errand,
        service: ServiceId,
    ) -> Option<VisitId> {
        if cause == Cause::NoInstance && self.services[service.index()].balancer.is_full() {
            if self.topology.services[service.index()].line.is_some() {
                return Some(self.begin_at(Visit::NO_INSTANCE, owner, errand, service));
            }
            self.services[service.index()].turned_away += 1;
        }
        self.refuse(cause, owner, errand, service);
        None
    }

    /// A visit without an instance waits for one.
    #[cold]
    pub(super) fn line_up(&mut self, id: VisitId) -> Progress {
        let service = self.ctx.visits[id].service.index();
        if self.services[service].line.enter(self.ctx.now, id) == Entry::Full {
            self.services[service].turned_away += 1;
            if self.ctx.visits[id].trace.is_traced() {
                self.trace_failure(id, Cause::QueueFull);
            }
            return Fails(Cause::QueueFull);
        }
        self.ctx.begin_wait(id);
        let longest_wait = self.topology.services[service].line.and_then(|line| line.longest_wait);
        if let Some(longest_wait) = longest_wait {
            self.ctx.wait_at_most(id, longest_wait);
        }
        Waits
    }

    /// Somebody may have room: those who wait longest are given instances, as long as there is one. Nobody's visit goes on or
    /// ends here, but by an event of its own: whoever has made room is in the middle of something.
    #[inline(never)]
    pub(super) fn let_in_line(&mut self, id: ServiceId) {
        while self.services[id.index()].balancer.has_other(|_| false) {
            let Some(next) = self.services[id.index()].line.turn_away(self.ctx.now) else { return };
            match self.ctx.is_late(next) {
                true => self.ctx.wait_at_most(next, Duration::ZERO),
                false => self.give_instance(id, next),
            }
        }
    }

    /// A visit has waited until now and is given an instance.
    fn give_instance(&mut self, id: ServiceId, visit: VisitId) {
        let waiting = &self.ctx.visits[visit];
        let asked = Asked::of(waiting.group, waiting.user, self.ctx.now);
        let Some(instance) = self.services[id.index()].balancer.choose(asked) else { return };
        self.take_instance(id, instance);
        self.ctx.end_wait(visit);
        let let_in = &mut self.ctx.visits[visit];
        (let_in.instance, let_in.stage) = (instance, Stage::Sent);
        let turn = let_in.next_turn();
        self.ctx.schedule(Duration::ZERO, Event::Connected(visit, turn));
    }

    /// A visit is over that has never been given an instance.
    #[cold]
    pub(super) fn complete_in_line(&mut self, id: VisitId) -> Progress {
        let end = End::of(&self.ctx.visits[id]);
        self.ctx.visits.remove(id);
        self.end_visit(id, &end);
        Waits
    }

    /// Takes note of changed numbers of the line.
    pub(super) fn refresh_line(&mut self, id: ServiceId) {
        let limit = self.topology.services[id.index()].line.and_then(|line| line.limit);
        self.services[id.index()].line.resize(Some(0), limit, Order::Fifo);
    }
}
