//! A number that changes over time, and its integral.

use crate::engine::time::SimTime;

/// A number with its time integral and its maximum. Averages are exact, never samples.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimeWeighted {
    value: f64,
    since: SimTime,
    /// Integral up to `since`, in units of the value times nanoseconds.
    integral: f64,
    start: SimTime,
    max: f64,
}

impl TimeWeighted {
    /// Starts with a value at time 0.
    pub fn new(value: f64) -> Self {
        Self { value, max: value, ..Self::default() }
    }

    /// The number changes.
    #[inline]
    pub fn set(&mut self, now: SimTime, value: f64) {
        self.integral += self.value * now.since(self.since).as_nanos_f64();
        self.since = now;
        self.value = value;
        self.max = self.max.max(value);
    }

    /// The number as it is now.
    #[inline]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Largest number since the start.
    pub fn max(&self) -> f64 {
        self.max
    }

    /// Integral since the start, in units of the value times seconds.
    pub fn integral(&self, now: SimTime) -> f64 {
        (self.integral + self.value * now.since(self.since).as_nanos_f64()) / 1e9
    }

    /// Time since the start, in seconds.
    pub fn seconds(&self, now: SimTime) -> f64 {
        now.since(self.start).as_seconds()
    }

    /// Average since the start; the number itself if no time has passed.
    pub fn mean(&self, now: SimTime) -> f64 {
        let seconds = self.seconds(now);
        if seconds > 0.0 { self.integral(now) / seconds } else { self.value }
    }

    /// Starts anew with the number as it is.
    pub fn restart(&mut self, now: SimTime) {
        *self = Self { value: self.value, since: now, integral: 0.0, start: now, max: self.value };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_a_time_integral() {
        let mut level = TimeWeighted::new(2.0);
        level.set(SimTime::from_seconds(1.0), 5.0);
        level.set(SimTime::from_seconds(3.0), 0.0);
        let now = SimTime::from_seconds(4.0);
        assert_eq!((level.integral(now), level.mean(now), level.max()), (12.0, 3.0, 5.0));
        level.restart(now);
        assert_eq!((level.mean(now), level.max()), (0.0, 0.0));
    }
}
