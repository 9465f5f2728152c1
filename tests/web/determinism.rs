//! In the browser every scenario of the menu gives the same report as natively, byte for byte.

use wasm_bindgen_test::wasm_bindgen_test;
use web_service_model::{config::schema::Config, simulation::Simulation};

/// A scenario and the report on it that the native tests have checked.
macro_rules! scenario {
    ($id:literal) => {
        (
            $id,
            include_str!(concat!("../../www/scenarios/", $id, ".json")),
            include_str!(concat!("../golden/", $id, ".json")),
        )
    };
}

const SCENARIOS: [(&str, &str, &str); 26] = [
    scenario!("autoscaler-late"),
    scenario!("bad-release"),
    scenario!("balancing"),
    scenario!("black-hole"),
    scenario!("broker-backlog"),
    scenario!("cache-outage"),
    scenario!("cold-cache"),
    scenario!("cold-restart"),
    scenario!("coursework"),
    scenario!("coursework-faults"),
    scenario!("coursework-resilient"),
    scenario!("metastable"),
    scenario!("one-flake-ejects-all"),
    scenario!("overload"),
    scenario!("poison-message"),
    scenario!("pool-sizing"),
    scenario!("primary-failover"),
    scenario!("replica-cannot-keep-up"),
    scenario!("retry-storm"),
    scenario!("shedding"),
    scenario!("sinkhole"),
    scenario!("slow-dependency"),
    scenario!("split-brain"),
    scenario!("stampede"),
    scenario!("sync-hangs"),
    scenario!("tail-at-scale"),
];

fn simulation(id: &str, text: &str) -> Simulation {
    let config = Config::from_json(text).unwrap_or_else(|errors| panic!("{id}: {errors}"));
    Simulation::new(config).unwrap_or_else(|errors| panic!("{id}: {errors}"))
}

/// The first line in which two texts differ.
fn first_difference(id: &str, expected: &str, found: &str) -> Option<String> {
    let lines = expected.lines().zip(found.lines()).enumerate();
    let (number, (expected, found)) = lines.into_iter().find(|(_, (expected, found))| expected != found)?;
    Some(format!("{id}, line {}: natively {}, here {}", number + 1, expected.trim(), found.trim()))
}

#[wasm_bindgen_test]
fn every_scenario_gives_the_native_report() {
    let mut wrong = Vec::new();
    for (id, text, expected) in SCENARIOS {
        let mut simulation = simulation(id, text);
        simulation.advance_to(f64::INFINITY);
        let found = simulation.report().to_json().expect("a report can be written");
        if found != expected {
            wrong.push(first_difference(id, expected, &found).unwrap_or_else(|| format!("{id}: another length")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A page advances in slices of time and of events; that must make no difference.
#[wasm_bindgen_test]
fn slices_make_no_difference() {
    let (id, text, expected) = SCENARIOS[3];
    let mut simulation = simulation(id, text);
    let mut frame = 0;
    while !simulation.is_finished() {
        frame += 1;
        simulation.advance_events(7, f64::from(frame) * 0.016);
    }
    let found = simulation.report().to_json().expect("a report can be written");
    assert_eq!(first_difference(id, expected, &found), None);
}

/// The menu may grow; then the list above must, too.
#[wasm_bindgen_test]
fn the_whole_menu_is_compared() {
    let menu: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../www/scenarios/index.json")).expect("a list");
    let mut ids: Vec<&str> = menu.iter().filter_map(|entry| entry["id"].as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, SCENARIOS.map(|(id, _, _)| id));
}
