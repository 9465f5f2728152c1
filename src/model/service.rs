//! Service instances: logins, processing, and calls to further services.

use super::{
    balancer::{Balancer, Candidate},
    client::Client,
    connections::Connections,
    facility::Facility,
    host::Host,
    knowledge::Beliefs,
    outcomes::{Outcomes, Spent},
    pool::Pools,
    scaling::{Sample, Scaling},
    server::Server,
    topology::{Called, EdgePolicy, Instance, InstanceId, Metric, OnError, Service, ServiceId, Topology},
    visit::{Outcome, PHASES},
    visits::Progress::{self, Fails, Next},
    world::World,
};
use crate::{
    engine::{
        random::Stream,
        station::Order,
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
    /// Its workers, and who is let in to them.
    pub server: Server,
    /// Visits to it.
    pub outcomes: Outcomes,
    /// Visits that the balancer has sent to it and that are not over.
    pub(super) active: u32,
    /// Whether steps are done that are done with some probability.
    pub(super) choices: Stream,
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
            server: Server::new(seed, topology, InstanceId(id as u32)),
            outcomes: Outcomes::new(2),
            active: 0,
            connections: Connections::new(service.keep_alive),
            choices: Stream::new(seed, name, "choices"),
            clients: clients(seed, topology, service, name),
            pools: Pools::new(service),
            start_ups: Stream::new(seed, name, "start-ups"),
            concurrency: watches_concurrency(service).then(TimeWeighted::default),
            sampled: Sample::default(),
            judged: Sample::default(),
        }
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        let before = Sample::of(self, now);
        self.server.restart(now);
        self.connections.made = 0;
        self.pools.restart(now);
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
            true => self.server.facility.busy.integral(now) / host.presence.there.integral(now).max(f64::MIN_POSITIVE),
            false => self.server.facility.busy.mean(now),
        };
        busy / f64::from(service.workers.unwrap_or(1))
    }
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

    /// Takes note of changed connections and workers.
    fn refresh_instance(&mut self, instance: InstanceId) {
        self.refresh_pools(instance);
        let service = self.topology.instances[instance.index()].service;
        let keep_alive = self.topology.services[service.index()].keep_alive;
        let state = &mut self.instances[instance.index()];
        state.connections.keep(keep_alive);
        state.server.refresh(&mut self.ctx);
        self.hand_on();
    }

    /// Takes note of changed numbers of a service.
    pub(super) fn refresh_service(&mut self, id: ServiceId) {
        for instance in self.topology.services[id.index()].instances.clone() {
            self.refresh_instance(instance);
        }
        self.refresh_line(id);
        self.refresh_balancer(id);
    }
}
