//! Refreshing: what a visit has found in its cache is fetched anew in the background, by the steps that follow a miss.

use super::{
    flights::Flight,
    keys::NO_KEY,
    trace::Link,
    users::VISITS_MAX,
    visit::{Owner, Visit, VisitId},
    world::World,
};
use crate::engine::time::SimTime;

impl World {
    /// A visit goes on with what it has found, and another one, for which nobody waits, fetches that by these steps.
    #[inline(never)]
    pub(super) fn begin_refresh(&mut self, parent: VisitId, steps: (u32, u32)) {
        if let Some(id) = self.begin_apart(parent, steps) {
            self.run(id);
        }
    }

    /// A visit leaves some of its steps, and the key that it has in hand, to another one, for which nobody waits.
    pub(super) fn begin_apart(&mut self, parent: VisitId, (first, last): (u32, u32)) -> Option<VisitId> {
        if self.ctx.visits.len() >= VISITS_MAX {
            if self.ctx.visits[parent].holds.flight.is_some() {
                self.give_up_flight(parent);
            }
            self.ctx.visits[parent].key = NO_KEY;
            return None;
        }
        let now = self.ctx.now;
        let visit = &mut self.ctx.visits[parent];
        let mut apart = Visit {
            owner: Owner::Nobody,
            is_branch: true,
            is_operation: false,
            borrows_worker: false,
            deadline: SimTime::NEVER,
            trace: Link::NOWHERE,
            missed: now,
            ..visit.branch(now, first, last)
        };
        apart.holds.flight = std::mem::replace(&mut visit.holds.flight, Flight::NONE);
        visit.key = NO_KEY;
        Some(self.ctx.visits.insert(apart))
    }
}
