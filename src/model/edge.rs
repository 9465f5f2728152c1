//! An edge: what an asker knows of one whom it asks, and what has come of it.
//!
//! The parts of a policy are composed here, in the order in which [`EdgePolicy`] has them: breaker, limiter, bulkhead. What
//! has let an attempt through is told of its end, or that it has none.

use super::{
    cause::Cause,
    facility::Facility,
    names::ExchangeId,
    policy::{
        breaker::{BreakerPhase, BreakerState, Permit},
        hedge::HedgeState,
        limiter::{Admission, LimiterState},
    },
    topology::{Asked, EdgePolicy},
};
use crate::{
    engine::{
        station::Order,
        time::{Duration, SimTime},
    },
    stats::{nano_sum::NanoSum, time_weighted::TimeWeighted},
};

/// What an asker knows of one whom it asks.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Whom it asks.
    pub callee: Asked,
    /// What is counted.
    pub counts: EdgeCounts,
    /// Attempts under way, waits at limiter and bulkhead included, over time.
    pub in_flight: TimeWeighted,
    /// Of attempts that succeeded: how long they took together.
    pub took: NanoSum,
    /// 1 while the breaker is open, over time.
    pub open: TimeWeighted,
    /// 1 while the breaker is half-open, over time.
    pub half_open: TimeWeighted,
    breaker: Option<BreakerState>,
    limiter: LimiterState,
    /// Attempts at a time, if they are limited.
    pub bulkhead: Facility<ExchangeId>,
    hedge: Option<HedgeState>,
}

/// What is counted of an edge. `attempts` is the sum of `succeeded`, `failed`, `given_up`, and those in flight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EdgeCounts {
    /// Attempts begun.
    pub attempts: u64,
    /// Attempts after the first one of their exchange.
    pub retries: u64,
    /// Attempts answered with success.
    pub succeeded: u64,
    /// Attempts answered with a failure, or refused.
    pub failed: u64,
    /// Attempts that nobody waited for any longer: timeouts, deadlines, and those whose asker was given up itself.
    pub given_up: u64,
    /// Of those that failed: refused by the breaker.
    pub refused_by_breaker: u64,
    /// Of those that failed: refused by the limiter.
    pub refused_by_limiter: u64,
    /// Of those that failed: refused by the bulkhead.
    pub refused_by_bulkhead: u64,
    /// Further tries beside the first one of an attempt.
    pub hedges: u64,
    /// Attempts that a further try answered first.
    pub hedges_won: u64,
    /// Exchanges of which no attempt has succeeded, so that somebody else was asked.
    pub fallbacks: u64,
    /// Attempts that were in flight when the counts started.
    pub carried_over: u64,
}

impl EdgeCounts {
    /// Attempts that breaker, limiter and bulkhead have refused.
    pub fn refused(&self) -> u64 {
        self.refused_by_breaker + self.refused_by_limiter + self.refused_by_bulkhead
    }

    /// Both together.
    pub fn add(&mut self, other: &Self) {
        self.attempts += other.attempts;
        self.retries += other.retries;
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.given_up += other.given_up;
        self.refused_by_breaker += other.refused_by_breaker;
        self.refused_by_limiter += other.refused_by_limiter;
        self.refused_by_bulkhead += other.refused_by_bulkhead;
        self.hedges += other.hedges;
        self.hedges_won += other.hedges_won;
        self.fallbacks += other.fallbacks;
        self.carried_over += other.carried_over;
    }
}

impl Edge {
    /// An edge that has not been used.
    pub fn new(callee: Asked, policy: &EdgePolicy, now: SimTime) -> Self {
        let mut edge = Self {
            callee,
            counts: EdgeCounts::default(),
            in_flight: TimeWeighted::default(),
            took: NanoSum::default(),
            open: TimeWeighted::default(),
            half_open: TimeWeighted::default(),
            breaker: policy.breaker.as_ref().map(BreakerState::new),
            limiter: LimiterState::new(),
            bulkhead: Facility::new(None, None, Order::Fifo),
            hedge: policy.hedge.as_ref().map(HedgeState::new),
        };
        edge.resize_bulkhead(policy);
        edge.restart(now);
        edge
    }

    /// Attempts under way.
    pub fn attempts_in_flight(&self) -> u64 {
        self.in_flight.value() as u64
    }

    /// What the breaker does at present; `None` without one.
    pub fn breaker_phase(&self) -> Option<BreakerPhase> {
        self.breaker.as_ref().map(BreakerState::phase)
    }

    /// An attempt begins, and asks the breaker.
    pub(super) fn begin(&mut self, policy: &EdgePolicy, now: SimTime, is_retry: bool) -> Result<Option<Permit>, Cause> {
        self.counts.attempts += 1;
        self.counts.retries += u64::from(is_retry);
        self.in_flight.set(now, self.in_flight.value() + 1.0);
        if let (Some(hedge), Some(state)) = (&policy.hedge, &mut self.hedge) {
            state.earn(hedge);
        }
        let (Some(breaker), Some(state)) = (&policy.breaker, &mut self.breaker) else { return Ok(None) };
        let permit = state.admit(breaker, now);
        permit.map(Some).ok_or(Cause::BreakerOpen)
    }

    /// An attempt that the breaker has let through asks the limiter.
    pub(super) fn limit(&mut self, policy: &EdgePolicy, now: SimTime) -> Admission {
        policy.limiter.as_ref().map_or(Admission::Go, |limiter| self.limiter.admit(limiter, now))
    }

    /// An attempt is over: what let it through is told, after so long.
    pub(super) fn end(&mut self, policy: &EdgePolicy, now: SimTime, end: &AttemptEnd) {
        self.in_flight.set(now, self.in_flight.value() - 1.0);
        if let (Some(permit), Some(breaker), Some(state)) = (end.permit, &policy.breaker, &mut self.breaker) {
            match end.result {
                Some(result) => state.ended(breaker, now, permit, end.took, result),
                None => state.released(permit),
            }
        }
        match end.result {
            Some(Ok(())) => self.succeeded(end),
            Some(Err(_)) if !end.is_given_up => self.counts.failed += 1,
            None | Some(Err(_)) => self.counts.given_up += 1,
        }
    }

    fn succeeded(&mut self, end: &AttemptEnd) {
        self.counts.succeeded += 1;
        self.counts.hedges_won += u64::from(end.is_won_by_hedge);
        self.took.add(end.took);
        if let Some(hedge) = &mut self.hedge {
            hedge.saw(end.answered_after);
        }
    }

    /// A part of the policy refuses an attempt. (Who is asked may fail for the same causes, at his own policies.)
    pub(super) fn refuse(&mut self, cause: Cause) {
        let refused = match cause {
            Cause::BreakerOpen => &mut self.counts.refused_by_breaker,
            Cause::Limited => &mut self.counts.refused_by_limiter,
            Cause::BulkheadFull | Cause::PoolTimeout => &mut self.counts.refused_by_bulkhead,
            _ => return,
        };
        *refused += 1;
    }

    /// After how long a try of an attempt is hedged.
    pub(super) fn hedge_delay(&self, policy: &EdgePolicy) -> Option<Duration> {
        self.hedge.as_ref()?.delay(policy.hedge.as_ref()?)
    }

    /// Whether the budget bears a further try.
    pub(super) fn take_hedge(&mut self, policy: &EdgePolicy) -> bool {
        let (Some(hedge), Some(state)) = (&policy.hedge, &mut self.hedge) else { return false };
        let is_borne = state.take(hedge);
        self.counts.hedges += u64::from(is_borne);
        is_borne
    }

    /// The phase that the breaker has begun, if it has: it is measured from now on.
    pub(super) fn take_transition(&mut self, now: SimTime) -> Option<BreakerPhase> {
        let phase = self.breaker.as_mut()?.take_transition()?;
        self.open.set(now, f64::from(u8::from(phase == BreakerPhase::Open)));
        self.half_open.set(now, f64::from(u8::from(phase == BreakerPhase::HalfOpen)));
        Some(phase)
    }

    /// Whoever asks is another one, who remembers nothing.
    pub(super) fn begin_anew(&mut self, policy: &EdgePolicy, now: SimTime) {
        self.breaker = policy.breaker.as_ref().map(BreakerState::new);
        self.limiter = LimiterState::new();
        self.hedge = policy.hedge.as_ref().map(HedgeState::new);
        self.open.set(now, 0.0);
        self.half_open.set(now, 0.0);
    }

    /// Goes on with other numbers; those for whom the bulkhead has room now.
    pub(super) fn change(&mut self, before: &EdgePolicy, policy: &EdgePolicy, now: SimTime) -> Vec<ExchangeId> {
        match (&before.breaker, &policy.breaker, &mut self.breaker) {
            (Some(before), Some(after), Some(state)) => state.change(before, after),
            (_, after, state) => {
                *state = after.as_ref().map(BreakerState::new);
                self.open.set(now, 0.0);
                self.half_open.set(now, 0.0);
            }
        }
        match (&before.limiter, &policy.limiter) {
            (Some(before), Some(after)) => self.limiter.change(before, after, now),
            _ => self.limiter = LimiterState::new(),
        }
        match (&before.hedge, &policy.hedge, &mut self.hedge) {
            (Some(before), Some(after), Some(state)) => state.change(before, after),
            (_, after, state) => *state = after.as_ref().map(HedgeState::new),
        }
        self.resize_bulkhead(policy);
        std::iter::from_fn(|| self.bulkhead.start_next(now)).collect()
    }

    fn resize_bulkhead(&mut self, policy: &EdgePolicy) {
        let numbers = policy.bulkhead.as_ref().map(|bulkhead| (bulkhead.max, bulkhead.waiting));
        let (max, waiting) = numbers.unzip();
        self.bulkhead.resize(max, waiting, Order::Fifo);
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self, now: SimTime) {
        self.counts = EdgeCounts { carried_over: self.attempts_in_flight(), ..EdgeCounts::default() };
        self.took = NanoSum::default();
        for level in [&mut self.in_flight, &mut self.open, &mut self.half_open] {
            level.restart(now);
        }
        self.bulkhead.restart(now);
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttemptEnd {
    /// What the breaker gave, if it let it through.
    pub permit: Option<Permit>,
    /// Time since it began, waits at limiter and bulkhead included.
    pub took: Duration,
    /// Time from its first try to the answer.
    pub answered_after: Duration,
    /// How it ended; `None` if whoever asked was given up.
    pub result: Option<Result<(), Cause>>,
    /// Whether whoever asked has waited long enough, which ended it. (Who is asked may answer that he has waited long enough.)
    pub is_given_up: bool,
    /// Whether a try beside the first one answered.
    pub is_won_by_hedge: bool,
}
