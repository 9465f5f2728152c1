//! PostgreSQL with hot standbys.

use super::{Claim, PROXY, Row, Run, or_nan};

const POSTGRES: &str = "PostgreSQL 15.18";

pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::from([
        commit("pg-commit-local", "synchronous_commit local: a commit waits for nobody", "local", 0.00106),
        commit(
            "pg-commit-remote-write",
            "synchronous_commit remote_write: a commit waits for the way",
            "remote_write",
            0.05257,
        ),
        commit("pg-commit-on", "synchronous_commit on: a commit waits for the standby's disk", "on", 0.05277),
        commit(
            "pg-commit-remote-apply",
            "synchronous_commit remote_apply: a commit waits until it is applied",
            "remote_apply",
            0.20187,
        ),
        commits_wait(),
        any_of_two(),
    ]);
    rows.push(backlog("pg-backlog-50-100ms", [50.0, 0.1], &[4.0, 8.0, 12.0, 8.0]).known(PROXY));
    rows.push(backlog("pg-backlog-50-500ms", [50.0, 0.5], &[28.0, 33.0, 31.0, 31.0]).known(PROXY));
    rows.push(backlog("pg-backlog-100-100ms", [100.0, 0.1], &[8.0, 11.0, 7.0, 8.0]));
    rows.push(replayed_first());
    rows.push(stale("pg-stale-10", [10.0, 0.1], 0.611));
    rows.push(stale("pg-stale-3", [3.0, 0.1], 0.2835));
    rows.push(stale("pg-stale-3-300ms", [3.0, 0.3], 0.6436));
    rows
}

/// Writes at a database that is asked without delay, and a patch of the cluster.
fn writes(id: &'static str, title: &'static str, arrivals: &str, cluster: &str) -> Row {
    let config = format!(
        r#"{{
            "duration": 60,
            "users": {{ "u": {{ "arrivals": {arrivals}, "targets": {{ "Api": 1 }}, "read_share": 0 }} }},
            "services": {{ "Api": {{ "service_time": 0, "database": {{ "name": "Pg" }} }} }},
            "db_clusters": {{ "Pg": {{ "replicas": 1, "operation": 0 }} }}
        }}"#
    );
    Row::new(id, POSTGRES, title, config).but(format!(r#"{{ "db_clusters": {{ "Pg": {cluster} }} }}"#))
}

/// (A local commit took 1.06 ms, and is the operation here.)
fn commit(id: &'static str, title: &'static str, level: &'static str, measured: f64) -> Row {
    let mode = match level {
        "local" => String::new(),
        _ => format!(r#""mode": "sync", "synchronous_commit": "{level}", "#),
    };
    let cluster = format!(
        r#"{{ "operation": "1.06ms", "replication": {{
            {mode}"delay": "50ms", "delay_in": "wire", "apply_delay": "200ms", "replay": {{ "time": 0 }}
        }} }}"#
    );
    writes(id, title, r#"{ "closed": { "users": 1, "think": "1ms" } }"#, &cluster)
        .how("Inserts one after another; the standby is 50 ms away (on the way there) and applies 200 ms after the commit")
        .once()
        .claim(Claim::seconds("a commit takes", measured, |run| or_nan(run.report.requests.latency.mean)))
}

/// Ten writes a second for 9 s and so many standbys, of which the first one is away until 8 s.
fn first_standby_away(id: &'static str, title: &'static str, standbys: u32) -> Row {
    let cluster = format!(
        r#"{{
            "replicas": {standbys}, "failover": {{ "strategy": "none" }},
            "replication": {{ "mode": "sync", "acknowledgements": 1, "synchronous_commit": "on" }}
        }}"#
    );
    writes(id, title, r#"{ "gaps": 0.1 }"#, &cluster)
        .but(r#"{ "duration": 9, "faults": [{ "crash": { "component": "Pg/1", "at": 0, "recover_at": 8 } }] }"#)
        .looked_at([1.05, 7.95, 8.05])
        .once()
}

/// What has been committed at a look, out of what had been asked for then.
fn committed(look: usize, asked: f64) -> impl Fn(&Run) -> f64 {
    move |run| run.looks.get(look).map_or(f64::NAN, |report| report.requests.succeeded as f64 / asked)
}

/// All ten were committed 0.35 s after its return, which is the time that the standby takes to start.
fn commits_wait() -> Row {
    first_standby_away("pg-sync-standby-away", "The only synchronous standby is away: commits wait for it", 1)
        .how("Ten clients insert a row each while the only synchronous standby is away, which comes back after 8 s (here: ten writes a second)")
        .claim(Claim::share("committed while it is away", 0.0, committed(1, 79.0)).always(0.0, 0.0))
        .claim(Claim::share("committed once it is back", 1.0, committed(2, 80.0)).always(1.0, 1.0))
}

fn any_of_two() -> Row {
    first_standby_away("pg-any-of-two", "ANY 1 of two standbys, one of which is away: nobody notices", 2)
        .how("Inserts while one of two synchronous standbys is away (here: ten writes a second)")
        .claim(Claim::share("committed in the first second", 1.0, committed(0, 10.0)).always(1.0, 1.0))
        .claim(Claim::share("committed while it is away", 1.0, committed(1, 79.0)).always(1.0, 1.0))
        .claim(Claim::share("committed once it is back", 1.0, committed(2, 80.0)).always(1.0, 1.0))
}

/// Rate × delay is lost.
fn backlog(id: &'static str, [rate, delay]: [f64; 2], lost: &[f64]) -> Row {
    let title = match delay {
        0.5 => "The backlog dies with the primary: 50 writes a second, 500 ms behind",
        _ if rate == 50.0 => "The backlog dies with the primary: 50 writes a second, 100 ms behind",
        _ => "The backlog dies with the primary: 100 writes a second, 100 ms behind",
    };
    let cluster = format!(
        r#"{{ "replication": {{ "delay": {delay} }},
            "failover": {{ "monitor_interval": 0.01, "on_write": false, "promotion_time": 0.1 }} }}"#
    );
    writes(id, title, &format!(r#"{{ "poisson": {{ "rate": {rate} }} }}"#), &cluster)
        .how("Inserts at random moments; a standby behind a proxy that delays and, when the primary dies, drops the stream; kill -9")
        .but(r#"{ "duration": 8, "faults": [{ "crash": { "component": "Pg/0", "at": 5 } }] }"#)
        .replications(400)
        .claim(
            Claim::count("writes lost", 0.0, |run| run.cluster(|cluster| cluster.lost_writes as f64))
                .runs(lost)
                .rule(rate * delay, 0.06),
        )
}

/// Of 180, 202 and 184 about half had been applied.
fn replayed_first() -> Row {
    let applied = |run: &Run| {
        let cluster = run.looks.first().and_then(|report| report.db_clusters.values().next());
        cluster.and_then(|cluster| cluster.nodes.get("Pg/1")).map_or(f64::NAN, |node| node.applied_writes as f64)
    };
    let cluster = r#"{
        "replication": { "apply_delay": 2, "replay": { "workers": 1, "time": 0 } },
        "failover": { "monitor_interval": 0.1, "on_write": false, "promotion_time": 0.11 }
    }"#;
    writes(
        "pg-replayed-first",
        "What is received is replayed before a promotion",
        r#"{ "poisson": { "rate": 50 } }"#,
        cluster,
    )
    .how("About 50 inserts a second for 4 s; the standby applies 2 s after the commit; kill -9, pg_promote()")
    .but(r#"{ "duration": 5, "faults": [{ "crash": { "component": "Pg/0", "at": 4 } }] }"#)
    .looked_at([3.999])
    .claim(Claim::count("applied before", 87.0, applied).and(&[95.0, 80.0]).give_or_take_one().rule(100.0, 0.05))
    .claim(Claim::count("writes lost", 0.0, |run| run.cluster(|it| it.lost_writes as f64)).always(0.0, 0.0))
    .claim(Claim::count("failovers", 1.0, |run| run.cluster(|it| it.failovers as f64)).always(1.0, 1.0))
}

/// A share of 1 − exp(−rate × delay) lacks a write that was acknowledged before they began.
fn stale(id: &'static str, [rate, delay]: [f64; 2], measured: f64) -> Row {
    let title = match (rate == 10.0, delay == 0.3) {
        (true, _) => "A hot standby answers with what it has applied: 10 writes a second, 100 ms behind",
        (_, true) => "A hot standby answers with what it has applied: 3 writes a second, 300 ms behind",
        _ => "A hot standby answers with what it has applied: 3 writes a second, 100 ms behind",
    };
    let config = format!(
        r#"{{
            "duration": 24.3,
            "users": {{
                "w": {{ "arrivals": {{ "poisson": {{ "rate": {rate} }} }}, "targets": {{ "Api": 1 }}, "read_share": 0 }},
                "r": {{ "arrivals": {{ "poisson": {{ "rate": 50 }} }}, "targets": {{ "Api": 1 }}, "read_share": 1 }}
            }},
            "services": {{ "Api": {{ "service_time": 0, "database": {{ "name": "Pg" }} }} }},
            "db_clusters": {{ "Pg": {{
                "replicas": 1, "operation": 0, "replica_read_share": 1,
                "replication": {{ "apply_delay": {delay}, "replay": {{ "time": 0 }} }}
            }} }}
        }}"#
    );
    Row::new(id, POSTGRES, title, config)
        .how("Writes at random moments for 24 s, and 50 reads a second at the standby")
        .claim(Claim::share("stale reads", measured, |run| {
            run.cluster(|cluster| cluster.stale_reads as f64 / cluster.reads as f64)
        }))
}
