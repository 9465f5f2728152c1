//! Warnings about faults that never come.

use super::{Path, Problems};
use crate::config::{
    resolve::Number,
    schema::{Config, FaultConfig},
};

pub(super) fn check(warnings: &mut Problems, config: &Config) {
    let root = Path::Root;
    let (list, duration) = (root.key("faults"), config.duration.0);
    for (i, fault) in config.faults.iter().enumerate() {
        let (kind, key, at) = match fault {
            FaultConfig::Crash { at, .. } => ("crash", "at", at.0),
            FaultConfig::Slow { from, .. } => ("slow", "from", from.0),
            FaultConfig::Fail { from, .. } => ("fail", "from", from.0),
            FaultConfig::Partition { from, .. } => ("partition", "from", from.0),
        };
        if at > duration {
            warnings.found(&list.index(i).key(kind).key(key), Number(at), never_comes(duration));
        }
    }
}

/// The rule for what comes only after the run.
pub(super) fn never_comes(duration: f64) -> String {
    format!("never comes, as the run is over before (`duration` is {})", Number(duration))
}
