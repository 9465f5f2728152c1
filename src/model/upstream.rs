//! Next upstream: a request that an instance has failed is passed on to another one, by the balancer.

use super::{
    exchange::ExchangeId,
    topology::{InstanceId, Service},
    visit::{Owner, Visit, VisitId},
    visit_end::End,
    world::World,
};

impl World {
    /// Whether the balancer passes on what a visit has failed with: whoever asked has not given up, the cause is one of those
    /// for which it does, and there is somebody else.
    #[inline]
    pub(super) fn is_passed_on(&self, visit: &Visit) -> bool {
        let Some(cause) = visit.failure else { return false };
        let service = &self.topology.services[visit.service.index()];
        service.next_upstream.tries > 1 && service.next_upstream.on.has(cause) && self.can_be_passed_on(visit, service)
    }

    #[inline(never)]
    fn can_be_passed_on(&self, visit: &Visit, service: &Service) -> bool {
        let Owner::Try(id) = visit.owner else { return false };
        let (next, exchange) = (&service.next_upstream, &self.exchanges[id]);
        let is_harmless = !visit.has_begun || next.non_idempotent || self.is_repeatable(id);
        let is_in_time = next.timeout.is_none_or(|timeout| self.ctx.now.since(exchange.sent_last) < timeout);
        let tried = exchange.tried | service.bit_of(visit.instance);
        let balancer = &self.services[visit.service.index()].front.balancer;
        exchange.tried.count_ones() + 1 < next.tries
            && is_harmless
            && is_in_time
            && self.ctx.now < exchange.deadline
            && balancer.has_other(|instance| tried & service.bit_of(instance) != 0)
    }

    /// A try has failed at an instance, and goes on at another one.
    #[inline(never)]
    pub(super) fn pass_on(&mut self, id: ExchangeId, failed: VisitId, end: &End, instance: InstanceId) {
        let exchange = &mut self.exchanges[id];
        exchange.tried |= self.topology.services[end.service.index()].bit_of(instance);
        exchange.tries.remove(failed);
        let trace = exchange.trace;
        if trace.is_traced() && exchange.is_of_user() && exchange.tries.all().is_empty() {
            // (A try beside it may have gone on longer than the one that is told at the top.)
            self.trace_wait(trace);
        }
        if let Some(visit) = self.begin_try(id) {
            let passed_on = &mut self.ctx.visits[visit];
            (passed_on.is_passed_on, passed_on.is_hedge) = (true, end.answered.is_hedge);
            self.run(visit);
        }
    }
}
