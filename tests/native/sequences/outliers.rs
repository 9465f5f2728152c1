//! Envoy's outlier detection in a run: when an instance is ejected, and when it comes back.

use serde_json::json;

use crate::support::{log, simulation};

/// Milliseconds from one request to the next: never at the same time as a look.
const GAP: u64 = 997;
const END: u64 = 4_000_000;
/// Milliseconds during which the only instance fails.
const BAD: [(u64, u64); 2] = [(0, 3_000_000), (3_060_000, END)];

/// By Envoy's rules: the fifth failure in a row ejects for 30 s times how often that has happened, at most 300 s; a look
/// every 10 s lets back whom it is time for, and forgives those that are there one of their times.
fn expected() -> Vec<(u64, bool)> {
    let (mut told, mut failures, mut times, mut ejected) = (Vec::new(), 0, 0_u64, None);
    for now in 1..=END {
        if now % 10_000 == 0 {
            match ejected {
                Some(since) if now - since >= (30_000 * times).min(300_000) => {
                    ejected = None;
                    told.push((now, true));
                }
                Some(_) => {}
                None => times = times.saturating_sub(1),
            }
        }
        if now % GAP == 0 && ejected.is_none() {
            let is_bad = BAD.iter().any(|(from, until)| (*from..*until).contains(&now));
            failures = if is_bad { failures + 1 } else { 0 };
            if failures == 5 {
                (failures, times, ejected) = (0, times + 1, Some(now));
                told.push((now, false));
            }
        }
    }
    told
}

#[test]
fn envoy_ejects_for_longer_each_time_and_forgives() {
    let fault = |(from, until): (u64, u64)| json!({ "fail": { "component": "S-0", "from": from as f64 / 1000.0, "until": until as f64 / 1000.0 } });
    let config = json!({
        "duration": END as f64 / 1000.0,
        "users": { "u": { "arrivals": { "gaps": GAP as f64 / 1000.0 }, "targets": { "S": 1 } } },
        "services": { "S": {
            "service_time": 0, "knowledge": { "outliers": {} }, "next_upstream": { "on": ["service_error"], "tries": 1 },
        } },
        "faults": BAD.map(fault),
    });
    let mut simulation = simulation(&config);
    simulation.advance_to(f64::INFINITY);
    let entries = log(&simulation, &["ejection"]);
    let told: Vec<(u64, bool)> = entries
        .iter()
        .map(|entry| ((entry.time * 1000.0).round() as u64, entry.detail.contains("asks it again")))
        .collect();
    assert_eq!(told, expected());
    // Ten times in a row it is longer, until it is 300 s (and what is left until the next look).
    let lasted: Vec<u64> =
        told.windows(2).filter(|pair| !pair[0].1).map(|pair| (pair[1].0 - pair[0].0) / 1000).collect();
    assert_eq!(lasted[..11], [35, 65, 95, 125, 155, 185, 215, 245, 275, 305, 305]);
}
