//! Redis' configuration: with `maxmemory` a cache, else a store that keeps what it writes down.

mod notation;
mod settings;
mod words;

use serde_json::{Value, json};

use super::{
    lines::{Comments, lines},
    names::Names,
    notes::{Notes, shortened},
    stores,
};
use crate::config::{
    limits::{DURATION_SECONDS_MAX, KEYS_MAX, REPLICAS_MAX},
    schema::Config,
};

use settings::Settings;

/// Bytes of a key and its value, which no file says.
const KEY_BYTES: u64 = 1024;
/// The time that keys have under a policy that evicts only those which expire.
const TTL_SECONDS: f64 = 300.0;
/// Rules of `save` if a file has none: seconds and changes.
const USUAL_SAVES: [(f64, f64); 3] = [(3600.0, 1.0), (300.0, 100.0), (60.0, 10_000.0)];

/// Directives that nothing else has, by which a text is known.
const KNOWN_BY: [&str; 14] = [
    "maxmemory",
    "maxmemory-policy",
    "maxmemory-samples",
    "appendonly",
    "appendfsync",
    "replicaof",
    "slaveof",
    "save",
    "dbfilename",
    "databases",
    "tcp-backlog",
    "protected-mode",
    "requirepass",
    "repl-diskless-sync",
];

/// Whether a text looks like one of Redis'.
pub fn is_it(text: &str) -> bool {
    let known = |line: &str| line.split_whitespace().next().is_some_and(|word| KNOWN_BY.contains(&word));
    text.lines().any(|line| known(line) && !line.trim_end().ends_with(['{', ';', ':']))
}

/// Reads a text into a configuration.
pub fn read(text: &str, config: &mut Config, notes: &mut Notes) {
    let mut settings = Settings::default();
    let mut is_any = false;
    for line in lines(text, Comments::AtTheBeginning) {
        is_any |= settings.take(&line, notes);
    }
    if !is_any {
        return;
    }
    let mut names = Names::default();
    match settings.max_memory {
        Some((line, bytes)) => cache(&settings, (line, bytes), config, &mut names, notes),
        None => store(&settings, config, &mut names, notes),
    }
    stores::tell_users(notes);
}

/// A Redis that has room for so much is a cache before a database.
fn cache(settings: &Settings, (line, bytes): (usize, u64), config: &mut Config, names: &mut Names, notes: &mut Notes) {
    let room = (bytes / KEY_BYTES).max(1);
    // (Twice as many keys as fit.)
    let capacity = room.min(u64::from(KEYS_MAX / 2));
    notes.say(format!(
        "assumed: a key and its value take {KEY_BYTES} bytes, so {room} keys fit; there are twice as many, of which some are \
         asked for more often than others (Zipf, exponent 1)"
    ));
    if capacity < room {
        notes.at(line, format!("of {room} keys that fit {capacity} are simulated, and of all keys as many fewer"));
    }
    let mut keyed = json!({
        "keys": capacity * 2, "capacity": capacity, "eviction": settings.policy, "active_expire": {},
    });
    if settings.policy.starts_with("volatile") {
        keyed["ttl"] = TTL_SECONDS.into();
        notes.say(format!(
            "assumed: a key stays for {TTL_SECONDS} s, since `{}` evicts only keys that expire",
            settings.policy
        ));
    }
    settings.tune(&mut keyed, notes);
    for (line, word, _) in settings.of_stores.iter().filter(|(line, ..)| !settings.kept.contains(line)) {
        notes.idle(*line, word);
    }
    for line in &settings.kept {
        notes.at(*line, "what a cache has written down it does not have when it comes back here");
    }
    let name = names.take("Redis");
    let behind = names.take("Database");
    let operation = json!({ "exponential": { "mean": stores::COMMAND_SECONDS } });
    config
        .caches
        .insert(name.clone(), stores::cache(json!({ "kind": "redis", "operation": operation, "keyed": keyed })));
    let database = json!({ "operation": { "exponential": { "mean": stores::DATABASE_SECONDS } } });
    config.db_clusters.insert(behind.clone(), stores::cluster(database));
    stores::ask(config, names, Some(&behind), Some(&name));
    stores::tell(&name, stores::COMMAND_SECONDS, 0, notes);
    notes.say(format!(
        "assumed: what is not in the cache is read in `{behind}`, in {} ms (exponential)",
        stores::DATABASE_SECONDS * 1e3
    ));
}

/// A Redis that has room for all there is, with its replicas.
fn store(settings: &Settings, config: &mut Config, names: &mut Names, notes: &mut Notes) {
    for (line, word) in &settings.of_caches {
        notes.idle(*line, word);
    }
    for (line, _, text) in &settings.of_stores {
        notes.at(*line, text.clone());
    }
    let replicas = match settings.replicas.min(REPLICAS_MAX) {
        0 if settings.follows => 1,
        replicas => replicas,
    };
    let name = names.take("Redis");
    let mut value = stores::assumed("redis", stores::COMMAND_SECONDS);
    value["replicas"] = replicas.into();
    value["connections"] = 1.into();
    value["replication"]["replay"] = json!({ "workers": 1 });
    value["failover"] = json!({ "strategy": "none" });
    keep(settings, &mut value, notes);
    config.db_clusters.insert(name.clone(), stores::cluster(value));
    stores::ask(config, names, Some(&name), None);
    stores::tell(&name, stores::COMMAND_SECONDS, replicas, notes);
    if replicas > 0 {
        notes.say(format!("nobody promotes a replica of `{}`: that is what Sentinel's file says", shortened(&name)));
    }
}

/// What a store still has when it comes back.
fn keep(settings: &Settings, value: &mut Value, notes: &mut Notes) {
    if settings.appends {
        return;
    }
    let saves = settings.saves.as_deref().unwrap_or(&USUAL_SAVES);
    let writes = super::RATE * (1.0 - stores::READ_SHARE);
    // A rule holds when its time is over and so many changes have come.
    let first = saves.iter().map(|(seconds, changes)| seconds.max(changes / writes)).min_by(f64::total_cmp);
    match first {
        Some(every) => {
            let every = every.round().clamp(1.0, DURATION_SECONDS_MAX);
            value["save_every"] = every.into();
            notes.say(format!(
                "of the rules of `save` that one counts which comes first with so many writes: every {every} s"
            ));
        }
        None => value["persistence"] = "none".into(),
    }
}
