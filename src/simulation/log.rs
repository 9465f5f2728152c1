//! The event log in words.

use serde::Serialize;

use crate::{
    model::{
        log::{AskerName, Entry, Happening},
        marks::MarkClass,
        policy::breaker::BreakerPhase,
        topology::{Asked, FaultAction, Side, Target, Topology},
        world::World,
    },
    stats::thinned::Place,
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
pub const KINDS: [&str; 26] = [
    "crash",
    "recover",
    "slow",
    "failing",
    "partition",
    "heal",
    "failover",
    "no_candidate",
    "suspicion",
    "called_off",
    "demotion",
    "forgot",
    "promotion",
    "replicated_write",
    "resync_started",
    "resync_done",
    "rejoin",
    "breaker",
    "ejection",
    "presence",
    "scaling",
    "deployment",
    "redelivery",
    "election",
    "config_change",
    "warm_up_end",
];

/// A place on the time line of a run where something of a class happened: the first of it, and how much there was. The log
/// forgets what is old, marks stay to the beginning, but of each class there are a few hundred at the most.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mark {
    /// Running number of the first entry, as in the log.
    pub number: u64,
    /// When that was, in seconds.
    pub time: f64,
    /// What it stands for: `fault`, `mended`, `failover`, `breaker` or `change`.
    pub class: &'static str,
    /// What happened first: one of [`KINDS`].
    pub kind: &'static str,
    /// To whom; empty for the whole system.
    pub component: String,
    /// How many entries of the class there were in this place.
    pub count: u64,
}

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
    fn passes(&self, entry: &Entry, topology: &Topology) -> bool {
        entry.number >= self.since
            && (self.kinds.is_empty() || self.kinds.iter().any(|wanted| wanted == kind(entry.what)))
            && self.component.as_ref().is_none_or(|wanted| belongs(topology, wanted, component(topology, entry.what)))
    }
}

/// Whether a component is the wanted one, or one of the wanted service or cluster.
fn belongs(topology: &Topology, wanted: &str, component: &str) -> bool {
    let target = |name: &str| match topology.targets.get(name) {
        Some(Target::Components(components)) => Some(components),
        _ => None,
    };
    wanted == component
        || match (target(wanted), target(component)) {
            (Some(wanted), Some(one)) => one.iter().all(|component| wanted.contains(component)),
            _ => false,
        }
}

/// Whether entries of the log can be about somebody of that name.
pub fn knows(topology: &Topology, name: &str) -> bool {
    matches!(topology.targets.get(name), Some(Target::Components(_)))
        || topology.clusters.iter().any(|cluster| cluster.name == name)
}

/// The log, filtered. Only what is wanted is put into words: there may be thousands of entries.
pub fn view(world: &World, filter: &LogFilter) -> LogView {
    let log = world.log();
    let mut wanted: Vec<&Entry> = log.entries().filter(|entry| filter.passes(entry, world.topology())).collect();
    if let Some(limit) = filter.limit {
        wanted.drain(..wanted.len().saturating_sub(limit));
    }
    let entries = wanted.into_iter().map(|entry| in_words(world, entry)).collect();
    LogView { entries, total: log.total(), dropped: log.dropped() }
}

/// When which node was promoted, node by node, thinned.
pub fn promotions(world: &World) -> Vec<(String, f64)> {
    let topology = world.topology();
    let name = |node| topology.component_name(topology.node_component(node)).to_owned();
    world.log().marks().promotions().map(|(node, place)| (name(node), place.time.as_seconds())).collect()
}

/// All marks, oldest first.
pub fn marks(world: &World) -> Vec<Mark> {
    let mark = |class: MarkClass, place: &Place<Entry>| Mark {
        number: place.first.number,
        time: place.time.as_seconds(),
        class: class.name(),
        kind: kind(place.first.what),
        component: component(world.topology(), place.first.what).to_owned(),
        count: place.count,
    };
    let of = |class| world.log().marks().of(class).iter().map(move |place| mark(class, place));
    let mut all: Vec<Mark> = MarkClass::ALL.into_iter().flat_map(of).collect();
    all.sort_by_key(|mark| mark.number);
    all
}

fn in_words(world: &World, entry: &Entry) -> LogEntry {
    LogEntry {
        number: entry.number,
        time: entry.time.as_seconds(),
        kind: kind(entry.what),
        component: component(world.topology(), entry.what).to_owned(),
        detail: detail(world, entry.what),
    }
}

fn kind(what: Happening) -> &'static str {
    match what {
        Happening::Crash(..) => "crash",
        Happening::Recover(_) => "recover",
        Happening::Slow(..) => "slow",
        Happening::Failing(..) => "failing",
        Happening::Partition(_) => "partition",
        Happening::Heal(_) => "heal",
        Happening::FailoverStarted { .. } => "failover",
        Happening::NoCandidate(_) => "no_candidate",
        Happening::Suspected(_) => "suspicion",
        Happening::CalledOff(_) => "called_off",
        Happening::Demoted(_) | Happening::SteppedDown(_) => "demotion",
        Happening::Forgot(..) | Happening::CameBackShort(..) => "forgot",
        Happening::Breaker { .. } => "breaker",
        Happening::Ejected(_) | Happening::Readmitted(_) => "ejection",
        Happening::Starting(_) | Happening::Ready(_) | Happening::Draining(_) | Happening::Gone(_) => "presence",
        Happening::Scaled { .. } => "scaling",
        Happening::Deployment { .. } | Happening::Deployed { .. } | Happening::RolledBack { .. } => "deployment",
        Happening::Promoted(..) => "promotion",
        Happening::ReplicatedWrite(..) => "replicated_write",
        Happening::ResyncStarted(..) | Happening::Rewinding(_) => "resync_started",
        Happening::ResyncDone(_) => "resync_done",
        Happening::Rejoined { .. } | Happening::Joined(_) => "rejoin",
        Happening::Redelivered { .. } => "redelivery",
        Happening::Elected { .. } => "election",
        Happening::ConfigChange(_) => "config_change",
        Happening::WarmUpEnd => "warm_up_end",
    }
}

/// Who; empty for the whole system.
fn component(topology: &Topology, what: Happening) -> &str {
    match what {
        Happening::Crash(id, _) | Happening::Recover(id) | Happening::Slow(id, _) | Happening::Failing(id, _) => {
            topology.component_name(id)
        }
        Happening::Promoted(id, _)
        | Happening::Demoted(id)
        | Happening::SteppedDown(id)
        | Happening::Rewinding(id)
        | Happening::Forgot(id, _)
        | Happening::CameBackShort(id, _)
        | Happening::ReplicatedWrite(id, ..)
        | Happening::ResyncStarted(id, _)
        | Happening::ResyncDone(id)
        | Happening::Rejoined { node: id, .. }
        | Happening::Joined(id) => topology.component_name(topology.node_component(id)),
        Happening::Elected { leader, .. } => topology.component_name(topology.member_component(leader)),
        Happening::FailoverStarted { cluster: id, .. }
        | Happening::NoCandidate(id)
        | Happening::Suspected(id)
        | Happening::CalledOff(id) => &topology.clusters[id.index()].name,
        Happening::Breaker { from: AskerName::Group(id), .. } => &topology.users[id.index()].name,
        Happening::Breaker { from: AskerName::Instance(id), .. }
        | Happening::Ejected(id)
        | Happening::Redelivered { instance: id, .. }
        | Happening::Readmitted(id)
        | Happening::Starting(id)
        | Happening::Ready(id)
        | Happening::Draining(id)
        | Happening::Gone(id) => topology.component_name(topology.instance_component(id)),
        Happening::Scaled { service: id, .. }
        | Happening::Deployment { service: id, .. }
        | Happening::Deployed { service: id, .. }
        | Happening::RolledBack { service: id, .. } => &topology.services[id.index()].name,
        Happening::Partition(_) | Happening::Heal(_) | Happening::ConfigChange(_) | Happening::WarmUpEnd => "",
    }
}

fn detail(world: &World, what: Happening) -> String {
    match what {
        Happening::Crash(_, because) => format!("down: {}", because.name()),
        Happening::Recover(_) => "up".to_owned(),
        Happening::Slow(_, factor) => format!("times are multiplied by {factor}"),
        Happening::Failing(_, prob) if prob > 0.0 => format!("fails with a probability of {prob}"),
        Happening::Failing(..) => "fails no more".to_owned(),
        Happening::Partition(fault) | Happening::Heal(fault) => partition_in_words(world.topology(), fault),
        Happening::FailoverStarted { by_write: true, .. } => "a write found the primary dead".to_owned(),
        Happening::FailoverStarted { .. } => "the monitor found the primary dead".to_owned(),
        Happening::NoCandidate(_) => "no replica is up to take over".to_owned(),
        Happening::Suspected(_) => "the primary does not answer".to_owned(),
        Happening::CalledOff(_) => "the primary is back, nobody replaces it".to_owned(),
        Happening::Demoted(_) => "is told that it is not the primary any more".to_owned(),
        Happening::SteppedDown(_) => "cannot renew its lease, and refuses writes".to_owned(),
        Happening::Rewinding(_) => "rewinds what the new primary lacks".to_owned(),
        Happening::CameBackShort(_, lost) => {
            format!("has come back without what it had not written to disk, {lost} writes lost")
        }
        Happening::Forgot(_, lost) => format!("has come back empty, {lost} writes lost"),
        Happening::Ejected(_) => "the balancer takes it to be down".to_owned(),
        Happening::Readmitted(_) => "the balancer asks it again".to_owned(),
        Happening::Starting(_) => "starts up".to_owned(),
        Happening::Ready(_) => "takes requests".to_owned(),
        Happening::Draining(_) => "gets no more requests, and has to go".to_owned(),
        Happening::Gone(_) => "has gone".to_owned(),
        Happening::Scaled { from, to, .. } => format!("{to} instances are wanted, instead of {from}"),
        Happening::Deployment { release, .. } => format!("release {release} begins to take over"),
        Happening::Deployed { release, .. } => format!("all instances are of release {release}"),
        Happening::RolledBack { release, .. } => format!("too many requests fail: back to release {release}"),
        Happening::Breaker { from, to, phase } => {
            let what = match phase {
                BreakerPhase::Closed => "has closed",
                BreakerPhase::Open => "has opened",
                BreakerPhase::HalfOpen => "lets probes through",
            };
            format!("the breaker to {} {what}", asked(world.topology(), from, to))
        }
        Happening::Promoted(_, lost) => format!("is the primary now, {lost} writes lost"),
        Happening::ReplicatedWrite(_, lag, behind) => {
            format!("applied {:.3} s after its commit, {behind} writes behind", lag.as_seconds())
        }
        Happening::ResyncStarted(_, missing) => format!("catches up on {missing} writes"),
        Happening::ResyncDone(_) => "has caught up".to_owned(),
        Happening::Rejoined { is_up: true, .. } => "is a replica again".to_owned(),
        Happening::Rejoined { .. } => "is a replica again as soon as it is up".to_owned(),
        Happening::Joined(_) => "is a replica now".to_owned(),
        Happening::Redelivered { queue, count, .. } => {
            let queue = &world.topology().queues[queue.index()];
            let broker = &world.topology().brokers[queue.broker.index()].name;
            format!("{count} messages go back into {} at {broker}", queue.name)
        }
        Happening::Elected { queue, .. } => {
            let queue = &world.topology().queues[queue.index()];
            let broker = &world.topology().brokers[queue.broker.index()].name;
            format!("leads {} at {broker} now", queue.name)
        }
        Happening::ConfigChange(number) => world.log().change(number).to_owned(),
        Happening::WarmUpEnd => "statistics start anew".to_owned(),
    }
}

/// Name of whom somebody asks: of stores that each instance has for itself, the asker's own.
fn asked(topology: &Topology, from: AskerName, to: Asked) -> &str {
    let asker = match from {
        AskerName::Instance(id) => topology.instances.get(id.index()),
        AskerName::Group(_) => None,
    };
    match to {
        Asked::Service(id) => &topology.services[id.index()].name,
        Asked::Broker(id) => &topology.brokers[id.index()].name,
        Asked::Database => asker.and_then(|asker| asker.cluster).map_or("", |id| &topology.clusters[id.index()].name),
        Asked::Cache => {
            let cache = asker.and_then(|asker| asker.cache);
            cache.map_or("", |id| topology.component_name(topology.cache_component(id)))
        }
    }
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
