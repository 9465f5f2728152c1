//! The line at a balancer: who finds all instances full waits here, as at HAProxy, until one of them has room. It is one line
//! for all of them, so nobody waits behind a slow one while another one is free.
//!
//! Who waits is a visit that has no instance yet, at its first step. It is not on its way yet either: handshakes and the way
//! come when it has been given an instance.

use super::{
    cause::Cause,
    post::Reply,
    topology::ServiceId,
    visit::{Outcome, Owner, Visit, VisitId},
    visit_end::End,
    visits::{
        Errand,
        Progress::{self, Fails, Waits},
    },
    world::World,
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
        if cause == Cause::NoInstance && self.services[service.index()].front.balancer.is_full() {
            if self.topology.services[service.index()].line.is_some() {
                return Some(self.begin_at(Visit::NO_INSTANCE, owner, errand, service));
            }
            self.services[service.index()].front.turned_away += 1;
        }
        self.refuse(cause, owner, errand, service);
        None
    }

    /// A visit without an instance waits for one.
    #[cold]
    pub(super) fn line_up(&mut self, id: VisitId) -> Progress {
        let service = self.ctx.visits[id].service;
        match self.services[service.index()].front.line_up(&mut self.ctx, id) {
            Reply::Now(Outcome::Failure(cause)) => {
                if self.ctx.visits[id].trace.is_traced() {
                    self.trace_failure(id, cause);
                }
                Fails(cause)
            }
            _ => Waits,
        }
    }

    /// A visit is over that has never been given an instance.
    #[cold]
    pub(super) fn complete_in_line(&mut self, id: VisitId) -> Progress {
        let end = End::of(&self.ctx.visits[id]);
        self.ctx.visits.remove(id);
        self.end_visit(id, &end);
        Waits
    }
}
