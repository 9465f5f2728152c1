//! Instances, replicas and consumers that come and go while the run goes on.

use serde_json::{Value, json};
use web_service_model::{
    report::Report,
    simulation::{PatchError, Simulation},
};

use super::{close, failures};
use crate::{
    scenarios,
    support::{cluster, instance, log, poisson, queue, regular, service, simulation, with},
};

#[track_caller]
fn patch(simulation: &mut Simulation, patch: Value) {
    simulation.patch(&patch.to_string()).unwrap_or_else(|error| panic!("{error}"));
}

fn instances(simulation: &mut Simulation, number: u32) {
    patch(simulation, json!({ "services": { "Server": { "instances": number } } }));
}

fn names(simulation: &Simulation) -> Vec<String> {
    simulation.components().into_iter().map(|component| component.name).collect()
}

fn totals(report: &Report) -> Vec<u64> {
    service(report, "Server").instances.iter().map(|(_, instance)| instance.total).collect()
}

#[test]
fn new_instances_take_their_share() {
    let server = json!({ "service_time": 0.5, "workers": 1, "balancer": "smooth_round_robin" });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 400 })));
    simulation.advance_to(100.75);
    instances(&mut simulation, 3);
    assert_eq!(names(&simulation), ["Server-0", "Server-1", "Server-2"]);
    simulation.advance_to(400.0);
    let report = simulation.report();
    let Some(totals) = totals(&report).get(1..).map(<[u64]>::to_vec) else { panic!("three instances") };
    assert!(totals.iter().all(|total| total.abs_diff(100) <= 1), "{totals:?}");
    assert_eq!(failures(&report), []);
    // Its averages are over the time since it was added.
    let added = instance(&report, "Server-2");
    assert!((added.utilisation - 0.5 / 3.0).abs() < 0.01, "{}", added.utilisation);
    close(added.availability, 1.0);
    close(service(&report, "Server").availability, 1.0);
    let series = simulation.series("services.Server.instances.Server-2.busy").expect("it is recorded");
    assert_eq!((series.values.len(), series.values[50]), (400, 0.0), "and nothing before");
    assert!(series.values[110..].iter().sum::<f64>() > 40.0);
}

#[test]
fn instances_taken_away_finish_what_they_have() {
    let server = json!({ "service_time": 10, "workers": 1, "instances": 2, "balancer": "smooth_round_robin" });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 400 })));
    simulation.advance_to(4.5);
    instances(&mut simulation, 1);
    patch(&mut simulation, json!({ "users": { "clients": { "arrivals": { "poisson": { "rate": 0 } } } } }));
    assert_eq!(names(&simulation), ["Server-0", "Server-1"], "it is at work");
    let utilisation = service(&simulation.report(), "Server").utilisation;
    close(instance(&simulation.report(), "Server-0").utilisation, utilisation);
    simulation.advance_to(21.75);
    assert_eq!(names(&simulation), ["Server-0", "Server-1"], "one waits");
    simulation.advance_to(22.25);
    assert_eq!(names(&simulation), ["Server-0"]);
    let report = simulation.report();
    assert_eq!((report.requests.total, report.requests.succeeded), (4, 4));
    assert_eq!((service(&report, "Server").total, totals(&report)), (4, vec![2]), "the totals know of all");
    assert!(simulation.crash("Server-1", None).is_err());
    // Under its name a new one comes.
    simulation.advance_to(100.0);
    patch(&mut simulation, json!({ "users": { "clients": { "arrivals": { "gaps": 20 } } } }));
    instances(&mut simulation, 2);
    assert_eq!(totals(&simulation.report()), [2, 0]);
    simulation.advance_to(400.0);
    let report = simulation.report();
    assert!(totals(&report)[1].abs_diff(7) <= 1, "{:?}", totals(&report));
    close(instance(&report, "Server-1").availability, 1.0);
}

/// The balancer sends nothing to those who go, whatever happens to those who stay.
#[test]
fn nobody_is_up_when_the_last_instance_that_stays_is_down() {
    let server = json!({ "service_time": 0, "instances": 3 });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 30 })));
    simulation.advance_to(10.5);
    instances(&mut simulation, 1);
    simulation.crash("Server", None).expect("there is one");
    simulation.advance_to(20.5);
    assert_eq!(failures(&simulation.report()), [("no_instance", 10)]);
    instances(&mut simulation, 2);
    simulation.advance_to(30.0);
    assert_eq!(failures(&simulation.report()), [("no_instance", 10)], "the new one is up");
}

fn with_own_stores(instances: u32) -> Value {
    let own = |name: &str| json!({ "name": name, "per_instance": true });
    let server = json!({ "service_time": 0, "instances": instances, "cache": own("Cache"), "database": own("DB") });
    with(
        regular(0.1, server),
        json!({
            "duration": 300,
            "users": { "clients": { "read_share": 0.5 } },
            "caches": { "Cache": { "operation": 0.01, "hit_prob": 0.5 } },
            "db_clusters": { "DB": { "operation": 0.01, "replicas": 1, "outages": { "up": 1000, "down": 1 } } },
        }),
    )
}

#[test]
fn instances_bring_their_own_stores() {
    let mut simulation = simulation(&with_own_stores(1));
    simulation.advance_to(10.0);
    instances(&mut simulation, 2);
    let both = ["Server-0", "Server-1", "DB-0/0", "DB-0/1", "DB-1/0", "DB-1/1", "Cache-0", "Cache-1"];
    assert_eq!(names(&simulation), both);
    simulation.advance_to(50.0);
    let report = simulation.report();
    let db = cluster(&report, "DB-1");
    assert!(db.reads > 20 && db.replication_lag.count > 50, "{db:?}");
    assert_eq!(cluster(&report, "DB-1").nodes[1].role, "replica");
    instances(&mut simulation, 1);
    simulation.advance_to(60.0);
    assert_eq!(names(&simulation), ["Server-0", "DB-0/0", "DB-0/1", "Cache-0"]);
    assert_eq!(simulation.report().db_clusters.len(), 1);
    simulation.crash("DB", Some(1.0)).expect("there is one");
    simulation.advance_to(100.0);
    instances(&mut simulation, 2);
    assert_eq!(names(&simulation), both);
    simulation.advance_to(300.0);
    let report = simulation.report();
    assert!(cluster(&report, "DB-1").reads > 100);
    close(cluster(&report, "DB-1").availability, 1.0);
}

fn with_replicas(replicas: u32) -> Value {
    with(
        regular(1.0, json!({ "service_time": 0, "database": { "name": "DB" } })),
        json!({
            "duration": 400,
            "users": { "clients": { "read_share": 0 } },
            "db_clusters": {
                "DB": { "operation": 0.1, "replicas": replicas, "replication": { "delay": 5 }, "replica_read_share": 1 },
            },
        }),
    )
}

fn replicas(number: u32) -> Value {
    json!({ "db_clusters": { "DB": { "replicas": number } } })
}

fn roles(simulation: &Simulation) -> Vec<&'static str> {
    cluster(&simulation.report(), "DB").nodes.iter().map(|(_, node)| node.role).collect()
}

#[test]
fn a_new_replica_catches_up_before_it_serves() {
    let mut simulation = simulation(&with_replicas(0));
    simulation.advance_to(50.5);
    patch(&mut simulation, replicas(1));
    patch(&mut simulation, json!({ "users": { "clients": { "read_share": 1 } } }));
    let state = |simulation: &Simulation| simulation.components()[2].state;
    simulation.advance_to(54.75);
    assert_eq!((state(&simulation), roles(&simulation)), ("catching_up", vec!["primary", "detached"]));
    assert_eq!(cluster(&simulation.report(), "DB").nodes[1].operations, 0);
    simulation.advance_to(100.5);
    assert_eq!((state(&simulation), roles(&simulation)), ("up", vec!["primary", "replica"]));
    let report = simulation.report();
    assert_eq!(cluster(&report, "DB").nodes[1].operations, 45, "all reads since it has caught up");
    let kinds: Vec<&str> =
        log(&simulation, &["resync_started", "resync_done", "rejoin"]).iter().map(|e| e.kind).collect();
    assert_eq!(kinds, ["resync_started", "resync_done", "rejoin"]);
    // Now it can take over.
    simulation.crash("DB/0", None).expect("there is one");
    simulation.advance_to(120.0);
    assert_eq!(roles(&simulation), ["detached", "primary"]);
}

#[test]
fn a_primary_taken_away_hands_over() {
    let mut simulation = simulation(&with_replicas(3));
    simulation.advance_to(20.25);
    simulation.promote("DB/2").expect("it is a replica");
    simulation.advance_to(50.5);
    assert_eq!(roles(&simulation), ["replica", "replica", "primary", "replica"]);
    patch(&mut simulation, replicas(1));
    assert_eq!(roles(&simulation), ["primary", "replica"]);
    assert_eq!(names(&simulation), ["Server-0", "DB/0", "DB/1"]);
    let lost = cluster(&simulation.report(), "DB").lost_writes;
    simulation.advance_to(100.0);
    let report = simulation.report();
    assert_eq!((failures(&report), cluster(&report, "DB").lost_writes), (Vec::new(), lost));
    assert_eq!(cluster(&report, "DB").failovers, 2);
}

#[test]
fn a_primary_that_nobody_can_follow_stays() {
    let mut simulation = simulation(&with_replicas(1));
    simulation.advance_to(20.25);
    simulation.promote("DB/1").expect("it is a replica");
    simulation.advance_to(50.5);
    simulation.crash("DB/0", None).expect("there is one");
    let refused = simulation.patch(&replicas(0).to_string());
    let Err(PatchError::NeedsRestart(errors)) = refused else { panic!("{refused:?}") };
    assert!(errors.to_string().starts_with("db_clusters.DB.replicas: 0 is too few now"), "{errors}");
    assert_eq!(roles(&simulation), ["replica", "primary"]);
    simulation.recover("DB/0").expect("there is one");
    patch(&mut simulation, replicas(0));
    assert_eq!(roles(&simulation), ["primary"]);
    simulation.advance_to(100.0);
    assert_eq!(failures(&simulation.report()), []);
}

#[test]
fn a_synchronous_write_does_not_wait_for_a_replica_that_has_gone() {
    let config = with(
        with_replicas(2),
        json!({ "db_clusters": { "DB": { "replication": { "mode": "sync" }, "outages": null } } }),
    );
    let mut simulation = simulation(&config);
    simulation.advance_to(50.5);
    let before = cluster(&simulation.report(), "DB").acknowledged_writes;
    patch(&mut simulation, replicas(0));
    assert_eq!(cluster(&simulation.report(), "DB").acknowledged_writes - before, 5);
    for step in 0..50 {
        simulation.advance_to(51.0 + f64::from(step));
        patch(&mut simulation, replicas(step % 4));
    }
    simulation.advance_to(200.0);
    let report = simulation.report();
    let db = cluster(&report, "DB");
    assert_eq!((report.requests.failed, db.lost_writes), (0, 0));
    assert_eq!(db.nodes.len(), 2);
}

#[test]
fn consumers_up_and_down() {
    let mut simulation = simulation(&with(
        regular(1.0, json!({ "service_time": 0, "publish": { "broker": "B", "queue": "q" } })),
        json!({ "duration": 300, "brokers": { "B": { "queues": { "q": { "consumers": [{ "service_time": 10 }] } } } } }),
    ));
    let consumers = |consumers: Value| json!({ "brokers": { "B": { "queues": { "q": { "consumers": consumers } } } } });
    let size = |simulation: &Simulation| queue(&simulation.report()).size.now;
    simulation.advance_to(20.5);
    assert_eq!(size(&simulation), 18.0);
    patch(
        &mut simulation,
        consumers(json!([{ "service_time": 10, "count": 10 }, { "service_time": 1, "prefetch": 5 }])),
    );
    assert_eq!(size(&simulation), 18.0 - 9.0 - 5.0, "they take what waits at once");
    simulation.advance_to(60.5);
    assert_eq!(size(&simulation), 0.0);
    patch(&mut simulation, consumers(json!([])));
    simulation.advance_to(100.5);
    let report = simulation.report();
    assert_eq!((queue(&report).unacknowledged, queue(&report).size.now), (0, 40.0), "work in progress is finished");
    patch(&mut simulation, consumers(json!([{ "service_time": 0.5, "service": "Server" }])));
    simulation.advance_to(200.5);
    assert!(size(&simulation) <= 1.0);
    // The consumers of an instance come and go with it.
    patch(&mut simulation, consumers(json!([{ "service_time": 4, "service": "Server" }])));
    instances(&mut simulation, 5);
    simulation.advance_to(250.5);
    assert!(size(&simulation) <= 1.0);
    instances(&mut simulation, 1);
    simulation.advance_to(300.0);
    let report = simulation.report();
    assert!(size(&simulation) > 30.0);
    let queue = queue(&report);
    assert_eq!(queue.sent, queue.consumed + queue.unacknowledged + queue.size.now as u64);
}

#[test]
fn faults_strike_whoever_is_there() {
    let faults = json!([
        { "slow": { "component": "Server", "factor": 4, "from": 5, "until": 50 } },
        { "crash": { "component": "Server", "at": 60, "recover_at": 70 } },
        { "partition": { "between": ["users", "Server-0"], "from": 80, "until": 90 } },
    ]);
    let config = with(regular(1.0, json!({ "service_time": 0.1 })), json!({ "duration": 100, "faults": faults }));
    let mut simulation = simulation(&config);
    simulation.advance_to(10.5);
    instances(&mut simulation, 2);
    let slow = |simulation: &Simulation| simulation.components().iter().map(|c| c.slow_factor).collect::<Vec<_>>();
    simulation.advance_to(11.0);
    assert_eq!(slow(&simulation), [4.0, 4.0]);
    instances(&mut simulation, 1);
    simulation.advance_to(20.5);
    assert_eq!(slow(&simulation), [4.0]);
    simulation.advance_to(55.5);
    instances(&mut simulation, 2);
    assert_eq!(slow(&simulation), [1.0, 1.0]);
    simulation.advance_to(65.5);
    assert!(simulation.components().iter().all(|component| component.state == "down"));
    let unknown = json!({ "faults": [{ "crash": { "component": "Server-2", "at": 95 } }] });
    assert!(matches!(simulation.patch(&unknown.to_string()), Err(PatchError::Bad(_))));
    instances(&mut simulation, 3);
    patch(&mut simulation, unknown);
    simulation.advance_to(100.0);
    let crashed: Vec<String> = log(&simulation, &["crash"]).into_iter().map(|entry| entry.component).collect();
    assert_eq!(crashed, ["Server-0", "Server-1", "Server-2"]);
}

/// What comes later has its own random numbers, and does not change those of the others.
#[test]
fn the_same_changes_give_the_same_report() {
    let run = || {
        let mut simulation = Simulation::from_json(&scenarios::text("coursework")).expect("a scenario");
        for (second, number) in [(5.0, 6), (12.0, 1), (20.0, 4), (33.0, 2)] {
            simulation.advance_to(second);
            let services =
                json!({ "PaymentService": { "instances": number }, "DataService": { "instances": 7 - number } });
            patch(&mut simulation, json!({ "services": services, "db_clusters": { "PaymentDB": { "replicas": 2 } } }));
        }
        simulation.advance_to(50.0);
        simulation
    };
    let (one, other) = (run(), run());
    assert_eq!(one.report(), other.report());
    assert_eq!(log(&one, &[]), log(&other, &[]));
}

#[test]
fn outages_of_newcomers_are_their_own() {
    let server = json!({ "service_time": 0, "outages": { "up": { "exponential": { "mean": 10 } }, "down": 1 } });
    let outages = |added: bool| {
        let mut simulation = simulation(&with(poisson(1.0, server.clone()), json!({ "duration": 200 })));
        simulation.advance_to(50.5);
        if added {
            instances(&mut simulation, 3);
        }
        simulation.advance_to(200.0);
        let mut times: Vec<(String, f64)> =
            log(&simulation, &["crash"]).into_iter().map(|entry| (entry.component, entry.time)).collect();
        let newcomers = times.iter().filter(|(name, _)| name != "Server-0").count();
        times.retain(|(name, _)| name == "Server-0");
        (times, newcomers)
    };
    let (alone, with_newcomers) = (outages(false), outages(true));
    assert_eq!(alone.0, with_newcomers.0);
    assert!(with_newcomers.1 > 10, "{}", with_newcomers.1);
}
