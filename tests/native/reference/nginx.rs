//! nginx 1.22.1 with one worker process, its defaults but for what is said, and three backends that work by sleeping. A way of
//! 0.4 ms there and as much back is what a request took longer than the backend slept.
//!
//! Where some backends were slow or away, the load was Poisson, 60 requests a second but for one case.

use serde_json::{Value, json};

use super::{Run, close, holds, latencies_hold, mean, phased, share_failed, spread};
use crate::support::{instance, simulation, with};

/// nginx's defaults before three backends.
fn nginx(duration: f64, service: Value, faults: Value) -> Value {
    let config = json!({
        "duration": duration,
        "users": { "u": { "arrivals": { "poisson": { "rate": 60 } }, "targets": { "S": 1 } } },
        "network": { "balancer_service": "0.4ms", "partition_timeout": 1 },
        "services": { "S": {
            "instances": 3, "balancer": "smooth_round_robin", "knowledge": { "fails": {} }, "next_upstream": {},
        } },
        "faults": faults,
    });
    with(config, json!({ "services": { "S": service } }))
}

/// Somebody is killed, with what he is at, and comes back.
fn killed(component: &str, at: f64, recover_at: Option<f64>) -> Value {
    json!({ "crash": { "component": component, "at": at, "recover_at": recover_at } })
}

/// The requests that an instance has failed.
fn failed_at(run: &Run, name: &str) -> f64 {
    instance(&run.report, name).failed as f64
}

/// The share of an instance in the requests.
fn share_of(run: &Run, name: &str) -> f64 {
    instance(&run.report, name).total as f64 / run.report.requests.total as f64
}

fn nobody_fails(runs: &[(f64, Run)]) {
    assert!(runs.iter().all(|(_, run)| run.report.requests.failed == 0));
}

/// To whom so many requests go, one every 10 ms, by the order in which they are answered.
fn sequence(weights: [u32; 3], takes: f64, count: usize) -> String {
    let mut simulation = simulation(&json!({
        "duration": 10,
        "users": { "u": { "arrivals": { "gaps": 0.01 }, "targets": { "S": 1 } } },
        "services": { "S": {
            "instances": 3, "weights": weights, "balancer": "smooth_round_robin", "service_time": takes,
        } },
    }));
    let (mut sequence, mut before) = (String::new(), [0; 3]);
    for i in 1..=count {
        simulation.advance_to(i as f64 * 0.01 + takes + 0.001);
        let report = simulation.report();
        let totals = ["S-0", "S-1", "S-2"].map(|name| instance(&report, name).total);
        let grown = totals.iter().zip(before).zip("abc".chars());
        sequence.extend(grown.filter(|((total, before), _)| *total > before).map(|(_, name)| name));
        before = totals;
    }
    sequence
}

/// Smooth weighted round-robin, one request after another and with 50 in flight, 510 and 210 of them: always the same turn.
#[test]
fn weights_are_given_by_turns() {
    for (weights, turn, counted) in [([7, 3, 7], "acbacacbacacacbac", 510), ([5, 1, 1], "aabacaa", 210)] {
        let times = counted / turn.len();
        assert_eq!(sequence(weights, 0.001, 4 * turn.len()), turn.repeat(4));
        assert_eq!(sequence(weights, 0.5, counted), turn.repeat(times));
    }
}

/// Backends of 20, 100 and 300 ms on average, exponential, for 60 s.
fn unequal(balancer: &str) -> Vec<(f64, Run)> {
    let slow = |name: &str, factor: u32| json!({ "slow": { "component": name, "factor": factor, "from": 0 } });
    let service = json!({ "balancer": balancer, "service_time": { "exponential": { "mean": 0.02 } } });
    phased(&nginx(60.0, service, json!([slow("S-1", 5), slow("S-2", 15)])), 0.0)
}

fn shares_hold(runs: &[(f64, Run)], shares: [f64; 3]) {
    for (name, share) in ["S-0", "S-1", "S-2"].into_iter().zip(shares) {
        holds(name, share, &spread(runs, |_, run| share_of(run, name)), 0.05);
    }
}

/// `least_conn`.
#[test]
fn fewest_connections() {
    let runs = unequal("least_connections");
    shares_hold(&runs, [0.6537, 0.2387, 0.1076]);
    latencies_hold(&runs, 0.06747, Some(0.6961));
}

/// `random two least_conn`.
#[test]
fn the_better_of_two() {
    let runs = unequal("two_choices");
    shares_hold(&runs, [0.564, 0.2996, 0.1364]);
    latencies_hold(&runs, 0.08363, Some(0.8435));
}

/// `least_conn`, and a backend that answers 500 after a millisecond, which is no failure: it gets 0.732 of the requests.
#[test]
fn a_black_hole_attracts_requests() {
    let service = json!({ "balancer": "least_connections", "service_time": { "exponential": { "mean": 0.1 } } });
    let config = nginx(40.0, service, json!([{ "fail": { "component": "S-2", "from": 0 } }]));
    let runs = phased(&with(config, json!({ "network": { "balancer_service": "0.5ms" } })), 0.0);
    holds("share of 500", 0.732, &spread(&runs, |_, run| share_failed(run)), 0.05);
    latencies_hold(&runs, 0.10039, Some(0.4379));
}

/// The third backend refuses all connections: nobody fails, and it was tried 7 times in 66 s, at 0.13, 10.44, 21.37, 32.36, 43.35,
/// 54.39 and 65.33 s (50 requests a second).
#[test]
fn one_request_tries_whether_it_refuses_still() {
    let config = nginx(66.0, json!({ "service_time": 0.05 }), json!([killed("S-2", 0.0, None)]));
    let rate = json!({ "users": { "u": { "arrivals": { "poisson": { "rate": 50 } } } } });
    let runs = phased(&with(config, rate), 1.0);
    nobody_fails(&runs);
    let tries =
        spread(&runs, |_, run| instance(&run.report, "S-2").failures.get("instance_down").copied().unwrap_or(0) as f64);
    assert!(tries.iter().all(|tries| (6.0..=8.0).contains(tries)), "{tries:?}");
    holds("tries", 7.0, &tries, 0.0);
}

/// The third backend is killed at 10 s, with 3 requests of 200 ms at it, and back at 25 s. Of GETs nobody fails; of POSTs those do
/// that it was at. One more request tried it meanwhile, and it was used again 6.2 s after its return.
#[test]
fn what_a_dead_backend_was_at_goes_elsewhere_if_it_may_be_repeated() {
    let config = nginx(45.0, json!({ "service_time": 0.2 }), json!([killed("S-2", 10.0, Some(25.0))]));
    let gets = phased(&config, 1.0);
    nobody_fails(&gets);
    latencies_hold(&gets, 0.2063, None);
    holds("GETs that met it", 4.0, &spread(&gets, |_, run| failed_at(run, "S-2")), 0.0);
    let used_again = |later: f64, run: &Run| run.asked_again_after(25.0 + later) - 0.2008 - 25.0 - later;
    let again = spread(&gets, used_again);
    holds("used again", 6.21, &again, 0.0);
    assert!(
        again[0] > 5.0 && again[again.len() - 1] < 12.0,
        "a failure, a probe that fails, and one that does not: {again:?}"
    );
    let posts = phased(&with(config, json!({ "users": { "u": { "read_share": 0 } } })), 1.0);
    holds("POSTs failed", 3.0, &spread(&posts, |_, run| run.report.requests.failed as f64), 0.0);
    holds("POSTs that met it", 4.0, &spread(&posts, |_, run| failed_at(run, "S-2")), 0.0);
    latencies_hold(&posts, 0.20645, None);
}

/// The third backend is there and does not answer, from 5 s on (a read timeout of 1 s), or swallows SYNs from the beginning (a
/// connect timeout of 1 s): 23 and 24 requests waited for a second and then went elsewhere. The rule apart: 23.5 ± 2.7, 22.5 ± 2.7.
#[test]
fn who_meets_a_hung_backend_is_late() {
    let parted = |from: f64| json!([{ "partition": { "between": ["balancer", "S-2"], "from": from } }]);
    for (from, until, expected, measured, mean_latency, p99) in
        [(5.0, 46.0, 23.5, 23.0, 0.0612, None), (0.0, 35.0, 22.5, 24.0, 0.06233, Some(1.0507))]
    {
        let runs = phased(&nginx(until, json!({ "service_time": 0.05 }), parted(from)), 1.0);
        nobody_fails(&runs);
        let late = spread(&runs, |_, run| failed_at(run, "S-2"));
        holds("late", measured, &late, 0.0);
        close(mean(&late), expected, 0.05);
        latencies_hold(&runs, mean_latency, p99);
    }
}

/// All refuse from 5 to 10 s of 35 s: all are out until 10 s and more after the kill, and 593 of 2096 requests got 502, of which 588
/// were not sent to anybody. First answer 5.26 s after their return. (The rule apart: 30.1 ± 1.3 %.)
#[test]
fn all_are_out_for_longer_than_they_are_down() {
    let runs = phased(&nginx(35.0, json!({ "service_time": 0.02 }), json!([killed("S", 5.0, Some(10.0))])), 1.0);
    let failed = spread(&runs, |_, run| share_failed(run));
    holds("failed", 593.0 / 2096.0, &failed, 0.05);
    close(mean(&failed), 0.301, 0.05);
    let refused = |run: &Run| run.report.requests.failures["no_instance"] as f64 / run.report.requests.total as f64;
    holds("no live upstreams", 588.0 / 2096.0, &spread(&runs, |_, run| refused(run)), 0.05);
    let tried = |run: &Run| run.report.requests.failures.get("instance_down").copied().unwrap_or(0) as f64;
    holds("tried, and failed", 5.0, &spread(&runs, |_, run| tried(run)), 0.0);
    let first = spread(&runs, |later, run| run.asked_again_after(10.0 + later) - 10.0 - later);
    holds("first answer", 5.26, &first, 0.0);
    assert!(first[0] > 5.0 && first[first.len() - 1] < 6.2, "{first:?}");
    latencies_hold(&runs, 0.02133, None);
}

/// What nobody expects of the defaults: each backend breaks one in 200 connections, and soon all three are out. In 90 s 2293 of 5364
/// requests got 502 since nobody was left, and 18 connections were broken.
#[test]
fn a_few_broken_connections_take_all_backends_out() {
    let broken = |duration: f64, share: f64| {
        let service = json!({ "service_time": 0.05, "fail_prob": share, "next_upstream": { "on": ["service_error"] } });
        nginx(duration, service, json!([]))
    };
    let runs = phased(&broken(90.0, 0.005), 0.0);
    let failed = spread(&runs, |_, run| share_failed(run));
    holds("failed", 2293.0 / 5364.0, &failed, 0.05);
    latencies_hold(&runs, 0.05082, Some(0.0528));
    let broken_at = |run: &Run| ["S-0", "S-1", "S-2"].map(|name| failed_at(run, name)).iter().sum();
    holds("connections broken", 18.0, &spread(&runs, |_, run| broken_at(run)), 0.0);
    // The rule apart, for 90 s and for an hour: 36 ± 9, 36.4 ± 1.6 %; one in 1000: 2.2 ± 0.6 %.
    close(mean(&failed), 0.36, 0.08);
    let hours = |share: f64| {
        let one = |seed: u64| share_failed(&Run::of(&with(broken(3600.0, share), json!({ "seed": seed }))));
        mean(&(1..=20).map(one).collect::<Vec<_>>())
    };
    close(hours(0.005), 0.364, 0.05);
    close(hours(0.001), 0.022, 0.2);
}

/// a dies at 5 s, b at 10 s, both return at 15 s; c is a backup. Nobody fails; a answered 149 + 772 requests, b 155 + 295 + 472, the
/// backup 1 + 282 + 34, the last of them 0.64 s after the return.
#[test]
fn a_backup_takes_over_and_a_little_longer() {
    let faults = json!([killed("S-0", 5.0, Some(15.0)), killed("S-1", 10.0, Some(15.0))]);
    let runs = phased(&nginx(36.0, json!({ "service_time": 0.05, "backups": 1 }), faults), 1.0);
    nobody_fails(&runs);
    for (name, measured) in [("S-0", 921.0), ("S-1", 922.0), ("S-2", 317.0)] {
        holds(name, measured, &spread(&runs, |_, run| instance(&run.report, name).succeeded as f64), 0.05);
    }
    let longer = spread(&runs, |later, run| run.asked_again_after(15.0 + later) - 15.0 - later);
    holds("the backup works longer", 0.64, &longer, 0.0);
    holds("passed on", 4.0, &spread(&runs, |_, run| failed_at(run, "S-0") + failed_at(run, "S-1")), 0.0);
    latencies_hold(&runs, 0.05077, Some(0.054));
}

/// `hash` by the user: 600 users come once, then b is killed and each comes once more. They were 191, 213 and 196; the 213
/// users of b went to the others, 113 and 100 of them, after one had met the dead one, and nobody else moved.
#[test]
fn only_users_of_the_dead_backend_move() {
    // Everybody comes at some time from 10 to 14.8 s, and again from 20 to 29.7 s.
    let users = json!({ "closed": { "users": 600, "think": { "uniform": [10, 14.8] } } });
    let service = json!({ "balancer": "user_hash", "service_time": 0.001 });
    let config = nginx(17.0, service, json!([killed("S-1", 16.0, None)]));
    let config = with(config, json!({ "users": { "u": { "arrivals": null } } }));
    let config = with(config, json!({ "users": { "u": { "arrivals": users } } }));
    let before = phased(&config, 0.0);
    let after = phased(&with(config, json!({ "duration": 29.9 })), 0.0);
    let count = |run: &Run, name: &str| instance(&run.report, name).succeeded as f64;
    for (name, measured) in [("S-0", 191.0), ("S-1", 213.0), ("S-2", 196.0)] {
        holds(name, measured, &spread(&before, |_, run| count(run, name)), 0.05);
    }
    for ((_, before), (_, after)) in before.iter().zip(&after) {
        assert_eq!((after.report.requests.total, after.report.requests.failed), (1200, 0));
        let more = |name| count(after, name) - 2.0 * count(before, name);
        assert_eq!(more("S-0") + more("S-2"), count(before, "S-1"));
        assert!(more("S-0") > 60.0 && more("S-2") > 60.0, "they go to both");
        let met = failed_at(after, "S-1");
        assert!((1.0..=2.0).contains(&met), "{met}");
    }
}

/// `max_conns=3` at each of the three, and 8.1 erlangs: 16 to 17 % were refused (for how long is not said; a minute here). Erlang's
/// formula says 17.8 %.
#[test]
fn full_backends_are_passed_over() {
    let service = json!({ "max_conns": 3, "service_time": { "exponential": { "mean": 0.1 } } });
    let rate = json!({ "users": { "u": { "arrivals": { "poisson": { "rate": 81 } } } } });
    let runs = phased(&with(nginx(60.0, service, json!([])), rate), 0.0);
    let failed = spread(&runs, |_, run| share_failed(run));
    holds("refused", 0.16, &failed, 0.0);
    holds("refused", 0.17, &failed, 0.0);
    close(mean(&failed), 0.178, 0.02);
}
