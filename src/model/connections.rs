//! Connections to an instance: idle ones are kept, up to a number, and whoever finds none makes a new one.

use super::{cause::Cause, visit::Visit};

/// The idle connections to an instance.
#[derive(Clone, Copy, Debug, Default)]
pub struct Connections {
    /// So many are kept; `None` is always enough.
    most: Option<u32>,
    idle: u32,
    /// How many have been made.
    pub made: u64,
}

impl Connections {
    /// None yet.
    pub fn new(most: Option<u32>) -> Self {
        Self { most, idle: 0, made: 0 }
    }

    /// So many are kept from now on.
    pub fn keep(&mut self, most: Option<u32>) {
        self.most = most;
        self.idle = self.idle.min(most.unwrap_or(0));
    }

    /// Whether there may be too few of them.
    #[inline]
    pub fn are_counted(&self) -> bool {
        self.most.is_some()
    }

    /// Takes an idle one; whether a new one has to be made.
    #[inline]
    pub fn take(&mut self) -> bool {
        match (self.most, self.idle) {
            (None, _) => false,
            (Some(_), 0) => {
                self.made += 1;
                true
            }
            (Some(_), _) => {
                self.idle -= 1;
                false
            }
        }
    }

    /// One is not needed any more: it is kept if there is room.
    pub fn give_back(&mut self) {
        if self.most.is_some_and(|most| self.idle < most) {
            self.idle += 1;
        }
    }

    /// All that are idle are gone.
    pub fn close(&mut self) {
        self.idle = 0;
    }
}

impl Visit {
    /// Whether its connection may serve another one: nobody has given it up, and it was not lost.
    #[inline]
    pub(super) fn leaves_connection(&self) -> bool {
        !self.is_cancelled && !matches!(self.failure, Some(Cause::Network | Cause::InstanceDown))
    }
}
