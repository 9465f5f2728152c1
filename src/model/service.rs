//! Service instances: logins, processing, and calls to further services.

use super::{
    admission::Gate,
    balancer::{Balancer, Candidate},
    cause::Cause,
    client::Client,
    connections::Connections,
    facility::Facility,
    host::Host,
    knowledge::Beliefs,
    outcomes::{Outcomes, Spent},
    pool::Pools,
    scaling::{Sample, Scaling},
    topology::{
        Called, Discipline, EdgePolicy, Holds, Instance, InstanceId, Metric, OnError, Service, ServiceId, Topology,
    },
    visit::{Outcome, PHASES, Phase, Stage, VisitId},
    visits::Progress::{self, Fails, Next, Waits},
    world::World,
};
use crate::{
    engine::{
        codel::CodelState,
        random::Stream,
        sharing::Sharing,
        station::{Entry, Order},
        time::{Duration, SimTime},
    },
    stats::{headcount::Headcount, time_weighted::TimeWeighted},
};

/// The state of a service.
#[derive(Clone, Debug)]
pub struct ServiceState {
    pub(super) balancer: Balancer,
    /// What the balancer believes of the instances.
    pub(super) beliefs: Beliefs,
    /// How often it has taken one that it asked until then to be down.
    pub ejections: u64,
    /// Where requests wait at the balancer until an instance has room: a station that serves nobody itself.
    pub line: Facility,
    /// Requests that it has refused since all that were up had as many as they are given.
    pub turned_away: u64,
    /// Visits to it.
    pub outcomes: Outcomes,
    /// Where the time of those that succeeded went, of attempts and logins that users waited for.
    spent_for_users: Spent,
    /// The same, of those on behalf of other services, and those whose client did not wait.
    spent_for_others: Spent,
    /// Number of its instances that are up, over time.
    pub up: TimeWeighted,
    /// Number of its instances, over time.
    pub headcount: Headcount,
    /// 1 while at least one is up, over time.
    pub any_up: TimeWeighted,
    /// What is wanted of it, if its instances come and go.
    pub scaling: Option<Scaling>,
}

impl ServiceState {
    /// A service whose instances are all up.
    pub fn new(seed: u64, service: &Service) -> Self {
        let lifecycle = &service.lifecycle;
        let there = if lifecycle.is_elastic() { lifecycle.initial as usize } else { service.instances.len() };
        Self {
            balancer: Balancer::new(seed, &service.name),
            beliefs: Beliefs::new(service, 0),
            ejections: 0,
            line: Facility::new(Some(0), service.line.and_then(|line| line.limit), Order::Fifo),
            turned_away: 0,
            outcomes: Outcomes::new(3),
            spent_for_users: Spent::default(),
            spent_for_others: Spent::default(),
            up: TimeWeighted::new(there as f64),
            headcount: Headcount::new(there),
            any_up: TimeWeighted::new(1.0),
            scaling: lifecycle.is_elastic().then(|| Scaling::new(lifecycle.initial)),
        }
    }

    /// Books where the time of a visit went that has succeeded.
    #[inline]
    pub(super) fn book(&mut self, is_for_user: bool, spent: &[Duration; PHASES]) {
        match is_for_user {
            true => self.spent_for_users.book(spent),
            false => self.spent_for_others.book(spent),
        }
    }

    /// Where the time of the visits that succeeded went.
    pub fn spent(&self) -> Spent {
        self.spent_for_users.clone().and(&self.spent_for_others)
    }

    /// The same, only of attempts and logins that users waited for.
    pub(super) fn spent_for_users(&self) -> &Spent {
        &self.spent_for_users
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.outcomes.restart();
        (self.ejections, self.turned_away) = (0, 0);
        self.line.restart(now);
        self.spent_for_users = Spent::default();
        self.spent_for_others = Spent::default();
        self.up.restart(now);
        self.any_up.restart(now);
        self.headcount.restart(now);
        self.scaling.iter_mut().for_each(|scaling| scaling.restart(now));
    }
}

/// The state of a service instance.
#[derive(Clone, Debug)]
pub struct InstanceState {
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
    pub(super) is_ranked: bool,
    /// What drops those who have waited, if something does.
    codel: Option<CodelState>,
    /// Visits to it.
    pub outcomes: Outcomes,
    /// Visits that the balancer has sent to it and that are not over.
    pub(super) active: u32,
    pub(super) service_times: Stream,
    /// How long visits wait for a worker.
    patience: Stream,
    /// Whether steps are done that are done with some probability.
    pub(super) choices: Stream,
    failures: Stream,
    /// What it remembers of each call that it makes, and of each policy under which it uses a store, in their order.
    pub clients: Vec<Client>,
    /// Connections to it.
    pub connections: Connections,
    /// Its connections to the database and to the cache, if they are limited.
    pub pools: Pools,
    pub(super) start_ups: Stream,
    /// Visits that are not over, over time, where an autoscaler looks at them.
    pub(super) concurrency: Option<TimeWeighted>,
    /// What it had done when the autoscaler looked last.
    pub(super) sampled: Sample,
    /// What it had done when somebody last looked how the present release does.
    pub(super) judged: Sample,
}

impl InstanceState {
    /// An idle instance.
    pub fn new(seed: u64, topology: &Topology, id: usize) -> Self {
        let service = &topology.services[topology.instances[id].service.index()];
        let name = topology.component_name(topology.instance_component(InstanceId(id as u32)));
        Self {
            gate: service.admission.as_ref().map(|admission| Box::new(Gate::new(admission, SimTime::ZERO))),
            facility: Facility::new(service.workers, service.queue_limit, order(service.discipline)),
            sharing: new_sharing(service),
            guests: 0,
            is_shared: service.discipline == Discipline::ProcessorSharing,
            is_ranked: service.discipline == Discipline::Priority,
            codel: service.codel.map(|_| CodelState::default()),
            outcomes: Outcomes::new(2),
            active: 0,
            connections: Connections::new(service.keep_alive),
            service_times: Stream::new(seed, name, "service"),
            patience: Stream::new(seed, name, "patience"),
            choices: Stream::new(seed, name, "choices"),
            clients: clients(seed, topology, service, name),
            pools: Pools::new(service),
            failures: Stream::new(seed, name, "failures"),
            start_ups: Stream::new(seed, name, "start-ups"),
            concurrency: watches_concurrency(service).then(TimeWeighted::default),
            sampled: Sample::default(),
            judged: Sample::default(),
        }
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        let before = Sample::of(self, now);
        self.facility.restart(now);
        self.connections.made = 0;
        self.pools.restart(now);
        self.gate.iter_mut().for_each(|gate| gate.restart(now));
        self.clients.iter_mut().for_each(|client| client.restart(now));
        self.outcomes.restart();
        self.concurrency.iter_mut().for_each(|level| level.restart(now));
        let after = Sample::of(self, now);
        self.sampled = self.sampled.rebased(&before, &after);
        self.judged = self.judged.rebased(&before, &after);
    }

    /// An autoscaler looks at how many visits it has from now on, or does not any more.
    pub(super) fn watch_concurrency(&mut self, now: SimTime, is_watched: bool) {
        if is_watched == self.concurrency.is_some() {
            return;
        }
        self.concurrency = is_watched.then(|| {
            let mut level = TimeWeighted::new(f64::from(self.active));
            level.restart(now);
            level
        });
        self.sampled = Sample::of(self, now);
    }

    /// So many of its visits are not over.
    #[inline]
    pub(super) fn set_active(&mut self, now: SimTime, active: u32) {
        self.active = active;
        if let Some(level) = &mut self.concurrency {
            level.set(now, f64::from(active));
        }
    }

    /// Somebody new is at its place, who remembers nothing; so he asks others by these policies.
    pub(super) fn begin_anew<'a>(&mut self, now: SimTime, policies: impl Iterator<Item = &'a EdgePolicy>) {
        self.clients.iter_mut().zip(policies).for_each(|(client, policy)| client.begin_anew(policy, now));
        let sample = Sample::of(self, now);
        (self.sampled, self.judged) = (sample, sample);
    }

    /// Mean share of the workers at work; without a number of workers, the mean number of visits in process.
    pub fn utilisation(&self, host: &Host, service: &Service, now: SimTime) -> f64 {
        // Shared workers are all at work as soon as there are as many visits.
        let busy = match service.lifecycle.is_elastic() {
            true => self.facility.busy.integral(now) / host.presence.there.integral(now).max(f64::MIN_POSITIVE),
            false => self.facility.busy.mean(now),
        };
        busy / f64::from(service.workers.unwrap_or(1))
    }
}

fn new_sharing(service: &Service) -> Sharing<VisitId> {
    let is_shared = service.discipline == Discipline::ProcessorSharing;
    let mut sharing = Sharing::new(service.workers.filter(|_| is_shared));
    if service.scalability.is_some() {
        sharing.set_scalability(SimTime::ZERO, service.scalability.clone());
    }
    sharing
}

/// What an instance of that name remembers of each call that its service makes.
fn clients(seed: u64, topology: &Topology, service: &Service, name: &str) -> Vec<Client> {
    let [mut calls, mut stores] = [0, 0];
    let client = |call: u32| {
        let call = &topology.calls[call as usize];
        // (They are counted apart, so that a policy for a store leaves the random numbers of calls alone.)
        let (kind, count) = match call.to {
            Called::Services(_) => ("call", &mut calls),
            Called::Store(_) => ("store", &mut stores),
        };
        let purpose = format!("backoffs of {kind} {count}");
        *count += 1;
        Client::new(Stream::new(seed, name, &purpose), &call.policy)
    };
    service.calls.clone().map(client).collect()
}

/// Whether an autoscaler looks at how many visits an instance has.
pub(super) fn watches_concurrency(service: &Service) -> bool {
    let targets = service.lifecycle.autoscaler.iter().flat_map(|autoscaler| &autoscaler.targets);
    targets.into_iter().any(|(metric, _)| *metric == Metric::Concurrency)
}

pub(super) fn order(discipline: Discipline) -> Order {
    match discipline {
        Discipline::Lifo => Order::Lifo,
        Discipline::AdaptiveLifo(after) => Order::Adaptive(after),
        Discipline::Fifo | Discipline::Priority | Discipline::ProcessorSharing => Order::Fifo,
    }
}

impl OnError {
    /// What comes after a step that ended so.
    pub(super) fn after(self, outcome: Outcome) -> Progress {
        match (self, outcome) {
            (Self::Fail, Outcome::Failure(cause)) => Fails(cause),
            _ => Next,
        }
    }
}

impl World {
    pub(super) fn start_services(&mut self) {
        for id in (0..self.services.len() as u32).map(ServiceId) {
            self.begin_to_learn(id);
            self.refresh_balancer(id);
        }
    }

    /// Tells a service's balancer who is up.
    pub(super) fn refresh_balancer(&mut self, id: ServiceId) {
        let service = &self.topology.services[id.index()];
        let is_up = |instance| self.ctx.health(self.topology.instance_component(instance)).is_up();
        let is_ready = |instance: InstanceId| self.ctx.hosts[instance.index()].presence.is_ready();
        let ready = service.instances.iter().filter(|&&instance| is_ready(instance));
        let up = ready.clone().filter(|&&instance| is_up(instance)).count();
        let there = ready.count();
        let state = &mut self.services[id.index()];
        state.beliefs.set_ready(there);
        let candidates = service.instances.iter().map(|&instance| {
            let Instance { weight, is_backup, .. } = self.topology.instances[instance.index()];
            let is_up = is_ready(instance) && state.beliefs.is_up(service.knowledge, instance, self.ctx.now, is_up);
            Candidate { instance, weight, is_backup, is_up, active: self.instances[instance.index()].active }
        });
        state.balancer.refresh(service.balancing, self.ctx.now, candidates);
        state.up.set(self.ctx.now, up as f64);
        state.headcount.set(self.ctx.now, there);
        state.any_up.set(self.ctx.now, f64::from(u8::from(up > 0)));
        if state.line.waiting() > 0 {
            self.let_in_line(id);
        }
    }

    #[inline]
    pub(super) fn is_instance_up(&self, instance: InstanceId) -> bool {
        self.ctx.health(self.topology.instance_component(instance)).is_up()
    }

    pub(super) fn start_login(&mut self, id: VisitId) -> Progress {
        if let Some(cause) = self.refusal_at_instance(id) {
            return Fails(cause);
        }
        let visit = &self.ctx.visits[id];
        if self.groups[visit.group.index()].population.has_session(visit.user, self.ctx.now) {
            return Next;
        }
        self.enter_instance(id)
    }

    #[inline]
    pub(super) fn start_process(&mut self, id: VisitId) -> Progress {
        match self.refusal_at_instance(id) {
            Some(cause) => Fails(cause),
            None => self.enter_instance(id),
        }
    }

    /// Why an instance does not even begin with a visit.
    #[inline(always)]
    fn refusal_at_instance(&mut self, id: VisitId) -> Option<Cause> {
        let component = self.topology.instance_component(self.ctx.visits[id].instance);
        let refusal = self.ctx.refusal(component, Cause::InstanceDown, Cause::ServiceError)?;
        // An error is an answer: the instance has had the request.
        self.ctx.visits[id].has_begun |= refusal == Cause::ServiceError;
        Some(refusal)
    }

    #[inline]
    fn enter_instance(&mut self, id: VisitId) -> Progress {
        let visit = &mut self.ctx.visits[id];
        visit.stage = Stage::Working;
        let instance = visit.instance;
        if visit.holds_worker || visit.borrows_worker {
            self.begin_service(id, instance);
            return Waits;
        }
        if self.instances[instance.index()].is_shared {
            return self.enter_shared(id, instance);
        }
        // (It may have shared the workers at an earlier step.)
        self.ctx.visits[id].shares_workers = false;
        let entry = match self.instances[instance.index()].is_ranked {
            true => self.enter_ranked(id, instance),
            false => self.instances[instance.index()].facility.enter(self.ctx.now, id),
        };
        match entry {
            Entry::Started => self.begin_service(id, instance),
            Entry::Queued => self.wait_for_worker(id, instance),
            Entry::Full => return Fails(Cause::QueueFull),
        }
        Waits
    }

    /// A visit enters an instance where higher classes are served first. If there is no place, the lowest class is shed.
    #[inline(never)]
    fn enter_ranked(&mut self, id: VisitId, instance: InstanceId) -> Entry {
        let (visits, class) = (&self.ctx.visits, self.ctx.visits[id].class);
        let facility = &mut self.instances[instance.index()].facility;
        let (entry, shed) = facility.enter_ranked(self.ctx.now, id, |&other| visits[other].class <= class);
        if let Some(shed) = shed {
            self.ctx.end_wait(shed);
            self.go_on(shed, Fails(Cause::Shed));
        }
        entry
    }

    /// A visit waits for a worker, as long as it may.
    #[inline(never)]
    fn wait_for_worker(&mut self, id: VisitId, instance: InstanceId) {
        self.ctx.begin_wait(id);
        let service = &self.topology.services[self.topology.instances[instance.index()].service.index()];
        if let Some(longest_wait) = &service.longest_wait {
            let longest = longest_wait.sample(&mut self.instances[instance.index()].patience);
            self.ctx.wait_at_most(id, longest);
        }
    }

    /// A worker begins with a visit.
    #[inline]
    fn begin_service(&mut self, id: VisitId, instance: InstanceId) {
        let mut time = self.draw_work(id, instance);
        // (Among others it stands still with them.)
        if self.pausing > 0 && self.instances[instance.index()].sharing.scalability().is_none() {
            time += self.rest_of_pause(instance);
        }
        self.ctx.visits[id].has_begun = true;
        self.work_on(id, instance, time);
    }

    /// A worker, which the visit has for itself, needs so long for it if nothing slows it down.
    #[inline]
    pub(super) fn work_on(&mut self, id: VisitId, instance: InstanceId, time: Duration) {
        match self.instances[instance.index()].sharing.scalability() {
            None => self.ctx.finish_after(id, time),
            Some(_) => self.work_among_others(id, instance, time),
        }
    }

    /// A visit gives its worker back: the next one that waits begins. (Those who share workers have none of their own.)
    #[inline]
    fn leave_instance(&mut self, id: VisitId, instance: InstanceId) {
        if self.ctx.visits[id].shares_workers {
            return;
        }
        self.free_worker(instance);
    }

    /// A worker is free: the next visit that waits, and is still wanted, has it.
    #[inline]
    pub(super) fn free_worker(&mut self, instance: InstanceId) {
        let next = match self.instances[instance.index()].codel {
            None => self.ctx.next_wanted(&mut self.instances[instance.index()].facility),
            Some(_) => self.next_undropped(instance),
        };
        if let Some(next) = next {
            self.begin_waiting(next, instance);
        } else if self.instances[instance.index()].is_shared {
            self.share_free_workers(instance);
        }
        self.hand_on();
    }

    /// A worker is free, and who comes out of the queue may be dropped instead of having it.
    #[inline(never)]
    fn next_undropped(&mut self, instance: InstanceId) -> Option<VisitId> {
        loop {
            let facility = &mut self.instances[instance.index()].facility;
            let next = facility.leave(self.ctx.now);
            let is_last = facility.waiting() == 0;
            // (With nobody in the queue waits are short.)
            let waited = next.map_or(Duration::ZERO, |id| self.ctx.now.since(self.ctx.visits[id].since));
            let is_dropped = self.drops_after(instance, waited, is_last);
            let next = next?;
            match is_dropped {
                true => self.ctx.drop(next, Cause::Codel),
                false if self.ctx.is_late(next) => self.ctx.drop(next, Cause::Deadline),
                false => return Some(next),
            }
        }
    }

    /// Whether one that has waited so long at an instance is dropped.
    fn drops_after(&mut self, instance: InstanceId, waited: Duration, is_last: bool) -> bool {
        let service = self.topology.instances[instance.index()].service;
        match (&mut self.instances[instance.index()].codel, &self.topology.services[service.index()].codel) {
            (Some(state), Some(codel)) => state.drops(codel, self.ctx.now, waited, is_last),
            _ => false,
        }
    }

    #[inline]
    fn begin_waiting(&mut self, id: VisitId, instance: InstanceId) {
        self.ctx.end_wait(id);
        self.begin_service(id, instance);
    }

    #[inline]
    pub(super) fn process_finished(&mut self, id: VisitId) -> Progress {
        self.ctx.spend(id, Phase::Processing);
        let visit = &mut self.ctx.visits[id];
        let (instance, service) = (visit.instance, visit.service);
        match self.topology.services[service.index()].holds {
            _ if visit.borrows_worker => {}
            Holds::Request if !visit.shares_workers => visit.holds_worker = true,
            _ => self.leave_instance(id, instance),
        }
        let fail_prob = self.fail_prob(service, instance);
        if self.instances[instance.index()].failures.chance(fail_prob) { Fails(Cause::ServiceError) } else { Next }
    }

    /// Probability that processing fails at an instance, which depends on its release.
    #[inline]
    fn fail_prob(&self, id: ServiceId, instance: InstanceId) -> f64 {
        let service = &self.topology.services[id.index()];
        match self.ctx.hosts[instance.index()].presence.release {
            0 => service.fail_prob,
            number => service.lifecycle.release(number).and_then(|it| it.fail_prob).unwrap_or(service.fail_prob),
        }
    }

    pub(super) fn login_finished(&mut self, id: VisitId) -> Progress {
        self.ctx.spend(id, Phase::Auth);
        let visit = &self.ctx.visits[id];
        let (instance, service, group, user) = (visit.instance, visit.service, visit.group, visit.user);
        self.leave_instance(id, instance);
        let fail_prob = self.topology.services[service.index()].fail_prob;
        if self.instances[instance.index()].failures.chance(fail_prob) {
            return Fails(Cause::ServiceError);
        }
        let Some(auth) = &self.topology.auth else { return Next };
        if !self.logins.chance(auth.success_prob) {
            return Fails(Cause::LoginFailed);
        }
        let end = auth.session_ttl.map_or(SimTime::NEVER, |ttl| self.ctx.now + ttl);
        self.groups[group.index()].population.open_session(user, end);
        Next
    }

    /// An instance has gone down: whoever waits there fails at once. Work in progress is finished.
    pub(super) fn turn_away_at_instance(&mut self, instance: InstanceId) {
        while let Some(id) = self.instances[instance.index()].facility.turn_away(self.ctx.now) {
            self.ctx.end_wait(id);
            self.go_on(id, Fails(Cause::InstanceDown));
        }
    }

    /// Takes note of changed workers, and of who is served next.
    fn refresh_instance(&mut self, instance: InstanceId, discipline: Discipline) {
        self.refresh_pools(instance);
        let service = self.topology.instances[instance.index()].service;
        let keep_alive = self.topology.services[service.index()].keep_alive;
        self.instances[instance.index()].connections.keep(keep_alive);
        let service = &self.topology.services[self.topology.instances[instance.index()].service.index()];
        let (workers, limit) = (service.workers, service.queue_limit);
        self.instances[instance.index()].is_ranked = discipline == Discipline::Priority;
        let state = &mut self.instances[instance.index()];
        state.codel = service.codel.map(|_| state.codel.unwrap_or_default());
        state.facility.resize(workers, limit, order(discipline));
        match (self.instances[instance.index()].is_shared, discipline == Discipline::ProcessorSharing) {
            (true, true) => self.share_free_workers(instance),
            (false, true) => self.begin_sharing(instance),
            (true, false) => self.end_sharing(instance),
            (false, false) => {}
        }
        self.change_scalability(instance);
        if discipline != Discipline::ProcessorSharing {
            while let Some(next) = self.instances[instance.index()].facility.start_next(self.ctx.now) {
                self.begin_waiting(next, instance);
            }
        }
    }

    /// Takes note of changed numbers of a service.
    pub(super) fn refresh_service(&mut self, id: ServiceId) {
        let service = &self.topology.services[id.index()];
        let (discipline, instances) = (service.discipline, service.instances.clone());
        for instance in instances {
            self.refresh_instance(instance, discipline);
        }
        self.refresh_line(id);
        self.refresh_balancer(id);
    }
}
