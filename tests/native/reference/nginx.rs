//! nginx 1.22.1: what is no row of `reality`.

use serde_json::json;
use web_service_model::reality::SEED;

use super::{
    close,
    rows::{findings, row},
};
use crate::support::{instance, simulation};

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

/// What nobody expects of the defaults: each backend breaks one in 200 connections, and soon all three are out. The rule apart, for
/// an hour: 36.4 ± 1.6 % fail; with one in 1000: 2.2 ± 0.6 %.
#[test]
fn a_few_broken_connections_take_all_backends_out() {
    for (share, failed, error) in [(0.005, 0.364, 0.05), (0.001, 0.022, 0.2)] {
        let patch = format!(r#"{{ "duration": 3600, "services": {{ "S": {{ "fail_prob": {share} }} }} }}"#);
        let mut row = row("nginx-flaky").but(patch);
        row.replications = 20;
        close(findings(&row, SEED)[0].mean, failed, error);
    }
}
