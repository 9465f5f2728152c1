//! Policies: what an asker does so that its question is answered all the same, and so that it does no harm.
//!
//! The parts stand in the order of Resilience4j, outermost first, with hedging innermost.

use super::{Callee, OnError};
use crate::{
    engine::time::Duration,
    model::cause::{Cause, CauseSet},
};

/// What an asker does on an edge: between a group of users and a service, between two services, or between a service and a
/// store. Without any part it asks once and waits for ever.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgePolicy {
    /// What a failed edge leads to.
    pub on_error: OnError,
    /// Whom it asks instead, once and without this policy, when no attempt has succeeded.
    pub fallback: Option<Callee>,
    /// Further attempts.
    pub retry: Option<Retry>,
    /// Stops asking whoever fails too often.
    pub breaker: Option<Breaker>,
    /// So many attempts a second.
    pub limiter: Option<Limiter>,
    /// So many attempts at a time.
    pub bulkhead: Option<Bulkhead>,
    /// How long an attempt may take.
    pub timeout: Option<Duration>,
    /// How long all attempts together may take. It travels with the request: what is late is dropped at the next step.
    pub deadline: Option<Duration>,
    /// A second try beside the first.
    pub hedge: Option<Hedge>,
    /// What becomes of work for which nobody waits any more.
    pub on_giving_up: OnGivingUp,
}

impl EdgePolicy {
    /// Asks once, waits for ever, and fails if the answer is a failure.
    pub const NONE: Self = Self {
        on_error: OnError::Fail,
        fallback: None,
        retry: None,
        breaker: None,
        limiter: None,
        bulkhead: None,
        timeout: None,
        deadline: None,
        hedge: None,
        on_giving_up: OnGivingUp::Continue,
    };

    /// Whether it has no part beside what a failure leads to, so that nothing need be kept of an attempt.
    pub fn is_plain(&self) -> bool {
        *self == Self { on_error: self.on_error, ..Self::NONE }
    }
}

/// Further attempts.
#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    /// At most so many.
    pub max: u32,
    /// Wait before the first.
    pub base: Duration,
    /// Growth of the wait.
    pub factor: f64,
    /// Longest wait.
    pub longest: Duration,
    /// How chance changes the wait.
    pub jitter: Jitter,
    /// After which causes.
    pub on: CauseSet,
    /// Whether a write is tried again, though it may then happen twice.
    pub writes: bool,
    /// Tokens added by a first attempt, and most tokens held.
    pub budget: Option<(f64, f64)>,
}

/// How chance changes a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    None,
    /// Uniform from 0 to the wait.
    Full,
    /// Uniform from half the wait to the wait.
    Equal,
    /// Uniform from the base to three times the wait before, at most the longest wait.
    Decorrelated,
}

/// A circuit breaker: closed, it counts; open, it refuses; half-open, it lets probes through.
#[derive(Clone, Debug, PartialEq)]
pub struct Breaker {
    /// The calls that it looks back on.
    pub window: BreakerWindow,
    /// It opens after no fewer calls than these, at least 1.
    pub min_calls: u32,
    /// Share of failures at which it opens, above 0.
    pub failure_share: f64,
    /// Share of slow calls at which it opens, above 0.
    pub slow_share: f64,
    /// What takes longer is slow.
    pub slow_after: Duration,
    /// How long it stays open.
    pub open_for: Duration,
    /// Calls let through while it is half-open, at least 1; their shares decide.
    pub probes: u32,
    /// Failures that do not count, neither way.
    pub ignored: CauseSet,
}

/// The calls that a breaker looks back on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerWindow {
    /// The latest so many, at least 1.
    Calls(u32),
    /// Those of the latest so many seconds, at least 1, the present one included.
    Seconds(u32),
}

/// A limit on attempts for each second: a bucket of tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Limiter {
    /// Tokens added a second, above 0.
    pub rate: f64,
    /// Most tokens held, at least 1; it starts full.
    pub burst: f64,
    /// How long an attempt may wait for its token.
    pub longest_wait: Duration,
}

/// A limit on attempts at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Bulkhead {
    /// So many at a time, at least 1.
    pub max: u32,
    /// So many may wait.
    pub waiting: u32,
    /// How long each may wait.
    pub longest_wait: Duration,
    /// Why whoever is refused fails: the bulkhead is full, or it stands for a pool of connections, of which none was free.
    pub refusal: Cause,
}

/// A second try of an attempt whose first one is slow; the first answer wins.
#[derive(Clone, Debug, PartialEq)]
pub struct Hedge {
    /// When.
    pub after: HedgeAfter,
    /// So many further tries at most, each after the same time again; at least 1.
    pub max: u32,
    /// Tokens added by an attempt, and most tokens held: each further try takes one. `None` is no bound.
    pub budget: Option<(f64, f64)>,
    /// Whether writes are hedged, though they may then happen twice.
    pub writes: bool,
}

/// When an attempt is slow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HedgeAfter {
    /// After a time.
    Time(Duration),
    /// After that share (0 to 1) of all answers on the edge would have come, by what it has seen.
    Percentile(f64),
}

/// What becomes of work for which nobody waits any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnGivingUp {
    /// It is finished, as nobody tells those who do it.
    Continue,
    /// What waits is withdrawn, and what runs ends at its next step.
    Cancel,
}
