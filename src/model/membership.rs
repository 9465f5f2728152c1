//! Who is there: instances, replicas, caches and consumers that come and go while the run goes on.
//!
//! What has been taken away gets nothing new and finishes what it has. What
//! comes back is a new one of the same name: its figures begin anew.

use super::{
    cache::CacheState,
    gauges::Gauge,
    health::Health,
    host::Host,
    service::InstanceState,
    topology::{CacheId, ClusterId, ComponentId, ComponentKind, ConsumerId, InstanceId, ServiceId, Topology},
    world::World,
};

impl World {
    /// Goes on with the components and consumers of the present topology instead of those of the old one; `before` is
    /// what the gauges said before. Balancers, queues and clusters take note of it later.
    pub(super) fn change_members(&mut self, old: &Topology, before: &[(Gauge, f64)]) {
        self.make_newcomers();
        for (id, instance) in old.instances.iter().enumerate() {
            let before = old.services[instance.service.index()].admission.as_ref();
            self.instances[id].server.change_gate(&mut self.ctx, before);
        }
        self.begin_figures(old);
        self.make_scaling();
        self.record_newcomers(before);
        for id in 0..self.topology.components.len() {
            let was_there = old.components.get(id).is_some_and(|component| !component.is_retired);
            match (was_there, !self.topology.components[id].is_retired) {
                (false, true) => self.begin_component(ComponentId(id as u32), id >= old.components.len()),
                (true, false) => self.retire(ComponentId(id as u32)),
                _ => {}
            }
        }
        for (id, cluster) in old.clusters.iter().enumerate() {
            self.databases.change_nodes(&mut self.ctx, ClusterId(id as u32), &cluster.nodes);
        }
        self.databases.start_monitors(&mut self.ctx);
        for id in 0..old.consumers.len() {
            if self.topology.consumers[id].is_retired && !old.consumers[id].is_retired {
                self.brokers.stop_consumer(&mut self.ctx, ConsumerId(id as u32));
            }
        }
    }

    /// States for whoever has none yet: everything is up and idle.
    fn make_newcomers(&mut self) {
        let (topology, seed, now) = (&self.topology, self.seed, self.ctx.now);
        for id in self.ctx.healths.len()..topology.components.len() {
            self.ctx.healths.push(Health::new(seed, &topology.components[id].name));
            self.ctx.healths[id].restart(now);
        }
        for id in self.instances.len()..topology.instances.len() {
            self.ctx.hosts.push(Host::new(seed, topology, InstanceId(id as u32)));
            self.ctx.hosts[id].restart(now);
            self.instances.push(InstanceState::new(seed, topology, id));
            self.instances[id].restart(now, &mut self.ctx.hosts[id]);
        }
        self.databases.make_newcomers(topology, seed, now);
        for id in self.caches.len()..topology.caches.len() {
            self.caches.push(CacheState::new(seed, CacheId(id as u32), &topology.caches[id]));
            self.caches[id].restart(now);
        }
        self.brokers.make_consumers(&self.ctx);
    }

    /// Those who have come back are up, and their figures begin anew.
    fn begin_figures(&mut self, old: &Topology) {
        let now = self.ctx.now;
        for (id, before) in old.components.iter().enumerate() {
            let component = &self.topology.components[id];
            if !before.is_retired || component.is_retired {
                continue;
            }
            let health = &mut self.ctx.healths[id];
            health.come_up(now);
            (health.slow_factor, health.error_prob) = (1.0, 0.0);
            health.restart(now);
            match component.kind {
                ComponentKind::Instance(instance) => {
                    self.ctx.hosts[instance.index()].restart(now);
                    self.instances[instance.index()].restart(now, &mut self.ctx.hosts[instance.index()]);
                }
                ComponentKind::Node(node) => self.databases.nodes[node.index()].restart(now),
                ComponentKind::Cache(cache) => self.caches[cache.index()].restart(now),
                ComponentKind::Broker(_) => {}
            }
        }
        for id in (0..old.clusters.len() as u32).map(ClusterId) {
            if old.is_cluster_retired(id) && !self.topology.is_cluster_retired(id) {
                self.databases.measure_availability(&mut self.ctx, id);
                self.databases.clusters[id.index()].restart(now);
            }
        }
    }

    /// Time series of newcomers begin now; for those who have come back nothing has grown by beginning anew.
    fn record_newcomers(&mut self, before: &[(Gauge, f64)]) {
        let after = self.gauges();
        let mut known = before.iter().peekable();
        let was = |(gauge, _): &(Gauge, f64)| known.next_if(|(known, _)| known == gauge).map(|&(_, value)| value);
        let was: Vec<Option<f64>> = after.iter().map(was).collect();
        let values: Vec<f64> = after.iter().map(|&(_, value)| value).collect();
        self.recorder.change_columns(&was, &values);
    }

    /// A component has been taken away: no outages befall it any more, and it does not count as up.
    fn retire(&mut self, component: ComponentId) {
        let now = self.ctx.now;
        let health = self.ctx.health_mut(component);
        health.forget_schedule();
        health.up.set(now, 0.0);
        if let ComponentKind::Instance(instance) = self.topology.components[component.index()].kind {
            self.retire_instance(instance);
        }
    }

    /// A component has come, or come back.
    fn begin_component(&mut self, id: ComponentId, is_new: bool) {
        if let ComponentKind::Instance(instance) = self.topology.components[id.index()].kind {
            self.add_instance(instance);
        }
        if is_new {
            self.schedule_toggle(id);
        }
    }

    /// Components to show: all that have not been taken away, in order, and then those that still work.
    pub fn shown(&self) -> Vec<ComponentId> {
        let mut shown = self.topology.order.clone();
        for instance in self.leaving() {
            shown.push(self.topology.instance_component(instance));
            let described = &self.topology.instances[instance.index()];
            if let Some(cluster) = described.cluster.filter(|&cluster| self.topology.is_cluster_retired(cluster)) {
                let nodes = &self.topology.clusters[cluster.index()].nodes;
                shown.extend(nodes.iter().map(|&node| self.topology.node_component(node)));
            }
            if let Some(cache) = described.cache.map(|cache| self.topology.cache_component(cache))
                && self.topology.components[cache.index()].is_retired
            {
                shown.push(cache);
            }
        }
        shown
    }

    /// Instances that have been taken away and still have visits.
    fn leaving(&self) -> impl Iterator<Item = InstanceId> {
        (0..self.instances.len() as u32).map(InstanceId).filter(|&id| self.is_leaving(id))
    }

    /// Whether an instance has been taken away and still has visits.
    pub fn is_leaving(&self, id: InstanceId) -> bool {
        self.ctx.hosts[id.index()].active > 0
            && self.topology.components[self.topology.instance_component(id).index()].is_retired
    }

    /// Instances of a service that have been taken away and still have visits.
    pub fn leaving_from(&self, service: ServiceId) -> impl Iterator<Item = InstanceId> {
        self.leaving().filter(move |&id| self.topology.instances[id.index()].service == service)
    }
}
