//! Operations under a policy: reads, writes, look-ups and messages for which a visit asks a store as it would ask another
//! service. Each try is a branch of that one step, so that several can be under way, and given up, while the visit waits.

use super::{
    exchange::{Asker, Exchange, ExchangeId, link},
    flights::Flight,
    keys::NO_KEY,
    plan::Step,
    topology::{Asked, Guard, OnError},
    visit::{Holdings, Outcome, Owner, Visit, VisitId},
    visits::Progress::{self, Fails, Skip, Waits},
    world::World,
};

/// An operation and the end of the branch that it is: the two steps after that which says under which policy.
const LENGTH: u32 = 2;

impl World {
    /// A visit asks a store under a policy.
    #[inline(never)]
    pub(super) fn start_operation(&mut self, id: VisitId, guard: u32) -> Progress {
        let Guard { call, .. } = self.topology.guards[guard as usize];
        let operation = self.topology.operation_at(self.ctx.visits[id].step);
        self.begin_waiting_for(id, 1, 1);
        if matches!(operation, Step::LookUp { .. }) {
            self.ctx.visits[id].key = self.choose_key(self.ctx.visits[id].instance);
        }
        let visit = &self.ctx.visits[id];
        let is_read = matches!(operation, Step::LookUp { .. } | Step::Read { .. });
        let asker = Asker::Visit(id, call);
        let mut exchange = Exchange::new(asker, visit.group, visit.user, is_read, self.ctx.now);
        (exchange.target, exchange.endpoint) = (self.store_of(operation), visit.endpoint);
        (exchange.number, exchange.trace, exchange.deadline) = (u64::from(visit.request), visit.trace, visit.deadline);
        let exchange = self.exchanges.insert(exchange);
        link(&mut self.exchanges, &mut self.ctx.visits[id].calls, exchange);
        self.begin_exchange(exchange);
        Waits
    }

    /// Where an operation is done.
    fn store_of(&self, operation: Step) -> Asked {
        match operation {
            Step::LookUp { .. } => Asked::Cache,
            Step::Publish { publication, .. } => Asked::Broker(self.topology.publications[publication.index()].broker),
            _ => Asked::Database,
        }
    }

    /// Begins a try of an operation; `None` if it has failed already, and the exchange knows.
    #[inline(never)]
    pub(super) fn begin_operation(&mut self, exchange: ExchangeId) -> Option<VisitId> {
        let &Exchange { asker: Asker::Visit(parent, _), deadline, .. } = &self.exchanges[exchange] else { return None };
        let step = self.ctx.visits[parent].step;
        let id = self.insert_branch(parent, exchange, (step + 1, step + LENGTH))?;
        let visit = &mut self.ctx.visits[id];
        (visit.is_operation, visit.deadline) = (true, deadline);
        Some(id)
    }

    /// A try has succeeded: the visit that asked has what it has found, if it still waits for it.
    pub(super) fn bring_back(&mut self, id: VisitId) {
        let &Visit { owner, outcome, cache, key, missed, holds: Holdings { flight, .. }, .. } = &self.ctx.visits[id];
        if let Owner::Try(exchange) = owner
            && let Asker::Visit(parent, _) = self.exchanges[exchange].asker
        {
            let parent = &mut self.ctx.visits[parent];
            (parent.outcome, parent.cache, parent.key, parent.holds.flight) = (outcome, cache, key, flight);
            parent.missed = missed;
            self.ctx.visits[id].holds.flight = Flight::NONE;
        } else if flight.is_some() {
            self.give_up_flight(id);
        }
    }

    /// An operation under a policy is over.
    #[inline(never)]
    pub(super) fn operation_returned(&mut self, id: VisitId, guard: u32, outcome: Outcome) -> Progress {
        let Guard { on_error, skip, .. } = self.topology.guards[guard as usize];
        self.note_flush(id, outcome);
        match (outcome, on_error) {
            (Outcome::Success, _) => Skip(LENGTH + skip),
            (Outcome::Refresh, _) => {
                let step = self.ctx.visits[id].step;
                self.begin_refresh(id, (step + 1 + LENGTH, step + LENGTH + skip));
                Skip(LENGTH + skip)
            }
            (Outcome::Miss, _) => Skip(LENGTH),
            (Outcome::Failure(cause), OnError::Fail) => Fails(cause),
            (Outcome::Failure(_), OnError::Ignore) => {
                if matches!(self.topology.operation_at(self.ctx.visits[id].step), Step::LookUp { .. }) {
                    self.ctx.visits[id].key = NO_KEY;
                }
                Skip(LENGTH)
            }
        }
    }
}
