//! Whatever is imported: no panic, and what is made of it passes the check.

use proptest::{prelude::*, sample::select};
use web_service_model::{
    config::load,
    import::{Product, import},
};

/// Words of both products, right and wrong, and what stands between them.
const WORDS: [&str; 64] = [
    "http",
    "{",
    "}",
    ";",
    "\n",
    " ",
    "upstream",
    "server",
    "location",
    "/",
    "proxy_pass",
    "http://a",
    "http://$b",
    "a",
    "b-0",
    "a",
    "{",
    "}",
    ";",
    "\n",
    "weight=0",
    "weight=7",
    "max_fails=99999",
    "fail_timeout=0",
    "max_conns=4294967295",
    "backup",
    "down",
    "slow_start=0",
    "keepalive",
    "99999999999",
    "0",
    "hash",
    "random",
    "two",
    "least_conn",
    "proxy_connect_timeout",
    "0s",
    "999999999y",
    "proxy_next_upstream",
    "off",
    "proxy_next_upstream_tries",
    "limit_req_zone",
    "$host",
    "zone=z:1m",
    "rate=1r/m",
    "limit_req",
    "zone=z",
    "burst=4000000000",
    "limit_conn",
    "proxy_cache",
    "proxy_cache_path",
    "keys_zone=z:9g",
    "\"",
    "'",
    "#",
    "\\",
    "frontend",
    "backend",
    "listen",
    "default_backend",
    "check",
    "timeout",
    "connect",
    "é",
];

fn any_words() -> impl Strategy<Value = String> {
    prop::collection::vec((select(&WORDS[..]), any::<bool>()), 0..80).prop_map(|words| {
        words.into_iter().map(|(word, is_apart)| format!("{word}{}", if is_apart { " " } else { "" })).collect()
    })
}

/// Two upstreams, and a location, with anything as arguments.
fn any_values() -> impl Strategy<Value = String> {
    let value = || "[a-z0-9.=$:/_-]{0,12}";
    prop::collection::vec((select(&WORDS[..]), value(), value()), 0..12).prop_map(|directives| {
        let lines: Vec<String> = directives.iter().map(|(name, a, b)| format!("{name} {a} {b};\n")).collect();
        let text = lines.concat();
        format!("upstream a {{ server x; {text} }} server {{ {text} location / {{ proxy_pass http://a; {text} }} }}")
    })
}

fn check(text: &str) {
    for product in Product::ALL {
        if let Ok(imported) = import(text, product) {
            let json = imported.config.to_json_pretty();
            assert!(load(&json).is_ok(), "{:?}\n{text}\n{json}", load(&json).err());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "\\PC{0,200}") {
        check(&text);
    }

    #[test]
    fn any_words_in_any_order(text in any_words()) {
        check(&text);
    }

    #[test]
    fn anything_as_a_value(text in any_values()) {
        check(&text);
    }

    /// A section of HAProxy's with anything in it.
    #[test]
    fn anything_in_a_backend(words in prop::collection::vec((select(&WORDS[..]), "[a-z0-9.]{0,10}"), 0..12)) {
        let text: String = words.iter().map(|(word, value)| format!("{word} {value} ")).collect();
        let servers = format!("server x y weight 0 {text}\nserver z y maxconn 9 backup\n{text}\n");
        check(&format!("listen a\n{servers}backend b-0\n{servers}frontend c\ndefault_backend b-0\n{text}"));
    }

    /// Redis' and Sentinel's words with anything behind them.
    #[test]
    fn anything_behind_a_word_of_redis(lines in prop::collection::vec((select(&REDIS[..]), select(&BEHIND[..]), select(&BEHIND[..])), 1..12)) {
        let text: String = lines.iter().map(|(word, a, b)| format!("{word} {a} {b}\n")).collect();
        check(&text);
        check(&format!("sentinel monitor a 10.0.0.1 6379 2\n{text}"));
    }

    /// Patroni's keys with anything behind them.
    #[test]
    fn anything_behind_a_key_of_patronis(keys in prop::collection::vec((select(&PATRONI[..]), select(&BEHIND[..])), 1..12)) {
        let lines = |indent: &str| -> String { keys.iter().map(|(key, value)| format!("{indent}{key}: {value}\n")).collect() };
        check(&format!("scope: a-0\nbootstrap:\n  dcs:\n{}    postgresql:\n      parameters:\n{}", lines("    "), lines("        ")));
        check(&lines(""));
    }

    /// Definitions with anything in them.
    #[test]
    fn anything_in_definitions(
        names in prop::collection::vec(select(&NAMES[..]), 1..6),
        arguments in prop::collection::vec((select(&ARGUMENTS[..]), select(&VALUES[..])), 0..8),
        ends in prop::collection::vec((select(&NAMES[..]), select(&NAMES[..]), select(&VALUES[..])), 0..6),
    ) {
        let arguments: Vec<String> = arguments.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
        let arguments = arguments.join(", ");
        let queue = |name: &&str| format!("{{ \"name\": \"{name}\", \"arguments\": {{ {arguments} }} }}");
        let queues: Vec<String> = names.iter().map(queue).collect();
        let exchange = |(name, kind, _): &(&str, &str, &str)| format!("{{ \"name\": \"{name}\", \"type\": \"{kind}\" }}");
        let exchanges: Vec<String> = ends.iter().map(exchange).collect();
        let binding = |(source, destination, key): &(&str, &str, &str)| {
            format!("{{ \"source\": \"{source}\", \"destination\": \"{destination}\", \"routing_key\": {key} }}")
        };
        let bindings: Vec<String> = ends.iter().map(binding).collect();
        let policy = arguments.replace("\"x-", "\"");
        let [queues, exchanges, bindings] = [queues, exchanges, bindings].map(|list| list.join(",\n"));
        check(&format!(
            "{{ \"queues\": [{queues}], \"exchanges\": [{exchanges}], \"bindings\": [{bindings}],
               \"policies\": [{{ \"pattern\": \"a.*\", \"definition\": {{ {policy} }} }}] }}"
        ));
    }
}

const REDIS: [&str; 22] = [
    "maxmemory",
    "maxmemory-policy",
    "maxmemory-samples",
    "lfu-log-factor",
    "lfu-decay-time",
    "hz",
    "active-expire-effort",
    "save",
    "appendonly",
    "appendfsync",
    "replicaof",
    "min-replicas-to-write",
    "include",
    "port",
    "frobnicate",
    "sentinel monitor",
    "sentinel monitor b 10.0.0.2 6379",
    "sentinel down-after-milliseconds",
    "sentinel down-after-milliseconds a",
    "sentinel known-replica a",
    "sentinel frobnicate",
    "sentinel",
];
const PATRONI: [&str; 16] = [
    "ttl",
    "loop_wait",
    "retry_timeout",
    "maximum_lag_on_failover",
    "synchronous_mode",
    "synchronous_mode_strict",
    "synchronous_node_count",
    "max_connections",
    "superuser_reserved_connections",
    "synchronous_commit",
    "recovery_min_apply_delay",
    "raft",
    "tags",
    "slots",
    "postgresql",
    "frobnicate",
];
const BEHIND: [&str; 20] = [
    "0",
    "1",
    "7",
    "-1",
    "4294967295",
    "99999999999999999999",
    "1e300",
    "18446744073709551615gb",
    "1kb",
    "allkeys-lru",
    "volatile-ttl",
    "yes",
    "no",
    "on",
    "quorum",
    "remote_apply",
    "5min",
    "a",
    "{partner_addrs: [a, b]}",
    "\"\"",
];
const NAMES: [&str; 9] = ["a", "a-0", "b.c", "users", "", "topic", "fanout", "direct", "amq.topic"];
const ARGUMENTS: [&str; 14] = [
    "x-message-ttl",
    "x-max-length",
    "x-overflow",
    "x-dead-letter-exchange",
    "x-dead-letter-routing-key",
    "x-max-priority",
    "x-queue-type",
    "x-delivery-limit",
    "x-consumer-timeout",
    "x-quorum-initial-group-size",
    "x-single-active-consumer",
    "x-expires",
    "x-nonsense",
    "alternate-exchange",
];
const VALUES: [&str; 14] = [
    "0",
    "-1",
    "7",
    "1e300",
    "99999999999",
    "true",
    "null",
    "\"quorum\"",
    "\"a\"",
    "\"drop-head\"",
    "\"reject-publish-dlx\"",
    "\"#.*\"",
    "\"\"",
    "{}",
];
