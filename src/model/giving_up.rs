//! Giving up: what becomes of a visit for which nobody waits any more, or that has itself waited long enough.
//!
//! Those who do not hear of it go on with it (`continue`). Where they are told (`cancel`), a visit that waits leaves its
//! line at once, and one that is being worked on ends at its next step: what a database has begun it finishes. The word
//! takes no time to get there.

use super::{
    cause::Cause,
    exchange::ExchangeId,
    plan::Step,
    topology::OnGivingUp,
    visit::{Outcome, Owner, Stage, VisitId},
    visits::Progress::Fails,
    world::World,
};

impl World {
    /// Whoever asked does not wait for this try any more; `is_last` says that it will not make another one either.
    #[inline(never)]
    pub(super) fn give_up_try(&mut self, id: VisitId, cause: Cause, is_last: bool) {
        if self.ctx.visits[id].trace.is_traced() {
            self.trace_giving_up_on(id, cause, false);
        }
        let visit = &mut self.ctx.visits[id];
        let (Owner::Try(exchange) | Owner::Login(exchange)) = std::mem::replace(&mut visit.owner, Owner::Nobody) else {
            return;
        };
        let (service, instance, is_branch) = (visit.service, visit.instance, visit.is_branch);
        self.exchanges[exchange].tries.remove(id);
        if cause == Cause::Timeout && !is_branch && self.services[service.index()].front.beliefs.learns() {
            self.services[service.index()].front.learn(&mut self.ctx, instance, Some(cause));
        }
        // (A branch is a part of the visit that gives up. Who gives up an operation closes its connection, if it has one; and
        // while it waits for one, nobody else is at work for it.)
        let visit = &self.ctx.visits[id];
        let is_part = match visit.is_operation {
            true => is_last || visit.stage == Stage::Pooling,
            false => visit.is_branch,
        };
        if visit.is_operation {
            self.give_back_connection(id);
        }
        if is_part || self.policy_of(exchange).on_giving_up == OnGivingUp::Cancel {
            self.cancel(id);
        }
    }

    /// A visit is told that nobody waits for it.
    fn cancel(&mut self, id: VisitId) {
        let visit = &mut self.ctx.visits[id];
        visit.is_cancelled = true;
        let (stage, calls) = (visit.stage, visit.calls_open);
        if stage.is_in_line() {
            self.withdraw(id);
            self.end_cancelled(id);
        } else if calls > 0 {
            self.give_up_calls(id);
            self.end_cancelled(id);
        } else if self.is_between_tries(id)
            || stage == Stage::Replicating && self.databases.cancel_wait_for_replicas(&mut self.ctx, id)
        {
            self.end_cancelled(id);
        }
    }

    /// A visit has waited as long as it may.
    pub(super) fn on_wait_over(&mut self, id: VisitId) {
        if self.ctx.visits[id].stage == Stage::Following {
            let cache = self.ctx.visits[id].cache;
            return self.caches[cache.index()].fetch_alone(&mut self.ctx, id);
        }
        if self.ctx.visits[id].stage == Stage::Replicating {
            self.databases.wait_for_replicas_is_over(&mut self.ctx, id);
            return self.hand_on();
        }
        if self.is_waiting_at_node(id) {
            let outcome = match self.databases.wait_is_over(&mut self.ctx, id) {
                true => Outcome::Miss,
                false => Outcome::Failure(Cause::QueueTimeout),
            };
            self.ctx.answer(id, outcome);
            return self.hand_on();
        }
        let cause = match self.ctx.visits[id].stage {
            Stage::Pooling => Cause::PoolTimeout,
            // (The first in the line of a balancer may be late.)
            _ if matches!(self.step(id), Step::Connect) && self.ctx.is_late(id) => Cause::Deadline,
            _ => Cause::QueueTimeout,
        };
        self.withdraw(id);
        self.ctx.end_wait(id);
        if self.ctx.visits[id].trace.is_traced() {
            self.trace_failure(id, cause);
        }
        let progress = match self.step(id) {
            Step::Read { on_error, .. } | Step::Write { on_error } => on_error.after(Outcome::Failure(cause)),
            Step::LookUp { on_error, skip } | Step::Tell { on_error, skip, .. } => {
                on_error.after(Outcome::Failure(cause), skip)
            }
            _ => Fails(cause),
        };
        self.go_on(id, progress);
    }

    /// Whether a visit waits at a database node.
    fn is_waiting_at_node(&self, id: VisitId) -> bool {
        matches!(self.ctx.visits[id].stage, Stage::Waiting | Stage::Behind)
            && matches!(self.step(id), Step::Read { .. } | Step::Write { .. })
    }

    /// Takes a visit out of the line in which it waits.
    pub(super) fn withdraw(&mut self, id: VisitId) {
        let now = self.ctx.now;
        let visit = &self.ctx.visits[id];
        let (instance, cache) = (visit.instance.index(), visit.cache.index());
        if visit.stage == Stage::Pooling {
            let pool = self.pool_asked(id);
            return self.instances[instance].pools.of(pool).withdraw(now, id);
        }
        match self.topology.steps[visit.step as usize] {
            Step::Process { .. } | Step::Login => self.instances[instance].server.withdraw(&self.ctx, id),
            Step::LookUp { .. } | Step::Tell { .. } => self.caches[cache].withdraw(&mut self.ctx, id),
            Step::Read { .. } | Step::Write { .. } => self.databases.withdraw(&self.ctx, id),
            Step::Connect => self.services[visit.service.index()].front.withdraw(&self.ctx, id),
            Step::Publish { .. } | Step::Call { .. } | Step::Flush | Step::Answer => {}
            Step::Fork { .. } | Step::Guard { .. } | Step::Join | Step::Maybe { .. } => {}
        }
    }

    /// Those whom a visit has called need not answer.
    #[inline(never)]
    pub(super) fn give_up_calls(&mut self, id: VisitId) {
        self.ctx.visits[id].calls_open = 0;
        let mut next = std::mem::replace(&mut self.ctx.visits[id].calls, ExchangeId::NOTHING);
        while self.exchanges.contains(next) {
            let exchange = next;
            next = self.exchanges[exchange].next();
            self.give_up_exchange(exchange);
        }
    }

    /// Nobody waits for an exchange any more.
    fn give_up_exchange(&mut self, id: ExchangeId) {
        self.give_up_tries(id, Cause::Cancelled, true);
        self.end_attempt(id, None);
        self.exchanges.remove(id);
    }

    /// Nobody waits for any of the tries of an exchange any more, or `is_last`: for the exchange.
    pub(super) fn give_up_tries(&mut self, id: ExchangeId, cause: Cause, is_last: bool) {
        let tries = self.exchanges[id].tries;
        tries.all().iter().for_each(|&visit| self.give_up_try(visit, cause, is_last));
    }

    /// A cancelled visit is over; there is nobody to answer.
    #[inline(never)]
    pub(super) fn end_cancelled(&mut self, id: VisitId) {
        self.ctx.visits[id].failure.get_or_insert(Cause::Cancelled);
        self.complete(id);
    }
}
