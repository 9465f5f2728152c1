//! Visits to services: each is a cursor over its service's plan, and this is what moves the cursor.
//!
//! A step starts, may send a message (`on_arrived` when it gets there), may
//! take its time (`on_finished`), and may send an answer (`on_returned`).
//! Whatever takes no time happens at once, without an event.

use super::{
    event::Event,
    network::{Place, Trip},
    plan::Step,
    request::{Cause, Outcome, Owner, PHASES, Phase, Stage, Visit, VisitId},
    topology::{CacheId, Hop, InstanceId, NodeId, ServiceId},
    trace::spend,
    users::VISITS_MAX,
    world::World,
};
use crate::engine::time::Duration;

/// What to do with a visit now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Wait for an event.
    Waits,
    /// Go on with the next step.
    Next,
    /// Skip the next step and go on with the one after it.
    SkipOne,
    /// Give up: the visit fails, and says so to whoever waits for it.
    Fails(Cause),
}

use Progress::{Fails, Next, SkipOne, Waits};

/// A key that no cache holds: the visit has not asked for one.
pub(super) const NO_KEY: u32 = u32::MAX;

impl World {
    /// Begins a visit to a service on somebody's behalf.
    pub(super) fn begin_visit(&mut self, owner: Owner, service: ServiceId) {
        let Some(mut visit) = self.new_visit(owner, service) else { return };
        let failure = match owner {
            _ if self.visits.len() >= VISITS_MAX => Some(Cause::SimulatorFull),
            _ if self.is_unauthorised(&visit) => Some(Cause::Unauthorised),
            _ => match self.choose_instance(&visit) {
                None => Some(Cause::NoInstance),
                Some(instance) => {
                    visit.instance = instance;
                    None
                }
            },
        };
        if let Some(cause) = failure {
            visit.failure = failure;
            if visit.trace.is_traced() {
                self.trace_refusal(&mut visit, cause);
            }
            let is_rejected = failure == Some(Cause::Unauthorised) && matches!(owner, Owner::Attempt(_));
            self.totals.rejected += u64::from(is_rejected);
            self.end_visit(&visit);
            return;
        }
        let timeout = match owner {
            Owner::Attempt(_) | Owner::Login(_) => self.topology.users[visit.group.index()].timeout,
            _ => None,
        };
        let is_traced = visit.trace.is_traced();
        let id = self.visits.insert(visit);
        if is_traced {
            self.trace_visit(id);
        }
        if let Some(timeout) = timeout {
            self.schedule(timeout, Event::Timeout(id));
        }
        let progress = self.start_step(id);
        self.go_on(id, progress);
    }

    fn new_visit(&self, owner: Owner, service: ServiceId) -> Option<Visit> {
        let (group, user, is_read, number, trace) = match owner {
            Owner::Login(request) | Owner::Attempt(request) => {
                let request = self.requests.get(request)?;
                (request.group, request.user, request.is_read, request.number, request.trace)
            }
            Owner::Caller(caller) => {
                let caller = self.visits.get(caller)?;
                (caller.group, caller.user, caller.is_read, u64::from(caller.request), caller.trace)
            }
            Owner::Nobody => return None,
        };
        let visited = &self.topology.services[service.index()];
        let plan = if is_read { &visited.read_plan } else { &visited.write_plan };
        Some(Visit {
            owner,
            service,
            instance: InstanceId(u32::MAX),
            step: plan.start,
            group,
            user,
            is_read,
            shares_workers: false,
            started: self.now,
            since: self.now,
            operation_start: self.now,
            spent: [Duration::ZERO; PHASES],
            node: NodeId(u32::MAX),
            cache: CacheId(u32::MAX),
            sequence: 0,
            key: NO_KEY,
            retries_left: 0,
            calls_open: 0,
            stage: Stage::Sent,
            outcome: Outcome::Success,
            failure: None,
            request: number as u32,
            trace,
        })
    }

    fn is_unauthorised(&self, visit: &Visit) -> bool {
        self.topology.services[visit.service.index()].requires_auth
            && !self.groups[visit.group.index()].population.has_session(visit.user, self.now)
    }

    fn choose_instance(&mut self, visit: &Visit) -> Option<InstanceId> {
        let policy = self.topology.services[visit.service.index()].policy;
        let user = u64::from(visit.group.0) << 32 | u64::from(visit.user);
        let instance = self.services[visit.service.index()].balancer.choose(policy, user)?;
        self.instances[instance.index()].active += 1;
        Some(instance)
    }

    /// Moves the cursor on until the visit has to wait, or is over.
    pub(super) fn go_on(&mut self, id: VisitId, mut progress: Progress) {
        loop {
            let Some(visit) = self.visits.get_mut(id) else { return };
            match progress {
                Waits => return,
                Next => visit.step += 1,
                SkipOne => visit.step += 2,
                Fails(cause) => {
                    visit.failure = Some(cause);
                    if visit.trace.is_traced() {
                        self.trace_giving_up(id, cause);
                    }
                    let Some(visit) = self.visits.get_mut(id) else { return };
                    let service = &self.topology.services[visit.service.index()];
                    let plan = if visit.is_read { &service.read_plan } else { &service.write_plan };
                    visit.step = plan.end - 1;
                }
            }
            progress = self.start_step(id);
        }
    }

    fn step(&self, id: VisitId) -> Option<Step> {
        let visit = self.visits.get(id)?;
        Some(self.topology.steps[visit.step as usize])
    }

    fn start_step(&mut self, id: VisitId) -> Progress {
        match self.step(id) {
            Some(Step::Connect) => self.connect(id),
            Some(Step::Login) => self.start_login(id),
            Some(Step::Process) => self.start_process(id),
            Some(Step::LookUp { .. }) => self.start_look_up(id),
            Some(Step::Read { retries, .. }) => self.start_read(id, retries),
            Some(Step::Write { .. }) => self.start_write(id),
            Some(Step::Publish { queue, .. }) => self.start_publish(id, queue),
            Some(Step::Call { call, .. }) => self.start_calls(id, call),
            Some(Step::Answer) => self.answer(id),
            None => Waits,
        }
    }

    /// A message has reached the one it was sent to.
    pub(super) fn on_arrived(&mut self, id: VisitId) {
        let now = self.now;
        let Some(visit) = self.visits.get_mut(id) else { return };
        spend(&mut self.tracer, &self.topology, visit, Phase::Network, now);
        let progress = self.arrived(id);
        self.go_on(id, progress);
    }

    fn arrived(&mut self, id: VisitId) -> Progress {
        match self.step(id) {
            Some(Step::Connect) => Next,
            Some(Step::LookUp { .. }) => self.look_up_arrived(id),
            Some(Step::Read { .. } | Step::Write { .. }) => self.query_arrived(id),
            Some(Step::Publish { queue, .. }) => self.publish_arrived(id, queue),
            Some(Step::Answer) => self.complete(id),
            Some(Step::Login | Step::Process | Step::Call { .. }) | None => Waits,
        }
    }

    /// An operation has ended.
    #[inline]
    pub(super) fn on_finished(&mut self, id: VisitId) {
        let progress = match self.step(id) {
            Some(Step::Process) => self.process_finished(id),
            Some(Step::Login) => self.login_finished(id),
            Some(Step::LookUp { .. }) => self.look_up_finished(id),
            Some(Step::Read { .. }) => self.read_finished(id),
            Some(Step::Write { .. }) => self.write_finished(id),
            Some(Step::Publish { queue, .. }) => self.publish_finished(id, queue),
            Some(Step::Connect | Step::Call { .. } | Step::Answer) | None => Waits,
        };
        self.go_on(id, progress);
    }

    /// An answer has reached the visit, or the visit has waited for it in vain.
    pub(super) fn on_returned(&mut self, id: VisitId) {
        let now = self.now;
        let Some(visit) = self.visits.get_mut(id) else { return };
        spend(&mut self.tracer, &self.topology, visit, Phase::Network, now);
        if visit.trace.is_traced() {
            self.trace_loss(id);
        }
        let progress = self.returned(id);
        self.go_on(id, progress);
    }

    fn returned(&mut self, id: VisitId) -> Progress {
        let (Some(step), Some(visit)) = (self.step(id), self.visits.get(id)) else { return Waits };
        let outcome = visit.outcome;
        match (step, outcome) {
            (Step::Connect | Step::Answer, _) => {
                // Nobody is there to tell.
                if let Some(visit) = self.visits.get_mut(id) {
                    visit.failure = Some(Cause::Network);
                }
                self.complete(id)
            }
            (Step::LookUp { on_error }, _) => on_error.after(outcome),
            (Step::Read { on_error, .. }, _) => self.read_returned(id, outcome, on_error),
            (Step::Write { on_error }, _) => self.write_returned(id, outcome, on_error),
            (Step::Publish { on_error, .. } | Step::Call { on_error, .. }, _) => on_error.after(outcome),
            (Step::Login | Step::Process, _) => Waits,
        }
    }

    /// Sends a visit's message over some hops: `Next` means that it is there already.
    pub(super) fn send_message(&mut self, id: VisitId, hops: &[Hop], from: Place, to: Place) -> Progress {
        match self.travel(hops, from, to) {
            Trip::Arrived => self.arrived(id),
            Trip::Takes(time) => {
                self.schedule(time, Event::Arrived(id));
                Waits
            }
            Trip::Fails(after) => self.lose_message(id, after),
        }
    }

    fn lose_message(&mut self, id: VisitId, after: Duration) -> Progress {
        if let Some(visit) = self.visits.get_mut(id) {
            visit.outcome = Outcome::Failure(Cause::Network);
        }
        self.schedule(after, Event::Returned(id));
        Waits
    }

    /// An operation of a visit has ended: its outcome travels back to the instance.
    pub(super) fn send_back(&mut self, id: VisitId, outcome: Outcome, hop: Hop, from: Place) -> Progress {
        let Some(visit) = self.visits.get_mut(id) else { return Waits };
        visit.outcome = outcome;
        if let (true, Outcome::Failure(cause)) = (visit.trace.is_traced(), outcome) {
            self.trace_failure(id, cause);
        }
        let Some(visit) = self.visits.get_mut(id) else { return Waits };
        visit.stage = Stage::Returning;
        let instance = visit.instance;
        match self.travel(&[hop], from, self.instance_place(instance)) {
            Trip::Arrived => self.returned(id),
            Trip::Takes(time) => {
                self.schedule(time, Event::Returned(id));
                Waits
            }
            Trip::Fails(after) => self.lose_message(id, after),
        }
    }

    /// A visit has to wait for a worker or a connection.
    pub(super) fn begin_wait(&mut self, id: VisitId) {
        if let Some(visit) = self.visits.get_mut(id) {
            visit.stage = Stage::Waiting;
        }
    }

    /// A visit has waited for a worker or a connection until now.
    pub(super) fn end_wait(&mut self, id: VisitId) {
        let now = self.now;
        if let Some(visit) = self.visits.get_mut(id) {
            spend(&mut self.tracer, &self.topology, visit, Phase::Queueing, now);
            visit.stage = Stage::Working;
        }
    }

    pub(super) fn instance_place(&self, instance: InstanceId) -> Place {
        Place::Component(self.topology.instance_component(instance))
    }

    /// Handshakes, if a user connects, and the way to the instance.
    fn connect(&mut self, id: VisitId) -> Progress {
        let Some(visit) = self.visits.get(id) else { return Waits };
        let (owner, instance) = (visit.owner, visit.instance);
        let to = self.instance_place(instance);
        let trip = match owner {
            Owner::Caller(caller) => match self.visits.get(caller) {
                Some(caller) => self.travel(&[Hop::ServiceService], self.instance_place(caller.instance), to),
                None => Trip::Arrived,
            },
            _ => self.travel_from_user(id, to),
        };
        let time = match owner {
            Owner::Caller(_) => Duration::ZERO,
            _ => self.shake_hands(id),
        };
        match trip {
            Trip::Arrived if time.is_zero() => return self.arrived(id),
            Trip::Arrived => self.schedule(time, Event::Arrived(id)),
            Trip::Takes(way) => self.schedule(time + way, Event::Arrived(id)),
            Trip::Fails(after) => return self.lose_message(id, time + after),
        }
        Waits
    }

    /// The way from the user over the balancer (not for logins) to the instance.
    fn travel_from_user(&mut self, id: VisitId, to: Place) -> Trip {
        if self.is_login(id) {
            return self.travel(&[Hop::UsersBalancer], Place::Users, to);
        }
        if self.faults.are_parted(Place::Users, Place::Balancer) || self.faults.are_parted(Place::Balancer, to) {
            return Trip::Fails(self.topology.network.partition_timeout);
        }
        self.travel(&[Hop::UsersBalancer, Hop::BalancerService], Place::Users, to)
    }

    fn is_login(&self, id: VisitId) -> bool {
        let auth = self.topology.auth.as_ref().map(|auth| auth.service);
        self.visits.get(id).is_some_and(|visit| Some(visit.service) == auth)
    }

    /// The way back to whoever waits.
    fn answer(&mut self, id: VisitId) -> Progress {
        let Some(visit) = self.visits.get(id) else { return Waits };
        let from = self.instance_place(visit.instance);
        match visit.owner {
            Owner::Caller(caller) => {
                let Some(caller) = self.visits.get(caller) else { return self.complete(id) };
                let to = self.instance_place(caller.instance);
                self.send_message(id, &[Hop::ServiceService], from, to)
            }
            _ if self.is_login(id) => self.send_message(id, &[Hop::UsersBalancer], from, Place::Users),
            _ => self.send_message(id, &[Hop::BalancerService, Hop::UsersBalancer], from, Place::Users),
        }
    }

    /// The visit is over: it leaves the system, and whoever waits for it is told.
    fn complete(&mut self, id: VisitId) -> Progress {
        if let Some(visit) = self.visits.get(id) {
            let visit = visit.clone();
            self.visits.remove(id);
            self.services[visit.service.index()].balancer.release(visit.instance);
            let instance = &mut self.instances[visit.instance.index()];
            instance.active = instance.active.saturating_sub(1);
            instance.outcomes.add(visit.failure, self.now.since(visit.started));
            self.end_visit(&visit);
        }
        Waits
    }

    /// Counts a visit that is over, and tells whoever waits for it.
    fn end_visit(&mut self, visit: &Visit) {
        if visit.trace.is_traced() {
            self.trace_visit_end(visit);
        }
        let latency = self.now.since(visit.started);
        let service = &mut self.services[visit.service.index()];
        service.outcomes.add(visit.failure, latency);
        if visit.failure.is_none() {
            service.spent.book(&visit.spent);
        }
        match visit.owner {
            Owner::Attempt(request) => {
                self.on_attempt_end(request, visit.failure, Some((visit.started, &visit.spent)));
            }
            Owner::Login(request) => {
                if visit.failure.is_none() {
                    self.totals.spent.book(&visit.spent);
                }
                self.on_login_end(request, visit.failure, latency);
            }
            Owner::Caller(caller) => self.on_call_end(caller, visit.failure),
            Owner::Nobody => {}
        }
    }
}
