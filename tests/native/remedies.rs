//! What the descriptions of scenarios promise: the trouble, and that the remedy they name is one.

use serde_json::{Value, json};
use web_service_model::{
    report::{Endpoint, Report},
    simulation::Simulation,
};

use crate::{
    scenarios,
    support::{instance, report, service, with},
};

/// A scenario, with some changes, over some of its time.
fn run(id: &str, (from, until): (u32, u32), changes: Value) -> Report {
    let config: Value = serde_json::from_str(&scenarios::text(id)).expect("it is JSON");
    report(&with(with(config, json!({ "warm_up": from, "duration": until })), changes))
}

fn endpoint<'r>(report: &'r Report, of: &str, name: &str) -> &'r Endpoint {
    service(report, of).endpoints.get(name).expect("it is declared")
}

fn success(report: &Report, of: &str, name: &str) -> f64 {
    endpoint(report, of, name).success_ratio.expect("somebody came")
}

/// While the database is slow, half of the pages fail; behind a small pool none does.
#[test]
fn a_small_pool_keeps_a_slow_database_from_the_pages() {
    let slow = (60, 120);
    let without = run("slow-dependency", slow, json!({}));
    assert!((0.4..0.6).contains(&success(&without, "Shop", "page")));
    assert!(endpoint(&without, "Shop", "page").latency.p50.expect("some succeed") > 0.9);
    let pool = json!({ "services": { "Shop": { "database": { "pool": { "size": 4, "longest_wait": "50ms" } } } } });
    let with_it = run("slow-dependency", slow, pool);
    assert!(success(&with_it, "Shop", "page") > 0.999);
    assert!((0.05..0.15).contains(&success(&with_it, "Shop", "order")));
}

/// Of a hundred answers one is late with probability 1 − 0.99¹⁰⁰ = 0.63; with a hedge, two leaves must be late.
#[test]
fn a_hedge_cuts_the_tail_of_a_hundred_answers() {
    let time = (0, 30);
    let without = run("tail-at-scale", time, json!({})).requests.latency;
    // Whoever is late is so by a second, and the others take about 16 ms.
    let late = without.mean.expect("some came") - 0.016;
    assert!((late - (1.0 - libm::pow(0.99, 100.0))).abs() < 0.06, "{late}");
    let mut config: Value = serde_json::from_str(&scenarios::text("tail-at-scale")).expect("it is JSON");
    config["services"]["Search"]["endpoints"]["find"]["steps"][1]["call"]["policy"] = json!("hedged");
    let hedged = report(&with(config, json!({ "duration": 30 })));
    let edge = hedged.edges.get("Search→Leaf").expect("it has a policy");
    assert!((edge.hedges as f64 / edge.attempts as f64 - 0.01).abs() < 0.002);
    assert!(hedged.requests.latency.mean.expect("some came") < 0.06);
}

/// At the peak no checkout fails by class, half of them do in the order of arrival.
#[test]
fn by_class_the_checkout_survives() {
    let peak = (60, 120);
    let by_class = run("shedding", peak, json!({}));
    assert_eq!(endpoint(&by_class, "Shop", "checkout").failed, 0);
    assert!((0.4..0.6).contains(&success(&by_class, "Shop", "browse")));
    let fifo = run("shedding", peak, json!({ "services": { "Shop": { "discipline": "fifo" } } }));
    assert!((0.4..0.6).contains(&success(&fifo, "Shop", "checkout")));
}

/// After a restart each of two hundred pages is read by whoever misses it, over and over, or once.
#[test]
fn a_single_flight_warms_a_cold_cache() {
    let cold = (62, 92);
    let run = |keyed: Value| run("cold-cache", cold, json!({ "caches": { "PageCache": { "keyed": keyed } } }));
    let reads = |report: &Report| report.caches[0].misses;
    let everybody = run(json!({}));
    assert_eq!(everybody.caches[0].coalesced, None);
    assert!(reads(&everybody) > 30_000, "{}", reads(&everybody));
    assert!(everybody.requests.success_ratio.expect("some came") < 0.6);
    let one_for_all = run(json!({ "single_flight": {} }));
    // (Two connections' worth of reads were lost with users who gave up, and are made by the next who waits.)
    assert!(reads(&one_for_all) <= 400, "{}", reads(&one_for_all));
    assert!(one_for_all.caches[0].coalesced.expect("it is on") > 1000);
    assert!(one_for_all.requests.success_ratio.expect("some came") > 0.98);
}

/// An instance that fails fast gets four of five requests under least connections, a quarter at random, and next to nothing once
/// it is ejected. (nginx's least_conn, measured with three instances at 60 a second, one of which answers 500: 0.73 fail.)
#[test]
fn an_ejection_closes_the_black_hole() {
    let while_it_is_open = (30, 90);
    let failed = |changes: Value| {
        let found = run("black-hole", while_it_is_open, json!({ "services": { "Shop": changes } })).requests;
        assert_eq!(found.failures.get("service_error").copied().unwrap_or(0), found.failed);
        found.failed as f64 / found.total as f64
    };
    let least = failed(json!({}));
    assert!((0.78..0.85).contains(&least), "{least}");
    let blind = failed(json!({ "balancer": "weighted_random" }));
    assert!((0.22..0.28).contains(&blind), "{blind}");
    let checks = failed(json!({ "knowledge": { "checks": {} } }));
    assert!((checks - least).abs() < 0.02, "a check asks only who is there: {checks}");
    let nginx = failed(json!({ "knowledge": { "fails": {} }, "next_upstream": {} }));
    assert!((nginx - least).abs() < 0.02, "an error is an answer: {nginx}");
    let on_errors = json!({ "on": ["service_error"], "tries": 1 });
    let ejected = failed(json!({ "knowledge": { "outliers": {} }, "next_upstream": on_errors }));
    assert!(ejected > 0.0 && ejected < 0.01, "{ejected}");
}

/// An answer 500 is no failure unless nginx is told so: then it goes on to the next backend, and is counted.
#[test]
fn a_500_that_counts_as_a_failure_closes_the_sinkhole() {
    let found = |changes: Value| run("sinkhole", (20, 80), json!({ "services": { "Backend": changes } }));
    let success = |changes| found(changes).requests.success_ratio.expect("somebody came");
    let least = success(json!({}));
    assert!((0.23..0.29).contains(&least), "{least}");
    let turns = success(json!({ "balancer": "smooth_round_robin" }));
    assert!((turns - 2.0 / 3.0).abs() < 0.02, "{turns}");
    let counted = found(json!({ "next_upstream": { "on": ["instance_down", "network", "service_error"] } }));
    assert_eq!(counted.requests.failed, 0);
    assert!((5..=6).contains(&instance(&counted, "Backend-2").total), "one request every eleven seconds");
}

/// Each backend breaks one connection in 200, and all are avoided for ten seconds at a time; whom nobody avoids, nobody misses.
#[test]
fn without_max_fails_a_flake_ejects_nobody() {
    let found = |max_fails: u32, seed: u64| {
        let fails = json!({ "knowledge": { "fails": { "max_fails": max_fails } } });
        run("one-flake-ejects-all", (0, 90), json!({ "seed": seed, "services": { "Backend": fails } }))
    };
    let success = |seed| found(1, seed).requests.success_ratio.expect("somebody came");
    let of_the_scenario = success(4);
    assert!((0.53..0.62).contains(&of_the_scenario), "about 57 %: {of_the_scenario}");
    let mean = (1..=40).map(success).sum::<f64>() / 40.0;
    assert!((0.58..0.70).contains(&mean), "{mean}");
    for seed in 1..=4 {
        let found = found(0, seed);
        let broken: u64 = service(&found, "Backend").instances.values().map(|instance| instance.failed).sum();
        assert_eq!(found.requests.failed, 0);
        assert!(broken > 10, "{broken} connections were broken");
    }
}

/// A crowd comes within ten seconds, and the autoscaler's instances a minute later: more than half are turned away.
#[test]
fn an_autoscaler_comes_late_unless_instances_start_quickly_or_it_sees_how_many_are_missing() {
    let crowd = (60, 180);
    let success = |time, changes| run("autoscaler-late", time, changes).requests.success_ratio.expect("some came");
    let shop = |fields: Value| json!({ "services": { "Shop": fields } });
    assert!((0.35..0.5).contains(&success(crowd, json!({}))));
    assert!((0.8..0.95).contains(&success(crowd, shop(json!({ "start_up": "5s" })))));
    assert!(success(crowd, shop(json!({ "instances": 12, "autoscaler": { "min": 12 } }))) > 0.999);
    let rate = shop(json!({ "autoscaler": { "target": { "utilisation": null, "rate": 20 } } }));
    assert!(success((180, 300), rate) > 0.999);
    assert!(success((180, 300), json!({})) < 0.95);
}

/// One instance of six is enough to see that a release is bad; without a look all become so.
#[test]
fn a_bad_release_is_taken_back_before_it_is_everywhere() {
    let all = (0, 180);
    let with_it = run("bad-release", all, json!({}));
    assert!(with_it.requests.success_ratio.is_some_and(|ratio| ratio > 0.99));
    let mut config: Value = serde_json::from_str(&scenarios::text("bad-release")).expect("it is JSON");
    config["services"]["Shop"]["deployments"][0]["roll_back"] = Value::Null;
    assert!(report(&config).requests.success_ratio.is_some_and(|ratio| ratio < 0.85));
}

/// What an isolated master acknowledges is lost; if it has to hear from a replica, it acknowledges nothing.
#[test]
fn a_write_that_waits_for_a_replica_is_not_lost_with_an_isolated_master() {
    let run = |replication: Value| {
        let found =
            run("split-brain", (0, 150), json!({ "db_clusters": { "Orders": { "replication": replication } } }));
        (found.db_clusters["Orders"].lost_writes, service(&found, "Shop").failed, service(&found, "Kiosk").failed)
    };
    let (lost, shop, kiosk) = run(json!({}));
    assert!((1400..1700).contains(&lost) && (200..400).contains(&shop) && kiosk == 0, "{lost} {shop} {kiosk}");
    let sync = json!({ "mode": "sync", "acknowledgements": 1, "synchronous_commit": "on" });
    let (lost, shop, kiosk) = run(sync);
    assert!(lost == 0 && (200..400).contains(&shop) && (1100..1700).contains(&kiosk), "{lost} {shop} {kiosk}");
}

/// Commits that wait for the only standby hold all workers; of two standbys one is enough.
#[test]
fn a_second_standby_keeps_a_shop_from_hanging() {
    let success = |replicas: u32| {
        let found = run("sync-hangs", (61, 90), json!({ "db_clusters": { "ShopDB": { "replicas": replicas } } }));
        found.requests.success_ratio.expect("somebody came")
    };
    assert!(success(1) < 0.05, "{}", success(1));
    assert_eq!(success(2), 1.0);
}

/// A master that comes back empty empties its replica, unless it has a disk, or has been replaced.
#[test]
fn a_disk_or_a_quick_failover_keeps_sessions() {
    let lost = |changes: Value| {
        run("cold-restart", (0, 120), json!({ "db_clusters": { "Store": changes } })).db_clusters["Store"].lost_writes
    };
    assert!((5500..6500).contains(&lost(json!({}))));
    assert_eq!(lost(json!({ "persistence": "disk" })), 0);
    assert!(lost(json!({ "failover": { "patience": "300ms", "election_time": "100ms" } })) <= 2);
}

/// A replica that replays one write after another falls behind, and has to make up for it before it can take over.
#[test]
fn a_replica_that_replays_four_writes_at_a_time_keeps_up() {
    let run = |workers: u32| {
        let replication = json!({ "replay": { "workers": workers } });
        let changes = json!({ "db_clusters": { "ShopDB": { "replication": replication } } });
        let behind = run("replica-cannot-keep-up", (0, 115), changes.clone());
        let found = run("replica-cannot-keep-up", (0, 240), changes);
        let cluster = &found.db_clusters["ShopDB"];
        assert_eq!(cluster.lost_writes, 0);
        (behind.db_clusters["ShopDB"].nodes["ShopDB/1"].lag_writes, cluster.unavailable_seconds)
    };
    let (behind, without) = run(1);
    assert!((1800..2200).contains(&behind) && without > 14.0, "{behind} {without}");
    let (behind, without) = run(4);
    assert!(behind < 30 && without < 11.1, "{behind} {without}");
}

/// Twenty pages that expire together bring the database down for good; each of four defences keeps everybody from failing.
#[test]
fn any_defence_keeps_a_stampede_from_the_database() {
    let keyed = |fields: Value| json!({ "caches": { "PageCache": { "keyed": fields } } });
    let trampled = run("stampede", (60, 120), json!({}));
    assert!(trampled.requests.success_ratio.is_some_and(|ratio| ratio < 0.6), "{:?}", trampled.requests.success_ratio);
    assert!(trampled.db_clusters[0].reads > 2000);
    let defences = [
        (json!({ "single_flight": {} }), 120),
        (json!({ "ttl_jitter": 0.3 }), 900),
        (json!({ "early_refresh": {} }), 300),
        (json!({ "stale_while_revalidate": 10 }), 120),
    ];
    for (defence, reads) in defences {
        let found = run("stampede", (10, 120), keyed(defence.clone()));
        assert_eq!(found.requests.failed, 0, "{defence}");
        assert!(found.db_clusters[0].reads < reads, "{defence}: {}", found.db_clusters[0].reads);
    }
}

/// Nothing fails and nothing is down, but nothing is billed any more; a limit sends the poison away, also while a run goes on.
#[test]
fn a_delivery_limit_gets_rid_of_poison_messages() {
    let late = (120, 180);
    let billed = |report: &Report| report.brokers[0].queues[0].consumed as f64 / 60.0;
    let queue = |fields: Value| json!({ "brokers": { "RabbitMQ": { "queues": { "orders": fields } } } });
    let poisoned = run("poison-message", late, json!({}));
    assert_eq!(billed(&poisoned), 0.0);
    let found = &poisoned.brokers[0].queues[0];
    assert!(found.redelivered > 4000 && found.consumer_utilisation > 0.9, "{}", found.consumer_utilisation);
    assert_eq!((poisoned.requests.failed, found.size.now > 4000.0), (0, true));
    let limited = run("poison-message", late, queue(json!({ "delivery_limit": 20 })));
    assert!((billed(&limited) - 40.0).abs() < 3.0, "{}", billed(&limited));
    let found = &limited.brokers[0].queues[0];
    assert!(found.size.max < 100.0 && found.redelivered == 20 * found.over_limit.expect("there is a limit"));

    let mut simulation = Simulation::from_json(&scenarios::text("poison-message")).expect("it is valid");
    simulation.advance_to(60.0);
    assert!(simulation.report().brokers[0].queues[0].size.now > 300.0);
    simulation.patch(&queue(json!({ "delivery_limit": 20 })).to_string()).expect("it is a number");
    simulation.advance_to(120.0);
    let report = simulation.report();
    assert!(report.brokers[0].queues[0].size.now < 20.0, "{}", report.brokers[0].queues[0].size.now);
    assert!(report.brokers[0].queues[1].sent >= 4);
}
