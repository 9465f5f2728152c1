//! What tests of whole runs have in common.

use serde_json::{Value, json};
use web_service_model::{
    config::schema::Config,
    report::{DbCluster, Instance, Queue, Report, Service},
    simulation::{LogEntry, LogFilter, Simulation},
};

/// A simulation of a configuration written as JSON.
#[track_caller]
pub fn simulation(config: &Value) -> Simulation {
    let config = Config::from_json(&config.to_string()).unwrap_or_else(|errors| panic!("{errors}"));
    Simulation::new(config).unwrap_or_else(|errors| panic!("{errors}"))
}

/// The same, run to its end.
#[track_caller]
pub fn finished(config: &Value) -> Simulation {
    let mut simulation = simulation(config);
    simulation.advance_to(f64::INFINITY);
    simulation
}

/// The report of a whole run.
#[track_caller]
pub fn report(config: &Value) -> Report {
    finished(config).report()
}

/// Changes a configuration: objects are merged, anything else is replaced.
pub fn with(mut config: Value, changes: Value) -> Value {
    merge(&mut config, changes);
    config
}

fn merge(target: &mut Value, changes: Value) {
    match (target, changes) {
        (Value::Object(fields), Value::Object(changes)) => {
            for (key, change) in changes {
                merge(fields.entry(key).or_insert(Value::Null), change);
            }
        }
        (target, change) => *target = change,
    }
}

/// Requests that come at random, so many a second, to one service named `Server`.
pub fn poisson(rate: f64, server: Value) -> Value {
    json!({
        "users": { "clients": { "arrivals": { "poisson": { "rate": rate } }, "targets": { "Server": 1 } } },
        "services": { "Server": server },
    })
}

/// One request every so many seconds, to one service named `Server`.
pub fn regular(gap: f64, server: Value) -> Value {
    with(poisson(1.0, server), json!({ "users": { "clients": { "arrivals": { "gaps": gap } } } }))
        .without("/users/clients/arrivals", "poisson")
}

/// Takes fields away.
pub trait Without {
    /// The value without a field of the object at a JSON pointer.
    fn without(self, pointer: &str, field: &str) -> Self;
}

impl Without for Value {
    fn without(mut self, pointer: &str, field: &str) -> Self {
        if let Some(object) = self.pointer_mut(pointer).and_then(Value::as_object_mut) {
            object.shift_remove(field);
        }
        self
    }
}

/// A service of a report.
#[track_caller]
pub fn service<'a>(report: &'a Report, name: &str) -> &'a Service {
    report.services.get(name).expect("a service of that name")
}

/// An instance of a report, by its full name.
#[track_caller]
pub fn instance<'a>(report: &'a Report, name: &str) -> &'a Instance {
    report.services.iter().find_map(|(_, service)| service.instances.get(name)).expect("an instance of that name")
}

/// A cluster of a report.
#[track_caller]
pub fn cluster<'a>(report: &'a Report, name: &str) -> &'a DbCluster {
    report.db_clusters.get(name).expect("a cluster of that name")
}

/// The queue of a report, if there is only one.
#[track_caller]
pub fn queue(report: &Report) -> &Queue {
    let mut queues = report.brokers.iter().flat_map(|(_, broker)| broker.queues.iter());
    queues.next().expect("a queue").1
}

/// Entries of the log of some kinds; all kinds if none is named.
pub fn log(simulation: &Simulation, kinds: &[&str]) -> Vec<LogEntry> {
    let kinds = kinds.iter().map(|&kind| kind.to_owned()).collect();
    simulation.log(&LogFilter { kinds, ..LogFilter::default() }).entries
}
