//! What the user reads when a configuration runs, but says something in vain.

use serde_json::{Value, json};
use web_service_model::{
    config::{load, warnings},
    simulation::Simulation,
};

use crate::scenarios;

/// A shop that calls a stock, both with nothing to object to.
fn shop() -> Value {
    json!({
        "duration": 2,
        "users": { "all": { "arrivals": { "poisson": { "rate": 4 } }, "targets": { "Shop": 1 } } },
        "services": {
            "Shop": { "service_time": "5ms", "database": { "name": "DB" }, "calls": [{ "to": ["Stock"] }] },
            "Stock": {
                "service_time": "5ms", "database": { "name": "DB" }, "instances": 2,
                "endpoints": { "look": { "steps": [{ "read": {} }] }, "take": { "steps": [{ "write": {} }] } }
            }
        },
        "db_clusters": { "DB": { "operation": 0.01 } }
    })
}

/// Puts values at places of the shop, and compares the lines of the warnings; it runs all the same.
#[track_caller]
fn check(changes: &[(&str, Value)], expected: &[&str]) {
    let mut config = shop();
    for (place, value) in changes {
        let (parent, key) = place.rsplit_once('/').expect("a pointer");
        config.pointer_mut(parent).expect("the parent is there")[key] = value.clone();
    }
    let (read, _) = load(&config.to_string()).expect("it is valid");
    let lines: Vec<String> = warnings(&read).iter().map(ToString::to_string).collect();
    assert_eq!(lines, expected);
    let mut simulation = Simulation::new(read).expect("it runs");
    simulation.advance_to(2.0);
    assert!(simulation.is_finished());
}

const POLICY: &str = "/users/all/policy";

#[test]
fn scenarios_have_none() {
    for id in scenarios::all() {
        let (config, _) = load(&scenarios::text(&id)).expect("a scenario");
        assert_eq!(warnings(&config), [], "{id}");
    }
    check(&[], &[]);
}

#[test]
fn what_may_not_happen_twice_is_neither_tried_again_nor_hedged() {
    let both = json!({ "retry": {}, "hedge": { "after": 1 } });
    let never = |place: &str| {
        ["retry", "hedge"].map(|part| {
            let what = if part == "retry" { "never tries again" } else { "never hedges" };
            format!("{place}.{part}: {what}: what is asked for may not happen twice (`writes` of its `{part}`)")
        })
    };
    let of_users = never("users.all.policy");
    let of_users = of_users.each_ref().map(String::as_str);
    check(&[(POLICY, both.clone()), ("/users/all/read_share", json!(0))], &of_users);
    check(&[(POLICY, both.clone()), ("/users/all/targets", json!({ "Stock.take": 1, "Stock.look": 0 }))], &of_users);
    for harmless in [
        [("/users/all/read_share", json!(0.5)), (POLICY, both.clone())],
        [("/users/all/targets", json!({ "Stock.take": 1, "Stock.look": 1 })), (POLICY, both.clone())],
        [
            ("/users/all/read_share", json!(0)),
            (POLICY, json!({ "retry": { "writes": true }, "hedge": { "after": 1, "writes": true } })),
        ],
    ] {
        check(&harmless, &[]);
    }
    let call = |kind: &str, to: &str| json!([{ "to": [to], "kind": kind, "policy": both }]);
    let of_call = never("services.Shop.calls[0].policy");
    let of_call = of_call.each_ref().map(String::as_str);
    check(&[("/services/Shop/calls", call("write", "Stock"))], &of_call);
    check(&[("/services/Shop/calls", call("read", "Stock.take"))], &of_call);
    check(&[("/services/Shop/calls", call("same", "Stock"))], &[]);
    check(&[("/services/Shop/calls", call("write", "Stock.look"))], &[]);
}

#[test]
fn a_policy_with_a_name_is_judged_where_it_is_used() {
    let careful = ("/policies", json!({ "careful": { "retry": {} } }));
    check(std::slice::from_ref(&careful), &[]);
    let call = json!([{ "to": ["Stock"], "kind": "write", "on_error": "ignore", "policy": "careful" }]);
    check(
        &[careful, ("/services/Shop/calls", call)],
        &[
            "services.Shop.calls[0].policy: \"careful\" never tries again: what is asked for may not happen twice (`writes` of its `retry`)",
            "services.Shop.calls[0].policy: \"careful\" tries again, though a failure is ignored (`on_error`)",
        ],
    );
}

#[test]
fn numbers_that_cut_each_other_off() {
    check(
        &[(POLICY, json!({ "timeout": 3, "deadline": "2s", "hedge": { "after": 4, "budget": { "burst": 0.5 } } }))],
        &[
            "users.all.policy.timeout: 3 never passes, as the `deadline` (2) comes first",
            "users.all.policy.hedge.after: 4 never passes, as the `timeout` (3) comes first",
            "users.all.policy.hedge.budget.burst: 0.5 never holds a whole token, so there is no further try",
        ],
    );
    check(&[(POLICY, json!({ "timeout": 2, "deadline": 2, "hedge": { "after": 2 } }))], &[]);
    check(
        &[(POLICY, json!({ "retry": { "budget": { "ratio": 0, "burst": 0 } }, "bulkhead": { "longest_wait": 1 } }))],
        &[
            "users.all.policy.retry.budget.burst: 0 never holds a whole token, so there is no further try",
            "users.all.policy.bulkhead.longest_wait: 1 has no effect, as nobody may wait (`waiting` is 0)",
        ],
    );
    check(
        &[(POLICY, json!({ "bulkhead": { "waiting": 5 } }))],
        &["users.all.policy.bulkhead.waiting: 5 may wait, but for no time (`longest_wait` is 0)"],
    );
}

#[test]
fn services_users_and_faults() {
    check(
        &[("/services/Shop/next_upstream", json!({})), ("/services/Stock/next_upstream", json!({}))],
        &["services.Shop.next_upstream: has no effect: the service has one instance, and there is no other to ask"],
    );
    let pool = |workers: u32| {
        [
            ("/services/Shop/workers", json!(workers)),
            ("/services/Shop/holds", json!("request")),
            ("/services/Shop/database", json!({ "name": "DB", "pool": { "size": 10 } })),
        ]
    };
    check(&pool(9), &["services.Shop.database.pool.size: 10 is more than is ever used: `workers` (9) hold one each"]);
    check(&pool(10), &[]);
    check(
        &[
            ("/users/all/arrivals", json!({ "closed": { "users": 2, "think": 1 } })),
            ("/users/all/reuse_prob", json!(0.5)),
            (
                "/faults",
                json!([{ "crash": { "component": "DB", "at": 3 } }, { "crash": { "component": "DB", "at": 2 } }]),
            ),
        ],
        &[
            "users.all.reuse_prob: 0.5 has no effect: in a closed population each user keeps coming back",
            "faults[0].crash.at: 3 never comes, as the run is over before (`duration` is 2)",
        ],
    );
}

#[test]
fn a_release_after_the_end() {
    check(
        &[("/services/Shop/deployments", json!([{ "at": 2 }, { "at": "3s" }]))],
        &["services.Shop.deployments[1].at: 3 never comes, as the run is over before (`duration` is 2)"],
    );
}

#[test]
fn services_that_hold_their_workers_and_call_each_other() {
    let circle = |holds: &str, policy: Value| {
        [
            ("/services/Shop/workers", json!(2)),
            ("/services/Shop/holds", json!(holds)),
            ("/services/Shop/endpoints", json!({ "price": { "steps": [{ "process": "1ms" }] } })),
            ("/services/Stock/calls", json!([{ "to": ["Shop.price"], "policy": policy }])),
        ]
    };
    let rule = "services.Shop.holds: may lock up: its requests hold their worker while they wait for calls that come back to it";
    check(&circle("request", json!({})), &[rule]);
    check(&circle("processing", json!({})), &[]);
    check(&circle("request", json!({ "timeout": 1 })), &[]);
}

/// What a shop does for whoever asks for its basket.
fn basket(steps: Value) -> (&'static str, Value) {
    ("/services/Shop/endpoints", json!({ "basket": { "steps": steps } }))
}

const BASKET: &str = "services.Shop.endpoints.basket.steps";

#[test]
fn operations_at_stores_are_edges_too() {
    let both = json!({ "retry": {}, "hedge": { "after": 1 } });
    let never = ["retry", "hedge"].map(|part| {
        let what = if part == "retry" { "never tries again" } else { "never hedges" };
        format!(
            "{BASKET}[0].write.policy.{part}: {what}: what is asked for may not happen twice (`writes` of its `{part}`)"
        )
    });
    check(&[basket(json!([{ "write": { "policy": both } }]))], &never.each_ref().map(String::as_str));
    check(&[basket(json!([{ "read": { "policy": both } }]))], &[]);
    let harmless = json!({ "basket": { "idempotent": true, "steps": [{ "write": { "policy": both } }] } });
    check(&[("/services/Shop/endpoints", harmless)], &[]);

    // So does a message, wherever it stands.
    let publish = json!({ "publish": { "broker": "MQ", "queue": "orders", "policy": { "hedge": { "after": 1 } } } });
    check(
        &[
            basket(json!([{ "maybe": { "prob": 0.5, "steps": [publish] } }])),
            ("/brokers", json!({ "MQ": { "queues": { "orders": {} } } })),
        ],
        &[&format!(
            "{BASKET}[0].maybe.steps[0].publish.policy.hedge: never hedges: what is asked for may not happen twice (`writes` of its `hedge`)"
        )],
    );

    // A service reads and writes under one policy; who only writes never tries again.
    let used = ("/services/Shop/database", json!({ "name": "DB", "policy": { "retry": {} } }));
    check(std::slice::from_ref(&used), &[]);
    let rule = "services.Stock.database.policy.retry: never tries again: what is asked for may not happen twice (`writes` of its `retry`)";
    let writer = json!({ "database": { "name": "DB", "policy": { "retry": {} } }, "endpoints": { "take": { "steps": [{ "process": "5ms" }, { "write": {} }] } } });
    check(&[("/services/Stock", writer), ("/services/Shop/calls", json!([{ "to": ["Stock.take"] }]))], &[rule]);

    let lax = json!({ "name": "DB", "policy": { "retry": {} }, "on_read_error": "ignore", "on_write_error": "ignore" });
    check(
        &[("/services/Shop/database", lax)],
        &["services.Shop.database.policy.retry: tries again, though a failure is ignored (`on_error`)"],
    );
    let lax = json!({ "name": "DB", "policy": { "retry": {} }, "on_read_error": "ignore" });
    check(&[("/services/Shop/database", lax)], &[]);

    let times = json!({ "timeout": 3, "deadline": 2 });
    let rule =
        |path: &str| format!("services.Shop.{path}.policy.timeout: 3 never passes, as the `deadline` (2) comes first");
    let expected = ["database", "cache", "publish"].map(rule);
    check(
        &[
            ("/services/Shop/database", json!({ "name": "DB", "policy": times })),
            ("/services/Shop/cache", json!({ "name": "Cache", "policy": times })),
            ("/services/Shop/publish", json!({ "broker": "MQ", "queue": "orders", "policy": times })),
            ("/caches", json!({ "Cache": { "operation": "1ms", "hit_prob": 0.5 } })),
            ("/brokers", json!({ "MQ": { "queues": { "orders": {} } } })),
        ],
        &expected.each_ref().map(String::as_str),
    );
}

#[test]
fn a_policy_that_each_step_replaces() {
    let service = |steps: Value| {
        let endpoints = json!({ "look": { "steps": steps }, "take": { "steps": [{ "process": "5ms" }] } });
        json!({ "database": { "name": "DB", "policy": { "timeout": 1 } }, "endpoints": endpoints })
    };
    let calls = ("/services/Shop/calls", json!([{ "to": ["Stock.look"] }]));
    let replaced = service(json!([{ "read": { "policy": { "timeout": 2 } } }]));
    check(
        &[("/services/Stock", replaced), calls.clone()],
        &[
            "services.Stock.database.policy: has no effect: nothing is done under it (each step has a policy of its own, or there is none)",
        ],
    );
    check(&[("/services/Stock", service(json!([{ "read": {} }]))), calls], &[]);
}

#[test]
fn deadlines_travel_with_the_request() {
    let calls = |policy: Value| ("/services/Shop/calls", json!([{ "to": ["Stock.look"], "policy": policy }]));
    let users = |deadline: u32| (POLICY, json!({ "deadline": deadline }));
    let at = "services.Shop.calls[0].policy";
    let late = "never passes: no request that gets here has more than 2 s left (`deadline`)";
    check(&[users(2), calls(json!({ "timeout": 3 }))], &[&format!("{at}.timeout: 3 {late}")]);
    check(&[users(2), calls(json!({ "deadline": 3 }))], &[&format!("{at}.deadline: 3 {late}")]);
    check(&[users(2), calls(json!({ "hedge": { "after": 3 } }))], &[&format!("{at}.hedge.after: 3 {late}")]);
    check(&[users(2), calls(json!({ "timeout": 2, "deadline": 2, "hedge": { "after": 2 } }))], &[]);
    check(
        &[users(2), calls(json!({ "timeout": 3, "deadline": 1 }))],
        &[&format!("{at}.timeout: 3 never passes, as the `deadline` (1) comes first")],
    );
    let named = [users(2), ("/policies", json!({ "slow": { "timeout": 3 } })), calls(json!("slow"))];
    check(
        &named,
        &[&format!(
            "{at}: \"slow\" has a `timeout` (3) that never passes: no request that gets here has more than 2 s left (`deadline`)"
        )],
    );
    // Somebody who is patient gets there, too.
    let more = json!({
        "all": { "arrivals": { "poisson": { "rate": 4 } }, "targets": { "Shop": 1 }, "policy": { "deadline": 2 } },
        "more": { "arrivals": { "poisson": { "rate": 4 } }, "targets": { "Shop": 1 } }
    });
    check(&[("/users", more), calls(json!({ "timeout": 3 }))], &[]);
    // Two calls further on the shortest deadline on the way counts, at a database as well.
    let stock = json!([{ "read": { "policy": { "timeout": "1500ms" } } }]);
    check(
        &[users(2), calls(json!({ "deadline": 1 })), ("/services/Stock/endpoints/look/steps", stock.clone())],
        &[
            "services.Stock.endpoints.look.steps[0].read.policy.timeout: 1.5 never passes: no request that gets here has more than 1 s left (`deadline`)",
        ],
    );
    check(&[users(2), ("/services/Stock/endpoints/look/steps", stock)], &[]);
    // A fallback of the users' is asked without their deadline.
    let falls_back = (POLICY, json!({ "deadline": 2, "fallback": "Shop" }));
    check(&[falls_back, ("/users/all/targets", json!({ "Stock": 1 })), calls(json!({ "timeout": 3 }))], &[]);
}

#[test]
fn replication_and_failover_that_never_come_to_bear() {
    let cluster =
        |own: Value| ("/db_clusters/DB", crate::support::with(json!({ "replicas": 2, "operation": 0.01 }), own));
    let sync = json!({ "acknowledgements": 1, "synchronous_commit": "on" });
    let rule = "has no effect: in the mode `async` no write waits for replicas";
    check(
        &[cluster(json!({ "replication": sync }))],
        &[
            &format!("db_clusters.DB.replication.acknowledgements: 1 {rule}"),
            &format!("db_clusters.DB.replication.synchronous_commit: \"on\" {rule}"),
        ],
    );
    check(&[cluster(json!({ "replication": crate::support::with(sync, json!({ "mode": "sync" })) }))], &[]);
    check(
        &[cluster(json!({ "failover": { "strategy": "none", "patience": 3 } }))],
        &["db_clusters.DB.failover.patience: 3 has no effect: nobody replaces the primary (`strategy` is `none`)"],
    );
    check(
        &[cluster(json!({ "replication": { "synchronous_standby_names": "1" } }))],
        &[&format!("db_clusters.DB.replication.synchronous_standby_names: \"1\" {rule}")],
    );
    let chosen = json!({ "synchronous_mode": true, "synchronous_node_count": 3 });
    let lease = "has no effect: under `patroni` it follows from `ttl` and `loop_wait`";
    check(
        &[cluster(json!({
            "failover": { "strategy": "none", "patroni": chosen, "monitor_interval": 3 },
            "replication": { "synchronous_commit": "on" },
        }))],
        &[
            &format!("db_clusters.DB.failover.monitor_interval: 3 {lease}"),
            "db_clusters.DB.failover.patroni: has no effect: nobody replaces the primary (`strategy` is `none`)",
            "db_clusters.DB.failover.patroni.synchronous_node_count: 3 is more than there are (`replicas` is 2)",
        ],
    );
    check(
        &[cluster(json!({
            "read_your_writes": { "up_to_date": {} }, "longest_wait": 2, "save_every": 1, "persistence": "none",
        }))],
        &[
            "db_clusters.DB.read_your_writes: has no effect: all reads go to the primary (`replica_read_share`)",
            "db_clusters.DB.longest_wait: 2 has no effect without `connections` (nobody waits where any number is served at a time)",
            "db_clusters.DB.save_every: 1 has no effect: nothing is kept (`persistence` is `none`)",
        ],
    );
}

/// The shop's own cache, with such keys.
fn cached(keyed: &Value) -> [(&'static str, Value); 2] {
    [
        ("/caches", json!({ "C": { "operation": 0.001, "keyed": keyed } })),
        ("/services/Shop/cache", json!({ "name": "C" })),
    ]
}

#[test]
fn numbers_of_a_policy_that_the_cache_does_not_have() {
    check(
        &cached(&json!({
            "samples": 5, "lru_clock_resolution": 1, "lfu_log_factor": 10, "lfu_decay_time": 60, "active_expire": {},
            "ttl_jitter": 0.1, "early_refresh": {}, "stale_while_revalidate": 1,
        })),
        &[
            "caches.C.keyed.samples: 5 has no effect: nobody is looked at under this `eviction`",
            "caches.C.keyed.lru_clock_resolution: 1 has no effect: only `allkeys-lru` and `volatile-lru` look at such a clock",
            "caches.C.keyed.lfu_log_factor: 10 has no effect: only `allkeys-lfu` and `volatile-lfu` have such a counter",
            "caches.C.keyed.lfu_decay_time: 60 has no effect: only `allkeys-lfu` and `volatile-lfu` have such a counter",
            "caches.C.keyed.active_expire: has no effect: without `ttl` no key expires",
            "caches.C.keyed.ttl_jitter: has no effect: without `ttl` no key expires",
            "caches.C.keyed.early_refresh: has no effect: without `ttl` no key expires",
            "caches.C.keyed.stale_while_revalidate: has no effect: without `ttl` no key expires",
        ],
    );
    let volatile = json!({ "eviction": "volatile-ttl", "samples": 3 });
    let rule = "caches.C.keyed.eviction: \"volatile-ttl\" lets nobody leave: without `ttl` no key expires";
    check(&cached(&volatile), &[rule]);
    let lfu = json!({ "eviction": "volatile-lfu", "lfu_log_factor": 1, "lfu_decay_time": 0, "samples": 3, "ttl": 1, "active_expire": {} });
    check(&cached(&lfu), &[]);
    check(&cached(&json!({ "eviction": "allkeys-lru", "lru_clock_resolution": "1ms" })), &[]);
    let flush = [("/caches", json!({ "C": { "operation": 0, "keyed": {} } }))].into_iter();
    let flush = flush.chain([("/services/Shop/cache", json!({ "name": "C", "writes": "through", "flush_after": 2 }))]);
    let rule = "has no effect: the database hears of a write at once (`writes` is not `behind`)";
    check(&flush.collect::<Vec<_>>(), &[&format!("services.Shop.cache.flush_after: 2 {rule}")]);
}

#[test]
fn what_brokers_and_publishers_say_in_vain() {
    let publish =
        |more: Value| ("/services/Shop/publish", crate::support::with(json!({ "broker": "MQ", "queue": "q" }), more));
    let broker =
        |more: Value| ("/brokers", json!({ "MQ": crate::support::with(json!({ "queues": { "q": {} } }), more) }));
    for (used, of_broker, expected) in [
        (
            json!({ "routing_key": "k" }),
            json!({}),
            vec!["publish.routing_key: \"k\" has no effect: the message goes straight to a queue"],
        ),
        (
            json!({ "confirms": false, "on_error": "ignore", "policy": { "timeout": 1 } }),
            json!({}),
            vec![
                "publish.policy.timeout: tries again",
                "publish.on_error: \"ignore\" has no effect: without `confirms` publishing never fails",
                "publish.policy: has no effect: without `confirms` publishing never fails, and takes no time",
            ],
        ),
        (json!({ "confirms": false, "policy": { "limiter": { "rate": 5 } } }), json!({}), vec![]),
        (
            json!({ "persistent": false }),
            json!({ "queues": { "q": { "type": "quorum" } } }),
            vec!["publish.persistent: false has no effect: a quorum queue writes all messages to disk"],
        ),
        (
            json!({ "persistent": false }),
            json!({ "queues": { "q": { "durable": false } } }),
            vec!["publish.persistent: false has no effect: the queue is not durable"],
        ),
        (
            json!({ "ttl": 9 }),
            json!({ "queues": { "q": { "message_ttl": 5 } } }),
            vec!["publish.ttl: 9 has no effect: the `message_ttl` of the queue (5) is shorter"],
        ),
        (json!({ "ttl": 3 }), json!({ "queues": { "q": { "message_ttl": 5 } } }), vec![]),
    ] {
        let expected: Vec<String> = expected
            .into_iter()
            .filter(|rule| !rule.contains("tries again"))
            .map(|rule| format!("services.Shop.{rule}"))
            .collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check(&[publish(used), broker(of_broker)], &expected);
    }
    let vain = json!({
        "between_nodes": 0.1, "election_time": 3, "reconnect": 1, "queues": { "q": { "members": 1 } },
        "exchanges": { "x": { "type": "fanout", "bindings": [{ "queue": "q", "routing_key": "k" }] } },
    });
    check(
        &[broker(vain)],
        &[
            "brokers.MQ.between_nodes: has no effect: no quorum queue is at several nodes",
            "brokers.MQ.election_time: has no effect: no quorum queue is at several nodes",
            "brokers.MQ.reconnect: has no effect: the broker never closes a connection",
            "brokers.MQ.queues.q.members: 1 has no effect: only a quorum queue has several members",
            "brokers.MQ.exchanges.x.bindings[0].routing_key: \"k\" has no effect: a `fanout` exchange does not look at it",
        ],
    );
    let spread = json!({ "nodes": 3, "between_nodes": 0.1, "election_time": 3, "reconnect": 1, "queues": { "q": { "type": "quorum" } } });
    check(&[broker(spread)], &[]);
}
