//! The event log: what happened to the system, bounded.

use std::collections::VecDeque;

use super::{
    health::DownBecause,
    marks::Marks,
    policy::breaker::BreakerPhase,
    topology::{Asked, ClusterId, ComponentId, GroupId, InstanceId, MemberId, NodeId, QueueId, ServiceId},
};
use crate::engine::time::{Duration, SimTime};

/// An entry of the log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// Running number, from 0.
    pub number: u64,
    /// When.
    pub time: SimTime,
    /// What.
    pub what: Happening,
}

/// Something worth remembering.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Happening {
    /// A component went down.
    Crash(ComponentId, DownBecause),
    /// A component came back.
    Recover(ComponentId),
    /// A component's times are multiplied from now on.
    Slow(ComponentId, f64),
    /// A component's operations fail at once with this probability from now on.
    Failing(ComponentId, f64),
    /// A scheduled partition began; the number is that of the fault.
    Partition(u32),
    /// A scheduled partition ended.
    Heal(u32),
    /// A breaker has begun another phase.
    Breaker {
        /// Whose.
        from: AskerName,
        /// Against whom.
        to: Asked,
        /// The phase.
        phase: BreakerPhase,
    },
    /// A balancer takes an instance to be down, and asks it no more.
    Ejected(InstanceId),
    /// A balancer asks an instance again.
    Readmitted(InstanceId),
    /// A new instance has begun, and takes no requests yet.
    Starting(InstanceId),
    /// A new instance takes requests.
    Ready(InstanceId),
    /// An instance is to go, and gets no more requests.
    Draining(InstanceId),
    /// An instance has gone.
    Gone(InstanceId),
    /// An autoscaler wants another number of instances.
    Scaled {
        /// Of which service.
        service: ServiceId,
        /// How many it wanted before.
        from: u32,
        /// How many it wants now.
        to: u32,
    },
    /// Another release begins to take the place of the present one.
    Deployment {
        /// Of which service.
        service: ServiceId,
        /// Which: 0 is that of the service's own numbers.
        release: u32,
    },
    /// All instances are of the release that is wanted.
    Deployed {
        /// Of which service.
        service: ServiceId,
        /// Which.
        release: u32,
    },
    /// Too many requests fail at the new release: the one before comes back.
    RolledBack {
        /// Of which service.
        service: ServiceId,
        /// Which comes back.
        release: u32,
    },
    /// A cluster's primary is dead, and a failover was started (by a write, or by the monitor).
    FailoverStarted {
        /// The cluster.
        cluster: ClusterId,
        /// Whether a write started it.
        by_write: bool,
    },
    /// A cluster's primary is away, and may be back soon.
    Suspected(ClusterId),
    /// A cluster's primary is back before it was replaced.
    CalledOff(ClusterId),
    /// A former primary has been told that it is none.
    Demoted(NodeId),
    /// A primary that keeps nothing on disk has come back empty; so many acknowledged writes were lost.
    Forgot(NodeId, u64),
    /// A primary has come back without what it had not written to disk; so many acknowledged writes were lost.
    CameBackShort(NodeId, u64),
    /// A primary that could not renew its lease refuses writes.
    SteppedDown(NodeId),
    /// A node with a history of its own begins to rewind it.
    Rewinding(NodeId),
    /// A cluster's primary is dead, and no replica is up to take over.
    NoCandidate(ClusterId),
    /// A node has become the primary; so many acknowledged writes were lost.
    Promoted(NodeId, u64),
    /// A replica has applied a write, so long after its commit; so many more are behind it.
    ReplicatedWrite(NodeId, Duration, u64),
    /// A node begins to catch up on so many writes.
    ResyncStarted(NodeId, u64),
    /// A node has caught up.
    ResyncDone(NodeId),
    /// A former primary is a replica again; if it is still down, it will serve as soon as it is up.
    Rejoined {
        /// The node.
        node: NodeId,
        /// Whether it is up.
        is_up: bool,
    },
    /// A new node has caught up, and is a replica now.
    Joined(NodeId),
    /// Messages that a consumer had are put back into their queue.
    Redelivered {
        /// Whose consumer.
        instance: InstanceId,
        /// Which queue.
        queue: QueueId,
        /// How many.
        count: u32,
    },
    /// A quorum queue has another leader.
    Elected {
        /// Which queue.
        queue: QueueId,
        /// The leader.
        leader: MemberId,
    },
    /// The configuration was changed; the number is that of the text in [`Log::change`].
    ConfigChange(u32),
    /// The statistics start anew.
    WarmUpEnd,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskerName {
    /// A group of users.
    Group(GroupId),
    /// A service instance.
    Instance(InstanceId),
}

/// How many entries are kept of each of the two kinds: writes, and everything else.
const KEPT: usize = 10_000;

/// The latest entries. Replicated writes, of which there are very many, are kept apart,
/// so that they cannot push out what is rare.
#[derive(Clone, Debug)]
pub struct Log {
    rare: VecDeque<Entry>,
    writes: VecDeque<Entry>,
    changes: VecDeque<String>,
    changes_dropped: u32,
    total: u64,
    marks: Marks,
}

impl Log {
    /// Nothing yet; a run of that length is foreseen.
    pub fn new(foreseen: Duration) -> Self {
        Self {
            rare: VecDeque::new(),
            writes: VecDeque::new(),
            changes: VecDeque::new(),
            changes_dropped: 0,
            total: 0,
            marks: Marks::new(foreseen),
        }
    }

    /// Adds an entry; the oldest of its kind is dropped if there are too many.
    pub fn add(&mut self, time: SimTime, what: Happening) {
        let ring = if matches!(what, Happening::ReplicatedWrite(..)) { &mut self.writes } else { &mut self.rare };
        if ring.len() == KEPT {
            ring.pop_front();
        }
        let entry = Entry { number: self.total, time, what };
        ring.push_back(entry);
        self.total += 1;
        self.marks.add(entry);
    }

    /// Adds an entry on a change of the configuration, described in words.
    pub fn add_change(&mut self, time: SimTime, description: String) {
        if self.changes.len() == KEPT {
            self.changes.pop_front();
            self.changes_dropped += 1;
        }
        let number = self.changes_dropped + self.changes.len() as u32;
        self.changes.push_back(description);
        self.add(time, Happening::ConfigChange(number));
    }

    /// The description of a change.
    pub fn change(&self, number: u32) -> &str {
        number.checked_sub(self.changes_dropped).and_then(|place| self.changes.get(place as usize)).map_or("", |s| s)
    }

    /// Entries kept, in order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        let (mut rare, mut writes) = (self.rare.iter().peekable(), self.writes.iter().peekable());
        std::iter::from_fn(move || match (rare.peek(), writes.peek()) {
            (Some(a), Some(b)) if b.number < a.number => writes.next(),
            (Some(_), _) => rare.next(),
            (None, _) => writes.next(),
        })
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        let texts: usize = self.changes.iter().map(|text| size_of::<String>() + text.len()).sum();
        (self.rare.len() + self.writes.len()) * size_of::<Entry>() + texts + self.marks.heap_bytes()
    }

    /// What is marked on a time line, back to the beginning.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Entries ever made.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Entries dropped.
    pub fn dropped(&self) -> u64 {
        self.total - (self.rare.len() + self.writes.len()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_do_not_push_out_what_is_rare() {
        let mut log = Log::new(Duration::ZERO);
        log.add(SimTime::ZERO, Happening::Rejoined { node: NodeId(1), is_up: true });
        for _ in 0..2 * KEPT {
            log.add(SimTime::ZERO, Happening::ReplicatedWrite(NodeId(0), Duration::ZERO, 0));
        }
        log.add_change(SimTime::ZERO, "fail_prob: 0 → 1".to_owned());
        let numbers: Vec<u64> = log.entries().map(|entry| entry.number).collect();
        assert!(numbers.is_sorted() && numbers[0] == 0 && numbers.len() == KEPT + 2);
        assert_eq!((log.total(), log.dropped()), (2 * KEPT as u64 + 2, KEPT as u64));
        assert_eq!(log.change(0), "fail_prob: 0 → 1");
    }
}
