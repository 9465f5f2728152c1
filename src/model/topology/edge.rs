//! Edges: who asks whom under a policy.

use super::{GroupId, ServiceId, Topology};

/// Somebody asks a service under a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgeEnds {
    /// Who asks.
    pub from: AskerId,
    /// Whom.
    pub to: ServiceId,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskerId {
    /// The users of a group.
    Group(GroupId),
    /// The instances of a service.
    Service(ServiceId),
}

impl Topology {
    /// Lists the edges that have a policy, each once; those of `known` come first and stay, whether they still have one or
    /// not.
    pub fn list_edges(&mut self, known: &[EdgeEnds]) {
        let mut edges = known.to_vec();
        let mut add = |from, to| {
            let ends = EdgeEnds { from, to };
            if !edges.contains(&ends) {
                edges.push(ends);
            }
        };
        for (id, users) in self.users.iter().enumerate().filter(|(_, users)| !users.policy.is_plain()) {
            users.targets.iter().for_each(|target| add(AskerId::Group(GroupId(id as u32)), target.service));
        }
        for (id, service) in self.services.iter().enumerate() {
            let calls = service.calls.clone().map(|call| &self.calls[call as usize]);
            for call in calls.filter(|call| !call.policy.is_plain()) {
                call.to.iter().for_each(|target| add(AskerId::Service(ServiceId(id as u32)), target.service));
            }
        }
        self.edges = edges;
    }

    /// Name of who asks on an edge.
    pub fn asker_name(&self, asker: AskerId) -> &str {
        match asker {
            AskerId::Group(group) => &self.users[group.index()].name,
            AskerId::Service(service) => &self.services[service.index()].name,
        }
    }

    /// Name of an edge: who asks, and whom.
    pub fn edge_name(&self, edge: &EdgeEnds) -> String {
        format!("{}→{}", self.asker_name(edge.from), self.services[edge.to.index()].name)
    }
}
