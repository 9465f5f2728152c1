//! Time series and histograms by name.

use std::collections::BTreeMap;

use crate::{
    model::{
        gauges::{Gauge, Of, What},
        topology::{BrokerId, CacheId, ClusterId, InstanceId, NodeId, QueueId, ServiceId, Topology},
        world::World,
    },
    stats::tally::Tally,
};

use super::{
    heat::{Bins, LatencyHeat},
    recent,
};

/// A time series: one value for each window of simulated time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Start of the first window, in seconds.
    pub start: f64,
    /// Width of a window, in seconds. The last one may be shorter.
    pub width: f64,
    /// Values; NaN where there is none (the mean latency of no requests).
    pub values: Vec<f64>,
}

/// Counts in bins of equal width.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Lower end of the first bin, in seconds.
    pub start: f64,
    /// Width of a bin, in seconds. The last bin takes all that is above.
    pub width: f64,
    /// Counts.
    pub counts: Vec<u64>,
}

/// How a series follows from recorded totals, given as numbers of columns.
#[derive(Clone, Copy, Debug)]
enum Formula {
    /// Growth per second.
    PerSecond(usize),
    /// Growth of one for each of another: a mean.
    Mean(usize, usize),
    /// Growth of one as a share of the growth of both: a hit ratio.
    Share(usize, usize),
    /// A quantile of the latencies, whose bins begin with that column.
    Quantile(usize, f64),
    /// The same of what succeeded and what failed together: the bins of the latter follow those of the former.
    Response(usize, f64),
    /// What retries and hedges make of the load along a chain of calls.
    Amplification,
    /// Growth of an integral per second, as a share of the instance's workers.
    Utilisation(usize, InstanceId),
}

/// All series of a system, by name.
#[derive(Clone, Debug)]
pub struct Catalogue {
    formulas: BTreeMap<String, Formula>,
    /// The first of the columns that count latencies by size.
    latency_bins: usize,
    /// What each column is of.
    gauges: Vec<Gauge>,
}

impl Catalogue {
    /// The series that a system offers.
    pub fn new(world: &World) -> Self {
        let gauges: Vec<Gauge> = world.gauges().into_iter().map(|(gauge, _)| gauge).collect();
        let is_first_bin = |gauge: &Gauge| gauge.what == What::LatencyBin(0);
        let latency_bins = gauges.iter().position(is_first_bin).unwrap_or(gauges.len());
        let mut all = BTreeMap::new();
        for (column, gauge) in gauges.iter().enumerate() {
            let prefix = prefix(world.topology(), gauge.of);
            let next_is = |what| gauges.get(column + 1) == Some(&Gauge { of: gauge.of, what });
            for (name, formula) in formulas(*gauge, column, next_is) {
                all.insert(format!("{prefix}{name}"), formula);
            }
        }
        Self { formulas: all, latency_bins, gauges }
    }

    /// The column of a gauge, if there is one.
    pub(super) fn column(&self, of: Of, what: What) -> Option<usize> {
        self.gauges.iter().position(|gauge| *gauge == Gauge { of, what })
    }

    /// The first of the columns that count latencies by size.
    pub(super) fn latency_bins(&self) -> usize {
        self.latency_bins
    }

    /// Names of all series, in order of the alphabet.
    pub fn names(&self) -> Vec<String> {
        self.formulas.keys().cloned().collect()
    }

    /// A series by name.
    pub fn series(&self, world: &World, name: &str) -> Option<Series> {
        let formula = *self.formulas.get(name)?;
        let recorder = world.recorder();
        let totals = world.gauge_values();
        let column = |column: usize| -> Vec<f64> { recorder.growth(column, totals[column]).collect() };
        let width = recorder.width().as_seconds();
        let windows = column(0).len();
        let start = recorder.start().as_seconds();
        let last = world.now().as_seconds() - start - width * (windows as f64 - 1.0);
        let seconds = |window: usize| if window + 1 == windows { last } else { width };
        let ratio = |a: Vec<f64>, b: Vec<f64>| a.into_iter().zip(b).map(|(a, b)| a / b).collect();
        let per_second = |of: usize| column(of).into_iter().enumerate().map(|(i, value)| value / seconds(i)).collect();
        let mut values: Vec<f64> = match formula {
            Formula::PerSecond(of) => per_second(of),
            Formula::Mean(sum, count) => ratio(column(sum), column(count)),
            Formula::Share(part, rest) => {
                let both = column(part).into_iter().zip(column(rest)).map(|(a, b)| a + b).collect();
                ratio(column(part), both)
            }
            Formula::Quantile(first, share) => Bins::new(world, first, 1, &totals).quantiles(share, windows),
            Formula::Amplification => recent::amplification(world, self, windows),
            Formula::Response(first, share) => Bins::new(world, first, 2, &totals).quantiles(share, windows),
            Formula::Utilisation(of, instance) => {
                let workers = f64::from(workers(world.topology(), instance));
                let busy: Vec<f64> = per_second(of);
                busy.into_iter().map(|value| value / workers).collect()
            }
        };
        // Figures of a window that has only begun would jump about.
        if last < width / 2.0 && windows > 1 || last <= 0.0 {
            values.pop();
        }
        Some(Series { start, width, values })
    }

    /// How many requests of each window took how long.
    pub fn latency_heat(&self, world: &World) -> LatencyHeat {
        Bins::new(world, self.latency_bins, 1, &world.gauge_values()).heat()
    }
}

fn workers(topology: &Topology, instance: InstanceId) -> u32 {
    topology.services[topology.instances[instance.index()].service.index()].workers.unwrap_or(1)
}

/// The series that follow from a gauge (and, for means and shares, from the one next to it).
fn formulas(gauge: Gauge, column: usize, next_is: impl Fn(What) -> bool) -> Vec<(&'static str, Formula)> {
    use Formula::{Amplification, Mean, PerSecond, Quantile, Response, Share, Utilisation};
    let per_second = |name| vec![(name, PerSecond(column))];
    match (gauge.what, gauge.of) {
        (What::Begun, _) => vec![("offered", PerSecond(column)), ("amplification", Amplification)],
        (What::Succeeded, _) => per_second("succeeded"),
        (What::Failed, _) => per_second("failed"),
        (What::Rejected, Of::Queue(_)) => per_second("rejected_by_consumer"),
        (What::Rejected, _) => per_second("rejected"),
        (What::Attempts, _) => per_second("attempts"),
        (What::Retries, _) => per_second("retries"),
        (What::GivenUp, _) => per_second("given_up"),
        (What::Refused, Of::Instance(_)) => per_second("not_admitted"),
        (What::Refused, _) => per_second("refused"),
        (What::Hedges, _) => per_second("hedges"),
        (What::BreakersOpen, _) => per_second("breakers_open"),
        (What::InFlight, _) => per_second("in_flight"),
        (What::Limit, _) => per_second("limit"),
        (What::Spans, of) if next_is(What::SpanSum) => {
            let mean = Mean(column + 1, column);
            match of {
                Of::Tcp | Of::Tls => vec![("", mean)],
                Of::Queue(_) => vec![("delivery_mean", mean)],
                Of::Broker(_) => vec![("latency_mean", mean), ("sent", PerSecond(column))],
                Of::Node(_) => vec![("latency_mean", mean), ("operations", PerSecond(column))],
                _ => vec![("latency_mean", mean)],
            }
        }
        (What::LatencyBin(0), _) => vec![
            ("latency_p50", Quantile(column, 0.5)),
            ("latency_p95", Quantile(column, 0.95)),
            ("latency_p99", Quantile(column, 0.99)),
            ("response_p50", Response(column, 0.5)),
            ("response_p99", Response(column, 0.99)),
            ("response_p999", Response(column, 0.999)),
        ],
        (What::Busy, Of::Instance(id)) => {
            vec![("busy", PerSecond(column)), ("utilisation", Utilisation(column, id))]
        }
        (What::Busy, _) => per_second("busy"),
        (What::Queue, Of::Queue(_)) => per_second("size"),
        (What::Queue, _) => per_second("queue"),
        (What::Up, Of::Cluster(_)) => per_second("available"),
        (What::Up, _) => per_second("up"),
        (What::Wanted, _) => per_second("replicas_wanted"),
        (What::Ready, _) => per_second("replicas_ready"),
        (What::Lag, _) => per_second("lag_writes"),
        (What::Reads, _) => per_second("reads"),
        (What::Writes, _) => per_second("writes"),
        (What::Failovers, _) => per_second("failovers"),
        (What::LostWrites, _) => per_second("lost_writes"),
        (What::StaleReads, _) => per_second("stale_reads"),
        (What::Hits, _) if next_is(What::Misses) => {
            vec![("hits", PerSecond(column)), ("hit_ratio", Share(column, column + 1))]
        }
        (What::Misses, _) => per_second("misses"),
        (What::Sent, _) => per_second("sent"),
        (What::Consumed, _) => per_second("consumed"),
        (What::Dropped, _) => per_second("dropped"),
        (What::Redelivered, _) => per_second("redelivered"),
        (What::Expired, _) => per_second("expired"),
        (What::Failures, _) => per_second("consumer_failures"),
        (What::OverLimit, _) => per_second("over_limit"),
        (What::DeadLetters, _) => per_second("dead_lettered"),
        (What::LostMessages, _) => per_second("lost_messages"),
        (What::Spans | What::SpanSum | What::LatencyBin(_) | What::VainBin(_) | What::Hits, _) => Vec::new(),
    }
}

fn prefix(topology: &Topology, of: Of) -> String {
    let service = |id: ServiceId| &topology.services[id.index()].name;
    let cluster = |id: ClusterId| &topology.clusters[id.index()].name;
    let broker = |id: BrokerId| &topology.brokers[id.index()].name;
    match of {
        Of::Requests => "requests.".to_owned(),
        Of::Auth => "auth.".to_owned(),
        Of::Tcp => "network.tcp".to_owned(),
        Of::Tls => "network.tls".to_owned(),
        Of::Service(id) => format!("services.{}.", service(id)),
        Of::Instance(id) => {
            let name = topology.component_name(topology.instance_component(id));
            format!("services.{}.instances.{name}.", service(topology.instances[id.index()].service))
        }
        Of::Cluster(id) => format!("db_clusters.{}.", cluster(id)),
        Of::Node(id) => {
            let name = topology.component_name(topology.node_component(id));
            format!("db_clusters.{}.nodes.{name}.", cluster(topology.nodes[id.index()].cluster))
        }
        Of::Cache(CacheId(id)) => format!("caches.{}.", topology.caches[id as usize].name),
        Of::Broker(id) => format!("brokers.{}.", broker(id)),
        Of::Member(id) => {
            let name = topology.component_name(topology.member_component(id));
            format!("brokers.{}.nodes.{name}.", broker(topology.members[id.index()].broker))
        }
        Of::Edge(id) => format!("edges.{}.", topology.edge_name(&topology.edges[id.index()])),
        Of::Queue(id) => {
            let queue = &topology.queues[id.index()];
            format!("brokers.{}.queues.{}.", broker(queue.broker), queue.name)
        }
    }
}

/// All samples of spans of time, by name.
pub fn tallies(world: &World) -> Vec<(String, &Tally)> {
    let name = |of, what: &str| format!("{}{what}", prefix(world.topology(), of));
    let mut all = vec![
        ("requests.latency".to_owned(), &world.totals().outcomes.latency),
        ("network.tcp".to_owned(), &world.network().tcp),
        ("network.tls".to_owned(), &world.network().tls),
    ];
    for (id, service) in world.services().iter().enumerate() {
        all.push((name(Of::Service(ServiceId(id as u32)), "latency"), &service.outcomes.latency));
    }
    for (id, instance) in world.instances().iter().enumerate() {
        all.push((name(Of::Instance(InstanceId(id as u32)), "latency"), &instance.outcomes.latency));
    }
    for (id, cluster) in world.clusters().iter().enumerate() {
        let of = Of::Cluster(ClusterId(id as u32));
        all.push((name(of, "latency"), &cluster.latency));
        all.push((name(of, "replication_lag"), &cluster.replication_lag));
    }
    for (id, node) in world.nodes().iter().enumerate() {
        all.push((name(Of::Node(NodeId(id as u32)), "latency"), &node.latency));
    }
    for (id, cache) in world.caches().iter().enumerate() {
        all.push((name(Of::Cache(CacheId(id as u32)), "latency"), &cache.latency));
    }
    for (id, broker) in world.brokers().iter().enumerate() {
        all.push((name(Of::Broker(BrokerId(id as u32)), "publish_latency"), &broker.latency));
    }
    for (id, queue) in world.queues().iter().enumerate() {
        all.push((name(Of::Queue(QueueId(id as u32)), "delivery"), &queue.delivery));
    }
    all
}

impl Histogram {
    /// A sample in so many bins, from its smallest value to its largest; but the highest thousandth
    /// may be squeezed into the last bin, lest a single straggler flatten all the rest.
    pub fn of(tally: &Tally, bins: usize) -> Self {
        let bins = bins.clamp(1, 1000);
        let (Some(min), Some(max)) = (tally.min(), tally.max()) else {
            return Self { start: 0.0, width: 1.0, counts: vec![0; bins] };
        };
        let most = tally.quantile(0.999).unwrap_or(max).max(min);
        let width = ((most - min) / bins as f64).max(1e-9);
        Self { start: min, width, counts: tally.bins(min, width, bins) }
    }
}
