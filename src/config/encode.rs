//! Configuration to JSON, without what goes without saying.

use serde_json::{Map, Value};

use super::schema::{
    AuthConfig, BrokerConfig, CacheConfig, Config, ConsumerConfig, DbClusterConfig, QueueConfig, ServiceConfig,
    UsersConfig,
};
use super::wire::Wire;
use crate::json;

impl Config {
    /// The configuration as JSON. What equals its default is left out; reading it again gives an equal configuration.
    pub fn to_value(&self) -> Value {
        self.clone().write_value()
    }

    /// The same without a copy, which takes 2 KB of code in the page. It changes nothing: a type lists its fields but
    /// once, so that they can be read into or written.
    pub(crate) fn write_value(&mut self) -> Value {
        let mut config = self.write();
        prune_entries(&mut config, "users", &UsersConfig::default().write());
        prune_entries(&mut config, "services", &ServiceConfig::default().write());
        prune_entries(&mut config, "db_clusters", &DbClusterConfig::default().write());
        prune_entries(&mut config, "caches", &CacheConfig::default().write());
        if let Some(auth) = config.get_mut("auth") {
            prune(auth, &AuthConfig::default().write());
        }
        prune_brokers(&mut config);
        prune(&mut config, &Self::default().write());
        config
    }

    /// The configuration as JSON for people to read.
    pub fn to_json_pretty(&self) -> String {
        json::pretty(&self.to_value())
    }
}

/// Takes out the fields that equal those of the default, also inside of objects that the default has.
fn prune(value: &mut Value, default: &Value) {
    let (Value::Object(fields), Value::Object(defaults)) = (value, default) else {
        return;
    };
    fields.retain(|key, field| match defaults.get(key) {
        Some(usual) if usual == field => false,
        Some(usual) => {
            prune(field, usual);
            true
        }
        None => true,
    });
}

fn prune_entries(object: &mut Value, key: &str, default: &Value) {
    let entries = object.get_mut(key).and_then(Value::as_object_mut);
    for entry in entries.into_iter().flat_map(Map::values_mut) {
        prune(entry, default);
    }
}

fn prune_brokers(config: &mut Value) {
    let consumer = ConsumerConfig::default().write();
    let brokers = config.get_mut("brokers").and_then(Value::as_object_mut);
    for broker in brokers.into_iter().flat_map(Map::values_mut) {
        let queues = broker.get_mut("queues").and_then(Value::as_object_mut);
        for queue in queues.into_iter().flat_map(Map::values_mut) {
            let consumers = queue.get_mut("consumers").and_then(Value::as_array_mut);
            consumers.into_iter().flatten().for_each(|entry| prune(entry, &consumer));
        }
        prune_entries(broker, "queues", &QueueConfig::default().write());
    }
    prune_entries(config, "brokers", &BrokerConfig::default().write());
}
