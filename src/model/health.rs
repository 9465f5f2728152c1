//! Whether a component is up, and since when, and why not.

use super::topology::{ComponentId, Outages};
use crate::{
    engine::{
        random::Stream,
        time::{Duration, SimTime},
    },
    stats::time_weighted::TimeWeighted,
};

/// From this factor on a slowness is a stall. It holds whoever begins meanwhile for the whole of his time, as a lock or a
/// disk does that hangs, and what is under way does not notice; a smaller one is a change of speed.
pub const STALL: f64 = 100.0;

/// Why a component is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DownBecause {
    /// A random outage.
    Outage,
    /// A scheduled fault.
    Fault,
    /// A user's action.
    User,
    /// Nobody is at this place.
    Absent,
}

impl DownBecause {
    /// Name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outage => "outage",
            Self::Fault => "fault",
            Self::User => "user",
            Self::Absent => "absent",
        }
    }
}

/// The state of something that can break.
#[derive(Clone, Debug)]
pub struct Health {
    down: Option<DownBecause>,
    /// Grows with every change, so that a change scheduled before it is recognised as stale.
    epoch: u32,
    stream: Stream,
    /// All its times are multiplied by this because of faults.
    pub slow_factor: f64,
    /// Each of its operations fails at once with this probability, besides what it does by itself.
    pub error_prob: f64,
    errors: Stream,
    /// All its times are multiplied by this because it is warming up.
    cold_factor: f64,
    /// 1 while it is up, over time.
    pub up: TimeWeighted,
    /// How often it went down.
    pub outages: u64,
}

impl Health {
    /// A component that is up.
    pub fn new(seed: u64, name: &str) -> Self {
        Self {
            down: None,
            epoch: 0,
            stream: Stream::new(seed, name, "outages"),
            slow_factor: 1.0,
            error_prob: 0.0,
            errors: Stream::new(seed, name, "errors"),
            cold_factor: 1.0,
            up: TimeWeighted::new(1.0),
            outages: 0,
        }
    }

    /// Whether it is up.
    #[inline]
    pub fn is_up(&self) -> bool {
        self.down.is_none()
    }

    /// Whether it is up and no fault makes its operations fail.
    #[inline]
    pub fn is_well(&self) -> bool {
        self.down.is_none() && self.error_prob == 0.0
    }

    /// Why it is down, if it is.
    pub fn down_because(&self) -> Option<DownBecause> {
        self.down
    }

    /// Recognises changes that a later one made stale.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Whether it stands still, as far as anybody can tell who asks it.
    pub fn is_stalled(&self) -> bool {
        self.slow_factor >= STALL
    }

    /// How long an operation takes that takes so long when the component is itself.
    #[inline]
    pub fn slowed(&self, span: Duration) -> Duration {
        let factor = self.slow_factor * self.cold_factor;
        if factor == 1.0 { span } else { span.scaled(factor) }
    }

    /// Warms up, or is warm (1): how many times as slow as before it is now.
    pub fn warm_up(&mut self, factor: f64) -> f64 {
        factor / std::mem::replace(&mut self.cold_factor, factor)
    }

    /// Whether an operation that begins now fails at once.
    #[inline]
    pub fn errs(&mut self) -> bool {
        self.errors.chance(self.error_prob)
    }

    /// Goes down.
    pub fn go_down(&mut self, now: SimTime, because: DownBecause) {
        self.epoch = self.epoch.wrapping_add(1);
        if self.down.is_none() {
            self.outages += 1;
            self.up.set(now, 0.0);
        }
        self.down = Some(because);
    }

    /// Comes back up.
    pub fn come_up(&mut self, now: SimTime) {
        self.epoch = self.epoch.wrapping_add(1);
        self.down = None;
        self.up.set(now, 1.0);
    }

    /// Whoever was there has gone, or nobody has come yet. That is no outage.
    pub fn leave(&mut self, now: SimTime) {
        self.epoch = self.epoch.wrapping_add(1);
        self.down = Some(DownBecause::Absent);
        self.up.set(now, 0.0);
    }

    /// A change that was scheduled does not count any more.
    pub fn forget_schedule(&mut self) {
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// Draws how long the present state lasts.
    pub fn draw(&mut self, outages: &Outages) -> Duration {
        let span = if self.is_up() { &outages.up } else { &outages.down };
        span.sample(&mut self.stream)
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.up.restart(now);
        self.outages = 0;
    }
}

/// Everybody's health, by component.
pub type Healths = Vec<Health>;

/// Whether a component is up.
#[inline]
pub fn is_up(healths: &Healths, component: ComponentId) -> bool {
    healths[component.index()].is_up()
}
