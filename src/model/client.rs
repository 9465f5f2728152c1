//! A client: what an asker remembers of its edges from one exchange to the next.

use super::topology::{EdgePolicy, Jitter, Retry};
use crate::engine::{random::Stream, time::Duration};

/// What an asker remembers: a group of users, or an instance that makes a call.
#[derive(Clone, Debug)]
pub struct Client {
    backoffs: Stream,
    /// Tokens of the retry budget.
    tokens: f64,
}

impl Client {
    /// A client that has not asked yet; its retry budget is full.
    pub fn new(backoffs: Stream, policy: &EdgePolicy) -> Self {
        Self { backoffs, tokens: burst(policy).unwrap_or(0.0) }
    }

    /// A first attempt pays into the retry budget.
    #[inline]
    pub fn earn(&mut self, policy: &EdgePolicy) {
        if let Some((ratio, burst)) = policy.retry.as_ref().and_then(|retry| retry.budget) {
            self.tokens = (self.tokens + ratio).min(burst);
        }
    }

    /// A retry budget that was not there before starts full; one that holds less now spills the rest.
    pub fn change(&mut self, before: &EdgePolicy, policy: &EdgePolicy) {
        if let Some(burst) = burst(policy) {
            self.tokens = if self::burst(before).is_some() { self.tokens.min(burst) } else { burst };
        }
    }

    /// The wait before retry `n`, counted from 0, if the budget bears it.
    pub fn retry_after(&mut self, retry: &Retry, n: u32) -> Option<Duration> {
        if retry.budget.is_some() {
            if self.tokens < 1.0 {
                return None;
            }
            self.tokens -= 1.0;
        }
        Some(backoff(retry, n, &mut self.backoffs))
    }
}

/// Most tokens of the retry budget, if there is one.
fn burst(policy: &EdgePolicy) -> Option<f64> {
    policy.retry.as_ref()?.budget.map(|(_, burst)| burst)
}

/// The wait before retry `n`, counted from 0.
fn backoff(retry: &Retry, n: u32, stream: &mut Stream) -> Duration {
    let grown = retry.base.as_seconds() * libm::pow(retry.factor, f64::from(n));
    let wait = grown.min(retry.longest.as_seconds());
    let factor = match retry.jitter {
        Jitter::None => 1.0,
        Jitter::Full => stream.uniform(),
        Jitter::Equal | Jitter::Decorrelated => 0.5 + 0.5 * stream.uniform(),
    };
    Duration::from_seconds(wait * factor)
}
