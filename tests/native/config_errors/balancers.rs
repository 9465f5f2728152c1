//! What the user reads when the numbers of a balancer are wrong.

use serde_json::json;

use super::check;

#[test]
fn balancers() {
    check(
        &[
            ("/services/Shop/instances", json!(2)),
            ("/services/Shop/backups", json!(2)),
            ("/services/Shop/max_conns", json!(0)),
            ("/services/Shop/balance_factor", json!(0.5)),
            ("/services/Shop/ewma_decay", json!(0)),
            ("/services/Shop/keep_alive", json!(1_000_001)),
            ("/services/Shop/balancer_queue", json!({ "limit": 0, "longest_wait": -1 })),
        ],
        &[
            "services.Shop.balance_factor: 0.5 is too small (a factor, 1 to 1000)",
            "services.Shop.ewma_decay: 0 is too small (a time, 0.001 to 1e9 seconds)",
            "services.Shop.balance_factor: 0.5 has no effect unless `balancer` is `bounded_hash`",
            "services.Shop.ewma_decay: 0 has no effect unless `balancer` is `peak_ewma`",
            "services.Shop.max_conns: 0 is too few (at least 1)",
            "services.Shop.balancer_queue.limit: 0 is too few (at least 1)",
            "services.Shop.balancer_queue.longest_wait: -1 is too small (a time, 0 to 1e9 seconds)",
            "services.Shop.keep_alive: 1000001 is too many (at most 1000000)",
            "services.Shop.backups: 2 leaves no instance that is no backup (`instances` is 2)",
        ],
    );
    check(
        &[
            ("/services/Shop/instances", json!(3)),
            ("/services/Shop/backups", json!(2)),
            ("/services/Shop/weights", json!([0, 1])),
            ("/services/Shop/balancer", json!("ip_hash")),
            ("/services/Shop/slow_start", json!("5s")),
            ("/services/Shop/balancer_queue", json!({})),
        ],
        &[
            "services.Shop.slow_start: 5 has no effect with `ip_hash` (an address leads to the same instance whatever its weight is now)",
            "services.Shop.balancer_queue: has no effect without `max_conns` (no instance is ever full)",
            "services.Shop.weights: leaves every instance that is no backup without weight (at least one above 0)",
        ],
    );
    check(
        &[
            ("/services/Shop/balancer", json!("bounded_hash")),
            ("/services/Shop/balance_factor", json!(1)),
            ("/services/Shop/slow_start", json!("1min")),
            ("/services/Shop/max_conns", json!(1)),
        ],
        &[],
    );
}

/// Those of single products: nginx's `hash`, HAProxy's `observe` and `retries`, Envoy's panic threshold.
#[test]
fn balancers_of_products() {
    check(
        &[
            ("/services/Shop/balancer", json!("hash")),
            ("/services/Shop/slow_start", json!(5)),
            ("/services/Shop/panic_threshold", json!(1.5)),
            ("/services/Shop/knowledge", json!({ "checks": { "error_limit": 0, "on_error": "mark_down" } })),
            (
                "/services/Shop/next_upstream",
                json!({
                    "try_timeout": 0, "connect_only": true, "non_idempotent": true, "retries": 11, "retry_after": -1,
                }),
            ),
        ],
        &[
            "services.Shop.slow_start: 5 has no effect with `hash` (a user's name leads to the same instance whatever its weight is now)",
            "services.Shop.panic_threshold: 1.5 is too large (a share, 0 to 1)",
            "services.Shop.knowledge.checks.error_limit: 0 is too few (at least 1)",
            "services.Shop.knowledge.checks.error_limit: has no effect without `observe` (no request counts)",
            "services.Shop.knowledge.checks.on_error: has no effect without `observe` (no request counts)",
            "services.Shop.next_upstream.non_idempotent: has no effect with `connect_only` (nothing is passed on that has begun)",
            "services.Shop.next_upstream.try_timeout: 0 is too small (a time, 1e-6 to 1e9 seconds)",
            "services.Shop.next_upstream.retries: 11 is too many (at most 10)",
            "services.Shop.next_upstream.retry_after: -1 is too small (a time, 0 to 1e9 seconds)",
        ],
    );
}
