//! Backoff with decorrelated jitter, as AWS's "Exponential Backoff And Jitter" has it: `sleep = min(cap,
//! random_between(base, sleep * 3))`.

use web_service_model::{
    engine::time::Duration,
    model::{
        cause::CauseSet,
        policy::backoff::wait,
        topology::{Jitter, Retry},
    },
};

use super::{lasting, stream};

fn retry(longest: f64) -> Retry {
    Retry {
        max: 10,
        base: lasting(0.1),
        factor: 7.0,
        longest: lasting(longest),
        jitter: Jitter::Decorrelated,
        on: CauseSet::ALL,
        writes: true,
        budget: None,
    }
}

/// Without a cap the waits lie between 0.1 and 0.1 · 3ⁿ, come near both ends, and are (0.1 + 3 · the mean before)/2 on average:
/// 0.2, 0.35, 0.575 and 0.9125.
#[test]
fn decorrelated_waits_have_their_bounds_and_means() {
    const RUNS: u32 = 200_000;
    let (retry, mut stream) = (retry(1e6), stream(1));
    let (mut least, mut most, mut sums) = ([f64::INFINITY; 4], [0.0_f64; 4], [0.0; 4]);
    for _ in 0..RUNS {
        let mut before = retry.base;
        for n in 0..4 {
            before = wait(&retry, n as u32, before, &mut stream);
            let seconds = before.as_seconds();
            (least[n], most[n]) = (least[n].min(seconds), most[n].max(seconds));
            sums[n] += seconds;
        }
    }
    for (n, (bound, mean)) in [(0.3, 0.2), (0.9, 0.35), (2.7, 0.575), (8.1, 0.9125)].into_iter().enumerate() {
        assert!(least[n] >= 0.1 && least[n] < 0.1001, "{n}: {}", least[n]);
        assert!(most[n] <= bound + 1e-9 && most[n] > 0.8 * bound, "{n}: {}", most[n]);
        // Ten standard errors of the last one are 2 %.
        assert!((sums[n] / f64::from(RUNS) / mean - 1.0).abs() < 0.02, "{n}: {}", sums[n] / f64::from(RUNS));
    }
}

/// With a cap of 0.5 s: from 0.1 to 3 · 0.5 s, so five waits in seven (1 s of 1.4) are cut off after one that was.
#[test]
fn decorrelated_waits_are_cut_off() {
    let (retry, mut stream) = (retry(0.5), stream(2));
    let cut = (0..100_000).filter(|n| wait(&retry, *n, lasting(0.5), &mut stream) == lasting(0.5)).count();
    assert!((cut as f64 / 1e5 - 1.0 / 1.4).abs() < 0.01, "{cut}");
    assert!((0..1000).all(|n| wait(&retry, n, Duration::ZERO, &mut stream) == lasting(0.1)), "never below the base");
}
