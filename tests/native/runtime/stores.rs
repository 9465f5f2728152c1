//! Databases, caches and brokers that are used under a policy, and what is asked instead when one of them, or a call, fails.

use serde_json::{Value, json};
use web_service_model::report::{Edge, Report};

use super::{close, failures, policies::conserves};
use crate::support::{cluster, finished, log, queue, report, service, simulation, with};

/// A shop asked once a second (or so) that does nothing but use its stores.
fn shop(gaps: f64, shop: Value) -> Value {
    json!({
        "duration": 100.5,
        "users": { "u": { "arrivals": { "gaps": gaps }, "targets": { "Shop": 1 } } },
        "services": { "Shop": with(json!({ "service_time": 0 }), shop) },
    })
}

/// One with a database that takes a tenth of a second for everything.
fn with_database(gaps: f64, used: Value, database: Value) -> Value {
    let used = with(json!({ "name": "DB" }), used);
    let clusters = json!({ "db_clusters": { "DB": with(json!({ "replicas": 0, "operation": 0.1 }), database) } });
    with(shop(gaps, json!({ "database": used })), clusters)
}

#[track_caller]
fn edge<'r>(report: &'r Report, name: &str) -> &'r Edge {
    report.edges.get(name).expect("it has a policy")
}

fn mean(report: &Report) -> f64 {
    report.requests.latency.mean.expect("somebody came")
}

/// Reads that take twice as long as anybody waits, three times: 150 ms and a failure. The node does not hear of it.
#[test]
fn a_read_is_given_up_and_tried_again() {
    let policy = json!({ "timeout": "50ms", "retry": { "max": 2, "backoff": { "base": 0 } } });
    let found = report(&with_database(1.0, json!({ "policy": policy }), json!({})));
    let asked = found.requests.total;
    let reads = edge(&found, "Shop→DB");
    assert_eq!((reads.from.as_str(), reads.to.as_str()), ("Shop", "DB"));
    assert_eq!((reads.attempts, reads.retries, reads.given_up), (3 * asked, 2 * asked, 3 * asked));
    assert_eq!((failures(&found), asked), (vec![("timeout", 100)], 100));
    assert_eq!(cluster(&found, "DB").reads, 3 * asked, "each try is a read");
    close(service(&found, "Shop").failed as f64, asked as f64);
    conserves(&found);
    // Who ignores the failure goes on when it is known.
    let ignored = json!({ "services": { "Shop": { "database": { "on_read_error": "ignore" } } } });
    let policy = json!({ "timeout": "50ms", "retry": { "max": 2, "backoff": { "base": 0 } } });
    let found = report(&with(with_database(1.0, json!({ "policy": policy }), json!({})), ignored));
    close(mean(&found), 0.15);
    close(found.requests.time_in["database"], 0.15);
}

/// Reads leave the line of a database after a second, which then is as short as that of a server whose clients leave.
#[test]
fn who_cancels_leaves_the_line_of_the_database() {
    let config = |on_giving_up: &str| {
        let policy = json!({ "timeout": 1, "on_giving_up": on_giving_up });
        let node = json!({ "operation": { "exponential": { "mean": 0.1 } }, "connections": 10 });
        let slow = json!({
            "duration": 60, "seed": 7,
            "faults": [{ "slow": { "component": "DB", "factor": 3, "from": 8, "until": 16 } }],
        });
        let mut config = with(with_database(1.0, json!({ "policy": policy }), node), slow);
        config["users"]["u"]["arrivals"] = json!({ "poisson": { "rate": 90 } });
        config
    };
    let success = |found: &Report| found.requests.success_ratio.expect("somebody came");
    let stale = report(&config("continue"));
    assert!(success(&stale) < 0.4, "{}", success(&stale));
    let cancelled = report(&config("cancel"));
    assert!((success(&cancelled) - 0.868).abs() < 0.02, "{}", success(&cancelled));
    conserves(&stale);
    conserves(&cancelled);
}

/// The same sequence as with a service that is down: ten failures, ten seconds, two probes.
#[test]
fn a_breaker_opens_on_a_dead_database() {
    let breaker = json!({ "window": { "calls": 10 }, "min_calls": 10, "open_for": 10, "probes": 2 });
    let config = with_database(1.0, json!({ "policy": { "breaker": breaker } }), json!({ "operation": 0 }));
    let crash = json!([{ "crash": { "component": "DB", "at": 0.5, "recover_at": 25.5 } }]);
    let simulation = finished(&with(config, json!({ "duration": 60, "faults": crash })));
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
        expected.into_iter().map(|(time, what)| (time, format!("the breaker to DB {what}"))).collect();
    assert_eq!(told, expected);
    let found = simulation.report();
    assert_eq!(failures(&found), [("breaker_open", 18), ("database_down", 12)]);
    close(edge(&found, "Shop→DB").breaker.as_ref().map(|breaker| breaker.open_seconds), 20.0);
    conserves(&found);
}

/// Two replicas are asked at once, and the first answer counts: the smaller of two exponential times is half as long.
#[test]
fn a_hedged_read_takes_the_sooner_of_two_nodes() {
    let config = |policy: Value| {
        let node = json!({ "operation": { "exponential": { "mean": 0.1 } }, "replicas": 1, "replica_read_share": 0.5 });
        with(with_database(2.5, json!({ "policy": policy }), node), json!({ "duration": 25_001 }))
    };
    let hedge = json!({ "hedge": { "after": "1us", "budget": { "ratio": 1 } } });
    let (plain, hedged) = (report(&config(json!({}))), report(&config(hedge)));
    assert!((mean(&plain) - 0.1).abs() < 0.004, "{}", mean(&plain));
    assert!((mean(&hedged) - 0.05).abs() < 0.002, "{}", mean(&hedged));
    assert!(plain.edges.is_empty(), "a policy without parts is none");
    let reads = edge(&hedged, "Shop→DB");
    assert_eq!(reads.hedges, hedged.requests.total);
    assert!((reads.hedges_won as f64 / reads.hedges as f64 - 0.5).abs() < 0.02);
    for node in cluster(&hedged, "DB").nodes.values() {
        assert!(node.operations.abs_diff(hedged.requests.total) <= 1, "each node is asked once");
    }
    conserves(&hedged);
}

/// After a fixed time d: E = (1 − e^(−μd))/μ + e^(−μd)/(2μ), and a share e^(−μd) of hedges.
#[test]
fn a_read_is_hedged_after_a_time() {
    let policy = json!({ "hedge": { "after": 0.1, "budget": { "ratio": 1 } } });
    let node = json!({ "operation": { "exponential": { "mean": 0.1 } }, "replicas": 1 });
    let config = with_database(2.5, json!({ "policy": policy }), node);
    let found = report(&with(config, json!({ "duration": 25_001 })));
    let late = libm::exp(-1.0);
    assert!((mean(&found) - (0.1 * (1.0 - late) + 0.05 * late)).abs() < 0.003, "{}", mean(&found));
    let reads = edge(&found, "Shop→DB");
    assert!((reads.hedges as f64 / reads.attempts as f64 - late).abs() < 0.02);
}

/// Two operations of a second at a time, ten wanted each second: two a second succeed, and the database has no more of them.
#[test]
fn a_bulkhead_bounds_operations_at_a_time() {
    let policy = json!({ "bulkhead": { "max": 2 } });
    let found = report(&with_database(0.1, json!({ "policy": policy }), json!({ "operation": 0.95 })));
    assert_eq!(found.requests.failed, found.requests.failures["bulkhead_full"]);
    assert_eq!(found.requests.succeeded, 2 * 100);
    let bulkhead = edge(&found, "Shop→DB").bulkhead.as_ref().expect("there is one");
    close(bulkhead.inside.max, 2.0);
    assert_eq!(bulkhead.refused, found.requests.failed);
    conserves(&found);
}

/// Reads and writes of an instance share what it knows of its database; each of two databases is known apart.
#[test]
fn an_instance_knows_its_own_database() {
    let policy = json!({ "bulkhead": { "max": 1 } });
    let used = json!({ "policy": policy, "per_instance": true });
    let config = with(
        with_database(0.1, used, json!({ "operation": 0.45 })),
        json!({
            "users": { "u": { "read_share": 0.5 } },
            "services": { "Shop": { "instances": 2, "balancer": "smooth_round_robin" } },
        }),
    );
    let found = report(&config);
    // Each instance is asked every 0.2 s, and every third of them finds it free.
    assert!(found.requests.succeeded.abs_diff(found.requests.total / 3) <= 2, "{}", found.requests.succeeded);
    let attempts = edge(&found, "Shop→DB").attempts;
    assert!(attempts - found.requests.total <= 2, "{attempts} of both");
    assert_eq!(found.edges.len(), 1, "they add up");
    conserves(&found);
}

/// A connection of the pool that belongs to what is given up is free again, though the database has not finished.
#[test]
fn who_gives_up_a_read_gives_its_connection_back() {
    let policy = json!({ "timeout": 0.1 });
    let used = json!({ "policy": policy, "pool": { "size": 1, "longest_wait": 30 } });
    let found = report(&with_database(0.2, used, json!({ "operation": 10 })));
    assert_eq!(edge(&found, "Shop→DB").given_up, found.requests.total);
    let pool = service(&found, "Shop").instances["Shop-0"].pool.as_ref().expect("there is one");
    assert_eq!((pool.waiting.max, pool.in_use.max), (0.0, 1.0));
    // And who has waited for one in vain does not go on waiting.
    let policy = json!({ "timeout": 0.1, "hedge": { "after": 0.05, "budget": { "ratio": 1 } } });
    let used = json!({ "policy": policy, "pool": { "size": 1 } });
    let found = report(&with_database(0.2, used, json!({ "operation": 10 })));
    let pool = service(&found, "Shop").instances["Shop-0"].pool.as_ref().expect("there is one");
    assert_eq!((pool.waiting.max, pool.waiting.now), (1.0, 0.0), "the hedge waits for what the first try has");
    assert_eq!(cluster(&found, "DB").reads, found.requests.total);
    conserves(&found);
}

/// Writes are tried again only if somebody says that they may happen twice.
#[test]
fn a_write_is_tried_again_only_if_it_may_be() {
    let attempts = |retry: Value, endpoint: Value| {
        let policy = json!({ "timeout": "50ms", "retry": with(json!({ "max": 1, "backoff": { "base": 0 } }), retry) });
        let steps = with(json!({ "steps": [{ "write": {} }] }), endpoint);
        let changes = json!({
            "users": { "u": { "targets": { "Shop": 0, "Shop.order": 1 } } },
            "services": { "Shop": { "endpoints": { "order": steps } } },
        });
        let found = report(&with(with_database(1.0, json!({ "policy": policy }), json!({})), changes));
        assert_eq!(cluster(&found, "DB").writes, edge(&found, "Shop→DB").attempts);
        conserves(&found);
        edge(&found, "Shop→DB").attempts / found.requests.total
    };
    assert_eq!(attempts(json!({}), json!({})), 1);
    assert_eq!(attempts(json!({ "writes": true }), json!({})), 2);
    assert_eq!(attempts(json!({}), json!({ "idempotent": true })), 2);
}

/// A step's own policy takes the place of the one that the service has for its database.
#[test]
fn a_step_has_a_policy_of_its_own() {
    let patient = json!({ "timeout": 1 });
    let steps = json!([{ "read": { "policy": { "timeout": "20ms" }, "on_error": "ignore" } }, { "read": {} }]);
    let changes = json!({
        "users": { "u": { "targets": { "Shop": 0, "Shop.page": 1 } } },
        "services": { "Shop": { "endpoints": { "page": { "steps": steps } } } },
    });
    let found = report(&with(with_database(1.0, json!({ "policy": patient }), json!({})), changes));
    close(mean(&found), 0.12);
    let reads = edge(&found, "Shop→DB");
    assert_eq!((reads.attempts, reads.given_up), (2 * found.requests.total, found.requests.total));
}

/// A shop with a cache of a tenth of a second before a database of 20 ms.
fn with_cache(used: Value, cache: Value) -> Value {
    let used = json!({ "services": { "Shop": { "cache": with(json!({ "name": "Cache" }), used) } } });
    let cache = json!({ "caches": { "Cache": with(json!({ "operation": 0.1 }), cache) } });
    with(with(with_database(1.0, json!({}), json!({ "operation": 0.02 })), used), cache)
}

#[test]
fn what_a_look_up_finds_gets_through() {
    let patient = json!({ "policy": { "timeout": 1, "retry": {} } });
    let hits = report(&with_cache(patient.clone(), json!({ "hit_prob": 1 })));
    close(mean(&hits), 0.1);
    assert_eq!(cluster(&hits, "DB").reads, 0);
    let misses = report(&with_cache(patient, json!({ "hit_prob": 0 })));
    close(mean(&misses), 0.12);
    close(misses.requests.time_in["cache"], 0.1);
    assert_eq!(edge(&misses, "Shop→Cache").succeeded, misses.requests.total, "a miss is an answer");
    // The database is read instead of a cache that takes too long.
    let used = json!({ "policy": { "timeout": "50ms" }, "on_error": "fall_back" });
    let late = report(&with_cache(used, json!({ "hit_prob": 1 })));
    close(mean(&late), 0.07);
    assert_eq!(edge(&late, "Shop→Cache").given_up, late.requests.total);
    let used = json!({ "policy": { "timeout": "50ms" } });
    let failed = report(&with_cache(used, json!({ "hit_prob": 1 })));
    assert_eq!(failures(&failed), [("timeout", 100)]);
    conserves(&failed);
}

/// All tries of a look-up ask for the same key, and what is read then fills the cache with it.
#[test]
fn further_tries_ask_for_the_same_key() {
    let cache = json!({ "keyed": { "keys": 1000, "capacity": 1000, "zipf_exponent": 0 }, "operation": 0.1 });
    let used = |policy: Value| json!({ "policy": policy });
    let hit_ratio = |config: &Value| report(config).caches[0].hit_ratio.expect("somebody came");
    let plain = hit_ratio(&with_cache(used(json!({})), cache.clone()));
    let hedge = json!({ "hedge": { "after": "50ms", "budget": { "ratio": 1 } } });
    let hedged = report(&with_cache(used(hedge), cache));
    let found = hedged.caches[0].hit_ratio.expect("somebody came");
    // (When the second try comes, what the first one has missed has been read and put there.)
    close(found, 0.5 * (1.0 + plain));
    assert_eq!(edge(&hedged, "Shop→Cache").hedges, hedged.requests.total);
    conserves(&hedged);
}

/// A broker takes longer than anybody waits: the messages get there, twice where it is tried again.
#[test]
fn a_message_is_given_up_and_sent_again() {
    let sent = |reads: f64, retry: Value| {
        let policy = json!({ "timeout": "50ms", "retry": with(json!({ "max": 1, "backoff": { "base": 0 } }), retry) });
        let publish = json!({ "broker": "Broker", "queue": "q", "on_error": "ignore", "policy": policy });
        let config = with(
            shop(1.0, json!({ "publish": publish })),
            json!({
                "users": { "u": { "read_share": reads } },
                "brokers": { "Broker": { "publish": 0.1, "queues": { "q": {} } } },
            }),
        );
        let found = report(&config);
        assert_eq!(edge(&found, "Shop→Broker").given_up, queue(&found).sent);
        conserves(&found);
        (queue(&found).sent / found.requests.total, mean(&found))
    };
    assert_eq!(sent(0.0, json!({})), (1, 0.05));
    assert_eq!(sent(0.0, json!({ "writes": true })), (2, 0.1));
    assert_eq!(sent(1.0, json!({})), (2, 0.1), "a read may happen twice");
}

/// A page without recommendations instead of none.
#[test]
fn a_fallback_answers_when_no_attempt_has() {
    let policy = json!({ "timeout": "50ms", "retry": { "max": 1, "backoff": { "base": 0 } }, "fallback": "Plain" });
    let services = json!({ "services": {
        "Recommendations": { "service_time": 1 },
        "Plain": { "service_time": "5ms" },
        "Shop": { "calls": [{ "to": ["Recommendations"], "policy": policy }] },
    } });
    let config = with(shop(1.0, json!({})), services);
    let found = report(&config);
    close(mean(&found), 0.105);
    let calls = edge(&found, "Shop→Recommendations");
    let asked = found.requests.total;
    assert_eq!((calls.attempts, calls.given_up, calls.fallbacks), (2 * asked, 2 * asked, Some(asked)));
    assert_eq!(service(&found, "Plain").succeeded, asked);
    assert_eq!(found.edges.len(), 1);
    conserves(&found);
    // If that fails too, the call has failed.
    let fails = json!({ "services": { "Plain": { "fail_prob": 1 } } });
    let found = report(&with(config.clone(), fails));
    assert_eq!(failures(&found), [("call_failed", asked)]);
    // Where the breaker refuses, it is asked at once.
    let breaker = json!({ "window": { "calls": 10 }, "min_calls": 10, "open_for": 1000 });
    let mut config = config;
    config["services"]["Shop"]["calls"][0]["policy"]["breaker"] = breaker;
    let found = report(&config);
    assert_eq!(found.requests.succeeded, asked);
    assert!(found.requests.latency.p50.expect("somebody came") < 0.006);
    assert!(edge(&found, "Shop→Recommendations").fallbacks == Some(asked));
}

/// An endpoint of its own is asked instead of the database, and users are sent elsewhere.
#[test]
fn fallbacks_of_stores_and_of_users() {
    let used = json!({ "policy": { "timeout": "50ms", "fallback": "Shop.plain" } });
    let plain = json!({ "services": { "Shop": { "endpoints": { "plain": { "steps": [{ "process": "1ms" }] } } } } });
    let found = report(&with(with_database(1.0, used, json!({})), plain));
    close(mean(&found), 0.051);
    assert_eq!(edge(&found, "Shop→DB").fallbacks, Some(found.requests.total));
    conserves(&found);
    let away = json!({
        "users": { "u": { "policy": { "fallback": "Sorry" } } },
        "services": { "Shop": { "fail_prob": 1 }, "Sorry": { "service_time": "1ms" } },
    });
    let found = report(&with(shop(1.0, json!({})), away));
    assert_eq!((found.requests.succeeded, found.requests.failed), (100, 0));
    assert_eq!(edge(&found, "u→Shop").fallbacks, Some(100));
    conserves(&found);
}

/// Numbers change while the run goes on; that there is a policy is a matter of how things are put together.
#[test]
fn a_policy_of_a_store_changes() {
    let config = with_database(1.0, json!({ "policy": { "timeout": 1 } }), json!({}));
    let mut simulation = simulation(&config);
    simulation.advance_to(50.5);
    let shorter = json!({ "services": { "Shop": { "database": { "policy": { "timeout": "50ms" } } } } });
    simulation.patch(&shorter.to_string()).expect("it can be changed");
    simulation.advance_to(100.5);
    assert_eq!((simulation.report().requests.succeeded, simulation.report().requests.failed), (50, 50));
    let none = json!({ "services": { "Shop": { "database": { "policy": null } } } });
    let refused = simulation.patch(&none.to_string()).expect_err("it is a step less").to_string();
    assert_eq!(refused, "services.Shop.database.policy: needs a restart");
}

/// A trace tells each try as a part of the read, and whose fault it was.
#[test]
fn a_trace_shows_the_tries_of_a_read() {
    use web_service_model::simulation::TraceFilter;
    let policy = json!({ "timeout": "50ms", "retry": { "max": 2, "backoff": { "base": "10ms", "jitter": "none" } } });
    let mut simulation = simulation(&with_database(1.0, json!({ "policy": policy }), json!({})));
    simulation.set_tracing(true);
    simulation.advance_to(3.5);
    let told = simulation.traces(&TraceFilter::default()).expect("nobody is asked for by name");
    let trace = simulation.trace(told[0].number).expect("it is kept");
    let tries: Vec<_> = trace.spans.iter().filter(|span| span.depth == 1 && span.outcome == "timeout").collect();
    assert_eq!(tries.len(), 3, "{:?}", trace.spans);
    assert!(tries.iter().all(|span| span.step == "read" && span.component == "DB/0"), "{tries:?}");
    let whole = trace.spans.iter().find(|span| span.depth == 0 && span.step == "read").expect("the read");
    close(whole.end - whole.start, 0.15 + 0.01 + 0.02);
}
