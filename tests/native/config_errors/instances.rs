//! What the user reads when numbers of instances are wrong: whom they let in, how fast they are, how they come and go.

use serde_json::json;

use super::check;

#[test]
fn admission() {
    check(
        &[("/services/Shop/admission", json!({ "concurrency": { "max": 0, "reserve": 1.5 } }))],
        &[
            "services.Shop.admission.concurrency.max: 0 is too few (at least 1)",
            "services.Shop.admission.concurrency.reserve: 1.5 is too large (a share, 0 to 1)",
        ],
    );
    check(
        &[("/services/Shop/admission", json!({ "rate": { "rate": 0, "burst": 0.5, "reserve": -1 } }))],
        &[
            "services.Shop.admission.rate.rate: 0 is too small (a rate per second, 1e-6 to 1e7)",
            "services.Shop.admission.rate.burst: 0.5 is too small (tokens, 1 to 1e6)",
            "services.Shop.admission.rate.reserve: -1 is too small (a share, 0 to 1)",
        ],
    );
    check(&[("/services/Shop/admission", json!({ "rate": {} }))], &["services.Shop.admission.rate.rate: is missing"]);
    check(
        &[(
            "/services/Shop/admission",
            json!({ "aimd": { "initial": 0, "max": 2_000_000, "backoff": 0.4, "timeout": -1 } }),
        )],
        &[
            "services.Shop.admission.aimd.initial: 0 is too few (at least 1)",
            "services.Shop.admission.aimd.max: 2000000 is too many (at most 1000000)",
            "services.Shop.admission.aimd.backoff: 0.4 is too small (a factor, 0.5 to 1)",
            "services.Shop.admission.aimd.timeout: -1 is too small (a time, 0 to 1e9 seconds)",
        ],
    );
    // The lowest limit is 20 if nothing is said: the error says so, and of a number that is none nothing more.
    for rule in ["aimd", "gradient"] {
        let path = format!("services.Shop.admission.{rule}");
        check(
            &[("/services/Shop/admission", json!({ (rule): { "max": 10 } }))],
            &[&format!("{path}.min: 20 is more than the most (`max` is 10)")],
        );
        check(
            &[("/services/Shop/admission", json!({ (rule): { "max": 0 } }))],
            &[&format!("{path}.max: 0 is too few (at least 1)")],
        );
    }
    let gradient =
        json!({ "queue": -1, "smoothing": 0, "tolerance": 0.5, "long_window": 0, "window": -1, "samples": 0 });
    check(
        &[("/services/Shop/admission", json!({ "gradient": gradient }))],
        &[
            "services.Shop.admission.gradient.queue: -1 is too small (requests, 0 to 1e6)",
            "services.Shop.admission.gradient.smoothing: 0 is too small (a share, 1e-6 to 1)",
            "services.Shop.admission.gradient.tolerance: 0.5 is too small (a factor, 1 to 1000)",
            "services.Shop.admission.gradient.long_window: 0 is too few (at least 1)",
            "services.Shop.admission.gradient.window: -1 is too small (a time, 0 to 1e9 seconds)",
            "services.Shop.admission.gradient.samples: 0 is too few (at least 1)",
        ],
    );
    check(
        &[("/services/Shop/admission", json!({ "concurrency": {}, "aimd": {} }))],
        &["services.Shop.admission: {\"concurrency\":{},\"aimd\":{}} has 2 keys (exactly one, which says what it is)"],
    );
}

#[test]
fn speed() {
    check(
        &[("/services/Shop/scalability", json!({ "usl": { "sigma": -0.1, "kappa": 2 } }))],
        &[
            "services.Shop.scalability.usl.sigma: -0.1 is too small (a share, 0 to 1)",
            "services.Shop.scalability.usl.kappa: 2 is too large (a share, 0 to 1)",
        ],
    );
    check(
        &[("/services/Shop/scalability", json!({ "table": [1, 0, 2000] }))],
        &[
            "services.Shop.scalability.table[1]: 0 is too small (a speed, 1e-6 to 1000)",
            "services.Shop.scalability.table[2]: 2000 is too large (a speed, 1e-6 to 1000)",
        ],
    );
    check(
        &[("/services/Shop/scalability", json!({ "table": [] }))],
        &["services.Shop.scalability.table: [] is too short (at least one entry)"],
    );
    check(
        &[("/services/Shop/warm_up", json!({ "lasting": 0, "speed": 0 }))],
        &[
            "services.Shop.warm_up.lasting: 0 is too small (a time, 0.001 to 1e9 seconds)",
            "services.Shop.warm_up.speed: 0 is too small (a share of the usual speed, 0.01 to 1)",
        ],
    );
    check(
        &[("/services/Shop/pauses", json!({ "every": 0, "lasting": -1 }))],
        &[
            "services.Shop.pauses.every: has a mean of 0 s, which is too short (at least a microsecond)",
            "services.Shop.pauses.lasting: -1 is too small (a time, 0 to 1e9 seconds)",
        ],
    );
    check(&[("/services/Shop/pauses", json!({ "every": 5 }))], &["services.Shop.pauses.lasting: is missing"]);
}

#[test]
fn queues() {
    check(
        &[("/services/Shop/workers", json!(2)), ("/services/Shop/codel", json!({ "target": -1, "interval": 0 }))],
        &[
            "services.Shop.codel.target: -1 is too small (a time, 0 to 1e9 seconds)",
            "services.Shop.codel.interval: 0 is too small (a time, 1e-6 to 1e9 seconds)",
        ],
    );
    let vain = "has no effect without `workers` (nobody waits where any number is served at a time)";
    check(
        &[("/services/Shop/codel", json!({})), ("/services/Shop/longest_wait", json!(1))],
        &[&format!("services.Shop.longest_wait: {vain}"), &format!("services.Shop.codel: {vain}")],
    );
}

#[test]
fn autoscalers() {
    check(
        &[(
            "/services/Shop/autoscaler",
            json!({ "min": 0, "max": 2000, "tolerance": 2, "interval": 0, "target": { "rate": 0 } }),
        )],
        &[
            "services.Shop.autoscaler.min: 0 is too few (at least 1)",
            "services.Shop.autoscaler.max: 2000 is too many (at most 1000)",
            "services.Shop.autoscaler.tolerance: 2 is too large (a share, 0 to 1)",
            "services.Shop.autoscaler.interval: 0 is too small (a time, 0.001 to 1e9 seconds)",
            "services.Shop.autoscaler.target.rate: 0 is too small (a target, 0.001 to 1e9)",
        ],
    );
    check(
        &[("/services/Shop/autoscaler", json!({ "min": 20, "target": { "rate": 5 } }))],
        &["services.Shop.autoscaler.min: 20 is more than the most (`max` is 10)"],
    );
    check(
        &[("/services/Shop/autoscaler", json!({ "max": 0, "target": { "rate": 5 } }))],
        &["services.Shop.autoscaler.max: 0 is too few (at least 1)"],
    );
    check(
        &[("/services/Shop/autoscaler", json!({}))],
        &[
            "services.Shop.autoscaler.target: is empty (at least one of `utilisation`, `concurrency`, `queue` and `rate`)",
        ],
    );
    let needs = "needs `workers` (without a number of them nobody waits, and nobody is a share)";
    check(
        &[("/services/Shop/autoscaler", json!({ "target": { "utilisation": 0.5, "queue": 1 } }))],
        &[
            &format!("services.Shop.autoscaler.target.utilisation: {needs}"),
            &format!("services.Shop.autoscaler.target.queue: {needs}"),
        ],
    );
    let policies =
        json!([{ "instances": 0, "period": 0 }, { "percent": 20_000 }, {}, { "instances": 1, "percent": 1 }]);
    let list = "services.Shop.autoscaler.up.policies";
    check(
        &[(
            "/services/Shop/autoscaler",
            json!({
                "target": { "rate": 5 }, "up": { "policies": policies, "stabilisation": -1 }
            }),
        )],
        &[
            "services.Shop.autoscaler.up.stabilisation: -1 is too small (a time, 0 to 1e9 seconds)",
            &format!("{list}[0].instances: 0 is too few (at least 1)"),
            &format!("{list}[0].period: 0 is too small (a time, 0.001 to 1e9 seconds)"),
            &format!("{list}[1].percent: 20000 is too many (at most 10000)"),
            &format!("{list}[2]: needs `instances` or `percent`"),
            &format!("{list}[3]: has both `instances` and `percent` (one of them)"),
        ],
    );
    let many: Vec<_> = (0..11).map(|_| json!({ "instances": 1 })).collect();
    check(
        &[("/services/Shop/autoscaler", json!({ "target": { "rate": 5 }, "down": { "policies": many } }))],
        &["services.Shop.autoscaler.down.policies: has 11 entries, too many (at most 10)"],
    );
}

#[test]
fn deployments() {
    let release = json!({ "factor": 0, "fail_prob": 2 });
    let roll_back = json!({ "failure_share": -1, "interval": 0, "min_calls": 0 });
    check(
        &[
            ("/services/Shop/start_up", json!(-1)),
            ("/services/Shop/grace", json!(-1)),
            (
                "/services/Shop/deployments",
                json!([
                    { "at": -1, "surge": 2000, "unavailable": 2000, "release": release, "roll_back": roll_back },
                    { "surge": 0 }
                ]),
            ),
        ],
        &[
            "services.Shop.start_up: -1 is too small (a time, 0 to 1e9 seconds)",
            "services.Shop.grace: -1 is too small (a time, 0 to 1e9 seconds)",
            "services.Shop.deployments[0].surge: 2000 is too many (at most 1000)",
            "services.Shop.deployments[0].unavailable: 2000 is too many (at most 1000)",
            "services.Shop.deployments[0].at: -1 is too small (a time, 0 to 1e9 seconds)",
            "services.Shop.deployments[0].release.factor: 0 is too small (a factor, 0.001 to 1000)",
            "services.Shop.deployments[0].release.fail_prob: 2 is too large (a probability, 0 to 1)",
            "services.Shop.deployments[0].roll_back.failure_share: -1 is too small (a share, 0 to 1)",
            "services.Shop.deployments[0].roll_back.interval: 0 is too small (a time, 0.001 to 1e9 seconds)",
            "services.Shop.deployments[0].roll_back.min_calls: 0 is too few (at least 1)",
            "services.Shop.deployments[1]: never gets anywhere (`surge` or `unavailable` must be at least 1)",
        ],
    );
    let many: Vec<_> = (0..101).map(|_| json!({})).collect();
    check(
        &[("/services/Shop/deployments", json!(many))],
        &["services.Shop.deployments: has 101 entries, too many (at most 100)"],
    );
    let rule = "is not possible where instances come and go (`autoscaler`, `deployments`)";
    check(
        &[
            ("/services/Shop/instances", json!(3)),
            ("/services/Shop/backups", json!(1)),
            ("/services/Shop/database/per_instance", json!(true)),
            ("/services/Shop/deployments", json!([{}])),
        ],
        &[&format!("services.Shop.database.per_instance: true {rule}"), &format!("services.Shop.backups: 1 {rule}")],
    );
    // So many places that nobody could make them are an error, and not an attempt.
    check(
        &[
            ("/services/Shop/instances", json!(4_000_000_000_u32)),
            ("/services/Shop/autoscaler", json!({ "max": 4_294_967_295_u32, "target": { "rate": 1 } })),
            ("/services/Shop/deployments", json!([{ "surge": 4_294_967_295_u32 }])),
        ],
        &[
            "services.Shop.instances: 4000000000 is too many (at most 1000)",
            "services.Shop.autoscaler.max: 4294967295 is too many (at most 1000)",
            "services.Shop.deployments[0].surge: 4294967295 is too many (at most 1000)",
        ],
    );
}
