//! From the figures of a run to charts.

mod bars;
mod custom;
mod heat;
mod histograms;
mod lines;
mod strip;

use super::{
    axis::Axis,
    chart::{Chart, View},
    kind::ChartKind,
    number::Unit,
    source::Source,
    texts::Texts,
};
use crate::simulation::ComponentState;

/// Which part of a chart to show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Part of the axis of time, in seconds; without it, the run so far.
    pub zoom: Option<(f64, f64)>,
    /// Names of entries of the legend that are not to be drawn.
    pub hidden: Vec<String>,
    /// Names of the time series of a [`ChartKind::Custom`]. The first twelve are drawn; a remark in the legend says how
    /// many more there are.
    pub series: Vec<String>,
}

/// A chart asks for a time series that the run does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no series named \"{0}\"")]
pub struct UnknownSeries(pub String);

/// Builds a chart of the run so far.
pub fn build(kind: ChartKind, source: &impl Source, texts: &Texts) -> Chart {
    Context { source, baseline: None, texts }.build(kind, &[])
}

/// Builds a part of a chart, with another run behind it.
///
/// The other run's lines are drawn behind those of the same name, and its histograms as outlines; axes cover both. Bars,
/// strips and heat maps are of this run alone.
///
/// # Errors
/// If a chart of chosen time series names one that there is not.
pub fn build_selected<S: Source>(
    kind: ChartKind,
    source: &S,
    baseline: Option<&S>,
    texts: &Texts,
    selection: &Selection,
) -> Result<Chart, UnknownSeries> {
    let series: &[String] = if kind == ChartKind::Custom { &selection.series } else { &[] };
    if let Some(unknown) = series.iter().find(|name| source.series(name).is_none()) {
        return Err(UnknownSeries(unknown.clone()));
    }
    let mut chart = Context { source, baseline, texts }.build(kind, series);
    chart.zoom = selection.zoom;
    chart.hide(&selection.hidden);
    Ok(chart)
}

/// Whether the system has no part that could be shown, so that waiting for data would be in vain.
fn nothing_of_the_kind(view: &View) -> bool {
    match view {
        View::Lines(chart) => chart.lines.is_empty(),
        View::Histogram(chart) => chart.samples.is_empty(),
        View::Bars(_) | View::Strip(_) | View::Heat(_) => false,
    }
}

/// Name of a time series of a component.
fn series_name(component: &ComponentState, measure: &str) -> String {
    let ComponentState { name, group, .. } = component;
    match component.kind {
        "instance" => format!("services.{group}.instances.{name}.{measure}"),
        "node" => format!("db_clusters.{group}.nodes.{name}.{measure}"),
        "cache" => format!("caches.{name}.{measure}"),
        _ if name != group => format!("brokers.{group}.nodes.{name}.{measure}"),
        _ => format!("brokers.{name}.{measure}"),
    }
}

/// What every builder needs.
struct Context<'a, S: Source> {
    source: &'a S,
    /// Another run, to be drawn behind it.
    baseline: Option<&'a S>,
    texts: &'a Texts,
}

/// A view, and remarks about what it does not show.
type Built = (View, Vec<String>);

impl<S: Source> Context<'_, S> {
    fn build(&self, kind: ChartKind, series: &[String]) -> Chart {
        let texts = self.texts;
        let (view, remarks) = self.view(kind, series);
        let no_data = match kind {
            ChartKind::Custom if series.is_empty() => "nothing_chosen",
            _ if nothing_of_the_kind(&view) => "nothing",
            _ => "no_data",
        };
        Chart {
            kind,
            title: texts.title(kind),
            view,
            zoom: None,
            remarks,
            no_data: texts.word(no_data),
            baseline_of: texts.word("baseline_of"),
            headings: ["name", "from", "to"].map(|word| texts.word(word)),
            units: texts.units.clone(),
        }
    }

    fn view(&self, kind: ChartKind, series: &[String]) -> Built {
        match kind {
            ChartKind::Rps => self.rps(),
            ChartKind::LatencyHistogram => self.latency_histogram(),
            ChartKind::ResponsePercentiles => self.response_percentiles(),
            ChartKind::LatencyPercentiles => self.latency_percentiles(),
            ChartKind::LatencyHeatMap => self.latency_heat_map(),
            ChartKind::TimeIn => self.time_in(),
            ChartKind::Availability => self.availability(),
            ChartKind::Custom => self.custom(series),
            ChartKind::SuccessShare => self.success_share(),
            ChartKind::ServiceLatency => self.service_latency(),
            ChartKind::Load => self.load(),
            ChartKind::LoadShare => self.load_share(),
            ChartKind::QueueLength => self.queue_length(),
            ChartKind::Failures => self.failures(),
            ChartKind::Handshakes => self.handshakes(),
            ChartKind::Logins => self.logins(),
            ChartKind::DatabaseLatency => self.nodes("latency_mean", "operation_time", Unit::Seconds),
            ChartKind::ReplicationLag => self.nodes("lag_writes", "writes_behind", Unit::Number),
            ChartKind::CacheHitRatio => self.cache_hit_ratio(),
            ChartKind::BrokerDelay => self.broker_delay(),
            ChartKind::BrokerDelivery => self.broker_delivery(),
            ChartKind::BrokerQueues => self.broker_queues(),
        }
    }

    /// The axis of time: the run so far, and that of the other run.
    fn time_axis(&self) -> Axis {
        let end = self.source.now().max(self.baseline.map_or(0.0, Source::now));
        Axis::from_zero(self.texts.word("time"), Unit::Seconds, end)
    }

    /// The remark that so many things are not shown.
    fn hidden(&self, number: usize) -> Vec<String> {
        if number > 0 { vec![self.texts.count("more", number)] } else { Vec::new() }
    }

    /// Names of the groups of components of a kind (services of instances, clusters of nodes), in order.
    fn groups(&self, kind: &str) -> Vec<String> {
        let mut groups: Vec<String> = Vec::new();
        for component in self.source.components() {
            if component.kind == kind && !groups.contains(&component.group) {
                groups.push(component.group);
            }
        }
        groups
    }

    /// Names of queues with those of their brokers.
    fn queues(&self) -> Vec<(String, String)> {
        let brokers = &self.source.config().brokers;
        let queues = brokers.iter().flat_map(|(broker, config)| config.queues.keys().map(move |queue| (broker, queue)));
        queues.map(|(broker, queue)| (broker.clone(), queue.clone())).collect()
    }
}
