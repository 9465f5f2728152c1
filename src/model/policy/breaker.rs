//! A circuit breaker: it stops asking whoever fails too often, and tries again after a while.

use super::window::{CallWindow, Counts};
use crate::{
    engine::time::{Duration, SimTime},
    model::{
        cause::Cause,
        topology::{Breaker, BreakerWindow},
    },
};

/// What a breaker does at present, from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BreakerPhase {
    /// It lets everything through, and counts.
    Closed,
    /// It lets a few probes through, which decide.
    HalfOpen,
    /// It refuses everything.
    Open,
}

/// A call was let through. It is handed back when the call ends, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Permit(u32);

/// A circuit breaker by the rules in Resilience4j's documentation, with one difference: a call that was let through in an
/// earlier phase and ends in a later one does not count there, as it says nothing of it.
///
/// An open breaker becomes half-open when somebody asks, not by itself (`automaticTransitionFromOpenToHalfOpenEnabled`
/// is off by default).
#[derive(Clone, Debug)]
pub struct BreakerState {
    phase: BreakerPhase,
    /// Of the phase, counted from 0.
    number: u32,
    /// When the phase began.
    since: SimTime,
    /// Of a closed breaker.
    window: CallWindow,
    /// Of a half-open breaker: probes let through, and what those that have ended are like.
    probes: u32,
    probed: Counts,
    /// The phase that nobody has been told of yet.
    news: Option<BreakerPhase>,
}

impl BreakerState {
    /// A closed breaker that has seen nothing.
    pub fn new(breaker: &Breaker) -> Self {
        Self {
            phase: BreakerPhase::Closed,
            number: 0,
            since: SimTime::ZERO,
            window: CallWindow::new(breaker.window),
            probes: 0,
            probed: Counts::default(),
            news: None,
        }
    }

    /// Its present phase. It may have begun later than [`Breaker::open_for`] would have it: see [`BreakerState::admit`].
    pub fn phase(&self) -> BreakerPhase {
        self.phase
    }

    /// The phase that has begun since this was last asked, if one has: at most one begins with each call or end of a call.
    #[inline]
    pub fn take_transition(&mut self) -> Option<BreakerPhase> {
        self.news.take()
    }

    /// Somebody would like to call; `None` if the breaker refuses.
    #[inline]
    pub fn admit(&mut self, breaker: &Breaker, now: SimTime) -> Option<Permit> {
        match self.phase {
            BreakerPhase::Closed => {}
            BreakerPhase::Open if now.since(self.since) < breaker.open_for => return None,
            BreakerPhase::Open => self.begin(BreakerPhase::HalfOpen, now),
            // Fewer probes may be wanted now than when they were let through.
            BreakerPhase::HalfOpen => self.decide(breaker, now),
        }
        match self.phase {
            BreakerPhase::Closed => {}
            BreakerPhase::HalfOpen if self.probes < breaker.probes => self.probes += 1,
            BreakerPhase::Open | BreakerPhase::HalfOpen => return None,
        }
        Some(Permit(self.number))
    }

    /// A call that was let through has ended, having taken so long.
    #[inline]
    pub fn ended(
        &mut self,
        breaker: &Breaker,
        now: SimTime,
        permit: Permit,
        took: Duration,
        result: Result<(), Cause>,
    ) {
        if result.is_err_and(|cause| breaker.ignored.has(cause)) {
            return self.released(permit);
        }
        if permit.0 != self.number {
            return;
        }
        let (is_failed, is_slow) = (result.is_err(), took > breaker.slow_after);
        match self.phase {
            BreakerPhase::Closed => {
                let seen = self.window.add(now, is_failed, is_slow);
                if seen.calls >= calls_needed(breaker) && seen.reach(breaker.failure_share, breaker.slow_share) {
                    self.begin(BreakerPhase::Open, now);
                }
            }
            BreakerPhase::HalfOpen => {
                self.probed.add(Counts::of(is_failed, is_slow));
                self.decide(breaker, now);
            }
            // It lets nothing through.
            BreakerPhase::Open => {}
        }
    }

    /// A call that was let through has not been made, or nobody knows how it would have ended: it does not count, and a
    /// probe's place becomes free again.
    #[inline]
    pub fn released(&mut self, permit: Permit) {
        if permit.0 == self.number && self.phase == BreakerPhase::HalfOpen {
            self.probes = self.probes.saturating_sub(1);
        }
    }

    /// Its numbers are others from now on. A window of another kind or size starts empty.
    pub fn change(&mut self, before: &Breaker, after: &Breaker) {
        if before.window != after.window {
            self.window = CallWindow::new(after.window);
        }
    }

    /// Ends a half-open phase when all its probes have ended.
    fn decide(&mut self, breaker: &Breaker, now: SimTime) {
        if self.probed.calls < breaker.probes {
            return;
        }
        let is_bad = self.probed.reach(breaker.failure_share, breaker.slow_share);
        self.begin(if is_bad { BreakerPhase::Open } else { BreakerPhase::Closed }, now);
    }

    fn begin(&mut self, phase: BreakerPhase, now: SimTime) {
        self.phase = phase;
        self.number = self.number.wrapping_add(1);
        self.since = now;
        self.news = Some(phase);
        (self.probes, self.probed) = (0, Counts::default());
        if phase == BreakerPhase::Closed {
            self.window.clear();
        }
    }
}

/// Calls from which on shares mean something: a window of few calls never has more.
fn calls_needed(breaker: &Breaker) -> u32 {
    match breaker.window {
        BreakerWindow::Calls(size) => breaker.min_calls.min(size),
        BreakerWindow::Seconds(_) => breaker.min_calls,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cause::CauseSet;
    use BreakerPhase::{Closed, HalfOpen, Open};

    const FAILS: Result<(), Cause> = Err(Cause::ServiceError);
    const QUICK: Duration = Duration::from_nanos(1_000_000);

    /// Opens at half of ten calls, for a minute, and sends three probes.
    fn breaker() -> Breaker {
        Breaker {
            window: BreakerWindow::Calls(10),
            min_calls: 10,
            failure_share: 0.5,
            slow_share: 0.8,
            slow_after: Duration::from_seconds(1.0),
            open_for: Duration::from_seconds(60.0),
            probes: 3,
            ignored: CauseSet::NONE.with(Cause::Unauthorised),
        }
    }

    fn at(seconds: f64) -> SimTime {
        SimTime::from_seconds(seconds)
    }

    /// A breaker and the time at which things happen to it.
    struct Bench {
        numbers: Breaker,
        state: BreakerState,
        now: SimTime,
    }

    impl Bench {
        fn new(numbers: Breaker) -> Self {
            Self { state: BreakerState::new(&numbers), numbers, now: SimTime::ZERO }
        }

        fn admit(&mut self) -> Option<Permit> {
            self.state.admit(&self.numbers, self.now)
        }

        fn end(&mut self, permit: Permit, took: Duration, result: Result<(), Cause>) -> Option<BreakerPhase> {
            self.state.ended(&self.numbers, self.now, permit, took, result);
            self.state.take_transition()
        }

        /// A call from its beginning to its end.
        fn call(&mut self, result: Result<(), Cause>) -> Option<BreakerPhase> {
            let permit = self.admit().expect("it lets calls through");
            self.end(permit, QUICK, result)
        }

        /// One that has opened at time 0.
        fn opened() -> Self {
            let mut bench = Self::new(breaker());
            (0..10).for_each(|_| _ = bench.call(FAILS));
            assert_eq!(bench.state.phase(), Open);
            bench
        }

        /// One that has let three probes through at its 60th second.
        fn half_open() -> (Self, [Permit; 3]) {
            let mut bench = Self::opened();
            bench.now = at(60.0);
            let probes = [(); 3].map(|()| bench.admit().expect("a probe"));
            (bench, probes)
        }
    }

    #[test]
    fn it_opens_when_the_share_of_failures_is_reached_and_not_before_enough_calls() {
        let mut bench = Bench::new(breaker());
        for i in 0..9 {
            assert_eq!(bench.call(if i < 5 { FAILS } else { Ok(()) }), None);
        }
        assert_eq!(bench.call(Ok(())), Some(Open), "five of ten have failed, and ten are enough");
        assert_eq!((bench.state.phase(), bench.admit()), (Open, None));
        let mut bench = Bench::new(breaker());
        for i in 0..100 {
            assert_eq!(bench.call(if i % 5 < 2 { FAILS } else { Ok(()) }), None, "four of ten are too few");
        }
    }

    #[test]
    fn a_small_window_needs_no_more_calls_than_it_holds() {
        let mut bench = Bench::new(Breaker { min_calls: 100, ..breaker() });
        assert!((0..9).all(|_| bench.call(FAILS).is_none()));
        assert_eq!(bench.call(FAILS), Some(Open));
        let mut bench = Bench::new(Breaker { window: BreakerWindow::Seconds(5), min_calls: 20, ..breaker() });
        assert!((0..19).all(|_| bench.call(FAILS).is_none()));
        bench.now = at(5.0);
        assert!((0..19).all(|_| bench.call(FAILS).is_none()), "what is five seconds old does not count");
        assert_eq!(bench.call(FAILS), Some(Open));
    }

    #[test]
    fn slow_calls_open_it_though_they_succeed() {
        let mut bench = Bench::new(breaker());
        let slow = Duration::from_seconds(1.5);
        for i in 0..10 {
            let permit = bench.admit().expect("closed");
            let took = if i < 8 { slow } else { Duration::from_seconds(1.0) };
            assert_eq!(bench.end(permit, took, Ok(())), (i == 9).then_some(Open));
        }
    }

    #[test]
    fn after_its_time_it_sends_so_many_probes_and_refuses_the_rest() {
        let mut bench = Bench::opened();
        bench.now = at(59.9);
        assert_eq!((bench.admit(), bench.state.take_transition()), (None, None));
        bench.now = at(60.0);
        assert!(bench.admit().is_some());
        assert_eq!((bench.state.take_transition(), bench.state.phase()), (Some(HalfOpen), HalfOpen));
        assert!(bench.admit().is_some() && bench.admit().is_some() && bench.admit().is_none());
    }

    #[test]
    fn probes_decide_when_all_have_ended() {
        let (mut bench, [a, b, c]) = Bench::half_open();
        bench.state.take_transition();
        assert_eq!((bench.end(a, QUICK, FAILS), bench.end(b, QUICK, Ok(()))), (None, None));
        assert_eq!(bench.end(c, QUICK, Ok(())), Some(Closed), "one of three is below half");
        assert!((0..9).all(|_| bench.call(FAILS).is_none()), "it has forgotten what was before");
        let (mut bench, [a, b, c]) = Bench::half_open();
        bench.state.take_transition();
        assert_eq!((bench.end(a, QUICK, FAILS), bench.end(b, QUICK, Ok(()))), (None, None));
        bench.now = at(70.0);
        assert_eq!(bench.end(c, QUICK, FAILS), Some(Open));
        bench.now = at(129.9);
        assert!(bench.admit().is_none(), "it stays open for as long as before");
        bench.now = at(130.0);
        assert!(bench.admit().is_some());
    }

    #[test]
    fn a_call_of_an_earlier_phase_does_not_count() {
        let mut bench = Bench::new(breaker());
        let late = [(); 3].map(|()| bench.admit().expect("closed"));
        (0..10).for_each(|_| _ = bench.call(FAILS));
        bench.now = at(60.0);
        let probe = bench.admit().expect("half-open");
        bench.state.take_transition();
        assert!(late.into_iter().all(|permit| bench.end(permit, QUICK, FAILS).is_none()));
        assert_eq!(bench.state.phase(), HalfOpen);
        bench.state.released(late[0]);
        assert!(bench.admit().is_some() && bench.admit().is_some() && bench.admit().is_none());
        assert_eq!(bench.end(probe, QUICK, Ok(())), None);
    }

    #[test]
    fn a_probe_that_has_no_result_leaves_its_place() {
        let (mut bench, [a, b, c]) = Bench::half_open();
        bench.state.take_transition();
        bench.state.released(a);
        let d = bench.admit().expect("the place is free");
        assert!(bench.admit().is_none());
        assert_eq!(bench.end(b, QUICK, Err(Cause::Unauthorised)), None, "an ignored failure is no result either");
        let e = bench.admit().expect("the place is free");
        assert_eq!((bench.end(c, QUICK, Ok(())), bench.end(d, QUICK, Ok(()))), (None, None));
        assert_eq!(bench.end(e, QUICK, Ok(())), Some(Closed));
    }

    #[test]
    fn ignored_failures_do_not_count_either_way() {
        let mut bench = Bench::new(breaker());
        assert!((0..100).all(|_| bench.call(Err(Cause::Unauthorised)).is_none()));
        assert!((0..9).all(|_| bench.call(FAILS).is_none()));
        assert_eq!(bench.call(FAILS), Some(Open));
    }

    #[test]
    fn fewer_probes_than_have_ended_decide_at_the_next_call() {
        let (mut bench, [a, b, _]) = Bench::half_open();
        bench.state.take_transition();
        assert_eq!((bench.end(a, QUICK, Ok(())), bench.end(b, QUICK, Ok(()))), (None, None));
        bench.numbers.probes = 1;
        assert!(bench.admit().is_some());
        assert_eq!(bench.state.take_transition(), Some(Closed));
    }

    #[test]
    fn another_window_starts_empty() {
        let mut bench = Bench::new(breaker());
        (0..9).for_each(|_| _ = bench.call(FAILS));
        let wider = Breaker { window: BreakerWindow::Calls(20), ..breaker() };
        bench.state.change(&breaker(), &Breaker { open_for: Duration::ZERO, ..breaker() });
        bench.state.change(&breaker(), &wider);
        bench.numbers = wider;
        assert!((0..9).all(|_| bench.call(FAILS).is_none()));
        assert_eq!(bench.call(FAILS), Some(Open));
    }
}
