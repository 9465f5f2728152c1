//! Changes of kind while the run goes on: of arrivals, of disciplines, of what a cache holds, of windows.

use serde_json::{Value, json};
use web_service_model::simulation::Simulation;

use super::close;
use crate::support::{poisson, regular, simulation, with};

#[track_caller]
fn patch(simulation: &mut Simulation, patch: Value) {
    simulation.patch(&patch.to_string()).unwrap_or_else(|error| panic!("{error}"));
}

fn total(simulation: &Simulation) -> u64 {
    simulation.report().requests.total
}

#[test]
fn the_kind_of_arrivals() {
    let gaps = json!({ "gaps": 1 });
    let closed = json!({ "closed": { "users": 10, "think": 1 } });
    let sequential = json!({ "sequential": { "gap": 2 } });
    let kinds = [(&closed, 500), (&gaps, 100), (&sequential, 50), (&closed, 500), (&sequential, 50), (&gaps, 100)];
    let mut simulation = simulation(&with(regular(1.0, json!({ "service_time": 1 })), json!({ "duration": 700 })));
    simulation.advance_to(10.5);
    let mut before = total(&simulation);
    for (step, (kind, expected)) in kinds.into_iter().enumerate() {
        patch(&mut simulation, json!({ "users": { "clients": { "arrivals": kind } } }));
        simulation.advance_to(step as f64 * 100.0 + 110.5);
        let after = total(&simulation);
        let found = after - before;
        assert!(found.abs_diff(expected) <= 10, "{kind}: {found} instead of {expected}");
        before = after;
    }
}

/// Who waits for an answer while his group is opened and closed again is there once, not twice.
#[test]
fn closed_users_return_once() {
    let closed = json!({ "closed": { "users": 10, "think": 1 } });
    let mut config = with(regular(1.0, json!({ "service_time": 3 })), json!({ "duration": 1000 }));
    config["users"]["clients"]["arrivals"] = closed.clone();
    let mut simulation = simulation(&config);
    for step in 0..20 {
        simulation.advance_to(f64::from(step) * 1.7);
        patch(&mut simulation, json!({ "users": { "clients": { "arrivals": { "poisson": { "rate": 2 } } } } }));
        simulation.advance_to(f64::from(step) * 1.7 + 0.8);
        patch(&mut simulation, json!({ "users": { "clients": { "arrivals": closed } } }));
    }
    simulation.advance_to(100.0);
    let before = total(&simulation);
    simulation.advance_to(500.0);
    assert_eq!(total(&simulation) - before, 1000, "ten users, four seconds each");
}

fn busy(simulation: &Simulation) -> (u64, u64) {
    let state = simulation.components().remove(0);
    (state.busy, state.queue)
}

#[test]
fn who_waits_goes_on_under_another_discipline() {
    let server = json!({ "service_time": 10, "workers": 2 });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 300 })));
    let discipline = |name: &str| json!({ "services": { "Server": { "discipline": name } } });
    simulation.advance_to(8.5);
    assert_eq!(busy(&simulation), (2, 6));
    patch(&mut simulation, discipline("processor_sharing"));
    assert_eq!(busy(&simulation), (2, 6), "two finish with a worker each, the others have none to share yet");
    simulation.advance_to(11.75);
    assert_eq!(total(&simulation), 1, "the first one is done at 11 s");
    simulation.advance_to(12.25);
    assert_eq!((total(&simulation), busy(&simulation)), (2, (2, 8)));
    patch(&mut simulation, discipline("lifo"));
    assert_eq!(busy(&simulation), (2, 8));
    patch(&mut simulation, json!({ "users": { "clients": { "arrivals": { "poisson": { "rate": 0 } } } } }));
    simulation.advance_to(300.0);
    let report = simulation.report();
    assert_eq!((report.requests.total, report.requests.succeeded), (12, 12), "nobody is forgotten");
}

#[test]
fn a_discipline_to_and_fro_loses_nobody() {
    let server = json!({ "service_time": { "exponential": { "mean": 0.1 } }, "workers": 2 });
    let mut simulation = simulation(&with(poisson(25.0, server), json!({ "duration": 2000 })));
    for step in 1..=600_u32 {
        let discipline = ["processor_sharing", "fifo", "processor_sharing", "lifo"][step as usize % 4];
        simulation.advance_to(f64::from(step) * 0.5);
        patch(&mut simulation, json!({ "services": { "Server": { "discipline": discipline } } }));
        if step % 7 == 0 {
            patch(&mut simulation, json!({ "services": { "Server": { "workers": 1 + step % 4 } } }));
        }
    }
    patch(&mut simulation, json!({ "services": { "Server": { "workers": 4 } } }));
    patch(&mut simulation, json!({ "users": { "clients": { "arrivals": { "poisson": { "rate": 0 } } } } }));
    simulation.advance_to(2000.0);
    let report = simulation.report();
    assert_eq!((report.requests.failed, report.requests.in_flight), (0, 0));
    assert_eq!(busy(&simulation), (0, 0));
}

#[test]
fn what_a_cache_holds() {
    let server = json!({ "service_time": 0, "cache": { "name": "Cache" }, "database": { "name": "DB" } });
    let keyed = json!({ "keys": 100, "capacity": 100, "zipf_exponent": 0 });
    let stores = json!({
        "duration": 1000,
        "caches": { "Cache": { "operation": 0, "keyed": keyed } },
        "db_clusters": { "DB": { "operation": 0 } },
    });
    let mut simulation = simulation(&with(poisson(100.0, server), stores));
    let held = |simulation: &Simulation| simulation.report().caches[0].keys;
    let keyed = |changes: Value| json!({ "caches": { "Cache": { "keyed": changes } } });
    simulation.advance_to(100.0);
    assert_eq!(held(&simulation), Some(100));
    patch(&mut simulation, keyed(json!({ "capacity": 10 })));
    assert_eq!(held(&simulation), Some(10));
    patch(&mut simulation, keyed(json!({ "capacity": 50, "eviction": "lfu" })));
    simulation.advance_to(200.0);
    assert_eq!(held(&simulation), Some(50));
    patch(&mut simulation, keyed(json!({ "keys": 20, "eviction": "random" })));
    simulation.advance_to(300.0);
    assert_eq!(held(&simulation), Some(20));
    patch(&mut simulation, json!({ "caches": { "Cache": { "keyed": null, "hit_prob": 1 } } }));
    assert_eq!(held(&simulation), None);
    let misses = |simulation: &Simulation| simulation.report().caches[0].misses;
    let before = misses(&simulation);
    simulation.advance_to(400.0);
    assert_eq!(misses(&simulation), before);
    let keyed = json!({ "keys": 5, "capacity": 5 });
    patch(&mut simulation, json!({ "caches": { "Cache": { "keyed": keyed, "hit_prob": null } } }));
    assert_eq!(held(&simulation), Some(0));
    simulation.advance_to(500.0);
    assert_eq!((held(&simulation), misses(&simulation)), (Some(5), before + 5));
}

#[test]
fn the_window_of_the_time_series() {
    let config = with(regular(1.0, json!({ "service_time": 0 })), json!({ "duration": 100, "window": 1 }));
    let mut simulation = simulation(&config);
    let series = |simulation: &Simulation| simulation.series("requests.succeeded").expect("there is one");
    simulation.advance_to(20.5);
    patch(&mut simulation, json!({ "window": 5 }));
    simulation.advance_to(40.0);
    let after = series(&simulation);
    assert_eq!((after.width, after.values), (5.0, vec![0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]));
    patch(&mut simulation, json!({ "window": 2 }));
    simulation.advance_to(100.0);
    let after = series(&simulation);
    assert_eq!((after.width, after.values.len()), (2.0, 50));
    // (The last request comes when the last window has just ended.)
    close(after.values.iter().sum::<f64>() * 2.0, total(&simulation) as f64 - 1.0);
}

#[test]
fn the_end_of_the_warm_up() {
    let config = with(regular(1.0, json!({ "service_time": 0 })), json!({ "duration": 100, "warm_up": 50 }));
    let mut simulation = simulation(&config);
    simulation.advance_to(10.5);
    patch(&mut simulation, json!({ "warm_up": 20.5 }));
    simulation.advance_to(60.5);
    assert_eq!(total(&simulation), 40);
    patch(&mut simulation, json!({ "warm_up": 10 }));
    simulation.advance_to(70.5);
    assert_eq!(total(&simulation), 50, "what lies in the past does not happen");
}
