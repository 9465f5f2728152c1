//! Impatient clients, sessions, connections, and the queues they stand in.

use serde_json::{Value, json};

use super::{close, failures};
use crate::support::{finished, instance, poisson, regular, report, service, simulation, with};

fn client(client: Value) -> Value {
    json!({ "users": { "clients": { "client": client } } })
}

#[test]
fn a_timeout_ends_the_request_but_not_the_work() {
    let config = with(regular(1.0, json!({ "service_time": 0.5 })), json!({ "duration": 20.9 }));
    let report = report(&with(config, client(json!({ "timeout": 0.2 }))));
    assert_eq!(failures(&report), [("timeout", 20)]);
    assert_eq!((report.requests.timeouts, report.requests.in_flight), (20, 0));
    let server = service(&report, "Server");
    assert_eq!((server.succeeded, server.failed), (20, 0));
    close(server.utilisation, 20.0 * 0.5 / 20.9);
}

#[test]
fn a_client_tries_again_after_a_timeout() {
    let retries = json!({ "max": 2, "backoff": { "base": 1, "factor": 2, "jitter": "none" } });
    let config = with(regular(100.0, json!({ "service_time": 5 })), json!({ "duration": 150 }));
    let report = report(&with(config, client(json!({ "timeout": 0.5, "retries": retries }))));
    // Sent at 100, given up at 100.5; again at 101.5 and 104.
    assert_eq!(failures(&report), [("timeout", 1)]);
    assert_eq!((report.requests.attempts, report.requests.retries, report.requests.timeouts), (3, 2, 3));
    assert_eq!(service(&report, "Server").succeeded, 3);
}

#[test]
fn a_retry_that_helps_counts_the_whole_wait() {
    let retries = json!({ "max": 5, "backoff": { "base": 1, "factor": 2, "max": 3, "jitter": "none" } });
    let crash = json!([{ "crash": { "component": "Server", "at": 99, "recover_at": 105 } }]);
    let config = with(regular(100.0, json!({ "service_time": 0.1 })), json!({ "duration": 150, "faults": crash }));
    let report = report(&with(config, client(json!({ "retries": retries }))));
    // Attempts at 100, 101, 103, 106.
    assert_eq!((report.requests.succeeded, report.requests.attempts), (1, 4));
    close(report.requests.latency.mean, 6.1);
    close(report.requests.time_in["retries"], 6.0);
    close(report.requests.time_in["processing"], 0.1);
}

#[test]
fn a_budget_bounds_the_retries() {
    let retries = json!({ "max": 10, "backoff": { "base": 0.01 }, "budget": { "ratio": 0.1, "burst": 5 } });
    let config = with(regular(1.0, json!({ "service_time": 0, "fail_prob": 1 })), json!({ "duration": 100.9 }));
    let report = report(&with(config, client(json!({ "retries": retries }))));
    // Five tokens at first, then one every ten requests (the first earning is lost in the full bucket).
    assert_eq!(report.requests.total, 100);
    assert!((14..=15).contains(&report.requests.retries), "{}", report.requests.retries);
}

#[test]
fn the_newest_request_is_served_first() {
    let run = |discipline: &str| {
        let server = json!({ "service_time": 1, "workers": 1, "discipline": discipline });
        report(&with(regular(0.3, server), json!({ "duration": 2.4 })))
    };
    // The first is served from 0.3 to 1.3; then those of 0.6, 0.9 and 1.2 wait.
    close(run("fifo").requests.latency.max, 1.7);
    close(run("lifo").requests.latency.max, 1.1);
}

#[test]
fn a_full_queue_turns_requests_away_with_503() {
    let server = json!({ "service_time": 10, "workers": 1, "queue_limit": 2 });
    let report = report(&with(regular(1.0, server), json!({ "duration": 9.5 })));
    assert_eq!(failures(&report), [("queue_full", 6)]);
    let queue = &instance(&report, "Server-0").queue;
    assert_eq!((queue.now, queue.max), (2.0, 2.0));
}

/// One user, a request 0.9 s after the answer to the last; a login is processed when there is no session.
fn logins(auth: Value, duration: f64) -> Value {
    json!({
        "duration": duration,
        "users": { "clients": { "arrivals": { "closed": { "users": 1, "think": 0.9 } }, "targets": { "Server": 1 } } },
        "auth": with(json!({ "processing": 0.1 }), auth),
        "services": { "Server": { "service_time": 0, "requires_auth": true } },
    })
}

#[test]
fn sessions_last_for_their_time() {
    let processed = |auth: Value| {
        let report = report(&logins(auth, 19.0));
        assert_eq!(failures(&report), []);
        let logins = &service(&report, "AuthService").latency;
        let mean = logins.mean.expect("there are logins");
        (mean * logins.count as f64 / 0.1).round()
    };
    assert_eq!(processed(json!({})), 1.0);
    // Opened at 1, gone at 6; the request of 6.4 finds none, and so on every 5.5 s.
    assert_eq!(processed(json!({ "session_ttl": 5 })), 4.0);
    assert_eq!(processed(json!({ "session_ttl": 0.5 })), 19.0);
}

#[test]
fn without_a_session_requests_are_rejected_at_once() {
    let report = report(&logins(json!({ "success_prob": 0 }), 100.5));
    assert_eq!(failures(&report), [("login_failed", 100), ("unauthorised", 100)]);
    assert_eq!((report.auth.failed, report.auth.rejected, report.auth.succeeded), (100, 100, 0));
    assert_eq!(report.requests.total, 200, "a login is a request");
    assert_eq!(service(&report, "Server").total, 100);
}

#[test]
fn a_dead_authorisation_service_fails_logins() {
    let mut simulation = simulation(&logins(json!({ "session_ttl": 0.5 }), 30.0));
    simulation.advance_to(10.5);
    simulation.crash("AuthService", Some(9.0)).expect("there is one");
    simulation.advance_to(30.0);
    let report = simulation.report();
    assert_eq!(failures(&report), [("no_instance", 10), ("unauthorised", 10)]);
}

#[test]
fn connections_are_kept_alive() {
    let run = |keep_alive: f64| {
        let network = json!({ "tcp": 0.01, "tls": 0.02, "keep_alive_prob": keep_alive });
        report(&with(regular(0.1, json!({ "service_time": 0 })), json!({ "duration": 1_000, "network": network })))
    };
    let never = run(0.0);
    close(never.requests.latency.mean, 0.03);
    assert_eq!((never.network.tcp.count, never.network.tls.count), (10_000, 10_000));
    close(never.requests.time_in["handshakes"], 0.03);
    assert_eq!(run(1.0).network.tcp.count, 0);
    let shaken = run(0.7).network.tcp.count;
    // Five standard deviations.
    assert!((2_770..=3_230).contains(&shaken), "{shaken}");
}

/// A message is lost k times in a row with probability pᵏ, and waits w, 2w, 4w … each time.
#[test]
fn lost_messages_are_sent_again() {
    let (loss, wait) = (0.1, 0.2);
    let network = json!({ "delay": 0.01, "loss": loss, "retransmit_after": wait, "retransmits_max": 8 });
    let config = with(poisson(50.0, json!({ "service_time": 0 })), json!({ "duration": 2_000, "network": network }));
    let report = report(&config);
    let waits: f64 = (1..=8).map(|k| libm::pow(loss, f64::from(k)) * wait * libm::exp2(f64::from(k) - 1.0)).sum();
    let mean = 4.0 * (0.01 + waits);
    let found = report.requests.latency.mean.unwrap_or(f64::NAN);
    assert!((found / mean - 1.0).abs() < 0.02, "{found}, {mean} expected");
    let sent = report.requests.total as f64 * 4.0;
    let again = report.network.retransmissions as f64 / sent;
    assert!((again / (loss / (1.0 - loss)) - 1.0).abs() < 0.02, "{again}");
}

#[test]
fn a_message_that_is_always_lost_is_given_up() {
    let network = json!({ "delay": 0.01, "loss": 1, "retransmit_after": 0.1, "retransmits_max": 2 });
    let config = with(regular(10.0, json!({ "service_time": 0 })), json!({ "duration": 10.705, "network": network }));
    let simulation = finished(&config);
    // A delay and 0.1 + 0.2 + 0.4 s of waiting.
    assert_eq!(failures(&simulation.report()), []);
    let longer = finished(&with(config, json!({ "duration": 10.715 })));
    assert_eq!(failures(&longer.report()), [("network", 1)]);
}

#[test]
fn a_user_sticks_to_an_instance_while_it_is_up() {
    let config = with(
        logins(json!({}), 300.0),
        json!({ "services": { "Server": { "instances": 4, "balancer": "user_hash" } } }),
    );
    let mut simulation = simulation(&config);
    let busiest = |simulation: &web_service_model::simulation::Simulation| {
        let report = simulation.report();
        let visited = service(&report, "Server").instances.iter().filter(|(_, instance)| instance.total > 0);
        visited.map(|(name, instance)| (name.to_owned(), instance.total)).collect::<Vec<_>>()
    };
    simulation.advance_to(100.0);
    let first = busiest(&simulation);
    assert_eq!(first.len(), 1, "{first:?}");
    let home = &first[0].0;
    simulation.crash(home, None).expect("there is one");
    simulation.advance_to(200.0);
    let second = busiest(&simulation);
    assert_eq!(second.len(), 2, "{second:?}");
    simulation.recover(home).expect("there is one");
    simulation.advance_to(300.0);
    let third = busiest(&simulation);
    let away = |totals: &[(String, u64)]| totals.iter().filter(|(name, _)| name != home).map(|it| it.1).sum::<u64>();
    assert_eq!(away(&third), away(&second), "{third:?}");
    assert!(third.iter().any(|(name, total)| name == home && *total > first[0].1));
}

/// The work that a fallen client leaves behind keeps a worker busy: retries make an overload worse.
#[test]
fn retries_make_an_overload_worse() {
    let run = |client_config: Value| {
        let server = json!({ "service_time": { "exponential": { "mean": 0.1 } }, "workers": 1 });
        let config = with(poisson(9.5, server), json!({ "duration": 500 }));
        report(&with(config, client(client_config))).requests.success_ratio.unwrap_or(f64::NAN)
    };
    let patient = run(json!({}));
    let retrying = run(json!({ "timeout": 1, "retries": { "max": 3 } }));
    assert!(patient == 1.0 && retrying < 0.5, "{patient} {retrying}");
}
