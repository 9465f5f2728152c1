//! Redis, with replicas, with Sentinel and alone.

use super::{Claim, PROXY, Reason, Row, Run, or_nan};

const REDIS: &str = "Redis 7.0.15";
const SENTINEL: &str = "Redis 7.0.15 with Sentinel";

/// When Sentinel begins to count.
const LAST_PING: Reason = Reason {
    id: "last-ping",
    text: "Sentinel counts from its last ping that was not answered, up to a second later; the monitor here sees at its next \
           look that the master stands still.",
};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![
        backlog(
            "redis-backlog-100-100ms",
            "The backlog dies with the master: 100 writes a second, 100 ms behind",
            [100.0, 0.1],
            [9.0, 11.0, 8.0, 9.0, 8.0, 9.0, 16.0, 6.0],
        ),
        backlog(
            "redis-backlog-100-500ms",
            "The backlog dies with the master: 100 writes a second, 500 ms behind",
            [100.0, 0.5],
            [52.0, 48.0, 44.0, 59.0, 47.0, 46.0, 50.0, 46.0],
        ),
        backlog(
            "redis-backlog-300-100ms",
            "The backlog dies with the master: 300 writes a second, 100 ms behind",
            [300.0, 0.1],
            [26.0, 29.0, 32.0, 31.0, 32.0, 37.0, 44.0, 32.0],
        ),
        backlog(
            "redis-backlog-100-20ms",
            "The backlog dies with the master: 100 writes a second, 20 ms behind",
            [100.0, 0.02],
            [3.0, 6.0, 2.0, 3.0, 3.0, 4.0, 5.0, 3.0],
        )
        .known(PROXY),
    ];
    rows.extend([killed(), stopped()]);
    rows.push(restart("redis-restart-none", "A master without persistence comes back empty", "none", 500.0));
    rows.push(restart("redis-restart-aof", "A master with appendonly comes back with all it had", "disk", 0.0));
    rows.push(wait("redis-wait-0", "WAIT 1, the replica next to it", [0.0, 0.00094], 0.00202));
    rows.push(wait("redis-wait-20ms", "WAIT 1, the replica 20 ms away", [0.02, 0.00065], 0.02224));
    rows.push(wait("redis-wait-100ms", "WAIT 1, the replica 100 ms away", [0.1, 0.00063], 0.10177));
    rows
}

fn lost_writes(run: &Run) -> f64 {
    run.cluster(|cluster| cluster.lost_writes as f64)
}

fn failovers(run: &Run) -> f64 {
    run.cluster(|cluster| cluster.failovers as f64)
}

/// Rate × delay is lost.
fn backlog(id: &'static str, title: &'static str, [rate, delay]: [f64; 2], lost: [f64; 8]) -> Row {
    let config = format!(
        r#"{{
            "duration": 9,
            "users": {{ "u": {{
                "arrivals": {{ "poisson": {{ "rate": {rate} }} }}, "targets": {{ "Api": 1 }}, "read_share": 0
            }} }},
            "services": {{ "Api": {{ "service_time": 0, "database": {{ "name": "R" }} }} }},
            "db_clusters": {{ "R": {{
                "kind": "redis", "replicas": 1, "operation": 0, "replication": {{ "delay": {delay} }},
                "failover": {{ "monitor_interval": 1, "on_write": false }}
            }} }},
            "faults": [{{ "crash": {{ "component": "R/0", "at": 5.3 }} }}]
        }}"#
    );
    Row::new(id, REDIS, title, config)
        .how("SETs at random moments; a replica behind a proxy that delays the stream and loses what is on its way when the master dies; kill -9, REPLICAOF NO ONE; eight times")
        .replications(400)
        .claim(Claim::count("writes lost", 0.0, lost_writes).runs(&lost).rule(rate * delay, if rate * delay < 5.0 { 0.14 } else { 0.06 }))
}

/// A cluster of one master and two replicas, with a write every 20 ms of a client that keeps the first address.
fn sentinel(id: &'static str, title: &'static str, fault: &str) -> Row {
    let config = r#"{
        "duration": 60,
        "users": { "w": { "arrivals": { "gaps": 0.02 }, "targets": { "Api": 1 }, "read_share": 0 } },
        "services": { "Api": { "service_time": 0, "database": { "name": "R", "on_write_error": "fail" } } },
        "db_clusters": { "R": {
            "kind": "redis", "replicas": 2, "operation": 0,
            "failover": {
                "strategy": "most_caught_up", "monitor_interval": 0.1, "on_write": false, "patience": 1,
                "election_time": { "uniform": [0.2, 0.4] }, "clients_learn": 1000, "demotion_time": 10
            }
        } }
    }"#;
    Row::new(id, SENTINEL, title, config).but(format!(r#"{{ "faults": [{fault}] }}"#))
}

fn promoted_after(run: &Run) -> f64 {
    run.cluster(|cluster| cluster.unavailable_seconds)
}

fn killed() -> Row {
    let fault = r#"{ "crash": { "component": "R/0", "at": 10, "recover_at": 20 } }"#;
    sentinel("sentinel-killed", "A master that comes back takes writes until it is told, and none is kept", fault)
        .how("A master, two replicas, three Sentinels, quorum 2, down-after-milliseconds 1000; the master is killed, comes back and has clients that keep its address; three times")
        .claim(Claim::seconds("promoted after", 0.0, promoted_after).runs(&[1.28, 1.33, 1.39]).always(1.1, 1.6))
        .claim(Claim::count("writes lost", 493.0, lost_writes).and(&[488.0, 490.0]).near(0.05))
}

/// That is a second later than after a kill, when a Sentinel's connection breaks at once.
fn stopped() -> Row {
    let fault = r#"{ "slow": { "component": "R/0", "factor": 1000, "from": 10, "until": 20 } }"#;
    sentinel("sentinel-stopped", "A master that stands still is replaced", fault)
        .how("A master, two replicas, three Sentinels, quorum 2, down-after-milliseconds 1000; SIGSTOP of the master; two times")
        .claim(Claim::count("failovers", 1.0, failovers).always(1.0, 1.0))
        .claim(Claim::seconds("promoted after", 2.08, promoted_after).and(&[2.31]).always(1.1, 1.6))
        .known(LAST_PING)
}

/// Nobody fails over.
fn restart(id: &'static str, title: &'static str, persistence: &str, lost: f64) -> Row {
    let config = format!(
        r#"{{
            "duration": 30,
            "users": {{ "u": {{ "arrivals": {{ "gaps": 0.02 }}, "targets": {{ "Api": 1 }}, "read_share": 0 }} }},
            "services": {{ "Api": {{ "service_time": 0, "database": {{ "name": "R" }} }} }},
            "db_clusters": {{ "R": {{
                "kind": "redis", "replicas": 1, "operation": 0, "persistence": "{persistence}",
                "failover": {{ "strategy": "none" }}
            }} }},
            "faults": [{{ "crash": {{ "component": "R/0", "at": 10.01, "recover_at": 10.31 }} }}]
        }}"#
    );
    let lag =
        |run: &Run| run.cluster(|cluster| cluster.nodes.get("R/1").map_or(f64::NAN, |node| node.lag_writes as f64));
    Row::new(id, REDIS, title, config)
        .how("500 SETs, replicated; kill -9 of the master, which is started again 0.3 s later; nobody fails over")
        .once()
        .claim(Claim::count("writes lost", lost, lost_writes).always(lost, lost))
        .claim(Claim::count("failovers", 0.0, failovers).always(0.0, 0.0))
        .claim(Claim::count("the replica lacks", 0.0, lag).always(0.0, 0.0))
}

/// A SET alone took 0.65 to 0.94 ms, and the rest of what WAIT takes some 1.2 ms.
fn wait(id: &'static str, title: &'static str, [delay, set]: [f64; 2], measured: f64) -> Row {
    let delay = delay + 0.0011;
    let config = format!(
        r#"{{
            "duration": 60,
            "users": {{ "u": {{
                "arrivals": {{ "closed": {{ "users": 1, "think": "1ms" }} }}, "targets": {{ "Api": 1 }}, "read_share": 0
            }} }},
            "services": {{ "Api": {{ "service_time": 0, "database": {{ "name": "R" }} }} }},
            "db_clusters": {{ "R": {{
                "kind": "redis", "replicas": 1, "operation": {set}, "replication": {{
                    "mode": "sync", "synchronous_commit": "remote_write", "delay": {delay}, "delay_in": "wire"
                }}
            }} }}
        }}"#
    );
    Row::new(id, REDIS, title, config)
        .how("SET, then WAIT 1, one after another; a stream to the replica that takes so long")
        .once()
        .claim(Claim::seconds("SET and WAIT take", measured, |run| or_nan(run.report.requests.latency.mean)))
}
