//! Products: a component of a `kind` has the defaults of that product wherever its configuration says nothing else.
//!
//! They are filled in when a configuration is read, and under a patch that names a kind; what equals them is left out when it is
//! written, like any default. They can be changed, and not be taken away. Where something stands that can be but one of several (a distribution, a kind of
//! knowledge) it is left as it is. A key with a question mark is filled in only where it stands already, a star is every key, and the
//! one item of a list is every item.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::{form::Form, schema::Config};

/// The components that may be of a kind, by where they stand.
const MAPS: [&str; 4] = ["services", "db_clusters", "caches", "brokers"];

/// What a product brings, by the map in which its component stands and its name there.
fn defaults(map: &str, kind: &str, component: &Value) -> Option<Value> {
    Some(match (map, kind) {
        // ngx_http_upstream_module and proxy_next_upstream, as they are without a word.
        ("services", "nginx") => json!({
            "balancer": "smooth_round_robin", "knowledge": { "fails": {} }, "next_upstream": {}, "keep_alive_together": true,
        }),
        // `balance roundrobin`, `check` (inter 2s fall 3 rise 2), `retries 3`, `option redispatch`: it goes to another server at once
        // where servers take turns, and else with the last try (`back_handle_st_cer` in HAProxy's backend.c).
        ("services", "haproxy") => {
            let balancer = component.get("balancer").and_then(Value::as_str);
            let takes_turns =
                balancer.is_none_or(|it| matches!(it, "smooth_round_robin" | "weighted_random" | "two_choices"));
            json!({
                "balancer": "smooth_round_robin",
                "slow_start_in_steps": true,
                "knowledge": { "checks": { "interval": 2, "timeout": 2, "fall": 3, "rise": 2 } },
                "next_upstream": match takes_turns {
                    true => json!({ "connect_only": true, "tries": 4 }),
                    false => json!({ "connect_only": true, "tries": 2, "retries": 2 }),
                },
            })
        }
        // Round robin, `outlier_detection: {}`, `healthy_panic_threshold` 50; it passes nothing on unless a route has a retry policy.
        ("services", "envoy") => json!({
            "balancer": "smooth_round_robin", "knowledge": { "outliers": {} }, "panic_threshold": 0.5,
        }),
        // max_connections 100, of which 3 are kept for administrators; who finds none is refused.
        ("db_clusters", "patroni") => json!({
            "connections": 97,
            "queue_limit": 0,
            "replication": { "replay": { "workers": 1 }, "synchronous_commit": "on" },
            "failover": { "strategy": "most_caught_up", "patroni": {} },
        }),
        // One command at a time; `save 300 100`; down-after-milliseconds 30000; what follows was measured with Redis 7.0: an
        // election of 0.3 to 0.4 s, clients told 0.2 to 0.9 s later, a master that comes back told within 10 s.
        ("db_clusters", "sentinel") => json!({
            "connections": 1,
            "save_every": 300,
            "replication": { "replay": { "workers": 1 } },
            "failover": {
                "strategy": "most_caught_up", "monitor_interval": 1, "on_write": false, "patience": 30,
                "election_time": { "uniform": [0.3, 0.4] }, "clients_learn": { "uniform": [0.2, 0.9] },
                "demotion_time": 10,
            },
        }),
        // One command at a time; `maxmemory-policy noeviction`; expired keys are looked for ten times a second.
        ("caches", "redis") => json!({
            "connections": 1, "keyed?": { "eviction": "noeviction", "active_expire": {} },
        }),
        // A heartbeat of 60 s, syncs every 200 ms, elections as they were measured with RabbitMQ 3.10, consumers without a prefetch limit that have 30 minutes.
        ("brokers", "rabbitmq") => json!({
            "heartbeat": 60, "sync": {}, "election_time": { "uniform": [0.14, 0.57] },
            "queues?": { "*": { "consumer_timeout": 1800, "consumers?": [{ "prefetch": 0 }] } },
        }),
        _ => return None,
    })
}

/// Fills in what the kinds of a configuration's components bring, or of those that a patch names.
pub(super) fn fill_in(config: &mut Value) {
    let form = Form::of::<Config>();
    for map in MAPS {
        let components = config.get_mut(map).and_then(Value::as_object_mut).into_iter().flatten();
        for (name, component) in components {
            let kind = component.get("kind").and_then(Value::as_str);
            if let Some(defaults) = kind.and_then(|kind| defaults(map, kind, component)) {
                fill_value(component, &defaults, form.part(map).part(name));
            }
        }
    }
}

/// What goes without saying of a component: all fields of one of its kind of which nothing else is said.
pub(super) fn whole_default<T: Serialize + DeserializeOwned>(map: &str, component: &Value) -> Option<Value> {
    let kind = component.get("kind").and_then(Value::as_str)?;
    let Value::Object(mut fields) = defaults(map, kind, component)? else { return None };
    fields.retain(|key, _| !key.ends_with('?'));
    fields.insert("kind".to_owned(), kind.into());
    let mut whole = serde_json::to_value(T::deserialize(Value::Object(fields)).ok()?).ok()?;
    // (That one must be said.)
    whole.as_object_mut()?.shift_remove("kind");
    Some(whole)
}

fn fill(target: &mut Map<String, Value>, defaults: &Map<String, Value>, form: &Form) {
    for (key, default) in defaults {
        if key == "*" {
            target.iter_mut().for_each(|(name, there)| fill_value(there, default, form.part(name)));
            continue;
        }
        let name = key.trim_end_matches('?');
        match target.get_mut(name) {
            Some(there) => fill_value(there, default, form.part(name)),
            None if name == key => _ = target.insert(key.clone(), default.clone()),
            None => {}
        }
    }
}

fn fill_value(there: &mut Value, default: &Value, form: &Form) {
    match (there, default) {
        (Value::Object(there), Value::Object(default)) if form.alternatives().is_none() => fill(there, default, form),
        (Value::Array(there), Value::Array(default)) => {
            let each = default.first();
            each.into_iter().for_each(|each| there.iter_mut().for_each(|it| fill_value(it, each, form.item())));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{apply_patch, load, warnings};

    fn read(config: Value) -> Value {
        Config::from_json(&config.to_string()).expect("it can be read").to_full_value()
    }

    #[test]
    fn a_kind_fills_in_what_is_not_said() {
        let services = json!({ "services": {
            "A": { "kind": "nginx" },
            "B": { "kind": "nginx", "balancer": "least_connections", "knowledge": { "checks": {} } },
            "C": {},
        } });
        let read = read(services);
        let of = |name: &str, field: &str| read["services"][name][field].clone();
        assert_eq!(
            ["A", "B", "C"].map(|name| of(name, "balancer")),
            ["smooth_round_robin", "least_connections", "weighted_random"]
        );
        assert_eq!(of("A", "knowledge")["fails"]["fail_timeout"], 10.0);
        assert_eq!(of("B", "knowledge").as_object().map(Map::len), Some(1), "one of several stays what it is");
        assert!(of("B", "next_upstream").is_object() && of("C", "next_upstream").is_null());
    }

    #[test]
    fn what_has_been_filled_in_stays_when_it_is_read_again() {
        let once = read(json!({ "db_clusters": {
            "Pg": { "kind": "patroni", "replicas": 2, "operation": 0.01, "failover": { "patroni": { "ttl": 60 } } },
            "R": { "kind": "sentinel", "replicas": 1, "operation": 0.001, "queue_limit": 5 },
        } }));
        assert_eq!(once["db_clusters"]["Pg"]["failover"]["patroni"]["ttl"], 60.0);
        assert_eq!(once["db_clusters"]["R"]["failover"]["patience"], 30.0);
        assert_eq!(read(once.clone()), once);
    }

    #[test]
    fn what_a_kind_brings_goes_without_saying_and_what_it_does_not_bring_is_said() {
        let written = json!({
            "services": { "A": { "kind": "nginx", "balancer": "weighted_random" } },
            "db_clusters": { "Pg": { "kind": "patroni", "operation": 1.0, "failover": { "strategy": "random" } } },
        });
        let config = Config::from_json(&written.to_string()).expect("it can be read");
        assert_eq!(config.to_value(), written);
    }

    #[test]
    fn a_kind_fills_in_what_each_queue_and_each_consumer_has() {
        let written = json!({ "brokers": { "B": { "kind": "rabbitmq", "publish": 0.0, "queues": {
            "q": { "consumers": [{ "service_time": 1.0 }, { "service_time": 1.0, "prefetch": 1 }], "consumer_timeout": 60.0 },
            "r": {},
        } } }, "caches": { "C": { "kind": "redis", "operation": 0.0, "hit_prob": 0.5 } } });
        let once = read(written.clone());
        let queues = &once["brokers"]["B"]["queues"];
        let prefetch = [0, 1].map(|consumer| queues["q"]["consumers"][consumer]["prefetch"].clone());
        assert_eq!(prefetch, [0, 1]);
        assert_eq!(
            (&queues["q"]["consumer_timeout"], &queues["r"]["consumer_timeout"]),
            (&json!(60.0), &json!(1800.0))
        );
        assert!(once["caches"]["C"].get("keyed").is_none());
        let config = Config::from_json(&written.to_string()).expect("it can be read");
        assert_eq!(read(config.to_value()), once, "what is one's own and neutral is said");
    }

    #[test]
    fn a_patch_that_names_a_kind_brings_its_defaults() {
        let neutral = Config::from_json(r#"{ "db_clusters": { "D": { "operation": 1, "connections": 5 } } }"#);
        let neutral = neutral.expect("it can be read");
        let patched = apply_patch(&neutral, r#"{ "db_clusters": { "D": { "kind": "sentinel", "save_every": 7 } } }"#);
        let found = patched.expect("it fits").to_full_value();
        let cluster = &found["db_clusters"]["D"];
        assert_eq!((&cluster["connections"], &cluster["save_every"]), (&json!(1), &json!(7.0)));
        assert_eq!(cluster["failover"]["demotion_time"], 10.0);
    }

    #[test]
    fn each_kind_runs_as_it_is_and_without_a_warning() {
        let with = |map: &str, kind: &str| {
            let mut config = json!({
                "duration": 10,
                "users": { "u": { "arrivals": { "poisson": { "rate": 5 } }, "targets": { "S": 1 }, "read_share": 0.5 } },
                "services": { "S": {
                    "instances": 2, "service_time": 0.01, "database": { "name": "D" }, "cache": { "name": "C" },
                    "publish": { "broker": "B", "queue": "q" },
                } },
                "db_clusters": { "D": { "replicas": 2, "operation": 0.01 } },
                "caches": { "C": { "operation": 0.001, "keyed": { "keys": 9, "capacity": 5 } } },
                "brokers": { "B": { "publish": 0.001, "queues": { "q": { "consumers": [{ "service_time": 0.01 }] } } } },
            });
            config[map].as_object_mut().into_iter().flatten().for_each(|(_, it)| it["kind"] = kind.into());
            let (config, _) = load(&config.to_string()).unwrap_or_else(|errors| panic!("{kind}: {errors}"));
            assert_eq!(warnings(&config), [], "{kind}");
        };
        ["nginx", "haproxy", "envoy"].into_iter().for_each(|kind| with("services", kind));
        ["patroni", "sentinel"].into_iter().for_each(|kind| with("db_clusters", kind));
        with("caches", "redis");
        with("brokers", "rabbitmq");
    }
}
