//! From the figures of a run to charts.

mod bars;
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

/// Builds a chart of the run so far.
pub fn build(kind: ChartKind, source: &impl Source, texts: &Texts) -> Chart {
    let context = Context { source, texts };
    let (view, remarks) = context.view(kind);
    let no_data = texts.word(if nothing_of_the_kind(&view) { "nothing" } else { "no_data" });
    Chart { kind, title: texts.title(kind), view, zoom: None, remarks, no_data, units: texts.units.clone() }
}

/// Whether the system has no part that could be shown, so that waiting for data would be in vain.
fn nothing_of_the_kind(view: &View) -> bool {
    match view {
        View::Lines(chart) => chart.lines.is_empty(),
        View::Histogram(chart) => chart.samples.is_empty(),
        View::Bars(_) | View::Strip(_) => false,
    }
}

/// Name of a time series of a component.
fn series_name(component: &ComponentState, measure: &str) -> String {
    let ComponentState { name, group, .. } = component;
    match component.kind {
        "instance" => format!("services.{group}.instances.{name}.{measure}"),
        "node" => format!("db_clusters.{group}.nodes.{name}.{measure}"),
        "cache" => format!("caches.{name}.{measure}"),
        _ => format!("brokers.{name}.{measure}"),
    }
}

/// What every builder needs.
struct Context<'a, S: Source> {
    source: &'a S,
    texts: &'a Texts,
}

/// A view, and remarks about what it does not show.
type Built = (View, Vec<String>);

impl<S: Source> Context<'_, S> {
    fn view(&self, kind: ChartKind) -> Built {
        match kind {
            ChartKind::Rps => self.rps(),
            ChartKind::LatencyHistogram => self.latency_histogram(),
            ChartKind::LatencyPercentiles => self.latency_percentiles(),
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

    /// The axis of time: the run so far.
    fn time_axis(&self) -> Axis {
        Axis::from_zero(self.texts.word("time"), Unit::Seconds, self.source.now())
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
        let queues = |(broker, config): (&str, &crate::config::schema::BrokerConfig)| {
            let broker = broker.to_string();
            config.queues.iter().map(move |(queue, _)| (broker.clone(), queue.to_string())).collect::<Vec<_>>()
        };
        brokers.iter().flat_map(queues).collect()
    }
}
