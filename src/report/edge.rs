//! The report on an edge.

use super::{BreakerReport, BulkheadReport, Edge, Level};
use crate::model::{
    edges::{EdgeSum, LevelSum},
    policy::breaker::BreakerPhase,
    topology::{AskerId, EdgeEnds, EdgeId, EdgePolicy, Topology},
    world::World,
};

impl Edge {
    /// The report on an edge, with its name.
    pub(super) fn of(world: &World, id: EdgeId) -> (String, Self) {
        let topology = world.topology();
        let ends = &topology.edges[id.index()];
        let sum = world.edge_sum(id);
        let counts = &sum.counts;
        let report = Self {
            from: topology.asker_name(ends.from).to_owned(),
            to: topology.asked_name(ends).to_owned(),
            attempts: counts.attempts,
            retries: counts.retries,
            succeeded: counts.succeeded,
            failed: counts.failed,
            given_up: counts.given_up,
            in_flight: sum.in_flight,
            carried_over: counts.carried_over,
            latency_mean: (counts.succeeded > 0).then(|| sum.took / counts.succeeded as f64),
            hedges: counts.hedges,
            hedges_won: counts.hedges_won,
            fallbacks: (counts.fallbacks > 0).then_some(counts.fallbacks),
            limited: counts.refused_by_limiter,
            breaker: breaker(&sum),
            bulkhead: has_bulkhead(topology, ends).then(|| BulkheadReport {
                refused: counts.refused_by_bulkhead,
                inside: level(&sum.inside),
                waiting: level(&sum.waiting),
            }),
        };
        (topology.edge_name(ends), report)
    }
}

fn breaker(sum: &EdgeSum) -> Option<BreakerReport> {
    let state = match sum.phase? {
        BreakerPhase::Closed => "closed",
        BreakerPhase::Open => "open",
        BreakerPhase::HalfOpen => "half_open",
    };
    let EdgeSum { open_seconds, half_open_seconds, .. } = *sum;
    Some(BreakerReport { state, refused: sum.counts.refused_by_breaker, open_seconds, half_open_seconds })
}

fn has_bulkhead(topology: &Topology, ends: &EdgeEnds) -> bool {
    let has = |policy: &EdgePolicy| policy.bulkhead.is_some();
    match ends.from {
        AskerId::Group(group) => has(&topology.users[group.index()].policy),
        AskerId::Service(service) => {
            let mut calls = topology.services[service.index()].calls.clone().map(|call| &topology.calls[call as usize]);
            calls.any(|call| has(&call.policy) && call.to.asked().any(|asked| asked == ends.to))
        }
    }
}

fn level(sum: &LevelSum) -> Level {
    Level { now: sum.now, mean: sum.mean, max: sum.max }
}
