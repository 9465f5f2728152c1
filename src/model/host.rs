//! A host: the place of an instance, who is there, and how fast he is.

use super::{
    pace::Pace,
    presence::Presence,
    topology::{InstanceId, Topology},
};
use crate::{engine::time::SimTime, stats::time_weighted::TimeWeighted};

/// What everybody may know of the place of an instance, beside its health.
#[derive(Clone, Debug)]
pub struct Host {
    /// Whether there is one, and how far it is.
    pub presence: Presence,
    /// How it warms up, and pauses.
    pub pace: Pace,
    /// Visits that a balancer has sent there and that are not over.
    pub active: u32,
    /// The same over time, where an autoscaler looks at that.
    pub concurrency: Option<TimeWeighted>,
}

impl Host {
    /// An instance, which is there, warm, and goes on.
    pub fn new(seed: u64, topology: &Topology, id: InstanceId) -> Self {
        let name = topology.component_name(topology.instance_component(id));
        let concurrency = topology.lifecycle(id).looks_at_concurrency().then(TimeWeighted::default);
        Self { presence: Presence::new(true), pace: Pace::new(seed, name), active: 0, concurrency }
    }

    /// So many of its visits are not over.
    #[inline]
    pub fn set_active(&mut self, now: SimTime, active: u32) {
        self.active = active;
        if let Some(level) = &mut self.concurrency {
            level.set(now, f64::from(active));
        }
    }

    /// Somebody looks at how many visits it has from now on, or does not any more; whether that is new.
    pub fn watch_concurrency(&mut self, now: SimTime, is_watched: bool) -> bool {
        if is_watched == self.concurrency.is_some() {
            return false;
        }
        self.concurrency = is_watched.then(|| {
            let mut level = TimeWeighted::new(f64::from(self.active));
            level.restart(now);
            level
        });
        true
    }

    /// Starts the measurements anew, but for what an autoscaler looks at.
    pub fn restart(&mut self, now: SimTime) {
        self.presence.there.restart(now);
        self.pace.restart(now);
    }
}
