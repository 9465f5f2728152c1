//! HAProxy 2.6.12 before three servers.

use serde_json::json;

use super::{holds, latencies_hold, phased, share_failed, spread};

/// Two requests at a time for each of three servers of 100 ms on average, and one queue before them: Poisson, 48 a second, 90 s.
#[test]
fn a_queue_at_the_balancer() {
    let runs = phased(
        &json!({
            "duration": 90,
            "users": { "u": { "arrivals": { "poisson": { "rate": 48 } }, "targets": { "S": 1 } } },
            "services": { "S": {
                "instances": 3, "max_conns": 2, "balancer": "smooth_round_robin", "balancer_queue": { "longest_wait": 60 },
                "service_time": { "exponential": { "mean": 0.1 } },
            } },
        }),
        0.0,
    );
    latencies_hold(&runs, 0.14413, Some(0.5466));
    holds("p95", 0.3901, &spread(&runs, |_, run| run.report.requests.latency.p95.expect("somebody came")), 0.1);
    assert!(runs.iter().all(|(_, run)| run.report.requests.failed == 0));
}

/// Checks every 2 s, three of which must fail until a server is down and two be answered until it is up. One of three was killed at
/// 10 s and back at 25 s: 100 of 2699 requests failed, those that came in the first 5.3 s, and it was used again 2.44 s after its
/// return. (How long those who fail wait is on the list in `docs/reality.md`.)
#[test]
fn checks_find_out_late_who_is_down() {
    let runs = phased(
        &json!({
            "duration": 45,
            "users": { "u": { "arrivals": { "poisson": { "rate": 60 } }, "targets": { "S": 1 } } },
            "network": { "balancer_service": "0.4ms" },
            "services": { "S": {
                "instances": 3, "balancer": "smooth_round_robin", "service_time": 0.05,
                // (A connection that is refused fails at once.)
                "knowledge": { "checks": { "interval": 2, "timeout": "1ms", "rise": 2, "fall": 3 } },
            } },
            "faults": [{ "crash": { "component": "S-2", "at": 10, "recover_at": 25 } }],
        }),
        2.0,
    );
    let failed = spread(&runs, |_, run| share_failed(run));
    holds("failed", 100.0 / 2699.0, &failed, 0.05);
    let down = |run: &super::Run| run.ejections[0].time;
    let unnoticed = spread(&runs, |later, run| down(run) - 10.0 - later);
    holds("unnoticed", 5.3, &unnoticed, 0.0);
    assert!(unnoticed[0] >= 4.0 && unnoticed[unnoticed.len() - 1] <= 6.01, "{unnoticed:?}");
    holds("used again", 2.44, &spread(&runs, |later, run| run.asked_again_after(25.0 + later) - 25.0 - later), 0.0);
    latencies_hold(&runs, 0.05091, Some(0.0543));
}
