//! What the world tells the tracer.

use super::{
    cause::Cause,
    exchange::{Asker, Exchange, ExchangeId},
    plan::Step,
    topology::ServiceId,
    trace::{About, Link, NONE, Site, Span, TracedVisit, span},
    visit::{Outcome, Owner, Phase, Visit, VisitId},
    whereabouts::phase_of,
    world::World,
};

/// The name of the time before an attempt, which belongs to no step.
const RETRY: &str = "retry";
/// The name of an attempt's way through the parts of its policy.
const POLICY: &str = "policy";

impl World {
    /// Switches tracing. Requests in flight are not traced, whichever way.
    pub fn set_tracing(&mut self, is_on: bool) {
        self.ctx.tracer.switch(is_on);
    }

    /// A request, or a login, begins.
    #[cold]
    pub(super) fn trace_request(&mut self, id: ExchangeId, service: ServiceId, is_login: bool) {
        let request = &mut self.exchanges[id];
        request.trace = self.ctx.tracer.begin(About {
            number: request.number,
            sent: self.ctx.now,
            service,
            group: request.group,
            user: request.user,
            is_read: request.is_read,
            is_login,
        });
    }

    /// A request is sent, or sent again: from its beginning, or from the end of the attempt before, until now it waited.
    #[cold]
    pub(super) fn trace_wait(&mut self, link: Link) {
        let now = self.ctx.now;
        let Some(record) = self.ctx.tracer.record(link) else { return };
        let last_attempt = record.visits.iter().rposition(|visit| visit.parent.is_none());
        let start = record.last_root().map_or(record.about.sent, |span| span.end);
        // Before the first attempt it is told with that, which will be the first of the visits.
        let visit = last_attempt.map_or(0, |place| place as u32);
        let (site, phase) = (Site::Outside, Phase::Retries);
        record.add_span(Span {
            visit,
            at: NONE,
            step: RETRY,
            site,
            phase,
            holds_others: false,
            start,
            end: now,
            outcome: None,
        });
    }

    /// A visit begins, whose link is still that of the request or of the visit that calls.
    #[cold]
    pub(super) fn trace_visit(&mut self, id: VisitId) {
        let visit = &self.ctx.visits[id];
        let link = self.add_traced_visit(id, visit.owner, visit.service, visit.trace);
        self.ctx.visits[id].trace = link;
    }

    /// A visit has failed, and begins anew: it is told as another one in the same place.
    #[cold]
    pub(super) fn trace_again(&mut self, id: VisitId, failure: Option<Cause>) {
        let (now, link) = (self.ctx.now, self.ctx.visits[id].trace);
        let Some(record) = self.ctx.tracer.record(link) else { return };
        record.close_visit(link.visit(), failure, now);
        let Some(&before) = record.visits.get(link.visit() as usize) else { return };
        let again = TracedVisit { ended: now, failure: None, is_open: true, ..before };
        let place = record.add_visit(again);
        self.ctx.visits[id].trace = place.map_or(Link::NOWHERE, |place| link.to_visit(place));
    }

    fn add_traced_visit(&mut self, id: VisitId, owner: Owner, service: ServiceId, link: Link) -> Link {
        let now = self.ctx.now;
        // A try beside another one of a user's is told below that; those beside each other of a call are below the call.
        let (called_at, parent) = match owner {
            Owner::Try(exchange) => match self.exchanges[exchange].asker {
                Asker::Visit(caller, _) => (self.ctx.visits[caller].step, Some(link.visit())),
                Asker::User(_) => (NONE, self.first_lane(exchange)),
            },
            _ => (NONE, None),
        };
        let Some(record) = self.ctx.tracer.record(link) else { return Link::NOWHERE };
        let parent = parent.map(|parent| record.first_of_tries(parent, called_at));
        let depth = parent.and_then(|parent| record.visits.get(parent as usize)).map_or(0, |parent| parent.depth + 1);
        let visit = TracedVisit { id, service, parent, called_at, depth, ended: now, failure: None, is_open: true };
        match record.add_visit(visit) {
            Some(visit) => link.to_visit(visit),
            None => Link::NOWHERE,
        }
    }

    /// The place in the record of the first of an exchange's tries, if one is under way.
    fn first_lane(&self, exchange: ExchangeId) -> Option<u32> {
        let first = self.exchanges[exchange].tries.all().first()?;
        let link = self.ctx.visits[*first].trace;
        link.is_traced().then(|| link.visit())
    }

    /// A visit fails before it begins: nobody is there to be visited.
    #[cold]
    pub(super) fn trace_refusal(&mut self, visit: &mut Visit, cause: Cause) {
        // It never gets an id; that of nothing will do, for a visit that is over is never asked for.
        visit.trace = self.add_traced_visit(VisitId::NOTHING, visit.owner, visit.service, visit.trace);
        let now = self.ctx.now;
        if let Some(record) = self.ctx.tracer.record(visit.trace) {
            let mut span = span(&self.topology, visit, Phase::Network, now, now);
            (span.site, span.outcome) = (Site::Outside, Some(cause));
            record.add_span(span);
        }
    }

    /// An attempt ends before it has been sent: its policy has refused it, or nobody waits for it any more.
    #[cold]
    pub(super) fn trace_refused_attempt(&mut self, id: ExchangeId, cause: Cause) {
        let now = self.ctx.now;
        let &Exchange { asker, target, trace, .. } = &self.exchanges[id];
        let (site, trace, service) = match asker {
            Asker::User(_) => {
                self.trace_wait(trace);
                (Site::Outside, trace, ServiceId::NONE)
            }
            Asker::Visit(caller, _) => {
                let caller = &self.ctx.visits[caller];
                let site = Site::Component(self.topology.instance_component(caller.instance));
                (site, caller.trace, caller.service)
            }
        };
        // (An operation at a store is told as a part of the visit that wants it.)
        let target = target.service().unwrap_or(service);
        let link = self.add_traced_visit(VisitId::NOTHING, Owner::Try(id), target, trace);
        if let Some(record) = self.ctx.tracer.record(link) {
            let (visit, phase) = (link.visit(), Phase::Network);
            record.add_span(Span {
                visit,
                at: NONE,
                step: POLICY,
                site,
                phase,
                holds_others: false,
                start: now,
                end: now,
                outcome: Some(cause),
            });
            record.close_visit(visit, Some(cause), now);
        }
    }

    /// A visit is over.
    #[cold]
    pub(super) fn trace_visit_end(&mut self, link: Link, failure: Option<Cause>) {
        if let Some(record) = self.ctx.tracer.record(link) {
            record.close_visit(link.visit(), failure, self.ctx.now);
        }
    }

    /// The operation that a visit is at has failed.
    #[cold]
    pub(super) fn trace_failure(&mut self, id: VisitId, cause: Cause) {
        let now = self.ctx.now;
        let visit = &self.ctx.visits[id];
        if let Some(record) = self.ctx.tracer.record(visit.trace) {
            let phase = phase_of(&self.topology, visit, now);
            record.fail(Span { outcome: Some(cause), ..span(&self.topology, visit, phase, now, now) });
        }
    }

    /// A visit has waited for an answer until now. If in vain, the time it took on the network says so; what else
    /// fails says so where it does.
    #[cold]
    pub(super) fn trace_loss(&mut self, id: VisitId) {
        // (That a message of one of its tries was lost was told when the operation under a policy ended.)
        let is_operation = matches!(self.topology.steps[self.ctx.visits[id].step as usize], Step::Guard { .. });
        if self.ctx.visits[id].outcome == Outcome::Failure(Cause::Network) && !is_operation {
            self.trace_failure(id, Cause::Network);
        }
    }

    /// A visit fails. Steps that work elsewhere have said so there; those that work at the instance say so now.
    #[cold]
    pub(super) fn trace_giving_up(&mut self, id: VisitId, cause: Cause) {
        let step = self.topology.steps[self.ctx.visits[id].step as usize];
        if matches!(step, Step::Process { .. } | Step::Login) {
            self.trace_failure(id, cause);
        }
    }

    /// Nobody waits for a visit any more: the record shows how far it is, and those that it waits for, and no more of them; nor of the
    /// tries beside it, unless it is given up alone.
    #[cold]
    pub(super) fn trace_giving_up_on(&mut self, id: VisitId, cause: Cause, is_alone: bool) {
        let now = self.ctx.now;
        let link = self.ctx.visits[id].trace;
        let Some(record) = self.ctx.tracer.record(link) else { return };
        for place in link.visit()..record.visits.len() as u32 {
            let TracedVisit { id, is_open, .. } = record.visits[place as usize];
            let is_its = match is_alone {
                true => record.is_in_lane(place, link.visit()),
                false => record.is_under(place, link.visit()),
            };
            if !is_open || !is_its || !self.ctx.visits.contains(id) {
                continue;
            }
            let visit = &mut self.ctx.visits[id];
            record.cut_off(place, now);
            let phase = phase_of(&self.topology, visit, now);
            let last = span(&self.topology, visit, phase, visit.since.min(now), now);
            // (Those whom it called may have failed at this moment, before it was given up itself.)
            if last.start < now || !record.has_failed_calls(place, last.at, now) {
                record.add_span(last);
                record.fail(Span { outcome: Some(cause), ..last });
            }
            record.close_visit(place, Some(cause), now);
            visit.trace = Link::NOWHERE;
        }
    }

    /// A visit goes on under another name.
    #[cold]
    pub(super) fn trace_new_id(&mut self, id: VisitId) {
        let link = self.ctx.visits[id].trace;
        if let Some(visit) = self.ctx.tracer.record(link).and_then(|it| it.visits.get_mut(link.visit() as usize)) {
            visit.id = id;
        }
    }

    /// A request, or a login, is over.
    #[cold]
    pub(super) fn trace_end(&mut self, link: Link, cause: Option<Cause>, attempts: u32) {
        self.ctx.tracer.finish(link, cause, attempts, self.ctx.now);
    }
}
