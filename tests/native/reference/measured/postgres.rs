//! PostgreSQL with files in memory, where a local commit takes 0.5 ms at most, and PgBouncer.

use web_service_model::{
    reality::{Claim, Row, Run},
    report::Report,
};

use super::{Measured, look};

/// Users of a database that is asked without delay, and a patch of the cluster.
fn cluster(id: &'static str, title: &'static str, users: &str, cluster: &str) -> Row {
    let config = format!(
        r#"{{
            "duration": 60, "users": {users},
            "services": {{ "Api": {{ "service_time": 0, "database": {{ "name": "Pg" }} }} }},
            "db_clusters": {{ "Pg": {{ "replicas": 1, "operation": "0.5ms", "failover": {{ "strategy": "none" }} }} }}
        }}"#
    );
    Row::new(id, "PostgreSQL 15.18", title, config).but(format!(r#"{{ "db_clusters": {{ "Pg": {cluster} }} }}"#))
}

const IN_TURN: &str =
    r#"{ "u": { "arrivals": { "closed": { "users": 1, "think": 1e-6 } }, "targets": { "Api": 1 }, "read_share": 0 } }"#;

fn at_random(rate: f64) -> String {
    format!(
        r#"{{ "u": {{ "arrivals": {{ "poisson": {{ "rate": {rate} }} }}, "targets": {{ "Api": 1 }}, "read_share": 0 }} }}"#
    )
}

fn mean(run: &Run) -> f64 {
    run.report.requests.latency.mean.unwrap_or(f64::NAN)
}

fn lost_writes(run: &Run) -> f64 {
    run.cluster(|cluster| cluster.lost_writes as f64)
}

pub(super) fn rows() -> Vec<Row> {
    let levels = ["remote_write", "on", "remote_apply"].map(level);
    let any = [("ANY 1", 1), ("ANY 2", 2), ("ANY 3", 3)].map(|(name, k)| any(name, k));
    let mut rows = [levels.to_vec(), any.to_vec()].concat();
    rows.extend([first_1_killed(), first_1_parted()]);
    rows.extend(["local", "on", "remote_apply"].map(stale));
    rows.extend([off_loss(), max_connections(), query_wait_timeout()]);
    rows
}

fn level(name: &'static str) -> Row {
    let id = match name {
        "on" => "on of pg-a-commit-latency",
        "remote_write" => "remote_write of pg-a-commit-latency",
        _ => "remote_apply of pg-a-commit-latency",
    };
    let replication = format!(
        r#"{{ "replication": {{ "mode": "sync", "synchronous_commit": "{name}", "delay": "50ms", "delay_in": "wire",
            "apply_delay": "200ms", "replay": {{ "time": 0 }} }} }}"#
    );
    cluster(id, "A commit waits for a standby 50 ms away that applies 200 ms late", IN_TURN, &replication).once().claim(
        Claim::seconds(
            "a commit takes",
            Measured::of("pg-a-commit-latency").seconds(&format!("/{name}/mean_ms")),
            mean,
        ),
    )
}

/// Three standbys, to each of which a commit takes 50 ms on average, exponential, and no commit overtakes another one.
fn any(name: &'static str, k: u32) -> Row {
    let measured = Measured::of("pg-any-k-of-3");
    let id = ["ANY 1 of pg-any-k-of-3", "ANY 2 of pg-any-k-of-3", "ANY 3 of pg-any-k-of-3"][k as usize - 1];
    let replication = format!(
        r#"{{ "replicas": 3, "replication": {{ "mode": "sync", "synchronous_commit": "on", "delay_in": "wire",
            "synchronous_standby_names": "ANY {k} (1, 2, 3)", "delay": {{ "exponential": {{ "mean": 0.05 }} }} }} }}"#
    );
    let p95 = |run: &Run| run.report.requests.latency.p95.unwrap_or(f64::NAN);
    cluster(id, "ANY k of three standbys, each 50 ms away on average, exponential", IN_TURN, &replication)
        .but(r#"{ "duration": 30 }"#)
        .claim(Claim::seconds("a commit takes", measured.seconds(&format!("/{name}/mean_ms")), mean))
        .claim(Claim::percentile("p95", measured.seconds(&format!("/{name}/p95_ms")), p95))
}

/// Mean time of commits that were answered after a look.
fn mean_after(run: &Run) -> f64 {
    let sum = |report: &Report| report.requests.latency.count as f64 * report.requests.latency.mean.unwrap_or(0.0);
    let count = |report: &Report| report.requests.latency.count as f64;
    (sum(&run.report) - look(run, 0, sum)) / (count(&run.report) - look(run, 0, count))
}

fn first_1(id: &'static str, title: &'static str, fault: &str) -> Row {
    let replication = r#"{ "replicas": 2, "replication": { "mode": "sync", "synchronous_commit": "on", "delay_in": "wire",
        "synchronous_standby_names": "FIRST 1 (1, 2)", "wal_sender_timeout": 3,
        "nodes": [{ "node": 1, "delay": "20ms" }, { "node": 2, "delay": "60ms" }] } }"#;
    let measured = Measured::of(id);
    let before = |run: &Run| look(run, 0, |report| report.requests.latency.mean.unwrap_or(f64::NAN));
    let longest = |run: &Run| run.report.requests.latency.max.unwrap_or(f64::NAN);
    let row = cluster(id, title, &at_random(20.0), replication)
        .but(format!(r#"{{ "duration": 30, "faults": [{fault}] }}"#))
        .looked_at([9.9])
        .claim(Claim::seconds("a commit takes before", measured.seconds("/before/mean_ms"), before).near(0.1));
    if measured.number("/late") == 0.0 {
        return row.claim(Claim::seconds("a commit takes afterwards", measured.seconds("/after/mean_ms"), mean_after));
    }
    row.claim(Claim::seconds("the longest commit takes", measured.number("/released_after_s"), longest))
}

fn first_1_killed() -> Row {
    let crash = r#"{ "crash": { "component": "Pg/1", "at": 10 } }"#;
    first_1("pg-first-1-killed", "FIRST 1 (a, b): a is killed, and b takes its place at once", crash)
}

fn first_1_parted() -> Row {
    let partition = r#"{ "partition": { "between": ["Pg/0", "Pg/1"], "from": 10 } }"#;
    first_1("pg-first-1-parted", "FIRST 1 (a, b): nothing comes from a any more", partition)
}

/// A standby 20 ms away that applies 100 ms after the commit; 5 writes and 50 reads a second. 1 − exp(−5 · 0.1) of the reads are stale if
/// a write is acknowledged at once, and 1 − exp(−5 · 0.08) if when the standby has it.
fn stale(level: &'static str) -> Row {
    let measured = Measured::of("pg-stale-sync");
    let (id, rule) = match level {
        "local" => ("local of pg-stale-sync", 0.3935),
        "on" => ("on of pg-stale-sync", 0.3297),
        _ => ("remote_apply of pg-stale-sync", 0.0),
    };
    let users = r#"{
        "w": { "arrivals": { "poisson": { "rate": 5 } }, "targets": { "Api": 1 }, "read_share": 0 },
        "r": { "arrivals": { "poisson": { "rate": 50 } }, "targets": { "Api": 1 }, "read_share": 1 }
    }"#;
    let replication = format!(
        r#"{{ "replica_read_share": 1, "replication": {{ "mode": "sync", "synchronous_commit": "{level}", "delay": "20ms",
            "delay_in": "wire", "apply_delay": "100ms", "replay": {{ "time": 0 }} }} }}"#
    );
    let stale = |run: &Run| run.cluster(|cluster| cluster.stale_reads as f64 / cluster.reads as f64);
    cluster(id, "What a standby lacks that applies late, by synchronous_commit", users, &replication)
        .but(r#"{ "duration": 40 }"#)
        .claim(Claim::share("stale reads", measured.number(&format!("/{level}/stale")), stale).rule(rule, 0.03))
}

fn off_loss() -> Row {
    let measured = Measured::of("pg-off-loss");
    let off = r#"{ "operation": 0, "replicas": 0, "replication": { "mode": "sync", "synchronous_commit": "off" } }"#;
    cluster("pg-off-loss", "synchronous_commit off: what had not been written", &at_random(300.0), off)
        .but(r#"{ "duration": 8, "faults": [{ "crash": { "component": "Pg/0", "at": 3, "recover_at": 5 } }] }"#)
        .begins_within(0.2)
        .claim(Claim::count("writes lost", 0.0, lost_writes).runs(&measured.numbers("/lost", "")))
}

/// Those who read for 200 ms on average.
fn reading(id: &'static str, title: &'static str, rate: f64, patch: &str) -> Row {
    let measured = Measured::of(id);
    let users = format!(
        r#"{{ "u": {{ "arrivals": {{ "poisson": {{ "rate": {rate} }} }}, "targets": {{ "Api": 1 }}, "read_share": 1 }} }}"#
    );
    let row = cluster(id, title, &users, r#"{ "replicas": 0, "operation": null }"#)
        .but(format!(r#"{{ "db_clusters": {{ "Pg": {patch} }}, "services": {{ "Api": {{ "database": {{ "on_read_error": "fail" }} }} }} }}"#))
        .claim(Claim::share("failed", measured.number("/failed_share"), Run::share_failed));
    row.mean(measured.seconds("/of_success/mean_ms")).p99(measured.seconds("/of_success/p99_ms"))
}

/// (A connection is a process, which it takes some 4 ms to make and to end.)
fn max_connections() -> Row {
    reading(
        "pg-max-connections",
        "max_connections 10: one more is refused",
        40.0,
        r#"{ "connections": 10, "queue_limit": 0, "operation": { "exponential": { "mean": 0.204 } } }"#,
    )
}

fn query_wait_timeout() -> Row {
    reading(
        "pgbouncer-query-wait-timeout",
        "PgBouncer, default_pool_size 5, query_wait_timeout 1",
        27.0,
        r#"{ "connections": 5, "longest_wait": 1, "looked_every": 0.333333333, "operation": { "exponential": { "mean": 0.201 } } }"#,
    )
    .but(r#"{ "duration": 90 }"#)
    .traced()
    .claim(Claim::seconds(
        "who fails waits for",
        Measured::of("pgbouncer-query-wait-timeout").seconds("/of_failed/mean_ms"),
        Run::failing_takes,
    ))
}
