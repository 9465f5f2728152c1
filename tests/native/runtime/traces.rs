//! Traces of single requests: what they tell of retries, logins, calls, failures, and of switching them on and off.

use serde_json::{Value, json};
use web_service_model::simulation::{
    RequestTrace, Simulation, Span, TraceFilter, TraceSummary, VisitInFlight, WhichTraces,
};

use crate::support::{regular, simulation, with};

fn traced(config: &Value) -> Simulation {
    let mut simulation = simulation(config);
    simulation.set_tracing(true);
    simulation
}

fn finished(config: &Value) -> Simulation {
    let mut simulation = traced(config);
    simulation.advance_to(f64::INFINITY);
    simulation
}

fn kept(simulation: &Simulation, which: WhichTraces) -> Vec<TraceSummary> {
    simulation.traces(&TraceFilter { which, ..TraceFilter::default() }).expect("no service is named")
}

/// The latest request.
fn latest(simulation: &Simulation) -> RequestTrace {
    let latest = kept(simulation, WhichTraces::Latest);
    let number = latest.first().expect("there was a request").number;
    simulation.trace(number).expect("what is listed is kept")
}

/// Depth, component, step, phase, milliseconds and outcome of each span.
fn told(spans: &[Span]) -> Vec<(u32, &str, &str, &str, u64, &str)> {
    let one = |span: &'_ Span| ((span.end - span.start) * 1e3).round() as u64;
    spans
        .iter()
        .map(|span| (span.depth, span.component.as_str(), span.step, span.phase, one(span), span.outcome))
        .collect()
}

fn blamed(trace: &RequestTrace) -> Vec<(&str, &str, &str)> {
    let causes = trace.causes.iter();
    causes.map(|link| (link.service.as_str(), link.component.as_str(), link.cause)).collect()
}

/// A shop that pays elsewhere, where the database is down.
fn shop(on_error: &str) -> Value {
    let calls = json!([{ "to": ["Stock", "Payment"], "on_error": on_error }]);
    let payment = json!({ "service_time": 0.02, "database": { "name": "DB", "read_retries": 1 } });
    with(
        regular(1.0, json!({ "service_time": 0.1, "calls": calls })),
        json!({
            "duration": 1.9,
            "network": { "service_database": 0.001 },
            "services": { "Stock": { "service_time": 0.05 }, "Payment": payment },
            "db_clusters": { "DB": { "operation": 0.01, "replicas": 0 } },
        }),
    )
}

#[test]
fn a_failure_leads_down_to_its_root() {
    let mut simulation = traced(&shop("fail"));
    simulation.crash("DB", None).expect("there is one");
    simulation.advance_to(f64::INFINITY);
    let trace = latest(&simulation);
    let call_fails = [
        (0, "Server-0", "process", "processing", 100, ""),
        (0, "Server-0", "call", "calls", 50, "call_failed"),
        (1, "Stock-0", "process", "processing", 50, ""),
        (1, "Payment-0", "process", "processing", 20, ""),
        (1, "DB/0", "read", "network", 1, ""),
        (1, "DB/0", "read", "database", 0, "database_down"),
        (1, "DB/0", "read", "network", 1, ""),
        (1, "DB/0", "read", "network", 1, ""),
        (1, "DB/0", "read", "database", 0, "database_down"),
        (1, "DB/0", "read", "network", 1, ""),
    ];
    assert_eq!(told(&trace.spans), call_fails);
    let chain = [("Server", "Server-0", "call_failed"), ("Payment", "DB/0", "database_down")];
    assert_eq!(blamed(&trace), chain);
    assert_eq!((trace.summary.cause, trace.summary.attempts), ("call_failed", 1));
    assert!((trace.causes[1].time - 1.123).abs() < 1e-9, "{:?}", trace.causes);
}

#[test]
fn what_failed_shows_even_if_nobody_minds() {
    let mut simulation = traced(&shop("ignore"));
    simulation.crash("DB", None).expect("there is one");
    simulation.advance_to(f64::INFINITY);
    let trace = latest(&simulation);
    assert_eq!((trace.summary.cause, blamed(&trace)), ("", vec![]));
    let outcomes: Vec<&str> =
        trace.spans.iter().map(|span| span.outcome).filter(|outcome| !outcome.is_empty()).collect();
    assert_eq!(outcomes, ["call_failed", "database_down", "database_down"]);
}

#[test]
fn attempts_and_the_waits_between_them_make_up_the_latency() {
    let config = with(
        regular(1.0, json!({ "service_time": 0.3, "fail_prob": 0 })),
        json!({ "duration": 1.9, "users": { "clients": {
            "client": { "timeout": 0.2, "retries": { "max": 1, "backoff": { "base": 0.1, "jitter": "none" } } },
        } } }),
    );
    let trace = latest(&finished(&config));
    let expected = [
        (0, "Server-0", "process", "processing", 200, "timeout"),
        (0, "", "retry", "retries", 100, ""),
        (0, "Server-0", "process", "processing", 200, "timeout"),
    ];
    assert_eq!(told(&trace.spans), expected);
    assert_eq!(blamed(&trace), [("Server", "Server-0", "timeout")]);
    assert_eq!((trace.summary.attempts, (trace.summary.latency * 1e3).round()), (2, 500.0));
}

#[test]
fn a_client_that_gives_up_during_a_call_shows_who_had_not_answered() {
    let config = with(shop("fail"), json!({ "users": { "clients": { "client": { "timeout": 0.13 } } } }));
    let trace = latest(&finished(&config));
    let expected = [
        (0, "Server-0", "process", "processing", 100, ""),
        (0, "Server-0", "call", "calls", 30, "timeout"),
        (1, "Stock-0", "process", "processing", 30, "timeout"),
        (1, "Payment-0", "process", "processing", 20, ""),
        (1, "DB/0", "read", "network", 1, ""),
        (1, "DB/0", "read", "database", 9, "timeout"),
    ];
    assert_eq!(told(&trace.spans), expected);
    assert_eq!(blamed(&trace), [("Server", "Server-0", "timeout"), ("Stock", "Stock-0", "timeout")]);
}

#[test]
fn a_login_is_a_trace_of_its_own() {
    let config = with(
        regular(1.0, json!({ "service_time": 0.1, "requires_auth": true })),
        json!({ "duration": 1.9, "auth": { "name": "Auth", "processing": 0.25, "success_prob": 1 } }),
    );
    let simulation = finished(&config);
    let summaries = kept(&simulation, WhichTraces::Latest);
    let told: Vec<(u64, bool, &str, f64)> = summaries
        .iter()
        .map(|trace| (trace.number, trace.is_login, trace.service.as_str(), (trace.latency * 1e3).round()))
        .collect();
    assert_eq!(told, [(1, false, "Server", 100.0), (0, true, "Auth", 250.0)]);
    assert_eq!((summaries[0].sent, summaries[0].group.as_str()), (1.25, "clients"));
    let only = TraceFilter { service: Some("Auth".to_owned()), ..TraceFilter::default() };
    assert_eq!(simulation.traces(&only).expect("there is one").len(), 1);
    assert!(simulation.traces(&TraceFilter { service: Some("nope".to_owned()), ..only }).is_err());
}

#[test]
fn a_write_shows_how_long_it_waits_for_replicas() {
    let config = with(
        regular(1.0, json!({ "service_time": 0, "database": { "name": "DB" } })),
        json!({
            "duration": 1.9,
            "users": { "clients": { "read_share": 0 } },
            "db_clusters": { "DB": {
                "operation": 0.01, "replicas": 1, "replication": { "mode": "sync", "delay": 0.05 },
            } },
        }),
    );
    let trace = latest(&finished(&config));
    let expected = [(0, "DB/0", "write", "database", 10, ""), (0, "DB/0", "replicate", "database", 60, "")];
    assert_eq!(told(&trace.spans), expected);
}

#[test]
fn a_look_up_that_fails_falls_back_to_the_database() {
    let server = json!({
        "service_time": 0, "cache": { "name": "Cache", "on_error": "fall_back" }, "database": { "name": "DB" },
    });
    let config = with(
        regular(1.0, server),
        json!({
            "duration": 1.9,
            "caches": { "Cache": { "operation": 0.002, "fail_prob": 1, "hit_prob": 1 } },
            "db_clusters": { "DB": { "operation": 0.01, "replicas": 0 } },
        }),
    );
    let trace = latest(&finished(&config));
    let expected = [(0, "Cache", "look_up", "cache", 2, "cache_error"), (0, "DB/0", "read", "database", 10, "")];
    assert_eq!(told(&trace.spans), expected);
    assert_eq!(trace.summary.cause, "");
}

#[test]
fn tracing_begins_and_ends_in_the_middle_of_a_run() {
    // A request takes longer than the next one is away: there is always one in flight.
    let mut simulation = simulation(&with(regular(1.0, json!({ "service_time": 1.5 })), json!({ "duration": 20 })));
    simulation.advance_to(4.7);
    assert!(!simulation.is_tracing() && kept(&simulation, WhichTraces::Latest).is_empty());
    simulation.set_tracing(true);
    simulation.advance_to(8.2);
    let numbers = |simulation: &Simulation| -> Vec<u64> {
        kept(simulation, WhichTraces::Latest).iter().map(|trace| trace.number).collect()
    };
    // The first one traced was sent at 5 s; the one sent at 6 s was over at 7.5 s.
    assert_eq!(numbers(&simulation), [5, 4]);
    simulation.set_tracing(false);
    simulation.advance_to(11.7);
    assert_eq!(numbers(&simulation), [5, 4], "what is kept stays, and nobody is added");
    simulation.set_tracing(true);
    simulation.advance_to(13.8);
    assert_eq!(numbers(&simulation), [11, 5, 4]);
}

#[test]
fn the_slowest_the_failed_and_the_latest_are_kept() {
    let server = json!({ "service_time": { "exponential": { "mean": 0.01 } }, "fail_prob": 0.5 });
    let simulation = finished(&with(regular(0.1, server), json!({ "duration": 200 })));
    let [slowest, failed, latest] =
        [WhichTraces::Slowest, WhichTraces::Failed, WhichTraces::Latest].map(|which| kept(&simulation, which));
    assert_eq!([slowest.len(), failed.len(), latest.len()], [64; 3]);
    assert!(slowest.is_sorted_by(|a, b| a.latency >= b.latency) && slowest.iter().all(|trace| trace.cause.is_empty()));
    assert!(failed.is_sorted_by(|a, b| a.ended >= b.ended) && failed.iter().all(|trace| !trace.cause.is_empty()));
    assert!(latest.is_sorted_by(|a, b| a.ended >= b.ended) && latest[0].number > 1_990);
    let longest = simulation.report().requests.latency.max.expect("some succeeded");
    assert!((slowest[0].latency - longest).abs() < 1e-3 * longest);
    assert!(slowest.iter().chain(&failed).chain(&latest).all(|trace| simulation.trace(trace.number).is_some()));
}

#[test]
fn after_the_warm_up_the_slowest_are_chosen_anew() {
    let config = with(regular(1.0, json!({ "service_time": 0.1 })), json!({ "duration": 10, "warm_up": 4.5 }));
    let mut simulation = traced(&config);
    simulation.advance_to(4.4);
    assert_eq!(kept(&simulation, WhichTraces::Slowest).len(), 4);
    simulation.advance_to(5.5);
    assert_eq!(kept(&simulation, WhichTraces::Slowest).len(), 1);
    assert_eq!(kept(&simulation, WhichTraces::Latest).len(), 5);
}

#[test]
fn a_trace_too_long_is_cut_and_still_sums_to_the_latency() {
    let retries = json!({ "max": 100, "backoff": { "base": 0.001, "factor": 1, "jitter": "none" } });
    let server = json!({
        "service_time": 0.001,
        "database": { "name": "DB", "read_retries": 10, "on_read_error": "ignore" },
        "calls": [{ "to": ["Other", "Another", "Bad"] }],
    });
    let config = with(
        regular(1.0, server),
        json!({
            "duration": 10,
            "users": { "clients": { "client": { "retries": retries } } },
            "services": {
                "Other": { "service_time": 0.002 }, "Another": { "service_time": 0 }, "Bad": { "service_time": 0.001, "fail_prob": 1 },
            },
            "db_clusters": { "DB": { "operation": 0.001, "fail_prob": 1 } },
        }),
    );
    let simulation = finished(&config);
    let trace = latest(&simulation);
    assert!(trace.summary.is_cut && trace.summary.attempts == 101 && trace.spans.len() < 400);
    let waited = trace.spans.iter().filter(|span| span.depth == 0);
    let spent: f64 = waited.map(|span| span.end - span.start).sum();
    assert!((spent - trace.summary.latency).abs() < 1e-9, "{spent} {:?}", trace.summary);
    // Who was called last is not told any more.
    assert_eq!(blamed(&trace), [("Server", "Server-0", "call_failed")]);
}

#[test]
fn those_beyond_the_most_that_are_traced_are_counted() {
    let config = with(regular(0.001, json!({ "service_time": 10 })), json!({ "duration": 8 }));
    let simulation = finished(&config);
    let total = simulation.in_flight(0).total;
    assert!(total > 4096 && simulation.untraced() == total - 4096, "{} of {total}", simulation.untraced());
}

#[test]
fn visits_in_flight_say_where_they_are() {
    let config = with(
        shop("fail"),
        json!({ "network": { "users_balancer": 0.01, "service_database": 0.004, "tcp": 0.03, "tls": 0.01 } }),
    );
    let mut simulation = simulation(&config);
    let mut look = |at: f64| -> Vec<(String, String, String, &'static str, f64)> {
        simulation.advance_to(at);
        let one = |visit: VisitInFlight| (visit.service, visit.place, visit.to, visit.phase, visit.since);
        simulation.in_flight(200).visits.into_iter().map(one).collect()
    };
    let seen = |service: &str, place: &str, to: &str, phase, since| {
        (service.to_owned(), place.to_owned(), to.to_owned(), phase, since)
    };
    assert_eq!(look(0.5), []);
    assert_eq!(look(1.02), [seen("Server", "", "Server-0", "handshakes", 1.0)]);
    assert_eq!(look(1.045), [seen("Server", "", "Server-0", "network", 1.04)]);
    assert_eq!(look(1.1), [seen("Server", "Server-0", "Server-0", "processing", 1.05)]);
    let calling = seen("Server", "Server-0", "Server-0", "calls", 1.15);
    assert_eq!(look(1.16)[0], calling);
    assert!(look(1.172).contains(&seen("Payment", "Payment-0", "DB/0", "network", 1.17)));
    assert!(look(1.18).contains(&seen("Payment", "DB/0", "DB/0", "database", 1.174)));
    assert!(look(1.186).contains(&seen("Payment", "DB/0", "Payment-0", "network", 1.184)));
    assert_eq!(look(1.205), [seen("Server", "Server-0", "", "network", 1.2)]);
    assert_eq!(look(1.5), []);
    // The oldest come first, and no more than wanted.
    let crowded = simulation_of_many();
    let (some, all) = (crowded.in_flight(3), crowded.in_flight(usize::MAX));
    assert_eq!((some.total, some.visits.len()), (all.total, 3));
    assert_eq!(some.visits, all.visits[..3]);
    assert!(all.visits.is_sorted_by_key(|visit| visit.request));
}

fn simulation_of_many() -> Simulation {
    let config = regular(0.1, json!({ "service_time": 0.55 }));
    let mut simulation = simulation(&with(config, json!({ "duration": 9 })));
    simulation.advance_to(8.95);
    simulation
}
