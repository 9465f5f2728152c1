//! Sentinel's configuration: each master that it watches is a cluster, with its replicas as far as the file knows them.

use std::collections::BTreeMap;

use super::{
    THINGS_MAX,
    lines::{Comments, Line, lines},
    names::Names,
    notes::{Notes, shortened},
    stores,
};
use crate::config::{
    limits::{DURATION_SECONDS_MAX, INTERVAL_SECONDS_MIN, REPLICAS_MAX},
    schema::Config,
};

/// What Sentinel says of a master or of itself and that plays no part, without `sentinel`.
const IDLE: [&str; 19] = [
    "announce-hostnames",
    "announce-ip",
    "announce-port",
    "auth-pass",
    "auth-user",
    "client-reconfig-script",
    "config-epoch",
    "current-epoch",
    "debug",
    "deny-scripts-reconfig",
    "known-sentinel",
    "leader-epoch",
    "loglevel",
    "myid",
    "notification-script",
    "rename-command",
    "resolve-hostnames",
    "sentinel-pass",
    "sentinel-user",
];
/// What would have a part, and why it has none.
const REASONS: [(&str, &str); 3] = [
    ("failover-timeout", "a failover that finds nobody begins anew at the next look"),
    ("parallel-syncs", "all replicas follow the new master at once"),
    ("master-reboot-down-after-period", "a master that comes back empty is a master all the same"),
];
/// Directives of the server around it that play no part.
const IDLE_OF_SERVER: [&str; 14] = [
    "acllog",
    "aclfile",
    "bind",
    "daemonize",
    "dir",
    "latency",
    "logfile",
    "loglevel",
    "pidfile",
    "port",
    "protected-mode",
    "requirepass",
    "tls-",
    "user",
];

/// A master that is watched.
struct Master {
    name: String,
    line: usize,
    down_after: Option<f64>,
    replicas: u32,
}

/// Whether a text looks like one of Sentinel's.
pub fn is_it(text: &str) -> bool {
    let begins = |line: &str| {
        let mut words = line.split_whitespace();
        words.next().is_some_and(|word| word.eq_ignore_ascii_case("sentinel"))
            && words.next().is_some_and(|word| word.eq_ignore_ascii_case("monitor"))
    };
    text.lines().any(begins)
}

/// Reads a text into a configuration.
pub fn read(text: &str, config: &mut Config, notes: &mut Notes) {
    let (mut masters, mut places) = (Vec::<Master>::new(), BTreeMap::<String, usize>::new());
    for line in lines(text, Comments::AtTheBeginning) {
        let (name, word) = (line.word(0).to_ascii_lowercase(), line.word(1).to_ascii_lowercase());
        match (name.as_str(), word.as_str()) {
            ("sentinel", "monitor") if masters.len() >= THINGS_MAX => {
                notes.at(line.number, format!("only the first {THINGS_MAX} masters are taken over"));
            }
            ("sentinel", "monitor") => {
                let name = line.word(2).to_owned();
                if places.contains_key(&name) {
                    notes.at(line.number, format!("there is a `{}` already", shortened(&name)));
                    continue;
                }
                places.insert(name.clone(), masters.len());
                masters.push(Master { name, line: line.number, down_after: None, replicas: 0 });
                quorum(&line, notes);
            }
            ("sentinel", word) => {
                let master = places.get(line.word(2)).and_then(|place| masters.get_mut(*place));
                take(&line, word, master, notes);
            }
            (name, _) if IDLE_OF_SERVER.iter().any(|word| name.starts_with(word)) => notes.idle(line.number, name),
            (name, _) => notes.at(line.number, format!("`{}`: is not known", shortened(name))),
        }
    }
    let mut names = Names::default();
    for master in &masters {
        add(master, config, &mut names, notes);
    }
    if !masters.is_empty() {
        stores::tell_users(notes);
    }
}

/// How many Sentinels must agree: they are not simulated.
fn quorum(line: &Line, notes: &mut Notes) {
    let quorum = shortened(line.word(5));
    notes.at(
        line.number,
        format!("the quorum of {quorum} is always there: Sentinels do not fail, and see what the others see"),
    );
}

/// Takes what is said of a master.
fn take(line: &Line, word: &str, master: Option<&mut Master>, notes: &mut Notes) {
    if let Some((_, reason)) = REASONS.iter().find(|(name, _)| *name == word) {
        return notes.at(line.number, format!("`{word}`: {reason}"));
    }
    if IDLE.contains(&word) {
        return notes.idle(line.number, &format!("sentinel {word}"));
    }
    if !["down-after-milliseconds", "known-replica", "known-slave"].contains(&word) {
        return notes.at(line.number, format!("`{}`: is not known", shortened(word)));
    }
    let Some(master) = master else {
        return notes.at(line.number, format!("no master `{}` is watched before this line", shortened(line.word(2))));
    };
    if word != "down-after-milliseconds" {
        master.replicas += 1;
        return;
    }
    match line.word(3).parse::<u32>() {
        Ok(millis) => master.down_after = Some(f64::from(millis) / 1e3),
        Err(_) => notes.at(line.number, format!("`{word}`: `{}` means nothing here", shortened(line.word(3)))),
    }
}

/// A cluster under Sentinel, and who asks it.
fn add(master: &Master, config: &mut Config, names: &mut Names, notes: &mut Notes) {
    let name = names.take(&master.name);
    let replicas = match master.replicas {
        0 => {
            let replicas = stores::NODES - 1;
            notes.at(
                master.line,
                format!("assumed: `{}` has {replicas} replicas; Sentinel finds them by itself", shortened(&name)),
            );
            replicas
        }
        known => known.min(REPLICAS_MAX),
    };
    let mut value = stores::assumed("sentinel", stores::COMMAND_SECONDS);
    value["replicas"] = replicas.into();
    if let Some(seconds) = master.down_after {
        let patience = seconds.clamp(INTERVAL_SECONDS_MIN, DURATION_SECONDS_MAX);
        value["failover"] = serde_json::json!({ "patience": patience });
    }
    config.db_clusters.insert(name.clone(), stores::cluster(value));
    stores::ask(config, names, Some(&name), None);
    stores::tell(&name, stores::COMMAND_SECONDS, replicas, notes);
}
