//! The report as text for people: at most 100 columns.

use std::collections::BTreeMap;

use super::table::{Table, wrapped};
use crate::{
    chart::{Scale, Unit, Units},
    report::{Broker, DbCluster, Latency, Report, Requests, Service},
};

/// The report as text.
pub fn summary(report: &Report, title: &str) -> String {
    let sections = [
        head(report, title),
        requests(report),
        services(report),
        instances(report),
        clusters(report),
        nodes(report),
        caches(report),
        brokers(report),
        queues(report),
    ];
    sections.into_iter().filter(|section| !section.is_empty()).collect::<Vec<_>>().join("\n")
}

fn head(report: &Report, title: &str) -> String {
    let name = [report.scenario.as_str(), title].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let name = if name.is_empty() { String::new() } else { format!("{}\n", name.join(": ")) };
    let warm_up = match report.warm_up_seconds {
        0.0 => String::new(),
        seconds => format!(", the first {} not counted", time(Some(seconds))),
    };
    let Report { simulated_seconds, seed, events, .. } = report;
    format!("{name}{} simulated{warm_up}, seed {seed}, {events} events\n", time(Some(*simulated_seconds)))
}

fn requests(report: &Report) -> String {
    let requests = &report.requests;
    let mut lines = vec![
        ("total", vec![requests.total.to_string(), format!("{} per second", number(requests.rps))]),
        ("succeeded", vec![requests.succeeded.to_string(), share(requests.success_ratio)]),
        ("failed", vec![requests.failed.to_string(), share(requests.success_ratio.map(|ratio| 1.0 - ratio))]),
        ("by cause", counts(&requests.failures)),
        ("latency", latency(&requests.latency)),
        ("time in", time_in(requests)),
        ("clients", clients(requests)),
        ("in flight", vec![requests.in_flight.to_string()]),
        ("handshakes", handshakes(report)),
    ];
    let auth = &report.auth;
    if auth.succeeded + auth.failed + auth.rejected > 0 {
        let logins = [("succeeded", auth.succeeded), ("failed", auth.failed), ("requests rejected", auth.rejected)];
        lines.push(("logins", logins.iter().map(|(word, count)| format!("{count} {word}")).collect()));
    }
    let lines = lines.iter().filter(|(_, parts)| !parts.is_empty());
    lines.fold("Requests\n".to_string(), |text, (name, parts)| text + &wrapped(name, 12, parts))
}

/// Where the time went, the largest part first.
fn time_in(requests: &Requests) -> Vec<String> {
    let mut parts: Vec<_> = requests.time_in.iter().filter(|(_, seconds)| **seconds > 0.0).collect();
    parts.sort_by(|a, b| b.1.total_cmp(a.1));
    parts.into_iter().map(|(part, seconds)| format!("{} {}", part.replace('_', " "), time(Some(*seconds)))).collect()
}

fn clients(requests: &Requests) -> Vec<String> {
    if requests.retries == 0 && requests.timeouts == 0 {
        return Vec::new();
    }
    let parts = [("attempts", requests.attempts), ("retries", requests.retries), ("timeouts", requests.timeouts)];
    parts.iter().map(|(word, count)| format!("{count} {word}")).collect()
}

fn handshakes(report: &Report) -> Vec<String> {
    let kinds = [("TCP", &report.network.tcp), ("TLS", &report.network.tls)];
    let kinds = kinds.iter().filter(|(_, sample)| sample.count > 0);
    kinds.map(|(word, sample)| format!("{word} mean {} (max {})", time(sample.mean), time(sample.max))).collect()
}

fn services(report: &Report) -> String {
    let head = ["", "visits", "success", "per s", "mean", "p95", "p99", "busy", "up"];
    let mut table = Table::new(&head);
    for (name, service) in report.services.iter() {
        let Service { total, success_ratio, rps, latency, utilisation, availability, .. } = service;
        let mut row = vec![name.into(), total.to_string(), share(*success_ratio), number(*rps)];
        row.extend([time(latency.mean), time(latency.p95), time(latency.p99)]);
        row.extend([number(*utilisation), share(Some(*availability))]);
        table.row(row);
    }
    let failures = report.services.iter().map(|(name, service)| (name, counts(&service.failures)));
    let failures: Vec<_> = failures.filter(|(_, counts)| !counts.is_empty()).collect();
    let width = failures.iter().map(|(name, _)| name.chars().count().min(30)).max().unwrap_or(0);
    let causes: String = failures.iter().map(|(name, counts)| wrapped(name, width, counts)).collect();
    let causes = if causes.is_empty() { causes } else { format!("\nFailed visits by cause\n{causes}") };
    section("Services", &table) + &causes
}

fn instances(report: &Report) -> String {
    let mut table = Table::new(&["", "visits", "failed", "mean", "p99", "busy", "queue", "outages", "up", "now"]);
    for (name, instance) in report.services.iter().flat_map(|(_, service)| service.instances.iter()) {
        table.row(vec![
            name.into(),
            instance.total.to_string(),
            instance.failed.to_string(),
            time(instance.latency.mean),
            time(instance.latency.p99),
            number(instance.utilisation),
            number(instance.queue.mean),
            instance.outages.to_string(),
            share(Some(instance.availability)),
            instance.state.into(),
        ]);
    }
    section("Instances", &table)
}

fn clusters(report: &Report) -> String {
    let head = ["", "reads", "writes", "failed", "mean", "p99", "failovers", "lost", "stale", "unavailable"];
    let mut table = Table::new(&head);
    for (name, cluster) in report.db_clusters.iter() {
        let DbCluster { reads, writes, failed, failovers, lost_writes, stale_reads, .. } = cluster;
        let mut row = vec![name.into(), reads.to_string(), writes.to_string(), failed.to_string()];
        row.extend([time(cluster.latency.mean), time(cluster.latency.p99)]);
        row.extend([failovers, lost_writes, stale_reads].map(u64::to_string));
        row.push(time(Some(cluster.unavailable_seconds)));
        table.row(row);
    }
    section("Database clusters", &table)
}

fn nodes(report: &Report) -> String {
    let head = ["", "role", "operations", "failed", "mean", "busy", "behind", "outages", "up", "now"];
    let mut table = Table::new(&head);
    for (name, node) in report.db_clusters.iter().flat_map(|(_, cluster)| cluster.nodes.iter()) {
        table.row(vec![
            name.into(),
            node.role.into(),
            node.operations.to_string(),
            node.failed.to_string(),
            time(node.latency.mean),
            number(node.utilisation),
            number(node.lag.mean),
            node.outages.to_string(),
            share(Some(node.availability)),
            node.state.replace('_', " "),
        ]);
    }
    section("Database nodes", &table)
}

fn caches(report: &Report) -> String {
    let mut table = Table::new(&["", "hits", "misses", "failed", "hit ratio", "mean", "outages", "up", "now"]);
    for (name, cache) in report.caches.iter() {
        let mut row = vec![name.into()];
        row.extend([cache.hits, cache.misses, cache.failed].map(|count| count.to_string()));
        row.extend([share(cache.hit_ratio), time(cache.latency.mean), cache.outages.to_string()]);
        row.extend([share(Some(cache.availability)), cache.state.into()]);
        table.row(row);
    }
    section("Caches", &table)
}

fn brokers(report: &Report) -> String {
    let mut table = Table::new(&["", "sent", "failed", "delay mean", "p95", "p99", "outages", "up", "now"]);
    for (name, broker) in report.brokers.iter() {
        let Broker { broker_messages_sent, broker_messages_failed, broker_avg_latency, publish_latency, .. } = broker;
        let mut row = vec![name.into(), broker_messages_sent.to_string(), broker_messages_failed.to_string()];
        row.extend([*broker_avg_latency, publish_latency.p95, publish_latency.p99].map(time));
        row.extend([broker.outages.to_string(), share(Some(broker.availability)), broker.state.into()]);
        table.row(row);
    }
    section("Brokers", &table)
}

fn queues(report: &Report) -> String {
    let head = ["", "consumed", "dropped", "redelivered", "waiting now", "mean", "max", "delivery mean", "p99", "busy"];
    let mut table = Table::new(&head);
    for (name, queue) in report.brokers.iter().flat_map(|(_, broker)| broker.queues.iter()) {
        let mut row = vec![name.into()];
        row.extend([queue.consumed, queue.dropped, queue.redelivered].map(|count| count.to_string()));
        row.extend([queue.size.now, queue.size.mean, queue.size.max].map(number));
        row.extend([time(queue.delivery.mean), time(queue.delivery.p99), share(Some(queue.consumer_utilisation))]);
        table.row(row);
    }
    section("Queues of messages", &table)
}

/// A table under its title, or nothing if it has no rows.
fn section(title: &str, table: &Table) -> String {
    if table.is_empty() { String::new() } else { format!("{title}\n{}", table.figures()) }
}

fn latency(latency: &Latency) -> Vec<String> {
    let Latency { mean, p50, p95, p99, max, .. } = latency;
    let figures = [("mean", mean), ("p50", p50), ("p95", p95), ("p99", p99), ("max", max)];
    figures.iter().map(|(word, figure)| format!("{word} {}", time(**figure))).collect()
}

/// Counts by cause, the most frequent first.
fn counts(causes: &BTreeMap<&'static str, u64>) -> Vec<String> {
    let mut causes: Vec<_> = causes.iter().filter(|(_, count)| **count > 0).collect();
    causes.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    causes.into_iter().map(|(cause, count)| format!("{count} {}", cause.replace('_', " "))).collect()
}

fn time(seconds: Option<f64>) -> String {
    let seconds = seconds.unwrap_or(f64::NAN);
    let text = Scale::new(Unit::Seconds, seconds, &Units::default()).rounded_whole(seconds);
    plain(&text)
}

fn share(ratio: Option<f64>) -> String {
    plain(&Scale::new(Unit::Share, 1.0, &Units::default()).with_step(ratio.unwrap_or(f64::NAN), 0.001))
}

fn number(value: f64) -> String {
    plain(&Scale::new(Unit::Number, value, &Units::default()).rounded_whole(value))
}

/// Without the spaces that do not break, which terminals and scripts do not expect. No figure is a dash, without unit.
fn plain(text: &str) -> String {
    if text.starts_with('–') { "–".into() } else { text.replace(['\u{a0}', '\u{202f}'], " ") }
}
