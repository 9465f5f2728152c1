//! What components say is handed on to the visits that it is for.

use super::{
    network::Place,
    plan::Step,
    post::{Post, Reply},
    topology::Hop,
    visit::{Outcome, VisitId},
    visits::Progress::{self, Fails, Waits},
    world::World,
};

impl World {
    /// What a component has said to a visit; what it has said to others comes first, as they have waited.
    #[inline]
    pub(super) fn answered(&mut self, id: VisitId, reply: Reply, (hop, from): (Hop, Place)) -> Progress {
        self.hand_on();
        match reply {
            Reply::Later => Waits,
            Reply::Now(outcome) => self.send_back(id, outcome, hop, from),
        }
    }

    /// Hands on what components have said to others than the one in hand. Whoever goes on may make them say more, which then
    /// is handed on here, too: a long line of visits that all fail at once must not nest.
    #[inline]
    pub(super) fn hand_on(&mut self) {
        if !self.ctx.posts.is_empty() && !self.is_handing_on {
            self.hand_on_all();
        }
    }

    #[cold]
    fn hand_on_all(&mut self) {
        self.is_handing_on = true;
        while let Some(post) = self.ctx.posts.pop_front() {
            match post {
                Post::Answer(id, outcome) => {
                    let progress = self.bring_answer(id, outcome);
                    self.go_on(id, progress);
                }
                Post::Drop(id, cause) => self.go_on(id, Fails(cause)),
            }
        }
        self.is_handing_on = false;
    }

    /// The answer of the component at work for a visit travels back to its instance.
    fn bring_answer(&mut self, id: VisitId, outcome: Outcome) -> Progress {
        let visit = &self.ctx.visits[id];
        let (hop, from) = match self.step(id) {
            Step::LookUp { .. } | Step::Tell { .. } => (Hop::ServiceCache, Place::cache(visit.cache)),
            Step::Publish { .. } => return self.bring_confirm(id, outcome),
            _ => (Hop::ServiceDatabase, Place::node(visit.node)),
        };
        self.send_back(id, outcome, hop, from)
    }
}
