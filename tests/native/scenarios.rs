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
        Target::Components(range) => {
            range.clone().map(|i| topology.components[i as usize].name.as_str()).collect::<Vec<_>>()
        }
        Target::Primaries(range) => {
            range.clone().map(|i| topology.clusters[i as usize].name.as_str()).collect::<Vec<_>>()
        }
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
            ComponentKind::Broker(id) => topology.broker_component(id),
        };
        assert_eq!(id.index(), i, "{}", component.name);
    }
}
