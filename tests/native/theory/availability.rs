//! How much of the time something works.

use serde_json::{Value, json};

use super::statistics::{Claim, Experiment};
use crate::support::{cluster, poisson, service, simulation, with};

fn breaking(instances: u32, up: &Value, down: &Value) -> Value {
    poisson(1.0, json!({ "service_time": 0, "instances": instances, "outages": { "up": up, "down": down } }))
}

/// Mean time up over mean time up and down, whatever their distributions.
#[test]
fn availability_of_one() {
    let cases = [
        (json!({ "uniform": [1, 3] }), json!({ "exponential": { "mean": 0.5 } }), 0.8),
        (json!({ "weibull": { "shape": 2, "scale": 9.0270 } }), json!({ "constant": 2 }), 0.8),
        (json!({ "exponential": { "mean": 9 } }), json!({ "lognormal": { "mean": 1, "sd": 0.5 } }), 0.9),
    ];
    for (up, down, expected) in cases {
        Experiment::new(breaking(1, &up, &down), 100_000.0).check(&[
            Claim::new("availability", expected, |report| service(report, "Server").availability),
            Claim::new("answered", expected, |report| report.requests.success_ratio.unwrap_or(f64::NAN)),
        ]);
    }
}

/// The balancer avoids the dead, so only all of n dead at once are noticed: 1 − (1 − A)^n.
#[test]
fn availability_of_any() {
    let config = breaking(3, &json!({ "exponential": { "mean": 6 } }), &json!({ "exponential": { "mean": 4 } }));
    Experiment::new(config, 200_000.0).check(&[
        Claim::new("of one", 0.6, |report| service(report, "Server").availability),
        Claim::new("of any", 1.0 - 0.064, |report| service(report, "Server").availability_any),
        Claim::new("answered", 1.0 - 0.064, |report| report.requests.success_ratio.unwrap_or(f64::NAN)),
    ]);
}

/// At least two of three: 3 A² (1 − A) + A³. How many are up is read at the end of every slice of time.
#[test]
fn two_of_three() {
    let outages = (json!({ "exponential": { "mean": 9 } }), json!({ "exponential": { "mean": 1 } }));
    let config = with(breaking(3, &outages.0, &outages.1), json!({ "duration": 100_000, "window": 1_000, "seed": 7 }));
    let mut simulation = simulation(&config);
    let samples = 20_000;
    let enough = (1..=samples).filter(|&sample| {
        simulation.advance_to(f64::from(sample) * 5.0);
        simulation.components().iter().filter(|component| component.state == "up").count() >= 2
    });
    let share = enough.count() as f64 / f64::from(samples);
    // Samples five repair times apart are as good as independent; four standard deviations.
    let expected: f64 = 0.972;
    let allowed = 4.0 * (expected * (1.0 - expected) / f64::from(samples)).sqrt();
    assert!((share - expected).abs() < allowed, "{share}, {expected} ± {allowed} expected (seed 7)");
}

/// A monitor that looks every 4 s finds a dead primary, and the promotion takes a second: without a primary
/// for half an interval and a second each time.
#[test]
fn time_without_a_primary() {
    let config = with(
        poisson(1.0, json!({ "service_time": 0, "database": { "name": "DB" } })),
        json!({ "duration": 1e6, "window": 1e3, "db_clusters": { "DB": {
            "replicas": 1,
            "operation": 0,
            "failover": { "monitor_interval": 4, "on_write": false, "promotion_time": 1 },
        } } }),
    );
    let mut simulation = simulation(&config);
    // Multiples of the golden ratio spread evenly over the monitor's interval.
    let moment = |crash: u32| f64::from(crash) * 40.0 + (f64::from(crash) * 0.618_034).fract() * 4.0;
    for crash in 1..=1_000 {
        simulation.advance_to(moment(crash));
        simulation.crash("DB/primary", Some(20.0)).expect("there is one");
    }
    simulation.advance_to(moment(1_000) + 30.0);
    let report = simulation.report();
    let db = cluster(&report, "DB");
    assert_eq!(db.failovers, 1_000);
    assert!((db.unavailable_seconds / 1_000.0 - 3.0).abs() < 0.01, "{}", db.unavailable_seconds);
}
