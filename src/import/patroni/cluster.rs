//! A cluster, as Patroni and its PostgreSQL describe it.

use serde_json::{Value, json};

use super::{lease::Times, notation, words, yaml::Node};
use crate::{
    config::limits::{REPLICAS_MAX, WORKERS_MAX},
    import::{
        notes::{Notes, shortened},
        stores,
    },
};

/// Bytes of the log that a write takes, which no file says.
const WRITE_BYTES: u64 = 1024;

/// What a file says of it.
#[derive(Debug, Default)]
pub struct Cluster {
    /// Whether there is a word of a cluster at all.
    pub is_said: bool,
    pub times: Times,
    /// Members of a cluster that keeps its lease by itself, beside this one.
    pub partners: Option<u32>,
    maximum_lag: Option<u32>,
    is_synchronous: bool,
    is_strict: bool,
    node_count: Option<u32>,
    commit: Option<&'static str>,
    apply_delay: Option<f64>,
    max_connections: Option<u32>,
    reserved: Option<u32>,
}

impl Cluster {
    /// Takes a word of Patroni's: whether it means something, `None` if it is none of these.
    pub fn take(&mut self, line: usize, key: &str, value: &Node, notes: &mut Notes) -> Option<bool> {
        let text = value.text();
        Some(match key {
            "ttl" | "loop_wait" | "retry_timeout" => self.times.take(line, key, text, notes),
            "maximum_lag_on_failover" => {
                let writes =
                    text.parse::<u64>().ok().map(|bytes| u32::try_from(bytes / WRITE_BYTES).unwrap_or(u32::MAX));
                if let Some(writes) = writes {
                    notes.at(line, format!("assumed: a write takes {WRITE_BYTES} bytes of the log, so that a replica may lack {writes} writes"));
                }
                self.maximum_lag = writes.or(self.maximum_lag);
                writes.is_some()
            }
            "synchronous_mode" => {
                if text == "quorum" {
                    notes.at(line, "`synchronous_mode: quorum`: the standbys that Patroni chooses are all waited for");
                }
                let is_on = notation::is_on(text).or((text == "quorum").then_some(true));
                self.is_synchronous = is_on.unwrap_or(self.is_synchronous);
                is_on.is_some()
            }
            "synchronous_mode_strict" => {
                let is_on = notation::is_on(text);
                self.is_strict = is_on.unwrap_or(self.is_strict);
                is_on.is_some()
            }
            "synchronous_node_count" => {
                let count = text.parse::<u32>().ok().filter(|count| *count > 0);
                self.node_count = count.map(|count| count.min(REPLICAS_MAX)).or(self.node_count);
                count.is_some()
            }
            _ => return None,
        })
    }

    /// Takes what is said of PostgreSQL, to all nodes or to this one.
    pub fn postgresql(&mut self, section: &Node, is_common: bool, notes: &mut Notes) {
        for (line, key, value) in section.entries() {
            match key.as_str() {
                "parameters" => {
                    for (line, key, value) in value.entries() {
                        self.parameter((*line, key, value.text()), is_common, notes);
                    }
                }
                _ => super::leave(*line, key, notes),
            }
        }
    }

    fn parameter(&mut self, (line, key, text): (usize, &str, &str), is_common: bool, notes: &mut Notes) {
        let count = || text.parse::<u32>().ok();
        let is_good = match key {
            "max_connections" if !is_common => {
                return notes.at(line, "`max_connections` counts only where it is said to all nodes");
            }
            "max_connections" => set(count(), &mut self.max_connections),
            "superuser_reserved_connections" => set(count(), &mut self.reserved),
            "synchronous_commit" => set(commit(text), &mut self.commit),
            "recovery_min_apply_delay" => set(notation::seconds(text), &mut self.apply_delay),
            _ => {
                return match words::reason(key) {
                    Some(reason) => notes.at(line, format!("`{}`: {reason}", shortened(key))),
                    None => notes.idle(line, key),
                };
            }
        };
        if !is_good {
            notes.at(line, format!("`{key}`: `{}` means nothing here", shortened(text)));
        }
    }

    /// How many replicas it waits for.
    pub fn standbys(&self) -> u32 {
        let chooses = self.is_synchronous || self.is_strict;
        if chooses { self.node_count.unwrap_or(1) } else { 0 }
    }

    /// As JSON.
    pub fn value(&self, replicas: u32) -> Value {
        let mut value = stores::assumed("patroni", stores::DATABASE_SECONDS);
        value["replicas"] = replicas.into();
        let mut patroni = json!({
            "ttl": self.times.ttl.1, "loop_wait": self.times.loop_wait.1, "retry_timeout": self.times.retry_timeout.1,
        });
        if let Some(lag) = self.maximum_lag {
            patroni["maximum_lag_on_failover"] = lag.into();
        }
        if self.is_synchronous {
            patroni["synchronous_mode"] = true.into();
            patroni["synchronous_mode_strict"] = self.is_strict.into();
            patroni["synchronous_node_count"] = self.node_count.unwrap_or(1).min(replicas.max(1)).into();
        }
        value["failover"] = json!({ "patroni": patroni });
        if let Some(max) = self.max_connections {
            value["connections"] = max.saturating_sub(self.reserved.unwrap_or(3)).clamp(1, WORKERS_MAX).into();
        }
        if let Some(commit) = self.commit {
            value["replication"]["synchronous_commit"] = commit.into();
        }
        if let Some(delay) = self.apply_delay {
            value["replication"]["apply_delay"] = json!({ "constant": delay });
        }
        value
    }
}

/// Takes a value that could be read.
fn set<T>(value: Option<T>, target: &mut Option<T>) -> bool {
    let is_read = value.is_some();
    *target = value.or(target.take());
    is_read
}

/// What a write waits for, in the words of this side.
fn commit(text: &str) -> Option<&'static str> {
    Some(match text {
        "local" => "local",
        "remote_write" => "remote_write",
        "remote_apply" => "remote_apply",
        _ if notation::is_on(text)? => "on",
        _ => "off",
    })
}
