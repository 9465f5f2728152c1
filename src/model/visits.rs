//! Visits to services: each is a cursor over its service's plan, and this is what moves the cursor.
//!
//! A step starts, may send a message (`on_arrived` when it gets there), may
//! take its time (`on_finished`), and may send an answer (`on_returned`).
//! Whatever takes no time happens at once, without an event.

use super::{
    cause::Cause,
    choosing::Asked,
    exchange::{Asker, Exchange},
    network::{Place, Trip},
    plan::Step,
    topology::{EndpointId, GroupId, Hop, InstanceId, ServiceId},
    trace::Link,
    users::VISITS_MAX,
    visit::{Owner, Phase, Visit, VisitId},
    visit_end::End,
    world::World,
};
use crate::engine::time::{Duration, SimTime};

/// What to do with a visit now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Wait for an event.
    Waits,
    /// Go on with the next step.
    Next,
    /// Skip so many steps and go on with the one after them.
    Skip(u32),
    /// Give up: the visit fails, and says so to whoever waits for it.
    Fails(Cause),
}

use Progress::{Fails, Next, Skip, Waits};

impl World {
    /// Begins a visit to a service on somebody's behalf; the caller then lets it [`run`](Self::run). `None` if it has failed
    /// already, and whoever asked knows.
    #[inline]
    pub(super) fn begin_visit(&mut self, owner: Owner, service: ServiceId) -> Option<VisitId> {
        let errand = self.errand_of(owner)?;
        match self.admit(&errand, service) {
            Ok(instance) => Some(self.begin_at(instance, owner, &errand, service)),
            Err(cause) => self.begin_without_instance(cause, owner, &errand, service),
        }
    }

    /// What a visit inherits from whoever asks; `None` if nobody does.
    #[inline(always)]
    fn errand_of(&self, owner: Owner) -> Option<Errand> {
        let (Owner::Login(exchange) | Owner::Try(exchange)) = owner else { return None };
        let &Exchange { asker, endpoint, class, tried, group, user, is_read, number, trace, deadline, .. } =
            &self.exchanges[exchange];
        let endpoint =
            if matches!(owner, Owner::Login(_)) { self.login_endpoint().unwrap_or(endpoint) } else { endpoint };
        // (Who calls may have been given up meanwhile, and then is not traced any more.)
        let (asker, trace) = match asker {
            Asker::User(_) => (Visit::NO_INSTANCE, trace),
            Asker::Visit(caller, _) => (self.ctx.visits[caller].instance, self.ctx.visits[caller].trace),
        };
        Some(Errand { asker, endpoint, class, tried, group, user, is_read, request: number as u32, trace, deadline })
    }

    /// What a login asks for.
    fn login_endpoint(&self) -> Option<EndpointId> {
        let auth = self.topology.auth.as_ref()?;
        Some(self.topology.services[auth.service.index()].read)
    }

    /// The instance that is to be visited, or why none is.
    #[inline(always)]
    fn admit(&mut self, errand: &Errand, service: ServiceId) -> Result<InstanceId, Cause> {
        if self.ctx.visits.len() >= VISITS_MAX {
            return Err(Cause::SimulatorFull);
        }
        let visited = &self.topology.services[service.index()];
        if visited.requires_auth && !self.groups[errand.group.index()].population.has_session(errand.user, self.ctx.now)
        {
            return Err(Cause::Unauthorised);
        }
        let asked = Asked::of(errand.group, errand.user, self.ctx.now);
        let front = &mut self.services[service.index()].front;
        front.choose(&mut self.ctx, asked, errand.tried).ok_or(Cause::NoInstance)
    }

    #[inline(always)]
    pub(super) fn begin_at(
        &mut self,
        instance: InstanceId,
        owner: Owner,
        errand: &Errand,
        service: ServiceId,
    ) -> VisitId {
        let id = self.ctx.visits.insert(self.new_visit(instance, owner, errand, service));
        if errand.trace.is_traced() {
            self.trace_visit(id);
        }
        id
    }

    #[inline(always)]
    fn new_visit(&self, instance: InstanceId, owner: Owner, errand: &Errand, service: ServiceId) -> Visit {
        let &Errand { asker, endpoint, class, tried: _, group, user, is_read, request, trace, deadline } = errand;
        let asked = &self.topology.endpoints[endpoint.index()];
        Visit {
            owner,
            service,
            instance,
            asker,
            deadline,
            endpoint,
            class,
            step: asked.plan.start,
            last_step: asked.plan.end - 1,
            group,
            user,
            is_read,
            request,
            trace,
            ..Visit::blank(self.ctx.now)
        }
    }

    /// A visit that fails before it begins.
    #[cold]
    pub(super) fn refuse(&mut self, cause: Cause, owner: Owner, errand: &Errand, service: ServiceId) {
        let mut visit = self.new_visit(InstanceId(u32::MAX), owner, errand, service);
        visit.failure = Some(cause);
        if visit.trace.is_traced() {
            self.trace_refusal(&mut visit, cause);
        }
        let is_rejected = cause == Cause::Unauthorised && visit.is_for_user();
        self.totals.rejected += u64::from(is_rejected);
        self.end_visit(VisitId::NOTHING, &End::of(&visit));
    }

    /// Goes on with a visit whose present step has come so far.
    #[inline]
    pub(super) fn go_on(&mut self, id: VisitId, progress: Progress) {
        if progress == Waits {
            return;
        }
        if self.ctx.visits[id].is_cancelled {
            return self.end_cancelled(id);
        }
        self.move_on(id, progress);
        self.run(id);
    }

    /// Starts the present step, and those that follow it, until the visit has to wait, or is over.
    pub(super) fn run(&mut self, id: VisitId) {
        loop {
            match self.start_step(id) {
                Waits => return,
                progress => self.move_on(id, progress),
            }
        }
    }

    /// Moves the cursor on.
    #[inline]
    fn move_on(&mut self, id: VisitId, progress: Progress) {
        match progress {
            Waits => {}
            Next => self.ctx.visits[id].step += 1,
            Skip(steps) => self.ctx.visits[id].step += steps + 1,
            Fails(cause) => self.give_up(id, cause),
        }
    }

    /// A visit fails: what is left to do is to answer.
    #[cold]
    fn give_up(&mut self, id: VisitId, cause: Cause) {
        let visit = &mut self.ctx.visits[id];
        visit.failure = Some(cause);
        if visit.trace.is_traced() {
            self.trace_giving_up(id, cause);
        }
        let visit = &mut self.ctx.visits[id];
        visit.step = visit.last_step;
    }

    #[inline]
    pub(super) fn step(&self, id: VisitId) -> Step {
        self.topology.steps[self.ctx.visits[id].step as usize]
    }

    #[inline(always)]
    fn start_step(&mut self, id: VisitId) -> Progress {
        if self.ctx.is_late(id) && self.ctx.visits[id].failure.is_none() {
            return Fails(Cause::Deadline);
        }
        if self.ctx.pausing > 0 && self.is_held(id) {
            return Waits;
        }
        match self.step(id) {
            Step::Connect => self.connect(id),
            Step::Login => self.start_login(id),
            Step::Process { .. } => self.start_process(id),
            Step::LookUp { .. } => self.start_look_up(id),
            Step::Read { retries, .. } => self.start_read(id, retries),
            Step::Write { .. } => self.start_write(id),
            Step::Tell { what, .. } => self.start_tell(id, what),
            Step::Flush => self.start_flush(id),
            Step::Publish { publication, .. } => self.start_publish(id, publication),
            Step::Call { call, .. } => self.start_calls(id, call),
            Step::Fork { fork } => self.start_branches(id, fork),
            Step::Guard { guard } => self.start_operation(id, guard),
            Step::Join => self.join(id),
            Step::Maybe { prob, skip } => self.choose(id, prob, skip),
            Step::Answer => self.answer(id),
        }
    }

    /// A list of steps is over: that is all, if it was done beside others.
    #[inline]
    fn join(&mut self, id: VisitId) -> Progress {
        let visit = &self.ctx.visits[id];
        if visit.step == visit.last_step { self.complete(id) } else { Next }
    }

    /// A message has reached the one it was sent to.
    pub(super) fn on_arrived(&mut self, id: VisitId) {
        self.ctx.spend(id, Phase::Network);
        if self.ctx.visits[id].is_cancelled {
            return self.end_cancelled(id);
        }
        let progress = match self.step(id) {
            Step::Connect => self.reach(id),
            Step::LookUp { .. } | Step::Tell { .. } => self.look_up_arrived(id),
            Step::Read { .. } | Step::Write { .. } => self.query_arrived(id),
            Step::Publish { publication, .. } => self.publish_arrived(id, publication),
            Step::Answer => self.complete(id),
            Step::Login | Step::Process { .. } | Step::Call { .. } | Step::Flush => Waits,
            Step::Fork { .. } | Step::Guard { .. } | Step::Join | Step::Maybe { .. } => Waits,
        };
        self.go_on(id, progress);
    }

    /// An operation has ended.
    #[inline]
    pub(super) fn on_finished(&mut self, id: VisitId) {
        let progress = match self.step(id) {
            Step::Process { .. } => self.process_finished(id),
            Step::Login => self.login_finished(id),
            Step::LookUp { .. } => self.look_up_finished(id),
            Step::Read { .. } => self.read_finished(id),
            Step::Write { .. } => self.write_finished(id),
            Step::Tell { what, .. } => self.tell_finished(id, what),
            Step::Flush => self.flush_due(id),
            Step::Publish { publication, .. } => self.publish_finished(id, publication),
            Step::Connect | Step::Call { .. } | Step::Answer => Waits,
            Step::Fork { .. } | Step::Guard { .. } | Step::Join | Step::Maybe { .. } => Waits,
        };
        self.go_on(id, progress);
    }

    /// An answer has reached the visit, or the visit has waited for it in vain.
    pub(super) fn on_returned(&mut self, id: VisitId) {
        self.ctx.spend(id, Phase::Network);
        if self.ctx.visits[id].is_cancelled {
            return self.end_cancelled(id);
        }
        if self.ctx.visits[id].trace.is_traced() {
            self.trace_loss(id);
        }
        let progress = self.returned(id);
        self.go_on(id, progress);
    }

    #[inline]
    pub(super) fn returned(&mut self, id: VisitId) -> Progress {
        let outcome = self.ctx.visits[id].outcome;
        match self.step(id) {
            Step::Connect | Step::Answer => {
                // Nobody is there to tell.
                self.ctx.visits[id].failure = Some(Cause::Network);
                self.complete(id)
            }
            Step::LookUp { on_error, skip } => self.look_up_returned(id, outcome, on_error, skip),
            Step::Read { on_error, .. } => self.read_returned(id, outcome, on_error),
            Step::Write { on_error } => self.write_returned(id, outcome, on_error),
            Step::Publish { on_error, .. } => self.publish_returned(id, on_error, outcome),
            Step::Call { on_error, .. } => on_error.after(outcome),
            Step::Fork { fork } => self.branches_returned(fork, outcome),
            Step::Guard { guard } => self.operation_returned(id, guard, outcome),
            Step::Tell { on_error, skip, .. } => self.tell_returned(id, outcome, on_error, skip),
            Step::Login | Step::Process { .. } | Step::Flush | Step::Join | Step::Maybe { .. } => Waits,
        }
    }

    /// Handshakes, if a user connects, and the way to the instance.
    #[inline]
    fn connect(&mut self, id: VisitId) -> Progress {
        let visit = &self.ctx.visits[id];
        if visit.instance == Visit::NO_INSTANCE {
            return self.line_up(id);
        }
        let to = Place::instance(visit.instance);
        let idle = &mut self.services[visit.service.index()].front.idle;
        let makes_connection = self.instances[visit.instance.index()].connections.take(visit.instance, idle);
        let (trip, time) = match visit.asker {
            Visit::NO_INSTANCE if visit.is_passed_on => {
                (self.ctx.network.travel(&[Hop::BalancerService], Place::Balancer, to), Duration::ZERO)
            }
            Visit::NO_INSTANCE => (self.travel_from_user(id, to), self.shake_hands(id)),
            caller => (self.ctx.network.travel(&[Hop::ServiceService], Place::instance(caller), to), Duration::ZERO),
        };
        let trip = if makes_connection { self.open_connection(trip, id, to) } else { trip };
        self.wait_for_answer(id);
        match trip {
            Trip::Arrived if time.is_zero() => return self.reach(id),
            Trip::Arrived => self.arrive_after(id, time),
            Trip::Takes(way) => self.arrive_after(id, time + way),
            Trip::Fails(after) => self.lose_message(id, time + after),
        }
        Waits
    }

    /// A visit has reached its instance.
    #[inline(always)]
    fn reach(&mut self, id: VisitId) -> Progress {
        match self.instances[self.ctx.visits[id].instance.index()].server.gate {
            None => Next,
            Some(_) => {
                let instance = self.ctx.visits[id].instance;
                self.instances[instance.index()].server.admit(&mut self.ctx, id).map_or(Next, Fails)
            }
        }
    }

    /// The way from the user over the balancer (not for logins) to the instance.
    #[inline]
    fn travel_from_user(&mut self, id: VisitId, to: Place) -> Trip {
        if self.is_login(id) {
            return self.ctx.network.travel(&[Hop::UsersBalancer], Place::Users, to);
        }
        if self.ctx.network.partitions.separate(Place::Users, Place::Balancer)
            || self.ctx.network.partitions.separate(Place::Balancer, to)
        {
            return Trip::Fails(self.ctx.network.partition_timeout());
        }
        self.ctx.network.travel(&[Hop::UsersBalancer, Hop::BalancerService], Place::Users, to)
    }

    #[inline]
    fn is_login(&self, id: VisitId) -> bool {
        self.topology.auth.as_ref().is_some_and(|auth| auth.service == self.ctx.visits[id].service)
    }

    /// The way back to whoever waits.
    #[inline]
    fn answer(&mut self, id: VisitId) -> Progress {
        self.give_back(id);
        let visit = &self.ctx.visits[id];
        if visit.instance == Visit::NO_INSTANCE {
            // It has not been anywhere, so no answer has to travel.
            return self.complete_in_line(id);
        }
        let from = Place::instance(visit.instance);
        let is_there = match visit.asker {
            asker if asker != Visit::NO_INSTANCE => {
                self.send_message(id, &[Hop::ServiceService], from, Place::instance(asker))
            }
            // What is tried again does not get farther than to the balancer.
            _ if self.is_tried_again(visit) => self.send_message(id, &[Hop::BalancerService], from, Place::Balancer),
            _ if self.is_login(id) => self.send_message(id, &[Hop::UsersBalancer], from, Place::Users),
            _ => self.send_message(id, &[Hop::BalancerService, Hop::UsersBalancer], from, Place::Users),
        };
        if is_there { self.complete(id) } else { Waits }
    }

    /// A visit gives back what it holds.
    #[inline(always)]
    fn give_back(&mut self, id: VisitId) {
        if !self.ctx.visits[id].holds.is_nothing() {
            self.give_back_all(id);
        }
    }

    #[inline(never)]
    fn give_back_all(&mut self, id: VisitId) {
        let visit = &mut self.ctx.visits[id];
        if visit.holds.worker {
            visit.holds.worker = false;
            let instance = visit.instance;
            self.free_worker(instance);
        }
        if self.ctx.visits[id].holds.admitted_among > 0 {
            let instance = self.ctx.visits[id].instance;
            self.instances[instance.index()].server.let_out(&mut self.ctx, id);
        }
        let visit = &self.ctx.visits[id];
        // (An operation that has succeeded brings its flight back to who asked.)
        if visit.holds.flight.is_some() && !(visit.is_operation && visit.failure.is_none()) {
            self.give_up_flight(id);
        }
        self.give_back_connection(id);
    }

    /// The visit is over: it leaves the system, and whoever waits for it is told.
    #[inline]
    pub(super) fn complete(&mut self, id: VisitId) -> Progress {
        self.give_back(id);
        let visit = &self.ctx.visits[id];
        if visit.is_ghost {
            self.ctx.visits.remove(id);
            return Waits;
        }
        if visit.is_branch {
            self.complete_branch(id);
            return Waits;
        }
        if visit.instance == Visit::NO_INSTANCE {
            return self.complete_in_line(id);
        }
        if self.is_asked_again(visit) {
            return self.ask_again(id);
        }
        let service = &mut self.services[visit.service.index()];
        let (instance, took) = (visit.instance, self.ctx.now.since(visit.started));
        service.front.release(&mut self.ctx, instance, took);
        let visit = &self.ctx.visits[id];
        let instance = &mut self.instances[visit.instance.index()];
        let is_draining = self.ctx.hosts[visit.instance.index()].presence.is_draining();
        if instance.connections.are_counted() && visit.leaves_connection() {
            instance.connections.give_back(visit.instance, &mut service.front.idle);
        }
        instance.outcomes.add(visit.failure, self.ctx.now.since(visit.started));
        if visit.failure.is_none() {
            service.book(visit.is_for_user(), &visit.spent);
        }
        let (end, instance, is_passed_on) = (End::of(visit), visit.instance, self.is_passed_on(visit));
        let front = &mut self.services[end.service.index()].front;
        if front.beliefs.learns() {
            front.learn(&mut self.ctx, instance, end.failure);
        }
        self.ctx.visits.remove(id);
        if is_draining {
            self.leave_if_idle(instance);
        }
        self.services[end.service.index()].front.let_in(&mut self.ctx);
        match end.owner {
            Owner::Try(exchange) if is_passed_on => {
                self.count_visit(&end);
                self.pass_on(exchange, id, &end, instance);
            }
            _ => self.end_visit(id, &end),
        }
        Waits
    }

    /// Counts a visit that is over.
    #[inline]
    fn count_visit(&mut self, end: &End) -> Duration {
        if end.trace.is_traced() {
            self.trace_visit_end(end.trace, end.failure);
        }
        let latency = self.ctx.now.since(end.answered.started);
        self.services[end.service.index()].outcomes.add(end.failure, latency);
        if let Some(outcomes) = &mut self.endpoints[end.endpoint.index()] {
            outcomes.add(end.failure, latency);
        }
        latency
    }

    /// Counts a visit that is over, and tells whoever waits for it.
    #[inline(always)]
    pub(super) fn end_visit(&mut self, id: VisitId, end: &End) {
        let latency = self.count_visit(end);
        match end.owner {
            Owner::Try(exchange) => self.on_try_end(exchange, id, end.failure.map_or(Ok(end.answered), Err)),
            Owner::Login(exchange) => self.on_login_end(exchange, end.failure, latency),
            Owner::Nobody => {}
        }
    }

    /// Whether the next steps are done.
    #[inline(never)]
    fn choose(&mut self, id: VisitId, prob: u32, skip: u32) -> Progress {
        let choices = &mut self.instances[self.ctx.visits[id].instance.index()].choices;
        if choices.chance(self.topology.probs[prob as usize]) { Next } else { Skip(skip) }
    }
}

/// For whom a service is visited.
pub(super) struct Errand {
    asker: InstanceId,
    endpoint: EndpointId,
    class: u8,
    /// Instances that have failed it already.
    tried: u64,
    group: GroupId,
    user: u32,
    is_read: bool,
    /// Running number of the request, the lower half of it.
    request: u32,
    trace: Link,
    deadline: SimTime,
}
