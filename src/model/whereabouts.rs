//! Where visits in progress are, and what they do there: read off their plans, whether they are traced or not.

use super::{
    plan::Step,
    topology::{InstanceId, NodeId, Topology},
    trace::Site,
    visit::{Phase, Stage, Visit},
};
use crate::engine::time::SimTime;

/// The component that a visit's present step is about.
pub(super) fn site_of(topology: &Topology, visit: &Visit) -> Site {
    let instance = || match visit.instance {
        InstanceId(u32::MAX) => Site::Outside,
        instance => Site::Component(topology.instance_component(instance)),
    };
    match topology.steps[visit.step as usize] {
        _ if matches!(visit.stage, Stage::Pooling | Stage::Held) => instance(),
        Step::Connect | Step::Login | Step::Process { .. } | Step::Flush | Step::Answer => instance(),
        Step::Call { .. } | Step::Fork { .. } | Step::Guard { .. } | Step::Join | Step::Maybe { .. } => instance(),
        Step::LookUp { .. } | Step::Tell { .. } => Site::Component(topology.cache_component(visit.cache)),
        Step::Publish { publication, .. } => {
            let broker = topology.publications[publication.index()].broker;
            // (It may have stopped before it has turned to anybody.)
            let is_its = topology.brokers[broker.index()].members.contains(&visit.member.0);
            let member = if is_its { visit.member } else { topology.first_member(broker) };
            Site::Component(topology.member_component(member))
        }
        Step::Read { .. } | Step::Write { .. } => match visit.node {
            NodeId(u32::MAX) => topology.instances[visit.instance.index()].cluster.map_or_else(instance, Site::Cluster),
            node => Site::Component(topology.node_component(node)),
        },
    }
}

/// What the time of a visit goes into now.
pub(super) fn phase_of(topology: &Topology, visit: &Visit, now: SimTime) -> Phase {
    match (topology.steps[visit.step as usize], visit.stage) {
        (_, Stage::Held) => Phase::Network,
        // Handshakes are booked when they begin.
        (Step::Connect, _) if visit.since > now => Phase::Handshakes,
        (Step::Connect, Stage::Waiting) => Phase::Queueing,
        (Step::Connect | Step::Answer, _) => Phase::Network,
        (Step::Call { .. } | Step::Fork { .. } | Step::Flush | Step::Join | Step::Maybe { .. }, _) => Phase::Calls,
        (Step::Guard { .. }, _) => phase_of_operation(topology.operation_at(visit.step)),
        (_, Stage::Waiting | Stage::Pooling) => Phase::Queueing,
        (Step::Process { .. }, _) => Phase::Processing,
        (Step::Login, _) => Phase::Auth,
        (_, Stage::Sent | Stage::Returning) => Phase::Network,
        (step, _) => phase_of_operation(step),
    }
}

/// What the time of an operation at a store goes into.
fn phase_of_operation(operation: Step) -> Phase {
    match operation {
        Step::LookUp { .. } | Step::Tell { .. } => Phase::Cache,
        Step::Publish { .. } => Phase::Broker,
        _ => Phase::Database,
    }
}
