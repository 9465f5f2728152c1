//! Work: what becomes of visits at the components that work for them, whichever component it is.

use super::{
    cause::Cause,
    context::Context,
    event::Event,
    facility::Facility,
    plan::Step,
    post::Post,
    topology::{ComponentId, ComponentKind, InstanceId, Patience},
    trace::spend,
    visit::{Outcome, Phase, Stage, Visit, VisitId},
};
use crate::engine::time::Duration;

impl Context {
    /// Books the time of a visit up to now under a phase.
    #[inline]
    pub fn spend(&mut self, id: VisitId, phase: Phase) {
        spend(&mut self.tracer, &self.topology, &mut self.visits[id], phase, self.now);
    }

    /// A visit has to wait for a worker or a connection.
    #[inline]
    pub fn begin_wait(&mut self, id: VisitId) {
        self.visits[id].stage = Stage::Waiting;
    }

    /// A visit has waited for a worker or a connection until now.
    #[inline]
    pub fn end_wait(&mut self, id: VisitId) {
        self.spend(id, Phase::Queueing);
        self.visits[id].stage = Stage::Working;
    }

    /// The operation that a visit is in will end after so long.
    #[inline]
    pub fn finish_after(&mut self, id: VisitId, after: Duration) {
        let visit = &mut self.visits[id];
        visit.until = self.now + after;
        let (until, turn) = (visit.until, visit.next_turn());
        self.future.schedule(until, Event::Finished(id, turn));
    }

    /// A visit waits no longer than that.
    pub fn wait_at_most(&mut self, id: VisitId, longest: Duration) {
        let turn = self.visits[id].next_turn();
        self.schedule(longest, Event::WaitOver(id, turn));
    }

    /// A visit waits no longer than that, or until the next look at those who have waited longer.
    pub fn wait_with(&mut self, id: VisitId, patience: Patience) {
        let Patience { longest, looked_every } = patience;
        let late = (self.now + longest).as_nanos().checked_rem(looked_every.as_nanos()).filter(|&late| late > 0);
        let rest = late.map_or(0, |late| looked_every.as_nanos() - late);
        self.wait_at_most(id, longest + Duration::from_nanos(rest));
    }

    /// Whether nobody wants the answer of a visit any more.
    #[inline]
    pub fn is_late(&self, id: VisitId) -> bool {
        self.now >= self.visits[id].deadline
    }

    /// Why a component does not even begin with something, if it does not: it is down, or answers with an error at once.
    #[inline(always)]
    pub fn refusal(&mut self, component: ComponentId, down: Cause, error: Cause) -> Option<Cause> {
        if self.health(component).is_well() { None } else { self.refusal_by_unwell(component, down, error) }
    }

    #[cold]
    fn refusal_by_unwell(&mut self, component: ComponentId, down: Cause, error: Cause) -> Option<Cause> {
        let health = self.health_mut(component);
        match health.is_up() {
            false => Some(down),
            true => health.errs().then_some(error),
        }
    }

    /// A server is free: the next visit of its line that is still wanted. Those that are late are dropped.
    #[inline]
    pub fn next_wanted(&mut self, facility: &mut Facility) -> Option<VisitId> {
        loop {
            let next = facility.leave(self.now)?;
            if !self.is_late(next) {
                return Some(next);
            }
            self.drop(next, Cause::Deadline);
        }
    }

    /// What one that is not in hand has asked for has ended so.
    pub fn answer(&mut self, id: VisitId, outcome: Outcome) {
        self.posts.push_back(Post::Answer(id, outcome));
    }

    /// A visit that has waited in a line is not served.
    #[cold]
    pub fn drop(&mut self, id: VisitId, cause: Cause) {
        self.end_wait(id);
        self.posts.push_back(Post::Drop(id, cause));
    }

    /// All that wait in a line fail; how many they are.
    pub fn turn_away(&mut self, facility: &mut Facility, cause: Cause) -> u64 {
        let mut count = 0;
        while let Some(id) = facility.turn_away(self.now) {
            self.end_wait(id);
            self.answer(id, Outcome::Failure(cause));
            count += 1;
        }
        count
    }

    /// The visits that pass, in the order in which they began.
    pub fn visits_that(&self, passes: impl Fn(&Visit) -> bool) -> Vec<VisitId> {
        let mut found: Vec<_> =
            self.visits.entries().filter(|(_, it)| passes(it)).map(|(id, it)| (it.started, id)).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// The visits that a component is at work for.
    pub fn working_at(&self, component: ComponentId) -> Vec<VisitId> {
        let kind = self.topology.components[component.index()].kind;
        self.visits_that(|visit| visit.stage == Stage::Working && self.place_of_work(visit) == Some(kind))
    }

    /// The visits that wait at a node of a broker until it can go on with their messages.
    pub fn publishing_at(&self, component: ComponentId) -> Vec<VisitId> {
        let kind = self.topology.components[component.index()].kind;
        if !matches!(kind, ComponentKind::Broker(_)) {
            return Vec::new();
        }
        self.visits_that(|visit| visit.stage == Stage::Replicating && self.place_of_work(visit) == Some(kind))
    }

    /// Where the present step of a visit is done.
    fn place_of_work(&self, visit: &Visit) -> Option<ComponentKind> {
        match self.topology.steps[visit.step as usize] {
            Step::Process { .. } | Step::Login => Some(ComponentKind::Instance(visit.instance)),
            Step::LookUp { .. } | Step::Tell { .. } => Some(ComponentKind::Cache(visit.cache)),
            Step::Read { .. } | Step::Write { .. } => Some(ComponentKind::Node(visit.node)),
            Step::Publish { .. } => Some(ComponentKind::Broker(visit.member)),
            Step::Connect | Step::Call { .. } | Step::Flush | Step::Answer => None,
            Step::Fork { .. } | Step::Guard { .. } | Step::Join | Step::Maybe { .. } => None,
        }
    }

    /// Visits that have reached an instance and are not answered, branches included.
    pub fn visits_at(&self, instance: InstanceId) -> Vec<VisitId> {
        self.visits_that(|visit| {
            let step = self.topology.steps[visit.step as usize];
            visit.instance == instance && !visit.is_ghost && !matches!(step, Step::Connect | Step::Answer)
        })
    }
}
