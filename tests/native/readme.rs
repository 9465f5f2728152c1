//! What the README shows works.

use web_service_model::{
    config::{schema::Config, warnings},
    simulation::Simulation,
};

const README: &str = include_str!("../../README.md");

/// The blocks of code in that language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    README.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

#[test]
fn the_scenarios_shown_run() {
    let [scenario, careful, elastic] = blocks("json")[..] else { panic!("the README shows three scenarios") };
    for text in [scenario, careful, elastic] {
        let config = Config::from_json(text).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(warnings(&config), []);
    }
    let mut simulation = Simulation::from_json(elastic).unwrap_or_else(|errors| panic!("{errors}"));
    simulation.advance_to(f64::INFINITY);
    let replicas = simulation.report().services[0].replicas.clone().expect("they come and go");
    assert!(replicas.ready.max > 4.0 && replicas.release == 0, "{replicas:?}");
    let mut simulation = Simulation::from_json(careful).unwrap_or_else(|errors| panic!("{errors}"));
    simulation.advance_to(f64::INFINITY);
    let report = simulation.report();
    let edge = report.edges.get("Web→Stock").expect("the call has a policy");
    assert!(edge.attempts > 1000 && report.requests.success_ratio.is_some_and(|ratio| ratio > 0.99));
    let mut simulation = Simulation::from_json(scenario).unwrap_or_else(|errors| panic!("{errors}"));
    simulation.advance_to(f64::INFINITY);
    let report = simulation.report();
    assert_eq!(report.scenario, "shop");
    assert!(report.requests.total > 9000, "{} requests", report.requests.total);
    let cluster = &report.db_clusters[0];
    assert!(cluster.failovers >= 1, "the primary was crashed");
}

#[test]
fn the_methods_shown_exist() {
    let interface = include_str!("../../src/web/simulation.rs");
    let [script] = blocks("js")[..] else { panic!("the README shows one script") };
    for line in script.lines() {
        for call in line.split("simulation.").skip(1) {
            let name: String = call.chars().take_while(char::is_ascii_alphanumeric).collect();
            let snake: String = name
                .chars()
                .flat_map(|c| if c.is_uppercase() { vec!['_', c.to_ascii_lowercase()] } else { vec![c] })
                .collect();
            assert!(interface.contains(&format!("fn {snake}")) || snake == "free", "there is no {name}");
        }
    }
}
