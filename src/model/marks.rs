//! What is marked on a time line: the log without words, thinned, but back to the beginning.

use super::{
    log::{Entry, Happening},
    topology::NodeId,
};
use crate::{
    engine::time::Duration,
    stats::thinned::{Place, Thinned},
};

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkClass {
    /// Something has broken.
    Fault,
    /// Something works again.
    Mended,
    /// Somebody else takes over, or should.
    Failover,
    /// Somebody is not asked any more, or is again.
    Breaker,
    /// The system is another one.
    Change,
}

impl MarkClass {
    /// All there are.
    pub const ALL: [Self; 5] = [Self::Fault, Self::Mended, Self::Failover, Self::Breaker, Self::Change];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fault => "fault",
            Self::Mended => "mended",
            Self::Failover => "failover",
            Self::Breaker => "breaker",
            Self::Change => "change",
        }
    }

    /// That of something that happened, if it is marked.
    fn of(what: Happening) -> Option<Self> {
        match what {
            Happening::Crash(..) | Happening::Slow(..) | Happening::Failing(..) | Happening::Partition(_) => {
                Some(Self::Fault)
            }
            Happening::Recover(_) | Happening::Heal(_) | Happening::CalledOff(_) => Some(Self::Mended),
            Happening::FailoverStarted { .. }
            | Happening::NoCandidate(_)
            | Happening::Suspected(_)
            | Happening::Demoted(_)
            | Happening::SteppedDown(_)
            | Happening::Forgot(..)
            | Happening::CameBackShort(..)
            | Happening::Promoted(..)
            | Happening::Elected { .. } => Some(Self::Failover),
            Happening::Breaker { .. } | Happening::Ejected(_) | Happening::Readmitted(_) => Some(Self::Breaker),
            Happening::Scaled { .. }
            | Happening::Deployment { .. }
            | Happening::Deployed { .. }
            | Happening::RolledBack { .. }
            | Happening::ConfigChange(_)
            | Happening::WarmUpEnd => Some(Self::Change),
            Happening::Starting(_)
            | Happening::Ready(_)
            | Happening::Draining(_)
            | Happening::Gone(_)
            | Happening::Rewinding(_)
            | Happening::ReplicatedWrite(..)
            | Happening::ResyncStarted(..)
            | Happening::ResyncDone(_)
            | Happening::Rejoined { .. }
            | Happening::Joined(_)
            | Happening::Redelivered { .. } => None,
        }
    }
}

/// What has been marked.
#[derive(Clone, Debug)]
pub struct Marks {
    foreseen: Duration,
    /// In the order of [`MarkClass::ALL`].
    classes: [Thinned<Entry>; MarkClass::ALL.len()],
    /// By node.
    promotions: Vec<Thinned<()>>,
}

impl Marks {
    /// None yet; a run of that length is foreseen.
    pub fn new(foreseen: Duration) -> Self {
        Self { foreseen, classes: MarkClass::ALL.map(|_| Thinned::new(foreseen)), promotions: Vec::new() }
    }

    /// Marks an entry of the log, if it is of those that are marked.
    #[inline]
    pub(super) fn add(&mut self, entry: Entry) {
        let Some(class) = MarkClass::of(entry.what) else { return };
        self.classes[class as usize].add(entry.time, entry);
        if let Happening::Promoted(node, _) = entry.what {
            let nodes = self.promotions.len().max(node.index() + 1);
            self.promotions.resize_with(nodes, || Thinned::new(self.foreseen));
            self.promotions[node.index()].add(entry.time, ());
        }
    }

    /// The marks of a class, in order of time.
    pub fn of(&self, class: MarkClass) -> &[Place<Entry>] {
        self.classes[class as usize].places()
    }

    /// When which node was promoted, node by node.
    pub fn promotions(&self) -> impl Iterator<Item = (NodeId, &Place<()>)> {
        let nodes = self.promotions.iter().enumerate();
        nodes.flat_map(|(node, thinned)| thinned.places().iter().map(move |place| (NodeId(node as u32), place)))
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        let promotions: usize = self.promotions.iter().map(Thinned::heap_bytes).sum();
        let classes: usize = self.classes.iter().map(Thinned::heap_bytes).sum();
        size_of_val(&*self.promotions) + promotions + classes
    }
}
