//! What can break, whatever it is.

use super::{CacheId, ClusterId, ComponentId, InstanceId, MemberId, NodeId, Topology};
use crate::engine::distribution::Distribution;

/// The component that something is, by kind and position in its list.
#[derive(Clone, Debug, Default)]
pub struct ComponentIds {
    instances: Vec<ComponentId>,
    nodes: Vec<ComponentId>,
    caches: Vec<ComponentId>,
    members: Vec<ComponentId>,
}

/// Something that can break.
#[derive(Clone, Debug)]
pub struct Component {
    /// Name, unique: `Shop-0`, `OrdersDB/1`, a cache's or a broker's name, `Rabbit/1`.
    pub name: String,
    /// What it is.
    pub kind: ComponentKind,
    /// Alternating times up and down.
    pub outages: Option<Outages>,
    /// What becomes of its work in an outage, or when somebody crashes it by hand.
    pub in_progress: InProgress,
    /// Whether it has been taken away. Its place is kept for what is still under way there, for the record, and for its
    /// return; nothing new comes to it.
    pub is_retired: bool,
}

/// What a component is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComponentKind {
    /// A service instance.
    Instance(InstanceId),
    /// A database node.
    Node(NodeId),
    /// A cache.
    Cache(CacheId),
    /// A node of a broker; where it has only one, the broker.
    Broker(MemberId),
}

/// Alternating times up and down; not both always zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Outages {
    /// Time up.
    pub up: Distribution,
    /// Time down.
    pub down: Distribution,
}

/// What becomes of the work of a component that goes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InProgress {
    /// It is lost: whoever asked fails.
    Lost,
    /// It is finished as if nothing had happened.
    Finished,
}

impl Topology {
    /// Fills in which component each instance, node, cache and node of a broker is.
    pub fn number_components(&mut self) {
        let mut ids = ComponentIds {
            instances: vec![ComponentId(0); self.instances.len()],
            nodes: vec![ComponentId(0); self.nodes.len()],
            caches: vec![ComponentId(0); self.caches.len()],
            members: vec![ComponentId(0); self.members.len()],
        };
        for (id, component) in self.components.iter().enumerate() {
            let place = match component.kind {
                ComponentKind::Instance(instance) => &mut ids.instances[instance.index()],
                ComponentKind::Node(node) => &mut ids.nodes[node.index()],
                ComponentKind::Cache(cache) => &mut ids.caches[cache.index()],
                ComponentKind::Broker(member) => &mut ids.members[member.index()],
            };
            *place = ComponentId(id as u32);
        }
        self.component_ids = ids;
    }

    /// The component that an instance is.
    #[inline]
    pub fn instance_component(&self, instance: InstanceId) -> ComponentId {
        self.component_ids.instances[instance.index()]
    }

    /// The component that a node is.
    #[inline]
    pub fn node_component(&self, node: NodeId) -> ComponentId {
        self.component_ids.nodes[node.index()]
    }

    /// The component that a cache is.
    #[inline]
    pub fn cache_component(&self, cache: CacheId) -> ComponentId {
        self.component_ids.caches[cache.index()]
    }

    /// The component that a node of a broker is.
    #[inline]
    pub fn member_component(&self, member: MemberId) -> ComponentId {
        self.component_ids.members[member.index()]
    }

    /// Whether a cluster has been taken away, with the instance that it belonged to.
    pub fn is_cluster_retired(&self, cluster: ClusterId) -> bool {
        let first = self.clusters[cluster.index()].nodes.first();
        first.is_some_and(|&node| self.components[self.node_component(node).index()].is_retired)
    }

    /// Name of a component.
    pub fn component_name(&self, component: ComponentId) -> &str {
        &self.components[component.index()].name
    }
}
