//! What the user reads when a policy is wrong.

use serde_json::{Value, json};
use web_service_model::model::cause::Cause;

use super::check;

/// Policies of stores, and what is asked instead.
#[test]
fn stores_and_fallbacks() {
    let database = |used: Value| [("/services/Shop/database", used)];
    check(
        &database(json!({ "name": "DB", "policy": { "timeout": 1, "fallback": "Shop.plain" } })),
        &["services.Shop.database.policy.fallback: \"Shop.plain\" is not one of `services` (known: `Shop`)"],
    );
    check(
        &database(json!({ "name": "DB", "read_retries": 2, "policy": { "retry": {} } })),
        &["services.Shop.database.read_retries: 2 stands beside a policy with `retry` (one of them)"],
    );
    check(
        &database(json!({ "name": "DB", "policy": { "fallback": "Shop" } })),
        &["services.Shop.calls: go round in a circle: Shop → Shop"],
    );
    let page = json!({ "page": { "steps": [{ "read": { "retries": 1, "policy": { "retry": {}, "fallback": "Shop.page" } } }] } });
    check(
        &[("/services/Shop/endpoints", page)],
        &[
            "services.Shop.endpoints.page.steps[0].read.retries: 1 stands beside a policy with `retry` (one of them)",
            "services.Shop.endpoints.page.steps: go round in a circle: Shop.page → Shop.page",
        ],
    );
    check(
        &[
            ("/policies/plain", json!({ "fallback": "Other" })),
            ("/services/Other", json!({ "service_time": 0, "calls": [{ "to": ["Shop"] }] })),
            ("/services/Shop/database/policy", json!("plain")),
        ],
        &["services.Shop.calls: go round in a circle: Shop → Other → Shop"],
    );
}

#[test]
fn policies() {
    let named = |policy: Value| [("/policies/careful", policy), ("/users/all/policy", json!("careful"))];
    check(&named(json!({})), &[]);
    check(&[("/users/all/policy", json!({ "timeout": "2s", "hedge": { "percentile": 0.95 } }))], &[]);
    check(
        &[("/policies/careful", json!({})), ("/users/all/policy", json!("carefull"))],
        &["users.all.policy: \"carefull\" is not one of `policies` (did you mean `careful`?)"],
    );
    check(
        &[
            ("/services/Shop/calls", json!([{ "to": ["A"], "policy": "x" }])),
            ("/services/A", json!({ "service_time": 0 })),
        ],
        &["services.Shop.calls[0].policy: \"x\" is not one of `policies` (there are none)"],
    );
    check(
        &[("/users/all/policy", json!(5)), ("/services/Shop/fail_prob", json!(2))],
        &[
            "users.all.policy: 5 is not a policy (the name of one of `policies`, or an object such as {\"timeout\": \"2s\"})",
            "services.Shop.fail_prob: 2 is too large (a probability, 0 to 1)",
        ],
    );
    check(
        &[("/users/all/policy", json!({})), ("/users/all/client/timeout", json!(1))],
        &["users.all: has both `client` and `policy` (one of them)"],
    );
    check(
        &[("/policies/a/hedge", json!({})), ("/policies/b/hedge", json!({ "after": 1, "percentile": 0.5 }))],
        &[
            "policies.a.hedge: needs `after` or `percentile`",
            "policies.b.hedge: has both `after` and `percentile` (one of them)",
        ],
    );
    check(
        &named(
            json!({ "retry": { "on": ["time_out", 5] }, "breaker": { "ignore": ["timeout"], "window": { "minutes": 1 } } }),
        ),
        &[
            "policies.careful.retry.on[0]: \"time_out\" is unknown (did you mean `timeout`?)",
            &format!("policies.careful.retry.on[1]: 5 is not one of `{}`", Cause::ALL.map(Cause::name).join("`, `")),
            "policies.careful.breaker.window: {\"minutes\":1} has the unknown key `minutes` (known: `calls`, `seconds`)",
        ],
    );
    check(
        &named(json!({ "limiter": {}, "brekaer": {}, "hedge": { "after": "soon" }, "on_giving_up": "cancle" })),
        &[
            "policies.careful.limiter.rate: is missing",
            "policies.careful.brekaer: {} stands in an unknown field (did you mean `breaker`?)",
            "policies.careful.hedge.after: \"soon\" is not a time (seconds, or a string with a unit such as \"50ms\")",
            "policies.careful.on_giving_up: \"cancle\" is unknown (did you mean `cancel`?)",
        ],
    );
}

#[test]
fn numbers_of_policies() {
    let policy = json!({
        "retry": { "max": 0, "backoff": { "base": 20 }, "budget": { "ratio": -1, "burst": 1e9 } },
        "breaker": {
            "window": { "calls": 0 }, "min_calls": 0, "failure_share": 0, "slow_share": 1.5, "slow_after": -1, "open_for": 1e10,
            "probes": 0
        },
        "limiter": { "rate": 0, "burst": 0.5, "longest_wait": -1 },
        "bulkhead": { "max": 0, "waiting": 1_000_001, "longest_wait": -1 },
        "timeout": 0,
        "deadline": 0,
        "hedge": { "percentile": 95, "max": 11, "budget": { "ratio": 101 } }
    });
    let expected = [
        "retry.max: 0 is too few (at least 1)",
        "retry.budget.ratio: -1 is too small (tokens for a request, 0 to 100)",
        "retry.budget.burst: 1000000000 is too large (tokens, 0 to 1e6)",
        "retry.backoff.base: 20 is longer than the longest wait (`max` is 10)",
        "breaker.window.calls: 0 is too few (at least 1)",
        "breaker.min_calls: 0 is too few (at least 1)",
        "breaker.failure_share: 0 is too small (a share, 1e-6 to 1)",
        "breaker.slow_share: 1.5 is too large (a share, 1e-6 to 1)",
        "breaker.slow_after: -1 is too small (a time, 0 to 1e9 seconds)",
        "breaker.open_for: 10000000000 is too large (a time, 0 to 1e9 seconds)",
        "breaker.probes: 0 is too few (at least 1)",
        "limiter.rate: 0 is too small (a rate per second, 1e-6 to 1e7)",
        "limiter.burst: 0.5 is too small (tokens, 1 to 1e6)",
        "limiter.longest_wait: -1 is too small (a time, 0 to 1e9 seconds)",
        "bulkhead.max: 0 is too few (at least 1)",
        "bulkhead.waiting: 1000001 is too many (at most 1000000)",
        "bulkhead.longest_wait: -1 is too small (a time, 0 to 1e9 seconds)",
        "timeout: 0 is too small (a time, 1e-6 to 1e9 seconds)",
        "deadline: 0 is too small (a time, 1e-6 to 1e9 seconds)",
        "hedge.percentile: 95 is too large (a share, 0 to 1)",
        "hedge.max: 11 is too many (at most 3)",
        "hedge.budget.ratio: 101 is too large (tokens for a request, 0 to 100)",
    ];
    // A policy with a name is looked at once, however often it is used; one without where it stands.
    for (place, pointer) in [("policies.careful", "/policies/careful"), ("users.all.policy", "/users/all/policy")] {
        let lines: Vec<String> = expected.iter().map(|line| format!("{place}.{line}")).collect();
        check(&[(pointer, policy.clone())], &lines.iter().map(String::as_str).collect::<Vec<_>>());
    }
}
