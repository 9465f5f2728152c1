//! Charts of lines over time.

use crate::{
    chart::{
        axis::Axis,
        chart::View,
        line_chart::{Line, LineChart},
        number::Unit,
        source::Source,
        style::PALETTE_SIZE,
    },
    simulation::{ComponentState, Series},
};

use super::{Built, Context, series_name};

/// More lines than this nobody can tell apart: the palette once in full, and half of it again with dashes.
const MAX_LINES: usize = PALETTE_SIZE + PALETTE_SIZE / 2;

/// A line to be: its name and that of its series.
pub(super) struct Wanted {
    name: String,
    series: String,
    /// What the series' values are divided by.
    per: f64,
}

impl Wanted {
    pub(super) fn new(name: impl Into<String>, series: impl Into<String>) -> Self {
        Self { name: name.into(), series: series.into(), per: 1.0 }
    }

    /// The points of the line in a run.
    fn points(&self, source: &impl Source) -> Vec<(f64, f64)> {
        let mut points = source.series(&self.series).map_or_else(Vec::new, |series| points(&series, source.now()));
        if self.per != 1.0 {
            for (_, value) in &mut points {
                *value /= self.per;
            }
        }
        points
    }
}

impl<S: Source> Context<'_, S> {
    pub(super) fn rps(&self) -> Built {
        let words = ["succeeded", "failed", "offered"];
        let wanted = words.map(|word| Wanted::new(self.texts.word(word), format!("requests.{word}")));
        let (mut chart, remarks) = self.lines(&wanted, "per_second", Unit::Number);
        for (line, (filled, colour)) in chart.lines.iter_mut().zip([(true, 0), (true, 1), (false, 7)]) {
            (line.filled, line.colour) = (filled, colour);
        }
        (View::Lines(chart), remarks)
    }

    pub(super) fn latency_percentiles(&self) -> Built {
        self.percentiles("latency", ["p50", "p95", "p99"])
    }

    pub(super) fn response_percentiles(&self) -> Built {
        self.percentiles("response", ["p50", "p99", "p999"])
    }

    fn percentiles(&self, what: &str, words: [&str; 3]) -> Built {
        let wanted = words.map(|word| Wanted::new(self.texts.word(word), format!("requests.{what}_{word}")));
        let (mut chart, remarks) = self.lines(&wanted, "response_time", Unit::Seconds);
        // The same colours as the marks of the histogram.
        for (line, colour) in chart.lines.iter_mut().zip([0, 4, 1]) {
            line.colour = colour;
        }
        (View::Lines(chart), remarks)
    }

    pub(super) fn service_latency(&self) -> Built {
        let services = self.groups("instance");
        let wanted = services.iter().map(|name| Wanted::new(name, format!("services.{name}.latency_mean")));
        self.built(&wanted.collect::<Vec<_>>(), "response_time", Unit::Seconds)
    }

    /// Of a service the number of instances that are up is recorded; the share makes services comparable.
    pub(super) fn availability(&self) -> Built {
        let components = self.source.components();
        let instances = |service: &str| {
            components.iter().filter(|component| component.kind == "instance" && component.group == service).count()
        };
        let wanted =
            |name: &String| Wanted { per: instances(name) as f64, ..Wanted::new(name, format!("services.{name}.up")) };
        let wanted: Vec<Wanted> = self.groups("instance").iter().map(wanted).collect();
        self.built(&wanted, "instances_up", Unit::Share)
    }

    pub(super) fn load(&self) -> Built {
        let wanted = self.members(|component| component.kind == "instance", "busy");
        self.built(&wanted, "requests_in_process", Unit::Number)
    }

    /// Instances and database nodes: where a cache is out, it is at the database that requests wait.
    /// Those with any number of workers are left out, as nobody ever waits there.
    pub(super) fn queue_length(&self) -> Built {
        let can_queue = |component: &ComponentState| matches!(component.kind, "instance" | "node");
        let wanted = self.members(|component| can_queue(component) && component.capacity.is_some(), "queue");
        self.built(&wanted, "requests_waiting", Unit::Number)
    }

    pub(super) fn nodes(&self, measure: &str, title: &str, unit: Unit) -> Built {
        let wanted = self.members(|component| component.kind == "node", measure);
        self.built(&wanted, title, unit)
    }

    pub(super) fn logins(&self) -> Built {
        let words = [("login_succeeded", "succeeded"), ("login_failed", "failed"), ("rejected", "rejected")];
        let wanted = words.map(|(word, series)| Wanted::new(self.texts.word(word), format!("auth.{series}")));
        self.built(&wanted, "per_second", Unit::Number)
    }

    pub(super) fn cache_hit_ratio(&self) -> Built {
        let wanted = self.members(|component| component.kind == "cache", "hit_ratio");
        self.built(&wanted, "hit_ratio", Unit::Share)
    }

    pub(super) fn broker_queues(&self) -> Built {
        let queues = self.queues();
        let single = self.source.config().brokers.len() == 1;
        let wanted = queues.iter().map(|(broker, queue)| {
            let name = if single { queue.clone() } else { format!("{broker}: {queue}") };
            Wanted::new(name, format!("brokers.{broker}.queues.{queue}.size"))
        });
        self.built(&wanted.collect::<Vec<_>>(), "messages_waiting", Unit::Number)
    }

    /// A line for each component that is wanted.
    ///
    /// Groups take turns, so that where there are too many lines each group is seen at least.
    fn members(&self, is_wanted: impl Fn(&ComponentState) -> bool, measure: &str) -> Vec<Wanted> {
        let components = self.source.components();
        let mut members: Vec<(usize, &ComponentState)> = Vec::new();
        for component in components.iter().filter(|component| is_wanted(component)) {
            let last = members.iter().rev().find(|(_, other)| other.group == component.group);
            members.push((last.map_or(0, |(turn, _)| turn + 1), component));
        }
        if members.len() > MAX_LINES {
            members.sort_by_key(|(turn, _)| *turn);
        }
        let wanted = members.iter().map(|(_, component)| Wanted::new(&component.name, series_name(component, measure)));
        wanted.collect()
    }

    pub(super) fn built(&self, wanted: &[Wanted], title: &str, unit: Unit) -> Built {
        let (chart, remarks) = self.lines(wanted, title, unit);
        (View::Lines(chart), remarks)
    }

    /// The remark that some lines are not to be seen for want of values.
    fn without_values(&self, chart: &LineChart) -> Option<String> {
        let names = chart.without_values();
        let more = if names.len() > MAX_NAMED { ", …" } else { "" };
        let named = names[..names.len().min(MAX_NAMED)].join(", ");
        (!names.is_empty()).then(|| self.texts.count("no_values", named + more))
    }

    fn lines(&self, wanted: &[Wanted], title: &str, unit: Unit) -> (LineChart, Vec<String>) {
        let shown = wanted.iter().take(MAX_LINES).enumerate().map(|(index, wanted)| Line {
            name: wanted.name.clone(),
            points: wanted.points(self.source),
            baseline: self.baseline.map_or_else(Vec::new, |baseline| wanted.points(baseline)),
            colour: index % PALETTE_SIZE,
            dashed: index >= PALETTE_SIZE,
            ..Line::default()
        });
        let y = Axis { title: self.texts.word(title), unit, range: (0.0, 1.0) };
        let chart = LineChart { x: self.time_axis(), y, lines: shown.collect() };
        let mut remarks = self.hidden(wanted.len().saturating_sub(MAX_LINES));
        remarks.extend(self.without_values(&chart));
        (chart, remarks)
    }
}

/// So many lines without values are named.
const MAX_NAMED: usize = 3;

/// A point in the middle of each window; the last window ends now.
fn points(series: &Series, now: f64) -> Vec<(f64, f64)> {
    let point = |(index, value): (usize, &f64)| {
        let start = series.start + index as f64 * series.width;
        let end = if now > start { (start + series.width).min(now) } else { start + series.width };
        ((start + end) / 2.0, *value)
    };
    series.values.iter().enumerate().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_in_the_middle_of_windows() {
        let series = Series { start: 10.0, width: 2.0, values: vec![1.0, f64::NAN, 3.0] };
        let points = points(&series, 15.0);
        assert_eq!((points[0], points[1].0, points[2]), ((11.0, 1.0), 13.0, (14.5, 3.0)));
    }
}
