//! The rows: one file for each kind of system.

mod admission;
mod availability;
mod holding;
mod networks;
mod patience;
mod policies;
mod priorities;
mod scalability;
mod stations;
mod storage;

use super::row::Row;
use crate::report::{DbCluster, Edge, Report, Service};

/// All rows, in the order in which they are shown.
pub fn rows() -> Vec<Row> {
    let mut rows = stations::rows();
    rows.extend(priorities::rows());
    rows.extend(scalability::rows());
    rows.extend(patience::rows());
    rows.extend(holding::rows());
    rows.extend(networks::rows());
    rows.extend(policies::rows());
    rows.extend(admission::rows());
    rows.extend(availability::rows());
    rows.extend(storage::rows());
    rows
}

/// A configuration: users of one group who ask one service named `Server`, which has these members (JSON).
struct System<'a> {
    /// Members of `arrivals`.
    arrivals: String,
    /// Further members of the group of users.
    users: &'a str,
    /// Members of the service.
    server: &'a str,
    /// Further services.
    services: &'a str,
    /// Further members of the configuration.
    more: &'a str,
}

impl<'a> System<'a> {
    /// Requests that come at random, so many a second.
    fn poisson(rate: f64, server: &'a str) -> Self {
        Self::new(format!(r#""poisson": {{ "rate": {rate} }}"#), server)
    }

    /// One request every so many seconds.
    fn regular(gap: f64, server: &'a str) -> Self {
        Self::new(format!(r#""gaps": {gap}"#), server)
    }

    fn new(arrivals: String, server: &'a str) -> Self {
        Self { arrivals, users: "", server, services: "", more: "" }
    }

    fn config(&self) -> String {
        let Self { arrivals, users, server, services, more } = self;
        let [users, services, more] =
            [users, services, more].map(|part| if part.is_empty() { String::new() } else { format!(", {part}") });
        format!(
            r#"{{ "users": {{ "clients": {{ "arrivals": {{ {arrivals} }}, "targets": {{ "Server": 1 }}{users} }} }},
                "services": {{ "Server": {{ {server} }}{services} }}{more} }}"#
        )
    }
}

/// Mean latency of requests.
fn mean_latency(report: &Report, _: f64) -> f64 {
    report.requests.latency.mean.unwrap_or(f64::NAN)
}

/// Mean wait for a worker or a connection.
fn mean_wait(report: &Report, _: f64) -> f64 {
    report.requests.time_in.get("queueing").copied().unwrap_or(f64::NAN)
}

/// A figure of a service; NaN if there is no such service.
fn of_service(report: &Report, name: &str, figure: fn(&Service) -> f64) -> f64 {
    report.services.get(name).map_or(f64::NAN, figure)
}

/// A figure of the service `Server`.
fn of_server(report: &Report, figure: fn(&Service) -> f64) -> f64 {
    of_service(report, "Server", figure)
}

/// Mean share of the workers of `Server` that are busy.
fn utilisation(report: &Report, _: f64) -> f64 {
    of_server(report, |server| server.utilisation)
}

/// Mean number of requests that wait for a worker of `Server`.
fn mean_queue(report: &Report, _: f64) -> f64 {
    of_server(report, |server| server.instances.iter().map(|(_, instance)| instance.queue.mean).sum())
}

/// A figure of the only edge with a policy; NaN if there is none.
fn of_edge(report: &Report, figure: fn(&Edge) -> f64) -> f64 {
    report.edges.iter().next().map_or(f64::NAN, |(_, edge)| figure(edge))
}

/// A figure of the only cluster; NaN if there is none.
fn of_cluster(report: &Report, figure: fn(&DbCluster) -> f64) -> f64 {
    report.db_clusters.iter().next().map_or(f64::NAN, |(_, cluster)| figure(cluster))
}

/// Share of requests that failed by a cause.
fn failed_by(report: &Report, cause: &str) -> f64 {
    share(report.requests.failures.get(cause).copied().unwrap_or(0), report)
}

/// A part of the requests, as a share.
fn share(part: u64, report: &Report) -> f64 {
    part as f64 / report.requests.total as f64
}
