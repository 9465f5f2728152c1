//! What `make reference` measured (`tests/reference/*.json`), as rows like those of `reality`, and what the simulator makes of it.
//!
//! Each figure is read from the file of its measurement. One that does not hold is marked as known, with the reason, and stands in
//! the second table of `docs/reality.md`; so does what cannot be said at all.

mod haproxy;
mod nginx;
mod patroni;
mod postgres;
mod quorum;
mod rabbit;
mod redis;

use std::fs;

use serde_json::Value;
use web_service_model::{
    reality::{Reason, Row, Run, SEED, Verdict},
    report::{Instance, Report},
};

use super::rows::findings;

/// A file of a measurement.
struct Measured(Value);

impl Measured {
    #[track_caller]
    fn of(name: &str) -> Self {
        let path = format!("{}/tests/reference/{name}.json", env!("CARGO_MANIFEST_DIR"));
        Self(serde_json::from_str(&fs::read_to_string(path).expect("it is there")).expect("it is JSON"))
    }

    /// A number of the result, by its JSON pointer.
    #[track_caller]
    fn number(&self, pointer: &str) -> f64 {
        self.0.pointer(&format!("/result{pointer}")).and_then(Value::as_f64).unwrap_or_else(|| panic!("no {pointer}"))
    }

    /// The same, which is given in milliseconds, in seconds.
    #[track_caller]
    fn seconds(&self, pointer: &str) -> f64 {
        self.number(pointer) / 1000.0
    }

    /// A list of the result; of a list of objects one field of each.
    #[track_caller]
    fn numbers(&self, pointer: &str, field: &str) -> Vec<f64> {
        let list = self.0.pointer(&format!("/result{pointer}")).and_then(Value::as_array).expect("a list");
        list.iter().map(|item| item.get(field).unwrap_or(item).as_f64().expect("a number")).collect()
    }

    /// A part of the requests.
    #[track_caller]
    fn share(&self, part: &str) -> f64 {
        self.number(part) / self.number("/requests")
    }
}

/// How long requests took that succeeded, as such a file has it.
fn latencies(row: Row, measured: &Measured) -> Row {
    row.mean(measured.seconds("/of_success/mean_ms")).p99(measured.seconds("/of_success/p99_ms"))
}

/// A reason, in English.
const fn because(id: &'static str, text: &'static str) -> Reason {
    Reason { id, text }
}

/// A figure of the report at a look.
fn look(run: &Run, number: usize, figure: impl Fn(&Report) -> f64) -> f64 {
    run.looks.get(number).map_or(f64::NAN, figure)
}

fn instance<'r>(report: &'r Report, name: &str) -> &'r Instance {
    report.services.values().find_map(|service| service.instances.get(name)).expect("an instance of that name")
}

/// All findings of some rows; what does not hold is known, and only that.
#[track_caller]
fn hold(rows: &[Row]) {
    let mut wrong = Vec::new();
    for row in rows {
        for (claim, it) in row.claims.iter().zip(findings(row, SEED)) {
            let line = format!(
                "{} {}: measured {:.5}, simulated {:.5} ({:.5} to {:.5})",
                row.id, it.name, it.measured, it.mean, it.low, it.high
            );
            println!("{line}: {}, {:?}", it.verdict.name(), claim.known.map(|reason| reason.id));
            let expected = if claim.known.is_some() { Verdict::Off } else { Verdict::Holds };
            if it.verdict != expected {
                wrong.push(format!("{line}: {}", it.verdict.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Rows by product, one test for each.
macro_rules! tests {
    ($($product:ident)+) => {
        $(#[test]
        fn $product() {
            hold(&$product::rows());
        })+

        fn all() -> Vec<Row> {
            [$($product::rows()),+].concat()
        }
    };
}

tests! { nginx haproxy postgres patroni redis rabbit quorum }

/// What does not hold is what the docs say, and each file is used or said there not to be comparable.
#[test]
fn the_docs_list_what_does_not_hold_of_it() {
    let docs = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reality.md")).expect("it is there");
    let known = all().into_iter().flat_map(|row| {
        let claims = row.claims.into_iter().filter(|claim| claim.known.is_some());
        claims.map(move |claim| format!("| **{}** | {} |", row.id, claim.name)).collect::<Vec<_>>()
    });
    let mut known: Vec<String> = known.collect();
    let cells = |line: &str| line.splitn(4, '|').take(3).collect::<Vec<_>>().join("|") + "|";
    let mut listed: Vec<String> = docs.lines().filter(|line| line.starts_with("| **")).map(cells).collect();
    known.sort();
    listed.sort();
    assert_eq!(listed, known);
    let files = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference")).expect("it is there");
    for file in files {
        let name = file.expect("a file").file_name().to_string_lossy().replace(".json", "");
        let is_used = all().iter().any(|row| row.id.split(" of ").last() == Some(&name));
        assert!(is_used || docs.contains(&format!("`{name}`")), "nothing is said of {name}");
    }
}
