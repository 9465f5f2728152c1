//! A host: the place of an instance, who is there, and how fast he is.

use super::{pace::Pace, presence::Presence};
use crate::engine::time::SimTime;

/// What everybody may know of the place of an instance, beside its health.
#[derive(Clone, Debug)]
pub struct Host {
    /// Whether there is one, and how far it is.
    pub presence: Presence,
    /// How it warms up, and pauses.
    pub pace: Pace,
}

impl Host {
    /// An instance of that name, which is there, warm, and goes on.
    pub fn new(seed: u64, name: &str) -> Self {
        Self { presence: Presence::new(true), pace: Pace::new(seed, name) }
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.presence.there.restart(now);
        self.pace.restart(now);
    }
}
