//! Charts of horizontal bars.

use std::collections::BTreeMap;

use crate::chart::{
    axis::Axis,
    bars::{BarRow, Part, StackedBars},
    chart::View,
    number::Unit,
    source::Source,
};

use super::{Built, Context};

/// More bars than this do not fit on a page.
const MAX_BARS: usize = 24;
/// Causes that get a colour of their own; colour 0 is success, and the last is for all other causes.
const MAX_CAUSES: usize = 6;
const OTHER: usize = 7;

/// Counts to be shown as a bar: successes, and failures by cause.
struct Outcome<'a> {
    name: String,
    succeeded: u64,
    failures: &'a BTreeMap<&'static str, u64>,
}

impl<S: Source> Context<'_, S> {
    pub(super) fn success_share(&self) -> Built {
        let report = self.source.report();
        let requests = &report.requests;
        let all = Outcome {
            name: self.texts.word("all_requests"),
            succeeded: requests.succeeded,
            failures: &requests.failures,
        };
        let mut outcomes = vec![all];
        // A service that nobody visits has no share of success.
        for (name, service) in report.services.iter().filter(|(_, service)| service.total > 0) {
            outcomes.push(Outcome { name: name.into(), succeeded: service.succeeded, failures: &service.failures });
        }
        let hidden = outcomes.len().saturating_sub(MAX_BARS);
        outcomes.truncate(MAX_BARS);
        let causes = frequent_causes(&outcomes);
        let rows = outcomes.iter().map(|outcome| BarRow { name: outcome.name.clone(), sizes: sizes(outcome, &causes) });
        let rows: Vec<BarRow> = rows.collect();
        let x = Axis { title: self.texts.word("share"), unit: Unit::Share, range: (0.0, 1.0) };
        let mut chart = StackedBars { x, parts: self.cause_parts(&causes), rows };
        drop_empty_last_part(&mut chart);
        (View::Bars(chart), self.hidden(hidden))
    }

    fn cause_parts(&self, causes: &[&'static str]) -> Vec<Part> {
        let success = Part { name: self.texts.word("succeeded"), colour: 0 };
        let cause = |(index, cause): (usize, &&str)| Part { name: self.texts.cause(cause), colour: index + 1 };
        let other = Part { name: self.texts.word("other"), colour: OTHER };
        let causes = causes.iter().enumerate().map(cause);
        std::iter::once(success).chain(causes).chain(std::iter::once(other)).collect()
    }

    pub(super) fn load_share(&self) -> Built {
        let report = self.source.report();
        let instances = report.services.iter().flat_map(|(_, service)| service.instances.iter());
        let mut rows: Vec<BarRow> = instances
            .map(|(name, instance)| BarRow {
                name: name.into(),
                sizes: vec![instance.succeeded as f64, instance.failed as f64],
            })
            .collect();
        let hidden = rows.len().saturating_sub(MAX_BARS);
        rows.truncate(MAX_BARS);
        let x = Axis { title: self.texts.word("visits"), unit: Unit::Number, range: (0.0, 1.0) };
        let part = |(colour, word): (usize, &str)| Part { name: self.texts.word(word), colour };
        let parts = [(0, "succeeded"), (1, "failed")].into_iter().map(part).collect();
        (View::Bars(StackedBars { x, parts, rows }), self.hidden(hidden))
    }
}

/// The most frequent causes, in the order of their names, so that colours rarely change while a run goes on.
fn frequent_causes(outcomes: &[Outcome<'_>]) -> Vec<&'static str> {
    let mut totals: BTreeMap<&'static str, u64> = BTreeMap::new();
    for (cause, count) in outcomes.iter().flat_map(|outcome| outcome.failures) {
        *totals.entry(cause).or_default() += count;
    }
    let mut kept: Vec<(&'static str, u64)> = totals.into_iter().filter(|(_, count)| *count > 0).collect();
    while kept.len() > MAX_CAUSES {
        // The last one of the rarest.
        let rarest = kept.iter().enumerate().rev().min_by_key(|(_, (_, count))| *count);
        let position = rarest.map_or(0, |(position, _)| position);
        kept.remove(position);
    }
    kept.into_iter().map(|(cause, _)| cause).collect()
}

/// Successes, failures of each cause, failures of all other causes.
fn sizes(outcome: &Outcome<'_>, causes: &[&'static str]) -> Vec<f64> {
    let of = |cause: &&str| outcome.failures.get(cause).copied().unwrap_or(0);
    let other: u64 = outcome.failures.iter().filter(|(cause, _)| !causes.contains(cause)).map(|(_, count)| count).sum();
    let counts = std::iter::once(outcome.succeeded).chain(causes.iter().map(of)).chain(std::iter::once(other));
    counts.map(|count| count as f64).collect()
}

/// Other causes are in the legend only where there are any.
fn drop_empty_last_part(chart: &mut StackedBars) {
    if chart.rows.iter().all(|row| row.sizes.last().is_none_or(|size| *size == 0.0)) {
        chart.parts.pop();
        for row in &mut chart.rows {
            row.sizes.pop();
        }
    }
}
