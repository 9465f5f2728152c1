//! The rows of `reality`, one test for each product, and what does not hold.

use std::fs;

use web_service_model::reality::{Check, Finding, Row, SEED, Verdict, rows};

/// What is wrong with the verdicts on a row: a claim that does not hold is known, and only such a one.
fn wrong(row: &Row, findings: &[Finding]) -> Vec<String> {
    let both = row.claims.iter().zip(findings);
    let wrong = both.filter(|(claim, finding)| match claim.known {
        None => finding.verdict != Verdict::Holds,
        Some(_) => finding.verdict != Verdict::Off,
    });
    let say = |it: &Finding| {
        let Finding { name, measured, mean, low, high, verdict } = it;
        format!("{} {name}: measured {measured}, simulated {mean} ({low} to {high}): {}", row.id, verdict.name())
    };
    wrong.map(|(_, finding)| say(finding)).collect()
}

#[track_caller]
pub(super) fn findings(row: &Row, seed: u64) -> Vec<Finding> {
    Check::new(row.clone(), seed).and_then(Check::run).unwrap_or_else(|errors| panic!("{}: {errors}", row.id))
}

/// The rows of a product hold, but for what is known.
#[track_caller]
fn hold(product: &str) {
    let some: Vec<Row> = rows().into_iter().filter(|row| row.product.starts_with(product)).collect();
    assert!(!some.is_empty());
    let wrong: Vec<String> = some.iter().flat_map(|row| wrong(row, &findings(row, SEED))).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[track_caller]
pub(super) fn row(id: &str) -> Row {
    rows().into_iter().find(|row| row.id == id).expect("a row of that name")
}

/// A system holds a row's claims, whatever else is different in it.
#[track_caller]
pub(super) fn holds_too(row: &Row, patch: &str) {
    let other = row.clone().but(patch);
    let wrong = wrong(&other, &findings(&other, SEED));
    assert!(wrong.is_empty(), "{patch}\n{}", wrong.join("\n"));
}

/// Tests by the product whose rows they check; together they check all of them.
macro_rules! tests {
    ($($test:ident: $product:literal;)+) => {
        const CHECKED: &[&str] = &[$($product),+];

        $(#[test]
        fn $test() {
            hold($product);
        })+
    };
}

tests! {
    nginx: "nginx";
    haproxy: "HAProxy";
    postgres: "PostgreSQL";
    rabbit: "RabbitMQ";
    redis: "Redis";
}

#[test]
fn every_row_is_checked() {
    let is_checked = |row: &Row| CHECKED.iter().any(|product| row.product.starts_with(product));
    assert_eq!(rows().iter().filter(|row| !is_checked(row)).map(|row| row.id).collect::<Vec<_>>(), [""; 0]);
}

/// The table of `docs/reality.md` and the claims that are known not to hold are the same ones.
#[test]
fn the_docs_list_what_does_not_hold() {
    let docs = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reality.md")).expect("it is there");
    let listed = docs.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|line| {
        let (id, rest) = line.split_once("` | ")?;
        Some((id.to_owned(), rest.split_once(" | ")?.0.to_owned()))
    });
    let mut listed: Vec<(String, String)> = listed.collect();
    let known = rows().into_iter().flat_map(|row| {
        let claims = row.claims.into_iter().filter(|claim| claim.known.is_some());
        claims.map(move |claim| (row.id.to_owned(), claim.name.to_owned())).collect::<Vec<_>>()
    });
    let mut known: Vec<(String, String)> = known.collect();
    listed.sort();
    known.sort();
    assert!(known.len() > 10);
    assert_eq!(listed, known);
}

/// Systems that differ a little from what was measured do not hold.
#[test]
fn another_system_is_found_out() {
    let mutants = [
        ("nginx-least-conn", r#"{ "services": { "S": { "balancer": "weighted_random" } } }"#),
        ("nginx-sinkhole", r#"{ "services": { "S": { "balancer": "smooth_round_robin" } } }"#),
        ("nginx-flaky", r#"{ "services": { "S": { "fail_prob": 0.002 } } }"#),
        ("nginx-killed-post", r#"{ "users": { "u": { "read_share": 1 } } }"#),
        ("haproxy-checks", r#"{ "services": { "S": { "knowledge": { "checks": { "fall": 4 } } } } }"#),
        ("haproxy-queue", r#"{ "services": { "S": { "max_conns": 3 } } }"#),
        ("pg-backlog-100-100ms", r#"{ "db_clusters": { "Pg": { "replication": { "delay": 0.12 } } } }"#),
        ("rabbit-ttl", r#"{ "brokers": { "Rabbit": { "queues": { "jobs": { "message_ttl": 0.35 } } } } }"#),
        ("redis-restart-none", r#"{ "db_clusters": { "R": { "persistence": "disk" } } }"#),
        ("sentinel-killed", r#"{ "db_clusters": { "R": { "failover": { "demotion_time": 9 } } } }"#),
    ];
    for (id, patch) in mutants {
        let other = row(id).but(patch);
        assert!(!wrong(&other, &findings(&other, SEED)).is_empty(), "{id} holds with {patch}");
    }
}
