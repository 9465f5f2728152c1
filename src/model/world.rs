//! The state of the whole system, and what happens to it next.

use std::sync::Arc;

use super::{
    broker::{BrokerState, Brokers, QueueState},
    cache::CacheState,
    cause::Cause,
    context::Context,
    database::{ClusterState, Databases, NodeState},
    event::Event,
    exchange::{ExchangeId, Exchanges},
    fault::Faults,
    health::Health,
    host::Host,
    log::{Happening, Log},
    network::NetworkState,
    outcomes::{Outcomes, Spent},
    service::{InstanceState, ServiceState},
    topology::{CacheId, ClusterId, ComponentId, InstanceId, NodeId, ServiceId, Topology},
    trace::Tracer,
    users::GroupState,
    visit::{Phase, VisitId},
};
use crate::{
    engine::{
        random::Stream,
        time::{Duration, SimTime},
    },
    stats::{heat::Heat, nano_sum::NanoSum, recorder::Recorder, time_weighted::TimeWeighted},
};

/// The whole system at a moment. Lists of states go with the lists of the topology.
#[derive(Clone, Debug)]
pub struct World {
    /// The same as the context's.
    pub(super) topology: Arc<Topology>,
    pub(super) seed: u64,
    pub(super) ctx: Context,
    pub(super) handled: u64,
    /// Whether what components have said is being handed on.
    pub(super) is_handing_on: bool,
    pub(super) exchanges: Exchanges,
    /// Requests in flight: exchanges of users.
    pub(super) requests: usize,
    pub(super) groups: Vec<GroupState>,
    /// Decides whether logins succeed.
    pub(super) logins: Stream,
    /// Decides whether calls are made.
    pub(super) calls: Stream,
    pub(super) services: Vec<ServiceState>,
    /// What became of visits to each endpoint that has a name.
    pub(super) endpoints: Vec<Option<Outcomes>>,
    pub(super) instances: Vec<InstanceState>,
    pub(super) databases: Databases,
    pub(super) caches: Vec<CacheState>,
    pub(super) brokers: Brokers,
    pub(super) faults: Faults,
    pub(super) totals: Totals,
    /// Requests and logins that have begun.
    pub(super) begun: u64,
    pub(super) recorder: Recorder,
}

/// What is counted of requests as such.
#[derive(Clone, Debug)]
pub struct Totals {
    /// Requests and logins.
    pub outcomes: Outcomes,
    /// Latencies of successes once more, coarsely, for percentiles over time.
    pub heat: Heat,
    /// The same of failures.
    pub heat_in_vain: Heat,
    /// What succeeded requests waited between attempts.
    pub(super) retrying: NanoSum,
    /// Attempts made, logins included.
    pub attempts: u64,
    /// Attempts after the first.
    pub retries: u64,
    /// Attempts given up by the client.
    pub timeouts: u64,
    /// Successful logins.
    pub logins_succeeded: u64,
    /// Failed logins.
    pub logins_failed: u64,
    /// Requests rejected for want of a session.
    pub rejected: u64,
    /// Requests in flight (logins are part of their requests), over time.
    pub in_flight: TimeWeighted,
    /// When the counts started.
    pub since: SimTime,
    /// Requests and logins that had begun by then.
    pub begun_before: u64,
}

impl Totals {
    fn new() -> Self {
        Self {
            outcomes: Outcomes::of_users(),
            heat: Heat::default(),
            heat_in_vain: Heat::default(),
            begun_before: 0,
            retrying: NanoSum::default(),
            attempts: 0,
            retries: 0,
            timeouts: 0,
            logins_succeeded: 0,
            logins_failed: 0,
            rejected: 0,
            in_flight: TimeWeighted::default(),
            since: SimTime::ZERO,
        }
    }

    /// Starts the counts anew. The coarse latencies go on: time series show the warm-up too.
    fn restart(&mut self, now: SimTime, begun_before: u64) {
        let (heat, heat_in_vain) = (std::mem::take(&mut self.heat), std::mem::take(&mut self.heat_in_vain));
        let mut in_flight = self.in_flight;
        in_flight.restart(now);
        *self = Self { heat, heat_in_vain, in_flight, since: now, begun_before, ..Self::new() };
    }

    /// A request or a login is over.
    #[inline]
    pub(super) fn book(&mut self, failure: Option<Cause>, latency: Duration) {
        self.outcomes.add(failure, latency);
        match failure {
            None => self.heat.add(latency),
            Some(_) => self.heat_in_vain.add(latency),
        }
    }
}

impl World {
    /// The system at time 0, with everything up and nothing in flight.
    pub fn new(topology: Topology, seed: u64) -> Self {
        let topology = Arc::new(topology);
        let mut world = Self {
            seed,
            ctx: Context::new(Arc::clone(&topology), seed),
            handled: 0,
            is_handing_on: false,
            exchanges: Exchanges::default(),
            requests: 0,
            groups: topology.users.iter().map(|users| GroupState::new(seed, users, topology.users.len() > 1)).collect(),
            logins: Stream::new(seed, "auth", "success"),
            calls: Stream::new(seed, "calls", "made"),
            services: (0..topology.services.len())
                .map(|id| ServiceState::new(seed, ServiceId(id as u32), &topology.services[id]))
                .collect(),
            endpoints: topology.endpoints.iter().map(|it| it.name.as_ref().map(|_| Outcomes::new(3))).collect(),
            instances: (0..topology.instances.len()).map(|id| InstanceState::new(seed, &topology, id)).collect(),
            databases: Databases::new(seed, &topology),
            caches: topology
                .caches
                .iter()
                .enumerate()
                .map(|(id, cache)| CacheState::new(seed, CacheId(id as u32), cache))
                .collect(),
            brokers: Brokers::new(seed, &topology),
            faults: Faults::new(&topology),
            totals: Totals::new(),
            begun: 0,
            recorder: Recorder::new(SimTime::ZERO, topology.run.window, Vec::new()),
            topology,
        };
        world.vacate_places();
        world.brokers.make_consumers(&world.ctx);
        world.brokers.measure_headcounts(&world.ctx);
        world.recorder = Recorder::new(SimTime::ZERO, world.topology.run.window, world.gauge_values());
        world.schedule_beginnings();
        world
    }

    /// Schedules what happens by itself from time 0 on.
    fn schedule_beginnings(&mut self) {
        self.ctx.future.schedule(self.recorder.window_end(), Event::WindowEnd);
        if self.topology.run.warm_up > SimTime::ZERO {
            self.ctx.future.schedule(self.topology.run.warm_up, Event::WarmUpEnd);
        }
        self.start_services();
        self.start_pauses();
        self.start_scaling();
        self.brokers.start_consumers(&mut self.ctx);
        self.start_outages();
        self.start_faults(&|_| true);
        self.databases.start_monitors(&mut self.ctx);
        self.start_users();
    }

    /// The moment up to which everything has happened.
    pub fn now(&self) -> SimTime {
        self.ctx.now
    }

    /// Whether the run's end has been reached and everything up to it has happened. (Several things may happen
    /// at the last moment.)
    pub fn is_over(&self) -> bool {
        let end = self.topology.run.duration;
        self.ctx.now >= end && self.ctx.future.next_time().is_none_or(|next| next > end)
    }

    /// The system as it is configured.
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// Events handled so far.
    pub fn handled(&self) -> u64 {
        self.handled
    }

    /// The event log.
    pub fn log(&self) -> &Log {
        &self.ctx.log
    }

    /// What is counted of requests.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Where the time of requests and logins that succeeded went.
    pub fn spent(&self) -> Spent {
        let between = Spent::of(Phase::Retries, self.totals.retrying);
        self.services.iter().fold(between, |sum, service| sum.and(service.spent_for_users()))
    }

    /// Traces of single requests.
    pub fn tracer(&self) -> &Tracer {
        &self.ctx.tracer
    }

    /// Visits in progress.
    pub fn visits(&self) -> usize {
        self.ctx.visits.len()
    }

    /// Requests and logins that have begun since the counts started.
    pub fn begun(&self) -> u64 {
        self.begun - self.totals.begun_before
    }

    /// The state of the groups of users.
    pub fn groups(&self) -> &[GroupState] {
        &self.groups
    }

    /// Requests in flight.
    pub fn in_flight(&self) -> usize {
        self.requests
    }

    /// The state of the network.
    pub fn network(&self) -> &NetworkState {
        &self.ctx.network
    }

    /// States of the services.
    pub fn services(&self) -> &[ServiceState] {
        &self.services
    }

    /// What became of visits to each endpoint; `None` for those without a name.
    pub fn endpoints(&self) -> &[Option<Outcomes>] {
        &self.endpoints
    }

    /// Who is at the places of the instances.
    pub fn hosts(&self) -> &[Host] {
        &self.ctx.hosts
    }

    /// States of the instances.
    pub fn instances(&self) -> &[InstanceState] {
        &self.instances
    }

    /// States of the database clusters.
    pub fn clusters(&self) -> &[ClusterState] {
        &self.databases.clusters
    }

    /// States of the database nodes.
    pub fn nodes(&self) -> &[NodeState] {
        &self.databases.nodes
    }

    /// Visits that the gate of an instance has let in and that are not over, counted one by one.
    pub fn admitted(&self, instance: InstanceId) -> usize {
        let visits = self.ctx.visits.entries();
        visits.filter(|(_, visit)| visit.instance == instance && visit.holds.admitted_among > 0).count()
    }

    /// How many writes of its primary a node lacks.
    pub fn lag_writes(&self, node: NodeId) -> u64 {
        self.databases.lag_writes(&self.ctx, node)
    }

    /// Whether a cluster would be left without anybody to take over, if only its first so many nodes stayed.
    pub fn needs_its_primary(&self, cluster: ClusterId, staying: usize) -> bool {
        self.databases.needs_its_primary(&self.ctx, cluster, staying)
    }

    /// States of the caches.
    pub fn caches(&self) -> &[CacheState] {
        &self.caches
    }

    /// States of the brokers.
    pub fn brokers(&self) -> &[BrokerState] {
        &self.brokers.brokers
    }

    /// States of the queues.
    pub fn queues(&self) -> &[QueueState] {
        &self.brokers.queues
    }

    /// The health of a component.
    pub fn health(&self, component: ComponentId) -> &Health {
        self.ctx.health(component)
    }

    /// The time series.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Handles at most so many events up to and including `until`; returns how many it handled.
    /// If none is left until then, the clock is moved on to `until`.
    pub fn advance(&mut self, until: SimTime, events: u64) -> u64 {
        let until = until.min(self.topology.run.duration);
        for handled in 0..events {
            let Some((time, event)) = self.ctx.future.next_until(until) else {
                self.ctx.now = self.ctx.now.max(until);
                return handled;
            };
            self.ctx.now = time;
            self.handled += 1;
            self.handle(event);
            self.hand_on();
        }
        events
    }

    /// What an event does. This is the only dispatch.
    // The loop above is its only caller; a call of its own costs 2 % of all instructions.
    #[inline(always)]
    fn handle(&mut self, event: Event) {
        match event {
            Event::Finished(visit, turn) if self.is_due(visit, turn) => self.on_finished(visit),
            Event::Arrival { group, epoch } => self.on_arrival(group, epoch),
            Event::Arrived(visit, turn) if self.is_due(visit, turn) => self.on_arrived(visit),
            Event::Returned(visit, turn) if self.is_due(visit, turn) => self.on_returned(visit),
            Event::ThinkEnd { group, user } => self.on_think_end(group, user),
            Event::NodeDeparture { node, epoch } => {
                if let Some(visit) = self.databases.on_node_departure(&mut self.ctx, node, epoch) {
                    self.on_finished(visit);
                }
            }
            Event::SharingDeparture { instance, epoch } => self.on_sharing_departure(instance, epoch),
            Event::Connected(visit, turn) if self.is_due(visit, turn) => self.on_connected(visit),
            Event::WaitOver(visit, turn) if self.is_due(visit, turn) => self.on_wait_over(visit),
            Event::Resumed(visit, turn) if self.is_due(visit, turn) => self.on_resumed(visit),
            Event::AnswerOverdue(visit, retried) if self.ctx.visits.contains(visit) => {
                self.on_answer_overdue(visit, retried);
            }
            Event::Exchange { exchange, turn, what } if self.is_exchange_due(exchange, turn) => {
                self.on_due(exchange, what);
            }
            // Only events can be stale, and it is found out here: whoever is handed an id finds what it names.
            Event::Finished(..)
            | Event::Arrived(..)
            | Event::Returned(..)
            | Event::Connected(..)
            | Event::WaitOver(..)
            | Event::Resumed(..)
            | Event::AnswerOverdue(..)
            | Event::Exchange { .. } => {}
            Event::Instance { instance, epoch, what } => self.on_change(instance, epoch, what),
            Event::Service { service, epoch, what } => self.on_service_look(service, epoch, what),
            Event::Reconcile(service) => self.reconcile(service),
            Event::Look { service, epoch } => self.services[service.index()].front.on_look(&mut self.ctx, epoch),
            Event::CheckFailed { instance, epoch } => {
                let service = self.topology.instances[instance.index()].service;
                self.services[service.index()].front.on_check_failed(&mut self.ctx, instance, epoch);
            }
            Event::PeerDue(service) => self.services[service.index()].front.refresh(&mut self.ctx),
            Event::Applied(node) => self.databases.on_applied(&mut self.ctx, node),
            Event::Received(node) => self.databases.on_received(&mut self.ctx, node),
            Event::Rewound(node) => self.databases.on_rewound(&mut self.ctx, node),
            Event::Monitor(cluster) => self.databases.on_monitor(&mut self.ctx, cluster),
            Event::Failover { cluster, epoch, what } => {
                self.databases.on_failover_due(&mut self.ctx, cluster, epoch, what);
            }
            Event::Consumed { consumer, turn } => self.on_consumed(consumer, turn),
            Event::Link { consumer, turn, what } => self.brokers.on_link(&mut self.ctx, consumer, turn, what),
            Event::Overdue { consumer, turn } => self.brokers.on_overdue(&mut self.ctx, consumer, turn),
            Event::Election { queue, turn } => self.brokers.on_election(&mut self.ctx, queue, turn),
            Event::Expire { queue, turn } => self.brokers.on_expire(&mut self.ctx, queue, turn),
            Event::ExpireCycle { cache, epoch } => self.caches[cache.index()].on_cycle(&mut self.ctx, epoch),
            Event::Toggle { component, epoch } => self.on_toggle(component, epoch),
            Event::FaultStart { fault, epoch } => self.on_fault_start(fault, epoch),
            Event::FaultEnd { fault, epoch } => self.on_fault_end(fault, epoch),
            Event::WindowEnd => self.on_window_end(),
            Event::WarmUpEnd => self.on_warm_up_end(),
        }
    }

    /// Whether a visit still waits for the event of that turn.
    #[inline]
    fn is_due(&self, visit: VisitId, turn: u32) -> bool {
        self.ctx.visits.get(visit).is_some_and(|visit| visit.turn == turn)
    }

    /// Whether an exchange still waits for the event of that turn.
    #[inline]
    fn is_exchange_due(&self, exchange: ExchangeId, turn: u32) -> bool {
        self.exchanges.get(exchange).is_some_and(|exchange| exchange.turn == turn)
    }

    fn on_window_end(&mut self) {
        if self.ctx.now != self.recorder.window_end() {
            // The windows have been given another width since this end was scheduled.
            return;
        }
        let list = self.recorder.take_spare();
        let values = self.gauge_values_in(list);
        self.recorder.end_window(values);
        self.ctx.future.schedule(self.recorder.window_end(), Event::WindowEnd);
    }

    fn on_warm_up_end(&mut self) {
        let now = self.ctx.now;
        if now != self.topology.run.warm_up {
            return;
        }
        // Time series show the warm-up too, so what they had seen must not be lost.
        let values = self.gauge_values();
        self.totals.restart(now, self.begun);
        self.ctx.restart();
        self.services.iter_mut().for_each(|service| service.restart(now));
        self.endpoints.iter_mut().flatten().for_each(Outcomes::restart);
        self.instances.iter_mut().zip(&mut self.ctx.hosts).for_each(|(instance, host)| instance.restart(now, host));
        self.groups.iter_mut().for_each(|group| group.restart(now));
        self.databases.restart(now);
        self.caches.iter_mut().for_each(|cache| cache.restart(now));
        self.brokers.restart(now);
        let restarted = self.gauge_values();
        self.recorder.rebase(&values, &restarted);
        self.ctx.note(Happening::WarmUpEnd);
    }
}
