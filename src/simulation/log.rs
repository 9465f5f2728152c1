//! The event log in words.

use serde::Serialize;

use crate::model::{
    log::{Entry, Happening},
    topology::{ComponentId, FaultAction, Side, Target, Topology},
    world::World,
};

/// An entry of the event log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogEntry {
    /// Running number, from 0.
    pub number: u64,
    /// When, in seconds.
    pub time: f64,
    /// What happened: one of [`KINDS`].
    pub kind: &'static str,
    /// Who; empty for the whole system.
    pub component: String,
    /// Particulars in words, English, for people.
    pub detail: String,
}

/// All kinds of entries.
pub const KINDS: [&str; 14] = [
    "crash",
    "recover",
    "slow",
    "partition",
    "heal",
    "failover",
    "no_candidate",
    "promotion",
    "replicated_write",
    "resync_started",
    "resync_done",
    "rejoin",
    "config_change",
    "warm_up_end",
];

/// Part of the log, and how much of it there is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogView {
    /// Entries that passed the filter, oldest first.
    pub entries: Vec<LogEntry>,
    /// Entries ever made.
    pub total: u64,
    /// Entries dropped because the log is bounded.
    pub dropped: u64,
}

/// Which entries of the log are wanted.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    /// Only this component, or the components of this service or cluster.
    pub component: Option<String>,
    /// Only these kinds; empty is all.
    pub kinds: Vec<String>,
    /// Only entries from this running number on.
    pub since: u64,
    /// At most so many, the latest ones; `None` is all.
    pub limit: Option<usize>,
}

impl LogFilter {
    fn passes(&self, entry: &LogEntry, topology: &Topology) -> bool {
        let is_kind = self.kinds.is_empty() || self.kinds.iter().any(|kind| kind == entry.kind);
        is_kind && self.component.as_ref().is_none_or(|wanted| belongs(topology, wanted, &entry.component))
    }
}

/// Whether a component is the wanted one, or one of the wanted service or cluster.
fn belongs(topology: &Topology, wanted: &str, component: &str) -> bool {
    let target = |name: &str| match topology.targets.get(name) {
        Some(Target::Components(range)) => Some(range.clone()),
        _ => None,
    };
    wanted == component
        || match (target(wanted), target(component)) {
            (Some(wanted), Some(one)) => wanted.start <= one.start && one.end <= wanted.end,
            _ => false,
        }
}

/// Whether entries of the log can be about somebody of that name.
pub fn knows(topology: &Topology, name: &str) -> bool {
    matches!(topology.targets.get(name), Some(Target::Components(_)))
        || topology.clusters.iter().any(|cluster| cluster.name == name)
}

/// The log, filtered.
pub fn view(world: &World, filter: &LogFilter) -> LogView {
    let log = world.log();
    let mut entries: Vec<LogEntry> = log
        .entries()
        .filter(|entry| entry.number >= filter.since)
        .map(|entry| in_words(world, entry))
        .filter(|entry| filter.passes(entry, world.topology()))
        .collect();
    if let Some(limit) = filter.limit {
        entries.drain(..entries.len().saturating_sub(limit));
    }
    LogView { entries, total: log.total(), dropped: log.dropped() }
}

fn in_words(world: &World, entry: &Entry) -> LogEntry {
    let topology = world.topology();
    let name = |id: ComponentId| topology.component_name(id).to_owned();
    let node = |id| name(topology.node_component(id));
    let cluster = |id: crate::model::topology::ClusterId| topology.clusters[id.index()].name.clone();
    let (kind, component, detail) = match entry.what {
        Happening::Crash(id, because) => ("crash", name(id), format!("down: {}", because.name())),
        Happening::Recover(id) => ("recover", name(id), "up".to_owned()),
        Happening::Slow(id, factor) => ("slow", name(id), format!("times are multiplied by {factor}")),
        Happening::Partition(fault) => ("partition", String::new(), partition_in_words(topology, fault)),
        Happening::Heal(fault) => ("heal", String::new(), partition_in_words(topology, fault)),
        Happening::FailoverStarted { cluster: id, by_write } => {
            let who = if by_write { "a write" } else { "the monitor" };
            ("failover", cluster(id), format!("{who} found the primary dead"))
        }
        Happening::NoCandidate(id) => ("no_candidate", cluster(id), "no replica is up to take over".to_owned()),
        Happening::Promoted(id, lost) => ("promotion", node(id), format!("is the primary now, {lost} writes lost")),
        Happening::ReplicatedWrite(id, lag, behind) => {
            let lag = lag.as_seconds();
            ("replicated_write", node(id), format!("applied {lag:.3} s after its commit, {behind} writes behind"))
        }
        Happening::ResyncStarted(id, missing) => {
            ("resync_started", node(id), format!("catches up on {missing} writes"))
        }
        Happening::ResyncDone(id) => ("resync_done", node(id), "has caught up".to_owned()),
        Happening::Rejoined(id) => ("rejoin", node(id), "is a replica again".to_owned()),
        Happening::ConfigChange(number) => ("config_change", String::new(), world.log().change(number).to_owned()),
        Happening::WarmUpEnd => ("warm_up_end", String::new(), "statistics start anew".to_owned()),
    };
    LogEntry { number: entry.number, time: entry.time.as_seconds(), kind, component, detail }
}

fn partition_in_words(topology: &Topology, fault: u32) -> String {
    let action = topology.faults.get(fault as usize).map(|fault| &fault.action);
    let Some(FaultAction::Partition { between: [one, other], .. }) = action else { return String::new() };
    format!("between {} and {}", side_in_words(topology, one), side_in_words(topology, other))
}

fn side_in_words(topology: &Topology, side: &Side) -> String {
    match side {
        Side::Users => "users".to_owned(),
        Side::Balancer => "balancer".to_owned(),
        Side::Target(target) => {
            let name = topology.targets.iter().find(|(_, other)| *other == target).map(|(name, _)| name.clone());
            name.unwrap_or_default()
        }
    }
}
