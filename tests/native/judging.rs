//! The figures that a run is judged by: as users see it, of the whole run and of its last seconds.

use serde_json::{Value, json};
use web_service_model::simulation::Simulation;

use crate::support::{finished, poisson, with};

/// The end of the scenario whose shop dies of retries.
fn overloaded() -> Simulation {
    let config: Value = serde_json::from_str(include_str!("../../www/scenarios/overload.json")).expect("JSON");
    finished(&config)
}

/// Every request ends in time, and nobody warms up, so the last seconds are the whole run.
#[test]
fn the_last_seconds_of_a_run_are_the_run_if_it_is_as_long() {
    let config = poisson(40.0, json!({ "service_time": { "exponential": { "mean": 0.01 } }, "fail_prob": 0.1 }));
    let run = finished(&with(config, json!({ "duration": 50 })));
    let (recent, report) = (run.recent(1e9), run.report());
    assert_eq!(recent.seconds, 50.0);
    let close = |one: f64, other: f64| assert!((one - other).abs() < 1e-9, "{one} is not {other}");
    close(recent.offered, report.requests.offered);
    close(recent.goodput, report.requests.goodput);
    close(recent.success_ratio.unwrap(), report.requests.success_ratio.unwrap());
    close(recent.amplification.unwrap(), 1.0);
    let within_a_bin = |one: Option<f64>, other: Option<f64>| {
        let (one, other) = (one.unwrap(), other.unwrap());
        assert!((one / other - 1.0).abs() < 0.125, "{one} is not {other}");
    };
    within_a_bin(recent.response_p50, report.requests.response.p50);
    within_a_bin(recent.response_p99, report.requests.response.p99);
    within_a_bin(recent.response_p999, report.requests.response.p999);
}

#[test]
fn the_last_seconds_know_nothing_of_what_was_before() {
    let run = overloaded();
    let recent = run.recent(5.0);
    assert!((5.0..5.0 + 2.0).contains(&recent.seconds), "{}", recent.seconds);
    let (all, late) = (run.report().requests.goodput, recent.goodput);
    assert!(late < 0.5 * all, "the shop is dead at the end: {late} of {all}");
}

/// With the shop dead the successes are fast, and few: who gave up has waited for the client's timeout of a second, and twice
/// more after it.
#[test]
fn who_gave_up_has_waited() {
    let run = overloaded();
    let requests = run.report().requests;
    assert!(requests.latency.p99.unwrap() < requests.response.p99.unwrap());
    assert!(requests.response.p99.unwrap() >= 1.0);
    assert_eq!(requests.response.count, requests.total);
    let recent = run.recent(5.0);
    assert!(recent.response_p50.unwrap() >= 1.0, "{recent:?}");
    let series = run.series("requests.response_p99").unwrap();
    assert!(*series.values.last().unwrap() >= 1.0);
}

/// Three tiers of three tries each, while the last one is dead.
#[test]
fn retries_in_layers_multiply() {
    let tier =
        |next: &str| json!({ "service_time": 0.001, "calls": [{ "to": [next], "policy": { "retry": { "max": 2 } } }] });
    let run = finished(&json!({
        "duration": 100,
        "users": { "all": {
            "arrivals": { "poisson": { "rate": 5 } }, "targets": { "A": 1 }, "client": { "retries": { "max": 2, "backoff": { "base": 0.01 } } }
        } },
        "services": { "A": tier("B"), "B": tier("C"), "C": { "service_time": 0.001, "fail_prob": 1 } },
    }));
    let report = run.report();
    // (Some of the last tries are still to come.)
    for amplification in [report.requests.amplification, run.recent(20.0).amplification] {
        assert!((26.0..28.0).contains(&amplification.unwrap()), "{amplification:?}");
    }
    let series = run.series("requests.amplification").unwrap();
    let known: Vec<f64> = series.values.iter().copied().filter(|value| !value.is_nan()).collect();
    assert!(known.iter().all(|value| *value >= 1.0));
    // (A try in one window may have had its first try in the window before.)
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    assert!((22.0..36.0).contains(&mean), "{mean}");
}

#[test]
fn groups_are_told_apart() {
    let group = |target: &str| json!({ "arrivals": { "poisson": { "rate": 10 } }, "targets": { target: 1 } });
    let run = finished(&json!({
        "duration": 50,
        "users": { "calm": group("Good"), "unlucky": group("Bad") },
        "services": { "Good": { "service_time": 0.01 }, "Bad": { "service_time": 0.01, "fail_prob": 0.5 } },
    }));
    let report = run.report();
    let [calm, unlucky] = ["calm", "unlucky"].map(|name| report.users.get(name).unwrap());
    assert_eq!(calm.failed, 0);
    assert!(unlucky.failed > 100, "{}", unlucky.failed);
    assert_eq!(calm.total + unlucky.total, report.requests.total);
    let alone = finished(&poisson(10.0, json!({ "service_time": 0.01 })));
    assert!(alone.report().users.is_empty());
}
