//! The one place where time is booked.

use super::{record::Span, tracer::Tracer};
use crate::{
    engine::time::SimTime,
    model::{
        plan::Step,
        topology::Topology,
        visit::{Phase, Stage, Visit},
        whereabouts::site_of,
    },
};

/// The name of the time in which an instance stands still, whatever the step.
const PAUSE: &str = "pause";
/// The name of the wait for the next try at an instance that could not be reached.
const AGAIN: &str = "retry";
/// The name of the wait for somebody else who fetches the same key.
const AWAIT: &str = "await";
/// The name of the wait for replicas, which is a part of a write that deserves one of its own.
const REPLICATE: &str = "replicate";

/// Some time of a visit at its present step, up to now.
pub(in crate::model) fn span(topology: &Topology, visit: &Visit, phase: Phase, since: SimTime, now: SimTime) -> Span {
    let step = topology.steps[visit.step as usize];
    let asks = matches!(step, Step::Call { .. } | Step::Fork { .. } | Step::Guard { .. });
    Span {
        visit: visit.trace.visit(),
        at: visit.step,
        step: match visit.stage {
            Stage::Replicating => REPLICATE,
            Stage::Following => AWAIT,
            Stage::Held if matches!(step, Step::Connect) => AGAIN,
            Stage::Held => PAUSE,
            _ => topology.operation_at(visit.step).name(),
        },
        site: site_of(topology, visit),
        phase,
        // (That they have answered is on the way for no time.)
        holds_others: asks && phase != Phase::Network,
        start: since,
        end: now,
        outcome: None,
    }
}

/// Books the time of a visit since the last booking, until a moment, under a phase. This is the one place where time is
/// booked, so what is traced and what is counted agree.
#[inline]
pub fn spend(tracer: &mut Tracer, topology: &Topology, visit: &mut Visit, phase: Phase, until: SimTime) {
    if visit.trace.is_traced() {
        trace_time(tracer, topology, visit, phase, until);
    }
    visit.spend(phase, until);
}

#[cold]
fn trace_time(tracer: &mut Tracer, topology: &Topology, visit: &Visit, phase: Phase, until: SimTime) {
    if let Some(record) = tracer.record(visit.trace) {
        record.add_span(span(topology, visit, phase, visit.since, until));
    }
}
