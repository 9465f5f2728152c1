//! What the user reads when a configuration is wrong: the whole message, for each rule.

mod balancers;
mod brokers;
mod instances;
mod policies;
mod stores;

use serde_json::{Value, json};
use web_service_model::config::load;

use crate::scenarios::text;

/// A configuration that is right and has one of everything.
fn base() -> Value {
    serde_json::from_str(&text("coursework")).expect("JSON")
}

/// Loads a text and compares the lines of the errors.
#[track_caller]
fn check_text(text: &str, expected: &[&str]) {
    let lines: Vec<String> = match load(text) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.0.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(lines, expected);
}

#[test]
fn nothing_wrong() {
    check_text(&base().to_string(), &[]);
}

#[test]
fn what_can_be_read_is_checked_even_if_something_else_cannot() {
    check_text(
        r#"{
            "seeed": 5,
            "users": { "all": { "arrivals": { "poisson": { "rate": 4 } }, "targets": { "B": 1 } } },
            "services": {
                "A": { "instances": "x", "servic_time": 4, "weights": [1, "a", 3], "database": { "nam": "x" } },
                "B": { "service_time": 1, "fail_prob": 1.5 }
            }
        }"#,
        &[
            "seeed: 5 stands in an unknown field (did you mean `seed`?)",
            "services.A.instances: \"x\" is not a whole number",
            "services.A.servic_time: 4 stands in an unknown field (did you mean `service_time`?)",
            "services.A.weights[1]: \"a\" is not a number",
            "services.A.database.nam: \"x\" stands in an unknown field (did you mean `name`?)",
            "services.A.database.name: is missing",
            "services.B.fail_prob: 1.5 is too large (a probability, 0 to 1)",
        ],
    );
}

/// A small system that is right: a shop with a database, and users.
fn shop() -> Value {
    json!({
        "users": { "all": { "arrivals": { "poisson": { "rate": 4 } }, "targets": { "Shop": 1 } } },
        "services": { "Shop": { "service_time": "50ms", "database": { "name": "DB" } } },
        "db_clusters": { "DB": { "operation": 0.01, "replicas": 1 } }
    })
}

/// The shop with a JSON Pointer (`/services/Shop/workers`) set to something; `null` takes it out.
#[track_caller]
fn check(changes: &[(&str, Value)], expected: &[&str]) {
    let mut config = shop();
    for (pointer, value) in changes {
        set(&mut config, pointer, value.clone());
    }
    check_text(&config.to_string(), expected);
}

fn set(config: &mut Value, pointer: &str, value: Value) {
    let (holder, key) = pointer.rsplit_once('/').expect("a pointer");
    let mut place = config;
    for step in holder.split('/').skip(1) {
        place = place.as_object_mut().expect("an object").entry(step).or_insert(json!({}));
    }
    let object = place.as_object_mut().expect("an object");
    if value.is_null() {
        object.shift_remove(key);
    } else {
        object.insert(key.to_owned(), value);
    }
}

#[test]
fn the_shop_is_right() {
    check(&[], &[]);
}

#[test]
fn json() {
    for empty in ["", " \n", "\u{feff}"] {
        check_text(empty, &["configuration: is empty (JSON is expected)"]);
    }
    check_text("{\n  \"seed\": ,\n}", &["configuration: is not JSON: expected value at line 2 column 11"]);
    check_text("[]", &["configuration: [] is not an object"]);
    check_text("null", &["configuration: null is not an object"]);
    check_text("{} {}", &["configuration: is not JSON: trailing characters at line 1 column 4"]);
    check_text(&format!("\u{feff}{}", shop()), &[]);
    let twice = shop().to_string().replace("\"replicas\":1", "\"replicas\":1,\"replicas\":2");
    check_text(&twice, &["db_clusters.DB.replicas: stands here twice"]);
}

#[test]
fn types_and_spelling() {
    check(&[("/seeed", json!(1))], &["seeed: 1 stands in an unknown field (did you mean `seed`?)"]);
    check(
        &[("/services/Shop/publish", json!({ "broker": "x", "queue": "y", "retries": 1 }))],
        &[
            "services.Shop.publish.retries: 1 stands in an unknown field (known: `broker`, `queue`, `exchange`, `routing_key`, `priority`, `ttl`, `persistent`, `confirms`, `on_error`, `policy`)",
            "services.Shop.publish.broker: \"x\" is not one of `brokers` (there are none)",
        ],
    );
    check(
        &[("/services/Shop/workers", json!(1.5)), ("/services/Shop/queue_limit", json!(-1))],
        &["services.Shop.workers: 1.5 is not a whole number", "services.Shop.queue_limit: -1 is too few (at least 0)"],
    );
    check(
        &[("/services/Shop/requires_auth", json!("yes"))],
        &["services.Shop.requires_auth: \"yes\" is not true or false"],
    );
    check(
        &[("/services/Shop/discipline", json!("fofo"))],
        &["services.Shop.discipline: \"fofo\" is unknown (did you mean `fifo`?)"],
    );
    check(
        &[("/services/Shop/discipline", json!(1))],
        &["services.Shop.discipline: 1 is not one of `fifo`, `lifo`, `adaptive_lifo`, `priority`, `processor_sharing`"],
    );
    check(&[("/services/Shop", json!([3]))], &["services.Shop: [3] is not an object"]);
    check(&[("/users/all/arrivals", json!({ "poisson": [4] }))], &["users.all.arrivals.poisson: [4] is not an object"]);
    check(&[("/users/all/arrivals", json!("poisson"))], &["users.all.arrivals: \"poisson\" has no parameters"]);
    check(
        &[("/users/all/arrivals", json!({ "gaps": 1, "poisson": { "rate": 1 } }))],
        &["users.all.arrivals: {\"gaps\":1,\"poisson\":{\"rate\":1}} has 2 keys (exactly one, which says what it is)"],
    );
    check(
        &[("/services/Shop/service_time", json!("5 parsecs"))],
        &[
            "services.Shop.service_time: \"5 parsecs\" is not a distribution (seconds, a string such as \"50ms\", or an \
         object such as {\"uniform\": [0.1, 0.2]})",
        ],
    );
    check(
        &[("/duration", json!("nans"))],
        &["duration: \"nans\" is not a time (seconds, or a string with a unit such as \"50ms\")"],
    );
    check(
        &[("/faults", json!([{ "crash": { "component": "Shop", "at": 1 } }, { "crash": {} }, 7]))],
        &[
            "faults[1].crash.component: is missing",
            "faults[1].crash.at: is missing",
            "faults[2]: 7 is not one of `crash`, `slow`, `fail`, `partition`",
        ],
    );
}

/// The bounds are those of the field, not those of the integers that a computer has; the value is the one that was written.
#[test]
fn numbers_that_no_integer_holds() {
    let case = |text: &str, expected: &str| {
        let config = shop().to_string().replace("\"service_time\"", &format!("{text}, \"service_time\""));
        check_text(&config, &[expected]);
    };
    case("\"workers\": 1e15", "services.Shop.workers: 1e15 is too many (at most 1000000)");
    case("\"workers\": 5000000000", "services.Shop.workers: 5000000000 is too many (at most 1000000)");
    case("\"workers\": -1", "services.Shop.workers: -1 is too few (at least 1)");
    case("\"instances\": -1e300", "services.Shop.instances: -1e300 is too few (at least 1)");
    case("\"workers\": 2.5e3, \"instances\": 0.5", "services.Shop.instances: 0.5 is not a whole number");
    case("\"workers\": 1, \"queue_limit\": -1", "services.Shop.queue_limit: -1 is too few (at least 0)");
    case(
        "\"workers\": 1, \"queue_limit\": 1e10",
        "services.Shop.queue_limit: 10000000000 is too many (at most 4294967295)",
    );
    check(&[("/seed", json!(1e16))], &["seed: 10000000000000000 is too large (at most 2^53 - 1)"]);
    // More than any integer type holds is shown as what it is, not as the largest there is.
    let written = shop().to_string().replacen('{', r#"{"seed":18446744073709551617,"#, 1);
    check_text(&written, &["seed: 1.8446744073709552e19 is too large (at most 2^53 - 1)"]);
    check(&[("/seed", json!(u64::MAX))], &["seed: 18446744073709551615 is too large (at most 2^53 - 1)"]);
    check(&[("/seed", json!(1e300))], &["seed: 1e300 is too large (at most 2^53 - 1)"]);
    check(&[("/seed", json!(1e15)), ("/services/Shop/workers", json!(4.0))], &[]);
    check(&[("/seed", json!(-1.0))], &["seed: -1 is not a whole number, 0 or more"]);
}

#[test]
fn the_run() {
    check(&[("/format", json!(2))], &["format: 2 is unknown (only format 1 exists)"]);
    check(&[("/seed", json!(9_007_199_254_740_992_u64))], &["seed: 9007199254740992 is too large (at most 2^53 - 1)"]);
    check(&[("/duration", json!(0))], &["duration: 0 is too small (a time, 0.001 to 1e9 seconds)"]);
    check(&[("/duration", json!(1e10))], &["duration: 10000000000 is too large (a time, 0.001 to 1e9 seconds)"]);
    check(&[("/warm_up", json!(60))], &["warm_up: 60 leaves nothing of the run (`duration` is 60)"]);
    check(&[("/window", json!("10us"))], &["window: 0.00001 is too small (a time, 0.001 to 1e9 seconds)"]);
}

#[test]
fn names() {
    check(&[("/services/", json!({ "service_time": 1 }))], &["services[\"\"]: is an empty name"]);
    check(&[("/services/users", json!({ "service_time": 1 }))], &["services.users: is a reserved name"]);
    let long = "x".repeat(101);
    check(
        &[(&format!("/caches/{long}"), json!({ "operation": 1, "hit_prob": 0 }))],
        &[&format!("caches.{long}: is too long a name (at most 100 characters)")],
    );
    let config = shop().to_string().replace("DB", "D/B");
    check_text(&config, &["db_clusters[\"D/B\"]: has a `/` in its name (it separates a cluster from its nodes)"]);
    check(
        &[("/services/ a", json!({ "service_time": 1 }))],
        &["services[\" a\"]: has a control character or an outer space in its name"],
    );
    check(
        &[("/caches/Shop", json!({ "operation": 1, "hit_prob": 0 }))],
        &["caches.Shop: would share the name `Shop` with services.Shop"],
    );
    check(&[("/brokers/Shop-0", json!({}))], &["brokers.Shop-0: would share the name `Shop-0` with services.Shop"]);
    check(
        &[("/services/Shop/database/per_instance", json!(true)), ("/db_clusters/DB-0", json!({ "operation": 0 }))],
        &["db_clusters.DB-0: would share the name `DB-0` with db_clusters.DB"],
    );
    check(
        &[("/auth", json!({ "name": "Shop" }))],
        &[
            "auth: would share the name `Shop` with services.Shop",
            "auth: would share the name `Shop-0` with services.Shop",
        ],
    );
}

#[test]
fn users() {
    check(&[("/users", json!({}))], &["users: is empty (at least one group of users)"]);
    check(
        &[("/users/all", json!({}))],
        &[
            "users.all.arrivals: is missing (when do requests come?)",
            "users.all.targets: is empty (at least one service and its weight)",
        ],
    );
    check(
        &[("/users/all/targets/Shpo", json!(1))],
        &["users.all.targets.Shpo: is not one of `services` (did you mean `Shop`?)"],
    );
    check(
        &[("/users/all/targets/Shop", json!(0))],
        &["users.all.targets: needs at least one service of positive weight"],
    );
    check(
        &[("/users/all/targets/Shop", json!(-1))],
        &[
            "users.all.targets.Shop: -1 is too small (a weight, 0 or 1e-9 to 1e9)",
            "users.all.targets: needs at least one service of positive weight",
        ],
    );
    check(
        &[("/auth", json!({})), ("/users/all/targets/AuthService", json!(1))],
        &["users.all.targets.AuthService: is the authorisation service (users log in by themselves)"],
    );
    check(
        &[
            ("/users/all/read_share", json!(1.5)),
            ("/users/all/reuse_prob", json!(-0.5)),
            ("/users/all/max_users", json!(0)),
            ("/users/all/client/timeout", json!(0)),
            ("/users/all/client/retries", json!({ "max": 0, "backoff": { "base": 20, "factor": 0.5 } })),
        ],
        &[
            "users.all.reuse_prob: -0.5 is too small (a probability, 0 to 1)",
            "users.all.max_users: 0 is too few (at least 1)",
            "users.all.read_share: 1.5 is too large (a probability, 0 to 1)",
            "users.all.client.timeout: 0 is too small (a time, 1e-6 to 1e9 seconds)",
            "users.all.client.retries.max: 0 is too few (at least 1)",
            "users.all.client.retries.backoff.base: 20 is longer than the longest wait (`max` is 10)",
            "users.all.client.retries.backoff.factor: 0.5 is too small (a factor, 1 to 1000)",
        ],
    );
}

#[test]
fn arrivals() {
    let case = |arrivals: Value, expected: &[&str]| check(&[("/users/all/arrivals", arrivals)], expected);
    case(
        json!({ "poisson": { "rate": 1e8 } }),
        &["users.all.arrivals.poisson.rate: 100000000 is too large (a rate per second, 0 to 1e7)"],
    );
    case(
        json!({ "gaps": 0 }),
        &["users.all.arrivals.gaps: has a mean of 0 s, which is too short (at least a microsecond)"],
    );
    case(
        json!({ "closed": { "users": 0, "think": 0 } }),
        &[
            "users.all.arrivals.closed.users: 0 is too few (at least 1)",
            "users.all.arrivals.closed.think: has a mean of 0 s, which is too short (at least a microsecond)",
        ],
    );
    case(
        json!({ "bursty": { "calm": { "rate": 1, "time": 0 }, "burst": { "rate": 9, "time": 0 } } }),
        &["users.all.arrivals.bursty: has states that are too short (together at least a microsecond on average)"],
    );
    case(
        json!({ "wave": { "mean": 5, "amplitude": 6, "period": 0 } }),
        &[
            "users.all.arrivals.wave.amplitude: 6 is too large (at most the mean, so that the rate is never negative)",
            "users.all.arrivals.wave.period: 0 is too small (a time, 0.001 to 1e9 seconds)",
        ],
    );
    case(
        json!({ "profile": { "points": [] } }),
        &["users.all.arrivals.profile.points: [] is too short (at least one point)"],
    );
    case(
        json!({ "profile": { "points": [{ "at": 5, "rate": 1 }, { "at": 5, "rate": 2 }] } }),
        &["users.all.arrivals.profile.points[1].at: 5 is not later than the point before it (5)"],
    );
    case(
        json!({ "profile": { "points": [{ "at": 0, "rate": 1 }], "repeat": true } }),
        &["users.all.arrivals.profile: repeats too fast (its last point stands at 0.001 s or later)"],
    );
}

#[test]
fn distributions() {
    let case = |time: Value, expected: &[&str]| check(&[("/services/Shop/service_time", time)], expected);
    case(json!(-1), &["services.Shop.service_time: -1 is too small (a time, 0 to 1e9 seconds)"]);
    case(
        json!({ "uniform": [0.3, 0.1] }),
        &["services.Shop.service_time.uniform: [0.3, 0.1] has its minimum above its maximum"],
    );
    case(
        json!({ "lognormal": { "mean": 0, "sd": 1 } }),
        &["services.Shop.service_time.lognormal.mean: 0 is too small (a time, 1e-9 to 1e9 seconds)"],
    );
    case(
        json!({ "erlang": { "stages": 0, "mean": 1 } }),
        &["services.Shop.service_time.erlang.stages: 0 is too few (at least 1)"],
    );
    case(
        json!({ "pareto": { "shape": 0, "min": 2, "max": 1 } }),
        &[
            "services.Shop.service_time.pareto.shape: 0 is too small (a shape, 0.01 to 1000)",
            "services.Shop.service_time.pareto: [2, 1] has its minimum above its maximum",
        ],
    );
    case(json!({ "empirical": [] }), &["services.Shop.service_time.empirical: [] is too short (at least one entry)"]);
    case(
        json!({ "hyperexponential": [{ "weight": 0, "mean": 1 }] }),
        &["services.Shop.service_time.hyperexponential: needs at least one entry of positive weight"],
    );
}

#[test]
fn services() {
    check(
        &[("/services", json!({}))],
        &[
            "services: is empty (at least one service)",
            "users.all.targets.Shop: is not one of `services` (there are none)",
        ],
    );
    check(&[("/services/Shop/service_time", Value::Null)], &["services.Shop: needs `service_time` or `base_latency`"]);
    check(
        &[("/services/Shop/base_latency", json!(1))],
        &["services.Shop: has both `service_time` and `base_latency` (one of them)"],
    );
    check(
        &[
            ("/services/Shop/instances", json!(0)),
            ("/services/Shop/workers", json!(0)),
            ("/services/Shop/weights", json!([0])),
            ("/services/Shop/requires_auth", json!(true)),
            ("/services/Shop/outages", json!({ "up": 0, "down": 0 })),
            ("/services/Shop/database/read_retries", json!(11)),
        ],
        &[
            "services.Shop.instances: 0 is too few (at least 1)",
            "services.Shop.requires_auth: needs `auth`: without it nobody ever has a session",
            "services.Shop.database.read_retries: 11 is too many (at most 10)",
            "services.Shop.workers: 0 is too few (at least 1)",
            "services.Shop.outages: are too short (`up` and `down` together take at least a microsecond on average)",
        ],
    );
    check(
        &[("/services/Shop/weights", json!([])), ("/services/Shop/instances", json!(2))],
        &["services.Shop.weights: [] is too short (at least one weight)"],
    );
    check(
        &[("/services/Shop/weights", json!([0, 0, 1])), ("/services/Shop/instances", json!(2))],
        &["services.Shop.weights: leaves every instance without weight (at least one above 0)"],
    );
    check(
        &[("/services/Shop/queue_limit", json!(5))],
        &[
            "services.Shop.queue_limit: 5 has no effect without `workers` (nobody waits where any number is served at a time)",
        ],
    );
}

#[test]
fn references() {
    check(
        &[("/services/Shop/database/name", json!("BD"))],
        &["services.Shop.database.name: \"BD\" is not one of `db_clusters` (did you mean `DB`?)"],
    );
    check(
        &[
            ("/services/Shop/database", Value::Null),
            ("/services/Shop/cache", json!({ "name": "Redis" })),
            ("/caches/Redis", json!({ "operation": 0, "hit_prob": 1 })),
        ],
        &["services.Shop.cache: needs a `database`: a miss must have something to read"],
    );
    // A service that has endpoints only needs none if their steps say what follows a miss.
    let proxy = |look_up: Value| {
        let steps = json!([{ "look_up": look_up }]);
        json!({ "cache": { "name": "Redis" }, "endpoints": { "page": { "steps": steps } } })
    };
    let redis = || ("/caches/Redis", json!({ "operation": 0, "hit_prob": 0.5 }));
    check(&[("/services/Proxy", proxy(json!({ "miss": [{ "call": { "to": ["Shop"] } }] }))), redis()], &[]);
    check(
        &[("/services/Proxy", proxy(json!({}))), redis()],
        &["services.Proxy.endpoints.page.steps[0].look_up: needs a `database` of the service"],
    );
    check(
        &[("/services/Shop/publish", json!({ "broker": "MQ", "queue": "q" }))],
        &["services.Shop.publish.broker: \"MQ\" is not one of `brokers` (there are none)"],
    );
    check(
        &[
            ("/services/Shop/publish", json!({ "broker": "MQ", "queue": "mails" })),
            ("/brokers/MQ/queues/mail", json!({ "consumers": [{ "service": "Mailer" }] })),
        ],
        &[
            "services.Shop.publish.queue: \"mails\" is not a queue of `MQ` (did you mean `mail`?)",
            "brokers.MQ.queues.mail.consumers[0].service_time: is missing (how long does a message take?)",
            "brokers.MQ.queues.mail.consumers[0].service: \"Mailer\" is not one of `services` (known: `Shop`)",
        ],
    );
    check(
        &[
            ("/services/Other", json!({ "service_time": 1, "database": { "name": "DB" } })),
            ("/services/Shop/database/per_instance", json!(true)),
        ],
        &[
            "db_clusters.DB: is there for each instance of `Shop`, so only that service can use it (used by Shop, Other)",
        ],
    );
}

#[test]
fn calls() {
    let to = |name: &str| json!([{ "to": [name] }]);
    check(&[("/services/Shop/calls", to("Shop"))], &["services.Shop.calls: go round in a circle: Shop → Shop"]);
    check(
        &[
            ("/services/Shop/calls", to("A")),
            ("/services/A", json!({ "service_time": 0, "calls": to("B") })),
            ("/services/B", json!({ "service_time": 0, "calls": to("A") })),
        ],
        &["services.A.calls: go round in a circle: A → B → A"],
    );
    check(
        &[
            ("/auth", json!({})),
            ("/services/Shop/calls", json!([{ "to": [] }, { "to": ["AuthService", "X"], "prob": 2 }])),
        ],
        &[
            "services.Shop.calls[0].to: [] is too short (at least one service)",
            "services.Shop.calls[1].to[0]: \"AuthService\" is the authorisation service, which is not called",
            "services.Shop.calls[1].to[1]: \"X\" is not one of `services` (known: `Shop`)",
            "services.Shop.calls[1].prob: 2 is too large (a probability, 0 to 1)",
        ],
    );
}

/// Said once, where the calls multiply, and not again for everybody who calls from further up.
#[test]
fn calls_that_multiply() {
    let ten = |name: &str| json!({ "service_time": 0, "calls": (0..10).map(|_| json!({ "to": [name] })).collect::<Vec<_>>() });
    let mut changes = vec![("/services/S4".to_owned(), json!({ "service_time": 0 }))];
    changes.extend((0..4).map(|i| (format!("/services/S{i}"), ten(&format!("S{}", i + 1)))));
    changes.push(("/services/Top".to_owned(), json!({ "service_time": 0, "calls": [{ "to": ["S0"] }] })));
    changes.push(("/services/Shop/calls".to_owned(), json!([{ "to": ["Top"] }])));
    let changes: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    check(
        &changes,
        &["services.S0.calls: lead to more than 10000 further requests for each one, through calls of calls"],
    );
}

#[test]
fn faults() {
    check(
        &[(
            "/faults",
            json!([
                { "crash": { "component": "Shop-1", "at": 5, "recover_at": 5 } },
                { "slow": { "component": "DB/primary", "factor": 0, "from": 9, "until": 8 } },
                { "fail": { "component": "DB/0", "prob": 0, "from": 3, "until": 2 } },
                { "fail": { "component": "Shop", "from": 3 } },
                { "partition": { "between": ["users", "users"], "from": 1 } },
                { "partition": { "between": ["balancer", "Shop"], "from": 1, "until": 2 } }
            ]),
        )],
        &[
            "faults[0].crash.recover_at: 5 is not later than `at` (5)",
            "faults[0].crash.component: \"Shop-1\" is not a component (did you mean `Shop-0`?)",
            "faults[1].slow.until: 8 is not later than `from` (9)",
            "faults[1].slow.factor: 0 is too small (a factor, 0.001 to 1000)",
            "faults[2].fail.until: 2 is not later than `from` (3)",
            "faults[2].fail.prob: 0 is too small (a probability, 1e-6 to 1)",
            "faults[4].partition.between: names the same side twice",
        ],
    );
}

#[test]
fn sizes() {
    let many: serde_json::Map<String, Value> =
        (0..11).map(|i| (format!("S{i}"), json!({ "service_time": 0, "instances": 1000 }))).collect();
    let mut config = shop();
    config["services"].as_object_mut().expect("services").extend(many);
    check_text(&config.to_string(), &["services: has 11001 instances, too many (at most 10000 in all)"]);

    check(
        &[
            ("/services/Shop/instances", json!(1000)),
            ("/services/Shop/database/per_instance", json!(true)),
            ("/services/Shop/cache", json!({ "name": "C", "per_instance": true })),
            ("/db_clusters/DB/replicas", json!(100)),
            ("/caches/C", json!({ "operation": 0, "keyed": { "keys": 1_000_000 } })),
            ("/brokers/MQ/queues/q/consumers", json!([{ "service": "Shop", "count": 1000, "service_time": 0 }])),
        ],
        &[
            "db_clusters: has 101000 nodes, too many (at most 10000 in all)",
            "caches: has 1000000000 keys, too many (at most 10000000 in all)",
            "brokers: has 1000000 consumers, too many (at most 100000 in all)",
        ],
    );
    let queues: serde_json::Map<String, Value> = (0..1000).map(|i| (format!("q{i}"), json!({}))).collect();
    check(
        &[("/brokers/MQ/queues", Value::Object(queues))],
        &["configuration: has 1004 named things, too many (at most 1000)"],
    );
}

/// A shared cache and a broker bear the names of their only components.
#[test]
fn each_known_component_is_named_once() {
    let system = json!({
        "users": { "all": { "arrivals": { "poisson": { "rate": 5 } }, "targets": { "Shop": 1 } } },
        "services": { "Shop": { "base_latency": 1, "database": { "name": "DB" }, "cache": { "name": "Cache" } } },
        "db_clusters": { "DB": { "operation": 1 } },
        "caches": { "Cache": { "operation": 1, "hit_prob": 1 } },
        "brokers": { "Broker": {} },
        "faults": [{ "crash": { "component": "nobody at all", "at": 1 } }]
    });
    let errors = load(&system.to_string()).expect_err("there is nobody of that name").to_string();
    let known = "(known: `Broker`, `Cache`, `DB`, `DB/0`, `DB/primary`, `Shop`, `Shop-0`)";
    assert!(errors.ends_with(known), "{errors}");
}
