//! What policies, held workers and pools do, on systems small enough to be worked out by hand or by theory.

use serde_json::{Value, json};
use web_service_model::report::Report;

use super::{close, failures};
use crate::support::{Without, log, report, service, simulation, with};

/// Closed users at a web server that asks a backend.
fn web_and_backend(users: u32, web: Value, backend: Value) -> Value {
    let web = with(json!({ "service_time": "2ms", "calls": [{ "to": ["Backend"] }] }), web);
    let backend = with(json!({ "service_time": "98ms" }), backend);
    let arrivals = json!({ "closed": { "users": users, "think": "1us" } });
    json!({
        "duration": 120,
        "warm_up": 20,
        "users": { "u": { "arrivals": arrivals, "targets": { "Web": 1 } } },
        "services": { "Web": web, "Backend": backend },
    })
}

/// Ten threads that are held for 2 ms and the 98 ms that a backend takes: 100 requests a second, whoever asks.
#[test]
fn held_workers_wait_for_the_backend() {
    let asynchronous = report(&web_and_backend(50, json!({ "workers": 10 }), json!({})));
    assert!((asynchronous.requests.rps - 500.0).abs() < 2.0, "{}", asynchronous.requests.rps);
    let blocking = report(&web_and_backend(50, json!({ "workers": 10, "holds": "request" }), json!({})));
    assert!((blocking.requests.rps - 100.0).abs() < 0.5, "{}", blocking.requests.rps);
    let mean = blocking.requests.latency.mean.expect("somebody came");
    assert!((mean - 0.5).abs() < 1e-3, "{mean}");
    // A worker is busy all the time, though it processes for a fiftieth of it.
    assert!((service(&blocking, "Web").utilisation - 1.0).abs() < 1e-6);
}

/// A pool of five connections in front of a database that takes a tenth of a second.
#[test]
fn a_pool_bounds_what_an_instance_asks_at_a_time() {
    let config = json!({
        "duration": 120, "warm_up": 20,
        "users": { "u": { "arrivals": { "closed": { "users": 20, "think": "1us" } }, "targets": { "Web": 1 } } },
        "services": { "Web": { "service_time": 0, "database": { "name": "DB", "pool": { "size": 5 } } } },
        "db_clusters": { "DB": { "replicas": 0, "operation": 0.1 } },
    });
    let found = report(&config);
    assert!((found.requests.rps - 50.0).abs() < 0.5, "{}", found.requests.rps);
    assert!((found.requests.time_in["queueing"] - 0.3).abs() < 1e-3);
    let impatient = json!({ "services": { "Web": { "database": { "pool": { "longest_wait": "150ms" } } } } });
    let found = report(&with(config, impatient));
    // Who comes finds five at work and up to five waiting for the tenth of a second that follows.
    let pool_timeouts = found.requests.failures["pool_timeout"];
    assert!(pool_timeouts > 0 && found.requests.failed == pool_timeouts);
    assert!((found.requests.succeeded as f64 - 5000.0).abs() < 50.0);
}

/// Four attempts outside, three between the services, and all fail: twelve at the bottom.
#[test]
fn retries_multiply_from_layer_to_layer() {
    let at_once = json!({ "base": 0 });
    let config = json!({
        "duration": 1000,
        "users": { "u": {
            "arrivals": { "poisson": { "rate": 10 } }, "targets": { "App": 1 },
            "client": { "retries": { "max": 3, "backoff": at_once } },
        } },
        "services": {
            "App": { "service_time": 0, "calls": [
                { "to": ["Provider"], "policy": { "retry": { "max": 2, "backoff": at_once } } },
            ] },
            "Provider": { "service_time": 0, "fail_prob": 1 },
        },
    });
    let found = report(&config);
    assert_eq!(service(&found, "Provider").total, 12 * found.requests.total);
    let edge = found.edges.get("App→Provider").expect("the call has a policy");
    assert_eq!((edge.attempts, edge.retries), (12 * found.requests.total, 8 * found.requests.total));
    conserves(&found);
}

/// Clients leave after a second. Those who give up their place in the queue spare it for others.
#[test]
fn those_who_cancel_leave_the_queue() {
    let config = |policy: Value| {
        json!({
            "duration": 60, "seed": 7,
            "users": { "u": {
                "arrivals": { "poisson": { "rate": 90 } }, "targets": { "S": 1 }, "policy": policy,
            } },
            "services": { "S": { "workers": 10, "service_time": { "exponential": { "mean": 0.1 } } } },
            "faults": [{ "slow": { "component": "S", "factor": 3, "from": 8, "until": 16 } }],
        })
    };
    let stale = report(&config(json!({ "timeout": 1 })));
    let cancelled = report(&config(json!({ "timeout": 1, "on_giving_up": "cancel" })));
    let success = |report: &Report| report.requests.success_ratio.expect("somebody came");
    assert!(success(&stale) < 0.4, "{}", success(&stale));
    assert!((success(&cancelled) - 0.868).abs() < 0.02, "{}", success(&cancelled));
    conserves(&stale);
    conserves(&cancelled);
    // A deadline that travels does it too: what is late is dropped when its turn comes.
    let dropped = report(&config(json!({ "deadline": 1 })));
    assert!((success(&dropped) - 0.868).abs() < 0.02, "{}", success(&dropped));
}

/// One that opens after ten calls that all fail, for ten seconds, and lets two probes through.
#[test]
fn a_breaker_opens_probes_and_closes() {
    let breaker = json!({ "window": { "calls": 10 }, "min_calls": 10, "open_for": 10, "probes": 2 });
    let config = json!({
        "duration": 60,
        "users": { "u": { "arrivals": { "gaps": 1 }, "targets": { "S": 1 }, "policy": { "breaker": breaker } } },
        "services": { "S": { "service_time": 0 } },
        "faults": [{ "crash": { "component": "S", "at": 0.5, "recover_at": 25.5 } }],
    });
    let mut simulation = simulation(&config);
    simulation.advance_to(60.0);
    let told: Vec<(f64, String)> =
        log(&simulation, &["breaker"]).into_iter().map(|entry| (entry.time, entry.detail)).collect();
    let expected = [
        (10.0, "has opened"),
        (20.0, "lets probes through"),
        (21.0, "has opened"),
        (31.0, "lets probes through"),
        (32.0, "has closed"),
    ];
    let expected: Vec<(f64, String)> =
        expected.into_iter().map(|(time, what)| (time, format!("the breaker to S {what}"))).collect();
    assert_eq!(told, expected);
    let found = simulation.report();
    // Refused are those from 11 to 19 and from 22 to 30.
    assert_eq!(failures(&found), [("breaker_open", 18), ("no_instance", 12)]);
    let edge = found.edges.get("u→S").expect("the group has a policy");
    close(edge.breaker.as_ref().map(|breaker| breaker.open_seconds), 20.0);
    close(edge.breaker.as_ref().map(|breaker| breaker.half_open_seconds), 2.0);
    conserves(&found);
}

/// Ten a second where two a second are let through, after a burst of five.
#[test]
fn a_limiter_lets_through_its_rate() {
    let config = |limiter: Value| {
        json!({
            "duration": 100,
            "users": { "u": { "arrivals": { "gaps": 0.1 }, "targets": { "S": 1 }, "policy": { "limiter": limiter } } },
            "services": { "S": { "service_time": 0 } },
        })
    };
    let found = report(&config(json!({ "rate": 2, "burst": 5 })));
    assert!((found.requests.succeeded as f64 - 204.0).abs() <= 1.0, "{}", found.requests.succeeded);
    assert_eq!(found.requests.failed, found.requests.failures["limited"]);
    conserves(&found);
    // Those who may wait two seconds find a line of four before them at first.
    let found = report(&config(json!({ "rate": 2, "longest_wait": 2 })));
    let longest = found.requests.latency.max.expect("somebody came");
    assert!(longest <= 2.0 + 1e-2 && longest > 1.9, "{longest}");
    conserves(&found);
}

/// Three at a time, whose places are free just before the next ones come, or a little too early for those who wait.
#[test]
fn a_bulkhead_bounds_attempts_at_a_time() {
    let succeeded = |bulkhead: Value| {
        let found = report(&json!({
            "duration": 40.5,
            "users": { "u": { "arrivals": { "gaps": 0.1 }, "targets": { "S": 1 }, "policy": { "bulkhead": bulkhead } } },
            "services": { "S": { "service_time": 0.95 } },
        }));
        assert_eq!(found.requests.failed, found.requests.failures["bulkhead_full"]);
        conserves(&found);
        found.requests.succeeded
    };
    assert_eq!(succeeded(json!({ "max": 3 })), 3 * 40, "each place is taken once a second");
    let patient = json!({ "max": 3, "waiting": 2, "longest_wait": 1 });
    assert_eq!(succeeded(patient), 3 * 42, "each place is taken again at once");
    let impatient = json!({ "max": 3, "waiting": 2, "longest_wait": 0.01 });
    assert_eq!(succeeded(impatient), 3 * 40);
}

/// A server one of whose answers in ten takes a second: the second try comes after a tenth of it, and answers first.
#[test]
fn a_hedge_answers_first() {
    let slow_sometimes = json!({ "empirical": [{ "value": 0.01, "weight": 9 }, { "value": 1, "weight": 1 }] });
    let config = |policy: Value| {
        json!({
            "duration": 1000,
            "users": { "u": { "arrivals": { "gaps": 1.5 }, "targets": { "S": 1 }, "policy": policy } },
            "services": { "S": { "service_time": slow_sometimes } },
        })
    };
    let plain = report(&config(json!({})));
    let hedged = report(&config(json!({ "hedge": { "after": "50ms", "budget": { "ratio": 1 } } })));
    let mean = |report: &Report| report.requests.latency.mean.expect("somebody came");
    assert!((mean(&plain) - 0.109).abs() < 0.03, "{}", mean(&plain));
    // 0.9 · 0.01 + 0.1 · (0.9 · 0.06 + 0.1 · 1)
    assert!((mean(&hedged) - 0.0244).abs() < 0.01, "{}", mean(&hedged));
    let edge = hedged.edges.get("u→S").expect("the group has a policy");
    assert!(edge.hedges > 40 && edge.hedges < 95 && edge.hedges_won > edge.hedges * 3 / 4, "{}", edge.hedges);
    assert_eq!(service(&hedged, "S").total, hedged.requests.total + edge.hedges);
    conserves(&hedged);
}

/// Work for a chain of services whose user has left ends with the next step, everywhere.
#[test]
fn cancelling_goes_down_the_chain() {
    let cancel = json!({ "on_giving_up": "cancel" });
    let config = |policy: Value, call: Value| {
        json!({
            "duration": 100,
            "users": { "u": { "arrivals": { "gaps": 10 }, "targets": { "A": 1 }, "policy": policy } },
            "services": {
                "A": { "service_time": 1, "calls": [{ "to": ["B"], "policy": call }] },
                "B": { "service_time": 1, "calls": [{ "to": ["C"], "policy": call }] },
                "C": { "service_time": 1 },
            },
        })
    };
    let found = report(&config(json!({ "timeout": 1.5 }), json!({})));
    let total = found.requests.total;
    assert_eq!(service(&found, "C").total, total, "nobody tells them");
    let found = report(&config(with(json!({ "timeout": 1.5 }), cancel.clone()), cancel));
    // B is at work when the word comes, and ends where it would have called C.
    assert_eq!((service(&found, "B").total, service(&found, "C").total), (total, 0));
    assert_eq!(service(&found, "B").failures["cancelled"], total);
    conserves(&found);
}

/// Attempts of each edge are succeeded, failed, given up, or in flight.
#[track_caller]
pub fn conserves(report: &Report) {
    for edge in report.edges.values() {
        let known = edge.succeeded + edge.failed + edge.given_up + edge.in_flight;
        assert_eq!(edge.attempts + edge.carried_over, known, "{} to {}", edge.from, edge.to);
    }
}

/// Two classes at one worker: Cobham's formula for priorities without preemption.
#[test]
fn higher_classes_are_served_first() {
    let group = |priority: u32| json!({ "arrivals": { "poisson": { "rate": 3 } }, "targets": { "S": 1 }, "priority": priority });
    let found = report(&json!({
        "duration": 50_000, "warm_up": 1000, "seed": 5,
        "users": { "urgent": with(group(0), json!({ "targets": { "S.urgent": 1 } })).without("/targets", "S"),
                   "bulk": with(group(1), json!({ "targets": { "S.bulk": 1 } })).without("/targets", "S") },
        "services": { "S": { "workers": 1, "discipline": "priority", "endpoints": {
            "urgent": { "steps": [{ "process": { "exponential": { "mean": 0.1 } } }] },
            "bulk": { "steps": [{ "process": { "exponential": { "mean": 0.1 } } }] },
        } } },
    }));
    let wait = |endpoint: &str| {
        let mean = service(&found, "S").endpoints.get(endpoint).and_then(|it| it.latency.mean);
        mean.expect("somebody came") - 0.1
    };
    // W0 = 0.06; 0.06 / (1 - 0.3), and 0.06 / ((1 - 0.3)(1 - 0.6)).
    assert!((wait("urgent") - 0.0857).abs() < 0.003, "{}", wait("urgent"));
    assert!((wait("bulk") - 0.2143).abs() < 0.008, "{}", wait("bulk"));
}

#[test]
fn the_lowest_class_makes_room() {
    let group = |priority: u32, rate: f64| json!({ "arrivals": { "poisson": { "rate": rate } }, "targets": { "S": 1 }, "priority": priority });
    let found = report(&json!({
        "duration": 1000,
        "users": { "buyers": group(0, 5.0), "browsers": group(3, 50.0) },
        "services": { "S": { "workers": 1, "service_time": 0.1, "queue_limit": 5, "discipline": "priority" } },
    }));
    // Only browsers are shed, or find a queue of no lower class; buyers alone would hardly ever find it full.
    let lost = found.requests.failed as f64 / 1000.0;
    assert!((lost - 45.0).abs() < 2.0, "{lost}");
    assert!(found.requests.failures["shed"] > 1000);
}

/// A read that its service gives up leads to an answer, and the user had waited for it: his attempt has failed, and nobody
/// gave it up.
#[test]
fn a_timeout_further_on_is_a_failure() {
    let found = report(&json!({
        "duration": 100.05,
        "users": { "u": { "arrivals": { "gaps": 1 }, "targets": { "S": 1 }, "policy": { "retry": { "max": 1 } } } },
        "services": { "S": { "service_time": 0, "database": { "name": "DB", "policy": { "timeout": 0.01 } } } },
        "db_clusters": { "DB": { "operation": 0.5 } },
    }));
    let (users, database) = (&found.edges["u→S"], &found.edges["S→DB"]);
    assert_eq!((database.given_up, database.failed), (database.attempts, 0));
    assert_eq!((users.given_up, users.failed + users.in_flight), (0, users.attempts));
    assert_eq!(found.requests.timeouts, 0);
}

/// Half of the requests are passed on to the living instance, which is no second try of whoever asks: it has no hedges, so
/// none can have won.
#[test]
fn what_is_passed_on_is_no_hedge() {
    let found = report(&json!({
        "duration": 100,
        "users": { "u": { "arrivals": { "gaps": 1 }, "targets": { "S": 1 }, "policy": { "retry": { "max": 1 } } } },
        "network": { "partition_timeout": 0.1 },
        "services": { "S": {
            "instances": 2, "balancer": "smooth_round_robin", "service_time": "10ms", "next_upstream": {},
        } },
        "faults": [{ "partition": { "between": ["balancer", "S-0"], "from": 0 } }],
    }));
    let edge = &found.edges["u→S"];
    assert!(edge.succeeded > 90, "{edge:?}");
    assert_eq!((edge.hedges, edge.hedges_won), (0, 0));
}

/// Whose process has died starts with a breaker that is closed, though it was to stay open for long; who was only cut off
/// remembers. The backend, which failed before, answers by then.
#[test]
fn a_crash_loses_what_a_breaker_remembers() {
    let refused = |in_progress: &str| {
        let breaker = json!({ "window": { "calls": 10 }, "min_calls": 10, "open_for": 1e6 });
        let found = report(&json!({
            "duration": 100.5,
            "users": { "u": { "arrivals": { "gaps": 1 }, "targets": { "S": 1 } } },
            "services": {
                "S": { "service_time": 0, "calls": [{ "to": ["T"], "policy": { "breaker": breaker } }] },
                "T": { "service_time": 0 },
            },
            "faults": [
                { "crash": { "component": "T-0", "at": 0, "recover_at": 20.5 } },
                { "crash": { "component": "S-0", "at": 50.5, "recover_at": 50.6, "in_progress": in_progress } },
            ],
        }));
        let edge = &found.edges["S→T"];
        (edge.failed, edge.succeeded)
    };
    // Ten have failed before the breaker opens; 40 are refused, or 90.
    assert_eq!(refused("lost"), (50, 50));
    assert_eq!(refused("finished"), (100, 0));
}
