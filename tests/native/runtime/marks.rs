//! Marks on the time line: thinned, but from the beginning of a run on.

use serde_json::json;
use web_service_model::simulation::{LogFilter, Simulation};

use crate::{
    scenarios,
    support::{finished, with},
};

const CLASSES: usize = 5;
const PLACES: usize = 240;

fn coursework(duration: u32) -> Simulation {
    let config = serde_json::from_str(&scenarios::text("coursework-faults")).expect("JSON");
    finished(&with(config, json!({ "duration": duration })))
}

#[test]
fn every_entry_that_is_marked_is_counted_and_the_first_of_a_place_is_told() {
    let run = coursework(300);
    let log = run.log(&LogFilter::default());
    assert_eq!(log.dropped, 0, "the log has everything");
    let marks = run.marks();
    assert!(marks.is_sorted_by_key(|mark| mark.number) && marks.iter().any(|mark| mark.count > 1));
    let silent = ["presence", "replicated_write", "resync_started", "resync_done", "rejoin", "redelivery"];
    let marked = log.entries.iter().filter(|entry| !silent.contains(&entry.kind)).count();
    assert_eq!(marks.iter().map(|mark| mark.count).sum::<u64>(), marked as u64);
    for mark in &marks {
        let entry = log.entries.iter().find(|entry| entry.number == mark.number).expect("an entry");
        assert_eq!((entry.time, entry.kind, &entry.component), (mark.time, mark.kind, &mark.component));
    }
}

#[test]
fn the_beginning_of_a_long_run_is_still_marked() {
    let run = coursework(5_000);
    let log = run.log(&LogFilter { kinds: vec!["crash".to_owned()], limit: Some(400), ..LogFilter::default() });
    assert!(log.entries[0].time > 1_000.0, "the latest entries of the log do not reach back: {}", log.entries[0].time);
    let marks = run.marks();
    assert!(marks.len() <= CLASSES * (PLACES + 1), "{}", marks.len());
    let faults: Vec<f64> = marks.iter().filter(|mark| mark.class == "fault").map(|mark| mark.time).collect();
    let widest = faults.windows(2).map(|pair| pair[1] - pair[0]).fold(faults[0], f64::max);
    assert!(widest < 200.0, "faults go on all the time, and no mark for {widest} s");
    let promotions = run.promotions();
    assert!(promotions.iter().any(|(_, time)| *time < 250.0) && promotions.iter().any(|(_, time)| *time > 4_750.0));
}
