//! Databases as PostgreSQL, Patroni, PgBouncer and Redis are: standbys by name, leases, own writes, what is kept.

use serde_json::{Value, json};
use web_service_model::report::{DbCluster, Report};

use super::{close, failures};
use crate::support::{cluster, finished, log, report, with};

/// Users of some kind who do nothing but use the database, whose operations take 1 ms.
fn asked(users: Value, cluster: Value) -> Value {
    json!({
        "duration": 100,
        "users": { "u": with(json!({ "targets": { "Api": 1 }, "read_share": 0 }), users) },
        "services": { "Api": { "service_time": 0, "database": { "name": "Pg" } } },
        "db_clusters": { "Pg": with(json!({ "replicas": 2, "operation": 0.001 }), cluster) },
    })
}

/// A write every so many seconds.
fn written(gaps: f64, cluster: Value) -> Value {
    asked(json!({ "arrivals": { "gaps": gaps } }), cluster)
}

fn mean(report: &Report) -> f64 {
    report.requests.latency.mean.expect("somebody came")
}

/// Of two standbys one is near and one is 50 ms away and applies 200 ms after the commit, as was measured with PostgreSQL 15: ANY 1
/// is the near one (0.8 and 1.5 ms there), 2 of both are the far one (52.7 and 201.7 ms).
#[test]
fn standbys_are_named_and_have_ways_of_their_own() {
    let commit = |names: &str, level: &str| {
        let nodes = json!([{ "node": 1, "delay": 0.05, "apply_delay": 0.2 }, { "node": 2, "delay": 0.0002 }]);
        let replication = json!({
            "mode": "sync", "synchronous_commit": level, "synchronous_standby_names": names, "nodes": nodes,
            "replay": { "time": 0 },
        });
        mean(&report(&written(1.0, json!({ "replication": replication }))))
    };
    for (names, on, remote_apply) in [
        ("ANY 1 (1, 2)", 0.0012, 0.0012),
        ("2 (1, 2)", 0.051, 0.201),
        ("FIRST 1 (2, 1)", 0.0012, 0.0012),
        ("first 1 (1,2)", 0.051, 0.201),
        ("1", 0.051, 0.201),
        ("any 2 (*)", 0.051, 0.201),
    ] {
        close(commit(names, "on"), on);
        close(commit(names, "remote_apply"), remote_apply);
        close(commit(names, "local"), 0.001);
    }
}

/// While the first of the list is away the next one stands in; where any two are asked for, nobody can.
#[test]
fn the_next_of_a_list_stands_in_and_of_any_two_one_is_too_few() {
    let answered = |names: &str| {
        let replication = json!({ "mode": "sync", "synchronous_standby_names": names });
        let crash = json!([{ "crash": { "component": "Pg/1", "at": 20, "recover_at": 50 } }]);
        let config = written(1.0, json!({ "replication": replication, "failover": { "strategy": "none" } }));
        let found = report(&with(config, json!({ "faults": crash })));
        (found.requests.succeeded, found.requests.latency.max.expect("somebody came") > 25.0)
    };
    assert_eq!(answered("FIRST 1 (1, 2)"), (99, false));
    assert_eq!(answered("ANY 2 (1, 2)"), (99, true));
}

/// Patroni with its defaults: the primary's lease ends 20 to 30 s after its death, when the next look is due.
#[test]
fn a_primary_is_replaced_when_its_lease_has_ended() {
    for (dies, replaced) in [(30.5, 60.0), (39.5, 60.0), (40.5, 70.0)] {
        let crash = json!([{ "crash": { "component": "Pg/0", "at": dies } }]);
        let config = written(1.0, json!({ "failover": { "strategy": "most_caught_up", "patroni": {} } }));
        let run = finished(&with(config, json!({ "faults": crash })));
        let promoted = log(&run, &["promotion"]);
        assert_eq!(promoted.iter().map(|entry| entry.time).collect::<Vec<_>>(), [replaced], "dead at {dies}");
    }
}

/// A cut-off primary under Patroni steps down, and nothing that it had acknowledged is lost; without the lease the clients on its
/// side go on writing there.
#[test]
fn a_lease_keeps_an_isolated_primary_from_acknowledging_what_will_be_lost() {
    let run = |failover: Value| {
        let part =
            |side: &str, other: &str| json!({ "partition": { "between": [side, other], "from": 25, "until": 80 } });
        let parts = [("Pg/0", "Pg/1"), ("Pg/0", "Pg/2"), ("Api", "Pg/1"), ("Api", "Pg/2")];
        let faults = json!({ "faults": parts.map(|(side, other)| part(side, other)) });
        let run = finished(&with(written(0.1, json!({ "failover": failover })), faults));
        let demoted: Vec<(f64, String)> = log(&run, &["demotion"]).into_iter().map(|it| (it.time, it.detail)).collect();
        let report = run.report();
        (cluster(&report, "Pg").lost_writes, cluster(&report, "Pg").failovers, demoted)
    };
    let (lost, failovers, demoted) = run(json!({ "patroni": {} }));
    // What it took from 25 to 40 s never left it; it steps down at the end of that, and is replaced ten seconds later.
    assert_eq!((lost, failovers), (150, 1));
    assert_eq!(demoted, [(40.0, "cannot renew its lease, and refuses writes".to_owned())]);
    let (lost, failovers, _) = run(json!({ "monitor_interval": 10, "patience": 20, "on_write": false }));
    assert_eq!((lost, failovers), (550, 1));
}

/// Twenty users write or read, half and half, and think for a second; replicas are 105 ms behind: nobody who reads a second later
/// lacks what he has written, though nearly every read lacks what somebody has.
#[test]
fn users_see_what_they_have_written() {
    let found = |think: Value, wanted: Value| {
        let users = json!({ "arrivals": { "closed": { "users": 20, "think": think } }, "read_share": 0.5 });
        let replication = json!({ "delay": 0.1, "replay": { "time": 0.005 } });
        let pg = json!({ "replica_read_share": 1, "replication": replication, "read_your_writes": wanted });
        let found = report(&asked(users, pg));
        assert_eq!(failures(&found), []);
        found
    };
    let shares = |report: &Report| {
        let DbCluster { reads, stale_reads, own_stale_reads, nodes, .. } = cluster(report, "Pg");
        let at_primary = nodes["Pg/0"].operations - (report.db_clusters["Pg"].writes);
        let share = |count: u64| count as f64 / *reads as f64;
        (share(*stale_reads), share(*own_stale_reads), share(at_primary))
    };
    let patient = json!({ "uniform": [0.9, 1.1] });
    let (stale, own, _) = shares(&found(patient, Value::Null));
    assert!(stale > 0.5 && own == 0.0, "{stale} {own}");
    let hasty = json!({ "exponential": { "mean": 0.1 } });
    let (_, own, at_primary) = shares(&found(hasty.clone(), Value::Null));
    assert!((0.3..0.5).contains(&own) && at_primary == 0.0, "{own}");
    for (wanted, to_primary) in
        [(json!({ "sticky": "1s" }), 0.99), (json!({ "up_to_date": {} }), 0.4), (json!({ "wait": 0.05 }), 0.15)]
    {
        let (_, own, at_primary) = shares(&found(hasty.clone(), wanted.clone()));
        assert!(own == 0.0 && at_primary > to_primary, "{wanted}: {own}, {at_primary}");
    }
    let waited = found(hasty, json!({ "wait": 10 }));
    assert_eq!((shares(&waited).1, shares(&waited).2), (0.0, 0.0));
    let longest = cluster(&waited, "Pg").latency.max.expect("somebody came");
    assert!((0.09..0.11).contains(&longest), "{longest}: as long as a replica is behind");
}

/// PgBouncer: a pool of five, 40 requests a second of 0.1 s each, and whoever has waited long enough is refused.
#[test]
fn a_query_waits_only_so_long_for_a_connection() {
    let config = |own: Value| {
        let users = json!({ "arrivals": { "poisson": { "rate": 60 } }, "read_share": 1 });
        asked(users, with(json!({ "operation": { "exponential": { "mean": 0.1 } }, "connections": 5 }), own))
    };
    let found = report(&config(json!({ "longest_wait": 0.5 })));
    let failed = found.requests.failures["queue_timeout"];
    let share = failed as f64 / found.requests.total as f64;
    assert!((0.1..0.3).contains(&share), "{share}: 60 come and 50 are served");
    assert_eq!(cluster(&found, "Pg").failed, failed);
    assert_eq!(cluster(&found, "Pg").nodes["Pg/0"].failed, failed);
}

/// What PostgreSQL has not written down when nobody waits for that (`synchronous_commit` off) is 0.2 s of writes at most.
#[test]
fn a_primary_that_dies_loses_what_it_had_not_written_down() {
    let lost = |cluster_config: Value| {
        let crash = json!([{ "crash": { "component": "Pg/0", "at": 50.15, "recover_at": 51 } }]);
        let failover = json!({ "failover": { "strategy": "none" }, "replicas": 0 });
        let config = written(0.01, with(failover, cluster_config));
        let found = report(&with(config, json!({ "faults": crash })));
        (cluster(&found, "Pg").lost_writes, cluster(&found, "Pg").failovers)
    };
    assert_eq!(lost(json!({})), (0, 0));
    let (off, _) = lost(json!({ "replication": { "synchronous_commit": "off" } }));
    assert!((14..=15).contains(&off), "{off}");
    let (snapshot, _) = lost(json!({ "save_every": 20 }));
    assert!((1014..=1016).contains(&snapshot), "{snapshot}");
}

/// PostgreSQL's `wal_sender_timeout`: a standby that cannot be reached any more keeps its place in the list for that long, and one
/// that is dead does not.
#[test]
fn a_standby_out_of_reach_is_waited_for_until_the_sender_gives_up() {
    let longest = |timeout: Value, fault: Value| {
        let replication = json!({
            "mode": "sync", "synchronous_standby_names": "FIRST 1 (1, 2)", "wal_sender_timeout": timeout,
            "replay": { "time": 0 },
        });
        let config = written(1.0, json!({ "replication": replication, "failover": { "strategy": "none" } }));
        report(&with(config, json!({ "faults": [fault] }))).requests.latency.max.expect("somebody came")
    };
    let parted = |until: f64| json!({ "partition": { "between": ["Pg/0", "Pg/1"], "from": 20.5, "until": until } });
    // (The first that waits came at 21 s, half a second after nothing came any more.)
    close(longest(json!(10), parted(90.0)), 9.5);
    close(longest(json!(10), parted(25.0)), 4.0);
    assert!(longest(json!(10), json!({ "crash": { "component": "Pg/1", "at": 20.5 } })) < 0.01);
    close(longest(json!(60.0), parted(90.0)), 59.5);
}

/// PgBouncer looks three times a second for those who have waited too long.
#[test]
fn who_has_waited_too_long_is_found_at_the_next_look() {
    let failed = |every: Value| {
        let cluster =
            json!({ "replicas": 0, "connections": 1, "operation": 100, "longest_wait": 1, "looked_every": every });
        report(&with(written(0.7, cluster), json!({ "duration": 10 }))).requests.failed
    };
    // The one of 0.7 s is served all the time; those from 1.4 s to 8.4 s have given up by 10 s, and at 8 s those up to 7 s are told.
    assert_eq!([failed(json!(null)), failed(json!(4))], [11, 9]);
}

/// Redis's `min-replicas-to-write`: with a dead replica writes are refused at once, with one that cannot be reached when nothing has
/// been heard of it for more than so many seconds.
#[test]
fn a_master_with_too_few_replicas_refuses_writes() {
    let refused = |fault: Value| {
        let replication = json!({ "min_replicas_to_write": 2, "min_replicas_max_lag": 3 });
        let config = written(1.0, json!({ "replication": replication, "failover": { "strategy": "none" } }));
        let found = report(&with(config, json!({ "faults": [fault] })));
        (failures(&found), cluster(&found, "Pg").lost_writes)
    };
    let down = |until: f64| json!({ "crash": { "component": "Pg/1", "at": 20.5, "recover_at": until } });
    let parted = |until: f64| json!({ "partition": { "between": ["Pg/0", "Pg/1"], "from": 20.5, "until": until } });
    assert_eq!(refused(down(30.5)), (vec![("database_error", 10)], 0));
    // Heard of last at 20 s: 24 is more than three seconds later.
    assert_eq!(refused(parted(30.5)), (vec![("database_error", 7)], 0));
    assert_eq!(refused(parted(23.5)), (vec![], 0));
}

/// Redis's `WAIT 1 timeout`: a write waits for a replica, others are served meanwhile, and after the timeout it is answered all the
/// same, though it may be lost.
#[test]
fn a_write_waits_for_replicas_without_a_connection_and_only_so_long() {
    let found = |wait: Value, faults: Value| {
        let replication = json!({ "delay": 0.5, "replay": { "time": 0 }, "wait": wait });
        let cluster = json!({ "replicas": 1, "connections": 1, "operation": 0.1, "replication": replication,
            "failover": { "strategy": "none" } });
        report(&with(written(0.2, cluster), json!({ "faults": faults })))
    };
    close(mean(&found(json!(null), json!([]))), 0.1);
    close(mean(&found(json!({}), json!([]))), 0.6);
    close(mean(&found(json!({ "timeout": 0.3 }), json!([]))), 0.4);
    let crash = json!([{ "crash": { "component": "Pg/1", "at": 20.05, "recover_at": 40 } }]);
    let held = found(json!({ "timeout": 2 }), crash.clone());
    close(held.requests.latency.max, 2.1);
    assert_eq!(failures(&held), []);
    let held = found(json!({}), crash);
    assert!(held.requests.latency.max > Some(19.0) && failures(&held).is_empty(), "{:?}", held.requests.latency.max);
}

/// A cancel ends the wait of a commit for its standby, and frees its connection, as in PostgreSQL; the write is there all the same.
/// Whoever only goes away leaves it waiting.
#[test]
fn a_cancelled_commit_waits_no_longer() {
    let found = |on_giving_up: &str| {
        let replication =
            json!({ "mode": "sync", "synchronous_standby_names": "FIRST 1 (1)", "replay": { "time": 0 } });
        let cluster =
            json!({ "replicas": 1, "connections": 1, "replication": replication, "failover": { "strategy": "none" } });
        let reader = json!({ "arrivals": { "gaps": 0.9 }, "targets": { "Api": 1 }, "read_share": 1 });
        let config = with(written(1.0, cluster), json!({ "users": { "r": reader } }));
        report(&with(
            config,
            json!({
                "users": { "u": { "policy": { "timeout": 0.25, "on_giving_up": on_giving_up } } },
                "faults": [{ "crash": { "component": "Pg/1", "at": 20.5, "recover_at": 50.5 } }],
            }),
        ))
    };
    let (left, cancelled) = (found("continue"), found("cancel"));
    assert!(left.requests.latency.max > Some(20.0), "{:?}", left.requests.latency.max);
    assert!(cancelled.requests.latency.max < Some(0.3), "{:?}", cancelled.requests.latency.max);
    // 30 of 99 writes had no answer, and are no less there when the standby is back.
    assert_eq!(failures(&cancelled), [("timeout", 30)]);
    let pg = cluster(&cancelled, "Pg");
    assert_eq!((pg.lost_writes, pg.acknowledged_writes), (0, 69));
    assert_eq!(pg.nodes["Pg/1"].applied_writes, 99);
}
