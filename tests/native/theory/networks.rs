//! Several stations, balancers and clients.

use serde_json::{Value, json};
use web_service_model::report::Report;

use super::statistics::{Claim, Experiment, mean_latency};
use crate::support::{finished, instance, poisson, regular, service, simulation, with};

fn exponential(mean: f64) -> Value {
    json!({ "exponential": { "mean": mean } })
}

fn single(mean: f64) -> Value {
    json!({ "service_time": exponential(mean), "workers": 1 })
}

/// Mean time of a visit to a service, the services it calls included.
fn visit(name: &'static str) -> impl Fn(&Report) -> f64 {
    move |report| service(report, name).latency.mean.unwrap_or(f64::NAN)
}

/// A chain of three stations by calls: a worker is free before the call is made, so the stations are
/// independent, as Jackson proved, and every other request leaves after the second one.
#[test]
fn an_open_network() {
    let config = with(
        poisson(6.0, with(single(0.1), json!({ "calls": [{ "to": ["Second"] }] }))),
        json!({ "services": {
            "Second": with(single(0.08), json!({ "calls": [{ "to": ["Third"], "prob": 0.5 }] })),
            "Third": { "service_time": exponential(0.5), "workers": 3 },
        } }),
    );
    let (first, second) = (1.0 / (10.0 - 6.0), 1.0 / (12.5 - 6.0));
    // M/M/3 with a load of 1.5: Erlang's C is 0.236842.
    let third = 0.5 + 0.236_842_105 / (6.0 - 3.0);
    Experiment::new(config, 150_000.0).check(&[
        Claim::new("W", first + second + 0.5 * third, mean_latency),
        Claim::new("first", first, |report| mean_latency(report) - visit("Second")(report)),
        Claim::new("second and on", second + 0.5 * third, visit("Second")),
        Claim::new("third", third, visit("Third")),
        Claim::new("throughput of the third", 3.0, |report| service(report, "Third").rps),
    ]);
}

/// Mean value analysis of a closed network: R_i(n) = D_i (1 + Q_i(n − 1)), X = n / (Z + ΣR).
#[test]
fn a_closed_network() {
    let demands = [0.05, 0.03];
    let mut queues = [0.0; 2];
    let (mut throughput, mut response) = (0.0, 0.0);
    for users in 1..=20 {
        let times: Vec<f64> = demands.iter().zip(queues).map(|(demand, queue)| demand * (1.0 + queue)).collect();
        response = times.iter().sum();
        throughput = f64::from(users) / (1.0 + response);
        queues = [throughput * times[0], throughput * times[1]];
    }
    assert!((throughput - 16.2552).abs() < 1e-4 && (response - 0.230378).abs() < 1e-6, "{throughput} {response}");
    let config = json!({
        "users": { "clients": {
            "arrivals": { "closed": { "users": 20, "think": exponential(1.0) } }, "targets": { "First": 1 },
        } },
        "services": {
            "First": with(single(0.05), json!({ "calls": [{ "to": ["Second"] }] })),
            "Second": single(0.03),
        },
    });
    Experiment::new(config, 40_000.0).check(&[
        Claim::new("X", throughput, |report| report.requests.rps),
        Claim::new("R", response, mean_latency),
        Claim::new("utilisation", throughput * demands[0], |report| service(report, "First").utilisation),
    ]);
}

/// With very many servers the mean time is Σ ρ^(2^i − 2) / μ over i ≥ 1; with 500 it is a little more.
#[test]
fn the_power_of_two_choices() {
    let rho = 0.9;
    let mean: f64 = (1..10).map(|i| libm::pow(rho, libm::exp2(f64::from(i)) - 2.0)).sum();
    assert!((mean - 2.614).abs() < 0.001, "{mean}");
    let server = with(single(1.0), json!({ "instances": 500, "balancer": "two_choices" }));
    let experiment = Experiment { warm_up: 100.0, ..Experiment::new(poisson(450.0, server), 6_000.0) };
    experiment.check(&[Claim::new("W", mean, mean_latency).approximate(0.03)]);
}

/// A request waits for the slower of two: (12 − ρ)/8 · 1/(μ − λ), exactly.
#[test]
fn fork_and_join() {
    let config = with(
        poisson(7.0, json!({ "service_time": 0, "calls": [{ "to": ["Left", "Right"] }] })),
        json!({ "services": { "Left": single(0.1), "Right": single(0.1) } }),
    );
    Experiment::new(config, 150_000.0)
        .check(&[Claim::new("W", 0.470_833, mean_latency), Claim::new("left", 1.0 / 3.0, visit("Left"))]);
}

/// Three further attempts at most, each of which fails with probability p: (1 − p⁴)/(1 − p) on average.
#[test]
fn retries() {
    let config = with(
        poisson(20.0, json!({ "service_time": 0.01, "fail_prob": 0.3 })),
        json!({ "users": { "clients": { "client": { "retries": { "max": 3, "backoff": { "base": "10ms" } } } } } }),
    );
    Experiment::new(config, 20_000.0).check(&[
        Claim::new("attempts", 1.417, |report| report.requests.attempts as f64 / report.requests.total as f64),
        Claim::new("failed", 0.0081, |report| report.requests.failed as f64 / report.requests.total as f64)
            .half_width(0.1),
        Claim::new("visits", 20.0 * 1.417, |report| service(report, "Server").rps),
    ]);
}

/// Full jitter halves the waits on average, which double: p·b/2 + p²·2b/2 + p³·4b/2, cut at the longest.
#[test]
fn backoff() {
    let retries = json!({ "max": 3, "backoff": { "base": 1, "factor": 2, "max": 3 } });
    let config = with(
        poisson(50.0, json!({ "service_time": 0, "fail_prob": 0.5 })),
        json!({ "users": { "clients": { "client": { "retries": retries } } } }),
    );
    // Successes after 0, 1, 2, 3 retries have the weights 8, 4, 2, 1.
    let waits = (8.0 * 0.0 + 4.0 * 0.5 + 2.0 * 1.5 + 1.0 * 3.0) / 15.0;
    Experiment::new(config, 10_000.0).check(&[
        Claim::new("W", waits, mean_latency),
        Claim::new("in retries", waits, |report| report.requests.time_in["retries"]),
    ]);
}

/// nginx's sequence for the weights 5, 1, 1: a a b a c a a, and again.
#[test]
fn smooth_weighted_round_robin() {
    let server = json!({
        "service_time": 0, "instances": 3, "weights": [5, 1, 1], "balancer": "smooth_round_robin",
    });
    let mut simulation = simulation(&with(regular(1.0, server), json!({ "duration": 30 })));
    let mut sequence = String::new();
    let mut before = [0; 3];
    for second in 0..14 {
        simulation.advance_to(f64::from(second) + 1.5);
        let report = simulation.report();
        let after = ["Server-0", "Server-1", "Server-2"].map(|name| instance(&report, name).total);
        let chosen = (0..3).filter(|&i| after[i] > before[i]);
        sequence.extend(chosen.map(|i| ["a", "b", "c"][i]));
        before = after;
    }
    assert_eq!(sequence, "aabacaaaabacaa");
}

/// Weights are kept to exactly by round-robin and on average by chance.
#[test]
fn weights() {
    let server = |policy: &str| json!({ "service_time": 0, "instances": 3, "weights": [7, 3], "balancer": policy });
    let exact = with(regular(1.0, server("smooth_round_robin")), json!({ "duration": 170.5 }));
    let simulation = finished(&exact);
    let totals = ["Server-0", "Server-1", "Server-2"].map(|name| instance(&simulation.report(), name).total);
    assert_eq!(totals, [70, 30, 70]);
    let share = |report: &Report| instance(report, "Server-1").total as f64 / report.requests.total as f64;
    Experiment::new(poisson(100.0, server("weighted_random")), 15_000.0).check(&[Claim::new(
        "share",
        3.0 / 17.0,
        share,
    )]);
}
