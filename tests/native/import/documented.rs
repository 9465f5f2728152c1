//! Files of nginx and HAProxy in the manner of those in their documentation, and all files together: each runs.

use serde_json::json;

use super::{imported, notes, run, value};

#[test]
fn three_sites_on_one_machine() {
    let imported = imported(include_str!("full.conf"));
    assert_eq!(
        notes(&imported),
        [
            "line 11: `include`: other files are not read",
            "line 25: `127.0.0.1:1025` is taken to be one server",
            "line 32: the location `^/(images|css|js)/` passes nothing on",
            "line 37: `127.0.0.1:8080` is taken to be one server",
            "line 41: without a `zone` each worker process learns for itself who is down; here all know",
            "plays no part here: access_log (line 15), default_type (line 13), error_log (line 4), events (line \
             8), expires (line 34), index (line 12), listen (lines 21, 30, 49), log_format (line 14), pid (line \
             5), root (lines 23, 33), sendfile (line 16), server_name (lines 22, 31, 50), \
             server_names_hash_bucket_size (line 18), tcp_nopush (line 17), user (line 2), worker_processes (line \
             3), worker_rlimit_nofile (line 6)",
        ]
    );
    let config = value(&imported.config);
    let sites: Vec<&String> = config["users"].as_object().expect("some").keys().collect();
    assert_eq!(sites, ["blog.example.net .php", "files.example.net", "big.example.net"]);
    assert_eq!(config["services"]["big"]["weights"], json!([5.0, 5.0, 1.0, 1.0]));
    let found = run(&config, json!({}));
    let [first, third] = ["big-0", "big-2"].map(|name| crate::support::instance(&found, name).succeeded);
    assert!(found.requests.failed == 0 && (4..=6).contains(&(first / third)), "{first} {third}");
}

#[test]
fn connections_that_are_upgraded() {
    let imported = imported(include_str!("websocket.conf"));
    assert_eq!(
        notes(&imported),
        [
            "line 3: `map`: variables are not evaluated",
            "line 25: `proxy_read_timeout` is how long a request may take with all that it is passed on to; who \
             is too late is not passed on",
            "line 27: the location `/health` passes nothing on",
            "line 27: `return`: what nginx answers by itself is not simulated",
            "plays no part here: events (line 1), listen (line 15), proxy_http_version (line 21), \
             proxy_set_header (lines 22, 23), server_name (line 16), ssl_certificate (line 17), \
             ssl_certificate_key (line 18)",
        ]
    );
    let config = value(&imported.config);
    let chat = &config["services"]["chat"];
    assert_eq!((&chat["balancer"], &chat["keep_alive"]), (&json!("ip_hash"), &json!(16)));
    assert_eq!(chat["knowledge"]["fails"], json!({ "max_fails": 2, "fail_timeout": 20.0 }));
    assert_eq!(run(&config, json!({})).requests.failed, 0);
}

#[test]
fn a_proxy_before_one_server() {
    let imported = imported(include_str!("simple.cfg"));
    assert_eq!(
        notes(&imported),
        [
            "`timeout server` is how long a request may take with all that it is passed on to",
            "plays no part here: bind (line 13), global (line 2), mode (line 7), timeout client (line 9)",
        ]
    );
    let config = value(&imported.config);
    let servers = &config["services"]["servers"];
    assert_eq!((&servers["max_conns"], &servers["balancer_queue"]["longest_wait"]), (&json!(32), &json!(5.0)));
    assert_eq!(run(&config, json!({})).requests.failed, 0);
}

#[test]
fn servers_that_are_found_by_name() {
    let imported = imported(include_str!("consul.cfg"));
    assert_eq!(
        notes(&imported),
        [
            "line 21: `stick`: nobody keeps to a server but by hashing",
            "line 28: `server-template` is one server",
            "`timeout server` is how long a request may take with all that it is passed on to",
            "plays no part here: bind (line 19), global (line 1), http-check (line 27), http-request (line 20), \
             log (line 6), mode (line 7), option (lines 8, 26), resolvers (line 14), timeout client (line 10)",
        ]
    );
    let config = value(&imported.config);
    let web = &config["services"]["web"];
    assert_eq!(
        (&web["balancer"], &web["instances"], &web["backups"]),
        (&json!("least_connections"), &json!(2), &json!(1))
    );
    assert_eq!(web["knowledge"]["checks"], json!({ "interval": 5.0, "timeout": 5.0, "rise": 2, "fall": 2 }));
    assert_eq!(run(&config, json!({})).requests.failed, 0);
}

/// The files of each product, four or more.
const FILES: &[(&str, &[&str])] = &[
    (
        "nginx",
        &[
            include_str!("shop.conf"),
            include_str!("cache.conf"),
            include_str!("php.conf"),
            include_str!("stream.conf"),
            include_str!("full.conf"),
            include_str!("websocket.conf"),
        ],
    ),
    (
        "HAProxy",
        &[include_str!("web.cfg"), include_str!("tcp.cfg"), include_str!("simple.cfg"), include_str!("consul.cfg")],
    ),
    (
        "RabbitMQ",
        &[
            include_str!("tutorial.json"),
            include_str!("orders.json"),
            include_str!("retry.json"),
            include_str!("hosts.json"),
        ],
    ),
    (
        "Patroni",
        &[
            include_str!("patroni/first.yml"),
            include_str!("patroni/synchronous.yml"),
            include_str!("patroni/dynamic.yml"),
            include_str!("patroni/raft.yml"),
        ],
    ),
    (
        "Redis",
        &[
            include_str!("redis/cache.conf"),
            include_str!("redis/store.conf"),
            include_str!("redis/replica.conf"),
            include_str!("redis/volatile.conf"),
        ],
    ),
    (
        "Sentinel",
        &[
            include_str!("sentinel/first.conf"),
            include_str!("sentinel/fast.conf"),
            include_str!("sentinel/two.conf"),
            include_str!("sentinel/rewritten.conf"),
        ],
    ),
];

/// Nothing dies, so nobody fails: neither in the file as it is, nor in a copy with the line ends of Windows.
#[test]
fn each_file_is_known_and_runs_for_ten_seconds() {
    for (product, files) in FILES {
        assert!(files.len() >= 4, "{product}");
        for (i, text) in files.iter().enumerate() {
            let imported = imported(text);
            assert_eq!(imported.config.title.en, format!("Imported from {product}"), "{i}");
            let found = run(&value(&imported.config), json!({ "duration": 10 }));
            assert_eq!(found.requests.failed, 0, "{product} {i}: {:?}", found.requests.failures);
            assert!(found.requests.succeeded > 30, "{product} {i}: {}", found.requests.succeeded);
            let windows = super::imported(&format!("\u{feff}{}", text.replace('\n', "\r\n")));
            assert_eq!((windows.config, windows.notes), (imported.config, imported.notes), "{product} {i}");
        }
    }
}
