//! Whom an instance lets in: limits that are fixed, limits that follow failures or latency, and classes.

use serde_json::{Value, json};
use web_service_model::{
    report::{AdmissionReport, Report},
    simulation::Simulation,
};

use crate::support::{poisson, regular, report, service, simulation, with};

/// What the first instance of the service `Server` says of its admission.
#[track_caller]
fn admission(report: &Report) -> &AdmissionReport {
    service(report, "Server").instances[0].admission.as_ref().expect("not everybody is let in")
}

fn refused(report: &Report) -> u64 {
    report.requests.failures.get("not_admitted").copied().unwrap_or(0)
}

#[track_caller]
fn patch(simulation: &mut Simulation, server: Value) {
    simulation
        .patch(&json!({ "services": { "Server": server } }).to_string())
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Ten requests a second, each of which waits a second for the database: five are inside all the time, though no worker is
/// ever busy.
#[test]
fn whoever_waits_for_a_database_is_inside() {
    let server = json!({
        "service_time": 0, "database": { "name": "DB" }, "admission": { "concurrency": { "max": 5 } },
    });
    let found = report(&with(
        regular(0.1, server),
        json!({ "duration": 1000.05, "warm_up": 10, "db_clusters": { "DB": { "replicas": 0, "operation": 1 } } }),
    ));
    // (Each place is taken again by the first request after the second.)
    assert!((found.requests.goodput - 5.0).abs() < 0.6, "{}", found.requests.goodput);
    let AdmissionReport { refused: not_let_in, inside, limit } = admission(&found);
    assert_eq!(*not_let_in, refused(&found));
    assert!(inside.mean > 4.5 && inside.max == 5.0, "{inside:?}");
    assert_eq!(limit.as_ref().map(|limit| (limit.now, limit.mean, limit.max)), Some((5.0, 5.0, 5.0)));
}

#[test]
fn a_bucket_lets_every_other_one_in() {
    let server = json!({ "service_time": 0, "admission": { "rate": { "rate": 5 } } });
    let found = report(&with(regular(0.1, server), json!({ "duration": 100.05 })));
    assert_eq!((found.requests.succeeded, refused(&found)), (500, 500));
    assert_eq!(admission(&found).limit, None);
}

/// Half of what is asked for can be done. The lowest class is what is left undone, or, with nothing reserved, half of each.
#[test]
fn the_lowest_class_is_refused_first() {
    let shares = |reserve: f64| {
        let users = |rate: f64, class: u32, target: &str| json!({ "arrivals": { "poisson": { "rate": rate } }, "targets": { target: 1 }, "priority": class });
        let steps = json!([{ "process": { "exponential": { "mean": 0.01 } } }]);
        let found = report(&json!({
            "duration": 300,
            "users": { "high": users(50.0, 0, "Server.high"), "low": users(150.0, 1, "Server.low") },
            "services": { "Server": {
                "workers": 1, "admission": { "concurrency": { "max": 10, "reserve": reserve } },
                "endpoints": { "high": { "steps": steps }, "low": { "steps": steps } },
            } },
        }));
        let ratio = |name: &str| service(&found, "Server").endpoints[name].success_ratio.expect("somebody came");
        (ratio("high"), ratio("low"))
    };
    let (high, low) = shares(0.5);
    assert!(high > 0.97 && (low - 1.0 / 3.0).abs() < 0.03, "{high}, {low}");
    let (high, low) = shares(0.0);
    assert!((high - 0.5).abs() < 0.03 && (low - 0.5).abs() < 0.03, "{high}, {low}");
}

/// Twice as much is asked for as can be done.
fn overloaded(admission: Value) -> Value {
    let server = json!({ "service_time": { "exponential": { "mean": 0.01 } }, "workers": 1, "admission": admission });
    with(poisson(200.0, server), json!({ "duration": 300, "warm_up": 60 }))
}

/// Requests that take longer than a fifth of a second count as failures: so long a queue of one in a hundredth of a second
/// is twenty, and about there the limit stays.
#[test]
fn a_limit_that_follows_failures_keeps_requests_in_time() {
    let found = report(&overloaded(json!({ "aimd": { "min": 1, "timeout": 0.2 } })));
    assert!((found.requests.goodput - 100.0).abs() < 3.0, "{}", found.requests.goodput);
    assert!(found.requests.latency.p99 < Some(0.5), "{:?}", found.requests.latency);
    let limit = admission(&found).limit.as_ref().expect("there is one");
    assert!((10.0..25.0).contains(&limit.mean), "{limit:?}");
    // A sixth of the time, a sixth of the limit.
    let found = report(&overloaded(json!({ "aimd": { "min": 1, "timeout": 0.035 } })));
    let limit = admission(&found).limit.as_ref().expect("there is one");
    assert!((1.0..5.0).contains(&limit.mean), "{limit:?}");
    assert!(found.requests.latency.p99 < Some(0.2), "{:?}", found.requests.latency);
}

/// After a calm minute the gradient knows how long requests usually take, and lets no more in than keeps it so.
#[test]
fn a_limit_that_follows_latency_shrinks_under_overload() {
    let arrivals = json!({ "profile": {
        "shape": "steps", "points": [{ "at": 0, "rate": 20 }, { "at": 60, "rate": 200 }],
    } });
    let config = |admission: Value| {
        let mut config = overloaded(admission);
        config["users"]["clients"]["arrivals"] = arrivals.clone();
        config["duration"] = json!(120);
        config
    };
    let found = report(&config(json!({ "gradient": { "min": 1 } })));
    assert!(found.requests.latency.p99 < Some(0.25), "{:?}", found.requests.latency);
    assert!(found.requests.goodput > 85.0, "{}", found.requests.goodput);
    let limit = admission(&found).limit.as_ref().expect("there is one");
    assert!(limit.mean < 15.0, "{limit:?}");
    let endless = report(&config(Value::Null));
    assert!(endless.requests.latency.p50 > Some(10.0), "{:?}", endless.requests.latency);
}

/// A crash takes those with it who are inside, and with a new process begins a new limit.
#[test]
fn a_crash_empties_an_instance() {
    let server = json!({ "service_time": 10, "admission": { "aimd": { "initial": 5, "min": 1, "timeout": 1 } } });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 100 })));
    simulation.advance_to(30.5);
    let inside = |simulation: &Simulation| {
        let report = simulation.report();
        let admission = admission(&report);
        (admission.inside.now, admission.limit.as_ref().expect("there is one").now)
    };
    let (before, limit) = inside(&simulation);
    assert!(before > 0.0 && limit < 5.0, "{before} of {limit}");
    simulation.crash("Server-0", Some(5.0)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(inside(&simulation), (0.0, 5.0));
    simulation.advance_to(39.5);
    assert_eq!(inside(&simulation), (4.0, 5.0), "from 36 s on one each second");
}

/// A gate that is put in while the run goes on knows who is there.
#[test]
fn gates_come_and_go() {
    let mut simulation = simulation(&with(regular(1.0, json!({ "service_time": 10 })), json!({ "duration": 200 })));
    simulation.advance_to(20.5);
    patch(&mut simulation, json!({ "admission": { "concurrency": { "max": 5 } } }));
    let inside = |simulation: &Simulation| admission(&simulation.report()).inside.now;
    assert_eq!(inside(&simulation), 10.0);
    simulation.advance_to(40.5);
    assert_eq!(inside(&simulation), 5.0);
    let before = refused(&simulation.report());
    patch(&mut simulation, json!({ "admission": null }));
    simulation.advance_to(60.5);
    assert_eq!(refused(&simulation.report()), before);
    assert!(simulation.report().services[0].instances[0].admission.is_none());
    patch(&mut simulation, json!({ "admission": { "rate": { "rate": 0.5 } } }));
    assert_eq!(inside(&simulation), 10.0);
    simulation.advance_to(100.5);
    assert_eq!(inside(&simulation), 5.0);
    let limits = simulation.series("services.Server.instances.Server-0.limit").expect("there was one");
    assert_eq!((limits.values[30], limits.values[50]), (5.0, 0.0));
    patch(&mut simulation, json!({ "admission": { "gradient": {} } }));
    simulation.advance_to(120.5);
    assert_eq!(inside(&simulation), 10.0);
}
