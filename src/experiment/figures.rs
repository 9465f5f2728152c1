//! A report as a list of numbers with dotted names: `requests.latency.p99`, `services.Shop.success_ratio`.
//!
//! The names are those of the report. Which there are depends on the system alone, not on what happened in the run:
//! causes of failure that did not occur are there with 0, and a figure that does not exist (the mean of nothing) is NaN.

use std::collections::BTreeMap;

use crate::{
    config::schema::Named,
    model::request::Cause,
    report::{
        Auth, Broker, Cache, DbCluster, Instance, Latency, Level, Network, Node, Queue, Report, Requests, Service,
    },
};

/// Names of all figures of a report, in the order of [`values`].
pub fn names(report: &Report) -> Vec<String> {
    let mut walk = Walk { path: String::new(), names: Some(Vec::new()), values: Vec::new() };
    report.walk(&mut walk);
    walk.names.unwrap_or_default()
}

/// All figures of a report.
pub fn values(report: &Report) -> Vec<f64> {
    let mut walk = Walk { path: String::new(), names: None, values: Vec::new() };
    report.walk(&mut walk);
    walk.values
}

/// A walk through a report. Names are made only if they are wanted: every replication has the same ones.
struct Walk {
    path: String,
    names: Option<Vec<String>>,
    values: Vec<f64>,
}

impl Walk {
    fn put(&mut self, name: &str, value: f64) {
        self.values.push(value);
        let length = self.path.len();
        if self.names.is_some() {
            self.go_to(name);
        }
        if let Some(names) = &mut self.names {
            names.push(self.path.clone());
        }
        self.path.truncate(length);
    }

    fn count(&mut self, name: &str, count: u64) {
        self.put(name, count as f64);
    }

    fn maybe(&mut self, name: &str, value: Option<f64>) {
        self.put(name, value.unwrap_or(f64::NAN));
    }

    fn inside(&mut self, name: &str, part: &dyn Figures) {
        let length = self.path.len();
        if self.names.is_some() {
            self.go_to(name);
        }
        part.walk(self);
        self.path.truncate(length);
    }

    fn go_to(&mut self, name: &str) {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(name);
    }
}

/// A part of the report.
trait Figures {
    fn walk(&self, walk: &mut Walk);
}

impl<T: Figures> Figures for Named<T> {
    fn walk(&self, walk: &mut Walk) {
        self.iter().for_each(|(name, part)| walk.inside(name, part));
    }
}

/// Failures by cause, of which the report has only those that occurred.
struct Failures<'a>(&'a BTreeMap<&'static str, u64>);

impl Figures for Failures<'_> {
    fn walk(&self, walk: &mut Walk) {
        for name in Cause::ALL.map(Cause::name) {
            walk.count(name, self.0.get(name).copied().unwrap_or(0));
        }
    }
}

/// Mean times by phase.
struct Times<'a>(&'a BTreeMap<&'static str, f64>);

impl Figures for Times<'_> {
    fn walk(&self, walk: &mut Walk) {
        self.0.iter().for_each(|(name, seconds)| walk.put(name, *seconds));
    }
}

/// Lists the figures of a part: counts, numbers, numbers that may be missing, and parts of it.
macro_rules! figures {
    ($type:ty { $($kind:ident: $($field:ident),+;)+ }) => {
        impl Figures for $type {
            fn walk(&self, walk: &mut Walk) {
                $($(figures!(@$kind walk, self, $field);)+)+
            }
        }
    };
    (@counts $walk:ident, $self:ident, $field:ident) => { $walk.count(stringify!($field), $self.$field) };
    (@numbers $walk:ident, $self:ident, $field:ident) => { $walk.put(stringify!($field), $self.$field) };
    (@maybe $walk:ident, $self:ident, $field:ident) => { $walk.maybe(stringify!($field), $self.$field) };
    (@maybe_counts $walk:ident, $self:ident, $field:ident) => {
        $walk.maybe(stringify!($field), $self.$field.map(|count| count as f64))
    };
    (@parts $walk:ident, $self:ident, $field:ident) => { $walk.inside(stringify!($field), &$self.$field) };
    (@failures $walk:ident, $self:ident, $field:ident) => {
        $walk.inside(stringify!($field), &Failures(&$self.$field))
    };
    (@times $walk:ident, $self:ident, $field:ident) => { $walk.inside(stringify!($field), &Times(&$self.$field)) };
}

figures!(Report {
    numbers: simulated_seconds, warm_up_seconds;
    counts: events;
    parts: requests, services, auth, db_clusters, caches, brokers, network;
});
figures!(Latency {
    counts: count;
    maybe: mean, p50, p95, p99, min, max;
});
figures!(Level {
    numbers: now, mean, max;
});
figures!(Requests {
    counts: total, succeeded, failed;
    maybe: success_ratio;
    numbers: rps, goodput;
    counts: in_flight, attempts, retries, timeouts;
    parts: latency;
    times: time_in;
    failures: failures;
});
figures!(Service {
    counts: total, succeeded, failed;
    maybe: success_ratio;
    numbers: rps;
    parts: latency;
    times: time_in;
    numbers: utilisation, availability, availability_any;
    failures: failures;
    parts: instances;
});
figures!(Instance {
    counts: total, succeeded, failed;
    parts: latency;
    numbers: utilisation;
    parts: queue;
    numbers: availability;
    counts: outages;
    failures: failures;
});
figures!(Auth {
    counts: succeeded, failed, rejected;
});
figures!(DbCluster {
    counts: reads, writes, failed, acknowledged_writes, failovers, lost_writes, stale_reads;
    numbers: unavailable_seconds, availability;
    parts: latency, replication_lag, nodes;
});
figures!(Node {
    counts: outages;
    numbers: availability;
    counts: operations, failed;
    parts: latency;
    numbers: utilisation;
    parts: queue;
    counts: lag_writes;
    numbers: lag_seconds;
    parts: lag;
    counts: applied_writes;
});
figures!(Cache {
    counts: hits, misses, failed;
    maybe: hit_ratio;
    counts: outages;
    numbers: availability;
    parts: latency;
    maybe_counts: keys;
});
figures!(Broker {
    counts: outages;
    numbers: availability;
    counts: broker_messages_sent, broker_messages_failed;
    maybe: broker_avg_latency;
    parts: broker_queue_sizes, publish_latency, queues;
});
figures!(Queue {
    counts: sent, failed, consumed, dropped, redelivered, unacknowledged;
    parts: size, delivery;
    numbers: consumer_utilisation;
});
figures!(Network {
    parts: tcp, tls;
    counts: retransmissions;
});
