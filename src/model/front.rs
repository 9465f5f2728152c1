//! The front of a service: its balancer, what that believes of the instances, and the line of those who wait for one.

use super::{
    balancer::{Balancer, Candidate},
    cause::Cause,
    choosing::Asked,
    connections::IdleTogether,
    context::Context,
    event::Event,
    facility::Facility,
    knowledge::Beliefs,
    post::Reply,
    topology::{Instance, InstanceId, Service, ServiceId},
    visit::{Outcome, Stage, VisitId},
};
use crate::{
    engine::{
        station::{Entry, Order},
        time::{Duration, SimTime},
    },
    stats::{headcount::Headcount, time_weighted::TimeWeighted},
};

/// The front of a service.
#[derive(Clone, Debug)]
pub struct Front {
    pub(super) id: ServiceId,
    pub(super) balancer: Balancer,
    /// What the balancer believes of the instances.
    pub(super) beliefs: Beliefs,
    /// How often it has taken one that it asked until then to be down.
    pub ejections: u64,
    /// Where requests wait until an instance has room: a station that serves nobody itself.
    pub line: Facility,
    /// Requests that it has refused since all that were up had as many as they are given.
    pub turned_away: u64,
    /// Idle connections, if they are kept to all instances together.
    pub(super) idle: IdleTogether,
    /// Number of instances that are up, over time.
    pub up: TimeWeighted,
    /// Number of instances, over time.
    pub headcount: Headcount,
    /// 1 while at least one is up, over time.
    pub any_up: TimeWeighted,
}

impl Front {
    /// That of a service of which so many instances are there, all of them up.
    pub fn new(seed: u64, id: ServiceId, service: &Service, there: usize) -> Self {
        Self {
            id,
            balancer: Balancer::new(seed, &service.name),
            beliefs: Beliefs::new(service, 0),
            ejections: 0,
            line: Facility::new(Some(0), service.line.and_then(|line| line.limit), Order::Fifo),
            turned_away: 0,
            idle: IdleTogether::default(),
            up: TimeWeighted::new(there as f64),
            headcount: Headcount::new(there),
            any_up: TimeWeighted::new(1.0),
        }
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        (self.ejections, self.turned_away) = (0, 0);
        self.line.restart(now);
        self.up.restart(now);
        self.any_up.restart(now);
        self.headcount.restart(now);
    }

    #[inline]
    pub(super) fn described<'c>(&self, ctx: &'c Context) -> &'c Service {
        &ctx.topology.services[self.id.index()]
    }

    /// It looks for the first time at who is there.
    pub fn begin(&mut self, ctx: &mut Context) {
        self.begin_to_learn(ctx);
        self.refresh(ctx);
    }

    /// Takes note of who is up, and gives those who wait to whoever has room now.
    pub fn refresh(&mut self, ctx: &mut Context) {
        let service = self.described(ctx);
        let is_up = |instance| ctx.is_instance_up(instance);
        let is_ready = |instance: InstanceId| ctx.hosts[instance.index()].presence.is_ready();
        let ready = service.instances.iter().filter(|&&instance| is_ready(instance));
        let up = ready.clone().filter(|&&instance| is_up(instance)).count();
        let there = ready.count();
        self.beliefs.set_ready(there);
        let beliefs = &self.beliefs;
        let is_believed_up = |instance| beliefs.is_up(service.knowledge, instance, ctx.now, is_up);
        let panics = service.balancing.panic_threshold > 0.0 && {
            let believed = service.instances.iter().filter(|&&it| is_ready(it) && is_believed_up(it)).count();
            (believed as f64) < service.balancing.panic_threshold * there as f64
        };
        let candidates = service.instances.iter().map(|&instance| {
            let Instance { weight, is_backup, .. } = ctx.topology.instances[instance.index()];
            let is_up = is_ready(instance) && (panics || is_believed_up(instance));
            Candidate { instance, weight, is_backup, is_up, active: ctx.hosts[instance.index()].active }
        });
        self.balancer.refresh(service.balancing, ctx.now, candidates);
        self.up.set(ctx.now, up as f64);
        self.headcount.set(ctx.now, there);
        self.any_up.set(ctx.now, f64::from(u8::from(up > 0)));
        self.let_in(ctx);
    }

    /// Takes note of changed numbers.
    pub fn refresh_numbers(&mut self, ctx: &mut Context) {
        let limit = self.described(ctx).line.and_then(|line| line.limit);
        self.line.resize(Some(0), limit, Order::Fifo);
        self.idle.keep(self.described(ctx).keep_alive);
        self.refresh(ctx);
    }

    /// Chooses an instance for somebody, whom those have failed already whose bits are set; `None` if none may be asked.
    #[inline]
    pub fn choose(&mut self, ctx: &mut Context, asked: Asked, tried: u64) -> Option<InstanceId> {
        let instance = match tried {
            0 => self.balancer.choose(asked),
            tried => {
                let service = self.described(ctx);
                self.balancer.choose_other(asked, |instance| tried & service.bit_of(instance) != 0)
            }
        }?;
        self.take(ctx, instance);
        Some(instance)
    }

    /// An instance has been chosen.
    #[inline]
    fn take(&mut self, ctx: &mut Context, instance: InstanceId) {
        if self.beliefs.learns() {
            self.note_chosen(ctx, instance);
        }
        let host = &mut ctx.hosts[instance.index()];
        host.set_active(ctx.now, host.active + 1);
    }

    /// A visit to an instance is over, after so long.
    #[inline]
    pub fn release(&mut self, ctx: &mut Context, instance: InstanceId, took: Duration) {
        self.balancer.release(instance, took, ctx.now);
        let host = &mut ctx.hosts[instance.index()];
        host.set_active(ctx.now, host.active.saturating_sub(1));
    }

    /// A visit without an instance waits for one.
    #[cold]
    pub fn line_up(&mut self, ctx: &mut Context, id: VisitId) -> Reply {
        if self.line.enter(ctx.now, id) == Entry::Full {
            self.turned_away += 1;
            return Reply::Now(Outcome::Failure(Cause::QueueFull));
        }
        ctx.begin_wait(id);
        if let Some(longest_wait) = self.described(ctx).line.and_then(|line| line.longest_wait) {
            ctx.wait_at_most(id, longest_wait);
        }
        Reply::Later
    }

    /// A visit waits for an instance no longer.
    pub fn withdraw(&mut self, ctx: &Context, id: VisitId) {
        self.line.withdraw(ctx.now, id);
    }

    /// Somebody may have room: those who wait longest are given instances, as long as there is one. They go on by an event
    /// each: whoever has made room is in the middle of something.
    #[inline]
    pub fn let_in(&mut self, ctx: &mut Context) {
        if self.line.waiting() > 0 {
            self.let_all_in(ctx);
        }
    }

    #[inline(never)]
    fn let_all_in(&mut self, ctx: &mut Context) {
        while self.balancer.has_other(|_| false) {
            let Some(next) = self.line.turn_away(ctx.now) else { return };
            match ctx.is_late(next) {
                true => ctx.wait_at_most(next, Duration::ZERO),
                false => self.give_instance(ctx, next),
            }
        }
    }

    /// A visit has waited until now and is given an instance.
    fn give_instance(&mut self, ctx: &mut Context, visit: VisitId) {
        let waiting = &ctx.visits[visit];
        let asked = Asked::of(waiting.group, waiting.user, ctx.now);
        let Some(instance) = self.choose(ctx, asked, 0) else { return };
        ctx.end_wait(visit);
        let let_in = &mut ctx.visits[visit];
        (let_in.instance, let_in.stage) = (instance, Stage::Sent);
        let turn = let_in.next_turn();
        ctx.schedule(Duration::ZERO, Event::Connected(visit, turn));
    }
}
