//! The parts of a policy, each as its documentation tells it. Nothing is kept up to date: who wants to know how many of the
//! latest calls have failed counts them.

use super::flaws::Flaw;

/// The calls that a breaker looks back on: the latest so many, or those of the latest so many whole seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Window {
    Calls(usize),
    Seconds(u32),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Breaker {
    pub window: Window,
    pub min_calls: usize,
    pub failure_share: f64,
    pub slow_share: f64,
    pub slow_after: f64,
    pub open_for: f64,
    pub probes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    Closed,
    HalfOpen,
    Open { since: f64 },
}

/// A call that has ended.
#[derive(Clone, Copy)]
struct Call {
    ended: f64,
    is_failed: bool,
    is_slow: bool,
}

pub struct BreakerState {
    numbers: Breaker,
    flaw: Option<Flaw>,
    pub phase: Phase,
    /// Phases that have ended.
    phases: usize,
    /// Calls that have ended in this phase, the first one first; and those that were let through in it.
    ended: Vec<Call>,
    let_through: usize,
}

impl BreakerState {
    pub fn new(numbers: Breaker, flaw: Option<Flaw>) -> Self {
        Self { numbers, flaw, phase: Phase::Closed, phases: 0, ended: Vec::new(), let_through: 0 }
    }

    fn begin(&mut self, phase: Phase) {
        self.phase = phase;
        self.phases += 1;
        self.ended = Vec::new();
        self.let_through = 0;
    }

    fn probes(&self) -> usize {
        self.numbers.probes + usize::from(self.flaw == Some(Flaw::OneProbeMore))
    }

    /// The number of the phase in which a call is let through, if it is.
    pub fn admit(&mut self, now: f64) -> Option<usize> {
        if let Phase::Open { since } = self.phase
            && now - since >= self.numbers.open_for
        {
            self.begin(Phase::HalfOpen);
        }
        let is_let_through = match self.phase {
            Phase::Closed => true,
            Phase::HalfOpen => self.let_through < self.probes(),
            Phase::Open { .. } => false,
        };
        self.let_through += usize::from(is_let_through);
        is_let_through.then_some(self.phases)
    }

    /// A call has ended that was let through in that phase.
    pub fn ended(&mut self, now: f64, phase: usize, took: f64, is_failed: bool) {
        if phase != self.phases && self.flaw != Some(Flaw::EarlierCallsCount) {
            return;
        }
        self.ended.push(Call { ended: now, is_failed, is_slow: took > self.numbers.slow_after });
        match self.phase {
            Phase::Closed if self.is_bad_enough(now) => self.begin(Phase::Open { since: now }),
            Phase::HalfOpen if self.ended.len() >= self.probes() => {
                let is_bad = self.reach(&self.ended);
                self.begin(if is_bad { Phase::Open { since: now } } else { Phase::Closed });
            }
            _ => {}
        }
    }

    fn is_bad_enough(&self, now: f64) -> bool {
        let known = match self.flaw {
            Some(Flaw::OneCallLate) => &self.ended[..self.ended.len() - 1],
            _ => &self.ended[..],
        };
        let (seen, needed) = match self.numbers.window {
            Window::Calls(size) => {
                (known[known.len().saturating_sub(size)..].to_vec(), self.numbers.min_calls.min(size))
            }
            Window::Seconds(seconds) => {
                let seconds = f64::from(seconds) + if self.flaw == Some(Flaw::OneSecondMore) { 1.0 } else { 0.0 };
                let is_seen = |call: &&Call| call.ended.floor() > now.floor() - seconds;
                (known.iter().filter(is_seen).copied().collect(), self.numbers.min_calls)
            }
        };
        seen.len() >= needed && !seen.is_empty() && self.reach(&seen)
    }

    /// Whether enough of some calls have failed, or were slow.
    fn reach(&self, calls: &[Call]) -> bool {
        let share =
            |is_one: fn(&Call) -> bool| calls.iter().filter(|call| is_one(call)).count() as f64 / calls.len() as f64;
        let (failed, slow) = (share(|call| call.is_failed), share(|call| call.is_slow));
        match self.flaw {
            Some(Flaw::SharesMustBeExceeded) => failed > self.numbers.failure_share || slow > self.numbers.slow_share,
            _ => failed >= self.numbers.failure_share || slow >= self.numbers.slow_share,
        }
    }
}

/// A bucket of tokens that drip into it; a call takes one, or waits for one that is still to come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limiter {
    pub rate: f64,
    pub burst: f64,
    pub longest_wait: f64,
}

pub struct Bucket {
    numbers: Limiter,
    flaw: Option<Flaw>,
    /// What it held when it was last looked at; less than nothing is owed.
    tokens: f64,
    looked_at: f64,
}

impl Bucket {
    pub fn new(numbers: Limiter, flaw: Option<Flaw>) -> Self {
        Self { numbers, flaw, tokens: numbers.burst, looked_at: 0.0 }
    }

    /// How long a call waits for its token, unless that is too long.
    pub fn take(&mut self, now: f64) -> Option<f64> {
        let dripped = (now - self.looked_at) * self.numbers.rate;
        self.tokens = (self.tokens + dripped).min(self.numbers.burst);
        self.looked_at = now;
        let wait = ((1.0 - self.tokens) / self.numbers.rate).max(0.0);
        let is_soon = wait <= self.numbers.longest_wait;
        if is_soon || self.flaw == Some(Flaw::RefusedTakeTokens) {
            self.tokens -= 1.0;
        }
        is_soon.then_some(wait)
    }
}

/// So many attempts at a time, and so many that wait, each for so long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bulkhead {
    pub max: usize,
    pub waiting: usize,
    pub longest_wait: f64,
}

/// A second try after a fixed time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hedge {
    pub after: f64,
    pub budget: Budget,
}

/// A purse that starts full: each use pays a share of a token in, a further one costs a whole one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    pub ratio: f64,
    pub burst: f64,
}

pub struct Purse {
    budget: Budget,
    tokens: f64,
}

impl Purse {
    pub fn new(budget: Budget) -> Self {
        Self { budget, tokens: budget.burst }
    }

    pub fn pay_in(&mut self) {
        self.tokens = (self.tokens + self.budget.ratio).min(self.budget.burst);
    }

    pub fn spend(&mut self) -> bool {
        let is_there = self.tokens >= 1.0;
        self.tokens -= if is_there { 1.0 } else { 0.0 };
        is_there
    }
}
