//! What breaks: random outages, scheduled faults, and partitions of the network.

use super::{
    event::Event,
    health::DownBecause,
    log::Happening,
    network::Place,
    topology::{ClusterId, ComponentId, ComponentKind, FaultAction, Side, Target, Topology},
    world::World,
};
use crate::engine::time::Duration;

/// Scheduled faults that are at work now.
#[derive(Clone, Debug)]
pub struct Faults {
    /// Of each fault, whom it slows down now.
    slowed: Vec<Vec<ComponentId>>,
    /// Partitions now, with the number of the fault.
    partitions: Vec<(u32, [Group; 2])>,
    /// Recognises faults that were scheduled before a change of the configuration.
    epoch: u32,
}

/// One side of a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    users: bool,
    balancer: bool,
    components: Vec<ComponentKind>,
}

impl Group {
    fn contains(&self, place: Place) -> bool {
        match place {
            Place::Users => self.users,
            Place::Balancer => self.balancer,
            Place::Component(kind) => self.components.contains(&kind),
        }
    }
}

impl Faults {
    /// Nothing is wrong yet.
    pub fn new(topology: &Topology) -> Self {
        Self { slowed: vec![Vec::new(); topology.faults.len()], partitions: Vec::new(), epoch: 0 }
    }

    /// Whether there are places between which no message passes.
    #[inline]
    pub fn has_partitions(&self) -> bool {
        !self.partitions.is_empty()
    }

    /// Whether no message passes between two places.
    #[inline]
    pub fn are_parted(&self, a: Place, b: Place) -> bool {
        self.has_partitions() && self.are_parted_by_any(a, b)
    }

    #[cold]
    fn are_parted_by_any(&self, a: Place, b: Place) -> bool {
        let parted = |[one, other]: &[Group; 2]| {
            (one.contains(a) && other.contains(b)) || (one.contains(b) && other.contains(a))
        };
        self.partitions.iter().any(|(_, sides)| parted(sides))
    }
}

impl World {
    /// Schedules the first random outage of each component.
    pub(super) fn start_outages(&mut self) {
        for id in 0..self.healths.len() as u32 {
            self.schedule_toggle(ComponentId(id));
        }
    }

    /// Schedules the end of a component's present time up or down, if it has outages.
    pub(super) fn schedule_toggle(&mut self, component: ComponentId) {
        let health = &mut self.healths[component.index()];
        if let Some(outages) = &self.topology.components[component.index()].outages {
            let after = health.draw(outages);
            let epoch = health.epoch();
            self.schedule(after, Event::Toggle { component, epoch });
        }
    }

    pub(super) fn on_toggle(&mut self, component: ComponentId, epoch: u32) {
        let health = &self.healths[component.index()];
        if health.epoch() != epoch {
            return;
        }
        if health.is_up() {
            self.crash(component, DownBecause::Outage, None);
        } else {
            self.recover(component);
        }
    }

    /// A component goes down, for so long; without a time, as long as its outages say, else until somebody recovers it.
    /// If it is down already, only the time and the reason change: it stays down for the new time, from now on.
    pub(super) fn crash(&mut self, component: ComponentId, because: DownBecause, down_for: Option<Duration>) {
        let was_up = self.healths[component.index()].is_up();
        self.healths[component.index()].go_down(self.now, because);
        if was_up {
            self.log.add(self.now, Happening::Crash(component, because));
        }
        match down_for {
            Some(time) => {
                let epoch = self.healths[component.index()].epoch();
                self.schedule(time, Event::Toggle { component, epoch });
            }
            None => self.schedule_toggle(component),
        }
        if was_up {
            self.after_crash(component);
        }
    }

    fn after_crash(&mut self, component: ComponentId) {
        match self.topology.components[component.index()].kind {
            ComponentKind::Instance(instance) => {
                self.refresh_balancer(self.topology.instances[instance.index()].service);
                self.turn_away_at_instance(instance);
                self.on_consumers_down(instance);
            }
            ComponentKind::Node(node) => self.on_node_down(node),
            ComponentKind::Cache(cache) => self.turn_away_at_cache(cache),
            ComponentKind::Broker(_) => {}
        }
    }

    /// A component comes back up, if it was down.
    pub(super) fn recover(&mut self, component: ComponentId) {
        if self.healths[component.index()].is_up() {
            return;
        }
        self.healths[component.index()].come_up(self.now);
        self.log.add(self.now, Happening::Recover(component));
        self.schedule_toggle(component);
        match self.topology.components[component.index()].kind {
            ComponentKind::Instance(instance) => {
                self.refresh_balancer(self.topology.instances[instance.index()].service);
                self.on_consumers_up(instance);
            }
            ComponentKind::Node(node) => self.on_node_up(node),
            ComponentKind::Cache(_) => {}
            ComponentKind::Broker(broker) => self.on_broker_up(broker),
        }
    }

    /// Schedules the faults that lie ahead, and starts those that should be under way. A crash is one of
    /// those if it is new, and begins now or has an end ahead; one that is not new has happened, and whoever has been
    /// recovered since stays up.
    pub(super) fn start_faults(&mut self, is_new: &dyn Fn(usize) -> bool) {
        let epoch = self.faults.epoch;
        for id in 0..self.topology.faults.len() {
            let fault = &self.topology.faults[id];
            let is_ahead = fault.at > self.now || self.handled == 0;
            let should_be_under_way = || match fault.action {
                FaultAction::Crash { until, .. } => {
                    (fault.at == self.now || until.is_some_and(|until| until > self.now)) && is_new(id)
                }
                FaultAction::Slow { until, .. } | FaultAction::Partition { until, .. } => {
                    until.is_none_or(|until| until > self.now)
                }
            };
            if is_ahead || should_be_under_way() {
                let at = fault.at.max(self.now);
                self.future.schedule(at, Event::FaultStart { fault: id as u32, epoch });
            }
        }
    }

    /// The list of faults has changed: those of the old list end, those of the new one are scheduled.
    pub(super) fn restart_faults(&mut self, is_new: &dyn Fn(usize) -> bool) {
        let epoch = self.faults.epoch.wrapping_add(1);
        let slowed = std::mem::take(&mut self.faults.slowed);
        self.faults = Faults { epoch, ..Faults::new(&self.topology) };
        slowed.into_iter().flatten().for_each(|component| self.measure_slowness(component));
        self.catch_up_everywhere();
        self.start_faults(is_new);
    }

    pub(super) fn on_fault_start(&mut self, fault: u32, epoch: u32) {
        if epoch != self.faults.epoch {
            return;
        }
        let action = self.topology.faults[fault as usize].action.clone();
        let end = match &action {
            FaultAction::Crash { target, until } => {
                let down_for = until.map(|until| until.since(self.now));
                for component in self.components_of(target) {
                    self.crash(component, DownBecause::Fault, down_for);
                }
                None
            }
            FaultAction::Slow { target, until, .. } => {
                self.faults.slowed[fault as usize] = self.components_of(target);
                self.measure_slowness_of(fault);
                *until
            }
            FaultAction::Partition { between, until } => {
                let sides = [self.group_of(&between[0]), self.group_of(&between[1])];
                self.faults.partitions.push((fault, sides));
                self.log.add(self.now, Happening::Partition(fault));
                self.break_off_parted_replication();
                *until
            }
        };
        if let Some(end) = end {
            self.future.schedule(end.max(self.now), Event::FaultEnd { fault, epoch });
        }
    }

    pub(super) fn on_fault_end(&mut self, fault: u32, epoch: u32) {
        if epoch != self.faults.epoch {
            return;
        }
        let slowed = std::mem::take(&mut self.faults.slowed[fault as usize]);
        slowed.into_iter().for_each(|component| self.measure_slowness(component));
        let before = self.faults.partitions.len();
        self.faults.partitions.retain(|&(number, _)| number != fault);
        if self.faults.partitions.len() < before {
            self.log.add(self.now, Happening::Heal(fault));
            self.catch_up_everywhere();
        }
    }

    fn measure_slowness_of(&mut self, fault: u32) {
        for component in self.faults.slowed[fault as usize].clone() {
            self.measure_slowness(component);
        }
    }

    /// A component is slowed by all faults together: their factors multiply.
    fn measure_slowness(&mut self, component: ComponentId) {
        let mut product = 1.0;
        for (fault, slowed) in self.topology.faults.iter().zip(&self.faults.slowed) {
            if let FaultAction::Slow { factor, .. } = fault.action
                && slowed.contains(&component)
            {
                product *= factor;
            }
        }
        self.healths[component.index()].slow_factor = product;
        self.log.add(self.now, Happening::Slow(component, product));
    }

    /// Whom a target means at this moment.
    pub(super) fn components_of(&self, target: &Target) -> Vec<ComponentId> {
        match target {
            Target::Components(components) => components.clone(),
            Target::Primaries(clusters) => {
                let primary = |cluster: &ClusterId| self.clusters[cluster.index()].primary;
                clusters.iter().map(|cluster| self.topology.node_component(primary(cluster))).collect()
            }
        }
    }

    fn group_of(&self, side: &Side) -> Group {
        let mut group = Group { users: false, balancer: false, components: Vec::new() };
        match side {
            Side::Users => group.users = true,
            Side::Balancer => group.balancer = true,
            Side::Target(target) => {
                let components = self.components_of(target).into_iter();
                group.components = components.map(|id| self.topology.components[id.index()].kind).collect();
            }
        }
        group
    }
}
