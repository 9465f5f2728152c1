//! Next upstream: a request that an instance has failed is passed on to another one, by the balancer; or the same one is asked
//! again, after a while, as HAProxy does.

use super::{
    cause::Cause,
    event::Event,
    exchange::{Exchange, ExchangeId},
    plan::Step,
    topology::{InstanceId, Service},
    visit::{Outcome, Owner, Stage, Visit, VisitId},
    visit_end::End,
    visits::Progress::{self, Waits},
    world::World,
};

impl World {
    /// Whether what a visit has failed with stays between the balancer and the instances: the same one is asked again, or it is
    /// passed on.
    #[inline]
    pub(super) fn is_tried_again(&self, visit: &Visit) -> bool {
        visit.failure.is_some() && (self.is_asked_again(visit) || self.is_passed_on(visit))
    }

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
        let Some(exchange) = self.repeatable_try(visit, service) else { return false };
        let tried = exchange.tried | service.bit_of(visit.instance);
        let balancer = &self.services[visit.service.index()].front.balancer;
        exchange.tried.count_ones() + 1 < service.next_upstream.tries
            && balancer.has_other(|instance| tried & service.bit_of(instance) != 0)
    }

    /// The exchange of a visit that may be tried again, by the balancer.
    fn repeatable_try(&self, visit: &Visit, service: &Service) -> Option<&Exchange> {
        let Owner::Try(id) = visit.owner else { return None };
        let (next, exchange) = (&service.next_upstream, &self.exchanges[id]);
        let is_harmless = !visit.has_begun || !next.connect_only && (next.non_idempotent || self.is_repeatable(id));
        let is_in_time = next.timeout.is_none_or(|timeout| self.ctx.now.since(exchange.sent_last) < timeout);
        (is_harmless && is_in_time && self.ctx.now < exchange.deadline).then_some(exchange)
    }

    /// Whether the balancer waits with a visit that has failed, and then asks the same instance again, or, when it has done so
    /// as often as it does, another one.
    #[inline]
    pub(super) fn is_asked_again(&self, visit: &Visit) -> bool {
        let Some(cause) = visit.failure else { return false };
        let service = &self.topology.services[visit.service.index()];
        let next = &service.next_upstream;
        visit.retried < next.retries && next.on.has(cause) && self.repeatable_try(visit, service).is_some()
            || visit.retried == next.retries && next.retries > 0 && self.is_passed_on(visit)
    }

    /// A visit has failed, waits, and begins anew. Until then it counts as a request of its instance.
    #[inline(never)]
    pub(super) fn ask_again(&mut self, id: VisitId) -> Progress {
        let visit = &mut self.ctx.visits[id];
        let (service, instance, cause) = (visit.service, visit.instance, visit.failure.take());
        visit.retried += 1;
        visit.outcome = cause.map_or(Outcome::Success, Outcome::Failure);
        visit.step = self.topology.endpoints[visit.endpoint.index()].plan.start;
        (visit.stage, visit.is_passed_on) = (Stage::Held, true);
        let (turn, trace) = (visit.next_turn(), visit.trace);
        if trace.is_traced() {
            self.trace_again(id, cause);
        }
        let front = &mut self.services[service.index()].front;
        if front.beliefs.learns() {
            front.learn(&mut self.ctx, instance, cause);
        }
        let wait = self.topology.services[service.index()].next_upstream.retry_after;
        self.ctx.schedule(wait, Event::Connected(id, turn));
        Waits
    }

    /// Whether a visit waits before it is tried again. (What stands still at its first step is nothing else.)
    pub(super) fn is_between_tries(&self, id: VisitId) -> bool {
        self.ctx.visits[id].stage == Stage::Held && matches!(self.step(id), Step::Connect)
    }

    /// A visit has waited before it is tried again; if its instance has been asked often enough, it is another one's turn.
    pub(super) fn try_again(&mut self, id: VisitId) {
        let visit = &mut self.ctx.visits[id];
        let retries = self.topology.services[visit.service.index()].next_upstream.retries;
        match visit.outcome {
            Outcome::Failure(cause) if visit.retried > retries => {
                visit.failure = Some(cause);
                self.complete(id);
            }
            _ => self.run(id),
        }
    }

    /// A visit is on its way to its instance: the balancer waits so long for the answer.
    #[inline]
    pub(super) fn wait_for_answer(&mut self, id: VisitId) {
        let visit = &self.ctx.visits[id];
        if let Some(timeout) = self.topology.services[visit.service.index()].next_upstream.try_timeout {
            self.ctx.schedule(timeout, Event::AnswerOverdue(id, visit.retried));
        }
    }

    /// The balancer has waited for an instance long enough: for whoever asks the try has failed, whatever the instance still does.
    #[inline(never)]
    pub(super) fn on_answer_overdue(&mut self, id: VisitId, retried: u8) {
        let visit = &self.ctx.visits[id];
        // (Its answer may be on its way from the balancer to the user.)
        let is_answered = matches!(self.step(id), Step::Answer);
        let Owner::Try(exchange) = visit.owner else { return };
        if visit.retried != retried || is_answered || self.is_between_tries(id) {
            return;
        }
        let overdue = Visit { failure: Some(Cause::Timeout), ..visit.clone() };
        let (is_passed_on, end) = (self.is_passed_on(&overdue), End::of(&overdue));
        if overdue.trace.is_traced() {
            // (Others beside it may be answered yet.)
            self.trace_giving_up_on(id, Cause::Timeout, true);
        }
        self.give_up_try(id, Cause::Timeout, false);
        match is_passed_on {
            true => self.pass_on(exchange, id, &end, overdue.instance),
            false => self.on_try_end(exchange, id, Err(Cause::Timeout)),
        }
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
