//! Processing and logins: how visits are worked on by the instance that they are at.

use super::{
    cause::Cause,
    post::Reply,
    topology::InstanceId,
    visit::{Outcome, VisitId},
    visits::Progress::{self, Fails, Next, Waits},
    world::World,
};
use crate::engine::time::SimTime;

impl World {
    pub(super) fn start_login(&mut self, id: VisitId) -> Progress {
        let visit = &self.ctx.visits[id];
        let instance = visit.instance;
        if let Some(cause) = self.instances[instance.index()].server.refusal(&mut self.ctx, id) {
            return Fails(cause);
        }
        let visit = &self.ctx.visits[id];
        if self.groups[visit.group.index()].population.has_session(visit.user, self.ctx.now) {
            return Next;
        }
        let reply = self.instances[instance.index()].server.enter(&mut self.ctx, id);
        self.served(reply)
    }

    #[inline]
    pub(super) fn start_process(&mut self, id: VisitId) -> Progress {
        let instance = self.ctx.visits[id].instance;
        let reply = self.instances[instance.index()].server.ask(&mut self.ctx, id);
        self.served(reply)
    }

    #[inline]
    pub(super) fn process_finished(&mut self, id: VisitId) -> Progress {
        let instance = self.ctx.visits[id].instance;
        let reply = self.instances[instance.index()].server.finished(&mut self.ctx, id);
        self.served(reply)
    }

    /// What an instance has said to a visit that is there, so that no answer has to travel.
    #[inline]
    fn served(&mut self, reply: Reply) -> Progress {
        self.hand_on();
        match reply {
            Reply::Later => Waits,
            Reply::Now(Outcome::Failure(cause)) => Fails(cause),
            Reply::Now(_) => Next,
        }
    }

    pub(super) fn login_finished(&mut self, id: VisitId) -> Progress {
        let visit = &self.ctx.visits[id];
        let (instance, group, user) = (visit.instance, visit.group, visit.user);
        let reply = self.instances[instance.index()].server.login_finished(&mut self.ctx, id);
        if let Fails(cause) = self.served(reply) {
            return Fails(cause);
        }
        let Some(auth) = &self.topology.auth else { return Next };
        if !self.logins.chance(auth.success_prob) {
            return Fails(Cause::LoginFailed);
        }
        let end = auth.session_ttl.map_or(SimTime::NEVER, |ttl| self.ctx.now + ttl);
        self.groups[group.index()].population.open_session(user, end);
        Next
    }

    /// One of those who share an instance's workers, or slow each other down, is done.
    pub(super) fn on_sharing_departure(&mut self, instance: InstanceId, epoch: u32) {
        if let Some(id) = self.instances[instance.index()].server.depart(&mut self.ctx, epoch) {
            self.on_finished(id);
        }
    }

    /// A visit that has its instance's worker gives it back.
    #[inline]
    pub(super) fn free_worker(&mut self, instance: InstanceId) {
        self.instances[instance.index()].server.free_worker(&mut self.ctx);
        self.hand_on();
    }
}
