//! A limit on concurrency that follows failures: additive increase, multiplicative decrease.

use crate::engine::time::Duration;

/// How the limit moves. The defaults are those of `AIMDLimit` in Netflix's concurrency-limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aimd {
    /// The limit at first.
    pub initial: u32,
    /// Lowest limit, at least 1.
    pub min: u32,
    /// Highest limit.
    pub max: u32,
    /// What the limit is multiplied by after a failure, 0.5 to 1.
    pub backoff: f64,
    /// What takes longer counts as a failure.
    pub timeout: Duration,
}

impl Default for Aimd {
    fn default() -> Self {
        Self { initial: 20, min: 20, max: 200, backoff: 0.9, timeout: Duration::from_nanos(5_000_000_000) }
    }
}

/// A limit on requests in progress that grows by one with each request that went well, as long as at least half of it is
/// used, and shrinks by a share with each one that failed (Chiu and Jain, 1989).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AimdState {
    limit: u32,
}

impl AimdState {
    /// The limit at first.
    pub fn new(aimd: &Aimd) -> Self {
        Self { limit: within(aimd, aimd.initial) }
    }

    /// So many requests may be in progress.
    #[inline]
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// A request has ended after so long, while so many were in progress, itself included.
    #[inline]
    pub fn ended(&mut self, aimd: &Aimd, took: Duration, in_progress: u32, is_failed: bool) {
        let limit = if is_failed || took > aimd.timeout {
            (f64::from(self.limit) * aimd.backoff) as u32
        } else if in_progress.saturating_mul(2) >= self.limit {
            self.limit.saturating_add(1)
        } else {
            self.limit
        };
        self.limit = within(aimd, limit);
    }

    /// Its numbers are others from now on.
    pub fn change(&mut self, aimd: &Aimd) {
        self.limit = within(aimd, self.limit);
    }
}

fn within(aimd: &Aimd, limit: u32) -> u32 {
    limit.min(aimd.max).max(aimd.min)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::from_nanos(1);

    #[test]
    fn it_grows_by_one_while_it_is_used_and_shrinks_by_a_tenth() {
        let aimd = Aimd { min: 1, max: 24, ..Aimd::default() };
        let mut state = AimdState::new(&aimd);
        state.ended(&aimd, QUICK, 9, false);
        assert_eq!(state.limit(), 20, "less than half of it was used");
        let limits = [(); 5].map(|()| {
            state.ended(&aimd, QUICK, 12, false);
            state.limit()
        });
        assert_eq!(limits, [21, 22, 23, 24, 24]);
        let limits = [(); 4].map(|()| {
            state.ended(&aimd, QUICK, 12, true);
            state.limit()
        });
        assert_eq!(limits, [21, 18, 16, 14]);
        state.ended(&aimd, Duration::from_seconds(5.1), 12, false);
        assert_eq!(state.limit(), 12, "what takes too long counts as a failure");
        (0..100).for_each(|_| state.ended(&aimd, QUICK, 1, true));
        assert_eq!(state.limit(), 1);
    }

    #[test]
    fn a_change_keeps_the_limit_within_its_bounds() {
        let mut state = AimdState::new(&Aimd::default());
        state.change(&Aimd { min: 30, ..Aimd::default() });
        assert_eq!(state.limit(), 30);
        state.change(&Aimd { min: 1, max: 5, ..Aimd::default() });
        assert_eq!(state.limit(), 5);
    }
}
