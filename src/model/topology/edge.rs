//! Edges: who asks whom under a policy.

use super::{BrokerId, GroupId, ServiceId, Topology};

/// Somebody asks somebody under a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgeEnds {
    /// Who asks.
    pub from: AskerId,
    /// Whom.
    pub to: Asked,
}

/// Whom somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A service.
    Service(ServiceId),
    /// The database of the service that asks. (Where each instance has a cluster of its own, each asks its own.)
    Database,
    /// The cache of the service that asks. (Where each instance has one of its own, each asks its own.)
    Cache,
    /// A broker.
    Broker(BrokerId),
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskerId {
    /// The users of a group.
    Group(GroupId),
    /// The instances of a service.
    Service(ServiceId),
}

impl Asked {
    /// The service, if it is one.
    pub const fn service(self) -> Option<ServiceId> {
        match self {
            Self::Service(service) => Some(service),
            Self::Database | Self::Cache | Self::Broker(_) => None,
        }
    }
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
            users
                .targets
                .iter()
                .for_each(|target| add(AskerId::Group(GroupId(id as u32)), Asked::Service(target.service)));
        }
        for (id, service) in self.services.iter().enumerate() {
            let calls = service.calls.clone().map(|call| &self.calls[call as usize]);
            for call in calls.filter(|call| !call.policy.is_plain()) {
                call.to.asked().for_each(|asked| add(AskerId::Service(ServiceId(id as u32)), asked));
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

    /// Name of who is asked on an edge. Stores that each instance has for itself are named by what they have in common.
    pub fn asked_name(&self, edge: &EdgeEnds) -> &str {
        let asker = match edge.from {
            AskerId::Service(service) => self.services.get(service.index()),
            AskerId::Group(_) => None,
        };
        match edge.to {
            Asked::Service(service) => &self.services[service.index()].name,
            Asked::Broker(broker) => &self.brokers[broker.index()].name,
            Asked::Database => asker.and_then(|asker| asker.database.as_ref()).map_or("", |used| &used.name),
            Asked::Cache => asker.and_then(|asker| asker.cache.as_ref()).map_or("", |used| &used.name),
        }
    }

    /// Name of an edge: who asks, and whom.
    pub fn edge_name(&self, edge: &EdgeEnds) -> String {
        format!("{}→{}", self.asker_name(edge.from), self.asked_name(edge))
    }
}
