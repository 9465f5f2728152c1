//! Files of Patroni, Redis and Sentinel, in the manner of those in their documentation: imported, checked and run.

use serde_json::{Value, json};

use super::{imported, notes, run, value};

/// The only cluster of a configuration.
fn cluster(config: &Value) -> &Value {
    config["db_clusters"].as_object().and_then(|all| all.values().next()).expect("a cluster")
}

/// A component that dies after five seconds.
fn dies(component: &str) -> Value {
    json!({ "duration": 60, "faults": [{ "crash": { "component": component, "at": 5 } }] })
}

#[test]
fn a_node_of_patronis() {
    let imported = imported(include_str!("patroni/first.yml"));
    assert_eq!(
        notes(&imported),
        [
            "line 10: `etcd3`: the store with the lease is always there",
            "line 18: assumed: a write takes 1024 bytes of the log, so that a replica may lack 2048 writes",
            "line 41: `max_connections` counts only where it is said to all nodes",
            "line 46: `clonefrom` is said of this node, and here all nodes are alike",
            "assumed: `orders` has a primary and 2 replicas",
            "assumed: an operation of `orders` takes 5 ms (exponential), and a replica has a write 1 ms after its commit",
            "plays no part here: authentication (line 36), connect_address (line 34), data_dir (line 35), \
             hot_standby (line 26), initdb (line 28), listen (line 33), max_wal_senders (line 27), name (line 4), \
             namespace (line 3), nofailover (line 45), pg_hba (line 21), restapi (line 6), \
             unix_socket_directories (line 42), use_pg_rewind (line 20), wal_level (line 25)",
        ]
    );
    let config = value(&imported.config);
    let cluster = cluster(&config);
    assert_eq!(
        (&cluster["kind"], &cluster["replicas"], &cluster["connections"]),
        (&json!("patroni"), &json!(2), &json!(197))
    );
    let lease = json!({ "ttl": 20.0, "loop_wait": 5.0, "retry_timeout": 5.0, "maximum_lag_on_failover": 2048 });
    assert_eq!(cluster["failover"]["patroni"], lease);
    // Its lease was renewed for the last time when it died, and lasts for 20 s.
    let found = run(&config, dies("orders/0"));
    let orders = &found.db_clusters["orders"];
    assert_eq!(orders.failovers, 1);
    assert!((100..220).contains(&found.requests.failed), "{:?}", found.requests.failures);
}

#[test]
fn standbys_that_are_waited_for() {
    let imported = imported(include_str!("patroni/synchronous.yml"));
    assert_eq!(
        notes(&imported),
        [
            "line 4: `consul`: the store with the lease is always there",
            "line 14: `primary_start_timeout`: a primary that dies is replaced, and not started again in its place",
            "line 15: `failsafe_mode`: the store with the lease is always there",
            "line 21: `synchronous_standby_names`: Patroni chooses the standbys itself, by `synchronous_mode`",
            "line 22: `checkpoint_timeout`: how much slower a checkpoint is no file says: say it by `checkpoints`",
            "line 27: `failover_priority` is said of this node, and here all nodes are alike",
            "assumed: `ledger` has a primary and 3 replicas",
            "assumed: an operation of `ledger` takes 5 ms (exponential), and a replica has a write 1 ms after its commit",
            "plays no part here: data_dir (line 25), listen (line 24), log (line 3), method (line 6), name (line \
             2), nosync (line 27), watchdog (line 26)",
        ]
    );
    let config = value(&imported.config);
    let cluster = cluster(&config);
    assert_eq!((&cluster["replicas"], &cluster["connections"]), (&json!(3), &json!(115)));
    assert_eq!(cluster["replication"]["synchronous_commit"], json!("remote_apply"));
    let patroni = &cluster["failover"]["patroni"];
    assert_eq!((&patroni["synchronous_mode_strict"], &patroni["synchronous_node_count"]), (&json!(true), &json!(3)));
    let found = run(&config, dies("ledger/0"));
    let ledger = &found.db_clusters["ledger"];
    assert_eq!((ledger.failovers, ledger.lost_writes), (1, 0));
}

#[test]
fn what_all_nodes_have_alike() {
    let imported = imported(include_str!("patroni/dynamic.yml"));
    assert_eq!(
        notes(&imported),
        [
            "line 3: assumed: a write takes 1024 bytes of the log, so that a replica may lack 1024 writes",
            "line 12: `slots`: what consumers of the log keep is not simulated",
            "line 19: `loop_wait` and two times `retry_timeout` are more than `ttl`; Patroni takes 5 s and 10 s then",
            "assumed: `Patroni` has a primary and 2 replicas",
            "assumed: an operation of `Patroni` takes 5 ms (exponential), and a replica has a write 1 ms after its commit",
            "plays no part here: shared_buffers (line 8), standby_cluster (line 17), use_slots (line 10)",
        ]
    );
    let config = value(&imported.config);
    let cluster = cluster(&config);
    assert_eq!((&cluster["connections"], &cluster["replication"]["synchronous_commit"]), (&json!(77), &json!("off")));
    assert_eq!(cluster["replication"]["apply_delay"], json!(2.0));
    let patroni = &cluster["failover"]["patroni"];
    assert_eq!(
        (&patroni["ttl"], &patroni["loop_wait"], &patroni["retry_timeout"]),
        (&json!(25.0), &json!(5.0), &Value::Null)
    );
    assert_eq!(run(&config, dies("Patroni/0")).db_clusters["Patroni"].failovers, 1);
}

#[test]
fn a_cluster_that_keeps_its_own_lease() {
    let imported = imported(include_str!("patroni/raft.yml"));
    assert_eq!(
        notes(&imported),
        [
            "line 3: `raft`: the store with the lease is always there",
            "line 7: `citus`: shards are not simulated",
            "line 10: `ttl`: `soon` means nothing here",
            "line 12: `retry_timeout` is at least 3 s in Patroni",
            "line 13: `frobnicate`: is not known",
            "line 14: `synchronous_mode: quorum`: the standbys that Patroni chooses are all waited for",
            "line 15: `defaults`: is not known",
            "line 16: an alias is not followed",
            "line 16: `more`: is not known",
            "line 20: `synchronous_commit`: `sometimes` means nothing here",
            "assumed: an operation of `events` takes 5 ms (exponential), and a replica has a write 1 ms after its commit",
            "plays no part here: callbacks (line 19), listen (line 18), name (line 2)",
        ]
    );
    let config = value(&imported.config);
    let cluster = cluster(&config);
    assert_eq!((&cluster["replicas"], &cluster["replication"]["synchronous_commit"]), (&json!(4), &Value::Null));
    let lease = json!({ "retry_timeout": 3.0, "synchronous_mode": true });
    assert_eq!(cluster["failover"]["patroni"], lease);
    assert_eq!(run(&config, json!({ "duration": 10 })).requests.failed, 0);
}

#[test]
fn with_maxmemory_it_is_a_cache() {
    let imported = imported(include_str!("redis/cache.conf"));
    assert_eq!(
        notes(&imported),
        [
            "assumed: a key and its value take 1024 bytes, so 102400 keys fit; there are twice as many, of which \
             some are asked for more often than others (Zipf, exponent 1)",
            "assumed: an operation of `Redis` takes 0.5 ms (exponential)",
            "assumed: what is not in the cache is read in `Database`, in 5 ms (exponential)",
            "plays no part here: bind (line 2), latency-monitor-threshold (line 15), maxclients (line 13), port \
             (line 3), protected-mode (line 4), requirepass (line 14), tcp-keepalive (line 12), timeout (line 11)",
        ]
    );
    let config = value(&imported.config);
    let cache = &config["caches"]["Redis"];
    assert_eq!((&cache["kind"], &config["services"]["app"]["database"]["name"]), (&json!("redis"), &json!("Database")));
    let keyed = json!({
        "keys": 204_800, "capacity": 102_400, "zipf_exponent": 1.0, "eviction": "allkeys-lru", "samples": 10,
        "active_expire": { "hz": 20, "effort": 1 },
    });
    assert_eq!(cache["keyed"], keyed);
    let found = run(&config, json!({}));
    let cache = &found.caches["Redis"];
    assert!(cache.hits > 20 && cache.misses > 20 && found.requests.failed == 0, "{cache:?}");
}

#[test]
fn without_maxmemory_it_keeps_what_it_is_told() {
    let imported = imported(include_str!("redis/store.conf"));
    assert_eq!(
        notes(&imported),
        [
            "line 1: `include`: other files are not read",
            "line 13: `min-replicas-to-write`: so many replicas there are; with fewer a master takes writes all the same",
            "line 14: `min-replicas-max-lag`: a master takes writes whatever its replicas lack",
            "of the rules of `save` that one counts which comes first with so many writes: every 300 s",
            "assumed: an operation of `Redis` takes 0.5 ms (exponential), and a replica has a write 1 ms after its commit",
            "nobody promotes a replica of `Redis`: that is what Sentinel's file says",
            "plays no part here: client-output-buffer-limit (line 17), cluster-enabled (line 12), daemonize (line \
             3), dbfilename (line 5), dir (line 4), lazyfree-lazy-expire (line 16), maxmemory-policy (line 11), \
             port (line 2), replica-priority (line 15), stop-writes-on-bgsave-error (line 7)",
        ]
    );
    let config = value(&imported.config);
    let cluster = cluster(&config);
    assert_eq!(
        (&cluster["save_every"], &cluster["replicas"], &cluster["connections"]),
        (&json!(300.0), &json!(2), &json!(1))
    );
    assert_eq!(cluster["failover"], json!({ "strategy": "none" }));
    let found = run(&config, dies("Redis/0"));
    assert_eq!(found.db_clusters["Redis"].failovers, 0);
    assert!(found.requests.failed > 400, "{:?}", found.requests.failures);
}

#[test]
fn a_replica_has_a_master() {
    let imported = imported(include_str!("redis/replica.conf"));
    assert_eq!(
        notes(&imported),
        [
            "line 2: it is a replica, so it and its master are simulated",
            "line 6: `replica-priority`: all replicas are alike",
            "line 8: `appendonly`: a process that dies loses nothing; that a machine dies is not told apart from that",
            "line 10: `loadmodule`: modules are not simulated",
            "line 12: `frobnicate`: is not known",
            "assumed: an operation of `Redis` takes 0.5 ms (exponential), and a replica has a write 1 ms after its commit",
            "nobody promotes a replica of `Redis`: that is what Sentinel's file says",
            "plays no part here: masterauth (line 3), port (line 1), repl-diskless-sync (line 7), \
             replica-read-only (line 5), replica-serve-stale-data (line 4), user (line 11)",
        ]
    );
    let config = value(&imported.config);
    let cluster = cluster(&config);
    assert_eq!(
        (&cluster["save_every"], &cluster["persistence"], &cluster["replicas"]),
        (&Value::Null, &Value::Null, &json!(1))
    );
    assert_eq!(run(&config, json!({ "duration": 10 })).requests.failed, 0);
}

#[test]
fn keys_that_expire() {
    let imported = imported(include_str!("redis/volatile.conf"));
    assert_eq!(
        notes(&imported),
        [
            "line 1: of 2097152 keys that fit 500000 are simulated, and of all keys as many fewer",
            "line 7: what a cache has written down it does not have when it comes back here",
            "line 8: what a cache has written down it does not have when it comes back here",
            "line 9: `cluster-enabled`: slots are not simulated",
            "line 10: `cluster-node-timeout`: slots are not simulated",
            "line 11: `hz`: `often` means nothing here",
            "assumed: a key and its value take 1024 bytes, so 2097152 keys fit; there are twice as many, of which \
             some are asked for more often than others (Zipf, exponent 1)",
            "assumed: a key stays for 300 s, since `volatile-lfu` evicts only keys that expire",
            "assumed: an operation of `Redis` takes 0.5 ms (exponential)",
            "assumed: what is not in the cache is read in `Database`, in 5 ms (exponential)",
            "plays no part here: io-threads (line 12), replicaof (line 13)",
        ]
    );
    let config = value(&imported.config);
    let keyed = &config["caches"]["Redis"]["keyed"];
    assert_eq!(
        (&keyed["ttl"], &keyed["eviction"], &keyed["samples"]),
        (&json!(300.0), &json!("volatile-lfu"), &json!(64))
    );
    assert_eq!((&keyed["lfu_log_factor"], &keyed["lfu_decay_time"]), (&json!(20), &json!(300.0)));
    assert_eq!(keyed["active_expire"], json!({ "hz": 10, "effort": 3 }));
    assert!(run(&config, json!({ "duration": 10 })).caches["Redis"].hits > 0);
}

#[test]
fn a_master_that_is_watched() {
    let imported = imported(include_str!("sentinel/first.conf"));
    assert_eq!(
        notes(&imported),
        [
            "line 7: the quorum of 2 is always there: Sentinels do not fail, and see what the others see",
            "line 7: assumed: `main` has 2 replicas; Sentinel finds them by itself",
            "line 9: `parallel-syncs`: all replicas follow the new master at once",
            "line 10: `failover-timeout`: a failover that finds nobody begins anew at the next look",
            "assumed: an operation of `main` takes 0.5 ms (exponential), and a replica has a write 1 ms after its commit",
            "plays no part here: daemonize (line 3), dir (line 6), logfile (line 5), pidfile (line 4), port (line \
             2), sentinel deny-scripts-reconfig (line 11)",
        ]
    );
    let config = value(&imported.config);
    let cluster = cluster(&config);
    assert_eq!(
        (&cluster["kind"], &cluster["replicas"], &cluster["failover"]),
        (&json!("sentinel"), &json!(2), &Value::Null)
    );
    assert_eq!(run(&config, dies("main/0")).db_clusters["main"].failovers, 1);
}

#[test]
fn a_master_is_replaced_as_soon_as_it_is_said() {
    let imported = imported(include_str!("sentinel/fast.conf"));
    assert_eq!(
        notes(&imported),
        [
            "line 2: the quorum of 2 is always there: Sentinels do not fail, and see what the others see",
            "line 2: assumed: `sessions` has 2 replicas; Sentinel finds them by itself",
            "line 7: `master-reboot-down-after-period`: a master that comes back empty is a master all the same",
            "assumed: an operation of `sessions` takes 0.5 ms (exponential), and a replica has a write 1 ms after \
             its commit",
            "plays no part here: port (line 1), sentinel auth-pass (line 4), sentinel client-reconfig-script \
             (line 6), sentinel notification-script (line 5), sentinel rename-command (line 8)",
        ]
    );
    let config = value(&imported.config);
    assert_eq!(cluster(&config)["failover"], json!({ "patience": 2.0 }));
    let after = |seconds: u32| run(&config, json!({ "duration": seconds, "faults": dies("sessions/0")["faults"] }));
    let failovers = |seconds| after(seconds).db_clusters["sessions"].failovers;
    // It dies after 5 s, is away for 2 s, and is noticed within one; the election is short.
    assert_eq!((failovers(7), failovers(9)), (0, 1));
}

#[test]
fn each_master_is_a_cluster() {
    let imported = imported(include_str!("sentinel/two.conf"));
    assert_eq!(
        notes(&imported),
        [
            "line 6: the quorum of 2 is always there: Sentinels do not fail, and see what the others see",
            "line 6: assumed: `carts` has 2 replicas; Sentinel finds them by itself",
            "line 7: the quorum of 3 is always there: Sentinels do not fail, and see what the others see",
            "line 7: assumed: `jobs` has 2 replicas; Sentinel finds them by itself",
            "line 9: `down-after-milliseconds`: `soon` means nothing here",
            "line 10: no master `lost` is watched before this line",
            "line 11: there is a `carts` already",
            "assumed: an operation of `carts` takes 0.5 ms (exponential), and a replica has a write 1 ms after its commit",
            "assumed: an operation of `jobs` takes 0.5 ms (exponential), and a replica has a write 1 ms after its commit",
            "plays no part here: bind (line 1), port (line 3), protected-mode (line 2), sentinel \
             announce-hostnames (line 5), sentinel resolve-hostnames (line 4)",
        ]
    );
    let config = value(&imported.config);
    let names: Vec<&String> = config["db_clusters"].as_object().expect("some").keys().collect();
    assert_eq!(names, ["carts", "jobs"]);
    assert_eq!(config["db_clusters"]["carts"]["failover"]["patience"], json!(5.0));
    assert_eq!(config["services"]["app 2"]["database"]["name"], json!("jobs"));
    assert_eq!(run(&config, json!({ "duration": 10 })).requests.failed, 0);
}

#[test]
fn replicas_that_sentinel_has_written_down() {
    let imported = imported(include_str!("sentinel/rewritten.conf"));
    assert_eq!(
        notes(&imported),
        [
            "line 6: the quorum of 2 is always there: Sentinels do not fail, and see what the others see",
            "line 17: `frobnicate`: is not known",
            "line 18: `frobnicate`: is not known",
            "assumed: an operation of `main` takes 0.5 ms (exponential), and a replica has a write 1 ms after its commit",
            "plays no part here: latency-tracking-info-percentiles (line 8), port (line 2), protected-mode (line \
             4), sentinel config-epoch (line 10), sentinel current-epoch (line 12), sentinel known-sentinel (line \
             16), sentinel leader-epoch (line 11), sentinel myid (line 5), user (line 3)",
        ]
    );
    let config = value(&imported.config);
    let cluster = cluster(&config);
    assert_eq!((&cluster["replicas"], &cluster["failover"]["patience"]), (&json!(3), &json!(10.0)));
    assert_eq!(run(&config, dies("main/0")).db_clusters["main"].failovers, 1);
}

/// Redis knows three ways to keep what it has, and none.
#[test]
fn what_redis_keeps() {
    let kept = |text: &str| {
        let config = value(&imported(&format!("port 6379\ndatabases 16\n{text}\n")).config);
        let cluster = cluster(&config);
        (cluster["persistence"].clone(), cluster["save_every"].clone())
    };
    assert_eq!(kept("save \"\""), (json!("none"), Value::Null));
    assert_eq!(kept(""), (Value::Null, json!(300.0)), "as it is without a word");
    assert_eq!(kept("save 900 1"), (Value::Null, json!(900.0)));
    assert_eq!(kept("save 60 1000"), (Value::Null, json!(500.0)), "two writes a second");
    assert_eq!(kept("save 60 1\nsave \"\"\nsave 120 1"), (Value::Null, json!(120.0)));
    assert_eq!(kept("save 60 1\nappendonly yes"), (Value::Null, Value::Null));
}
