//! Configurations of nginx, HAProxy, RabbitMQ, Patroni, Redis and Sentinel, imported, checked and run.

mod documented;
mod properties;
mod rabbitmq;
mod stores;

use serde_json::{Value, json};
use web_service_model::{
    config::{load, schema::Config, warnings},
    import::{Imported, Product, import},
    report::Report,
};

use crate::support::{instance, report, with};

/// A file of this folder, imported.
fn imported(text: &str) -> Imported {
    import(text, Product::of(text)).unwrap_or_else(|nothing| panic!("{nothing:?}"))
}

/// Its notes as the command line prints them, but for the one that says what was assumed in any case.
fn notes(imported: &Imported) -> Vec<String> {
    let notes: Vec<String> = imported.notes.iter().map(ToString::to_string).collect();
    assert!(notes.iter().any(|note| note.starts_with("assumed: 10 requests a second")), "{notes:?}");
    notes.into_iter().filter(|note| !note.starts_with("assumed: 10 requests a second")).collect()
}

/// As JSON; it passes the check without a warning.
fn value(config: &Config) -> Value {
    let text = config.to_json_pretty();
    let (read, _) = load(&text).unwrap_or_else(|errors| panic!("{errors}\n{text}"));
    assert_eq!(&read, config);
    assert_eq!(warnings(config), [], "{text}");
    config.to_value()
}

/// What becomes of it in half a minute, with some changes.
fn run(config: &Value, changes: Value) -> Report {
    report(&with(with(config.clone(), json!({ "duration": 30 })), changes))
}

#[test]
fn a_shop_with_a_backup() {
    let imported = imported(include_str!("shop.conf"));
    assert_eq!(
        notes(&imported),
        [
            "line 10: `include`: other files are not read",
            "line 19: `app3.internal:8080` is marked as down and left out",
            "line 24: without a `zone` each worker process learns for itself who is down; here all know",
            "line 26: `max_fails`, `fail_timeout`, `max_conns` and `slow_start` are those of the first server for all",
            "line 29: nobody passes anything to the upstream `forgotten`",
            "line 39: `next_upstream`: nobody fails with `http_404` here",
            "line 41: `proxy_read_timeout` is how long a request may take with all that it is passed on to; who is too late is \
             not passed on",
            "line 52: the location `/static/` passes nothing on",
            "line 57: the location `/old` passes nothing on",
            "line 58: `return`: what nginx answers by itself is not simulated",
            "plays no part here: access_log (line 11), events (line 5), expires (line 54), listen (line 34), \
             proxy_set_header (line 40), root (line 53), server_name (line 35), ssl_certificate (line 36), user (line 2), \
             worker_processes (line 3)",
        ]
    );
    let config = value(&imported.config);
    let app = &config["services"]["app"];
    assert_eq!((&app["instances"], &app["weights"], &app["backups"]), (&json!(3), &json!([3.0, 1.0, 1.0]), &json!(1)));
    assert_eq!((&app["balancer"], &app["keep_alive"]), (&json!("least_connections"), &json!(32)));
    assert_eq!(app["knowledge"]["fails"], json!({ "max_fails": 3, "fail_timeout": 30.0 }));
    let causes = ["instance_down", "network", "queue_full", "queue_timeout", "not_admitted", "shed", "codel"];
    assert_eq!(
        app["next_upstream"],
        json!({ "on": causes, "tries": 2, "timeout": 10.0, "non_idempotent": false, "connect_only": false, "retries": 0, "retry_after": 1.0 })
    );
    let api = &config["services"]["api"];
    assert_eq!(
        (&api["max_conns"], &api["weights"], &api["next_upstream"]),
        (&json!(50), &json!([2.0, 1.0]), &Value::Null)
    );
    assert_eq!(config["users"]["shop.example.com"]["policy"]["timeout"], json!(15.0));
    assert_eq!(config["network"]["partition_timeout"], json!(2.0));
    // The two that are asked die, one after the other since there are two tries: the backup answers.
    let dead = |name: &str, at: u32| json!({ "crash": { "component": name, "at": at } });
    let found = run(&config, json!({ "faults": [dead("app-0", 10), dead("app-1", 13)] }));
    assert!(found.requests.failed == 0 && instance(&found, "app-2").succeeded > 100, "{:?}", found.requests.failures);
    assert!(instance(&found, "api-0").succeeded > instance(&found, "api-1").succeeded * 3 / 2);
}

#[test]
fn limits_for_all_are_limits_and_those_for_each_are_none() {
    let imported = imported(include_str!("limits.conf"));
    let alone = "`127.0.0.1:3000` is taken to be one server";
    let each = "`limit_req` limits each `$binary_remote_addr` by itself; no user comes that often here";
    assert_eq!(
        notes(&imported),
        [
            format!("line 11: {each}"),
            format!("line 14: {alone}"),
            "line 21: `proxy_send_timeout`: to send a request takes no time here".into(),
            "line 26: `limit_req`: there is no zone `missing`".into(),
            "plays no part here: client_max_body_size (line 19), listen (line 7), proxy_request_buffering (line 20)"
                .into(),
        ]
    );
    let config = value(&imported.config);
    let policy = |group: &str| &config["users"][group]["policy"];
    let search = policy("port 8080 search");
    assert_eq!(search["limiter"], json!({ "rate": 6.0, "burst": 1.0, "longest_wait": 2.0 }));
    assert_eq!(search["bulkhead"]["max"], json!(3));
    assert_eq!(policy("port 8080 upload")["limiter"], json!({ "rate": 6.0, "burst": 5.0, "longest_wait": 0.0 }));
    assert_eq!(policy("port 8080 none"), &Value::Null);
    let found = run(&config, json!({}));
    let limited = found.requests.failures["limited"] as f64 / 30.0;
    // Of 10 a second to two places four each are too many.
    assert!((6.0..=9.0).contains(&limited), "{limited}");
}

#[test]
fn a_cache_is_a_service_before_the_other_one() {
    let imported = imported(include_str!("cache.conf"));
    assert_eq!(
        notes(&imported),
        [
            "line 16: `proxy_cache_lock`: only what a database answers is fetched by one for all",
            "line 18: `proxy_read_timeout` is how long a request may take with all that it is passed on to; who is too late is \
             not passed on",
            "assumed: 0.5 of the requests find their answers in the cache `pages`",
            "plays no part here: proxy_cache_lock_timeout (line 17), proxy_cache_path (line 3), proxy_cache_valid (line 15), \
             server_name (line 12)",
        ]
    );
    let config = value(&imported.config);
    assert_eq!(config["services"]["cms"]["balancer"], json!("two_choices"));
    let found = run(&config, json!({}));
    let cache = &found.caches["pages"];
    assert!(cache.hits > 20 && cache.misses > 20 && found.requests.failed == 0, "{cache:?}");
    let nginx = found.services["nginx"].succeeded;
    assert!(nginx > 200 && found.services["cms"].succeeded > cache.misses, "{nginx}");
}

#[test]
fn what_is_wrong_or_unknown_is_told_and_the_rest_is_read() {
    let imported = imported(include_str!("php.conf"));
    let notes = notes(&imported);
    let told: Vec<&str> = notes.iter().map(String::as_str).collect();
    assert_eq!(
        told,
        [
            "line 8: the location `/` passes nothing on",
            "line 9: `try_files`: what nginx answers by itself is not simulated",
            "line 14: `unix:/run/php/php-fpm.sock` is taken to be one server",
            "line 16: `fastcgi_read_timeout` is how long a request may take with all that it is passed on to; who is too late is \
             not passed on",
            "line 17: `fastcgi_connect_timeout` is not followed by a time",
            "line 20: `if`: conditions are not evaluated",
            "line 25: `set`: variables are not evaluated",
            "line 26: `proxy_pass`: whom it asks is decided by variables",
            "line 29: `frobnicate`: is not known",
            "line 31: unexpected '}'",
            "plays no part here: fastcgi_param (line 15), fastcgi_split_path_info (line 13), index (line 6), listen (line 3), \
             root (line 5), server_name (line 4)",
        ]
    );
    let config = value(&imported.config);
    assert_eq!(config["network"]["partition_timeout"], json!(60.0));
    assert!(run(&config, json!({})).requests.succeeded > 200);
}

#[test]
fn streams_are_read_as_well() {
    let imported = imported(include_str!("stream.conf"));
    assert_eq!(
        notes(&imported),
        [
            "line 8: `max_fails`, `fail_timeout`, `max_conns` and `slow_start` are those of the first server for all",
            "line 14: `sticky` of an upstream has no counterpart",
            "line 19: `proxy_timeout` is how long a request may take with all that it is passed on to; who is too late is not \
             passed on",
            "of different connect timeouts the shortest, 0.5 s, is taken for all",
            "plays no part here: listen (lines 17, 23), worker_processes (line 2)",
        ]
    );
    let config = value(&imported.config);
    assert_eq!(config["services"]["mysql"]["balancer"], json!("user_hash"));
    assert_eq!(config["services"]["broker"]["balancer"], json!("ip_hash"));
    let found = run(&config, json!({ "faults": [{ "crash": { "component": "mysql-0", "at": 10 } }] }));
    assert_eq!(found.requests.failed, 0);
    assert!(instance(&found, "mysql-0").succeeded > 40);
}

#[test]
fn haproxys_backends_are_services() {
    let imported = imported(include_str!("web.cfg"));
    assert_eq!(
        notes(&imported),
        [
            "line 9: `option redispatch` passes on what a server has begun, too, if it may be repeated",
            "line 10: `retries` at the same server are not simulated",
            "line 20: `acl`: conditions are not evaluated",
            "line 21: `use_backend`: conditions are not evaluated; each backend gets as much",
            "line 30: `web4` is disabled and left out",
            "line 33: `balance uri`: the key is the user",
            "line 37: `magic` of a server has no counterpart",
            "`timeout server` is how long a request may take with all that it is passed on to",
            "plays no part here: bind (line 19), global (line 2), mode (line 7), option (lines 8, 26), timeout client (line 12)",
        ]
    );
    let config = value(&imported.config);
    let site = &config["services"]["site"];
    assert_eq!(
        (&site["weights"], &site["backups"], &site["max_conns"]),
        (&json!([10.0, 20.0, 1.0]), &json!(1), &json!(30))
    );
    assert_eq!(site["knowledge"]["checks"], json!({ "interval": 1.0, "timeout": 0.5, "rise": 3, "fall": 2 }));
    assert_eq!((&site["balancer_queue"]["longest_wait"], &site["next_upstream"]["tries"]), (&json!(5.0), &json!(2)));
    let api = &config["services"]["api"];
    assert_eq!((&api["balancer"], &api["balance_factor"]), (&json!("bounded_hash"), &json!(1.5)));
    assert_eq!((&api["knowledge"]["fails"]["max_fails"], &api["next_upstream"]), (&json!(0), &Value::Null));
    assert_eq!(config["network"]["partition_timeout"], json!(2.0));
    let found = run(&config, json!({ "faults": [{ "crash": { "component": "api-0", "at": 10 } }] }));
    assert!(found.requests.failures["instance_down"] > 20, "nobody checks the API: {:?}", found.requests.failures);
}

#[test]
fn a_listen_asks_itself() {
    let imported = imported(include_str!("tcp.cfg"));
    assert_eq!(
        notes(&imported),
        [
            "line 4: `balance first` has no counterpart",
            "line 12: `lost` asks no backend that has a server",
            "line 13: there is no backend `nowhere`",
            "nobody asks the backend `lonely`",
            "of different connect timeouts the shortest, 1 s, is taken for all",
            "plays no part here: bind (line 2), mode (line 3)",
        ]
    );
    let config = value(&imported.config);
    let found = run(&config, json!({ "faults": [{ "crash": { "component": "redis-0", "at": 10 } }] }));
    // Three checks, half a second apart.
    assert!((2..=15).contains(&found.requests.failed), "{}", found.requests.failed);
}

/// A text in which there is nothing to simulate is no configuration.
#[test]
fn nothing_is_told_from_something() {
    for text in ["", "hello, world", "{ \"services\": {} }", "server { listen 80; }", "backend b\n"] {
        let nothing = import(text, Product::of(text)).expect_err(text);
        assert_eq!(nothing.product == Product::Haproxy, text.starts_with("backend"), "{text}");
    }
    let deep = "a{".repeat(100_000);
    assert!(import(&deep, Product::Nginx).expect_err("nothing").notes[0].text.contains("more than 64 deep"));
}
