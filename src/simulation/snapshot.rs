//! A run as it stood at a moment, to which it can be taken back.

use super::Simulation;

/// All that a run was at a moment: components, requests under way, what is to come, random numbers, figures, series, log and
/// traces, and the configuration as it had become. Taking one handles no event, and nothing of it changes when the
/// run goes on; what never changes (the topology, windows of series that are complete) is shared.
#[derive(Clone, Debug)]
pub struct Snapshot(Simulation);

impl Snapshot {
    /// The moment, in simulated seconds.
    pub fn now(&self) -> f64 {
        self.0.now()
    }

    /// Events that had been handled.
    pub fn events(&self) -> u64 {
        self.0.events()
    }

    /// How much memory it takes, in bytes, roughly. Of what is shared it is a share.
    pub fn size(&self) -> usize {
        self.0.world.footprint()
    }

    /// A simulation that stands there.
    pub fn fork(&self) -> Simulation {
        self.0.clone()
    }
}

impl Simulation {
    /// The run as it stands now, to be come back to.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.clone())
    }

    /// Goes back (or forward) to where a snapshot was taken, of this run or of another one: what follows is what followed
    /// then, byte for byte, unless somebody acts otherwise. Tracing is on if it was on then.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        *self = snapshot.fork();
    }

    /// Another simulation that stands where this one stands, and goes on in the same way. What happens to one of them does
    /// not touch the other one.
    pub fn fork(&self) -> Self {
        self.clone()
    }
}
