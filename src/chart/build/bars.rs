//! Charts of horizontal bars.

use crate::{
    chart::{
        axis::Axis,
        bars::{BarRow, Part, StackedBars},
        chart::View,
        number::Unit,
        source::Source,
    },
    model::visit::Phase,
    simulation::OutcomeCounts,
};

use super::{Built, Context};

/// More bars than this do not fit on a page.
const MAX_BARS: usize = 24;
/// Causes that get a colour of their own; colour 0 is success, and the last is for all other causes.
const MAX_CAUSES: usize = 6;
const OTHER: usize = 7;

impl<S: Source> Context<'_, S> {
    pub(super) fn success_share(&self) -> Built {
        // A service that nobody visits has no share of success.
        let is_shown = |counts: &OutcomeCounts| {
            counts.kind == "requests" || counts.kind == "service" && counts.succeeded + counts.failed() > 0
        };
        let (outcomes, hidden) = self.outcomes(is_shown);
        let causes = frequent_causes(&outcomes);
        let rows = outcomes.iter().map(|counts| self.row(counts, sizes(counts, &causes))).collect();
        let x = Axis { title: self.texts.word("share"), unit: Unit::Share, range: (0.0, 1.0) };
        let mut chart = StackedBars { x, parts: self.cause_parts(&causes), rows };
        drop_empty_last_part(&mut chart);
        (View::Bars(chart), self.hidden(hidden))
    }

    fn cause_parts(&self, causes: &[&'static str]) -> Vec<Part> {
        let part = |name, colour| Part { name, colour, ..Part::default() };
        let cause = |(index, cause): (usize, &&str)| part(self.texts.cause(cause), index + 1);
        let causes = causes.iter().enumerate().map(cause);
        let success = part(self.texts.word("succeeded"), 0);
        let other = part(self.texts.word("other"), OTHER);
        [success].into_iter().chain(causes).chain([other]).collect()
    }

    /// Where the time goes: a bar for all requests and for each service, as long as its mean latency.
    pub(super) fn time_in(&self) -> Built {
        let (outcomes, hidden) = self.outcomes(|counts| counts.kind != "instance" && counts.succeeded > 0);
        let mut parts = Vec::new();
        let mut rows: Vec<BarRow> = outcomes.iter().map(|counts| self.row(counts, Vec::new())).collect();
        for phase in Phase::ALL {
            let mean = |counts: &OutcomeCounts| {
                counts.time_in.iter().find(|(name, _)| *name == phase.name()).map_or(0.0, |(_, seconds)| *seconds)
            };
            if outcomes.iter().all(|counts| mean(counts) <= 0.0) {
                continue;
            }
            let (colour, faint) = phase_colour(phase);
            parts.push(Part { name: self.texts.phase(phase.name()), colour, faint, hidden: false });
            for (row, counts) in rows.iter_mut().zip(&outcomes) {
                row.sizes.push(mean(counts));
            }
        }
        let x = Axis { title: self.texts.word("mean_time"), unit: Unit::Seconds, range: (0.0, 1.0) };
        (View::Bars(StackedBars { x, parts, rows }), self.hidden(hidden))
    }

    pub(super) fn load_share(&self) -> Built {
        let (outcomes, hidden) = self.outcomes(|counts| counts.kind == "instance");
        let row = |counts: &OutcomeCounts| self.row(counts, vec![counts.succeeded as f64, counts.failed() as f64]);
        let rows = outcomes.iter().map(row).collect();
        let x = Axis { title: self.texts.word("visits"), unit: Unit::Number, range: (0.0, 1.0) };
        let part = |(colour, word): (usize, &str)| Part { name: self.texts.word(word), colour, ..Part::default() };
        let parts = [(0, "succeeded"), (1, "failed")].into_iter().map(part).collect();
        (View::Bars(StackedBars { x, parts, rows }), self.hidden(hidden))
    }

    /// Outcomes to be shown as bars, and how many more there are than fit.
    fn outcomes(&self, is_shown: impl Fn(&OutcomeCounts) -> bool) -> (Vec<OutcomeCounts>, usize) {
        let mut outcomes = self.source.outcomes();
        outcomes.retain(is_shown);
        let hidden = outcomes.len().saturating_sub(MAX_BARS);
        outcomes.truncate(MAX_BARS);
        (outcomes, hidden)
    }

    fn row(&self, counts: &OutcomeCounts, sizes: Vec<f64>) -> BarRow {
        let is_all = counts.kind == "requests";
        BarRow { name: if is_all { self.texts.word("all_requests") } else { counts.name.clone() }, sizes }
    }
}

/// Colour of a phase, and whether it is faint. Ten phases share eight colours: a login is processing too, and who calls
/// waits as the network does.
fn phase_colour(phase: Phase) -> (usize, bool) {
    match phase {
        Phase::Processing => (0, false),
        Phase::Auth => (0, true),
        Phase::Retries => (1, false),
        Phase::Database => (2, false),
        Phase::Broker => (3, false),
        Phase::Queueing => (4, false),
        Phase::Cache => (5, false),
        Phase::Handshakes => (6, false),
        Phase::Network => (7, false),
        Phase::Calls => (7, true),
    }
}

/// The most frequent causes, in the order of their names, so that colours rarely change while a run goes on.
fn frequent_causes(outcomes: &[OutcomeCounts]) -> Vec<&'static str> {
    let mut kept: Vec<(&'static str, u64)> = Vec::new();
    for &(cause, count) in outcomes.iter().flat_map(|counts| &counts.failures).filter(|(_, count)| *count > 0) {
        let at = kept.partition_point(|(other, _)| *other < cause);
        match kept.get_mut(at) {
            Some((other, sum)) if *other == cause => *sum += count,
            _ => kept.insert(at, (cause, count)),
        }
    }
    while kept.len() > MAX_CAUSES {
        // The last one of the rarest.
        let rarest = kept.iter().enumerate().rev().min_by_key(|(_, (_, count))| *count);
        let position = rarest.map_or(0, |(position, _)| position);
        kept.remove(position);
    }
    kept.into_iter().map(|(cause, _)| cause).collect()
}

/// Successes, failures of each cause, failures of all other causes.
fn sizes(counts: &OutcomeCounts, causes: &[&'static str]) -> Vec<f64> {
    let of = |cause: &str| counts.failures.iter().find(|(other, _)| *other == cause).map_or(0, |(_, count)| *count);
    let named: Vec<u64> = causes.iter().map(|cause| of(cause)).collect();
    let other = counts.failed() - named.iter().sum::<u64>();
    [counts.succeeded].into_iter().chain(named).chain([other]).map(|count| count as f64).collect()
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
