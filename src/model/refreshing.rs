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
    pub(super) fn begin_refresh(&mut self, parent: VisitId, (first, last): (u32, u32)) {
        if self.ctx.visits.len() >= VISITS_MAX {
            if self.ctx.visits[parent].holds.flight.is_some() {
                self.give_up_flight(parent);
            }
            self.ctx.visits[parent].key = NO_KEY;
            return;
        }
        let now = self.ctx.now;
        let visit = &mut self.ctx.visits[parent];
        let mut refresh = Visit {
            owner: Owner::Nobody,
            is_branch: true,
            is_operation: false,
            borrows_worker: false,
            deadline: SimTime::NEVER,
            trace: Link::NOWHERE,
            missed: now,
            ..visit.branch(now, first, last)
        };
        refresh.holds.flight = std::mem::replace(&mut visit.holds.flight, Flight::NONE);
        visit.key = NO_KEY;
        let id = self.ctx.visits.insert(refresh);
        self.run(id);
    }
}
