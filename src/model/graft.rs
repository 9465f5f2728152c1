//! A changed topology laid over the one that runs, so that whoever stays keeps his id.
//!
//! Newcomers come last in their lists. Whoever has been taken away keeps his
//! place, retired: messages may still be on their way to it, time series tell
//! of it, and it takes it again if it comes back.

use super::topology::{
    CacheId, ClusterId, ComponentId, ComponentKind, Consumer, ConsumerId, FaultAction, InstanceId, NodeId, QueueId,
    Side, Target, Topology,
};

/// The id in the running topology of each thing of the new one.
#[derive(Default)]
struct Ids {
    components: Vec<u32>,
    instances: Vec<u32>,
    nodes: Vec<u32>,
    clusters: Vec<u32>,
    caches: Vec<u32>,
    consumers: Vec<u32>,
}

impl Topology {
    /// The new topology, with the ids of this one for all that is in both. They differ in numbers only: how many
    /// instances, replicas and consumers there are.
    pub(super) fn graft(&self, mut new: Self) -> Self {
        let mut ids = Ids::default();
        ids.find_components(self, &new);
        ids.find_clusters(self, &new);
        ids.rename(&mut new);
        ids.find_consumers(self, &new);
        ids.rename_consumers(&mut new);
        new.order = ids.components.iter().map(|&id| ComponentId(id)).collect();
        new.components = place(&self.components, new.components, &ids.components);
        new.instances = place(&self.instances, new.instances, &ids.instances);
        new.nodes = place(&self.nodes, new.nodes, &ids.nodes);
        new.clusters = place(&self.clusters, new.clusters, &ids.clusters);
        new.caches = place(&self.caches, new.caches, &ids.caches);
        new.consumers = place(&self.consumers, new.consumers, &ids.consumers);
        let is_there = membership(new.components.len(), &ids.components);
        for (component, _) in new.components.iter_mut().zip(is_there).filter(|(_, is_there)| !is_there) {
            component.is_retired = true;
            component.outages = None;
        }
        let is_there = membership(new.consumers.len(), &ids.consumers);
        new.consumers.iter_mut().zip(is_there).for_each(|(consumer, is_there)| consumer.is_retired = !is_there);
        new.number_components();
        new.list_edges(&self.edges);
        new
    }
}

/// Whether each of so many ids is one of these.
fn membership(count: usize, ids: &[u32]) -> Vec<bool> {
    let mut is_there = vec![false; count];
    ids.iter().for_each(|&id| is_there[id as usize] = true);
    is_there
}

/// The old list with the new things in their places.
fn place<T: Clone>(old: &[T], new: Vec<T>, ids: &[u32]) -> Vec<T> {
    let mut all = old.to_vec();
    for (thing, &id) in new.into_iter().zip(ids) {
        match all.get_mut(id as usize) {
            Some(place) => *place = thing,
            // (Ids beyond the old ones are given in this order.)
            None => all.push(thing),
        }
    }
    all
}

/// Gives ids to newcomers, one after another.
struct Next(u32);

impl Next {
    fn after<T>(list: &[T]) -> Self {
        Self(list.len() as u32)
    }

    fn take(&mut self) -> u32 {
        self.0 += 1;
        self.0 - 1
    }
}

/// Names with their places in a list, in order of name.
struct Names<'a>(Vec<(&'a str, u32)>);

impl<'a> Names<'a> {
    fn new(names: impl Iterator<Item = &'a str>) -> Self {
        let mut names: Vec<_> = names.zip(0..).collect();
        names.sort_by_key(|&(name, _)| name);
        Self(names)
    }

    fn find(&self, wanted: &str) -> Option<u32> {
        self.0.binary_search_by_key(&wanted, |&(name, _)| name).ok().map(|at| self.0[at].1)
    }
}

/// At which queue a consumer is, and of which instance.
fn whose(consumer: &Consumer) -> (QueueId, Option<InstanceId>) {
    (consumer.queue, consumer.instance)
}

impl Ids {
    fn find_components(&mut self, old: &Topology, new: &Topology) {
        let known = Names::new(old.components.iter().map(|component| component.name.as_str()));
        let mut next = Next::after(&old.components);
        let [mut instance, mut node, mut cache] =
            [Next::after(&old.instances), Next::after(&old.nodes), Next::after(&old.caches)];
        for component in &new.components {
            let id = known.find(&component.name);
            self.components.push(id.unwrap_or_else(|| next.take()));
            match id.map_or(component.kind, |id| old.components[id as usize].kind) {
                ComponentKind::Instance(known) => self.instances.push(id.map_or_else(|| instance.take(), |_| known.0)),
                ComponentKind::Node(known) => self.nodes.push(id.map_or_else(|| node.take(), |_| known.0)),
                ComponentKind::Cache(known) => self.caches.push(id.map_or_else(|| cache.take(), |_| known.0)),
                ComponentKind::Broker(_) => {}
            }
        }
    }

    fn find_clusters(&mut self, old: &Topology, new: &Topology) {
        let known = Names::new(old.clusters.iter().map(|cluster| cluster.name.as_str()));
        let mut next = Next::after(&old.clusters);
        let id = |name: &str| known.find(name).unwrap_or_else(|| next.take());
        self.clusters = new.clusters.iter().map(|cluster| cluster.name.as_str()).map(id).collect();
    }

    /// Consumers have no names: the first of an instance at a queue stays the first one, and so on.
    fn find_consumers(&mut self, old: &Topology, new: &Topology) {
        let mut known = old.consumers.iter().map(whose).zip(0..).collect::<Vec<_>>();
        let mut wanted = new.consumers.iter().map(whose).zip(0..).collect::<Vec<_>>();
        known.sort_unstable();
        wanted.sort_unstable();
        let mut ids = vec![None; wanted.len()];
        let mut known = known.into_iter().peekable();
        for (whose, position) in wanted {
            while known.next_if(|(other, _)| *other < whose).is_some() {}
            ids[position] = known.next_if(|(other, _)| *other == whose).map(|(_, id)| id);
        }
        let mut next = Next::after(&old.consumers);
        self.consumers = ids.into_iter().map(|id| id.unwrap_or_else(|| next.take())).collect();
    }

    fn instance(&self, id: InstanceId) -> InstanceId {
        InstanceId(self.instances[id.index()])
    }

    fn cluster(&self, id: ClusterId) -> ClusterId {
        ClusterId(self.clusters[id.index()])
    }

    fn rename(&self, new: &mut Topology) {
        for component in &mut new.components {
            component.kind = match component.kind {
                ComponentKind::Instance(id) => ComponentKind::Instance(self.instance(id)),
                ComponentKind::Node(id) => ComponentKind::Node(NodeId(self.nodes[id.index()])),
                ComponentKind::Cache(id) => ComponentKind::Cache(CacheId(self.caches[id.index()])),
                ComponentKind::Broker(id) => ComponentKind::Broker(id),
            };
        }
        for service in &mut new.services {
            service.instances.iter_mut().for_each(|id| *id = self.instance(*id));
        }
        for instance in &mut new.instances {
            instance.cluster = instance.cluster.map(|id| self.cluster(id));
            instance.cache = instance.cache.map(|id| CacheId(self.caches[id.index()]));
        }
        for cluster in &mut new.clusters {
            cluster.nodes.iter_mut().for_each(|id| *id = NodeId(self.nodes[id.index()]));
        }
        new.nodes.iter_mut().for_each(|node| node.cluster = self.cluster(node.cluster));
        for consumer in &mut new.consumers {
            consumer.instance = consumer.instance.map(|id| self.instance(id));
        }
        new.targets.values_mut().for_each(|target| self.rename_target(target));
        new.faults.iter_mut().for_each(|fault| self.rename_fault(&mut fault.action));
    }

    fn rename_consumers(&self, new: &mut Topology) {
        for queue in &mut new.queues {
            queue.consumers.iter_mut().for_each(|id| *id = ConsumerId(self.consumers[id.index()]));
        }
    }

    fn rename_fault(&self, action: &mut FaultAction) {
        match action {
            FaultAction::Crash { target, .. } | FaultAction::Slow { target, .. } | FaultAction::Fail { target, .. } => {
                self.rename_target(target)
            }
            FaultAction::Partition { between, .. } => {
                for side in between {
                    if let Side::Target(target) = side {
                        self.rename_target(target);
                    }
                }
            }
        }
    }

    fn rename_target(&self, target: &mut Target) {
        match target {
            Target::Components(ids) => ids.iter_mut().for_each(|id| *id = ComponentId(self.components[id.index()])),
            Target::Primaries(ids) => ids.iter_mut().for_each(|id| *id = self.cluster(*id)),
        }
    }
}
