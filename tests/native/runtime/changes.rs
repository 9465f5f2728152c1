//! Changes of the configuration while the run goes on.

use serde_json::{Value, json};
use web_service_model::simulation::{PatchError, Simulation};

use super::{close, failures};
use crate::{
    scenarios,
    support::{log, poisson, queue, regular, service, simulation, with},
};

/// Changes a run and says how many requests ended by then.
#[track_caller]
fn patch(simulation: &mut Simulation, patch: Value) -> u64 {
    simulation.patch(&patch.to_string()).unwrap_or_else(|error| panic!("{error}"));
    simulation.report().requests.total
}

#[test]
fn the_probability_of_failure() {
    let mut simulation = simulation(&with(regular(1.0, json!({ "service_time": 0 })), json!({ "duration": 40 })));
    simulation.advance_to(10.5);
    patch(&mut simulation, json!({ "services": { "Server": { "fail_prob": 1 } } }));
    simulation.advance_to(20.5);
    patch(&mut simulation, json!({ "services": { "Server": { "fail_prob": 0 } } }));
    simulation.advance_to(40.0);
    assert_eq!(failures(&simulation.report()), [("service_error", 10)]);
    let entries = log(&simulation, &["config_change"]);
    let times: Vec<f64> = entries.iter().map(|entry| entry.time).collect();
    assert_eq!(times, [10.5, 20.5]);
    assert!(entries[0].detail.contains("services.Server.fail_prob"), "{}", entries[0].detail);
}

#[test]
fn workers_up_and_down() {
    let server = json!({ "service_time": 10, "workers": 1 });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 200 })));
    let busy = |simulation: &Simulation| {
        let state = simulation.components().remove(0);
        (state.busy, state.queue, state.capacity)
    };
    simulation.advance_to(5.5);
    assert_eq!(busy(&simulation), (1, 4, Some(1)));
    patch(&mut simulation, json!({ "services": { "Server": { "workers": 4 } } }));
    assert_eq!(busy(&simulation), (4, 1, Some(4)), "waiting requests start at once");
    patch(&mut simulation, json!({ "services": { "Server": { "workers": 2 } } }));
    simulation.advance_to(11.25);
    assert_eq!(busy(&simulation).0, 3, "work in progress is finished, and nothing new begins");
    simulation.advance_to(60.0);
    assert_eq!(busy(&simulation).0, 2);
    patch(&mut simulation, json!({ "services": { "Server": { "workers": null } } }));
    assert_eq!(busy(&simulation).1, 0, "any number");
}

#[test]
fn the_rate_of_arrivals() {
    let mut simulation = simulation(&with(poisson(100.0, json!({ "service_time": 0 })), json!({ "duration": 300 })));
    let rate = |rate: f64| json!({ "users": { "clients": { "arrivals": { "poisson": { "rate": rate } } } } });
    simulation.advance_to(100.0);
    let first = patch(&mut simulation, rate(1.0));
    simulation.advance_to(200.0);
    let second = patch(&mut simulation, rate(200.0));
    simulation.advance_to(300.0);
    let third = simulation.report().requests.total;
    // Five standard deviations of a Poisson count.
    assert!((9_500..=10_500).contains(&first), "{first}");
    assert!((50..=150).contains(&(second - first)), "{}", second - first);
    assert!((19_290..=20_710).contains(&(third - second)), "{}", third - second);
}

/// Arrivals so rare that the next one lies beyond the end must not keep a higher rate from taking effect.
#[test]
fn the_rate_of_arrivals_from_next_to_nothing() {
    let mut simulation = simulation(&with(poisson(0.0001, json!({ "service_time": 0 })), json!({ "duration": 20 })));
    simulation.advance_to(10.0);
    patch(&mut simulation, json!({ "users": { "clients": { "arrivals": { "poisson": { "rate": 100 } } } } }));
    simulation.advance_to(20.0);
    assert!(simulation.report().requests.total > 500);
}

#[test]
fn weights_of_the_balancer() {
    let server = json!({ "service_time": 0, "instances": 2, "weights": [1, 1], "balancer": "smooth_round_robin" });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 300 })));
    let totals = |simulation: &Simulation| {
        let report = simulation.report();
        service(&report, "Server").instances.iter().map(|(_, instance)| instance.total).collect::<Vec<_>>()
    };
    simulation.advance_to(100.5);
    assert_eq!(totals(&simulation), [50, 50]);
    patch(&mut simulation, json!({ "services": { "Server": { "weights": [4, 1] } } }));
    simulation.advance_to(200.5);
    assert_eq!(totals(&simulation), [130, 70]);
    patch(&mut simulation, json!({ "services": { "Server": { "weights": [0, 1] } } }));
    simulation.advance_to(300.0);
    assert_eq!(totals(&simulation), [130, 170 - 1 + u64::from(simulation.now() >= 300.0)]);
}

#[test]
fn the_policy_of_the_balancer() {
    let server = json!({ "service_time": 0, "instances": 2, "balancer": "user_hash" });
    let config = with(regular(1.0, server), json!({ "duration": 200, "users": { "clients": { "max_users": 1 } } }));
    let mut simulation = simulation(&config);
    let spread = |simulation: &Simulation| {
        let report = simulation.report();
        let instances = &service(&report, "Server").instances;
        instances[0].total.abs_diff(instances[1].total)
    };
    simulation.advance_to(100.5);
    assert_eq!(spread(&simulation), 100, "one user, one instance");
    patch(&mut simulation, json!({ "services": { "Server": { "balancer": "least_connections" } } }));
    simulation.advance_to(200.0);
    assert!((99..=101).contains(&spread(&simulation)), "from now on in turn");
}

#[test]
fn the_service_time_of_consumers() {
    let mut simulation = simulation(&with(
        regular(1.0, json!({ "service_time": 0, "publish": { "broker": "B", "queue": "q" } })),
        json!({ "duration": 200, "brokers": { "B": { "queues": { "q": { "consumers": [{ "service_time": 10 }] } } } } }),
    ));
    simulation.advance_to(100.5);
    assert_eq!(queue(&simulation.report()).size.now, 90.0);
    let consumers = json!([{ "service_time": 0.1 }]);
    patch(&mut simulation, json!({ "brokers": { "B": { "queues": { "q": { "consumers": consumers } } } } }));
    simulation.advance_to(150.5);
    assert_eq!(queue(&simulation.report()).size.now, 0.0);
}

#[test]
fn the_duration() {
    let mut simulation = simulation(&with(regular(1.0, json!({ "service_time": 0 })), json!({ "duration": 10.5 })));
    simulation.advance_to(f64::INFINITY);
    assert!(simulation.is_finished());
    patch(&mut simulation, json!({ "duration": 20.5 }));
    assert!(!simulation.is_finished());
    simulation.advance_to(f64::INFINITY);
    assert_eq!((simulation.now(), simulation.report().requests.total), (20.5, 20));
    // An end in the past is an end now.
    patch(&mut simulation, json!({ "duration": 15 }));
    assert!(simulation.is_finished());
    simulation.advance_to(f64::INFINITY);
    assert_eq!(simulation.report().requests.total, 20);
}

#[test]
fn the_list_of_faults() {
    let config = with(
        regular(1.0, json!({ "service_time": 0.1 })),
        json!({ "duration": 40, "faults": [{ "slow": { "component": "Server", "factor": 5, "from": 1 } }] }),
    );
    let mut simulation = simulation(&config);
    simulation.advance_to(10.5);
    assert_eq!(simulation.components()[0].slow_factor, 5.0);
    let crash = json!({ "crash": { "component": "Server", "at": 20.5, "recover_at": 25.5 } });
    let past = json!({ "crash": { "component": "Server", "at": 5 } });
    patch(&mut simulation, json!({ "faults": [crash, past] }));
    assert_eq!(simulation.components()[0].slow_factor, 1.0);
    simulation.advance_to(40.0);
    assert_eq!(failures(&simulation.report()), [("no_instance", 5)]);
    assert_eq!(log(&simulation, &["crash"]).len(), 1, "what lies in the past does not happen");
}

/// A crash that is patched in late goes on until its end; one that has happened already does not happen again.
#[test]
fn a_crash_that_should_be_under_way() {
    let crash =
        |at: f64, recover_at: f64| json!({ "crash": { "component": "Server", "at": at, "recover_at": recover_at } });
    let slow = json!({ "slow": { "component": "Server", "factor": 1, "from": 35, "until": 36 } });
    let config = with(regular(1.0, json!({ "service_time": 0.1 })), json!({ "duration": 60 }));
    let mut simulation = simulation(&config);
    let crashes =
        |simulation: &Simulation| log(simulation, &["crash"]).iter().map(|entry| entry.time).collect::<Vec<_>>();
    simulation.advance_to(10.5);
    patch(&mut simulation, json!({ "faults": [crash(2.0, 10.0), crash(5.0, 20.5)] }));
    simulation.advance_to(11.0);
    assert_eq!(crashes(&simulation), [10.5], "at once, and not what would be over by now");
    // Somebody repairs it. That other faults are changed is no reason to crash again.
    simulation.recover("Server").expect("the server is there");
    patch(&mut simulation, json!({ "faults": [slow, crash(5.0, 20.5)] }));
    simulation.advance_to(15.5);
    assert_eq!(crashes(&simulation), [10.5]);
    // Nor is that there are more instances to crash now.
    patch(&mut simulation, json!({ "services": { "Server": { "instances": 2 } } }));
    simulation.advance_to(16.5);
    assert_eq!(crashes(&simulation), [10.5]);
    patch(&mut simulation, json!({ "services": { "Server": { "instances": 1 } }, "faults": [crash(5.0, 30.5)] }));
    simulation.advance_to(25.5);
    assert_eq!(crashes(&simulation), [10.5, 16.5], "another end is another crash");
    // Of a crash that is under way the end is moved.
    patch(&mut simulation, json!({ "faults": [crash(5.0, 40.5)] }));
    simulation.advance_to(60.0);
    assert_eq!(crashes(&simulation), [10.5, 16.5]);
    let recoveries = log(&simulation, &["recover"]);
    assert_eq!(recoveries.last().map(|entry| entry.time), Some(40.5));
}

#[test]
fn a_crash_at_this_very_moment() {
    let config = with(regular(1.0, json!({ "service_time": 0.1 })), json!({ "duration": 20 }));
    let mut simulation = simulation(&config);
    simulation.advance_to(10.25);
    let now = simulation.now();
    patch(&mut simulation, json!({ "faults": [{ "crash": { "component": "Server", "at": now } }] }));
    simulation.advance_to(20.0);
    let times: Vec<f64> = log(&simulation, &["crash"]).iter().map(|entry| entry.time).collect();
    assert_eq!(times, [10.25]);
}

#[test]
fn closed_users_up_and_down() {
    let config = json!({
        "duration": 400,
        "users": { "clients": { "arrivals": { "closed": { "users": 10, "think": 1 } }, "targets": { "Server": 1 } } },
        "services": { "Server": { "service_time": 1 } },
    });
    let mut simulation = simulation(&config);
    let users = |users: u32| json!({ "users": { "clients": { "arrivals": { "closed": { "users": users } } } } });
    let mut rates = Vec::new();
    let mut before = 0;
    for (step, number) in [30, 5, 5, 20, 0].into_iter().enumerate() {
        simulation.advance_to(step as f64 * 80.0 + 79.5);
        let total = simulation.report().requests.total;
        rates.push((total - before) / 40);
        before = total;
        if number > 0 {
            patch(&mut simulation, users(number));
        }
    }
    // Each user sends a request every two seconds.
    assert_eq!(rates, [9, 30, 5, 5, 20]);
}

#[test]
fn outages_begin_and_end() {
    let mut simulation = simulation(&with(regular(1.0, json!({ "service_time": 0 })), json!({ "duration": 100 })));
    simulation.advance_to(10.0);
    patch(&mut simulation, json!({ "services": { "Server": { "outages": { "up": 5, "down": 5 } } } }));
    simulation.advance_to(36.0);
    patch(&mut simulation, json!({ "services": { "Server": { "outages": null } } }));
    simulation.advance_to(100.0);
    let times: Vec<f64> = log(&simulation, &["crash", "recover"]).iter().map(|entry| entry.time).collect();
    // It was down when the outages were taken away, and came back from the last one.
    assert_eq!(times, [15.0, 20.0, 25.0, 30.0, 35.0, 40.0]);
}

/// Somebody said for how long; other outages do not change that.
#[test]
fn other_outages_do_not_lengthen_a_crash_by_hand() {
    let server = json!({ "service_time": 0, "outages": { "up": 1000, "down": 1000 } });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 100 })));
    simulation.advance_to(10.0);
    simulation.crash("Server-0", Some(5.0)).expect("there is one");
    patch(&mut simulation, json!({ "services": { "Server": { "outages": { "up": 30, "down": 500 } } } }));
    simulation.advance_to(100.0);
    let times: Vec<f64> = log(&simulation, &["crash", "recover"]).iter().map(|entry| entry.time).collect();
    assert_eq!(times, [10.0, 15.0, 45.0]);
}

#[test]
fn a_retry_budget_starts_full_whenever_it_comes() {
    let retries = json!({ "max": 10, "backoff": { "base": 0.01 } });
    let config = with(
        regular(1.0, json!({ "service_time": 0 })),
        json!({ "duration": 100, "users": { "clients": { "client": { "retries": retries } } } }),
    );
    let mut simulation = simulation(&config);
    simulation.advance_to(10.5);
    let budget = json!({ "ratio": 0, "burst": 7 });
    patch(
        &mut simulation,
        json!({
            "services": { "Server": { "fail_prob": 1 } },
            "users": { "clients": { "client": { "retries": { "budget": budget } } } },
        }),
    );
    simulation.advance_to(100.0);
    assert_eq!(simulation.report().requests.retries, 7);
}

#[test]
fn times_of_nodes_caches_and_the_network() {
    let server = json!({ "service_time": 0, "cache": { "name": "Cache" }, "database": { "name": "DB" } });
    let config = with(
        regular(1.0, server),
        json!({
            "duration": 100,
            "caches": { "Cache": { "operation": 0.1, "hit_prob": 0 } },
            "db_clusters": { "DB": { "operation": 0.1 } },
        }),
    );
    let mut simulation = simulation(&config);
    simulation.advance_to(50.5);
    close(simulation.report().requests.latency.max, 0.2);
    patch(
        &mut simulation,
        json!({
            "network": { "tcp": 0.01, "tls": 0.02, "delay": 0.001 },
            "caches": { "Cache": { "operation": 0.2 } },
            "db_clusters": { "DB": { "operation": { "uniform": [0.3, 0.3] } } },
        }),
    );
    simulation.advance_to(100.0);
    // Handshakes, four hops between user and service, two to the cache, two to the database.
    close(simulation.report().requests.latency.max, 0.03 + 0.008 + 0.5);
}

/// What cannot be done leaves no trace.
#[test]
fn a_refused_change_leaves_the_run_undisturbed() {
    let config: Value = serde_json::from_str(&scenarios::text("coursework")).expect("JSON");
    let mut undisturbed = simulation(&config);
    let mut disturbed = simulation(&config);
    let restart = [
        json!({ "seed": 2 }),
        json!({ "services": { "New": { "service_time": 1 } } }),
        json!({ "services": { "PaymentService": { "instances": 4, "publish": null } } }),
        json!({ "services": { "DataService": { "cache": null } } }),
    ];
    let bad = ["{ \"services\": { \"PaymentService\": { \"fail_prob\": 2 } } }", "{", "[]", "{ \"nonsense\": 1 }", ""];
    for second in 1..=50 {
        undisturbed.advance_to(f64::from(second));
        disturbed.advance_to(f64::from(second));
        for patch in &restart {
            let refused = disturbed.patch(&patch.to_string());
            assert!(matches!(refused, Err(PatchError::NeedsRestart(_))), "{patch}: {refused:?}");
        }
        for patch in bad {
            let refused = disturbed.patch(patch);
            assert!(matches!(refused, Err(PatchError::Bad(_))), "{patch}: {refused:?}");
        }
        // To change nothing disturbs nothing either.
        assert_eq!(disturbed.patch("{}"), Ok(Vec::new()));
    }
    assert_eq!(undisturbed.report(), disturbed.report());
    assert_eq!(log(&disturbed, &["config_change"]), []);
    assert_eq!(undisturbed.config(), disturbed.config());
}

#[test]
fn a_change_and_its_reverse_restore_the_configuration() {
    let mut simulation = simulation(&regular(1.0, json!({ "service_time": 1, "workers": 2 })));
    let before = simulation.config().clone();
    patch(&mut simulation, json!({ "services": { "Server": { "workers": 3, "fail_prob": 0.5 } } }));
    assert_ne!(*simulation.config(), before);
    patch(&mut simulation, json!({ "services": { "Server": { "workers": 2, "fail_prob": null } } }));
    assert_eq!(*simulation.config(), before);
}
