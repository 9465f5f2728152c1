//! What breaks: random outages and scheduled faults.

use super::{
    event::Event,
    health::{DownBecause, STALL},
    log::Happening,
    partition::Group,
    topology::{ClusterId, ComponentId, ComponentKind, FaultAction, InProgress, Side, Target, Topology},
    world::World,
};
use crate::engine::time::Duration;

/// Scheduled faults that are at work now.
#[derive(Clone, Debug)]
pub struct Faults {
    /// Of each fault, whom it slows down now.
    slowed: Vec<Vec<ComponentId>>,
    /// Of each fault, whose operations it makes fail now.
    failing: Vec<Vec<ComponentId>>,
    /// Recognises faults that were scheduled before a change of the configuration.
    epoch: u32,
}

impl Faults {
    /// Nothing is wrong yet.
    pub fn new(topology: &Topology) -> Self {
        let nobody = vec![Vec::new(); topology.faults.len()];
        Self { slowed: nobody.clone(), failing: nobody, epoch: 0 }
    }
}

impl World {
    /// Schedules the first random outage of each component.
    pub(super) fn start_outages(&mut self) {
        for id in 0..self.ctx.healths.len() as u32 {
            self.schedule_toggle(ComponentId(id));
        }
    }

    /// Schedules the end of a component's present time up or down, if it has outages.
    pub(super) fn schedule_toggle(&mut self, component: ComponentId) {
        if self.is_absent(component) {
            return;
        }
        let health = self.ctx.health_mut(component);
        if let Some(outages) = &self.topology.components[component.index()].outages {
            let after = health.draw(outages);
            let epoch = health.epoch();
            self.ctx.schedule(after, Event::Toggle { component, epoch });
        }
    }

    pub(super) fn on_toggle(&mut self, component: ComponentId, epoch: u32) {
        let health = self.ctx.health(component);
        if health.epoch() != epoch {
            return;
        }
        if health.is_up() {
            let fate = self.usual_fate(component);
            self.crash(component, DownBecause::Outage, None, fate);
        } else {
            self.recover(component);
        }
    }

    /// A component goes down, for so long; without a time, as long as its outages say, else until somebody recovers it.
    /// If it is down already, only the time and the reason change: it stays down for the new time, from now on.
    pub(super) fn crash(
        &mut self,
        component: ComponentId,
        because: DownBecause,
        down_for: Option<Duration>,
        in_progress: InProgress,
    ) {
        if self.is_absent(component) {
            return;
        }
        let was_up = self.ctx.health(component).is_up();
        let now = self.ctx.now;
        self.ctx.health_mut(component).go_down(now, because);
        if was_up {
            self.ctx.note(Happening::Crash(component, because));
        }
        match down_for {
            Some(time) => {
                let epoch = self.ctx.health(component).epoch();
                self.ctx.schedule(time, Event::Toggle { component, epoch });
            }
            None => self.schedule_toggle(component),
        }
        if was_up {
            self.after_crash(component, in_progress);
        }
    }

    /// What becomes of the work of a component in a random outage, or when somebody crashes it by hand.
    pub(super) fn usual_fate(&self, component: ComponentId) -> InProgress {
        self.topology.components[component.index()].in_progress
    }

    fn after_crash(&mut self, component: ComponentId, in_progress: InProgress) {
        let is_lost = in_progress == InProgress::Lost;
        match self.topology.components[component.index()].kind {
            ComponentKind::Instance(instance) => {
                self.refresh_front_of(instance);
                let idle = &mut self.services[self.topology.instances[instance.index()].service.index()].front.idle;
                self.instances[instance.index()].connections.close(instance, idle);
                self.end_pause(instance);
                self.instances[instance.index()].server.went_down(&mut self.ctx);
                self.hand_on();
                if is_lost {
                    self.brokers.lose_messages(&mut self.ctx, instance);
                }
                self.brokers.on_consumers_down(&mut self.ctx, instance);
            }
            ComponentKind::Node(node) => self.databases.on_node_down(&mut self.ctx, node),
            ComponentKind::Cache(cache) => self.caches[cache.index()].went_down(&mut self.ctx),
            ComponentKind::Broker(member) => self.brokers.on_member_down(&mut self.ctx, member, is_lost),
        }
        self.hand_on();
        if is_lost {
            self.lose_work(component);
        }
        if let ComponentKind::Instance(instance) = self.topology.components[component.index()].kind {
            self.reconsider(instance);
        }
    }

    /// A component comes back up, if it was down.
    pub(super) fn recover(&mut self, component: ComponentId) {
        if self.ctx.health(component).is_up() || self.is_absent(component) {
            return;
        }
        let now = self.ctx.now;
        self.ctx.health_mut(component).come_up(now);
        self.ctx.note(Happening::Recover(component));
        self.schedule_toggle(component);
        match self.topology.components[component.index()].kind {
            ComponentKind::Instance(instance) => {
                self.refresh_front_of(instance);
                self.schedule_pause(instance);
                self.begin_cold(instance);
                self.brokers.on_consumers_up(&mut self.ctx, instance);
                self.reconsider(instance);
            }
            ComponentKind::Node(node) => self.databases.on_node_up(&mut self.ctx, node),
            ComponentKind::Cache(_) => {}
            ComponentKind::Broker(member) => self.brokers.on_member_up(&mut self.ctx, member),
        }
    }

    /// Schedules the faults that lie ahead, and starts those that should be under way. A crash is one of
    /// those if it is new, and begins now or has an end ahead; one that is not new has happened, and whoever has been
    /// recovered since stays up.
    pub(super) fn start_faults(&mut self, is_new: &dyn Fn(usize) -> bool) {
        let epoch = self.faults.epoch;
        for id in 0..self.topology.faults.len() {
            let fault = &self.topology.faults[id];
            let is_ahead = fault.at > self.ctx.now || self.handled == 0;
            let should_be_under_way = || match fault.action {
                FaultAction::Crash { until, .. } => {
                    (fault.at == self.ctx.now || until.is_some_and(|until| until > self.ctx.now)) && is_new(id)
                }
                FaultAction::Slow { until, .. }
                | FaultAction::Fail { until, .. }
                | FaultAction::Partition { until, .. } => until.is_none_or(|until| until > self.ctx.now),
            };
            if is_ahead || should_be_under_way() {
                let at = fault.at.max(self.ctx.now);
                self.ctx.future.schedule(at, Event::FaultStart { fault: id as u32, epoch });
            }
        }
    }

    /// The list of faults has changed: those of the old list end, those of the new one are scheduled.
    pub(super) fn restart_faults(&mut self, is_new: &dyn Fn(usize) -> bool) {
        let epoch = self.faults.epoch.wrapping_add(1);
        let begun = std::mem::replace(&mut self.faults, Faults { epoch, ..Faults::new(&self.topology) });
        self.ctx.network.partitions.clear();
        begun.slowed.into_iter().flatten().for_each(|component| self.measure_slowness(component));
        begun.failing.into_iter().flatten().for_each(|component| self.measure_errors(component));
        self.databases.catch_up_everywhere(&mut self.ctx);
        self.brokers.on_partition(&mut self.ctx);
        self.start_faults(is_new);
    }

    pub(super) fn on_fault_start(&mut self, fault: u32, epoch: u32) {
        if epoch != self.faults.epoch {
            return;
        }
        let action = self.topology.faults[fault as usize].action.clone();
        let end = match &action {
            FaultAction::Crash { target, until, in_progress } => {
                let down_for = until.map(|until| until.since(self.ctx.now));
                for component in self.components_of(target) {
                    self.crash(component, DownBecause::Fault, down_for, *in_progress);
                }
                None
            }
            FaultAction::Slow { target, until, .. } => {
                self.faults.slowed[fault as usize] = self.components_of(target);
                self.measure_slowness_of(fault);
                *until
            }
            FaultAction::Fail { target, until, .. } => {
                let failing = self.components_of(target);
                self.faults.failing[fault as usize].clone_from(&failing);
                failing.into_iter().for_each(|component| self.measure_errors(component));
                *until
            }
            FaultAction::Partition { between, until } => {
                let sides = [self.group_of(&between[0]), self.group_of(&between[1])];
                self.ctx.network.partitions.begin(fault, sides);
                self.ctx.note(Happening::Partition(fault));
                self.databases.break_off_parted_replication(&mut self.ctx);
                self.brokers.on_partition(&mut self.ctx);
                *until
            }
        };
        if let Some(end) = end {
            self.ctx.future.schedule(end.max(self.ctx.now), Event::FaultEnd { fault, epoch });
        }
    }

    pub(super) fn on_fault_end(&mut self, fault: u32, epoch: u32) {
        if epoch != self.faults.epoch {
            return;
        }
        let slowed = std::mem::take(&mut self.faults.slowed[fault as usize]);
        slowed.into_iter().for_each(|component| self.measure_slowness(component));
        let failing = std::mem::take(&mut self.faults.failing[fault as usize]);
        failing.into_iter().for_each(|component| self.measure_errors(component));
        if self.ctx.network.partitions.end(fault) {
            self.ctx.note(Happening::Heal(fault));
            self.databases.catch_up_everywhere(&mut self.ctx);
            self.brokers.on_partition(&mut self.ctx);
        }
    }

    fn measure_slowness_of(&mut self, fault: u32) {
        for component in self.faults.slowed[fault as usize].clone() {
            self.measure_slowness(component);
        }
    }

    /// Somebody else will be in place of a component: faults that strike it now do not strike him.
    pub(super) fn forget_faults(&mut self, component: ComponentId) {
        let struck = self.faults.slowed.iter_mut().chain(&mut self.faults.failing);
        struck.for_each(|components| components.retain(|&other| other != component));
        let health = self.ctx.health_mut(component);
        (health.slow_factor, health.error_prob) = (1.0, 0.0);
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
        let before = std::mem::replace(&mut self.ctx.health_mut(component).slow_factor, product);
        if before.max(product) < STALL {
            self.change_pace(component, product / before);
        }
        self.ctx.note(Happening::Slow(component, product));
        if let ComponentKind::Node(node) = self.topology.components[component.index()].kind {
            self.databases.look_at(&mut self.ctx, node);
        }
    }

    /// A component's operation succeeds if none of all faults together makes it fail.
    fn measure_errors(&mut self, component: ComponentId) {
        let mut success = 1.0;
        for (fault, failing) in self.topology.faults.iter().zip(&self.faults.failing) {
            if let FaultAction::Fail { prob, .. } = fault.action
                && failing.contains(&component)
            {
                success *= 1.0 - prob;
            }
        }
        self.ctx.health_mut(component).error_prob = 1.0 - success;
        self.ctx.note(Happening::Failing(component, 1.0 - success));
    }

    /// Whom a target means at this moment.
    pub(super) fn components_of(&self, target: &Target) -> Vec<ComponentId> {
        match target {
            Target::Components(components) => components.clone(),
            Target::Primaries(clusters) => {
                let primary = |cluster: &ClusterId| self.databases.clusters[cluster.index()].primary;
                clusters.iter().map(|cluster| self.topology.node_component(primary(cluster))).collect()
            }
        }
    }

    fn group_of(&self, side: &Side) -> Group {
        let mut group = Group::default();
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
