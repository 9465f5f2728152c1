//! Service instances: logins, processing, and calls to further services.

use super::{
    client::Client,
    connections::Connections,
    front::Front,
    host::Host,
    outcomes::{Outcomes, Spent},
    pool::Pools,
    scaling::{Sample, Scaling},
    server::Server,
    topology::{Called, InstanceId, OnError, Service, ServiceId, Topology},
    visit::{Outcome, PHASES},
    visits::Progress::{self, Fails, Next},
    world::World,
};
use crate::engine::{
    random::Stream,
    time::{Duration, SimTime},
};

/// The state of a service.
#[derive(Clone, Debug)]
pub struct ServiceState {
    /// Its balancer, and who waits there.
    pub front: Front,
    /// Visits to it.
    pub outcomes: Outcomes,
    /// Where the time of those that succeeded went, of attempts and logins that users waited for.
    spent_for_users: Spent,
    /// The same, of those on behalf of other services, and those whose client did not wait.
    spent_for_others: Spent,
    /// What is wanted of it, if its instances come and go.
    pub scaling: Option<Scaling>,
}

impl ServiceState {
    /// A service whose instances are all up.
    pub fn new(seed: u64, id: ServiceId, service: &Service) -> Self {
        let lifecycle = &service.lifecycle;
        let there = if lifecycle.is_elastic() { lifecycle.initial as usize } else { service.instances.len() };
        Self {
            front: Front::new(seed, id, service, there),
            outcomes: Outcomes::new(3),
            spent_for_users: Spent::default(),
            spent_for_others: Spent::default(),
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
        self.front.restart(now);
        self.spent_for_users = Spent::default();
        self.spent_for_others = Spent::default();
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
    /// Whether steps are done that are done with some probability.
    pub(super) choices: Stream,
    /// What it remembers of each call that it makes, and of each policy under which it uses a store, in their order.
    pub clients: Vec<Client>,
    /// Connections to it.
    pub connections: Connections,
    /// Its connections to the database and to the cache, if they are limited.
    pub pools: Pools,
    pub(super) start_ups: Stream,
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
            connections: Connections::new(service.keep_alive),
            choices: Stream::new(seed, name, "choices"),
            clients: clients(seed, topology, service, name),
            pools: Pools::new(service),
            start_ups: Stream::new(seed, name, "start-ups"),
            sampled: Sample::default(),
            judged: Sample::default(),
        }
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime, host: &mut Host) {
        let before = Sample::of(self, host, now);
        self.server.restart(now);
        self.connections.made = 0;
        self.pools.restart(now);
        self.clients.iter_mut().for_each(|client| client.restart(now));
        self.outcomes.restart();
        host.concurrency.iter_mut().for_each(|level| level.restart(now));
        let after = Sample::of(self, host, now);
        self.sampled = self.sampled.rebased(&before, &after);
        self.judged = self.judged.rebased(&before, &after);
    }

    /// Somebody new is at its place, whose figures begin now.
    pub(super) fn begin_sampling(&mut self, now: SimTime, host: &Host) {
        let sample = Sample::of(self, host, now);
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
    /// The process of an instance is another one, or none: what it knew of those whom it asks is gone.
    pub(super) fn forget_others(&mut self, instance: InstanceId) {
        let service = &self.topology.services[self.topology.instances[instance.index()].service.index()];
        let clients = self.instances[instance.index()].clients.iter_mut();
        for (client, call) in clients.zip(service.calls.clone()) {
            client.begin_anew(&self.topology.calls[call as usize].policy, self.ctx.now);
        }
    }

    pub(super) fn start_services(&mut self) {
        for id in (0..self.services.len() as u32).map(ServiceId) {
            self.services[id.index()].front.begin(&mut self.ctx);
        }
    }

    /// The front of an instance's service takes note of how the instance is.
    pub(super) fn refresh_front_of(&mut self, instance: InstanceId) {
        let service = self.topology.instances[instance.index()].service;
        self.services[service.index()].front.refresh(&mut self.ctx);
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
        self.services[id.index()].front.refresh_numbers(&mut self.ctx);
    }
}
