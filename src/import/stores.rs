//! Who asks a store, which no store's file says: a service and its users.

use serde_json::{Value, json};

use super::{
    SERVICE_SECONDS, blank,
    names::Names,
    notes::{Notes, shortened},
    service_time, users,
};
use crate::config::schema::{CacheConfig, CacheUse, Config, DatabaseUse, DbClusterConfig, ServiceConfig};

/// The share of reads of those who ask a store.
pub const READ_SHARE: f64 = 0.8;
/// Mean time of an operation of PostgreSQL, or of whatever is behind a cache.
pub const DATABASE_SECONDS: f64 = 0.005;
/// Mean time of a command of Redis.
pub const COMMAND_SECONDS: f64 = 0.0005;
/// Nodes of a cluster whose file does not say how many there are.
pub const NODES: u32 = 3;
/// How long a write is under way to a replica.
const DELAY_SECONDS: f64 = 0.001;

/// A cluster that is given as JSON, with what its kind brings.
pub fn cluster(value: Value) -> DbClusterConfig {
    let read = Config::from_value(json!({ "db_clusters": { "it": value } })).ok();
    read.and_then(|config| config.db_clusters.into_iter().next()).map(|(_, cluster)| cluster).unwrap_or_default()
}

/// A cache that is given as JSON, with what its kind brings.
pub fn cache(value: Value) -> CacheConfig {
    let read = Config::from_value(json!({ "caches": { "it": value } })).ok();
    read.and_then(|config| config.caches.into_iter().next()).map(|(_, cache)| cache).unwrap_or_default()
}

/// How long an operation takes, and a write to a replica, as JSON to which a cluster's own words are added.
pub fn assumed(kind: &str, seconds: f64) -> Value {
    json!({
        "kind": kind,
        "operation": { "exponential": { "mean": seconds } },
        "replication": { "delay": { "constant": DELAY_SECONDS } },
    })
}

/// Says what was assumed of a store, and of its replicas if it has any.
pub fn tell(name: &str, seconds: f64, replicas: u32, notes: &mut Notes) {
    let (name, millis) = (shortened(name), seconds * 1e3);
    notes.say(match replicas {
        0 => format!("assumed: an operation of `{name}` takes {millis} ms (exponential)"),
        _ => format!(
            "assumed: an operation of `{name}` takes {millis} ms (exponential), and a replica has a write {} ms after its commit",
            DELAY_SECONDS * 1e3
        ),
    });
}

/// Adds a service that asks a cluster, a cache, or first the one and then the other, and its users.
pub fn ask(config: &mut Config, names: &mut Names, database: Option<&str>, cache: Option<&str>) {
    let service = ServiceConfig {
        service_time: service_time(),
        database: database.map(|name| DatabaseUse {
            name: name.to_owned(),
            per_instance: false,
            on_read_error: Default::default(),
            on_write_error: Default::default(),
            read_retries: 0,
            pool: None,
            policy: None,
        }),
        cache: cache.map(|name| CacheUse {
            name: name.to_owned(),
            per_instance: false,
            on_error: Default::default(),
            pool: None,
            writes: None,
            flush_after: None,
            policy: None,
        }),
        ..blank()
    };
    let name = names.take("app");
    config.services.insert(name.clone(), service);
    let mut group = users([name.clone()], blank());
    group.read_share = READ_SHARE;
    config.users.insert(names.take(&format!("{name} users")), group);
}

/// What is assumed of those who ask.
pub fn tell_users(notes: &mut Notes) {
    notes.say(format!(
        "assumed: {} requests a second (Poisson, {} % of them reads) of each group of users, and {} ms of work (exponential) for \
         each request, any number at a time, beside what the store takes",
        super::RATE,
        READ_SHARE * 100.0,
        SERVICE_SECONDS * 1e3
    ));
}
