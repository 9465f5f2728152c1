//! A server: the workers of an instance, and who waits for them.

use super::{
    admission::Gate,
    cause::Cause,
    context::Context,
    facility::Facility,
    plan::{SERVICE_TIME, Step},
    post::Reply,
    topology::{Discipline, Holds, InstanceId, Service, ServiceId, Topology},
    visit::{Outcome, Phase, Stage, VisitId},
};
use crate::engine::{
    codel::CodelState,
    random::Stream,
    sharing::Sharing,
    station::{Entry, Order},
    time::{Duration, SimTime},
};

/// The workers of an instance.
#[derive(Clone, Debug)]
pub struct Server {
    pub(super) id: InstanceId,
    pub(super) service: ServiceId,
    /// Whom it lets in, if not everybody.
    pub gate: Option<Box<Gate>>,
    /// Its workers, unless they are shared.
    pub facility: Facility,
    /// Its workers, if they are shared; and all those at work, if they slow each other down.
    pub(super) sharing: Sharing<VisitId>,
    /// Those of them that have a worker of their own.
    pub(super) guests: u32,
    /// Whether they are.
    pub(super) is_shared: bool,
    /// Whether those of a higher class are served first.
    is_ranked: bool,
    /// What drops those who have waited, if something does.
    codel: Option<CodelState>,
    times: Stream,
    /// How long visits wait for a worker.
    patience: Stream,
    failures: Stream,
}

impl Server {
    /// That of an instance, idle.
    pub fn new(seed: u64, topology: &Topology, id: InstanceId) -> Self {
        let name = topology.component_name(topology.instance_component(id));
        let service_id = topology.instances[id.index()].service;
        let service = &topology.services[service_id.index()];
        Self {
            id,
            service: service_id,
            gate: service.admission.as_ref().map(|admission| Box::new(Gate::new(admission, SimTime::ZERO))),
            facility: Facility::new(service.workers, service.queue_limit, order(service.discipline)),
            sharing: new_sharing(service),
            guests: 0,
            is_shared: service.discipline == Discipline::ProcessorSharing,
            is_ranked: service.discipline == Discipline::Priority,
            codel: service.codel.map(|_| CodelState::default()),
            times: Stream::new(seed, name, "service"),
            patience: Stream::new(seed, name, "patience"),
            failures: Stream::new(seed, name, "failures"),
        }
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.facility.restart(now);
        self.gate.iter_mut().for_each(|gate| gate.restart(now));
    }

    /// Whether it is at nothing.
    pub fn is_idle(&self) -> bool {
        self.facility.in_service() == 0 && self.sharing.is_empty()
    }

    #[inline]
    pub(super) fn described<'c>(&self, ctx: &'c Context) -> &'c Service {
        &ctx.topology.services[self.service.index()]
    }

    /// A visit is to be processed.
    #[inline]
    pub fn ask(&mut self, ctx: &mut Context, id: VisitId) -> Reply {
        match self.refusal(ctx, id) {
            Some(cause) => Reply::Now(Outcome::Failure(cause)),
            None => self.enter(ctx, id),
        }
    }

    /// Why it does not even begin with a visit.
    #[inline(always)]
    pub fn refusal(&self, ctx: &mut Context, id: VisitId) -> Option<Cause> {
        let component = ctx.topology.instance_component(self.id);
        let refusal = ctx.refusal(component, Cause::InstanceDown, Cause::ServiceError)?;
        // An error is an answer: the instance has had the request.
        ctx.visits[id].has_begun |= refusal == Cause::ServiceError;
        Some(refusal)
    }

    /// A visit that is not refused is to be worked on.
    #[inline]
    pub fn enter(&mut self, ctx: &mut Context, id: VisitId) -> Reply {
        let visit = &mut ctx.visits[id];
        visit.stage = Stage::Working;
        if visit.holds.worker || visit.borrows_worker {
            self.begin(ctx, id);
            return Reply::Later;
        }
        if self.is_shared {
            return self.enter_shared(ctx, id);
        }
        // (It may have shared the workers at an earlier step.)
        visit.shares_workers = false;
        let entry = match self.is_ranked {
            true => self.enter_ranked(ctx, id),
            false => self.facility.enter(ctx.now, id),
        };
        match entry {
            Entry::Started => self.begin(ctx, id),
            Entry::Queued => self.line_up(ctx, id),
            Entry::Full => return Reply::Now(Outcome::Failure(Cause::QueueFull)),
        }
        Reply::Later
    }

    /// A visit enters where higher classes are served first. If there is no place, the lowest class is shed.
    #[inline(never)]
    fn enter_ranked(&mut self, ctx: &mut Context, id: VisitId) -> Entry {
        let (visits, class) = (&ctx.visits, ctx.visits[id].class);
        let (entry, shed) = self.facility.enter_ranked(ctx.now, id, |&other| visits[other].class <= class);
        if let Some(shed) = shed {
            ctx.drop(shed, Cause::Shed);
        }
        entry
    }

    /// A visit waits for a worker, as long as it may.
    #[inline(never)]
    fn line_up(&mut self, ctx: &mut Context, id: VisitId) {
        ctx.begin_wait(id);
        if let Some(longest_wait) = &self.described(ctx).longest_wait {
            let longest = longest_wait.sample(&mut self.patience);
            ctx.wait_at_most(id, longest);
        }
    }

    /// A worker begins with a visit.
    #[inline(always)]
    fn begin(&mut self, ctx: &mut Context, id: VisitId) {
        let mut time = self.draw_work(ctx, id);
        // (Among others it stands still with them.)
        if ctx.pausing > 0 && self.sharing.scalability().is_none() {
            time += ctx.hosts[self.id.index()].pace.rest(ctx.now);
        }
        ctx.visits[id].has_begun = true;
        self.work_on(ctx, id, time);
    }

    /// How long a visit is processed if nobody slows it down.
    #[inline]
    pub(super) fn draw_work(&mut self, ctx: &Context, id: VisitId) -> Duration {
        let service = self.described(ctx);
        let time = match ctx.topology.steps[ctx.visits[id].step as usize] {
            Step::Process { time } if time != SERVICE_TIME => &ctx.topology.times[time as usize],
            _ => &service.service_time,
        };
        let mut time = time.sample(&mut self.times);
        let release = ctx.hosts[self.id.index()].presence.release;
        if let Some(release) = service.lifecycle.release(release) {
            time = time.scaled(release.factor);
        }
        ctx.health(ctx.topology.instance_component(self.id)).slowed(time)
    }

    /// A worker, which the visit has for itself, needs so long for it if nothing slows it down.
    #[inline]
    pub(super) fn work_on(&mut self, ctx: &mut Context, id: VisitId, time: Duration) {
        match self.sharing.scalability() {
            None => ctx.finish_after(id, time),
            Some(_) => self.work_among_others(ctx, id, time),
        }
    }

    /// Processing of a visit has taken its time.
    #[inline]
    pub fn finished(&mut self, ctx: &mut Context, id: VisitId) -> Reply {
        ctx.spend(id, Phase::Processing);
        let holds = self.described(ctx).holds;
        let visit = &mut ctx.visits[id];
        match holds {
            _ if visit.borrows_worker => {}
            Holds::Request if !visit.shares_workers => visit.holds.worker = true,
            _ => self.leave(ctx, id),
        }
        let fail_prob = self.fail_prob(ctx);
        self.end(fail_prob)
    }

    /// A login has taken its time.
    pub fn login_finished(&mut self, ctx: &mut Context, id: VisitId) -> Reply {
        ctx.spend(id, Phase::Auth);
        self.leave(ctx, id);
        let fail_prob = self.described(ctx).fail_prob;
        self.end(fail_prob)
    }

    #[inline]
    fn end(&mut self, fail_prob: f64) -> Reply {
        let fails = self.failures.chance(fail_prob);
        Reply::Now(if fails { Outcome::Failure(Cause::ServiceError) } else { Outcome::Success })
    }

    /// Probability that processing fails, which depends on the release.
    #[inline]
    fn fail_prob(&self, ctx: &Context) -> f64 {
        let service = self.described(ctx);
        match ctx.hosts[self.id.index()].presence.release {
            0 => service.fail_prob,
            number => service.lifecycle.release(number).and_then(|it| it.fail_prob).unwrap_or(service.fail_prob),
        }
    }

    /// A visit gives its worker back: the next one that waits begins. (Those who share workers have none of their own.)
    #[inline]
    fn leave(&mut self, ctx: &mut Context, id: VisitId) {
        if !ctx.visits[id].shares_workers {
            self.free_worker(ctx);
        }
    }

    /// A worker is free: the next visit that waits, and is still wanted, has it.
    #[inline]
    pub fn free_worker(&mut self, ctx: &mut Context) {
        let next = match self.codel {
            None => ctx.next_wanted(&mut self.facility),
            Some(_) => self.next_undropped(ctx),
        };
        if let Some(next) = next {
            self.begin_waiting(ctx, next);
        } else if self.is_shared {
            self.share_free_workers(ctx);
        }
    }

    fn begin_waiting(&mut self, ctx: &mut Context, id: VisitId) {
        ctx.end_wait(id);
        self.begin(ctx, id);
    }

    /// A worker is free, and who comes out of the queue may be dropped instead of having it.
    #[inline(never)]
    fn next_undropped(&mut self, ctx: &mut Context) -> Option<VisitId> {
        loop {
            let next = self.facility.leave(ctx.now);
            let is_last = self.facility.waiting() == 0;
            // (With nobody in the queue waits are short.)
            let waited = next.map_or(Duration::ZERO, |id| ctx.now.since(ctx.visits[id].since));
            let is_dropped = match (&mut self.codel, &ctx.topology.services[self.service.index()].codel) {
                (Some(state), Some(codel)) => state.drops(codel, ctx.now, waited, is_last),
                _ => false,
            };
            let next = next?;
            match is_dropped {
                true => ctx.drop(next, Cause::Codel),
                false if ctx.is_late(next) => ctx.drop(next, Cause::Deadline),
                false => return Some(next),
            }
        }
    }

    /// A visit does not wait for a worker any more.
    pub fn withdraw(&mut self, ctx: &Context, id: VisitId) {
        self.facility.withdraw(ctx.now, id);
    }

    /// It has gone down: whoever waits there fails at once.
    pub fn went_down(&mut self, ctx: &mut Context) {
        while let Some(id) = self.facility.turn_away(ctx.now) {
            ctx.drop(id, Cause::InstanceDown);
        }
    }

    /// It has lost a visit that it was at.
    pub fn lose(&mut self, ctx: &Context, id: VisitId) {
        let visit = &ctx.visits[id];
        if !(visit.shares_workers || visit.holds.worker || visit.borrows_worker) {
            self.facility.leave(ctx.now);
        }
    }

    /// What it is at takes `ratio` times what is left of its time, beyond the rest of a pause.
    pub fn change_pace(&mut self, ctx: &mut Context, rest: Duration, ratio: f64) {
        self.sharing.scale(ctx.now, ratio);
        self.refresh_shares(ctx);
        if self.sharing.scalability().is_some() {
            // All those at work are in there.
            return;
        }
        for (id, _) in self.working_alone(ctx) {
            let left = ctx.visits[id].until.since(ctx.now + rest);
            ctx.finish_after(id, rest + left.scaled(ratio));
        }
    }

    /// It stands still for so long: what it is at ends so much later.
    pub fn delay(&mut self, ctx: &mut Context, length: Duration) {
        self.refresh_shares(ctx);
        if self.sharing.scalability().is_some() {
            return;
        }
        for (id, left) in self.working_alone(ctx) {
            ctx.finish_after(id, left + length);
        }
    }

    /// The visits that have a worker at work for them alone, with the time that it still needs.
    pub(super) fn working_alone(&self, ctx: &Context) -> Vec<(VisitId, Duration)> {
        let at_work = ctx.working_at(ctx.topology.instance_component(self.id)).into_iter();
        let alone = at_work.filter(|&id| !ctx.visits[id].shares_workers);
        alone.map(|id| (id, ctx.visits[id].until.since(ctx.now))).collect()
    }

    /// It has lost all that it was at, and begins with nothing.
    pub fn begin_anew(&mut self, ctx: &mut Context) {
        if self.is_shared {
            self.share_free_workers(ctx);
        }
        self.renew_gate(ctx);
    }

    /// Takes note of changed workers, and of who is served next.
    pub fn refresh(&mut self, ctx: &mut Context) {
        let service = self.described(ctx);
        let (workers, limit, discipline) = (service.workers, service.queue_limit, service.discipline);
        self.codel = service.codel.map(|_| self.codel.unwrap_or_default());
        self.is_ranked = discipline == Discipline::Priority;
        self.facility.resize(workers, limit, order(discipline));
        match (self.is_shared, discipline == Discipline::ProcessorSharing) {
            (true, true) => self.share_free_workers(ctx),
            (false, true) => self.begin_sharing(ctx),
            (true, false) => self.end_sharing(ctx),
            (false, false) => {}
        }
        self.change_scalability(ctx);
        if discipline != Discipline::ProcessorSharing {
            while let Some(next) = self.facility.start_next(ctx.now) {
                self.begin_waiting(ctx, next);
            }
        }
    }
}

fn new_sharing(service: &Service) -> Sharing<VisitId> {
    let is_shared = service.discipline == Discipline::ProcessorSharing;
    Sharing::new(service.workers.filter(|_| is_shared)).with_scalability(service.scalability.clone())
}

fn order(discipline: Discipline) -> Order {
    match discipline {
        Discipline::Lifo => Order::Lifo,
        Discipline::AdaptiveLifo(after) => Order::Adaptive(after),
        Discipline::Fifo | Discipline::Priority | Discipline::ProcessorSharing => Order::Fifo,
    }
}

#[cfg(test)]
mod tests;
