//! Branches: steps of a visit that are done at the same time. Each is a visit without an instance of its own, asked by an
//! exchange without a policy, so that it is waited for, given up and traced like a call. A try of an operation under a
//! policy is a branch too, of that one step.

use super::{
    cause::Cause,
    exchange::{Asker, Exchange, ExchangeId, link},
    topology::{Asked, CallId, OnError},
    users::VISITS_MAX,
    visit::{Holdings, Outcome, Owner, Stage, Visit, VisitId},
    visit_end::Answered,
    visits::Progress::{self, Fails, Skip, Waits},
    world::World,
};

use crate::engine::time::SimTime;

impl World {
    /// The branches of a visit begin.
    #[inline(never)]
    pub(super) fn start_branches(&mut self, id: VisitId, fork: u32) -> Progress {
        let branches = self.topology.forks[fork as usize].branches.len();
        self.begin_waiting_for(id, branches as u32, branches as u32);
        for place in 0..branches {
            let steps = self.topology.forks[fork as usize].branches[place];
            self.begin_branch(id, steps);
        }
        Waits
    }

    fn begin_branch(&mut self, parent: VisitId, steps: (u32, u32)) {
        let visit = &self.ctx.visits[parent];
        let asker = Asker::Visit(parent, CallId::NONE);
        let mut exchange = Exchange::new(asker, visit.group, visit.user, visit.is_read, self.ctx.now);
        (exchange.target, exchange.endpoint) = (Asked::Service(visit.service), visit.endpoint);
        (exchange.trace, exchange.deadline) = (visit.trace, visit.deadline);
        let exchange = self.exchanges.insert(exchange);
        link(&mut self.exchanges, &mut self.ctx.visits[parent].calls, exchange);
        if let Some(id) = self.insert_branch(parent, exchange, steps) {
            self.exchanges[exchange].tries.add(id);
            self.run(id);
        }
    }

    /// A visit is asked to do some of its steps beside the others; `None` if that has failed already, and the exchange knows.
    pub(super) fn insert_branch(
        &mut self,
        parent: VisitId,
        exchange: ExchangeId,
        (first, last): (u32, u32),
    ) -> Option<VisitId> {
        if self.ctx.visits.len() >= VISITS_MAX {
            self.on_try_end(exchange, VisitId::NOTHING, Err(Cause::SimulatorFull));
            return None;
        }
        let visit = &self.ctx.visits[parent];
        let id = self.ctx.visits.insert(Visit {
            owner: Owner::Try(exchange),
            is_branch: true,
            borrows_worker: visit.holds.worker || visit.borrows_worker,
            ..visit.branch(self.ctx.now, first, last)
        });
        if self.ctx.visits[id].trace.is_traced() {
            self.trace_visit(id);
        }
        Some(id)
    }

    /// A branch is over: it leaves, and the visit of which it is one is told.
    #[inline(never)]
    pub(super) fn complete_branch(&mut self, id: VisitId) {
        let &Visit { owner, failure, trace, is_operation, .. } = &self.ctx.visits[id];
        let answer = failure.map_or(Ok(Answered::by(&self.ctx.visits[id])), Err);
        if trace.is_traced() {
            self.trace_visit_end(trace, failure);
        }
        if is_operation && failure.is_none() {
            self.bring_back(id);
        }
        let instance = self.ctx.visits[id].instance;
        self.ctx.visits.remove(id);
        if self.ctx.hosts[instance.index()].presence.is_draining() {
            self.leave_if_idle(instance);
        }
        if let Owner::Try(exchange) = owner {
            self.on_try_end(exchange, id, answer);
        }
    }

    /// All branches of a visit are over.
    #[inline(never)]
    pub(super) fn branches_returned(&mut self, fork: u32, outcome: Outcome) -> Progress {
        let fork = &self.topology.forks[fork as usize];
        match (fork.on_error, outcome) {
            (OnError::Fail, Outcome::Failure(cause)) => Fails(cause),
            _ => Skip(fork.length),
        }
    }
}

impl Visit {
    /// The same visit at another place of its plan, with nothing in its hands.
    pub(super) fn branch(&self, now: SimTime, first: u32, last: u32) -> Self {
        Self {
            step: first,
            last_step: last,
            asker: self.instance,
            started: now,
            since: now,
            spent: Default::default(),
            holds: Holdings::NOTHING,
            calls_open: 0,
            calls: ExchangeId::NOTHING,
            stage: Stage::Sent,
            failure: None,
            is_hedge: false,
            ..self.clone()
        }
    }
}
