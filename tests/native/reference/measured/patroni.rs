//! PostgreSQL under Patroni with a short lease: ttl 10, loop_wait 2, retry_timeout 3.

use web_service_model::reality::{Claim, Row, Run};

use super::Measured;

/// A write every 20 ms at nodes under Patroni, and a patch. (etcd looks every half second which leases have ended; a promotion took
/// some 0.2 s.)
fn patroni(id: &'static str, title: &'static str, replicas: u32, patch: &str) -> Row {
    let config = format!(
        r#"{{
            "duration": 60,
            "users": {{ "u": {{ "arrivals": {{ "gaps": 0.02 }}, "targets": {{ "Api": 1 }}, "read_share": 0 }} }},
            "services": {{ "Api": {{ "service_time": 0, "database": {{ "name": "Pg", "on_write_error": "fail" }} }} }},
            "db_clusters": {{ "Pg": {{ "kind": "patroni", "replicas": {replicas}, "operation": "1ms", "failover": {{
                "patroni": {{ "ttl": 10, "loop_wait": 2, "retry_timeout": 3 }}, "promotion_time": {{ "uniform": [0.2, 0.8] }}
            }} }} }}
        }}"#
    );
    Row::new(id, "Patroni 3.0.2", title, config).but(patch).begins_within(2.0)
}

fn without_primary(run: &Run) -> f64 {
    run.cluster(|cluster| cluster.unavailable_seconds)
}

/// The same, as seen by who writes.
fn without_writes(run: &Run) -> f64 {
    run.report.requests.failed as f64 * 0.02
}

fn longest_commit(run: &Run) -> f64 {
    run.report.requests.latency.max.unwrap_or(f64::NAN)
}

pub(super) fn rows() -> Vec<Row> {
    vec![killed(), restarted(), cut_off(), sync_standby_dead(), no_standby(), no_standby_strict()]
}

fn killed() -> Row {
    let runs = Measured::of("patroni-kill").numbers("/promoted_after_s", "");
    patroni(
        "patroni-kill",
        "The leader is killed",
        1,
        r#"{ "faults": [{ "crash": { "component": "Pg/0", "at": 20 } }] }"#,
    )
    .claim(Claim::seconds("another takes writes after", 0.0, without_primary).runs(&runs))
}

/// PostgreSQL alone is killed, and Patroni starts it again: the time that this takes is given.
fn restarted() -> Row {
    let runs = Measured::of("patroni-postgres-killed").numbers("/runs", "back_after_s");
    let mean = runs.iter().sum::<f64>() / runs.len() as f64;
    let fault = format!(
        r#"{{ "faults": [{{ "crash": {{ "component": "Pg/0", "at": 20, "recover_at": {} }} }}] }}"#,
        20.0 + mean
    );
    patroni("patroni-postgres-killed", "The leader's PostgreSQL is killed and started again", 1, &fault)
        .claim(Claim::count("failovers", 0.0, |run| run.cluster(|cluster| cluster.failovers as f64)).always(0.0, 0.0))
        .claim(Claim::seconds("takes writes again after", 0.0, without_primary).runs(&runs))
}

/// Without etcd a leader steps down, and nobody takes writes until the lease has ended.
fn cut_off() -> Row {
    let measured = Measured::of("patroni-cut-from-etcd");
    let (demoted, promoted) = (measured.numbers("/seconds", "demoted"), measured.numbers("/seconds", "promoted"));
    let between: Vec<f64> = promoted.iter().zip(&demoted).map(|(promoted, demoted)| promoted - demoted).collect();
    let cut = r#"{ "faults": [{ "partition": { "between": ["Pg/0", "Pg/1"], "from": 20 } },
        { "partition": { "between": ["Pg/0", "Pg/2"], "from": 20 } }] }"#;
    patroni("patroni-cut-from-etcd", "The leader is cut off", 2, cut)
        .claim(Claim::seconds("without a leader for", 0.0, without_writes).runs(&between))
}

fn sync_standby_dead() -> Row {
    let runs = Measured::of("patroni-sync-standby-dead").numbers("/commit_took_s", "");
    patroni(
        "patroni-sync-standby-dead",
        "synchronous_mode: the synchronous standby is killed, and there is another one",
        2,
        r#"{ "db_clusters": { "Pg": { "failover": { "patroni": { "synchronous_mode": true } } } },
            "faults": [{ "crash": { "component": "Pg/1", "at": 20 } }] }"#,
    )
    .claim(Claim::seconds("the next commit takes", 0.0, longest_commit).runs(&runs))
}

const STANDBY_DEAD: &str = r#"{ "db_clusters": { "Pg": { "failover": { "patroni": { "synchronous_mode": true } } } },
    "faults": [{ "crash": { "component": "Pg/1", "at": 20, "recover_at": 40 } }] }"#;

fn no_standby() -> Row {
    let took = Measured::of("patroni-no-standby").number("/not strict/commit_took_s");
    patroni("not strict of patroni-no-standby", "synchronous_mode: the only standby is killed", 1, STANDBY_DEAD)
        .claim(Claim::seconds("the next commit takes", took, longest_commit).in_spread())
}

/// The standby was back after 20 s, and needed 5 s to start.
fn no_standby_strict() -> Row {
    let took = Measured::of("patroni-no-standby").number("/strict/commit_took_s");
    patroni("strict of patroni-no-standby", "synchronous_mode_strict: the only standby is killed", 1, STANDBY_DEAD)
        .but(
            r#"{ "db_clusters": { "Pg": { "failover": { "patroni": { "synchronous_mode_strict": true } } } },
            "faults": [{ "crash": { "component": "Pg/1", "at": 20, "recover_at": 45 } }] }"#,
        )
        .claim(Claim::seconds("the next commit takes", took, longest_commit))
}
