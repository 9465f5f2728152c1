//! Small configurations made up at random, from a list of choices that a property test can shrink.

use serde_json::{Map, Value, json};

use crate::support::with;

/// Choices, taken one after another; when there are none left, all further ones are 0, the simplest.
struct Choices<'a>(std::slice::Iter<'a, u16>);

impl Choices<'_> {
    fn below(&mut self, n: u16) -> u16 {
        self.0.next().copied().unwrap_or(0) % n
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::from(self.below(of.len() as u16))]
    }

    /// True once in `n` times.
    fn once_in(&mut self, n: u16) -> bool {
        self.below(n) == n - 1
    }

    /// A time of this mean, distributed somehow.
    fn time(&mut self, mean: f64) -> Value {
        match self.below(7) {
            0 => json!(mean),
            1 => json!({ "exponential": { "mean": mean } }),
            2 => json!({ "uniform": [0.5 * mean, 1.5 * mean] }),
            3 => json!({ "erlang": { "stages": 3, "mean": mean } }),
            4 => json!({ "lognormal": { "mean": mean, "sd": mean } }),
            5 => {
                json!({ "hyperexponential": [{ "weight": 3, "mean": 0.5 * mean }, { "weight": 1, "mean": 2.5 * mean }] })
            }
            _ => json!({ "empirical": [{ "value": 0 }, { "value": 2.0 * mean }] }),
        }
    }

    fn outages(&mut self) -> Value {
        let (up, down) = (self.pick(&[20.0, 5.0]), self.pick(&[1.0, 6.0]));
        let mut outages = json!({ "up": self.time(up), "down": self.time(down) });
        self.sometimes(2, &mut outages, "in_progress", |_| json!("finished"));
        outages
    }

    /// How a balancer learns who is up.
    fn knowledge(&mut self) -> Value {
        match self.below(3) {
            0 => json!({ "fails": { "max_fails": self.below(3), "fail_timeout": self.pick(&[1, 10]) } }),
            1 => json!({ "outliers": { "consecutive": 1 + self.below(3), "base_time": 2, "max_share": 1 } }),
            _ => json!({ "checks": { "interval": 1, "timeout": self.pick(&[0.0, 0.5]), "rise": 1, "fall": 2 } }),
        }
    }

    /// What somebody does so that his question is answered.
    fn policy(&mut self) -> Value {
        let mut policy = json!({});
        self.sometimes(2, &mut policy, "timeout", |choices| json!(choices.pick(&[0.05, 0.2])));
        self.sometimes(3, &mut policy, "deadline", |choices| json!(choices.pick(&[0.1, 0.5])));
        self.sometimes(2, &mut policy, "on_giving_up", |_| json!("cancel"));
        self.sometimes(2, &mut policy, "retry", |choices| {
            let base = choices.pick(&[0.01, 0.0, 0.3]);
            let jitter = choices.pick(&["full", "none", "equal", "decorrelated"]);
            let mut retry = json!({ "max": 1 + choices.below(3), "backoff": { "base": base, "jitter": jitter } });
            choices.sometimes(2, &mut retry, "writes", |_| json!(true));
            choices.sometimes(2, &mut retry, "budget", |_| json!({ "ratio": 0.1, "burst": 3 }));
            retry
        });
        self.sometimes(3, &mut policy, "breaker", |choices| {
            let window = choices.pick(&["calls", "seconds"]);
            let calls = 1 + choices.below(10);
            let mut breaker =
                json!({ "window": { window: calls }, "min_calls": calls, "open_for": choices.pick(&[0.1, 3.0]) });
            breaker["probes"] = json!(1 + choices.below(3));
            breaker["slow_after"] = json!(choices.pick(&[0.1, 60.0]));
            breaker
        });
        self.sometimes(3, &mut policy, "limiter", |choices| {
            json!({ "rate": choices.pick(&[5.0, 30.0]), "burst": choices.pick(&[1, 10]), "longest_wait": choices.pick(&[0.0, 0.3]) })
        });
        self.sometimes(3, &mut policy, "bulkhead", |choices| {
            json!({ "max": 1 + choices.below(3), "waiting": choices.below(3), "longest_wait": choices.pick(&[0.05, 1.0]) })
        });
        self.sometimes(3, &mut policy, "hedge", |choices| {
            let mut hedge =
                json!({ "max": 1 + choices.below(3), "budget": { "ratio": 1 }, "writes": choices.once_in(2) });
            match choices.once_in(2) {
                true => hedge["percentile"] = json!(0.9),
                false => hedge["after"] = json!(choices.pick(&[0.05, 0.0])),
            }
            hedge
        });
        policy
    }

    /// Adds a field now and then.
    fn sometimes(&mut self, n: u16, to: &mut Value, field: &str, value: impl FnOnce(&mut Self) -> Value) {
        if self.once_in(n) {
            let value = value(self);
            to[field] = value;
        }
    }
}

const BALANCERS: [&str; 5] = ["weighted_random", "smooth_round_robin", "least_connections", "two_choices", "user_hash"];
const DISCIPLINES: [&str; 4] = ["fifo", "lifo", "priority", "processor_sharing"];

/// A system in which anything can happen, for 40 s.
pub fn anything(choices: &[u16]) -> Value {
    let choices = &mut Choices(choices.iter());
    let names = &["A", "B", "C"][..1 + usize::from(choices.below(3))];
    let has_auth = choices.once_in(2);
    let mut services = Map::new();
    for (place, name) in names.iter().enumerate() {
        services.insert((*name).to_owned(), service(choices, &names[place + 1..], has_auth));
    }
    let pages = services.iter().filter(|(_, service)| service.get("endpoints").is_some());
    let pages: Vec<String> = pages.map(|(name, _)| format!("{name}.page")).collect();
    let targets: Vec<String> = names.iter().map(|&name| name.to_owned()).chain(pages).collect();
    let mut config = json!({
        "duration": 40,
        "seed": choices.below(1000),
        "users": { "open": users(choices, &targets) },
        "network": network(choices),
        "services": services,
        "db_clusters": { "DB": cluster(choices) },
        "caches": { "Cache": cache(choices) },
        "brokers": { "Broker": broker(choices, names) },
    });
    choices.sometimes(3, &mut config, "warm_up", |_| json!(7));
    if has_auth {
        config["auth"] = json!({ "processing": choices.time(0.05), "success_prob": choices.pick(&[1.0, 0.7]) });
        choices.sometimes(2, &mut config["auth"], "session_ttl", |_| json!(3));
        choices.sometimes(4, &mut config["auth"], "outages", Choices::outages);
    }
    let faults = (0..choices.below(4)).map(|_| fault(choices, names[0])).collect();
    config["faults"] = Value::Array(faults);
    config
}

/// Such a system whose stores are used under policies, and where somebody else is asked when nobody answers. (It is made of
/// the other one, which the digests know, so that that one stays.)
pub fn guarded(choices: &[u16]) -> Value {
    let mut config = anything(choices);
    let reversed: Vec<u16> = choices.iter().rev().copied().collect();
    let choices = &mut Choices(reversed.iter());
    let Some(services) = config["services"].as_object_mut() else { return config };
    let names: Vec<String> = services.keys().cloned().collect();
    for (place, service) in services.values_mut().enumerate() {
        guard(choices, service, names.get(place + 1));
    }
    keep_keys(choices, &mut config);
    config
}

/// The cache keeps its keys as Redis does, they are fetched anew while they are there, and it hears of what is written.
fn keep_keys(choices: &mut Choices, config: &mut Value) {
    let Some(keyed) = config.pointer_mut("/caches/Cache/keyed") else { return };
    let policies = ["allkeys-lru", "allkeys-lfu", "volatile-ttl", "noeviction"];
    choices.sometimes(2, keyed, "eviction", |choices| json!(choices.pick(&policies)));
    choices.sometimes(2, keyed, "active_expire", |_| json!({}));
    choices.sometimes(3, keyed, "ttl_jitter", |_| json!(0.3));
    choices.sometimes(2, keyed, "early_refresh", |_| json!({ "beta": 3 }));
    choices.sometimes(2, keyed, "stale_while_revalidate", |_| json!(1));
    let Some(services) = config["services"].as_object_mut() else { return };
    for cache in services.values_mut().filter_map(|service| service.get_mut("cache")) {
        let writes = ["around", "invalidate", "through", "behind"];
        choices.sometimes(2, cache, "writes", |choices| json!(choices.pick(&writes)));
    }
}

/// A policy with which somebody further on may be asked instead.
fn policy_with_fallback(choices: &mut Choices, further: Option<&String>) -> Value {
    let mut policy = choices.policy();
    if let Some(further) = further {
        choices.sometimes(3, &mut policy, "fallback", |_| json!(further));
    }
    policy
}

fn guard(choices: &mut Choices, service: &mut Value, further: Option<&String>) {
    for store in ["database", "cache", "publish"] {
        if service.get(store).is_some() {
            choices.sometimes(2, &mut service[store], "policy", |choices| policy_with_fallback(choices, further));
        }
    }
    if service.pointer("/database/policy/retry").is_some() {
        service["database"]["read_retries"] = json!(0);
    }
    if let Some(call) = service.pointer_mut("/calls/0") {
        choices.sometimes(2, call, "policy", |choices| policy_with_fallback(choices, further));
    }
    if let Some(steps) = service.pointer_mut("/endpoints/page/steps") {
        guard_steps(choices, steps, further);
    }
}

/// Steps of an endpoint, and what stands within them, with policies of their own.
fn guard_steps(choices: &mut Choices, within: &mut Value, further: Option<&String>) {
    match within {
        Value::Array(all) => all.iter_mut().for_each(|one| guard_steps(choices, one, further)),
        Value::Object(fields) => {
            for (kind, content) in fields {
                match kind.as_str() {
                    "read" | "write" | "look_up" | "publish" | "call" => {
                        choices.sometimes(2, content, "policy", |choices| policy_with_fallback(choices, further));
                    }
                    _ => guard_steps(choices, content, further),
                }
            }
        }
        _ => {}
    }
}

fn service(choices: &mut Choices, further: &[&str], has_auth: bool) -> Value {
    let mut service = json!({
        "instances": 1 + choices.below(3),
        "weights": [choices.pick(&[1, 7]), choices.pick(&[1, 3])],
        "balancer": choices.pick(&BALANCERS),
        "service_time": choices.time(0.05),
        "discipline": choices.pick(&DISCIPLINES),
        "fail_prob": choices.pick(&[0.0, 0.1]),
        "requires_auth": has_auth && choices.once_in(2),
    });
    choices.sometimes(2, &mut service, "workers", |choices| json!(1 + choices.below(3)));
    // (A limit on those who wait is refused where nobody waits.)
    if service.get("workers").is_some() {
        choices.sometimes(3, &mut service, "queue_limit", |choices| json!(choices.below(5)));
        if service["discipline"] != "processor_sharing" {
            choices.sometimes(3, &mut service, "longest_wait", |choices| choices.time(0.2));
            choices.sometimes(2, &mut service, "holds", |_| json!("request"));
        }
    }
    choices.sometimes(3, &mut service, "outages", Choices::outages);
    if choices.once_in(3) {
        come_and_go(choices, &mut service);
    }
    choices.sometimes(
        3,
        &mut service,
        "warm_up",
        |choices| json!({ "lasting": 5, "speed": choices.pick(&[0.2, 1.0]) }),
    );
    choices.sometimes(
        3,
        &mut service,
        "pauses",
        |choices| json!({ "every": choices.time(3.0), "lasting": choices.time(0.3) }),
    );
    choices.sometimes(3, &mut service, "knowledge", Choices::knowledge);
    choices.sometimes(
        3,
        &mut service,
        "next_upstream",
        |choices| json!({ "tries": 1 + choices.below(3), "non_idempotent": choices.once_in(2) }),
    );
    add_stores(choices, &mut service);
    if !further.is_empty() {
        choices.sometimes(2, &mut service, "calls", |choices| {
            let prob = choices.pick(&[1.0, 0.5]);
            let mut call =
                json!({ "to": further, "prob": prob, "kind": "same", "on_error": choices.pick(&["fail", "ignore"]) });
            choices.sometimes(2, &mut call, "policy", Choices::policy);
            json!([call])
        });
    }
    if choices.once_in(3) {
        let steps = steps(choices, &service, further, 2);
        service["endpoints"] = json!({ "page": { "steps": steps, "priority": choices.below(3) } });
    }
    service
}

/// An autoscaler that changes its mind quickly, and deployments.
fn come_and_go(choices: &mut Choices, service: &mut Value) {
    choices.sometimes(2, service, "start_up", |choices| choices.time(1.0));
    choices.sometimes(2, service, "grace", |choices| json!(choices.pick(&[0.0, 0.1])));
    choices.sometimes(2, service, "autoscaler", |choices| {
        let metric = choices.pick(&["concurrency", "rate"]);
        let rules = json!({ "stabilisation": choices.pick(&[0, 5]) });
        json!({
            "max": 1 + choices.below(5), "interval": 1, "down": rules,
            "target": { metric: choices.pick(&[0.5, 5.0]) },
        })
    });
    choices.sometimes(2, service, "deployments", |choices| {
        let release = json!({ "factor": choices.pick(&[1.0, 3.0]), "fail_prob": choices.pick(&[0.0, 0.9]) });
        let mut deployment = json!({
            "at": choices.pick(&[5, 20]), "release": release,
            "surge": 1 + choices.below(2), "unavailable": choices.below(2),
        });
        let rule = json!({ "failure_share": 0.3, "interval": 2, "min_calls": 5 });
        choices.sometimes(2, &mut deployment, "roll_back", |_| rule);
        json!([deployment])
    });
}

/// Whatever a service keeps its data in, and tells others by.
fn add_stores(choices: &mut Choices, service: &mut Value) {
    choices.sometimes(2, service, "database", |choices| {
        json!({
            "name": "DB",
            "per_instance": false,
            "on_read_error": choices.pick(&["fail", "ignore"]),
            "on_write_error": choices.pick(&["fail", "ignore"]),
            "read_retries": choices.below(3),
        })
    });
    if service.get("database").is_some() {
        choices.sometimes(
            3,
            &mut service["database"],
            "pool",
            |choices| json!({ "size": 1 + choices.below(3), "longest_wait": choices.pick(&[30.0, 0.1]) }),
        );
    }
    if service.get("database").is_some() {
        choices.sometimes(
            2,
            service,
            "cache",
            |choices| json!({ "name": "Cache", "on_error": choices.pick(&["fail", "fall_back"]) }),
        );
    }
    choices.sometimes(
        2,
        service,
        "publish",
        |choices| json!({ "broker": "Broker", "queue": "q", "on_error": choices.pick(&["fail", "ignore"]) }),
    );
}

/// Some steps of an endpoint, and steps within them down to a depth.
fn steps(choices: &mut Choices, service: &Value, further: &[&str], depth: u16) -> Vec<Value> {
    let count = 1 + choices.below(3);
    (0..count).map(|_| step(choices, service, further, depth)).collect()
}

fn step(choices: &mut Choices, service: &Value, further: &[&str], depth: u16) -> Value {
    let on_error = choices.pick(&["fail", "ignore"]);
    match choices.below(8) {
        1 if service.get("database").is_some() => json!({ "read": { "on_error": on_error } }),
        2 if service.get("database").is_some() => json!({ "write": { "on_error": on_error } }),
        3 if service.get("cache").is_some() => json!({ "look_up": {} }),
        4 if !further.is_empty() => {
            let need = 1 + choices.below(further.len() as u16);
            let mut call = json!({ "to": further, "need": need, "on_error": on_error });
            choices.sometimes(2, &mut call, "policy", Choices::policy);
            json!({ "call": call })
        }
        5 if depth > 0 => {
            let branches: Vec<_> = (0..2).map(|_| steps(choices, service, further, depth - 1)).collect();
            json!({ "branches": { "of": branches, "on_error": on_error } })
        }
        6 if depth > 0 => json!({ "maybe": { "prob": 0.5, "steps": steps(choices, service, further, depth - 1) } }),
        7 => json!({ "publish": { "broker": "Broker", "queue": "q", "on_error": on_error } }),
        _ => json!({ "process": choices.time(0.03) }),
    }
}

fn users(choices: &mut Choices, targets: &[String]) -> Value {
    let arrivals = match choices.below(6) {
        0 => json!({ "poisson": { "rate": 20 } }),
        1 => json!({ "gaps": choices.time(0.1) }),
        2 => json!({ "closed": { "users": 1 + choices.below(20), "think": choices.time(0.5) } }),
        3 => json!({ "sequential": { "gap": choices.time(0.1) } }),
        4 => json!({ "wave": { "mean": 15, "amplitude": 15, "period": 20 } }),
        _ => json!({ "bursty": {
            "calm": { "rate": 2, "time": choices.time(5.0) }, "burst": { "rate": 60, "time": choices.time(1.0) },
        } }),
    };
    let targets: Map<String, Value> = targets.iter().map(|name| (name.clone(), json!(1))).collect();
    let mut client = json!({});
    choices.sometimes(3, &mut client, "timeout", |choices| json!(choices.pick(&[0.05, 0.3])));
    choices.sometimes(3, &mut client, "retries", |choices| {
        let mut retries = json!({ "max": 1 + choices.below(4), "backoff": { "base": choices.pick(&[0.01, 0.5]) } });
        choices.sometimes(2, &mut retries, "budget", |_| json!({ "ratio": 0.1, "burst": 3 }));
        retries
    });
    let (reuse, reads) = (choices.pick(&[0.0, 0.5, 1.0]), choices.pick(&[0.5, 0.0, 1.0]));
    let max_users = choices.pick(&[100_000, 5]);
    let mut users = json!({
        "arrivals": arrivals, "targets": targets,
        "reuse_prob": reuse, "read_share": reads, "max_users": max_users,
    });
    match choices.once_in(2) {
        true => users["policy"] = choices.policy(),
        false => users["client"] = client,
    }
    users
}

fn network(choices: &mut Choices) -> Value {
    let mut network = json!({ "retransmit_after": 0.05, "retransmits_max": 2, "partition_timeout": 0.3 });
    choices.sometimes(2, &mut network, "tcp", |choices| choices.time(0.02));
    choices.sometimes(2, &mut network, "tls", |choices| choices.time(0.03));
    choices.sometimes(3, &mut network, "keep_alive_prob", |_| json!(0.5));
    choices.sometimes(3, &mut network, "delay", |choices| choices.time(0.005));
    choices.sometimes(3, &mut network, "loss", |choices| json!(choices.pick(&[0.05, 0.5])));
    network
}

fn cluster(choices: &mut Choices) -> Value {
    let mut cluster = json!({
        "replicas": choices.below(4),
        "operation": choices.time(0.05),
        "fail_prob": choices.pick(&[0.0, 0.1]),
        "replica_read_share": choices.pick(&[0.0, 0.5, 1.0]),
        "replication": { "mode": choices.pick(&["async", "sync"]), "delay": choices.time(0.2) },
        "failover": {
            "strategy": choices.pick(&["random", "most_caught_up", "priority", "none"]),
            "monitor_interval": choices.pick(&[1, 5]),
            "on_write": choices.once_in(2),
            "promotion_time": choices.pick(&[0.0, 0.7]),
            "rejoin": choices.pick(&["when_caught_up", "at_once"]),
        },
    });
    choices.sometimes(2, &mut cluster, "outages", Choices::outages);
    choices.sometimes(3, &mut cluster, "connections", |choices| json!(1 + choices.below(3)));
    if cluster.get("connections").is_some() {
        choices.sometimes(3, &mut cluster, "queue_limit", |choices| json!(choices.below(4)));
    }
    if cluster["replicas"] != 0 && cluster["replication"]["mode"] == "sync" {
        choices.sometimes(3, &mut cluster["replication"], "acknowledgements", |_| json!(1));
    }
    cluster
}

fn cache(choices: &mut Choices) -> Value {
    let mut cache = json!({ "operation": choices.time(0.01), "fail_prob": choices.pick(&[0.0, 0.1]) });
    if choices.once_in(2) {
        let eviction = choices.pick(&["lru", "lfu", "random"]);
        cache["keyed"] = json!({ "keys": 50, "zipf_exponent": 0.8, "capacity": 10, "eviction": eviction });
        choices.sometimes(2, &mut cache["keyed"], "ttl", |_| json!(2));
    } else {
        cache["hit_prob"] = json!(choices.pick(&[0.0, 0.8, 1.0]));
    }
    choices.sometimes(3, &mut cache, "outages", Choices::outages);
    choices.sometimes(3, &mut cache, "connections", |_| json!(1));
    cache
}

fn broker(choices: &mut Choices, services: &[&str]) -> Value {
    let mut consumer = json!({
        "count": 1 + choices.below(2), "service_time": choices.time(0.1), "prefetch": choices.below(4),
    });
    choices.sometimes(2, &mut consumer, "service", |choices| json!(choices.pick(services)));
    let consumers = if choices.once_in(4) { json!([]) } else { json!([consumer]) };
    let mut queue = json!({ "consumers": consumers, "overflow": choices.pick(&["reject", "drop_head"]) });
    choices.sometimes(2, &mut queue, "limit", |choices| json!(1 + choices.below(10)));
    let mut broker = json!({
        "publish": choices.time(0.02), "fail_prob": choices.pick(&[0.0, 0.1]), "queues": { "q": queue },
    });
    choices.sometimes(3, &mut broker, "outages", Choices::outages);
    broker
}

fn fault(choices: &mut Choices, service: &str) -> Value {
    let component = match choices.below(6) {
        0 => service.to_owned(),
        1 => format!("{service}-0"),
        2 => "DB/primary".to_owned(),
        3 => "DB".to_owned(),
        4 => "Cache".to_owned(),
        _ => "Broker".to_owned(),
    };
    let from = f64::from(choices.below(40));
    let until = from + f64::from(1 + choices.below(20));
    match choices.below(3) {
        0 => {
            let in_progress = choices.pick(&["lost", "finished"]);
            json!({ "crash": {
                "component": component, "at": from, "recover_at": until, "in_progress": in_progress,
            } })
        }
        1 => {
            json!({ "slow": { "component": component, "factor": choices.pick(&[3.0, 0.5]), "from": from, "until": until } })
        }
        _ => {
            let other = if component.starts_with("DB") { service } else { "DB/0" };
            json!({ "partition": { "between": [component, other], "from": from, "until": until } })
        }
    }
}

/// A system in which nothing fails and nothing is called, with a minute of arrivals and time to answer them all.
pub fn calm(choices: &[u16]) -> Value {
    let choices = &mut Choices(choices.iter());
    let mut service = json!({
        "instances": 1 + choices.below(3),
        "balancer": choices.pick(&BALANCERS),
        "service_time": choices.time(0.05),
        "discipline": choices.pick(&DISCIPLINES),
    });
    choices.sometimes(2, &mut service, "workers", |choices| json!(1 + choices.below(3)));
    choices.sometimes(2, &mut service, "database", |_| json!({ "name": "DB" }));
    if service.get("database").is_some() {
        choices.sometimes(2, &mut service, "cache", |_| json!({ "name": "Cache" }));
    }
    choices.sometimes(2, &mut service, "publish", |_| json!({ "broker": "Broker", "queue": "q" }));
    let mut cluster = json!({
        "replicas": choices.below(3), "operation": choices.time(0.05), "replica_read_share": 0.5,
        "replication": { "delay": choices.time(0.1) },
    });
    choices.sometimes(2, &mut cluster, "connections", |choices| json!(1 + choices.below(3)));
    let mut cache = json!({ "operation": choices.time(0.01), "hit_prob": 0.5 });
    choices.sometimes(2, &mut cache, "connections", |_| json!(1));
    let consumer = json!({ "count": 1 + choices.below(2), "service_time": choices.time(0.1), "prefetch": 1 });
    let points = json!([{ "at": 0, "rate": choices.pick(&[10, 40]) }, { "at": 60, "rate": 0 }]);
    let mut config = json!({
        "duration": 2000,
        "seed": choices.below(1000),
        "users": { "open": {
            "arrivals": { "profile": { "points": points, "shape": "steps" } },
            "targets": { "A": 1 }, "read_share": 0.5, "reuse_prob": 0.5,
        } },
        "services": { "A": service },
        "db_clusters": { "DB": cluster },
        "caches": { "Cache": cache },
        "brokers": { "Broker": { "publish": choices.time(0.02), "queues": { "q": { "consumers": [consumer] } } } },
    });
    if choices.once_in(2) {
        config = with(config, json!({ "auth": { "processing": choices.time(0.05), "session_ttl": 5 } }));
    }
    if choices.once_in(2) {
        config["network"] =
            json!({ "tcp": choices.time(0.02), "tls": choices.time(0.03), "delay": choices.time(0.002) });
    }
    config
}
