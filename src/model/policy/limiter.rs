//! A limiter: so many calls a second, by a bucket of tokens.

use crate::{
    engine::time::{Duration, SimTime},
    model::topology::Limiter,
};

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It has its token.
    Go,
    /// It has reserved a token, which is there at that moment.
    Until(SimTime),
    /// Its token would come too late.
    Refuse,
}

/// A bucket of tokens over time, which starts full. A call takes a token, if need be one that is still to come, and waits
/// for it; so whoever asks later waits longer, as with Resilience4j's RateLimiter and Guava's RateLimiter.
///
/// Instead of tokens, which would be added up at every call, it holds the one moment at which the bucket will be full if
/// nobody calls: the Generic Cell Rate Algorithm of ITU-T I.371 (virtual scheduling). It is exact, in fractions of 2^-32
/// nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LimiterState {
    full_at: u128,
}

/// Fractions of a nanosecond.
const FRACTION_BITS: u32 = 32;

impl LimiterState {
    /// A full bucket.
    pub const fn new() -> Self {
        Self { full_at: 0 }
    }

    /// Somebody would like to call now.
    #[inline]
    pub fn admit(&mut self, limiter: &Limiter, now: SimTime) -> Admission {
        let now = fixed(now.as_nanos());
        let full_at = self.full_at.max(now);
        // A call may go when but one token is missing, or is there already.
        let goes_at = full_at.saturating_sub(tokens(limiter, limiter.burst - 1.0));
        if goes_at > now.saturating_add(fixed(limiter.longest_wait.as_nanos())) {
            return Admission::Refuse;
        }
        self.full_at = full_at.saturating_add(tokens(limiter, 1.0));
        if goes_at <= now { Admission::Go } else { Admission::Until(moment(goes_at)) }
    }

    /// Its numbers are others from now on. It keeps the tokens that it holds, or owes, up to the new burst.
    pub fn change(&mut self, before: &Limiter, after: &Limiter, now: SimTime) {
        let now = fixed(now.as_nanos());
        let missing = self.full_at.saturating_sub(now) as f64 / token(before);
        let held = (before.burst - missing).min(after.burst);
        self.full_at = now.saturating_add(tokens(after, after.burst - held));
    }
}

/// Nanoseconds in fractions.
const fn fixed(nanos: u64) -> u128 {
    (nanos as u128) << FRACTION_BITS
}

/// The first nanosecond at or after a moment in fractions.
fn moment(fixed: u128) -> SimTime {
    let nanos = fixed.div_ceil(1 << FRACTION_BITS);
    SimTime::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// How long a token takes to come, in fractions of a nanosecond.
fn token(limiter: &Limiter) -> f64 {
    fixed(Duration::from_seconds(1.0).as_nanos()) as f64 / limiter.rate
}

/// How long so many tokens take to come. (A float that is cast saturates.)
fn tokens(limiter: &Limiter, count: f64) -> u128 {
    (token(limiter) * count) as u128
}

#[cfg(test)]
mod tests {
    use super::*;
    use Admission::{Go, Refuse, Until};

    fn limiter(rate: f64, burst: f64, longest_wait: f64) -> Limiter {
        Limiter { rate, burst, longest_wait: Duration::from_seconds(longest_wait) }
    }

    fn at(seconds: f64) -> SimTime {
        SimTime::from_seconds(seconds)
    }

    #[test]
    fn a_burst_goes_and_then_one_call_for_each_token() {
        let (limiter, mut state) = (limiter(10.0, 5.0, 0.0), LimiterState::new());
        let mut gone = |now| (0..10).filter(|_| state.admit(&limiter, at(now)) == Go).count();
        assert_eq!(gone(0.0), 5);
        assert_eq!(gone(0.099_999_999), 0);
        assert_eq!(gone(0.1), 1);
        assert_eq!(gone(0.35), 2);
        assert_eq!(gone(0.4), 1, "half a token was left");
        assert_eq!(gone(100.0), 5, "it holds no more than its burst");
    }

    #[test]
    fn tokens_are_reserved_and_whoever_asks_later_waits_longer() {
        let (limiter, mut state) = (limiter(10.0, 1.0, 0.25), LimiterState::new());
        assert_eq!(state.admit(&limiter, at(1.0)), Go);
        assert_eq!(state.admit(&limiter, at(1.0)), Until(at(1.1)));
        assert_eq!(state.admit(&limiter, at(1.0)), Until(at(1.2)));
        assert_eq!(state.admit(&limiter, at(1.0)), Refuse, "it would wait 0.3 s");
        assert_eq!(state.admit(&limiter, at(1.05)), Until(at(1.3)), "exactly as long as it may");
        assert_eq!(state.admit(&limiter, at(1.4)), Go);
    }

    #[test]
    fn a_rate_without_a_whole_number_of_nanoseconds_is_kept_for_ever() {
        let (limiter, mut state) = (limiter(3e6, 1.0, 1.0), LimiterState::new());
        state.full_at = fixed(at(1000.0).as_nanos());
        let last = (0..3_000_001).map(|_| state.admit(&limiter, at(1000.0))).last();
        // (The last of them waits a whole second, so long may it.)
        let Some(Until(last)) = last else { panic!("{last:?}") };
        assert!((last.as_nanos() as i64 - at(1001.0).as_nanos() as i64).abs() <= 1, "{last:?}");
        assert_eq!(state.admit(&limiter, at(1000.0)), Refuse);
    }

    #[test]
    fn a_fraction_of_a_token_may_be_held() {
        let (limiter, mut state) = (limiter(1.0, 1.5, 0.0), LimiterState::new());
        let times = [0.0, 0.5, 1.5, 1.5, 3.0, 3.5].map(|now| state.admit(&limiter, at(now)));
        assert_eq!(times, [Go, Go, Go, Refuse, Go, Go]);
    }

    #[test]
    fn a_change_keeps_what_is_held() {
        let (before, after) = (limiter(10.0, 8.0, 0.0), limiter(1.0, 4.0, 10.0));
        let mut state = LimiterState::new();
        (0..6).for_each(|_| assert_eq!(state.admit(&before, at(0.0)), Go));
        state.change(&before, &after, at(0.0));
        let then = [(); 3].map(|()| state.admit(&after, at(0.0)));
        assert_eq!(then, [Go, Go, Until(at(1.0))]);
        let mut full = LimiterState::new();
        full.change(&before, &after, at(5.0));
        assert_eq!([(); 5].map(|()| full.admit(&after, at(5.0))), [Go, Go, Go, Go, Until(at(6.0))]);
    }

    #[test]
    fn extreme_numbers_do_no_harm() {
        let (limiter, mut state) = (limiter(1e-9, 1e9, 1e9), LimiterState::new());
        assert_eq!(state.admit(&limiter, SimTime::ZERO), Go);
        assert_eq!(state.admit(&limiter, SimTime::from_nanos(u64::MAX - 1)), Go);
    }
}
