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
            fallbacks: has(topology, ends, |policy| policy.fallback.is_some()).then_some(counts.fallbacks),
            limited: counts.refused_by_limiter,
            breaker: has(topology, ends, |policy| policy.breaker.is_some()).then(|| breaker(&sum)),
            bulkhead: has(topology, ends, |policy| policy.bulkhead.is_some()).then(|| BulkheadReport {
                refused: counts.refused_by_bulkhead,
                inside: level(&sum.inside),
                waiting: level(&sum.waiting),
            }),
        };
        (topology.edge_name(ends), report)
    }
}

/// Nobody has a breaker before the first attempt, and it would be closed.
fn breaker(sum: &EdgeSum) -> BreakerReport {
    let state = match sum.phase {
        None | Some(BreakerPhase::Closed) => "closed",
        Some(BreakerPhase::Open) => "open",
        Some(BreakerPhase::HalfOpen) => "half_open",
    };
    let EdgeSum { open_seconds, half_open_seconds, .. } = *sum;
    BreakerReport { state, refused: sum.counts.refused_by_breaker, open_seconds, half_open_seconds }
}

/// Whether a policy of an edge has a part. What a report tells depends on that alone, not on what happened: an experiment
/// takes the names of its figures from a run that has not begun.
fn has(topology: &Topology, ends: &EdgeEnds, part: impl Fn(&EdgePolicy) -> bool) -> bool {
    match ends.from {
        AskerId::Group(group) => part(&topology.users[group.index()].policy),
        AskerId::Service(service) => {
            let mut calls = topology.services[service.index()].calls.clone().map(|call| &topology.calls[call as usize]);
            calls.any(|call| part(&call.policy) && call.to.asked().any(|asked| asked == ends.to))
        }
    }
}

fn level(sum: &LevelSum) -> Level {
    Level { now: sum.now, mean: sum.mean, max: sum.max }
}
