//! Breakers and limiters, one decision after another: the engine's are those of the naive simulator. Times are whole
//! multiples of 1/1024 s, and rates powers of two, so that floats are exact as well.

use web_service_model::{
    engine::{
        random::Stream,
        time::{Duration, SimTime},
    },
    model::{
        cause::{Cause, CauseSet},
        policy::{
            breaker::{BreakerPhase, BreakerState as Engines},
            limiter::{Admission, LimiterState},
        },
        topology,
    },
};

use super::{
    flaws::Flaw,
    parts::{Breaker, BreakerState as Naive, Bucket, Limiter, Phase, Window},
};

const TICK: f64 = 1.0 / 1024.0;

fn at(ticks: u64) -> SimTime {
    // (A tick is 976 562.5 ns.)
    SimTime::from_nanos(ticks * 1_953_125 / 2)
}

fn lasting(ticks: u64) -> Duration {
    Duration::from_nanos(ticks * 1_953_125 / 2)
}

/// A breaker, for both. Times are even numbers of ticks.
fn breaker(random: &mut Stream) -> (Breaker, topology::Breaker) {
    let size = 1 + random.below(12);
    let is_of_calls = random.below(2) == 0;
    let (slow, open) = (2 * random.below(500), 2 * random.below(2000));
    let (min_calls, probes) = (1 + random.below(12), 1 + random.below(5));
    let (failure_share, slow_share) = (0.125 * (1 + random.below(8)) as f64, 0.125 * (1 + random.below(8)) as f64);
    let naive = Breaker {
        window: if is_of_calls { Window::Calls(size as usize) } else { Window::Seconds(size as u32) },
        min_calls: min_calls as usize,
        failure_share,
        slow_share,
        slow_after: slow as f64 * TICK,
        open_for: open as f64 * TICK,
        probes: probes as usize,
    };
    let engine = topology::Breaker {
        window: match is_of_calls {
            true => topology::BreakerWindow::Calls(size as u32),
            false => topology::BreakerWindow::Seconds(size as u32),
        },
        min_calls: min_calls as u32,
        failure_share,
        slow_share,
        slow_after: lasting(slow),
        open_for: lasting(open),
        probes: probes as u32,
        ignored: CauseSet::NONE,
    };
    (naive, engine)
}

/// Calls begin and end at random, several at a time. How often the phase changed, or where the two differ.
fn transitions(seed: u64, flaw: Option<Flaw>) -> Result<u32, String> {
    let mut random = Stream::new(seed, "exact", "");
    let (naives, engines) = breaker(&mut random);
    let (mut naive, mut engine) = (Naive::new(naives, flaw), Engines::new(&engines));
    let (mut calls, mut ticks, mut changes, mut last) = (Vec::new(), 0, 0, BreakerPhase::Closed);
    for step in 0..3_000 {
        ticks += 2 * random.below(200);
        let now = ticks as f64 * TICK;
        if calls.is_empty() || calls.len() < 8 && random.below(2) == 0 {
            match (naive.admit(now), engine.admit(&engines, at(ticks))) {
                (Some(phase), Some(permit)) => calls.push((ticks, phase, permit)),
                (None, None) => {}
                (naive, engine) => return Err(format!("seed {seed}, step {step}: {engine:?} and naively {naive:?}")),
            }
        } else {
            let (began, phase, permit) = calls.swap_remove(random.below(calls.len() as u64) as usize);
            let is_failed = random.below(3) == 0;
            naive.ended(now, phase, (ticks - began) as f64 * TICK, is_failed);
            let result = if is_failed { Err(Cause::ServiceError) } else { Ok(()) };
            engine.ended(&engines, at(ticks), permit, lasting(ticks - began), result);
        }
        let expected = match naive.phase {
            Phase::Closed => BreakerPhase::Closed,
            Phase::HalfOpen => BreakerPhase::HalfOpen,
            Phase::Open { .. } => BreakerPhase::Open,
        };
        if engine.phase() != expected {
            return Err(format!("seed {seed}, step {step}: {:?} and naively {expected:?}", engine.phase()));
        }
        changes += u32::from(expected != last);
        last = expected;
    }
    Ok(changes)
}

#[test]
fn breakers_change_when_naive_ones_do() {
    let changes: u32 = (1..=300).map(|seed| transitions(seed, None).unwrap_or_else(|wrong| panic!("{wrong}"))).sum();
    assert!(changes > 10_000, "{changes}");
    let flaws = [
        Flaw::OneCallLate,
        Flaw::SharesMustBeExceeded,
        Flaw::OneProbeMore,
        Flaw::OneSecondMore,
        Flaw::EarlierCallsCount,
    ];
    for flaw in flaws {
        assert!((1..=300).any(|seed| transitions(seed, Some(flaw)).is_err()), "{flaw:?}");
    }
}

/// Calls at random; who waits, and how long.
fn admissions(seed: u64, flaw: Option<Flaw>) -> Result<u32, String> {
    let mut random = Stream::new(seed, "exact", "limiter");
    let (rate, burst) = ([1.0, 4.0, 16.0][random.below(3) as usize], 1.0 + 0.5 * random.below(9) as f64);
    let longest = 2 * random.below(1500) * random.below(2);
    let numbers = Limiter { rate, burst, longest_wait: longest as f64 * TICK };
    let engines = topology::Limiter { rate, burst, longest_wait: lasting(longest) };
    let (mut naive, mut engine) = (Bucket::new(numbers, flaw), LimiterState::new());
    let (mut ticks, mut refused) = (0, 0);
    let spread = (1024.0 * 1.5 / rate) as u64;
    for step in 0..2_000 {
        ticks += 2 * random.below(spread);
        let expected = match naive.take(ticks as f64 * TICK) {
            None => Admission::Refuse,
            Some(0.0) => Admission::Go,
            Some(wait) => Admission::Until(at(ticks + (wait / TICK) as u64)),
        };
        let found = engine.admit(&engines, at(ticks));
        if found != expected {
            return Err(format!("seed {seed}, step {step}: {found:?} and naively {expected:?}"));
        }
        refused += u32::from(found == Admission::Refuse);
    }
    Ok(refused)
}

#[test]
fn limiters_let_through_whom_naive_ones_do() {
    let refused: u32 = (1..=300).map(|seed| admissions(seed, None).unwrap_or_else(|wrong| panic!("{wrong}"))).sum();
    assert!(refused > 10_000, "{refused}");
    assert!((1..=300).any(|seed| admissions(seed, Some(Flaw::RefusedTakeTokens)).is_err()));
}
