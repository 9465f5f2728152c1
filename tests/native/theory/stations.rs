//! One station: servers, a queue, a discipline.

use serde_json::{Value, json};
use web_service_model::report::Report;

use super::statistics::{Claim, Experiment, failed_for, mean_latency, mean_wait};
use crate::support::{instance, poisson, service};

/// A server with one worker and that service time.
fn single(service_time: Value) -> Value {
    json!({ "service_time": service_time, "workers": 1 })
}

fn exponential(mean: f64) -> Value {
    json!({ "exponential": { "mean": mean } })
}

/// Two branches; with these weights and means the mean is 0.1 and the mean square 0.044.
fn hyperexponential() -> Value {
    json!({ "hyperexponential": [{ "weight": 0.8, "mean": 0.05 }, { "weight": 0.2, "mean": 0.3 }] })
}

fn utilisation(report: &Report) -> f64 {
    service(report, "Server").utilisation
}

fn mean_queue(report: &Report) -> f64 {
    instance(report, "Server-0").queue.mean
}

/// Erlang's B: the share of requests that find all servers of a loss station busy.
fn erlang_b(a: f64, servers: u32) -> f64 {
    (1..=servers).fold(1.0, |b, k| a * b / (f64::from(k) + a * b))
}

#[test]
fn one_server() {
    let quantile = |p: f64| -libm::log(1.0 - p) / 2.0;
    Experiment::new(poisson(8.0, single(exponential(0.1))), 1_300_000.0).check(&[
        Claim::new("W", 0.5, mean_latency),
        Claim::new("Wq", 0.4, mean_wait),
        Claim::new("Lq", 3.2, mean_queue),
        Claim::new("p50", quantile(0.5), |report| report.requests.latency.p50.unwrap_or(f64::NAN)),
        Claim::new("p95", quantile(0.95), |report| report.requests.latency.p95.unwrap_or(f64::NAN)),
        Claim::new("p99", quantile(0.99), |report| report.requests.latency.p99.unwrap_or(f64::NAN)),
        Claim::new("utilisation", 0.8, utilisation),
        Claim::new("throughput", 8.0, |report| report.requests.rps),
    ]);
}

#[test]
fn several_servers() {
    let (a, servers) = (8.0, 10);
    let b = erlang_b(a, servers);
    let c = b / (1.0 - a / f64::from(servers) * (1.0 - b));
    assert!((c - 0.40918).abs() < 1e-5, "Erlang's C is {c}");
    let wait = c / (f64::from(servers) - a);
    let server = json!({ "service_time": exponential(1.0), "workers": servers });
    Experiment::new(poisson(a, server), 1_800_000.0).check(&[
        Claim::new("Wq", wait, mean_wait),
        Claim::new("W", 1.0 + wait, mean_latency),
        Claim::new("Lq", a * wait, mean_queue),
        Claim::new("utilisation", 0.8, utilisation),
    ]);
}

#[test]
fn losses_do_not_depend_on_the_service_distribution() {
    let b = erlang_b(2.0, 3);
    assert!((b - 0.210526).abs() < 1e-6, "Erlang's B is {b}");
    let times = [json!(0.1), exponential(0.1), hyperexponential(), json!({ "uniform": [0.0, 0.2] })];
    for service_time in times {
        let server = json!({ "service_time": service_time, "workers": 3, "queue_limit": 0 });
        Experiment::new(poisson(20.0, server), 25_000.0).check(&[
            Claim::new("lost", b, failed_for("queue_full")),
            Claim::new("busy", 2.0 * (1.0 - b) / 3.0, utilisation),
            Claim::new("W", 0.1, mean_latency),
        ]);
    }
}

#[test]
fn a_short_queue() {
    let (rho, places) = (0.8, 5);
    let power = |k: i32| libm::pow(rho, f64::from(k));
    let full = (1.0 - rho) * power(places) / (1.0 - power(places + 1));
    assert!((full - 0.088819).abs() < 1e-6, "{full}");
    let present: f64 = (0..=places).map(|k| f64::from(k) * (1.0 - rho) * power(k) / (1.0 - power(places + 1))).sum();
    let server = json!({ "service_time": exponential(0.1), "workers": 1, "queue_limit": places - 1 });
    Experiment::new(poisson(8.0, server), 250_000.0).check(&[
        Claim::new("lost", full, failed_for("queue_full")),
        Claim::new("W", present / (8.0 * (1.0 - full)), mean_latency),
    ]);
}

/// Pollaczek–Khinchine: the wait grows with the mean square of the service time.
#[test]
fn any_service_time() {
    let (rate, rho) = (7.0, 0.7);
    let times = [
        (json!(0.1), 0.01, 120_000.0),
        (json!({ "erlang": { "stages": 4, "mean": 0.1 } }), 0.0125, 150_000.0),
        (json!({ "uniform": [0.0, 0.2] }), 0.04 / 3.0, 150_000.0),
        (hyperexponential(), 0.04, 600_000.0),
    ];
    for (service_time, mean_square, seconds) in times {
        let wait = rate * mean_square / (2.0 * (1.0 - rho));
        Experiment::new(poisson(rate, single(service_time)), seconds)
            .check(&[Claim::new("Wq", wait, mean_wait), Claim::new("W", 0.1 + wait, mean_latency)]);
    }
}

#[test]
fn a_constant_service_time_at_high_load_halves_the_wait() {
    Experiment::new(poisson(8.0, single(json!(0.1))), 150_000.0).check(&[Claim::new("Wq", 0.2, mean_wait)]);
}

/// Last come, first served: the mean is the same as in order of arrival, the spread is not.
#[test]
fn the_order_does_not_change_the_mean() {
    let server = json!({ "service_time": exponential(0.1), "workers": 1, "discipline": "lifo" });
    Experiment::new(poisson(6.0, server), 150_000.0).check(&[Claim::new("W", 0.25, mean_latency)]);
}

#[test]
fn processor_sharing_does_not_depend_on_the_service_distribution() {
    let times = [(json!(0.1), 200_000.0), (exponential(0.1), 250_000.0), (hyperexponential(), 400_000.0)];
    for (service_time, seconds) in times {
        let server = json!({ "service_time": service_time, "workers": 1, "discipline": "processor_sharing" });
        Experiment::new(poisson(7.0, server), seconds)
            .check(&[Claim::new("W", 0.1 / 0.3, mean_latency), Claim::new("utilisation", 0.7, utilisation)]);
    }
}

/// Any number of workers: nobody waits, and the number in process is Poisson with mean a.
#[test]
fn unlimited_concurrency() {
    Experiment::new(poisson(50.0, json!({ "service_time": hyperexponential() })), 10_000.0)
        .check(&[Claim::new("W", 0.1, mean_latency), Claim::new("in process", 5.0, utilisation)]);
}
