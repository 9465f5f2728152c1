//! A record as a story: spans in the order in which they are best read, and who is to blame for a failure.

use super::{
    NONE,
    record::{Record, Site, Span, TracedVisit},
};
use crate::{
    engine::time::SimTime,
    model::{cause::Cause, topology::ServiceId},
};

/// A link in the chain from a request's failure down to its root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blame {
    /// The service whose visit failed.
    pub service: ServiceId,
    /// Where.
    pub site: Site,
    /// Why.
    pub cause: Cause,
    /// When.
    pub time: SimTime,
}

impl Record {
    /// Spans, by attempts and in order of time, each of calls followed by those of the services called.
    pub fn in_order(&self) -> Vec<&Span> {
        let mut spans = Vec::with_capacity(self.spans.len());
        for attempt in self.visits.iter().enumerate().filter(|(_, visit)| visit.parent.is_none()) {
            self.tell(attempt.0 as u32, &mut spans);
        }
        spans
    }

    fn tell<'a>(&'a self, visit: u32, spans: &mut Vec<&'a Span>) {
        for span in self.spans.iter().filter(|span| span.visit == visit) {
            spans.push(span);
            if span.holds_others {
                self.called(visit, span.at).for_each(|called| self.tell(called, spans));
            }
        }
        self.called(visit, NONE).for_each(|hedge| self.tell(hedge, spans));
    }

    /// The visits that a visit called at a step.
    fn called(&self, visit: u32, step: u32) -> impl Iterator<Item = u32> {
        let all = self.visits.iter().enumerate();
        all.filter(move |(_, called)| called.parent == Some(visit) && called.called_at == step)
            .map(|(place, _)| place as u32)
    }

    /// How deep a span is: 0 for the visits that the user waits for, 1 for those that they wait for, and so on.
    pub fn depth(&self, span: &Span) -> u32 {
        self.visit_of(span).map_or(0, |visit| visit.depth)
    }

    /// The visit that a span belongs to (that of the wait for a retry is the attempt before it).
    pub fn visit_of(&self, span: &Span) -> Option<&TracedVisit> {
        self.visits.get(span.visit as usize)
    }

    /// Why the request failed, from its own failure down to the root; empty if it did not.
    pub fn causes(&self) -> Vec<Blame> {
        let mut causes = Vec::new();
        let mut next = self.cause.and_then(|cause| self.decisive(cause));
        while let Some(visit) = next.take()
            && let Some((service, cause)) = self.failed(visit)
        {
            let mut spans = self.spans.iter().rev().filter(|span| span.visit == visit);
            let failed = spans.find(|span| span.outcome == Some(cause));
            let (site, time) = failed.map_or((Site::Outside, self.ended), |span| (span.site, span.end));
            causes.push(Blame { service, site, cause, time });
            if let Some(span) = failed.filter(|span| span.holds_others) {
                next = self.culprit(visit, span.at, cause);
            }
        }
        causes
    }

    /// The try of the last attempt that failed in the way in which the request did.
    fn decisive(&self, cause: Cause) -> Option<u32> {
        let last = self.visits.iter().rposition(|visit| visit.parent.is_none())? as u32;
        let has_failed_so = |visit: &u32| self.visits[*visit as usize].failure == Some(cause);
        let mut tries = std::iter::once(last).chain(self.called(last, NONE));
        tries.find(has_failed_so).or(Some(last))
    }

    fn failed(&self, visit: u32) -> Option<(ServiceId, Cause)> {
        let visit = self.visits.get(visit as usize)?;
        Some((visit.service, visit.failure?))
    }

    /// The called visit that made a call fail. If somebody gave up, it is the first one that had not answered; else the
    /// first of the last attempts that failed, one for each service called.
    fn culprit(&self, visit: u32, step: u32, cause: Cause) -> Option<u32> {
        let called: Vec<u32> = self.called(visit, step).collect();
        let failure = |called: u32| self.visits[called as usize].failure;
        let first = |those: &dyn Fn(u32) -> bool| {
            let those = called.iter().copied().filter(|&called| those(called));
            those.min_by_key(|&called| self.visits[called as usize].ended)
        };
        if matches!(cause, Cause::Timeout | Cause::Deadline | Cause::Cancelled) {
            return first(&|called| failure(called) == Some(cause));
        }
        let has_failed = |called: u32| failure(called).is_some_and(|cause| cause != Cause::Cancelled);
        let service = |called: u32| self.visits[called as usize].service;
        let is_last = |one: u32| called.iter().all(|&other| other <= one || service(other) != service(one));
        first(&|called| has_failed(called) && is_last(called)).or_else(|| first(&has_failed))
    }
}
