//! Next upstream: a request that an instance has failed is passed on to another one, by the balancer.

use super::{
    cause::Cause,
    exchange::ExchangeId,
    topology::InstanceId,
    visit::{Owner, Visit, VisitId},
    world::World,
};

impl World {
    /// Whether the balancer passes on what this visit has failed with: whoever asked has not given up, the cause is one
    /// of those for which it does, and there is somebody else.
    #[inline(never)]
    pub(super) fn can_be_passed_on(&self, visit: &Visit, cause: Cause) -> bool {
        let Owner::Try(id) = visit.owner else { return false };
        let service = &self.topology.services[visit.service.index()];
        let (next, exchange) = (&service.next_upstream, &self.exchanges[id]);
        let is_harmless =
            !visit.has_begun || next.non_idempotent || self.topology.endpoints[exchange.endpoint.index()].is_idempotent;
        let is_in_time = next.timeout.is_none_or(|timeout| self.ctx.now.since(exchange.sent_last) < timeout);
        let tried = exchange.tried | self.bit_of(visit);
        next.on.has(cause)
            && exchange.tried.count_ones() + 1 < next.tries
            && is_harmless
            && is_in_time
            && self.ctx.now < exchange.deadline
            && self.services[visit.service.index()].balancer.has_other(|instance| self.is_tried(visit, tried, instance))
    }

    /// An instance's bit among those that have been tried.
    fn bit_of(&self, visit: &Visit) -> u64 {
        let instances = &self.topology.services[visit.service.index()].instances;
        instances.binary_search(&visit.instance).map_or(0, |place| 1 << (place % 64))
    }

    fn is_tried(&self, visit: &Visit, tried: u64, instance: InstanceId) -> bool {
        let instances = &self.topology.services[visit.service.index()].instances;
        instances.binary_search(&instance).is_ok_and(|place| tried >> (place % 64) & 1 == 1)
    }

    /// A try is over: whether it goes on at another instance.
    #[inline(never)]
    pub(super) fn pass_on(&mut self, id: ExchangeId, failed: VisitId, bit: u64) {
        let exchange = &mut self.exchanges[id];
        exchange.tried |= bit;
        exchange.tries.remove(failed);
        let (target, trace) = (exchange.target, exchange.trace);
        if trace.is_traced() && exchange.is_of_user() && exchange.tries.all().is_empty() {
            // (A try beside it may have gone on longer than the one that is told at the top.)
            self.trace_wait(trace);
        }
        if let Some(visit) = self.begin_visit(Owner::Try(id), target) {
            self.visits[visit].is_passed_on = true;
            self.exchanges[id].tries.add(visit);
            self.run(visit);
        }
    }

    /// The bit of a visit's instance if the balancer passes on what the visit has failed with.
    #[inline]
    pub(super) fn passes_on(&self, visit: &Visit) -> Option<u64> {
        let cause = visit.failure?;
        let tries = self.topology.services[visit.service.index()].next_upstream.tries;
        (tries > 1 && self.can_be_passed_on(visit, cause)).then(|| self.bit_of(visit))
    }
}
