//! Every scenario of the menu gives the report that is kept in `tests/golden`, to the last digit.
//!
//! `make golden` writes the reports anew. The
//! browser compares itself with the same files (`tests/web/determinism.rs`).

use std::{env, fs, path::PathBuf};

use serde_json::Value;
use web_service_model::{config::schema::Config, simulation::Simulation};

use crate::scenarios;

/// What `run NAME --json` prints.
fn report(id: &str) -> String {
    let config = Config::from_json(&scenarios::text(id)).unwrap_or_else(|errors| panic!("{id}: {errors}"));
    let mut simulation = Simulation::new(config).unwrap_or_else(|errors| panic!("{id}: {errors}"));
    simulation.advance_to(f64::INFINITY);
    simulation.report().to_json().expect("a report can be written")
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Names of the reports that are kept, in order.
fn kept() -> Vec<String> {
    let files = fs::read_dir(folder()).expect("folder").map(|file| file.expect("entry").file_name());
    let mut names: Vec<String> =
        files.map(|name| name.to_string_lossy().trim_end_matches(".json").to_owned()).collect();
    names.sort();
    names
}

/// The first place at which two values differ: its path, and what stands there.
fn first_difference(expected: &Value, found: &Value, path: &str) -> Option<String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            let missing = expected.keys().find(|key| !found.contains_key(*key));
            let added = found.keys().find(|key| !expected.contains_key(*key));
            missing
                .map(|key| format!("{path}.{key} is missing"))
                .or_else(|| added.map(|key| format!("{path}.{key} is new")))
                .or_else(|| {
                    expected.iter().find_map(|(key, it)| first_difference(it, &found[key], &format!("{path}.{key}")))
                })
        }
        _ => (expected != found).then(|| format!("{path} was {expected} and is {found}")),
    }
}

#[test]
fn every_scenario_gives_the_report_that_is_kept() {
    let is_update = env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    let ids: Vec<String> = scenarios::all().into_iter().filter(|id| !id.contains('/')).collect();
    for id in &ids {
        let path = folder().join(format!("{id}.json"));
        let found = report(id);
        if is_update {
            fs::create_dir_all(folder()).expect("folder");
            fs::write(&path, &found).expect("written");
            continue;
        }
        let Ok(expected) = fs::read_to_string(&path) else {
            wrong.push(format!("{id}: there is no report yet"));
            continue;
        };
        if expected != found {
            let value = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
            let difference = first_difference(&value(&expected), &value(&found), "report");
            wrong.push(format!("{id}: {}", difference.unwrap_or_else(|| "the order or the layout differs".to_owned())));
        }
    }
    let how = "if that is meant: make golden";
    assert!(wrong.is_empty(), "\n{}\n{how}", wrong.join("\n"));
    assert_eq!(kept(), ids, "of these scenarios there are reports");
}

#[test]
fn the_first_difference_is_named() {
    let value = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    let old = value(r#"{ "a": 1, "b": { "c": 2.5, "d": null } }"#);
    let difference = |new: &str| first_difference(&old, &value(new), "report");
    assert_eq!(difference(r#"{ "a": 1, "b": { "c": 2.5, "d": null } }"#), None);
    assert_eq!(difference(r#"{ "a": 1, "b": { "c": 3, "d": 1 } }"#).as_deref(), Some("report.b.c was 2.5 and is 3"));
    assert_eq!(difference(r#"{ "a": 1, "b": { "d": null } }"#).as_deref(), Some("report.b.c is missing"));
    assert_eq!(difference(r#"{ "a": 1, "b": { "c": 2.5, "d": null }, "e": 1 }"#).as_deref(), Some("report.e is new"));
}
