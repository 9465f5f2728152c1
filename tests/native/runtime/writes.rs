//! What a cache hears of writes.

use serde_json::{Value, json};
use web_service_model::report::Report;

use super::policies::conserves;
use crate::support::{cluster, report, with};

/// The one key of a cache is read a hundred times a second and written ten times, for 100 s. The database takes 10 ms, the cache 1 ms.
fn shop(cache: Value, changes: Value) -> Value {
    let group = |gaps: f64, read_share: u32| {
        json!({
            "arrivals": { "gaps": gaps }, "targets": { "Shop": 1 }, "read_share": read_share,
        })
    };
    let config = json!({
        "duration": 100,
        "users": { "readers": group(0.01, 1), "writers": group(0.1, 0) },
        "services": { "Shop": {
            "service_time": 0, "cache": with(json!({ "name": "Cache" }), cache), "database": { "name": "DB" },
        } },
        "caches": { "Cache": { "operation": 0.001, "keyed": { "keys": 1, "capacity": 1 } } },
        "db_clusters": { "DB": { "operation": 0.01 } },
    });
    with(config, changes)
}

fn run(writes: &str) -> Report {
    let found = report(&shop(json!({ "writes": writes }), json!({})));
    conserves(&found);
    assert_eq!(found.requests.failed, 0);
    found
}

#[test]
fn what_is_written_past_a_cache_it_goes_on_serving() {
    let found = run("around");
    let cache = &found.caches[0];
    // From the first write on, after a tenth of a second.
    let outdated = cache.outdated_hits.expect("it is counted") as f64 / cache.hits as f64;
    assert!(outdated > 0.99 && cache.misses <= 3, "{outdated} {}", cache.misses);
    assert_eq!((cache.updates, cache.lost_writes), (Some(0), None));
    // Nobody looks if nobody says what it hears.
    let unheard = report(&shop(json!({}), json!({})));
    assert_eq!((unheard.caches[0].outdated_hits, unheard.caches[0].hits), (None, cache.hits));
    assert_eq!(unheard.requests.latency, found.requests.latency);
}

#[test]
fn what_is_written_is_forgotten_or_put_into_the_cache() {
    let (forgotten, put) = (run("invalidate"), run("through"));
    for found in [&forgotten, &put] {
        let cache = &found.caches[0];
        let writes = cluster(found, "DB").writes;
        assert!(cache.updates.is_some_and(|updates| writes - updates <= 1 && updates > 990));
        // While the word is on its way the old value is served: for 1 ms after each write.
        let outdated = cache.outdated_hits.expect("it is counted") as f64 / writes as f64;
        assert!(outdated < 1.2, "{outdated}");
    }
    // Who comes in the 10 ms after that reads it.
    let misses = forgotten.caches[0].misses as f64 / 1000.0;
    assert!((0.9..=2.1).contains(&misses), "{misses}");
    assert!(put.caches[0].misses <= 3, "{}", put.caches[0].misses);
}

#[test]
fn what_the_cache_hears_first_the_database_hears_later_and_once() {
    let found = run("behind");
    let cache = &found.caches[0];
    assert_eq!((cache.outdated_hits, cache.lost_writes), (Some(0), Some(0)));
    assert!(cache.updates.is_some_and(|updates| updates >= 999));
    // Ten writes of a second are one; the next second begins with the next write.
    let writes = cluster(&found, "DB").writes;
    assert!((90..=100).contains(&writes), "{writes}");
    // Nobody waits for the database.
    assert!(found.requests.latency.mean.is_some_and(|mean| mean < 0.0012), "{:?}", found.requests.latency.mean);
    // At once: one after the other.
    let at_once = report(&shop(json!({ "writes": "behind", "flush_after": 0 }), json!({})));
    assert!(cluster(&at_once, "DB").writes > 990);
}

#[test]
fn what_the_database_has_not_heard_of_dies_with_the_cache_or_with_who_was_to_tell_it() {
    let crash = |of: &str| json!({ "faults": [{ "crash": { "component": of, "at": 50.55, "recover_at": 50.56 } }] });
    for component in ["Cache", "Shop-0"] {
        let found = report(&shop(json!({ "writes": "behind", "flush_after": 5 }), crash(component)));
        assert_eq!(found.caches[0].lost_writes, Some(1), "{component}");
        assert_eq!(found.caches[0].unflushed, Some(1), "{component}: what has been written since waits");
    }
    // A database that is down does not hear of it either.
    let down = json!({ "faults": [{ "crash": { "component": "DB/primary", "at": 40, "recover_at": 60 } }] });
    let found = report(&shop(json!({ "writes": "behind", "flush_after": 5 }), down));
    assert!(
        (3..=4).contains(&found.caches[0].lost_writes.expect("it is counted")),
        "{:?}",
        found.caches[0].lost_writes
    );
    // Who can't tell the cache tells the database himself, if he may do without it.
    let down = json!({ "faults": [{ "crash": { "component": "Cache", "at": 40, "recover_at": 60 } }] });
    let found = report(&shop(json!({ "writes": "behind", "flush_after": 5, "on_error": "fall_back" }), down));
    let writes = cluster(&found, "DB").writes;
    assert!((210..=220).contains(&writes), "{writes}");
    assert_eq!(found.requests.failed, 0);
}
