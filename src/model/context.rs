//! What every part of the system sees of the rest: the time, what is to come, the network, who is up, and what is noted.

use std::{collections::VecDeque, sync::Arc};

use super::{
    event::Event,
    health::Health,
    host::Host,
    log::{Happening, Log},
    network::NetworkState,
    post::Post,
    topology::{ComponentId, InstanceId, Topology},
    trace::Tracer,
    visit::Visits,
};
use crate::engine::{
    future_events::FutureEventList,
    time::{Duration, SimTime},
};

/// What a part of the system is handed when something happens at it. It is a field of the world, apart from the parts, so
/// that one of them can be changed together with it.
#[derive(Clone, Debug)]
pub struct Context {
    /// What there is.
    pub topology: Arc<Topology>,
    /// The present moment.
    pub now: SimTime,
    /// What is to happen.
    pub future: FutureEventList<Event>,
    /// Visits in progress.
    pub visits: Visits,
    /// By which messages travel.
    pub network: NetworkState,
    /// Who is up, by component.
    pub healths: Vec<Health>,
    /// What components say to others than the one in hand, in order.
    pub posts: VecDeque<Post>,
    /// Instances that pause now.
    pub pausing: u32,
    /// Who is at the places of instances.
    pub hosts: Vec<Host>,
    /// What has happened.
    pub log: Log,
    /// Where the time of single requests went.
    pub tracer: Tracer,
}

impl Context {
    /// Time 0: nothing is to come, and everything is up.
    pub fn new(topology: Arc<Topology>, seed: u64) -> Self {
        Self {
            now: SimTime::ZERO,
            future: FutureEventList::new(),
            network: NetworkState::new(seed, &topology.network),
            healths: topology.components.iter().map(|component| Health::new(seed, &component.name)).collect(),
            visits: Visits::default(),
            posts: VecDeque::new(),
            pausing: 0,
            hosts: (0..topology.instances.len()).map(|id| Host::new(seed, &topology, InstanceId(id as u32))).collect(),
            log: Log::new(topology.run.duration.since(SimTime::ZERO)),
            tracer: Tracer::default(),
            topology,
        }
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self) {
        self.tracer.restart();
        self.network.restart();
        self.hosts.iter_mut().for_each(|host| host.restart(self.now));
        self.healths.iter_mut().for_each(|health| health.restart(self.now));
    }

    /// Something is to happen after so long.
    #[inline]
    pub fn schedule(&mut self, after: Duration, event: Event) {
        self.future.schedule(self.now + after, event);
    }

    /// Puts what has just happened into the log.
    pub fn note(&mut self, what: Happening) {
        self.log.add(self.now, what);
    }

    /// The health of a component.
    #[inline]
    pub fn health(&self, component: ComponentId) -> &Health {
        &self.healths[component.index()]
    }

    /// Whether an instance is up.
    #[inline]
    pub fn is_instance_up(&self, instance: InstanceId) -> bool {
        self.health(self.topology.instance_component(instance)).is_up()
    }

    /// The health of a component, to be changed.
    pub fn health_mut(&mut self, component: ComponentId) -> &mut Health {
        &mut self.healths[component.index()]
    }
}
