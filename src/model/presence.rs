//! Presence: who is at a place that a service has for an instance.

use crate::{engine::time::SimTime, stats::time_weighted::TimeWeighted};

/// How far an instance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nobody is at this place.
    Absent,
    /// It has begun, and takes no requests yet.
    Starting,
    /// It takes requests, unless it is down.
    Ready,
    /// It gets no more requests, and goes when it has finished those that it has.
    Draining,
    /// It has been cut off from what it had; whoever had sent something there hears of it, and then its place is empty.
    Ending,
}

/// Who is at a place for an instance.
#[derive(Clone, Debug)]
pub struct Presence {
    /// How far it is.
    pub phase: Phase,
    /// Which release it runs: 0 is that of the service's own numbers, the others are those of the deployments.
    pub release: u32,
    /// Recognises what was scheduled for somebody who was there before.
    pub(super) epoch: u32,
    /// Since when it has been ready.
    pub(super) ready_since: SimTime,
    /// 1 while somebody is there who takes requests, or finishes them, over time.
    pub there: TimeWeighted,
}

impl Presence {
    /// Somebody is there from the beginning, or nobody.
    pub fn new(is_there: bool) -> Self {
        Self {
            phase: if is_there { Phase::Ready } else { Phase::Absent },
            release: 0,
            epoch: 0,
            ready_since: SimTime::ZERO,
            there: TimeWeighted::new(f64::from(u8::from(is_there))),
        }
    }

    /// Whether it takes requests, if it is up.
    pub fn is_ready(&self) -> bool {
        self.phase == Phase::Ready
    }

    /// Whether it is wanted: it takes requests, or will.
    pub fn is_wanted(&self) -> bool {
        matches!(self.phase, Phase::Starting | Phase::Ready)
    }

    /// Whether it has requests, or may have.
    pub fn works(&self) -> bool {
        matches!(self.phase, Phase::Ready | Phase::Draining)
    }

    /// Whether it has to go when it has finished.
    #[inline]
    pub fn is_draining(&self) -> bool {
        matches!(self.phase, Phase::Draining | Phase::Ending)
    }

    /// In a word.
    pub fn word(&self, is_up: bool) -> &'static str {
        match self.phase {
            Phase::Absent => "absent",
            Phase::Starting => "starting",
            Phase::Draining | Phase::Ending => "draining",
            Phase::Ready if is_up => "up",
            Phase::Ready => "down",
        }
    }

    pub(super) fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.epoch = self.epoch.wrapping_add(1);
    }
}
