//! Requests in process that slow each other down.

use serde_json::{Value, json};
use web_service_model::simulation::Simulation;

use super::close;
use crate::support::{poisson, regular, report, service, simulation, with};

fn patch(simulation: &mut Simulation, server: Value) {
    simulation
        .patch(&json!({ "services": { "Server": server } }).to_string())
        .unwrap_or_else(|error| panic!("{error}"));
}

fn total(simulation: &Simulation) -> u64 {
    simulation.report().requests.total
}

/// Requests of two seconds, one each second, the first at 1 s; two at a time are half as fast each. The first one has done a
/// second's work when the second comes, and half a second's when the third finds a queue: it is done at 4 s, and so on.
#[test]
fn two_at_a_time_are_half_as_fast() {
    let server = json!({ "service_time": 2, "workers": 2, "scalability": { "table": [1, 0.5] } });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 100 })));
    simulation.advance_to(3.99);
    assert_eq!(total(&simulation), 0);
    simulation.advance_to(4.01);
    assert_eq!(total(&simulation), 1);
    // The second has done one of its two seconds by then; from there on two are at work all the time, half as fast each.
    simulation.advance_to(5.99);
    assert_eq!(total(&simulation), 1);
    simulation.advance_to(6.01);
    assert_eq!(total(&simulation), 2);
    close(service(&simulation.report(), "Server").utilisation * 6.01 * 2.0, 2.0 * 6.01 - 3.0);
    // Without it each needs two seconds: what is left of the third (a second of work) and of the fourth.
    patch(&mut simulation, json!({ "scalability": null }));
    simulation.advance_to(7.02);
    assert_eq!(total(&simulation), 3);
    simulation.advance_to(8.02);
    assert_eq!(total(&simulation), 4);
    patch(&mut simulation, json!({ "scalability": { "table": [0.001] } }));
    simulation.advance_to(20.0);
    assert_eq!(total(&simulation), 4);
    patch(&mut simulation, json!({ "scalability": { "table": [1] } }));
    simulation.advance_to(22.1);
    assert_eq!(total(&simulation), 6);
}

/// Where a table says that nobody is slowed down, nothing is different, whatever else happens: crashes, changes of speed,
/// workers that are held, branches.
#[test]
fn a_speed_of_one_changes_nothing() {
    let faults = json!([
        { "crash": { "component": "Server-0", "at": 20, "recover_at": 25 } },
        { "slow": { "component": "Server-0", "from": 40, "until": 60, "factor": 2 } },
    ]);
    let servers = [
        json!({ "workers": 3 }),
        json!({ "workers": 3, "holds": "request", "database": { "name": "DB" } }),
        json!({ "workers": 3, "discipline": "lifo", "queue_limit": 5 }),
        json!({}),
        json!({ "workers": 3, "discipline": "processor_sharing" }),
        json!({ "workers": 3, "holds": "request", "endpoints": { "page": { "steps": [
            { "process": 0.01 }, { "branches": { "of": [[{ "process": 0.05 }], [{ "process": 0.02 }]] } }, { "process": 0.01 },
        ] } } }),
    ];
    for server in servers {
        let server = with(json!({ "service_time": { "exponential": { "mean": 0.1 } } }), server);
        let stores = json!({ "duration": 100, "faults": faults, "db_clusters": { "DB": { "operation": 0.05 } } });
        let mut config = with(poisson(25.0, server), stores);
        if config["services"]["Server"].get("endpoints").is_some() {
            config["users"]["clients"]["targets"] = json!({ "Server.page": 1 });
        }
        let alone = report(&config);
        config["services"]["Server"]["scalability"] = json!({ "table": [1] });
        let together = report(&config);
        let found = [&alone, &together].map(|report| (report.requests.total, report.requests.succeeded));
        assert_eq!(found[0], found[1], "{config}");
        let [one, other] = [alone, together].map(|report| report.requests.latency.mean.expect("somebody came"));
        assert!((one - other).abs() < 1e-6 * one, "{one} and {other}: {config}");
    }
}

#[test]
fn a_scalability_to_and_fro_loses_nobody() {
    let server = json!({ "service_time": { "exponential": { "mean": 0.1 } }, "workers": 2 });
    let mut simulation = simulation(&with(poisson(10.0, server), json!({ "duration": 2000 })));
    for step in 1..=600_u32 {
        let discipline = ["processor_sharing", "fifo", "lifo"][step as usize % 3];
        let scalability = [json!({ "usl": { "sigma": 0.1 } }), json!({ "table": [1, 0.8, 0.5] }), Value::Null];
        simulation.advance_to(f64::from(step) * 0.5);
        patch(&mut simulation, json!({ "discipline": discipline, "scalability": scalability[step as usize / 3 % 3] }));
        patch(&mut simulation, json!({ "scalability": scalability[step as usize / 2 % 3], "workers": 1 + step % 4 }));
    }
    simulation
        .patch(&json!({ "users": { "clients": { "arrivals": { "poisson": { "rate": 0 } } } } }).to_string())
        .unwrap_or_else(|error| panic!("{error}"));
    simulation.advance_to(2000.0);
    let report = simulation.report();
    assert_eq!((report.requests.failed, report.requests.in_flight), (0, 0));
}
