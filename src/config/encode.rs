//! Configuration to JSON, without what goes without saying.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::kinds;
use super::schema::{
    AuthConfig, BrokerConfig, CacheConfig, Config, ConsumerConfig, DbClusterConfig, ExchangeConfig, PolicyConfig,
    QueueConfig, ServiceConfig, UsersConfig,
};

impl Config {
    /// The configuration as JSON. What equals its default is left out; reading it again gives an equal configuration.
    pub fn to_value(&self) -> Value {
        let mut config = self.to_full_value();
        prune_entries::<UsersConfig>(&mut config, "users");
        prune_entries::<ServiceConfig>(&mut config, "services");
        prune_entries::<DbClusterConfig>(&mut config, "db_clusters");
        prune_entries::<CacheConfig>(&mut config, "caches");
        prune_entries::<PolicyConfig>(&mut config, "policies");
        if let Some(auth) = config.get_mut("auth") {
            prune(auth, &value(&AuthConfig::default()));
        }
        prune_brokers(&mut config);
        prune(&mut config, &value(&Self::default()));
        config
    }

    /// The configuration as JSON with all its fields.
    pub(crate) fn to_full_value(&self) -> Value {
        value(self)
    }

    /// The configuration as JSON for people to read.
    pub fn to_json_pretty(&self) -> String {
        format!("{:#}", self.to_value())
    }
}

/// Anything of a configuration as JSON. It has text for keys, so there is always JSON for it.
fn value(part: &impl Serialize) -> Value {
    serde_json::to_value(part).unwrap_or_default()
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

fn prune_entries<T: Serialize + DeserializeOwned + Default>(object: &mut Value, key: &str) {
    let neutral = value(&T::default());
    let entries = object.get_mut(key).and_then(Value::as_object_mut);
    for entry in entries.into_iter().flat_map(Map::values_mut) {
        match kinds::whole_default::<T>(key, entry) {
            Some(default) => prune(entry, &default),
            None => prune(entry, &neutral),
        }
    }
}

fn prune_brokers(config: &mut Value) {
    let consumer = value(&ConsumerConfig::default());
    let brokers = config.get_mut("brokers").and_then(Value::as_object_mut);
    for broker in brokers.into_iter().flat_map(Map::values_mut) {
        // (What a product's queues have without saying is not what neutral ones have.)
        if broker.get("kind").is_some() {
            continue;
        }
        let queues = broker.get_mut("queues").and_then(Value::as_object_mut);
        for queue in queues.into_iter().flat_map(Map::values_mut) {
            let consumers = queue.get_mut("consumers").and_then(Value::as_array_mut);
            consumers.into_iter().flatten().for_each(|entry| prune(entry, &consumer));
        }
        prune_entries::<QueueConfig>(broker, "queues");
        prune_entries::<ExchangeConfig>(broker, "exchanges");
    }
    prune_entries::<BrokerConfig>(config, "brokers");
}
