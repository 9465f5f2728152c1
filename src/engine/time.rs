//! Simulated time: integer nanoseconds, so that ties are exact and sums never drift.

use std::ops::{Add, AddAssign, Sub};

const NANOS_PER_SECOND: f64 = 1e9;

/// A moment of simulated time, in nanoseconds since the start of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SimTime(u64);

/// A span of simulated time, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(u64);

impl SimTime {
    /// The start of the run.
    pub const ZERO: Self = Self(0);
    /// A moment that no run reaches: 584 years.
    pub const NEVER: Self = Self(u64::MAX);

    /// The moment so many nanoseconds after the start.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the start.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// The moment so many seconds after the start, to the nearest nanosecond; negative or not a number is 0.
    pub fn from_seconds(seconds: f64) -> Self {
        Self(Duration::from_seconds(seconds).0)
    }

    /// Seconds since the start.
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// The span since an earlier moment; zero if that moment is in fact later.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }
}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of so many nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Length in nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Length in nanoseconds as a float. For spans that can pass in a run, that is below 2^63 nanoseconds (292 years):
    /// processors convert signed integers in one step, unsigned ones in several.
    #[inline]
    pub const fn as_nanos_f64(self) -> f64 {
        debug_assert!(self.0 <= i64::MAX as u64);
        self.0 as i64 as f64
    }

    /// A span of so many seconds, to the nearest nanosecond; negative or not a number is zero.
    pub fn from_seconds(seconds: f64) -> Self {
        Self::from_nanos_f64(seconds * NANOS_PER_SECOND)
    }

    /// A span of so many nanoseconds, to the nearest one; negative or not a number is zero.
    #[inline]
    pub fn from_nanos_f64(nanos: f64) -> Self {
        // A float that is cast saturates at both ends, and "not a number" becomes 0. Adding a half
        // and cutting off rounds; `f64::round` is a library call in WebAssembly.
        let rounded = nanos + 0.5;
        // Nearly all spans are below 292 years, and processors convert to signed integers in one step.
        if rounded < 9.2e18 { Self((rounded as i64).max(0) as u64) } else { Self(rounded as u64) }
    }

    /// Length in seconds.
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// The span times a factor, to the nearest nanosecond.
    pub fn scaled(self, factor: f64) -> Self {
        Self::from_nanos_f64(self.0 as f64 * factor)
    }

    /// Whether the span is empty.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl Add<Duration> for SimTime {
    type Output = Self;
    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Add for Duration {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Duration {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Duration {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_round_to_the_nearest_nanosecond() {
        assert_eq!(Duration::from_seconds(1.5e-9).as_nanos(), 2);
        assert_eq!(Duration::from_seconds(0.25).as_nanos(), 250_000_000);
        assert_eq!(Duration::from_seconds(-1.0), Duration::ZERO);
        assert_eq!(Duration::from_seconds(f64::NAN), Duration::ZERO);
        assert_eq!(Duration::from_nanos_f64(9.3e18).as_nanos(), 9_300_000_000_000_000_000);
        assert_eq!(Duration::from_seconds(f64::INFINITY).as_nanos(), u64::MAX);
    }

    #[test]
    fn sums_saturate_instead_of_wrapping() {
        assert_eq!(SimTime::NEVER + Duration::from_nanos(1), SimTime::NEVER);
        assert_eq!(SimTime::ZERO.since(SimTime::from_nanos(5)), Duration::ZERO);
    }
}
