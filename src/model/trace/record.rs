//! The record of a single request.

use super::{NONE, VISIT_BITS};
use crate::{
    engine::time::{Duration, SimTime},
    model::{
        cause::Cause,
        topology::{ClusterId, ComponentId, GroupId, ServiceId},
        visit::{Phase, VisitId},
    },
};

/// The most visits in a record. Further calls are left out of it.
const VISITS_MAX: usize = 1 << VISIT_BITS;
/// The most spans in a record.
const SPANS_MAX: usize = 384;
/// From so many spans on, those of called services are left out, so that there is room for those that make up the latency.
const CALLED_SPANS_MAX: usize = 256;

/// What is known of a request when it begins.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Running number of requests and logins, from 0.
    pub number: u64,
    /// When it was sent.
    pub sent: SimTime,
    /// The service asked.
    pub service: ServiceId,
    /// The group of the user.
    pub group: GroupId,
    /// Number of the user in the group.
    pub user: u32,
    /// Whether it is a read.
    pub is_read: bool,
    /// Whether it is a login.
    pub is_login: bool,
}

/// Where time is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// With the user or the balancer.
    Outside,
    /// At a component, or on the way there or back.
    Component(ComponentId),
    /// At no node in particular: the cluster had none to ask.
    Cluster(ClusterId),
}

/// Some time of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The visit, a position in [`Record::visits`].
    pub visit: u32,
    /// The step of the visit, a position in the topology's steps.
    pub at: u32,
    /// Name of the step.
    pub step: &'static str,
    /// Where.
    pub site: Site,
    /// What the time went into.
    pub phase: Phase,
    /// Whether visits that others, or branches, made meanwhile are told with it.
    pub holds_others: bool,
    /// The start.
    pub start: SimTime,
    /// The end, never before the start.
    pub end: SimTime,
    /// How it failed, if it did.
    pub outcome: Option<Cause>,
}

/// A visit that a record tells of.
#[derive(Clone, Copy, Debug)]
pub struct TracedVisit {
    /// Names the visit while it lasts.
    pub(in crate::model) id: VisitId,
    /// The service visited.
    pub service: ServiceId,
    /// The visit that called, a position in the list; `None` for an attempt.
    pub parent: Option<u32>,
    /// The step of the parent that called, a position in the topology's steps.
    pub(in crate::model) called_at: u32,
    /// How many visits are above it.
    pub depth: u32,
    /// When it ended.
    pub(in crate::model) ended: SimTime,
    /// Why it failed, if it did.
    pub failure: Option<Cause>,
    pub(in crate::model) is_open: bool,
}

/// Where the time of a request went.
#[derive(Clone, Debug)]
pub struct Record {
    /// What was known when it began.
    pub about: About,
    /// When it ended.
    pub ended: SimTime,
    /// Why it failed, if it did.
    pub cause: Option<Cause>,
    /// Attempts made.
    pub attempts: u32,
    /// Whether it was too long to be recorded in full. What makes up the latency is there all the same, but the last
    /// of it may be one span.
    pub is_cut: bool,
    /// Its visits, in the order in which they began.
    pub visits: Vec<TracedVisit>,
    /// Spans in the order in which they ended; see [`Record::in_order`].
    pub(in crate::model) spans: Vec<Span>,
    /// Position of the latest span of depth 0.
    last_root: u32,
    pub(in crate::model) epoch: u32,
    /// In how many lists of the tracer it is kept.
    pub(in crate::model) held: u8,
    pub(in crate::model) is_in_flight: bool,
}

impl TracedVisit {
    /// Whether it is a try beside the one above it, and not called by that.
    pub fn is_hedge(&self) -> bool {
        self.parent.is_some() && self.called_at == NONE
    }
}

impl Record {
    /// A record to which nothing has been written.
    pub(in crate::model) fn new(about: About) -> Self {
        Self::with(about, Vec::with_capacity(4), Vec::with_capacity(16))
    }

    /// Bytes on the heap.
    pub(super) fn heap_bytes(&self) -> usize {
        size_of_val(&*self.visits) + size_of_val(&*self.spans)
    }

    /// Uses the record, and its memory, for another request.
    pub(in crate::model) fn restart(&mut self, about: About) {
        let (mut visits, mut spans) = (std::mem::take(&mut self.visits), std::mem::take(&mut self.spans));
        visits.clear();
        spans.clear();
        *self = Self { epoch: self.epoch, ..Self::with(about, visits, spans) };
    }

    fn with(about: About, visits: Vec<TracedVisit>, spans: Vec<Span>) -> Self {
        Self {
            about,
            ended: about.sent,
            cause: None,
            attempts: 0,
            is_cut: false,
            visits,
            spans,
            last_root: NONE,
            epoch: 0,
            held: 0,
            is_in_flight: true,
        }
    }

    /// Time from the first attempt to the end.
    pub fn latency(&self) -> Duration {
        self.ended.since(self.about.sent)
    }

    /// A visit begins; its position in the list, unless the list is full.
    pub(in crate::model) fn add_visit(&mut self, visit: TracedVisit) -> Option<u32> {
        if self.visits.len() < VISITS_MAX {
            self.visits.push(visit);
            return Some(self.visits.len() as u32 - 1);
        }
        self.is_cut = true;
        if visit.parent.is_some() {
            return None;
        }
        // One attempt more: the last one that is told of stands for it.
        let last = self.visits.iter().rposition(|other| other.parent.is_none())?;
        self.visits[last] = visit;
        // Whom the one before called is not to blame for the failure of this one.
        let called = self.visits.iter_mut().filter(|called| called.parent == Some(last as u32));
        called.for_each(|called| called.failure = None);
        Some(last as u32)
    }

    /// The first of the tries of which a visit is one, if it is one of several; for a call, the visit itself.
    pub(in crate::model) fn first_of_tries(&self, visit: u32, called_at: u32) -> u32 {
        let first = self.visits.get(visit as usize).filter(|it| called_at == NONE && it.is_hedge());
        first.and_then(|it| it.parent).unwrap_or(visit)
    }

    /// A visit is over.
    pub(in crate::model) fn close_visit(&mut self, visit: u32, failure: Option<Cause>, now: SimTime) {
        if let Some(visit) = self.visits.get_mut(visit as usize) {
            (visit.failure, visit.ended, visit.is_open) = (failure, now, false);
        }
    }

    /// Takes down where time went. What took none is left out, unless it failed or has to hold called visits together.
    pub(in crate::model) fn add_span(&mut self, span: Span) {
        if span.start >= span.end && span.outcome.is_none() && !span.holds_others {
            return;
        }
        // (A wait before the first attempt is told with that, which is still to come.)
        let is_root = self.visits.get(span.visit as usize).is_none_or(|visit| visit.parent.is_none());
        let most = if is_root { SPANS_MAX } else { CALLED_SPANS_MAX };
        if self.spans.len() < most {
            if is_root {
                self.last_root = self.spans.len() as u32;
            }
            self.spans.push(span);
            return;
        }
        self.is_cut = true;
        if let (true, Some(last)) = (is_root, self.spans.get_mut(self.last_root as usize)) {
            *last = Span { start: last.start, ..span };
        }
    }

    /// An operation of a visit has failed: the span in which it did says so. That is the one given, unless it took
    /// time, which has been taken down.
    pub(in crate::model) fn fail(&mut self, span: Span) {
        let latest = self.spans.iter_mut().rev().find(|other| other.visit == span.visit);
        match latest {
            Some(latest) if is_same(latest, &span) => latest.outcome = span.outcome,
            _ => self.add_span(span),
        }
    }

    /// What was taken down of a visit in advance has not come to pass.
    pub(in crate::model) fn cut_off(&mut self, visit: u32, now: SimTime) {
        for span in self.spans.iter_mut().filter(|span| span.visit == visit) {
            span.end = span.end.min(now);
        }
    }

    /// Whether it has been taken down already that a visit's calls at that step have failed now.
    pub(in crate::model) fn has_failed_calls(&self, visit: u32, at: u32, now: SimTime) -> bool {
        let is_it = |span: &Span| (span.visit, span.at, span.end, span.phase) == (visit, at, now, Phase::Calls);
        self.spans.iter().rev().any(|span| is_it(span) && span.outcome.is_some())
    }

    /// Whether a visit is another one, or was called by it, directly or not.
    pub(in crate::model) fn is_under(&self, visit: u32, other: u32) -> bool {
        visit == other
            || self
                .visits
                .get(visit as usize)
                .and_then(|it| it.parent)
                .is_some_and(|parent| self.is_under(parent, other))
    }

    /// The same, but not if only a try beside the other one leads there.
    pub(in crate::model) fn is_in_lane(&self, visit: u32, other: u32) -> bool {
        visit == other
            || self
                .visits
                .get(visit as usize)
                .filter(|it| it.called_at != NONE)
                .and_then(|it| it.parent)
                .is_some_and(|parent| self.is_in_lane(parent, other))
    }

    /// The latest span of depth 0.
    pub(in crate::model) fn last_root(&self) -> Option<&Span> {
        self.spans.get(self.last_root as usize)
    }
}

/// Whether a span that was taken down is the operation that has failed now.
fn is_same(taken_down: &Span, failed: &Span) -> bool {
    let is_there = taken_down.phase != Phase::Network || failed.phase == Phase::Network;
    is_there
        && (taken_down.end, taken_down.at, taken_down.site) == (failed.end, failed.at, failed.site)
        && taken_down.outcome.is_none()
}
