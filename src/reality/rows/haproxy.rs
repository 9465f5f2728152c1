//! HAProxy before three servers.

use super::{Claim, Row, Run, or_nan};

const HAPROXY: &str = "HAProxy 2.6.12";

pub(super) fn rows() -> Vec<Row> {
    vec![queue(), checks()]
}

fn queue() -> Row {
    Row::new(
        "haproxy-queue",
        HAPROXY,
        "maxconn: the queue stands before the servers",
        r#"{
            "duration": 90,
            "users": { "u": { "arrivals": { "poisson": { "rate": 48 } }, "targets": { "S": 1 } } },
            "services": { "S": {
                "instances": 3, "max_conns": 2, "balancer": "smooth_round_robin", "balancer_queue": { "longest_wait": 60 },
                "service_time": { "exponential": { "mean": 0.1 } }
            } }
        }"#,
    )
    .how("Poisson, 48 requests a second for 90 s; 100 ms on average, exponential; maxconn 2 at each of three servers")
    .mean(0.14413)
    .claim(Claim::percentile("p95 latency", 0.3901, |run| or_nan(run.report.requests.latency.p95)))
    .p99(0.5466)
    .nobody_fails()
}

/// 100 of 2699 requests failed, those that came in the first 5.3 s.
fn checks() -> Row {
    let unnoticed = |run: &Run| run.log("ejection").first().map_or(f64::NAN, |entry| entry.time - 10.0);
    Row::new(
        "haproxy-checks",
        HAPROXY,
        "Health checks find out late that a server is down",
        // (A connection that is refused fails at once.)
        r#"{
            "duration": 45,
            "users": { "u": { "arrivals": { "poisson": { "rate": 60 } }, "targets": { "S": 1 } } },
            "network": { "balancer_service": "0.4ms" },
            "services": { "S": {
                "instances": 3, "balancer": "smooth_round_robin", "service_time": 0.05,
                "knowledge": { "checks": { "interval": 2, "timeout": "1ms", "rise": 2, "fall": 3 } },
                "next_upstream": { "tries": 1, "retries": 3, "connect_only": true }
            } },
            "faults": [{ "crash": { "component": "S-2", "at": 10, "recover_at": 25 } }]
        }"#,
    )
    .how(
        "Poisson, 60 requests a second for 45 s; 50 ms; inter 2s fall 3 rise 2; the third server is killed at 10 s and back at \
         25 s",
    )
    .begins_within(2.0)
    .traced()
    .claim(Claim::share("failed", 100.0 / 2699.0, Run::share_failed))
    .claim(Claim::seconds("unnoticed for", 5.3, unnoticed).in_spread().always(4.0, 6.01))
    .claim(Claim::seconds("used again after", 2.44, |run| run.asked_again_after(25.0)).in_spread())
    .mean(0.05091)
    .p99(0.0543)
    .claim(Claim::seconds("who fails waits for", 3.0, Run::failing_takes))
}
