//! What a file of Redis' says, as far as it is taken over.

use serde_json::Value;

use super::{
    super::{
        lines::Line,
        notes::{Notes, shortened},
    },
    notation::bytes,
    words::{self, Fate},
};
use crate::config::limits::{EXPIRE_EFFORT_MAX, EXPIRE_HZ_MAX, LFU_LOG_FACTOR_MAX, SAMPLES_MAX};

/// Policies of eviction, by their names.
const POLICIES: [&str; 8] = [
    "noeviction",
    "allkeys-lru",
    "allkeys-lfu",
    "allkeys-random",
    "volatile-lru",
    "volatile-lfu",
    "volatile-random",
    "volatile-ttl",
];

/// The settings of one server.
#[derive(Debug)]
pub struct Settings {
    /// `maxmemory`, and in which line.
    pub max_memory: Option<(usize, u64)>,
    pub policy: String,
    /// Rules of `save`: seconds and changes. `None` if there is none, none in it if snapshots are switched off.
    pub saves: Option<Vec<(f64, f64)>>,
    pub appends: bool,
    /// It is somebody's replica.
    pub follows: bool,
    /// How many replicas it asks for.
    pub replicas: u32,
    /// Lines that say what is written down.
    pub kept: Vec<usize>,
    /// Lines that are about caches only.
    pub of_caches: Vec<(usize, String)>,
    /// Lines that are about stores only: the word, and what there is to say of it there.
    pub of_stores: Vec<(usize, String, String)>,
    numbers: Vec<(usize, String, u32)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_memory: None,
            policy: "noeviction".into(),
            saves: None,
            appends: false,
            follows: false,
            replicas: 0,
            kept: Vec::new(),
            of_caches: Vec::new(),
            of_stores: Vec::new(),
            numbers: Vec::new(),
        }
    }
}

impl Settings {
    /// Takes a line over, or notes why not; whether it is one of Redis'.
    pub fn take(&mut self, line: &Line, notes: &mut Notes) -> bool {
        let (name, value) = (line.word(0).to_ascii_lowercase(), line.word(1));
        let is_good = match name.as_str() {
            "maxmemory" => match bytes(value) {
                Some(bytes) => {
                    self.max_memory = Some((line.number, bytes)).filter(|_| bytes > 0);
                    true
                }
                None => false,
            },
            "maxmemory-policy" => self.take_policy(line),
            "maxmemory-samples" | "lfu-log-factor" | "lfu-decay-time" | "hz" | "active-expire-effort" => {
                self.of_caches.push((line.number, name.clone()));
                let number = value.parse().ok();
                self.numbers.extend(number.map(|number| (line.number, name.clone(), number)));
                number.is_some()
            }
            "save" => self.take_saves(line),
            "appendonly" => self.take_appends(line),
            "appendfsync" => {
                if value == "no" {
                    self.note_of_store(
                        line,
                        "`appendfsync no`: what the system has not written yet is lost with the machine only",
                    );
                }
                ["always", "everysec", "no"].contains(&value)
            }
            "replicaof" | "slaveof" => {
                self.follows = value != "no";
                if self.follows {
                    self.note_of_store(line, "it is a replica, so it and its master are simulated");
                }
                true
            }
            "min-replicas-to-write" | "min-slaves-to-write" => self.take_replicas(line),
            _ => return leave(&name, value, line, notes),
        };
        if !is_good {
            notes.at(line.number, format!("`{name}`: `{}` means nothing here", shortened(value)));
        }
        true
    }

    fn take_policy(&mut self, line: &Line) -> bool {
        let value = line.word(1).to_ascii_lowercase();
        self.of_caches.push((line.number, "maxmemory-policy".into()));
        let is_known = POLICIES.contains(&value.as_str());
        if is_known {
            self.policy = value;
        }
        is_known
    }

    /// `save 900 1`, several of them in a line, or `save ""`.
    fn take_saves(&mut self, line: &Line) -> bool {
        let saves = self.saves.get_or_insert_default();
        let words = &line.words[1..];
        if words.iter().all(String::is_empty) {
            saves.clear();
            return true;
        }
        self.kept.push(line.number);
        let numbers: Option<Vec<f64>> = words.iter().map(|word| word.parse::<u32>().ok().map(f64::from)).collect();
        // (Redis refuses what is over at once.)
        let are_rules = |numbers: &Vec<f64>| {
            numbers.len().is_multiple_of(2) && numbers.iter().step_by(2).all(|seconds| *seconds >= 1.0)
        };
        let Some(numbers) = numbers.filter(are_rules) else { return false };
        saves.extend(numbers.chunks_exact(2).map(|rule| (rule[0], rule[1])));
        true
    }

    fn take_appends(&mut self, line: &Line) -> bool {
        self.appends = line.word(1) == "yes";
        if self.appends {
            self.kept.push(line.number);
            self.note_of_store(
                line,
                "`appendonly`: a process that dies loses nothing; that a machine dies is not told apart from that",
            );
        }
        ["yes", "no"].contains(&line.word(1))
    }

    fn take_replicas(&mut self, line: &Line) -> bool {
        let Ok(replicas) = line.word(1).parse() else { return false };
        self.replicas = replicas;
        if replicas > 0 {
            let text = format!(
                "`{}`: so many replicas there are; with fewer a master takes writes all the same",
                line.word(0)
            );
            self.note_of_store(line, &text);
        }
        true
    }

    fn note_of_store(&mut self, line: &Line, text: &str) {
        self.of_stores.push((line.number, line.word(0).to_ascii_lowercase(), text.to_owned()));
    }

    /// What is looked at when keys leave, added to a cache that has keys.
    pub fn tune(&self, keyed: &mut Value, notes: &mut Notes) {
        for (line, name, number) in &self.numbers {
            let number = *number;
            match name.as_str() {
                "hz" => keyed["active_expire"]["hz"] = number.clamp(1, EXPIRE_HZ_MAX).into(),
                "active-expire-effort" => keyed["active_expire"]["effort"] = number.clamp(1, EXPIRE_EFFORT_MAX).into(),
                "maxmemory-samples" if self.has_samples() => keyed["samples"] = number.clamp(1, SAMPLES_MAX).into(),
                "lfu-log-factor" if self.policy.ends_with("lfu") => {
                    keyed["lfu_log_factor"] = number.min(LFU_LOG_FACTOR_MAX).into();
                }
                "lfu-decay-time" if self.policy.ends_with("lfu") => {
                    keyed["lfu_decay_time"] = (f64::from(number) * 60.0).into();
                }
                _ => notes.idle(*line, name),
            }
        }
    }

    fn has_samples(&self) -> bool {
        ["lru", "lfu", "ttl"].iter().any(|end| self.policy.ends_with(end))
    }
}

/// Takes note of a line that nobody has read; whether it is one of Redis'.
fn leave(name: &str, value: &str, line: &Line, notes: &mut Notes) -> bool {
    match words::fate(name, value) {
        Fate::Idle => notes.idle(line.number, name),
        Fate::Left(reason) => {
            notes.at(line.number, format!("`{}`: {reason}", shortened(name)));
            return reason != words::UNKNOWN;
        }
    }
    true
}
