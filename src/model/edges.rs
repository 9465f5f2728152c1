//! All edges of a system, whoever keeps them: what they say together.

use super::{
    edge::{Edge, EdgeCounts},
    policy::breaker::BreakerPhase,
    topology::{AskerId, EdgeId},
    world::World,
};
use crate::{engine::time::SimTime, stats::time_weighted::TimeWeighted};

/// What the askers of one kind (a group of users, or the instances of a service) say together of one whom they ask.
#[derive(Clone, Debug, Default)]
pub struct EdgeSum {
    /// What is counted.
    pub counts: EdgeCounts,
    /// Attempts under way.
    pub in_flight: u64,
    /// Time that attempts which succeeded took together, in seconds.
    pub took: f64,
    /// The worst phase that a breaker is in now; `None` if there is no breaker.
    pub phase: Option<BreakerPhase>,
    /// Time that breakers were open, all together, in seconds.
    pub open_seconds: f64,
    /// Time that breakers were half-open, all together, in seconds.
    pub half_open_seconds: f64,
    /// Attempts in bulkheads.
    pub inside: LevelSum,
    /// Attempts that wait before bulkheads.
    pub waiting: LevelSum,
}

/// Numbers that change over time, together.
#[derive(Clone, Copy, Debug, Default)]
pub struct LevelSum {
    /// Now, all together.
    pub now: f64,
    /// Mean over time, all together.
    pub mean: f64,
    /// Largest of any of them.
    pub max: f64,
    /// Integral, all together.
    pub integral: f64,
}

impl LevelSum {
    /// One more.
    pub fn add(&mut self, level: &TimeWeighted, now: SimTime) {
        self.now += level.value();
        self.mean += level.mean(now);
        self.max = self.max.max(level.max());
        self.integral += level.integral(now);
    }
}

impl EdgeSum {
    fn add(&mut self, edge: &Edge, now: SimTime) {
        self.counts.add(&edge.counts);
        self.in_flight += edge.attempts_in_flight();
        self.took += edge.took.as_seconds();
        self.phase = self.phase.max(edge.breaker_phase());
        self.open_seconds += edge.open.integral(now);
        self.half_open_seconds += edge.half_open.integral(now);
        self.inside.add(&edge.bulkhead.busy, now);
        self.waiting.add(&edge.bulkhead.queue, now);
    }
}

impl World {
    /// What an edge's askers say together.
    pub fn edge_sum(&self, id: EdgeId) -> EdgeSum {
        let described = &self.topology.edges[id.index()];
        let mut sum = EdgeSum::default();
        let mut add = |edges: &[Edge]| {
            edges.iter().filter(|edge| edge.callee == described.to).for_each(|edge| sum.add(edge, self.ctx.now));
        };
        match described.from {
            AskerId::Group(group) => add(self.groups[group.index()].client.edges()),
            AskerId::Service(service) => {
                let instances = self.topology.instances.iter().zip(&self.instances);
                let asking = instances.filter(|(described, _)| described.service == service);
                asking.flat_map(|(_, instance)| &instance.clients).for_each(|client| add(client.edges()));
            }
        }
        sum
    }
}
