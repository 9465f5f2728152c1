//! One fetches a key for all who miss it; pools of connections to caches and services; operations that slow each other down.

use serde_json::{Value, json};
use web_service_model::{report::Report, simulation::Simulation};

use super::{close, failures, policies::conserves};
use crate::support::{cluster, finished, instance, report, simulation, with};

/// A hundred requests a second for the one key of a cache, which is gone a second after it was put there; who misses it reads
/// for a tenth of a second.
fn popular(keyed: Value, changes: Value) -> Value {
    let keyed = with(json!({ "keys": 1, "capacity": 1, "ttl": 1 }), keyed);
    let config = json!({
        "duration": 100,
        "users": { "u": { "arrivals": { "gaps": 0.01 }, "targets": { "Shop": 1 } } },
        "services": { "Shop": { "service_time": 0, "cache": { "name": "Cache" }, "database": { "name": "DB" } } },
        "caches": { "Cache": { "operation": 0, "keyed": keyed } },
        "db_clusters": { "DB": { "operation": 0.1 } },
    });
    with(config, changes)
}

fn mean(report: &Report) -> f64 {
    report.requests.latency.mean.expect("somebody came")
}

fn coalesced(report: &Report) -> u64 {
    report.caches[0].coalesced.expect("one fetches for all")
}

/// In each cycle of 1.1 s (a tenth until the key is there, a second until it is gone) either ten read it or one.
#[test]
fn one_reads_for_all() {
    let everybody = report(&popular(json!({}), json!({})));
    let cycles = 100.0 / 1.1;
    let reads = |report: &Report| cluster(report, "DB").reads as f64 / cycles;
    // (Who reads later fills the cache again, so that the key stays a little longer.)
    assert!((8.0..=10.5).contains(&reads(&everybody)), "{}", reads(&everybody));
    let one = report(&popular(json!({ "single_flight": {} }), json!({})));
    assert!((reads(&one) - 1.0).abs() < 0.02, "{}", reads(&one));
    let waited = coalesced(&one) as f64 / cycles;
    assert!((8.5..=10.5).contains(&waited), "{waited}");
    assert_eq!(one.requests.failed, 0);
    // Each of the ten waits for half a tenth of a second in the mean; the one waits for the database.
    assert!((one.requests.time_in["cache"] * one.requests.total as f64 / coalesced(&one) as f64 - 0.045).abs() < 0.006);
    let cache = &one.caches[0];
    assert_eq!(cache.hits + cache.misses, one.requests.total);
    close(cache.latency.mean, one.requests.time_in["cache"]);
}

/// Who fetches the key fails: the next one fetches it, one after the other.
#[test]
fn who_fails_hands_over() {
    let database = json!({ "db_clusters": { "DB": { "fail_prob": 1 } }, "duration": 2.005 });
    let patient = report(&popular(json!({ "single_flight": { "longest_wait": 60 } }), database.clone()));
    assert_eq!(failures(&patient), [("database_error", 19)], "one each tenth of a second");
    assert_eq!(patient.requests.in_flight, 200 - 19);
    // Nobody waits for longer than that; then he reads for himself.
    let impatient = report(&popular(json!({ "single_flight": { "longest_wait": "50ms" } }), database));
    assert!(impatient.requests.failed > 180, "{}", impatient.requests.failed);
    assert_eq!(coalesced(&impatient), 0);
}

/// Who has waited as long as he may reads for himself, and the key does not stay longer for that.
#[test]
fn who_is_tired_of_waiting_fetches_alone() {
    let config = popular(json!({ "single_flight": { "longest_wait": "45ms" } }), json!({ "duration": 1.1 }));
    let found = report(&config);
    // The first request, at 0.01 s, reads until 0.11 s. Those of 0.02 to 0.06 s wait until 0.065 to 0.105 s.
    assert_eq!(cluster(&found, "DB").reads, 1 + 5);
    assert_eq!(coalesced(&found), 4);
    assert_eq!(found.caches[0].misses, 6);
    let later = report(&with(config, json!({ "duration": 1.105 })));
    assert_eq!(later.caches[0].misses, 6, "it is there until 1.11 s");
    let gone = report(&popular(json!({ "single_flight": { "longest_wait": "45ms" } }), json!({ "duration": 1.115 })));
    assert_eq!(gone.caches[0].misses, 7, "though others have read it until 0.205 s");
}

/// The cache, or the instance that fetches, goes down in the middle of it.
#[test]
fn a_crash_ends_or_hands_over_the_flight() {
    let crash = |component: &str, at: f64| {
        let fault = json!([{ "crash": { "component": component, "at": at, "recover_at": at + 0.5 } }]);
        json!({ "duration": 1.0, "faults": fault })
    };
    let single = json!({ "single_flight": {} });
    let cache = report(&popular(single.clone(), crash("Cache", 0.055)));
    // Requests of 0.02 to 0.05 s waited; those until 0.55 s find nobody; the one of 0.56 s reads the key anew.
    assert_eq!(failures(&cache), [("cache_down", 4 + 50)]);
    assert_eq!(cluster(&cache, "DB").reads, 2);
    // Two instances, of which one dies with the request that fetches: the next one, at the other, fetches.
    let two = json!({ "services": { "Shop": { "instances": 2, "balancer": "smooth_round_robin" } } });
    let config = popular(single, with(two, crash("Shop-0", 0.055)));
    let mut running = simulation(&config);
    running.advance_to(0.15);
    assert_eq!(running.report().requests.total, 3, "who fetches now does so until 0.155 s");
    let instance = report(&config);
    assert_eq!(failures(&instance), [("instance_down", 3)], "those of 0.01, 0.03 and 0.05 s");
    assert_eq!(cluster(&instance, "DB").reads, 2, "what a dead instance has read it brings nowhere");
    assert_eq!(instance.requests.succeeded, instance.requests.total - 3);
}

/// Look-ups under a policy: the try that has missed fetches for all when it is back at the visit that asked.
#[test]
fn a_flight_goes_with_what_a_try_has_found() {
    let policy = json!({ "timeout": 1, "retry": {} });
    let changes = json!({ "services": { "Shop": { "cache": { "policy": policy } } } });
    let plain = report(&popular(json!({ "single_flight": {} }), json!({})));
    let under_policy = report(&popular(json!({ "single_flight": {} }), changes));
    assert_eq!(cluster(&plain, "DB").reads, cluster(&under_policy, "DB").reads);
    assert_eq!(coalesced(&plain), coalesced(&under_policy));
    conserves(&under_policy);
    // Who gives up a look-up leaves the line, and reads.
    let short = json!({ "timeout": "25ms", "on_giving_up": "cancel" });
    let changes = json!({ "services": { "Shop": { "cache": { "policy": short, "on_error": "fall_back" } } } });
    let found = report(&popular(json!({ "single_flight": {} }), changes));
    assert_eq!(found.requests.failed, 0);
    assert_eq!(
        found.edges.get("Shop→Cache").expect("a policy").given_up as f64 / 7.0,
        (found.requests.total as f64 / 110.0).round()
    );
    conserves(&found);
}

/// A key that has expired is served while one reads it anew in the background: nobody waits but those who come before it is there
/// for the first time, and while the database is down the key is served for as long as it may be.
#[test]
fn what_has_expired_is_served_while_one_reads_it_anew() {
    let cycles = 100.0 / 1.11;
    let found = report(&popular(json!({ "stale_while_revalidate": 10 }), json!({})));
    let cache = &found.caches[0];
    assert!((9..=11).contains(&cache.misses), "{}", cache.misses);
    let refreshes = cache.refreshes.expect("it is on") as f64;
    assert!((refreshes / cycles - 1.0).abs() < 0.02, "{refreshes}");
    assert_eq!(cluster(&found, "DB").reads, cache.misses + cache.refreshes.unwrap_or_default());
    // The one who has it read, and the ten who come meanwhile.
    let stale = cache.stale_hits.expect("it is on") as f64 / refreshes;
    assert!((10.0..=11.5).contains(&stale), "{stale}");
    assert_eq!((found.requests.failed, cache.hits + cache.misses), (0, found.requests.total));
    assert!(mean(&found) < 0.0002, "{}", mean(&found));
    conserves(&found);
    let down = json!({ "faults": [{ "crash": { "component": "DB/primary", "at": 20.5, "recover_at": 25.5 } }] });
    let long = report(&popular(json!({ "stale_while_revalidate": 10 }), down.clone()));
    assert_eq!(long.requests.failed, 0);
    let short = report(&popular(json!({ "stale_while_revalidate": 2 }), down));
    assert!((200..=350).contains(&short.requests.failed), "{}", short.requests.failed);
}

/// A key that will expire soon is read anew before: nobody misses it. With single flight one reads, without it each decides for
/// himself, so that a few read the same at a time.
#[test]
fn what_expires_soon_is_read_anew_before() {
    let early = |keyed: Value| report(&popular(with(json!({ "early_refresh": {} }), keyed), json!({})));
    let (one, each) = (early(json!({ "single_flight": {} })), early(json!({})));
    let refreshes = |report: &Report| report.caches[0].refreshes.expect("it is on") as f64;
    // Such a period is a second but for 0.1 (ln(100 · 0.1) + γ), and the reading.
    assert!((refreshes(&one) / (100.0 / (1.0 - 0.288 + 0.1)) - 1.0).abs() < 0.05, "{}", refreshes(&one));
    assert!(refreshes(&each) > 1.5 * refreshes(&one), "{}", refreshes(&each));
    for found in [&one, &each] {
        assert!(found.caches[0].misses <= 14, "{}", found.caches[0].misses);
        assert_eq!((found.requests.failed, found.caches[0].stale_hits), (0, Some(0)));
        conserves(found);
    }
    let never = early(json!({ "early_refresh": { "beta": 0 } }));
    assert_eq!(refreshes(&never), 0.0);
}

/// The same under a policy, and from the moment on at which it is wanted.
#[test]
fn refreshing_under_a_policy_and_by_a_change() {
    let changes = json!({ "services": { "Shop": { "cache": { "policy": { "timeout": 1 } } } } });
    let plain = report(&popular(json!({ "stale_while_revalidate": 10 }), json!({})));
    let under_policy = report(&popular(json!({ "stale_while_revalidate": 10 }), changes));
    assert_eq!(cluster(&plain, "DB").reads, cluster(&under_policy, "DB").reads);
    assert_eq!(plain.caches[0].stale_hits, under_policy.caches[0].stale_hits);
    let mut simulation = simulation(&popular(json!({}), json!({})));
    simulation.advance_to(50.0);
    let before = simulation.report().caches[0].misses;
    patch(&mut simulation, json!({ "caches": { "Cache": { "keyed": { "stale_while_revalidate": 10 } } } }));
    simulation.advance_to(100.0);
    assert!(simulation.report().caches[0].misses <= before + 11);
    patch(
        &mut simulation,
        json!({ "duration": 150, "caches": { "Cache": { "keyed": { "stale_while_revalidate": null } } } }),
    );
    simulation.advance_to(150.0);
    let misses = simulation.report().caches[0].misses as f64 / before as f64;
    assert!((1.8..=2.2).contains(&misses), "{misses}");
}

/// A thousand keys that were filled in the same second expire in the same second, unless their times are spread.
#[test]
fn jitter_spreads_what_was_filled_together() {
    let worst = |keyed: Value| {
        let config = json!({
            "duration": 60, "window": 1,
            "users": { "u": { "arrivals": { "gaps": 0.0005 }, "targets": { "Shop": 1 } } },
            "services": { "Shop": { "service_time": 0, "cache": { "name": "Cache" }, "database": { "name": "DB" } } },
            "caches": { "Cache": { "operation": 0, "keyed": with(
                json!({ "keys": 1000, "zipf_exponent": 0, "capacity": 1000, "ttl": 20 }), keyed,
            ) } },
            "db_clusters": { "DB": { "operation": 0.001 } },
        });
        let mut simulation = simulation(&config);
        let reads = |simulation: &Simulation| cluster(&simulation.report(), "DB").reads;
        simulation.advance_to(15.0);
        let mut before = reads(&simulation);
        (16..=60)
            .map(|second| {
                simulation.advance_to(f64::from(second));
                reads(&simulation) - std::mem::replace(&mut before, reads(&simulation))
            })
            .max()
            .expect("there are some")
    };
    let (together, spread) = (worst(json!({})), worst(json!({ "ttl_jitter": 0.5 })));
    assert!(together > 400, "{together}");
    assert!(spread < 150, "{spread}");
}

/// Changes in the middle of a flight: everybody reads from now on; chance decides.
#[test]
fn whoever_waits_goes_on_when_nobody_fetches_for_others_any_more() {
    for change in [json!({ "keyed": { "single_flight": null } }), json!({ "keyed": null, "hit_prob": 0 })] {
        let mut simulation = simulation(&popular(json!({ "single_flight": {} }), json!({})));
        simulation.advance_to(0.055);
        assert_eq!(cluster(&simulation.report(), "DB").reads, 1);
        patch(&mut simulation, json!({ "caches": { "Cache": change } }));
        simulation.advance_to(0.0551);
        assert_eq!(cluster(&simulation.report(), "DB").reads, 5);
    }
}

fn patch(simulation: &mut Simulation, changes: Value) {
    simulation.patch(&changes.to_string()).unwrap_or_else(|error| panic!("{error}"));
}

/// Look-ups of 0.1 s, twenty a second, through one connection: a second's wait, and then nobody has it in time.
#[test]
fn a_look_up_waits_for_a_connection() {
    let shop = |used: Value| {
        json!({
            "duration": 100,
            "users": { "u": { "arrivals": { "gaps": 0.05 }, "targets": { "Shop": 1 } } },
            "services": { "Shop": {
                "service_time": 0,
                "cache": with(json!({ "name": "Cache", "pool": { "size": 1, "longest_wait": 1 } }), used),
                "database": { "name": "DB" },
            } },
            "caches": { "Cache": { "operation": 0.1, "hit_prob": 1 } },
            "db_clusters": { "DB": { "operation": 0.02 } },
        })
    };
    let found = report(&shop(json!({})));
    let pool = instance(&found, "Shop-0").cache_pool.as_ref().expect("it is limited");
    assert!(pool.in_use.mean > 0.99 && pool.in_use.max == 1.0);
    assert!((pool.waiting.mean - 20.0).abs() < 1.0, "{}", pool.waiting.mean);
    let late = failures(&found);
    assert!(late.len() == 1 && late[0].0 == "pool_timeout" && (late[0].1 as f64 - 980.0).abs() < 20.0, "{late:?}");
    assert!(instance(&found, "Shop-0").pool.is_none());
    // Who may do without the cache reads instead.
    let instead = report(&shop(json!({ "on_error": "fall_back" })));
    assert_eq!(instead.requests.failed, 0);
    assert!((cluster(&instead, "DB").reads as f64 - 980.0).abs() < 20.0);
    // A larger pool is enough; so it is from the moment on at which it is one.
    let mut simulation = simulation(&shop(json!({})));
    simulation.advance_to(50.0);
    patch(&mut simulation, json!({ "services": { "Shop": { "cache": { "pool": { "size": 3 } } } } }));
    simulation.advance_to(52.0);
    let before = simulation.report().requests.failed;
    simulation.advance_to(100.0);
    assert_eq!(simulation.report().requests.failed, before);
}

/// Calls of 0.1 s, twenty a second, through one connection; it is the short form of a bulkhead.
#[test]
fn a_call_waits_for_a_connection() {
    let front = |call: Value| {
        json!({
            "duration": 100,
            "users": { "u": { "arrivals": { "gaps": 0.05 }, "targets": { "Front": 1 } } },
            "services": {
                "Front": { "service_time": 0, "calls": [with(json!({ "to": ["Back"] }), call)] },
                "Back": { "service_time": 0.1 },
            },
        })
    };
    let pooled = report(&front(json!({ "pool": { "size": 1, "longest_wait": 1 } })));
    let behind = report(&front(json!({ "policy": { "bulkhead": { "max": 1, "waiting": 1000, "longest_wait": 1 } } })));
    let [(_, late)] = failures(&pooled)[..] else { panic!("{:?}", failures(&pooled)) };
    assert_eq!(failures(&pooled), failures(&behind));
    assert!((late as f64 - 980.0).abs() < 20.0);
    close(mean(&pooled), mean(&behind));
    conserves(&pooled);
    let pool = pooled.edges.get("Front→Back").and_then(|edge| edge.bulkhead.as_ref()).expect("it is limited");
    assert_eq!(pool.refused, late);
}

/// Whom the shop's own bulkhead has refused, its users' policy has not.
#[test]
fn a_refusal_is_counted_where_it_is_made() {
    let config = json!({
        "duration": 100,
        "users": { "u": {
            "arrivals": { "gaps": 0.05 }, "targets": { "Shop": 1 }, "policy": { "bulkhead": { "max": 1000 } },
        } },
        "services": { "Shop": {
            "service_time": 0, "database": { "name": "DB", "policy": { "bulkhead": { "max": 1 } } },
        } },
        "db_clusters": { "DB": { "operation": 0.1 } },
    });
    let found = report(&config);
    let [(cause, refused)] = failures(&found)[..] else { panic!("{:?}", failures(&found)) };
    assert_eq!(cause, "bulkhead_full");
    let refused_at =
        |edge: &str| found.edges.get(edge).and_then(|edge| edge.bulkhead.as_ref()).expect("it has one").refused;
    assert_eq!((refused_at("Shop→DB"), refused_at("u→Shop")), (refused, 0));
    conserves(&found);
}

/// A read that is under way when its node becomes slow takes longer, whoever has processed the request before it.
#[test]
fn a_slow_node_slows_down_what_it_is_at() {
    for discipline in ["fifo", "processor_sharing"] {
        let found = report(&json!({
            "duration": 10,
            "users": { "u": { "arrivals": { "gaps": 7 }, "targets": { "Shop": 1 } } },
            "services": { "Shop": { "service_time": 0, "discipline": discipline, "database": { "name": "DB" } } },
            "db_clusters": { "DB": { "operation": 1 } },
            "faults": [{ "slow": { "component": "DB/0", "from": 7.5, "until": 10, "factor": 3 } }],
        }));
        assert_eq!(found.requests.total, 1, "{discipline}");
        close(mean(&found), 0.5 + 1.5);
    }
}

/// Two reads at a time are half as fast each, and a replica is not slowed down by what its primary does.
#[test]
fn operations_slow_each_other_down() {
    let shop = |table: Value, changes: Value| {
        let config = json!({
            "duration": 10,
            "users": { "u": { "arrivals": { "gaps": 1 }, "targets": { "Shop": 1 } } },
            "services": { "Shop": { "service_time": 0, "database": { "name": "DB" } } },
            "db_clusters": { "DB": { "operation": 2, "connections": 2, "scalability": { "table": table } } },
        });
        with(config, changes)
    };
    let done = |simulation: &Simulation| simulation.report().requests.total;
    // As with the workers of an instance: the first is done at 4 s, the second at 6 s.
    let mut running = simulation(&shop(json!([1, 0.5]), json!({})));
    let mut expect = |moment: f64, expected: u64| {
        running.advance_to(moment);
        assert_eq!(done(&running), expected, "at {moment} s");
    };
    expect(3.99, 0);
    expect(4.01, 1);
    expect(5.99, 1);
    expect(6.01, 2);
    patch(&mut running, json!({ "db_clusters": { "DB": { "scalability": null } } }));
    running.advance_to(7.02);
    assert_eq!(done(&running), 3);
    patch(&mut running, json!({ "db_clusters": { "DB": { "scalability": { "table": [0.001] } } } }));
    running.advance_to(10.0);
    assert_eq!(done(&running), 3);
    // A crash loses what is at work, and nothing of it comes back.
    let crash = json!({ "faults": [{ "crash": { "component": "DB/0", "at": 3.5, "recover_at": 3.6 } }] });
    let lost = finished(&shop(json!([1, 0.5]), crash)).report();
    assert_eq!(failures(&lost), [("database_down", 3)]);
    // Nobody is slowed down: nothing is different, whatever else happens.
    let slow = json!({
        "users": { "u": { "arrivals": { "gaps": 0.7 }, "read_share": 0.5 } },
        "db_clusters": { "DB": { "replicas": 1, "replica_read_share": 0.5, "operation": { "exponential": { "mean": 0.8 } } } },
        "duration": 1000,
        "faults": [
            { "slow": { "component": "DB/0", "from": 100, "until": 200, "factor": 3 } },
            { "crash": { "component": "DB/0", "at": 300, "recover_at": 350 } },
        ],
    });
    let together = report(&shop(json!([1]), slow.clone()));
    let alone = report(&with(shop(json!([1]), slow), json!({ "db_clusters": { "DB": { "scalability": null } } })));
    assert_eq!(together.requests.failures, alone.requests.failures);
    assert_eq!(together.requests.total, alone.requests.total);
    assert!((mean(&together) - mean(&alone)).abs() < 1e-6 * mean(&alone));
}
