//! The state of every component, for the page.

use serde::Serialize;

use crate::model::{
    topology::{ComponentId, ComponentKind, InstanceId, NodeId},
    world::World,
};

/// What the page shows of a component.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComponentState {
    /// Name, as in faults and actions.
    pub name: String,
    /// `instance`, `node`, `cache` or `broker`.
    pub kind: &'static str,
    /// Service, cluster, cache or broker that it belongs to.
    pub group: String,
    /// `up`, `down`, for a node also `catching_up`, for an instance also `absent` (nobody is at this place now), `starting`,
    /// `draining`, `paused` (it stands still for a moment) or `ejected` (the balancer takes it to be down).
    pub state: &'static str,
    /// For a node `primary`, `replica`, `detached` or `promoting`; else empty.
    pub role: &'static str,
    /// Why it is down: `outage`, `fault`, `user`, or `absent` if nobody is there; else empty.
    pub down_because: &'static str,
    /// Operations in process (for a broker, messages delivered and not yet consumed).
    pub busy: u64,
    /// Operations in process at the most; `null` is any number.
    pub capacity: Option<u64>,
    /// Operations (for a broker, messages) that wait.
    pub queue: u64,
    /// Factor by which `slow` faults lengthen its times; 1 if there is none.
    pub slow_factor: f64,
    /// Probability with which `fail` faults make its operations fail; left out if there is none.
    #[serde(skip_serializing_if = "is_zero")]
    pub error_prob: f64,
    /// Writes that a node lacks.
    pub lag_writes: u64,
    /// How often it went down.
    pub outages: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(number: &f64) -> bool {
    *number == 0.0
}

/// The state of every component, in the order of the topology. Those that have been taken away and still work come last.
pub fn components(world: &World) -> Vec<ComponentState> {
    let shown = world.shown().into_iter();
    shown
        .map(|id| {
            let component = &world.topology().components[id.index()];
            let mut state = blank(world, id, component.name.clone());
            match component.kind {
                ComponentKind::Instance(instance) => describe_instance(world, instance, &mut state),
                ComponentKind::Node(node) => describe_node(world, node, &mut state),
                ComponentKind::Cache(cache) => {
                    let facility = &world.caches()[cache.index()].facility;
                    state.kind = "cache";
                    state.busy = facility.busy.value() as u64;
                    state.queue = facility.queue.value() as u64;
                    state.capacity = facility.servers().map(u64::from);
                }
                ComponentKind::Broker(member) => {
                    let broker = &world.topology().brokers[world.topology().members[member.index()].broker.index()];
                    let queues = broker.queues.clone().map(|queue| &world.queues()[queue as usize]);
                    let queues = || queues.clone().filter(|queue| queue.leader == member);
                    state.kind = "broker";
                    state.group.clone_from(&broker.name);
                    state.busy = queues().map(|queue| queue.unacknowledged).sum();
                    state.queue = queues().map(|queue| queue.ready()).sum();
                }
            }
            state
        })
        .collect()
}

fn blank(world: &World, id: ComponentId, name: String) -> ComponentState {
    let health = world.health(id);
    ComponentState {
        group: name.clone(),
        name,
        kind: "",
        state: if health.is_up() { "up" } else { "down" },
        role: "",
        down_because: health.down_because().map_or("", |because| because.name()),
        busy: 0,
        capacity: None,
        queue: 0,
        slow_factor: health.slow_factor,
        error_prob: health.error_prob,
        lag_writes: 0,
        outages: health.outages,
    }
}

fn describe_instance(world: &World, id: InstanceId, state: &mut ComponentState) {
    let service = &world.topology().services[world.topology().instances[id.index()].service.index()];
    let facility = &world.instances()[id.index()].server.facility;
    state.kind = "instance";
    state.state = world.instance_state(id);
    state.group.clone_from(&service.name);
    state.busy = facility.busy.value() as u64;
    state.queue = facility.queue.value() as u64;
    state.capacity = service.workers.map(u64::from);
}

fn describe_node(world: &World, id: NodeId, state: &mut ComponentState) {
    let cluster = world.topology().nodes[id.index()].cluster;
    let node = &world.nodes()[id.index()];
    state.kind = "node";
    state.group.clone_from(&world.topology().clusters[cluster.index()].name);
    if state.state == "up" && node.is_catching_up() {
        state.state = "catching_up";
    }
    let is_promoting = world.clusters()[cluster.index()].promoting == Some(id);
    state.role = if is_promoting { "promoting" } else { node.role.name() };
    state.busy = node.facility.busy.value() as u64;
    state.queue = node.facility.queue.value() as u64;
    state.capacity = node.facility.servers().map(u64::from);
    state.lag_writes = world.lag_writes(id);
}
