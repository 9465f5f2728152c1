//! Single requests, for the page: those in flight, and traces of those that are over.

use serde::Serialize;

use crate::model::{
    cause::Cause,
    in_flight::Whereabouts,
    topology::{ServiceId, Topology},
    trace::{Record, Site, Which},
    users::VISITS_MAX,
    visit::VisitId,
    world::World,
};

/// Visits in progress.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InFlight {
    /// How many there are.
    pub total: u64,
    /// Those that have been in progress longest, oldest first.
    pub visits: Vec<VisitInFlight>,
}

/// A visit to a service, in progress.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VisitInFlight {
    /// A number that no other visit of the run has.
    pub id: u64,
    /// Running number of the request (or the login) that it belongs to.
    pub request: u64,
    /// The service visited.
    pub service: String,
    /// The component where it is, or where the message comes from that it waits for; empty: the user.
    pub place: String,
    /// Where its message goes (empty: to the user); the same as `place` while there is none.
    pub to: String,
    /// What its time goes into now.
    pub phase: &'static str,
    /// Whether it is a read.
    pub is_read: bool,
    /// Since when it is in that phase, in seconds.
    pub since: f64,
}

/// What is told of a request, or a login, that is over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TraceSummary {
    /// Running number of requests and logins, from 0.
    pub number: u64,
    /// When the first attempt was sent, in seconds.
    pub sent: f64,
    /// When it was over, in seconds.
    pub ended: f64,
    /// The time between, in seconds.
    pub latency: f64,
    /// The service asked.
    pub service: String,
    /// The group of the user.
    pub group: String,
    /// Number of the user in the group.
    pub user: u32,
    /// Whether it is a read.
    pub is_read: bool,
    /// Whether it is a login.
    pub is_login: bool,
    /// Why it failed; empty if it succeeded.
    pub cause: &'static str,
    /// Attempts made.
    pub attempts: u32,
    /// Whether it was too long to be recorded in full: calls are missing, and the last span may stand for several.
    pub is_cut: bool,
}

/// Some time of a request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Span {
    /// 0 for what the user waits for, 1 for what that waits for, and so on.
    pub depth: u32,
    /// Number of the visit within the trace: spans of one visit have the same.
    pub visit: u32,
    /// The service visited.
    pub service: String,
    /// Where, or on the way there or back; a cluster if it had no node to ask; empty: with the user.
    pub component: String,
    /// The step of the service, or `replicate` while a write waits for replicas, or `retry` between two attempts.
    pub step: &'static str,
    /// What the time went into.
    pub phase: &'static str,
    /// The start, in seconds.
    pub start: f64,
    /// The end, in seconds.
    pub end: f64,
    /// How it failed; empty if it did not.
    pub outcome: &'static str,
}

/// A link in the chain of causes of a failure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CauseLink {
    /// The service whose visit failed.
    pub service: String,
    /// Where; empty if it did not get anywhere.
    pub component: String,
    /// Why.
    pub cause: &'static str,
    /// When, in seconds.
    pub time: f64,
}

/// All about a request that is over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RequestTrace {
    /// The request as such; on the way out its fields stand beside the others.
    #[serde(flatten)]
    pub summary: TraceSummary,
    /// Where its time went: by attempts and in order of time, the spans of called services after that of the call. Those
    /// of depth 0 follow one another without a gap, from `sent` to `ended`.
    pub spans: Vec<Span>,
    /// From the failure of the request down to its root; empty if it succeeded.
    pub causes: Vec<CauseLink>,
}

/// Which traces are wanted.
#[derive(Clone, Debug, Default)]
pub struct TraceFilter {
    /// Which list.
    pub which: Which,
    /// Only requests to this service.
    pub service: Option<String>,
    /// At most so many, the first of the list; `None` is all.
    pub limit: Option<usize>,
}

/// The oldest visits in progress, so many of them at most.
pub fn in_flight(world: &World, limit: usize) -> InFlight {
    let visits = world.oldest_visits(limit).iter().map(|visit| visit_in_flight(world.topology(), visit)).collect();
    InFlight { total: world.visits() as u64, visits }
}

fn visit_in_flight(topology: &Topology, found: &Whereabouts) -> VisitInFlight {
    VisitInFlight {
        id: number(found.id),
        request: found.request,
        service: service_name(topology, found.visit.service),
        place: site_name(topology, found.place),
        to: site_name(topology, found.to),
        phase: found.phase.name(),
        is_read: found.visit.is_read,
        since: found.since.as_seconds(),
    }
}

/// Slots of visits are fewer than this, so that slot and generation together are exact as a JavaScript number.
const SLOTS: u64 = 1 << 21;
const _: () = assert!(VISITS_MAX < SLOTS as usize);

fn number(id: VisitId) -> u64 {
    let (index, generation) = id.parts();
    u64::from(generation) * SLOTS + u64::from(index)
}

/// Traces that pass the filter.
pub fn traces(world: &World, filter: &TraceFilter) -> Vec<TraceSummary> {
    let topology = world.topology();
    let kept = world.tracer().kept(filter.which).into_iter();
    let wanted = kept.filter(|record| {
        filter.service.as_ref().is_none_or(|wanted| *wanted == topology.services[record.about.service.index()].name)
    });
    wanted.take(filter.limit.unwrap_or(usize::MAX)).map(|record| summary(topology, record)).collect()
}

/// All about a request, if it is kept.
pub fn trace(world: &World, number: u64) -> Option<RequestTrace> {
    let topology = world.topology();
    let record = world.tracer().find(number)?;
    let spans = record.in_order().into_iter().map(|span| Span {
        depth: record.depth(span),
        visit: span.visit,
        service: record.visit_of(span).map(|visit| service_name(topology, visit.service)).unwrap_or_default(),
        component: site_name(topology, span.site),
        step: span.step,
        phase: span.phase.name(),
        start: span.start.as_seconds(),
        end: span.end.as_seconds(),
        outcome: span.outcome.map_or("", Cause::name),
    });
    let causes = record.causes().into_iter().map(|blame| CauseLink {
        service: service_name(topology, blame.service),
        component: site_name(topology, blame.site),
        cause: blame.cause.name(),
        time: blame.time.as_seconds(),
    });
    Some(RequestTrace { summary: summary(topology, record), spans: spans.collect(), causes: causes.collect() })
}

fn summary(topology: &Topology, record: &Record) -> TraceSummary {
    let about = &record.about;
    TraceSummary {
        number: about.number,
        sent: about.sent.as_seconds(),
        ended: record.ended.as_seconds(),
        latency: record.latency().as_seconds(),
        service: service_name(topology, about.service),
        group: topology.users[about.group.index()].name.clone(),
        user: about.user,
        is_read: about.is_read,
        is_login: about.is_login,
        cause: record.cause.map_or("", Cause::name),
        attempts: record.attempts,
        is_cut: record.is_cut,
    }
}

fn service_name(topology: &Topology, service: ServiceId) -> String {
    topology.services[service.index()].name.clone()
}

fn site_name(topology: &Topology, site: Site) -> String {
    match site {
        Site::Outside => String::new(),
        Site::Component(component) => topology.component_name(component).to_owned(),
        Site::Cluster(cluster) => topology.clusters[cluster.index()].name.clone(),
    }
}
