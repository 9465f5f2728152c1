//! Traces of single requests: parts that sum to the whole, causes that lead to a root, and no change of any result.

use std::collections::BTreeMap;

use serde_json::Value;
use web_service_model::{
    engine::time::SimTime,
    model::{
        cause::Cause,
        plan::Step,
        topology::{ComponentId, ComponentKind, Discipline},
        trace::{KEPT, Record, Site, Span, TracedVisit, Which},
        visit::{Phase, Stage, Visit},
        world::World,
    },
};

use super::{Verdict, advance, report, verdict, world};

const LISTS: [Which; 3] = [Which::Slowest, Which::Failed, Which::Latest];

/// Everything that is wrong with the traces that are kept.
pub fn wrong(world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    for which in LISTS {
        let kept = world.tracer().kept(which);
        if kept.len() > KEPT {
            wrong.push(format!("{which:?}: {} are kept", kept.len()));
        }
        for record in kept {
            let found = wrong_with(record);
            if !found.is_empty() {
                wrong.push(format!("{:#?}\n{:#?}\n{}", record.about, record.in_order(), found.join("\n")));
            }
        }
    }
    wrong
}

fn wrong_with(record: &Record) -> Vec<String> {
    let mut wrong = Vec::new();
    let spans = record.in_order();
    let mut at = record.about.sent;
    for span in spans.iter().filter(|span| record.depth(span) == 0) {
        if span.start != at {
            wrong.push(format!("a gap from {at:?} to {:?}", span.start));
        }
        at = span.end;
    }
    if at != record.ended {
        wrong.push(format!("the last span ends at {at:?}, the request at {:?}", record.ended));
    }
    for (place, span) in spans.iter().enumerate() {
        if span.start > span.end {
            wrong.push(format!("a span runs backwards: {span:?}"));
        }
        if !record.is_cut && !is_inside(record, &spans[..place], span) {
            wrong.push(format!("outside the call it belongs to: {span:?}"));
        }
    }
    let causes = record.causes();
    if causes.first().map(|blame| blame.cause) != record.cause {
        wrong.push(format!("failed with {:?} because of {causes:?}", record.cause));
    }
    if !record.is_cut && causes.last().is_some_and(|root| root.cause == Cause::CallFailed) {
        wrong.push(format!("no root: {causes:?}"));
    }
    if causes.iter().any(|blame| blame.time < record.about.sent || blame.time > record.ended) {
        wrong.push(format!("causes at other times: {causes:?}"));
    }
    wrong
}

/// Whether a span of a called service lies within the call, which is the latest span above it. (A caller that is given up at the
/// moment at which the call ends has another span there, which takes no time.)
fn is_inside(record: &Record, before: &[&Span], span: &Span) -> bool {
    let depth = record.depth(span);
    // What is done beside the first try of a user's attempt is no call.
    if record.visit_of(span).is_some_and(TracedVisit::is_hedge) {
        return true;
    }
    let holds = |call: &Span| call.holds_others && call.start <= span.start && span.end <= call.end;
    let mut above = before.iter().rev().filter(|other| record.depth(other) < depth);
    depth == 0 || above.find(|call| call.start < call.end || holds(call)).is_some_and(|call| holds(call))
}

/// That tracing changes nothing, and that what is traced holds at any moment.
pub fn check(config: &Value, parts: u32) -> Verdict {
    let duration = config["duration"].as_f64().unwrap_or(40.0);
    let (mut traced, mut untraced) = (world(config), world(config));
    traced.set_tracing(true);
    for part in 1..=parts {
        for world in [&mut traced, &mut untraced] {
            advance(world, duration * f64::from(part) / f64::from(parts));
        }
        let mut found = wrong(&traced);
        found.extend(wrong_places(&traced));
        verdict(&found)?;
    }
    if report(&traced) != report(&untraced) {
        return Err("tracing changes the report".to_owned());
    }
    check_extremes(&traced)
}

/// Who was slowest according to the traces was it according to the statistics.
fn check_extremes(world: &World) -> Verdict {
    let kept = world.tracer().kept(Which::Slowest);
    let slowest = kept.first().map_or(0.0, |record| record.latency().as_seconds());
    let longest = world.totals().outcomes.latency.max().unwrap_or(0.0);
    if world.tracer().untraced() == 0 && (slowest - longest).abs() > 2e-3 * longest {
        return Err(format!("the slowest took {slowest} s, the longest latency is {longest} s"));
    }
    Ok(())
}

/// Visits in progress are where the stations say that they are.
pub fn wrong_places(world: &World) -> Vec<String> {
    let visits = world.oldest_visits(usize::MAX);
    let mut counts: BTreeMap<(u32, bool), u64> = BTreeMap::new();
    for visit in &visits {
        if visit.visit.holds.worker && visit.phase != Phase::Processing {
            let ComponentId(id) = world.topology().instance_component(visit.visit.instance);
            *counts.entry((id, true)).or_default() += 1;
        }
        // (Who waits for a try of an operation is at his instance, and the try is at the store.)
        if matches!(world.topology().steps[visit.visit.step as usize], Step::Guard { .. }) {
            continue;
        }
        let working = match visit.phase {
            // (That worker is held by the visit of which it is a branch.)
            Phase::Processing if visit.visit.borrows_worker => continue,
            // (Who waits for a replica to have what he has written has no connection yet.)
            Phase::Database if visit.visit.stage == Stage::Behind => continue,
            // (Who waits for replicas keeps his connection, unless he waits as by Redis's WAIT.)
            Phase::Database if visit.visit.is_detached && visit.visit.stage == Stage::Replicating => continue,
            Phase::Processing | Phase::Auth | Phase::Cache | Phase::Database => true,
            // (Who has no instance waits at a balancer.)
            Phase::Queueing if visit.visit.instance == Visit::NO_INSTANCE => continue,
            Phase::Queueing if visit.visit.stage != Stage::Pooling => false,
            _ => continue,
        };
        if let Site::Component(ComponentId(id)) = visit.place {
            *counts.entry((id, working)).or_default() += 1;
        }
    }
    let count = |id, working| counts.get(&(id, working)).copied().unwrap_or(0) as f64;
    let mut wrong = Vec::new();
    for (id, component) in world.topology().components.iter().enumerate() {
        let (facility, is_shared) = match component.kind {
            ComponentKind::Instance(instance) => {
                let service = world.topology().instances[instance.index()].service;
                let discipline = world.topology().services[service.index()].discipline;
                (&world.instances()[instance.index()].server.facility, discipline == Discipline::ProcessorSharing)
            }
            ComponentKind::Node(node) => (&world.nodes()[node.index()].facility, false),
            ComponentKind::Cache(cache) => (&world.caches()[cache.index()].facility, false),
            ComponentKind::Broker(_) => continue,
        };
        let (busy, queue) = (facility.busy.value(), facility.queue.value());
        let expected = if is_shared { (busy + queue, 0.0) } else { (busy, queue) };
        let found = (count(id as u32, true), count(id as u32, false));
        if found != expected {
            wrong.push(format!("{}: {found:?} visits, not {expected:?}", component.name));
        }
    }
    if visits.len() != world.visits() || !visits.is_sorted_by_key(|visit| visit.visit.started) {
        wrong.push("visits are missing or out of order".to_owned());
    }
    if visits.iter().any(|visit| visit.since > world.now() || visit.since < SimTime::ZERO) {
        wrong.push("a visit is in a phase that has not begun".to_owned());
    }
    wrong
}
