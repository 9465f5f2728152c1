//! A limit on concurrency that follows latency: the gradient between what it usually is and what it is now.

use crate::engine::time::{Duration, SimTime};

/// How the limit moves. The defaults are those of `Gradient2Limit` and `WindowedLimit` in Netflix's concurrency-limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gradient {
    /// The limit at first.
    pub initial: u32,
    /// Lowest limit, at least 1.
    pub min: u32,
    /// Highest limit.
    pub max: u32,
    /// Requests that may wait: what the limit grows by towards while latency is low.
    pub queue: f64,
    /// How far the limit moves towards its new value, above 0 to 1.
    pub smoothing: f64,
    /// Latency may rise to so many times the usual one before the limit shrinks, at least 1.
    pub tolerance: f64,
    /// Windows over which the usual latency is averaged, exponentially, at least 1.
    pub long_window: u32,
    /// Shortest window over which the latency of now is averaged.
    pub window: Duration,
    /// Fewest requests in such a window.
    pub samples: u32,
}

impl Default for Gradient {
    fn default() -> Self {
        Self {
            initial: 20,
            min: 20,
            max: 200,
            queue: 4.0,
            smoothing: 0.2,
            tolerance: 1.5,
            long_window: 600,
            window: Duration::from_nanos(1_000_000_000),
            samples: 10,
        }
    }
}

/// So many windows are averaged plainly before the exponential average begins.
const WARM_UP: u32 = 10;

/// The documentation of `Gradient2Limit` in formulas, at the end of each window:
///
/// ```text
/// gradient = max(0.5, min(1, tolerance · usual latency ÷ latency now))
/// limit    = limit · (1 - smoothing) + (gradient · limit + queue) · smoothing
/// ```
///
/// The limit stays as it is while less than half of it is used. A usual latency of more than twice that of now, as after a
/// long overload, falls by a twentieth with each window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientState {
    limit: f64,
    /// Usual latency in nanoseconds, and over how many windows it is averaged.
    usual: f64,
    windows: u32,
    /// The present window: when it began, the sum of latencies in nanoseconds, their number, most requests in progress.
    began: SimTime,
    sum: f64,
    count: u32,
    in_progress: u32,
}

impl GradientState {
    /// The limit at first.
    pub fn new(gradient: &Gradient, now: SimTime) -> Self {
        let limit = within(gradient, f64::from(gradient.initial));
        Self { limit, usual: 0.0, windows: 0, began: now, sum: 0.0, count: 0, in_progress: 0 }
    }

    /// So many requests may be in progress.
    #[inline]
    pub fn limit(&self) -> u32 {
        self.limit as u32
    }

    /// A request was answered after so long, while so many were in progress, itself included.
    #[inline]
    pub fn ended(&mut self, gradient: &Gradient, now: SimTime, took: Duration, in_progress: u32) {
        self.sum += took.as_nanos_f64();
        self.count += 1;
        self.in_progress = self.in_progress.max(in_progress);
        if self.count >= gradient.samples && now.since(self.began) >= gradient.window {
            self.end_window(gradient);
            (self.began, self.sum, self.count, self.in_progress) = (now, 0.0, 0, 0);
        }
    }

    fn end_window(&mut self, gradient: &Gradient) {
        // (A latency of no time at all is no reason to divide by it.)
        let latency = (self.sum / f64::from(self.count)).max(1.0);
        self.average(gradient, latency);
        let usual = self.usual;
        if usual > 2.0 * latency {
            self.usual *= 0.95;
        }
        if f64::from(self.in_progress) < self.limit / 2.0 {
            return;
        }
        let slope = (gradient.tolerance * usual / latency).clamp(0.5, 1.0);
        let aim = self.limit * slope + gradient.queue;
        self.limit = within(gradient, self.limit + (aim - self.limit) * gradient.smoothing);
    }

    /// Takes a window's latency into the usual one.
    fn average(&mut self, gradient: &Gradient, latency: f64) {
        self.windows = self.windows.saturating_add(1);
        let share = match self.windows {
            ..=WARM_UP => 1.0 / f64::from(self.windows),
            _ => 2.0 / (f64::from(gradient.long_window) + 1.0),
        };
        self.usual += (latency - self.usual) * share;
    }

    /// Its numbers are others from now on.
    pub fn change(&mut self, gradient: &Gradient) {
        self.limit = within(gradient, self.limit);
    }
}

fn within(gradient: &Gradient, limit: f64) -> f64 {
    limit.min(f64::from(gradient.max)).max(f64::from(gradient.min))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The limit, as the windows of so many seconds go by.
    fn windows(
        state: &mut GradientState,
        gradient: &Gradient,
        seconds: std::ops::Range<u32>,
        latency: f64,
        used: f64,
    ) -> f64 {
        for second in seconds {
            for tenth in 1..=10 {
                let now = SimTime::from_seconds(f64::from(second) + f64::from(tenth) / 10.0);
                let in_progress = (state.limit * used) as u32;
                state.ended(gradient, now, Duration::from_seconds(latency), in_progress);
            }
        }
        state.limit
    }

    #[test]
    fn a_steady_latency_lets_the_limit_grow_by_a_share_of_the_queue() {
        let gradient = Gradient::default();
        let mut state = GradientState::new(&gradient, SimTime::ZERO);
        let grown = windows(&mut state, &gradient, 0..5, 0.1, 1.0);
        assert!((grown - 24.0).abs() < 1e-9, "a fifth of 4 with each of five windows: {grown}");
        assert_eq!(windows(&mut state, &gradient, 5..10, 0.1, 0.4), grown, "it is not used");
        assert_eq!(windows(&mut state, &gradient, 10..500, 0.1, 1.0), 200.0);
    }

    #[test]
    fn a_rise_within_the_tolerance_is_no_reason_to_shrink() {
        let gradient = Gradient::default();
        let mut state = GradientState::new(&gradient, SimTime::ZERO);
        let before = windows(&mut state, &gradient, 0..50, 0.1, 1.0);
        let after = windows(&mut state, &gradient, 50..60, 0.149, 1.0);
        assert!((after - before - 8.0).abs() < 1e-9, "{before} {after}");
    }

    #[test]
    fn a_latency_that_multiplies_takes_a_tenth_at_most_from_the_limit() {
        let gradient = Gradient::default();
        let mut state = GradientState::new(&gradient, SimTime::ZERO);
        let before = windows(&mut state, &gradient, 0..100, 0.1, 1.0);
        let after = windows(&mut state, &gradient, 100..101, 10.0, 1.0);
        assert!((after - (before * 0.9 + 0.8)).abs() < 1e-9, "{before} {after}");
        assert_eq!(windows(&mut state, &gradient, 101..140, 10.0, 1.0), 20.0);
    }

    #[test]
    fn the_usual_latency_recovers_after_an_overload() {
        let gradient = Gradient { long_window: 1, ..Gradient::default() };
        let mut state = GradientState::new(&gradient, SimTime::ZERO);
        windows(&mut state, &gradient, 0..20, 10.0, 1.0);
        let slow = Gradient { long_window: 600, ..gradient };
        windows(&mut state, &slow, 20..21, 0.1, 1.0);
        let first = state.usual;
        windows(&mut state, &slow, 21..22, 0.1, 1.0);
        assert!(state.usual < 0.955 * first, "{first} {}", state.usual);
    }

    #[test]
    fn nothing_happens_within_a_window_or_with_too_few_requests() {
        let gradient = Gradient::default();
        let mut state = GradientState::new(&gradient, SimTime::ZERO);
        let second = |seconds: f64| SimTime::from_seconds(seconds);
        (0..9).for_each(|i| state.ended(&gradient, second(f64::from(i)), Duration::ZERO, 20));
        assert_eq!(state.limit, 20.0);
        state.ended(&gradient, second(9.0), Duration::ZERO, 20);
        assert!(state.limit > 20.0);
    }
}
