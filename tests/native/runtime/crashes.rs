//! Instances and caches that go down and come back.

use serde_json::{Value, json};

use super::{close, failures};
use crate::support::{cluster, instance, log, poisson, regular, simulation, with};

#[test]
fn the_balancer_avoids_who_is_down() {
    for policy in ["weighted_random", "smooth_round_robin", "least_connections", "two_choices", "user_hash"] {
        let server = json!({ "service_time": 0.01, "instances": 3, "balancer": policy });
        let mut simulation = simulation(&with(regular(0.1, server), json!({ "duration": 100 })));
        simulation.advance_to(20.05);
        simulation.crash("Server-1", None).expect("there is one");
        let before = instance(&simulation.report(), "Server-1").total;
        simulation.advance_to(60.05);
        let report = simulation.report();
        assert_eq!(instance(&report, "Server-1").total, before, "{policy}");
        assert_eq!(instance(&report, "Server-1").state, "down");
        simulation.recover("Server-1").expect("there is one");
        simulation.advance_to(100.0);
        let report = simulation.report();
        assert!(instance(&report, "Server-1").total > before, "{policy}");
        assert_eq!(failures(&report), []);
        close(instance(&report, "Server-1").availability, 0.6);
    }
}

#[test]
fn with_all_down_requests_fail_with_502() {
    let server = json!({ "service_time": 0.01, "instances": 2 });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 30 })));
    simulation.advance_to(10.5);
    simulation.crash("Server", None).expect("there is one");
    simulation.advance_to(20.5);
    simulation.recover("Server").expect("there is one");
    simulation.advance_to(30.0);
    let report = simulation.report();
    assert_eq!(failures(&report), [("no_instance", 10)]);
    let service = &report.services[0];
    close(service.availability_any, 2.0 / 3.0);
    // Nobody reached an instance, so the instances know nothing of it.
    assert_eq!(service.failed, 10);
    assert_eq!(service.instances.iter().map(|(_, instance)| instance.failed).sum::<u64>(), 0);
}

/// Outages that never come, and what would become of work in progress.
fn if_it_goes_down(in_progress: &str) -> Value {
    json!({ "up": 1e6, "down": 1, "in_progress": in_progress })
}

#[test]
fn who_waits_or_is_worked_on_at_a_dying_instance_fails() {
    let server = json!({ "service_time": 10, "workers": 1 });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 30 })));
    simulation.advance_to(4.5);
    simulation.crash("Server", Some(0.25)).expect("there is one");
    let report = simulation.report();
    assert_eq!(failures(&report), [("instance_down", 4)]);
    assert_eq!(report.requests.in_flight, 0);
    simulation.advance_to(30.0);
    // The worker is free again: one request after another, from the fifth second on.
    assert_eq!(simulation.report().requests.succeeded, 2);
}

#[test]
fn work_in_progress_at_a_dying_instance_may_be_finished() {
    let server = json!({ "service_time": 10, "workers": 1, "outages": if_it_goes_down("finished") });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 30 })));
    simulation.advance_to(4.5);
    simulation.crash("Server", Some(0.25)).expect("there is one");
    let report = simulation.report();
    assert_eq!(failures(&report), [("instance_down", 3)]);
    assert_eq!(report.requests.in_flight, 1);
    simulation.advance_to(11.0);
    assert_eq!(simulation.report().requests.succeeded, 1);
}

/// Ten requests of twenty seconds each, and the instance dies five seconds after they began.
#[test]
fn a_crash_loses_what_is_in_flight() {
    let config = json!({
        "duration": 100,
        "users": { "u": { "arrivals": { "closed": { "users": 10, "think": 10 } }, "targets": { "Api": 1 } } },
        "services": { "Api": { "service_time": 20 } },
        "faults": [{ "crash": { "component": "Api-0", "at": 15, "recover_at": 99 } }],
    });
    let mut simulation = simulation(&config);
    simulation.advance_to(15.0);
    assert_eq!(failures(&simulation.report()), [("instance_down", 10)]);
    simulation.advance_to(16.0);
    assert_eq!(simulation.report().requests.succeeded, 0);
}

/// A visit that is lost while its database works for it fails at once; the database finishes what it has begun.
#[test]
fn a_crash_does_not_reach_the_database() {
    let config = with(
        regular(1.0, json!({ "service_time": 0, "database": { "name": "DB" } })),
        json!({ "duration": 10, "users": { "clients": { "read_share": 0 } },
                "db_clusters": { "DB": { "replicas": 0, "operation": 4 } } }),
    );
    let mut simulation = simulation(&config);
    simulation.advance_to(3.5);
    simulation.crash("Server", None).expect("there is one");
    let report = simulation.report();
    assert_eq!(failures(&report), [("instance_down", 3)]);
    simulation.advance_to(10.0);
    assert_eq!(cluster(&simulation.report(), "DB").acknowledged_writes, 3);
}

#[test]
fn a_dying_node_loses_its_operations() {
    for (in_progress, failed) in [("lost", 3), ("finished", 0)] {
        let config = with(
            regular(1.0, json!({ "service_time": 0, "database": { "name": "DB" } })),
            json!({ "duration": 3.9, "db_clusters": {
                "DB": { "replicas": 0, "operation": 4, "outages": if_it_goes_down(in_progress) }
            } }),
        );
        let mut simulation = simulation(&config);
        simulation.advance_to(3.5);
        simulation.crash("DB", Some(0.1)).expect("there is one");
        assert_eq!(simulation.report().requests.failed, failed, "{in_progress}");
    }
}

#[test]
fn a_crash_for_some_seconds_ends_by_itself() {
    let mut simulation = simulation(&with(poisson(1.0, json!({ "service_time": 0 })), json!({ "duration": 30 })));
    simulation.advance_to(10.0);
    simulation.crash("Server-0", Some(5.0)).expect("there is one");
    simulation.advance_to(20.0);
    let times: Vec<(&str, f64)> = log(&simulation, &[]).iter().map(|entry| (entry.kind, entry.time)).collect();
    assert_eq!(times, [("crash", 10.0), ("recover", 15.0)]);
    assert_eq!(simulation.components()[0].state, "up");
}

/// Somebody who recovers a component early must not be followed by the crash's own end, and a later crash counts anew.
#[test]
fn recovering_by_hand_forestalls_the_end_of_a_crash() {
    let mut simulation = simulation(&with(poisson(1.0, json!({ "service_time": 0 })), json!({ "duration": 60 })));
    simulation.advance_to(10.0);
    simulation.crash("Server-0", Some(20.0)).expect("there is one");
    simulation.advance_to(15.0);
    simulation.recover("Server-0").expect("there is one");
    simulation.recover("Server-0").expect("to recover who is up does nothing");
    simulation.advance_to(20.0);
    simulation.crash("Server-0", None).expect("there is one");
    simulation.advance_to(60.0);
    let entries: Vec<(&str, f64)> = log(&simulation, &[]).iter().map(|entry| (entry.kind, entry.time)).collect();
    assert_eq!(entries, [("crash", 10.0), ("recover", 15.0), ("crash", 20.0)]);
}

/// A component with outages that somebody crashes stays down as long as an outage would, then goes on as before.
#[test]
fn random_outages_go_on_after_a_crash_by_hand() {
    let outages = json!({ "up": 10, "down": 2 });
    let server = json!({ "service_time": 0, "outages": outages });
    let mut simulation = simulation(&with(poisson(1.0, server), json!({ "duration": 40 })));
    simulation.advance_to(5.0);
    simulation.crash("Server-0", None).expect("there is one");
    simulation.advance_to(40.0);
    let times: Vec<f64> = log(&simulation, &["crash", "recover"]).iter().map(|entry| entry.time).collect();
    assert_eq!(times, [5.0, 7.0, 17.0, 19.0, 29.0, 31.0]);
}

#[test]
fn unknown_components_and_times_are_refused() {
    let mut simulation = simulation(&poisson(1.0, json!({ "service_time": 0 })));
    assert!(simulation.crash("Nobody", None).is_err());
    assert!(simulation.recover("Server-1").is_err());
    assert!(simulation.promote("Server-0").is_err());
    assert!(simulation.crash("Server-0", Some(-1.0)).is_err());
    assert!(simulation.crash("Server-0", Some(f64::NAN)).is_err());
    assert_eq!(log(&simulation, &[]), []);
}

#[test]
fn a_dead_cache_fails_reads_or_is_passed_by_and_comes_back_empty() {
    let keyed = json!({ "keys": 10, "zipf_exponent": 0, "capacity": 10 });
    for (on_error, expected) in [("fail", vec![("cache_down", 10)]), ("fall_back", vec![])] {
        let server = json!({
            "service_time": 0, "cache": { "name": "Cache", "on_error": on_error }, "database": { "name": "DB" },
        });
        let parts = json!({
            "duration": 300,
            "caches": { "Cache": { "operation": 0.001, "keyed": keyed } },
            "db_clusters": { "DB": { "operation": 0.01 } },
        });
        let mut simulation = simulation(&with(regular(1.0, server), parts));
        simulation.advance_to(200.5);
        let report = simulation.report();
        let cache = &report.caches[0];
        assert_eq!((cache.keys, cache.misses, cache.hits), (Some(10), 10, 190));
        simulation.crash("Cache", Some(10.0)).expect("there is one");
        assert_eq!(simulation.report().caches[0].keys, Some(0));
        simulation.advance_to(300.0);
        let report = simulation.report();
        let cache = &report.caches[0];
        assert_eq!(failures(&report), expected, "{on_error}");
        assert_eq!((cache.failed, cache.misses), (10, 20));
    }
}
