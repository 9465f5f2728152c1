//! Several stations, balancers and clients.

use super::{Row, System, mean_latency, of_server, of_service, share, utilisation};
use crate::{
    report::{Report, Service},
    validate::theory::{closed_network, erlang_c, kth_of, two_choices},
};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![open(), closed(), choices(), fork_and_join()];
    rows.extend(enough_answers());
    rows.extend([retries(), backoff(), round_robin(), weights()]);
    rows
}

/// Mean time of a visit, the services it calls included.
fn visit(service: &Service) -> f64 {
    service.latency.mean.unwrap_or(f64::NAN)
}

/// A chain of three stations by calls: a worker is free before the call is made, so the stations are independent, as
/// Jackson proved, and every other request leaves after the second one.
fn open() -> Row {
    let server = r#""service_time": { "exponential": { "mean": 0.1 } }, "workers": 1, "calls": [{ "to": ["Second"] }]"#;
    let services = r#""Second": { "service_time": { "exponential": { "mean": 0.08 } }, "workers": 1,
            "calls": [{ "to": ["Third"], "prob": 0.5 }] },
        "Third": { "service_time": { "exponential": { "mean": 0.5 } }, "workers": 3 }"#;
    let (first, second) = (1.0 / (10.0 - 6.0), 1.0 / (12.5 - 6.0));
    let third = 0.5 + erlang_c(1.5, 3) / (6.0 - 3.0);
    Row::new("jackson", "Jackson", 150_000.0, System { services, ..System::poisson(6.0, server) }.config())
        .claim("W", first + second + 0.5 * third, mean_latency)
        .claim("W₁", first, |report, _| mean_latency(report, 0.0) - of_service(report, "Second", visit))
        .claim("W₂ + W₃/2", second + 0.5 * third, |report, _| of_service(report, "Second", visit))
        .claim("W₃", third, |report, _| of_service(report, "Third", visit))
        .claim("λ₃", 3.0, |report, _| of_service(report, "Third", |third| third.rps))
}

fn closed() -> Row {
    let (throughput, response) = closed_network(20, 1.0, [0.05, 0.03]);
    let arrivals = r#""closed": { "users": 20, "think": { "exponential": { "mean": 1 } } }"#;
    let server =
        r#""service_time": { "exponential": { "mean": 0.05 } }, "workers": 1, "calls": [{ "to": ["Second"] }]"#;
    let services = r#""Second": { "service_time": { "exponential": { "mean": 0.03 } }, "workers": 1 }"#;
    Row::new("closed", "MVA", 40_000.0, System { services, ..System::new(arrivals.into(), server) }.config())
        .claim("X", throughput, |report, _| report.requests.rps)
        .claim("R", response, mean_latency)
        .claim("ρ₁", throughput * 0.05, utilisation)
}

/// The formula is for very many servers; with 500 it is a little more.
fn choices() -> Row {
    let server = r#""service_time": { "exponential": { "mean": 1 } }, "workers": 1, "instances": 500,
        "balancer": "two_choices""#;
    Row::new("two-choices", "Two choices", 4_000.0, System::poisson(450.0, server).config())
        .warm_up(50.0)
        .claim("W", two_choices(0.9), mean_latency)
        .approximate(0.03)
}

/// A request waits for the slower of two: (12 − ρ)/8 · 1/(μ − λ), exactly.
fn fork_and_join() -> Row {
    let server = r#""service_time": 0, "calls": [{ "to": ["Left", "Right"] }]"#;
    let services = r#""Left": { "service_time": { "exponential": { "mean": 0.1 } }, "workers": 1 },
        "Right": { "service_time": { "exponential": { "mean": 0.1 } }, "workers": 1 }"#;
    Row::new("fork-join", "Fork–join", 200_000.0, System { services, ..System::poisson(7.0, server) }.config())
        .claim("W", (12.0 - 0.7) / 8.0 / 3.0, mean_latency)
        .claim("W₁", 1.0 / 3.0, |report, _| of_service(report, "Left", visit))
}

/// A call of n that is content with the k fastest: (H_n − H_(n−k))/μ on average. Those whose answer comes too late go on, so
/// each of them is busy as long as ever.
fn enough_answers() -> impl Iterator<Item = Row> {
    let rows = [("call-1-3", "1 of 3 answers", 1, 3), ("call-3-5", "3 of 5 answers", 3, 5)];
    rows.into_iter().map(|(id, title, k, n)| {
        let to = vec![r#""Backend""#; n as usize].join(", ");
        let server = format!(r#""service_time": 0, "calls": [{{ "to": [{to}], "need": {k} }}]"#);
        let services = r#""Backend": { "service_time": { "exponential": { "mean": 0.1 } } }"#;
        let config = System { services, ..System::poisson(20.0, &server) }.config();
        Row::new(id, title, 10_000.0, config).claim("W", 0.1 * kth_of(k, n), mean_latency).claim(
            "L, Backend",
            2.0 * f64::from(n),
            |report, _| of_service(report, "Backend", |backend| backend.utilisation),
        )
    })
}

/// Three further attempts at most, each of which fails with probability p: (1 − p⁴)/(1 − p) on average.
fn retries() -> Row {
    let users = r#""client": { "retries": { "max": 3, "backoff": { "base": "10ms" } } }"#;
    let server = r#""service_time": 0.01, "fail_prob": 0.3"#;
    Row::new("retries", "Retries", 300_000.0, System { users, ..System::poisson(20.0, server) }.config())
        .claim("attempts", 1.417, |report, _| share(report.requests.attempts, report))
        .claim("failed", 0.0081, |report, _| share(report.requests.failed, report))
        .claim("visits", 20.0 * 1.417, |report, _| of_server(report, |server| server.rps))
}

/// Full jitter halves the waits on average, which double: p·b/2 + p²·2b/2 + p³·4b/2, cut at the longest.
fn backoff() -> Row {
    let users = r#""client": { "retries": { "max": 3, "backoff": { "base": 1, "factor": 2, "max": 3 } } }"#;
    let server = r#""service_time": 0, "fail_prob": 0.5"#;
    // Successes after 0, 1, 2, 3 retries have the weights 8, 4, 2, 1.
    let waits = (4.0 * 0.5 + 2.0 * 1.5 + 1.0 * 3.0) / 15.0;
    Row::new("backoff", "Backoff", 10_000.0, System { users, ..System::poisson(50.0, server) }.config())
        .claim("W", waits, mean_latency)
        .claim("retries", waits, |report, _| report.requests.time_in.get("retries").copied().unwrap_or(f64::NAN))
}

/// Requests that each instance of `Server` has answered.
fn totals(report: &Report) -> Vec<u64> {
    let server = report.services.get("Server").into_iter();
    server.flat_map(|server| server.instances.iter().map(|(_, instance)| instance.total)).collect()
}

/// nginx's sequence for the weights 5, 1, 1: a a b a c a a, and again. One request a second, which takes no time.
fn round_robin() -> Row {
    let server = r#""service_time": 0, "instances": 3, "weights": [5, 1, 1], "balancer": "smooth_round_robin""#;
    // In each replication the rest of a second is left, lest a request fall on its end.
    Row::new("round-robin", "Smooth round-robin", 20.0 * 70.5, System::regular(1.0, server).config())
        .warm_up(0.0)
        .watch(|world| {
            const SEQUENCE: [usize; 7] = [0, 0, 1, 0, 2, 0, 0];
            let chosen: Vec<u64> = world.instances().iter().map(|instance| instance.outcomes.total()).collect();
            let mut expected = vec![0; 3];
            let requests = world.now().as_seconds() as usize;
            (0..requests).for_each(|request| expected[SEQUENCE[request % 7]] += 1);
            if chosen == expected { 1.0 } else { 0.0 }
        })
        .claim("sequence", 1.0, |_, seen| seen)
}

/// Weights are kept to on average by chance.
fn weights() -> Row {
    let server = r#""service_time": 0, "instances": 3, "weights": [7, 3], "balancer": "weighted_random""#;
    Row::new("weights", "Weighted choice", 15_000.0, System::poisson(100.0, server).config()).claim(
        "share",
        3.0 / 17.0,
        |report, _| share(totals(report).get(1).copied().unwrap_or(0), report),
    )
}
