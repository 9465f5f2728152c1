//! The scenario files that ship with the page.

use std::{fs, path::PathBuf};

use web_service_model::{
    config::{resolve, schema::Config},
    model::topology::{ComponentKind, Target, Topology},
};

/// The folder of the scenario files.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www/scenarios")
}

/// Text of a scenario, by its path below the folder without `.json`.
pub fn text(id: &str) -> String {
    fs::read_to_string(folder().join(format!("{id}.json"))).expect("scenario file")
}

/// A scenario, resolved.
pub fn topology(id: &str) -> Topology {
    let config = Config::from_json(&text(id)).unwrap_or_else(|errors| panic!("{id}: {errors}"));
    resolve(&config).unwrap_or_else(|errors| panic!("{id}: {errors}"))
}

#[test]
fn coursework_has_the_parts_of_the_specification() {
    let topology = topology("coursework");
    let services: Vec<(&str, u32)> =
        topology.services.iter().map(|service| (service.name.as_str(), service.instances.len() as u32)).collect();
    assert_eq!(
        services,
        [
            ("PaymentService", 3),
            ("DataService", 2),
            ("PublicInfoService", 2),
            ("NotificationService", 1),
            ("AuthService", 1)
        ]
    );
    let clusters: Vec<(&str, u32)> =
        topology.clusters.iter().map(|cluster| (cluster.name.as_str(), cluster.nodes.len() as u32)).collect();
    assert_eq!(
        clusters,
        [
            ("PaymentDB-0", 3),
            ("PaymentDB-1", 3),
            ("PaymentDB-2", 3),
            ("DataDB-0", 2),
            ("DataDB-1", 2),
            ("PublicInfoDB-0", 2),
            ("PublicInfoDB-1", 2),
            ("NotificationDB-0", 2),
            ("AuthCluster", 3)
        ]
    );
    let weights: Vec<f64> = topology.instances.iter().map(|instance| instance.weight).collect();
    assert_eq!(weights, [7.0, 3.0, 7.0, 7.0, 3.0, 7.0, 3.0, 1.0, 1.0]);
    assert_eq!(topology.caches.len(), 2);
    assert_eq!(topology.consumers.len(), 1);
    assert_eq!(topology.consumers[0].instance, Some(web_service_model::model::topology::InstanceId(7)));
}

#[test]
fn components_and_their_names_agree() {
    let topology = topology("coursework");
    let name = |target: &str| match &topology.targets[target] {
        Target::Components(ids) => {
            ids.iter().map(|id| topology.components[id.index()].name.as_str()).collect::<Vec<_>>()
        }
        Target::Primaries(ids) => ids.iter().map(|id| topology.clusters[id.index()].name.as_str()).collect::<Vec<_>>(),
    };
    assert_eq!(name("DataService"), ["DataService-0", "DataService-1"]);
    assert_eq!(name("DataDB"), ["DataDB-0/0", "DataDB-0/1", "DataDB-1/0", "DataDB-1/1"]);
    assert_eq!(name("DataDB-1"), ["DataDB-1/0", "DataDB-1/1"]);
    assert_eq!(name("DataDB-1/1"), ["DataDB-1/1"]);
    assert_eq!(name("DataDB/primary"), ["DataDB-0", "DataDB-1"]);
    assert_eq!(name("DataDB-1/primary"), ["DataDB-1"]);
    assert_eq!(name("AuthCluster/primary"), ["AuthCluster"]);
    assert_eq!(name("DataCache"), ["DataCache-0", "DataCache-1"]);
    assert_eq!(name("DataCache-1"), ["DataCache-1"]);
    assert_eq!(name("RabbitMQ"), ["RabbitMQ"]);
    assert_eq!(name("AuthService-0"), ["AuthService-0"]);
    for (i, component) in topology.components.iter().enumerate() {
        let id = match component.kind {
            ComponentKind::Instance(id) => topology.instance_component(id),
            ComponentKind::Node(id) => topology.node_component(id),
            ComponentKind::Cache(id) => topology.cache_component(id),
            ComponentKind::Broker(id) => topology.member_component(id),
        };
        assert_eq!(id.index(), i, "{}", component.name);
    }
}

/// Names of the files in a folder below the scenarios', without `.json`, in order.
fn ids(below: &str) -> Vec<String> {
    let files = fs::read_dir(folder().join(below)).expect("folder of scenarios");
    let names = files.map(|file| file.expect("entry").file_name().to_string_lossy().into_owned());
    let mut ids: Vec<String> = names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect();
    ids.retain(|id| id != "index");
    ids.sort();
    ids
}

/// All scenarios, those of the bench included.
pub fn all() -> Vec<String> {
    let bench = ids("bench").into_iter().map(|id| format!("bench/{id}"));
    ids("").into_iter().chain(bench).collect()
}

#[test]
fn every_scenario_is_right_and_described_in_both_languages() {
    for id in all() {
        let config = Config::from_json(&text(&id)).unwrap_or_else(|errors| panic!("{id}: {errors}"));
        resolve(&config).unwrap_or_else(|errors| panic!("{id}: {errors}"));
        for text in [&config.title, &config.description] {
            assert!(!text.en.is_empty() && !text.ru.is_empty(), "{id}");
            assert!(text.ru.chars().any(|c| ('а'..='я').contains(&c)), "{id}");
        }
        let up = if id.starts_with("bench/") { "../../schema.json" } else { "../schema.json" };
        assert_eq!(config.schema.as_deref(), Some(up), "{id}");
        assert_eq!(Some(config.name.as_str()), id.split('/').next_back(), "reports name the file");
    }
}

#[test]
fn the_menu_lists_every_scenario_by_its_title() {
    let menu = fs::read_to_string(folder().join("index.json")).expect("menu");
    let menu: Vec<serde_json::Value> = serde_json::from_str(&menu).expect("a list");
    let mut listed = Vec::new();
    for entry in &menu {
        let id = entry["id"].as_str().expect("an id");
        let scenario: serde_json::Value = serde_json::from_str(&text(id)).expect("JSON");
        assert_eq!(entry["title"], scenario["title"], "{id}");
        assert!(matches!(entry["level"].as_u64(), Some(1..=3)), "{id}");
        assert_eq!(entry.as_object().map(serde_json::Map::len), Some(3), "{id}");
        listed.push(id.to_owned());
    }
    listed.sort();
    assert_eq!(listed, ids(""));
}

/// What is the same in the three scenarios must stay the same when one of them is edited.
#[test]
fn the_variants_of_the_coursework_differ_only_where_they_say() {
    let config = |id: &str| Config::from_json(&text(id)).unwrap_or_else(|errors| panic!("{id}: {errors}"));
    let plain = config("coursework");
    let texts = |mut config: Config| {
        config.name.clone_from(&plain.name);
        (config.title, config.description) = (plain.title.clone(), plain.description.clone());
        config
    };
    let mut faults = texts(config("coursework-faults"));
    faults.services.values_mut().for_each(|service| service.fail_prob -= 0.05);
    faults.db_clusters.values_mut().for_each(|cluster| cluster.fail_prob /= 2.0);
    faults.caches.values_mut().for_each(|cache| cache.fail_prob /= 2.0);
    faults.brokers.values_mut().for_each(|broker| broker.fail_prob /= 2.0);
    assert_eq!(faults, plain);

    let mut resilient = texts(config("coursework-resilient"));
    for (service, plain) in resilient.services.values_mut().zip(plain.services.values()) {
        service.database.clone_from(&plain.database);
        service.cache.clone_from(&plain.cache);
        service.publish.clone_from(&plain.publish);
    }
    assert_eq!(resilient, plain);
}

/// Reading back what was written gives the same configuration, and so the same topology.
#[test]
fn a_configuration_survives_being_written() {
    for id in all() {
        let config = Config::from_json(&text(&id)).unwrap_or_else(|errors| panic!("{id}: {errors}"));
        let again = Config::from_json(&config.to_json_pretty()).unwrap_or_else(|errors| panic!("{id}: {errors}"));
        assert_eq!(again, config, "{id}");
    }
}
