//! What balancers know, and what they do when an instance does not answer.

use serde_json::{Value, json};

use super::failures;
use crate::support::{instance, log, report, service, simulation, with};

/// A request every ten milliseconds to three instances, one of which cannot be reached from the 10th to the 40th second.
fn hung(changes: Value) -> Value {
    let config = json!({
        "duration": 60,
        "users": { "u": { "arrivals": { "gaps": 0.01 }, "targets": { "S": 1 } } },
        "network": { "partition_timeout": 1 },
        "services": { "S": { "instances": 3, "balancer": "smooth_round_robin", "service_time": "50ms" } },
        "faults": [{ "partition": { "between": ["balancer", "S-0"], "from": 10, "until": 40 } }],
    });
    with(config, json!({ "services": { "S": changes } }))
}

/// nginx's defaults: nobody fails, and those who found out are slower by the second that it takes to find out.
#[test]
fn nginx_finds_out_who_hangs_and_passes_on_what_it_has_failed() {
    let unaware = report(&hung(json!({})));
    assert_eq!(failures(&unaware), [("network", 1000)]);
    let aware = report(&hung(json!({ "knowledge": { "fails": {} }, "next_upstream": {} })));
    assert_eq!(failures(&aware), []);
    // A second's share at first, then one each time that it is tried again.
    let slower = service(&aware, "S").failures["network"];
    assert!((34..=37).contains(&slower), "{slower}");
    let max = aware.requests.latency.max.expect("somebody came");
    assert!((max - 1.05).abs() < 0.01, "{max}");
    assert_eq!(service(&aware, "S").ejections, Some(1), "one request at a time tries whether it is back");
}

/// Checks every two seconds, three of which must fail: nothing is asked there any more after some six seconds.
#[test]
fn checks_find_out_who_hangs() {
    let config = hung(json!({ "knowledge": { "checks": { "interval": 2, "timeout": 1, "rise": 2, "fall": 3 } } }));
    let mut simulation = simulation(&config);
    simulation.advance_to(60.0);
    let entries = log(&simulation, &["ejection"]);
    let told: Vec<(f64, &str)> = entries.iter().map(|entry| (entry.time, entry.detail.as_str())).collect();
    // The checks at 10, 12 and 14 s fail a second later each; those at 40 and 42 s are answered.
    assert_eq!(told, [(15.0, "the balancer takes it to be down"), (42.0, "the balancer asks it again")]);
    let found = simulation.report();
    let failed = found.requests.failed;
    assert!((165..=170).contains(&failed), "{failed}");
}

/// An instance that fails fast attracts traffic under least connections, until Envoy ejects it.
#[test]
fn a_black_hole_is_ejected() {
    let config = |knowledge: Value| {
        let knowledge = with(json!({ "next_upstream": { "on": ["service_error"], "tries": 1 } }), knowledge);
        json!({
            "duration": 100, "seed": 2,
            "users": { "u": { "arrivals": { "poisson": { "rate": 50 } }, "targets": { "Web": 1 } } },
            "services": {
                "Web": { "service_time": 0, "calls": [{ "to": ["S"] }] },
                "S": with(json!({ "instances": 3, "balancer": "least_connections",
                    "service_time": { "exponential": { "mean": 0.1 } }, "fail_prob": 0.3 }), knowledge),
            },
        })
    };
    let found = report(&config(json!({ "knowledge": { "outliers": { "consecutive": 3, "max_share": 1 } } })));
    let service = service(&found, "S");
    assert!(service.ejections.is_some_and(|count| count > 3), "{:?}", service.ejections);
}

/// Those who wait at an instance that dies are passed on to the other one.
#[test]
fn who_waits_at_a_dying_instance_is_passed_on() {
    let config = |next: Value| {
        with(
            json!({
                "duration": 100,
                "users": { "u": { "arrivals": { "closed": { "users": 20, "think": 10 } }, "targets": { "Api": 1 } } },
                "services": { "Api": {
                    "instances": 2, "balancer": "smooth_round_robin", "workers": 1, "service_time": 3,
                } },
                "faults": [{ "crash": { "component": "Api-0", "at": 11, "recover_at": 99 } }],
            }),
            json!({ "services": { "Api": next } }),
        )
    };
    let told = report(&config(json!({})));
    assert_eq!(failures(&told), [("instance_down", 10)]);
    let passed_on = report(&config(json!({ "next_upstream": {} })));
    assert_eq!(failures(&passed_on), []);
    assert!(instance(&passed_on, "Api-1").succeeded > instance(&told, "Api-1").succeeded / 2);
}

/// A write that has begun is not repeated unless somebody says that it may be.
#[test]
fn a_write_that_has_begun_is_not_passed_on() {
    let config = |next: Value| {
        json!({
            "duration": 20,
            "users": { "u": { "arrivals": { "gaps": 1 }, "targets": { "S": 1 }, "read_share": 0 } },
            "services": { "S": {
                "instances": 2, "balancer": "smooth_round_robin", "service_time": 0.5, "next_upstream": next,
            } },
            "faults": [{ "crash": { "component": "S-0", "at": 3.2 } }],
        })
    };
    let found = report(&config(json!({})));
    assert_eq!(failures(&found), [("instance_down", 1)]);
    let found = report(&config(json!({ "non_idempotent": true })));
    assert_eq!(failures(&found), []);
}
