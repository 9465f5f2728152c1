//! Who is there: instances, replicas, caches and consumers that come and go while the run goes on.
//!
//! What has been taken away gets nothing new and finishes what it has. What
//! comes back is a new one of the same name: its figures begin anew.

use super::{
    cache::CacheState,
    database::{ClusterState, NodeState, Role},
    gauges::Gauge,
    health::Health,
    service::InstanceState,
    topology::{ClusterId, ComponentId, ComponentKind, ConsumerId, InstanceId, NodeId, ServiceId, Topology},
    world::World,
};

impl World {
    /// Goes on with the components and consumers of the present topology instead of those of the old one; `before` is
    /// what the gauges said before. Balancers, queues and clusters take note of it later.
    pub(super) fn change_members(&mut self, old: &Topology, before: &[(Gauge, f64)]) {
        self.make_newcomers();
        self.change_gates(old);
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
            self.change_nodes(ClusterId(id as u32), &cluster.nodes);
        }
        (0..self.clusters.len() as u32).for_each(|id| self.schedule_monitor(ClusterId(id)));
        for id in 0..old.consumers.len() {
            if self.topology.consumers[id].is_retired && !old.consumers[id].is_retired {
                self.stop_consumer(ConsumerId(id as u32));
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
            self.instances.push(InstanceState::new(seed, topology, id));
            self.instances[id].restart(now);
        }
        for id in self.clusters.len()..topology.clusters.len() {
            self.clusters.push(ClusterState::new(seed, &topology.clusters[id]));
            self.clusters[id].restart(now);
        }
        for id in self.nodes.len()..topology.nodes.len() {
            self.nodes.push(NodeState::new(seed, topology, id));
            self.nodes[id].restart(now);
        }
        for id in self.caches.len()..topology.caches.len() {
            self.caches.push(CacheState::new(seed, &topology.caches[id]));
            self.caches[id].restart(now);
        }
        self.make_consumers();
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
                ComponentKind::Instance(instance) => self.instances[instance.index()].restart(now),
                ComponentKind::Node(node) => self.nodes[node.index()].restart(now),
                ComponentKind::Cache(cache) => self.caches[cache.index()].restart(now),
                ComponentKind::Broker(_) => {}
            }
        }
        for id in (0..old.clusters.len() as u32).map(ClusterId) {
            if old.is_cluster_retired(id) && !self.topology.is_cluster_retired(id) {
                self.measure_availability(id);
                self.clusters[id.index()].restart(now);
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

    /// Nodes have been taken from a cluster, or added to it.
    fn change_nodes(&mut self, id: ClusterId, before: &[NodeId]) {
        if self.topology.clusters[id.index()].nodes == before {
            return;
        }
        let nodes = self.topology.clusters[id.index()].nodes.clone();
        let state = &mut self.clusters[id.index()];
        let is_removed = |node: &NodeId| !nodes.contains(node);
        if state.promoting.as_ref().is_some_and(is_removed) {
            state.break_off_promotion();
        }
        if is_removed(&state.primary) {
            self.hand_over(id);
        }
        before.iter().filter(|node| is_removed(node)).for_each(|&node| self.leave_cluster(node));
        nodes.iter().filter(|node| !before.contains(node)).for_each(|&node| self.join_cluster(node));
        self.measure_availability(id);
    }

    /// The primary is to go: the replica that is up and lacks least takes over at once. If the primary can reach it,
    /// it gets what it lacks, so that nothing is lost.
    fn hand_over(&mut self, id: ClusterId) {
        let Some(successor) = self.successor(id, usize::MAX) else { return };
        let state = &mut self.clusters[id.index()];
        state.break_off_promotion();
        let (primary, log) = (state.primary, state.log);
        if self.is_node_up(primary) && self.follows(primary, successor) {
            let state = &mut self.nodes[successor.index()];
            state.applied_writes += log.saturating_sub(state.applied);
            state.applied = log;
        }
        self.promote(id, successor);
    }

    /// Who would take over if only the first so many nodes of a cluster stayed, and the primary did not. A cluster that
    /// has been taken away itself is content with a node that is down.
    fn successor(&self, id: ClusterId, staying: usize) -> Option<NodeId> {
        let primary = self.clusters[id.index()].primary;
        let nodes = || self.topology.clusters[id.index()].nodes.iter().copied().take(staying);
        let is_live = |node: &NodeId| self.nodes[node.index()].role == Role::Replica && self.is_node_up(*node);
        // Of equals the last maximum would win; counting down makes it the first.
        let mut live: Vec<NodeId> = nodes().filter(is_live).collect();
        live.reverse();
        let best = live.into_iter().max_by_key(|node| self.nodes[node.index()].applied);
        best.or_else(|| nodes().find(|&node| node != primary).filter(|_| staying == usize::MAX))
    }

    /// Whether a cluster would be left without anybody to take over, if only its first so many nodes stayed.
    pub fn needs_its_primary(&self, id: ClusterId, staying: usize) -> bool {
        let primary = self.clusters[id.index()].primary;
        let mut stay = self.topology.clusters[id.index()].nodes.iter().take(staying);
        !stay.any(|&node| node == primary) && self.successor(id, staying).is_none()
    }

    fn leave_cluster(&mut self, node: NodeId) {
        self.break_off_replication(node);
        let state = &mut self.nodes[node.index()];
        state.role = Role::Detached;
        state.is_joining = false;
        state.behind_since = None;
        state.lag.set(self.ctx.now, 0.0);
    }

    /// A new node has nothing, and serves nobody until it has everything.
    fn join_cluster(&mut self, node: NodeId) {
        self.break_off_replication(node);
        let log = self.clusters[self.topology.nodes[node.index()].cluster.index()].log;
        let state = &mut self.nodes[node.index()];
        state.applied = 0;
        state.is_joining = log > 0;
        state.role = if log > 0 { Role::Detached } else { Role::Replica };
        state.behind_since = Some(self.ctx.now);
        self.measure_lag(node);
        self.catch_up(node);
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
        self.instances[id.index()].active > 0
            && self.topology.components[self.topology.instance_component(id).index()].is_retired
    }

    /// Instances of a service that have been taken away and still have visits.
    pub fn leaving_from(&self, service: ServiceId) -> impl Iterator<Item = InstanceId> {
        self.leaving().filter(move |&id| self.topology.instances[id.index()].service == service)
    }
}
