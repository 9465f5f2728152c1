//! What is in flight: where each visit in progress is, and where its message goes.

use std::collections::BinaryHeap;

use super::{
    plan::Step,
    trace::Site,
    visit::{Phase, Stage, Visit, VisitId},
    whereabouts::{phase_of, site_of},
    world::World,
};
use crate::engine::time::SimTime;

/// Where a visit is now.
#[derive(Clone, Copy, Debug)]
pub struct Whereabouts<'a> {
    /// Names the visit.
    pub id: VisitId,
    /// The visit.
    pub visit: &'a Visit,
    /// Running number of the request that it belongs to.
    pub request: u64,
    /// What its time goes into now.
    pub phase: Phase,
    /// Where it is, or where the message comes from that it waits for.
    pub place: Site,
    /// Where its message goes; the same as the place while there is none.
    pub to: Site,
    /// Since when.
    pub since: SimTime,
}

impl World {
    /// The visits that have been in progress longest, so many of them at most, oldest first.
    pub fn oldest_visits(&self, limit: usize) -> Vec<Whereabouts<'_>> {
        let mut oldest = BinaryHeap::with_capacity(limit.min(self.ctx.visits.len()) + 1);
        // (Slots beyond the last one in use need no look, however many there once were.)
        for (id, visit) in self.ctx.visits.entries().take(self.ctx.visits.len()) {
            oldest.push((visit.started, id));
            if oldest.len() > limit {
                oldest.pop();
            }
        }
        let ids = oldest.into_sorted_vec().into_iter();
        ids.filter_map(|(_, id)| self.ctx.visits.get(id).map(|visit| self.whereabouts(id, visit))).collect()
    }

    fn whereabouts<'a>(&'a self, id: VisitId, visit: &'a Visit) -> Whereabouts<'a> {
        let phase = phase_of(&self.topology, visit, self.ctx.now);
        let since = if phase == Phase::Handshakes { visit.started } else { visit.since };
        let (place, to) = self.way(visit, phase);
        // A request in flight is not more than half the numbers behind the latest one.
        let age = (self.begun as u32).wrapping_sub(visit.request);
        let request = self.begun - u64::from(age);
        Whereabouts { id, visit, request, phase, place, to, since }
    }

    /// Where a visit is, and where its message goes.
    fn way(&self, visit: &Visit, phase: Phase) -> (Site, Site) {
        let site = site_of(&self.topology, visit);
        if visit.instance == Visit::NO_INSTANCE {
            // It waits at the balancer, or has just given that up.
            return (self.client(visit), self.client(visit));
        }
        let instance = Site::Component(self.topology.instance_component(visit.instance));
        match (self.topology.steps[visit.step as usize], phase, visit.stage) {
            (Step::Connect, ..) => (self.client(visit), instance),
            (Step::Answer, ..) => (instance, self.client(visit)),
            (_, _, Stage::Held) => (instance, instance),
            (_, Phase::Network, Stage::Sent) => (instance, site),
            (_, Phase::Network, _) => (site, instance),
            _ => (site, site),
        }
    }

    /// Who is to be answered.
    fn client(&self, visit: &Visit) -> Site {
        match visit.asker {
            Visit::NO_INSTANCE => Site::Outside,
            asker => Site::Component(self.topology.instance_component(asker)),
        }
    }
}
