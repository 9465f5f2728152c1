//! Numbers kept within bounds.

/// A number that can be kept within bounds.
pub(super) trait Bounded {
    /// The number, or the bound that it is beyond. Other than `clamp` it does not panic, whatever the bounds.
    fn within(self, low: f64, high: f64) -> f64;
}

impl Bounded for f64 {
    fn within(self, low: f64, high: f64) -> f64 {
        if self < low {
            low
        } else if self > high {
            high
        } else {
            self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_a_bound_stand_at_it() {
        assert_eq!([-1.0, 0.0, 0.5, 1.0, 2.0].map(|number: f64| number.within(0.0, 1.0)), [0.0, 0.0, 0.5, 1.0, 1.0]);
        assert!(f64::NAN.within(0.0, 1.0).is_nan());
        assert_eq!(0.5.within(2.0, 1.0), 2.0);
    }
}
