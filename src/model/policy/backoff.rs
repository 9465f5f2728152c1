//! Backoff: how long to wait before trying again.

use crate::{
    engine::{random::Stream, time::Duration},
    model::topology::{Jitter, Retry},
};

/// The wait before retry `n`, counted from 0, as AWS's "Exponential Backoff And Jitter" has it: the wait grows from
/// `base` by `factor` up to `longest`, and chance changes it. Decorrelated jitter does not look at `n` but at the wait
/// `before` this one (`base` if it is the first).
pub fn wait(retry: &Retry, n: u32, before: Duration, stream: &mut Stream) -> Duration {
    let factor = match retry.jitter {
        Jitter::None => 1.0,
        Jitter::Full => stream.uniform(),
        Jitter::Equal => 0.5 + 0.5 * stream.uniform(),
        Jitter::Decorrelated => return decorrelated(retry, before, stream),
    };
    Duration::from_seconds(grown(retry, n) * factor)
}

/// The wait in seconds before chance changes it.
fn grown(retry: &Retry, n: u32) -> f64 {
    let grown = retry.base.as_seconds() * libm::pow(retry.factor, f64::from(n));
    grown.min(retry.longest.as_seconds())
}

/// Uniform from the base to three times the wait before, cut off at the longest wait.
fn decorrelated(retry: &Retry, before: Duration, stream: &mut Stream) -> Duration {
    // (The wait before may be shorter than a base that has been changed since.)
    let spread = before.scaled(3.0) - retry.base;
    (retry.base + spread.scaled(stream.uniform())).min(retry.longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cause::CauseSet;

    fn retry(jitter: Jitter) -> Retry {
        Retry {
            max: 10,
            base: Duration::from_seconds(0.1),
            factor: 2.0,
            longest: Duration::from_seconds(1.0),
            jitter,
            on: CauseSet::ALL,
            writes: true,
            budget: None,
        }
    }

    fn stream() -> Stream {
        Stream::new(1, "test", "backoffs")
    }

    #[test]
    fn without_jitter_the_wait_doubles_up_to_the_longest() {
        let (retry, mut stream) = (retry(Jitter::None), stream());
        let waits = [0, 1, 2, 3, 4, u32::MAX].map(|n| wait(&retry, n, retry.base, &mut stream).as_seconds());
        assert_eq!(waits, [0.1, 0.2, 0.4, 0.8, 1.0, 1.0]);
    }

    #[test]
    fn full_and_equal_jitter_keep_their_bounds_and_mean() {
        for (jitter, least, mean) in [(Jitter::Full, 0.0, 0.2), (Jitter::Equal, 0.2, 0.3)] {
            let (retry, mut stream) = (retry(jitter), stream());
            let waits: Vec<f64> = (0..10_000).map(|_| wait(&retry, 2, retry.base, &mut stream).as_seconds()).collect();
            assert!(waits.iter().all(|wait| (least..=0.4).contains(wait)), "{jitter:?}");
            // Four standard errors are at most 0.0047.
            assert!((waits.iter().sum::<f64>() / 1e4 - mean).abs() < 0.005, "{jitter:?}");
        }
    }

    #[test]
    fn decorrelated_jitter_grows_from_the_wait_before() {
        let (retry, mut stream) = (retry(Jitter::Decorrelated), stream());
        let mut before = retry.base;
        let mut longest = 0;
        for n in 0..1000 {
            let after = wait(&retry, n, before, &mut stream);
            assert!(after >= retry.base && after <= before.scaled(3.0).max(retry.base) && after <= retry.longest);
            longest += u32::from(after == retry.longest);
            before = after;
        }
        assert!(longest > 100, "the cap is reached again and again: {longest}");
        // A base that has grown meanwhile.
        assert_eq!(wait(&retry, 1, Duration::from_seconds(0.01), &mut stream), retry.base);
    }
}
