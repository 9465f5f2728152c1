//! What retries and hedges make of the load.

use crate::model::{
    edge::EdgeCounts,
    topology::{AskerId, EdgeEnds, EdgeId, GroupId, ServiceId, Topology},
};

/// Tries on an edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tries {
    /// Those that would be made without retries and hedges.
    pub first: u64,
    /// All.
    pub all: u64,
}

impl Tries {
    /// Those of an edge that got as far as whom it asks.
    pub(crate) fn of(counts: &EdgeCounts) -> Self {
        let sent = counts.attempts.saturating_sub(counts.refused());
        Self { first: counts.attempts.saturating_sub(counts.retries), all: sent + counts.hedges }
    }

    /// How many there are for each first one. (None at all multiply nothing.)
    fn factor(self) -> f64 {
        if self.first > 0 { self.all as f64 / self.first as f64 } else { 1.0 }
    }
}

/// The chains of calls along which retries and hedges multiply.
pub(crate) struct Chains<'a> {
    topology: &'a Topology,
    /// The edge from each group of users to each service that it asks, as far as that has a policy.
    entries: Vec<(Option<EdgeId>, ServiceId)>,
    /// Who calls whom, by which edge; callers before those whom they call.
    calls: Vec<(ServiceId, Option<EdgeId>, ServiceId)>,
    /// Which services ask a store by which edge.
    stores: Vec<(ServiceId, EdgeId)>,
}

impl<'a> Chains<'a> {
    /// Those of a system.
    pub(crate) fn new(topology: &'a Topology) -> Self {
        let edge = |from: AskerId, to: ServiceId| {
            let found = topology.edges.iter().position(|ends| ends.from == from && ends.to.service() == Some(to));
            found.map(|id| EdgeId(id as u32))
        };
        let groups = topology.users.iter().enumerate().flat_map(|(id, group)| {
            let from = AskerId::Group(GroupId(id as u32));
            group.targets.iter().map(move |target| (from, target.service))
        });
        let calls = onward_calls(topology).into_iter();
        let to_stores = |(id, ends): (usize, &EdgeEnds)| match ends {
            EdgeEnds { from: AskerId::Service(from), to } if to.service().is_none() => Some((*from, EdgeId(id as u32))),
            _ => None,
        };
        Self {
            topology,
            entries: groups.map(|(from, to)| (edge(from, to), to)).collect(),
            calls: calls.map(|(from, to)| (from, edge(AskerId::Service(from), to), to)).collect(),
            stores: topology.edges.iter().enumerate().filter_map(to_stores).collect(),
        }
    }

    /// How many tries arrive at the end of a chain of calls for each one that would without retries and hedges: the largest
    /// product, along any chain from the users on, of the tries by first tries of its edges. Who asks without a policy tries
    /// once, users as `users` says. `None` without a request.
    ///
    /// Three tiers that try three times each make 27 of it, which no single edge tells (the multiplication of retries in
    /// layers: Beyer et al., "Site Reliability Engineering", 2016, chapter 22).
    pub(crate) fn amplification(&self, users: Tries, tries: impl Fn(EdgeId) -> Tries) -> Option<f64> {
        if users.first == 0 {
            return None;
        }
        let factor = |edge: Option<EdgeId>| edge.map(|edge| tries(edge).factor());
        let mut load = vec![0.0_f64; self.topology.services.len()];
        for &(edge, to) in &self.entries {
            load[to.index()] = load[to.index()].max(factor(edge).unwrap_or_else(|| users.factor()));
        }
        for &(from, edge, to) in &self.calls {
            load[to.index()] = load[to.index()].max(load[from.index()] * factor(edge).unwrap_or(1.0));
        }
        let stores = self.stores.iter().map(|&(from, edge)| load[from.index()] * tries(edge).factor());
        Some(stores.chain(load.iter().copied()).fold(users.factor(), f64::max))
    }
}

/// Who calls whom, callers before those whom they call. Where services call each other in a circle, the call that closes it is
/// left out.
fn onward_calls(topology: &Topology) -> Vec<(ServiceId, ServiceId)> {
    let mut walk = Walk { topology, seen: vec![false; topology.services.len()], done: Vec::new() };
    (0..topology.services.len() as u32).for_each(|id| walk.visit(ServiceId(id)));
    let mut place = vec![0; walk.done.len()];
    walk.done.iter().rev().enumerate().for_each(|(at, service)| place[service.index()] = at);
    let all = walk.done.iter().rev().flat_map(|&from| called(topology, from).map(move |to| (from, to)));
    all.filter(|(from, to)| place[from.index()] < place[to.index()]).collect()
}

/// A walk over services that calls connect.
struct Walk<'a> {
    topology: &'a Topology,
    seen: Vec<bool>,
    /// Services after those whom they call.
    done: Vec<ServiceId>,
}

impl Walk<'_> {
    fn visit(&mut self, service: ServiceId) {
        if std::mem::replace(&mut self.seen[service.index()], true) {
            return;
        }
        called(self.topology, service).for_each(|callee| self.visit(callee));
        self.done.push(service);
    }
}

fn called(topology: &Topology, service: ServiceId) -> impl Iterator<Item = ServiceId> {
    let calls = topology.services[service.index()].calls.clone();
    calls.flat_map(|call| topology.calls[call as usize].to.services()).map(|callee| callee.service)
}
